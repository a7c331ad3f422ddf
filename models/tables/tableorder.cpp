#include "models/tables/tableorder.h"

#include <algorithm>

namespace earmark {

std::vector<int> positionsIn(const RowOrder& order, RowNumber rowCount) {
    std::vector<int> positions(rowCount, -1);
    for (size_t i = 0; i < order.size(); ++i) {
        positions[order[i]] = int(i);
    }
    return positions;
}

OrderChange orderChange(const RowOrder& from, const RowOrder& to, RowNumber rowCount) {
    OrderChange change;
    if (from == to) {
        change.same = true;
        change.staying = to.size();
        return change;
    }
    const std::vector<int> before = positionsIn(from, rowCount);
    const std::vector<int> after = positionsIn(to, rowCount);

    RowOrder staying;
    RowOrder coming;
    for (const RowNumber row : to) {
        (before[row] >= 0 ? staying : coming).push_back(row);
    }
    change.staying = staying.size();
    const bool someVanish = staying.size() < from.size();
    if (someVanish) {
        change.gathered = staying;
        for (const RowNumber row : from) {
            if (after[row] < 0) {
                change.gathered.push_back(row);
            }
        }
    }
    // When rows vanish the staying ones are in new order already; else they are still in the old one.
    RowOrder there = someVanish ? staying : from;
    there.insert(there.end(), coming.begin(), coming.end());
    change.moves = there != to;
    if (!coming.empty()) {
        change.grown = std::move(there);
    }
    return change;
}

void keepRow(RowOrder& order, RowNumber row, size_t formerPosition) {
    if (std::ranges::find(order, row) == order.end()) {
        order.insert(order.begin() + std::ptrdiff_t(std::min(formerPosition, order.size())), row);
    }
}

}  // namespace earmark
