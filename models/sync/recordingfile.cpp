#include "models/sync/recordingfile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <cerrno>

#include "models/containers/recordinglength.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kSniffBytes = 512;
constexpr const char* kContainers[] = {"wav", "mp3", "ogg", "flac", "mp4"};

QString translated(const char* text) {
    return QCoreApplication::translate("RecordingFile", text);
}

Error fileError(const char* what) {
    const int code = errno;
    ErrorKind kind = ErrorKind::Storage;
    if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
        kind = ErrorKind::DiskFull;
    } else if (code == EROFS || code == EACCES || code == EPERM) {
        kind = ErrorKind::ReadOnly;
    }
    return Error{kind, u"errno_%1"_s.arg(code), {}, QString::fromLatin1(what), std::nullopt};
}

Error brokenOff(const QString& detail) {
    return makeError(ErrorKind::BadAnswer, translated(QT_TRANSLATE_NOOP("RecordingFile", "The recording broke off.")),
                     detail);
}

class Descriptor final {
 public:
    explicit Descriptor(int value) : m_value(value) {}
    ~Descriptor() {
        if (m_value >= 0) {
            ::close(m_value);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return m_value; }
    [[nodiscard]] int release() { return std::exchange(m_value, -1); }

 private:
    int m_value;
};

int openDirectory(const QString& folder) {
    return ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/// Our own folder, closed to others; -1 and errno otherwise.
int openOwnFolder(const QString& folder) {
    const QByteArray path = QFile::encodeName(QDir::cleanPath(folder));
    QDir().mkpath(QDir::cleanPath(folder + u"/.."_s));
    if (::mkdir(path.constData(), 0700) != 0 && errno != EEXIST) {
        return -1;
    }
    Descriptor directory(openDirectory(QDir::cleanPath(folder)));
    struct stat info {};
    if (directory.get() < 0 || ::fstat(directory.get(), &info) != 0) {
        return -1;
    }
    if (info.st_uid != ::geteuid()) {
        errno = EPERM;
        return -1;
    }
    if ((info.st_mode & 0077) != 0 && ::fchmod(directory.get(), 0700) != 0) {
        return -1;
    }
    return directory.release();
}

bool isMpegFrame(const QByteArray& b) {
    if (b.size() < 4 || quint8(b[0]) != 0xff || (quint8(b[1]) & 0xe0) != 0xe0) {
        return false;
    }
    const int version = (quint8(b[1]) >> 3) & 3;
    const int layer = (quint8(b[1]) >> 1) & 3;  // 1 = III, 2 = II; I is not used for calls, and looks like UTF-16 text
    const int bitrate = quint8(b[2]) >> 4;
    const int rate = (quint8(b[2]) >> 2) & 3;
    return version != 1 && (layer == 1 || layer == 2) && bitrate != 15 && rate != 3;
}

}  // namespace

QString audioContainer(const QByteArray& firstBytes) {
    const auto at = [&firstBytes](qsizetype place, const char* text) {
        return firstBytes.size() >= place + qsizetype(qstrlen(text)) && firstBytes.sliced(place).startsWith(text);
    };
    if ((at(0, "RIFF") || at(0, "RF64")) && at(8, "WAVE")) {
        return u"wav"_s;
    }
    if (at(0, "OggS")) {
        return u"ogg"_s;
    }
    if (at(0, "fLaC")) {
        return u"flac"_s;
    }
    if (at(4, "ftyp")) {
        return u"mp4"_s;
    }
    return at(0, "ID3") || isMpegFrame(firstBytes) ? u"mp3"_s : QString();
}

Error notAudioError(const QByteArray& firstBytes) {
    QByteArray start = firstBytes;
    if (start.startsWith("\xef\xbb\xbf")) {
        start.remove(0, 3);
    }
    start = start.trimmed().toLower();
    QString code = u"not_audio"_s;
    const char* text = QT_TRANSLATE_NOOP("RecordingFile", "What the link gave is no sound file that is known here.");
    if (start.isEmpty()) {
        text = QT_TRANSLATE_NOOP("RecordingFile", "The link gave an empty file instead of sound.");
    } else if (start.contains("<html") || start.startsWith("<!doctype html")) {
        text = QT_TRANSLATE_NOOP("RecordingFile", "The link gave a web page instead of sound.");
    } else if (start.startsWith('<')) {
        code = u"not_audio_xml"_s;
        text = QT_TRANSLATE_NOOP("RecordingFile",
                                 "The link gave an XML text, often an error of the storage, instead of sound.");
    } else if (start.startsWith('{') || start.startsWith('[')) {
        text = start.startsWith("[playlist]")
                   ? QT_TRANSLATE_NOOP("RecordingFile",
                                       "The link gave a playlist, which is not followed, instead of sound.")
                   : QT_TRANSLATE_NOOP("RecordingFile", "The link gave a JSON text instead of sound.");
    } else if (start.startsWith("#extm3u") || start.startsWith("ffconcat")) {
        text = QT_TRANSLATE_NOOP("RecordingFile", "The link gave a playlist, which is not followed, instead of sound.");
    }
    return Error{ErrorKind::NotAudio, code, translated(text), {}, std::nullopt};
}

QString recordingStem(Provider provider, const CallKey& key) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    // Lengths before the parts: no two triples give the same bytes.
    for (const QString& part : {word(provider), key.account, key.remoteId}) {
        const QByteArray bytes = part.toUtf8();
        hash.addData(QByteArray(QByteArray::number(bytes.size()) + ':'));
        hash.addData(bytes);
    }
    return QString::fromLatin1(hash.result().toHex());
}

