#include "models/audio/libavdecoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <array>
#include <utility>

#include "models/audio/audiotext.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

/// Of one unreadable packet: a damaged length must not become hours of silence.
constexpr std::int64_t kLongestGapSeconds = 2;

/// What an encoder puts before and behind the sound counts in the lengths that MP3 and MP4 heads claim.
constexpr std::int64_t kPaddingFrames = 4096;

/// Plain samples in WAV come in packets of any length, by default so short that most of the time goes into packets.
/// Longer than this they no longer fit beside their frame into the processor's cache.
constexpr std::int64_t kPlainPacketBytes = 32 * 1024;

void readLongPackets(AVFormatContext* format, AVCodecID codec) {
    constexpr std::array kPlain = {AV_CODEC_ID_PCM_U8,    AV_CODEC_ID_PCM_S16LE, AV_CODEC_ID_PCM_S24LE,
                                   AV_CODEC_ID_PCM_S32LE, AV_CODEC_ID_PCM_F32LE, AV_CODEC_ID_PCM_F64LE,
                                   AV_CODEC_ID_PCM_MULAW, AV_CODEC_ID_PCM_ALAW};
    if (std::find(kPlain.begin(), kPlain.end(), codec) != kPlain.end()) {
        av_opt_set_int(format->priv_data, "max_size", kPlainPacketBytes, 0);  // refused: short ones do as well
    }
}

}  // namespace

std::unique_ptr<AudioDecoder> makeAudioDecoder() {
    return std::make_unique<LibavDecoder>();
}

LibavDecoder::~LibavDecoder() {
    av_packet_free(&m_packet);
    av_frame_free(&m_frame);
    avcodec_free_context(&m_codec);
}

Result<RecordingInfo> LibavDecoder::open(const QString& file, std::stop_token stop) {
    auto opened = AudioFile::open(file);
    if (!opened) {
        return failure(opened.error());
    }
    if (opened->size() == 0) {
        return failure(ErrorKind::NotAudio, AudioText::tr("The recording's file is empty."));
    }
    const auto container = opened->container();
    if (!container) {
        return failure(ErrorKind::NotAudio,
                       AudioText::tr("The file is not a recording: it is none of WAV, MP3, Ogg, FLAC or MP4."));
    }
    m_container = *container;
    m_input = std::make_unique<LibavInput>(std::move(*opened));
    if (auto done = m_input->open(m_container, stop); !done) {
        return failure(done.error());
    }
    if (auto done = openCodec(); !done) {
        return failure(done.error());
    }
    if (auto done = decodeFirst(); !done) {
        return failure(done.error());
    }
    readClaims();
    return RecordingInfo{word(m_container), QString::fromLatin1(m_codec->codec->name), m_format,
                         m_frame->ch_layout.nb_channels, m_estimated};
}

Done LibavDecoder::openCodec() {
    AVFormatContext* format = m_input->format();
    const int index = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (index < 0) {
        return failure(ErrorKind::Playback, AudioText::tr("The recording holds no sound."), libavText(index));
    }
    for (unsigned i = 0; i < format->nb_streams; ++i) {
        format->streams[i]->discard =
            static_cast<int>(i) == index ? AVDISCARD_DEFAULT : AVDISCARD_ALL;  // pictures in tags
    }
    m_stream = format->streams[index];
    const AVCodec* codec = avcodec_find_decoder(m_stream->codecpar->codec_id);
    m_codec = codec ? avcodec_alloc_context3(codec) : nullptr;
    m_frame = av_frame_alloc();
    m_packet = av_packet_alloc();
    int code = m_codec && m_frame && m_packet ? avcodec_parameters_to_context(m_codec, m_stream->codecpar)
                                              : AVERROR_DECODER_NOT_FOUND;
    if (code >= 0) {
        m_codec->pkt_timebase = m_stream->time_base;  // what padding is measured in
        m_codec->thread_count = 1;
        m_codec->codec_whitelist = av_strdup(format->codec_whitelist);
        code = avcodec_open2(m_codec, codec, nullptr);
    }
    if (code < 0) {
        const AVCodecID id = m_stream->codecpar->codec_id;
        const QString text = id == AV_CODEC_ID_NONE
                                 ? AudioText::tr("The recording is stored in an unknown way that cannot be played.")
                                 : AudioText::tr("The recording is stored in a way (%1) that cannot be played.")
                                       .arg(QString::fromLatin1(avcodec_get_name(id)));
        return failure(ErrorKind::Playback, text, libavText(code));
    }
    if (m_container == AudioContainer::Wav) {
        readLongPackets(format, m_codec->codec_id);
    }
    return {};
}

