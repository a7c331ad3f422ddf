#include "models/targets/reviewfile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <cerrno>
#include <chrono>
#include <thread>

#include "models/domain/textfold.h"
#include "models/targets/reviewrecord.h"
#include "models/targets/reviewtail.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr auto kLongestLockWait = std::chrono::seconds(10);
constexpr auto kLockNap = std::chrono::milliseconds(2);

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

class Descriptor final {
 public:
    Descriptor() = default;
    ~Descriptor() { set(-1); }
    Q_DISABLE_COPY_MOVE(Descriptor)
    [[nodiscard]] int get() const { return m_value; }
    bool set(int value) {
        if (m_value >= 0) {
            ::close(m_value);
        }
        m_value = value;
        return value >= 0;
    }

 private:
    int m_value = -1;
};

ErrorKind kindOf(int code) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return ErrorKind::DiskFull;
        case EROFS:
        case EACCES:
        case EPERM:
            return ErrorKind::ReadOnly;
        case ENOENT:
        case ENOTDIR:
            return ErrorKind::NotFoundHere;
        default:
            return ErrorKind::Storage;
    }
}

QString sentence(ErrorKind kind, const QString& folder) {
    switch (kind) {
        case ErrorKind::DiskFull:
            return Text::tr("There is no room left for reviews in %1.").arg(isolated(folder));
        case ErrorKind::ReadOnly:
            return Text::tr("Nothing may be written to %1.").arg(isolated(folder));
        case ErrorKind::NotFoundHere:
            return Text::tr("The folder %1 is not there.").arg(isolated(folder));
        default:
            return Text::tr("The reviews could not be written to %1.").arg(isolated(folder));
    }
}

/// Of errno.
Error fileError(const QString& folder, const char* what) {
    const int code = errno;
    Error error = makeError(kindOf(code), sentence(kindOf(code), folder), QString::fromLatin1(what));
    error.code = u"errno_%1"_s.arg(code);
    error.next = Text::tr("It is tried again by itself once that has changed.");
    return error;
}

Error oddFile(const QString& name) {
    Error error = makeError(ErrorKind::Storage, Text::tr("%1 is no plain file.").arg(isolated(name)));
    error.next = Text::tr("Move it away or choose another folder.");
    return error;
}

QByteArray pathOf(const QString& folder) {
    return QFile::encodeName(QDir::cleanPath(folder));
}

bool writeAll(int file, const QByteArray& bytes) {
    qsizetype done = 0;
    while (done < bytes.size()) {
        const ssize_t n = ::write(file, bytes.constData() + done, size_t(bytes.size() - done));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        done += n;
    }
    return true;
}

/// nullopt and errno where it cannot be read.
std::optional<QByteArray> readFrom(int file, qint64 offset, qint64 end) {
    QByteArray bytes(std::max<qint64>(end - offset, 0), Qt::Uninitialized);
    qint64 done = 0;
    while (done < bytes.size()) {
        const ssize_t n = ::pread(file, bytes.data() + done, size_t(bytes.size() - done), offset + done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return std::nullopt;
        }
        if (n == 0) {
            break;
        }
        done += n;
    }
    bytes.truncate(done);
    return bytes;
}

/// One append on its way: folder, lock, what is there, what is new. Record first, manifest line after it, so that the
/// manifest never speaks of what is not there.
class Append final {
 public:
    Append(const FileStep& step, Moment now) : m_step(step), m_now(now) {}

    Done run() {
        return openFolder()
            .and_then([this] { return openFile(m_manifest, manifestName(m_step.file), m_manifestSize); })
            .and_then([this] { return lock(); })
            .and_then([this] { return openFile(m_file, m_step.file, m_fileSize); })
            .and_then([this] { return readManifest(); })
            .and_then([this] { return mend(); })
            .and_then([this] { return m_isThere ? settle() : write(); });
    }

 private:
    [[nodiscard]] tl::unexpected<Error> failed(const char* what) const {
        return failure(fileError(m_step.folder, what));
    }

    Done openFolder() {
        const QByteArray path = pathOf(m_step.folder);
        constexpr int kHow = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
        if (m_folder.set(::open(path.constData(), kHow))) {
            return {};
        }
        // Only the last part of the path is made: a disk that is not mounted must not become a folder of this one.
        if (errno != ENOENT || ::mkdir(path.constData(), 0700) != 0) {
            return failed("the folder");
        }
        Descriptor parent;
        if (!parent.set(::open(pathOf(m_step.folder + u"/.."_s).constData(), kHow)) || ::fsync(parent.get()) != 0 ||
            !m_folder.set(::open(path.constData(), kHow))) {
            return failed("the new folder");
        }
        return {};
    }

    Done openFile(Descriptor& file, const QString& name, qint64& size) {
        struct stat info {};
        if (!file.set(::openat(m_folder.get(), QFile::encodeName(name).constData(),
                               O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600))) {
            return errno == ELOOP || errno == EISDIR || errno == ENXIO ? failure(oddFile(name)) : failed("open");
        }
        if (::fstat(file.get(), &info) != 0) {
            return failed("fstat");
        }
        if (!S_ISREG(info.st_mode)) {
            return failure(oddFile(name));
        }
        size = info.st_size;
        return {};
    }

    /// Held until the manifest is closed. File systems without locks are written to without one: a profile is open in
    /// one program only.
    Done lock() {
        const auto end = std::chrono::steady_clock::now() + kLongestLockWait;
        while (::flock(m_manifest.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS) {
                break;
            }
            if (errno != EWOULDBLOCK && errno != EINTR) {
                return failed("flock");
            }
            if (std::chrono::steady_clock::now() > end) {
                Error error = makeError(ErrorKind::HeldElsewhere,
                                        Text::tr("Another program is writing to %1.").arg(isolated(m_step.file)));
                error.next = Text::tr("It is tried again by itself.");
                return failure(error);
            }
            std::this_thread::sleep_for(kLockNap);
        }
        struct stat info {};  // it may have grown until the lock was ours
        if (::fstat(m_manifest.get(), &info) != 0) {
            return failed("fstat");
        }
        m_manifestSize = info.st_size;
        return {};
    }

