#include "models/net/outagebrake.h"

#include <algorithm>

namespace earmark {

namespace {
constexpr std::chrono::seconds kLongestRequest{30};  // no answer is waited for longer (HttpRequest::totalDeadline)
}

OutageBrake::OutageBrake(std::shared_ptr<const Clock> clock, RetryPolicy policy)
    : m_clock(std::move(clock)), m_policy(policy) {}

bool OutageBrake::concerns(const Error& error) {
    if (error.kind == ErrorKind::BadAnswer) {
        return error.code.startsWith(u"net_");  // cut on the wire; an odd content is no outage
    }
    return error.kind == ErrorKind::Tls || attemptsFor(error.kind) > 1;
}

std::chrono::milliseconds OutageBrake::waitBeforeNext() const {
    if (m_failures == 0) {
        return std::chrono::milliseconds(0);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_until - m_clock->steady());
    return std::max(left, std::chrono::milliseconds(0));
}

OutageBrake::Instant OutageBrake::noteSent() {
    const Instant now = m_clock->steady();
    if (m_failures > 0) {
        m_until = std::max<Instant>(m_until, now + kLongestRequest);  // the others wait for what becomes of this one
    }
    return now;
}

void OutageBrake::noteFailed(Instant sent, const Error& error, double random) {
    if (m_failures > 0 && sent < m_lastFailure) {
        return;
    }
    ++m_failures;
    m_failure = error;
    m_lastFailure = m_clock->steady();
    m_until = m_lastFailure + m_policy.pauseAfter(m_failures, random);
}

void OutageBrake::noteAnswered() {
    m_failures = 0;
    m_failure.reset();
}

}  // namespace earmark