Done LibavDecoder::decodeFirst() {
    for (;;) {
        switch (next()) {
            case Step::Stopped:
                return failure(ErrorKind::Cancelled, {});
            case Step::End:
                return failure(ErrorKind::Playback, AudioText::tr("The recording holds no sound."));
            case Step::Gap:
                continue;
            case Step::Frame:
                break;
        }
        auto format = m_converter.begin(*m_frame);
        if (!format) {
            return failure(format.error());
        }
        m_format = *format;
        m_gap = 0;  // unreadable before the first sound: that is where the recording begins
        m_hasFirst = true;
        if (m_frame->best_effort_timestamp != AV_NOPTS_VALUE) {
            m_firstPts = m_frame->best_effort_timestamp;
        }
        return {};
    }
}

void LibavDecoder::readClaims() {
    const AVFormatContext* format = m_input->format();
    const AVRational frames{1, m_format.sampleRate};
    if (m_stream->duration > 0) {
        m_estimated = av_rescale_q(m_stream->duration, m_stream->time_base, frames);
    } else if (format->duration > 0) {
        m_estimated = av_rescale_q(format->duration, AV_TIME_BASE_Q, frames);
    }
    if (!m_estimated || format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) {
        return;
    }
    const std::int64_t bitRate = m_stream->codecpar->bit_rate;
    if (m_container == AudioContainer::Wav && bitRate > 0) {
        m_estimated = std::min(*m_estimated, av_rescale(m_input->file().size(), 8LL * m_format.sampleRate, bitRate));
        return;
    }
    if (m_container == AudioContainer::Ogg) {
        *m_estimated = std::max<std::int64_t>(0, *m_estimated - m_stream->codecpar->initial_padding);
    }
    m_claimed = m_estimated;
}

LibavDecoder::Step LibavDecoder::next() {
    for (;;) {
        if (m_input->isStopRequested()) {
            return Step::Stopped;
        }
        const int code = avcodec_receive_frame(m_codec, m_frame);
        if (code >= 0) {
            return Step::Frame;
        }
        if (code == AVERROR_EOF) {
            return Step::End;
        }
        if (code != AVERROR(EAGAIN) || !readPacket()) {
            m_gap += m_packetFrames;
            return Step::Gap;
        }
    }
}

/// False when the packet cannot be decoded. At the end of the file the decoder is told to give what it still has.
bool LibavDecoder::readPacket() {
    const int code = av_read_frame(m_input->format(), m_packet);
    if (code < 0) {
        m_readFailed = m_readFailed || (code != AVERROR_EOF && code != AVERROR_EXIT);
        avcodec_send_packet(m_codec, nullptr);  // a second time is refused, which changes nothing
        return true;
    }
    bool taken = true;
    if (m_packet->stream_index == m_stream->index) {
        const int rate = std::max(m_codec->sample_rate, 1);
        const std::int64_t frames =
            m_packet->duration > 0 ? av_rescale_q(m_packet->duration, m_stream->time_base, {1, rate}) : 0;
        m_packetFrames = std::clamp<std::int64_t>(frames, 0, kLongestGapSeconds * rate);
        taken = avcodec_send_packet(m_codec, m_packet) >= 0;
    }
    av_packet_unref(m_packet);
    return taken;
}

/// Ogg tells the time of each page, so a lost page leaves a hole that must stay as long as it was.
std::int64_t LibavDecoder::missingBefore(const AVFrame& frame) const {
    if (m_container != AudioContainer::Ogg || !m_firstPts || !m_claimed ||
        frame.best_effort_timestamp == AV_NOPTS_VALUE) {
        return 0;
    }
    return av_rescale_q(frame.best_effort_timestamp - *m_firstPts, m_stream->time_base, {1, m_format.sampleRate});
}

