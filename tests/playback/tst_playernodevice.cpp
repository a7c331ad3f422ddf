// Player where no sound device is: the position runs all the same, and it is said that nothing is heard.
#include <sys/stat.h>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include "tests/audio/soundfixture.h"
#include "tests/support/patience.h"
#include "ui/playback/player.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

qint64 memoryKb() {
    QFile status(u"/proc/self/status"_s);
    if (status.open(QIODevice::ReadOnly)) {
        for (const QByteArray& line : status.readAll().split('\n')) {
            if (line.startsWith("VmRSS:")) {
                return line.mid(6).trimmed().split(' ').first().toLongLong();
            }
        }
    }
    return 0;
}

}  // namespace

class TestPlayerNoDevice : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void positionRuns();
    void reachesTheEnd();
    void broken_data();
    void broken();
    void damagedSaysWhere();
    void namesThatAreNoFiles_data();
    void namesThatAreNoFiles();
    void threeHoursKeepMemory();
    void destroyedInEveryState();

 private:
    [[nodiscard]] QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    QTemporaryDir m_folder;
    CallKey m_key{u"a"_s, u"1"_s};
    QTcpServer m_server;  ///< never answers
};

void TestPlayerNoDevice::initTestCase() {
    const QByteArray nowhere = QFile::encodeName(m_folder.path());
    qputenv("PULSE_SERVER", "unix:" + nowhere + "/nobody.sock");
    qputenv("XDG_RUNTIME_DIR", nowhere);
    QVERIFY(m_server.listen(QHostAddress::LocalHost));
    QVERIFY(fixture::writeFile(path("ten.wav"), fixture::wav(fixture::noise(10 * 8000, 2), 8000, 2)));
    QVERIFY(fixture::writeFile(path("cut.wav"),
                               fixture::wav(fixture::noise(10 * 8000, 2), 8000, 2).first(44 + 4 * 3 * 8000)));
}

void TestPlayerNoDevice::positionRuns() {
    Player player;
    QVERIFY2(player.hasDevice(), "before a recording is opened nobody looks for a device");
    QSignalSpy deviceChanges(&player, &Player::deviceChanged);
    QSignalSpy positions(&player, &Player::positionChanged);
    player.open(m_key, path("ten.wav"), 2s);
    QTRY_COMPARE(player.state(), PlayerState::Paused);
    QCOMPARE(player.duration(), 10s);
    player.play();
    QTRY_VERIFY(!player.hasDevice());
    QCOMPARE(deviceChanges.size(), 1);
    const auto from = std::chrono::steady_clock::now();
    const auto position = player.position();
    positions.clear();
    int looks = 0;  // every 10 ms, and less often where others hold the processor
    QVERIFY(QTest::qWaitFor([&] { return ++looks > 0 && player.position() > position + 1s; }, test::kLivenessMs));
    const auto ran = player.position() - position;
    const auto passed = std::chrono::steady_clock::now() - from;
    QVERIFY2(ran < passed + 50ms, "the clock runs too fast");
    QVERIFY2(positions.size() >= std::min(8, looks / 10), "the bar must move");
    player.seek(7s);
    QVERIFY(player.position() >= 7s && player.position() < 8s);
    player.pause();
    const auto stood = player.position();
    QTRY_COMPARE(player.state(), PlayerState::Paused);
    QCOMPARE(player.position(), stood);
}

void TestPlayerNoDevice::reachesTheEnd() {
    Player player;
    player.open(m_key, path("ten.wav"), 9700ms);
    player.play();
    QTRY_COMPARE(player.state(), PlayerState::Ended);
    QCOMPARE(player.position(), 10s);
    player.play();
    QCOMPARE(player.state(), PlayerState::Playing);
    QVERIFY(player.position() < 1s);
}

void TestPlayerNoDevice::broken_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    const QString again = u" Fetch it again; if it lasts, tell the provider."_s;
    const QString other = u" If other recordings play, tell the provider about this one."_s;
    const QString noRecording = u"The file is not a recording: it is none of WAV, MP3, Ogg, FLAC or MP4."_s + again;
    QTest::newRow("empty") << QByteArray() << u"The recording's file is empty."_s + again;
    QTest::newRow("web page") << QByteArray("<html>sign in</html>") << noRecording;
    QTest::newRow("expired link") << QByteArray("<?xml version='1.0'?><Error/>") << noRecording;
    QTest::newRow("playlist") << QByteArray("#EXTM3U\nhttp://127.0.0.1:1/a.ts\n") << noRecording;
    QTest::newRow("noise") << QByteArray("\x12\x9e\x44", 3).repeated(4000) << noRecording;
    QTest::newRow("raw GSM") << QByteArray("\xd8\x20\xa2\xe1", 4).repeated(4000) << noRecording;
    QTest::newRow("no sound") << fixture::wavHead({8000, 1, 1, 16, 36 + 8000, 8000})
                              << u"The recording holds no sound."_s + other;
    QTest::newRow("unknown codec") << fixture::wavHead({8000, 1, 0x4243, 16, 36 + 8000, 8000}) + QByteArray(8000, 'x')
                                   << u"The recording is stored in an unknown way that cannot be played."_s + other;
    QTest::newRow("Ogg that is none") << QByteArray("OggS" + QByteArray(5000, 'z'))
                                      << u"The recording is damaged: its beginning cannot be read."_s + other;
}

