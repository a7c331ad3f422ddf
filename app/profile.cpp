#include "app/profile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QSysInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "app/windowdoor.h"
#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Profile)
};

QString systemReason() {
    return QString::fromLocal8Bit(std::strerror(errno));
}

/// AppDataLocation of an application "earmark" without organisation, asked for before any application object exists.
QString platformFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/earmark"_s;
}

QString demoFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/earmark-demo"_s;
}

}  // namespace

Profile::Profile(const QString& folder) : m_folder(QDir::cleanPath(QFileInfo(folder).absoluteFilePath())) {}

Profile Profile::choose(const QString& option, bool demo) {
    if (!option.isEmpty()) {
        return Profile(option);
    }
    if (demo) {
        // EARMARK_PROFILE names the real data: a demo must never mix its calls into them.
        return Profile(demoFolder());
    }
    const QString fromEnvironment = QFile::decodeName(qgetenv("EARMARK_PROFILE"));
    return Profile(fromEnvironment.isEmpty() ? platformFolder() : fromEnvironment);
}

QString Profile::callsFile() const {
    return m_folder + u"/calls.db"_s;
}
QString Profile::reviewsFile() const {
    return m_folder + u"/reviews.db"_s;
}
QString Profile::recordingsFolder() const {
    return m_folder + u"/recordings"_s;
}
QString Profile::settingsFile() const {
    return m_folder + u"/settings.json"_s;
}
QString Profile::lockFile() const {
    return m_folder + u"/earmark.lock"_s;
}
QString Profile::socketFile() const {
    return m_folder + u"/earmark.socket"_s;
}
bool Profile::isDefault() const {
    return m_folder == QDir::cleanPath(platformFolder());
}

Done Profile::canBeRead() const {
    const auto unreadable = [](const QString& path, const QString& reason) {
        Error error =
            makeError(ErrorKind::Storage, Text::tr("%1 cannot be read: %2.").arg(shownText(path, 200), reason));
        error.next = Text::tr("Check the name given with --profile and the rights of the folder.");
        return Done(failure(std::move(error)));
    };
    struct stat status = {};
    if (stat(QFile::encodeName(m_folder).constData(), &status) != 0) {
        return errno == ENOENT ? Done() : unreadable(m_folder, systemReason());
    }
    if (!S_ISDIR(status.st_mode)) {
        return unreadable(m_folder, Text::tr("it is not a folder"));
    }
    for (const QString& file : {reviewsFile(), callsFile()}) {
        if (faccessat(AT_FDCWD, QFile::encodeName(file).constData(), R_OK, AT_EACCESS) != 0 && errno != ENOENT) {
            return unreadable(file, systemReason());
        }
    }
    return {};
}

Done Profile::prepare() const {
    if (!QDir().mkpath(m_folder)) {
        return failure(ErrorKind::ReadOnly, Text::tr("The folder %1 cannot be made.").arg(shownText(m_folder)),
                       systemReason());
    }
    const QByteArray path = QFile::encodeName(m_folder);
    struct stat status = {};
    if (stat(path.constData(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        return failure(ErrorKind::Storage, Text::tr("%1 is not a folder.").arg(shownText(m_folder)));
    }
    // A folder that other things live in (somebody may say --profile /tmp) keeps its rights; our files in it are
    // private anyway.
    const bool ours = QDir(m_folder).isEmpty() || QFile::exists(lockFile()) || QFile::exists(reviewsFile());
    if ((status.st_mode & 077) != 0 && ours && chmod(path.constData(), 0700) != 0 && errno != EROFS && errno != EPERM) {
        return failure(ErrorKind::Storage, Text::tr("The folder %1 cannot be made private.").arg(shownText(m_folder)),
                       systemReason());
    }
    return {};
}

QString ProfileHolder::text() const {
    const QString name = program.isEmpty() ? u"earmark"_s : shownText(program, 64);
    if (pid <= 0) {
        return Text::tr("another process");
    }
    return host.isEmpty() || host == QSysInfo::machineHostName()
               ? Text::tr("%1 (process %2)").arg(name, QString::number(pid))
               : Text::tr("%1 (process %2 on %3)").arg(name, QString::number(pid), shownText(host, 64));
}

ProfileLock::~ProfileLock() {
    // The file stays: unlinking it would let two processes lock two different files of the same name.
    if (m_fd >= 0) {
        [[maybe_unused]] const int cut = ftruncate(m_fd, 0);
        close(m_fd);
    }
}

ProfileHolder ProfileLock::holder(const Profile& profile) {
    ProfileHolder holder;
    QFile file(profile.lockFile());
    if (!QFileInfo(file).isFile() || !file.open(QIODevice::ReadOnly)) {
        return holder;
    }
    const QJsonObject content = QJsonDocument::fromJson(file.read(4096)).object();
    holder.pid = static_cast<qint64>(content.value(u"pid"_s).toDouble(0));
    holder.host = content.value(u"host"_s).toString();
    holder.program = content.value(u"program"_s).toString();
    return holder;
}

Result<std::unique_ptr<ProfileLock>> ProfileLock::take(const Profile& profile) {
    if (const Done ready = profile.prepare(); !ready) {
        return failure(ready.error());
    }
    const QByteArray path = QFile::encodeName(profile.lockFile());
    const int fd = open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        const ErrorKind kind = errno == EROFS || errno == EACCES ? ErrorKind::ReadOnly : ErrorKind::Storage;
        return failure(kind, Text::tr("The folder %1 cannot be written.").arg(shownText(profile.folder())),
                       systemReason());
    }
    struct stat status = {};
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return failure(ErrorKind::Storage, Text::tr("The folder %1 cannot be locked: %2 is no file.")
                                               .arg(shownText(profile.folder()), shownText(profile.lockFile(), 200)));
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        const QString reason = systemReason();
        close(fd);
        if (held) {
            return failure(
                ErrorKind::HeldElsewhere,
                Text::tr("The data in %1 is in use by %2.").arg(shownText(profile.folder()), holder(profile).text()));
        }
        return failure(ErrorKind::Storage, Text::tr("The folder %1 cannot be locked.").arg(shownText(profile.folder())),
                       reason);
    }
    const QJsonObject content{{u"pid"_s, double(QCoreApplication::applicationPid())},
                              {u"host"_s, QSysInfo::machineHostName()},
                              {u"program"_s, QFileInfo(QFile::symLinkTarget(u"/proc/self/exe"_s)).fileName()}};
    const QByteArray bytes = QJsonDocument(content).toJson(QJsonDocument::Compact);
    // Only people read it; a full disk must not keep anyone from reading calls.
    [[maybe_unused]] const bool told =
        ftruncate(fd, 0) == 0 && pwrite(fd, bytes.constData(), size_t(bytes.size()), 0) == bytes.size();
    return std::unique_ptr<ProfileLock>(new ProfileLock(fd));
}

Result<std::unique_ptr<ProfileLock>> ProfileLock::takePatiently(const Profile& profile,
                                                                std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
        auto lock = take(profile);
        if (lock || lock.error().kind != ErrorKind::HeldElsewhere || std::chrono::steady_clock::now() >= end ||
            isWindowOpen(profile)) {
            return lock;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

}  // namespace earmark
