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
    QString delivery;  ///< UUID made with the first edit that travels in it; the idempotency key of every attempt

    friend bool operator==(const LocalEdit&, const LocalEdit&) = default;
};

/// Everything local about one call that the table and the pane need. Empty for an untouched call.
struct Review {
    std::optional<LocalEdit> disposition;
    std::optional<LocalEdit> notes;
    std::optional<Moment> reviewedAt;
    std::optional<double> heardSeconds;  ///< of the recording when it was marked reviewed; nullopt = not known
    std::optional<QString> flag;         ///< the flag's word, may be ""; nullopt = not flagged

    friend bool operator==(const Review&, const Review&) = default;
};

/// What counts for one call after something was done.
struct CallReview {
    CallKey key;
    Review review;
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

/// The value of an edit of ReviewField::Reviewed: "2026-04-18T14:37:02.419Z", and " heard=73.5" where it is known how
/// much of the recording was heard. ("1" in rows of an older Earmark: the edit's own time counts.)
struct ReviewedMark {
    Moment at{};
    std::optional<double> heardSeconds;
};
[[nodiscard]] QString reviewedMarkText(const ReviewedMark& mark);
/// nullopt: not such a text.
[[nodiscard]] std::optional<ReviewedMark> reviewedMarkFromText(const QString& text, Moment editedAt);

/// One line of history: written in the same transaction as the edit, never changed afterwards.
struct HistoryEntry {
    qint64 sequence = 0;  ///< of the edit
    Moment at{};
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> from;
    std::optional<QString> to;
    QString origin;       ///< "desk", "command_line", "restore", "bulk", "undo", "redo", "merge", "conflict"
    QString fate;         ///< "kept", "waiting", "sent", ..., "superseded", "withdrawn": the newest known for that edit
    QString destination;  ///< where it went or goes; "" = nowhere
    std::optional<Moment> sentAt;  ///< when the target accepted it
    QString reason;                ///< why it was refused, or waits; "" otherwise
};

/// A conflict that was found, also when it has been resolved since: none of its texts is ever thrown away.
struct ReviewConflict {
    qint64 sequence = 0;  ///< of the edit that is `mine`
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> base;
    std::optional<QString> mine;
    std::optional<QString> theirs;
    bool theirsKnown = true;  ///< false: the target refused without saying what it holds
    QString foundWith;        ///< "provider", or the word of a target
    Moment at{};
    bool isOpen = false;  ///< the edit still counts and is in conflict

    friend bool operator==(const ReviewConflict&, const ReviewConflict&) = default;
};

struct FieldChange {
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> from;  ///< what the target was last told, else the provider's value when the edit was made
    std::optional<QString> to;

    friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

/// What leaves at once: the edits of one call that were made before its first attempt. In order per call; the body of
/// the first attempt is repeated byte for byte.
struct Delivery {
    QString id;  ///< UUID, the idempotency key
    CallKey key;
    QString target;     ///< the word of its TargetKind
    int revision = 1;   ///< counts the deliveries of this call to any target, from 1
    Moment editedAt{};  ///< of its newest edit
    std::vector<FieldChange> changes;
    QByteArray body;  ///< frozen at the first attempt that may have arrived; empty = not frozen
    int attempts = 0;
    bool mayHaveArrived = false;  ///< an earlier attempt ended unclear
    std::optional<Moment> nextTry;
    QString reason;  ///< why it waits, or was refused
    EditState state = EditState::Waiting;

    friend bool operator==(const Delivery&, const Delivery&) = default;
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
    QString destination;           ///< where it went or goes, for people; "" = nowhere
    std::optional<Moment> sentAt;  ///< when the target accepted it
};

/// How many lines of the outbox are in which state.
struct OutboxCounts {
    qint64 kept = 0;
    qint64 waiting = 0;  ///< being sent included
    qint64 sent = 0;
    qint64 refused = 0;
    qint64 conflicts = 0;

    [[nodiscard]] qint64 all() const { return kept + waiting + sent + refused + conflicts; }
    [[nodiscard]] qint64 needPerson() const { return refused + conflicts; }
    void add(EditState state, qint64 lines = 1);
    friend bool operator==(const OutboxCounts&, const OutboxCounts&) = default;
};

/// A disposition code in use and how many calls carry it.
struct DispositionCount {
    QString code;
    qint64 calls = 0;
};

}  // namespace earmark
