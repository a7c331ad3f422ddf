// A pull against servers that fail, lie or shrink: nothing is lost, nothing is removed, and what went wrong is named.
#include <QElapsedTimer>
#include <QTcpServer>
#include <QTest>

#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QString allText(const AccountReport& report) {
    QString text = report.notices.join(u'\n');
    if (report.error) {
        text += u'\n' + report.error->message + u'\n' + report.error->detail + u'\n' + errorText(*report.error);
    }
    return text;
}

}  // namespace

class TestPullFaults final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void badKeyIsNotTriedAgain_data();
    void badKeyIsNotTriedAgain();
    void missingCampaignIsNamedAndTheOthersGoOn();
    void tooManyRequestsWaitsAndGoesOn_data();
    void tooManyRequestsWaitsAndGoesOn();
    void runningWishIsObeyedByTheNextPull();
    void passingTroubleIsWaitedOut_data();
    void passingTroubleIsWaitedOut();
    void lastingTroubleEndsSoon_data();
    void lastingTroubleEndsSoon();
    void refusedConnectionIsOffline();
    void rejectedPageChangesNothing_data();
    void rejectedPageChangesNothing();
    void oneBadCampaignDoesNotStopTheOthers();
    void emptyAnswerRemovesNothing();
    void emptyCampaignListRemovesNothing();
    void rejectedRowsAreCountedAndTold();
    void storeThatFailsStopsTheAccountAndResumes();
};

void TestPullFaults::badKeyIsNotTriedAgain_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<bool>("atTheThirdPage");
    QTest::newRow("401 at once") << 401 << ErrorKind::Unauthorized << false;
    QTest::newRow("403 at once") << 403 << ErrorKind::Forbidden << false;
    QTest::newRow("401 in the middle") << 401 << ErrorKind::Unauthorized << true;
}

void TestPullFaults::badKeyIsNotTriedAgain() {
    QFETCH(int, status);
    QFETCH(ErrorKind, kind);
    QFETCH(bool, atTheThirdPage);
    YotelServer server("yt_live_CANARY"_ba);
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCampaign(u"d"_s, u"D"_s);
    server.addCalls(u"c"_s, 1000);
    const Reply refusal = Reply::json("{\"detail\": \"Invalid API key yt_live_CANARY\"}"_ba, status);
    if (atTheThirdPage) {
        server.on(server.pagePath(u"c"_s), [&server, refusal](const Request& request) {
            return request.queryItem("page"_ba).toInt() >= 3 ? refusal : server.answer(request);
        });
    } else {
        server.on("/api/v1/campaigns"_ba, refusal);
    }
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(!report.allOk());
    QCOMPARE(report.accounts[0].error->kind, kind);
    QVERIFY2(!allText(report.accounts[0]).contains(u"CANARY"_s), qPrintable(allText(report.accounts[0])));
    QTest::qWait(60);
    if (!atTheThirdPage) {
        QCOMPARE(server.count(), 1);
    } else {
        // pages fetched ahead at the same moment may have been refused too, but none is asked for a second time
        const QList<int> pages = server.pagesAsked(u"c"_s);
        QCOMPARE(QSet<int>(pages.begin(), pages.end()).size(), pages.size());
        const size_t stored = rig.rows().size();
        QVERIFY(stored == 200 || stored == 400);
        // and with a key that is accepted it goes on where it stood
        server.on(server.pagePath(u"c"_s), [&server](const Request& request) { return server.answer(request); });
        server.forgetRequests();
        QVERIFY(rig.pull({server.account()}).allOk());
        QCOMPARE(server.pagesAsked(u"c"_s).value(0), int(stored / 200));  // read again: is the list as it was?
        QCOMPARE(rig.rows().size(), size_t(1000));
    }
}

void TestPullFaults::missingCampaignIsNamedAndTheOthersGoOn() {
    YotelServer server;
    server.addCampaign(u"a"_s, u"Autumn"_s);
    server.addCampaign(u"b"_s, u"Broken link"_s);
    server.addCampaign(u"c"_s, u"Christmas"_s);
    for (const QString& id : {u"a"_s, u"b"_s, u"c"_s}) {
        server.addCalls(id, 10);
    }
    server.on(server.pagePath(u"b"_s), Reply::json("{\"detail\": \"Campaign not found\"}"_ba, 404));
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QVERIFY2(report.allOk(), qPrintable(allText(report.accounts[0])));
    QCOMPARE(report.accounts[0].notices.size(), 1);
    QVERIFY(report.accounts[0].notices[0].contains(u"Broken link"_s));
    QCOMPARE(rig.rows().size(), size_t(20));
}

