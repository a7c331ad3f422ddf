// Canary keys and canary signatures through the whole program while everything goes wrong: afterwards they are in no
// file, no output, no argument list and no environment of its processes.
#include <signal.h>

#include <QLocalSocket>

#include "app/profile.h"
#include "tests/app/program.h"
#include "tests/support/privatekeyring.h"
#include "tests/support/yotelserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kLink = "?X-Amz-Signature=SIGCANARY1&Signature=SIGCANARY2&token=SIGCANARY3&Expires=99";
constexpr const char* kPeople = "PERSONCANARY";  // names, numbers and notes: for the screen, never for a log

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestSecrets : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
    }
    void init() {
        m_program = std::make_unique<Program>();
        m_program->setEnvironment(u"QT_LOGGING_RULES"_s, u"*=true"_s);
        m_program->setEnvironment(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        m_program->setEnvironment(u"EARMARK_STARTUP_FIGURES"_s, u"1"_s);
        m_errors.clear();
    }

    void keysOfEveryFormAreNowhere_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("live") << QByteArray("yt_live_KEYCANARY4711");
        QTest::newRow("sk") << QByteArray("sk_KEYCANARY4711");
        QTest::newRow("formless") << QByteArray("q7KEYCANARY9f3");
    }
    /// What a server can do with a request, from polite to mean.
    void keysOfEveryFormAreNowhere() {
        QFETCH(QByteArray, key);
        begin(key);
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(key));
        const QByteArray echo =
            "{\"detail\":\"no entry for Bearer " + key + " or https://x.example/r.wav" + kLink + "\"}";
        const bool isKnownByItsForm = !key.startsWith("q7");
        for (const Reply& reply :
             {Reply::json(echo, 401), Reply::json(echo, 403), Reply::json(echo, 422), Reply::html("<p>" + key, 200),
              Reply::json("{\"items\":\"" + key + "\"}"), Reply::redirect("http://localhost:1/?key=" + key),
              Reply::redirect("https://x.example/" + QByteArray(kLink)), Reply::broken(Fault::ShortContentLength)}) {
            m_server->on("/api/v1/campaigns", reply);
            QVERIFY(run({u"account"_s, u"test"_s, u"--json"_s}).exitCode != 0);
            if (isKnownByItsForm) {
                break;  // the harder case takes all of them
            }
        }
        m_server->on("/api/v1/campaigns", Reply::json(echo, 403));
        QCOMPARE(run({u"pull"_s, u"--json"_s}).exitCode, 1);
        QCOMPARE(run({u"pull"_s}).exitCode, 1);
        // Plain text where TLS is expected, a port where nobody is, and an address with a password in it.
        // Not for each form: nobody there is asked several times, with waits between.
        for (const QString& base : {u"https://127.0.0.1:%1/api"_s.arg(m_server->port()), u"http://127.0.0.1:1/"_s}) {
            if (isKnownByItsForm) {
                break;
            }
            QCOMPARE(run({u"account"_s, u"add"_s, u"other"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s, base,
                          u"--key-stdin"_s},
                         key)
                         .exitCode,
                     0);
            QCOMPARE(run({u"account"_s, u"test"_s, u"other"_s, u"--key-stdin"_s}, key).exitCode, 1);
            QCOMPARE(run({u"account"_s, u"remove"_s, u"other"_s}).exitCode, 0);
        }
        // More than a key on the input, and a key where none is taken.
        QCOMPARE(run({u"account"_s, u"test"_s, u"main"_s, u"--key-stdin"_s}, key + "\r\nX-Other: 1").exitCode, 1);
        QCOMPARE(run({u"doctor"_s}).exitCode, 0);
        m_program->removeEnvironment(u"EARMARK_KEY_MAIN"_s);
        QCOMPARE(run({u"pull"_s, u"--key-stdin"_s}, key).exitCode, 1);
        findsNothing("KEYCANARY", {});
        findsNothing("SIGCANARY", {});
    }

    /// The signature of a link is kept for as long as the link may be used, in one column, and nowhere else.
    void signaturesGoWhenTheRecordingIsHere() {
        begin("yt_live_KEYCANARY4711");
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, u"yt_live_KEYCANARY4711"_s);
        const QByteArray sound =
            contents(QStringLiteral(EARMARK_SOURCE_DIR) + u"/resources/demo/recordings/survey.ogg"_s);
        QVERIFY(!sound.isEmpty());
        m_server->on("/storage/good.ogg", Reply::bytes(sound, "audio/ogg"));
        m_server->on("/storage/bad.ogg", Reply::code(403));
        m_server->addCampaign(u"c"_s, u"Campaign"_s);
        for (const QString& name : {u"good"_s, u"bad"_s}) {
            const QString link =
                m_server->url(u"/storage/"_s + name + u".ogg"_s).toString() + QString::fromLatin1(kLink);
            const QString notes = QString::fromLatin1(kPeople) + u" said: call +91 98 PERSONCANARY"_s;
            const QJsonObject call{{u"has_recording"_s, true}, {u"recording_url"_s, link}, {u"notes"_s, notes}};
            m_server->addCall(yotelCall(name, u"c"_s, call));
        }
        QCOMPARE(run({u"pull"_s}).exitCode, 0);
        QVERIFY(!everythingPrinted().contains("KEYCANARY"));
        for (const QStringList& words :
             {QStringList{u"list"_s, u"--format"_s, u"json"_s}, QStringList{u"list"_s},
              QStringList{u"show"_s, u"main/good"_s}, QStringList{u"show"_s, u"main/bad"_s, u"--format"_s, u"json"_s},
              QStringList{u"edit"_s, u"main/bad"_s, u"--notes"_s, u"mine: PERSONCANARY"_s},
              QStringList{u"pending"_s, u"--json"_s}, QStringList{u"doctor"_s, u"--json"_s}}) {
            QCOMPARE(run(words).exitCode, 0);
        }
        QVERIFY(!filesWith("SIGCANARY").isEmpty());  // until now they are needed
        QCOMPARE(run({u"recording"_s, u"main/bad"_s, u"--output"_s, u"bad.ogg"_s}).exitCode, 1);
        QCOMPARE(run({u"recording"_s, u"main/good"_s, u"--output"_s, u"good.ogg"_s}).exitCode, 0);
        QCOMPARE(contents(m_program->home() + u"/good.ogg"_s), sound);
        findsNothing("KEYCANARY", {});
        findsNothing("SIGCANARY", {u"calls.db"_s, u"calls.db-wal"_s});  // the other link still is
        QVERIFY2(!m_errors.contains(kPeople), m_errors.constData());
        // With that one fetched, too, no page of the database holds either: what is dropped is overwritten.
        m_server->on("/storage/bad.ogg", Reply::bytes(sound, "audio/ogg"));
        QCOMPARE(run({u"recording"_s, u"main/bad"_s, u"--output"_s, u"bad.ogg"_s}).exitCode, 0);
        findsNothing("SIGCANARY", {});
        // And it can be had again: the call is asked for its link.
        QVERIFY(QDir(m_program->profile() + u"/recordings"_s).removeRecursively());
        QCOMPARE(run({u"recording"_s, u"main/good"_s, u"--output"_s, u"again.ogg"_s}).exitCode, 0);
        QCOMPARE(contents(m_program->home() + u"/again.ogg"_s), sound);
    }

    void aWindowThatEndsBadly_data() {
        QTest::addColumn<int>("signal");
        QTest::newRow("TERM") << SIGTERM;
        QTest::newRow("ABRT") << SIGABRT;
        QTest::newRow("KILL") << SIGKILL;
    }
    /// The key comes from a keyring, so that the environment has to be clean as well.
    void aWindowThatEndsBadly() {
        QFETCH(int, signal);
        PrivateKeyring keyring;
        QString problem = keyring.startBus();
        problem = problem.isEmpty() ? keyring.startKeyring(PrivateKeyring::State::Unlocked) : problem;
        if (!problem.isEmpty()) {
            QSKIP(qPrintable(problem));
        }
        m_program->setEnvironment(u"DBUS_SESSION_BUS_ADDRESS"_s, keyring.address());
        begin("yt_live_KEYCANARY4711");
        QCOMPARE(run({u"account"_s, u"key"_s, u"main"_s, u"--key-stdin"_s}, "yt_live_KEYCANARY4711").exitCode, 0);
        m_server->addCampaign(u"c"_s, u"Campaign"_s);
        m_server->addCall(
            yotelCall(u"one"_s, u"c"_s,
                      {{u"notes"_s, QString::fromLatin1(kPeople)}, {u"lead_id"_s, QString::fromLatin1(kPeople)}}));
        putDamagedSettings();
        const auto window = m_program->start({});
        QTRY_VERIFY_WITH_TIMEOUT(m_server->count() >= 2, 30000);  // it has the key, and uses it
        QTRY_VERIFY_WITH_TIMEOUT(run({u"count"_s}).out.trimmed() == "1", 20000);
        const QString process = u"/proc/"_s + QString::number(window->processId());
        QVERIFY(!contents(process + u"/cmdline"_s).isEmpty());
        for (const auto& file : {u"/cmdline"_s, u"/environ"_s}) {
            QVERIFY(!contents(process + file).contains("CANARY"));
        }
        m_errors += atTheDoor("open earmark:call/main/one\n") + atTheDoor("key main\n") + atTheDoor("raise\n");
        ::kill(pid_t(window->processId()), signal);
        QVERIFY(window->waitForFinished(10000));
        m_errors += window->readAllStandardError();
        m_errors += window->readAllStandardOutput();
        findsNothing("KEYCANARY", {});
        QVERIFY2(!m_errors.contains(kPeople), m_errors.constData());
    }

 private:
    void begin(const QByteArray& key) {
        m_server = std::make_unique<YotelServer>(key);
        QCOMPARE(run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                      m_server->account().baseUrl.toString()})
                     .exitCode,
                 0);
    }
    Ran run(const QStringList& arguments, const QByteArray& input = {}) {
        Ran ran = m_program->run(arguments, input);
        m_errors += ran.err;
        if (ran.crashed) {
            qWarning("crashed: %s", qPrintable(arguments.join(u' ')));
        }
        return ran;
    }
    [[nodiscard]] QByteArray everythingPrinted() const { return m_program->printed() + m_errors; }
    [[nodiscard]] QStringList filesWith(const QByteArray& bytes) const {
        QStringList names;
        const QStringList files = m_program->filesWith(bytes) + m_program->filesWith(bytes.toBase64().chopped(4));
        for (const QString& file : files) {
            names.append(QFileInfo(file).fileName());
        }
        return names;
    }
    /// TMPDIR lies in the home, too, so that whatever is left behind is found.
    void findsNothing(const QByteArray& canary, const QStringList& lawful) {
        QStringList files = filesWith(canary);
        for (const QString& name : lawful) {
            files.removeAll(name);
        }
        QVERIFY2(files.isEmpty(), qPrintable(files.join(u' ')));
        const qsizetype at = everythingPrinted().indexOf(canary);
        QVERIFY2(at < 0, everythingPrinted().mid(std::max<qsizetype>(0, at - 200), 400).constData());
    }
    void putDamagedSettings() {
        QFile file(m_program->profile() + u"/settings.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write("{\"window/geometry\": \xff\xfe") > 0);
    }
    QByteArray atTheDoor(const QByteArray& line) {
        QLocalSocket guest;
        guest.connectToServer(Profile(m_program->profile()).socketFile());
        if (!guest.waitForConnected(5000)) {
            return "nobody at the door";
        }
        guest.write(line);
        const bool ended = QTest::qWaitFor([&] { return guest.state() == QLocalSocket::UnconnectedState; }, 5000);
        return ended ? guest.readAll() : QByteArray("the door does not answer");
    }

    std::unique_ptr<Program> m_program;
    std::unique_ptr<YotelServer> m_server;
    QByteArray m_errors;
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
