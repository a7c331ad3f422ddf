// What the test of an account finds: which of name, connection, certificate, key, right and address is wrong; and what
// somebody may type to name a call.
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "models/sync/accountcheck.h"
#include "models/sync/callreference.h"
#include "models/sync/provideroffers.h"
#include "tests/support/loopbackserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {
const QByteArray kKey = "yt_test_CANARY99";
}

class TestAccountCheck final : public QObject {
    Q_OBJECT

 private:
    [[nodiscard]] AccountFindings check(const Account& account) {
        const auto clock = std::make_shared<SystemClock>();
        HttpClient http(clock);
        AccountCheck one(&http, clock, nullptr);
        std::optional<AccountFindings> found;
        connect(&one, &AccountCheck::finished, this, [&found](const AccountFindings& findings) { found = findings; });
        one.start(account, kKey);
        if (!QTest::qWaitFor([&found] { return found.has_value(); }, 20'000)) {
            return {makeError(ErrorKind::Internal, u"it never ended"_s), {}, {}, false};
        }
        return *found;
    }
    [[nodiscard]] Account account(LoopbackServer& server, Provider provider = Provider::Yotel) {
        Account account;
        account.name = u"main"_s;
        account.provider = provider;
        account.baseUrl = server.url(u"/api"_s);
        return account;
    }

 private Q_SLOTS:
    void tellsTroublesApart_data() {
        QTest::addColumn<Reply>("reply");
        QTest::addColumn<QString>("trouble");
        QTest::newRow("key") << Reply::json(R"({"detail":"Invalid API key"})", 401) << u"key"_s;
        QTest::newRow("right") << Reply::json(R"({"detail":"Scope"})", 403) << u"right"_s;
        QTest::newRow("no such path") << Reply::json(R"({"detail":"Not Found"})", 404) << u"address"_s;
        QTest::newRow("a web page") << Reply::html("<html>Sign in</html>") << u"address"_s;
        QTest::newRow("sent elsewhere") << Reply::redirect("https://login.example.test/") << u"address"_s;
        QTest::newRow("another API") << Reply::json(R"({"hello":"world"})") << u"address"_s;
        QTest::newRow("too many requests") << Reply::code(429) << u"busy"_s;
        QTest::newRow("trouble over there") << Reply::code(503) << u"other"_s;
        QTest::newRow("hangs up") << Reply::broken(Fault::CloseBeforeAnswer) << u"connection"_s;
    }
    void tellsTroublesApart() {
        QFETCH(Reply, reply);
        QFETCH(QString, trouble);
        LoopbackServer server;
        server.on("/api/campaigns", reply);
        const AccountFindings findings = check(account(server));
        QVERIFY(findings.error);
        QCOMPARE(word(troubleOf(*findings.error)), trouble);
        const QString text = findingsText(account(server), findings);
        QVERIFY2(text.count(u'.') >= 2 && !text.contains(u"CANARY"_s), qPrintable(text));
    }

    void tellsWhereNobodyAnswers_data() {
        QTest::addColumn<QUrl>("address");
        QTest::addColumn<QString>("trouble");
        QTest::newRow("no such name") << QUrl(u"https://nowhere.invalid/v1"_s) << u"name"_s;
        QTest::newRow("refused") << QUrl(u"http://127.0.0.1:1/v1"_s) << u"connection"_s;
    }
    void tellsWhereNobodyAnswers() {
        QFETCH(QUrl, address);
        QFETCH(QString, trouble);
        Account account;
        account.name = u"main"_s;
        account.baseUrl = address;
        const AccountFindings findings = check(account);
        QVERIFY(findings.error);
        QCOMPARE(word(troubleOf(*findings.error)), trouble);
        QVERIFY(findingsText(account, findings).contains(address.host()));
    }

    /// A key may be right and still not allowed to read calls: only a list of calls tells.
    void saysWhoAndWhetherCallsCanBeRead_data() {
        QTest::addColumn<int>("callsStatus");
        QTest::newRow("may") << 200;
        QTest::newRow("may not") << 403;
    }
    void saysWhoAndWhetherCallsCanBeRead() {
        QFETCH(int, callsStatus);
        LoopbackServer server;
        server.on("/api/organization", Reply::json(R"({"id":"o1","name":"Acme Ltd"})"));
        server.on("/api/calls", callsStatus == 200
                                    ? Reply::json(R"({"calls":[],"pagination":{"page":1,"page_size":1,"total":0,)"
                                                  R"("total_pages":0,"has_next":false,"has_prev":false}})")
                                    : Reply::json(R"({"error":"no"})", callsStatus));
        const AccountFindings findings = check(account(server, Provider::Vatel));
        QCOMPARE(findings.who, u"Acme Ltd"_s);
        QCOMPARE(findings.error.has_value(), callsStatus != 200);
        QCOMPARE(server.count("/api/calls"), 1);
        const QString text = findingsText(account(server, Provider::Vatel), findings);
        QVERIFY2(text.contains(callsStatus == 200 ? u"Acme Ltd"_s : u"lacks a right"_s), qPrintable(text));
    }

    void namesACall_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("key");
        QTest::newRow("id") << u" 3c90 "_s << u"main/3c90"_s;
        QTest::newRow("key") << u"other/3c90"_s << u"other/3c90"_s;
        QTest::newRow("an id with a slash") << u"nobody/3c90"_s << u"main/nobody%2F3c90"_s;
        QTest::newRow("earmark address") << u"earmark:other/3c90"_s << u"other/3c90"_s;
        QTest::newRow("earmark address with slashes") << u"earmark://other/a%2Fb"_s << u"other/a%2Fb"_s;
        QTest::newRow("web address") << u"https://app.example.test/calls/3c90/"_s << u"main/3c90"_s;
        QTest::newRow("web address with a query")
            << u"https://app.example.test/c?call_id=3c%2090&x=1"_s << u"main/3c 90"_s;
        QTest::newRow("nothing") << u"  "_s << QString();
        QTest::newRow("earmark address of nothing") << u"earmark:"_s << QString();
        QTest::newRow("web address of nothing") << u"https://app.example.test"_s << QString();
    }
    void namesACall() {
        QFETCH(QString, typed);
        QFETCH(QString, key);
        const auto found = callFromReference(typed, u"main"_s, {u"main"_s, u"other"_s});
        QCOMPARE(found ? toText(*found) : QString(), key);
        QVERIFY(found || found.error().kind == ErrorKind::InvalidInput);
    }

    void offersAndScopes() {
        for (const Provider each : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
            QVERIFY(pageSizeProblem(each, defaultPageSize(each)).isEmpty());
            QVERIFY(!pageSizeProblem(each, 0).isEmpty());
            QVERIFY(!filterSentence(each).isEmpty());
            QCOMPARE(offersOf(each).hasOrganizations, each == Provider::Vatel);
        }
        CallScope scope;
        scope.since = momentFromMs(5);
        scope.until = momentFromMs(5);
        QVERIFY(scopeProblem(scope).isEmpty());
        scope.until = momentFromMs(4);
        QVERIFY(!scopeProblem(scope).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAccountCheck)
#include "tst_accountcheck.moc"
