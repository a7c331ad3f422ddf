// What pulls of the several dialects do differently: names looked up, calls searched for by their ids, details read
// singly, rows cut here.
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include "models/sync/watch.h"
#include "tests/support/asking.h"
#include "tests/support/atomsserver.h"
#include "tests/support/vatelserver.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QString textOf(const PullReport& report) {
    const AccountReport& one = report.accounts.front();
    return one.notices.join(u'\n') + (one.error ? errorText(*one.error) : QString());
}

QStringList idsOf(const Request& request) {
    QStringList ids;
    for (const auto& id : QJsonDocument::fromJson(request.body)[u"callIds"].toArray()) {
        ids << id.toString();
    }
    return ids;
}

bool hasDetail(SyncRig& rig, const QString& id) {
    const auto call = rig.call(id);
    return call && !call->call.rawDetail.isEmpty() && call->call.hasTranscript == true;
}

}  // namespace

class TestDialectPull final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void agentsAreNamedPageByPage();
    void namesThatCannotBeReadAreANotice_data();
    void namesThatCannotBeReadAreANotice();
    void aListThatIsNotThereIsAFailure();
    void openCallsAreReadWithOneSearch();
    void aSearchIsOneRequestPerAttempt();
    void aSearchThatFailsIsDoneSingly();
    void detailsAreReadOnlyWhenWanted();
    void detailsOfAnOpenCallAreReadAgainAtItsEnd();
    void theWatchReadsDetailsOfNewCallsQuietly();
    void whatTheServerDoesNotFilterIsCutHere();
    void aCampaignWithoutCallsIsSaid();
    void totalsOfOtherTimesAreNotCompared();
    void namedCallsAreReadWhole();
};

void TestDialectPull::agentsAreNamedPageByPage() {
    AtomsServer server;
    server.addCalls(1);
    for (int i = 0; i < 600; ++i) {
        server.addAgent(u"agent-%1"_s.arg(i), u"Agent %1"_s.arg(i));
    }
    server.addCall(atomsCall(atomsId(7), {{u"agentId"_s, u"agent-599"_s}}));
    SyncRig rig(server.key());
    const PullReport report = rig.pull({server.account()});
    QVERIFY2(report.allOk(), qPrintable(textOf(report)));
    QCOMPARE(rig.call(atomsId(7))->call.agentName.value_or(QString()), u"Agent 599"_s);
    QCOMPARE(rig.rows().at(atomsId(7)).call.call.agentName.value_or(QString()), u"Agent 599"_s);
}

void TestDialectPull::namesThatCannotBeReadAreANotice_data() {
    QTest::addColumn<Reply>("trouble");
    QTest::newRow("500") << Reply::code(500);
    QTest::newRow("404") << Reply::code(404);
    QTest::newRow("403") << Reply::code(403);
    QTest::newRow("html") << Reply::html("<html></html>"_ba);
    QTest::newRow("no list") << Reply::json("{\"agents\": 7}"_ba);
}

void TestDialectPull::namesThatCannotBeReadAreANotice() {
    QFETCH(Reply, trouble);
    VatelServer server;
    server.addCalls(3);
    server.on("/v1/agents"_ba, trouble);
    SyncRig rig(server.key());
    const PullReport report = rig.pull({server.account()});
    QVERIFY2(report.allOk() && report.outcome() == PullOutcome::Complete, qPrintable(textOf(report)));
    QCOMPARE(report.accounts[0].notices.size(), 1);
    QVERIFY2(report.accounts[0].notices[0].contains(u"agents"_s), qPrintable(textOf(report)));
    QCOMPARE(rig.rows().size(), size_t(3));
}

void TestDialectPull::aListThatIsNotThereIsAFailure() {
    VatelServer server;
    server.on(server.listPath(), vatelError(404, "not found"_ba));
    SyncRig rig(server.key());
    const PullReport report = rig.pull({server.account()});
    QVERIFY(!report.allOk());
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::NotFound);
}

void TestDialectPull::openCallsAreReadWithOneSearch() {
    AtomsServer server;
    for (int i = 1; i <= 130; ++i) {
        server.addCall(atomsCall(atomsId(i), {{u"status"_s, u"active"_s}}));
    }
    SyncRig rig(server.key());
    QVERIFY(rig.pull({server.account()}).allOk());
    for (int i = 1; i <= 130; ++i) {
        server.changeCall(atomsId(i), {{u"status"_s, u"completed"_s}});
    }
    server.removeCall(atomsId(5));
    server.forgetRequests();
    const PullReport report = rig.pull({server.account()});
    QVERIFY2(report.allOk(), qPrintable(textOf(report)));
    const auto searches = server.requests(server.searchPath());
    QCOMPARE(searches.size(), size_t(2));
    QSet<QString> ids;
    for (const Request& request : searches) {
        QCOMPARE(request.method, "POST"_ba);
        QCOMPARE(request.header("content-type"_ba), "application/json"_ba);
        QVERIFY(idsOf(request).size() <= 100);
        const QStringList asked = idsOf(request);
        ids += QSet<QString>(asked.begin(), asked.end());
    }
    QCOMPARE(ids.size(), 130);
    QCOMPARE(server.count(server.callPath(atomsId(5))), 1);  // was missing, so it was asked for singly
    QCOMPARE(server.count(server.callPath(atomsId(6))), 0);
    QVERIFY(rig.call(atomsId(5))->notFoundSince.has_value());
    QCOMPARE(rig.call(atomsId(6))->call.status, CallStatus::Completed);
    // Nothing is open any more, and no call waits for a sentiment that Atoms does not have.
    server.forgetRequests();
    QVERIFY(rig.pull({server.account()}).allOk());
    QCOMPARE(server.count(server.searchPath()), 0);
}

