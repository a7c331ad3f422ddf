// Whether and when a failed request is tried again. Pure functions, any thread.
#pragma once

#include <chrono>
#include <optional>

#include "models/domain/error.h"

namespace earmark {

struct RetryPolicy {
    std::chrono::milliseconds base{500};
    std::chrono::milliseconds cap{60'000};

    /// How long to wait before the next attempt, nullopt = give up. `attempt` counts the attempts made so far (from 1),
    /// `random` lies in [0, 1): the wait is base * 2^(attempt - 1), capped, less up to a quarter of it, so that clients
    /// that failed together do not come back together and none comes back at once. A server's own wish counts as it is.
    [[nodiscard]] std::optional<std::chrono::milliseconds> waitAfter(int attempt, const Error& error,
                                                                     double random) const;
    /// The wait alone, whatever the kind of failure.
    [[nodiscard]] std::chrono::milliseconds pauseAfter(int attempt, double random) const;
};

/// How often a request that ended in this kind of error is made in all; 1 = never again.
[[nodiscard]] int attemptsFor(ErrorKind kind);

}  // namespace earmark
