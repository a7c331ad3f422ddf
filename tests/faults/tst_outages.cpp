// Outages as the real program meets them: nobody there, a server that asks to wait for an hour, a key that is refused
// in the middle, a program that was stopped for longer than its deadlines, keys and addresses that are refused at
// entry.
#include <QElapsedTimer>
#include <csignal>

#include "tests/app/program.h"
#include "tests/support/yotelserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestOutages final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
    }
    void nobodyThere();
    void aLongWishIsSaidAndCanBeInterrupted();
    void theNextProcessObeysTheWish();
    void aKeyRefusedInTheMiddle();
    void aCampaignWithoutIdIsSkipped();
    void stoppedForLongerThanItsDeadline();
    void keysAndAddressesThatAreRefusedAtEntry_data();
    void keysAndAddressesThatAreRefusedAtEntry();
    void pastedKeysLoseTheirBlanks();

 private:
    static void addAccount(Program& program, const YotelServer& server) {
        program.setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(server.key()));
        const Ran added = program.run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                                       server.account().baseUrl.toString()});
        QVERIFY2(added.exitCode == 0, added.err.constData());
    }
    [[nodiscard]] static QJsonObject report(const QByteArray& out) {
        return QJsonDocument::fromJson(out).object().value(u"accounts"_s).toArray().at(0).toObject();
    }
    [[nodiscard]] static QString kind(const QByteArray& out) {
        return report(out).value(u"error"_s).toObject().value(u"kind"_s).toString();
    }
};

void TestOutages::nobodyThere() {
    Program program;
    auto server = std::make_unique<YotelServer>();
    server->addCampaign(u"c"_s, u"C"_s);
    server->addCalls(u"c"_s, 7);
    addAccount(program, *server);
    QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
    server.reset();
    const Ran pulled = program.run({u"pull"_s, u"--json"_s});
    QCOMPARE(pulled.exitCode, 1);
    QCOMPARE(kind(pulled.out), u"offline"_s);
    QCOMPARE(program.run({u"list"_s, u"--format"_s, u"json"_s}).array().size(), 7);
    QCOMPARE(program.run({u"edit"_s, u"main/c-00003"_s, u"--notes"_s, u"offline"_s}).exitCode, 0);
    QCOMPARE(
        program.run({u"show"_s, u"main/c-00003"_s, u"--format"_s, u"json"_s}).object().value(u"notes"_s).toString(),
        u"offline"_s);
}

