// From one row order to the next in steps that views understand: rows that go, rows that come, rows that move.
// Pure functions, any thread.
#pragma once

#include <vector>

#include "models/search/callindex.h"

namespace earmark {

using RowOrder = std::vector<RowNumber>;

/// The rows that stay are put into their new order with the vanished behind them; those are removed; the new ones are
/// added at the end; then all move to their places. Steps that change nothing are empty.
struct OrderChange {
    RowOrder gathered;   ///< step 1; empty when no row vanishes
    size_t staying = 0;  ///< how many of the old rows are in the new order
    RowOrder grown;      ///< staying rows in new order, then the new ones; empty when no row comes
    bool moves = false;  ///< the last step changes the order of what is there then
    bool same = false;   ///< nothing at all to do
};

[[nodiscard]] OrderChange orderChange(const RowOrder& from, const RowOrder& to, RowNumber rowCount);

/// Position of each row number in an order; -1 where it is not in it.
[[nodiscard]] std::vector<int> positionsIn(const RowOrder& order, RowNumber rowCount);

/// Keeps a row that the filter no longer matches where it was (the call under the user's hands).
void keepRow(RowOrder& order, RowNumber row, size_t formerPosition);

}  // namespace earmark
