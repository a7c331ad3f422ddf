// Files that are not what they were: logs that are missing or of another database, backups put back, copies made while
// the program runs, damage inside calls.db and recordings, damaged settings; and more writers than one.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

#include "app/networkdisk.h"
#include "app/settings.h"
#include "models/store/callsdatabase.h"
#include "models/store/reviewsdatabase.h"
#include "models/sync/recordingfile.h"
#include "tests/app/program.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using sample::kNow;

namespace {

CallKey keyOf(int number) {
    return {u"main"_s, QString::number(number)};
}

EditToCommit notes(int number, const QString& text) {
    return {keyOf(number), ReviewField::Notes, std::nullopt, text, u"desk"_s};
}

Result<std::unique_ptr<ReviewsDatabase>> openReviews(
    const QString& file, ReviewsDatabase::Access access = ReviewsDatabase::Access::ReadWrite) {
    return ReviewsDatabase::open(file, access);
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size());
}

/// A database and its log as a kill leaves them: the edits before `inFile` in the file, the others in the log.
struct Pair {
    QByteArray file;
    QByteArray log;
};

Pair killedReviews(const QString& text, int edits, int inFile) {
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"reviews.db"_s);
    const auto database = openReviews(file);
    for (int i = 0; database && i < edits; ++i) {
        if (i == inFile && !(*database)->checkpoint()) {
            return {};
        }
        if (!(*database)->commitEdit(notes(i, text + QString::number(i)), kNow)) {
            return {};
        }
    }
    return {contents(file), contents(file + u"-wal"_s)};
}

bool everyTextBeginsWith(const QHash<CallKey, Review>& all, const QString& text) {
    return std::all_of(all.begin(), all.end(),
                       [&](const Review& one) { return one.notes && one.notes->value->startsWith(text); });
}

}  // namespace

class TestForeignFiles : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void aMissingLog();
    void aLogOfAnotherDatabase_data();
    void aLogOfAnotherDatabase();
    void aForeignLogBesideTheCalls();
    void anOlderBackup();
    void anOlderBackupBesideANewerLog();
    void copiesMadeWhileItRuns();
    void damageInTheLog();
    void damageInsideTheCalls();
    void damagedRecordings();
    void damagedSettings();
    void fourWriters();
    void aBypassedLock();
    void clocksThatJump();
    void anAbortLosesNothing();
    void networkDisks();

 private:
    [[nodiscard]] QString file(const QString& name = u"reviews.db"_s) const { return m_folder->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestForeignFiles::aMissingLog() {
    const Pair pair = killedReviews(u"mine "_s, 10, 6);
    QVERIFY(!pair.log.isEmpty());
    put(file(), pair.file);
    const auto database = openReviews(file());
    QVERIFY(database);
    // What stood in the log only is gone with it; what is there is sound, and it is the older state, not a wrong one.
    QCOMPARE((*database)->allReviews()->size(), 6);
    QVERIFY((*database)->check()->isEmpty());
    QVERIFY((*database)->commitEdit(notes(7, u"again"_s), kNow));
}

void TestForeignFiles::aLogOfAnotherDatabase_data() {
    QTest::addColumn<int>("edits");
    QTest::newRow("a small one") << 5;
    QTest::newRow("one that covers it all") << 400;
}

void TestForeignFiles::aLogOfAnotherDatabase() {
    QFETCH(int, edits);
    const Pair mine = killedReviews(u"mine "_s, 40, 39);
    const Pair other = killedReviews(u"theirs "_s, edits, 0);
    put(file(), mine.file);
    put(file() + u"-wal"_s, other.log);
    QCOMPARE(openReviews(file(), ReviewsDatabase::Access::ReadOnly).error().kind, ErrorKind::Damaged);
    const auto database = openReviews(file());
    QVERIFY(database);
    QCOMPARE((*database)->allReviews()->size(), 39);  // the fortieth stood in the log that is not here
    QVERIFY(everyTextBeginsWith(*(*database)->allReviews(), u"mine "_s));
    QCOMPARE((*database)->notices().size(), 1);
    QVERIFY((*database)->check()->isEmpty());
    const QStringList aside = QDir(m_folder->path()).entryList({u"reviews.db.damaged-*-wal"_s}, QDir::Files);
    QCOMPARE(aside.size(), 1);
    QCOMPARE(contents(file(aside.first())), other.log);  // not deleted
    QVERIFY((*database)->commitEdit(notes(1, u"mine again"_s), kNow));
}

void TestForeignFiles::aForeignLogBesideTheCalls() {
    const auto killedCalls = [](int from, int inFile) {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"calls.db"_s);
        const auto database = CallsDatabase::open(path, CallsDatabase::Access::ReadWrite);
        for (int i = from; database && i < from + 20; ++i) {
            if (!(*database)->storePage({u"main"_s, {sample::wholeCall(i)}, std::nullopt}, kNow) ||
                (i == from + inFile && !(*database)->checkpoint())) {
                return Pair{};
            }
        }
        return Pair{contents(path), contents(path + u"-wal"_s)};
    };
    put(file(u"calls.db"_s), killedCalls(0, 15).file);
    put(file(u"calls.db-wal"_s), killedCalls(100, -1).log);
    const auto database = CallsDatabase::open(file(u"calls.db"_s), CallsDatabase::Access::ReadWrite);
    QVERIFY(database);
    QCOMPARE((*database)->notices().size(), 1);
    QVERIFY((*database)->check()->isEmpty());
    int own = 0;
    QVERIFY((*database)->forEachIndexRow([&](IndexRow&& row) {
        own += row.call.call.key.remoteId < sample::wholeCall(100).key.remoteId ? 1 : 0;
        return true;
    }));
    QVERIFY2(own >= 15, qPrintable(QString::number(own)));
}

