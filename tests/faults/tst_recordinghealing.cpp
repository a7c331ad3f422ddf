// Recordings from a storage that cuts, refuses, forgets and lies in the middle: what arrives is whole or is not kept.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>
#include <QtEndian>

#include "models/sync/recordingfetcher.h"
#include "tests/support/patience.h"
#include "tests/support/vatelserver.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kBytes = 400'000;

QByteArray wav(int seed) {
    QByteArray file(
        "RIFF....WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00"
        "data....",
        44);
    while (file.size() < kBytes) {
        file.append(char(seed + file.size() / 251));
    }
    qToLittleEndian(quint32(file.size() - 8), file.data() + 4);
    qToLittleEndian(quint32(file.size() - 44), file.data() + 40);
    return file;
}

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

qint64 rangeBegin(const Request& request) {
    const QByteArray range = request.header("range"_ba);
    return range.startsWith("bytes=") && range.endsWith('-') ? range.mid(6).chopped(1).toLongLong() : -1;
}

Reply whole(const QByteArray& bytes) {
    return Reply::bytes(bytes, "audio/wav"_ba).with("Accept-Ranges"_ba, "bytes"_ba).with("ETag"_ba, "\"one\""_ba);
}

/// Half of it, then the end of the connection. The body's size is even.
Reply cut(Reply reply) {
    reply.body.truncate(reply.body.size() / 2);
    reply.fault = Fault::ShortContentLength;
    return reply;
}

Reply rest(const QByteArray& bytes, qint64 from, qint64 firstSaid = -1, qint64 totalSaid = -1) {
    Reply reply = whole(bytes.mid(from));
    reply.status = 206;
    const qint64 first = firstSaid < 0 ? from : firstSaid;
    return reply.with("Content-Range"_ba, "bytes " + QByteArray::number(first) + '-' +
                                              QByteArray::number(first + bytes.size() - from - 1) + '/' +
                                              QByteArray::number(totalSaid < 0 ? bytes.size() : totalSaid));
}

/// What was asked for, as "sig=1 from 200000". Qt itself may send a GET again that was cut, also when nobody waits for
/// it any more: such repeats count once.
QStringList asked(const std::vector<Request>& requests) {
    QStringList all;
    for (const Request& request : requests) {
        const qint64 from = rangeBegin(request);
        const QString one = QString::fromLatin1(request.query) + (from < 0 ? QString() : u" from %1"_s.arg(from));
        if (all.isEmpty() || all.last() != one) {
            all << one;
        }
    }
    return all;
}

/// What the storage does with the second request; the first one is always cut.
enum class Second { Rest, Whole, OtherObject, OtherStretch, OtherTotal, OtherTag, NoStretch, Refusal416, ShortRest };

}  // namespace

Q_DECLARE_METATYPE(Second)

class TestRecordingHealing final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void cleanup();
    void aCutDownloadGoesOn_data();
    void aCutDownloadGoesOn();
    void withoutAnOfferItBeginsAnew_data();
    void withoutAnOfferItBeginsAnew();
    void aLinkThatEndsInTheMiddle();
    void aLinkThatEndsInTheMiddleElsewhere();
    void cutsWithoutEndAreFew();
    void changedFilesAreFetchedAgain_data();
    void changedFilesAreFetchedAgain();
    void shortTroublesPass_data();
    void shortTroublesPass();
    void cancelledBetweenTwoTries();
    void behindTheKeyItGoesOnToo();
    void theStorageBehindTheKeyRefuses();

 private:
    [[nodiscard]] Result<FetchedRecording> fetched() {
        return awaited<FetchedRecording>([&](auto done) { m_fetcher->fetch({u"main"_s, u"r"_s}, this, done); });
    }
    [[nodiscard]] int files() const {
        return int(QDir(m_rig->folder.path() + u"/cache"_s).entryList(QDir::Files | QDir::Hidden).size());
    }
    void pullWithLink(const QString& link) {
        m_server->addCall(yotelCall(
            u"r"_s, u"c"_s, {{u"has_recording"_s, true}, {u"recording_url"_s, m_storage->url(link).toString()}}));
        QVERIFY(m_rig->pull({m_server->account()}).allOk());
        m_server->forgetRequests();
    }

    std::unique_ptr<YotelServer> m_server;
    std::unique_ptr<LoopbackServer> m_storage;
    std::unique_ptr<SyncRig> m_rig;
    std::unique_ptr<CallRefresher> m_refresher;
    std::unique_ptr<RecordingFetcher> m_fetcher;
};

