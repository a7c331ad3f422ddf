#include "models/exchange/exportfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QUuid>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

Error notWritten(int number, const QString& file) {
    const QString why = QString::fromLocal8Bit(std::strerror(number));
    const QString name = shownText(QFileInfo(file).fileName(), 120);
    if (number == EEXIST || number == EISDIR || number == ENOTEMPTY) {
        return makeError(ErrorKind::Conflict,
                         QCoreApplication::translate("Export", "There is a file or folder %1 already.").arg(name), why);
    }
    const ErrorKind kind = number == ENOSPC || number == EDQUOT || number == EFBIG  ? ErrorKind::DiskFull
                           : number == EROFS || number == EACCES || number == EPERM ? ErrorKind::ReadOnly
                                                                                    : ErrorKind::Storage;
    Error error = makeError(kind, QCoreApplication::translate("Export", "%1 could not be written.").arg(name), why);
    if (kind != ErrorKind::DiskFull) {
        error.next = QCoreApplication::translate("Export", "Choose another folder.");
    }
    return error;
}

/// 0, or what went wrong.
int writeWhole(const QByteArray& name, const QByteArray& bytes) {
    const int handle = ::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (handle < 0) {
        return errno;
    }
    int failed = 0;
    for (qsizetype at = 0; failed == 0 && at < bytes.size();) {
        const ssize_t written = ::write(handle, bytes.constData() + at, size_t(bytes.size() - at));
        failed = written < 0 && errno != EINTR ? errno : 0;
        at += std::max<ssize_t>(written, 0);
    }
    if (failed == 0 && ::fsync(handle) != 0) {
        failed = errno;
    }
    return ::close(handle) != 0 && failed == 0 ? errno : failed;
}

/// One step, so that nothing that appears meanwhile is lost. Some file systems cannot link.
int putInPlace(const QByteArray& work, const QByteArray& name, WhenThere when) {
    if (when == WhenThere::Refuse) {
        if (::link(work.constData(), name.constData()) == 0) {
            ::unlink(work.constData());
            return 0;
        }
        struct stat there {};
        if (errno == EEXIST || ::lstat(name.constData(), &there) == 0) {
            return EEXIST;
        }
    }
    return ::rename(work.constData(), name.constData()) == 0 ? 0 : errno;
}

void flushFolder(const QString& file) {
    const QByteArray folder = QFile::encodeName(QFileInfo(file).absolutePath());
    const int handle = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle >= 0) {
        ::fsync(handle);
        ::close(handle);
    }
}

}  // namespace

Done writeExport(const QString& file, const QByteArray& bytes, WhenThere when) {
    const QFileInfo info(file);
    if (file.isEmpty() || info.fileName().isEmpty()) {
        return failure(ErrorKind::InvalidInput, {}, u"an export without a name"_s);
    }
    const QString aside = info.absolutePath() + "/."_L1 + QUuid::createUuid().toString(QUuid::Id128) + ".part"_L1;
    const QByteArray work = QFile::encodeName(aside);
    int failed = writeWhole(work, bytes);
    if (failed == 0) {
        failed = putInPlace(work, QFile::encodeName(info.absoluteFilePath()), when);
    }
    if (failed != 0) {
        ::unlink(work.constData());
        return failure(notWritten(failed, file));
    }
    flushFolder(file);
    return {};
}

}  // namespace earmark
