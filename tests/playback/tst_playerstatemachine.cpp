// What the player does when: open, play, pause, seek, end, with a device and without.
#include <QTest>

#include "tests/playback/fakesoundoutput.h"
#include "ui/playback/playerstatemachine.h"

using namespace earmark;
using namespace std::chrono_literals;

class TestPlayerStateMachine : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void nothingIsOpen();
    void opensPaused();
    void playWhileOpeningStartsWhenOpened();
    void pauseWhileOpeningTakesItBack();
    void positionRunsFromWhatIsHeard();
    void positionStandsUntilTheJumpIsHeard();
    void staleReportsAreDropped();
    void pauseHoldsWhatWasHeard();
    void seekIsClamped();
    void endsAndPlaysAgainFromTheStart();
    void seekBackFromTheEndIsPaused();
    void seekToTheEndEnds();
    void clockCarriesThePositionWithoutDevice();
    void clockWaitsForSamplesAndEnds();
    void clockStandsAheadOfTheDecoder();
    void deviceGoesAndComesBack();
    void muteDeviceIsGivenUpAndTakenBack();
    void waitsWhileDecoding();
    void estimateThatWasTooLong();
    void openReplacesAtOnce();
    void failureSaysWhy();
    void volumeIsPerceived();

 private:
    [[nodiscard]] auto position() const { return m_machine->position(m_now); }
    void playHeard(double frame) {
        m_machine->play(m_now);
        m_machine->reported(m_output->sounds(frame, m_now), m_now);
    }

    std::unique_ptr<FakeOutput> m_output;
    std::unique_ptr<PlayerStateMachine> m_machine;
    SteadyTime m_now{};
};

void TestPlayerStateMachine::init() {
    m_output = std::make_unique<FakeOutput>();
    m_machine = std::make_unique<PlayerStateMachine>(*m_output);
    m_machine->setAutoBack(0ms);
    m_now = SteadyTime(1h);
}

void TestPlayerStateMachine::nothingIsOpen() {
    m_machine->play(m_now);
    m_machine->seek(5s, m_now);
    m_machine->pause(m_now);
    m_machine->tick(m_now);
    QCOMPARE(m_machine->state(), PlayerState::Empty);
    QCOMPARE(position(), 0ms);
    QCOMPARE(m_machine->duration(), 0ms);
    QVERIFY(!m_output->plays);
}

void TestPlayerStateMachine::opensPaused() {
    m_machine->open(1500ms);
    QCOMPARE(m_machine->state(), PlayerState::Loading);
    QCOMPARE(position(), 1500ms);
    m_machine->opened(finishedStore(4 * kRate), m_now);
    QCOMPARE(m_machine->state(), PlayerState::Paused);
    QCOMPARE(position(), 1500ms);
    QCOMPARE(m_machine->duration(), 4000ms);
    m_now += 10s;
    QCOMPARE(position(), 1500ms);
    QVERIFY(!m_output->plays);
}

void TestPlayerStateMachine::playWhileOpeningStartsWhenOpened() {
    m_machine->open({});
    m_machine->play(m_now);
    QCOMPARE(m_machine->state(), PlayerState::Loading);
    QVERIFY(m_machine->isWaiting());
    QVERIFY(!m_output->plays);
    m_machine->seek(2s, m_now);
    m_machine->opened(finishedStore(4 * kRate), m_now);
    QCOMPARE(m_machine->state(), PlayerState::Playing);
    QVERIFY(!m_machine->isWaiting());
    QVERIFY(m_output->plays);
    QCOMPARE(m_output->frame, 2 * kRate);
}

void TestPlayerStateMachine::pauseWhileOpeningTakesItBack() {
    m_machine->open({});
    m_machine->play(m_now);
    m_machine->pause(m_now);
    m_machine->opened(finishedStore(kRate), m_now);
    QCOMPARE(m_machine->state(), PlayerState::Paused);
    QVERIFY(!m_output->plays);
}

