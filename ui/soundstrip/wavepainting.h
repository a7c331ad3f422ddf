// Paints the columns of a waveform once per scale, so that a moving cursor costs a few pixels. Main thread only.
#pragma once

#include <QImage>
#include <QPalette>

#include "ui/soundstrip/wavecolumns.h"

namespace earmark {

/// Colours of the picture; each pair that is told apart keeps 3:1 at least on its ground.
struct WaveColours {
    QColor ground;
    QColor silence;  ///< ground where nobody speaks
    QColor agent;
    QColor customer;
    QColor someone;  ///< a voice, nobody tells whose
    QColor quiet;    ///< sound that is no voice
    QColor overlap;
    QColor skipped;
    QColor around;  ///< beside the recording

    [[nodiscard]] QColor of(Speaker voice) const;  ///< System: quiet
};
[[nodiscard]] WaveColours waveColours(const QPalette& palette);

constexpr int kLoopShade = 44;  ///< alpha of the accent over a loop
/// Heights at the top, where marks stick out, and at the bottom, where the played part is drawn; logical pixels.
constexpr int kFlagBand = 10;
constexpr int kPlayedBand = 7;

/// Where a lane lies in a view of this height: top and height in logical pixels.
struct LaneBand {
    int top = 0;
    int height = 0;
};
[[nodiscard]] LaneBand laneBand(int viewHeight, int lanes, int lane);

/// What a sample is multiplied with, so that quiet telephone speech is seen: at most eightfold.
[[nodiscard]] double waveGain(const SoundMap& map);

/// One pixel per column, `height` logical pixels high, the device's ratio set.
[[nodiscard]] QImage paintedWave(const WaveColumns& columns, int height, double ratio, double gain,
                                 const WaveColours& colours);

}  // namespace earmark
