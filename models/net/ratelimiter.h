// Keeps one account within its provider's request limit and within the pauses that the server asked for. One thread.
#pragma once

#include <chrono>
#include <deque>
#include <memory>

#include "models/domain/account.h"
#include "models/domain/clock.h"

namespace earmark {

/// What the provider documents, or a careful 60 where it documents nothing (Vatel, Autocalls).
[[nodiscard]] int documentedRequestsPerMinute(Provider provider);
/// What the account's own setting says, else what is documented; 0 = no limit (always on loopback).
[[nodiscard]] int requestsPerMinute(const Account& account);

class RateLimiter final {
 public:
    /// `perMinute` 0 = no limit.
    RateLimiter(std::shared_ptr<const Clock> clock, int perMinute);
    void setPerMinute(int perMinute) { m_perMinute = perMinute; }  ///< counts from the next request on

    /// How long the next request must wait; zero = it may go now. Any 60 s hold at most `perMinute` requests, wherever
    /// the server's own minute begins. With Half, the other half of them is left to others.
    enum class Share { Whole, Half };
    [[nodiscard]] std::chrono::milliseconds waitBeforeNext(Share share = Share::Whole);
    void noteSent();
    enum class AskedBy { Server, Us };
    /// The server's Retry-After, or our own patience where it refuses without saying for how long; a shorter one never
    /// cuts a longer pause.
    void pauseFor(std::chrono::milliseconds pause, AskedBy who);
    [[nodiscard]] std::chrono::milliseconds pauseLeft() const;
    [[nodiscard]] AskedBy pauseAskedBy() const { return m_pauseAskedBy; }

 private:
    std::shared_ptr<const Clock> m_clock;
    int m_perMinute;
    std::deque<std::chrono::steady_clock::time_point> m_sent;
    std::chrono::steady_clock::time_point m_pausedUntil{};
    AskedBy m_pauseAskedBy = AskedBy::Us;
};

}  // namespace earmark
