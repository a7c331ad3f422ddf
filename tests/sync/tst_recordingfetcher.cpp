// Recordings into the cache: verified, private, without the key, renewed once, and never something that is no sound.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTest>
#include <QtEndian>

#include "models/sync/accountpaces.h"
#include "models/sync/recordingfetcher.h"
#include "models/sync/recordingfile.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

QByteArray wav(int bytes) {
    QByteArray file(
        "RIFF....WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00"
        "data....",
        44);
    for (int i = 0; file.size() < bytes; ++i) {
        file.append(char(i * 13));
    }
    qToLittleEndian(quint32(file.size() - 8), file.data() + 4);
    qToLittleEndian(quint32(file.size() - 44), file.data() + 40);
    return file;
}

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

int modeOf(const QString& path) {
    struct stat info {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? int(info.st_mode & 0777) : -1;
}

}  // namespace

class TestRecordingFetcher final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void cleanup();

    void containersByTheirFirstBytes_data();
    void containersByTheirFirstBytes();
    void stemsAreHashes();
    void arrivesVerifiedPrivateAndWithoutTheKey();
    void secondFetchUsesTheCache();
    void aheadOnlyWhereItMay();
    void damagedCacheFileIsFetchedAgain();
    void fetchesOfOneCallShareOneDownload();
    void whatIsNoSound_data();
    void whatIsNoSound();
    void lengthlessDownloads_data();
    void lengthlessDownloads();
    void cutDownloadsLeaveNothing_data();
    void cutDownloadsLeaveNothing();
    void refusedLinkIsRenewedOnce_data();
    void refusedLinkIsRenewedOnce();
    void refusedAgainSaysExpired();
    void linkNotIssuedYet();
    void noRecordingAtAll();
    void redirectsAreFollowedByHand();
    void hostileLinks_data();
    void hostileLinks();
    void hostileRedirects_data();
    void hostileRedirects();
    void cancelLeavesNothing();
    void linkInTheCacheFolderIsNotFollowed();
    void folderOfOthersIsClosed();
    void unwritableFolderIsNamed();
    void sweepSparesWhatIsBeingWritten();
    void largeFileHoldsTheServerBack();
    void diesInTheMiddle();

 private:
    [[nodiscard]] Result<FetchedRecording> fetched(const QString& id = u"r"_s);
    [[nodiscard]] QString cacheFolder() const { return m_rig->folder.path() + u"/cache/recordings"_s; }
    [[nodiscard]] QStringList cacheFiles() const {
        return QDir(cacheFolder()).entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
    }
    void setLink(const QString& url, const QString& id = u"r"_s);
    void pullCalls() { QVERIFY(m_rig->pull({m_server->account()}).allOk()); }

    std::unique_ptr<YotelServer> m_server;
    std::unique_ptr<LoopbackServer> m_storage;
    std::unique_ptr<SyncRig> m_rig;
    std::unique_ptr<CallRefresher> m_refresher;
    std::unique_ptr<RecordingFetcher> m_fetcher;
};

void TestRecordingFetcher::init() {
    m_server = std::make_unique<YotelServer>("yt_live_CANARY"_ba);
    m_storage = std::make_unique<LoopbackServer>();
    m_server->addCampaign(u"c"_s, u"C"_s);
    m_server->addCall(yotelCall(u"r"_s, u"c"_s, {{u"has_recording"_s, true}}));
    m_rig = std::make_unique<SyncRig>(*m_server);
    m_refresher = std::make_unique<CallRefresher>(m_rig->store.get(), &m_rig->http, &m_rig->keys, m_rig->clock);
    m_refresher->setAccounts({m_server->account()});
    m_refresher->setLadder({20ms, 50ms});
    m_fetcher = std::make_unique<RecordingFetcher>(cacheFolder(), m_rig->store.get(), &m_rig->http, m_refresher.get());
    m_fetcher->setAccounts({m_server->account()});
    m_fetcher->setPatience(quickPatience());
}

