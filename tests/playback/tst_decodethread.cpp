// Recordings that are made ready beforehand: the open one comes first, at most three are kept, memory is bounded
// altogether, and what changed since is not taken for the same.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/audio/soundfixture.h"
#include "tests/support/patience.h"
#include "ui/playback/decodethread.h"
#include "ui/playback/player.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestDecodeThread : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void openOneIsDecodedAndMapped();
    void preparedOneIsThereAtOnce();
    void newestThreeAreKept();
    void changedFileIsNotTaken();
    void openOneGoesFirst();
    void whatIsNoRecordingIsNotPrepared();
    void memoryIsBoundedAltogether();
    void mapStaysBesidePrivateFilesOnly();

 private:
    QString make(const QString& name, int seconds = 2, int channels = 2);

    QTemporaryDir m_folder;
};

void TestDecodeThread::initTestCase() {
    // No sound server: nothing here is to be heard.
    qputenv("PULSE_SERVER", "unix:" + QFile::encodeName(m_folder.path()) + "/nobody.sock");
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_folder.path()));
}

QString TestDecodeThread::make(const QString& name, int seconds, int channels) {
    const QString file = m_folder.filePath(name);
    const auto samples = fixture::noise(seconds * 8000, channels);
    return fixture::writeFile(file, fixture::wav(samples, 8000, channels)) ? file : QString();
}

void TestDecodeThread::openOneIsDecodedAndMapped() {
    Player player;
    QSignalSpy maps(&player, &Player::mapChanged);
    player.open({u"a"_s, u"1"_s}, make(u"one.wav"_s));
    QVERIFY(!player.map());
    QTRY_VERIFY(player.map());
    QCOMPARE(player.map()->frames, 16000);
    QCOMPARE(maps.size(), 1);
    player.close();
    QVERIFY(!player.map());
    QCOMPARE(maps.size(), 2);
}

void TestDecodeThread::preparedOneIsThereAtOnce() {
    DecodeThread thread;
    QSignalSpy ready(&thread, &DecodeThread::preparedChanged);
    const QString file = make(u"ahead.wav"_s, 3);
    thread.prepare(file);
    QTRY_COMPARE(ready.size(), 1);
    const auto taken = thread.take(file);
    QVERIFY(taken && taken->samples && taken->samples->isFinished() && taken->map);
    QCOMPARE(taken->samples->framesAvailable(), 24000);
    QCOMPARE(taken->map->frames, 24000);
    QCOMPARE(taken->outcome.frames, 24000);
    QVERIFY2(!thread.take(file), "taken is taken");

    Player player;
    player.open({u"a"_s, u"1"_s}, make(u"first.wav"_s));
    player.prepare({u"a"_s, u"2"_s}, file);
    QTRY_VERIFY(player.isPrepared(file));
    player.open({u"a"_s, u"2"_s}, file, 1s);
    QVERIFY2(player.state() == PlayerState::Paused, "it was loaded first");
    QCOMPARE(player.position(), 1s);
    QCOMPARE(player.duration(), 3s);
    QVERIFY(player.map() && player.map()->frames == 24000);
}

void TestDecodeThread::newestThreeAreKept() {
    DecodeThread thread;
    QSignalSpy ready(&thread, &DecodeThread::preparedChanged);
    QStringList files;
    for (int i = 0; i < 5; ++i) {
        files << make(u"row%1.wav"_s.arg(i), 1);
        thread.prepare(files.last());
        QTRY_COMPARE(ready.size(), i + 1);
    }
    QCOMPARE(thread.prepared(), 3U);
    thread.prepare(files[2]);  // asked for again: now the newest
    thread.prepare(make(u"row5.wav"_s, 1));
    QTRY_COMPARE(ready.size(), 6);
    QVERIFY(!thread.take(files[0]) && !thread.take(files[1]) && !thread.take(files[3]));
    QVERIFY(thread.take(files[2]) && thread.take(files[4]) && thread.take(m_folder.filePath(u"row5.wav"_s)));
}

void TestDecodeThread::changedFileIsNotTaken() {
    DecodeThread thread;
    QSignalSpy ready(&thread, &DecodeThread::preparedChanged);
    const QString file = make(u"healed.wav"_s, 1);
    thread.prepare(file);
    QTRY_COMPARE(ready.size(), 1);
    QCOMPARE(make(u"healed.wav"_s, 2), file);
    QVERIFY(!thread.take(file));
    thread.prepare(file);
    QTRY_COMPARE(ready.size(), 2);
    QCOMPARE(make(u"healed.wav"_s, 3), file);
    thread.prepare(file);  // notices by itself
    QTRY_COMPARE(ready.size(), 3);
    const auto taken = thread.take(file);
    QVERIFY(taken);
    QCOMPARE(taken->outcome.frames, 24000);
}

