#include "tests/audio/audioencoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

#include <QFile>
#include <algorithm>
#include <array>

namespace earmark::fixture {

using namespace Qt::StringLiterals;

namespace {

constexpr double kExact = 0.99;  // of speech; the sound device's rate is another one
constexpr double kLossy = 0.9;
constexpr double kPhases = 0.45;  // Speex moves the phases of what it keeps, with every decoder

constexpr std::array kForms{
    AudioForm{"wav pcm 8 bit", "wav", "pcm_u8", 8000, 1, 0, kLossy, 0, "wav"},
    AudioForm{"wav pcm 16 bit stereo", "wav", "pcm_s16le", 8000, 2, 0, kExact, 0, "wav"},
    AudioForm{"wav pcm 16 bit 44.1 kHz", "wav", "pcm_s16le", 44100, 2, 0, kExact, 0, "wav"},
    AudioForm{"wav pcm 24 bit", "wav", "pcm_s24le", 16000, 2, 0, kExact, 0, "wav"},
    AudioForm{"wav pcm 32 bit", "wav", "pcm_s32le", 48000, 2, 0, kExact, 0, "wav"},
    AudioForm{"wav float", "wav", "pcm_f32le", 48000, 2, 0, kExact, 0, "wav"},
    AudioForm{"wav double", "wav", "pcm_f64le", 11025, 2, 0, kExact, 0, "wav"},
    AudioForm{"wav mu-law", "wav", "pcm_mulaw", 8000, 2, 0, kLossy, 0, "wav"},
    AudioForm{"wav a-law", "wav", "pcm_alaw", 8000, 2, 0, kLossy, 0, "wav"},
    AudioForm{"wav adpcm ms", "wav", "adpcm_ms", 8000, 2, 0, kLossy, 0, "wav"},
    AudioForm{"wav adpcm ima", "wav", "adpcm_ima_wav", 8000, 2, 0, kLossy, 0, "wav"},
    AudioForm{"wav gsm", "wav", "libgsm_ms", 8000, 1, 0, kLossy, 0, "wav"},
    AudioForm{"wav g722", "wav", "g722", 16000, 1, 0, kLossy, 0, "wav"},
    AudioForm{"wav g726", "wav", "g726", 8000, 1, 32000, kLossy, 0, "wav"},
    AudioForm{"wav mp3", "wav", "libmp3lame", 16000, 2, 48000, kLossy, 69, "wav"},
    AudioForm{"mp3 8 kHz", "mp3", "libmp3lame", 8000, 2, 24000, kLossy, 0, "mp3"},
    AudioForm{"mp3 44.1 kHz", "mp3", "libmp3lame", 44100, 2, 128000, kLossy, 0, "mp3"},
    AudioForm{"mp2", "mp2", "mp2", 16000, 2, 64000, kLossy, 27, "mp3"},
    AudioForm{"ogg opus", "ogg", "libopus", 48000, 2, 48000, kLossy, 0, "ogg"},
    AudioForm{"ogg vorbis", "ogg", "libvorbis", 16000, 2, 0, kLossy, 0, "ogg"},
    AudioForm{"ogg speex", "ogg", "libspeex", 16000, 1, 27800, kPhases, 11, "ogg"},
    AudioForm{"ogg flac", "ogg", "flac", 16000, 2, 0, kExact, 0, "ogg"},
    AudioForm{"flac", "flac", "flac", 8000, 2, 0, kExact, 0, "flac"},
    AudioForm{"mp4 aac", "ipod", "aac", 16000, 2, 64000, kLossy, 0, "m4a"},
    AudioForm{"mp4 alac", "ipod", "alac", 48000, 2, 0, kExact, 0, "m4a"},
    AudioForm{"mp4 mp3", "mp4", "libmp3lame", 48000, 2, 96000, kLossy, 0, "mp4"},
};

struct Encoding {
    AVFormatContext* format = nullptr;
    AVCodecContext* codec = nullptr;
    SwrContext* converter = nullptr;
    AVFrame* frame = av_frame_alloc();
    AVPacket* packet = av_packet_alloc();
    std::int64_t done = 0;

    Encoding() = default;
    Encoding(const Encoding&) = delete;
    Encoding& operator=(const Encoding&) = delete;
    ~Encoding() {
        av_packet_free(&packet);
        av_frame_free(&frame);
        swr_free(&converter);
        avcodec_free_context(&codec);
        if (format) {
            avio_closep(&format->pb);
            avformat_free_context(format);
        }
    }

