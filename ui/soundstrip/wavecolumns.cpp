#include "ui/soundstrip/wavecolumns.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace earmark {

using std::chrono::milliseconds;

namespace {

/// The columns that a stretch touches, at least one, cut to the axis.
ColumnRun columnsOf(const TimeSpan& span, const TimeScale& scale, double ratio, int count) {
    const double from = std::clamp(std::floor(scale.xOf(span.begin) * ratio + 1e-6), -1.0, double(count));
    const double to = std::clamp(std::ceil(scale.xOf(span.end) * ratio - 1e-6), -1.0, double(count));
    const int first = std::max(0, int(from));
    return {first, std::min(count, std::max(int(to), from >= 0 ? first + 1 : 0))};
}

std::vector<ColumnRun> runsOf(const std::vector<bool>& flags) {
    std::vector<ColumnRun> runs;
    for (int at = 0; at < int(flags.size()); ++at) {
        if (!flags[size_t(at)]) {
            continue;
        }
        if (!runs.empty() && runs.back().to == at) {
            runs.back().to = at + 1;
        } else {
            runs.push_back({at, at + 1});
        }
    }
    return runs;
}

/// The first stretch that can be in sight.
std::span<const TimeSpan> inSight(std::span<const TimeSpan> spans, const TimeScale& scale) {
    const TimeSpan shown = scale.shown();
    const auto first =
        std::partition_point(spans.begin(), spans.end(), [&](const TimeSpan& span) { return span.end <= shown.begin; });
    const auto last =
        std::partition_point(first, spans.end(), [&](const TimeSpan& span) { return span.begin < shown.end; });
    return {first, last};
}

std::vector<Speaker> voicesByChannel(const SoundMap& map, int channel, Speaker speaker, const TimeScale& scale,
                                     double ratio) {
    std::vector<Speaker> voices(size_t(columnCount(scale, ratio)), Speaker::System);
    if (channel < int(map.speech.size())) {
        for (const ColumnRun& run : coveredColumns(map.speech[size_t(channel)], scale, ratio, 0)) {
            std::fill(voices.begin() + run.from, voices.begin() + run.to, speaker);
        }
    }
    return voices;
}

/// The turns tell whose voice it is, the sound where there is one; a turn without sound colours nothing.
void tellByTurns(std::vector<Speaker>& voices, const std::vector<TurnPlace>& turns, const TimeScale& scale,
                 double ratio) {
    TimeSpans spans;
    std::vector<Speaker> speakers;
    for (const TurnPlace& turn : turns) {
        if (turn.speaker == Speaker::Agent || turn.speaker == Speaker::Customer) {
            spans.push_back(turn.span);
            speakers.push_back(turn.speaker);
        }
    }
    const std::vector<int> owners = columnOwners(spans, scale, ratio);
    for (size_t column = 0; column < voices.size(); ++column) {
        if (voices[column] == Speaker::Unknown && owners[column] >= 0) {
            voices[column] = speakers[size_t(owners[column])];
        }
    }
}

std::vector<Peak> peaksOf(const SoundMap& map, int channel, const TimeScale& scale, double ratio,
                          const WaveColumns& columns) {
    std::vector<Peak> peaks(size_t(columns.count));
    const double framesPerMs = map.format.sampleRate / 1000.0;
    for (int column = columns.begin; column < columns.end; ++column) {
        const double from = scale.millisecondsAt(column / ratio) * framesPerMs;
        const double to = scale.millisecondsAt((column + 1) / ratio) * framesPerMs;
        const std::int64_t first = std::max<std::int64_t>(0, std::int64_t(std::floor(from)));
        const std::int64_t last = std::min(map.frames, std::max(first + 1, std::int64_t(std::floor(to))));
        if (last > first) {
            peaks[size_t(column)] = map.peak(channel, first, last);
        }
    }
    return peaks;
}

}  // namespace

int columnCount(const TimeScale& scale, double ratio) {
    return scale.isEmpty() ? 0 : int(std::clamp(std::ceil(scale.width() * ratio), 0.0, 1e5));
}

