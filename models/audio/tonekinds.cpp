#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "models/audio/voicefinder.h"

namespace earmark {

namespace {

// Frames of 10 ms.
constexpr float kLowestRing = 340;
constexpr float kHighestRing = 490;
constexpr float kSameRing = 15;  // hertz between bursts of one ring-back
constexpr int kShortestBurst = 15;
constexpr int kLongestBurst = 350;
constexpr int kBurstGlitch = 6;  // a hole in a burst
constexpr int kLongestRingPause = 650;
constexpr int kLongRingPause = 120;  // busy and congestion pause for half a second at most
constexpr int kFramesPerBlock = 2;
constexpr int kMusicWindow = 100;  // blocks: 2 s
constexpr int kMusicStep = 25;
constexpr int kShortestMusic = 600;  // frames
constexpr int kMusicEdge = 50;       // what borders on speech may be speech
constexpr int kMusicGap = 30;
constexpr int kMusicLow = 1200;  // hundredths of dB below the middle: a gap

struct Burst {
    FrameRun run;
    float hertz = 0;
};

std::vector<Burst> burstsOf(std::span<const ToneRun> tones) {
    std::vector<Burst> bursts;
    for (const ToneRun& tone : tones) {
        if (tone.hertz < kLowestRing || tone.hertz > kHighestRing) {
            continue;
        }
        const bool goesOn = !bursts.empty() && tone.run.begin - bursts.back().run.end <= kBurstGlitch &&
                            std::abs(tone.hertz - bursts.back().hertz) < kSameRing;
        if (goesOn) {
            bursts.back().run.end = tone.run.end;
        } else {
            bursts.push_back({tone.run, tone.hertz});
        }
    }
    std::erase_if(bursts, [](const Burst& burst) {
        return burst.run.length() < kShortestBurst || burst.run.length() > kLongestBurst;
    });
    return bursts;
}

bool isCadence(std::span<const Burst> bursts) {
    if (bursts.size() < 2) {
        return false;
    }
    int longest = 0;
    for (const Burst& burst : bursts) {
        longest = std::max(longest, burst.run.length());
    }
    int longestPause = 0;
    for (std::size_t i = 1; i < bursts.size(); ++i) {
        longestPause = std::max(longestPause, bursts[i].run.begin - bursts[i - 1].run.end);
        const bool isInside = i + 1 < bursts.size();
        if (isInside && bursts[i].run.length() * 4 < longest * 3) {
            return false;
        }
    }
    return longestPause >= kLongRingPause;
}

/// How far the sound moves from one block to the next, as a share; blocks that are too quiet to tell are gaps.
struct Movement {
    std::vector<float> shares;
    std::vector<int> levels;
};

Movement movementOf(std::span<const ToneBlock> blocks, std::span<const SoundFrame> frames, int begin, int end) {
    Movement movement;
    for (int i = begin; i < end; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const auto frame = static_cast<std::size_t>(i * kFramesPerBlock);
        const int next = frame + 1 < frames.size() ? frames[frame + 1].level : kQuietest;
        movement.levels.push_back(std::max<int>(frames[frame].level, next));
        if (i > begin && blocks[at].hertz > 0 && blocks[at - 1].hertz > 0) {
            movement.shares.push_back(std::abs(blocks[at].hertz - blocks[at - 1].hertz) / blocks[at - 1].hertz);
        }
    }
    std::sort(movement.shares.begin(), movement.shares.end());
    std::sort(movement.levels.begin(), movement.levels.end());
    return movement;
}

bool isMusic(std::span<const ToneBlock> blocks, std::span<const SoundFrame> frames, int begin, int end) {
    const Movement movement = movementOf(blocks, frames, begin, end);
    const auto count = static_cast<std::size_t>(end - begin);
    if (movement.shares.size() * 20 < count * 19) {
        return false;
    }
    const int middle = movement.levels[count / 2];
    const int low = movement.levels[count / 25];  // of a hundred, four may be lower
    const auto share = [&movement](std::size_t percent) {
        return movement.shares[movement.shares.size() * percent / 100];
    };
    return low > middle - kMusicLow && share(50) < 0.03F && share(80) < 0.12F;
}

}  // namespace

FrameRuns joinedRuns(FrameRuns runs, int gap) {
    std::sort(runs.begin(), runs.end(), [](const FrameRun& a, const FrameRun& b) { return a.begin < b.begin; });
    FrameRuns result;
    for (const FrameRun& run : runs) {
        if (!result.empty() && run.begin - result.back().end < gap) {
            result.back().end = std::max(result.back().end, run.end);
        } else {
            result.push_back(run);
        }
    }
    return result;
}

FrameRuns runsWithout(const FrameRuns& runs, const FrameRuns& removed) {
    FrameRuns result;
    for (FrameRun rest : runs) {
        for (const FrameRun& hole : removed) {
            if (hole.end <= rest.begin || hole.begin >= rest.end) {
                continue;
            }
            if (hole.begin > rest.begin) {
                result.push_back({rest.begin, hole.begin});
            }
            rest.begin = std::min(hole.end, rest.end);
        }
        if (rest.begin < rest.end) {
            result.push_back(rest);
        }
    }
    return result;
}

int framesInside(const FrameRuns& runs, const FrameRun& inside) {
    int sum = 0;
    for (const FrameRun& run : runs) {
        sum += std::max(0, std::min(run.end, inside.end) - std::max(run.begin, inside.begin));
    }
    return sum;
}

FrameRuns findRinging(std::span<const ToneRun> tones, const FrameRuns& speech) {
    const std::vector<Burst> bursts = burstsOf(tones);
    FrameRuns ringing;
    for (std::size_t first = 0; first < bursts.size();) {
        std::size_t end = first + 1;
        while (end < bursts.size()) {
            const FrameRun pause{bursts[end - 1].run.end, bursts[end].run.begin};
            if (pause.length() > kLongestRingPause || std::abs(bursts[end].hertz - bursts[first].hertz) > kSameRing ||
                framesInside(speech, pause) > 0) {
                break;
            }
            ++end;
        }
        if (isCadence(std::span(bursts).subspan(first, end - first))) {
            ringing.push_back({bursts[first].run.begin, bursts[end - 1].run.end});
        }
        first = end;
    }
    return ringing;
}

FrameRuns findMusic(std::span<const ToneBlock> blocks, std::span<const SoundFrame> frames, const FrameRuns& speech) {
    FrameRuns music;
    for (const FrameRun& run : joinedRuns(speech, kMusicGap)) {
        const int last = std::min(run.end / kFramesPerBlock, static_cast<int>(blocks.size()));
        FrameRuns found;
        for (int at = run.begin / kFramesPerBlock; at + kMusicWindow <= last; at += kMusicStep) {
            if (isMusic(blocks, frames, at, at + kMusicWindow)) {
                found.push_back({at * kFramesPerBlock, (at + kMusicWindow) * kFramesPerBlock});
            }
        }
        for (FrameRun each : joinedRuns(std::move(found), 1)) {
            // To the end of the sound itself where nothing else can be in it.
            each.begin = each.begin - run.begin < kMusicStep ? run.begin : each.begin + kMusicEdge;
            each.end = run.end - each.end < 2 * kMusicStep ? run.end : each.end - kMusicEdge;
            if (each.length() >= kShortestMusic) {
                music.push_back(each);
            }
        }
    }
    return music;
}

}  // namespace earmark
