// Usage, accounts and keys of the command line: the real program, without screen, keyring and D-Bus.
#include <sys/stat.h>

#include "tests/app/program.h"
#include "tests/support/yotelserver.h"

using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kCanary = "yt_test_CANARY4711";

}  // namespace

class TestAccounts : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
    }
    void init() { m_program = std::make_unique<Program>(); }

    void versionAndHelpNeedNothing() {
        const Ran version = m_program->run({u"--version"_s});
        QCOMPARE(version.exitCode, 0);
        QVERIFY(version.text().startsWith(u"earmark "_s));
        const Ran help = m_program->run({u"--help"_s});
        QCOMPARE(help.exitCode, 0);
        for (const auto& name : {u"account add"_s, u"pull"_s, u"list"_s, u"count"_s, u"show"_s, u"edit"_s, u"pending"_s,
                                 u"recording"_s, u"doctor"_s, u"demo-server"_s}) {
            QVERIFY2(help.text().contains(u"earmark "_s + name), qPrintable(name));
        }
        QCOMPARE(m_program->run({u"list"_s, u"--help"_s}).exitCode, 0);
        QVERIFY(!QFile::exists(m_program->profile()));
    }

    void wrongUsageIsTwo_data() {
        QTest::addColumn<QStringList>("words");
        const auto row = [](const QString& words) {
            QTest::addRow("%s", qPrintable(words)) << words.split(u' ', Qt::SkipEmptyParts);
        };
        for (const auto& words :
             {u"nonsense"_s,
              u"--nonsense"_s,
              u"account"_s,
              u"account nonsense"_s,
              u"account add"_s,
              u"account add main"_s,
              u"account add main --provider nobody"_s,
              u"account add Main --provider yotel"_s,
              u"account add -x --provider yotel"_s,
              u"account add a/b --provider yotel"_s,
              u"account add main --provider yotel --base-url http://api.example/v1"_s,
              u"account add main --provider yotel --base-url ftp://127.0.0.1/"_s,
              u"account add main --provider yotel --base-url https://user:pw@api.example/"_s,
              u"account add main --provider yotel --assume-zone Mars/Olympus"_s,
              u"account add main --provider yotel --key-stdin --key-file x"_s,
              u"account add main --provider yotel --page-size 201"_s,
              u"account add main --provider yotel --page-size x"_s,
              u"account add main --provider yotel --organization o1"_s,
              u"account add main --provider yotel --scope-days 0"_s,
              u"account add main --provider yotel --scope-since yesterday"_s,
              u"account add main --provider yotel --scope-days 3 --scope-until 2026-01-01"_s,
              u"account add main --provider yotel --scope-since 2026-02-02 --scope-until 2026-02-01"_s,
              u"account add main --provider yotel --agent-channel middle"_s,
              u"account edit main"_s,
              u"account edit"_s,
              u"account edit main --provider vatel"_s,
              u"account enable"_s,
              u"account disable"_s,
              u"account remove"_s,
              u"list --limit"_s,
              u"list --limit -1"_s,
              u"list --limit x"_s,
              u"list --sort nonsense"_s,
              u"list --columns nonsense"_s,
              u"list --format xml"_s,
              u"list --filter nonsense:1"_s,
              u"list --filter talk:>x"_s,
              u"list --filter (a"_s,
              u"list stray"_s,
              u"count --by nonsense"_s,
              u"show"_s,
              u"show nokey"_s,
              u"show main/a --format xml"_s,
              u"edit main/a"_s,
              u"edit main/a --restore status"_s,
              u"edit main/a --reviewed --no-reviewed"_s,
              u"edit main/a --notes a --notes-file b"_s,
              u"edit main/a --notes a --restore notes"_s,
              u"pending stray"_s,
              u"recording"_s,
              u"recording main/"_s,
              u"pull --since tomorrow"_s,
              u"pull --since 2026-02-02 --until 2026-02-01"_s,
              u"pull Main"_s,
              u"demo-server --port x"_s,
              u"demo-server --port 70000"_s,
              u"sync Main"_s,
              u"target"_s,
              u"target set main"_s,
              u"export --format csv --output x"_s,
              u"waveform main/a --buckets none --json"_s}) {
            row(words);
        }
    }
    void wrongUsageIsTwo() {
        QFETCH(QStringList, words);
        const Ran ran = m_program->run(words);
        QCOMPARE(ran.exitCode, 2);
        QCOMPARE(ran.out, QByteArray());
        QVERIFY(!ran.err.trimmed().isEmpty());
    }

    void whatComesLaterSaysSo() { QVERIFY(m_program->run({u"export"_s}).err.contains("not available yet")); }

    void filterErrorsNameThePlace() {
        const Ran ran = m_program->run({u"list"_s, u"--filter"_s, u"status:completed nonsense:1"_s});
        QVERIFY2(ran.err.startsWith("column 18:"), ran.err.constData());
    }

    void anEmptyProfileIsNoError() {
        QCOMPARE(m_program->run({u"count"_s, u"--json"_s}).object().value(u"count"_s).toInt(-1), 0);
        const Ran list = m_program->run({u"list"_s, u"--format"_s, u"json"_s});
        QCOMPARE(list.exitCode, 0);
        QVERIFY(QJsonDocument::fromJson(list.out).isArray());
        const Ran table = m_program->run({u"list"_s});
        QCOMPARE(table.exitCode, 0);
        QVERIFY(table.err.contains("earmark account add"));
        QCOMPARE(m_program->run({u"pending"_s, u"--json"_s}).array().size(), 0);
        QCOMPARE(m_program->run({u"account"_s, u"list"_s, u"--json"_s}).out.trimmed(), QByteArray("[]"));
        QVERIFY(!QFile::exists(m_program->profile()));  // looking makes nothing
    }

    void accountsComeAndGo() {
        QCOMPARE(add(u"main"_s).exitCode, 0);
        Ran ran = m_program->run({u"account"_s, u"add"_s, u"second-2"_s, u"--provider"_s, u"autocalls"_s,
                                  u"--assume-zone"_s, u"Asia/Kolkata"_s});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.err.contains("EARMARK_KEY_SECOND_2"));
        const QJsonArray list = m_program->run({u"account"_s, u"list"_s, u"--json"_s}).array();
        QCOMPARE(list.size(), 2);
        const QJsonObject main = list.at(0).toObject();
        QCOMPARE(main.keys(), QStringList({u"agent_channel"_s, u"assume_zone"_s, u"base_url"_s, u"enabled"_s, u"key"_s,
                                           u"name"_s, u"organization"_s, u"page_size"_s, u"provider"_s,
                                           u"requests_per_minute"_s, u"scope"_s, u"watch_every"_s}));
        QVERIFY(main.value(u"requests_per_minute"_s).isNull());  // no limit on this computer
        QCOMPARE(list.at(1).toObject().value(u"requests_per_minute"_s).toInt(), 60);
        QCOMPARE(list.at(1).toObject().value(u"page_size"_s).toInt(), 100);  // the provider's own, not Yotel's
        QCOMPARE(main.value(u"name"_s).toString(), u"main"_s);
        QCOMPARE(main.value(u"provider"_s).toString(), u"yotel"_s);
        QCOMPARE(main.value(u"base_url"_s).toString(), u"http://127.0.0.1:1/api/v1"_s);
        QCOMPARE(main.value(u"assume_zone"_s).toString(), u"UTC"_s);
        QCOMPARE(main.value(u"key"_s).toString(), u"none"_s);
        QCOMPARE(list.at(1).toObject().value(u"assume_zone"_s).toString(), u"Asia/Kolkata"_s);
        QCOMPARE(add(u"main"_s).exitCode, 1);  // the name is used
        QCOMPARE(m_program->run({u"account"_s, u"remove"_s, u"main"_s}).exitCode, 0);
        QCOMPARE(m_program->run({u"account"_s, u"remove"_s, u"main"_s}).exitCode, 1);
        QCOMPARE(m_program->run({u"account"_s, u"list"_s, u"--json"_s}).array().size(), 1);
    }

    /// Settings are given at once or later; days are days of the system's time zone (UTC here).
    void settingsAreGivenAndChanged() {
        QCOMPARE(m_program
                     ->run({u"account"_s,    u"add"_s,
                            u"main"_s,       u"--provider"_s,
                            u"vatel"_s,      u"--organization"_s,
                            u"o1"_s,         u"--page-size"_s,
                            u"20"_s,         u"--scope-since"_s,
                            u"2026-04-01"_s, u"--scope-until"_s,
                            u"2026-04-02"_s, u"--campaign"_s,
                            u"c1"_s,         u"--campaign"_s,
                            u"c2"_s,         u"--agent"_s,
                            u"a1"_s,         u"--source"_s,
                            u"sip"_s,        u"--requests-per-minute"_s,
                            u"30"_s})
                     .exitCode,
                 0);
        QJsonObject row = listed();
        QCOMPARE(row.value(u"organization"_s).toString(), u"o1"_s);
        QCOMPARE(row.value(u"page_size"_s).toInt(), 20);
        QCOMPARE(row.value(u"requests_per_minute"_s).toInt(), 30);
        QCOMPARE(row.value(u"watch_every"_s).toInt(), 60);
        QCOMPARE(row.value(u"agent_channel"_s).toString(), u"left"_s);
        QJsonObject scope = row.value(u"scope"_s).toObject();
        QCOMPARE(scope.value(u"since"_s).toString(), u"2026-04-01T00:00:00.000Z"_s);
        QCOMPARE(scope.value(u"until"_s).toString(), u"2026-04-02T23:59:59.999Z"_s);
        QVERIFY(scope.value(u"days"_s).isNull());
        QCOMPARE(scope.value(u"campaigns"_s).toArray(), QJsonArray({u"c1"_s, u"c2"_s}));

        QCOMPARE(m_program
                     ->run({u"account"_s, u"edit"_s, u"main"_s, u"--scope-days"_s, u"7"_s, u"--campaign"_s, u""_s,
                            u"--agent-channel"_s, u"right"_s, u"--watch-every"_s, u"0"_s})
                     .exitCode,
                 0);
        row = listed();
        scope = row.value(u"scope"_s).toObject();
        QCOMPARE(scope.value(u"days"_s).toInt(), 7);
        QVERIFY(scope.value(u"since"_s).isNull() && scope.value(u"campaigns"_s).toArray().isEmpty());
        QCOMPARE(scope.value(u"agents"_s).toArray(), QJsonArray({u"a1"_s}));  // what is not named stays
        QCOMPARE(row.value(u"agent_channel"_s).toString(), u"right"_s);
        QCOMPARE(row.value(u"watch_every"_s).toInt(), 0);
        QCOMPARE(row.value(u"page_size"_s).toInt(), 20);

        QVERIFY(row.value(u"enabled"_s).toBool());
        QCOMPARE(m_program->run({u"account"_s, u"disable"_s, u"main"_s}).exitCode, 0);
        QVERIFY(!listed().value(u"enabled"_s).toBool(true));
        const Ran pull = m_program->run({u"pull"_s, u"--json"_s});
        QCOMPARE(pull.object().value(u"accounts"_s).toArray().size(), 0);
        QVERIFY2(pull.err.contains("disabled"), pull.err.constData());
        QCOMPARE(m_program->run({u"account"_s, u"enable"_s, u"main"_s}).exitCode, 0);
        QVERIFY(listed().value(u"enabled"_s).toBool());
        for (const auto& word : {u"enable"_s, u"disable"_s}) {
            QCOMPARE(m_program->run({u"account"_s, word, u"nobody"_s}).exitCode, 1);
        }
        QCOMPARE(m_program->run({u"account"_s, u"edit"_s, u"nobody"_s, u"--scope-all"_s}).exitCode, 1);
    }

    /// What an account is limited to holds for a pull that says nothing else; what a pull says comes first.
    void aPullGoesByTheScopeAndItsOptionsComeFirst() {
        YotelServer server;
        server.addCampaign(u"c1"_s, u"One"_s);
        server.addCampaign(u"c2"_s, u"Two"_s);
        for (const auto& [campaign, id, day] :
             {std::tuple(u"c1"_s, u"early"_s, u"2026-04-01"_s), std::tuple(u"c1"_s, u"late"_s, u"2026-04-03"_s),
              std::tuple(u"c2"_s, u"other"_s, u"2026-04-03"_s)}) {
            const QString at = day + u"T12:00:00Z"_s;
            server.addCall(yotelCall(id, campaign, {{u"dial_time"_s, at}}));
        }
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(server.key()));
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                            server.account().baseUrl.toString(), u"--campaign"_s, u"c1"_s, u"--scope-since"_s,
                            u"2026-04-02"_s})
                     .exitCode,
                 0);
        const auto pulled = [this](const QStringList& options) {
            const Ran ran = m_program->run(QStringList{u"pull"_s, u"--json"_s} + options);
            QStringList ids;
            for (const auto& call : m_program->run({u"list"_s, u"--format"_s, u"json"_s}).array()) {
                ids << call.toObject().value(u"id"_s).toString();
            }
            ids.sort();
            return ran.exitCode == 0 ? ids : QStringList{QString::fromUtf8(ran.err)};
        };
        QCOMPARE(pulled({}), QStringList{u"late"_s});
        QCOMPARE(pulled({u"--until"_s, u"2026-04-01"_s}), (QStringList{u"early"_s, u"late"_s}));
        QCOMPARE(pulled({u"--campaign"_s, u"c2"_s}), (QStringList{u"early"_s, u"late"_s, u"other"_s}));
    }

    /// A single call is asked for whatever the account is limited to.
    void aNamedCallIsPulledOutsideTheScope() {
        YotelServer server;
        server.addCampaign(u"c1"_s, u"c1"_s);
        server.addCall(yotelCall(u"early"_s, u"c1"_s, {{u"dial_time"_s, u"2026-04-01T12:00:00Z"_s}}));
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(server.key()));
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                            server.account().baseUrl.toString(), u"--scope-days"_s, u"1"_s})
                     .exitCode,
                 0);
        QCOMPARE(m_program->run({u"pull"_s, u"main"_s, u"--call"_s, u"early"_s}).exitCode, 0);
        QCOMPARE(m_program->run({u"count"_s, u"--json"_s}).object().value(u"count"_s).toInt(), 1);
    }

    /// With --json there is one document, also where nothing could be done.
    void failuresAreJsonToo() {
        Ran ran = m_program->run({u"account"_s, u"test"_s, u"nobody"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 1);
        QJsonObject row = ran.array().at(0).toObject();
        QCOMPARE(row.value(u"account"_s).toString(), u"nobody"_s);
        QVERIFY(!row.value(u"ok"_s).toBool(true) && row.value(u"trouble"_s).isNull());
        QCOMPARE(row.value(u"error"_s).toObject().value(u"kind"_s).toString(), u"not_found_here"_s);
        ran = m_program->run({u"account"_s, u"remove"_s, u"nobody"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 1);
        row = ran.object();
        QVERIFY(row.value(u"removed"_s).isNull());
        QCOMPARE(row.value(u"error"_s).toObject().value(u"kind"_s).toString(), u"not_found_here"_s);
        QCOMPARE(add(u"main"_s).exitCode, 0);
        row = m_program->run({u"account"_s, u"remove"_s, u"main"_s, u"--json"_s}).object();
        QCOMPARE(row.value(u"removed"_s).toString(), u"main"_s);
        QVERIFY(row.contains(u"error"_s) && row.value(u"error"_s).isNull());
    }

    void theEnvironmentsKeyIsSeen() {
        QCOMPARE(add(u"a-b"_s).exitCode, 0);
        m_program->setEnvironment(u"EARMARK_KEY_A_B"_s, QString::fromLatin1(kCanary));
        const Ran ran = m_program->run({u"account"_s, u"list"_s, u"--json"_s});
        QCOMPARE(ran.array().at(0).toObject().value(u"key"_s).toString(), u"environment"_s);
        QVERIFY(!ran.out.contains("CANARY"));
    }

    void withoutAKeyringTheVariableIsNamed() {
        const Ran ran = m_program->run(
            {u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--key-stdin"_s}, kCanary + "\n");
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.err.contains("EARMARK_KEY_MAIN"), ran.err.constData());
        QCOMPARE(m_program->run({u"account"_s, u"list"_s, u"--json"_s}).array().size(), 1);
        QCOMPARE(m_program->filesWith("CANARY4711"), QStringList());
        QVERIFY(!m_program->printed().contains("CANARY4711"));
    }

    void badKeysAreRefusedAndNotRepeated_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("header") << QByteArray("yt_test_CANARY\r\nX-Evil: 1");
        QTest::newRow("blank") << QByteArray("yt_test_CANARY second");
        QTest::newRow("empty") << QByteArray("\n");
        QTest::newRow("nul") << QByteArray("yt_test_CANARY\0x", 16);
        QTest::newRow("long") << "yt_test_CANARY" + QByteArray(50000, 'x');
    }
    void badKeysAreRefusedAndNotRepeated() {
        QFETCH(QByteArray, key);
        const Ran ran =
            m_program->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--key-stdin"_s}, key);
        QCOMPARE(ran.exitCode, 1);
        QVERIFY(!ran.err.isEmpty() && !ran.err.contains("CANARY") && !ran.out.contains("CANARY"));
        QCOMPARE(m_program->run({u"account"_s, u"list"_s, u"--json"_s}).array().size(), 0);
    }

    void keyFilesAreRead() {
        QFile file(m_program->home() + u"/key"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(kCanary + "\n");
        file.close();
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--key-file"_s,
                            file.fileName()})
                     .exitCode,
                 0);
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"other"_s, u"--provider"_s, u"yotel"_s, u"--key-file"_s,
                            u"/nonexistent"_s})
                     .exitCode,
                 1);
        QCOMPARE(m_program->filesWith("CANARY4711"), QStringList{file.fileName()});
    }

    void testSaysWhatWorks() {
        LoopbackServer server;
        server.on("/api/v1/campaigns", [](const Request& request) {
            return request.header("authorization") == "Bearer " + kCanary
                       ? Reply::json("[{\"id\": \"c1\", \"name\": \"One\"}]")
                       : Reply::json("{\"detail\": \"Invalid API key\"}", 401);
        });
        QCOMPARE(add(u"main"_s, server.url(u"/api/v1"_s).toString()).exitCode, 0);
        Ran ran = m_program->run({u"account"_s, u"test"_s, u"main"_s, u"--json"_s, u"--key-stdin"_s}, kCanary);
        QCOMPARE(ran.exitCode, 0);
        QJsonObject row = ran.array().at(0).toObject();
        QVERIFY(row.value(u"ok"_s).toBool());
        QCOMPARE(row.value(u"campaigns"_s).toInt(), 1);
        QVERIFY(row.contains(u"who"_s) && row.value(u"who"_s).isNull() && row.value(u"trouble"_s).isNull());
        QVERIFY(row.value(u"error"_s).isNull());
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, u"yt_test_WRONGCANARY"_s);
        ran = m_program->run({u"account"_s, u"test"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 1);
        QCOMPARE(ran.array().at(0).toObject().value(u"trouble"_s).toString(), u"key"_s);
        row = ran.array().at(0).toObject().value(u"error"_s).toObject();
        QCOMPARE(row.value(u"kind"_s).toString(), u"unauthorized"_s);
        QVERIFY(row.value(u"message"_s).toString().contains(u"Invalid API key"_s));
        QVERIFY(!m_program->printed().contains("CANARY"));
    }

    void testSaysWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("kind");
        QTest::newRow("no such path") << QByteArray("{\"detail\": \"Not Found\"}") << 404 << u"not_found"_s;
        QTest::newRow("a web page") << QByteArray("<html>Sign in</html>") << 200 << u"not_the_api"_s;
        QTest::newRow("scope") << QByteArray("{\"detail\": \"Scope 'calls:read' required\"}") << 403 << u"forbidden"_s;
        QTest::newRow("trouble") << QByteArray("oops") << 503 << u"server_trouble"_s;
    }
    void testSaysWhatIsWrong() {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QString, kind);
        LoopbackServer server;
        server.onAnythingElse([=](const Request&) { return Reply::json(body, status); });
        QCOMPARE(add(u"main"_s, server.url(u"/api/v1"_s).toString()).exitCode, 0);
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, u"yt_test_x"_s);
        const Ran ran = m_program->run({u"account"_s, u"test"_s, u"main"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 1);
        QCOMPARE(ran.array().at(0).toObject().value(u"error"_s).toObject().value(u"kind"_s).toString(), kind);
    }

    void testWithoutServerKeyOrAccount() {
        QCOMPARE(m_program->run({u"account"_s, u"test"_s}).exitCode, 1);
        QCOMPARE(add(u"main"_s).exitCode, 0);
        Ran ran = m_program->run({u"account"_s, u"test"_s, u"--json"_s});
        QCOMPARE(ran.array().at(0).toObject().value(u"error"_s).toObject().value(u"kind"_s).toString(), u"no_key"_s);
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, u"yt_test_x"_s);
        ran = m_program->run({u"account"_s, u"test"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 1);
        QCOMPARE(ran.array().at(0).toObject().value(u"error"_s).toObject().value(u"kind"_s).toString(), u"offline"_s);
        QCOMPARE(m_program->run({u"account"_s, u"test"_s, u"nobody"_s}).exitCode, 1);
    }

    void filesArePrivate() {
        QCOMPARE(add(u"main"_s).exitCode, 0);
        QDir folder(m_program->profile());
        struct stat status = {};
        QCOMPARE(stat(QFile::encodeName(folder.path()).constData(), &status), 0);
        QCOMPARE(int(status.st_mode & 0777), 0700);
        const QFileInfoList files = folder.entryInfoList(QDir::Files | QDir::Hidden);
        QVERIFY(!files.isEmpty());
        for (const QFileInfo& file : files) {
            QCOMPARE(stat(QFile::encodeName(file.filePath()).constData(), &status), 0);
            QVERIFY2((status.st_mode & 077) == 0, qPrintable(file.fileName()));
        }
    }

    void doctorNeedsNothing() {
        Ran ran = m_program->run({u"doctor"_s, u"--json"_s});
        QVERIFY2(ran.exitCode == 0, ran.out.constData());
        QVERIFY(ran.object().value(u"ok"_s).toBool());
        QCOMPARE(ran.object().value(u"decoders"_s).toArray().size(), 5);
        const QJsonObject recordings = ran.object().value(u"recordings"_s).toObject();
        QCOMPARE(recordings.value(u"count"_s).toInt(-1), 0);
        QCOMPARE(recordings.value(u"limit_bytes"_s).toInteger(), qint64(2'048'000'000));
        QCOMPARE(recordings.value(u"limit_days"_s).toInt(), 30);
        QVERIFY(!ran.object().value(u"keyring"_s).toObject().value(u"ok"_s).toBool());
        QCOMPARE(add(u"main"_s).exitCode, 0);
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(kCanary));
        ran = m_program->run({u"doctor"_s});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.text().contains(u"reviews.db"_s));
        QVERIFY(ran.text().contains(u"0 kept, 0 MB, at most 2048 MB"_s));
        QVERIFY(!m_program->printed().contains("CANARY"));
    }

    void doctorSeesSettingsThatMakeNoSense_data() {
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<qint64>("megabytes");
        QTest::addColumn<int>("days");
        QTest::newRow("words") << R"({"cache/megabytes": "many", "cache/days": "none"})"_ba
                               << "cache/days"_ba << qint64(2048) << 30;
        QTest::newRow("negative") << R"({"cache/megabytes": -1, "cache/days": -1})"_ba
                                  << "cache/megabytes"_ba << qint64(2048) << 30;
        QTest::newRow("huge") << R"({"cache/megabytes": 1e99, "cache/days": 99999999999})"_ba
                              << "cache/megabytes"_ba << qint64(2048) << 30;
        QTest::newRow("no room at all") << R"({"cache/megabytes": 0, "cache/days": 7})"_ba
                                        << "cache/megabytes"_ba << qint64(2048) << 7;
        QTest::newRow("null") << R"({"cache/megabytes": 5, "cache/days": null})"_ba
                              << "cache/days"_ba << qint64(5) << 30;
        QTest::newRow("for ever") << R"({"cache/megabytes": 5, "cache/days": 0})"_ba << QByteArray() << qint64(5) << 0;
        QTest::newRow("broken") << R"({"cache/megabytes": 5,)"_ba
                                << "damaged"_ba << qint64(2048) << 30;
    }

    void doctorSeesSettingsThatMakeNoSense() {
        QFETCH(QByteArray, settings);
        QFETCH(QByteArray, named);
        QFETCH(qint64, megabytes);
        QFETCH(int, days);
        QCOMPARE(add(u"main"_s).exitCode, 0);
        QFile file(m_program->profile() + u"/settings.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(settings) == settings.size());
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.close();
        const Ran ran = m_program->run({u"doctor"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, named.isEmpty() ? 0 : 1);
        const QJsonObject found = ran.object().value(u"settings"_s).toObject();
        QCOMPARE(found.value(u"ok"_s).toBool(), named.isEmpty());
        QVERIFY(QJsonDocument(found).toJson().contains(named));
        const QJsonObject recordings = ran.object().value(u"recordings"_s).toObject();
        QCOMPARE(recordings.value(u"limit_bytes"_s).toInteger(), megabytes * 1'000'000);
        QCOMPARE(recordings.value(u"limit_days"_s).toInt(), days);
        QVERIFY(m_program->run({u"doctor"_s}).text().contains(QString::fromLatin1(named)));
        QCOMPARE(file.size(), settings.size());  // it is left as it is
    }

    void doctorSeesDamage() {
        QCOMPARE(add(u"main"_s).exitCode, 0);
        QFile file(m_program->profile() + u"/reviews.db"_s);
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write("this is no database at all, whatever its name says");
        file.close();
        const Ran ran = m_program->run({u"doctor"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY(!ran.object().value(u"ok"_s).toBool());
        QVERIFY(
            !ran.object().value(u"databases"_s).toArray().at(0).toObject().value(u"problems"_s).toArray().isEmpty());
    }

    void theWindowNeedsAScreen() {
        const Ran ran = m_program->run({});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY(ran.err.contains("screen"));
    }

    void aProfileThatCannotBeMade() {
        const Ran ran = m_program->run(
            {u"--profile"_s, u"/proc/nothing"_s, u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY(ran.err.contains("/proc/nothing"));
    }

 private:
    Ran add(const QString& name, const QString& url = u"http://127.0.0.1:1/api/v1"_s) {
        return m_program->run({u"account"_s, u"add"_s, name, u"--provider"_s, u"yotel"_s, u"--base-url"_s, url});
    }

    /// The first account as "account list" tells it.
    QJsonObject listed() { return m_program->run({u"account"_s, u"list"_s, u"--json"_s}).array().at(0).toObject(); }

    std::unique_ptr<Program> m_program;
};

QTEST_GUILESS_MAIN(TestAccounts)
#include "tst_accounts.moc"
