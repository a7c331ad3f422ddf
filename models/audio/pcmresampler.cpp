#include "models/audio/pcmresampler.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
}

#include <algorithm>

namespace earmark {

PcmResampler::~PcmResampler() {
    swr_free(&m_context);
}

bool PcmResampler::configure(PcmFormat from, PcmFormat to) {
    swr_free(&m_context);
    m_from = from;
    m_to = to;
    m_ready.clear();
    m_taken = 0;
    AVChannelLayout input{};
    AVChannelLayout output{};
    av_channel_layout_default(&input, from.channels);
    av_channel_layout_default(&output, to.channels);
    const int code = swr_alloc_set_opts2(&m_context, &output, AV_SAMPLE_FMT_S16, to.sampleRate, &input,
                                         AV_SAMPLE_FMT_S16, from.sampleRate, 0, nullptr);
    if (code < 0 || swr_init(m_context) < 0) {
        swr_free(&m_context);
        return false;
    }
    return true;
}

void PcmResampler::restart() {
    m_ready.clear();
    m_taken = 0;
    if (m_context) {
        swr_close(m_context);
        if (swr_init(m_context) < 0) {
            swr_free(&m_context);
        }
    }
}

void PcmResampler::push(std::span<const std::int16_t> samples) {
    if (!samples.empty()) {
        convert(samples.data(), static_cast<int>(samples.size()) / m_from.channels);
    }
}

void PcmResampler::pushEnd() {
    convert(nullptr, 0);
}

void PcmResampler::convert(const std::int16_t* samples, int frames) {
    if (!m_context) {
        return;
    }
    m_ready.erase(m_ready.begin(), m_ready.begin() + static_cast<std::ptrdiff_t>(m_taken));
    m_taken = 0;
    const int room = swr_get_out_samples(m_context, frames);
    if (room <= 0) {
        return;
    }
    const std::size_t before = m_ready.size();
    m_ready.resize(before + static_cast<std::size_t>(room) * static_cast<std::size_t>(m_to.channels));
    auto* output = reinterpret_cast<std::uint8_t*>(m_ready.data() + before);
    const auto* input = reinterpret_cast<const std::uint8_t*>(samples);
    const int got = swr_convert(m_context, &output, room, samples ? &input : nullptr, frames);
    m_ready.resize(before + static_cast<std::size_t>(std::max(got, 0)) * static_cast<std::size_t>(m_to.channels));
}

std::int64_t PcmResampler::framesReady() const {
    return m_to.channels == 0 ? 0 : static_cast<std::int64_t>(m_ready.size() - m_taken) / m_to.channels;
}

std::int64_t PcmResampler::take(std::span<std::int16_t> into) {
    const auto count = std::min(into.size(), m_ready.size() - m_taken);
    std::copy_n(m_ready.begin() + static_cast<std::ptrdiff_t>(m_taken), count, into.begin());
    m_taken += count;
    return static_cast<std::int64_t>(count) / m_to.channels;
}

}  // namespace earmark
