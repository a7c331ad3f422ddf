#include "models/store/databasefile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QtEndian>
#include <cerrno>
#include <vector>

#include "models/store/databaseaside.h"
#include "models/store/databaselog.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr qint64 kLogHeaderBytes = 32;
constexpr qint64 kHeaderBytes = 100;
constexpr qint64 kPageBytes = 4096;
constexpr quint32 kVersionsAtMost = 10'000;  // schema versions count up by one; more is damage, not the future
constexpr qint64 kFullCheckLimitBytes = 8 * 1024 * 1024;  // integrity_check also compares indexes with their tables
constexpr qint64 kQuickCheckLimitBytes = 64 * 1024 * 1024;

Done makePrivateFolder(const QString& folder) {
    if (QFileInfo(folder).isDir())
        return {};
    const QString parent = QFileInfo(folder).absolutePath();
    if (parent != folder) {
        if (auto done = makePrivateFolder(parent); !done)
            return done;
    }
    if (::mkdir(QFile::encodeName(folder).constData(), 0700) != 0 && errno != EEXIST)
        return failure(databaseFileError(errno, folder));
    syncFolder(parent);  // a folder whose name a power cut takes would take every file in it
    return {};
}

struct SchemaStep {
    int number;
    QString path;
};

Result<std::vector<SchemaStep>> schemaSteps(const DatabaseKind& kind) {
    const QString& folder = kind.stepsFolder;
    std::vector<SchemaStep> steps;
    const QStringList names = QDir(folder).entryList({u"*.sql"_s}, QDir::Files, QDir::Name);
    for (const QString& name : names) {
        if (kind.stepsAtMost > 0 && static_cast<int>(steps.size()) == kind.stepsAtMost)
            break;
        const int number = name.section(u'_', 0, 0).toInt();
        if (number != static_cast<int>(steps.size()) + 1)
            return failure(ErrorKind::Internal, {}, u"schema step out of order: "_s + name);
        steps.push_back({number, folder + u'/' + name});
    }
    if (steps.empty())
        return failure(ErrorKind::Internal, {}, u"no schema steps in "_s + folder);
    return steps;
}

Done applySteps(Connection& connection, const std::vector<SchemaStep>& steps, qint64 from) {
    for (const SchemaStep& step : steps) {
        if (step.number <= from)
            continue;
        QFile source(step.path);
        if (!source.open(QIODevice::ReadOnly))
            return failure(ErrorKind::Internal, {}, u"schema step cannot be read: "_s + step.path);
        auto transaction = Transaction::begin(connection);
        if (!transaction)
            return failure(std::move(transaction.error()));
        if (auto done = connection.runScript(source.readAll()); !done)
            return done;
        if (auto done = connection.runScript("PRAGMA user_version=" + QByteArray::number(step.number)); !done)
            return done;
        if (auto done = transaction->commit(); !done)
            return done;
    }
    return {};
}

quint32 bigEndian(const QByteArray& bytes, qsizetype at) {
    return qFromBigEndian<quint32>(bytes.constData() + at);
}

/// What SQLite believes of its header unasked: a flipped bit there makes the file "read-only" or "from the future".
bool headerIsSane(const QString& file) {
    QFile disk(file);
    if (!disk.open(QIODevice::ReadOnly))
        return true;  // opening tells why
    const QByteArray header = disk.read(kHeaderBytes);
    if (header.isEmpty())
        return true;  // not begun yet
    // The number of pages counts where the change counter agrees with the counter it was written at, and no log is
    // there.
    const bool sizeCounts = header.size() == kHeaderBytes && bigEndian(header, 24) == bigEndian(header, 92) &&
                            QFileInfo(file + "-wal"_L1).size() <= kLogHeaderBytes;
    if (sizeCounts && qint64(bigEndian(header, 28)) * kPageBytes != disk.size())
        return false;
    const auto formatIsKnown = [&](qsizetype at) { return header[at] == 1 || header[at] == 2; };
    return header.size() == kHeaderBytes && header.startsWith(QByteArrayView("SQLite format 3\0", 16)) &&
           header.mid(16, 2) == QByteArrayView("\x10\x00", 2) && formatIsKnown(18) && formatIsKnown(19) &&
           header.mid(20, 4) == QByteArrayView("\x00\x40\x20\x20", 4) && bigEndian(header, 44) <= 4 &&
           bigEndian(header, 56) <= 1 && bigEndian(header, 60) < kVersionsAtMost;
}

