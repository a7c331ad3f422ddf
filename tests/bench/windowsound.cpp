#include "tests/bench/windowsound.h"

#include <QTest>
#include <cstdlib>
#include <optional>

#include "tests/audio/soundfixture.h"
#include "tests/audio/voices.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/detailpane.h"
#include "ui/playback/listeningsettings.h"

namespace earmark {

using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRecorder = 48000;
constexpr int kPatienceMs = 20000;
constexpr int kSeconds = 60;
constexpr int kRate = 8000;
constexpr int kPreparedMs = 700;  ///< the hand is busy with the call before

}  // namespace

bool WindowSound::open(int calls, int rounds) {
    m_rounds = rounds;
    const QByteArray loud = fixture::wav(fixture::noise(kSeconds * kRate, 2), kRate, 2);
    const QByteArray silent = fixture::wav(std::vector<std::int16_t>(std::size_t(kSeconds * kRate * 2)), kRate, 2);
    m_server.onAnythingElse([loud, silent](const Request& request) {
        return request.path.startsWith("/loud")     ? Reply::bytes(loud, "audio/wav"_ba)
               : request.path.startsWith("/silent") ? Reply::bytes(silent, "audio/wav"_ba)
                                                    : Reply::code(404);
    });
    m_desk = std::make_unique<test::TestDesk>(m_folder.path(), m_settings);
    if (!m_desk->start() || !m_desk->addAccount(m_server.url(u"/api/v1"_s))) {
        return false;
    }
    std::vector<Call> made;
    made.reserve(std::size_t(calls));
    for (int row = 0; row < calls; ++row) {
        Call call = test::madeUpCall(calls - row);
        call.hasRecording = row < 2 * rounds + 4;
        if (*call.hasRecording) {
            call.recordingUrl =
                m_server.url((row % 2 == 0 ? u"/silent%1.wav"_s : u"/loud%1.wav"_s).arg(row)).toString();
        }
        made.push_back(std::move(call));
    }
    if (!m_desk->storeCalls(made) || !QTest::qWaitFor([&] { return m_desk->calls.rowCount() == calls; }, kPatienceMs)) {
        return false;
    }
    m_settings->setValue(listening::kPrefetch, false);
    m_desk->player.setAutoBack(0ms);
    for (int row = 0; row < 2 * rounds + 4; ++row) {  // all into the cache
        if (!goTo(row)) {
            return false;
        }
    }
    return true;
}

bool WindowSound::isOpen(int row) const {
    return m_desk->player.call() == m_desk->calls.keyAt(row) && m_desk->player.map() != nullptr;
}

bool WindowSound::goTo(int row) {
    m_desk->find<CallTable>()->goTo(*m_desk->calls.keyAt(row));
    return QTest::qWaitFor([&] { return isOpen(row); }, kPatienceMs);
}

void WindowSound::press() {
    auto* table = m_desk->find<CallTable>();
    table->setFocus();
    QTest::keyClick(table, Qt::Key_N);
}

double WindowSound::delay(int row, bool isPrepared) {
    // The silent call before plays.
    if (!goTo(row)) {
        return -1;
    }
    m_desk->player.seek(0ms);
    m_desk->player.play();
    QTest::qWait(isPrepared ? kPreparedMs : 300);
    if (!m_sink.startRecording().isEmpty()) {
        return -1;
    }
    QTest::qWait(150 + row % 7 * 5);
    const std::int64_t pressed = m_sink.recordedFrames();
    press();
    std::optional<std::chrono::milliseconds> from;  // it may go on where it was left the last time
    const auto hasPlayed = [&] {
        if (isOpen(row + 1)) {
            from = from.value_or(m_desk->player.position());
        }
        return from && m_desk->player.position() > *from + 400ms;
    };
    const bool plays = QTest::qWaitFor(hasPlayed, kPatienceMs);
    m_desk->player.pause();
    const auto samples = m_sink.recorded();
    for (std::size_t i = std::size_t(pressed) * 2; plays && i < samples.size(); ++i) {
        if (std::abs(samples[i]) > 100) {
            return double(std::int64_t(i / 2) - pressed) * 1000 / kRecorder;
        }
    }
    return -1;
}

std::vector<double> WindowSound::delays(bool isPrepared) {
    m_settings->setValue(listening::kPrefetch, isPrepared);
    std::vector<double> found;
    for (int round = 0; round < m_rounds; ++round) {
        found.push_back(delay(2 * round, isPrepared));
        QTest::qWait(250);
        m_desk->player.seek(0ms);  // it begins anew the next time
        m_desk->player.close();
    }
    return found;
}

}  // namespace earmark