void TestOutages::aLongWishIsSaidAndCanBeInterrupted() {
    Program program;
    YotelServer server;
    addAccount(program, server);
    server.on("/api/v1/campaigns"_ba, Reply::tooMany("3600"_ba));
    const auto process = program.start({u"pull"_s, u"--json"_s});
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT((said += process->readAllStandardError()).contains("asks to wait 60 min"), 15'000);
    QVERIFY2(said.contains("main: ") && said.contains("Ctrl+C"), said.constData());
    QVERIFY(process->state() == QProcess::Running);
    ::kill(pid_t(process->processId()), SIGINT);
    QVERIFY(process->waitForFinished(5000));
    QCOMPARE(process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(process->exitCode(), 1);
    const QByteArray out = process->readAllStandardOutput();
    QCOMPARE(kind(out), u"cancelled"_s);
    QVERIFY2(out.contains("asks to wait"), out.constData());
    QCOMPARE(server.count(), 1);
}

void TestOutages::theNextProcessObeysTheWish() {
    Program program;
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 1);
    addAccount(program, server);
    server.on("/api/v1/campaigns"_ba, Reply::tooMany("1200"_ba));
    const auto first = program.start({u"pull"_s});
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT((said += first->readAllStandardError()).contains("asks to wait"), 15'000);
    ::kill(pid_t(first->processId()), SIGKILL);
    QVERIFY(first->waitForFinished(5000));
    server.on("/api/v1/campaigns"_ba, [&server](const Request& request) { return server.answer(request); });
    server.forgetRequests();
    const auto second = program.start({u"pull"_s});
    said.clear();
    QTRY_VERIFY_WITH_TIMEOUT((said += second->readAllStandardError()).contains("Yotel asks to wait 20 min"), 15'000);
    ::kill(pid_t(second->processId()), SIGTERM);
    QVERIFY(second->waitForFinished(5000));
    const Ran tested = program.run({u"account"_s, u"test"_s, u"main"_s, u"--json"_s});
    QCOMPARE(tested.exitCode, 1);
    QCOMPARE(tested.array().at(0).toObject().value(u"error"_s).toObject().value(u"kind"_s).toString(),
             u"rate_limited"_s);
    QVERIFY2(tested.out.contains("20 minute"), tested.out.constData());
    QCOMPARE(server.count(), 0);
}

void TestOutages::aKeyRefusedInTheMiddle() {
    Program program;
    YotelServer server;
    for (const QString& id : {u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s}) {
        server.addCampaign(id, id);
        server.addCalls(id, 450);
    }
    addAccount(program, server);
    QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
    QCOMPARE(program.run({u"edit"_s, u"main/a-00001"_s, u"--notes"_s, u"mine"_s}).exitCode, 0);
    server.forgetRequests();
    const Reply refusal = Reply::json("{\"detail\": \"Invalid API key\"}"_ba, 401);
    std::atomic<int> refused{0};
    server.onAnythingElse([&](const Request& request) {
        const bool late = request.path != "/api/v1/campaigns" && request.queryItem("page"_ba) != "1";
        refused += late || refused > 0 ? 1 : 0;
        return late || refused > 0 ? refusal : server.answer(request);
    });
    const Ran pulled = program.run({u"pull"_s, u"--json"_s});
    QCOMPARE(kind(pulled.out), u"unauthorized"_s);
    QCOMPARE(pulled.err.count("Invalid API key"), 1);
    // What was under way when the first refusal came (at most six requests), and nothing after it.
    QVERIFY2(refused <= 6, qPrintable(QString::number(refused)));
    QSet<QByteArray> asked;
    for (const QByteArray& target : server.targets()) {
        QVERIFY2(!asked.contains(target), target.constData());  // none a second time
        asked.insert(target);
    }
    QCOMPARE(program.run({u"pending"_s, u"--json"_s}).array().size(), 1);
    QCOMPARE(program.run({u"list"_s, u"--format"_s, u"json"_s}).array().size(), 2250);
}

void TestOutages::aCampaignWithoutIdIsSkipped() {
    Program program;
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 3);
    addAccount(program, server);
    server.on("/api/v1/campaigns"_ba, Reply::json("[{\"name\": \"no id\"}, {\"id\": \"c\", \"name\": \"C\"}, 5]"_ba));
    const Ran pulled = program.run({u"pull"_s, u"--json"_s});
    QCOMPARE(pulled.exitCode, 3);
    QCOMPARE(report(pulled.out).value(u"rejected"_s).toInt(), 2);
    QVERIFY(report(pulled.out).value(u"error"_s).isNull());
    QVERIFY2(pulled.err.contains("row 1: no id, row 3: no object"), pulled.err.constData());
    QCOMPARE(program.run({u"list"_s, u"--format"_s, u"json"_s}).array().size(), 3);
}

/// Stopped while an answer is awaited, gone on when every deadline has passed: what is stale ends, each thing is asked
/// for once more at most, and everything is there. The clock is the real one: the inactivity deadline is 15 s.
void TestOutages::stoppedForLongerThanItsDeadline() {
    Program program;
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 450);
    addAccount(program, server);
    std::atomic<bool> hangs{true};
    server.on(server.pagePath(u"c"_s), [&](const Request& request) {
        const bool second = request.queryItem("page"_ba) == "2";
        return second && hangs.exchange(false) ? Reply::broken(Fault::Hang) : server.answer(request);
    });
    const auto process = program.start({u"pull"_s, u"--json"_s});
    QTRY_VERIFY_WITH_TIMEOUT(server.pagesAsked(u"c"_s).contains(2), 15'000);
    QElapsedTimer stopped;
    stopped.start();
    ::kill(pid_t(process->processId()), SIGSTOP);
    QVERIFY(QTest::qWaitFor([&stopped] { return stopped.elapsed() > 16'000; }, 20'000));
    const int before = server.count();
    ::kill(pid_t(process->processId()), SIGCONT);
    QVERIFY(process->waitForFinished(30'000));
    QCOMPARE(process->exitCode(), 0);
    QVERIFY2(server.count() - before <= 3, qPrintable(QString::number(server.count() - before)));
    QCOMPARE(program.run({u"list"_s, u"--format"_s, u"json"_s}).array().size(), 450);
}

void TestOutages::keysAndAddressesThatAreRefusedAtEntry_data() {
    QTest::addColumn<QString>("base");
    QTest::addColumn<QByteArray>("key");
    const QString good = u"https://api.example.test/api/v1"_s;
    QTest::newRow("line in the key") << good << "yt_live_CANARY\r\nX-Injected: 1\n"_ba;
    QTest::newRow("bare line feed in the key") << good << "yt_live_CANARY\nsecond\n"_ba;
    QTest::newRow("NUL in the key") << good << QByteArray("yt_live\0CANARY", 14);
    QTest::newRow("escape in the key") << good << "yt_live_\x1b[31mCANARY"_ba;
    QTest::newRow("no key") << good << "\n"_ba;
    QTest::newRow("plain http") << u"http://api.example.test/api/v1"_s << "yt_live_CANARY"_ba;
    QTest::newRow("http on a name like loopback") << u"http://127.0.0.1.example.test/"_s << "yt_live_CANARY"_ba;
    QTest::newRow("http at this network") << u"http://192.168.1.7/api/v1"_s << "yt_live_CANARY"_ba;
    QTest::newRow("ftp") << u"ftp://api.example.test/"_s << "yt_live_CANARY"_ba;
    QTest::newRow("file") << u"file:///etc/passwd"_s << "yt_live_CANARY"_ba;
    QTest::newRow("user in the address") << u"https://user:CANARY@api.example.test/"_s << "yt_live_CANARY"_ba;
    QTest::newRow("line in the address") << u"https://api.example.test/\r\nX: 1"_s << "yt_live_CANARY"_ba;
}

void TestOutages::keysAndAddressesThatAreRefusedAtEntry() {
    QFETCH(QString, base);
    QFETCH(QByteArray, key);
    Program program;
    const Ran added = program.run(
        {u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s, base, u"--key-stdin"_s}, key);
    QVERIFY2(added.exitCode == 1 || added.exitCode == 2, added.err.constData());
    QVERIFY2(!program.printed().contains("CANARY"), program.printed().constData());
    QVERIFY(program.filesWith("CANARY").isEmpty());
    QCOMPARE(program.run({u"account"_s, u"list"_s, u"--json"_s}).array().size(), 0);
}

void TestOutages::pastedKeysLoseTheirBlanks() {
    Program program;
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    addAccount(program, server);
    program.removeEnvironment(u"EARMARK_KEY_MAIN"_s);
    QCOMPARE(program.run({u"pull"_s, u"main"_s, u"--key-stdin"_s}, " \t" + server.key() + " \r\n").exitCode, 0);
    QCOMPARE(server.requests().front().header("authorization"_ba), "Bearer "_ba + server.key());
}

QTEST_GUILESS_MAIN(TestOutages)
#include "tst_outages.moc"
