#include "models/audio/libavinput.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/mem.h>
}

#include <array>
#include <cstdio>
#include <mutex>

#include "models/audio/audiotext.h"

namespace earmark {

namespace {

constexpr int kBufferBytes = 32 * 1024;
constexpr std::size_t kLargestAllocation = 256UL * 1024 * 1024;

const char* demuxerName(AudioContainer container) {
    switch (container) {
        case AudioContainer::Wav:
            return "wav";
        case AudioContainer::Mp3:
            return "mp3";
        case AudioContainer::Ogg:
            return "ogg";
        case AudioContainer::Flac:
            return "flac";
        case AudioContainer::Mp4:
            return "mov";
    }
    return "";
}

/// What call recorders write. Everything else that libav knows stays shut.
constexpr const char* kCodecs =
    "pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_mulaw,pcm_alaw,adpcm_ms,adpcm_ima_wav,gsm_ms,gsm,"
    "g722,g726,"
    "mp1,mp1float,mp2,mp2float,mp3,mp3float,aac,aac_fixed,alac,opus,libopus,vorbis,libvorbis,speex,libspeex,flac";

int refuseToOpen(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
    return AVERROR(EPERM);
}

void sayNothing(void*, int, const char*, va_list) {}

void prepareLibrary() {
    static std::once_flag once;
    std::call_once(once, [] {
        av_log_set_callback(sayNothing);  // its lines hold tags and other data from inside the file
        av_max_alloc(kLargestAllocation);
    });
}

}  // namespace

QString libavText(int code) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return QString::fromLatin1(text.data());
}

LibavInput::LibavInput(AudioFile file) : m_file(std::move(file)) {}

LibavInput::~LibavInput() {
    avformat_close_input(&m_format);
    if (m_io) {
        av_freep(&m_io->buffer);
        avio_context_free(&m_io);
    }
}

Done LibavInput::open(AudioContainer container, std::stop_token stop) {
    prepareLibrary();
    m_stop = std::move(stop);
    auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
    m_io = buffer
               ? avio_alloc_context(buffer, kBufferBytes, 0, this, &LibavInput::readPacket, nullptr, &LibavInput::seek)
               : nullptr;
    m_format = m_io ? avformat_alloc_context() : nullptr;
    if (!m_format) {
        if (!m_io) {
            av_free(buffer);
        }
        return failure(ErrorKind::Internal, {}, QStringLiteral("no memory for the demuxer"));
    }
    m_format->pb = m_io;
    m_format->flags |= AVFMT_FLAG_CUSTOM_IO;
    m_format->io_open = refuseToOpen;
    m_format->interrupt_callback = {&LibavInput::interrupted, this};
    m_format->protocol_whitelist = av_strdup("none");
    m_format->format_whitelist = av_strdup("wav,mp3,ogg,flac,mov,mp4");
    m_format->codec_whitelist = av_strdup(kCodecs);
    int code = avformat_open_input(&m_format, nullptr, av_find_input_format(demuxerName(container)), nullptr);
    if (code >= 0) {
        code = avformat_find_stream_info(m_format, nullptr);
    }
    if (isStopRequested()) {
        return failure(ErrorKind::Cancelled, {});
    }
    if (code < 0) {
        return failure(ErrorKind::Playback, AudioText::tr("The recording is damaged: its beginning cannot be read."),
                       libavText(code));
    }
    return {};
}

int LibavInput::readPacket(void* self, std::uint8_t* buffer, int size) {
    auto* input = static_cast<LibavInput*>(self);
    if (input->isStopRequested()) {
        return AVERROR_EXIT;
    }
    const std::int64_t count = input->m_file.read(input->m_position, {buffer, static_cast<std::size_t>(size)});
    if (count <= 0) {
        return count == 0 ? AVERROR_EOF : AVERROR(static_cast<int>(-count));
    }
    input->m_position += count;
    return static_cast<int>(count);
}

std::int64_t LibavInput::seek(void* self, std::int64_t offset, int whence) {
    auto* input = static_cast<LibavInput*>(self);
    std::int64_t target = 0;
    switch (whence & ~AVSEEK_FORCE) {
        case AVSEEK_SIZE:
            return input->m_file.size();
        case SEEK_SET:
            target = offset;
            break;
        case SEEK_CUR:
            target = input->m_position + offset;
            break;
        case SEEK_END:
            target = input->m_file.size() + offset;
            break;
        default:
            return AVERROR(EINVAL);
    }
    if (target < 0) {
        return AVERROR(EINVAL);
    }
    input->m_position = target;
    return target;
}

int LibavInput::interrupted(void* self) {
    return static_cast<LibavInput*>(self)->isStopRequested() ? 1 : 0;
}

}  // namespace earmark
