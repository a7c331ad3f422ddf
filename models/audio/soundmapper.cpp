#include <algorithm>
#include <array>

#include "models/audio/channelmeter.h"
#include "models/audio/soundmap.h"
#include "models/audio/voicefinder.h"

namespace earmark {

namespace {

constexpr std::size_t kFramesAtOnce = 8192;

void part(const std::int16_t* interleaved, std::size_t frames, std::int16_t* left, std::int16_t* right) {
#pragma omp simd
    for (std::size_t i = 0; i < frames; ++i) {
        left[i] = interleaved[2 * i];
        right[i] = interleaved[2 * i + 1];
    }
}

}  // namespace

class SoundMapper::Private {
 public:
    explicit Private(PcmFormat pcm) : format(pcm) {
        for (int channel = 0; channel < std::max(1, pcm.channels); ++channel) {
            meters.emplace_back(pcm.sampleRate);
        }
        for (auto& plane : planes) {
            plane.resize(pcm.channels > 1 ? kFramesAtOnce : 0);
        }
    }

    [[nodiscard]] TimeSpan spanOf(const FrameRun& run) const {
        const auto at = [this](int frame) {
            const std::int64_t sample =
                std::min(static_cast<std::int64_t>(frame) * meters.front().frameLength(), frames);
            return std::chrono::milliseconds(sample * 1000 / std::max(1, format.sampleRate));
        };
        return {at(run.begin), at(run.end)};
    }
    [[nodiscard]] TimeSpans spansOf(const FrameRuns& runs) const {
        TimeSpans spans;
        for (const FrameRun& run : runs) {
            spans.push_back(spanOf(run));
        }
        return spans;
    }

    PcmFormat format;
    std::vector<ChannelMeter> meters;
    std::array<std::vector<std::int16_t>, 2> planes;
    std::int64_t frames = 0;
};

SoundMapper::SoundMapper(PcmFormat format) : d(std::make_unique<Private>(format)) {}

SoundMapper::~SoundMapper() = default;

void SoundMapper::push(std::span<const std::int16_t> interleaved) {
    const std::size_t channels = d->meters.size();
    d->frames += static_cast<std::int64_t>(interleaved.size() / channels);
    if (channels == 1) {
        d->meters.front().push(interleaved);
        return;
    }
    while (interleaved.size() >= 2) {  // the store knows no more channels
        const std::size_t count = std::min(interleaved.size() / 2, kFramesAtOnce);
        part(interleaved.data(), count, d->planes[0].data(), d->planes[1].data());
        d->meters[0].push(std::span(d->planes[0]).first(count));
        d->meters[1].push(std::span(d->planes[1]).first(count));
        interleaved = interleaved.subspan(count * 2);
    }
}

std::shared_ptr<const SoundMap> SoundMapper::finish() {
    for (ChannelMeter& meter : d->meters) {
        meter.finish();
    }
    auto map = std::make_shared<SoundMap>();
    map->format = d->format;
    map->frames = d->frames;
    const FoundVoices found = findVoices(d->meters);
    for (const FrameRuns& runs : found.speech) {
        map->speech.push_back(d->spansOf(runs));
    }
    map->silence = d->spansOf(found.silence);
    for (const FoundVoices::Tone& tone : found.tones) {
        map->tones.push_back({tone.kind, d->spanOf(tone.run), tone.onAllChannels});
    }
    map->beeps = d->spansOf(found.beeps);
    for (ChannelMeter& meter : d->meters) {
        map->peaks.push_back(peakLevels(meter.takePeaks()));
    }
    return map;
}

std::shared_ptr<const SoundMap> mapSound(const PcmStore& samples, std::stop_token stop) {
    const PcmFormat format = samples.format();
    SoundMapper mapper(format);
    std::vector<std::int16_t> part(kFramesAtOnce * static_cast<std::size_t>(std::max(1, format.channels)));
    for (std::int64_t frame = 0;;) {
        if (stop.stop_requested()) {
            return nullptr;
        }
        const std::int64_t got = samples.read(frame, part);
        if (got <= 0) {
            break;
        }
        mapper.push(std::span<const std::int16_t>(part).first(static_cast<std::size_t>(got * format.channels)));
        frame += got;
    }
    return mapper.finish();
}

}  // namespace earmark
