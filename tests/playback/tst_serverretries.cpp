// Where no sound server is, none is looked for while no recording is open; the next one that is opened asks again.
#include <QTemporaryDir>
#include <QTest>
#include <atomic>

#include "tests/audio/soundfixture.h"
#include "ui/playback/player.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;
/// Longer than Qt waits by itself.
constexpr int kQuietMs = 4500;

std::atomic<int> s_attempts{0};

void countAttempts(QtMsgType /*type*/, const QMessageLogContext& /*context*/, const QString& message) {
    s_attempts += message.contains(u"PulseAudioService: Connection failure"_s) ? 1 : 0;
}

}  // namespace

class TestServerRetries : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void onlyWhileARecordingIsOpen();
};

void TestServerRetries::onlyWhileARecordingIsOpen() {
    QTemporaryDir folder;
    const QByteArray nowhere = QFile::encodeName(folder.path());
    qputenv("PULSE_SERVER", "unix:" + nowhere + "/nobody.sock");
    qputenv("XDG_RUNTIME_DIR", nowhere);
    const QString file = folder.filePath(u"noise.wav"_s);
    QVERIFY(fixture::writeFile(file, fixture::wav(fixture::noise(60 * 8000, 2), 8000, 2)));
    qInstallMessageHandler(countAttempts);
    Player player;
    player.open({u"a"_s, u"1"_s}, file);
    player.play();
    QTRY_VERIFY_WITH_TIMEOUT(!player.hasDevice(), kPatienceMs);
    if (!QTest::qWaitFor([] { return s_attempts > 1; }, kPatienceMs)) {
        qInstallMessageHandler(nullptr);
        QSKIP("this Qt does not speak to PulseAudio, or says nothing about it");
    }
    player.close();
    QTest::qWait(500);  // what was under way
    const int closed = s_attempts;
    QVERIFY(!QTest::qWaitFor([closed] { return s_attempts > closed; }, kQuietMs));
    player.open({u"a"_s, u"1"_s}, file);
    QTRY_VERIFY_WITH_TIMEOUT(s_attempts > closed, kPatienceMs);
    qInstallMessageHandler(nullptr);
}

QTEST_GUILESS_MAIN(TestServerRetries)
#include "tst_serverretries.moc"
