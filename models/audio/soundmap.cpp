#include "models/audio/soundmap.h"

#include <algorithm>

#include "models/audio/channelmeter.h"

namespace earmark {

namespace {

constexpr std::int64_t kPerLevel = 4;
constexpr std::size_t kMostAtTheTop = 512;

}  // namespace

std::vector<std::vector<Peak>> peakLevels(std::vector<Peak> base) {
    constexpr auto kStep = static_cast<std::size_t>(kPerLevel);
    std::vector<std::vector<Peak>> levels;
    levels.push_back(std::move(base));
    while (levels.back().size() > kMostAtTheTop) {
        const std::vector<Peak>& below = levels.back();
        std::vector<Peak> level;
        level.reserve(below.size() / kStep + 1);
        for (std::size_t at = 0; at < below.size(); at += kStep) {
            Peak peak = below[at];
            for (std::size_t i = at + 1; i < std::min(at + kStep, below.size()); ++i) {
                peak = {std::min(peak.lowest, below[i].lowest), std::max(peak.highest, below[i].highest)};
            }
            level.push_back(peak);
        }
        levels.push_back(std::move(level));
    }
    return levels;
}

std::chrono::milliseconds SoundMap::duration() const {
    return std::chrono::milliseconds(format.sampleRate > 0 ? frames * 1000 / format.sampleRate : 0);
}

Peak SoundMap::peak(int channel, std::int64_t from, std::int64_t to) const {
    from = std::max<std::int64_t>(from, 0);
    to = std::min(to, frames);
    if (channel < 0 || channel >= static_cast<int>(peaks.size()) || from >= to) {
        return {};
    }
    const auto& levels = peaks[static_cast<std::size_t>(channel)];
    std::int64_t first = from / kBaseFrames;
    std::int64_t last = (to + kBaseFrames - 1) / kBaseFrames;  // exclusive
    Peak found{INT16_MAX, INT16_MIN};
    const auto take = [&found](const std::vector<Peak>& level, std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < std::min(end, static_cast<std::int64_t>(level.size())); ++i) {
            const Peak& peak = level[static_cast<std::size_t>(i)];
            found = {std::min(found.lowest, peak.lowest), std::max(found.highest, peak.highest)};
        }
    };
    // At both ends the few buckets that do not fill one of the next level, the rest from there.
    std::size_t level = 0;
    for (; level + 1 < levels.size() && last - first > 2 * kPerLevel; ++level) {
        const std::int64_t up = (first + kPerLevel - 1) / kPerLevel;
        const std::int64_t down = last / kPerLevel;
        take(levels[level], first, up * kPerLevel);
        take(levels[level], down * kPerLevel, last);
        first = up;
        last = down;
    }
    if (level < levels.size()) {
        take(levels[level], first, last);
    }
    return found.lowest <= found.highest ? found : Peak{};
}

}  // namespace earmark
