// A pull against a server that behaves: what is asked, stored, counted; resume, cancel, options.
#include <QSet>
#include <QTest>

#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestPuller final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyCallIsStoredOnce();
    void secondPullChangesNothing();
    void changedCallsAreCounted();
    void killedWalkResumesAtThePage();
    void fullForgetsWhereItStood();
    void finishedCampaignStartsAtPageOne();
    void cancelIsAtOnceAndTellsOnce();
    void cancelFromWithinProgress();
    void deletedWhileRunning();
    void secondStartIsRefused();
    void noAccounts();
    void namedCampaignsOnly();
    void namedCallsOnly();
    void rangeIsCutHere();
    void callsThatMayHaveChangedAreReadFirst();
    void aListedCallIsNotMissing();
    void unlistedCallsAreMarkedNotRemoved();
    void severalAccountsSideBySide();
    void progressGrowsPageByPage();
    void keyGoesToTheAccountsServerOnly();
};

void TestPuller::everyCallIsStoredOnce() {
    YotelServer server;
    server.addCampaign(u"june"_s, u"June renewals"_s);
    server.addCampaign(u"odd / ?id"_s, u"Win-back"_s);
    server.addCampaign(u"none"_s, u"Empty"_s);
    server.addCalls(u"june"_s, 450);
    server.addCalls(u"odd / ?id"_s, 200);
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QCOMPARE(report.accounts.size(), size_t(1));
    const AccountReport& one = report.accounts.front();
    QVERIFY2(one.ok, qPrintable(one.error ? one.error->message + one.error->detail : QString()));
    QVERIFY(report.allOk() && report.outcome() == PullOutcome::Complete);
    QCOMPARE(one.account, u"main"_s);
    QCOMPARE(one.pages, 6);  // a list of just one full page is asked for a second one
    QCOMPARE(one.received, qint64(650));
    QCOMPARE(one.added, qint64(650));
    QCOMPARE(one.changed, qint64(0));
    QCOMPARE(one.rejected, qint64(0));
    QCOMPARE(one.requests, 7);
    QCOMPARE(server.count(), 7);
    QVERIFY2(one.notices.isEmpty(), qPrintable(one.notices.join(u'\n')));
    QVERIFY(one.seconds > 0);
    QCOMPARE(server.pagesAsked(u"june"_s), (QList<int>{1, 2, 3}));
    for (const Request& request : server.requests(server.pagePath(u"june"_s))) {
        QCOMPARE(request.queryItem("page_size"_ba), "200"_ba);
        QCOMPARE(request.header("authorization"_ba), QByteArray("Bearer "_ba + server.key()));
    }
    const auto rows = rig.rows();
    QCOMPARE(rows.size(), size_t(650));
    QCOMPARE(rows.at(u"june-00450"_s).call.call.campaignName.value_or(QString()), u"June renewals"_s);
    QCOMPARE(rows.at(u"june-00450"_s).call.call.talkSeconds.value_or(-1), 184.0);
    const std::vector<PullCursor> cursors = rig.cursors();
    QCOMPARE(cursors.size(), size_t(3));
    for (const PullCursor& cursor : cursors) {
        QVERIFY2(cursor.complete, qPrintable(cursor.campaignId));
        QVERIFY(cursor.completedAt.has_value());
        QVERIFY(cursor.problem.isEmpty());
    }
}

void TestPuller::secondPullChangesNothing() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 250);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    const PullReport again = rig.pull({server.account()});
    QVERIFY(again.allOk());
    QCOMPARE(again.accounts[0].received, qint64(250));
    QCOMPARE(again.accounts[0].added, qint64(0));
    QCOMPARE(again.accounts[0].changed, qint64(0));
    QCOMPARE(again.accounts[0].unlisted, qint64(0));
    QCOMPARE(rig.rows().size(), size_t(250));
}

