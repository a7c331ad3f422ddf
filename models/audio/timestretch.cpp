#include "models/audio/timestretch.h"

#include <SoundTouch.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

namespace earmark {

namespace {

// For speech: room enough to find the next period of a low voice, and joints of half a period.
constexpr int kSeekWindowMs = 15;
constexpr int kOverlapMs = 8;
/// Some periods of a voice: shorter ones would sound like a machine when they are heard more than once.
constexpr int kLongestSequenceMs = 40;
constexpr int kShortestSequenceMs = 2 * kOverlapMs;
/// What faster speech leaves out in one piece: with more, whole consonants go. Sequences of 40 ms would leave out 32 at
/// twice the speed, and of what can be heard of a voice a tenth is gone then; so it is a thirtieth.
constexpr double kLeftOutMs = 8;
constexpr float kFullScale = 32768.0F;

int sequenceMs(double tempo) {
    if (tempo <= 1) {
        return kLongestSequenceMs;
    }
    const double wanted = kOverlapMs + kLeftOutMs / (tempo - 1);
    return std::clamp(static_cast<int>(std::lround(wanted)), kShortestSequenceMs, kLongestSequenceMs);
}

}  // namespace

class TimeStretch::Private {
 public:
    /// Frames that are ready, all made at one tempo.
    struct Run {
        std::int64_t frames = 0;
        double tempo = 1;
    };

    void begin();
    void applyTempo();
    void feed(std::span<const float> samples);
    void collect();
    void note(std::int64_t frames, double at);
    [[nodiscard]] std::size_t channels() const { return static_cast<std::size_t>(format.channels); }

    soundtouch::SoundTouch touch;
    PcmFormat format{8000, 1};
    double tempo = 1;
    /// At normal speed nothing is touched until the speed changes; from then on, up to the next restart, all goes
    /// through the stretcher, which at normal speed finds the samples to join by themselves.
    bool stretches = false;
    std::int64_t pushed = 0;
    double made = 0;  ///< frames of what was pushed that are ready or taken
    double taken = 0;
    std::deque<Run> runs;
    std::vector<std::int16_t> ready;
    std::size_t readyTaken = 0;
    std::vector<float> buffer;
};

void TimeStretch::Private::begin() {
    touch.clear();
    applyTempo();
    stretches = true;
}

void TimeStretch::Private::applyTempo() {
    touch.setTempo(tempo);
    touch.setSetting(SETTING_SEQUENCE_MS, sequenceMs(tempo));
}

void TimeStretch::Private::feed(std::span<const float> samples) {
    touch.putSamples(samples.data(), static_cast<unsigned>(samples.size() / channels()));
    collect();
}

/// All that the stretcher has made: it was made at the tempo that holds now.
void TimeStretch::Private::collect() {
    while (const unsigned frames = touch.numSamples()) {
        buffer.resize(frames * channels());
        const unsigned got = touch.receiveSamples(buffer.data(), frames);
        if (got == 0) {
            return;
        }
        for (const float value : std::span(buffer).first(got * channels())) {
            ready.push_back(static_cast<std::int16_t>(std::clamp(std::lround(value * kFullScale), -32768L, 32767L)));
        }
        note(got, tempo);
    }
}

void TimeStretch::Private::note(std::int64_t frames, double at) {
    made += static_cast<double>(frames) * at;
    if (runs.empty() || runs.back().tempo != at) {
        runs.push_back({frames, at});
    } else {
        runs.back().frames += frames;
    }
}

TimeStretch::TimeStretch() : d(std::make_unique<Private>()) {
    configure(d->format);
}

TimeStretch::~TimeStretch() = default;

void TimeStretch::configure(PcmFormat format) {
    d->format = format;
    d->touch.setSampleRate(static_cast<unsigned>(format.sampleRate));
    d->touch.setChannels(static_cast<unsigned>(format.channels));
    d->touch.setSetting(SETTING_USE_AA_FILTER, 0);  // for changes of pitch, of which there are none
    d->touch.setSetting(SETTING_USE_QUICKSEEK, 0);
    d->touch.setSetting(SETTING_SEQUENCE_MS, sequenceMs(d->tempo));
    d->touch.setSetting(SETTING_SEEKWINDOW_MS, kSeekWindowMs);
    d->touch.setSetting(SETTING_OVERLAP_MS, kOverlapMs);
    restart();
}

void TimeStretch::setTempo(double tempo) {
    tempo = std::clamp(tempo, kSlowest, kFastest);
    if (tempo == d->tempo) {
        return;
    }
    d->tempo = tempo;
    if (d->stretches) {
        d->applyTempo();
    } else {
        d->begin();  // its first samples are those that come next, as they are
    }
}

double TimeStretch::tempo() const {
    return d->tempo;
}

void TimeStretch::restart() {
    d->stretches = false;
    d->pushed = 0;
    d->made = 0;
    d->taken = 0;
    d->runs.clear();
    d->ready.clear();
    d->readyTaken = 0;
    if (d->tempo != 1) {
        d->begin();
    }
}

void TimeStretch::push(std::span<const std::int16_t> samples) {
    d->ready.erase(d->ready.begin(), d->ready.begin() + static_cast<std::ptrdiff_t>(d->readyTaken));
    d->readyTaken = 0;
    const auto frames = static_cast<std::int64_t>(samples.size() / d->channels());
    d->pushed += frames;
    if (!d->stretches) {
        d->ready.insert(d->ready.end(), samples.begin(), samples.end());
        if (frames > 0) {
            d->note(frames, 1);
        }
        return;
    }
    std::vector<float> values(samples.size());
    std::transform(samples.begin(), samples.end(), values.begin(),
                   [](std::int16_t value) { return static_cast<float>(value) / kFullScale; });
    d->feed(values);
}

void TimeStretch::pushEnd() {
    if (!d->stretches) {
        return;
    }
    // SoundTouch's own flush reckons with the tempo at which samples came in, not with that at which they go out.
    const std::vector<float> silence(512 * d->channels());
    while (d->made < static_cast<double>(d->pushed)) {
        d->feed(silence);
    }
    const double over = (d->made - static_cast<double>(d->pushed)) / d->tempo;
    const auto frames =
        d->runs.empty() ? 0 : std::min(d->runs.back().frames, static_cast<std::int64_t>(std::floor(over)));
    if (frames > 0) {
        d->runs.back().frames -= frames;
        d->made -= static_cast<double>(frames) * d->tempo;
        d->ready.resize(d->ready.size() - static_cast<std::size_t>(frames) * d->channels());
    }
}

std::int64_t TimeStretch::take(std::span<std::int16_t> into) {
    const auto frames = std::min<std::int64_t>(static_cast<std::int64_t>(into.size() / d->channels()), framesReady());
    const auto count = static_cast<std::size_t>(frames) * d->channels();
    std::copy_n(d->ready.begin() + static_cast<std::ptrdiff_t>(d->readyTaken), count, into.begin());
    d->readyTaken += count;
    for (std::int64_t left = frames; left > 0;) {
        Private::Run& run = d->runs.front();
        const std::int64_t part = std::min(left, run.frames);
        d->taken += static_cast<double>(part) * run.tempo;
        run.frames -= part;
        left -= part;
        if (run.frames == 0) {
            d->runs.pop_front();
        }
    }
    return frames;
}

std::int64_t TimeStretch::framesReady() const {
    return static_cast<std::int64_t>((d->ready.size() - d->readyTaken) / d->channels());
}

double TimeStretch::framesTaken() const {
    return d->taken;
}

}  // namespace earmark
