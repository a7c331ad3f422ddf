#include "models/net/outagebrake.h"

#include <algorithm>

namespace earmark {

namespace {
constexpr std::chrono::seconds kLongestRequest{30};  // no answer is waited for longer (HttpRequest::totalDeadline)
}

OutageBrake::OutageBrake(std::shared_ptr<const Clock> clock, RetryPolicy policy)
    : m_clock(std::move(clock)), m_policy(policy) {}

bool OutageBrake::concerns(const Error& error) {
    switch (error.kind) {
        case ErrorKind::Offline:
        case ErrorKind::Timeout:
        case ErrorKind::Tls:
        case ErrorKind::ServerTrouble:
        case ErrorKind::RateLimited:
            return true;
        case ErrorKind::BadAnswer:
            return error.code.startsWith(u"net_");  // cut on the wire; an odd content is no outage
        case ErrorKind::Unauthorized:
        case ErrorKind::Forbidden:
        case ErrorKind::NotFound:
        case ErrorKind::Conflict:
        case ErrorKind::Refused:
        case ErrorKind::NotTheApi:
        case ErrorKind::TooLarge:
        case ErrorKind::Cancelled:
        case ErrorKind::NoKey:
        case ErrorKind::DiskFull:
        case ErrorKind::ReadOnly:
        case ErrorKind::Storage:
        case ErrorKind::Damaged:
        case ErrorKind::HeldElsewhere:
        case ErrorKind::NewerVersion:
        case ErrorKind::InvalidInput:
        case ErrorKind::NotFoundHere:
        case ErrorKind::NotSupported:
        case ErrorKind::NotAudio:
        case ErrorKind::NoRecording:
        case ErrorKind::Playback:
        case ErrorKind::Internal:
            return false;
    }
    return false;
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