Done LibavDecoder::keepSilence(PcmStore& store, std::int64_t frames) const {
    const std::array<std::int16_t, 4096> silence{};
    for (std::int64_t samples = frames * m_format.channels; samples > 0;) {
        const auto count = std::min<std::int64_t>(samples, static_cast<std::int64_t>(silence.size()));
        if (auto done = store.append(std::span(silence).first(static_cast<std::size_t>(count))); !done) {
            return done;
        }
        samples -= count;
    }
    return {};
}

Done LibavDecoder::keepFrame(PcmStore& store, DecodeOutcome& outcome) {
    const std::int64_t position = missingBefore(*m_frame);
    const std::int64_t hole = position - store.framesAvailable();
    if (hole > m_format.sampleRate / 20 && position <= m_claimed.value_or(0)) {
        m_gap = hole;
    }
    if (m_gap > 0) {
        outcome.damagedFrom = outcome.damagedFrom.value_or(store.framesAvailable());
        outcome.soundAfterDamage = true;
        if (auto done = keepSilence(store, m_gap); !done) {
            return done;
        }
        m_gap = 0;
    }
    auto samples = m_converter.convert(*m_frame);
    return samples ? keepSamples(store, *samples) : Done(failure(samples.error()));
}

/// MP4 says where the sound ends within its last packets, and libav does not cut there. A little too much is held back;
/// if more and more comes, the head was wrong and nothing is cut.
Done LibavDecoder::keepSamples(PcmStore& store, std::span<const std::int16_t> samples) {
    if (m_container != AudioContainer::Mp4 || !m_claimed || m_pastClaim) {
        return store.append(samples);
    }
    const std::int64_t room = std::max<std::int64_t>(0, (*m_claimed - store.framesAvailable()) * m_format.channels);
    const auto inside = std::min<std::size_t>(samples.size(), static_cast<std::size_t>(room));
    if (auto done = store.append(samples.first(inside)); !done) {
        return done;
    }
    m_held.insert(m_held.end(), samples.begin() + static_cast<std::ptrdiff_t>(inside), samples.end());
    if (static_cast<std::int64_t>(m_held.size()) > kPaddingFrames * m_format.channels) {
        m_pastClaim = true;
        return store.append(std::exchange(m_held, {}));
    }
    return {};
}

void LibavDecoder::judgeEnd(DecodeOutcome& outcome) const {
    const bool padded = m_container == AudioContainer::Mp3 || m_container == AudioContainer::Mp4;
    const std::int64_t tolerance = std::max<std::int64_t>(m_format.sampleRate / 10, padded ? kPaddingFrames : 0);
    const bool shorterThanClaimed = m_claimed && outcome.frames + tolerance < *m_claimed;
    const bool cut = m_input->file().isCutShort(m_container);
    if (m_gap > 0 || m_readFailed || shorterThanClaimed || cut) {
        outcome.soundAfterDamage = outcome.damagedFrom.has_value();
        outcome.damagedFrom = outcome.damagedFrom.value_or(outcome.frames);
    }
}

Result<DecodeOutcome> LibavDecoder::decodeInto(PcmStore& store, std::stop_token stop) {
    m_input->setStop(std::move(stop));
    DecodeOutcome outcome;
    for (Step step = m_hasFirst ? Step::Frame : next(); step != Step::End && !outcome.stoppedBy; step = next()) {
        m_hasFirst = false;
        if (step == Step::Stopped) {
            return failure(ErrorKind::Cancelled, {});
        }
        if (step == Step::Frame) {
            if (auto done = keepFrame(store, outcome); !done) {
                outcome.stoppedBy = done.error();
                break;
            }
        }
    }
    store.finish();
    outcome.frames = store.framesAvailable();
    if (!outcome.stoppedBy) {
        judgeEnd(outcome);
    }
    return outcome;
}

}  // namespace earmark
