// What a snapshot of the call index consists of; for the files of this room that build and read it.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "models/search/callindex.h"
#include "models/search/dictionary.h"
#include "models/search/segment.h"

namespace earmark {

struct CallIndex::Private {
    RowNumber rows = 0;
    RowNumber liveRows = 0;
    qint64 highestCallRow = std::numeric_limits<qint64>::min();
    bool callRowsAscend = true;  ///< row order is then the order that breaks ties
    std::vector<std::shared_ptr<const Segment>> segments;
    ColumnSet<Words, Dictionary> dictionaries;
    CampaignTable campaigns;
    SharedMap rowsByCallRow;
    SharedMap rowsByKey;  ///< by hash; candidates are compared

    [[nodiscard]] const Segment& segment(RowNumber row) const { return *segments[row / kSegmentRows]; }
    [[nodiscard]] static std::size_t offset(RowNumber row) { return row % kSegmentRows; }
    /// The text of a dictionary column, nullopt for no value.
    [[nodiscard]] std::optional<QString> text(RowNumber row, Words column) const;
    [[nodiscard]] std::optional<QString> text(RowNumber row, Texts column) const;
    [[nodiscard]] CallKey key(RowNumber row) const;
    [[nodiscard]] bool isLive(RowNumber row) const { return segment(row).bits[Bits::Live].at(offset(row)); }

    [[nodiscard]] static quint64 hashOf(const CallKey& key) { return qHash(key, 0); }
};

}  // namespace earmark
