// Filter + sort over a snapshot -> row order. Pure, any thread; cancellable.
#pragma once

#include <QHash>
#include <stop_token>
#include <vector>

#include "models/domain/result.h"
#include "models/search/callindex.h"
#include "models/search/filter.h"
#include "models/search/textscan.h"

namespace earmark {

struct SortKey {
    Field field = Field::DialTime;  ///< DialTime means "dial time, else created time" (newest first is the default)
    bool descending = true;         ///< missing values sort last both ways; ties by row id, so the order is total

    friend bool operator==(const SortKey&, const SortKey&) = default;
};

struct Query {
    Filter filter;
    SortKey sort;
    TextMatches textMatches;  ///< TextScan::matches(); empty when the filter has no text leaf
};

/// False for the long texts (summary, notes, next action): they are not in memory.
[[nodiscard]] bool isSortable(Field field);

/// Row numbers in order; gone rows are never in it. Cancelled when stop is requested, InvalidInput for a sort field
/// that is not sortable, Internal when the text matches do not belong to the filter.
[[nodiscard]] Result<std::vector<RowNumber>> runQuery(const CallIndex& index, const Query& query,
                                                      std::stop_token stop = {});

/// How many rows of `rows` have each value of a field ("none" for no value), for `count --by` and facets. A call with
/// several tags counts once for each. Times count by their ISO text, durations by seconds; fields that are not
/// sortable give an empty answer.
[[nodiscard]] QHash<QString, qint64> countBy(const CallIndex& index, const std::vector<RowNumber>& rows, Field field);

}  // namespace earmark
