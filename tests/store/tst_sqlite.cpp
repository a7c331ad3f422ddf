// The thin layer: values there and back, transactions, errors by kind, schema steps, a disk that is really full.
#include <sqlite3.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <cstring>
#include <memory>

#include "models/store/contenthash.h"
#include "models/store/databasefile.h"
#include "models/store/reviewsdatabase.h"
#include "models/store/sqlite.h"
#include "tests/store/samplecalls.h"
#include "tests/support/smalldisk.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using sample::kNow;

namespace {

bool writeText(const QString& file, const QByteArray& text) {
    QFile disk(file);
    return disk.open(QIODevice::WriteOnly) && disk.write(text) == text.size();
}

}  // namespace

class TestSqlite : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void hashIsTheKnownOne();
    void valuesComeBack();
    void statementsAreLentAgain();
    void bindErrorsAreReported();
    void transactionRollsBack();
    void aFailedRollbackHarmsNobody();
    void errorKinds();
    void rowSumTellsTypesApart();
    void foreignKeysAndTimeoutAreOn();
    void stepsAreAppliedInOrderAndOnce();
    void aFailingStepLeavesTheOldSchema();
    void oldReviewsAreCopiedBeforeAStep();
    void fullDisk();
    void readOnlyDisk();
};

void TestSqlite::hashIsTheKnownOne() {
    // Reference values of XXH64 with seed 0.
    QCOMPARE(contentHash("", 0), 0xef46db3751d8e999ULL);
    QCOMPARE(contentHash("a", 1), 0xd24ec4f1a98c6e5bULL);
    QCOMPARE(contentHash("abc", 3), 0x44bc2cf5ad770999ULL);
    const QByteArray text("Nobody inspects the spammish repetition");
    QCOMPARE(contentHash(text.constData(), size_t(text.size())), 0xfbcea83c8a378bf1ULL);
}

void TestSqlite::valuesComeBack() {
    auto connection = Connection::openInMemory();
    QVERIFY(connection);
    QVERIFY((*connection)->run("CREATE TABLE t (a, b, c, d, e, f)"));
    const QByteArray blob("a\0b", 3);
    QVERIFY((*connection)
                ->run("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6)", std::numeric_limits<qint64>::min(), 0.1,
                      u"Ünal"_s, blob, std::optional<QString>(), std::optional(kNow)));
    auto read = (*connection)->prepare("SELECT * FROM t");
    QVERIFY(read && read->step().value());
    QCOMPARE(read->integer(0), std::numeric_limits<qint64>::min());
    QCOMPARE(read->real(1), 0.1);
    QCOMPARE(read->text(2), u"Ünal"_s);
    QCOMPARE(read->blob(3), blob);
    QVERIFY(read->isNull(4) && !read->optionalText(4) && !read->optionalMoment(4));
    QVERIFY(read->optionalMoment(5) == kNow);
    QVERIFY(!read->step().value());
}

void TestSqlite::statementsAreLentAgain() {
    auto connection = Connection::openInMemory();
    QVERIFY(connection);
    auto first = (*connection)->prepare("SELECT ?1");
    auto second = (*connection)->prepare("SELECT ?1");  // the first is still lent
    QVERIFY(first && second);
    first->bindAll(1);
    second->bindAll(2);
    QVERIFY(first->step().value() && second->step().value());
    QVERIFY(first->integer(0) == 1 && second->integer(0) == 2);
    first->reset();
    QVERIFY(first->step().value() && first->isNull(0));  // nothing of the last round is left
}

void TestSqlite::bindErrorsAreReported() {
    auto connection = Connection::openInMemory();
    auto statement = (*connection)->prepare("SELECT ?1");
    QVERIFY(statement);
    statement->bind(2, u"there is no second"_s);
    QVERIFY(!statement->step());
    QVERIFY(!(*connection)->prepare("SELEKT 1"));
}

void TestSqlite::transactionRollsBack() {
    auto connection = Connection::openInMemory();
    QVERIFY((*connection)->run("CREATE TABLE t (a)"));
    {
        auto transaction = Transaction::begin(**connection);
        QVERIFY(transaction);
        QVERIFY((*connection)->run("INSERT INTO t VALUES (1)"));
    }
    QCOMPARE((*connection)->integer("SELECT count(*) FROM t").value(), 0);
    {
        auto transaction = Transaction::begin(**connection);
        QVERIFY((*connection)->run("INSERT INTO t VALUES (1)"));
        QVERIFY(transaction->commit());
    }
    QCOMPARE((*connection)->integer("SELECT count(*) FROM t").value(), 1);
}