void TestPullFaults::tooManyRequestsWaitsAndGoesOn_data() {
    QTest::addColumn<QByteArray>("retryAfter");
    QTest::addColumn<int>("atLeastMs");
    QTest::newRow("seconds") << "1"_ba << 1000;
    QTest::newRow("zero") << "0"_ba << 0;
    QTest::newRow("junk") << "soon"_ba << 0;
    QTest::newRow("none") << ""_ba << 0;
}

void TestPullFaults::tooManyRequestsWaitsAndGoesOn() {
    QFETCH(QByteArray, retryAfter);
    QFETCH(int, atLeastMs);
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 250);
    auto refused = std::make_shared<std::atomic<bool>>(false);
    server.on(server.pagePath(u"c"_s), [&server, refused, retryAfter](const Request& request) {
        const bool first = request.queryItem("page"_ba) == "2" && !refused->exchange(true);
        return first ? Reply::tooMany(retryAfter) : server.answer(request);
    });
    SyncRig rig(server);
    const auto puller = rig.puller();
    QStringList waits;
    connect(puller.get(), &Puller::progressed, this, [&](const PullProgress& progress) {
        if (!progress.waitingFor.isEmpty()) {
            waits.append(progress.waitingFor);
        }
    });
    QElapsedTimer timer;
    timer.start();
    const PullReport report = SyncRig::finished(*puller, {server.account()});
    QVERIFY2(report.allOk(), qPrintable(allText(report.accounts[0])));
    QVERIFY(timer.elapsed() >= atLeastMs);
    QCOMPARE(rig.rows().size(), size_t(250));
    QCOMPARE(server.pagesAsked(u"c"_s), (QList<int>{1, 2, 2}));
    if (atLeastMs > 0) {
        QVERIFY2(waits.contains(u"Yotel asks to wait 1 s"_s), qPrintable(waits.join(u'\n')));
    }
    QVERIFY(puller->progress().waitingFor.isEmpty());
}

void TestPullFaults::runningWishIsObeyedByTheNextPull() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 5);
    server.onSequence("/api/v1/campaigns"_ba, {Reply::tooMany("1"_ba), Reply::json("[]"_ba)});
    SyncRig rig(server);
    const auto puller = rig.puller();
    QSignalSpy progressed(puller.get(), &Puller::progressed);
    QSignalSpy finished(puller.get(), &Puller::finished);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(puller->start({server.account()}, {}).has_value());
    QTRY_COMPARE(server.count(), 1);
    QTRY_VERIFY(!puller->progress().waitingFor.isEmpty());
    puller->cancel();
    QVERIFY(finished.wait(1000));
    QVERIFY(SyncRig::finished(*puller, {server.account()}).allOk());
    QVERIFY(timer.elapsed() >= 1000);
    QCOMPARE(server.count(), 2);
}

void TestPullFaults::passingTroubleIsWaitedOut_data() {
    QTest::addColumn<Reply>("trouble");
    QTest::newRow("500") << Reply::code(500);
    QTest::newRow("502 html") << Reply::html("<html>bad gateway</html>"_ba, 502);
    QTest::newRow("503 with a wish") << Reply::code(503).with("Retry-After"_ba, "0"_ba);
    QTest::newRow("504") << Reply::code(504);
    QTest::newRow("408") << Reply::code(408);
    QTest::newRow("closed") << Reply::broken(Fault::CloseBeforeAnswer);
    QTest::newRow("reset within") << Reply::broken(Fault::ResetWithinBody);
    QTest::newRow("short length") << Reply::broken(Fault::ShortContentLength);
    QTest::newRow("cut chunks") << Reply::broken(Fault::CutChunked);
    QTest::newRow("cut without length") << Reply::broken(
        Fault::CloseDelimitedCut, "{\"items\": [], \"total\": 0, \"page\": 2, \"page_size\": 200}"_ba);
}

