#include "ui/soundstrip/playfollower.h"

#include <algorithm>

namespace earmark {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// Positions are told at least 20 times a second; at threefold speed, on a busy computer, that is not more than this.
constexpr milliseconds kStep = 700ms;
constexpr milliseconds kWobble = 60ms;  ///< an interpolated place may go back so far
constexpr double kPageAt = 0.08;        ///< of the width: a new page begins a little before the place

}  // namespace

bool isJump(milliseconds from, milliseconds to, const SkipPlan& skips, const std::optional<TimeSpan>& loop) {
    if (to >= from - kWobble && to <= from + kStep) {
        return false;
    }
    if (loop && to >= loop->begin - kWobble && to <= loop->begin + kStep && from > to) {
        return false;
    }
    // Several stretches may be left out between two looks.
    milliseconds leftOut{};
    for (const SkippedSpan& skip : skips.spans) {
        if (skip.span.begin >= from - kWobble && skip.span.end <= to + kWobble) {
            leftOut += skip.span.length();
        }
    }
    return !(to > from && to - from - leftOut <= kStep);
}

void PlayFollower::begin(milliseconds at) {
    m_at = at;
    m_yields = false;
}

std::optional<TimeScale> PlayFollower::moved(milliseconds to, const TimeScale& scale, const SkipPlan& skips,
                                             const std::optional<TimeSpan>& loop) {
    const bool jumped = isJump(m_at, to, skips, loop);
    m_at = to;
    if (jumped || scale.shows(to)) {
        m_yields = false;
    }
    if (m_yields || scale.isEmpty() || scale.shows(to)) {
        return std::nullopt;
    }
    const TimeScale page = scale.showingAt(to, scale.width() * kPageAt);
    return page.shows(to) ? std::optional(page) : std::nullopt;
}

void PlayFollower::turnedByHand(const TimeScale& scale) {
    m_yields = !scale.shows(m_at);
}

}  // namespace earmark
