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

}  // namespace earmark