void TestPuller::changedCallsAreCounted() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 30);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    server.changeCall(u"c-00007"_s, {{u"disposition"_s, u"SOLD"_s}});
    server.changeCall(u"c-00009"_s, {{u"ai_sentiment"_s, u"positive"_s}});
    server.addCallAtTop(yotelCall(u"new"_s, u"c"_s));
    const PullReport report = rig.pull({server.account()});
    QCOMPARE(report.accounts[0].added, qint64(1));
    QCOMPARE(report.accounts[0].changed, qint64(2));
    QCOMPARE(rig.call(u"c-00007"_s)->call.disposition.value_or(QString()), u"SOLD"_s);
}

// The state of a walk is rows: a process that was killed leaves exactly what a store closed here leaves.
void TestPuller::killedWalkResumesAtThePage() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 2000);
    SyncRig rig(server);
    {
        const auto puller = rig.puller();
        int pages = 0;
        QSignalSpy finished(puller.get(), &Puller::finished);
        connect(puller.get(), &Puller::progressed, this, [&](const PullProgress& progress) { pages = progress.pages; });
        QVERIFY(puller->start({server.account()}, {}).has_value());
        QVERIFY(QTest::qWaitFor([&] { return pages >= 3; }, 20'000));
        // no cancel: gone in the middle, as with a kill
    }
    rig.store.reset();
    rig.open();
    const std::vector<PullCursor> cursors = rig.cursors();
    QCOMPARE(cursors.size(), size_t(1));
    QVERIFY(!cursors[0].complete);
    const int resumeAt = cursors[0].nextPage;
    QVERIFY(resumeAt >= 4 && resumeAt <= 10);
    QCOMPARE(rig.rows().size(), size_t(resumeAt - 1) * 200);  // page and cursor went in together

    server.forgetRequests();
    const PullReport report = rig.pull({server.account()});
    QVERIFY(report.allOk());
    QList<int> expected;  // the last page that was stored is read again: it shows whether the list is as it was
    for (int page = resumeAt - 1; page <= 10; ++page) {
        expected.append(page);
    }
    QCOMPARE(server.pagesAsked(u"c"_s), expected);
    QCOMPARE(rig.rows().size(), size_t(2000));
    QVERIFY(rig.cursors()[0].complete);
}

void TestPuller::fullForgetsWhereItStood() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 500);
    SyncRig rig(server);
    PullCursor cursor;
    cursor.account = u"main"_s;
    cursor.campaignId = u"c"_s;
    cursor.nextPage = 3;
    cursor.lastTotal = 500;
    QVERIFY(awaited<void>([&](auto done) { rig.store->saveCursor(cursor, &rig.context, done); }).has_value());
    PullOptions options;
    options.full = true;
    QVERIFY(rig.pull({server.account()}, options).allOk());
    QCOMPARE(server.pagesAsked(u"c"_s), (QList<int>{1, 2, 3}));
    QCOMPARE(rig.rows().size(), size_t(500));
}

void TestPuller::finishedCampaignStartsAtPageOne() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 300);
    SyncRig rig(server);
    for (int round = 0; round < 2; ++round) {
        server.forgetRequests();
        QVERIFY(rig.pull({server.account()}).allOk());
        QCOMPARE(server.pagesAsked(u"c"_s), (QList<int>{1, 2}));
    }
}

void TestPuller::cancelIsAtOnceAndTellsOnce() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 600);
    server.on(server.pagePath(u"c"_s), [&server](const Request& request) {
        return request.queryItem("page"_ba) == "1" ? server.answer(request) : Reply::broken(Fault::Hang);
    });
    SyncRig rig(server);
    const auto puller = rig.puller();
    QSignalSpy finished(puller.get(), &Puller::finished);
    QVERIFY(puller->start({server.account()}, {}).has_value());
    QTRY_COMPARE(puller->progress().pages, 1);
    puller->cancel();
    puller->cancel();
    QVERIFY(finished.isEmpty());
    QVERIFY(finished.wait(1000));
    QVERIFY(!puller->isRunning());
    QTest::qWait(60);
    QCOMPARE(finished.size(), 1);
    const auto report = finished.first().first().value<PullReport>();
    QVERIFY(!report.allOk());
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::Cancelled);
    QCOMPARE(report.accounts[0].received, qint64(200));
    QCOMPARE(rig.rows().size(), size_t(200));  // what is stored stays
    // and the same puller can be used again
    server.on(server.pagePath(u"c"_s), [&server](const Request& request) { return server.answer(request); });
    const PullReport again = SyncRig::finished(*puller, {server.account()});
    QVERIFY(again.allOk());
    QCOMPARE(rig.rows().size(), size_t(600));
}

