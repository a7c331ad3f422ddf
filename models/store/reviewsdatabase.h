// reviews.db: what the supervisor did, and the accounts. WAL, synchronous=FULL: a method that returns success has
// reached the disk. Every object of this class belongs to the one thread that opened it. All SQL about reviews is here.
#pragma once

#include <QHash>
#include <memory>

#include "models/domain/account.h"
#include "models/domain/result.h"
#include "models/domain/review.h"
#include "models/store/sqlite.h"

namespace earmark {

struct EditToCommit {
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> base;   ///< the provider's value at this moment
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

class ReviewsDatabase final {
   public:
    enum class Access { ReadWrite, ReadOnly };
    [[nodiscard]] static Result<std::unique_ptr<ReviewsDatabase>> open(const QString& file, Access access, SqlFaultSeam seam = {});
    ~ReviewsDatabase();

    [[nodiscard]] Result<Review> commitEdit(const EditToCommit& edit, Moment now);
    [[nodiscard]] Result<Review> restoreField(const CallKey& key, ReviewField field, const QString& origin, Moment now);
    [[nodiscard]] Done saveDraft(const Draft& draft);
    [[nodiscard]] Done dropDraft(const CallKey& key, ReviewField field);
    [[nodiscard]] Result<std::vector<Draft>> drafts();

    [[nodiscard]] Result<Review> review(const CallKey& key);
    [[nodiscard]] Result<QHash<CallKey, Review>> allReviews();
    [[nodiscard]] Result<std::vector<HistoryEntry>> history(const CallKey& key);
    [[nodiscard]] Result<std::vector<PendingEdit>> pending();
    [[nodiscard]] Result<std::vector<DispositionCount>> dispositionCodes();

    [[nodiscard]] Result<std::vector<Account>> accounts();
    [[nodiscard]] Done saveAccount(const Account& account);
    [[nodiscard]] Done removeAccount(const QString& name);

    [[nodiscard]] Result<QStringList> check();  ///< integrity_check and row checksums: empty = sound

   private:
    ReviewsDatabase();
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
