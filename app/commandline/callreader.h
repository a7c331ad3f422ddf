// Calls as the reading commands see them: both databases through read-only connections, also beside a running window.
// Belongs to the thread that opened it.
#pragma once

#include <QHash>
#include <memory>
#include <vector>

#include "app/profile.h"
#include "models/domain/clock.h"
#include "models/search/query.h"
#include "models/store/callsdatabase.h"
#include "models/store/reviewsdatabase.h"

namespace earmark {

class CallReader final {
 public:
    /// A profile without any data is not an error: it has no calls, accounts and edits.
    [[nodiscard]] static Result<std::unique_ptr<CallReader>> open(const Profile& profile);

    struct Selection {
        CallIndexPtr index;
        std::vector<RowNumber> rows;
    };
    /// InvalidInput with "column n: ..." for a filter that cannot be read.
    [[nodiscard]] Result<Selection> select(const QString& filter, const SortKey& sort, Moment now);
    /// Whole records with what is local, in the order asked.
    [[nodiscard]] Result<std::vector<ReviewedCall>> calls(const std::vector<qint64>& callRows);
    [[nodiscard]] Result<std::optional<ReviewedCall>> call(const CallKey& key);

    [[nodiscard]] Result<std::vector<Account>> accounts();
    /// How long the account's server asked to be left alone yet; zero = not at all.
    [[nodiscard]] std::chrono::milliseconds serverWishLeft(const Account& account, Moment now);
    /// Servers that asked to be left alone, and until when.
    [[nodiscard]] QHash<QString, Moment> serverWishes();
    [[nodiscard]] Result<std::vector<PendingEdit>> pending();
    [[nodiscard]] Result<std::vector<HistoryEntry>> history(const CallKey& key);
    [[nodiscard]] Result<std::vector<ReviewConflict>> conflicts(const CallKey& key);  ///< oldest first, solved too
    [[nodiscard]] const QHash<CallKey, Review>& reviews() const { return m_reviews; }
    [[nodiscard]] bool hasCalls() const { return m_calls != nullptr; }

 private:
    CallReader() = default;
    std::unique_ptr<CallsDatabase> m_calls;  ///< null: the file does not exist
    std::unique_ptr<ReviewsDatabase> m_reviewsDatabase;
    QHash<CallKey, Review> m_reviews;
};

/// The sentence for a KEY that is not on this computer.
[[nodiscard]] QString unknownCallText(const CallKey& key);

}  // namespace earmark
