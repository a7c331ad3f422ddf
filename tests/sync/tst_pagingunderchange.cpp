// Lists that change while they are read (fault table D15 to D21): after one pull nothing is missing and nothing double.
#include <QTest>
#include <algorithm>
#include <random>

#include "tests/support/seed.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestPagingUnderChange final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void rowsInsertedAtTopWhileReading();
    void rowsRemovedWhileReading();
    void randomSchedules();
    void interruptedWhereALaterPageLooksLikeTheLast();
    void interruptedInAListThatIsAsLongAsThen_data();
    void interruptedInAListThatIsAsLongAsThen();
    void interruptedWhereThereIsNoPageNow_data();
    void interruptedWhereThereIsNoPageNow();
    void refusedEverywhereStaysAFailure();
    void stoppedWhenTheListHadMoved();
    void stoppedWhenTheListStoodStill();
    void emptiedCampaignIsTold();
    void serversThatLie_data();
    void serversThatLie();
};

void TestPagingUnderChange::rowsInsertedAtTopWhileReading() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 1000);
    auto done = std::make_shared<std::atomic<bool>>(false);
    server.on(server.pagePath(u"c"_s), [&server, done](const Request& request) {
        const Reply reply = server.answer(request);
        if (request.queryItem("page"_ba) == "1" && !done->exchange(true)) {
            for (int i = 0; i < 3; ++i) {
                server.addCallAtTop(yotelCall(u"new-%1"_s.arg(i), u"c"_s));
            }
        }
        return reply;
    });
    SyncRig rig(server);
    const PullReport report = rig.pull({server.account()});
    QVERIFY(report.allOk());
    QCOMPARE(rig.rows().size(), size_t(1003));
    QVERIFY2(server.count(server.pagePath(u"c"_s)) <= 8, "a second pass ends when all are seen");
    QCOMPARE(report.accounts[0].unlisted, qint64(0));
}

void TestPagingUnderChange::rowsRemovedWhileReading() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 1000);
    auto done = std::make_shared<std::atomic<bool>>(false);
    server.on(server.pagePath(u"c"_s), [&server, done](const Request& request) {
        const Reply reply = server.answer(request);
        if (request.queryItem("page"_ba) == "1" && !done->exchange(true)) {
            server.removeCall(u"c-00002"_s);
            server.removeCall(u"c-00003"_s);
        }
        return reply;
    });
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    const auto rows = rig.rows();
    for (int i = 1; i <= 1000; ++i) {
        const QString id = u"c-%1"_s.arg(i, 5, 10, QLatin1Char('0'));
        QVERIFY2(rows.contains(id), qPrintable(id));
    }
}

// Inserts and removals at random moments of the walk; the pull after it may need one more only where the list changed
// in the very last page of the second pass, so the check is: what existed from before the pull to its end is here.
void TestPagingUnderChange::randomSchedules() {
    const unsigned seed = testSeed();
    for (unsigned round = 0; round < 25; ++round) {
        std::mt19937 random(seed + round);
        YotelServer server;
        server.addCampaign(u"c"_s, u"C"_s);
        const int count = 30 + int(random() % 150);
        server.addCalls(u"c"_s, count);
        auto changes = std::make_shared<std::atomic<int>>(3);
        auto removed = std::make_shared<QStringList>();
        auto mutex = std::make_shared<std::mutex>();
        auto engine = std::make_shared<std::mt19937>(random());
        server.on(server.pagePath(u"c"_s), [=, &server](const Request& request) {
            const std::scoped_lock lock(*mutex);
            const Reply reply = server.answer(request);
            if ((*engine)() % 3 == 0 && changes->fetch_sub(1) > 0) {
                if ((*engine)() % 2 == 0) {
                    server.addCallAtTop(yotelCall(u"new-%1"_s.arg((*engine)()), u"c"_s));
                } else {
                    const QString id = u"c-%1"_s.arg(1 + int((*engine)() % unsigned(count)), 5, 10, QLatin1Char('0'));
                    server.removeCall(id);
                    removed->append(id);
                }
            }
            return reply;
        });
        SyncRig rig(server);
        Account account = server.account();
        account.pageSize = 20;
        const PullReport report = rig.pull({account});
        QVERIFY(report.allOk());
        const int pages = (count + 3 + 19) / 20;
        QVERIFY2(server.count(server.pagePath(u"c"_s)) <= 4 * (pages + 2),
                 "at most three more passes, one for each change");
        changes->store(0);
        // A change during the second pass itself is left to the next pull, which is quiet.
        QVERIFY(rig.pull({account}).allOk());
        const auto rows = rig.rows();
        for (int i = 1; i <= count; ++i) {
            const QString id = u"c-%1"_s.arg(i, 5, 10, QLatin1Char('0'));
            QVERIFY2(rows.contains(id) || removed->contains(id),
                     qPrintable(u"seed %1: %2"_s.arg(seed + round).arg(id)));
            if (rows.contains(id) && !removed->contains(id)) {
                QVERIFY2(!rows.at(id).call.unlistedSince, qPrintable(u"seed %1: %2"_s.arg(seed + round).arg(id)));
            }
        }
    }
}

