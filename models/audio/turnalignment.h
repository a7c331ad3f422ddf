// Turns of a transcript without times, laid onto the stretches in which somebody speaks: in order, each voice on its
// own side, as long as its text is. Pure, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "models/domain/timespan.h"

namespace earmark {

/// Speech without a pause worth the name.
struct SpeechPiece {
    TimeSpan span;
    int voice = -1;  ///< channel; -1: not known whose
};

struct ExpectedTurn {
    int voice = -1;      ///< channel; -1: not known whose, or the speech is not
    double seconds = 0;  ///< how long it takes to say it
};

/// The spans with pauses of less than `pause` closed.
[[nodiscard]] TimeSpans joined(const TimeSpans& spans, std::chrono::milliseconds pause);

/// One answer per turn, begins never descending; nullopt: there is no speech left for it. `speech` ascends by begin.
[[nodiscard]] std::vector<std::optional<TimeSpan>> alignTurns(const std::vector<ExpectedTurn>& turns,
                                                              const std::vector<SpeechPiece>& speech);

}  // namespace earmark
