#include "ui/soundstrip/timescale.h"

#include <algorithm>
#include <cmath>

namespace earmark {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kFarthest = std::chrono::hours(24 * 100);

TimeSpan bounded(const TimeSpan& span) {
    return {std::clamp(span.begin, -kFarthest, kFarthest), std::clamp(span.end, -kFarthest, kFarthest)};
}

}  // namespace

TimeScale::TimeScale(const TimeSpan& whole, double width)
    : m_whole(bounded(whole)),
      m_width(std::isfinite(width) ? std::max(0.0, width) : 0),
      m_begin(double(m_whole.begin.count())) {
    m_perPixel = coarsest();
    keepToLimits();
}

bool TimeScale::isEmpty() const {
    return m_whole.end <= m_whole.begin || m_width < 1;
}

double TimeScale::coarsest() const {
    return isEmpty() ? kShortest : std::max(kShortest, double(m_whole.length().count()) / m_width);
}

bool TimeScale::showsAll() const {
    return m_perPixel >= coarsest() * (1 - 1e-9);
}

void TimeScale::keepToLimits() {
    const double most = coarsest();
    m_perPixel = std::isfinite(m_perPixel) ? std::clamp(m_perPixel, std::min(kFinest, most), most) : most;
    const double first = double(m_whole.begin.count());
    const double last = std::max(first, double(m_whole.end.count()) - m_width * m_perPixel);
    m_begin = std::isfinite(m_begin) ? std::clamp(m_begin, first, last) : first;
}

TimeSpan TimeScale::shown() const {
    return isEmpty() ? TimeSpan{m_whole.begin, m_whole.begin} : TimeSpan{timeAt(0), timeAt(m_width)};
}

bool TimeScale::shows(milliseconds at) const {
    const double x = xOf(at);
    return !isEmpty() && x >= 0 && x <= m_width;
}

double TimeScale::xOf(double ms) const {
    return (ms - m_begin) / m_perPixel;
}

double TimeScale::millisecondsAt(double x) const {
    return m_begin + x * m_perPixel;
}

milliseconds TimeScale::timeAt(double x) const {
    const double ms = std::clamp(millisecondsAt(std::isfinite(x) ? x : 0), double(m_whole.begin.count()),
                                 std::max(double(m_whole.begin.count()), double(m_whole.end.count())));
    return milliseconds(std::llround(ms));
}

TimeScale TimeScale::resized(double width) const {
    if (showsAll() || isEmpty()) {
        return {m_whole, width};
    }
    TimeScale other = *this;
    other.m_width = std::isfinite(width) ? std::max(0.0, width) : 0;
    other.keepToLimits();
    return other;
}

TimeScale TimeScale::over(const TimeSpan& whole) const {
    if (showsAll() || isEmpty()) {
        return {whole, m_width};
    }
    TimeScale other = *this;
    other.m_whole = bounded(whole);
    other.keepToLimits();
    return other;
}

TimeScale TimeScale::zoomed(double factor, double x) const {
    if (isEmpty() || !(factor > 0)) {
        return *this;
    }
    TimeScale other = *this;
    const double held = millisecondsAt(x);
    const double most = coarsest();
    other.m_perPixel = std::clamp(m_perPixel / factor, std::min(kFinest, most), most);
    other.m_begin = held - x * other.m_perPixel;
    other.keepToLimits();
    return other;
}

TimeScale TimeScale::scrolled(double pixels) const {
    TimeScale other = *this;
    other.m_begin += std::clamp(pixels, -1e12, 1e12) * m_perPixel;
    other.keepToLimits();
    return other;
}

TimeScale TimeScale::showingAt(milliseconds at, double x) const {
    TimeScale other = *this;
    other.m_begin = double(at.count()) - x * m_perPixel;
    other.keepToLimits();
    return other;
}

}  // namespace earmark
