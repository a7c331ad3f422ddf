#include "models/tables/tablejob.h"

namespace earmark {

namespace {

CallIndexPtr applied(CallIndexPtr index, const std::vector<IndexChange>& changes) {
    for (const IndexChange& change : changes) {
        if (const auto* rows = std::get_if<StoredRows>(&change)) {
            index = index->with(**rows);
        } else if (const auto* reviews = std::get_if<ChangedReviews>(&change)) {
            index = index->withReviews(**reviews);
        } else {
            index = index->withoutAccount(std::get<AccountRemoved>(change).account);
        }
    }
    return index;
}

void keepInOrder(RowOrder& order, const CallIndex& index, const CallKey& kept, const RowOrder& shown) {
    const std::optional<RowNumber> row = index.find(kept);
    if (!row || index.isGone(*row)) {
        return;
    }
    for (size_t i = 0; i < shown.size(); ++i) {
        if (shown[i] == *row) {
            keepRow(order, *row, i);
            return;
        }
    }
}

}  // namespace

TableOutcome runTableJob(TableJob job) {
    TableOutcome out{applied(job.index, job.changes), job.order, {}, {}, {}};
    TextMatches matches;
    if (job.scan) {
        const auto look = job.scan->matcher();
        for (const CallTexts& texts : job.changedTexts) {
            look(texts);
        }
        matches = job.scan->matches();
    }
    Result<RowOrder> order = runQuery(*out.index, Query{job.filter, job.sort, std::move(matches)}, job.stop);
    if (!order) {
        out.order = failure(order.error());
        return out;
    }
    if (job.kept) {
        keepInOrder(*order, *out.index, *job.kept, *job.order);
    }
    out.change = orderChange(*job.order, *order, out.index->rowCount());
    if (!out.change.gathered.empty()) {
        out.gatheredPositions = positionsIn(out.change.gathered, out.index->rowCount());
    }
    out.positions = positionsIn(*order, out.index->rowCount());
    out.order = std::make_shared<const RowOrder>(std::move(*order));
    return out;
}

}  // namespace earmark
