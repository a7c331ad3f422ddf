#include "models/sync/pullreport.h"

#include <algorithm>

namespace earmark {

bool PullReport::allOk() const {
    return std::all_of(accounts.begin(), accounts.end(), [](const AccountReport& one) { return one.ok; });
}

PullOutcome PullReport::outcome() const {
    const auto any = [this](auto&& holds) { return std::any_of(accounts.begin(), accounts.end(), holds); };
    if (!any([](const AccountReport& one) { return one.ok || one.received > 0; })) {
        return PullOutcome::Failed;
    }
    const bool rowsRejected = any([](const AccountReport& one) { return one.rejected > 0; });
    return allOk() && !rowsRejected ? PullOutcome::Complete : PullOutcome::Partly;
}

bool stopsTheAccount(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::NotFound:
        case ErrorKind::Conflict:
        case ErrorKind::Refused:
        case ErrorKind::NotTheApi:
        case ErrorKind::BadAnswer:
        case ErrorKind::TooLarge:
        case ErrorKind::NotSupported:
        case ErrorKind::InvalidInput:
        case ErrorKind::NotFoundHere:
            return false;
        case ErrorKind::Offline:
        case ErrorKind::Timeout:
        case ErrorKind::Tls:
        case ErrorKind::Unauthorized:
        case ErrorKind::Forbidden:
        case ErrorKind::RateLimited:
        case ErrorKind::ServerTrouble:
        case ErrorKind::Cancelled:
        case ErrorKind::NoKey:
        case ErrorKind::DiskFull:
        case ErrorKind::ReadOnly:
        case ErrorKind::Storage:
        case ErrorKind::Damaged:
        case ErrorKind::HeldElsewhere:
        case ErrorKind::NewerVersion:
        case ErrorKind::NotAudio:
        case ErrorKind::NoRecording:
        case ErrorKind::Playback:
        case ErrorKind::Internal:
            return true;
    }
    return true;
}

}  // namespace earmark