void TestPuller::cancelFromWithinProgress() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCampaign(u"d"_s, u"D"_s);
    server.addCalls(u"c"_s, 1000);
    server.addCalls(u"d"_s, 1000);
    SyncRig rig(server);
    for (int at = 1; at <= 6; ++at) {
        const auto puller = rig.puller();
        QSignalSpy finished(puller.get(), &Puller::finished);
        int told = 0;
        connect(puller.get(), &Puller::progressed, this, [&] {
            if (++told == at) {
                puller->cancel();
            }
        });
        QVERIFY(puller->start({server.account()}, {}).has_value());
        QVERIFY(finished.wait(20'000));
        QCOMPARE(finished.size(), 1);
        QCOMPARE(told, at);  // nothing is told after a cancel
    }
    QVERIFY(rig.pull({server.account()}).allOk());
    QCOMPARE(rig.rows().size(), size_t(2000));
}

void TestPuller::deletedWhileRunning() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 1000);
    SyncRig rig(server);
    for (int requests = 1; requests <= 4; ++requests) {
        server.forgetRequests();
        auto puller = rig.puller();
        QVERIFY(puller->start({server.account()}, {}).has_value());
        QVERIFY(QTest::qWaitFor([&] { return server.count() >= requests; }, 10'000));
        puller.reset();
        QTest::qWait(5);
    }
    QVERIFY(rig.pull({server.account()}).allOk());
    QCOMPARE(rig.rows().size(), size_t(1000));
}

void TestPuller::secondStartIsRefused() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    SyncRig rig(server);
    const auto puller = rig.puller();
    QSignalSpy finished(puller.get(), &Puller::finished);
    QVERIFY(puller->start({server.account()}, {}).has_value());
    QVERIFY(puller->isRunning());
    const Done second = puller->start({server.account()}, {});
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::InvalidInput);
    QVERIFY(finished.wait(10'000));
    QTest::qWait(20);
    QCOMPARE(finished.size(), 1);
}

void TestPuller::noAccounts() {
    YotelServer server;
    SyncRig rig(server);
    const PullReport report = rig.pull({});
    QVERIFY(report.accounts.empty());
    QVERIFY(report.allOk() && report.accounts.empty());
}

void TestPuller::namedCampaignsOnly() {
    YotelServer server;
    server.addCampaign(u"a"_s, u"A"_s);
    server.addCampaign(u"b"_s, u"B"_s);
    server.addCalls(u"a"_s, 10);
    server.addCalls(u"b"_s, 10);
    SyncRig rig(server);
    PullOptions options;
    options.campaignIds = {u"b"_s, u"not-there"_s};
    const PullReport report = rig.pull({server.account()}, options);
    QVERIFY(!report.allOk());  // one of the campaigns asked for by name is not there
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::NotFound);
    QCOMPARE(report.accounts[0].notices.size(), 1);
    QVERIFY(report.accounts[0].notices[0].contains(u"not-there"_s));
    QCOMPARE(rig.rows().size(), size_t(10));
    QCOMPARE(server.count(server.pagePath(u"a"_s)), 0);
}

void TestPuller::namedCallsOnly() {
    YotelServer server;
    server.addCampaign(u"a"_s, u"A"_s);
    server.addCalls(u"a"_s, 10);
    server.addCall(yotelCall(u"inbound/1"_s, QString()));
    SyncRig rig(server);
    PullOptions options;
    options.callIds = {u"inbound/1"_s, u"a-00003"_s, u"gone"_s};
    PullReport report = rig.pull({server.account()}, options);
    QVERIFY(report.allOk());
    QCOMPARE(report.accounts[0].received, qint64(2));
    QCOMPARE(report.accounts[0].added, qint64(2));
    QCOMPARE(report.accounts[0].requests, 3);
    QVERIFY(report.accounts[0].notices.join(u' ').contains(u"gone"_s));
    QCOMPARE(rig.rows().size(), size_t(2));
    QVERIFY(!rig.call(u"inbound/1"_s)->call.campaignId.has_value());
    options.callIds = {u"gone"_s};
    report = rig.pull({server.account()}, options);
    QVERIFY(!report.allOk());
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::NotFound);
}

