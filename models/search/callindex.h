// The columnar index under the table: immutable snapshots, columns in segments of 65,536 rows copied on write per
// segment, dictionaries append-only, row numbers stable. Reading a snapshot is lawful from any thread.
#pragma once

#include <QHash>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "models/domain/fields.h"
#include "models/domain/indexrow.h"
#include "models/search/filter.h"

namespace earmark {

/// Position in the index (0-based, stable, append only). Not the database row id.
using RowNumber = quint32;

class CallIndex;
using CallIndexPtr = std::shared_ptr<const CallIndex>;

class CallIndex final {
   public:
    static constexpr RowNumber kSegmentRows = 65'536;

    [[nodiscard]] static CallIndexPtr empty();
    /// A new snapshot with these rows added or replaced (found by callRow); untouched segments are shared.
    [[nodiscard]] CallIndexPtr with(const std::vector<IndexRow>& rows) const;
    /// A new snapshot in which one call's review changed. The same snapshot when the call is unknown.
    [[nodiscard]] CallIndexPtr withReview(const CallKey& key, const Review& review) const;
    [[nodiscard]] CallIndexPtr withoutAccount(const QString& account) const;  ///< rows stay but are marked gone

    [[nodiscard]] RowNumber rowCount() const;                 ///< gone rows included
    [[nodiscard]] RowNumber liveCount() const;
    [[nodiscard]] std::optional<RowNumber> find(const CallKey& key) const;
    [[nodiscard]] std::optional<RowNumber> findCallRow(qint64 callRow) const;
    [[nodiscard]] qint64 callRow(RowNumber row) const;
    [[nodiscard]] CallKey key(RowNumber row) const;
    [[nodiscard]] Review review(RowNumber row) const;         ///< empty for untouched calls
    /// Any field that the index holds; texts (summary, notes of the provider, next action) are monostate here.
    [[nodiscard]] FieldValue value(RowNumber row, Field field) const;
    [[nodiscard]] Provider provider(RowNumber row) const;
    [[nodiscard]] bool isNotFound(RowNumber row) const;

    struct Private;
    [[nodiscard]] const Private& data() const { return *d; }  ///< for query.cpp

    explicit CallIndex(std::shared_ptr<const Private> data);

   private:
    std::shared_ptr<const Private> d;
};

}  // namespace earmark
