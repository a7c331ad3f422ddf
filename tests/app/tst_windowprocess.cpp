// The window as a process: the demo, a second start, commands beside it, the end by a signal, damaged surroundings.
#include <signal.h>

#include <QElapsedTimer>
#include <QLocalSocket>

#include "app/profile.h"
#include "app/windowdoor.h"
#include "models/domain/call.h"
#include "models/providers/readdialect.h"
#include "tests/app/program.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestWindowProcess : public QObject {
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
    }

    void theDemoFillsItselfAndEnds() {
        const auto window = open({u"--demo"_s, u"--profile"_s, m_program->profile()});
        QTRY_VERIFY_WITH_TIMEOUT(m_program->run({u"count"_s}).out.trimmed().toInt() >= 24, 20000);
        const QJsonArray accounts = m_program->run({u"account"_s, u"list"_s, u"--json"_s}).array();
        QStringList names;
        for (const auto& account : accounts) {
            names.append(account.toObject().value(u"name"_s).toString());
        }
        for (const Provider provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
            QCOMPARE(names.contains(QString(u"north-"_s + word(provider))), readDialectFor(provider) != nullptr);
        }
        endBySignal(*window);
        QVERIFY(QFile::exists(m_program->profile() + u"/settings.json"_s));
        // Another start finds them, on another port.
        const auto again = open({u"--demo"_s, u"--profile"_s, m_program->profile()});
        QVERIFY(m_program->run({u"count"_s}).out.trimmed().toInt() >= 24);
        endBySignal(*again);
    }

    void theDemoHasAProfileOfItsOwn() {
        const auto window = open({u"--demo"_s});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_program->home() + u"/.local/share/earmark-demo/calls.db"_s), 10000);
        QVERIFY(!QFile::exists(m_program->profile()));
        endBySignal(*window);
    }

    void aSecondStartRaisesTheFirst() {
        const auto window = open({});
        for (int i = 0; i < 5; ++i) {
            QElapsedTimer timer;
            timer.start();
            const Ran second = m_program->run({});
            QCOMPARE(second.exitCode, 0);
            QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        }
        QCOMPARE(window->state(), QProcess::Running);
        endBySignal(*window);
    }

    void twentyStartsAtOnceMakeOneWindow() {
        std::vector<std::unique_ptr<QProcess>> starts;
        for (int i = 0; i < 20; ++i) {
            starts.push_back(m_program->start({}));
        }
        const auto running = [&] {
            return std::count_if(starts.begin(), starts.end(),
                                 [](const auto& each) { return each->state() != QProcess::NotRunning; });
        };
        QTRY_COMPARE_WITH_TIMEOUT(running(), 1, 30000);
        for (const auto& each : starts) {
            if (each->state() == QProcess::NotRunning) {
                QCOMPARE(each->exitCode(), 0);
            }
        }
        QTRY_VERIFY_WITH_TIMEOUT(isWindowOpen(Profile(m_program->profile())), 20000);
        for (const auto& each : starts) {
            if (each->state() == QProcess::Running) {
                endBySignal(*each);
            }
        }
    }

    void commandsBesideAWindow() {
        const auto window = open({u"--demo"_s, u"--profile"_s, m_program->profile()});
        QTRY_VERIFY_WITH_TIMEOUT(m_program->run({u"count"_s}).out.trimmed().toInt() >= 24, 20000);
        const QString key = m_program->run({u"list"_s, u"--format"_s, u"json"_s, u"--limit"_s, u"1"_s})
                                .array()
                                .at(0)
                                .toObject()
                                .value(u"key"_s)
                                .toString();
        const QByteArray pid = QByteArray::number(window->processId());
        QElapsedTimer timer;
        timer.start();
        for (const QStringList& words : {QStringList{u"edit"_s, key, u"--notes"_s, u"x"_s}, QStringList{u"pull"_s},
                                         QStringList{u"account"_s, u"remove"_s, u"north-yotel"_s}}) {
            const Ran ran = m_program->run(words);
            QCOMPARE(ran.exitCode, 1);
            if (words.first() != u"pull"_s) {
                QVERIFY2(ran.err.contains(pid), ran.err.constData());
            }
        }
        QVERIFY(timer.elapsed() < 6000);  // a window is not waited for
        QCOMPARE(m_program->run({u"show"_s, key}).exitCode, 0);
        QVERIFY(m_program->run({u"doctor"_s, u"--json"_s})
                    .object()
                    .value(u"profile"_s)
                    .toObject()
                    .value(u"held_by"_s)
                    .toString()
                    .contains(QString::fromLatin1(pid)));
        endBySignal(*window);
    }

    void everyQuitSignalEndsIt_data() {
        QTest::addColumn<int>("signal");
        QTest::newRow("TERM") << SIGTERM;
        QTest::newRow("INT") << SIGINT;
        QTest::newRow("HUP") << SIGHUP;
    }
    void everyQuitSignalEndsIt() {
        QFETCH(int, signal);
        const auto window = open({});
        endBySignal(*window, signal);
    }

    void aKilledWindowDoesNotBlockTheNext() {
        const auto window = open({});
        window->kill();
        QVERIFY(window->waitForFinished());
        QElapsedTimer timer;
        timer.start();
        const auto next = open({});
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
        endBySignal(*next);
    }

    void junkAtTheDoorIsHarmless() {
        const auto window = open({});
        for (const QByteArray& junk : {QByteArray("quit\n"), QByteArray(500000, 'x'), QByteArray("open /etc/passwd\n"),
                                       QByteArray("\0\0\0\n", 4)}) {
            QLocalSocket guest;
            guest.connectToServer(Profile(m_program->profile()).socketFile());
            QVERIFY(guest.waitForConnected());
            guest.write(junk);
            QTRY_COMPARE_WITH_TIMEOUT(guest.state(), QLocalSocket::UnconnectedState, 8000);
        }
        QCOMPARE(m_program->run({}).exitCode, 0);
        endBySignal(*window);
    }

    void damagedSettingsDoNotStopIt() {
        QVERIFY(QDir().mkpath(m_program->profile()));
        QFile file(m_program->profile() + u"/settings.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"window/geometry\": \x00\xff garbage");
        file.close();
        const auto window = open({});
        QCOMPARE(QDir(m_program->profile()).entryList({u"settings.json.damaged-*"_s}).size(), 1);
        endBySignal(*window);
    }

    void unreadableDataIsSaidInTheWindow() {
        QCOMPARE(m_program->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s}).exitCode, 0);
        for (const auto& name : {u"/reviews.db"_s, u"/calls.db"_s}) {
            QFile file(m_program->profile() + name);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray(8192, 'x'));
        }
        const auto window = open({});  // it opens all the same
        endBySignal(*window);
        // What was there was set aside, not deleted.
        QVERIFY(QDir(m_program->profile()).entryList(QDir::Files).join(u' ').count(u"reviews.db"_s) >= 2);
    }

    void theKeyIsInNoFileOfARunningWindow() {
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, u"yt_test_CANARYWINDOW"_s);
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                            u"http://127.0.0.1:1/api/v1"_s})
                     .exitCode,
                 0);
        const auto window = open({});
        endBySignal(*window);
        QCOMPARE(m_program->filesWith("CANARYWINDOW"), QStringList());
        QVERIFY(!m_err.contains("CANARYWINDOW"));
    }

 private:
    /// A window that has said it is usable.
    std::unique_ptr<QProcess> open(const QStringList& arguments) {
        auto process = m_program->start(arguments);
        m_err.clear();
        const bool usable = QTest::qWaitFor(
            [&] {
                m_err += process->readAllStandardError();
                return m_err.contains("usable after") || process->state() == QProcess::NotRunning;
            },
            30000);
        if (!usable || process->state() == QProcess::NotRunning) {
            qWarning("no window: %s", m_err.constData());
        }
        return process;
    }
    void endBySignal(QProcess& process, int signal = SIGTERM) {
        QVERIFY(process.state() == QProcess::Running && process.processId() > 0);
        QElapsedTimer timer;
        timer.start();
        ::kill(pid_t(process.processId()), signal);
        QVERIFY(process.waitForFinished(10000));
        QVERIFY2(timer.elapsed() < 2500, qPrintable(QString::number(timer.elapsed())));
        m_err += process.readAllStandardError();
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
    }

    std::unique_ptr<Program> m_program;
    QByteArray m_err;
};

QTEST_GUILESS_MAIN(TestWindowProcess)
#include "tst_windowprocess.moc"
