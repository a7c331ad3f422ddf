// reviews.db: what the supervisor did, and the accounts. WAL, synchronous=FULL: a method that returns success has
// reached the disk. Every object of this class belongs to the one thread that opened it. All SQL about reviews is here.
#pragma once

#include <QHash>
#include <QStringList>
#include <memory>
#include <vector>

#include "models/domain/account.h"
#include "models/domain/result.h"
#include "models/domain/review.h"
#include "models/store/sqlite.h"

namespace earmark {

struct EditToCommit {
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> base;   ///< the provider's value that the supervisor saw when this edit was begun
    std::optional<QString> value;  ///< nullopt clears. Reviewed: "1" or nullopt; Flag: its word or nullopt
    QString origin;                ///< "desk" or "command_line"
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
    [[nodiscard]] Result<Review> restoreField(const CallKey& key, ReviewField field, const QString& origin, Moment now);
    [[nodiscard]] Done saveDraft(const Draft& draft);
    [[nodiscard]] Done dropDraft(const CallKey& key, ReviewField field);
    [[nodiscard]] Result<std::vector<Draft>> drafts();

    [[nodiscard]] Result<Review> review(const CallKey& key);
    [[nodiscard]] Result<QHash<CallKey, Review>> allReviews();
    [[nodiscard]] Result<std::vector<HistoryEntry>> history(const CallKey& key);
    /// One line per edited field (disposition, notes); marks are facts of this desk and never travel.
    [[nodiscard]] Result<std::vector<PendingEdit>> pending();
    [[nodiscard]] Result<std::vector<DispositionCount>> dispositionCodes();

    [[nodiscard]] Result<std::vector<Account>> accounts();
    [[nodiscard]] Done saveAccount(const Account& account);
    [[nodiscard]] Done removeAccount(const QString& name);  ///< what was done with its calls stays
    /// The account, its edits with their history, and its drafts: gone for good, in one transaction.
    [[nodiscard]] Done removeAccountWithReviews(const QString& name);

    /// integrity_check, row checksums, and whether edits, outbox and history agree: empty = sound.
    [[nodiscard]] Result<QStringList> check();
    [[nodiscard]] Done checkpoint();  ///< the log is written back and emptied
    /// What was found and done at open, for people: rows that were damaged, a file that was set aside.
    [[nodiscard]] const QStringList& notices() const;

 private:
    ReviewsDatabase();
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
