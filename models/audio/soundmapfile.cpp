#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCryptographicHash>
#include <QFile>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <type_traits>

#include "models/audio/audiotext.h"
#include "models/audio/channelmeter.h"
#include "models/audio/soundmap.h"

namespace earmark {

using std::chrono::milliseconds;

namespace {

// The file: head, peaks of level 0 of each channel, lists of spans (a count, then begin and end of each), checksum of
// everything before it. Numbers as this machine writes them: a map that came from elsewhere does not fit and is made
// anew.
constexpr char kMagic[8] = {'E', 'A', 'R', 'M', 'A', 'P', '\r', '\n'};
constexpr std::uint32_t kVersion = 6;  // raise it whenever the judgement of sounds changes
constexpr std::uint32_t kByteOrder = 0x01020304;
constexpr qsizetype kChecksumBytes = 32;
constexpr std::int64_t kMostFrames = PcmStore::kTotalLimit / 2;
constexpr std::int64_t kMostSpanBytes = 16LL * 1024 * 1024;

struct Head {
    char magic[8] = {};
    std::uint32_t version = 0;
    std::uint32_t byteOrder = 0;
    std::int64_t recordingBytes = 0;
    std::int64_t recordingChangedNs = 0;
    std::int64_t payloadBytes = 0;  ///< between head and checksum
    std::int64_t frames = 0;
    std::int32_t sampleRate = 0;
    std::int32_t channels = 0;
};
static_assert(std::is_trivially_copyable_v<Head> && sizeof(Head) == 56);
static_assert(std::is_trivially_copyable_v<Peak> && sizeof(Peak) == 4);

class Descriptor final {
 public:
    explicit Descriptor(int descriptor) : m_descriptor(descriptor) {}
    ~Descriptor() {
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return m_descriptor; }

