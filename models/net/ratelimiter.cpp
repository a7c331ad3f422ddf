#include "models/net/ratelimiter.h"

#include <algorithm>

namespace earmark {

namespace {
constexpr std::chrono::seconds kWindow{60};
}

int documentedRequestsPerMinute(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return 600;  // per key
        case Provider::Atoms:
            return 600;  // ten a second
        case Provider::Vatel:
        case Provider::Autocalls:
            return 60;  // nothing is documented that could be relied on: careful
    }
    return 60;
}

int requestsPerMinute(const Account& account) {
    if (isLoopback(account.baseUrl)) {
        return 0;
    }
    return account.mostRequestsPerMinute.value_or(documentedRequestsPerMinute(account.provider));
}

RateLimiter::RateLimiter(std::shared_ptr<const Clock> clock, int perMinute)
    : m_clock(std::move(clock)), m_perMinute(perMinute) {}

std::chrono::milliseconds RateLimiter::pauseLeft() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_pausedUntil - m_clock->steady());
    return std::max(left, std::chrono::milliseconds(0));
}

std::chrono::milliseconds RateLimiter::waitBeforeNext(Share share) {
    const auto now = m_clock->steady();
    while (!m_sent.empty() && m_sent.front() + kWindow <= now) {
        m_sent.pop_front();
    }
    std::chrono::milliseconds wait = pauseLeft();
    const auto most = size_t(share == Share::Half ? std::max(m_perMinute / 2, 1) : m_perMinute);
    if (m_perMinute > 0 && m_sent.size() >= most) {
        const auto leaves = m_sent[m_sent.size() - most] + kWindow;  // then there is room again
        wait = std::max(wait, std::chrono::ceil<std::chrono::milliseconds>(leaves - now));
    }
    return wait;
}

void RateLimiter::noteSent() {
    if (m_perMinute > 0) {
        m_sent.push_back(m_clock->steady());
    }
}

void RateLimiter::pauseFor(std::chrono::milliseconds pause, AskedBy who) {
    const auto until = m_clock->steady() + pause;
    if (until > m_pausedUntil) {
        m_pausedUntil = until;
        m_pauseAskedBy = who;
    }
}

}  // namespace earmark