void TestRecordingHealing::init() {
    m_server = std::make_unique<YotelServer>("yt_live_CANARY"_ba);
    m_storage = std::make_unique<LoopbackServer>();
    m_server->addCampaign(u"c"_s, u"C"_s);
    m_rig = std::make_unique<SyncRig>(*m_server);
    m_refresher = std::make_unique<CallRefresher>(m_rig->store.get(), &m_rig->http, &m_rig->keys, m_rig->clock);
    m_refresher->setAccounts({m_server->account()});
    m_refresher->setLadder({});
    m_fetcher = std::make_unique<RecordingFetcher>(m_rig->folder.path() + u"/cache"_s, m_rig->store.get(), &m_rig->http,
                                                   m_refresher.get());
    m_fetcher->setAccounts({m_server->account()});
    m_fetcher->setPatience({{50ms, 50ms}, [] { return 1.0; }});
}

void TestRecordingHealing::cleanup() {
    m_fetcher.reset();
    m_refresher.reset();
    m_rig.reset();
    m_storage.reset();
    m_server.reset();
}

void TestRecordingHealing::aCutDownloadGoesOn_data() {
    QTest::addColumn<Second>("second");
    QTest::addColumn<QStringList>("sequence");
    const QStringList two{u""_s, u" from 200000"_s};
    const QStringList anew{u""_s, u" from 200000"_s, u""_s};
    QTest::newRow("rest") << Second::Rest << two;
    QTest::newRow("the whole instead") << Second::Whole << two;
    QTest::newRow("another object") << Second::OtherObject << two;
    QTest::newRow("another stretch") << Second::OtherStretch << anew;
    QTest::newRow("another total") << Second::OtherTotal << anew;
    QTest::newRow("another tag") << Second::OtherTag << anew;
    QTest::newRow("no stretch named") << Second::NoStretch << anew;
    QTest::newRow("416") << Second::Refusal416 << anew;
    QTest::newRow("a rest that is cut too") << Second::ShortRest << QStringList(two + QStringList{u" from 300000"_s});
}

void TestRecordingHealing::aCutDownloadGoesOn() {
    QFETCH(Second, second);
    QFETCH(QStringList, sequence);
    const QByteArray bytes = wav(1);
    const QByteArray other = wav(77);
    auto wasAsked = std::make_shared<std::atomic<bool>>(false);  // for the rest
    m_storage->on("/r.wav"_ba, [=](const Request& request) {
        const qint64 from = rangeBegin(request);
        if (from < 0) {
            return *wasAsked ? whole(bytes) : cut(whole(bytes));
        }
        *wasAsked = true;
        if (from > kBytes / 2) {
            return rest(bytes, from);
        }
        switch (second) {
            case Second::Rest:
                return rest(bytes, from);
            case Second::Whole:
                return whole(bytes);
            case Second::OtherObject:
                return whole(other).with("ETag"_ba, "\"two\""_ba);
            case Second::OtherStretch:
                return rest(bytes, from, from - 10);
            case Second::OtherTotal:
                return rest(bytes, from, -1, bytes.size() + 1);
            case Second::OtherTag: {
                Reply reply = rest(other, from);
                reply.headers.removeIf([](const auto& header) { return header.first == "ETag"; });
                return reply.with("ETag"_ba, "\"two\""_ba);
            }
            case Second::NoStretch: {
                Reply reply = whole(bytes.mid(from));
                reply.status = 206;
                return reply;
            }
            case Second::Refusal416:
                return Reply::code(416);
            case Second::ShortRest:
                return cut(rest(bytes, from));
        }
        return Reply::code(500);
    });
    pullWithLink(u"/r.wav"_s);
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(errorText(recording.error())));
    QVERIFY(content(recording->file) == (second == Second::OtherObject ? other : bytes));
    QCOMPARE(recording->bytes, qint64(kBytes));
    QCOMPARE(files(), 1);
    QCOMPARE(asked(m_storage->requests()), sequence);
    for (const Request& request : m_storage->requests()) {
        QCOMPARE(request.header("if-range"_ba), rangeBegin(request) < 0 ? QByteArray() : "\"one\""_ba);
    }
    QCOMPARE(m_server->count(), 0);
}