    Done readManifest() {
        auto text = readFrom(m_manifest.get(), 0, m_manifestSize);
        if (!text) {
            return failed("read of the manifest");
        }
        // A line without its end was never told of; the record that it speaks of is found again by mend().
        const qint64 whole = text->lastIndexOf('\n') + 1;
        if (whole != m_manifestSize) {
            if (::ftruncate(m_manifest.get(), whole) != 0) {
                return failed("ftruncate of the manifest");
            }
            m_manifestSize = whole;
            text->truncate(whole);
        }
        m_isThere = text->contains(manifestKey(m_step.delivery));
        m_last = lastManifestEntry(*text);
        return {};
    }

    /// What was killed between record and manifest line: whole records get their line, a torn one is cut off. What
    /// others wrote into the file is left as it is.
    Done mend() {
        const qint64 known = m_last ? m_last->offset + m_last->length : 0;
        const auto tail = readFrom(m_file.get(), m_last ? m_last->offset : 0, m_fileSize);
        if (!tail) {
            return failed("read");
        }
        const bool isOurs = !m_last || (known <= m_fileSize && m_last->isIn(*tail));
        if (!isOurs) {
            return lookEverywhere();
        }
        const ReviewTail found = readTail(m_last ? tail->sliced(m_last->length) : *tail, m_step.format, !m_last);
        for (const ReviewTail::Record& record : found.records) {
            const qint64 offset = known + record.offset;
            m_lines +=
                manifestLine({record.delivery, m_step.file, offset, record.bytes.size(), sha256(record.bytes)}, m_now);
            m_isThere = m_isThere || record.delivery == m_step.delivery;
        }
        if (found.tornAt) {
            if (::ftruncate(m_file.get(), known + *found.tornAt) != 0) {
                return failed("ftruncate");
            }
            m_fileSize = known + *found.tornAt;
        }
        return {};
    }

    /// Somebody else has changed the file: offsets mean nothing any more, delivery ids still do.
    Done lookEverywhere() {
        const auto all = readFrom(m_file.get(), 0, m_fileSize);
        if (!all) {
            return failed("read");
        }
        m_isThere = m_isThere || all->contains(m_step.delivery.toUtf8());
        return {};
    }

    /// It is there, but nobody knows whether it has reached the disk.
    Done settle() {
        if (::fsync(m_file.get()) != 0) {
            return failed("fsync");
        }
        return writeManifest();
    }

    Done write() {
        const auto last = readFrom(m_file.get(), std::max<qint64>(m_fileSize - 1, 0), m_fileSize);
        if (!last) {
            return failed("read");
        }
        QByteArray before;
        if (m_fileSize == 0 && m_step.format == ExportFormat::Csv) {
            before = reviewCsvHeader();
        } else if (m_fileSize > 0 && *last != "\n"_ba) {
            before = m_step.format == ExportFormat::Csv ? "\r\n"_ba : "\n"_ba;
        }
        if (!writeAll(m_file.get(), before + m_step.record) || ::fsync(m_file.get()) != 0) {
            return takenBack("write");
        }
        m_lines += manifestLine(
            {m_step.delivery, m_step.file, m_fileSize + before.size(), m_step.record.size(), sha256(m_step.record)},
            m_now);
        return writeManifest();
    }

    Done writeManifest() {
        if (!writeAll(m_manifest.get(), m_lines) || ::fsync(m_manifest.get()) != 0 || ::fsync(m_folder.get()) != 0) {
            return takenBack("the manifest");
        }
        return {};
    }

    /// Nothing half-written stays. Should even this fail, the next attempt mends it.
    tl::unexpected<Error> takenBack(const char* what) {
        auto error = failed(what);
        if (::ftruncate(m_manifest.get(), m_manifestSize) != 0 ||
            (!m_isThere && ::ftruncate(m_file.get(), m_fileSize) != 0)) {
            error.value().detail += u", and it could not be taken back"_s;
        }
        return error;
    }

    const FileStep& m_step;
    const Moment m_now;
    Descriptor m_folder;
    Descriptor m_manifest;
    Descriptor m_file;
    qint64 m_manifestSize = 0;
    qint64 m_fileSize = 0;
    std::optional<ManifestEntry> m_last;
    QByteArray m_lines;  ///< to be added to the manifest
    bool m_isThere = false;
};

Done askWhetherWritable(const QString& folder) {
    QByteArray path = pathOf(folder);
    if (::access(path.constData(), F_OK) != 0 && errno == ENOENT) {
        path = pathOf(folder + u"/.."_s);  // it will be made there
    }
    struct stat info {};
    if (::access(path.constData(), W_OK | X_OK) != 0 || ::stat(path.constData(), &info) != 0) {
        return failure(fileError(folder, "access"));
    }
    return S_ISDIR(info.st_mode) ? Done() : failure(oddFile(folder));
}

}  // namespace

QString manifestName(const QString& file) {
    return file + u".manifest.jsonl"_s;
}

StepAnswer appendDurably(const FileStep& step, Moment now) {
    const Done done = step.record.isEmpty() ? askWhetherWritable(step.folder) : Append(step, now).run();
    StepAnswer answer;
    if (done) {
        answer.place = step.file;
    } else {
        answer.error = done.error();
    }
    return answer;
}

}  // namespace earmark