void TestPlayerStateMachine::positionRunsFromWhatIsHeard() {
    m_machine->open({});
    m_machine->opened(finishedStore(10 * kRate), m_now);
    m_machine->play(m_now);
    m_now += 150ms;  // the device fills its buffer
    QCOMPARE(position(), 0ms);
    m_machine->reported(m_output->sounds(0, m_now), m_now);
    m_now += 100ms;
    QCOMPARE(position(), 100ms);
    // A report that was under way for 30 ms counts from when it was true.
    m_machine->reported(m_output->sounds(0.12 * kRate, m_now - 30ms), m_now);
    QCOMPARE(position(), 150ms);
    m_now += 850ms;
    QCOMPARE(position(), 1000ms);
}

void TestPlayerStateMachine::positionStandsUntilTheJumpIsHeard() {
    m_machine->open({});
    m_machine->opened(finishedStore(10 * kRate), m_now);
    playHeard(0);
    m_now += 1s;
    m_machine->seek(5s, m_now);
    QCOMPARE(m_machine->state(), PlayerState::Playing);
    QCOMPARE(m_output->frame, 5 * kRate);
    QCOMPARE(position(), 5000ms);
    m_now += 100ms;
    QCOMPARE(position(), 5000ms);
    m_machine->reported(m_output->sounds(5.0 * kRate, m_now), m_now);
    m_now += 100ms;
    QCOMPARE(position(), 5100ms);
}

void TestPlayerStateMachine::staleReportsAreDropped() {
    m_machine->open({});
    m_machine->opened(finishedStore(10 * kRate), m_now);
    playHeard(0);
    const SoundReport old = m_output->sounds(0.5 * kRate, m_now);
    m_machine->seek(5s, m_now);
    m_machine->reported(old, m_now);
    QCOMPARE(position(), 5000ms);
    m_machine->reported({old.order, SoundPhase::Ended, 0, m_now}, m_now);
    QCOMPARE(m_machine->state(), PlayerState::Playing);
    m_machine->pause(m_now);
    m_machine->reported(m_output->sounds(9.0 * kRate, m_now), m_now);
    QCOMPARE(position(), 5000ms);
}

void TestPlayerStateMachine::pauseHoldsWhatWasHeard() {
    m_machine->open({});
    m_machine->opened(finishedStore(10 * kRate), m_now);
    playHeard(0);
    m_now += 700ms;
    m_machine->pause(m_now);
    QVERIFY(!m_output->plays);
    m_now += 5s;
    QCOMPARE(position(), 700ms);
    QCOMPARE(m_machine->state(), PlayerState::Paused);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, std::int64_t(0.7 * kRate));
}

void TestPlayerStateMachine::seekIsClamped() {
    m_machine->open({});
    m_machine->opened(finishedStore(10 * kRate), m_now);
    m_machine->seek(-5s, m_now);
    QCOMPARE(position(), 0ms);
    m_machine->seek(std::chrono::milliseconds::max(), m_now);
    QCOMPARE(position(), 10000ms);
    m_machine->seek(std::chrono::milliseconds::min(), m_now);
    QCOMPARE(position(), 0ms);
}

void TestPlayerStateMachine::endsAndPlaysAgainFromTheStart() {
    m_machine->open({});
    m_machine->opened(finishedStore(2 * kRate), m_now);
    playHeard(0);
    m_now += 3s;
    QCOMPARE(position(), 2000ms);  // never past the end
    m_machine->reported({m_output->order, SoundPhase::Ended, 2.0 * kRate, m_now}, m_now);
    QCOMPARE(m_machine->state(), PlayerState::Ended);
    QCOMPARE(position(), 2000ms);
    m_machine->play(m_now);
    QCOMPARE(m_machine->state(), PlayerState::Playing);
    QCOMPARE(m_output->frame, 0);
    QCOMPARE(position(), 0ms);
}

