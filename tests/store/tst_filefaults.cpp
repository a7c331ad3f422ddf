// The n-th file call of SQLite fails, for every n until none does: open, read, write, sync, truncate, delete and the
// shared memory, once and from then on, as a disk error and as a full disk. Whatever was acknowledged is there
// afterwards, nothing is there that was not begun, and the next try does all of it.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <functional>
#include <memory>

#include "models/store/callsdatabase.h"
#include "models/store/databasefile.h"
#include "models/store/reviewsdatabase.h"
#include "tests/store/samplecalls.h"
#include "tests/support/failingvfs.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using sample::kNow;

namespace {

/// What was answered with success, in the words of the scenario.
using Acknowledged = QStringList;
/// "" or what is wrong.
using Verdict = QString;

struct Scenario {
    std::function<void(const QString& folder)> prepare;
    std::function<Acknowledged(const QString& folder)> act;
    std::function<Verdict(const QString& folder, const Acknowledged& acknowledged)> judge;
    int steps = 0;  ///< acknowledged when nothing fails
};

struct Figures {
    int points = 0;
    int acknowledged = 0;
};

QString folderTemplate() {
    // Thousands of databases are made here; what an fsync is worth is not the question.
    return (QFileInfo(u"/dev/shm"_s).isWritable() ? u"/dev/shm"_s : QDir::tempPath()) + u"/earmark-faults-XXXXXX"_s;
}

bool copyFolder(const QString& from, const QString& to) {
    const QStringList names = QDir(from).entryList(QDir::Files | QDir::Hidden);
    return std::all_of(names.begin(), names.end(),
                       [&](const QString& name) { return QFile::copy(from + u'/' + name, to + u'/' + name); });
}

/// Breaks one call after the other. Each call fails once or for good, turn about; EARMARK_THOROUGH takes both of each.
void breakEveryCall(const Scenario& scenario, Figures& figures) {
    const int stride = qEnvironmentVariableIsSet("EARMARK_THOROUGH") ? 1 : 2;
    const QTemporaryDir prepared(folderTemplate());
    scenario.prepare(prepared.path());
    int offset = 0;
    for (const auto failure : {failingvfs::Failure::IoError, failingvfs::Failure::DiskFull}) {
        for (const auto lasting : {failingvfs::Lasting::Once, failingvfs::Lasting::FromThenOn}) {
            for (int n = offset++ % stride;; n += stride) {
                QVERIFY2(n < 5'000, "it never comes to an end");
                const QTemporaryDir folder(folderTemplate());
                QVERIFY(copyFolder(prepared.path(), folder.path()));
                failingvfs::failAt(n, failure, lasting);
                const Acknowledged acknowledged = scenario.act(folder.path());
                const bool failed = failingvfs::hasFailed();
                failingvfs::heal();
                const QString where = u"call %1, %2, %3, %4: "_s.arg(
                    QString::number(n), QString::fromUtf8(failingvfs::failedCall()),
                    failure == failingvfs::Failure::DiskFull ? u"disk full"_s : u"disk error"_s,
                    lasting == failingvfs::Lasting::Once ? u"once"_s : u"from then on"_s);
                const Verdict verdict = scenario.judge(folder.path(), acknowledged);
                QVERIFY2(verdict.isEmpty(), qPrintable(where + verdict));
                const Acknowledged again = scenario.act(folder.path());
                QVERIFY2(again.size() == scenario.steps, qPrintable(where + u"the next try did "_s + again.join(u',')));
                const Verdict mended = scenario.judge(folder.path(), again);
                QVERIFY2(mended.isEmpty(), qPrintable(where + u"after the next try: "_s + mended));
                if (!failed) {
                    QCOMPARE(acknowledged.size(), scenario.steps);
                    break;
                }
                ++figures.points;
                figures.acknowledged += int(acknowledged.size());
            }
        }
    }
}

// --- reviews

const CallKey kFirst{u"main"_s, u"first"_s};
const CallKey kSecond{u"main"_s, u"second"_s};

std::optional<QString> value(const std::optional<LocalEdit>& edit) {
    return edit ? edit->value : std::nullopt;
}

void makeReviews(const QString& folder) {
    auto database = ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database);
    for (int i = 0; i < 12; ++i) {
        QVERIFY((*database)->commitEdit({{u"main"_s, u"old-%1"_s.arg(i)},
                                         ReviewField::Notes,
                                         u"theirs"_s,
                                         u"kept since long %1 "_s.arg(i) + QString(700, u'k'),
                                         u"desk"_s},
                                        kNow));
    }
    QVERIFY((*database)->commitEdit({kSecond, ReviewField::Disposition, u"SALE"_s, u"CALLBACK"_s, u"desk"_s}, kNow));
}

/// A log of the size that a kill leaves, beside a database that does not hold its contents.
void makeReviewsWithLog(const QString& folder) {
    const QTemporaryDir elsewhere(folderTemplate());
    const QString file = elsewhere.filePath(u"reviews.db"_s);
    makeReviews(elsewhere.path());
    auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database);
    QVERIFY((*database)->commitEdit(
        {{u"main"_s, u"in-log"_s}, ReviewField::Notes, std::nullopt, QString(5'000, u'l'), u"desk"_s}, kNow));
    QVERIFY(QFile::copy(file, folder + u"/reviews.db"_s));
    QVERIFY(QFile::copy(file + "-wal"_L1, folder + u"/reviews.db-wal"_s));
}

Acknowledged editReviews(const QString& folder) {
    Acknowledged done;
    auto database = ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite);
    if (!database) {
        return done;
    }
    const auto note = [&](const char* what, bool worked) {
        if (worked) {
            done += QString::fromLatin1(what);
        }
    };
    const QString text = u"new "_s + QString(5'000, u'n');
    note("edit", (*database)->commitEdit({kFirst, ReviewField::Notes, u"theirs"_s, text, u"desk"_s}, kNow).has_value());
    note("restore", (*database)->restoreField(kSecond, ReviewField::Disposition, u"restore"_s, kNow).has_value());
    note("draft", (*database)->saveDraft({kSecond, ReviewField::Notes, std::nullopt, u"half"_s, kNow}).has_value());
    Account account;
    account.name = u"main"_s;
    account.baseUrl = QUrl(u"https://api.yotel.test/api/v1"_s);
    note("account", (*database)->saveAccount(account).has_value());
    note("checkpoint", (*database)->checkpoint().has_value());
    return done;
}

Verdict judgeReviews(const QString& folder, const Acknowledged& acknowledged, bool hasOld, bool hasLog) {
    auto database = ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite);
    if (!database) {
        return u"does not open: "_s + database.error().detail;
    }
    const auto findings = (*database)->check();
    if (!findings || !findings->isEmpty()) {
        return findings ? findings->join(u"; "_s) : findings.error().detail;
    }
    const auto all = *(*database)->allReviews();
    const int old = hasOld ? 12 : 0;
    for (int i = 0; i < old; ++i) {
        const Review review = all.value({u"main"_s, u"old-%1"_s.arg(i)});
        if (!value(review.notes) || !value(review.notes)->startsWith(u"kept since long %1 "_s.arg(i))) {
            return u"an old edit is lost: %1"_s.arg(i);
        }
    }
    if (hasLog && !value(all.value({u"main"_s, u"in-log"_s}).notes)) {
        return u"the edit in the log is lost"_s;
    }
    const auto edited = value(all.value(kFirst).notes);
    if (acknowledged.contains(u"edit"_s) ? edited != u"new "_s + QString(5'000, u'n')
                                         : edited && edited->size() < 5'000) {
        return u"the edit is lost or half there"_s;
    }
    const auto code = value(all.value(kSecond).disposition);
    const bool restored = !code;
    if ((acknowledged.contains(u"restore"_s) && !restored) || (code && *code != u"CALLBACK"_s)) {
        return u"the restore is lost"_s;
    }
    const auto drafts = (*database)->drafts();
    if (acknowledged.contains(u"draft"_s) ? drafts->size() != 1 || drafts->front().text != u"half"_s
                                          : drafts->size() > 1) {
        return u"the draft is lost"_s;
    }
    if (acknowledged.contains(u"account"_s) && (*database)->accounts()->size() != 1) {
        return u"the account is lost"_s;
    }
    // No phantom: beside the old ones there is nothing but what was begun.
    const auto known = old + int(hasLog) + int(edited.has_value()) + int(code.has_value());
    return int(all.size()) == known ? Verdict() : u"%1 reviews instead of %2"_s.arg(all.size()).arg(known);
}

// --- the schema

struct Steps {
    QTemporaryDir folder{folderTemplate()};
    [[nodiscard]] DatabaseKind kind(int upTo) const {
        const QString path = folder.filePath(QString::number(upTo));
        if (QDir().mkpath(path)) {
            const QByteArray sql[] = {"CREATE TABLE edits (id INTEGER PRIMARY KEY, text TEXT);",
                                      "ALTER TABLE edits ADD COLUMN kind TEXT; UPDATE edits SET kind = 'edit';",
                                      "CREATE TABLE next (id INTEGER PRIMARY KEY, text TEXT, kind TEXT);"
                                      "INSERT INTO next SELECT id, text, kind FROM edits; DROP TABLE edits;"
                                      "ALTER TABLE next RENAME TO edits; CREATE INDEX by_text ON edits (text);"};
            for (int i = 0; i < upTo; ++i) {
                QFile step(path + u"/00%1_step.sql"_s.arg(i + 1));
                if (!step.exists() && step.open(QIODevice::WriteOnly)) {
                    step.write(sql[i]);
                }
            }
        }
        return {path, Connection::Durability::Full, true};
    }
};

constexpr int kOldRows = 60;

Verdict judgeMigrated(const QString& folder, const Acknowledged& acknowledged) {
    const QString file = folder + u"/reviews.db"_s;
    auto look = Connection::open(file, Connection::Access::ReadWrite);
    if (!look) {
        return u"does not open: "_s + look.error().detail;
    }
    const qint64 version = (*look)->integer("PRAGMA user_version").value();
    if (acknowledged.isEmpty() ? version < 1 : version != 3) {
        return u"version %1"_s.arg(version);
    }
    if ((*look)->integer("SELECT count(*) FROM edits WHERE text = 'edit ' || id || hex(zeroblob(200))").value() !=
        kOldRows) {
        return u"edits are lost"_s;
    }
    if ((*look)->texts("PRAGMA integrity_check").value() != QStringList{u"ok"_s}) {
        return u"not sound"_s;
    }
    const QStringList copies = QDir(folder + u"/backups"_s).entryList({u"reviews.db.version-1-*"_s}, QDir::Files);
    for (const QString& name : copies) {
        auto copy = Connection::open(folder + u"/backups/"_s + name, Connection::Access::ReadOnly);
        if (!copy || (*copy)->integer("SELECT count(*) FROM edits").value_or(0) != kOldRows) {
            return u"a copy that is none"_s;
        }
    }
    return version > 1 && copies.isEmpty() ? u"no copy of the old one"_s : Verdict();
}

}  // namespace

class TestFileFaults : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() { failingvfs::install(); }
    void cleanup() { failingvfs::heal(); }
    void aFreshProfile();
    void edits();
    void editsBesideALeftLog();
    void rescueOfADamagedFile();
    void migration();
    void pages();

 private:
    static void report(const char* what, const Figures& figures) {
        qInfo("%s: %d points of failure, %d steps acknowledged, 0 lost", what, figures.points, figures.acknowledged);
    }
};

void TestFileFaults::aFreshProfile() {
    Figures figures;
    breakEveryCall(
        {[](const QString&) {}, editReviews,
         [](const QString& folder, const Acknowledged& done) { return judgeReviews(folder, done, false, false); }, 5},
        figures);
    report("new database", figures);
    QVERIFY(figures.points > 50);
}

void TestFileFaults::edits() {
    Figures figures;
    breakEveryCall(
        {makeReviews, editReviews,
         [](const QString& folder, const Acknowledged& done) { return judgeReviews(folder, done, true, false); }, 5},
        figures);
    report("edits", figures);
    QVERIFY(figures.points > 50);
}

void TestFileFaults::editsBesideALeftLog() {
    Figures figures;
    breakEveryCall(
        {makeReviewsWithLog, editReviews,
         [](const QString& folder, const Acknowledged& done) { return judgeReviews(folder, done, true, true); }, 5},
        figures);
    report("edits beside a log", figures);
    QVERIFY(figures.points > 50);
}

void TestFileFaults::rescueOfADamagedFile() {
    Figures figures;
    breakEveryCall(
        {[](const QString& folder) {
             makeReviewsWithLog(folder);
             QFile file(folder + u"/reviews.db"_s);
             QVERIFY(file.open(QIODevice::ReadWrite));
             file.write(QByteArray(4096, '\0'));
         },
         editReviews,
         [](const QString& folder, const Acknowledged& done) { return judgeReviews(folder, done, true, true); }, 5},
        figures);
    report("rescue", figures);
    QVERIFY(figures.points > 50);
}

void TestFileFaults::migration() {
    const Steps steps;
    Figures figures;
    breakEveryCall(
        {[&](const QString& folder) {
             const auto made = openDatabase(folder + u"/reviews.db"_s, Connection::Access::ReadWrite, steps.kind(1));
             QVERIFY(made);
             for (int i = 1; i <= kOldRows; ++i) {
                 QVERIFY((*made)->run("INSERT INTO edits VALUES (?1, 'edit ' || ?1 || hex(zeroblob(200)))", i));
             }
         },
         [&](const QString& folder) {
             return openDatabase(folder + u"/reviews.db"_s, Connection::Access::ReadWrite, steps.kind(3))
                        ? Acknowledged{u"migrated"_s}
                        : Acknowledged();
         },
         judgeMigrated, 1},
        figures);
    report("migration", figures);
    QVERIFY(figures.points > 50);
}

void TestFileFaults::pages() {
    const auto open = [](const QString& folder) {
        return CallsDatabase::open(folder + u"/calls.db"_s, CallsDatabase::Access::ReadWrite);
    };
    const auto page = [](int from, int next) {
        PageToStore stored{u"main"_s, {}, PullCursor{u"main"_s, u"camp-0"_s, next, false, 40, std::nullopt, {}}};
        for (int i = from; i < from + 10; ++i) {
            stored.calls.push_back(sample::wholeCall(i));
        }
        return stored;
    };
    Figures figures;
    breakEveryCall({[&](const QString& folder) {
                        const auto database = open(folder);
                        QVERIFY(database && (*database)->storePage(page(0, 2), kNow));
                    },
                    [&](const QString& folder) {
                        Acknowledged done;
                        const auto database = open(folder);
                        if (database && (*database)->storePage(page(5, 3), kNow)) {
                            done += u"page"_s;
                        }
                        if (database && (*database)->markNotFound(sample::wholeCall(1).key, kNow)) {
                            done += u"mark"_s;
                        }
                        if (database && (*database)->checkpoint()) {
                            done += u"checkpoint"_s;
                        }
                        return done;
                    },
                    [&](const QString& folder, const Acknowledged& done) -> Verdict {
                        const auto database = open(folder);
                        if (!database) {
                            return u"does not open: "_s + database.error().detail;
                        }
                        if (!(*database)->notices().isEmpty() || !(*database)->check()->isEmpty()) {
                            return u"not sound"_s;
                        }
                        QSet<QString> ids;
                        int rows = 0;
                        const auto read = (*database)->forEachIndexRow([&](IndexRow&& row) {
                            ids.insert(row.call.call.key.remoteId);
                            return ++rows > 0;
                        });
                        const int next = (*database)->cursors(u"main"_s)->front().nextPage;
                        const bool isWhole = next == 3 && rows == 15;
                        const bool isFormer = next == 2 && rows == 10;
                        if (!read || ids.size() != rows || (!isWhole && (done.contains(u"page"_s) || !isFormer))) {
                            return u"%1 calls, next page %2"_s.arg(rows).arg(next);
                        }
                        const bool marked =
                            (*database)->call(sample::wholeCall(1).key).value()->notFoundSince.has_value();
                        return done.contains(u"mark"_s) && !marked ? u"the mark is lost"_s : Verdict();
                    },
                    3},
                   figures);
    report("pages", figures);
    QVERIFY(figures.points > 50);
}

QTEST_GUILESS_MAIN(TestFileFaults)
#include "tst_filefaults.moc"