void TestRecordingFetcher::cleanup() {
    m_fetcher.reset();
    m_refresher.reset();
    m_rig.reset();
    m_storage.reset();
    m_server.reset();
}

Result<FetchedRecording> TestRecordingFetcher::fetched(const QString& id) {
    return awaited<FetchedRecording>([&](auto done) { m_fetcher->fetch({u"main"_s, id}, this, done); });
}

void TestRecordingFetcher::setLink(const QString& url, const QString& id) {
    m_server->changeCall(id, {{u"recording_url"_s, url}});
}

void TestRecordingFetcher::containersByTheirFirstBytes_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("container");
    QTest::newRow("wav") << wav(44) << u"wav"_s;
    QTest::newRow("riff avi") << QByteArray("RIFF\0\0\0\0AVI LIST", 16) << QString();
    QTest::newRow("mp3 tag") << QByteArray("ID3\x04\0\0\0\0\0\0", 10) << u"mp3"_s;
    QTest::newRow("mp3 frame") << QByteArray("\xff\xfb\x90\x64", 4) << u"mp3"_s;
    QTest::newRow("mpeg 2.5 layer III") << QByteArray("\xff\xe3\x18\xc4", 4) << u"mp3"_s;
    QTest::newRow("utf-16 text") << QByteArray("\xff\xfeh\0i\0", 6) << QString();
    QTest::newRow("adts aac") << QByteArray("\xff\xf1\x50\x80", 4) << QString();
    QTest::newRow("ogg") << QByteArray("OggS\0\x02\0\0", 8) << u"ogg"_s;
    QTest::newRow("flac") << QByteArray("fLaC\0\0\0\x22", 8) << u"flac"_s;
    QTest::newRow("mp4") << QByteArray(
                                "\0\0\0\x20"
                                "ftypM4A ",
                                12)
                         << u"mp4"_s;
    QTest::newRow("html") << "<!DOCTYPE html>"_ba << QString();
    QTest::newRow("empty") << QByteArray() << QString();
    QTest::newRow("short") << "RIF"_ba << QString();
    QTest::newRow("elf") << QByteArray(
                                "\x7f"
                                "ELF\x02\x01\x01\0",
                                8)
                         << QString();
}

void TestRecordingFetcher::containersByTheirFirstBytes() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, container);
    QCOMPARE(audioContainer(bytes), container);
}

void TestRecordingFetcher::stemsAreHashes() {
    const QString stem = recordingStem(Provider::Yotel, {u"main"_s, u"../../etc/passwd"_s});
    QCOMPARE(stem.size(), 64);
    QVERIFY(std::all_of(stem.begin(), stem.end(), [](QChar c) { return c.isDigit() || (c >= u'a' && c <= u'f'); }));
    QVERIFY(stem != recordingStem(Provider::Atoms, {u"main"_s, u"../../etc/passwd"_s}));
    QVERIFY(recordingStem(Provider::Yotel, {u"a"_s, u"bc"_s}) != recordingStem(Provider::Yotel, {u"ab"_s, u"c"_s}));
}

void TestRecordingFetcher::arrivesVerifiedPrivateAndWithoutTheKey() {
    const QByteArray bytes = wav(300'000);
    m_storage->on("/bucket/r.wav"_ba, Reply::bytes(bytes, "audio/wav"_ba));
    setLink(m_storage->url(u"/bucket/r.wav?X-Goog-Signature=SIGCANARY&x=%2B"_s).toString(QUrl::FullyEncoded));
    pullCalls();
    m_server->forgetRequests();
    QSignalSpy progressed(m_fetcher.get(), &RecordingFetcher::progressed);
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(recording.error().message));
    QCOMPARE(recording->container, u"wav"_s);
    QCOMPARE(recording->bytes, qint64(bytes.size()));
    QVERIFY(!recording->fromCache);
    QCOMPARE(content(recording->file), bytes);
    QCOMPARE(modeOf(recording->file), 0600);
    QCOMPARE(modeOf(cacheFolder()), 0700);
    QCOMPARE(cacheFiles(), QStringList{recordingStem(Provider::Yotel, {u"main"_s, u"r"_s}) + u".wav"});
    QVERIFY(!progressed.isEmpty());
    QCOMPARE(progressed.last().at(1).toLongLong(), qint64(bytes.size()));
    QCOMPARE(progressed.last().at(2).toLongLong(), qint64(bytes.size()));
    const auto requests = m_storage->requests();
    QCOMPARE(requests.size(), size_t(1));
    QVERIFY(!requests[0].hasHeader("authorization"_ba));
    QCOMPARE(requests[0].query, "X-Goog-Signature=SIGCANARY&x=%2B"_ba);
    QVERIFY(!QByteArray(requests[0].target() + requests[0].header("cookie"_ba)).contains("yt_live"));
    QCOMPARE(m_server->count(), 0);
}

