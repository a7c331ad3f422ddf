// reviews.db: what the supervisor did, and the accounts. WAL, synchronous=FULL: a method that returns success has
// reached the disk. Every object of this class belongs to the one thread that opened it. All SQL about reviews is here.
#pragma once

#include <QHash>
#include <QStringList>
#include <memory>
#include <vector>

#include "models/domain/account.h"
#include "models/domain/callmark.h"
#include "models/domain/result.h"
#include "models/domain/review.h"
#include "models/store/callcopy.h"
#include "models/store/sqlite.h"

namespace earmark {

struct EditToCommit {
    /// Restore: the local edit goes, the provider's value counts again (`base`; nullopt: the one of the edit that
    /// goes).
    enum class Kind { Edit, Restore };
    /// Nothing: a value equal to what counts already makes no new edit. Commit: it does (a choice in a conflict).
    enum class WhenEqual { Nothing, Commit };

    CallKey key;
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> base;  ///< the provider's value that the supervisor saw when this edit was begun
    std::optional<QString>
        value;       ///< nullopt clears. Reviewed: reviewedMarkText() or nullopt; Flag: its word or nullopt
    QString origin;  ///< as HistoryEntry::origin
    QString step{};  ///< edits with the same step are one for undo; "" = a step of its own
    Kind kind = Kind::Edit;
    WhenEqual whenEqual = WhenEqual::Nothing;
};

/// What a three-way merge (models/edits/threewaymerge.h) found when the provider changed a field that was edited here.
struct ProviderMerge {
    enum class Outcome {
        Merged,    ///< both sides' changes fit together: `merged` counts from now on, on the base of `theirs`
        Conflict,  ///< they do not: the edit is shown as a conflict, the local value goes on counting
        Agreed,    ///< there is no conflict (any more): one that was found earlier with the provider is over
    };
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    qint64 sequence = 0;  ///< of the edit that was merged with; when another one counts by now nothing is done
    Outcome outcome = Outcome::Agreed;
    std::optional<QString> theirs;
    std::optional<QString> merged;
};

/// How an attempt to send a delivery ended.
struct Settlement {
    EditState state = EditState::Waiting;  ///< Sent, Waiting, Refused or Conflict
    /// Waiting only: bytes may have reached the target, so that exactly this body is repeated before anything else of
    /// the call goes.
    bool mayHaveArrived = false;
    QString reason;
    std::optional<Moment> nextTry;
    struct Theirs {
        ReviewField field = ReviewField::Disposition;
        std::optional<QString> value;
    };
    std::vector<Theirs> theirs;  ///< Conflict: where the target said it
};

/// What becomes of edits that have not been sent when the target of their account changes.
enum class WhatWaits { Send, Keep };
struct WaitingEdits {
    qint64 kept = 0;     ///< edits that stay here, and that a target would take
    qint64 waiting = 0;  ///< on their way: waiting or being sent
    qint64 refused = 0;
    qint64 conflicts = 0;

