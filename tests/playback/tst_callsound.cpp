// What is known about the sound of the shown call: whose voice is which, what is left out and never said, answers of
// another call dropped, and long conversations placed beside the main thread.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "tests/audio/soundfixture.h"
#include "tests/support/patience.h"
#include "ui/playback/callsound.h"
#include "ui/playback/player.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRate = 8000;

Call callOf(const QString& id) {
    Call call;
    call.key = {u"main"_s, id};
    call.provider = Provider::Vatel;
    call.status = CallStatus::Completed;
    return call;
}

/// The first channel speaks (a buzz in syllables) in the odd, the second in the even stretches, with pauses between.
QString stereoFile(const QString& folder, const QString& name, int stretches, int channels = 2) {
    std::vector<double> voice(kRate);
    for (int i = 0; i < kRate; ++i) {
        for (int harmonic = 1; harmonic <= 12; ++harmonic) {
            voice[std::size_t(i)] += 2500.0 / harmonic * std::sin(i * 2 * 3.14159265 * 125 * harmonic / kRate);
        }
    }
    std::vector<std::int16_t> samples;
    for (int stretch = 0; stretch < stretches; ++stretch) {
        for (int i = 0; i < 2 * kRate; ++i) {
            const bool isPause = i < kRate / 2;
            const double syllable = 0.55 + 0.45 * std::sin(i * 2 * 3.14159 * 4 / kRate);
            const auto value = std::int16_t(isPause ? 0 : voice[std::size_t(i % kRate)] * syllable);
            for (int channel = 0; channel < channels; ++channel) {
                samples.push_back(stretch % 2 == channel || channels == 1 ? value : std::int16_t{0});
            }
        }
    }
    const QString file = folder + u'/' + name;
    return fixture::writeFile(file, fixture::wav(samples, kRate, channels)) ? file : QString();
}

std::shared_ptr<const CallDetails> detailsOf(int turns, bool timed) {
    auto details = std::make_shared<CallDetails>();
    for (int i = 0; i < turns; ++i) {
        Turn turn;
        turn.speaker = i % 2 == 0 ? Speaker::Agent : Speaker::Customer;
        turn.text = u"some words that were said here"_s;
        if (timed) {
            turn.offset = 500ms + i * 2000ms;
            turn.duration = 1500ms;
        }
        details->transcript.push_back(turn);
    }
    return details;
}

}  // namespace

class CallSoundTest final : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    void open(Player& player, const Call& call, const QString& file) {
        QVERIFY(!file.isEmpty());
        player.open(call.key, file);
        QTRY_VERIFY_WITH_TIMEOUT(player.map() != nullptr, 20'000);
    }

 private Q_SLOTS:
    void nothingIsKnownWithoutACall() {
        Player player;
        CallSound sound(&player, nullptr, nullptr);
        QVERIFY(!sound.call() && !sound.map() && sound.turns().empty() && !sound.figures());
        QVERIFY(sound.skips().spans.empty());
        QVERIFY(!sound.channelOf(Speaker::Agent));
        sound.clear();
        sound.solo(Speaker::Agent);
        QVERIFY(!player.voices().muted[0] && !player.voices().muted[1]);
    }

    void theMapIsTheShownCallsOwn() {
        Player player;
        CallSound sound(&player, nullptr, nullptr);
        const Call shown = callOf(u"a"_s);
        sound.setCall(shown, nullptr);
        QSignalSpy mapped(&sound, &CallSound::mapChanged);
        open(player, callOf(u"b"_s), stereoFile(m_folder.path(), u"b.wav"_s, 2));
        QVERIFY(!sound.map());
        open(player, shown, stereoFile(m_folder.path(), u"a.wav"_s, 4));
        QTRY_VERIFY(sound.map() != nullptr);
        QVERIFY(mapped.size() >= 1);
        QCOMPARE(sound.channelOf(Speaker::Agent), std::optional(0));
        QCOMPARE(sound.channelOf(Speaker::Customer), std::optional(1));
        QVERIFY(sound.figures() && sound.figures()->voices);
        sound.setCall(callOf(u"c"_s), nullptr);
        QVERIFY(!sound.map() && !sound.figures());
    }

