// The folder of recordings over its limits: the longest unused go with their maps, and never anything else.
#include <fcntl.h>
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QTest>

#include "models/sync/recordingfetcher.h"
#include "models/sync/recordingfile.h"
#include "tests/support/patience.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kSize = 100'000;

QByteArray sound(qint64 size = kSize) {
    QByteArray bytes(
        "RIFF....WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00"
        "data\xff\xff\xff\xff",
        44);
    bytes.append(size - bytes.size(), 'x');
    return bytes;
}

bool write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QString stemOf(int number) {
    return recordingStem(Provider::Yotel, {u"main"_s, QString::number(number)});
}

}  // namespace

class TestRecordingCache final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void longestUnusedGoFirst();
    void tooOldGo();
    void withoutLimitsAllStays();
    void keptOnesStay();
    void nothingElseIsTouched();
    void leftoversGo();
    void useIsNoted();
    void aFolderThatIsNoFolder();
    void downloadsKeepTheLimit();

 private:
    /// Number 0 was used last `age` ago, each further one an hour later.
    void fill(int count, std::chrono::minutes age = 240h);
    [[nodiscard]] QStringList names() const {
        return QDir(m_folder).entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
    }
    [[nodiscard]] bool has(int number) const { return QFile::exists(m_folder + u'/' + stemOf(number) + u".wav"); }
    RecordingCacheSize trim(qint64 bytes, std::chrono::days age = {}, const QSet<QString>& kept = {}) {
        return trimRecordingCache(m_folder, {bytes, age}, kept, m_now);
    }

    std::unique_ptr<QTemporaryDir> m_place;
    QString m_folder;
    Moment m_now = momentFromMs(1'790'000'000'000);
};

void TestRecordingCache::init() {
    m_place = std::make_unique<QTemporaryDir>();
    m_folder = m_place->filePath(u"recordings"_s);
    QVERIFY(QDir().mkpath(m_folder));
}

void TestRecordingCache::fill(int count, std::chrono::minutes age) {
    for (int i = 0; i < count; ++i) {
        const QString file = m_folder + u'/' + stemOf(i) + u".wav";
        QVERIFY(write(file, sound()) && write(file + u".map", QByteArray(1000, 'm')));
        noteRecordingUse(m_folder, stemOf(i), m_now - age + i * 1h);
        // What the recording's own times say does not count.
        const qint64 odd = toMs(m_now - std::chrono::hours(24 * 365) - i * 1h) / 1000;
        const timespec times[] = {{time_t(odd), 0}, {time_t(odd), 0}};
        QCOMPARE(::utimensat(AT_FDCWD, QFile::encodeName(file).constData(), times, 0), 0);
    }
}

void TestRecordingCache::longestUnusedGoFirst() {
    fill(20);
    QCOMPARE(recordingCacheSize(m_folder).recordings, 20);
    QCOMPARE(recordingCacheSize(m_folder).bytes, 20 * (kSize + 1000));
    // Number 0 is used again: it is the last one to go now.
    QVERIFY(usedRecording(m_folder, stemOf(0), m_now).has_value());
    const RecordingCacheSize removed = trim(5 * (kSize + 1000) + 500);
    QCOMPARE(removed.recordings, 15);
    QCOMPARE(removed.bytes, 15 * (kSize + 1000));
    for (int i = 0; i < 20; ++i) {
        QVERIFY2(has(i) == (i == 0 || i > 15), qPrintable(QString::number(i)));
        QCOMPARE(QFile::exists(m_folder + u'/' + stemOf(i) + u".wav.map"), has(i));
        QCOMPARE(QFile::exists(m_folder + u"/used/"_s + stemOf(i)), has(i));
    }
    QCOMPARE(recordingCacheSize(m_folder).bytes, 5 * (kSize + 1000));
    QCOMPARE(trim(5 * (kSize + 1000)).recordings, 0);  // exactly full is not too full
}

void TestRecordingCache::tooOldGo() {
    fill(10, 24h * 30 + 4h + 30min);  // 0..4 are more than 30 days old
    QCOMPARE(trim(0, std::chrono::days(30)).recordings, 5);
    QVERIFY(!has(4) && has(5));
}

void TestRecordingCache::withoutLimitsAllStays() {
    fill(5, std::chrono::hours(24 * 4000));
    QCOMPARE(trim(0).recordings, 0);
    QCOMPARE(recordingCacheSize(m_folder).recordings, 5);
}

void TestRecordingCache::keptOnesStay() {
    fill(5, std::chrono::hours(24 * 4000));
    QCOMPARE(trim(1, std::chrono::days(1), {stemOf(0), stemOf(3)}).recordings, 3);
    QVERIFY(has(0) && has(3) && !has(1));
    QVERIFY(QFile::exists(m_folder + u'/' + stemOf(0) + u".wav.map"));
}

