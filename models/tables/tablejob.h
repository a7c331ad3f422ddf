// The work of one table refresh away from the main thread: changes into the index, the question asked again, the steps
// from the old row order to the new one. A pure function over immutable snapshots; runs in a pool thread.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <variant>
#include <vector>

#include "models/search/query.h"
#include "models/tables/tableorder.h"

namespace earmark {

struct AccountRemoved {
    QString account;
};
using StoredRows = std::shared_ptr<const std::vector<IndexRow>>;
using ChangedReviews = std::shared_ptr<const std::vector<CallReview>>;
using IndexChange = std::variant<StoredRows, ChangedReviews, AccountRemoved>;

struct TableJob {
    CallIndexPtr index;
    std::vector<IndexChange> changes;  ///< in the order in which they happened
    Filter filter;
    std::shared_ptr<TextScan> scan;       ///< of the filter, its scan ended
    std::vector<CallTexts> changedTexts;  ///< to be looked through again
    SortKey sort;
    std::shared_ptr<const RowOrder> order;  ///< what is shown now
    std::optional<CallKey> kept;            ///< stays in the table even when it no longer matches
    std::stop_token stop;                   ///< stops the question, never the changes
};

struct TableOutcome {
    CallIndexPtr index;                             ///< always set
    Result<std::shared_ptr<const RowOrder>> order;  ///< Cancelled when stopped
    OrderChange change;
    std::vector<int> gatheredPositions;  ///< positionsIn(change.gathered)
    std::vector<int> positions;          ///< positionsIn(*order)
};

[[nodiscard]] TableOutcome runTableJob(TableJob job);

}  // namespace earmark
