// The key goes to the account's own server and nowhere else, however badly that server behaves: every fault mode at
// every kind of request, with a second origin and a storage of recordings that log what they are sent.
#include <QTest>

#include "models/sync/callrefresher.h"
#include "models/sync/recordingfetcher.h"
#include "tests/support/faultmodes.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

class ImpatientClient final : public HttpClient {
 public:
    using HttpClient::HttpClient;
    std::unique_ptr<HttpTicket> send(HttpRequest request, std::function<void(Result<HttpAnswer>)> done) override {
        request.inactivityDeadline = 150ms;
        request.totalDeadline = 500ms;
        request.bodyCap = 1024 * 1024;
        return HttpClient::send(std::move(request), std::move(done));
    }
};

}  // namespace

class TestKeySweep final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyFaultAtEveryRequest_data();
    void everyFaultAtEveryRequest();
};

void TestKeySweep::everyFaultAtEveryRequest_data() {
    QTest::addColumn<int>("mode");
    const FaultModes modes = allModes(QUrl(u"http://elsewhere.test"_s));
    for (int i = 0; i < int(modes.size()); ++i) {
        QTest::addRow("%d %s", i, modes[size_t(i)].name) << i;
    }
}

void TestKeySweep::everyFaultAtEveryRequest() {
    QFETCH(int, mode);
    YotelServer server("yt_live_CANARY"_ba);
    LoopbackServer elsewhere;
    LoopbackServer storage;
    const FaultMode how = allModes(elsewhere.url(u"/stolen"_s))[size_t(mode)];
    const Reply fault = how.reply;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 5);
    server.addCall(yotelCall(
        u"r"_s, u"c"_s, {{u"has_recording"_s, true}, {u"recording_url"_s, storage.url(u"/r.wav?sig=1"_s).toString()}}));
    storage.onAnythingElse([&](const Request&) { return fault; });
    SyncRig rig(server);
    QVERIFY(rig.pull({server.account()}).allOk());
    QByteArrayList paths{"/api/v1/campaigns"_ba, server.pagePath(u"c"_s), server.callPath(u"r"_s)};
    if (fault.status < 300 || fault.status >= 400) {
        paths = {paths[mode % 3]};  // what names no other place is the same everywhere: a third of them each
    }
    for (const QByteArray& path : paths) {
        // A client each: what one path makes the server ask for must not keep the next from being tried.
        ImpatientClient http(rig.clock);
        Puller puller(rig.store.get(), &http, &rig.keys, rig.clock);
        puller.setPatience(quickPatience());
        CallRefresher refresher(rig.store.get(), &http, &rig.keys, rig.clock);
        refresher.setAccounts({server.account()});
        refresher.setPatience(quickPatience());
        server.on(path, fault);
        PullOptions options;
        if (path == server.callPath(u"r"_s)) {
            options.callIds = {u"r"_s};
        }
        QSignalSpy finished(&puller, &Puller::finished);
        QVERIFY(puller.start({server.account()}, options).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty() || !puller.progress().waitingFor.isEmpty(), 20'000);
        (void)QTest::qWaitFor([&] { return !finished.isEmpty(); }, 250);
        puller.cancel();
        QTRY_VERIFY(!finished.isEmpty());
        for (const AccountReport& account : finished.first().first().value<PullReport>().accounts) {
            const QString text = account.notices.join(u' ') +
                                 (account.error ? errorText(*account.error) + account.error->detail : QString());
            QVERIFY2(!text.contains(u"CANARY"_s), qPrintable(text));
        }
        RecordingFetcher fetcher(rig.folder.path() + u"/recordings"_s, rig.store.get(), &http, &refresher);
        fetcher.setAccounts({server.account()});
        const auto fetched = awaited<FetchedRecording>([&](auto done) {
            fetcher.fetch({u"main"_s, u"r"_s}, &rig.context, done);
        });
        QVERIFY(!fetched);
        QVERIFY(!errorText(fetched.error()).contains(u"sig=1"_s) && !fetched.error().detail.contains(u"sig=1"_s));
        server.on(path, [&server](const Request& request) { return server.answer(request); });
    }
    for (const Request& request : server.requests()) {
        QCOMPARE(request.header("authorization"_ba), "Bearer yt_live_CANARY"_ba);
    }
    for (LoopbackServer* stranger : {&elsewhere, &storage}) {
        for (const Request& request : stranger->requests()) {
            QVERIFY2(!request.hasHeader("authorization"_ba), request.target().constData());
            QVERIFY(!request.target().contains("CANARY"));
            for (const auto& [name, value] : request.headers) {
                QVERIFY2(!value.contains("CANARY"), name.constData());
            }
        }
    }
    // Only a recording may be sent on, and then without the key: the interface's client never goes elsewhere.
    const bool redirects = fault.status >= 300 && fault.status < 400;
    QVERIFY2(redirects || elsewhere.count() == 0, "the second origin was asked");
    for (const Request& request : elsewhere.requests()) {
        QCOMPARE(request.header("accept-encoding"_ba), "identity"_ba);  // the recordings' own request
    }
    // Qt reads all connections in one thread, and a flood of header lines can hold up a request elsewhere.
    QVERIFY(storage.count() > 0 || !how.ends);
}

QTEST_GUILESS_MAIN(TestKeySweep)
#include "tst_keysweep.moc"