std::vector<int> columnOwners(std::span<const TimeSpan> spans, const TimeScale& scale, double ratio) {
    const int count = columnCount(scale, ratio);
    std::vector<int> owners(size_t(count), -1);
    std::vector<int> next(size_t(count) + 1);  // the nearest column from here on that is still free
    std::iota(next.begin(), next.end(), 0);
    const auto free = [&next](int at) {
        while (next[size_t(at)] != at) {
            at = next[size_t(at)] = next[size_t(next[size_t(at)])];
        }
        return at;
    };
    const TimeSpan shown = scale.shown();
    for (size_t i = spans.size(); i-- > 0;) {
        if (spans[i].begin >= shown.end || spans[i].end < shown.begin || spans[i].end < spans[i].begin) {
            continue;
        }
        const ColumnRun run = columnsOf(spans[i], scale, ratio, count);
        for (int at = run.from < count ? free(run.from) : count; at < run.to; at = free(at)) {
            owners[size_t(at)] = int(i);
            next[size_t(at)] = at + 1;
        }
    }
    return owners;
}

std::vector<ColumnRun> coveredColumns(std::span<const TimeSpan> spans, const TimeScale& scale, double ratio,
                                      double share) {
    const int count = columnCount(scale, ratio);
    std::vector<double> covered(size_t(count), 0.0);
    for (const TimeSpan& span : inSight(spans, scale)) {
        const double from = std::clamp(scale.xOf(span.begin) * ratio, 0.0, double(count));
        const double to = std::clamp(scale.xOf(span.end) * ratio, 0.0, double(count));
        for (int at = int(from); at < count && at < to; ++at) {
            covered[size_t(at)] += std::min(to, at + 1.0) - std::max(from, double(at));
        }
    }
    std::vector<bool> flags(size_t(count), false);
    for (size_t at = 0; at < flags.size(); ++at) {
        flags[at] = covered[at] > 1e-6 && covered[at] >= share - 1e-6;
    }
    return runsOf(flags);
}

TimeSpans commonSpans(const TimeSpans& first, const TimeSpans& second) {
    TimeSpans common;
    for (size_t a = 0, b = 0; a < first.size() && b < second.size();) {
        const TimeSpan both{std::max(first[a].begin, second[b].begin), std::min(first[a].end, second[b].end)};
        if (both.begin < both.end) {
            common.push_back(both);
        }
        first[a].end < second[b].end ? ++a : ++b;
    }
    return common;
}

WaveColumns waveColumns(const SoundMap& map, const TimeScale& scale, double ratio, ChannelOrder order,
                        const std::vector<TurnPlace>& turns, const SkipPlan& skips) {
    WaveColumns columns;
    columns.count = columnCount(scale, ratio);
    const int channels = std::min(2, int(map.peaks.size()));
    if (columns.count == 0 || map.format.sampleRate <= 0 || map.frames <= 0 || channels == 0) {
        return columns;
    }
    const double duration = double(map.frames) * 1000 / map.format.sampleRate;
    columns.begin = int(std::clamp(std::floor(scale.xOf(0.0) * ratio + 1e-6), 0.0, double(columns.count)));
    columns.end = int(std::clamp(std::ceil(scale.xOf(duration) * ratio - 1e-6), 0.0, double(columns.count)));
    for (int lane = 0; lane < channels; ++lane) {
        const int channel = order == ChannelOrder::CustomerFirst ? channels - 1 - lane : lane;
        const Speaker speaker = channels == 1 ? Speaker::Unknown : lane == 0 ? Speaker::Agent : Speaker::Customer;
        columns.lanes.push_back({speaker, peaksOf(map, channel, scale, ratio, columns),
                                 voicesByChannel(map, channel, speaker, scale, ratio)});
    }
    if (channels == 1) {
        tellByTurns(columns.lanes.front().voices, turns, scale, ratio);
    } else if (map.speech.size() >= 2) {
        columns.overlap = coveredColumns(commonSpans(map.speech[0], map.speech[1]), scale, ratio, 0);
    }
    columns.silent = coveredColumns(map.silence, scale, ratio, 0.5);
    TimeSpans left;
    left.reserve(skips.spans.size());
    for (const SkippedSpan& skip : skips.spans) {
        left.push_back(skip.span);
    }
    columns.skipped = coveredColumns(left, scale, ratio, 0.5);
    return columns;
}

}  // namespace earmark
