// The words and signs with which the desk tells how it stands with edits and their targets. Values only, any thread.
#pragma once

#include <QString>
#include <optional>

#include "models/domain/account.h"
#include "models/domain/review.h"
#include "models/sync/pushreport.h"
#include "ui/detail/parts.h"

namespace earmark {

struct OutboxWord {
    QString icon;
    Tone tone = Tone::Plain;
    QString text;  ///< "" = nothing to say
};

[[nodiscard]] OutboxWord stateSign(EditState state);  ///< its text is the State column's
/// "2 conflicts, 1 refused, 3 waiting", "all sent", "5 kept here": of the whole outbox, for the status line.
[[nodiscard]] OutboxWord outboxSummary(const OutboxCounts& counts);
/// How it stands with one account's target, with the time that is left; of an account that has one.
[[nodiscard]] OutboxWord targetSentence(const Account& account, const PushState& state, Moment now);

/// The same for many lines sent at once is told elsewhere; "in 23 s", "in 4 min", "at 14:05".
[[nodiscard]] QString untilText(Moment until, Moment now);

}  // namespace earmark
