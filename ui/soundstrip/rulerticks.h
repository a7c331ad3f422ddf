// Where the ruler's ticks stand and what they say, at any zoom. Values only, any thread.
#pragma once

#include <QString>
#include <vector>

#include "ui/soundstrip/timescale.h"

namespace earmark {

struct RulerTick {
    std::chrono::milliseconds at{};
    double x = 0;
    QString text;  ///< "" of the small ones between
};

/// Labels stand at least `labelSpace` pixels apart, at times that people count in. Only what is in sight, ascending.
[[nodiscard]] std::vector<RulerTick> rulerTicks(const TimeScale& scale, double labelSpace);

/// "0:05", "1:02:03", "-0:07"; "0:05.250" where the step is a part of a second.
[[nodiscard]] QString rulerTimeText(std::chrono::milliseconds at, std::chrono::milliseconds step);
/// "0:05.250", always with the milliseconds: for hover.
[[nodiscard]] QString exactPlaceText(std::chrono::milliseconds at);

}  // namespace earmark
