// Puts row numbers in order by a field: stable, missing values last both ways, ties by database row id. Pure, any
// thread.
#pragma once

#include <stop_token>
#include <vector>

#include "models/search/callindexdata.h"

namespace earmark {

struct SortKey;

/// `rows` ascending by row number. May return early, in no order, when stop is requested.
void sortRows(const CallIndex::Private& index, std::vector<RowNumber>& rows, const SortKey& key,
              const std::stop_token& stop);

}  // namespace earmark