void TestSqlite::aFailedRollbackHarmsNobody() {
    bool failing = false;
    auto connection = Connection::openInMemory([&](const char*) { return failing ? SQLITE_IOERR : 0; });
    QVERIFY((*connection)->run("CREATE TABLE t (a)"));
    {
        auto transaction = Transaction::begin(**connection);
        QVERIFY((*connection)->run("INSERT INTO t VALUES (1)"));
        failing = true;
        QVERIFY(!transaction->commit());
    }
    failing = false;
    QVERIFY(!(*connection)->isInTransaction());
    QCOMPARE((*connection)->integer("SELECT count(*) FROM t").value(), 0);
}

void TestSqlite::errorKinds() {
    const QString file = u"/somewhere/reviews.db"_s;
    QCOMPARE(sqlError(SQLITE_FULL, 0, file, {}).kind, ErrorKind::DiskFull);
    QCOMPARE(sqlError(SQLITE_IOERR_WRITE, ENOSPC, file, {}).kind, ErrorKind::DiskFull);
    QCOMPARE(sqlError(SQLITE_IOERR_WRITE, EFBIG, file, {}).kind, ErrorKind::DiskFull);
    QCOMPARE(sqlError(SQLITE_IOERR_FSYNC, EIO, file, {}).kind, ErrorKind::Storage);
    QCOMPARE(sqlError(SQLITE_READONLY_DBMOVED, 0, file, {}).kind, ErrorKind::ReadOnly);
    QCOMPARE(sqlError(SQLITE_CANTOPEN, EROFS, file, {}).kind, ErrorKind::ReadOnly);
    QCOMPARE(sqlError(SQLITE_CORRUPT_INDEX, 0, file, {}).kind, ErrorKind::Damaged);
    QCOMPARE(sqlError(SQLITE_NOTADB, 0, file, {}).kind, ErrorKind::Damaged);
    QCOMPARE(sqlError(SQLITE_IOERR_SHORT_READ, 0, file, {}).kind, ErrorKind::Damaged);
    QCOMPARE(sqlError(SQLITE_BUSY_SNAPSHOT, 0, file, {}).kind, ErrorKind::HeldElsewhere);
    QCOMPARE(sqlError(SQLITE_LOCKED, 0, file, {}).kind, ErrorKind::HeldElsewhere);
    QCOMPARE(sqlError(SQLITE_INTERRUPT, 0, file, {}).kind, ErrorKind::Cancelled);
    QCOMPARE(sqlError(SQLITE_CONSTRAINT, 0, file, {}).kind, ErrorKind::Storage);
    const Error error = sqlError(SQLITE_IOERR_WRITE, EIO, file, u"disk I/O error"_s);
    QCOMPARE(error.code, u"sqlite_778"_s);
    QVERIFY(error.message.contains(u"reviews.db"_s) && !error.message.contains(u"somewhere"_s));
}

void TestSqlite::rowSumTellsTypesApart() {
    auto connection = Connection::openInMemory();
    QVERIFY((*connection)->addRowSumFunction());
    QCOMPARE(
        (*connection)
            ->integer("SELECT count(DISTINCT s) FROM (SELECT row_sum(1, 'a') AS s UNION ALL SELECT row_sum('1', 'a')"
                      " UNION ALL SELECT row_sum(1.0, 'a') UNION ALL SELECT row_sum(NULL, 'a')"
                      " UNION ALL SELECT row_sum('1a', '') UNION ALL SELECT row_sum('', '1a')"
                      " UNION ALL SELECT row_sum(x'31', 'a') UNION ALL SELECT row_sum('1a')"
                      " UNION ALL SELECT row_sum(1, 'a', NULL))")
            .value(),
        9);
    QCOMPARE((*connection)->integer("SELECT row_sum(7, 'x', NULL) = row_sum(7, 'x', NULL)").value(), 1);
}