void TestPullFaults::passingTroubleIsWaitedOut() {
    QFETCH(Reply, trouble);
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 450);
    // Qt may repeat a GET by itself, so the trouble lasts for as many requests as one attempt of ours can make.
    auto left = std::make_shared<std::atomic<int>>(1);
    server.on(server.pagePath(u"c"_s), [&server, left, trouble](const Request& request) {
        return request.queryItem("page"_ba) == "2" && left->fetch_sub(1) > 0 ? trouble : server.answer(request);
    });
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QVERIFY2(report.allOk(), qPrintable(allText(report.accounts[0])));
    QCOMPARE(rig.rows().size(), size_t(450));
    QCOMPARE(report.accounts[0].added, qint64(450));
    // the same for the list of campaigns
    left->store(1);
    server.on("/api/v1/campaigns"_ba, [&server, left, trouble](const Request& request) {
        return left->fetch_sub(1) > 0 ? trouble : server.answer(request);
    });
    const PullReport again = rig.pull({server.account()});
    QVERIFY2(again.allOk(), qPrintable(allText(again.accounts[0])));
    QCOMPARE(again.accounts[0].received, qint64(450));
}

void TestPullFaults::lastingTroubleEndsSoon_data() {
    QTest::addColumn<Reply>("trouble");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("500") << Reply::code(500) << ErrorKind::ServerTrouble;
    QTest::newRow("closed") << Reply::broken(Fault::CloseBeforeAnswer) << ErrorKind::BadAnswer;
    QTest::newRow("429 for ever") << Reply::tooMany("0"_ba) << ErrorKind::RateLimited;
    QTest::newRow("captive portal") << Reply::html("<!DOCTYPE html><html>Sign in</html>"_ba) << ErrorKind::NotTheApi;
    QTest::newRow("empty 200") << Reply::json(""_ba) << ErrorKind::NotTheApi;
    QTest::newRow("redirect loop") << Reply::broken(Fault::RedirectLoop) << ErrorKind::NotTheApi;
    QTest::newRow("422") << Reply::json("{\"detail\":[{\"loc\":[\"query\",\"page_size\"],\"msg\":\"too large\"}]}"_ba,
                                        422)
                         << ErrorKind::Refused;
}

void TestPullFaults::lastingTroubleEndsSoon() {
    QFETCH(Reply, trouble);
    QFETCH(ErrorKind, kind);
    YotelServer server;
    server.on("/api/v1/campaigns"_ba, trouble);
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(!report.allOk());
    QCOMPARE(errorKindWord(report.accounts[0].error->kind), errorKindWord(kind));
    QVERIFY2(server.count() <= 20, qPrintable(QString::number(server.count())));
    QVERIFY(report.accounts[0].requests <= 10);
}

void TestPullFaults::refusedConnectionIsOffline() {
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost));
    const quint16 port = closed.serverPort();
    closed.close();
    YotelServer server;
    SyncRig rig(server);
    Account account = server.account();
    account.baseUrl.setPort(port);
    const PullReport report = rig.pull({account});
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::Offline);
}

void TestPullFaults::rejectedPageChangesNothing_data() {
    QTest::addColumn<Reply>("bad");
    QTest::newRow("short length") << Reply::broken(Fault::ShortContentLength);
    QTest::newRow("html") << Reply::html("<html></html>"_ba);
    QTest::newRow("empty") << Reply::json(""_ba);
    QTest::newRow("array") << Reply::json("[]"_ba);
    QTest::newRow("null") << Reply::json("null"_ba);
    QTest::newRow("items is an object") << Reply::json("{\"items\": {}, \"total\": 1}"_ba);
    QTest::newRow("cut json") << Reply::json("{\"items\": [{\"id\": \"x\""_ba);
    QTest::newRow("bad utf-8") << Reply::json("{\"items\": [{\"id\": \"\xff\xfe\"}], \"total\": 1}"_ba);
    QTest::newRow("gzip bomb") << Reply::broken(Fault::GzipBomb);
}

void TestPullFaults::rejectedPageChangesNothing() {
    QFETCH(Reply, bad);
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 30);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    server.on(server.pagePath(u"c"_s), bad);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(!report.allOk());
    QVERIFY(!report.accounts[0].notices.isEmpty());
    QCOMPARE(report.accounts[0].added + report.accounts[0].changed + report.accounts[0].unlisted, qint64(0));
    const auto rows = rig.rows();
    QCOMPARE(rows.size(), size_t(30));
    for (const auto& [id, row] : rows) {
        QVERIFY(!row.call.unlistedSince && !row.call.notFoundSince);
    }
    QVERIFY(!rig.cursors()[0].problem.isEmpty());
    QVERIFY(rig.cursors()[0].complete);  // the finished pass is not undone
    // and the problem goes with the next success
    server.on(server.pagePath(u"c"_s), [&server](const Request& request) { return server.answer(request); });
    QVERIFY(rig.pull({server.account()}).allOk());
    QVERIFY(rig.cursors()[0].problem.isEmpty());
}

