// The one time axis of the strip: pixels <-> the recording's milliseconds, with zoom and scroll. A value, any thread.
#pragma once

#include <chrono>

#include "models/domain/timespan.h"

namespace earmark {

/// x is in logical pixels from the left end of the axis; time runs to the right in every language. Times before 0 are
/// lawful: what happened before the recording began. Every answer is exact to one pixel.
class TimeScale final {
 public:
    static constexpr double kFinest = 10;   ///< milliseconds per pixel
    static constexpr double kShortest = 1;  ///< of a recording so short that less would be shown than milliseconds tell

    TimeScale() = default;  ///< nothing to show
    /// Shows all of `whole`. Times more than a hundred days from the recording's beginning are cut off.
    TimeScale(const TimeSpan& whole, double width);

    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] const TimeSpan& whole() const { return m_whole; }
    [[nodiscard]] double width() const { return m_width; }
    [[nodiscard]] double millisecondsPerPixel() const { return m_perPixel; }
    [[nodiscard]] bool showsAll() const;
    /// What is between the ends of the axis, never more than whole().
    [[nodiscard]] TimeSpan shown() const;
    [[nodiscard]] bool shows(std::chrono::milliseconds at) const;

    [[nodiscard]] double xOf(std::chrono::milliseconds at) const { return xOf(double(at.count())); }
    [[nodiscard]] double xOf(double milliseconds) const;
    [[nodiscard]] double millisecondsAt(double x) const;
    /// Never outside of whole().
    [[nodiscard]] std::chrono::milliseconds timeAt(double x) const;

    // Each gives a scale that keeps to the limits: no finer than kFinest, no coarser than all, nothing outside shown.
    [[nodiscard]] TimeScale resized(double width) const;  ///< what shows all keeps showing all
    [[nodiscard]] TimeScale over(const TimeSpan& whole) const;
    /// The time at `x` stays there, where the ends allow it. `factor` > 1: finer.
    [[nodiscard]] TimeScale zoomed(double factor, double x) const;
    [[nodiscard]] TimeScale scrolled(double pixels) const;  ///< > 0: later times come in
    [[nodiscard]] TimeScale showingAt(std::chrono::milliseconds at, double x) const;

    friend bool operator==(const TimeScale&, const TimeScale&) = default;

 private:
    [[nodiscard]] double coarsest() const;
    void keepToLimits();

    TimeSpan m_whole;
    double m_width = 0;
    double m_perPixel = kShortest;
    double m_begin = 0;  ///< milliseconds at x = 0
};

}  // namespace earmark