    void oneVoiceAloneAndBothAgain() {
        Player player;
        CallSound sound(&player, nullptr, nullptr);
        const Call call = callOf(u"a"_s);
        sound.setCall(call, nullptr);
        open(player, call, stereoFile(m_folder.path(), u"solo.wav"_s, 2));
        sound.solo(Speaker::Customer);
        QVERIFY(player.voices().muted[0] && !player.voices().muted[1]);
        sound.solo(Speaker::Agent);
        QVERIFY(!player.voices().muted[0] && player.voices().muted[1]);
        sound.solo(Speaker::Agent);
        QVERIFY(!player.voices().muted[0] && !player.voices().muted[1]);
        sound.solo(Speaker::Customer);
        sound.clear();  // the next call is heard with both
        QVERIFY(!player.voices().muted[0] && !player.voices().muted[1]);
    }

    void bothSidesStayForTheNextCallToo() {
        Player player;
        CallSound sound(&player, nullptr, nullptr);
        const Call call = callOf(u"a"_s);
        sound.setCall(call, nullptr);
        open(player, call, stereoFile(m_folder.path(), u"ears.wav"_s, 2));
        QSignalSpy changed(&sound, &CallSound::voicesChanged);
        sound.setTogether(true);
        QVERIFY(player.voices().together && sound.isTogether());
        QCOMPARE(changed.size(), 1);
        sound.setTogether(true);
        QCOMPARE(changed.size(), 1);
        sound.solo(Speaker::Customer);
        QVERIFY(player.voices().together && player.voices().muted[0]);
        const Call next = callOf(u"b"_s);
        sound.setCall(next, nullptr);
        QVERIFY(!player.voices().together);  // nobody knows yet whether it has two voices
        open(player, next, stereoFile(m_folder.path(), u"ears2.wav"_s, 2));
        QVERIFY(player.voices().together);
        sound.setTogether(false);
        QVERIFY(!player.voices().together && !sound.isTogether());
    }

    void oneChannelHasNoVoiceOfItsOwn() {
        Player player;
        CallSound sound(&player, nullptr, nullptr);
        const Call call = callOf(u"a"_s);
        sound.setCall(call, nullptr);
        open(player, call, stereoFile(m_folder.path(), u"mono.wav"_s, 2, 1));
        QVERIFY(!sound.channelOf(Speaker::Agent));
        QVERIFY(sound.figures() && !sound.figures()->voices);
        sound.solo(Speaker::Agent);
        QVERIFY(!player.voices().muted[0]);  // nothing is taken away that cannot be told apart
    }

    void toldTurnsAreNeverLeftOut() {
        Player player;
        CallSound sound(&player, nullptr, nullptr);
        const Call call = callOf(u"a"_s);
        // The provider tells of a turn where the recording is silent: what is told wins.
        auto details = std::make_shared<CallDetails>();
        Turn turn;
        turn.speaker = Speaker::Agent;
        turn.text = u"barely to be heard"_s;
        turn.offset = 12s;
        turn.duration = 2s;
        details->transcript = {turn};
        std::vector<std::int16_t> samples(std::size_t(20 * kRate * 2), 0);
        const QString file = m_folder.filePath(u"silent.wav"_s);
        QVERIFY(fixture::writeFile(file, fixture::wav(samples, kRate, 2)));
        sound.setCall(call, details);
        sound.setSkipMode(SkipMode::Strong);
        open(player, call, file);
        QVERIFY(!sound.skips().spans.empty());
        for (const SkippedSpan& skipped : sound.skips().spans) {
            QVERIFY(skipped.span.end <= 12s || skipped.span.begin >= 14s);
        }
        QVERIFY(sound.skips().saved() > 10s);
        sound.setSkipMode(SkipMode::Off);
        QVERIFY(sound.skips().spans.empty());
    }

    void aLongConversationDoesNotHoldTheMainThread() {
        Player player;
        CallSound sound(&player, nullptr, nullptr);
        const Call call = callOf(u"a"_s);
        const auto details = detailsOf(1000, false);
        open(player, call, stereoFile(m_folder.path(), u"long.wav"_s, 240));
        QSignalSpy placed(&sound, &CallSound::turnsChanged);
        sound.setCall(call, details);
        QVERIFY(sound.turns().empty());  // they are looked for
        QTRY_VERIFY_WITH_TIMEOUT(!sound.turns().empty(), 20'000);
        for (const TurnPlace& turn : sound.turns()) {
            QVERIFY(turn.isEstimated);
            QVERIFY(turn.span.end <= sound.map()->duration());
        }
        // What was looked for, for the call before, is not taken for this one's.
        sound.setCall(callOf(u"b"_s), details);
        sound.clear();
        QTest::qWait(0);
        QVERIFY(sound.turns().empty());
    }
};

QTEST_GUILESS_MAIN(CallSoundTest)
#include "tst_callsound.moc"
