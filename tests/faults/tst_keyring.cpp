// The system's keyring in every state it can be in: open, locked, absent, dying, hanging. What the program says, that
// it goes on, and that the key is never written anywhere else.
#include <signal.h>

#include <QElapsedTimer>

#include "tests/app/program.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/privatekeyring.h"

using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kKey = "q7CANARYkeyring9f3";  // no form by which anybody could know it
constexpr qint64 kPatience = 5000 + 2500;           // the program's own, and what a busy machine takes to start it

}  // namespace

class TestKeyring : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
        PrivateKeyring trial;
        QString problem = trial.startBus();
        problem = problem.isEmpty() ? trial.startKeyring(PrivateKeyring::State::Unlocked) : problem;
        if (!problem.isEmpty()) {
            QSKIP(qPrintable(problem));
        }
    }
    void init() {
        m_program = std::make_unique<Program>();
        m_keyring = std::make_unique<PrivateKeyring>();
        m_server = std::make_unique<LoopbackServer>();
        m_server->on("/api/v1/campaigns", Reply::json("[]"));
    }
    void cleanup() {
        if (m_program) {
            // Whatever state the keyring was in: the key is in no file, in nothing printed.
            QCOMPARE(m_program->filesWith("CANARY"), QStringList());
            QVERIFY(!m_program->printed().contains("CANARY"));
        }
        m_program.reset();
        m_keyring.reset();
    }

    void anOpenKeyringKeepsTheKey() {
        begin(PrivateKeyring::State::Unlocked);
        Ran ran = add();
        QCOMPARE(ran.exitCode, 0);
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(origin(), u"keyring"_s);  // read by another process
        QCOMPARE(doctor(), QString());
        QCOMPARE(m_program->run({u"account"_s, u"remove"_s, u"main"_s}).exitCode, 0);
        QCOMPARE(addWithoutKey().exitCode, 0);
        QCOMPARE(origin(), u"none"_s);  // gone with the account
    }

    void aWrongKeyIsReplaced() {
        begin(PrivateKeyring::State::Unlocked);
        QCOMPARE(addWithoutKey().exitCode, 0);
        QCOMPARE(m_program->run({u"account"_s, u"key"_s, u"main"_s}).exitCode, 2);
        QCOMPARE(m_program->run({u"account"_s, u"key"_s, u"nobody"_s, u"--key-stdin"_s}, kKey).exitCode, 1);
        QCOMPARE(m_program->run({u"account"_s, u"key"_s, u"main"_s, u"--key-stdin"_s}, "two words").exitCode, 1);
        QCOMPARE(origin(), u"none"_s);
        for (const QByteArray& key : {QByteArray("q7CANARYformer"), QByteArray(kKey)}) {
            const Ran ran = m_program->run({u"account"_s, u"key"_s, u"main"_s, u"--key-stdin"_s}, key);
            QVERIFY2(ran.exitCode == 0, ran.err.constData());
        }
        QCOMPARE(origin(), u"keyring"_s);
        QCOMPARE(keySent(), QByteArray(kKey));
    }

    void aLockedKeyringIsNotTakenForAnEmptyOne() {
        begin(PrivateKeyring::State::Locked);
        QVERIFY2(doctor().contains(u"locked"_s), qPrintable(doctor()));
        Ran ran = add();
        QCOMPARE(ran.exitCode, 0);  // the account is there
        QVERIFY2(ran.err.contains("locked") && ran.err.contains("EARMARK_KEY_MAIN"), ran.err.constData());
        QCOMPARE(origin(), u"none"_s);
        ran = m_program->run({u"pull"_s});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("keyring is locked") && ran.err.contains("EARMARK_KEY_MAIN"), ran.err.constData());
        // What cannot be looked into cannot be said to be forgotten.
        ran = m_program->run({u"account"_s, u"remove"_s, u"main"_s});
        QVERIFY2(ran.err.contains("locked"), ran.err.constData());
        QVERIFY(m_program->run({u"account"_s, u"list"_s, u"--json"_s}).array().isEmpty());
    }

    void aBusWithoutKeyring() {
        const QString problem = m_keyring->startBus();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        m_program->setEnvironment(u"DBUS_SESSION_BUS_ADDRESS"_s, m_keyring->address());
        saysThatThereIsNone();
    }

    void noBusAtAll_data() {
        QTest::addColumn<QString>("address");
        QTest::newRow("none") << QString();
        QTest::newRow("gone") << u"unix:path=/nonexistent/bus"_s;
        QTest::newRow("nonsense") << u"carrier-pigeon:"_s;
    }
    void noBusAtAll() {
        QFETCH(QString, address);
        if (!address.isEmpty()) {
            m_program->setEnvironment(u"DBUS_SESSION_BUS_ADDRESS"_s, address);
        }
        saysThatThereIsNone();
    }

    void aHangingKeyringEndsThePatience() {
        begin(PrivateKeyring::State::Unlocked);
        QCOMPARE(add().exitCode, 0);
        m_keyring->hang();
        for (const QStringList& words :
             {QStringList{u"doctor"_s, u"--json"_s}, QStringList{u"pull"_s}, QStringList{u"account"_s, u"list"_s}}) {
            QElapsedTimer timer;
            timer.start();
            const Ran ran = m_program->run(words);
            QVERIFY2(timer.elapsed() <= kPatience, qPrintable(words.first() + QString::number(timer.elapsed())));
            QVERIFY(!ran.crashed);
            QVERIFY2(words.first() != u"pull"_s || (ran.exitCode == 1 && ran.err.contains("does not answer")),
                     ran.err.constData());
        }
        m_keyring->resume();
        QCOMPARE(origin(), u"keyring"_s);  // nothing was lost by it
    }

    void aWindowLivesOnWithAHangingKeyring() {
        begin(PrivateKeyring::State::Unlocked);
        QCOMPARE(add().exitCode, 0);
        m_keyring->hang();
        windowOpensAndEnds();
    }

    void aWindowLivesOnWhenTheKeyringDies() {
        begin(PrivateKeyring::State::Unlocked);
        QCOMPARE(add().exitCode, 0);
        const auto window = openWindow();
        m_keyring->killKeyring();
        QCOMPARE(m_program->run({}).exitCode, 0);  // it answers at its door
        endWindow(*window);
        QVERIFY(doctor().contains(u"no keyring"_s));
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(kKey));
        QCOMPARE(origin(), u"environment"_s);
        QCOMPARE(keySent(), QByteArray(kKey));  // the way out that the sentences name
    }

 private:
    void begin(PrivateKeyring::State state) {
        QString problem = m_keyring->startBus();
        problem = problem.isEmpty() ? m_keyring->startKeyring(state) : problem;
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        m_program->setEnvironment(u"DBUS_SESSION_BUS_ADDRESS"_s, m_keyring->address());
    }
    void saysThatThereIsNone() {
        QElapsedTimer timer;
        timer.start();
        QVERIFY2(doctor().contains(u"no keyring"_s), qPrintable(doctor()));
        Ran ran = add();
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.err.contains("No keyring") && ran.err.contains("EARMARK_KEY_MAIN"), ran.err.constData());
        ran = m_program->run({u"pull"_s});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("no keyring") && ran.err.contains("EARMARK_KEY_MAIN"), ran.err.constData());
        ran = m_program->run({u"account"_s, u"key"_s, u"main"_s, u"--key-stdin"_s}, kKey);
        QCOMPARE(ran.exitCode, 1);  // nowhere to keep it
        QVERIFY2(timer.elapsed() < 4 * kPatience, qPrintable(QString::number(timer.elapsed())));
    }
    Ran addWithoutKey() { return m_program->run(words()); }
    Ran add() { return m_program->run(words() + QStringList{u"--key-stdin"_s}, kKey); }
    QStringList words() const {
        return {u"account"_s,
                u"add"_s,
                u"main"_s,
                u"--provider"_s,
                u"yotel"_s,
                u"--base-url"_s,
                m_server->url(u"/api/v1"_s).toString()};
    }
    QString origin() {
        return m_program->run({u"account"_s, u"list"_s, u"--json"_s})
            .array()
            .at(0)
            .toObject()
            .value(u"key"_s)
            .toString();
    }
    /// "" when the keyring is fine.
    QString doctor() {
        const QJsonObject keyring = m_program->run({u"doctor"_s, u"--json"_s}).object().value(u"keyring"_s).toObject();
        return keyring.value(u"ok"_s).toBool() ? QString() : keyring.value(u"problem"_s).toString();
    }
    /// The key that really goes over the wire.
    QByteArray keySent() {
        m_server->forgetRequests();
        if (m_program->run({u"account"_s, u"test"_s, u"main"_s}).exitCode != 0) {
            return "account test failed";
        }
        const auto requests = m_server->requests();
        return requests.empty() ? QByteArray() : requests.back().header("authorization").replace("Bearer ", "");
    }
    std::unique_ptr<QProcess> openWindow() {
        m_program->setEnvironment(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        m_program->setEnvironment(u"EARMARK_STARTUP_FIGURES"_s, u"1"_s);
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
    void windowOpensAndEnds() {
        const auto window = openWindow();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(m_program->run({}).exitCode, 0);
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        endWindow(*window);
    }

    std::unique_ptr<Program> m_program;
    std::unique_ptr<PrivateKeyring> m_keyring;
    std::unique_ptr<LoopbackServer> m_server;
};

QTEST_GUILESS_MAIN(TestKeyring)
#include "tst_keyring.moc"