/// Pages of `given` rows, said to be as large as was asked for; those behind `last` are refused.
PageMode refusedBehind(int last, int given) {
    return [last, given](PagedList& list, const PageAsk& ask) {
        PageAnswer answer = honestPage(list, {ask.page, given});
        answer.size = ask.size;
        answer.status = ask.page > last ? 400 : 200;
        return answer;
    };
}

/// A pull of the campaign "c" that ends after `pages` pages, each of `given` rows.
void interruptAfter(int pages, int given, YotelServer& server, SyncRig& rig, const Account& account) {
    server.setPageMode(refusedBehind(pages, given));
    QVERIFY(!rig.pull({account}).allOk());
    QCOMPARE(rig.rows().size(), size_t(pages * given));
    QCOMPARE(rig.cursors().size(), size_t(1));
    QCOMPARE(rig.cursors()[0].nextPage, pages + 1);
    server.forgetRequests();
}

// A server that gives ten rows a page and says twenty: by its word the fourth of seven pages holds the last ten of
// seventy. A walk that goes on there measures its pages by one that it knows to be full.
void TestPagingUnderChange::interruptedWhereALaterPageLooksLikeTheLast() {
    constexpr int kGiven = 10;
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 70);
    SyncRig rig(server);
    Account account = server.account();
    account.pageSize = 2 * kGiven;
    interruptAfter(3, kGiven, server, rig, account);
    server.setPageMode(refusedBehind(1'000, kGiven));
    const PullReport report = rig.pull({account});
    QVERIFY(report.allOk());
    QCOMPARE(rig.rows().size(), size_t(70));
    QCOMPARE(server.pagesAsked(u"c"_s), (QList<int>{3, 4, 5, 6, 7}));
    QVERIFY(rig.cursors()[0].complete);
}

void TestPagingUnderChange::interruptedInAListThatIsAsLongAsThen_data() {
    QTest::addColumn<int>("gone");        // from the top, and as many come at the end
    QTest::addColumn<int>("givenAfter");  // rows of a page, when the walk goes on
    QTest::newRow("a call went, another came") << 1 << 10;
    QTest::newRow("nine went, nine came") << 9 << 10;
    QTest::newRow("a page went, a page came") << 10 << 10;
    QTest::newRow("two pages went, two pages came") << 20 << 10;
    QTest::newRow("larger pages") << 0 << 15;
    QTest::newRow("smaller pages") << 0 << 5;
}

// As many calls as then are no proof that the pages before hold the same ones: what slipped there is read all the same.
void TestPagingUnderChange::interruptedInAListThatIsAsLongAsThen() {
    QFETCH(int, gone);
    QFETCH(int, givenAfter);
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 70);
    SyncRig rig(server);
    Account account = server.account();
    account.pageSize = 20;
    interruptAfter(3, 10, server, rig, account);
    for (int i = 1; i <= gone; ++i) {
        server.removeCall(u"c-%1"_s.arg(i, 5, 10, QLatin1Char('0')));
        server.addCall(yotelCall(u"late-%1"_s.arg(i), u"c"_s));
    }
    server.setPageMode(refusedBehind(1'000, givenAfter));
    QVERIFY(rig.pull({account}).allOk());
    QCOMPARE(rig.rows().size(), size_t(70 + gone));  // those that went were stored before
    QVERIFY(rig.cursors()[0].complete);
}

void TestPagingUnderChange::interruptedWhereThereIsNoPageNow_data() {
    QTest::addColumn<int>("status");  // of pages behind the end
    QTest::newRow("400") << 400;
    QTest::newRow("404") << 404;
    QTest::newRow("409") << 409;
    QTest::newRow("422") << 422;
}

// Meanwhile the list has become too short for the page at which the walk stood, and the server refuses what lies behind
// its end: the walk begins with page 1 instead of asking for that page for ever.
void TestPagingUnderChange::interruptedWhereThereIsNoPageNow() {
    QFETCH(int, status);
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 70);
    SyncRig rig(server);
    Account account = server.account();
    account.pageSize = 10;
    interruptAfter(5, 10, server, rig, account);
    for (int i = 31; i <= 70; ++i) {
        server.removeCall(u"c-%1"_s.arg(i, 5, 10, QLatin1Char('0')));
    }
    server.addCall(yotelCall(u"late"_s, u"c"_s));
    server.setPageMode([status](PagedList& list, const PageAsk& ask) {
        PageAnswer answer = refusedBehind(4, 10)(list, ask);
        answer.status = answer.status == 400 ? status : answer.status;
        return answer;
    });
    const PullReport report = rig.pull({account});
    QVERIFY(report.allOk());
    const QList<int> asked = server.pagesAsked(u"c"_s);
    QCOMPARE(asked.count(5), 1);
    QVERIFY(asked.contains(1) && asked.contains(4));
    QVERIFY(rig.rows().contains(u"late"_s));
    QVERIFY(rig.cursors()[0].complete);
}

// Where page 1 is refused as well the end of the list has nothing to do with it.
void TestPagingUnderChange::refusedEverywhereStaysAFailure() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 70);
    SyncRig rig(server);
    Account account = server.account();
    account.pageSize = 10;
    interruptAfter(5, 10, server, rig, account);
    server.setPageMode(refusedBehind(0, 10));
    const PullReport report = rig.pull({account});
    QVERIFY(!report.allOk());
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::Refused);
    QCOMPARE(server.pagesAsked(u"c"_s), (QList<int>{1, 5}));
    QVERIFY(!rig.cursors()[0].complete);
    QCOMPARE(rig.rows().size(), size_t(50));
}

