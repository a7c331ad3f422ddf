// What the player does when one listens: other speeds, again slower, loops, left out stretches, scrubbing.
#include <QTest>

#include "tests/playback/fakesoundoutput.h"
#include "ui/playback/playerstatemachine.h"

using namespace earmark;
using namespace std::chrono_literals;

class TestPlayerListening : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void speedIsRoundedAndHeardLater();
    void clockRunsFasterWithoutDevice();
    void clockLeavesOutAndLoops();
    void skipsMoveOnFromWithin();
    void chosenPlaceWithinASkipIsHeard();
    void openingWithinASkipGoesOn();
    void skippingCountsWhatIsHeard();
    void againSlowerAndBack();
    void againSlowerPressedAgain();
    void againSlowerEndsWithAJump();
    void loopIsPlayedAndLeftBySeeking();
    void loopTooShortOrElsewhere();
    void loopByItsKey();
    void somethingIsHeardAgainAfterAPause();
    void scrubSendsPieces_data();
    void scrubSendsPieces();
    void scrubToTheEnd();
    void endedIsCountedOnlyWhenHeard();
    void anotherRecordingForgetsLoopAndSkips();

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

void TestPlayerListening::init() {
    m_output = std::make_unique<FakeOutput>();
    m_machine = std::make_unique<PlayerStateMachine>(*m_output);
    m_machine->setAutoBack(0ms);
    m_now = SteadyTime(1h);
}

void TestPlayerListening::speedIsRoundedAndHeardLater() {
    m_machine->setTempo(1.44, m_now);
    QCOMPARE(m_machine->tempo(), 1.4);
    m_machine->setTempo(0.1, m_now);
    QCOMPARE(m_machine->tempo(), 0.5);
    m_machine->setTempo(2, m_now);
    m_machine->open({});
    m_machine->opened(finishedStore(20 * kRate), m_now);
    QCOMPARE(m_output->tempo, 2.0);
    m_machine->play(m_now);
    m_machine->reported(m_output->sounds(0, m_now, 2), m_now);
    m_now += 1s;
    QCOMPARE(position(), 2000ms);
    const int orders = m_output->playCount;
    m_machine->setTempo(3, m_now);
    QCOMPARE(m_output->tempo, 3.0);
    QCOMPARE(m_output->playCount, orders);  // it plays on
    m_now += 100ms;
    QCOMPARE(position(), 2200ms);  // what the device still holds is heard at the speed of before
    m_machine->reported(m_output->sounds(2.2 * kRate, m_now, 3), m_now);
    m_now += 100ms;
    QCOMPARE(position(), 2500ms);
}

void TestPlayerListening::clockRunsFasterWithoutDevice() {
    m_machine->deviceFound(false, m_now);
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->play(m_now);
    m_now += 1s;
    m_machine->setTempo(2.5, m_now);
    m_now += 2s;
    QCOMPARE(position(), 6000ms);
    m_machine->tick(m_now);
    m_machine->setTempo(0.5, m_now);
    m_now += 2s;
    QCOMPARE(position(), 7000ms);
}

void TestPlayerListening::clockLeavesOutAndLoops() {
    m_machine->deviceFound(false, m_now);
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->setSkips({{2s, 10s}, {12s, 20s}}, m_now);
    m_machine->play(m_now);
    for (int i = 0; i < 100; ++i) {
        m_now += 50ms;
        m_machine->tick(m_now);
    }
    const auto after = position().count();  // 5 s: 2 before, 2 between, 1 behind, and two joints of 6 ms
    QVERIFY2(std::abs(after - 20'988) <= 1, qPrintable(QString::number(after)));
    m_machine->setLoop(TimeSpan{30s, 31s}, m_now);
    QCOMPARE(position(), 30'000ms);
    for (int i = 0; i < 50; ++i) {
        m_now += 50ms;
        m_machine->tick(m_now);
        QVERIFY(position() >= 29'990ms && position() <= 31'010ms);
    }
    QCOMPARE(m_machine->state(), PlayerState::Playing);
}

void TestPlayerListening::skipsMoveOnFromWithin() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    playHeard(0);
    m_now += 3s;
    m_machine->setSkips({{2s, 10s}}, m_now);
    QCOMPARE(m_output->frame, 10 * kRate);
    QCOMPARE(position(), 10'000ms);
    QVERIFY(m_output->path.skipAt(5.0 * kRate).has_value());
    m_machine->setSkips({}, m_now);
    QVERIFY(!m_output->path.skipAt(5.0 * kRate));
}

void TestPlayerListening::chosenPlaceWithinASkipIsHeard() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->setSkips({{2s, 10s}}, m_now);
    m_machine->seek(5s, m_now);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, 5 * kRate);
    m_machine->reported(m_output->sounds(5.0 * kRate, m_now), m_now);
    m_now += 1s;
    QCOMPARE(position(), 6000ms);
    m_machine->setSkips({{2s, 10500ms}}, m_now);  // told anew, as when more is known of the call
    QCOMPARE(m_output->frame, 5 * kRate);
    m_now += 1s;
    QCOMPARE(position(), 7000ms);
    m_machine->pause(m_now);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, 7 * kRate);
}