Error damaged(const QString& file, const QString& detail) {
    return makeError(ErrorKind::Damaged,
                     QCoreApplication::translate("Database", "%1 is damaged.").arg(QFileInfo(file).fileName()), detail);
}

Done checkSound(Connection& connection, const QString& file, const DatabaseKind& kind, qint64 version) {
    // Reading the schema proves the first page; the rest is looked at only where it is precious and small.
    const auto tables = connection.integer("SELECT count(*) FROM sqlite_master");
    if (!tables)
        return failure(tables.error());
    if ((*tables > 0) != (version > 0))
        return failure(damaged(file, u"version %1, but %2 tables"_s.arg(version).arg(*tables)));
    const qint64 size = QFileInfo(file).size();
    const bool doubtful = isDoubtful(file);
    if (!doubtful && (!kind.precious || size > kQuickCheckLimitBytes))
        return {};
    const bool inFull = doubtful || size <= kFullCheckLimitBytes;
    const auto findings = connection.texts(inFull ? "PRAGMA integrity_check(3)" : "PRAGMA quick_check(3)");
    if (!findings)
        return failure(findings.error());
    if (*findings != QStringList{u"ok"_s})
        return failure(damaged(file, findings->join(u"; "_s)));
    if (doubtful)
        clearDoubt(file);
    return {};
}

/// Every step that the file has not seen is stood in for, or the file cannot be read as it is.
Done standInForSteps(Connection& connection, const QString& file, const std::vector<SchemaStep>& steps, qint64 from) {
    for (const SchemaStep& step : steps) {
        if (step.number <= from)
            continue;
        const QFileInfo path(step.path);
        QFile source(path.path() + u"/reading/"_s + path.fileName());
        if (!source.open(QIODevice::ReadOnly))
            return failure(ErrorKind::NotSupported,
                           QCoreApplication::translate(
                               "Database", "%1 was written by an older version and has to be brought up to date first.")
                               .arg(QFileInfo(file).fileName()));
        if (auto done = connection.runScript(source.readAll()); !done)
            return done;
    }
    return {};
}

Result<std::unique_ptr<Connection>> openForReading(const QString& file, const std::vector<SchemaStep>& steps,
                                                   const SqlFaultSeam& seam) {
    if (!QFileInfo::exists(file))
        return failure(ErrorKind::NotFoundHere,
                       QCoreApplication::translate("Database", "There is no %1 yet.").arg(QFileInfo(file).fileName()));
    auto connection = Connection::open(file, Connection::Access::ReadOnly, seam);
    if (!connection)
        return connection;
    const auto version = (*connection)->integer("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    const auto latest = static_cast<qint64>(steps.size());
    if (*version == 0)
        return failure(
            ErrorKind::NotFoundHere,
            QCoreApplication::translate("Database", "There is nothing in %1 yet.").arg(QFileInfo(file).fileName()));
    if (*version > latest)
        return failure(ErrorKind::NewerVersion, {}, u"version %1, known %2"_s.arg(*version).arg(latest));
    if (auto done = standInForSteps(**connection, file, steps, *version); !done)
        return failure(std::move(done.error()));
    return connection;
}

}  // namespace