void TestPlayerStateMachine::seekBackFromTheEndIsPaused() {
    m_machine->open({});
    m_machine->opened(finishedStore(2 * kRate), m_now);
    m_machine->seek(2s, m_now);
    QCOMPARE(m_machine->state(), PlayerState::Ended);
    m_machine->seek(500ms, m_now);
    QCOMPARE(m_machine->state(), PlayerState::Paused);
    QCOMPARE(position(), 500ms);
}

void TestPlayerStateMachine::seekToTheEndEnds() {
    m_machine->open({});
    m_machine->opened(finishedStore(2 * kRate), m_now);
    playHeard(0);
    m_machine->seek(1h, m_now);
    QCOMPARE(m_machine->state(), PlayerState::Ended);
    QVERIFY(!m_output->plays);
}

void TestPlayerStateMachine::clockCarriesThePositionWithoutDevice() {
    m_machine->deviceFound(false, m_now);
    QVERIFY(!m_machine->hasDevice());
    m_machine->open({});
    m_machine->opened(finishedStore(10 * kRate), m_now);
    m_machine->play(m_now);
    QCOMPARE(m_output->playCount, 0);
    m_now += 1234ms;
    m_machine->tick(m_now);
    m_now += 766ms;
    QCOMPARE(position(), 2000ms);
    m_machine->seek(7s, m_now);
    m_now += 500ms;
    QCOMPARE(position(), 7500ms);
    m_machine->pause(m_now);
    m_now += 1s;
    QCOMPARE(position(), 7500ms);
}

void TestPlayerStateMachine::clockWaitsForSamplesAndEnds() {
    m_machine->deviceFound(false, m_now);
    auto samples = store(kRate);
    samples->setEstimatedFrames(3 * kRate);
    m_machine->open({});
    m_machine->opened(samples, m_now);
    m_machine->play(m_now);
    m_now += 1500ms;
    m_machine->tick(m_now);
    QVERIFY(m_machine->isWaiting());
    QCOMPARE(position(), 1000ms);
    QVERIFY(samples->append(std::vector<std::int16_t>(2 * kRate)).has_value());
    m_now += 50ms;
    m_machine->tick(m_now);
    QVERIFY(!m_machine->isWaiting());
    m_now += 500ms;
    QCOMPARE(position(), 1500ms);
    samples->finish();
    m_machine->decoded(m_now);
    m_now += 2s;
    m_machine->tick(m_now);
    QCOMPARE(m_machine->state(), PlayerState::Ended);
    QCOMPARE(position(), 3000ms);
}

/// A place further on than what is decoded is waited for; the position does not fall back to where the decoder is.
void TestPlayerStateMachine::clockStandsAheadOfTheDecoder() {
    auto samples = store(kRate);
    samples->setEstimatedFrames(10 * kRate);
    m_machine->open({});
    m_machine->opened(samples, m_now);
    m_machine->seek(8s, m_now);
    m_machine->play(m_now);
    m_machine->deviceFound(false, m_now);
    m_now += 50ms;
    m_machine->tick(m_now);
    QCOMPARE(position(), 8000ms);
    QVERIFY(m_machine->isWaiting());
    QVERIFY(samples->append(std::vector<std::int16_t>(9 * kRate)).has_value());
    m_machine->tick(m_now);
    m_now += 500ms;
    QCOMPARE(position(), 8500ms);
    QVERIFY(!m_machine->isWaiting());
}

void TestPlayerStateMachine::deviceGoesAndComesBack() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    playHeard(0);
    m_now += 1s;
    m_machine->deviceFound(false, m_now);
    m_now += 2s;
    m_machine->tick(m_now);
    QCOMPARE(position(), 3000ms);
    const int before = m_output->playCount;
    m_machine->deviceFound(true, m_now);
    QCOMPARE(m_output->playCount, before + 1);
    QCOMPARE(m_output->frame, 3 * kRate);
    m_machine->reported(m_output->sounds(3.0 * kRate, m_now), m_now);
    m_now += 1s;
    QCOMPARE(position(), 4000ms);
    QCOMPARE(m_machine->state(), PlayerState::Playing);
}

