#include "app/durablefile.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "models/domain/textfold.h"

namespace earmark {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DurableFile)
};

Error notWritten(const QString& file, const QString& reason) {
    const ErrorKind kind = errno == ENOSPC || errno == EDQUOT || errno == EFBIG  ? ErrorKind::DiskFull
                           : errno == EROFS || errno == EACCES || errno == EPERM ? ErrorKind::ReadOnly
                                                                                 : ErrorKind::Storage;
    return makeError(kind, Text::tr("The file %1 could not be written: %2").arg(shownText(file, 200), reason));
}

Done flushFolder(const QString& file) {
    const QByteArray folder = QFile::encodeName(QFileInfo(file).absolutePath());
    const int fd = open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return failure(ErrorKind::Storage,
                       Text::tr("The folder of %1 cannot be flushed to disk.").arg(shownText(file, 200)));
    }
    // Some file systems cannot sync a folder and say EINVAL; there is nothing better to do there.
    const bool flushed = fsync(fd) == 0 || errno == EINVAL;
    close(fd);
    return flushed ? Done()
                   : failure(ErrorKind::Storage,
                             Text::tr("The folder of %1 cannot be flushed to disk.").arg(shownText(file, 200)));
}

/// `fill` writes everything into the open file and says whether it could.
template <typename Fill>
Done save(const QString& path, Fill fill) {
    QSaveFile file(path);
    file.setDirectWriteFallback(false);
    errno = 0;
    if (!file.open(QIODevice::WriteOnly)) {
        return failure(notWritten(path, file.errorString()));
    }
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    if (!fill(file) || !file.flush() || fsync(file.handle()) != 0 || !file.commit()) {
        return failure(notWritten(path, file.errorString()));
    }
    return flushFolder(path);
}

}  // namespace

Done writeDurably(const QString& file, const QByteArray& bytes) {
    return save(file, [&](QSaveFile& target) { return target.write(bytes) == bytes.size(); });
}

Done copyDurably(const QString& from, const QString& to) {
    QFile source(from);
    if (!source.open(QIODevice::ReadOnly)) {
        return failure(ErrorKind::Storage,
                       Text::tr("The file %1 cannot be read: %2").arg(shownText(from, 200), source.errorString()));
    }
    return save(to, [&](QSaveFile& target) {
        while (!source.atEnd()) {
            const QByteArray piece = source.read(1024 * 1024);
            if (piece.isEmpty() || target.write(piece) != piece.size()) {
                return false;
            }
        }
        return source.error() == QFileDevice::NoError;
    });
}

}  // namespace earmark