    [[nodiscard]] qint64 unsent() const { return waiting + refused; }
};

/// The newest thing that can be taken back or done again.
struct UndoStep {
    QString step;
    qint64 edits = 0;                              ///< of it that are still to be reverted
    std::vector<CallKey> calls;                    ///< the first few of them
    ReviewField field = ReviewField::Disposition;  ///< of its newest edit
    QString origin;                                ///< of its newest edit: "desk", "bulk", ...
    Moment at{};
};
struct UndoState {
    std::optional<UndoStep> undo;
    std::optional<UndoStep> redo;
};
enum class Revert { Undo, Redo };
/// One portion of a step; repeated until nothing is left, also after a kill in between.
struct RevertedPortion {
    std::vector<CallReview> changed;
    qint64 skipped = 0;  ///< edits of the step that are not there any more (erased with their account)
    qint64 left = 0;
};

/// Text typed but not committed; kept at most 2 s after the first unsaved key, offered again at the next start.
struct Draft {
    CallKey key;
    ReviewField field = ReviewField::Notes;
    std::optional<QString> base;
    QString text;
    Moment savedAt{};
};

/// One row per thing done in three places (edits, outbox, history), each with its checksum, so that each can be rebuilt
/// from the others. A second edit of a field supersedes the first: one line per field counts and is pending, history
/// keeps all. Every edit has its own base, the provider's value its author saw; an older unsent edit's base is not
/// carried over, because by then the author has the provider's newer value before them.
class ReviewsDatabase final {
 public:
    enum class Access { ReadWrite, ReadOnly };
    /// Rescue: the file is not trusted whatever the checks say, because SQLite called it damaged while it was used.
    enum class Trust { Checked, Rescue };
    /// ReadWrite: a file that SQLite cannot use is set aside (never deleted) and every row that can still be read is
    /// taken over into a new one; notices() says so. ReadOnly of a missing one: NotFoundHere.
    [[nodiscard]] static Result<std::unique_ptr<ReviewsDatabase>> open(const QString& file, Access access,
                                                                       SqlFaultSeam seam = {},
                                                                       Trust trust = Trust::Checked);
    /// An empty one in memory, for a profile that has none yet.
    [[nodiscard]] static Result<std::unique_ptr<ReviewsDatabase>> openEmpty();
    ~ReviewsDatabase();

    /// A value equal to what counts already makes no new edit (and is no error); the draft goes in either case.
    [[nodiscard]] Result<Review> commitEdit(const EditToCommit& edit, Moment now);
    /// One transaction: all or none. Answers the calls that were named, each once. Drafts go with the edits of people
    /// at their fields ("desk", "command_line", "restore", "conflict"), never with bulk work, undo or merges.
    [[nodiscard]] Result<std::vector<CallReview>> commitEdits(const std::vector<EditToCommit>& edits, Moment now);
    [[nodiscard]] Result<Review> restoreField(const CallKey& key, ReviewField field, const QString& origin, Moment now);
    [[nodiscard]] Done saveDraft(const Draft& draft);
    [[nodiscard]] Done dropDraft(const CallKey& key, ReviewField field);
    [[nodiscard]] Result<std::vector<Draft>> drafts();

    [[nodiscard]] Result<Review> review(const CallKey& key);
    [[nodiscard]] Result<QHash<CallKey, Review>> allReviews();
    [[nodiscard]] Result<std::vector<HistoryEntry>> history(const CallKey& key);
    /// One line per edited field (disposition, notes); marks are facts of this desk and never travel.
    [[nodiscard]] Result<std::vector<PendingEdit>> pending();
    [[nodiscard]] Result<OutboxCounts> outboxCounts();  ///< of the lines of pending()
    [[nodiscard]] Result<std::vector<DispositionCount>> dispositionCodes();

    // --- conflicts with the provider's values and with what targets hold (reviewsconflicts.cpp)
    /// nullopt: another edit counts by now, or it is being sent just then; ask again when that is over.
    [[nodiscard]] Result<std::optional<Review>> noteProviderMerge(const ProviderMerge& merge, Moment now);
    [[nodiscard]] Result<std::vector<ReviewConflict>> conflicts(const CallKey& key);  ///< oldest first, resolved too
    [[nodiscard]] Result<std::vector<ReviewConflict>> openConflicts();

    // --- undo (reviewssteps.cpp)
    [[nodiscard]] Result<UndoState> undoState();
    /// At most `most` edits of the newest step, in one transaction. NotFoundHere: there is nothing to take back, or the
    /// newest step is not `onlyStep` (any more), where one is named.
    [[nodiscard]] Result<RevertedPortion> revert(Revert which, int most, Moment now, const QString& onlyStep = {});