void TestPlayerListening::openingWithinASkipGoesOn() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->setSkips({{0ms, 4s}}, m_now);
    QCOMPARE(position(), 0ms);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, 4 * kRate);
}

void TestPlayerListening::skippingCountsWhatIsHeard() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->setSkips({{5s, 20s}}, m_now);
    m_machine->seek(21s, m_now);
    m_machine->skip(-3s, m_now);
    QCOMPARE(position(), 3000ms);
    m_machine->skip(10s, m_now);
    QVERIFY2(std::abs(position().count() - 27'994) <= 1, qPrintable(QString::number(position().count())));
    m_machine->setSkips({}, m_now);
    m_machine->skip(-3s, m_now);
    QVERIFY(std::abs(position().count() - 24'994) <= 1);
    m_machine->skip(-1h, m_now);
    QCOMPARE(position(), 0ms);
}

void TestPlayerListening::againSlowerAndBack() {
    m_machine->setTempo(1.5, m_now);
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    playHeard(10.0 * kRate);
    m_machine->againSlower(m_now);
    QCOMPARE(m_output->frame, 7 * kRate);
    QVERIFY(m_output->last.slower == (SoundOrder::Slower{0.8, 10 * kRate}));
    QCOMPARE(m_machine->tempo(), 1.5);
    QCOMPARE(m_machine->tempoHeard(), 0.8);
    m_machine->reported(m_output->sounds(7.0 * kRate, m_now, 0.8), m_now);
    m_now += 1s;
    QCOMPARE(position(), 7800ms);
    m_machine->pause(m_now);
    m_machine->play(m_now);  // a pause does not end it
    QVERIFY(m_output->last.slower.has_value());
    m_machine->reported(m_output->sounds(10.0 * kRate + 1, m_now, 1.5), m_now);
    QCOMPARE(m_machine->tempoHeard(), 1.5);
    m_machine->setTempo(0.6, m_now);
    m_machine->againSlower(m_now);
    QCOMPARE(m_machine->tempoHeard(), 0.6);  // never faster than before
}

void TestPlayerListening::againSlowerPressedAgain() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->seek(10s, m_now);
    m_machine->againSlower(m_now);  // while it is paused: it plays
    QCOMPARE(m_machine->state(), PlayerState::Playing);
    m_machine->reported(m_output->sounds(8.0 * kRate, m_now, 0.8), m_now);
    m_machine->againSlower(m_now);
    QCOMPARE(m_output->frame, 5 * kRate);
    QCOMPARE(m_output->last.slower->until, 10 * kRate);
    m_machine->reported(m_output->sounds(1.0 * kRate, m_now, 0.8), m_now);
    m_machine->againSlower(m_now);
    QCOMPARE(m_output->frame, 0);
}

void TestPlayerListening::againSlowerEndsWithAJump() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    playHeard(10.0 * kRate);
    m_machine->againSlower(m_now);
    m_machine->seek(8s, m_now);
    QVERIFY(!m_output->last.slower);
    QCOMPARE(m_machine->tempoHeard(), 1.0);
    m_machine->deviceFound(false, m_now);
    m_machine->againSlower(m_now);
    m_now += 1s;
    m_machine->tick(m_now);
    QCOMPARE(position(), 5800ms);
    m_now += 3s;
    m_machine->tick(m_now);
    QCOMPARE(m_machine->tempoHeard(), 1.0);
}

void TestPlayerListening::loopIsPlayedAndLeftBySeeking() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->setLoop(TimeSpan{10s, 12s}, m_now);
    QCOMPARE(position(), 10'000ms);
    QCOMPARE(m_machine->state(), PlayerState::Paused);
    m_machine->play(m_now);
    QVERIFY(m_output->path.loop() == (FrameSpan{10 * kRate, 12 * kRate}));
    m_machine->reported(m_output->sounds(11.9 * kRate, m_now), m_now);
    m_now += 300ms;
    QVERIFY2(position() >= 10'190ms && position() <= 10'210ms, qPrintable(QString::number(position().count())));
    m_machine->againSlower(m_now);
    QCOMPARE(m_output->frame, 10 * kRate);  // not before the loop
    m_machine->seek(11s, m_now);
    QVERIFY(m_machine->loop().has_value());
    m_machine->seek(12s, m_now);
    QVERIFY(!m_machine->loop());
    QVERIFY(!m_output->path.loop());
    QCOMPARE(m_output->frame, 12 * kRate);
}

void TestPlayerListening::loopTooShortOrElsewhere() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->setLoop(TimeSpan{10s, 10199ms}, m_now);
    QVERIFY(!m_machine->loop());
    playHeard(10.5 * kRate);
    m_machine->setLoop(TimeSpan{10s, 12s}, m_now);
    QCOMPARE(m_output->frame, std::int64_t(10.5 * kRate));  // within: it goes on from there
    m_machine->setLoop(TimeSpan{20s, 22s}, m_now);
    QCOMPARE(m_output->frame, 20 * kRate);
    m_machine->setLoop(std::nullopt, m_now);
    QVERIFY(!m_machine->loop());
    QCOMPARE(m_machine->state(), PlayerState::Playing);
}