void TestRecordingHealing::withoutAnOfferItBeginsAnew_data() {
    QTest::addColumn<HeaderList>("headers");
    QTest::addColumn<bool>("goesOn");
    const QPair<QByteArray, QByteArray> ranges{"Accept-Ranges", "bytes"};
    const QPair<QByteArray, QByteArray> changed{"Last-Modified", "Fri, 06 Mar 2026 09:00:00 GMT"};
    QTest::newRow("nothing") << HeaderList{} << false;
    QTest::newRow("no validator") << HeaderList{ranges} << false;
    QTest::newRow("weak tag") << HeaderList{ranges, {"ETag", "W/\"one\""}} << false;
    QTest::newRow("tag without ranges") << HeaderList{{"ETag", "\"one\""}} << false;
    QTest::newRow("ranges refused") << HeaderList{{"Accept-Ranges", "none"}, {"ETag", "\"one\""}} << false;
    QTest::newRow("date, no time of the answer") << HeaderList{ranges, changed} << false;
    QTest::newRow("changed while answered")
        << HeaderList{ranges, changed, {"Date", "Fri, 06 Mar 2026 09:00:00 GMT"}} << false;
    QTest::newRow("date") << HeaderList{ranges, changed, {"Date", "Sat, 07 Mar 2026 09:00:00 GMT"}} << true;
}

void TestRecordingHealing::withoutAnOfferItBeginsAnew() {
    QFETCH(HeaderList, headers);
    QFETCH(bool, goesOn);
    const QByteArray bytes = wav(1);
    auto count = std::make_shared<std::atomic<int>>(0);
    m_storage->on("/r.wav"_ba, [=](const Request& request) {
        Reply reply = rangeBegin(request) < 0 ? Reply::bytes(bytes, "audio/wav"_ba) : rest(bytes, rangeBegin(request));
        reply.headers += headers;
        return ++*count == 1 || (goesOn && rangeBegin(request) < 0) ? cut(reply) : reply;
    });
    pullWithLink(u"/r.wav"_s);
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(errorText(recording.error())));
    QVERIFY(content(recording->file) == bytes);
    QVERIFY(m_storage->count() >= 2);
    QCOMPARE(asked(m_storage->requests()), goesOn ? (QStringList{u""_s, u" from 200000"_s}) : QStringList{u""_s});
}

void TestRecordingHealing::aLinkThatEndsInTheMiddle() {
    const QByteArray bytes = wav(1);
    auto renewed = std::make_shared<std::atomic<bool>>(false);
    m_storage->on("/r.wav"_ba, [=](const Request& request) {
        if (request.query == "sig=2") {
            return rangeBegin(request) < 0 ? whole(bytes) : rest(bytes, rangeBegin(request));
        }
        return rangeBegin(request) < 0 ? cut(whole(bytes)) : Reply::code(403);
    });
    pullWithLink(u"/r.wav?sig=1"_s);
    m_server->changeCall(u"r"_s, {{u"recording_url"_s, m_storage->url(u"/r.wav?sig=2"_s).toString()}});
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(errorText(recording.error())));
    QVERIFY(content(recording->file) == bytes);
    QCOMPARE(m_server->targets(), QList<QByteArray>{"GET /api/v1/calls/r"_ba});
    QCOMPARE(asked(m_storage->requests()), (QStringList{u"sig=1"_s, u"sig=1 from 200000"_s, u"sig=2 from 200000"_s}));
    for (const Request& request : m_storage->requests()) {
        QVERIFY(!request.hasHeader("authorization"_ba));
    }
}

/// Another object's rest is never asked for, whatever its tag says.
void TestRecordingHealing::aLinkThatEndsInTheMiddleElsewhere() {
    m_storage->on("/old.wav"_ba, [](const Request& request) {
        return rangeBegin(request) < 0 ? cut(whole(wav(1))) : Reply::code(410);
    });
    m_storage->on("/new.wav"_ba, whole(wav(77)));
    pullWithLink(u"/old.wav"_s);
    m_server->changeCall(u"r"_s, {{u"recording_url"_s, m_storage->url(u"/new.wav"_s).toString()}});
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(errorText(recording.error())));
    QVERIFY(content(recording->file) == wav(77));
    QVERIFY(!m_storage->requests("/new.wav"_ba)[0].hasHeader("range"_ba));
}