void TestPlayerNoDevice::broken() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    QVERIFY(fixture::writeFile(path("broken.wav"), bytes));
    Player player;
    player.open(m_key, path("broken.wav"));
    player.play();
    QTRY_COMPARE(player.state(), PlayerState::Failed);
    QVERIFY(player.problem().has_value());
    QCOMPARE(errorText(*player.problem()), text);
    QVERIFY(!player.isWaiting());
    player.open(m_key, path("ten.wav"));
    QTRY_COMPARE(player.state(), PlayerState::Paused);
    QVERIFY(!player.problem());
}

void TestPlayerNoDevice::damagedSaysWhere() {
    Player player;
    QSignalSpy notices(&player, &Player::noticeChanged);
    player.open(m_key, path("cut.wav"));
    QTRY_COMPARE(notices.size(), 1);
    QCOMPARE(player.notice(), u"Damaged after 0:03; what exists is played."_s);
    QCOMPARE(player.duration(), 3s);
    player.close();
    QVERIFY(player.notice().isEmpty());
}

void TestPlayerNoDevice::namesThatAreNoFiles_data() {
    QTest::addColumn<QString>("name");
    const QString address = u"127.0.0.1:%1"_s.arg(m_server.serverPort());
    const QStringList names{u"http://%1/a.wav"_s.arg(address),
                            u"https://%1/a.wav"_s.arg(address),
                            u"tcp://"_s + address,
                            u"\\\\%1\\a"_s.arg(address),
                            u"file://"_s + path("ten.wav"),
                            u"concat:"_s + path("ten.wav"),
                            u"qrc:/ten.wav"_s,
                            u"data:audio/wav;base64,UklGRg=="_s,
                            path("pipe.wav"),
                            m_folder.path(),
                            QString()};
    for (const QString& name : names) {
        QTest::newRow(qPrintable(name)) << name;
    }
}

/// A server that never answers is never asked, and a pipe that nobody writes is never waited for.
void TestPlayerNoDevice::namesThatAreNoFiles() {
    QFETCH(QString, name);
    if (!QFile::exists(path("pipe.wav"))) {
        QVERIFY(::mkfifo(QFile::encodeName(path("pipe.wav")).constData(), 0600) == 0);
    }
    Player player;
    QElapsedTimer clock;
    clock.start();
    player.open(m_key, name);
    player.play();
    QVERIFY2(clock.elapsed() < 2000, "opening must not wait");
    QTRY_COMPARE(player.state(), PlayerState::Failed);
    QVERIFY(player.problem().has_value() && !player.problem()->message.isEmpty());
    QVERIFY2(!m_server.hasPendingConnections(), "the host in the name was contacted");
}

/// Three hours of two voices are 345 MB of samples; memory holds 64 MiB of them, and their map.
void TestPlayerNoDevice::threeHoursKeepMemory() {
    constexpr std::int64_t kFrames = 3LL * 3600 * 8000;
    constexpr auto kBytes = static_cast<std::uint32_t>(kFrames * 4);
    QVERIFY(fixture::writeFile(path("hours.wav"), fixture::wavHead({8000, 2, 1, 16, kBytes + 36, kBytes})));
    QVERIFY(QFile::resize(path("hours.wav"), 44 + kFrames * 4));  // a hole: no disk is used
    const qint64 before = memoryKb();
    Player player;
    player.open(m_key, path("hours.wav"));
    QTRY_COMPARE(player.state(), PlayerState::Paused);
    QCOMPARE(player.duration(), 3h);
    player.seek(3h - 400ms);
    player.play();
    QTRY_COMPARE_WITH_TIMEOUT(player.state(), PlayerState::Ended, 60000);  // so it is all decoded
    const qint64 growth = memoryKb() - before;
    qInfo().noquote() << u"three hours: memory grew by %1 MB"_s.arg(growth / 1000);
#ifndef __SANITIZE_ADDRESS__  // which keeps freed memory aside for a while
    QVERIFY2(growth < 110'000, "the samples and their map do not stay within their bound");
#endif
    player.seek(1h);
    player.play();
    QTRY_VERIFY(player.position() > 1h + 100ms);
    player.close();
    QVERIFY(QFile::remove(path("hours.wav")));
}

void TestPlayerNoDevice::destroyedInEveryState() {
    for (int i = 0; i < 12; ++i) {
        Player player;
        player.open(m_key, path("ten.wav"));
        if (i % 4 > 0) {
            player.play();
        }
        if (i % 4 > 1) {
            QTRY_COMPARE(player.state(), PlayerState::Playing);
        }
        if (i % 4 > 2) {
            player.open(m_key, path("cut.wav"));
        }
    }
}

QTEST_GUILESS_MAIN(TestPlayerNoDevice)
#include "tst_playernodevice.moc"
