#include "models/audio/voicefinder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace earmark {

namespace {

// Levels in hundredths of dB, lengths in frames of 10 ms.
constexpr int kCounted = -9000;       // below is digital silence
constexpr int kLowestSound = -7000;   // quieter is never called speech
constexpr int kLowestOfLoud = -5000;  // the same where somebody speaks loudly:
constexpr int kHearing = 3600;        // what is so much quieter than speech is its echo in the room, or breath,
constexpr int kHearingOfTwo = 4000;   // unless another voice is on the same channel
constexpr int kFaint = 4500;          // so much quieter than a sound, what is next to it belongs to it still
constexpr int kFaintReach = 35;       // a stop is shut for so long at most
constexpr int kFurthestFaint = 50;
constexpr int kHighestSound = -2800;  // louder always, unless it is a tone
constexpr int kSteadyNoise = 500;     // a noise varies less than this below its most frequent level
constexpr int kQuietestSilence = -4800;
constexpr int kLoudestSilence = -3100;
constexpr int kShortestSilence = 30;
constexpr int kTrigger = 300;      // above the sound level: surely something
constexpr int kTriggerFrames = 4;  // so many of them
constexpr int kInside = 6;         // gaps that do not part a sound
constexpr int kReach = 15;         // a sound so near belongs to a word
constexpr int kFurthest = 40;      // of all such sounds on one side
constexpr int kFadeReach = 12;     // what rises out of the noise and falls back into it
constexpr int kFade = 200;
constexpr int kPause = 20;          // shorter ones are inside words
constexpr int kToneEdge = 4;        // a tone's first and last moments are no voice either
constexpr int kEcho = 1000;         // a voice from the other side is at least so much quieter
constexpr int kLongestEcho = 50;    // and at most so much later: there and back over the internet
constexpr int kEchoOf = 1000;       // below the loudest moments of a voice: the rest may drown in the noise
constexpr int kEchoWidth = 7;       // dB that differ from moment to moment
constexpr int kEchoFit = 40;        // of a hundred moments; the others are those when both speak
constexpr int kEchoMoments = 1500;  // as many are enough
constexpr int kEchoSmear = 3;
constexpr int kEchoAbove = 600;
constexpr int kShortestHold = 400;

/// The runs of frames for which `is` holds, gaps of up to `bridged` frames closed.
template <typename Is>
FrameRuns runsWhere(int count, int bridged, Is is) {
    FrameRuns runs;
    for (int i = 0; i < count; ++i) {
        if (!is(i)) {
            continue;
        }
        if (!runs.empty() && i - runs.back().end <= bridged) {
            runs.back().end = i + 1;
        } else {
            runs.push_back({i, i + 1});
        }
    }
    return runs;
}

/// How often each level occurs, by whole dB.
struct Levels {
    static constexpr int kBins = 121;
    std::array<int, kBins> bins{};
    int counted = 0;
    int silent = 0;  ///< digital silence, not counted

    [[nodiscard]] static int levelOf(int bin) { return (bin - kBins + 1) * 100; }
    [[nodiscard]] int at(int bin) const { return bins[static_cast<std::size_t>(std::clamp(bin, 0, kBins - 1))]; }
    /// The level that so many of a hundred do not pass.
    [[nodiscard]] int below(int percent) const {
        std::int64_t sum = 0;
        for (int bin = 0; bin < kBins; ++bin) {
            sum += at(bin);
            if (sum * 100 >= static_cast<std::int64_t>(counted) * percent) {
                return levelOf(bin);
            }
        }
        return 0;
    }
    /// The mean of the levels around this one.
    [[nodiscard]] int meanAround(int level) const {
        const int middle = level / 100 + kBins - 1;
        std::int64_t sum = 0;
        std::int64_t count = 0;
        for (int bin = middle - 2; bin <= middle + 2; ++bin) {
            sum += static_cast<std::int64_t>(at(bin)) * (levelOf(bin) - 50);  // a bin holds what was cut to whole dB
            count += at(bin);
        }
        return static_cast<int>(sum / std::max<std::int64_t>(count, 1));
    }
    /// From `from` on; `from` where no level is frequent.
    [[nodiscard]] int lowestFrequent(int from) const {
        const auto around = [this](int bin) { return at(bin - 1) + at(bin) + at(bin + 1); };
        for (int bin = from / 100 + kBins - 1; bin + 1 < kBins; ++bin) {
            if (around(bin) * 20 >= counted && around(bin) >= around(bin + 1)) {
                return levelOf(bin);
            }
        }
        return from;
    }
};

Levels countLevels(std::span<const SoundFrame> frames, std::int16_t SoundFrame::*which,
                   const std::vector<bool>& leftOut) {
    Levels levels;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const int level = frames[i].*which;
        if (leftOut[i]) {
            continue;
        }
        if (level < kCounted) {
            ++levels.silent;
            continue;
        }
        ++levels.bins[static_cast<std::size_t>(std::clamp(level / 100 + Levels::kBins - 1, 0, Levels::kBins - 1))];
        ++levels.counted;
    }
    return levels;
}

