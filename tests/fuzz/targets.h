// What each fuzz target does with one input: libFuzzer calls it with what it invents, the suite with the kept inputs of
// corpus/. A broken law ends the process with a sentence. One thread.
#pragma once

#include <QByteArray>
#include <span>

namespace earmark::fuzz {

struct Target {
    const char* name;
    void (*run)(const QByteArray& input);
};

/// In the order of their names' folders under corpus/.
[[nodiscard]] std::span<const Target> targets();

void yotel(const QByteArray& input);
void vatel(const QByteArray& input);
void autocalls(const QByteArray& input);
void filter(const QByteArray& input);
void json(const QByteArray& input);
void times(const QByteArray& input);
void urls(const QByteArray& input);
void retryAfter(const QByteArray& input);
void arguments(const QByteArray& input);
void redaction(const QByteArray& input);
void callKeys(const QByteArray& input);
void atoms(const QByteArray& input);
void audio(const QByteArray& input);
void reviewRecords(const QByteArray& input);

/// Says which law was broken and ends the process, so that libFuzzer keeps the input and a test fails.
[[noreturn]] void broken(const char* law, const QByteArray& what);

}  // namespace earmark::fuzz

#define EARMARK_LAW(law, what)                   \
    do {                                         \
        if (!(law)) {                            \
            earmark::fuzz::broken(#law, (what)); \
        }                                        \
    } while (false)
