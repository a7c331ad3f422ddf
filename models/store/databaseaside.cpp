#include "models/store/databaseaside.h"

#include <fcntl.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "models/store/databasefile.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

QString stamp() {
    return QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
}

/// "<file><suffix>", or with "-2", "-3" ... when that is taken.
QString freeName(const QString& file, const QString& suffix) {
    QString name = file + suffix;
    for (int i = 2; QFileInfo::exists(name) || QFileInfo::exists(name + "-wal"_L1); ++i)
        name = file + suffix + u'-' + QString::number(i);
    return name;
}

QString successorName(const QString& file) {
    return file + ".successor"_L1;
}

QString doubtName(const QString& file) {
    return file + ".doubtful"_L1;
}

Done renamed(const QString& from, const QString& to) {
    if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return failure(databaseFileError(errno, from));
    return {};
}

Done partReadsToItsEnd(const QString& file) {
    constexpr size_t kPiece = 1024 * 1024;
    const int handle = ::open(QFile::encodeName(file).constData(), O_RDONLY | O_CLOEXEC);
    if (handle < 0 && errno == ENOENT)
        return {};
    int failed = handle < 0 ? errno : 0;
    std::vector<char> piece(kPiece);
    for (off_t at = 0; failed == 0;) {
        const ssize_t got = ::pread(handle, piece.data(), piece.size(), at);
        if (got < 0 && errno != EINTR)
            failed = errno;
        if (got == 0)
            break;
        at += std::max<ssize_t>(got, 0);
    }
    if (handle >= 0)
        ::close(handle);
    if (failed == 0)
        return {};
    return failure(ErrorKind::Storage,
                   QCoreApplication::translate("Database",
                                               "The disk cannot read %1 at the moment. Nothing was changed; "
                                               "check the disk and start again.")
                       .arg(QFileInfo(file).fileName()),
                   QString::fromLocal8Bit(std::strerror(failed)));
}

Done flushed(const QString& file) {
    const int handle = ::open(QFile::encodeName(file).constData(), O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return failure(databaseFileError(errno, file));
    const int failed = ::fsync(handle) == 0 ? 0 : errno;
    ::close(handle);
    return failed == 0 ? Done() : failure(databaseFileError(failed, file));
}

}  // namespace

Error databaseFileError(int number, const QString& path) {
    const QString why = QString::fromLocal8Bit(std::strerror(number));
    const ErrorKind kind = number == ENOSPC || number == EDQUOT || number == EFBIG  ? ErrorKind::DiskFull
                           : number == EROFS || number == EACCES || number == EPERM ? ErrorKind::ReadOnly
                                                                                    : ErrorKind::Storage;
    return makeError(
        kind, QCoreApplication::translate("Database", "%1 could not be made.").arg(QFileInfo(path).fileName()), why);
}

void syncFolder(const QString& folder) {
    const int handle = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return;
    ::fsync(handle);
    ::close(handle);
}

// --- aside

Done readsToItsEnd(const QString& file) {
    if (auto done = partReadsToItsEnd(file); !done)
        return done;
    return partReadsToItsEnd(file + "-wal"_L1);
}

Result<QString> setAside(const QString& file) {
    const QString aside = freeName(file, ".damaged-"_L1 + stamp());
    // The log goes first: left alone beside a new file of the old name it would be taken for that one's.
    for (const auto& part : {"-wal"_L1, "-shm"_L1, ""_L1}) {
        const QByteArray from = QFile::encodeName(file + part);
        const QByteArray to = QFile::encodeName(aside + part);
        if (::rename(from.constData(), to.constData()) != 0 && errno != ENOENT)
            return failure(databaseFileError(errno, file));
    }
    syncFolder(QFileInfo(file).absolutePath());
    clearDoubt(file);
    return aside;
}

Result<QString> setLogAside(const QString& file) {
    const QString aside = freeName(file, ".damaged-"_L1 + stamp()) + "-wal"_L1;
    if (auto done = renamed(file + "-wal"_L1, aside); !done)
        return failure(done.error());
    ::unlink(QFile::encodeName(file + "-shm"_L1).constData());  // an index of that log, made again from it
    syncFolder(QFileInfo(file).absolutePath());
    return aside;
}

QString backupFolder(const QString& file) {
    return QFileInfo(file).absolutePath() + "/backups"_L1;
}

Result<QString> keepCopy(Connection& connection, const QString& folder, const QString& word) {
    const QString file = folder + u'/' + QFileInfo(connection.file()).fileName();
    // SQLite does not flush what VACUUM INTO has written, and a kill would leave half a copy under the final name.
    const QString work = file + ".copy"_L1;
    removeDatabase(work);
    const QString name = freeName(file, u'.' + word + u'-' + stamp());
    auto done = makePrivateFile(work);
    if (done)
        done = connection.run("VACUUM INTO ?1", work);
    if (done)
        done = flushed(work);
    if (done)
        done = renamed(work, name);
    if (!done) {
        removeDatabase(work);
        return failure(done.error());
    }
    syncFolder(QFileInfo(file).absolutePath());
    return name;
}

void removeDatabase(const QString& file) {
    for (const auto& part : {"-wal"_L1, "-shm"_L1, "-journal"_L1, ""_L1})
        ::unlink(QFile::encodeName(file + part).constData());
    clearDoubt(file);
}

// --- the successor

QString rescueWorkName(const QString& file) {
    return file + ".rescue"_L1;
}

Done declareSuccessor(const QString& file) {
    // It was written back and closed, so it has no log of its own.
    auto done = flushed(rescueWorkName(file));
    if (done)
        done = renamed(rescueWorkName(file), successorName(file));
    if (done)
        syncFolder(QFileInfo(file).absolutePath());
    return done;
}

Result<Succession> putSuccessorInPlace(const QString& file) {
    if (!QFileInfo::exists(successorName(file)))
        return Succession{};
    Succession succession{true, {}};
    if (QFileInfo::exists(file) || QFileInfo::exists(file + "-wal"_L1)) {
        auto aside = setAside(file);
        if (!aside)
            return failure(std::move(aside.error()));
        succession.aside = *aside;
    }
    if (auto done = renamed(successorName(file), file); !done)
        return failure(std::move(done.error()));
    removeDatabase(rescueWorkName(file));
    syncFolder(QFileInfo(file).absolutePath());
    return succession;
}

// --- doubt

void markDoubtful(const QString& file) {
    // Best effort: where nothing can be written, nothing can be mended either.
    const int handle = ::open(QFile::encodeName(doubtName(file)).constData(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (handle >= 0)
        ::close(handle);
}

bool isDoubtful(const QString& file) {
    return QFileInfo::exists(doubtName(file));
}

void clearDoubt(const QString& file) {
    ::unlink(QFile::encodeName(doubtName(file)).constData());
}

}  // namespace earmark