void TestRecordingCache::nothingElseIsTouched() {
    fill(3);
    const QString outside = m_place->filePath(u"reviews.db"_s);
    QVERIFY(write(outside, "precious"));
    const QString stranger = QString(64, u'a');
    QStringList others{u"holiday.wav"_s,
                       u"notes.txt"_s,
                       stemOf(0) + u".txt",
                       stemOf(0) + u".wav.bak",
                       stemOf(1) + u".12ab.part",
                       stemOf(2).toUpper() + u".wav",
                       u"x"_s + stemOf(2) + u".wav"};
    for (const QString& name : others) {
        QVERIFY(write(m_folder + u'/' + name, "stays"));
    }
    QVERIFY(QFile::link(outside, m_folder + u'/' + stranger + u".wav"));
    QVERIFY(QDir(m_folder).mkdir(QString(64, u'b') + u".wav"));
    QVERIFY(write(m_folder + u"/used/my notes"_s, "stays"));
    QCOMPARE(trim(1, std::chrono::days(1)).recordings, 3);
    others << stranger + u".wav";
    others.sort();
    QCOMPARE(names(), others);
    QVERIFY(QDir(m_folder + u'/' + QString(64, u'b') + u".wav").exists());
    QVERIFY(QFile::exists(m_folder + u"/used/my notes"_s));
    QVERIFY(QFile::exists(outside));
}

void TestRecordingCache::leftoversGo() {
    fill(2);
    QVERIFY(QFile::remove(m_folder + u'/' + stemOf(0) + u".wav"));
    QCOMPARE(trim(0).recordings, 0);
    QVERIFY(!QFile::exists(m_folder + u'/' + stemOf(0) + u".wav.map"));
    QVERIFY(!QFile::exists(m_folder + u"/used/"_s + stemOf(0)));
    QVERIFY(has(1));
}

void TestRecordingCache::useIsNoted() {
    fill(1);
    const QString file = m_folder + u'/' + stemOf(0) + u".wav";
    struct stat before {};
    QCOMPARE(::stat(QFile::encodeName(file).constData(), &before), 0);
    QVERIFY(usedRecording(m_folder, stemOf(0), m_now).has_value());
    struct stat after {};
    QCOMPARE(::stat(QFile::encodeName(file).constData(), &after), 0);
    QCOMPARE(after.st_mtim.tv_sec, before.st_mtim.tv_sec);  // its map stays bound to it
    struct stat use {};
    QCOMPARE(::stat(QFile::encodeName(m_folder + u"/used/"_s + stemOf(0)).constData(), &use), 0);
    QCOMPARE(qint64(use.st_mtim.tv_sec), toMs(m_now) / 1000);
    QCOMPARE(int(use.st_mode & 0777), 0600);
    // Nothing is noted through a link.
    QVERIFY(QDir(m_folder + u"/used"_s).removeRecursively());
    QVERIFY(QFile::link(m_place->path(), m_folder + u"/used"_s));
    noteRecordingUse(m_folder, stemOf(0), m_now);
    QVERIFY(!QFile::exists(m_place->filePath(stemOf(0))));
}

void TestRecordingCache::aFolderThatIsNoFolder() {
    noteRecordingUse(m_place->filePath(u"nowhere"_s), stemOf(0), m_now);
    QVERIFY(!QFile::exists(m_place->filePath(u"nowhere"_s)));
    QCOMPARE(recordingCacheSize(m_place->filePath(u"nowhere"_s)).bytes, qint64(0));
    fill(1);
    QVERIFY(QFile::link(m_folder, m_place->filePath(u"link"_s)));
    QCOMPARE(trimRecordingCache(m_place->filePath(u"link"_s), {1, {}}, {}, m_now).recordings, 0);
    QVERIFY(has(0));
}

/// Thirty calls are heard one after the other with room for five.
void TestRecordingCache::downloadsKeepTheLimit() {
    constexpr qint64 kLimit = 5 * kSize;
    YotelServer server("yt_live_CANARY"_ba);
    server.addCampaign(u"c"_s, u"C"_s);
    for (int i = 0; i < 30; ++i) {
        server.addCall(
            yotelCall(QString::number(i), u"c"_s,
                      {{u"has_recording"_s, true}, {u"recording_url"_s, server.url(u"/sound.wav"_s).toString()}}));
    }
    server.on("/sound.wav"_ba, Reply::bytes(sound(), "audio/wav"_ba));
    SyncRig rig(server);
    CallRefresher refresher(rig.store.get(), &rig.http, &rig.keys, rig.clock);
    RecordingFetcher fetcher(m_folder, rig.store.get(), &rig.http, &refresher);
    fetcher.setAccounts({server.account()});
    fetcher.setCacheLimits([] { return RecordingCacheLimits{kLimit, {}}; });
    QVERIFY(rig.pull({server.account()}).allOk());
    QObject player;
    for (int i = 0; i < 30; ++i) {
        const auto recording = awaited<FetchedRecording>([&](auto done) {
            fetcher.fetch({u"main"_s, QString::number(i)}, this, done);
        });
        QVERIFY2(recording.has_value(), recording ? "" : qPrintable(errorText(recording.error())));
        if (i == 2) {
            fetcher.setInUse(&player, {recording->file});
        }
        QVERIFY(recordingCacheSize(m_folder).bytes <= kLimit + kSize);
        QVERIFY(has(i));
    }
    QTRY_COMPARE(recordingCacheSize(m_folder).bytes, kLimit);
    QVERIFY(has(2));  // is in use
    for (int i = 26; i < 30; ++i) {
        QVERIFY2(has(i), qPrintable(QString::number(i)));
    }
    fetcher.setInUse(&player, {});
    fetcher.setCacheLimits([] { return RecordingCacheLimits{kSize, {}}; });
    fetcher.sweep();
    QTRY_COMPARE(recordingCacheSize(m_folder).recordings, 1);
    QVERIFY(has(29));
}

QTEST_GUILESS_MAIN(TestRecordingCache)
#include "tst_recordingcache.moc"
