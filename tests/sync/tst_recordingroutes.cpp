// The three ways to a recording: a link in the call, a link that is asked for, the sound behind the key.
#include <QFile>
#include <QTest>

#include "models/sync/recordingfetcher.h"
#include "tests/support/atomsserver.h"
#include "tests/support/vatelserver.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QByteArray sound() {
    QByteArray file(
        "RIFF\x24\x10\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00"
        "data\x00\x10\x00\x00",
        44);
    file.append(4096, '\x11');
    return file;
}

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

struct Desk {
    explicit Desk(const CallListServer& server)
        : rig(server.key()),
          refresher(rig.store.get(), &rig.http, &rig.keys, rig.clock),
          fetcher(rig.folder.path() + u"/cache"_s, rig.store.get(), &rig.http, &refresher) {
        refresher.setAccounts({server.account()});
        refresher.setPatience(quickPatience());
        refresher.setLadder({});
        fetcher.setAccounts({server.account()});
        fetcher.setPatience(quickPatience());
    }
    [[nodiscard]] Result<FetchedRecording> fetch(const QString& id) {
        return awaited<FetchedRecording>([&](auto done) { fetcher.fetch({u"main"_s, id}, &rig.context, done); });
    }
    [[nodiscard]] std::optional<bool> has(const QString& id) { return rig.call(id)->call.hasRecording; }

    SyncRig rig;
    CallRefresher refresher;
    RecordingFetcher fetcher;
};

}  // namespace

class TestRecordingRoutes final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void behindTheKey();
    void behindTheKeyThereIsNone();
    void aRecordingMayStillCome();
    void theKeyFollowsNoRedirect();
    void aKeyRefusedThereIsTheAccounts();
    void theStoragesWishIsTheAccounts();
    void aLinkOfTheRowNeedsNoQuestion();
    void aRefusedLinkIsAskedForAnew();
    void withoutALinkItIsAskedFor();
    void nothingToBeHad();
};

void TestRecordingRoutes::behindTheKey() {
    VatelServer server;
    server.addCalls(1);
    server.addRecording(vatelId(1), sound());
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    QVERIFY(!desk.has(vatelId(1)).has_value());  // it never says
    const auto fetched = desk.fetch(vatelId(1));
    QVERIFY2(fetched.has_value(), qPrintable(fetched ? QString() : errorText(fetched.error())));
    QCOMPARE(content(fetched->file), sound());
    const auto requests = server.requests(server.recordingPath(vatelId(1)));
    QCOMPARE(requests.size(), size_t(1));
    QCOMPARE(requests[0].header("authorization"_ba), QByteArray("Bearer "_ba + server.key()));
    QVERIFY(desk.has(vatelId(1)) == true);
    QVERIFY(desk.fetch(vatelId(1))->fromCache);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    QVERIFY(desk.has(vatelId(1)) == true);  // rows that say nothing do not take it back
}

void TestRecordingRoutes::behindTheKeyThereIsNone() {
    VatelServer server;
    server.addCalls(1);
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    const auto fetched = desk.fetch(vatelId(1));
    QVERIFY(!fetched);
    QCOMPARE(fetched.error().kind, ErrorKind::NoRecording);
    QVERIFY(desk.has(vatelId(1)) == false);
    QVERIFY(!desk.rig.call(vatelId(1))->notFoundSince);
}

void TestRecordingRoutes::aRecordingMayStillCome() {
    VatelServer server;
    server.addCall(vatelCall(vatelId(1), {{u"ended_at"_s, toIsoText(SystemClock().now() - 10s)}}));
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    const auto fetched = desk.fetch(vatelId(1));
    QVERIFY(!fetched && fetched.error().code == u"recording_pending"_s);
    QVERIFY(!desk.has(vatelId(1)).has_value());
    server.addRecording(vatelId(1), sound());
    QVERIFY(desk.fetch(vatelId(1)).has_value());
    QVERIFY(desk.has(vatelId(1)) == true);
}

