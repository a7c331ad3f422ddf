#include <algorithm>
#include <cmath>

#include "models/audio/voicefinder.h"

namespace earmark {

namespace {

constexpr int kFramesPerBlock = 2;
constexpr float kToneRest = 0.03F;
constexpr float kHum = 200;         // hertz: below is the hum of the mains; no telephone has such tones
constexpr float kKeyRest = 0.006F;  // of a telephone key's two tones, which lie apart
constexpr float kLowestKey = 850;   // hertz: their mean
constexpr float kHighestKey = 1350;
constexpr float kBeepWidth = 40;
constexpr float kLowestBeep = 600;  // below, a short vowel can look alike
constexpr int kLongBlocks = 17;     // 340 ms: hardly a vowel stays that steady
constexpr float kPureRest = 0.002F;
constexpr int kPureBlocks = 9;  // congestion's bursts last 250 ms
constexpr int kBeepBlocks = 4;
constexpr int kKeyBlocks = 3;
constexpr int kSteadyLevel = 200;  // hundredths of dB over a whole tone
constexpr int kSteadyKey = 100;

struct Candidate {
    int begin = 0;  // blocks
    int end = 0;
    float hertz = 0;
    float hertzRange = 0;
    float mostRest = 0;
    float width = 0;  // the mean
    int levelRange = 0;
};

bool mayBeTone(const ToneBlock& block) {
    return block.rest < kToneRest && block.hertz > kHum;
}

/// Levels of five frames together: two close tones beat against each other.
int smoothLevel(std::span<const SoundFrame> frames, int at) {
    double sum = 0;
    int count = 0;
    for (int i = std::max(0, at - 5); i < std::min<int>(static_cast<int>(frames.size()), at + 5); ++i, ++count) {
        sum += std::pow(10.0, frames[static_cast<std::size_t>(i)].level / 1000.0);
    }
    return static_cast<int>(std::lround(1000 * std::log10(sum / std::max(count, 1) + 1e-12)));
}

void measureLevels(Candidate& candidate, std::span<const SoundFrame> frames) {
    // The smoothing reaches 50 ms to either side: the middle alone is judged, as far as there is one.
    const int first = candidate.begin * kFramesPerBlock;
    const int last = candidate.end * kFramesPerBlock;
    const int margin = std::min(6, (last - first) / 3);
    int low = 0;
    int high = kQuietest;
    for (int i = first + margin; i < last - margin && i < static_cast<int>(frames.size()); ++i) {
        const int level = last - first > 24 ? smoothLevel(frames, i) : frames[static_cast<std::size_t>(i)].level;
        low = std::min(low, level);
        high = std::max(high, level);
    }
    candidate.levelRange = high - low;
}

Candidate candidateAt(std::span<const ToneBlock> blocks, int begin) {
    const auto at = [&blocks](int i) -> const ToneBlock& { return blocks[static_cast<std::size_t>(i)]; };
    Candidate found{begin, begin, 0, 0, 0, 0, 0};
    float low = at(begin).hertz;
    float high = low;
    double hertz = 0;
    double width = 0;
    for (; found.end < static_cast<int>(blocks.size()) && mayBeTone(at(found.end)); ++found.end) {
        const ToneBlock& block = at(found.end);
        const float allowed = std::max(16.0F, 0.03F * block.hertz);
        if (std::max(high, block.hertz) - std::min(low, block.hertz) > allowed) {
            break;
        }
        low = std::min(low, block.hertz);
        high = std::max(high, block.hertz);
        found.mostRest = std::max(found.mostRest, block.rest);
        hertz += block.hertz;
        width += block.width;
    }
    const int count = std::max(1, found.end - begin);
    found.hertz = static_cast<float>(hertz / count);
    found.width = static_cast<float>(width / count);
    found.hertzRange = high - low;
    return found;
}

bool isTone(const Candidate& candidate) {
    const int count = candidate.end - candidate.begin;
    if (candidate.levelRange > kSteadyLevel) {
        return false;
    }
    const bool isBeep = count >= kBeepBlocks && candidate.hertz > kLowestBeep && candidate.width < kBeepWidth;
    const bool isKey = count >= kKeyBlocks && candidate.mostRest < kKeyRest && candidate.hertz > kLowestKey &&
                       candidate.hertz < kHighestKey && candidate.hertzRange < 0.015F * candidate.hertz &&
                       candidate.levelRange <= kSteadyKey;
    const bool isPure = count >= kPureBlocks && candidate.mostRest < kPureRest;
    return count >= kLongBlocks || isPure || isBeep || isKey;
}

}  // namespace

std::vector<ToneRun> findTones(std::span<const ToneBlock> blocks, std::span<const SoundFrame> frames) {
    std::vector<ToneRun> tones;
    for (int at = 0; at < static_cast<int>(blocks.size());) {
        if (!mayBeTone(blocks[static_cast<std::size_t>(at)])) {
            ++at;
            continue;
        }
        Candidate candidate = candidateAt(blocks, at);
        measureLevels(candidate, frames);
        if (isTone(candidate)) {
            const int end = std::min(candidate.end * kFramesPerBlock, static_cast<int>(frames.size()));
            tones.push_back({{at * kFramesPerBlock, end}, candidate.hertz});
        }
        at = std::max(candidate.end, at + 1);
    }
    return tones;
}

}  // namespace earmark