void TestForeignFiles::anOlderBackup() {
    const QString copy = file(u"backup"_s);
    {
        const auto database = openReviews(file());
        QVERIFY(database && (*database)->commitEdit(notes(1, u"first"_s), kNow));
        QVERIFY((*database)->checkpoint());
        QVERIFY(QFile::copy(file(), copy));
        QVERIFY((*database)->commitEdit(notes(1, u"second"_s), kNow));
    }
    QVERIFY(QFile::remove(file()) && QFile::rename(copy, file()));
    const auto database = openReviews(file());
    QVERIFY(database);
    QCOMPARE((*database)->notices().size(), 1);  // an older copy lies in the place of a newer one
    QVERIFY((*database)->review(keyOf(1))->notes->value == u"first"_s);
    QVERIFY((*database)->check()->isEmpty());
    QVERIFY((*database)->commitEdit(notes(1, u"third"_s), kNow));
    QCOMPARE((*database)->history(keyOf(1))->size(), size_t(2));
}

void TestForeignFiles::anOlderBackupBesideANewerLog() {
    QByteArray backup;
    {
        const auto database = openReviews(file());
        QVERIFY(database);
        for (int i = 0; i < 60; ++i) {
            QVERIFY((*database)->commitEdit(notes(i, u"mine %1 "_s.arg(i) + QString(300, u'm')), kNow));
            if (i == 20) {
                QVERIFY((*database)->checkpoint());
                backup = contents(file());
            }
        }
        QVERIFY((*database)->checkpoint());
        QVERIFY((*database)->commitEdit(notes(60, u"mine 60"_s), kNow));
        put(file(u"kept-log"_s), contents(file() + u"-wal"_s));
    }
    put(file(), backup);
    QFile::remove(file() + u"-wal"_s);
    QVERIFY(QFile::rename(file(u"kept-log"_s), file() + u"-wal"_s));
    // Pages of two times, one over the other: whatever is told afterwards is something that once was said.
    const auto database = openReviews(file());
    QVERIFY(database);
    const auto all = (*database)->allReviews();
    QVERIFY(all);
    for (auto it = all->begin(); it != all->end(); ++it) {
        QVERIFY(it->notes && it->notes->value->startsWith(u"mine %1"_s.arg(it.key().remoteId)));
    }
    QVERIFY(all->size() >= 21);
    QVERIFY((*database)->check()->isEmpty());
    QVERIFY((*database)->commitEdit(notes(1, u"mine 1 goes on"_s), kNow));
}