Done makePrivateFile(const QString& file) {
    if (auto done = makePrivateFolder(QFileInfo(file).absolutePath()); !done)
        return done;
    // SQLite gives its log and shared memory the mode of the database, so one private file makes three.
    const int handle = ::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (handle < 0)
        return failure(databaseFileError(errno, file));
    struct stat state {};
    if (::fstat(handle, &state) == 0 && (state.st_mode & 0077) != 0)
        ::fchmod(handle, 0600);
    ::close(handle);
    return {};
}

Result<std::unique_ptr<Connection>> openDatabase(const QString& file, Connection::Access access,
                                                 const DatabaseKind& kind, const SqlFaultSeam& seam) {
    const auto steps = schemaSteps(kind);
    if (!steps)
        return failure(steps.error());
    if (logIsOrphaned(file))
        return failure(damaged(file, u"the file is empty, its log is not"_s));
    if (logIsForeign(file))
        return failure(damaged(file, u"the log beside it is of another database"_s));
    if (access == Connection::Access::ReadOnly)
        return openForReading(file, *steps, seam);

    if (auto done = makePrivateFile(file); !done)
        return failure(std::move(done.error()));
    if (!headerIsSane(file))
        return failure(damaged(file, u"the header is not that of an Earmark database"_s));
    auto connection = Connection::open(file, access, seam);
    if (!connection)
        return connection;
    const auto version = (*connection)->integer("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    if (*version > static_cast<qint64>(steps->size()))
        return failure(ErrorKind::NewerVersion, {}, u"version %1, known %2"_s.arg(*version).arg(steps->size()));
    if (auto done = checkSound(**connection, file, kind, *version); !done)
        return failure(std::move(done.error()));
    if ((*connection)->isReadOnly())
        return failure(ErrorKind::ReadOnly,
                       QCoreApplication::translate("Database", "%1 cannot be written, it is read-only.")
                           .arg(QFileInfo(file).fileName()));
    if (auto done = (*connection)->prepareForUse(kind.durability); !done)
        return failure(std::move(done.error()));
    if (*version < static_cast<qint64>(steps->size())) {
        if (kind.precious && *version > 0) {
            if (const auto copy = keepCopy(**connection, backupFolder(file), u"version-%1"_s.arg(*version)); !copy)
                return failure(copy.error());
        }
        if (auto done = applySteps(**connection, *steps, *version); !done) {
            // A step does not go through where the tables are not those of the version that the header tells.
            const bool isOfAnotherVersion = *version > 0 && done.error().code == "sqlite_1"_L1;
            return failure(isOfAnotherVersion ? damaged(file, done.error().detail) : std::move(done.error()));
        }
        syncFolder(QFileInfo(file).absolutePath());
    }
    if (auto done = numberDatabase(**connection); !done)
        return failure(std::move(done.error()));
    return connection;
}

Result<std::unique_ptr<Connection>> secondLook(const QString& file, const DatabaseKind& kind,
                                               const SqlFaultSeam& seam) {
    if (auto readable = readsToItsEnd(file); !readable)
        return failure(std::move(readable.error()));
    return openDatabase(file, Connection::Access::ReadWrite, kind, seam);
}

Result<bool> hasItsSchema(Connection& connection, const DatabaseKind& kind) {
    constexpr std::string_view kSql =
        "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_master"
        " WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name";
    auto fresh = emptyDatabase(kind);
    const auto wanted = fresh ? (*fresh)->texts(kSql) : Result<QStringList>(failure(fresh.error()));
    const auto found = connection.texts(kSql);
    if (!wanted || !found)
        return failure(wanted ? found.error() : wanted.error());
    return *wanted == *found;
}

Result<std::unique_ptr<Connection>> emptyDatabase(const DatabaseKind& kind) {
    const auto steps = schemaSteps(kind);
    if (!steps)
        return failure(steps.error());
    auto connection = Connection::openInMemory();
    if (!connection)
        return connection;
    if (auto done = applySteps(**connection, *steps, 0); !done)
        return failure(std::move(done.error()));
    return connection;
}

}  // namespace earmark
