// A stretch of a recording's time, and what every part of listening does with such stretches. Plain values, any thread.
#pragma once

#include <chrono>
#include <vector>

namespace earmark {

/// From `begin` up to, but not including, `end`; 0 is the recording's first sample, milliseconds of the recording
/// whatever the speed it is heard at.
struct TimeSpan {
    std::chrono::milliseconds begin{};
    std::chrono::milliseconds end{};

    [[nodiscard]] std::chrono::milliseconds length() const { return end - begin; }
    [[nodiscard]] bool holds(std::chrono::milliseconds at) const { return at >= begin && at < end; }
    friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

/// Ascending, none touching another.
using TimeSpans = std::vector<TimeSpan>;

}  // namespace earmark
