// How long it is said that there is no sound device when there is one again: a device that was away, a server that was
// killed, a server that was not there at the start. One player all the time, as in the program.
#include <QElapsedTimer>
#include <QTest>

#include "tests/audio/soundfixture.h"
#include "tests/playback/heldup.h"
#include "tests/playback/nullsink.h"
#include "ui/playback/player.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 30000;
constexpr qint64 kMostMs = 2000;
constexpr int kRounds = 8;

}  // namespace

class TestDeviceReturns : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void noServerAtTheStart();
    void deviceComesBack();
    void serverComesBack();
    void cleanupTestCase() { m_player.reset(); }

 private:
    [[nodiscard]] qint64 untilItPlays();

    QTemporaryDir m_folder;
    NullSink m_sink;
    std::unique_ptr<Player> m_player;
};

void TestDeviceReturns::initTestCase() {
    const QString missing = m_sink.startWithoutSink();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
    m_sink.stop();  // its address stays
    QVERIFY(
        fixture::writeFile(m_folder.filePath(u"noise.wav"_s), fixture::wav(fixture::noise(600 * 8000, 2), 8000, 2)));
    m_player = std::make_unique<Player>();
}

/// In milliseconds, without the longest time for which the machine held everybody up.
qint64 TestDeviceReturns::untilItPlays() {
    const HeldUp heldUp;
    QElapsedTimer clock;
    clock.start();
    const bool found = QTest::qWaitFor([this] { return m_player->hasDevice(); }, kPatienceMs);
    const qint64 passed = clock.elapsed() - heldUp.longest().count();
    const auto from = m_player->position();
    const bool plays = QTest::qWaitFor([&] { return m_player->position() > from + 200ms; }, kPatienceMs);
    return found && plays && m_player->hasDevice() ? passed : kPatienceMs;
}

void TestDeviceReturns::noServerAtTheStart() {
    m_player->open({u"a"_s, u"1"_s}, m_folder.filePath(u"noise.wav"_s));
    m_player->play();
    QTRY_VERIFY(!m_player->hasDevice() && m_player->position() > 500ms);
    QCOMPARE(m_sink.restart(), QString());
    QVERIFY(m_sink.addSink(u"one"_s));
    const qint64 passed = untilItPlays();
    qInfo("a server where there was none: sound after %lld ms", passed);
    QVERIFY(passed < kMostMs);
}

void TestDeviceReturns::deviceComesBack() {
    qint64 longest = 0;
    for (int round = 0; round < kRounds; ++round) {
        QVERIFY(m_sink.removeSink(u"one"_s));
        QTRY_VERIFY_WITH_TIMEOUT(!m_player->hasDevice(), kPatienceMs);
        const auto lost = m_player->position();
        QTRY_VERIFY(m_player->position() > lost + std::chrono::milliseconds(90 * round));
        QVERIFY(m_sink.addSink(u"one"_s));
        const qint64 passed = untilItPlays();
        QVERIFY2(passed < kMostMs, qPrintable(u"round %1: %2 ms"_s.arg(round).arg(passed)));
        longest = std::max(longest, passed);
    }
    qInfo("%d returns of a device: sound after at most %lld ms", kRounds, longest);
}

void TestDeviceReturns::serverComesBack() {
    qint64 longest = 0;
    for (int round = 0; round < kRounds / 2; ++round) {
        m_sink.kill();
        QTRY_VERIFY_WITH_TIMEOUT(!m_player->hasDevice(), kPatienceMs);
        const auto lost = m_player->position();
        QTRY_VERIFY(m_player->position() > lost + std::chrono::milliseconds(700 * round));
        QCOMPARE(m_sink.restart(), QString());
        QVERIFY(m_sink.addSink(u"one"_s));
        const qint64 passed = untilItPlays();
        QVERIFY2(passed < kMostMs, qPrintable(u"round %1: %2 ms"_s.arg(round).arg(passed)));
        longest = std::max(longest, passed);
    }
    qInfo("%d returns of the server: sound after at most %lld ms", kRounds / 2, longest);
}

QTEST_GUILESS_MAIN(TestDeviceReturns)
#include "tst_devicereturns.moc"
