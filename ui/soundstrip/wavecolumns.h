// What the waveform shows in each column of the screen's own pixels: peaks, voices, silence, overlap, what is skipped.
// Geometry without painting. Values only, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/audio/skipplan.h"
#include "models/audio/soundmap.h"
#include "models/audio/turnplaces.h"
#include "ui/soundstrip/timescale.h"

namespace earmark {

struct WaveLane {
    Speaker speaker = Speaker::Unknown;  ///< Unknown: both voices share the lane (mono)
    std::vector<Peak> peaks;             ///< {0, 0} outside of the recording
    std::vector<Speaker> voices;         ///< who speaks there; System = nobody, Unknown = somebody
};

/// Ends of runs of columns, for painting: from..to (exclusive).
struct ColumnRun {
    int from = 0;
    int to = 0;

    friend bool operator==(const ColumnRun&, const ColumnRun&) = default;
};

struct WaveColumns {
    int count = 0;
    int begin = 0;                ///< the recording's first column in sight
    int end = 0;                  ///< and the one after its last
    std::vector<WaveLane> lanes;  ///< agent above customer; one of a mono recording
    std::vector<ColumnRun> silent;
    std::vector<ColumnRun> overlap;
    std::vector<ColumnRun> skipped;
};

/// `ratio`: columns per logical pixel (the screen's device pixel ratio).
[[nodiscard]] WaveColumns waveColumns(const SoundMap& map, const TimeScale& scale, double ratio, ChannelOrder order,
                                      const std::vector<TurnPlace>& turns, const SkipPlan& skips);

/// How many columns the axis has.
[[nodiscard]] int columnCount(const TimeScale& scale, double ratio);
/// Which of the stretches each column belongs to, -1 none: the last one given where several do. Each is at least one
/// column wide. Takes time by stretches plus columns, however much they overlap.
[[nodiscard]] std::vector<int> columnOwners(std::span<const TimeSpan> spans, const TimeScale& scale, double ratio);
/// Columns of which at least `share` is covered by the stretches (ascending); 0: any of it.
[[nodiscard]] std::vector<ColumnRun> coveredColumns(std::span<const TimeSpan> spans, const TimeScale& scale,
                                                    double ratio, double share);
/// What two rows of ascending stretches have in common.
[[nodiscard]] TimeSpans commonSpans(const TimeSpans& first, const TimeSpans& second);

}  // namespace earmark
