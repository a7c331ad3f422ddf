#include <algorithm>
#include <cstdlib>
#include <vector>

#include "models/audio/voicefinder.h"

namespace earmark {

namespace {

// Frames of 10 ms, hundredths of dB.
constexpr int kStep = 10;          // frames whose mean is compared
constexpr int kShortest = 12;      // steps: nobody keeps a sound of speech that steady for so long
constexpr int kSteady = 150;       // by which the means of steps differ
constexpr int kStandingOut = 250;  // of five frames together: no part of the noise
constexpr int kAlike = 350;        // of one frame, by which it differs from the noise
constexpr int kMargin = 12;        // so near to what stands out may be the beginning or the end of a word
constexpr int kBelowVoices = 1200;
// White noise is 3 dB brighter than its level. A vowel or a hum is darker; one with strong upper formants may be as
// bright, but it has formants: the samples before tell much of the next one.
constexpr int kDarkestHiss = 200;
constexpr int kBrightestHiss = 400;
constexpr float kRestOfHiss = 0.93F;  // of the blocks of a run that can tell, see ToneBlock::rest
constexpr int kTold = 10;             // at least one block of so many can

struct Step {
    int level = 0;
    int bright = 0;
};

std::vector<Step> stepsOf(std::span<const SoundFrame> frames) {
    std::vector<Step> steps(frames.size() / kStep);
    for (std::size_t k = 0; k < steps.size(); ++k) {
        for (const SoundFrame& frame : frames.subspan(k * kStep, kStep)) {
            steps[k].level += frame.level;
            steps[k].bright += frame.bright;
        }
        steps[k] = {steps[k].level / kStep, steps[k].bright / kStep};
    }
    return steps;
}

/// Least and most of what a run holds so far.
struct Range {
    int least = 1000;
    int most = kQuietest;

    [[nodiscard]] Range with(int value) const { return {std::min(least, value), std::max(most, value)}; }
    [[nodiscard]] int width() const { return most - least; }
};

/// Where what is around a frame stands out of the noise of its run.
bool standsOut(std::span<const SoundFrame> frames, int at, const Step& mean) {
    int level = 0;
    int bright = 0;
    int seen = 0;
    for (int i = std::max(0, at - 2); i < std::min(static_cast<int>(frames.size()), at + 3); ++i, ++seen) {
        level += frames[static_cast<std::size_t>(i)].level;
        bright += frames[static_cast<std::size_t>(i)].bright;
    }
    return level / seen > mean.level + kStandingOut || bright / seen > mean.bright + kStandingOut;
}

bool isAlike(const SoundFrame& frame, const Step& mean) {
    return std::abs(frame.level - mean.level) < kAlike && std::abs(frame.bright - mean.bright) < kAlike;
}

/// The run of these steps to the frame where its noise begins and ends.
FrameRun wholeRun(std::span<const SoundFrame> frames, FrameRun run, const Step& mean) {
    for (int left = kStep; left > 0 && run.begin > 0; --left, --run.begin) {
        if (!isAlike(frames[static_cast<std::size_t>(run.begin - 1)], mean)) {
            break;
        }
    }
    for (int left = kStep; left > 0 && run.end < static_cast<int>(frames.size()); --left, ++run.end) {
        if (!isAlike(frames[static_cast<std::size_t>(run.end)], mean)) {
            break;
        }
    }
    return run;
}

Step meanOf(std::span<const Step> steps) {
    Step mean;
    for (const Step& step : steps) {
        mean.level += step.level;
        mean.bright += step.bright;
    }
    const int count = static_cast<int>(steps.size());
    return {mean.level / count, mean.bright / count};
}

bool isBrightAsHiss(const Step& step) {
    const int above = step.bright - step.level;
    return above >= kDarkestHiss && above <= kBrightestHiss;
}

/// Nothing in it can be foretold. What is too quiet to tell, or always changes, may be a voice.
bool isHiss(std::span<const ToneBlock> blocks, FrameRun run) {
    const auto begin = std::min(blocks.size(), static_cast<std::size_t>((run.begin + 1) / 2));
    const auto end = std::min(blocks.size(), static_cast<std::size_t>(run.end / 2));
    float rest = 0;
    int told = 0;
    for (const ToneBlock& block : blocks.subspan(begin, end - begin)) {
        if (block.hertz > 0 && block.rest < 1) {
            rest += block.rest;
            ++told;
        }
    }
    return told * kTold >= static_cast<int>(end - begin) && rest >= kRestOfHiss * static_cast<float>(told) && told > 0;
}

/// Without what is so near to something that stands out that it may be a part of that.
void addRun(FrameRuns& runs, std::span<const SoundFrame> frames, FrameRun run, const Step& mean) {
    const int end = std::min(static_cast<int>(frames.size()), run.end + kMargin);
    int free = run.begin;  // nothing before stands out so near
    for (int i = std::max(0, run.begin - kMargin); i < end; ++i) {
        if (!standsOut(frames, i, mean)) {
            continue;
        }
        if (i - kMargin > free) {
            runs.push_back({free, i - kMargin});
        }
        free = std::max(free, i + kMargin + 1);
    }
    if (run.end > free) {
        runs.push_back({free, run.end});
    }
}

}  // namespace

FrameRuns findSteadyNoise(std::span<const SoundFrame> frames, std::span<const ToneBlock> blocks, int voices) {
    const std::vector<Step> steps = stepsOf(frames);
    FrameRuns runs;
    for (std::size_t first = 0; first < steps.size();) {
        Range level;
        Range bright;
        std::size_t end = first;
        for (; end < steps.size(); ++end) {
            const Step& step = steps[end];
            const Range nextLevel = level.with(step.level);
            const Range nextBright = bright.with(step.bright);
            if (step.level > voices - kBelowVoices || !isBrightAsHiss(step) || nextLevel.width() > kSteady ||
                nextBright.width() > kSteady) {
                break;
            }
            level = nextLevel;
            bright = nextBright;
        }
        const FrameRun run{static_cast<int>(first) * kStep, static_cast<int>(end) * kStep};
        if (run.length() >= kShortest * kStep) {
            if (isHiss(blocks, run)) {
                const Step mean = meanOf(std::span(steps).subspan(first, end - first));
                addRun(runs, frames, wholeRun(frames, run, mean), mean);
            }
            first = end;
        } else {
            ++first;
        }
    }
    return runs;
}

}  // namespace earmark