void TestPlayerListening::loopByItsKey() {
    m_machine->markLoop(m_now);
    QVERIFY(!m_machine->loopBegin());
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    playHeard(10.0 * kRate);
    m_machine->markLoop(m_now);
    QVERIFY(m_machine->loopBegin() == 10s);
    QVERIFY(!m_machine->loop());
    m_now += 100ms;
    m_machine->markLoop(m_now);  // too short: nothing changes but the begin
    QVERIFY(!m_machine->loop());
    m_machine->seek(10s, m_now);
    m_machine->reported(m_output->sounds(13.0 * kRate, m_now), m_now);
    m_machine->markLoop(m_now);
    QVERIFY(m_machine->loop() == (TimeSpan{10s, 13s}));
    QVERIFY(!m_machine->loopBegin());
    QCOMPARE(m_output->frame, 10 * kRate);
    m_machine->markLoop(m_now);
    QVERIFY(!m_machine->loop() && !m_machine->loopBegin());
}

void TestPlayerListening::somethingIsHeardAgainAfterAPause() {
    m_machine->setAutoBack(1s);
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, 0);
    m_machine->reported(m_output->sounds(10.0 * kRate, m_now), m_now);
    m_machine->pause(m_now);
    QCOMPARE(position(), 10'000ms);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, 9 * kRate);
    m_machine->reported(m_output->sounds(10.0 * kRate, m_now), m_now);
    m_machine->pause(m_now);
    m_machine->seek(20s, m_now);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, 20 * kRate);  // a chosen place is begun where it was chosen
    m_machine->reported(m_output->sounds(20.2 * kRate, m_now), m_now);
    m_machine->setSkips({{15s, 20s}}, m_now);
    m_machine->pause(m_now);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, std::int64_t(14.2 * kRate));  // of what was heard
    m_machine->setAutoBack(1h);
    m_machine->pause(m_now);
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, std::int64_t(9.2 * kRate));
}

void TestPlayerListening::scrubSendsPieces_data() {
    QTest::addColumn<bool>("plays");
    QTest::newRow("playing") << true;
    QTest::newRow("paused") << false;
}