 private:
    int m_descriptor;
};

QString mapName(const QString& recording) {
    return recording + QStringLiteral(".map");
}

/// What binds a map to its recording; false: there is no such recording.
bool describeRecording(const QString& recording, Head& head) {
    struct stat status {};
    if (::lstat(QFile::encodeName(recording).constData(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return false;
    }
    head.recordingBytes = status.st_size;
    head.recordingChangedNs = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    return true;
}

std::int64_t peakBytes(const Head& head) {
    return (head.frames + SoundMap::kBaseFrames - 1) / SoundMap::kBaseFrames * head.channels *
           static_cast<std::int64_t>(sizeof(Peak));
}

/// Everything that decides how much is read is checked before anything is.
bool isLawful(const Head& head, const Head& expected, std::int64_t fileBytes) {
    return std::memcmp(head.magic, kMagic, sizeof kMagic) == 0 && head.version == kVersion &&
           head.byteOrder == kByteOrder && head.recordingBytes == expected.recordingBytes &&
           head.recordingChangedNs == expected.recordingChangedNs && head.sampleRate > 0 &&
           head.sampleRate <= 1'000'000 && (head.channels == 1 || head.channels == 2) && head.frames >= 0 &&
           head.frames <= kMostFrames && head.payloadBytes >= peakBytes(head) &&
           head.payloadBytes <= peakBytes(head) + kMostSpanBytes &&
           fileBytes == static_cast<std::int64_t>(sizeof(Head)) + head.payloadBytes + kChecksumBytes;
}

bool readAll(int file, char* into, std::int64_t size) {
    while (size > 0) {
        const auto got = ::read(file, into, static_cast<std::size_t>(size));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        into += got;
        size -= got;
    }
    return true;
}

bool writeAll(int file, const QByteArray& bytes) {
    for (qsizetype done = 0; done < bytes.size();) {
        const auto count = ::write(file, bytes.constData() + done, static_cast<std::size_t>(bytes.size() - done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        done += count;
    }
    return true;
}

QByteArray checksum(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

template <typename Number>
void put(QByteArray& bytes, Number number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void putSpans(QByteArray& bytes, const TimeSpans& spans) {
    put(bytes, static_cast<std::uint32_t>(spans.size()));
    for (const TimeSpan& span : spans) {
        put(bytes, static_cast<std::int64_t>(span.begin.count()));
        put(bytes, static_cast<std::int64_t>(span.end.count()));
    }
}

/// Reads from bytes that may end anywhere; after the first failure everything fails.
class Reader final {
 public:
    explicit Reader(QByteArrayView bytes) : m_rest(bytes) {}

    template <typename Value>
    Value take() {
        Value value{};
        if (m_rest.size() < static_cast<qsizetype>(sizeof value)) {
            m_failed = true;
            m_rest = {};
            return value;
        }
        std::memcpy(&value, m_rest.data(), sizeof value);
        m_rest = m_rest.sliced(sizeof value);
        return value;
    }
    std::vector<Peak> takePeaks(std::int64_t count) {
        const auto size = count * static_cast<std::int64_t>(sizeof(Peak));
        if (size > m_rest.size()) {
            m_failed = true;
            return {};
        }
        std::vector<Peak> peaks(static_cast<std::size_t>(count));
        if (count > 0) {
            std::memcpy(peaks.data(), m_rest.data(), static_cast<std::size_t>(size));
        }
        m_rest = m_rest.sliced(size);
        return peaks;
    }
    /// Ascending, apart, inside the recording.
    TimeSpans takeSpans(milliseconds end) {
        TimeSpans spans;
        const auto count = take<std::uint32_t>();
        milliseconds last{-1};
        for (std::uint32_t i = 0; i < count && !m_failed; ++i) {
            const TimeSpan span = takeSpan(end);
            m_failed = m_failed || span.begin <= last;
            last = span.end;
            spans.push_back(span);
        }
        return spans;
    }
    TimeSpan takeSpan(milliseconds end) {
        const auto from = take<std::int64_t>();
        const auto to = take<std::int64_t>();
        m_failed = m_failed || from < 0 || to <= from || to > end.count();
        return {milliseconds(from), milliseconds(to)};
    }
    void fail() { m_failed = true; }
    [[nodiscard]] bool ended() const { return !m_failed && m_rest.isEmpty(); }
    [[nodiscard]] bool failed() const { return m_failed; }

 private:
    QByteArrayView m_rest;
    bool m_failed = false;
};

QByteArray payloadOf(const SoundMap& map) {
    QByteArray bytes;
    for (const auto& levels : map.peaks) {
        bytes.append(reinterpret_cast<const char*>(levels.front().data()),
                     static_cast<qsizetype>(levels.front().size() * sizeof(Peak)));
    }
    for (const TimeSpans& channel : map.speech) {
        putSpans(bytes, channel);
    }
    putSpans(bytes, map.silence);
    putSpans(bytes, map.beeps);
    put(bytes, static_cast<std::uint32_t>(map.tones.size()));
    for (const ToneSpan& tone : map.tones) {
        put(bytes, static_cast<std::int64_t>(tone.span.begin.count()));
        put(bytes, static_cast<std::int64_t>(tone.span.end.count()));
        put(bytes, static_cast<std::uint8_t>(tone.kind == ToneKind::Hold ? 1 : 0));
        put(bytes, static_cast<std::uint8_t>(tone.onAllChannels ? 1 : 0));
    }
    return bytes;
}

std::shared_ptr<SoundMap> mapFrom(const Head& head, QByteArrayView payload) {
    auto map = std::make_shared<SoundMap>();
    map->format = {head.sampleRate, head.channels};
    map->frames = head.frames;
    const milliseconds end = map->duration();
    Reader reader(payload);
    for (int channel = 0; channel < head.channels; ++channel) {
        map->peaks.push_back(
            peakLevels(reader.takePeaks((head.frames + SoundMap::kBaseFrames - 1) / SoundMap::kBaseFrames)));
    }
    for (int channel = 0; channel < head.channels; ++channel) {
        map->speech.push_back(reader.takeSpans(end));
    }
    map->silence = reader.takeSpans(end);
    map->beeps = reader.takeSpans(end);
    const auto tones = reader.take<std::uint32_t>();
    for (std::uint32_t i = 0; i < tones && !reader.failed(); ++i) {
        const TimeSpan span = reader.takeSpan(end);
        const auto kind = reader.take<std::uint8_t>();
        const auto everywhere = reader.take<std::uint8_t>();
        if (kind > 1 || everywhere > 1) {
            reader.fail();
        }
        map->tones.push_back({kind == 1 ? ToneKind::Hold : ToneKind::Ringback, span, everywhere == 1});
    }
    return reader.ended() ? map : nullptr;
}

Error writeError(const char* what) {
    const int code = errno;
    const QString detail = QLatin1StringView(what) + QStringLiteral(": ") + QString::fromLocal8Bit(std::strerror(code));
    const bool full = code == ENOSPC || code == EDQUOT;
    return makeError(full ? ErrorKind::DiskFull : ErrorKind::Storage,
                     AudioText::tr("The picture of this recording could not be kept on the disk."), detail);
}

}  // namespace

std::shared_ptr<const SoundMap> loadSoundMap(const QString& recording) {
    Head expected;
    if (!describeRecording(recording, expected)) {
        return nullptr;
    }
    const Descriptor file(
        ::open(QFile::encodeName(mapName(recording)).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    Head head;
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        !readAll(file.get(), reinterpret_cast<char*>(&head), sizeof head) ||
        !isLawful(head, expected, status.st_size)) {
        return nullptr;
    }
    QByteArray bytes(static_cast<qsizetype>(sizeof head + static_cast<std::size_t>(head.payloadBytes)),
                     Qt::Uninitialized);
    std::memcpy(bytes.data(), &head, sizeof head);
    QByteArray sum(kChecksumBytes, '\0');
    if (!readAll(file.get(), bytes.data() + sizeof head, head.payloadBytes) ||
        !readAll(file.get(), sum.data(), kChecksumBytes) || sum != checksum(bytes)) {
        return nullptr;
    }
    return mapFrom(head, QByteArrayView(bytes).sliced(sizeof head));
}

Done saveSoundMap(const QString& recording, const SoundMap& map) {
    Head head;
    std::memcpy(head.magic, kMagic, sizeof kMagic);
    head.version = kVersion;
    head.byteOrder = kByteOrder;
    head.frames = map.frames;
    head.sampleRate = map.format.sampleRate;
    head.channels = map.format.channels;
    if (!describeRecording(recording, head)) {
        return failure(ErrorKind::NotFoundHere, AudioText::tr("The recording's file is no longer there."));
    }
    const QByteArray payload = payloadOf(map);
    head.payloadBytes = payload.size();
    const QByteArray bytes = QByteArray(reinterpret_cast<const char*>(&head), sizeof head) + payload;
    // A name of its own for each writer, of the kind that the cache sweeps after a kill; 0600 by mkostemps().
    QByteArray aside = QFile::encodeName(mapName(recording)) + "-XXXXXX.part";
    const Descriptor file(::mkostemps(aside.data(), 5, O_CLOEXEC));
    if (file.get() < 0) {
        return failure(writeError("making a sound map"));
    }
    (void)::flock(file.get(), LOCK_EX | LOCK_NB);  // tells the sweep that somebody is writing it
    if (!writeAll(file.get(), bytes + checksum(bytes))) {
        const Error error = writeError("writing a sound map");
        ::unlink(aside.constData());
        return failure(error);
    }
    // No fsync: a map that a power cut tears does not fit its checksum and is made anew.
    if (::rename(aside.constData(), QFile::encodeName(mapName(recording)).constData()) != 0) {
        const Error error = writeError("renaming a sound map");
        ::unlink(aside.constData());
        return failure(error);
    }
    return {};
}

}  // namespace earmark
