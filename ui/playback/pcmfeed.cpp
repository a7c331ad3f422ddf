#include "ui/playback/pcmfeed.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace earmark {

namespace {

constexpr double kFadeSeconds = 0.006;
constexpr std::int64_t kSourceFrames = 1024;

}  // namespace

PcmFeed::PcmFeed(const QAudioFormat& device, QObject* parent)
    : QIODevice(parent),
      m_device(device),
      m_channels(device.channelCount()),
      m_fadeStep(1 / (kFadeSeconds * device.sampleRate())) {
    m_stretches.push_back({});
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

void PcmFeed::setSamples(std::shared_ptr<const PcmStore> samples) {
    // Another recording: what sounded stops here, without a fade, for its samples go away. The next one fades in.
    m_samples = std::move(samples);
    m_sounding = false;
    m_leaving = false;
    m_next.reset();
    m_level = 0;
    mark(m_written, SoundPhase::Silent, 0);
    if (m_samples && !m_resampler.configure(m_samples->format(), {m_device.sampleRate(), m_channels})) {
        m_samples.reset();
    }
}

void PcmFeed::play(std::int64_t frame, quint64 order) {
    m_next = Order{frame, order};
    m_silent = 0;
    m_leaving = m_sounding;
    if (!m_leaving) {
        takeNextOrder();
    }
}

void PcmFeed::halt() {
    m_next.reset();
    m_leaving = m_sounding;
}

void PcmFeed::takeNextOrder() {
    m_sounding = m_next.has_value() && m_samples;
    m_level = 0;
    if (m_sounding) {
        m_current = *m_next;
        m_read = m_current.frame;
        m_flushed = false;
        m_resampler.restart();
        m_gain = m_wantedGain;
    }
    m_next.reset();
}

qint64 PcmFeed::bytesAvailable() const {
    return static_cast<qint64>(m_device.sampleRate()) * m_device.bytesPerFrame() + QIODevice::bytesAvailable();
}

qint64 PcmFeed::writeData(const char*, qint64) {
    return -1;
}

qint64 PcmFeed::readData(char* data, qint64 maxSize) {
    const std::int64_t frames = maxSize / m_device.bytesPerFrame();
    m_mix.assign(static_cast<std::size_t>(frames * m_channels), 0);
    fill(m_mix);
    write(m_mix, data);
    m_written += frames;
    return frames * m_device.bytesPerFrame();
}

void PcmFeed::fill(std::span<std::int16_t> mix) {
    std::int64_t at = m_written;
    while (!mix.empty()) {
        const auto frames = static_cast<std::int64_t>(mix.size()) / m_channels;
        if (!m_sounding) {
            if (m_stretches.back().phase == SoundPhase::Sounding) {
                mark(at, SoundPhase::Silent, 0);  // the end stays the last word until something new is played
            }
            m_silent += frames;
            return;
        }
        std::int64_t wanted = frames;
        if (m_leaving) {
            wanted = std::min(frames, static_cast<std::int64_t>(std::ceil(m_level / m_fadeStep)));
        }
        const auto piece = mix.first(static_cast<std::size_t>(wanted * m_channels));
        const double frame = static_cast<double>(m_read);
        const bool isFirst =
            m_stretches.back().phase != SoundPhase::Sounding || m_stretches.back().order != m_current.number;
        const std::int64_t got = render(piece);
        if (got > 0) {
            if (isFirst) {
                mark(at, SoundPhase::Sounding, frame);
            }
            shape(piece.first(static_cast<std::size_t>(got * m_channels)));
            at += got;
            mix = mix.subspan(static_cast<std::size_t>(got * m_channels));
        }
        if (m_leaving && (m_level <= 0 || got < wanted)) {
            m_leaving = false;
            takeNextOrder();
        } else if (got < wanted) {
            // Nothing more now: the end, or the decoder is behind.
            const bool ended = m_flushed && m_samples->isFinished();
            mark(at, ended ? SoundPhase::Ended : SoundPhase::Silent, frame);
            m_level = 0;
            m_sounding = !ended;
            return;
        }
    }
}

std::int64_t PcmFeed::render(std::span<std::int16_t> into) {
    std::int64_t got = 0;
    const auto wanted = static_cast<std::int64_t>(into.size()) / m_channels;
    while (got < wanted) {
        if (m_resampler.framesReady() == 0 && !refill()) {
            break;
        }
        got += m_resampler.take(into.subspan(static_cast<std::size_t>(got * m_channels)));
    }
    return got;
}

/// False when the store has nothing more at this moment.
bool PcmFeed::refill() {
    m_source.resize(static_cast<std::size_t>(kSourceFrames * m_samples->format().channels));
    const bool complete = m_samples->isFinished();  // asked first, so that nothing slips in between
    const std::int64_t frames = m_samples->read(m_read, m_source);
    if (frames > 0) {
        m_read += frames;
        m_resampler.push(std::span<const std::int16_t>(m_source).first(
            static_cast<std::size_t>(frames * m_samples->format().channels)));
        return true;  // the filter may keep it all for now; the next turn reads on
    }
    if (complete && !m_flushed) {
        m_flushed = true;
        m_resampler.pushEnd();
        return m_resampler.framesReady() > 0;
    }
    return false;
}

/// Fades and volume, sample by sample, so that no step is heard.
void PcmFeed::shape(std::span<std::int16_t> samples) {
    for (std::size_t i = 0; i < samples.size(); i += static_cast<std::size_t>(m_channels)) {
        m_level = std::clamp(m_level + (m_leaving ? -m_fadeStep : m_fadeStep), 0.0, 1.0);
        m_gain += std::clamp(m_wantedGain - m_gain, -m_fadeStep, m_fadeStep);
        const double factor = m_level * m_gain;
        for (std::size_t channel = 0; channel < static_cast<std::size_t>(m_channels); ++channel) {
            samples[i + channel] = static_cast<std::int16_t>(std::lround(samples[i + channel] * factor));
        }
    }
}

void PcmFeed::mark(std::int64_t at, SoundPhase phase, double frame) {
    const Stretch& last = m_stretches.back();
    if (last.phase == phase && phase != SoundPhase::Sounding && last.order == m_current.number) {
        return;
    }
    m_stretches.push_back({at, phase, m_current.number, frame});
}

SoundReport PcmFeed::heardAt(std::int64_t deviceFrame, SteadyTime now) {
    while (m_stretches.size() > 1 && m_stretches[1].from <= deviceFrame) {
        m_stretches.pop_front();
    }
    const Stretch& stretch = m_stretches.front();
    SoundReport report{stretch.order, stretch.phase, stretch.frame, now};
    if (stretch.phase == SoundPhase::Sounding && m_samples) {
        const double ratio = static_cast<double>(m_samples->format().sampleRate) / m_device.sampleRate();
        report.frame += static_cast<double>(std::max<std::int64_t>(0, deviceFrame - stretch.from)) * ratio;
    }
    return report;
}

void PcmFeed::write(std::span<const std::int16_t> mix, char* data) const {
    switch (m_device.sampleFormat()) {
        case QAudioFormat::Int16:
            std::memcpy(data, mix.data(), mix.size_bytes());
            return;
        case QAudioFormat::Float:
            for (std::size_t i = 0; i < mix.size(); ++i) {
                const float value = static_cast<float>(mix[i]) / 32768.0F;
                std::memcpy(data + i * sizeof(value), &value, sizeof(value));
            }
            return;
        case QAudioFormat::Int32:
            for (std::size_t i = 0; i < mix.size(); ++i) {
                const std::int32_t value = static_cast<std::int32_t>(mix[i]) * 65536;
                std::memcpy(data + i * sizeof(value), &value, sizeof(value));
            }
            return;
        case QAudioFormat::UInt8:
            for (std::size_t i = 0; i < mix.size(); ++i) {
                data[i] = static_cast<char>(mix[i] / 256 + 128);
            }
            return;
        case QAudioFormat::Unknown:
        case QAudioFormat::NSampleFormats:
            return;
    }
}

}  // namespace earmark
