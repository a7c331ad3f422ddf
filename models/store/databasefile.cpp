#include "models/store/databasefile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <cerrno>
#include <cstring>
#include <vector>

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr qint64 kLogHeaderBytes = 32;
constexpr qint64 kQuickCheckLimitBytes = 64 * 1024 * 1024;

QString translated(const char* text) {
    return QCoreApplication::translate("Database", text);
}

Error fileError(int number, const QString& path) {
    const QString why = QString::fromLocal8Bit(std::strerror(number));
    const ErrorKind kind = number == ENOSPC || number == EDQUOT                     ? ErrorKind::DiskFull
                           : number == EROFS || number == EACCES || number == EPERM ? ErrorKind::ReadOnly
                                                                                    : ErrorKind::Storage;
    return makeError(kind, translated("%1 could not be made.").arg(QFileInfo(path).fileName()), why);
}

void syncFolder(const QString& folder) {
    const int handle = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return;
    ::fsync(handle);
    ::close(handle);
}

Done makePrivateFolder(const QString& folder) {
    if (QFileInfo(folder).isDir())
        return {};
    const QString parent = QFileInfo(folder).absolutePath();
    if (parent != folder) {
        if (auto done = makePrivateFolder(parent); !done)
            return done;
    }
    if (::mkdir(QFile::encodeName(folder).constData(), 0700) != 0 && errno != EEXIST)
        return failure(fileError(errno, folder));
    return {};
}

struct SchemaStep {
    int number;
    QString path;
};

Result<std::vector<SchemaStep>> schemaSteps(const QString& folder) {
    std::vector<SchemaStep> steps;
    const QStringList names = QDir(folder).entryList({u"*.sql"_s}, QDir::Files, QDir::Name);
    for (const QString& name : names) {
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

QString stamp() {
    return QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
}

/// "<file><suffix>", or with "-2", "-3" ... when that is taken.
QString freeName(const QString& file, const QString& suffix) {
    QString name = file + suffix;
    for (int i = 2; QFileInfo::exists(name); ++i)
        name = file + suffix + u'-' + QString::number(i);
    return name;
}

Done backUp(Connection& connection, const QString& file, qint64 version) {
    const QString name = freeName(file, u".version-%1-%2"_s.arg(version).arg(stamp()));
    if (auto done = makePrivateFile(name); !done)
        return done;
    return connection.run("VACUUM INTO ?1", name);
}

/// A log without its database, or beside an emptied one: SQLite would delete it, and with it what it holds.
bool logIsOrphaned(const QString& file) {
    return QFileInfo(file).size() == 0 && QFileInfo(file + "-wal"_L1).size() > kLogHeaderBytes;
}

Error damaged(const QString& file, const QString& detail) {
    return makeError(ErrorKind::Damaged, translated("%1 is damaged.").arg(QFileInfo(file).fileName()), detail);
}

Done checkSound(Connection& connection, const QString& file, const DatabaseKind& kind) {
    // Reading the schema proves the first page; the rest is looked at only where it is precious and small.
    if (const auto tables = connection.integer("SELECT count(*) FROM sqlite_master"); !tables)
        return failure(tables.error());
    if (!kind.precious || QFileInfo(file).size() > kQuickCheckLimitBytes)
        return {};
    const auto findings = connection.texts("PRAGMA quick_check(3)");
    if (!findings)
        return failure(findings.error());
    if (*findings != QStringList{u"ok"_s})
        return failure(damaged(file, findings->join(u"; "_s)));
    return {};
}

Result<std::unique_ptr<Connection>> openForReading(const QString& file, const std::vector<SchemaStep>& steps,
                                                   const SqlFaultSeam& seam) {
    if (!QFileInfo::exists(file))
        return failure(ErrorKind::NotFoundHere, translated("There is no %1 yet.").arg(QFileInfo(file).fileName()));
    auto connection = Connection::open(file, Connection::Access::ReadOnly, seam);
    if (!connection)
        return connection;
    const auto version = (*connection)->integer("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    const auto latest = static_cast<qint64>(steps.size());
    if (*version == 0)
        return failure(ErrorKind::NotFoundHere,
                       translated("There is nothing in %1 yet.").arg(QFileInfo(file).fileName()));
    if (*version < latest)
        return failure(ErrorKind::NotSupported,
                       translated("%1 was written by an older version and has to be brought up to date first.")
                           .arg(QFileInfo(file).fileName()));
    if (*version > latest)
        return failure(ErrorKind::NewerVersion, {}, u"version %1, known %2"_s.arg(*version).arg(latest));
    return connection;
}

}  // namespace

Done makePrivateFile(const QString& file) {
    if (auto done = makePrivateFolder(QFileInfo(file).absolutePath()); !done)
        return done;
    // SQLite gives its log and shared memory the mode of the database, so one private file makes three.
    const int handle = ::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (handle < 0)
        return failure(fileError(errno, file));
    struct stat state {};
    if (::fstat(handle, &state) == 0 && (state.st_mode & 0077) != 0)
        ::fchmod(handle, 0600);
    ::close(handle);
    return {};
}

Result<std::unique_ptr<Connection>> openDatabase(const QString& file, Connection::Access access,
                                                 const DatabaseKind& kind, const SqlFaultSeam& seam) {
    const auto steps = schemaSteps(kind.stepsFolder);
    if (!steps)
        return failure(steps.error());
    if (logIsOrphaned(file))
        return failure(damaged(file, u"the file is empty, its log is not"_s));
    if (access == Connection::Access::ReadOnly)
        return openForReading(file, *steps, seam);

    if (auto done = makePrivateFile(file); !done)
        return failure(std::move(done.error()));
    auto connection = Connection::open(file, access, seam);
    if (!connection)
        return connection;
    const auto version = (*connection)->integer("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    if (*version > static_cast<qint64>(steps->size()))
        return failure(ErrorKind::NewerVersion, {}, u"version %1, known %2"_s.arg(*version).arg(steps->size()));
    if (auto done = checkSound(**connection, file, kind); !done)
        return failure(std::move(done.error()));
    if ((*connection)->isReadOnly())
        return failure(ErrorKind::ReadOnly,
                       translated("%1 cannot be written, it is read-only.").arg(QFileInfo(file).fileName()));
    if (auto done = (*connection)->prepareForUse(kind.durability); !done)
        return failure(std::move(done.error()));
    if (*version < static_cast<qint64>(steps->size())) {
        if (kind.precious && *version > 0) {
            if (auto done = backUp(**connection, file, *version); !done)
                return failure(std::move(done.error()));
        }
        if (auto done = applySteps(**connection, *steps, *version); !done)
            return failure(std::move(done.error()));
        syncFolder(QFileInfo(file).absolutePath());
    }
    return connection;
}

Result<QString> setAside(const QString& file) {
    const QString aside = freeName(file, ".damaged-"_L1 + stamp());
    // The log goes first: left alone beside a new file of the old name it would be taken for that one's.
    for (const auto& part : {"-wal"_L1, "-shm"_L1, ""_L1}) {
        const QByteArray from = QFile::encodeName(file + part);
        const QByteArray to = QFile::encodeName(aside + part);
        if (::rename(from.constData(), to.constData()) != 0 && errno != ENOENT)
            return failure(fileError(errno, file));
    }
    syncFolder(QFileInfo(file).absolutePath());
    return aside;
}

Result<std::unique_ptr<Connection>> emptyDatabase(const DatabaseKind& kind) {
    const auto steps = schemaSteps(kind.stepsFolder);
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
