// What a listen must be, and the one way the listening tests say it. Main thread.
#pragma once

#include <QDebug>
#include <QTest>
#include <functional>

#include "tests/playback/heldup.h"
#include "tests/playback/listening.h"

namespace earmark {

/// One voice from two speakers is as loud as one voice from one: each side has half of the power.
constexpr double kMonoGain = 0.7071;

struct ListenLimits {
    double leastFit = 0.9;
    double mostOther = 0.5;
    double mostDriftMs = 1;
    double leadMs = 0;  ///< heard before the wanted place, because the file cannot tell of it
    double mostLandingMs = 5;
    double gain = 1;
};

inline QString described(const Listen& listen) {
    if (!listen.trouble.isEmpty()) {
        return listen.trouble;
    }
    QString words =
        QStringLiteral("drift %1 ms, landing %2 ms").arg(listen.driftMs, 0, 'f', 2).arg(listen.landingMs, 0, 'f', 1);
    for (const Heard& heard : listen.sides) {
        words += QStringLiteral(" | fit %1, other %2, gain %3")
                     .arg(heard.fit, 0, 'f', 4)
                     .arg(heard.otherFit, 0, 'f', 2)
                     .arg(heard.gain, 0, 'f', 2);
    }
    return words;
}

inline bool isRight(const Listen& listen, const ListenLimits& limits) {
    return listen.trouble.isEmpty() && std::abs(listen.driftMs) <= limits.mostDriftMs &&
           listen.landingMs <= limits.mostLandingMs && listen.landingMs >= -limits.leadMs - limits.mostLandingMs &&
           std::all_of(listen.sides.begin(), listen.sides.end(), [&limits](const Heard& heard) {
               return heard.fit >= limits.leastFit && heard.otherFit <= limits.mostOther &&
                      heard.gain >= limits.gain * 0.85 && heard.gain <= limits.gain * 1.15;
           });
}

/// Ends the test when the listen is not right, or says why nobody can tell.
#define MUST_BE_RIGHT(listen, limits)                                                                 \
    do {                                                                                              \
        if (!isRight(listen, limits) && (listen).heldUp.count() > 0) {                                \
            QSKIP("the machine held up the sound each time: nothing that was heard proves anything"); \
        }                                                                                             \
        QVERIFY2(isRight(listen, limits), qPrintable(described(listen)));                             \
    } while (false)

/// A machine that holds up the threads of the sound tears any sound, and the player cannot know. So a listen that is
/// not right is heard again, ten times at most, three times when nothing excuses it. What is wrong though nothing was
/// held up, or is another voice's sound, which no tearing makes, is the player's fault if none of the others is right.
inline Listen listenUntilRight(const ListenLimits& limits, const std::function<Listen()>& once) {
    using namespace std::chrono_literals;
    constexpr int kUnexcusedTries = 3;
    constexpr int kTries = 10;
    Listen listen;
    for (int i = 0, unexcused = 0; i < kTries && unexcused < kUnexcusedTries; ++i) {
        const HeldUp heldUp;
        listen = once();
        if (isRight(listen, limits)) {
            break;
        }
        const bool isAnothers = std::any_of(listen.sides.begin(), listen.sides.end(), [&limits](const Heard& heard) {
            return heard.otherFit > limits.mostOther;
        });
        unexcused += heldUp.isHarmless() || isAnothers ? 1 : 0;
        listen.heldUp = unexcused == 0 ? heldUp.longest() : 0ms;
        qInfo().noquote() << "torn or wrong:" << described(listen) << "| held up for" << heldUp.longest().count()
                          << "ms";
    }
    return listen;
}

}  // namespace earmark
