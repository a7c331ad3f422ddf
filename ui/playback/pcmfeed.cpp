#include "ui/playback/pcmfeed.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace earmark {

namespace {

constexpr double kFadeSeconds = 0.006;
constexpr int kPiecesPerSecond = 50;  // what is changed while it plays is heard that soon

}  // namespace

PcmFeed::PcmFeed(const QAudioFormat& device, QObject* parent)
    : QIODevice(parent),
      m_device(device),
      m_channels(device.channelCount()),
      m_fadeStep(1 / (kFadeSeconds * device.sampleRate())) {
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

void PcmFeed::setSamples(std::shared_ptr<const PcmStore> samples) {
    // Another recording: what sounded stops here, without a fade, for its samples go away. The next one fades in.
    m_samples = std::move(samples);
    m_sounding = false;
    m_leaving = false;
    m_next.reset();
    m_level = 0;
    m_path = {};
    m_trace.turn({m_written, SoundPhase::Silent, m_current.number});
    if (m_samples && !m_resampler.configure(m_samples->format(), {m_device.sampleRate(), m_channels})) {
        m_samples.reset();
    }
    m_reader.setSamples(m_samples);
    if (m_samples) {
        const PcmFormat format = m_samples->format();
        m_mixer.configure(format.channels, std::lround(kFadeSeconds * format.sampleRate));
        m_stretch.configure(format);
        m_source.resize(static_cast<std::size_t>(std::max(1, format.sampleRate / kPiecesPerSecond) * format.channels));
        m_stretched.resize(m_source.size());
    }
}

void PcmFeed::play(const SoundOrder& order) {
    m_next = order;
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

void PcmFeed::setTempo(double tempo) {
    m_tempo = tempo;
    if (!m_slower && m_current.piece == 0) {
        m_stretch.setTempo(tempo);
    }
}

void PcmFeed::setPath(const PlaybackPath& path) {
    m_path = path;
    if (m_current.piece == 0) {
        m_reader.setPath(path);
    }
}

void PcmFeed::takeNextOrder() {
    m_sounding = m_next.has_value() && m_samples;
    m_level = 0;
    if (m_sounding) {
        m_current = *m_next;
        m_reader.start(m_current.frame, m_current.piece > 0 ? PlaybackPath() : m_path);
        m_slower = m_current.slower;
        m_slowRead.reset();
        m_stretch.setTempo(m_current.piece > 0 ? 1 : m_slower ? m_slower->tempo : m_tempo);
        m_stretch.restart();
        m_resampler.restart();
        m_mixer.settle();
        m_runs = {{0, static_cast<double>(m_current.frame)}};
        m_read = 0;
        m_lastPlace = m_current.frame;
        m_stretchedFrames = 0;
        m_rendered = 0;
        m_readAll = false;
        m_flushed = false;
        m_gapAt.reset();
        m_gain = m_wantedGain;
    }
    m_next.reset();
}

double PcmFeed::sourcePerDevice() const {
    return static_cast<double>(m_samples->format().sampleRate) / m_device.sampleRate();
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
            if (m_trace.last().phase == SoundPhase::Sounding) {
                // The end stays the last word until something new is played.
                m_trace.turn({at, SoundPhase::Silent, m_current.number});
            }
            m_silent += frames;
            return;
        }
        const std::int64_t wanted = wantedNow(frames);
        m_base = at - m_rendered;
        const auto piece = mix.first(static_cast<std::size_t>(wanted * m_channels));
        const std::int64_t got = render(piece);
        if (got > 0) {
            if (const auto place = std::exchange(m_gapAt, std::nullopt)) {
                m_trace.resume({at, SoundPhase::Sounding, m_current.number, *place,
                                sourcePerDevice() * m_stretch.tempo(), m_stretch.tempo()});
            }
            shape(piece.first(static_cast<std::size_t>(got * m_channels)));
            at += got;
            m_rendered += got;
            mix = mix.subspan(static_cast<std::size_t>(got * m_channels));
        }
        if (m_leaving && (m_level <= 0 || got < wanted)) {
            m_leaving = false;
            if (!m_next) {
                m_trace.turn({at, SoundPhase::Silent, m_current.number});
            }
            takeNextOrder();
        } else if (got < wanted) {
            standStill(at);
            return;
        }
    }
}

/// How many frames belong together, and whether they fade out.
std::int64_t PcmFeed::wantedNow(std::int64_t frames) {
    if (m_current.piece > 0 && !m_leaving) {
        const auto whole = static_cast<std::int64_t>(static_cast<double>(m_current.piece) / sourcePerDevice());
        const std::int64_t loud = whole - static_cast<std::int64_t>(std::ceil(1 / m_fadeStep)) - m_rendered;
        if (loud > 0) {
            return std::min(frames, loud);
        }
        m_leaving = true;
    }
    return m_leaving
               ? std::min(frames, std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(m_level / m_fadeStep))))
               : frames;
}

