#include "models/net/retrypolicy.h"

#include <algorithm>

namespace earmark {

int attemptsFor(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::RateLimited:
            return 10;
        case ErrorKind::ServerTrouble:
            return 4;
        case ErrorKind::Timeout:
            return 3;
        case ErrorKind::Offline:    // said soon: the user can see to the network
        case ErrorKind::BadAnswer:  // a cut answer may be whole next time; an odd one will not change
            return 2;
        case ErrorKind::Tls:
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
            return 1;
    }
    return 1;
}

std::optional<std::chrono::milliseconds> RetryPolicy::waitAfter(int attempt, const Error& error, double random) const {
    if (attempt >= attemptsFor(error.kind)) {
        return std::nullopt;
    }
    if (error.retryAfter) {
        return std::max(*error.retryAfter, std::chrono::milliseconds(0));
    }
    return pauseAfter(attempt, random);
}

std::chrono::milliseconds RetryPolicy::pauseAfter(int attempt, double random) const {
    std::chrono::milliseconds wait = base;
    for (int i = 1; i < attempt && wait < cap; ++i) {
        wait *= 2;
    }
    wait = std::min(wait, cap);
    const double share = 0.75 + 0.25 * std::clamp(random, 0.0, 1.0);
    return std::chrono::milliseconds(qint64(double(wait.count()) * share));
}

}  // namespace earmark