enum class Heard : std::uint8_t { Nothing, Faint, Fading, Sound, Surely };

/// One channel on its way to a judgement.
struct Line {
    std::span<const SoundFrame> frames;
    std::vector<ToneRun> tones;
    std::vector<bool> isTone;
    std::vector<Heard> heard;
    NoiseFloor floor;
    NoiseFloor bright;

    [[nodiscard]] int count() const { return static_cast<int>(frames.size()); }
    [[nodiscard]] const SoundFrame& at(int i) const { return frames[static_cast<std::size_t>(i)]; }
    [[nodiscard]] Heard heardAt(int i) const { return heard[static_cast<std::size_t>(i)]; }
};

/// The mean of five frames around each is compared with the noise: a voice may hardly rise out of it.
void listen(Line& line) {
    line.heard.assign(line.frames.size(), Heard::Nothing);
    int level = 0;
    int brightness = 0;
    const auto add = [&](int i, int sign) {
        if (i >= 0 && i < line.count()) {
            level += sign * line.at(i).level;
            brightness += sign * line.at(i).bright;
        }
    };
    add(0, 1);
    add(1, 1);
    for (int i = 0; i < line.count(); ++i) {
        add(i - 3, -1);
        add(i + 2, 1);
        const int before = std::min(i, 2);
        const int behind = std::min(line.count() - 1 - i, 2);
        const int seen = before + behind + 1;
        const SoundFrame& frame = line.at(i);
        // The usual divisor is written out: dividing by a known number is much quicker.
        const int mean = seen == 5 ? level / 5 : level / seen;
        const int meanBright = seen == 5 ? brightness / 5 : brightness / seen;
        const int above = std::max(frame.level - line.floor.sound, frame.bright - line.bright.sound);
        const bool isFading = mean > line.floor.fadeLevel() || meanBright > line.bright.fadeLevel();
        const bool isSure = mean > line.floor.sureLevel() || meanBright > line.bright.sureLevel();
        const bool isFaint = line.floor.isGated && frame.level > kLowestSound;
        line.heard[static_cast<std::size_t>(i)] = above > kTrigger || isSure ? Heard::Surely
                                                  : above > 0                ? Heard::Sound
                                                  : isFading                 ? Heard::Fading
                                                  : isFaint                  ? Heard::Faint
                                                                             : Heard::Nothing;
    }
}

Line lineOf(const ChannelMeter& meter, int hearing) {
    Line line;
    line.frames = meter.frames();
    line.tones = findTones(meter.blocks(), line.frames);
    line.isTone.assign(line.frames.size(), false);
    for (const ToneRun& tone : line.tones) {
        for (int i = std::max(0, tone.run.begin - kToneEdge); i < std::min(line.count(), tone.run.end + kToneEdge);
             ++i) {
            line.isTone[static_cast<std::size_t>(i)] = true;
        }
    }
    line.floor = noiseFloor(line.frames, &SoundFrame::level, line.isTone, hearing);
    line.bright = noiseFloor(line.frames, &SoundFrame::bright, line.isTone, hearing);
    listen(line);
    for (std::size_t i = 0; i < line.heard.size(); ++i) {
        line.heard[i] = line.isTone[i] ? Heard::Nothing : line.heard[i];
    }
    for (const FrameRun& noise : findSteadyNoise(line.frames, meter.blocks(), line.floor.loud)) {
        for (auto i = static_cast<std::size_t>(noise.begin); i < static_cast<std::size_t>(noise.end); ++i) {
            line.heard[i] = std::min(line.heard[i], Heard::Fading);
        }
    }
    return line;
}

/// How one side comes back on the other's line.
struct Echo {
    int delay = 0;  ///< frames
    int level = 0;  ///< of the echo against its voice
    int fit = 0;    ///< so many of a hundred loud moments are heard like that; 0: none is
};

/// Where these moments of the other side are heard after this delay, always about as much quieter.
Echo echoAfter(const Line& line, const Line& other, std::span<const int> loud, int delay) {
    constexpr int kBins = 80;  // whole dB
    std::array<int, kBins> counts{};
    for (const int at : loud) {
        if (at + delay < line.count() && line.heardAt(at + delay) >= Heard::Sound) {
            const int below = (other.at(at).level - line.at(at + delay).level) / 100;
            counts[static_cast<std::size_t>(std::clamp(below, 0, kBins - 1))] += 1;
        }
    }
    Echo found{delay, 0, 0};
    for (int bin = kEcho / 100; bin + kEchoWidth <= kBins; ++bin) {
        const auto first = counts.begin() + bin;
        const int fit = std::accumulate(first, first + kEchoWidth, 0) * 100 / static_cast<int>(loud.size());
        if (fit > found.fit) {
            found = {delay, -(100 * bin + 50 * kEchoWidth), fit};
        }
    }
    return found;
}

