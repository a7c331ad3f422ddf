// Sound maps made by hand: the loudness of each channel at each time is given, nothing is decoded.
#pragma once

#include <functional>
#include <memory>

#include "models/audio/soundmap.h"

namespace earmark::test {

struct MadeUpSound {
    int sampleRate = 8000;
    std::chrono::milliseconds duration{};
    std::vector<TimeSpans> speech;  ///< one per channel; where it is, the sound is loud, elsewhere it is faint
    TimeSpans silence;              ///< nothing at all
};

[[nodiscard]] inline std::vector<Peak> fourInOne(const std::vector<Peak>& finer) {
    std::vector<Peak> coarser((finer.size() + 3) / 4);
    for (size_t i = 0; i < finer.size(); ++i) {
        Peak& peak = coarser[i / 4];
        peak = i % 4 == 0 ? finer[i]
                          : Peak{std::min(peak.lowest, finer[i].lowest), std::max(peak.highest, finer[i].highest)};
    }
    return coarser;
}

[[nodiscard]] inline std::shared_ptr<const SoundMap> madeUpMap(const MadeUpSound& sound) {
    auto map = std::make_shared<SoundMap>();
    map->format = {sound.sampleRate, int(sound.speech.size())};
    map->frames = sound.duration.count() * sound.sampleRate / 1000;
    map->speech = sound.speech;
    map->silence = sound.silence;
    const auto fill = [&](std::vector<Peak>& peaks, const TimeSpans& spans, std::int16_t loudness) {
        for (const TimeSpan& span : spans) {
            const std::int64_t from = span.begin.count() * sound.sampleRate / 1000 / SoundMap::kBaseFrames;
            const std::int64_t to = span.end.count() * sound.sampleRate / 1000 / SoundMap::kBaseFrames;
            for (std::int64_t at = from; at < to && at < std::int64_t(peaks.size()); ++at) {
                peaks[size_t(at)] = {std::int16_t(-loudness), loudness};
            }
        }
    };
    for (const TimeSpans& speech : sound.speech) {
        std::vector<Peak> base(size_t((map->frames + SoundMap::kBaseFrames - 1) / SoundMap::kBaseFrames),
                               Peak{-400, 400});
        fill(base, sound.silence, 0);
        fill(base, speech, 16000);
        std::vector<std::vector<Peak>> levels{std::move(base)};
        while (levels.back().size() > 512) {
            levels.push_back(fourInOne(levels.back()));
        }
        map->peaks.push_back(std::move(levels));
    }
    return map;
}

/// A conversation as they are: the two take turns of some seconds, with pauses and some overlap.
[[nodiscard]] inline MadeUpSound madeUpTalk(std::chrono::milliseconds duration, int channels) {
    using std::chrono::milliseconds;
    MadeUpSound sound{8000, duration, std::vector<TimeSpans>(size_t(channels)), {}};
    int number = 0;
    for (milliseconds at(800); at < duration; ++number) {
        const TimeSpan span{at, std::min(duration, at + milliseconds(1200 + number * 337 % 3700))};
        sound.speech[size_t(number % channels)].push_back(span);
        const milliseconds next = span.end + milliseconds(number % 5 == 3 ? -400 : 250 + number * 211 % 1500);
        if (next - span.end >= milliseconds(300)) {
            sound.silence.push_back({span.end, std::min(next, duration)});
        }
        at = channels == 1 ? std::max(next, span.end + milliseconds(50)) : next;
    }
    return sound;
}

}  // namespace earmark::test
