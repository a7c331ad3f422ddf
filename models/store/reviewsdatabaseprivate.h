// The inside of ReviewsDatabase. Only reviews*.cpp of this room include this; the thread that opened the database.
#pragma once

#include <QCoreApplication>
#include <functional>
#include <string>

#include "models/store/reviewsdatabase.h"

namespace earmark {

/// The row that counts for one field of one call.
struct CountingRow {
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    bool isEdit = true;  ///< false: a restore, the provider's value counts
    LocalEdit edit;
    QString target;
    int attempts = 0;
    std::optional<Moment> nextTry;
    QString reason;
};

class ReviewsDatabase::Private {
 public:
    std::unique_ptr<Connection> connection;
    QStringList notices;

    // Edits (reviewsedits.cpp).
    enum class Kind { Edit, Restore };
    /// Damaged rows come from their twin in edits, or not at all.
    [[nodiscard]] Result<std::vector<CountingRow>> counting(std::string_view sql);
    [[nodiscard]] Result<std::vector<CountingRow>> countingOf(const CallKey& key);
    [[nodiscard]] Result<std::optional<CountingRow>> countingFor(const CallKey& key, ReviewField field);
    [[nodiscard]] Result<Review> review(const CallKey& key);
    [[nodiscard]] Done append(const EditToCommit& edit, Kind kind, const std::optional<QString>& before,
                              const std::optional<QString>& after, Moment now);
    [[nodiscard]] Done dropDraft(const CallKey& key, ReviewField field);
    /// `work` and the draft's end in one transaction; the Review is read before COMMIT: once that has succeeded,
    /// nothing may turn the answer into a failure.
    [[nodiscard]] Result<Review> change(const CallKey& key, ReviewField field, const std::function<Done()>& work);

    // The file (reviewsdatabase.cpp).
    [[nodiscard]] Result<QStringList> damagedRows();
    [[nodiscard]] Result<std::unique_ptr<Connection>> beginAnew(const QString& file, const SqlFaultSeam& seam);
    [[nodiscard]] Done tidyUp(const QString& file);
    void mend(const QString& file);
};

}  // namespace earmark
