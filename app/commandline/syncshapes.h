// What pull and sync answer: JSON, lines for people, exit codes. Main thread only.
#pragma once

#include <vector>

#include "app/commandline/commandline.h"
#include "app/commandline/jsonwriter.h"
#include "models/domain/review.h"
#include "models/sync/pullreport.h"
#include "models/sync/pushreport.h"

namespace earmark {

/// {kind, message}, or null.
void writeError(JsonWriter& json, const std::optional<Error>& error);

/// What sync did for one account, in all its sendings.
struct SyncReport {
    PullReport pull;
    std::vector<PushReport> pushes;     ///< by account; empty for a pull
    std::vector<PendingEdit> notTaken;  ///< refused or in conflict when it ended, of any account
    bool sends = false;                 ///< a sync: "push" is told of each account

    /// One more sending: what it did is added, what waits now is what counts.
    void add(const std::vector<PushReport>& more);
    [[nodiscard]] double secondsOf(const AccountReport& account) const;  ///< of its pull and of its sending
    [[nodiscard]] const PushReport* pushOf(const QString& account) const;
};

/// Prints it and says what went wrong; answers the exit code.
[[nodiscard]] int printSyncReport(CommandContext& context, const SyncReport& report);

}  // namespace earmark
