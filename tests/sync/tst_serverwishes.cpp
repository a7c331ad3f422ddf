// What a server asks of us and how little it hears while it is down: one pace for everything that asks one account,
// wishes that outlive the process, and few requests in an outage.
#include <QElapsedTimer>
#include <QTest>

#include "models/sync/accountpaces.h"
#include "models/sync/callrefresher.h"
#include "models/sync/recordingfetcher.h"
#include "tests/support/asking.h"
#include "tests/support/atomsserver.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestServerWishes final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void wishHeardByAPullHoldsReReads();
    void wishHeardByAReReadHoldsThePull();
    void wishInTheBodyIsHeard();
    void wishOutlivesTheProcess();
    void storedWishIsNeverLongerThanAnHour();
    void otherAccountsAreNotHeld();
    void ourOwnPatienceIsNotPutInTheServersMouth();
    void wishOfTheStorageIsObeyed();
    void aRecordingTooLargeIsNoPageTooLarge();
    void brakeLetsOneTryAtATime();
    void anOutageOfTenMinutesCostsFewRequests_data();
    void anOutageOfTenMinutesCostsFewRequests();
    void requestsUnderWayTogetherFailOnce();

 private:
    [[nodiscard]] static Result<Call> reread(CallRefresher& refresher, SyncRig& rig, const QString& id) {
        return awaited<Call>([&](auto done) { refresher.refresh({u"main"_s, id}, &rig.context, done); });
    }
    [[nodiscard]] static std::unique_ptr<CallRefresher> refresherOf(SyncRig& rig, const Account& account) {
        auto made = std::make_unique<CallRefresher>(rig.store.get(), &rig.http, &rig.keys, rig.clock);
        made->setAccounts({account});
        made->setPatience(quickPatience());
        return made;
    }
};

void TestServerWishes::wishHeardByAPullHoldsReReads() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 3);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    server.on("/api/v1/campaigns"_ba, Reply::tooMany("3600"_ba));
    const auto puller = rig.puller();
    QVERIFY(puller->start({server.account()}, {}).has_value());
    QTRY_VERIFY(!puller->progress().waitingFor.isEmpty());
    QVERIFY2(puller->progress().waitingFor.startsWith(u"Yotel asks to wait 60 min, until "_s),
             qPrintable(puller->progress().waitingFor));
    server.forgetRequests();
    const auto refresher = refresherOf(rig, server.account());
    const Result<Call> call = reread(*refresher, rig, u"c-00001"_s);
    QVERIFY(!call);
    QCOMPARE(call.error().kind, ErrorKind::RateLimited);
    QVERIFY(call.error().retryAfter > 3500s);
    QCOMPARE(server.count(), 0);
    // and a cancelled pull says what it waited for
    QSignalSpy finished(puller.get(), &Puller::finished);
    puller->cancel();
    QVERIFY(!finished.isEmpty() || finished.wait(1000));
    const auto report = finished.first().first().value<PullReport>();
    QCOMPARE(report.accounts[0].error->kind, ErrorKind::Cancelled);
    QVERIFY(report.accounts[0].error->message.contains(u"asks to wait"_s));
}

void TestServerWishes::wishHeardByAReReadHoldsThePull() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 3);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    server.on(server.callPath(u"c-00001"_s), Reply::tooMany("1"_ba));
    const auto refresher = refresherOf(rig, server.account());
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!reread(*refresher, rig, u"c-00001"_s));
    server.forgetRequests();
    QVERIFY(rig.pull({server.account()}).allOk());
    QVERIFY(timer.elapsed() >= 1000);
    QCOMPARE(server.count("/api/v1/campaigns"_ba), 1);
}

void TestServerWishes::wishInTheBodyIsHeard() {
    AtomsServer server;
    server.addCalls(1);
    SyncRig rig(server.key());
    const Account account = server.account(u"main"_s);
    QVERIFY(rig.pull({account}).allOk());
    server.on(server.callPath(atomsId(1)), atomsTooMany(3600));
    const auto refresher = refresherOf(rig, account);
    const Result<Call> call = reread(*refresher, rig, atomsId(1));
    QVERIFY(!call);
    QCOMPARE(call.error().kind, ErrorKind::RateLimited);
    QVERIFY(call.error().retryAfter > 3500s);
    // and the account is not asked before
    server.forgetRequests();
    QVERIFY(!reread(*refresher, rig, atomsId(1)));
    QCOMPARE(server.count(), 0);
}

