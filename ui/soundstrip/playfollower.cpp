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

TimeSpans withSpan(const TimeSpans& spans, const TimeSpan& added) {
    TimeSpans all;
    all.reserve(spans.size() + 1);
    TimeSpan grown = added;
    size_t i = 0;
    for (; i < spans.size() && spans[i].end < grown.begin; ++i) {
        all.push_back(spans[i]);
    }
    for (; i < spans.size() && spans[i].begin <= grown.end; ++i) {
        grown = {std::min(grown.begin, spans[i].begin), std::max(grown.end, spans[i].end)};
    }
    all.push_back(grown);
    all.insert(all.end(), spans.begin() + std::ptrdiff_t(i), spans.end());
    return all;
}

void PlayFollower::begin(milliseconds at) {
    m_at = at;
    m_heardAt = at;
    m_yields = false;
    m_heard.clear();
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

bool PlayFollower::heardUpTo(milliseconds to) {
    const milliseconds from = std::exchange(m_heardAt, to);
    if (to <= from || to > from + kStep) {
        return false;
    }
    m_heard = withSpan(m_heard, {from, to});
    return true;
}

}  // namespace earmark