void TestRecordingFetcher::secondFetchUsesTheCache() {
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav?sig=1"_s).toString());
    pullCalls();
    QVERIFY(fetched().has_value());
    // another signature is another URL, but the same recording
    setLink(m_storage->url(u"/r.wav?sig=2"_s).toString());
    pullCalls();
    const Result<FetchedRecording> again = fetched();
    QVERIFY(again.has_value());
    QVERIFY(again->fromCache);
    QCOMPARE(again->bytes, qint64(5000));
    QCOMPARE(again->container, u"wav"_s);
    QCOMPARE(m_storage->count(), 1);
}

void TestRecordingFetcher::aheadOnlyWhereItMay() {
    const CallKey key{u"main"_s, u"r"_s};
    const auto ahead = [&] {
        return awaited<FetchedRecording>([&](auto done) { m_fetcher->fetchAhead(key, this, done); });
    };
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    Account account = m_server->account();
    account.isEnabled = false;
    m_fetcher->setAccounts({account});
    QCOMPARE(ahead().error().kind, ErrorKind::Cancelled);
    account.isEnabled = true;
    m_fetcher->setAccounts({account});
    // The provider asked to be left alone: that goes for what nobody waits for.
    paceOf(account, &m_rig->http, m_rig->store.get())->wish(60s);
    QCOMPARE(ahead().error().kind, ErrorKind::RateLimited);
    QCOMPARE(m_storage->count(), 0);
    QVERIFY(fetched().has_value());
    m_storage->stop();
    m_fetcher->setAccounts({});
    m_fetcher->setAccounts({account});
    QVERIFY(ahead()->fromCache);
    // Given up while the cache is still being looked into.
    paceOf(account, &m_rig->http, m_rig->store.get())->wish(0s);
    QVERIFY(QDir(cacheFolder()).removeRecursively());
    std::optional<ErrorKind> kind;
    m_fetcher->fetchAhead(key, this, [&](const Result<FetchedRecording>& result) {
        kind = result ? ErrorKind::Internal : result.error().kind;
    });
    m_fetcher->cancel(key);
    QTRY_COMPARE(kind, ErrorKind::Cancelled);
}

void TestRecordingFetcher::damagedCacheFileIsFetchedAgain() {
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    const QString path = fetched()->file;
    for (const QByteArray& damage : {QByteArray(), "#EXTM3U\nfile:///etc/passwd"_ba, QByteArray(5000, '\0')}) {
        {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(damage);
        }
        const Result<FetchedRecording> again = fetched();
        QVERIFY(again.has_value());
        QVERIFY(!again->fromCache);
        QCOMPARE(content(again->file), wav(5000));
    }
    QCOMPARE(m_storage->count(), 4);
    QCOMPARE(cacheFiles().size(), 1);
}