void TestServerWishes::wishOutlivesTheProcess() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 3);
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    server.on(server.callPath(u"c-00001"_s), Reply::tooMany("1800"_ba));
    {
        const auto refresher = refresherOf(rig, server.account());
        QVERIFY(!reread(*refresher, rig, u"c-00001"_s));
    }
    QTRY_VERIFY([&] {  // written in the background
        auto database = CallsDatabase::open(rig.folder.filePath(u"calls.db"_s), CallsDatabase::Access::ReadOnly);
        return database && (*database)->serverWishes()->size() == 1;
    }());
    rig.store.reset();
    rig.open();
    HttpClient anotherProcess(rig.clock);
    server.forgetRequests();
    CallRefresher refresher(rig.store.get(), &anotherProcess, &rig.keys, rig.clock);
    refresher.setAccounts({server.account()});
    const Result<Call> call = reread(refresher, rig, u"c-00002"_s);
    QVERIFY(!call);
    QCOMPARE(call.error().kind, ErrorKind::RateLimited);
    QVERIFY2(call.error().message.contains(u"Yotel asks to wait 30 min"_s), qPrintable(call.error().message));
    QCOMPARE(server.count(), 0);
}

void TestServerWishes::storedWishIsNeverLongerThanAnHour() {
    const Moment now = momentFromMs(1'776'000'000'000);
    QCOMPARE(wishLeft(now + 7s, now), 7000ms);
    QCOMPARE(wishLeft(now - 7s, now), 0ms);
    QCOMPARE(wishLeft(now + std::chrono::hours(24 * 365), now), 1h);
    QCOMPARE(wishLeft(std::nullopt, now), 0ms);
}

void TestServerWishes::otherAccountsAreNotHeld() {
    YotelServer busy;
    YotelServer idle;
    for (YotelServer* server : {&busy, &idle}) {
        server->addCampaign(u"c"_s, u"C"_s);
        server->addCalls(u"c"_s, 3);
    }
    busy.on("/api/v1/campaigns"_ba, Reply::tooMany("3600"_ba));
    SyncRig rig(busy, u"busy"_s);
    rig.keys.set(u"idle"_s, idle.key());
    const auto puller = rig.puller();
    QVERIFY(puller->start({busy.account(u"busy"_s), idle.account(u"idle"_s)}, {}).has_value());
    QTRY_COMPARE(rig.rows().size(), size_t(3));
    QCOMPARE(busy.count(), 1);
    puller->cancel();
}

void TestServerWishes::ourOwnPatienceIsNotPutInTheServersMouth() {
    YotelServer server;
    server.onSequence("/api/v1/campaigns"_ba, {Reply::tooMany("soon"_ba), Reply::json("[]"_ba)});
    SyncRig rig(server);
    const auto puller = rig.puller();
    QStringList waits;
    connect(puller.get(), &Puller::progressed, this, [&waits](const PullProgress& progress) {
        if (!progress.waitingFor.isEmpty()) {
            waits.append(progress.waitingFor);
        }
    });
    QVERIFY(SyncRig::finished(*puller, {server.account()}).allOk());
    QCOMPARE(waits.size(), 1);
    QVERIFY2(waits[0].contains(u"without saying for how long"_s) && !waits[0].contains(u"asks to wait"_s),
             qPrintable(waits[0]));
}

void TestServerWishes::wishOfTheStorageIsObeyed() {
    YotelServer server;
    LoopbackServer storage;
    server.addCampaign(u"c"_s, u"C"_s);
    for (const QString& id : {u"r"_s, u"s"_s}) {
        server.addCall(yotelCall(
            id, u"c"_s,
            {{u"has_recording"_s, true}, {u"recording_url"_s, storage.url(u"/%1.wav?sig=1"_s.arg(id)).toString()}}));
    }
    storage.onAnythingElse([](const Request&) { return Reply::code(503).with("Retry-After"_ba, "600"_ba); });
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    const auto refresher = refresherOf(rig, server.account());
    RecordingFetcher fetcher(rig.folder.path() + u"/recordings"_s, rig.store.get(), &rig.http, refresher.get());
    fetcher.setAccounts({server.account()});
    const auto fetched = [&](const QString& id) {
        return awaited<FetchedRecording>([&](auto done) { fetcher.fetch({u"main"_s, id}, &rig.context, done); });
    };
    const Result<FetchedRecording> first = fetched(u"r"_s);
    QCOMPARE(first.error().kind, ErrorKind::ServerTrouble);
    QCOMPARE(*first.error().retryAfter, 600s);
    const Result<FetchedRecording> second = fetched(u"s"_s);
    QCOMPARE(second.error().kind, ErrorKind::RateLimited);
    QVERIFY(errorText(second.error()).contains(u"10 minute"_s));
    QCOMPARE(storage.count(), 1);
    QVERIFY(rig.pull({server.account()}).allOk());  // another server
}

