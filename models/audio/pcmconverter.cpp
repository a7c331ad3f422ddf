#include "models/audio/pcmconverter.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>
}

#include "models/audio/audiotext.h"
#include "models/audio/libavinput.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLowestRate = 4000;
constexpr int kHighestRate = 192000;
constexpr int kMostChannels = 8;

tl::unexpected<Error> unplayable(const QString& detail) {
    return failure(ErrorKind::Playback, AudioText::tr("The recording has a form that cannot be played."), detail);
}

}  // namespace

PcmConverter::~PcmConverter() {
    swr_free(&m_resampler);
}

Result<PcmFormat> PcmConverter::begin(const AVFrame& first) {
    if (first.sample_rate < kLowestRate || first.sample_rate > kHighestRate) {
        return unplayable(u"sampling rate %1"_s.arg(first.sample_rate));
    }
    const int channels = first.ch_layout.nb_channels;
    if (channels < 1 || channels > kMostChannels) {
        return unplayable(u"%1 channels"_s.arg(channels));
    }
    m_format = {first.sample_rate, channels == 1 ? 1 : 2};
    return m_format;
}

bool PcmConverter::isReady(const AVFrame& frame) const {
    const bool isInterleaved =
        frame.format == AV_SAMPLE_FMT_S16 || (frame.format == AV_SAMPLE_FMT_S16P && m_format.channels == 1);
    if (!isInterleaved || frame.sample_rate != m_format.sampleRate ||
        frame.ch_layout.nb_channels != m_format.channels || frame.nb_samples < 0) {
        return false;
    }
    if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
        return true;
    }
    AVChannelLayout usual{};
    av_channel_layout_default(&usual, m_format.channels);
    return av_channel_layout_compare(&frame.ch_layout, &usual) == 0;
}

Done PcmConverter::adapt(const AVFrame& frame) {
    swr_free(&m_resampler);
    m_inputRate = frame.sample_rate;
    m_inputFormat = frame.format;
    m_inputChannels = frame.ch_layout.nb_channels;
    AVChannelLayout input{};
    if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
        av_channel_layout_default(&input, m_inputChannels);
    } else if (av_channel_layout_copy(&input, &frame.ch_layout) < 0) {
        return failure(ErrorKind::Internal, {});
    }
    AVChannelLayout output{};
    av_channel_layout_default(&output, m_format.channels);
    int code = swr_alloc_set_opts2(&m_resampler, &output, AV_SAMPLE_FMT_S16, m_format.sampleRate, &input,
                                   static_cast<AVSampleFormat>(m_inputFormat), m_inputRate, 0, nullptr);
    av_channel_layout_uninit(&input);
    if (code >= 0) {
        code = swr_init(m_resampler);
    }
    if (code < 0) {
        return unplayable(libavText(code));
    }
    return {};
}

Result<std::span<const std::int16_t>> PcmConverter::convert(const AVFrame& frame) {
    if (isReady(frame)) {
        swr_free(&m_resampler);  // what comes in another form later begins anew
        return std::span(reinterpret_cast<const std::int16_t*>(frame.extended_data[0]),
                         static_cast<std::size_t>(frame.nb_samples) * static_cast<std::size_t>(m_format.channels));
    }
    if (!m_resampler || frame.sample_rate != m_inputRate || frame.format != m_inputFormat ||
        frame.ch_layout.nb_channels != m_inputChannels) {
        if (frame.sample_rate <= 0 || frame.ch_layout.nb_channels <= 0) {
            return unplayable(u"a frame without a form"_s);
        }
        if (auto done = adapt(frame); !done) {
            return failure(done.error());
        }
    }
    const int room = swr_get_out_samples(m_resampler, frame.nb_samples);
    if (room < 0) {
        return unplayable(libavText(room));
    }
    m_samples.resize(static_cast<std::size_t>(room) * static_cast<std::size_t>(m_format.channels));
    auto* output = reinterpret_cast<std::uint8_t*>(m_samples.data());
    const int got = swr_convert(m_resampler, &output, room, const_cast<const std::uint8_t**>(frame.extended_data),
                                frame.nb_samples);
    if (got < 0) {
        return unplayable(libavText(got));
    }
    return std::span<const std::int16_t>(m_samples).first(static_cast<std::size_t>(got) *
                                                          static_cast<std::size_t>(m_format.channels));
}

}  // namespace earmark
