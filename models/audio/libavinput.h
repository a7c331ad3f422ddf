// The only door between libav and the disk: one open file, read through our own calls. libav gets no name to open and
// no protocol, so playlists and references inside a file lead nowhere. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include "models/audio/audiofile.h"

struct AVFormatContext;
struct AVIOContext;

namespace earmark {

class LibavInput final {
 public:
    explicit LibavInput(AudioFile file);
    ~LibavInput();
    LibavInput(const LibavInput&) = delete;
    LibavInput& operator=(const LibavInput&) = delete;

    /// Opens with the demuxer that fits the sniffed container, and no other. Cancelled, NotAudio, Playback.
    [[nodiscard]] Done open(AudioContainer container, std::stop_token stop);
    void setStop(std::stop_token stop) { m_stop = std::move(stop); }
    [[nodiscard]] bool isStopRequested() const { return m_stop.stop_requested(); }
    [[nodiscard]] AVFormatContext* format() const { return m_format; }
    [[nodiscard]] const AudioFile& file() const { return m_file; }

 private:
    static int readPacket(void* self, std::uint8_t* buffer, int size);
    static std::int64_t seek(void* self, std::int64_t offset, int whence);
    static int interrupted(void* self);

    AudioFile m_file;
    std::int64_t m_position = 0;
    std::stop_token m_stop;
    AVIOContext* m_io = nullptr;
    AVFormatContext* m_format = nullptr;
};

/// libav's words for a code, for the detail of an Error.
[[nodiscard]] QString libavText(int code);

}  // namespace earmark
