// The calls of some rows as bulk work needs them. A pure function over an immutable snapshot, any thread (100,000 rows
// take some 100 ms).
#pragma once

#include "models/edits/bulkedit.h"
#include "models/search/callindex.h"
#include "models/tables/tableorder.h"

namespace earmark {

/// In the order of the rows; calls that are gone from the snapshot are left out.
[[nodiscard]] std::vector<BulkCall> bulkCallsOf(const CallIndex& index, const RowOrder& rows);

}  // namespace earmark
