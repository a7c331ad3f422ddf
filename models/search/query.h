// Filter + sort over a snapshot -> row order. Pure, any thread; cancellable.
#pragma once

#include <stop_token>

#include "models/search/callindex.h"
#include "models/search/filter.h"

namespace earmark {

struct SortKey {
    Field field = Field::DialTime;   ///< DialTime means "dial time, else created time" (newest first is the default order)
    bool descending = true;          ///< missing values sort last both ways; ties by row id, so the order is total
};

/// Sorted database row ids per text leaf of the filter; as many entries as Filter::textLeafCount().
using TextMatches = std::vector<std::vector<qint64>>;

struct Query {
    Filter filter;
    SortKey sort;
    TextMatches textMatches;
};

/// Row numbers in order. Cancelled when stop is requested. Gone rows are never in it.
[[nodiscard]] Result<std::vector<RowNumber>> runQuery(const CallIndex& index, const Query& query, std::stop_token stop = {});

/// How many rows of `rows` have each value of a field ("none" for no value), for `count --by` and facets.
[[nodiscard]] QHash<QString, qint64> countBy(const CallIndex& index, const std::vector<RowNumber>& rows, Field field);

}  // namespace earmark