Echo findEcho(const Line& line, const Line& other) {
    std::vector<int> loud;
    for (int i = 0; i < std::min(line.count(), other.count()); ++i) {
        if (other.at(i).level > std::max(other.floor.sound + 1500, other.floor.loud - kEchoOf) &&
            !other.isTone[static_cast<std::size_t>(i)]) {
            loud.push_back(i);
        }
    }
    Echo best;
    int leastFit = 100;
    if (loud.size() < static_cast<std::size_t>(2 * kFramesPerSecond)) {
        return best;
    }
    const std::size_t step = std::max<std::size_t>(1, loud.size() / kEchoMoments);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < loud.size(); i += step) {
        loud[kept++] = loud[i];
    }
    loud.resize(kept);
    for (int delay = 0; delay <= kLongestEcho; ++delay) {
        const Echo echo = echoAfter(line, other, loud, delay);
        best = echo.fit > best.fit ? echo : best;
        leastFit = std::min(leastFit, echo.fit);
    }
    // A noise that goes on and on is as much quieter after any delay.
    return best.fit >= kEchoFit && best.fit * 2 >= leastFit * 3 ? best : Echo();
}

/// Where one side is heard on the other's line: most of its loud moments are there too, and always about as much
/// quieter. What is louder than that is a voice of its own.
void markEchoes(Line& line, const Line& other) {
    const Echo echo = findEcho(line, other);
    if (echo.fit == 0) {
        return;
    }
    for (int i = 0; i < line.count(); ++i) {
        int loudest = kQuietest;
        for (int k = std::max(0, i - echo.delay - kEchoSmear);
             k <= std::min(i - echo.delay + kEchoSmear, other.count() - 1); ++k) {
            loudest = std::max<int>(loudest, other.at(k).level);
        }
        if (loudest > other.floor.sound && line.at(i).level < loudest + echo.level + kEchoAbove) {
            line.heard[static_cast<std::size_t>(i)] = Heard::Nothing;
        }
    }
}

/// Outwards from a sound: other sounds close by, what fades into the noise, and at last, where there is no noise, what
/// is faint.
FrameRun withEdges(const Line& line, FrameRun run) {
    int loudest = kQuietest;
    for (int i = run.begin; i < run.end; ++i) {
        loudest = std::max<int>(loudest, line.at(i).level);
    }
    for (const int step : {-1, 1}) {
        int edge = step < 0 ? run.begin : run.end - 1;  // the outermost frame
        const int start = edge;
        const auto inside = [&](int i) { return i >= 0 && i < line.count(); };
        for (int i = edge + step; inside(i) && std::abs(i - edge) <= kReach && std::abs(i - start) <= kFurthest;
             i += step) {
            if (line.heardAt(i) >= Heard::Sound) {
                edge = i;
            }
        }
        for (int i = edge + step, left = kFadeReach; left > 0 && inside(i) && line.heardAt(i) >= Heard::Fading;
             i += step, --left) {
            edge = i;
        }
        const int last = edge;
        for (int i = edge + step; line.floor.isGated && inside(i) && std::abs(i - edge) <= kFaintReach &&
                                  std::abs(i - last) <= kFurthestFaint;
             i += step) {
            if (line.heardAt(i) >= Heard::Faint && line.at(i).level > loudest - kFaint) {
                edge = i;
            }
        }
        (step < 0 ? run.begin : run.end) = step < 0 ? edge : edge + 1;
    }
    return run;
}

FrameRuns speechOf(const Line& line) {
    FrameRuns speech;
    for (const FrameRun& run :
         runsWhere(line.count(), kInside, [&line](int i) { return line.heardAt(i) >= Heard::Sound; })) {
        int sure = 0;
        for (int i = run.begin; i < run.end; ++i) {
            sure += line.heardAt(i) == Heard::Surely ? 1 : 0;
        }
        if (sure >= kTriggerFrames) {
            speech.push_back(withEdges(line, run));
        }
    }
    return joinedRuns(speech, kPause);
}

FrameRuns silenceOf(std::span<const Line> lines) {
    int count = 0;
    for (const Line& line : lines) {
        count = std::max(count, line.count());
    }
    const auto isQuiet = [&lines](int i) {
        return std::all_of(lines.begin(), lines.end(), [i](const Line& line) {
            const int threshold = line.floor.isNoise
                                      ? std::clamp(line.floor.level + 600, kQuietestSilence, kLoudestSilence)
                                      : kQuietestSilence;
            return i >= line.count() || line.at(i).level < threshold;
        });
    };
    FrameRuns silence = runsWhere(count, 0, isQuiet);
    std::erase_if(silence, [](const FrameRun& run) { return run.length() < kShortestSilence; });
    return silence;
}