void TestRecordingHealing::cutsWithoutEndAreFew() {
    m_storage->on("/r.wav"_ba, [](const Request&) { return cut(whole(wav(1))); });
    pullWithLink(u"/r.wav"_s);
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, ErrorKind::BadAnswer);
    QVERIFY(m_storage->count() >= 5 && m_storage->count() <= 10);  // five, and what Qt repeats of them
    QTRY_COMPARE(files(), 0);
}

void TestRecordingHealing::changedFilesAreFetchedAgain_data() {
    QTest::addColumn<bool>("isWatched");
    QTest::addColumn<bool>("isReachable");
    QTest::newRow("fetched again") << true << true;
    QTest::newRow("played as it is") << true << false;
    QTest::newRow("of an older version") << false << true;
}

/// Its first bytes are sound as before; size or time tell.
void TestRecordingHealing::changedFilesAreFetchedAgain() {
    QFETCH(bool, isWatched);
    QFETCH(bool, isReachable);
    const QByteArray sound = wav(1);
    m_storage->on("/r.wav"_ba, [sound](const Request&) { return whole(sound); });
    pullWithLink(u"/r.wav"_s);
    const Result<FetchedRecording> first = fetched();
    QVERIFY(first && !first->fromCache);
    const Result<FetchedRecording> untouched = fetched();
    QVERIFY(untouched && untouched->fromCache && !untouched->changed);
    const QString use = QFileInfo(first->file).path() + u"/used/"_s + QFileInfo(first->file).baseName();
    QFile note(use);
    QVERIFY(note.open(QIODevice::ReadWrite) && note.size() > 0);
    if (!isWatched) {
        QVERIFY(note.resize(0));
    }
    note.close();
    if (!isReachable) {
        m_storage->on("/r.wav"_ba, Reply::code(404));
        m_server->on("/api/v1/calls/r"_ba, Reply::code(404));
    }
    for (int i = 0; i < 2; ++i) {  // cut, then of the old length but with other bytes in it
        QFile file(first->file);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(i == 0 ? file.resize(sound.size() / 2) : file.resize(sound.size()));
        QVERIFY(file.seek(1000) && file.write("other") == 5);
        file.close();
        const Result<FetchedRecording> again = fetched();
        QVERIFY2(again, again ? "" : qPrintable(errorText(again.error())));
        QCOMPARE(again->changed, isWatched && !isReachable);
        QCOMPARE(again->fromCache, !(isWatched && isReachable));
        QCOMPARE(QFileInfo(again->file).size() == sound.size() && content(again->file) == sound,
                 isWatched && isReachable);
    }
}

void TestRecordingHealing::shortTroublesPass_data() {
    QTest::addColumn<QList<Reply>>("troubles");
    QTest::addColumn<bool>("passes");
    Reply busy = Reply::code(503);
    busy.headers.append({"Retry-After"_ba, "1"_ba});
    QTest::newRow("500") << QList<Reply>{Reply::code(500)} << true;
    QTest::newRow("502 twice") << QList<Reply>{Reply::code(502), Reply::code(502)} << true;
    QTest::newRow("429 for a second") << QList<Reply>{Reply::tooMany("1"_ba)} << true;
    QTest::newRow("503 for a second") << QList<Reply>{busy} << true;
    QTest::newRow("429 for long") << QList<Reply>{Reply::tooMany("30"_ba)} << false;
    QTest::newRow("500 without end") << QList<Reply>(8, Reply::code(500)) << false;
}

void TestRecordingHealing::shortTroublesPass() {
    QFETCH(QList<Reply>, troubles);
    QFETCH(bool, passes);
    const auto left = std::make_shared<QList<Reply>>(troubles);
    m_storage->on("/r.wav"_ba, [left](const Request&) { return left->isEmpty() ? whole(wav(1)) : left->takeFirst(); });
    pullWithLink(u"/r.wav"_s);
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value() == passes, recording ? "" : qPrintable(errorText(recording.error())));
    QVERIFY(m_storage->count() <= 3);
    QVERIFY(!passes || content(recording->file) == wav(1));
}