std::optional<FetchedRecording> cachedRecording(const QString& folder, const QString& stem) {
    const Descriptor directory(openDirectory(QDir::cleanPath(folder)));
    for (const char* container : kContainers) {
        const QString name = stem + u'.' + QString::fromLatin1(container);
        const Descriptor file(::openat(directory.get(), QFile::encodeName(name).constData(),
                                       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        struct stat info {};
        if (file.get() < 0 || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
            continue;
        }
        QByteArray first(kSniffBytes, '\0');
        first.truncate(std::max<ssize_t>(::pread(file.get(), first.data(), size_t(first.size()), 0), 0));
        if (audioContainer(first) == QLatin1StringView(container)) {
            FetchedRecording found{folder + u'/' + name, QString::fromLatin1(container), info.st_size, true};
            found.changed = isRecordingChanged(folder, stem, name);
            return found;
        }
    }
    return std::nullopt;
}

std::optional<FetchedRecording> usedRecording(const QString& folder, const QString& stem, Moment now) {
    const auto found = cachedRecording(folder, stem);
    if (found) {
        noteRecordingUse(folder, stem, now);
    }
    return found;
}

void sweepPartFiles(const QString& folder) {
    const Descriptor directory(openDirectory(QDir::cleanPath(folder)));
    if (directory.get() < 0) {
        return;
    }
    for (const QString& name : QDir(folder).entryList({u"*.part"_s}, QDir::Files | QDir::Hidden)) {
        const QByteArray path = QFile::encodeName(name);
        const Descriptor file(::openat(directory.get(), path.constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        // Who writes one holds its lock (the command line beside a window). A link is nobody's; what does not open for
        // another reason may well be somebody's.
        const bool isLink = file.get() < 0 && errno == ELOOP;
        if (isLink || (file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0)) {
            ::unlinkat(directory.get(), path.constData(), 0);
        }
    }
}

Result<std::unique_ptr<PartFile>> PartFile::create(const QString& folder, const QString& stem) {
    std::unique_ptr<PartFile> part(new PartFile);
    part->m_folder = QDir::cleanPath(folder);
    part->m_stem = stem;
    part->m_directory = openOwnFolder(folder);
    if (part->m_directory < 0) {
        return failure(fileError("the folder of recordings"));
    }
    const QString unique = QString::number(QRandomGenerator::system()->generate64(), 16);
    part->m_partName = QFile::encodeName(stem + u'.' + unique + u".part");
    part->m_file = ::openat(part->m_directory, part->m_partName.constData(),
                            O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (part->m_file < 0) {
        return failure(fileError("making a recording's file"));
    }
    ::flock(part->m_file, LOCK_EX | LOCK_NB);
    return part;
}

PartFile::~PartFile() {
    if (m_file >= 0) {
        ::close(m_file);
        if (!m_finished) {
            ::unlinkat(m_directory, m_partName.constData(), 0);
        }
    }
    if (m_directory >= 0) {
        ::close(m_directory);
    }
}

Done PartFile::write(const QByteArray& piece) {
    if (m_firstBytes.size() < kSniffBytes) {
        m_firstBytes += piece.left(kSniffBytes - m_firstBytes.size());
    }
    qsizetype written = 0;
    while (written < piece.size()) {
        const ssize_t n = ::write(m_file, piece.constData() + written, size_t(piece.size() - written));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return failure(fileError("writing a recording"));
        }
        written += n;
    }
    m_bytes += piece.size();
    return {};
}

Result<FetchedRecording> PartFile::finish(qint64 expected) {
    if (expected >= 0 && m_bytes != expected) {
        return failure(brokenOff(u"%1 of %2 bytes"_s.arg(QString::number(m_bytes), QString::number(expected))));
    }
    const QString container = audioContainer(m_firstBytes);
    if (container.isEmpty()) {
        return failure(notAudioError(m_firstBytes));
    }
    // With an announced length the file is what the storage has, whole or not: what exists can be heard.
    const LengthProof proof = provenLength(m_file, container);
    if (proof == LengthProof::Cut && expected < 0) {
        return failure(brokenOff(u"%1 bytes, no announced length"_s.arg(m_bytes)));
    }
    if (::fsync(m_file) != 0) {
        return failure(fileError("fsync of a recording"));
    }
    const QString name = m_stem + u'.' + container;
    const QByteArray finalName = QFile::encodeName(name);
    if (::renameat(m_directory, m_partName.constData(), m_directory, finalName.constData()) != 0) {
        return failure(fileError("renaming a recording"));
    }
    m_finished = true;
    for (const char* other : kContainers) {
        if (container != QLatin1StringView(other)) {
            ::unlinkat(m_directory, QFile::encodeName(m_stem + u'.' + QLatin1StringView(other)).constData(), 0);
        }
    }
    // The file is whole already; without this a power cut could lose its name, and it would only be fetched again.
    if (::fsync(m_directory) != 0) {
        return failure(fileError("fsync of the folder of recordings"));
    }
    FetchedRecording recording{m_folder + u'/' + name, container, m_bytes};
    recording.lengthUnknown = proof == LengthProof::Unknown && expected < 0;
    recording.endMissing = proof == LengthProof::Cut;
    return recording;
}

}  // namespace earmark
