// The times of a call as stretches that can be drawn and told: what happened between which points, what is missing and
// why. Values only, no pixels. Any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "models/domain/timings.h"

namespace earmark {

enum class StretchKind {
    Dialing,  ///< dialled, not ringing yet
    Ringing,
    Waiting,  ///< answered, no agent yet
    Talking,
    Unknown,  ///< between two known points, but a point that belongs there is missing or out of order
    Before,   ///< the call began before the first known point
    After,    ///< the end is missing
    Open,     ///< the call had not ended when the provider last told
};

struct Stretch {
    StretchKind kind = StretchKind::Unknown;
    std::optional<Moment> begin;  ///< Before has none
    std::optional<Moment> end;    ///< After and Open have none
    QString label;                ///< "Ringing", "Answer not recorded"

    /// Only where both ends are known; never negative.
    [[nodiscard]] std::optional<double> seconds() const;
};

struct TimingStory {
    CallTimings timings;
    std::vector<Stretch> stretches;  ///< in time order, without the empty ones
    QStringList
        absences;      ///< "Not recorded: Ring", "Not reached: Answer", "Not yet: End", "Not offered by Vatel: Ring"
    QString sentence;  ///< the whole story in one sentence, for screen readers
};

[[nodiscard]] TimingStory timingStoryOf(const Call& call);

/// "7 seconds", "3 minutes 4 seconds", "1 hour 2 minutes"; below ten seconds with one digit where there is a fraction.
[[nodiscard]] QString spokenDuration(double seconds);
/// "Sat 18 Apr 2026, 14:37:02" in the system's time zone.
[[nodiscard]] QString longMomentText(Moment moment);
/// "14:37:02.419 IST": for hover and "exact".
[[nodiscard]] QString exactTimeText(Moment moment);

}  // namespace earmark
