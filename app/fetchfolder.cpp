#include "app/fetchfolder.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Profile)
};

constexpr int kMostTries = 5;
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Error cannotBeMade(const Profile& profile) {
    const int code = errno;
    const ErrorKind kind = code == EROFS || code == EACCES    ? ErrorKind::ReadOnly
                           : code == ENOSPC || code == EDQUOT ? ErrorKind::DiskFull
                                                              : ErrorKind::Storage;
    return makeError(kind, Text::tr("The folder %1 cannot be written.").arg(shownText(profile.folder())),
                     QString::fromLocal8Bit(std::strerror(code)));
}

/// Locked, and still there: between its making and the lock a sweep may have taken it for a leftover.
bool hold(int fd) {
    struct stat status = {};
    return ::flock(fd, LOCK_EX | LOCK_NB) == 0 && ::fstat(fd, &status) == 0 && status.st_nlink > 0;
}

}  // namespace

Result<std::unique_ptr<FetchFolder>> FetchFolder::make(const Profile& profile) {
    if (const Done ready = profile.prepare(); !ready) {
        return failure(ready.error());
    }
    for (int i = 0; i < kMostTries; ++i) {
        QByteArray path = QFile::encodeName(profile.folder() + u"/fetch-XXXXXX"_s);
        if (::mkdtemp(path.data()) == nullptr) {
            return failure(cannotBeMade(profile));
        }
        const int fd = ::open(path.constData(), kFolderFlags);
        if (fd >= 0 && hold(fd)) {
            return std::unique_ptr<FetchFolder>(new FetchFolder(QFile::decodeName(path), fd));
        }
        if (fd >= 0) {
            ::close(fd);
        }
        ::rmdir(path.constData());
    }
    return failure(cannotBeMade(profile));
}

FetchFolder::~FetchFolder() {
    QDir(m_path).removeRecursively();
    ::close(m_fd);
}

void sweepFetchFolders(const Profile& profile) {
    const QStringList found =
        QDir(profile.folder()).entryList({u"fetch-??????"_s}, QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks);
    for (const QString& name : found) {
        const QString path = profile.folder() + u'/' + name;
        const int fd = ::open(QFile::encodeName(path).constData(), kFolderFlags);
        if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0) {
            QDir(path).removeRecursively();
        }
        if (fd >= 0) {
            ::close(fd);
        }
    }
}

}  // namespace earmark