/// Long steady tones and music, while the other side says nothing.
FrameRuns holdsOf(std::span<const Line> lines, std::span<const ChannelMeter> channels,
                  const std::vector<FrameRuns>& speech, std::size_t channel) {
    const Line& line = lines[channel];
    FrameRuns tones;
    for (const ToneRun& tone : line.tones) {
        tones.push_back(tone.run);
    }
    FrameRuns holds = joinedRuns(std::move(tones), 2 * kToneEdge);
    std::erase_if(holds, [](const FrameRun& run) { return run.length() < kShortestHold; });
    const FrameRuns music = findMusic(channels[channel].blocks(), line.frames, speech[channel]);
    holds.insert(holds.end(), music.begin(), music.end());
    std::erase_if(holds, [&](const FrameRun& run) {
        return lines.size() == 2 && framesInside(speech[1 - channel], run) * 10 > run.length();
    });
    return joinedRuns(std::move(holds), 1);
}

/// The same on both channels is one tone.
void addTones(FoundVoices& found, ToneKind kind, const std::vector<FrameRuns>& channels) {
    if (channels.size() == 1) {
        for (const FrameRun& run : channels.front()) {
            found.tones.push_back({kind, run, true});
        }
        return;
    }
    for (std::size_t i = 0; i < channels.size(); ++i) {
        for (const FrameRun& run : channels[i]) {
            const bool isOnBoth = framesInside(channels[1 - i], run) * 10 >= run.length() * 8;
            if (i == 0 || !isOnBoth) {
                found.tones.push_back({kind, run, isOnBoth});
            }
        }
    }
}

}  // namespace

NoiseFloor noiseFloor(std::span<const SoundFrame> frames, std::int16_t SoundFrame::*which,
                      const std::vector<bool>& leftOut, int hearing) {
    const Levels levels = countLevels(frames, which, leftOut);
    NoiseFloor floor{kLowestSound - 600, kLowestSound, kLowestSound, kQuietest, kFade, false, false};
    if (levels.counted == 0) {
        return floor;
    }
    const int low = levels.below(2);
    // The lowest level that is frequent is the noise, where what lies below it lies close.
    const int frequent = levels.lowestFrequent(low);
    const int spread = frequent - low;
    floor.isNoise = spread <= kSteadyNoise && levels.silent * 20 < levels.counted + levels.silent;
    floor.level = floor.isNoise ? levels.meanAround(frequent) : low;
    floor.loud = levels.below(98);
    floor.fade = std::max(kFade, 13 * spread / 10);
    floor.quietest = std::clamp(levels.below(95) - hearing, kLowestSound, kLowestOfLoud);
    floor.sound = std::clamp(floor.level + std::clamp(2 * spread, 500, 900), floor.quietest,
                             floor.isNoise ? kHighestSound : kQuietestSilence);
    if (spread > kSteadyNoise && levels.silent * 20 >= levels.counted + levels.silent) {
        // Between the sounds there is digital silence: the quietest of them are quiet speech, and no noise.
        floor.sound = floor.quietest;
        floor.isGated = true;
    }
    return floor;
}

FoundVoices findVoices(std::span<const ChannelMeter> channels) {
    std::vector<Line> lines;
    for (const ChannelMeter& meter : channels) {
        lines.push_back(lineOf(meter, channels.size() == 1 ? kHearingOfTwo : kHearing));
    }
    if (lines.size() == 2) {
        const Line first = lines[0];
        markEchoes(lines[0], lines[1]);
        markEchoes(lines[1], first);
    }
    FoundVoices found;
    for (const Line& line : lines) {
        found.speech.push_back(speechOf(line));
    }
    std::vector<FrameRuns> ringing;
    std::vector<FrameRuns> holds;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        ringing.push_back(findRinging(lines[i].tones, found.speech[i]));
        holds.push_back(holdsOf(lines, channels, found.speech, i));
        found.speech[i] = runsWithout(found.speech[i], holds[i]);
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        for (const ToneRun& tone : lines[i].tones) {
            if (framesInside(ringing[i], tone.run) == 0 && framesInside(holds[i], tone.run) == 0) {
                found.beeps.push_back(tone.run);
            }
        }
    }
    found.beeps = joinedRuns(std::move(found.beeps), 1);
    addTones(found, ToneKind::Ringback, ringing);
    addTones(found, ToneKind::Hold, holds);
    std::sort(found.tones.begin(), found.tones.end(),
              [](const auto& a, const auto& b) { return a.run.begin < b.run.begin; });
    found.silence = silenceOf(lines);
    return found;
}

}  // namespace earmark
