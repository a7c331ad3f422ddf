// Keeps the requests to a server that is down few, however many askers there are. One thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "models/domain/clock.h"
#include "models/net/retrypolicy.h"

namespace earmark {

/// While a server fails, one request at a time tries it, and after each failure the next waits twice as long, up to the
/// policy's cap: about 20 requests in the first ten minutes, one a minute later on. The first whole answer ends it.
class OutageBrake final {
 public:
    using Instant = std::chrono::steady_clock::time_point;

    OutageBrake(std::shared_ptr<const Clock> clock, RetryPolicy policy);
    void setPolicy(RetryPolicy policy) { m_policy = policy; }

    /// Does this failure say that the server is down (whatever is worth another try, and a TLS that fails), rather than
    /// that it refuses or that the request is wrong?
    [[nodiscard]] static bool concerns(const Error& error);

    [[nodiscard]] std::chrono::milliseconds waitBeforeNext() const;
    [[nodiscard]] Instant noteSent();  ///< hand what it answers to noteFailed()
    /// Requests that were under way together fail together: that counts once. `random` as in RetryPolicy.
    void noteFailed(Instant sent, const Error& error, double random);
    void noteAnswered();
    /// The failure that is being waited out.
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }

 private:
    std::shared_ptr<const Clock> m_clock;
    RetryPolicy m_policy;
    std::optional<Error> m_failure;
    Instant m_lastFailure{};
    Instant m_until{};
    int m_failures = 0;  ///< in a row
};

}  // namespace earmark