/// A pull that is gone as soon as it has stored one page: what it leaves is what a kill leaves there.
void stopAfterOnePage(SyncRig& rig, const Account& account) {
    const auto puller = rig.puller();
    QSignalSpy finished(puller.get(), &Puller::finished);
    QObject::connect(puller.get(), &Puller::progressed, puller.get(), [&puller](const PullProgress& progress) {
        if (progress.pages > 0) {
            puller->cancel();
        }
    });
    QVERIFY(puller->start({account}, {}).has_value());
    QVERIFY(!finished.isEmpty() || finished.wait(20'000));
}

// The page that is read again shows a call that slipped up to it. Stored, that call is no longer news: that the list
// has moved must be written with it, or what slipped further up comes only with the next whole walk.
void TestPagingUnderChange::stoppedWhenTheListHadMoved() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 70);
    SyncRig rig(server);
    Account account = server.account();
    account.pageSize = 10;
    interruptAfter(3, 10, server, rig, account);
    for (int i = 1; i <= 15; ++i) {  // 31 to 45 slip up: 31 to 35 over the page that is read again
        server.removeCall(u"c-%1"_s.arg(i, 5, 10, QLatin1Char('0')));
    }
    server.setPageMode({});
    stopAfterOnePage(rig, account);
    QCOMPARE(server.pagesAsked(u"c"_s).first(), 3);
    QVERIFY(rig.rows().contains(u"c-00036"_s));
    QVERIFY(!rig.rows().contains(u"c-00031"_s));
    server.forgetRequests();
    QVERIFY(rig.pull({account}).allOk());
    QCOMPARE(server.pagesAsked(u"c"_s).first(), 1);
    QCOMPARE(rig.rows().size(), size_t(70));
    QVERIFY(rig.cursors()[0].complete);
}