void TestSqlite::foreignKeysAndTimeoutAreOn() {
    auto connection = Connection::openInMemory();
    QCOMPARE((*connection)->integer("PRAGMA foreign_keys").value(), 1);
    QCOMPARE((*connection)->integer("PRAGMA trusted_schema").value(), 0);
    QCOMPARE((*connection)->integer("PRAGMA busy_timeout").value(), 5000);
    QVERIFY(!(*connection)->prepare("SELECT \"a text in double quotes\""));
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"x.db"_s);
    QVERIFY(makePrivateFile(file));
    auto full = Connection::open(file, Connection::Access::ReadWrite);
    QVERIFY(full && (*full)->prepareForUse(Connection::Durability::Full));
    QCOMPARE((*full)->integer("PRAGMA synchronous").value(), 2);
    QCOMPARE((*full)->texts("PRAGMA journal_mode").value(), QStringList{u"wal"_s});
    QVERIFY((*full)->prepareForUse(Connection::Durability::Normal));
    QCOMPARE((*full)->integer("PRAGMA synchronous").value(), 1);
}

void TestSqlite::stepsAreAppliedInOrderAndOnce() {
    const QTemporaryDir folder;
    const QString steps = folder.filePath(u"steps"_s);
    QVERIFY(QDir().mkpath(steps));
    const DatabaseKind kind{steps, Connection::Durability::Normal, false};
    const QString file = folder.filePath(u"deep/er/x.db"_s);
    QCOMPARE(openDatabase(file, Connection::Access::ReadWrite, kind).error().kind, ErrorKind::Internal);
    QVERIFY(writeText(steps + u"/001_a.sql"_s,
                      "CREATE TABLE a (x); -- a comment; with a semicolon\nINSERT INTO a VALUES (1);\n"));
    {
        auto connection = openDatabase(file, Connection::Access::ReadWrite, kind);
        QVERIFY(connection);
        QCOMPARE((*connection)->integer("PRAGMA user_version").value(), 1);
    }
    QVERIFY(writeText(steps + u"/002_b.sql"_s, "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1;"));
    QCOMPARE(openDatabase(file, Connection::Access::ReadOnly, kind).error().kind, ErrorKind::NotSupported);
    for (int i = 0; i < 2; ++i) {
        auto connection = openDatabase(file, Connection::Access::ReadWrite, kind);
        QVERIFY(connection);
        QCOMPARE((*connection)->integer("SELECT sum(y) FROM a").value(), 2);
        QCOMPARE((*connection)->integer("PRAGMA user_version").value(), 2);
    }
    QVERIFY(openDatabase(file, Connection::Access::ReadOnly, kind));
    QVERIFY(writeText(steps + u"/004_d.sql"_s, "SELECT 1;"));  // a hole in the row is a mistake of ours
    QCOMPARE(openDatabase(file, Connection::Access::ReadWrite, kind).error().kind, ErrorKind::Internal);
    QCOMPARE(QFile::permissions(folder.filePath(u"deep"_s)) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void TestSqlite::aFailingStepLeavesTheOldSchema() {
    const QTemporaryDir folder;
    const QString steps = folder.filePath(u"steps"_s);
    QVERIFY(QDir().mkpath(steps));
    const DatabaseKind kind{steps, Connection::Durability::Full, true};
    const QString file = folder.filePath(u"x.db"_s);
    QVERIFY(writeText(steps + u"/001_a.sql"_s, "CREATE TABLE a (x); INSERT INTO a VALUES (1);"));
    { QVERIFY(openDatabase(file, Connection::Access::ReadWrite, kind)); }
    QVERIFY(writeText(steps + u"/002_b.sql"_s,
                      "CREATE TABLE b (x); INSERT INTO b SELECT x FROM a; DROP TABLE a; CREATE TABLE c (x);"));
    int failed = 0;
    for (int n = 0;; ++n) {
        QVERIFY(n < 100);
        int fuse = n;
        const auto connection = openDatabase(file, Connection::Access::ReadWrite, kind,
                                             [&](const char*) { return fuse-- == 0 ? SQLITE_IOERR_WRITE : 0; });
        if (connection) {
            break;
        }
        ++failed;
        auto look = Connection::open(file, Connection::Access::ReadOnly);
        QVERIFY(look);
        const qint64 version = (*look)->integer("PRAGMA user_version").value();
        QCOMPARE((*look)->integer(version == 1 ? "SELECT x FROM a" : "SELECT x FROM b").value(), 1);
    }
    QVERIFY(failed > 8);
}

void TestSqlite::oldReviewsAreCopiedBeforeAStep() {
    const QTemporaryDir folder;
    const QString steps = folder.filePath(u"steps"_s);
    QVERIFY(QDir().mkpath(steps));
    const DatabaseKind kind{steps, Connection::Durability::Full, true};
    const QString file = folder.filePath(u"reviews.db"_s);
    QVERIFY(writeText(steps + u"/001_a.sql"_s, "CREATE TABLE a (x); INSERT INTO a VALUES (1);"));
    { QVERIFY(openDatabase(file, Connection::Access::ReadWrite, kind)); }
    QVERIFY(writeText(steps + u"/002_b.sql"_s, "DROP TABLE a; CREATE TABLE b (x);"));
    { QVERIFY(openDatabase(file, Connection::Access::ReadWrite, kind)); }
    const QStringList copies = QDir(folder.filePath(u"backups"_s)).entryList({u"reviews.db.version-1-*"_s}, QDir::Files);
    QCOMPARE(copies.size(), 1);
    auto old = Connection::open(folder.filePath(u"backups/"_s + copies.front()), Connection::Access::ReadOnly);
    QVERIFY(old);
    QCOMPARE((*old)->integer("SELECT x FROM a").value(), 1);
    QCOMPARE(QFile::permissions(folder.filePath(u"backups/"_s + copies.front())) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void TestSqlite::fullDisk() {
    const QTemporaryDir folder;
    const SmallDisk disk(folder.path(), "size=700k,mode=700");
    if (!disk.mounted()) {
        QSKIP("mounting a small tmpfs is not permitted here");
    }
    const QString file = folder.filePath(u"reviews.db"_s);
    auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database);
    int saved = 0;
    Error full;
    for (int i = 0; i < 1'000; ++i) {
        const auto done = (*database)->commitEdit(
            {{u"main"_s, QString::number(i)}, ReviewField::Notes, std::nullopt, QString(500, u'n'), u"desk"_s}, kNow);
        if (!done) {
            full = done.error();
            break;
        }
        ++saved;
    }
    QVERIFY(saved > 5 && saved < 1'000);
    QVERIFY2(full.kind == ErrorKind::DiskFull, qPrintable(full.code + full.detail));
    QCOMPARE((*database)->allReviews()->size(), saved);  // reading goes on
    QVERIFY(!(*database)->commitEdit(
        {{u"main"_s, u"x"_s}, ReviewField::Notes, std::nullopt, QString(9'000, u'n'), u"desk"_s}, kNow));
    QVERIFY(disk.remount(0, "size=4m"));  // space comes free; no restart
    QVERIFY((*database)->commitEdit(
        {{u"main"_s, u"x"_s}, ReviewField::Notes, std::nullopt, QString(9'000, u'n'), u"desk"_s}, kNow));
    database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database);
    QCOMPARE((*database)->allReviews()->size(), saved + 1);
    QVERIFY((*database)->check()->isEmpty());
    database = Result<std::unique_ptr<ReviewsDatabase>>();
}

void TestSqlite::readOnlyDisk() {
    const QTemporaryDir folder;
    const SmallDisk disk(folder.path(), "size=4m,mode=700");
    if (!disk.mounted()) {
        QSKIP("mounting a small tmpfs is not permitted here");
    }
    const QString file = folder.filePath(u"reviews.db"_s);
    const CallKey key{u"main"_s, u"1"_s};
    {
        auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
        QVERIFY(database);
        QVERIFY((*database)->commitEdit({key, ReviewField::Notes, std::nullopt, u"kept"_s, u"desk"_s}, kNow));
    }
    QVERIFY(disk.remount(MS_RDONLY, "size=4m"));
    QCOMPARE(ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite).error().kind, ErrorKind::ReadOnly);
    {
        auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadOnly);
        QVERIFY2(database, qPrintable(database ? QString() : database.error().detail));
        QVERIFY((*database)->review(key)->notes->value == u"kept"_s);
        QCOMPARE(
            (*database)->commitEdit({key, ReviewField::Notes, std::nullopt, u"no"_s, u"desk"_s}, kNow).error().kind,
            ErrorKind::ReadOnly);
    }
    QVERIFY(disk.remount(0, "size=4m"));
    auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database);
    QVERIFY((*database)->commitEdit({key, ReviewField::Notes, std::nullopt, u"yes"_s, u"desk"_s}, kNow));
    database = Result<std::unique_ptr<ReviewsDatabase>>();
}

QTEST_GUILESS_MAIN(TestSqlite)
#include "tst_sqlite.moc"