void TestPuller::rangeIsCutHere() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    for (int day = 1; day <= 20; ++day) {
        const QString time = u"2026-04-%1T12:00:00Z"_s.arg(day, 2, 10, QLatin1Char('0'));
        server.addCall(yotelCall(u"day-%1"_s.arg(day), u"c"_s, {{u"dial_time"_s, time}}));
    }
    server.addCall(yotelCall(u"timeless"_s, u"c"_s, {{u"dial_time"_s, QJsonValue()}}));
    SyncRig rig(server);
    PullOptions options;
    const auto day = [](int number) {
        return momentFromMs(QDateTime(QDate(2026, 4, number), QTime(0, 0), Qt::UTC).toMSecsSinceEpoch());
    };
    options.since = day(5);
    options.until = day(10);
    const PullReport report = rig.pull({server.account()}, options);
    QVERIFY(report.allOk());
    QCOMPARE(report.accounts[0].received, qint64(21));
    QCOMPARE(report.accounts[0].added, qint64(6));  // days 5 to 9 and the one without a time
    QCOMPARE(rig.rows().size(), size_t(6));
    QVERIFY(rig.cursors().empty());
    QVERIFY(rig.pull({server.account()}).allOk());
    QCOMPARE(rig.rows().size(), size_t(21));
}

void TestPuller::callsThatMayHaveChangedAreReadFirst() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 3);
    server.addCall(yotelCall(u"live"_s, u"c"_s, {{u"status"_s, u"in_progress"_s}, {u"end_time"_s, QJsonValue()}}));
    server.addCall(yotelCall(u"loose"_s, QString(), {{u"status"_s, u"ringing"_s}, {u"end_time"_s, QJsonValue()}}));
    SyncRig rig(server);
    PullOptions named;
    named.callIds = {u"loose"_s};
    QVERIFY(rig.pull({server.account()}, named).allOk());
    QVERIFY(rig.pull({server.account()}).allOk());
    server.changeCall(u"loose"_s, {{u"status"_s, u"completed"_s}, {u"end_time"_s, u"2026-04-18T14:40:15Z"_s}});
    server.removeCall(u"live"_s);
    server.forgetRequests();
    const PullReport report = rig.pull({server.account()});
    QVERIFY(report.allOk());
    const QList<QByteArray> targets = server.targets();
    QCOMPARE(targets.size(), 4);
    QVERIFY(targets[0].endsWith("/campaigns"));
    QVERIFY(targets[1].contains("/calls/") && targets[2].contains("/calls/"));
    QVERIFY(targets[3].contains("/campaigns/c/calls"));
    QCOMPARE(rig.call(u"loose"_s)->call.status, CallStatus::Completed);
    const auto live = rig.call(u"live"_s);
    QVERIFY(live.has_value());
    QVERIFY(live->notFoundSince.has_value());
    QVERIFY(report.accounts[0].notices.join(u' ').contains(u"live"_s));
}

// A server that does not know a call by its id although its list has it: nothing changes from pull to pull.
void TestPuller::aListedCallIsNotMissing() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 3);
    server.addCall(yotelCall(u"live"_s, u"c"_s, {{u"status"_s, u"in_progress"_s}, {u"end_time"_s, QJsonValue()}}));
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    server.on(server.callPath(u"live"_s), Reply::json("{\"detail\": \"Call not found\"}"_ba, 404));
    for (int i = 0; i < 2; ++i) {
        const PullReport report = rig.pull({server.account()});
        QVERIFY(report.allOk());
        QCOMPARE(server.count(server.callPath(u"live"_s)), i + 1);
        QCOMPARE(report.accounts[0].changed, qint64(0));
        QVERIFY(report.accounts[0].notices.isEmpty());
        QVERIFY(!rig.call(u"live"_s)->notFoundSince.has_value());
    }
    server.changeCall(u"live"_s, {{u"status"_s, u"completed"_s}});
    QCOMPARE(rig.pull({server.account()}).accounts[0].changed, qint64(1));
}