void TestDecodeThread::openOneGoesFirst() {
    DecodeThread thread;
    QStringList order;
    connect(&thread, &DecodeThread::preparedChanged, this, [&order] { order << u"ahead"_s; });
    connect(&thread, &DecodeThread::decoded, this, [&order] { order << u"open"_s; });
    const QString open = make(u"open.wav"_s, 2);
    const QStringList ahead{make(u"long1.wav"_s, 600), make(u"long2.wav"_s, 600)};
    for (const QString& file : ahead) {
        thread.prepare(file);
    }
    thread.decode(open);
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 3, 20000);
    QCOMPARE(order, QStringList({u"open"_s, u"ahead"_s, u"ahead"_s}));
    QVERIFY2(thread.take(ahead[0]) && thread.take(ahead[1]), "what was put off was forgotten");
}

void TestDecodeThread::whatIsNoRecordingIsNotPrepared() {
    DecodeThread thread;
    QSignalSpy ready(&thread, &DecodeThread::preparedChanged);
    QVERIFY(fixture::writeFile(m_folder.filePath(u"page.wav"_s), "<html>sign in</html>"));
    thread.prepare(m_folder.filePath(u"page.wav"_s));
    thread.prepare(m_folder.filePath(u"nowhere.wav"_s));
    thread.prepare(make(u"good.wav"_s, 1));
    QTRY_COMPARE(ready.size(), 1);
    QCOMPARE(thread.prepared(), 1U);
}

/// Each would like 32 MB: prepared ones may hold 16 MiB each, the open one what is left.
void TestDecodeThread::memoryIsBoundedAltogether() {
    DecodeThread thread;
    std::shared_ptr<PcmStore> open;
    connect(&thread, &DecodeThread::opened, this,
            [&open](const std::shared_ptr<PcmStore>& samples) { open = samples; });
    QSignalSpy ready(&thread, &DecodeThread::preparedChanged);
    QSignalSpy done(&thread, &DecodeThread::decoded);
    QStringList files;
    for (int i = 0; i < 4; ++i) {
        files << make(u"big%1.wav"_s.arg(i), 1000);
    }
    for (int i = 0; i < 3; ++i) {
        thread.prepare(files[i]);
        QTRY_COMPARE_WITH_TIMEOUT(ready.size(), i + 1, 20000);
    }
    thread.decode(files[3]);
    QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, 20000);
    std::int64_t held = open->memoryBytes();
    std::vector<std::shared_ptr<PcmStore>> all{open};
    for (int i = 0; i < 3; ++i) {
        const auto taken = thread.take(files[i]);
        QVERIFY(taken);
        QVERIFY(taken->samples->memoryBytes() <= 16 * 1024 * 1024 && taken->samples->spilledBytes() > 0);
        held += taken->samples->memoryBytes();
        all.push_back(taken->samples);
    }
    qInfo("four recordings of 32 MB hold %lld MB", static_cast<long long>(held / 1'000'000));
    QVERIFY(held <= PcmStore::kMemoryLimit + 4 * PcmStore::kBlockSamples * 2);
    // What lies on the disk is the same sound.
    const auto source = fixture::noise(1000 * 8000, 2);
    std::vector<std::int16_t> read(2000);
    for (const auto& samples : all) {
        for (const std::int64_t at : {0LL, 3'999'000LL, 7'999'000LL}) {
            QCOMPARE(samples->read(at, read), 1000);
            QVERIFY(std::equal(read.begin(), read.end(), source.begin() + at * 2));
        }
    }
}

void TestDecodeThread::mapStaysBesidePrivateFilesOnly() {
    for (const bool isPrivate : {false, true}) {
        const QString file = make(u"kept%1.wav"_s.arg(isPrivate), 1);
        QVERIFY(QFile::setPermissions(file, isPrivate ? QFile::ReadOwner | QFile::WriteOwner
                                                      : QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
        DecodeThread thread;
        QSignalSpy maps(&thread, &DecodeThread::mapped);
        thread.decode(file);
        QTRY_COMPARE(maps.size(), 1);
        QCOMPARE(loadSoundMap(file) != nullptr, isPrivate);
    }
}

QTEST_GUILESS_MAIN(TestDecodeThread)
#include "tst_decodethread.moc"
