// The n-th call to the system about files fails, for every n until none does: recordings on their way into the cache,
// files written durably, databases made, set aside and succeeded. What was answered with success is whole afterwards,
// what was there before is not lost, and the next try does it.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <functional>

#include "app/durablefile.h"
#include "app/profile.h"
#include "models/store/callsdatabase.h"
#include "models/store/databaseaside.h"
#include "models/store/databasefile.h"
#include "models/store/reviewsdatabase.h"
#include "models/sync/recordingfile.h"
#include "tests/store/samplecalls.h"
#include "tests/support/filecalls.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

struct Scenario {
    std::function<void(const QString& folder)> prepare;
    std::function<bool(const QString& folder)> act;  ///< true = success was answered
    /// "" or what is wrong.
    std::function<QString(const QString& folder, bool acknowledged)> judge;
    QList<QByteArray> only = {};
};

QString folderTemplate() {
    return (QFileInfo(u"/dev/shm"_s).isWritable() ? u"/dev/shm"_s : QDir::tempPath()) + u"/earmark-calls-XXXXXX"_s;
}

/// `stride` > 1 for scenarios of many calls: the four ways of failing begin at different calls. EARMARK_THOROUGH takes
/// every call in every way.
void breakEveryCall(const Scenario& scenario, int& points, int stride = 1) {
    int offset = 0;
    if (qEnvironmentVariableIsSet("EARMARK_THOROUGH")) {
        stride = 1;
    }
    for (const int error : {EIO, ENOSPC}) {
        for (const auto lasting : {filecalls::Lasting::Once, filecalls::Lasting::FromThenOn}) {
            for (int n = offset++ % stride;; n += stride) {
                QVERIFY2(n < 2'000, "it never comes to an end");
                const QTemporaryDir folder(folderTemplate());
                scenario.prepare(folder.path());
                filecalls::failAt(n, error, lasting, scenario.only);
                const bool done = scenario.act(folder.path());
                const bool failed = filecalls::hasFailed();
                filecalls::heal();
                const QString where = u"%1 %2, errno %3, %4: "_s.arg(
                    QString::number(n), QString::fromUtf8(filecalls::failedCall()), QString::number(error),
                    lasting == filecalls::Lasting::Once ? u"once"_s : u"from then on"_s);
                const QString verdict = scenario.judge(folder.path(), done);
                QVERIFY2(verdict.isEmpty(), qPrintable(where + verdict));
                QVERIFY2(scenario.act(folder.path()), qPrintable(where + u"the next try fails too"_s));
                const QString mended = scenario.judge(folder.path(), true);
                QVERIFY2(mended.isEmpty(), qPrintable(where + u"after the next try: "_s + mended));
                if (!failed) {
                    QVERIFY(done);
                    break;
                }
                ++points;
            }
        }
    }
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

const QString kStem = u"0123abcd"_s;

}  // namespace

class TestFileCalls : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void cleanup() { filecalls::heal(); }
    void theSeamWorks();
    void recordings();
    void durableFiles();
    void privateFiles();
    void settingAside();
    void rescue();
    void mending();
    void unreadableIsNotDamaged();
    void profileLocks();
};

void TestFileCalls::theSeamWorks() {
    const QTemporaryDir folder(folderTemplate());
    filecalls::failAt(0, EIO, filecalls::Lasting::Once);
    QFile qt(folder.filePath(u"a"_s));
    QVERIFY(!qt.open(QIODevice::WriteOnly));  // Qt's calls come by here too
    QCOMPARE(filecalls::failedCall(), QByteArray("open"));
    filecalls::failAt(1, ENOSPC, filecalls::Lasting::FromThenOn, {"rename"});
    put(folder.filePath(u"b"_s), "b");
    QVERIFY(QFile::rename(folder.filePath(u"b"_s), folder.filePath(u"c"_s)) || filecalls::hasFailed());
    filecalls::heal();
}