void TestServerWishes::aRecordingTooLargeIsNoPageTooLarge() {
    YotelServer server;
    LoopbackServer storage;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCall(yotelCall(u"r"_s, u"c"_s,
                             {{u"has_recording"_s, true}, {u"recording_url"_s, storage.url(u"/r.wav"_s).toString()}}));
    storage.on("/r.wav"_ba,
               Reply::broken(Fault::CloseDelimited, "RIFF"_ba).with("Content-Length"_ba, "10000000000"_ba));
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    const auto refresher = refresherOf(rig, server.account());
    RecordingFetcher fetcher(rig.folder.path() + u"/recordings"_s, rig.store.get(), &rig.http, refresher.get());
    fetcher.setAccounts({server.account()});
    const auto fetched = awaited<FetchedRecording>([&](auto done) {
        fetcher.fetch({u"main"_s, u"r"_s}, &rig.context, done);
    });
    QCOMPARE(fetched.error().kind, ErrorKind::TooLarge);
    const QString text = errorText(fetched.error());
    QVERIFY2(text.contains(u"512 MiB"_s) && !text.contains(u"page"_s), qPrintable(text));
}

// --- outages

void TestServerWishes::brakeLetsOneTryAtATime() {
    auto clock = std::make_shared<FakeClock>();
    OutageBrake brake(clock, RetryPolicy());
    const Error down = makeError(ErrorKind::Offline);
    QCOMPARE(brake.waitBeforeNext(), 0ms);
    brake.noteFailed(brake.noteSent(), down, 1.0);
    QCOMPARE(brake.waitBeforeNext(), 500ms);
    clock->advance(500ms);
    QCOMPARE(brake.waitBeforeNext(), 0ms);
    const auto probe = brake.noteSent();
    QCOMPARE(brake.waitBeforeNext(), 30'000ms);  // whoever comes now waits for its end
    clock->advance(2s);
    brake.noteFailed(probe, down, 1.0);
    QCOMPARE(brake.waitBeforeNext(), 1000ms);
    brake.noteAnswered();
    QCOMPARE(brake.waitBeforeNext(), 0ms);
}

void TestServerWishes::requestsUnderWayTogetherFailOnce() {
    auto clock = std::make_shared<FakeClock>();
    OutageBrake brake(clock, RetryPolicy());
    std::vector<OutageBrake::Instant> sent;
    for (int i = 0; i < 9; ++i) {
        sent.push_back(brake.noteSent());
        clock->advance(1ms);
    }
    for (const auto at : sent) {
        brake.noteFailed(at, makeError(ErrorKind::Timeout), 1.0);
        clock->advance(1ms);
    }
    QVERIFY(brake.waitBeforeNext() <= 500ms);
}

void TestServerWishes::anOutageOfTenMinutesCostsFewRequests_data() {
    QTest::addColumn<double>("random");
    QTest::newRow("longest waits") << 1.0;
    QTest::newRow("shortest waits") << 0.0;
}

/// Re-reads of opened calls and rungs of the recording ladder come all the time; the clock is the test's.
void TestServerWishes::anOutageOfTenMinutesCostsFewRequests() {
    QFETCH(double, random);
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 3);
    auto clock = std::make_shared<FakeClock>();
    SyncRig rig(server);
    const Patience patience{RetryPolicy(), [random] { return random; }};
    HttpClient http(clock);
    CallRefresher refresher(rig.store.get(), &http, &rig.keys, clock);
    refresher.setAccounts({server.account()});
    refresher.setPatience(patience);
    QVERIFY(reread(refresher, rig, u"c-00001"_s).has_value());
    server.onAnythingElse([](const Request&) { return Reply::code(503); });
    server.forgetRequests();
    int asked = 0;
    for (auto passed = 0ms; passed < 10min; passed += 250ms, ++asked) {
        if (http.pace(u"main"_s, server.account().baseUrl, 0)->brake->waitBeforeNext() > 0ms && asked % 40 != 0) {
            clock->advance(250ms);  // the answer is known; only every 40th is really asked for, to save time
            continue;
        }
        const Result<Call> call = reread(refresher, rig, u"c-0000%1"_s.arg(asked % 3 + 1));
        QVERIFY(!call);
        QCOMPARE(call.error().kind, ErrorKind::ServerTrouble);
        clock->advance(250ms);
    }
    QVERIFY2(server.count() <= 20, qPrintable(QString::number(server.count())));
    QVERIFY2(server.count() >= 10, "nobody would learn that the server is back");
    qInfo("%d questions, %d requests in ten minutes", asked, server.count());
    // A person who pulls is answered at once, with one request and not four.
    server.forgetRequests();
    Puller puller(rig.store.get(), &http, &rig.keys, clock);
    puller.setPatience(patience);
    QVERIFY(!SyncRig::finished(puller, {server.account()}).allOk());
    QCOMPARE(server.count(), 1);
    // After the end of the outage the next question after at most a minute finds out.
    server.onAnythingElse([&server](const Request& request) { return server.answer(request); });
    clock->advance(60s);
    QVERIFY(reread(refresher, rig, u"c-00002"_s).has_value());
    QVERIFY(reread(refresher, rig, u"c-00003"_s).has_value());
}

QTEST_GUILESS_MAIN(TestServerWishes)
#include "tst_serverwishes.moc"