void TestDialectPull::aSearchIsOneRequestPerAttempt() {
    AtomsServer server;
    server.addCall(atomsCall(atomsId(1), {{u"status"_s, u"active"_s}}));
    server.addCall(atomsCall(atomsId(2), {{u"status"_s, u"active"_s}}));
    SyncRig rig(server.key());
    QVERIFY(rig.pull({server.account()}).allOk());
    auto times = std::make_shared<std::atomic<int>>(0);
    server.on(server.searchPath(), [&server, times](const Request& request) {
        return ++*times == 1 ? Reply::broken(Fault::CloseBeforeAnswer) : server.answer(request);
    });
    const PullReport report = rig.pull({server.account()});
    QVERIFY2(report.allOk(), qPrintable(textOf(report)));
    QCOMPARE(int(*times), 2);
    QCOMPARE(server.count(server.callPath(atomsId(1))), 0);
}

void TestDialectPull::aSearchThatFailsIsDoneSingly() {
    AtomsServer server;
    server.addCall(atomsCall(atomsId(1), {{u"status"_s, u"active"_s}}));
    server.addCall(atomsCall(atomsId(2), {{u"status"_s, u"active"_s}}));
    SyncRig rig(server.key());
    QVERIFY(rig.pull({server.account()}).allOk());
    server.on(server.searchPath(), atomsError(400, "callIds invalid"_ba));
    server.forgetRequests();
    const PullReport report = rig.pull({server.account()});
    QVERIFY2(report.allOk(), qPrintable(textOf(report)));
    QCOMPARE(server.count(server.callPath(atomsId(1))), 1);
    QCOMPARE(server.count(server.callPath(atomsId(2))), 1);
}

void TestDialectPull::detailsAreReadOnlyWhenWanted() {
    AtomsServer server;
    server.addCalls(4);
    server.addCall(atomsCall(atomsId(9), {{u"status"_s, u"active"_s}}));
    SyncRig rig(server.key());
    QVERIFY(rig.pull({server.account()}).allOk());
    QCOMPARE(server.count(server.callPath(atomsId(1))), 0);
    QVERIFY(rig.call(atomsId(1))->call.rawDetail.isEmpty());
    PullOptions options;
    options.details = true;
    QVERIFY(rig.pull({server.account()}, options).allOk());
    for (int i = 1; i <= 4; ++i) {
        QCOMPARE(server.count(server.callPath(atomsId(i))), 1);
        const auto call = rig.call(atomsId(i));
        QVERIFY(hasDetail(rig, atomsId(i)));
        QVERIFY(call->call.createdTime.has_value() && call->call.agentId.has_value());  // the row's, not replaced
    }
    QCOMPARE(server.count(server.callPath(atomsId(9))), 0);  // has not ended
    server.forgetRequests();
    QVERIFY(rig.pull({server.account()}, options).allOk());
    QCOMPARE(server.count(server.callPath(atomsId(1))), 0);  // once
    QVERIFY(hasDetail(rig, atomsId(1)));
}

/// What was told of a call while it went on does not pass for all of it.
void TestDialectPull::detailsOfAnOpenCallAreReadAgainAtItsEnd() {
    AtomsServer server;
    server.addCall(atomsCall(atomsId(1), {{u"status"_s, u"active"_s}}));
    SyncRig rig(server.key());
    PullOptions named;
    named.callIds = {atomsId(1)};
    QVERIFY(rig.pull({server.account()}).allOk());
    QVERIFY(rig.pull({server.account()}, named).allOk());
    QVERIFY(hasDetail(rig, atomsId(1)));
    server.changeCall(atomsId(1), {{u"status"_s, u"completed"_s}});
    QVERIFY(rig.pull({server.account()}).allOk());
    QVERIFY(!hasDetail(rig, atomsId(1)));
    server.forgetRequests();
    PullOptions details;
    details.details = true;
    QVERIFY(rig.pull({server.account()}, details).allOk());
    QCOMPARE(server.count(server.callPath(atomsId(1))), 1);
    QVERIFY(hasDetail(rig, atomsId(1)));
}