void TestPullFaults::oneBadCampaignDoesNotStopTheOthers() {
    YotelServer server;
    for (const QString& id : {u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s}) {
        server.addCampaign(id, id.toUpper());
        server.addCalls(id, 10);
    }
    server.on(server.pagePath(u"b"_s), Reply::json("{\"rows\": []}"_ba));
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(!report.allOk());
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::BadAnswer);
    QCOMPARE(rig.rows().size(), size_t(40));
}

void TestPullFaults::emptyAnswerRemovesNothing() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"June"_s);
    server.addCalls(u"c"_s, 30);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    server.removeCalls(u"c"_s);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(report.allOk());
    QCOMPARE(report.accounts[0].unlisted, qint64(0));
    const QString notices = report.accounts[0].notices.join(u'\n');
    QVERIFY2(notices.contains(u"lists no calls"_s) && notices.contains(u"30"_s) && notices.contains(u"June"_s),
             qPrintable(notices));
    const auto rows = rig.rows();
    QCOMPARE(rows.size(), size_t(30));
    QVERIFY(!rows.begin()->second.call.unlistedSince.has_value());
}

void TestPullFaults::emptyCampaignListRemovesNothing() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"June"_s);
    server.addCalls(u"c"_s, 30);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    server.removeCampaign(u"c"_s);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(report.allOk());
    QCOMPARE(report.accounts[0].notices.size(), 1);
    QCOMPARE(rig.rows().size(), size_t(30));
    const auto campaigns =
        awaited<std::vector<Campaign>>([&](auto done) { rig.store->loadCampaigns(u"main"_s, &rig.context, done); });
    QVERIFY(campaigns.has_value());
    QCOMPARE(campaigns->size(), size_t(1));
}

void TestPullFaults::rejectedRowsAreCountedAndTold() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.on(server.pagePath(u"c"_s),
              Reply::json("{\"items\": [{\"id\": \"a\"}, 7, {\"id\": \"\"}, {\"id\": \"b\"}, null], \"total\": 5, "
                          "\"page\": 1, \"page_size\": 200}"_ba));
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QVERIFY2(report.allOk(), qPrintable(allText(report.accounts[0])));
    QCOMPARE(report.accounts[0].received, qint64(5));
    QCOMPARE(report.accounts[0].rejected, qint64(3));
    QCOMPARE(report.accounts[0].added, qint64(2));
    QVERIFY(report.accounts[0].notices.join(u' ').contains(u"row 2"_s));
    QCOMPARE(server.count(server.pagePath(u"c"_s)), 1);
}

void TestPullFaults::storeThatFailsStopsTheAccountAndResumes() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 1400);
    // The n-th step that writes a call fails once, as a full disk would, for some n; then there is space again.
    for (const int failAt : {1, 150, 250, 500, 777, 1100, 1399}) {
        SyncRig rig(server);
        auto inserts = std::make_shared<std::atomic<int>>(0);
        rig.store.reset();
        rig.store = std::make_unique<Store>(Store::Options{rig.folder.path(), rig.clock,
                                                           [inserts, failAt](const char* sql) {
                                                               const QByteArrayView text(sql);
                                                               const bool writes = text.contains("INTO calls (");
                                                               return writes && ++*inserts == failAt ? 13 : 0;
                                                           },
                                                           false});
        QVERIFY(awaited<void>([&](auto done) { rig.store->open(&rig.context, done); }).has_value());
        const PullReport report = rig.pull({server.account()});
        QVERIFY(!report.allOk());
        QCOMPARE(report.accounts[0].error->kind, ErrorKind::DiskFull);
        const size_t stored = rig.rows().size();
        QCOMPARE(stored % 200, size_t(0));  // whole pages
        const auto cursors = rig.cursors();
        QCOMPARE(cursors.empty() ? size_t(0) : size_t(cursors[0].nextPage - 1) * 200, stored);
        const PullReport again = rig.pull({server.account()});
        QVERIFY2(again.allOk(), qPrintable(allText(again.accounts[0])));
        QCOMPARE(rig.rows().size(), size_t(1400));
    }
}

QTEST_GUILESS_MAIN(TestPullFaults)
#include "tst_pullfaults.moc"