void TestRecordingFetcher::fetchesOfOneCallShareOneDownload() {
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(100'000), "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    int answers = 0;
    for (int i = 0; i < 4; ++i) {
        m_fetcher->fetch({u"main"_s, u"r"_s}, this, [&](const Result<FetchedRecording>& result) {
            QVERIFY(result.has_value());
            ++answers;
        });
    }
    QTRY_COMPARE(answers, 4);
    QCOMPARE(m_storage->count(), 1);
}

void TestRecordingFetcher::whatIsNoSound_data() {
    QTest::addColumn<Reply>("reply");
    QTest::addColumn<QString>("says");
    QTest::newRow("html") << Reply::html("\n<!DOCTYPE html><html>Sign in</html>"_ba) << u"web page"_s;
    QTest::newRow("json") << Reply::json("{\"detail\": \"gone\"}"_ba) << u"JSON"_s;
    QTest::newRow("hls") << Reply::bytes("#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n"_ba, "audio/wav"_ba)
                         << u"playlist"_s;
    QTest::newRow("ffconcat") << Reply::bytes("ffconcat version 1.0\nfile /etc/passwd\n"_ba, "audio/wav"_ba)
                              << u"playlist"_s;
    QTest::newRow("pls") << Reply::bytes("[playlist]\nFile1=file:///etc/passwd\n"_ba, "audio/x-scpls"_ba)
                         << u"playlist"_s;
    QTest::newRow("empty") << Reply::bytes(QByteArray(), "audio/wav"_ba) << u"empty"_s;
    QTest::newRow("noise") << Reply::bytes(QByteArray(5000, '\x5a'), "audio/wav"_ba) << u"no sound file"_s;
}

void TestRecordingFetcher::whatIsNoSound() {
    QFETCH(Reply, reply);
    QFETCH(QString, says);
    m_storage->on("/r.wav"_ba, reply);
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(!recording);
    QCOMPARE(errorKindWord(recording.error().kind), errorKindWord(ErrorKind::NotAudio));
    QVERIFY2(recording.error().message.contains(says), qPrintable(recording.error().message));
    QTRY_VERIFY(cacheFiles().isEmpty());
}

void TestRecordingFetcher::lengthlessDownloads_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("whole") << wav(50'000) << true;
    QTest::newRow("cut") << wav(50'000).left(30'000) << false;
    QByteArray streamed = wav(50'000);
    for (const quint32 unknown : {0U, 0xffff'ffffU, 0x7fff'ffffU}) {
        qToLittleEndian(unknown, streamed.data() + 4);
        QTest::addRow("written while recorded %u", unknown) << streamed << true;
    }
    QTest::newRow("something behind it") << QByteArray(wav(50'000) + "LIST") << true;
}

void TestRecordingFetcher::lengthlessDownloads() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, accepted);
    m_storage->on("/r.wav"_ba, Reply::broken(Fault::CloseDelimited, bytes));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QCOMPARE(recording.has_value(), accepted);
    if (accepted) {
        QCOMPARE(content(recording->file), bytes);
    } else {
        QCOMPARE(recording.error().kind, ErrorKind::BadAnswer);
    }
    // With an announced length the file is what the storage has, cut or not: what exists can be heard.
    m_storage->on("/known.wav"_ba, Reply::bytes(bytes, "audio/wav"_ba));
    m_server->addCall(
        yotelCall(u"known"_s, u"c"_s,
                  {{u"has_recording"_s, true}, {u"recording_url"_s, m_storage->url(u"/known.wav"_s).toString()}}));
    pullCalls();
    QVERIFY(fetched(u"known"_s).has_value());
}

void TestRecordingFetcher::cutDownloadsLeaveNothing_data() {
    QTest::addColumn<Fault>("fault");
    QTest::newRow("short length") << Fault::ShortContentLength;
    QTest::newRow("cut chunks") << Fault::CutChunked;
    QTest::newRow("reset") << Fault::ResetWithinBody;
    QTest::newRow("closed") << Fault::CloseBeforeAnswer;
    QTest::newRow("cut without length") << Fault::CloseDelimitedCut;
}

void TestRecordingFetcher::cutDownloadsLeaveNothing() {
    QFETCH(Fault, fault);
    m_storage->on("/r.wav"_ba, Reply::broken(fault, wav(200'000)));
    setLink(m_storage->url(u"/r.wav?sig=SIGCANARY"_s).toString());
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, ErrorKind::BadAnswer);
    QVERIFY(!QString(recording.error().message + recording.error().detail).contains(u"CANARY"_s));
    QTRY_VERIFY(cacheFiles().isEmpty());
    // and the next try finds the way free
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(200'000), "audio/wav"_ba));
    QVERIFY(fetched().has_value());
}

void TestRecordingFetcher::refusedLinkIsRenewedOnce_data() {
    QTest::addColumn<Reply>("refusal");
    Reply xml = Reply::bytes("<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>"_ba, "application/xml"_ba);
    QTest::newRow("200 with XML") << xml;
    for (const int status : {400, 401, 403, 404, 410}) {
        xml.status = status;
        QTest::addRow("%d", status) << xml;
    }
}

void TestRecordingFetcher::refusedLinkIsRenewedOnce() {
    QFETCH(Reply, refusal);
    m_storage->on("/old.wav"_ba, refusal);
    m_storage->on("/new.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    setLink(m_storage->url(u"/old.wav?sig=1"_s).toString());
    pullCalls();
    setLink(m_storage->url(u"/new.wav?sig=2"_s).toString());
    m_server->forgetRequests();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(recording.error().message));
    QCOMPARE(content(recording->file), wav(5000));
    QCOMPARE(m_server->targets(), QList<QByteArray>{"GET /api/v1/calls/r"_ba});
    QCOMPARE(m_storage->targets(), (QList<QByteArray>{"GET /old.wav?sig=1"_ba, "GET /new.wav?sig=2"_ba}));
    for (const Request& request : m_storage->requests()) {
        QVERIFY(!request.hasHeader("authorization"_ba));
    }
}

void TestRecordingFetcher::refusedAgainSaysExpired() {
    m_storage->on("/r.wav"_ba, Reply::code(403));
    setLink(m_storage->url(u"/r.wav?sig=SIGCANARY"_s).toString());
    pullCalls();
    m_server->forgetRequests();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, ErrorKind::NotFound);
    QVERIFY2(recording.error().message.contains(u"expired"_s), qPrintable(recording.error().message));
    QVERIFY(!QString(recording.error().message + recording.error().detail).contains(u"CANARY"_s));
    QCOMPARE(m_storage->count(), 2);
    QCOMPARE(m_server->count(), 1);
    // a call that is gone meanwhile is marked, and that is what is said
    m_server->removeCall(u"r"_s);
    QCOMPARE(fetched().error().kind, ErrorKind::NotFound);
    QVERIFY(m_rig->call(u"r"_s)->notFoundSince.has_value());
}

void TestRecordingFetcher::linkNotIssuedYet() {
    pullCalls();
    QSignalSpy arrived(m_refresher.get(), &CallRefresher::recordingLinkArrived);
    m_server->forgetRequests();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, ErrorKind::NoRecording);
    QCOMPARE(recording.error().code, u"recording_pending"_s);
    QVERIFY2(recording.error().message.contains(u"not issued the link yet"_s), qPrintable(recording.error().message));
    QCOMPARE(m_server->count(), 1);
    // the ladder asks on, and then it can be fetched
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    QVERIFY(arrived.wait(5000));
    QVERIFY(fetched().has_value());
}

void TestRecordingFetcher::noRecordingAtAll() {
    m_server->addCall(yotelCall(u"mute"_s, u"c"_s));
    pullCalls();
    m_server->forgetRequests();
    const Result<FetchedRecording> recording = fetched(u"mute"_s);
    QCOMPARE(recording.error().kind, ErrorKind::NoRecording);
    QCOMPARE(recording.error().code, u"recording_none"_s);
    QCOMPARE(m_server->count(), 0);
    QCOMPARE(fetched(u"unknown"_s).error().kind, ErrorKind::NotFoundHere);
    const auto stranger = awaited<FetchedRecording>([&](auto done) { m_fetcher->fetch({u"x"_s, u"y"_s}, this, done); });
    QCOMPARE(stranger.error().kind, ErrorKind::NotFoundHere);
}

void TestRecordingFetcher::redirectsAreFollowedByHand() {
    LoopbackServer second;
    second.on("/final.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    m_storage->on("/r.wav"_ba, Reply::redirect("/next.wav?sig=2"_ba));
    m_storage->on("/next.wav"_ba, Reply::redirect(second.otherOrigin(u"/final.wav"_s).toEncoded(), 307));
    m_storage->on("/loop.wav"_ba, Reply::broken(Fault::RedirectLoop));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(recording.error().message));
    QCOMPARE(second.count(), 1);
    QVERIFY(!second.requests()[0].hasHeader("authorization"_ba));
    QVERIFY(!second.requests()[0].hasHeader("referer"_ba));
    m_server->addCall(
        yotelCall(u"looped"_s, u"c"_s,
                  {{u"has_recording"_s, true}, {u"recording_url"_s, m_storage->url(u"/loop.wav"_s).toString()}}));
    pullCalls();
    m_storage->forgetRequests();
    QVERIFY(!fetched(u"looped"_s));
    QCOMPARE(m_storage->count(), 4);
}

void TestRecordingFetcher::hostileLinks_data() {
    QTest::addColumn<QString>("link");
    for (const char* link : {"file:///etc/passwd", "qrc:/x", "data:audio/wav;base64,AAAA", "http://10.0.0.1/a.wav",
                             "http://169.254.169.254/latest", "https://user@storage.example/a.wav", "concat:a|b",
                             "//host/a.wav", "a.wav", "ftp://127.0.0.1/a.wav", "http://example.com/a.wav"}) {
        QTest::newRow(link) << QString::fromLatin1(link);
    }
}

void TestRecordingFetcher::hostileLinks() {
    QFETCH(QString, link);
    setLink(link);
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, ErrorKind::InvalidInput);
    QVERIFY(cacheFiles().isEmpty());
}

void TestRecordingFetcher::hostileRedirects_data() {
    hostileLinks_data();
}

void TestRecordingFetcher::hostileRedirects() {
    QFETCH(QString, link);
    if (link == u"a.wav" || link == u"//host/a.wav") {
        QSKIP("relative: resolved against the storage's address, as HTTP wants it");
    }
    m_storage->on("/r.wav"_ba, Reply::redirect(link.toUtf8()));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, ErrorKind::InvalidInput);
    QVERIFY2(errorText(recording.error()).contains(u"tell Yotel"_s), qPrintable(errorText(recording.error())));
    QCOMPARE(m_storage->count(), 1);
}

void TestRecordingFetcher::cancelLeavesNothing() {
    m_storage->on("/r.wav"_ba, Reply::broken(Fault::HangWithinBody, wav(400'000)));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    std::vector<ErrorKind> kinds;
    for (int i = 0; i < 2; ++i) {
        m_fetcher->fetch({u"main"_s, u"r"_s}, this, [&](const Result<FetchedRecording>& result) {
            kinds.push_back(result ? ErrorKind::Internal : result.error().kind);
        });
    }
    QTRY_COMPARE(cacheFiles().size(), 1);
    QVERIFY(cacheFiles().first().endsWith(u".part"_s));
    m_fetcher->cancel({u"main"_s, u"r"_s});
    m_fetcher->cancel({u"main"_s, u"r"_s});
    m_fetcher->cancel({u"main"_s, u"unknown"_s});
    QVERIFY(kinds.empty());
    QTRY_COMPARE(kinds, (std::vector<ErrorKind>{ErrorKind::Cancelled, ErrorKind::Cancelled}));
    QTRY_VERIFY(cacheFiles().isEmpty());
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    QVERIFY(fetched().has_value());
    QCOMPARE(kinds.size(), size_t(2));
}

void TestRecordingFetcher::linkInTheCacheFolderIsNotFollowed() {
    QVERIFY(QDir().mkpath(cacheFolder()));
    const QString victim = m_rig->folder.path() + u"/victim.wav"_s;
    {
        QFile file(victim);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(wav(100));
    }
    const QString name = cacheFolder() + u'/' + recordingStem(Provider::Yotel, {u"main"_s, u"r"_s}) + u".wav";
    QVERIFY(QFile::link(victim, name));
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(recording.has_value());
    QVERIFY(!recording->fromCache);
    QVERIFY(!QFileInfo(recording->file).isSymLink());
    QCOMPARE(content(victim), wav(100));
    QCOMPARE(content(recording->file), wav(5000));
    // and a cache folder that is itself a link is refused
    QVERIFY(QDir(cacheFolder()).removeRecursively());
    const QString elsewhere = m_rig->folder.path() + u"/elsewhere"_s;
    QVERIFY(QDir().mkpath(elsewhere));
    QVERIFY(QFile::link(elsewhere, cacheFolder()));
    QVERIFY(!fetched());
    QVERIFY(QDir(elsewhere).entryList(QDir::Files).isEmpty());
}

void TestRecordingFetcher::folderOfOthersIsClosed() {
    QVERIFY(QDir().mkpath(cacheFolder()));
    QVERIFY(::chmod(QFile::encodeName(cacheFolder()).constData(), 0755) == 0);
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(5000), "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    QVERIFY(fetched().has_value());
    QCOMPARE(modeOf(cacheFolder()), 0700);
}

void TestRecordingFetcher::unwritableFolderIsNamed() {
    // A file where the folder should be: fails for root too.
    QVERIFY(QDir().mkpath(m_rig->folder.path() + u"/cache"_s));
    QFile blocker(cacheFolder());
    QVERIFY(blocker.open(QIODevice::WriteOnly));
    m_storage->on("/r.wav"_ba, Reply::bytes(wav(50'000), "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY(!recording);
    QCOMPARE(recording.error().kind, ErrorKind::Storage);
}

void TestRecordingFetcher::sweepSparesWhatIsBeingWritten() {
    QVERIFY(QDir().mkpath(cacheFolder()));
    const auto make = [this](const QString& name) {
        QFile file(cacheFolder() + u'/' + name);
        return file.open(QIODevice::WriteOnly) && file.write("RIFF") == 4;
    };
    QVERIFY(make(u"dead.0.part"_s) && make(u"alive.1.part"_s) && make(u"whole.wav"_s));
    const int alive = ::open(QFile::encodeName(cacheFolder() + u"/alive.1.part"_s).constData(), O_RDWR | O_CLOEXEC);
    QVERIFY(alive >= 0 && ::flock(alive, LOCK_EX | LOCK_NB) == 0);
    QVERIFY(QFile::link(m_rig->folder.path() + u"/reviews.db"_s, cacheFolder() + u"/link.part"_s));
    m_fetcher->sweep();
    QTRY_COMPARE(cacheFiles(), (QStringList{u"alive.1.part"_s, u"whole.wav"_s}));
    QVERIFY(QFile::exists(m_rig->folder.path() + u"/reviews.db"_s));
    ::close(alive);
}

void TestRecordingFetcher::largeFileHoldsTheServerBack() {
    const QByteArray bytes = wav(24 * 1024 * 1024);
    m_storage->on("/r.wav"_ba, Reply::bytes(bytes, "audio/wav"_ba));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    const Result<FetchedRecording> recording = fetched();
    QVERIFY2(recording.has_value(), recording ? "" : qPrintable(recording.error().message));
    QCOMPARE(recording->bytes, qint64(bytes.size()));
    QVERIFY(content(recording->file) == bytes);
}

void TestRecordingFetcher::diesInTheMiddle() {
    m_storage->on("/r.wav"_ba, Reply::broken(Fault::HangWithinBody, wav(400'000)));
    setLink(m_storage->url(u"/r.wav"_s).toString());
    pullCalls();
    bool called = false;
    m_fetcher->fetch({u"main"_s, u"r"_s}, this, [&](const Result<FetchedRecording>&) { called = true; });
    QTRY_COMPARE(cacheFiles().size(), 1);
    m_fetcher.reset();
    QVERIFY(cacheFiles().isEmpty());
    QTest::qWait(20);
    QVERIFY(!called);
}

QTEST_GUILESS_MAIN(TestRecordingFetcher)
#include "tst_recordingfetcher.moc"