void TestPlayerStateMachine::muteDeviceIsGivenUpAndTakenBack() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->play(m_now);
    for (int i = 0; i < 80; ++i) {
        m_now += 50ms;
        m_machine->tick(m_now);
    }
    QVERIFY(!m_machine->hasDevice());
    QVERIFY(position() > 0ms);
    m_machine->reported({1, SoundPhase::Silent, 0, m_now}, m_now);
    QVERIFY(m_machine->hasDevice());
    QVERIFY(m_output->plays);
}

void TestPlayerStateMachine::waitsWhileDecoding() {
    auto samples = store(kRate);
    samples->setEstimatedFrames(60 * kRate);
    m_machine->open({});
    m_machine->opened(samples, m_now);
    m_machine->seek(30s, m_now);
    m_machine->play(m_now);
    QVERIFY(m_machine->isWaiting());
    QCOMPARE(position(), 30000ms);
    QVERIFY(samples->append(std::vector<std::int16_t>(40 * kRate)).has_value());
    m_machine->reported(m_output->sounds(30.0 * kRate, m_now), m_now);
    QVERIFY(!m_machine->isWaiting());
    // The decoder falls behind in the middle: the position stands where the sound stands.
    m_now += 200ms;
    m_machine->reported({m_output->order, SoundPhase::Silent, 0, m_now}, m_now);
    m_now += 1s;
    QCOMPARE(position(), 30200ms);
    QCOMPARE(m_machine->state(), PlayerState::Playing);
}

void TestPlayerStateMachine::estimateThatWasTooLong() {
    auto samples = store(2 * kRate);
    samples->setEstimatedFrames(60 * kRate);
    m_machine->open({});
    m_machine->opened(samples, m_now);
    QCOMPARE(m_machine->duration(), 60000ms);
    m_machine->seek(50s, m_now);
    m_machine->play(m_now);
    samples->finish();
    m_machine->decoded(m_now);
    QCOMPARE(m_machine->state(), PlayerState::Ended);
    QCOMPARE(m_machine->duration(), 2000ms);
    QCOMPARE(position(), 2000ms);
}

void TestPlayerStateMachine::openReplacesAtOnce() {
    m_machine->open({});
    m_machine->opened(finishedStore(10 * kRate), m_now);
    playHeard(0);
    std::weak_ptr<const PcmStore> old = m_output->samples;
    m_machine->open(0ms);
    QVERIFY(!m_output->plays);
    QVERIFY2(old.expired(), "the former recording's samples are still held");
    QCOMPARE(m_machine->state(), PlayerState::Loading);
    QVERIFY2(!m_machine->isWaiting(), "a new recording does not play by itself");
    m_machine->close();
    QCOMPARE(m_machine->state(), PlayerState::Empty);
}

void TestPlayerStateMachine::failureSaysWhy() {
    m_machine->open({});
    m_machine->play(m_now);
    m_machine->failed(makeError(ErrorKind::NotAudio, QStringLiteral("no")));
    QCOMPARE(m_machine->state(), PlayerState::Failed);
    QVERIFY(m_machine->problem().has_value());
    QVERIFY(!m_machine->isWaiting());
    m_machine->play(m_now);
    QCOMPARE(m_machine->state(), PlayerState::Failed);
    m_machine->open({});
    QVERIFY(!m_machine->problem().has_value());
}

void TestPlayerStateMachine::volumeIsPerceived() {
    m_machine->setVolume(0.5);
    QCOMPARE(m_output->gain, 0.125);
    m_machine->setMuted(true);
    QCOMPARE(m_output->gain, 0.0);
    m_machine->setVolume(7);
    QCOMPARE(m_machine->volume(), 1.0);
    QCOMPARE(m_output->gain, 0.0);
    m_machine->setMuted(false);
    QCOMPARE(m_output->gain, 1.0);
    m_machine->setVolume(-1);
    QCOMPARE(m_output->gain, 0.0);
}

QTEST_GUILESS_MAIN(TestPlayerStateMachine)
#include "tst_playerstatemachine.moc"