void TestDialectPull::theWatchReadsDetailsOfNewCallsQuietly() {
    AtomsServer server;
    server.addCalls(3);
    const auto clock = std::make_shared<FakeClock>();
    const qint64 first = atomsId(3).section(u'-', 1, 1).toLongLong();
    clock->setNow(momentFromMs(first) + 2h);
    SyncRig rig(server.key(), clock);
    const auto puller = rig.puller();
    Watch watch({rig.store.get(), &rig.http, &rig.keys, puller.get(), clock});
    watch.setAccounts({server.account()});
    watch.start(0ms);
    QVERIFY(SyncRig::finished(*puller, {server.account()}).allOk());
    QTRY_VERIFY(watch.isKnown());
    clock->advance(61s);
    watch.tick();
    for (int i = 1; i <= 3; ++i) {
        QTRY_COMPARE(server.count(server.callPath(atomsId(i))), 1);
        QTRY_VERIFY(hasDetail(rig, atomsId(i)));
    }
    QCOMPARE(server.highestConcurrency() > 0, true);
    // Calls of long ago wait until somebody looks at them.
    clock->advance(48h);
    server.addCallAtTop(atomsCall(atomsId(4)));
    QTRY_VERIFY(!watch.isLooking());
    watch.noteActivity();
    watch.tick();
    QTRY_VERIFY(rig.call(atomsId(4)).has_value());
    QTRY_VERIFY(!watch.isLooking());
    QTest::qWait(50);
    QCOMPARE(server.count(server.callPath(atomsId(4))), 0);
}

// The server of the test gives all its rows whatever is asked: only what is cut here counts.
void TestDialectPull::whatTheServerDoesNotFilterIsCutHere() {
    VatelServer server;
    const QString agent = u"11111111-1111-4111-8111-111111111111"_s;
    server.addCall(vatelCall(vatelId(1), {{u"agent_id"_s, agent}, {u"source"_s, u"twilio"_s}}));
    server.addCall(vatelCall(vatelId(2), {{u"agent_id"_s, agent}, {u"source"_s, u"simulation"_s}}));
    server.addCall(vatelCall(vatelId(3), {{u"source"_s, u"twilio"_s}}));
    server.addCall(without(vatelCall(vatelId(4)), {u"agent_id"_s, u"source"_s}));
    server.addCall(without(vatelCall(vatelId(5)), {u"agent_id"_s}));
    server.on(server.listPath(), [&server](const Request& request) {
        Request plain = request;
        plain.query = "page=1&page_size=100"_ba;
        return server.answer(plain);
    });
    Account account = server.account();
    account.scope.agents = {agent};
    account.scope.sources = {u"Twilio"_s, u"sip"_s};
    SyncRig rig(server.key());
    const PullReport report = rig.pull({account});
    QVERIFY2(report.allOk(), qPrintable(textOf(report)));
    QCOMPARE(report.accounts[0].received, qint64(5));
    const auto rows = rig.rows();
    QCOMPARE(rows.size(), size_t(1));  // where others name their agent, a call without one is not this agent's
    QVERIFY(rows.contains(vatelId(1)));
}

void TestDialectPull::aCampaignWithoutCallsIsSaid() {
    VatelServer server;
    server.addCalls(4);
    server.addCall(without(vatelCall(vatelId(90)), {u"outbound_list_run_id"_s}));
    SyncRig rig(server.key());
    PullOptions options;
    options.campaignIds = {u"nowhere"_s};
    const PullReport report = rig.pull({server.account()}, options);
    QVERIFY2(report.allOk(), qPrintable(textOf(report)));
    QVERIFY2(textOf(report).contains(u"No call of campaign"_s), qPrintable(textOf(report)));
    QCOMPARE(rig.rows().size(), size_t(0));
    QVERIFY(textOf(rig.pull({server.account()})).isEmpty());
    QCOMPARE(rig.rows().size(), size_t(5));
}

void TestDialectPull::totalsOfOtherTimesAreNotCompared() {
    VatelServer server;
    server.addCalls(4);
    SyncRig rig(server.key());
    QVERIFY(rig.pull({server.account()}).allOk());
    PullOptions options;
    options.until = Moment(std::chrono::hours(24));
    const PullReport report = rig.pull({server.account()}, options);
    QVERIFY2(report.allOk() && textOf(report).isEmpty(), qPrintable(textOf(report)));
}

void TestDialectPull::namedCallsAreReadWhole() {
    AtomsServer server;
    server.addCalls(3);
    SyncRig rig(server.key());
    PullOptions options;
    options.callIds = {atomsId(2)};
    QVERIFY(rig.pull({server.account()}, options).allOk());
    QCOMPARE(server.count(), 1);
    QVERIFY(hasDetail(rig, atomsId(2)));
}

QTEST_GUILESS_MAIN(TestDialectPull)
#include "tst_dialectpull.moc"