// Where that page shows nothing new, being stopped there costs no page that was read before.
void TestPagingUnderChange::stoppedWhenTheListStoodStill() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 70);
    SyncRig rig(server);
    Account account = server.account();
    account.pageSize = 10;
    interruptAfter(3, 10, server, rig, account);
    server.setPageMode({});
    stopAfterOnePage(rig, account);
    QCOMPARE(rig.rows().size(), size_t(30));
    server.forgetRequests();
    QVERIFY(rig.pull({account}).allOk());
    QCOMPARE(server.pagesAsked(u"c"_s), (QList<int>{3, 4, 5, 6, 7}));
    QCOMPARE(rig.rows().size(), size_t(70));
}

// "1000 calls", and none of them: nothing is marked, and the report says what is kept.
void TestPagingUnderChange::emptiedCampaignIsTold() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 30);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    for (const QByteArray& total : {"1000"_ba, "0"_ba}) {
        server.on(server.pagePath(u"c"_s), [total](const Request&) {
            return Reply::json("{\"items\": [], \"total\": "_ba + total + ", \"page\": 1, \"page_size\": 200}"_ba);
        });
        const PullReport report = rig.pull({server.account()});
        QVERIFY(report.allOk());
        const QString notices = report.accounts[0].notices.join(u'\n');
        QVERIFY2(notices.contains(u"all that are known here are kept"_s), qPrintable(notices));
        QCOMPARE(report.accounts[0].unlisted, qint64(0));
        const auto rows = rig.rows();
        QCOMPARE(rows.size(), size_t(30));
        for (const auto& [id, row] : rows) {
            QVERIFY2(!row.call.unlistedSince, qPrintable(id));
        }
    }
}

void TestPagingUnderChange::serversThatLie_data() {
    QTest::addColumn<QByteArray>("total");  // as JSON
    QTest::addColumn<QByteArray>("pageSize");
    QTest::addColumn<int>("given");
    QTest::addColumn<int>("mostRequests");
    QTest::newRow("honest") << "60"_ba
                            << "20"_ba << 20 << 3;
    QTest::newRow("total missing") << "null"_ba
                                   << "20"_ba << 20 << 8;
    QTest::newRow("total as text") << "\"60\""_ba
                                   << "20"_ba << 20 << 8;
    QTest::newRow("total negative") << "-1"_ba
                                    << "20"_ba << 20 << 8;
    QTest::newRow("total 2^63") << "9223372036854775808"_ba
                                << "20"_ba << 20 << 8;
    QTest::newRow("total zero") << "0"_ba
                                << "20"_ba << 20 << 8;
    QTest::newRow("total too big") << "5000"_ba
                                   << "20"_ba << 20 << 12;
    QTest::newRow("smaller pages, told") << "60"_ba
                                         << "10"_ba << 10 << 6;
    QTest::newRow("smaller pages, denied") << "60"_ba
                                           << "200"_ba << 10 << 6;
    QTest::newRow("all at once") << "60"_ba
                                 << "20"_ba << 60 << 2;
}

void TestPagingUnderChange::serversThatLie() {
    QFETCH(QByteArray, total);
    QFETCH(QByteArray, pageSize);
    QFETCH(int, given);
    QFETCH(int, mostRequests);
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.on(server.pagePath(u"c"_s), [=](const Request& request) {
        const int page = request.queryItem("page"_ba).toInt();
        QByteArrayList items;
        for (int i = (page - 1) * given; i < std::min(page * given, 60); ++i) {
            items.append("{\"id\": \"id-"_ba + QByteArray::number(i) + "\"}");
        }
        return Reply::json("{\"items\": ["_ba + items.join(',') + "], \"total\": " + total +
                           ", \"page\": " + QByteArray::number(page) + ", \"page_size\": " + pageSize + '}');
    });
    SyncRig rig(server);
    Account account = server.account();
    account.pageSize = 20;
    const PullReport report = rig.pull({account});
    QVERIFY(report.allOk());
    QCOMPARE(rig.rows().size(), size_t(60));
    const int asked = server.count(server.pagePath(u"c"_s));
    QVERIFY2(asked <= mostRequests, qPrintable(QString::number(asked)));
}

QTEST_GUILESS_MAIN(TestPagingUnderChange)
#include "tst_pagingunderchange.moc"