void TestPlayerListening::scrubSendsPieces() {
    QFETCH(bool, plays);
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    if (plays) {
        playHeard(0);
    }
    int before = m_output->playCount;
    m_machine->scrub(5s, m_now);
    QVERIFY(m_machine->isScrubbing());
    QCOMPARE(m_output->playCount, before + 1);
    QCOMPARE(m_output->last.piece, 560);
    QCOMPARE(m_output->frame, 5 * kRate);
    QCOMPARE(m_machine->state(), plays ? PlayerState::Playing : PlayerState::Paused);
    m_machine->reported(m_output->sounds(5.0 * kRate, m_now), m_now);
    for (int i = 1; i <= 11; ++i) {  // a hand that moves every 16 ms
        m_now += 16ms;
        m_machine->scrub(5s + i * 20ms, m_now);
        QCOMPARE(position(), 5s + i * 20ms);
    }
    QCOMPARE(m_output->playCount, before + 3);
    m_now += 60ms;
    m_machine->tick(m_now);
    QCOMPARE(m_output->playCount, before + 4);
    QCOMPARE(m_output->frame, std::int64_t(5.22 * kRate));  // where the hand rests
    before = m_output->playCount;
    for (int i = 0; i < 10; ++i) {
        m_now += 50ms;
        m_machine->tick(m_now);
    }
    QCOMPARE(m_output->playCount, before);
    QCOMPARE(position(), 5220ms);
    m_machine->endScrub(m_now);
    QVERIFY(!m_machine->isScrubbing());
    QCOMPARE(m_output->playCount, before + (plays ? 1 : 0));
    QCOMPARE(m_output->last.piece, plays ? 0 : 560);
    QCOMPARE(m_machine->state(), plays ? PlayerState::Playing : PlayerState::Paused);
    m_machine->endScrub(m_now);
    QCOMPARE(m_output->playCount, before + (plays ? 1 : 0));
}

void TestPlayerListening::scrubToTheEnd() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    playHeard(0);
    m_machine->scrub(2h, m_now);
    QCOMPARE(position(), 60'000ms);
    m_machine->endScrub(m_now);
    QCOMPARE(m_machine->state(), PlayerState::Ended);
    QCOMPARE(m_machine->endings(), 0);
    m_machine->scrub(1s, m_now);
    m_machine->endScrub(m_now);
    QCOMPARE(m_machine->state(), PlayerState::Paused);
    m_machine->scrub(2s, m_now);
    m_machine->play(m_now);
    QVERIFY(!m_machine->isScrubbing());
    QCOMPARE(m_machine->state(), PlayerState::Playing);
    QCOMPARE(m_output->frame, 2 * kRate);
}

void TestPlayerListening::endedIsCountedOnlyWhenHeard() {
    m_machine->open({});
    m_machine->opened(finishedStore(2 * kRate), m_now);
    m_machine->seek(2s, m_now);
    QCOMPARE(m_machine->endings(), 0);
    playHeard(0);
    m_machine->reported({m_output->order, SoundPhase::Ended, 2.0 * kRate, m_now}, m_now);
    QCOMPARE(m_machine->endings(), 1);
    m_machine->deviceFound(false, m_now);
    m_machine->play(m_now);
    m_now += 3s;
    m_machine->tick(m_now);
    QCOMPARE(m_machine->endings(), 2);
}

void TestPlayerListening::anotherRecordingForgetsLoopAndSkips() {
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    m_machine->setLoop(TimeSpan{10s, 12s}, m_now);
    m_machine->setSkips({{0ms, 5s}}, m_now);
    m_machine->setTempo(1.7, m_now);
    m_machine->setVoices({{true, false}});
    m_machine->open({});
    m_machine->opened(finishedStore(60 * kRate), m_now);
    QVERIFY(!m_machine->loop());
    m_machine->play(m_now);
    QCOMPARE(m_output->frame, 0);
    QVERIFY(!m_output->path.loop() && !m_output->path.skipAt(0));
    QCOMPARE(m_machine->tempo(), 1.7);  // how one listens stays
    QVERIFY(m_output->mix.muted[0]);
}

QTEST_GUILESS_MAIN(TestPlayerListening)
#include "tst_playerlistening.moc"