void TestRecordingRoutes::theKeyFollowsNoRedirect() {
    VatelServer server;
    LoopbackServer storage;
    storage.on("/sound"_ba, Reply::bytes(sound(), "audio/wav"_ba));
    server.addCalls(1);
    server.on(server.recordingPath(vatelId(1)), Reply::redirect(storage.url(u"/sound"_s).toEncoded()));
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    const auto fetched = desk.fetch(vatelId(1));
    QVERIFY2(fetched.has_value(), qPrintable(fetched ? QString() : errorText(fetched.error())));
    QCOMPARE(storage.count(), 1);
    QVERIFY(!storage.requests()[0].hasHeader("authorization"_ba));
    // Not even back to where it came from.
    server.on(server.recordingPath(vatelId(1)), Reply::redirect("/elsewhere"_ba));
    server.on("/elsewhere"_ba, Reply::bytes(sound(), "audio/wav"_ba));
    QFile::remove(fetched->file);
    QVERIFY(desk.fetch(vatelId(1)).has_value());
    QVERIFY(!server.requests("/elsewhere"_ba)[0].hasHeader("authorization"_ba));
}

void TestRecordingRoutes::aKeyRefusedThereIsTheAccounts() {
    VatelServer server;
    server.addCalls(1);
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    server.on(server.recordingPath(vatelId(1)), vatelError(401, "invalid api key"_ba));
    server.forgetRequests();
    for (int i = 0; i < 3; ++i) {
        const auto fetched = desk.fetch(vatelId(1));
        QVERIFY(!fetched);
        QCOMPARE(fetched.error().kind, ErrorKind::Unauthorized);
    }
    QCOMPARE(server.count(), 1);
}

void TestRecordingRoutes::theStoragesWishIsTheAccounts() {
    VatelServer server;
    server.addCalls(1);
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    server.on(server.recordingPath(vatelId(1)), Reply::tooMany("30"_ba));
    QCOMPARE(desk.fetch(vatelId(1)).error().kind, ErrorKind::RateLimited);
    server.forgetRequests();
    QCOMPARE(desk.fetch(vatelId(1)).error().kind, ErrorKind::RateLimited);
    QCOMPARE(server.count(), 0);
}

void TestRecordingRoutes::aLinkOfTheRowNeedsNoQuestion() {
    AtomsServer server;
    server.addCalls(1);
    server.addRecording(atomsId(1), sound());
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    const auto fetched = desk.fetch(atomsId(1));
    QVERIFY2(fetched.has_value(), qPrintable(fetched ? QString() : errorText(fetched.error())));
    QCOMPARE(content(fetched->file), sound());
    QCOMPARE(server.count(server.downloadPath(atomsId(1))), 0);
}

void TestRecordingRoutes::aRefusedLinkIsAskedForAnew() {
    AtomsServer server;
    server.addCalls(1);
    server.addRecording(atomsId(1), sound());
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    const QByteArray folder = "/call-recordings/"_ba + atomsId(1).toLatin1();
    server.on(folder + "/composite.wav", Reply::code(403));
    server.on(folder + "/dual.wav", Reply::code(403));
    const auto fetched = desk.fetch(atomsId(1));
    QVERIFY2(fetched.has_value(), qPrintable(fetched ? QString() : errorText(fetched.error())));
    QCOMPARE(server.count(folder + "/composite.wav") + server.count(folder + "/dual.wav"), 1);
    QCOMPARE(server.count(server.downloadPath(atomsId(1))), 1);
    const auto presigned = server.requests(AtomsServer::presignedPath(atomsId(1)));
    QCOMPARE(presigned.size(), size_t(1));
    QVERIFY(!presigned[0].hasHeader("authorization"_ba));
}

void TestRecordingRoutes::withoutALinkItIsAskedFor() {
    AtomsServer server;
    server.addCalls(1);
    server.addRecording(atomsId(1), sound());
    server.changeCall(atomsId(1), {{u"recordingUrl"_s, QJsonValue()}, {u"recordingDualUrl"_s, QJsonValue()}});
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    const auto fetched = desk.fetch(atomsId(1));
    QVERIFY2(fetched.has_value(), qPrintable(fetched ? QString() : errorText(fetched.error())));
    QCOMPARE(content(fetched->file), sound());
    QCOMPARE(server.count(server.downloadPath(atomsId(1))), 1);
}

void TestRecordingRoutes::nothingToBeHad() {
    AtomsServer server;
    server.addCalls(1);
    Desk desk(server);
    QVERIFY(desk.rig.pull({server.account()}).allOk());
    const auto fetched = desk.fetch(atomsId(1));
    QVERIFY(!fetched);
    QCOMPARE(fetched.error().kind, ErrorKind::NoRecording);
    QCOMPARE(server.count(server.downloadPath(atomsId(1))), 1);
}

QTEST_GUILESS_MAIN(TestRecordingRoutes)
#include "tst_recordingroutes.moc"
