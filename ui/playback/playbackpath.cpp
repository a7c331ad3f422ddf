#include "ui/playback/playbackpath.h"

#include <algorithm>
#include <utility>

namespace earmark {

PlaybackPath::PlaybackPath(Question question) : m_way(std::move(question)) {
    if (m_way.loop) {
        dropSkipsOfShortLoop();
    }
}

/// Of what is played over and over at least half must remain, else it would stutter: then nothing is left out of it.
void PlaybackPath::dropSkipsOfShortLoop() {
    const FrameSpan loop = *m_way.loop;
    std::int64_t left = loop.end - loop.begin;
    const auto within = [&loop](const FrameSpan& span) { return span.end > loop.begin && span.begin < loop.end; };
    for (const FrameSpan& span : m_way.skips) {
        if (within(span)) {
            left -= std::min(span.end, loop.end) - std::max(span.begin, loop.begin);
        }
    }
    if (left * 2 < loop.end - loop.begin) {
        std::erase_if(m_way.skips, within);
    }
}

std::optional<PathJoint> PlaybackPath::skipAfter(double from, bool alsoHere) const {
    const auto next = std::find_if(m_way.skips.begin(), m_way.skips.end(), [from, alsoHere](const FrameSpan& span) {
        const auto begin = static_cast<double>(span.begin);
        return begin > from || (alsoHere && begin == from);
    });
    if (next == m_way.skips.end()) {
        return std::nullopt;
    }
    const std::int64_t length = std::min(m_way.fade, next->end - next->begin);
    return PathJoint{next->begin, next->end - length, length};
}

PathJoint PlaybackPath::loopJoint() const {
    const FrameSpan loop = *m_way.loop;
    const std::int64_t length = std::min(m_way.fade, (loop.end - loop.begin) / 2);
    // Beyond the loop's ends there is sound to fade with, but not beyond the recording's.
    const std::int64_t leave = std::min(loop.end, m_way.total - length);
    return {std::max(leave, loop.begin + length), std::max<std::int64_t>(0, loop.begin - length), length};
}

std::optional<PathJoint> PlaybackPath::jointAfter(double from, bool alsoHere) const {
    const auto skip = skipAfter(from, alsoHere);
    if (!m_way.loop) {
        return skip;
    }
    PathJoint back = loopJoint();
    const auto leave = static_cast<double>(back.leave);
    if (from > leave || (from == leave && !alsoHere)) {
        return skip;
    }
    if (!skip || skip->leave >= back.leave) {
        return back;
    }
    if (skip->goesOnAt() >= back.leave) {
        back.leave = skip->leave;  // the loop ends in silence that is left out
        return back;
    }
    return skip;
}

double PlaybackPath::forward(double from, double frames) const {
    bool alsoHere = false;
    while (const auto joint = jointAfter(from, alsoHere)) {
        const double until = static_cast<double>(joint->leave) - from;
        if (frames < until) {
            break;
        }
        frames -= until;
        from = static_cast<double>(joint->enter);
        if (frames < static_cast<double>(joint->length)) {
            break;
        }
        frames -= static_cast<double>(joint->length);
        from = static_cast<double>(joint->goesOnAt());
        alsoHere = true;
    }
    return from + frames;
}

double PlaybackPath::onward(double from, double frames) const {
    PlaybackPath straight = *this;
    straight.m_way.loop.reset();
    return straight.forward(from, frames);
}

double PlaybackPath::backward(double from, double frames) const {
    for (auto span = m_way.skips.rbegin(); span != m_way.skips.rend(); ++span) {
        if (static_cast<double>(span->end) > from) {
            continue;  // behind, or one is in it and wanted to be
        }
        const double since = from - static_cast<double>(span->end);
        if (frames <= since) {
            break;
        }
        frames -= since;
        from = static_cast<double>(span->begin);
    }
    return std::max(0.0, from - frames);
}

std::optional<FrameSpan> PlaybackPath::skipAt(double frame) const {
    const auto found = std::find_if(m_way.skips.begin(), m_way.skips.end(),
                                    [frame](const FrameSpan& span) { return span.holds(frame); });
    return found == m_way.skips.end() ? std::nullopt : std::optional(*found);
}

}  // namespace earmark