/// Nothing more now: the end, or the decoder is behind.
void PcmFeed::standStill(std::int64_t at) {
    const bool ended = m_flushed;
    const DeviceTrace::Mark mark = m_trace.peek(at);
    const double place = mark.phase == SoundPhase::Sounding && mark.order == m_current.number
                             ? mark.frameAt(at)
                             : static_cast<double>(m_current.frame);
    m_trace.turn({at, ended ? SoundPhase::Ended : SoundPhase::Silent, m_current.number, place});
    if (m_rendered > 0 && !m_gapAt) {
        m_gapAt = place;
    }
    m_level = 0;
    m_sounding = !ended;
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

/// False when there is nothing more at this moment; what is true may keep it all for now, the next turn goes on.
bool PcmFeed::refill() {
    if (stretchMore()) {
        return true;
    }
    if (m_readAll && !m_flushed) {
        m_flushed = true;
        m_resampler.pushEnd();
        return m_resampler.framesReady() > 0;
    }
    return false;
}

bool PcmFeed::stretchMore() {
    if (m_stretch.framesReady() > 0) {
        const double readFrom = m_stretch.framesTaken();
        const std::int64_t frames = m_stretch.take(m_stretched);
        stretched(readFrom, frames);
        if (m_slowRead && m_stretch.framesTaken() >= static_cast<double>(*m_slowRead)) {
            leaveSlower();
        }
        m_resampler.push(std::span<const std::int16_t>(m_stretched)
                             .first(static_cast<std::size_t>(frames * m_samples->format().channels)));
        return true;
    }
    if (m_readAll) {
        return false;
    }
    const auto channels = static_cast<std::size_t>(m_samples->format().channels);
    const std::int64_t most = framesBeforeSpeedChanges(static_cast<std::int64_t>(m_source.size() / channels));
    const PathReader::Piece piece = m_reader.read(std::span(m_source).first(static_cast<std::size_t>(most) * channels));
    if (piece.frames > 0) {
        took(piece);
        return true;
    }
    if (m_reader.isAtEnd()) {
        m_readAll = true;
        m_stretch.pushEnd();
        return m_stretch.framesReady() > 0;
    }
    return false;
}

void PcmFeed::took(const PathReader::Piece& piece) {
    if (piece.from < m_lastPlace && !m_slowRead) {
        m_slowRead = m_read;  // the path led back
    }
    m_lastPlace = piece.from;
    const Run& last = m_runs.back();
    if (last.frame + static_cast<double>(m_read) - last.read != static_cast<double>(piece.from)) {
        m_runs.push_back({static_cast<double>(m_read), static_cast<double>(piece.from)});
    }
    m_read += piece.frames;
    const auto samples =
        std::span(m_source).first(static_cast<std::size_t>(piece.frames * m_samples->format().channels));
    m_mixer.mix(samples);
    m_stretch.push(samples);
}

/// What comes out of the stretcher next, is told for the frames of the device at which it will be heard.
void PcmFeed::stretched(double readFrom, std::int64_t frames) {
    const double readTo = m_stretch.framesTaken();
    const double tempo = frames > 0 ? (readTo - readFrom) / static_cast<double>(frames) : 1;
    for (double from = readFrom; from < readTo;) {
        while (m_runs.size() > 1 && m_runs[1].read <= from) {
            m_runs.pop_front();
        }
        const Run& run = m_runs.front();
        const double given = static_cast<double>(m_stretchedFrames) + (from - readFrom) / tempo;
        const DeviceTrace::Mark mark{m_base + std::llround(given / sourcePerDevice()),
                                     SoundPhase::Sounding,
                                     m_current.number,
                                     run.frame + from - run.read,
                                     tempo * sourcePerDevice(),
                                     tempo};
        given == 0 ? m_trace.turn(mark) : m_trace.goOn(mark);
        from = m_runs.size() > 1 ? std::min(readTo, m_runs[1].read) : readTo;
    }
    m_stretchedFrames += frames;
}

/// The frame at which the speed changes begins a piece of its own, so that its place in what was read is known.
std::int64_t PcmFeed::framesBeforeSpeedChanges(std::int64_t most) {
    if (!m_slower || m_slowRead) {
        return most;
    }
    const std::int64_t left = m_slower->until - m_reader.place();
    if (left > 0) {
        return std::min(most, left);
    }
    m_slowRead = m_read;
    return most;
}

void PcmFeed::leaveSlower() {
    if (std::exchange(m_slower, std::nullopt)) {
        m_stretch.setTempo(m_tempo);
    }
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

SoundReport PcmFeed::heardAt(std::int64_t deviceFrame, SteadyTime now) {
    const DeviceTrace::Mark mark = m_trace.at(deviceFrame);
    return {mark.order, mark.phase, mark.frameAt(std::max(deviceFrame, mark.from)), now, mark.tempo};
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
