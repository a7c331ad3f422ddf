// A place in a recording that the supervisor marked, with a few words. Plain data, any thread.
#pragma once

#include <QString>
#include <chrono>
#include <vector>

#include "models/domain/callkey.h"
#include "models/domain/clock.h"

namespace earmark {

struct CallMark {
    QString id;  ///< UUID, made with the mark; never shown
    CallKey call;
    std::chrono::milliseconds at{};  ///< in the recording; the reaction time is taken off already
    QString text;                    ///< plain text of the supervisor, may be ""
    QString kind;                    ///< a word of the supervisor ("praise", "compliance"), may be ""
    Moment madeAt{};

    friend bool operator==(const CallMark&, const CallMark&) = default;
};

/// In the order of the recording; marks at the same place in the order they were made.
using CallMarks = std::vector<CallMark>;

}  // namespace earmark