void TestRecordingHealing::cancelledBetweenTwoTries() {
    m_fetcher->setPatience({{1500ms, 1500ms}, [] { return 1.0; }});
    m_storage->on("/r.wav"_ba, [](const Request&) { return cut(whole(wav(1))); });
    pullWithLink(u"/r.wav"_s);
    std::optional<ErrorKind> kind;
    m_fetcher->fetch({u"main"_s, u"r"_s}, this, [&](const Result<FetchedRecording>& result) {
        kind = result ? ErrorKind::Internal : result.error().kind;
    });
    QTRY_VERIFY(m_storage->bytesSent() > kBytes / 2);
    QTest::qWait(100);  // now it waits for its next try
    m_fetcher->cancel({u"main"_s, u"r"_s});
    QTRY_COMPARE(kind, ErrorKind::Cancelled);
    QTRY_COMPARE(files(), 0);
    QTest::qWait(2000);  // longer than that
    QCOMPARE(asked(m_storage->requests()), QStringList{u""_s});
    QVERIFY(m_storage->count() <= 2);
}

void TestRecordingHealing::behindTheKeyItGoesOnToo() {
    const QByteArray bytes = wav(1);
    VatelServer server;
    server.addCalls(1);
    server.on(server.recordingPath(vatelId(1)), [=](const Request& request) {
        return rangeBegin(request) < 0 ? cut(whole(bytes)) : rest(bytes, rangeBegin(request));
    });
    SyncRig rig(server.key());
    CallRefresher refresher(rig.store.get(), &rig.http, &rig.keys, rig.clock);
    refresher.setAccounts({server.account()});
    refresher.setPatience(quickPatience());
    RecordingFetcher fetcher(rig.folder.path() + u"/cache"_s, rig.store.get(), &rig.http, &refresher);
    fetcher.setAccounts({server.account()});
    fetcher.setPatience({{20ms, 40ms}, [] { return 0.5; }});
    QVERIFY(rig.pull({server.account()}).allOk());
    const auto recording = awaited<FetchedRecording>([&](auto done) {
        fetcher.fetch({u"main"_s, vatelId(1)}, this, done);
    });
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(errorText(recording.error())));
    QVERIFY(content(recording->file) == bytes);
    const auto requests = server.requests(server.recordingPath(vatelId(1)));
    QCOMPARE(asked(requests), (QStringList{u""_s, u" from 200000"_s}));
    for (const Request& request : requests) {
        QCOMPARE(request.header("authorization"_ba), "Bearer "_ba + server.key());
    }
}

/// The provider sends on to a link of its own making, which has run out: it is asked for another one, once.
void TestRecordingHealing::theStorageBehindTheKeyRefuses() {
    VatelServer server;
    server.addCalls(1);
    auto count = std::make_shared<std::atomic<int>>(0);
    const QByteArray old = m_storage->url(u"/old.wav"_s).toEncoded();
    const QByteArray fresh = m_storage->url(u"/fresh.wav"_s).toEncoded();
    server.on(server.recordingPath(vatelId(1)),
              [=](const Request&) { return Reply::redirect(++*count == 1 ? old : fresh); });
    m_storage->on("/old.wav"_ba, Reply::code(403));
    m_storage->on("/fresh.wav"_ba, whole(wav(1)));
    SyncRig rig(server.key());
    CallRefresher refresher(rig.store.get(), &rig.http, &rig.keys, rig.clock);
    refresher.setAccounts({server.account()});
    refresher.setPatience(quickPatience());
    RecordingFetcher fetcher(rig.folder.path() + u"/cache"_s, rig.store.get(), &rig.http, &refresher);
    fetcher.setAccounts({server.account()});
    QVERIFY(rig.pull({server.account()}).allOk());
    const auto recording = awaited<FetchedRecording>([&](auto done) {
        fetcher.fetch({u"main"_s, vatelId(1)}, this, done);
    });
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(errorText(recording.error())));
    QVERIFY(content(recording->file) == wav(1));
    QCOMPARE(int(*count), 2);
    for (const Request& request : m_storage->requests()) {
        QVERIFY(!request.hasHeader("authorization"_ba));
    }
}

QTEST_GUILESS_MAIN(TestRecordingHealing)
#include "tst_recordinghealing.moc"
