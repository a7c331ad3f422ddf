// What the supervisor did to a call: local edits and their fate. Plain data, any thread.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "models/domain/call.h"

namespace earmark {

enum class ReviewField { Disposition, Notes, Reviewed, Flag };
/// "disposition", "notes", "reviewed", "flag"
[[nodiscard]] QString word(ReviewField field);
[[nodiscard]] std::optional<ReviewField> reviewFieldFromWord(const QString& text);

/// Where an edit is on its way. Kept = on this computer, no target is set (a lawful end).
enum class EditState { Kept, Waiting, Sending, Sent, Refused, Conflict };
[[nodiscard]] QString word(EditState state);
[[nodiscard]] std::optional<EditState> editStateFromWord(const QString& text);

/// The newest edit of one field of one call. `value` nullopt = cleared by the supervisor.
struct LocalEdit {
    qint64 sequence = 0;          ///< order in the outbox; never a clock
    std::optional<QString> base;  ///< the provider's value when the edit was made
    std::optional<QString> value;
    EditState state = EditState::Kept;
    Moment editedAt{};
    QString delivery;  ///< UUID made with the edit; the idempotency key of every attempt

    friend bool operator==(const LocalEdit&, const LocalEdit&) = default;
};

/// Everything local about one call that the table and the pane need. Empty for an untouched call.
struct Review {
    std::optional<LocalEdit> disposition;
    std::optional<LocalEdit> notes;
    std::optional<Moment> reviewedAt;
    std::optional<QString> flag;  ///< the flag's word, may be ""; nullopt = not flagged

    friend bool operator==(const Review&, const Review&) = default;
};

/// A call with what is local: what the detail pane, `show` and `list` work on.
struct ReviewedCall {
    Call call;
    Review review;
    qint64 callRow = 0;                   ///< row id in calls.db; stable
    std::optional<Moment> notFoundSince;  ///< the provider answered 404 for this known call
    std::optional<Moment> unlistedSince;  ///< a whole pass no longer listed it
    std::optional<Moment> refreshedAt;    ///< when the provider last told us about it
};

[[nodiscard]] std::optional<QString> dispositionThatCounts(const ReviewedCall& call);
[[nodiscard]] std::optional<QString> notesThatCount(const ReviewedCall& call);
/// The provider changed the value after the edit was made (base differs from what it says now).
[[nodiscard]] bool providerChangedSince(const std::optional<LocalEdit>& edit,
                                        const std::optional<QString>& providerValue);
[[nodiscard]] bool isEdited(const Review& review);
/// The state that wants attention most over the edited fields; nullopt when nothing is edited.
[[nodiscard]] std::optional<EditState> editState(const Review& review);

/// One line of history: written in the same transaction as the edit, never changed afterwards.
struct HistoryEntry {
    Moment at{};
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> from;
    std::optional<QString> to;
    QString origin;  ///< "desk", "command_line", "restore"
    QString fate;    ///< "kept", "waiting", "sent", ...: the newest known for that edit
};

/// One line of the outbox (`earmark pending`).
struct PendingEdit {
    qint64 sequence = 0;
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> from;
    std::optional<QString> to;
    EditState state = EditState::Kept;
    QString target;  ///< "none" until a target is set
    QString delivery;
    int attempts = 0;
    std::optional<Moment> nextTry;
    QString reason;
    Moment editedAt{};
};

/// A disposition code in use and how many calls carry it.
struct DispositionCount {
    QString code;
    qint64 calls = 0;
};

}  // namespace earmark