void TestForeignFiles::copiesMadeWhileItRuns() {
    QProcess writer;
    writer.start(QCoreApplication::applicationDirPath() + u"/../store/killedwriter"_s, {file(), u"5"_s, u"1"_s});
    QVERIFY(writer.waitForReadyRead(20'000));
    int whole = 0;
    for (int round = 0; round < 15; ++round) {
        writer.waitForReadyRead(5);
        writer.readAllStandardOutput();
        // The naive way: file by file, while it is written. With the log it may be a state between two edits.
        const QTemporaryDir place;
        const QString copy = place.filePath(u"reviews.db"_s);
        put(copy, contents(file()));
        if (round % 2 == 0) {
            put(copy + u"-wal"_s, contents(file() + u"-wal"_s));
        }
        const auto database = openReviews(copy);
        QVERIFY2(database, qPrintable(database ? QString() : database.error().detail));
        QVERIFY((*database)->check()->isEmpty());
        QVERIFY((*database)->commitEdit(notes(99, u"goes on"_s), kNow));
        whole += (*database)->notices().isEmpty() ? 1 : 0;
    }
    writer.kill();
    writer.waitForFinished();
    qInfo("%d of 15 copies were whole as they were, the others were rescued", whole);
    QVERIFY(whole >= 7);
}

void TestForeignFiles::damageInTheLog() {
    const Pair pair = killedReviews(u"mine "_s, 30, 15);
    QRandomGenerator random(20260418);
    int known = 0;
    constexpr int kRounds = 60;
    for (int round = 0; round < kRounds; ++round) {
        init();
        QByteArray log = pair.log;
        const auto bit = random.bounded(qint64(log.size()) * 8);
        log[bit / 8] = char(log[bit / 8] ^ (1 << (bit % 8)));
        put(file(), pair.file);
        put(file() + u"-wal"_s, log);
        const auto database = openReviews(file());
        QVERIFY2(database, qPrintable(u"bit %1"_s.arg(bit)));
        const auto all = (*database)->allReviews();
        QVERIFY(all->size() >= 15 && everyTextBeginsWith(*all, u"mine "_s));
        QVERIFY((*database)->check()->isEmpty());
        known += int(all->size());
    }
    // SQLite's log has checksums and ends at the first frame that is damaged: later edits cannot be told from noise.
    qInfo("a flipped bit in the log: %.1f of 30 edits known on average, 0 wrong", double(known) / kRounds);
}

void TestForeignFiles::damageInsideTheCalls() {
    const QString path = file(u"calls.db"_s);
    {
        const auto database = CallsDatabase::open(path, CallsDatabase::Access::ReadWrite);
        QVERIFY(database);
        for (int page = 0; page < 10; ++page) {
            PageToStore stored{u"main"_s, {}, std::nullopt};
            for (int i = 0; i < 20; ++i) {
                stored.calls.push_back(sample::wholeCall(page * 20 + i));
            }
            QVERIFY((*database)->storePage(stored, kNow));
        }
    }
    const QByteArray sound = contents(path);
    QRandomGenerator random(7);
    int begunAnew = 0;
    for (int round = 0; round < 60; ++round) {
        QDir(m_folder->path()).removeRecursively();
        init();
        const QString damaged = file(u"calls.db"_s);
        QByteArray bytes = sound;
        if (round % 2 == 0) {
            const auto bit = random.bounded(qint64(bytes.size()) * 8);
            bytes[bit / 8] = char(bytes[bit / 8] ^ (1 << (bit % 8)));
        } else {
            bytes.replace(random.bounded(1, int(bytes.size() / 4096)) * 4096, 4096, QByteArray(4096, '\xee'));
        }
        put(damaged, bytes);
        // However it is met: in the end a pull stores its page and everything can be read.
        bool works = false;
        QString why;
        for (int attempt = 0; attempt < 3 && !works; ++attempt) {
            const auto database = CallsDatabase::open(damaged, CallsDatabase::Access::ReadWrite);
            if (!database) {
                QCOMPARE(database.error().kind, ErrorKind::NewerVersion);  // a flipped version is left alone
                works = true;
                continue;
            }
            begunAnew += (*database)->notices().isEmpty() ? 0 : 1;
            PageToStore page{u"main"_s, {}, std::nullopt};
            for (int i = 0; i < 200; ++i) {
                page.calls.push_back(sample::wholeCall(i));
            }
            int rows = 0;
            const auto stored = (*database)->storePage(page, kNow);
            const auto read = (*database)->forEachIndexRow([&](IndexRow&&) { return ++rows > 0; });
            const auto texts = (*database)->forEachTexts([](CallTexts&&) { return true; });
            works = stored && read && texts;
            for (const Error& error :
                 {stored ? Error() : stored.error(), read ? Error() : read.error(), texts ? Error() : texts.error()}) {
                why += error.code + u' ' + error.detail + u"; "_s;
            }
        }
        QVERIFY2(works, qPrintable(u"round %1 fails for ever: %2"_s.arg(QString::number(round), why)));
    }
    qInfo("calls.db: 60 damaged files, %d begun anew", begunAnew);
    QVERIFY(begunAnew > 5);
}

void TestForeignFiles::damagedRecordings() {
    const QString folder = file(u"recordings"_s);
    const QByteArray sound = "fLaC" + QByteArray(40'000, 's');
    QRandomGenerator random(11);
    for (int round = 0; round < 80; ++round) {
        auto part = PartFile::create(folder, u"stem"_s);
        QVERIFY(part && (*part)->write(sound));
        QVERIFY((*part)->finish(sound.size()));
        QByteArray bytes = sound;
        const auto bit = random.bounded(8 * (round % 2 == 0 ? 4 : int(bytes.size())));
        bytes[bit / 8] = char(bytes[bit / 8] ^ (1 << (bit % 8)));
        put(folder + u"/stem.flac"_s, round % 7 == 0 ? bytes.left(2) : bytes);
        const auto cached = cachedRecording(folder, u"stem"_s);  // no crash; what is no sound any more is fetched anew
        QVERIFY(cached.has_value() == contents(folder + u"/stem.flac"_s).startsWith("fLaC"));
    }
}

void TestForeignFiles::damagedSettings() {
    const QString path = file(u"settings.json"_s);
    {
        Settings settings(path);
        settings.setValue(u"volume"_s, 70);
        settings.setValue(u"columns"_s, QStringList{u"a"_s, u"b"_s});
        settings.setValue(u"geometry"_s, QByteArray(100, '\x01'));
    }
    const QByteArray sound = contents(path);
    QRandomGenerator random(3);
    int aside = 0;
    for (int round = 0; round < 150; ++round) {
        QByteArray bytes = sound;
        for (int i = 0; i <= round % 5; ++i) {
            const auto bit = random.bounded(int(bytes.size()) * 8);
            bytes[bit / 8] = char(bytes[bit / 8] ^ (1 << (bit % 8)));
        }
        if (round % 10 == 0) {
            bytes = bytes.left(random.bounded(int(bytes.size())));
        }
        put(path, bytes);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u".*"_s));
        qWarning("round %d", round);
        Settings settings(path);
        static_cast<void>(settings.value(u"volume"_s, 50).toInt());
        static_cast<void>(settings.value(u"columns"_s).toStringList());
        static_cast<void>(settings.value(u"geometry"_s).toByteArray());
        const QStringList kept = QDir(m_folder->path()).entryList({u"settings.json.damaged-*"_s}, QDir::Files);
        if (!settings.problem().isEmpty()) {
            QCOMPARE(kept.size(), 1);
            QCOMPARE(contents(file(kept.first())), bytes);  // the original is kept
            QCOMPARE(settings.value(u"volume"_s, 50).toInt(), 50);
            QVERIFY(QFile::remove(file(kept.first())));
            ++aside;
        }
    }
    qInfo("settings: 150 damaged files, %d set aside, 0 stopped the start", aside);
    QVERIFY(aside > 20);
}

void TestForeignFiles::fourWriters() {
    constexpr int kSteps = 60;
    std::vector<std::unique_ptr<QProcess>> writers;
    { QVERIFY(openReviews(file())); }
    for (int i = 0; i < 4; ++i) {
        writers.push_back(std::make_unique<QProcess>());
        writers.back()->start(QCoreApplication::applicationDirPath() + u"/../store/killedwriter"_s,
                              {file(), QString::number(i), QString::number(1'000 * (i + 1)), QString::number(kSteps)});
    }
    int acknowledged = 0;
    int edits = 0;
    for (const auto& writer : writers) {
        QVERIFY(writer->waitForFinished(60'000));
        QCOMPARE(writer->exitCode(), 0);  // nobody is told "locked"
        const QByteArray said = writer->readAllStandardOutput();
        const QList<QByteArray> told = said.split('\n');
        acknowledged += int(std::count_if(told.begin(), told.end(), [](const QByteArray& line) {
            return line.startsWith("A ") || line.startsWith("a ");  // small: several rows in one go
        }));
        edits += int(said.count("edit\n")) / 2;
    }
    QCOMPARE(acknowledged, 4 * kSteps);
    const auto database = openReviews(file());
    QVERIFY(database && (*database)->check()->isEmpty() && (*database)->notices().isEmpty());
    int lines = 0;
    for (int call = 0; call < 8; ++call) {
        const auto history = (*database)->history(keyOf(call));
        lines += int(std::count_if(history->begin(), history->end(),
                                   [](const HistoryEntry& line) { return line.origin != u"restore"_s; }));
    }
    QCOMPARE(lines, edits);
}

void TestForeignFiles::aBypassedLock() {
    // Two programs with the same folder, each sure to be alone: SQLite is the second guard.
    const auto one = openReviews(file());
    const auto two = openReviews(file());
    QVERIFY(one && two);
    for (int i = 0; i < 50; ++i) {
        QVERIFY((*(i % 2 == 0 ? one : two))->commitEdit(notes(i, QString::number(i)), kNow));
    }
    QCOMPARE((*one)->allReviews()->size(), 50);
    QCOMPARE((*two)->allReviews()->size(), 50);
    QVERIFY((*one)->check()->isEmpty());
}

void TestForeignFiles::clocksThatJump() {
    const auto database = openReviews(file());
    QVERIFY(database);
    QRandomGenerator random(26);
    qint64 former = 0;
    for (int i = 0; i < 200; ++i) {
        const Moment now = kNow + std::chrono::hours(random.bounded(-96, 96));  // days forth and back
        const auto review = (*database)->commitEdit(notes(i % 3, QString::number(i)), now);
        QVERIFY(review && review->notes->value == QString::number(i) && review->notes->sequence > former);
        former = review->notes->sequence;
    }
    qint64 before = 0;
    const auto pending = (*database)->pending();
    for (const PendingEdit& edit : *pending) {
        QVERIFY(edit.sequence > before);  // the order of sending is that of doing
        before = edit.sequence;
        QVERIFY(edit.to->toInt() >= 197);
    }
    for (int call = 0; call < 3; ++call) {
        int last = -1;
        const auto history = (*database)->history(keyOf(call));
        for (const HistoryEntry& line : *history) {
            QVERIFY(line.to->toInt() > last);
            last = line.to->toInt();
        }
    }
}

void TestForeignFiles::anAbortLosesNothing() {
    QProcess writer;
    writer.start(QCoreApplication::applicationDirPath() + u"/../store/killedwriter"_s,
                 {file(), u"9"_s, u"1"_s, u"-30"_s});  // aborts in the middle of the thirtieth step
    QVERIFY(writer.waitForFinished(30'000));
    QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
    const QByteArray said = writer.readAllStandardOutput();
    const auto database = openReviews(file());
    QVERIFY(database && (*database)->notices().isEmpty() && (*database)->check()->isEmpty());
    int lines = 0;
    for (int call = 0; call < 8; ++call) {
        const auto history = (*database)->history(keyOf(call));
        lines += int(std::count_if(history->begin(), history->end(),
                                   [](const HistoryEntry& line) { return line.origin != u"restore"_s; }));
    }
    int edits = 0;
    for (const QByteArray& line : said.split('\n')) {
        edits += line.startsWith("A ") && line.endsWith("edit") ? 1 : 0;
    }
    QVERIFY(edits > 5);
    QVERIFY2(lines == edits || lines == edits + 1, qPrintable(u"%1 said, %2 there"_s.arg(edits).arg(lines)));
}

void TestForeignFiles::networkDisks() {
    QVERIFY(networkFileSystem(0x6969) == u"NFS"_s);
    QVERIFY(networkFileSystem(0xFF534D42) == u"CIFS"_s && networkFileSystem(0xFE534D42) == u"SMB"_s);
    for (const quint32 local : {0xEF53U, 0x9123683EU, 0x58465342U, 0x01021994U, 0x794C7630U}) {
        QVERIFY(!networkFileSystem(local));  // ext4, btrfs, xfs, tmpfs, overlay
    }
    QVERIFY(!networkDiskOf(u"/nonexistent"_s));
}

QTEST_GUILESS_MAIN(TestForeignFiles)
#include "tst_foreignfiles.moc"