    int begin(const AudioForm& form, const char* file);
    int push(std::span<const std::int16_t> samples);
    int drain(bool atEnd);
};

int Encoding::begin(const AudioForm& form, const char* file) {
    const AVCodec* encoder = avcodec_find_encoder_by_name(form.encoder);
    if (!encoder) {
        return AVERROR_ENCODER_NOT_FOUND;
    }
    if (const int code = avformat_alloc_output_context2(&format, nullptr, form.container, file); code < 0) {
        return code;
    }
    codec = avcodec_alloc_context3(encoder);
    codec->sample_rate = form.rate;
    codec->sample_fmt = encoder->sample_fmts[0];
    codec->bit_rate = form.bitRate;
    codec->time_base = {1, form.rate};
    av_log_set_level(AV_LOG_QUIET);
    codec->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    av_channel_layout_default(&codec->ch_layout, form.channels);
    if ((format->oformat->flags & AVFMT_GLOBALHEADER) != 0) {
        codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    if (const int code = avcodec_open2(codec, encoder, nullptr); code < 0) {
        return code;
    }
    AVStream* stream = avformat_new_stream(format, nullptr);
    stream->time_base = codec->time_base;
    avcodec_parameters_from_context(stream->codecpar, codec);
    int code = swr_alloc_set_opts2(&converter, &codec->ch_layout, codec->sample_fmt, form.rate, &codec->ch_layout,
                                   AV_SAMPLE_FMT_S16, form.rate, 0, nullptr);
    code = code < 0 ? code : swr_init(converter);
    code = code < 0 ? code : avio_open(&format->pb, file, AVIO_FLAG_WRITE);
    return code < 0 ? code : avformat_write_header(format, nullptr);
}

/// One frame of the encoder's size; the last may be shorter, or is filled up where the codec knows only whole ones.
int Encoding::push(std::span<const std::int16_t> samples) {
    const int channels = codec->ch_layout.nb_channels;
    const int given = static_cast<int>(samples.size()) / channels;
    const bool mayBeShort = codec->frame_size == 0 || (codec->codec->capabilities & AV_CODEC_CAP_SMALL_LAST_FRAME) != 0;
    std::vector<std::int16_t> filled(samples.begin(), samples.end());
    const int frames = mayBeShort ? given : codec->frame_size;
    filled.resize(static_cast<std::size_t>(frames * channels));
    frame->nb_samples = frames;
    frame->format = codec->sample_fmt;
    frame->sample_rate = codec->sample_rate;
    av_channel_layout_copy(&frame->ch_layout, &codec->ch_layout);
    if (const int code = av_frame_get_buffer(frame, 0); code < 0) {
        return code;
    }
    const auto* input = reinterpret_cast<const std::uint8_t*>(filled.data());
    if (const int code = swr_convert(converter, frame->extended_data, frames, &input, frames); code < 0) {
        return code;
    }
    frame->pts = done;
    done += frames;
    const int code = avcodec_send_frame(codec, frame);
    av_frame_unref(frame);
    return code < 0 ? code : drain(false);
}

int Encoding::drain(bool atEnd) {
    if (atEnd) {
        avcodec_send_frame(codec, nullptr);
    }
    for (;;) {
        int code = avcodec_receive_packet(codec, packet);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) {
            return 0;
        }
        if (code >= 0) {
            packet->stream_index = 0;
            av_packet_rescale_ts(packet, codec->time_base, format->streams[0]->time_base);
            code = av_interleaved_write_frame(format, packet);
        }
        if (code < 0) {
            return code;
        }
    }
}

}  // namespace

std::span<const AudioForm> audioForms() {
    return kForms;
}

QString encode(const AudioForm& form, std::span<const std::int16_t> samples, const QString& file) {
    Encoding encoding;
    int code = encoding.begin(form, QFile::encodeName(file).constData());
    const int frames = code >= 0 && encoding.codec->frame_size > 0 ? encoding.codec->frame_size : 1024;
    const auto piece = static_cast<std::size_t>(frames * form.channels);
    for (std::size_t at = 0; code >= 0 && at < samples.size(); at += piece) {
        code = encoding.push(samples.subspan(at, std::min(piece, samples.size() - at)));
    }
    code = code < 0 ? code : encoding.drain(true);
    code = code < 0 ? code : av_write_trailer(encoding.format);
    if (code >= 0) {
        return {};
    }
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return u"%1: %2"_s.arg(QString::fromLatin1(form.name), QString::fromLatin1(text.data()));
}

}  // namespace earmark::fixture
