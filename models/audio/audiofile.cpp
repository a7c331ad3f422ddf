#include "models/audio/audiofile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QFile>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "models/audio/audiotext.h"
#include "models/containers/recordinglength.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

bool startsWith(std::span<const std::uint8_t> bytes, std::size_t at, std::string_view word) {
    return bytes.size() >= at + word.size() && std::memcmp(bytes.data() + at, word.data(), word.size()) == 0;
}

/// A lawful MPEG audio frame header: sync, a version, a layer, a bit rate and a sampling rate.
bool isMpegSync(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 4 || bytes[0] != 0xff || (bytes[1] & 0xe0) != 0xe0) {
        return false;
    }
    const bool version = (bytes[1] & 0x18) != 0x08;
    const bool layer = (bytes[1] & 0x06) != 0;
    const bool bitRate = (bytes[2] & 0xf0) != 0xf0 && (bytes[2] & 0xf0) != 0;
    const bool samplingRate = (bytes[2] & 0x0c) != 0x0c;
    return version && layer && bitRate && samplingRate;
}

/// Bytes of an ID3v2 tag at the start, 0 when there is none.
std::int64_t id3Size(std::span<const std::uint8_t> bytes) {
    if (!startsWith(bytes, 0, "ID3") || bytes.size() < 10) {
        return 0;
    }
    std::int64_t size = 0;
    for (std::size_t i = 6; i < 10; ++i) {
        size = (size << 7) | (bytes[i] & 0x7f);
    }
    return size + 10 + ((bytes[5] & 0x10) != 0 ? 10 : 0);
}

constexpr std::int64_t kUnknownWavBytes = 0x7fff0000;

}  // namespace

QString word(AudioContainer container) {
    switch (container) {
        case AudioContainer::Wav:
            return u"wav"_s;
        case AudioContainer::Mp3:
            return u"mp3"_s;
        case AudioContainer::Ogg:
            return u"ogg"_s;
        case AudioContainer::Flac:
            return u"flac"_s;
        case AudioContainer::Mp4:
            return u"mp4"_s;
    }
    return {};
}

std::optional<AudioContainer> sniffAudio(std::span<const std::uint8_t> bytes) {
    if ((startsWith(bytes, 0, "RIFF") || startsWith(bytes, 0, "RF64")) && startsWith(bytes, 8, "WAVE")) {
        return AudioContainer::Wav;
    }
    if (startsWith(bytes, 0, "OggS")) {
        return AudioContainer::Ogg;
    }
    if (startsWith(bytes, 0, "fLaC")) {
        return AudioContainer::Flac;
    }
    if (startsWith(bytes, 4, "ftyp")) {
        return AudioContainer::Mp4;
    }
    if (startsWith(bytes, 0, "ID3") || isMpegSync(bytes)) {
        return AudioContainer::Mp3;
    }
    return std::nullopt;
}

Result<AudioFile> AudioFile::open(const QString& path) {
    // O_NONBLOCK: a pipe in the place of the file must not hold the thread.
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        const int code = errno;
        const QString detail = QString::fromLocal8Bit(std::strerror(code));
        if (code == ENOENT) {
            return failure(ErrorKind::NotFoundHere, AudioText::tr("The recording's file is no longer there."), detail);
        }
        return failure(ErrorKind::Storage, AudioText::tr("The recording's file cannot be opened."), detail);
    }
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return failure(ErrorKind::Storage, AudioText::tr("The recording is not a regular file."));
    }
    return AudioFile(descriptor, status.st_size);
}

AudioFile::AudioFile(AudioFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_size(other.m_size) {}

AudioFile& AudioFile::operator=(AudioFile&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_size, other.m_size);
    return *this;
}

AudioFile::~AudioFile() {
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

std::int64_t AudioFile::read(std::int64_t position, std::span<std::uint8_t> into) const {
    for (;;) {
        const auto count = ::pread(m_descriptor, into.data(), into.size(), position);
        if (count >= 0) {
            return count;
        }
        if (errno != EINTR) {
            return -errno;
        }
    }
}

std::optional<AudioContainer> AudioFile::container() const {
    std::array<std::uint8_t, 16> head{};
    const std::int64_t got = read(0, head);
    const std::span<const std::uint8_t> bytes(head.data(), static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
    auto found = sniffAudio(bytes);
    const std::int64_t tag = id3Size(bytes);
    if (tag > 0 && tag < m_size) {
        const std::int64_t more = read(tag, head);
        const auto behind = sniffAudio(
            std::span<const std::uint8_t>(head).first(static_cast<std::size_t>(std::max<std::int64_t>(more, 0))));
        found = behind == AudioContainer::Flac ? behind : found;
    }
    return found;
}

bool AudioFile::isCutShort(AudioContainer container) const {
    switch (container) {
        case AudioContainer::Wav:
            return wavDataIsCut();  // the sound alone counts here, not what stands behind it
        case AudioContainer::Ogg:
        case AudioContainer::Mp3:
        case AudioContainer::Flac:
            return provenLength(m_descriptor, word(container)) == LengthProof::Cut;
        case AudioContainer::Mp4:
            return false;  // its head tells a length in time
    }
    return false;
}

bool AudioFile::wavDataIsCut() const {
    std::array<std::uint8_t, 8> head{};
    std::int64_t at = 12;
    for (int chunks = 0; chunks < 64 && read(at, head) == static_cast<std::int64_t>(head.size()); ++chunks) {
        const std::int64_t size = head[4] | head[5] << 8 | head[6] << 16 | static_cast<std::int64_t>(head[7]) << 24;
        at += 8;
        if (startsWith(head, 0, "data")) {
            return size < kUnknownWavBytes && at + size > m_size;
        }
        at += size + size % 2;
    }
    return false;
}

}  // namespace earmark
