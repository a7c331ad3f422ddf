// What came of sending, and how it stands with an account's target. Plain values, any thread.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "models/domain/clock.h"
#include "models/domain/error.h"
#include "models/domain/target.h"

namespace earmark {

/// What one sendNow() did for one account; the "push" of `sync --json`. Edited fields are counted, as in the outbox.
struct PushReport {
    QString account;
    TargetKind target = TargetKind::None;
    int sent = 0;
    int refused = 0;  ///< by the target, or here before anything was sent
    int conflicts = 0;
    int waiting = 0;             ///< still waiting at the end, whatever the reason
    int requests = 0;            ///< HTTP requests that left this computer
    double seconds = 0;          ///< from the asking to its end
    std::optional<Error> error;  ///< why the target could not be used; a refused edit alone is none
};

enum class PushOutcome {
    Complete,  ///< all that waited was sent
    Partly,    ///< something was sent, and something waits, was refused or is in conflict
    Failed,    ///< nothing could be sent
};
[[nodiscard]] PushOutcome outcomeOf(const PushReport& report);

/// How it stands with the sending of one account's edits, for people.
struct PushState {
    enum class What {
        Idle,     ///< nothing is on its way, nothing stands in the way; also: no target, or only sent when asked
        Sending,  ///< `underWay` deliveries are being sent
        Resting,  ///< edits were made a moment ago; they leave by themselves at `until`
        Waiting,  ///< the target asked for a pause or is in trouble (`reason`); next try at `until`
        Offline,  ///< it cannot be reached (`reason`); next try at `until`
        Paused,   ///< the secret or key is missing or was refused (`reason`): until it changes or somebody asks
    };
    QString account;
    TargetKind target = TargetKind::None;
    What what = What::Idle;
    int underWay = 0;
    std::optional<Moment> until;
    QString reason;                      ///< one sentence; "" = none
    std::optional<Moment> lastAccepted;  ///< since this program began
    QString lastPlace;                   ///< where that is, for people; may be ""

    friend bool operator==(const PushState&, const PushState&) = default;
};

}  // namespace earmark
