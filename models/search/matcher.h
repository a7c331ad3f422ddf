// A filter made ready for one snapshot: dictionaries are looked through once, then segments are matched 64 rows a word.
// Made and used by one query in one thread.
#pragma once

#include <array>
#include <memory>

#include "models/search/callindexdata.h"
#include "models/search/filternode.h"
#include "models/search/textscan.h"

namespace earmark {

/// One bit per row of a segment.
using RowMask = std::array<quint64, CallIndex::kSegmentRows / 64>;

class Matcher {
 public:
    Matcher() = default;
    virtual ~Matcher() = default;
    Q_DISABLE_COPY_MOVE(Matcher)
    /// Sets the bit of each row that matches. Bits of gone rows and behind the last row mean nothing.
    virtual void match(const Segment& segment, RowMask& mask) const = 0;
    /// Order of magnitude, so that cheap terms are asked first.
    [[nodiscard]] virtual int cost() const = 0;
};

using MatcherPtr = std::unique_ptr<const Matcher>;

/// `matches` has an entry for each text leaf; it and `index` must outlive the matcher.
[[nodiscard]] MatcherPtr matcherFor(const FilterNode& node, const CallIndex::Private& index,
                                    const TextMatches& matches);

}  // namespace earmark
