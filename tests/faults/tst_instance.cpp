// One window per profile, whatever lies where its lock and its door should be; and what a start leaves on the disk.
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QDirIterator>
#include <QElapsedTimer>
#include <QLocalSocket>

#include "app/profile.h"
#include "app/windowdoor.h"
#include "tests/app/program.h"
#include "tests/support/yotelserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

}  // namespace

class TestInstance : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
    }
    void init() {
        m_program = std::make_unique<Program>();
        m_program->setEnvironment(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        m_program->setEnvironment(u"EARMARK_STARTUP_FIGURES"_s, u"1"_s);
        m_profile = std::make_unique<Profile>(m_program->profile());
        QVERIFY(m_profile->prepare().has_value());
    }

    void whateverLiesInTheLocksPlace_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<bool>("starts");
        QTest::newRow("damaged") << u"damaged"_s << true;
        QTest::newRow("foreign") << u"foreign"_s << true;
        QTest::newRow("large") << u"large"_s << true;
        QTest::newRow("folder") << u"folder"_s << false;
        QTest::newRow("pipe") << u"pipe"_s << false;
        QTest::newRow("link") << u"link"_s << false;
    }
    void whateverLiesInTheLocksPlace() {
        QFETCH(QString, what);
        QFETCH(bool, starts);
        const QString path = m_profile->lockFile();
        const QString victim = m_program->home() + u"/victim"_s;
        put(victim, "precious");
        if (what == u"damaged"_s) {
            put(path, QByteArray("\x00\xff{", 3));
        } else if (what == u"foreign"_s) {
            put(path, R"({"pid":1,"host":"another-computer","program":"earmark"})");
        } else if (what == u"large"_s) {
            put(path, QByteArray(1 << 20, 'x'));
        } else if (what == u"folder"_s) {
            QVERIFY(QDir().mkpath(path));
        } else if (what == u"pipe"_s) {
            QCOMPARE(mkfifo(QFile::encodeName(path).constData(), 0600), 0);
        } else {
            QVERIFY(QFile::link(victim, path));
        }
        if (starts) {
            endWindow(*openWindow());
        } else {
            // No lock, no window: two programs must never write one profile. It says which folder, and ends at once.
            QElapsedTimer timer;
            timer.start();
            const Ran ran = m_program->run({}, {}, 20000);
            QCOMPARE(ran.exitCode, 1);
            QVERIFY2(ran.err.contains(m_profile->folder().toUtf8()), ran.err.constData());
            QVERIFY(timer.elapsed() < 5000);
        }
        QCOMPARE(contents(victim), QByteArray("precious"));
    }

    void whateverLiesInTheDoorsPlace_data() {
        QTest::addColumn<QString>("what");
        for (const char* what : {"file", "folder", "pipe", "link", "dead socket"}) {
            QTest::newRow(what) << QString::fromLatin1(what);
        }
    }
    /// The window opens in any case; where the place could be cleared, a second start finds it.
    void whateverLiesInTheDoorsPlace() {
        QFETCH(QString, what);
        const QString path = m_profile->socketFile();
        const QByteArray name = QFile::encodeName(path);
        const QString victim = m_program->home() + u"/victim"_s;
        put(victim, "precious");
        if (what == u"file"_s) {
            put(path, "x");
        } else if (what == u"folder"_s) {
            QVERIFY(QDir().mkpath(path + u"/inside"_s));
        } else if (what == u"pipe"_s) {
            QCOMPARE(mkfifo(name.constData(), 0600), 0);
        } else if (what == u"link"_s) {
            QVERIFY(QFile::link(victim, path));
        } else {
            sockaddr_un address = {};
            address.sun_family = AF_UNIX;
            QVERIFY(size_t(name.size()) < sizeof address.sun_path);
            std::memcpy(address.sun_path, name.constData(), size_t(name.size()));
            const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
            QCOMPARE(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
            ::close(fd);
        }
        const auto window = openWindow();
        QElapsedTimer timer;
        timer.start();
        const auto second = m_program->start({});
        QByteArray said;
        if (what == u"folder"_s) {
            // Nobody can be reached: it says who has the data, here and in a box that stays until it is closed.
            QTRY_VERIFY_WITH_TIMEOUT((said += second->readAllStandardError()).endsWith('\n'), 20000);
            QVERIFY2(said.contains(QByteArray::number(window->processId())), said.constData());
            QVERIFY(!second->waitForFinished(1000));
            second->terminate();
            QVERIFY(second->waitForFinished(10000));
            QCOMPARE(second->exitCode(), 1);
        } else {
            QVERIFY(second->waitForFinished(20000));
            QCOMPARE(second->exitCode(), 0);
            QVERIFY(timer.elapsed() < 3000);
            struct stat status = {};
            QVERIFY(stat(name.constData(), &status) == 0 && S_ISSOCK(status.st_mode));
            QCOMPARE(int(status.st_mode & 0777), 0600);
        }
        endWindow(*window);
        QCOMPARE(contents(victim), QByteArray("precious"));
    }

    void aProfileThatCannotBeWritten() {
        if (geteuid() == 0) {
            QSKIP("root may write everywhere");
        }
        QVERIFY(QFile::setPermissions(m_profile->folder(), QFile::ReadOwner | QFile::ExeOwner));
        const Ran ran = m_program->run({});
        QFile::setPermissions(m_profile->folder(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains(m_profile->folder().toUtf8()), ran.err.constData());
    }

    /// Crowds, junk and silence at the door: the window lives, its own guests are still let in.
    void theDoorUnderSiege() {
        const auto window = openWindow();
        std::vector<std::unique_ptr<QLocalSocket>> crowd;
        const QList<QByteArray> junk{{},
                                     "raise",
                                     QByteArray(1 << 20, 'x'),
                                     "\n\n\n",
                                     "open earmark:\n",
                                     "open earmark:call/main/%00%ff\n",
                                     "raise\r\n",
                                     "GET / HTTP/1.1\r\nHost: a\r\n\r\n"};
        for (int i = 0; i < 120; ++i) {
            crowd.push_back(std::make_unique<QLocalSocket>());
            crowd.back()->connectToServer(m_profile->socketFile());
            crowd.back()->write(junk[i % junk.size()]);
        }
        int answered = 0;
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 15000 && answered == 0) {
            QTest::qWait(20);
            answered += m_program->run({}).exitCode == 0 ? 1 : 0;
        }
        QCOMPARE(answered, 1);
        crowd.clear();
        QCOMPARE(m_program->run({}).exitCode, 0);
        QCOMPARE(window->state(), QProcess::Running);
        endWindow(*window);
    }

    /// Whatever the shell's umask: nobody else can read a byte of the profile.
    void everyFileIsPrivate() {
        const mode_t before = umask(022);
        YotelServer server;
        server.addCampaign(u"c"_s, u"Campaign"_s);
        const QByteArray sound =
            contents(QStringLiteral(EARMARK_SOURCE_DIR) + u"/resources/demo/recordings/survey.ogg"_s);
        server.on("/storage/one.ogg", Reply::bytes(sound, "audio/ogg"));
        server.addCall(yotelCall(
            u"one"_s, u"c"_s,
            {{u"has_recording"_s, true}, {u"recording_url"_s, server.url(u"/storage/one.ogg"_s).toString()}}));
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(server.key()));
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                            server.account().baseUrl.toString()})
                     .exitCode,
                 0);
        QCOMPARE(m_program->run({u"pull"_s}).exitCode, 0);
        QCOMPARE(m_program->run({u"edit"_s, u"main/one"_s, u"--notes"_s, u"x"_s}).exitCode, 0);
        QCOMPARE(m_program->run({u"recording"_s, u"main/one"_s, u"--output"_s, u"one.ogg"_s}).exitCode, 0);
        const auto window = openWindow();
        checkRights();
        endWindow(*window);
        checkRights();
        umask(before);
        struct stat status = {};
        QCOMPARE(stat(QFile::encodeName(m_program->home() + u"/one.ogg"_s).constData(), &status), 0);
        QCOMPARE(int(status.st_mode & 077), 0);
        QVERIFY(QFile::exists(m_profile->recordingsFolder()));
    }

    /// Killed in the middle of a download: nothing lies outside the profile, and the next start clears up inside.
    void whatAKilledStartLeavesIsSwept() {
        YotelServer server;
        server.addCampaign(u"c"_s, u"Campaign"_s);
        const QByteArray sound =
            contents(QStringLiteral(EARMARK_SOURCE_DIR) + u"/resources/demo/recordings/survey.ogg"_s);
        Reply half = Reply::bytes(sound, "audio/ogg");
        half.fault = Fault::HangWithinBody;
        server.on("/storage/one.ogg", half);
        server.addCall(yotelCall(
            u"one"_s, u"c"_s,
            {{u"has_recording"_s, true}, {u"recording_url"_s, server.url(u"/storage/one.ogg"_s).toString()}}));
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(server.key()));
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                            server.account().baseUrl.toString()})
                     .exitCode,
                 0);
        QCOMPARE(m_program->run({u"pull"_s}).exitCode, 0);
        const auto download = m_program->start({u"recording"_s, u"main/one"_s, u"--output"_s, u"one.ogg"_s});
        const QByteArray beginning = sound.first(512);
        QTRY_VERIFY_WITH_TIMEOUT(!m_program->filesWith(beginning).isEmpty(), 20000);
        download->kill();
        QVERIFY(download->waitForFinished());
        const QStringList left = m_program->filesWith(beginning);
        for (const QString& file : left) {
            QVERIFY2(file.startsWith(m_profile->folder() + u'/'), qPrintable(file));
        }
        QVERIFY(QDir().mkpath(m_profile->folder() + u"/fetch-Ab12Cd"_s));
        const auto window = openWindow();
        QTRY_COMPARE_WITH_TIMEOUT(m_program->filesWith(beginning), QStringList(), 10000);
        QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(m_profile->folder() + u"/fetch-Ab12Cd"_s), 10000);
        endWindow(*window);
        QVERIFY(!QFile::exists(m_program->home() + u"/one.ogg"_s));
    }

    /// A folder that somebody else filled is no place to take plugins or settings of Qt from.
    void theWorkingFolderIsNotTrusted() {
        put(m_program->home() + u"/qt.conf"_s,
            "[Paths]\nPrefix=/nonexistent\nPlugins=" + m_program->home().toUtf8() + '\n');
        put(m_program->home() + u"/earmark.conf"_s, "[General]\nx=1\n");
        QVERIFY(QDir().mkpath(m_program->home() + u"/platforms"_s));
        put(m_program->home() + u"/platforms/libqoffscreen.so"_s, "not a library");
        const auto window = openWindow();
        const QByteArray maps = contents(u"/proc/"_s + QString::number(window->processId()) + u"/maps"_s);
        QVERIFY(maps.contains("libqoffscreen.so"));
        QVERIFY(!maps.contains(QByteArray(m_program->home().toUtf8() + "/platforms")));
        endWindow(*window);
    }

 private:
    void checkRights() {
        QDirIterator all(m_profile->folder(), QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
        int seen = 0;
        while (all.hasNext()) {
            const QString path = all.next();
            struct stat status = {};
            if (lstat(QFile::encodeName(path).constData(), &status) == 0) {  // else just deleted
                QVERIFY2((status.st_mode & 077) == 0, qPrintable(path));
                ++seen;
            }
        }
        QVERIFY(seen >= 4);
    }
    std::unique_ptr<QProcess> openWindow() {
        auto window = m_program->start({});
        QByteArray said;
        const bool usable = QTest::qWaitFor(
            [&] {
                said += window->readAllStandardError();
                return said.contains("usable after") || window->state() == QProcess::NotRunning;
            },
            30000);
        if (!usable || window->state() != QProcess::Running) {
            qWarning("no window: %s", said.constData());
        }
        return window;
    }
    void endWindow(QProcess& window) {
        QCOMPARE(window.state(), QProcess::Running);
        ::kill(pid_t(window.processId()), SIGTERM);
        QVERIFY(window.waitForFinished(10000));
        QCOMPARE(window.exitStatus(), QProcess::NormalExit);
        QCOMPARE(window.exitCode(), 0);
    }

    std::unique_ptr<Program> m_program;
    std::unique_ptr<Profile> m_profile;
};

QTEST_GUILESS_MAIN(TestInstance)
#include "tst_instance.moc"
