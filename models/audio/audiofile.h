// What a recording's bytes are, found without a media library, and the only way such a file is opened. Pure and
// blocking; any thread but the main one.
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <span>

#include "models/domain/result.h"

namespace earmark {

enum class AudioContainer { Wav, Mp3, Ogg, Flac, Mp4 };
[[nodiscard]] QString word(AudioContainer container);

/// Looks at the first bytes. A playlist, a web page or a headerless file is none of these, whatever its name says.
[[nodiscard]] std::optional<AudioContainer> sniffAudio(std::span<const std::uint8_t> firstBytes);

/// An open regular file; links are not followed.
class AudioFile final {
 public:
    [[nodiscard]] static Result<AudioFile> open(const QString& path);
    AudioFile(AudioFile&& other) noexcept;
    AudioFile& operator=(AudioFile&& other) noexcept;
    AudioFile(const AudioFile&) = delete;
    AudioFile& operator=(const AudioFile&) = delete;
    ~AudioFile();

    [[nodiscard]] std::int64_t size() const { return m_size; }
    /// 0 at the end, negative errno on failure.
    [[nodiscard]] std::int64_t read(std::int64_t position, std::span<std::uint8_t> into) const;
    /// Skips ID3 tags, so that a FLAC behind one is told from an MP3.
    [[nodiscard]] std::optional<AudioContainer> container() const;
    /// The file ends before it should: its last page or frame is cut, it holds fewer than its head says, or a WAV has
    /// fewer bytes than its head says (recorders that do not know the length write 0 or about 2 or 4 GiB; that is no
    /// claim).
    [[nodiscard]] bool isCutShort(AudioContainer container) const;

 private:
    [[nodiscard]] bool wavDataIsCut() const;
    AudioFile(int descriptor, std::int64_t size) : m_descriptor(descriptor), m_size(size) {}
    int m_descriptor = -1;
    std::int64_t m_size = 0;
};

}  // namespace earmark
