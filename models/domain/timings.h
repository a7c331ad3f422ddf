// The times of a call put in order, with what is missing or impossible said aloud. Pure functions, any thread.
#pragma once

#include <optional>
#include <vector>

#include "models/domain/call.h"

namespace earmark {

enum class TimingPoint { Dial, Ring, Answer, AgentConnect, End };
[[nodiscard]] QString timingPointLabel(TimingPoint point);  ///< translated

struct TimingMark {
    TimingPoint point = TimingPoint::Dial;
    std::optional<Moment> at;  ///< nullopt = missing
    bool offered = true;       ///< false = this provider never gives it
    bool outOfOrder = false;   ///< earlier than a point that must come before it
};

struct CallTimings {
    std::vector<TimingMark> marks;  ///< always five, in lawful order
    std::optional<Moment> first;    ///< earliest known
    std::optional<Moment> last;     ///< latest known
    QStringList
        problems;  ///< translated sentences: "Ended before it was answered", "Talk time is longer than the call"
};

[[nodiscard]] CallTimings timingsOf(const Call& call);

/// Seconds as people read them: "0:07", "3:04", "1:02:03"; "0.4 s" is never rounded to zero silently.
[[nodiscard]] QString durationText(double seconds);

}  // namespace earmark