void TestPuller::unlistedCallsAreMarkedNotRemoved() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 30);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    QTest::qWait(3);  // a later moment
    server.removeCall(u"c-00011"_s);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(report.allOk());
    QCOMPARE(report.accounts[0].unlisted, qint64(1));
    QCOMPARE(rig.rows().size(), size_t(30));
    QVERIFY(rig.call(u"c-00011"_s)->unlistedSince.has_value());
    QVERIFY(!rig.call(u"c-00012"_s)->unlistedSince.has_value());
    QVERIFY(report.accounts[0].notices.join(u' ').contains(u"29"_s));
}

void TestPuller::severalAccountsSideBySide() {
    YotelServer first("yt_live_first"_ba);
    YotelServer second("yt_live_second"_ba);
    YotelServer third("yt_live_third"_ba);
    for (YotelServer* server : {&first, &second, &third}) {
        server->addCampaign(u"c"_s, u"C"_s);
        server->addCalls(u"c"_s, 20);
    }
    SyncRig rig(first, u"one"_s);
    rig.keys.set(u"two"_s, "yt_live_wrong"_ba);
    const PullReport report = rig.pull({first.account(u"one"_s), second.account(u"two"_s), third.account(u"three"_s)});
    QCOMPARE(report.accounts.size(), size_t(3));
    QVERIFY(report.accounts[0].ok);
    QVERIFY(!report.accounts[1].ok);
    QCOMPARE(report.accounts[1].error->kind, ErrorKind::Unauthorized);
    QCOMPARE(second.count(), 1);  // never again with the bad key
    QCOMPARE(report.accounts[2].error->kind, ErrorKind::NoKey);
    QCOMPARE(third.count(), 0);
    QVERIFY(!report.allOk() && report.outcome() == PullOutcome::Partly);
    QCOMPARE(rig.rows().size(), size_t(20));
}

void TestPuller::progressGrowsPageByPage() {
    YotelServer server;
    server.addCampaign(u"june"_s, u"June renewals"_s);
    server.addCalls(u"june"_s, 1000);
    SyncRig rig(server);
    const auto puller = rig.puller();
    std::vector<PullProgress> told;
    connect(puller.get(), &Puller::progressed, this, [&](const PullProgress& progress) { told.push_back(progress); });
    std::vector<size_t> shownWhile;
    qint64 shown = 0;
    connect(rig.store.get(), &Store::callsStored, this,
            [&](const std::shared_ptr<const std::vector<IndexRow>>& rows) { shown += qint64(rows->size()); });
    QVERIFY(SyncRig::finished(*puller, {server.account()}).allOk());
    QCOMPARE(shown, qint64(1000));
    QList<qint64> received;
    for (const PullProgress& progress : told) {
        if (received.isEmpty() || received.last() != progress.received) {
            received.append(progress.received);
        }
    }
    QCOMPARE(received, (QList<qint64>{0, 200, 400, 600, 800, 1000}));
    QCOMPARE(told.back().campaignsDone, 1);
    QCOMPARE(told.back().campaigns, 1);
    QCOMPARE(told.back().campaign, u"June renewals"_s);
    QCOMPARE(told.back().total.value_or(0), qint64(1000));
    QCOMPARE(told.back().account, u"main"_s);
}

void TestPuller::keyGoesToTheAccountsServerOnly() {
    YotelServer server("yt_live_CANARY"_ba);
    LoopbackServer other;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 5);
    server.on(server.pagePath(u"c"_s), Reply::redirect(other.url(u"/calls"_s).toEncoded(), 307));
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(!report.allOk());
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::NotTheApi);
    QCOMPARE(other.count(), 0);
    const QString text =
        report.accounts[0].error->message + report.accounts[0].error->detail + report.accounts[0].notices.join(u' ');
    QVERIFY(!text.contains(u"CANARY"_s));
}

QTEST_GUILESS_MAIN(TestPuller)
#include "tst_puller.moc"