void TestFileCalls::recordings() {
    const QByteArray sound = "OggS" + QByteArray(200'000, 's');
    const QByteArray former = "fLaC" + QByteArray(5'000, 'f');
    int points = 0;
    breakEveryCall({[&](const QString& folder) {
                        QVERIFY(QDir().mkpath(folder + u"/recordings"_s));
                        put(folder + u"/recordings/"_s + kStem + u".flac"_s, former);
                    },
                    [&](const QString& folder) {
                        const auto part = PartFile::create(folder + u"/recordings"_s, kStem);
                        for (int at = 0; part && at < sound.size(); at += 70'000) {
                            if (!(*part)->write(sound.mid(at, 70'000))) {
                                return false;
                            }
                        }
                        return part && (*part)->finish(sound.size());
                    },
                    [&](const QString& folder, bool acknowledged) -> QString {
                        sweepPartFiles(folder + u"/recordings"_s);
                        const QStringList left = QDir(folder + u"/recordings"_s).entryList(QDir::Files | QDir::Hidden);
                        const auto cached = cachedRecording(folder + u"/recordings"_s, kStem);
                        const QByteArray bytes = cached ? contents(cached->file) : QByteArray();
                        if (bytes != sound && (acknowledged || bytes != former)) {
                            return u"the cache holds %1 bytes"_s.arg(bytes.size());
                        }
                        const bool partLeft = left.filter(u".part"_s).size() > 0;
                        return partLeft ? u"left: "_s + left.join(u' ') : QString();
                    }},
                   points);
    qInfo("recordings: %d points", points);
    QVERIFY(points > 20);
}

void TestFileCalls::durableFiles() {
    const QByteArray before(3'000, 'b');
    const QByteArray after(100'000, 'a');
    int points = 0;
    const auto judge = [&](const QString& folder, bool acknowledged) -> QString {
        const QByteArray now = contents(folder + u"/settings.json"_s);
        return now == after || (!acknowledged && now == before) ? QString() : u"%1 bytes"_s.arg(now.size());
    };
    const auto prepare = [&](const QString& folder) {
        put(folder + u"/settings.json"_s, before);
        put(folder + u"/source"_s, after);
    };
    breakEveryCall(
        {prepare, [&](const QString& folder) { return writeDurably(folder + u"/settings.json"_s, after).has_value(); },
         judge},
        points);
    breakEveryCall({prepare,
                    [&](const QString& folder) {
                        return copyDurably(folder + u"/source"_s, folder + u"/settings.json"_s).has_value();
                    },
                    judge},
                   points);
    qInfo("durable files: %d points", points);
    QVERIFY(points > 20);
}

void TestFileCalls::privateFiles() {
    int points = 0;
    breakEveryCall({[](const QString&) {},
                    [](const QString& folder) { return makePrivateFile(folder + u"/a/b/reviews.db"_s).has_value(); },
                    [](const QString& folder, bool acknowledged) -> QString {
                        const QFileInfo made(folder + u"/a/b/reviews.db"_s);
                        const QFileInfo parent(folder + u"/a/b"_s);
                        const auto others = QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther;
                        if (acknowledged && !made.exists()) {
                            return u"not made"_s;
                        }
                        const bool open = (made.exists() && made.permissions() & others) ||
                                          (parent.exists() && parent.permissions() & others);
                        return open ? u"others may read it"_s : QString();
                    }},
                   points);
    QVERIFY(points >= 12);
}

void TestFileCalls::settingAside() {
    int points = 0;
    breakEveryCall({[](const QString& folder) {
                        put(folder + u"/calls.db"_s, "the database");
                        put(folder + u"/calls.db-wal"_s, "its log");
                    },
                    [](const QString& folder) { return setAside(folder + u"/calls.db"_s).has_value(); },
                    [](const QString& folder, bool acknowledged) -> QString {
                        QByteArray all;
                        for (const QString& name : QDir(folder).entryList(QDir::Files)) {
                            all += contents(folder + u'/' + name);
                        }
                        if (!all.contains("the database") || !all.contains("its log")) {
                            return u"something was deleted"_s;
                        }
                        const bool stillThere = QFile::exists(folder + u"/calls.db"_s);
                        return acknowledged && stillThere ? u"still there"_s : QString();
                    }},
                   points);
    QVERIFY(points >= 8);
}

void TestFileCalls::rescue() {
    const auto open = [](const QString& folder) {
        return ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite);
    };
    constexpr int kEdits = 6;
    const QTemporaryDir damaged(folderTemplate());
    {
        auto database = open(damaged.path());
        QVERIFY(database);
        for (int i = 0; i < kEdits; ++i) {
            if (i == kEdits / 2) {
                QVERIFY((*database)->checkpoint());  // half of it in the file, half in the log
            }
            QVERIFY((*database)->commitEdit(
                {{u"main"_s, QString::number(i)}, ReviewField::Notes, std::nullopt, u"kept"_s, u"desk"_s},
                momentFromMs(i)));
        }
        QVERIFY(QFile::copy(damaged.filePath(u"reviews.db"_s), damaged.filePath(u"copy"_s)));
        QVERIFY(QFile::copy(damaged.filePath(u"reviews.db-wal"_s), damaged.filePath(u"copy-wal"_s)));
    }
    QByteArray bytes = contents(damaged.filePath(u"copy"_s));
    bytes.replace(0, 100, QByteArray(100, 'x'));
    const QByteArray log = contents(damaged.filePath(u"copy-wal"_s));
    const Scenario scenario{[&](const QString& folder) {
                                put(folder + u"/reviews.db"_s, bytes);
                                put(folder + u"/reviews.db-wal"_s, log);
                            },
                            [&](const QString& folder) { return open(folder).has_value(); },
                            [&](const QString& folder, bool) -> QString {
                                const auto database = open(folder);
                                if (!database) {
                                    return u"does not open: "_s + database.error().detail;
                                }
                                const auto all = (*database)->allReviews();
                                const QStringList aside =
                                    QDir(folder).entryList({u"reviews.db.damaged-*"_s}, QDir::Files);
                                return all->size() != kEdits || aside.isEmpty()
                                           ? u"%1 edits, %2 files set aside"_s.arg(all->size()).arg(aside.size())
                                           : QString();
                            },
                            {"rename", "unlink", "mkdir", "fchmod", "open", "write", "fsync"}};
    int points = 0;
    breakEveryCall(scenario, points, 2);
    Scenario reading = scenario;
    reading.only = {"pread64"};
    breakEveryCall(reading, points, 4);
    qInfo("rescue: %d points", points);
    QVERIFY(points > 100);
}

void TestFileCalls::mending() {
    const QTemporaryDir sound(folderTemplate());
    const QString file = sound.filePath(u"reviews.db"_s);
    constexpr int kEdits = 40;
    {
        auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
        QVERIFY(database);
        for (int i = 0; i < kEdits; ++i) {
            QVERIFY((*database)->commitEdit({{u"main"_s, QString::number(i)},
                                             ReviewField::Notes,
                                             std::nullopt,
                                             u"refund of %1"_s.arg(100 + i),
                                             u"desk"_s},
                                            momentFromMs(i)));
        }
    }
    QByteArray bytes = contents(file);
    bytes[bytes.lastIndexOf("refund of 117") + 12] = '9';  // a row that SQLite takes for sound
    int points = 0;
    breakEveryCall(
        {[&](const QString& folder) { put(folder + u"/reviews.db"_s, bytes); },
         [&](const QString& folder) {
             return ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite).has_value();
         },
         [&](const QString& folder, bool) -> QString {
             const auto database = ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite);
             const auto all = database ? (*database)->allReviews() : failure(database.error());
             const Review mended = all ? all->value({u"main"_s, u"17"_s}) : Review();
             const bool isRight = mended.notes && mended.notes->value == u"refund of 117"_s;
             return !all || all->size() != kEdits || !isRight ? u"%1 edits"_s.arg(all ? all->size() : -1) : QString();
         },
         {"pread64"}},
        points);
    qInfo("mending: %d points", points);
    QVERIFY(points > 20);
}

/// A disk that cannot read for a while makes SQLite speak of damage; a sound file is not set aside for that.
void TestFileCalls::unreadableIsNotDamaged() {
    const QTemporaryDir sound(folderTemplate());
    {
        auto reviews = ReviewsDatabase::open(sound.filePath(u"reviews.db"_s), ReviewsDatabase::Access::ReadWrite);
        auto calls = CallsDatabase::open(sound.filePath(u"calls.db"_s), CallsDatabase::Access::ReadWrite);
        QVERIFY(reviews && calls);
        QVERIFY((*reviews)->commitEdit({{u"main"_s, u"1"_s}, ReviewField::Notes, std::nullopt, u"kept"_s, u"desk"_s},
                                       momentFromMs(1)));
        QVERIFY((*calls)->storePage({u"main"_s, {sample::wholeCall(1)}, std::nullopt}, momentFromMs(1)));
    }
    const QByteArray calls = contents(sound.filePath(u"calls.db"_s));
    const QByteArray reviews = contents(sound.filePath(u"reviews.db"_s));
    const auto open = [](const QString& folder) {
        const bool doubtful = QFile::exists(folder + u"/doubt"_s);
        if (doubtful) {
            markDoubtful(folder + u"/calls.db"_s);
            markDoubtful(folder + u"/reviews.db"_s);
        }
        const auto first = CallsDatabase::open(folder + u"/calls.db"_s, CallsDatabase::Access::ReadWrite);
        const auto second = ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite);
        return first && second;
    };
    int points = 0;
    for (const bool doubtful : {false, true}) {
        breakEveryCall({[&](const QString& folder) {
                            put(folder + u"/calls.db"_s, calls);
                            put(folder + u"/reviews.db"_s, reviews);
                            if (doubtful) {
                                put(folder + u"/doubt"_s, "each page is checked");
                            }
                        },
                        open,
                        [](const QString& folder, bool) {
                            return QDir(folder).entryList({u"*.damaged-*"_s}, QDir::Files).join(u' ');
                        },
                        {"pread64"}},
                       points);
    }
    qInfo("unreadable: %d points", points);
    QVERIFY(points > 20);
}

void TestFileCalls::profileLocks() {
    int points = 0;
    breakEveryCall(
        {[](const QString&) {},
         [](const QString& folder) { return ProfileLock::take(Profile(folder + u"/profile"_s)).has_value(); },
         [](const QString&, bool) { return QString(); }},
        points);
    QVERIFY(points > 3);
}

QTEST_GUILESS_MAIN(TestFileCalls)
#include "tst_filecalls.moc"