    // --- sending (reviewsoutbox.cpp). A delivery is found by its id.
    /// Of the account as it is now (edits of another one of the same name stay): what may be sent, oldest first, at
    /// most one per call, and none of a call whose earlier delivery has not ended. `now` nullopt: whatever its next
    /// try.
    [[nodiscard]] Result<std::vector<Delivery>> dueDeliveries(const Account& account, std::optional<Moment> now,
                                                              int most);
    /// The earliest next try of what waits; nullopt = nothing waits for a time.
    [[nodiscard]] Result<std::optional<Moment>> nextTry(const Account& account);
    /// The lease: from now on it is being sent by `owner`. False: somebody else has it, or it is not waiting any more.
    [[nodiscard]] Result<bool> takeForSending(const Delivery& delivery, const QString& owner, Moment leaseUntil,
                                              const QByteArray& body, const QString& destination, Moment now);
    /// Only by the owner of the lease; otherwise nothing happens (an empty answer).
    [[nodiscard]] Result<std::vector<CallReview>> settle(const QString& delivery, const QString& owner,
                                                         const Settlement& settlement, Moment now);
    /// Refused before it was taken for sending (no mapping, too long): as settle(), without a lease.
    [[nodiscard]] Result<std::vector<CallReview>> refuseUnsent(const QString& delivery, const QString& reason,
                                                               Moment now);
    /// What was being sent when its sender was killed waits again, as something that may have arrived. `now` nullopt:
    /// whatever its lease (this process holds the profile and sends nothing yet).
    [[nodiscard]] Result<std::vector<CallReview>> reclaim(std::optional<Moment> now);
    /// Refused ones wait again, with the same key and body: all of the account, or one delivery.
    [[nodiscard]] Result<std::vector<CallReview>> sendAgain(const QString& account, const QString& delivery);
    /// A refused or waiting edit stays on this computer and is not sent any more.
    [[nodiscard]] Result<Review> keepHere(const CallKey& key, ReviewField field);
    [[nodiscard]] Result<WaitingEdits> waitingEdits(const QString& account);
    /// The account with its new target, and what becomes of what was not sent yet, in one transaction.
    [[nodiscard]] Result<std::vector<CallReview>> changeTarget(const Account& account, WhatWaits what);

    // --- copies of touched calls
    /// Replaces older ones. Calls that nobody has touched, or of an account that is gone, are left out.
    [[nodiscard]] Done saveCallCopies(const std::vector<CallCopy>& copies);
    /// Touched calls after this one that have no copy; looks at `most` of them.
    [[nodiscard]] Result<KeyPortion> callsWithoutCopy(const CallKey& after, int most);
    /// Sound copies of calls of accounts that exist.
    [[nodiscard]] Result<CopyPortion> callCopies(const CallKey& after, int most);

    /// One durable transaction each. A mark of this id that is there gets the new words and place.
    [[nodiscard]] Done saveMark(const CallMark& mark);
    [[nodiscard]] Done removeMark(const CallMark& mark);  ///< one that is not there is removed already
    [[nodiscard]] Result<CallMarks> marks(const CallKey& key);

    [[nodiscard]] Result<std::vector<Account>> accounts();
    [[nodiscard]] Done saveAccount(const Account& account);
    [[nodiscard]] Done removeAccount(const QString& name);  ///< what was done with its calls stays
    /// The account, its edits with their history, and its drafts: gone for good, in one transaction.
    [[nodiscard]] Done removeAccountWithReviews(const QString& name);

    /// integrity_check, row checksums, the chain over history, and whether edits, outbox and history agree: empty =
    /// sound.
    [[nodiscard]] Result<QStringList> check();
    [[nodiscard]] Done checkpoint();  ///< the log is written back and emptied
    /// What tells an older copy put in this file's place (reviewsgeneration.h) is brought up to now. Errors do no harm.
    void keepGeneration();
    /// What was found and done at open, for people: rows that were damaged, a file that was set aside.
    [[nodiscard]] const QStringList& notices() const;

 private:
    ReviewsDatabase();
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
