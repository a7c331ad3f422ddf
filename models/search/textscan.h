// The seam between a filter and the long texts, which lie in the store and not in the index: hands out the callback
// for a scan and afterwards yields what it found. The callback may run in any one thread at a time; the rest is for the
// thread that started the scan.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "models/domain/indexrow.h"
#include "models/search/filter.h"

namespace earmark {

/// What one text leaf of a filter found in what the provider wrote: database row ids, sorted. Local edits are no part
/// of it: runQuery() lays the notes of the index's reviews over it, so an edit needs no new scan.
struct TextLeafMatches {
    std::vector<qint64> inTexts;  ///< summary, next action (and whatever else but notes)
    std::vector<qint64> inProviderNotes;
};

/// One entry per text leaf; as many as Filter::textLeafCount().
using TextMatches = std::vector<TextLeafMatches>;

/// Use: `TextScan scan(filter); if (scan.isNeeded()) store->scanTexts(scan.matcher(), stop, this, ...)`, then
/// `Query{filter, sort, scan.matches()}`. Rows that changed later can be fed to the same matcher again: the newest
/// answer for a row counts.
class TextScan final {
 public:
    explicit TextScan(const Filter& filter);

    [[nodiscard]] bool isNeeded() const;  ///< false = no leaf looks into texts; matches() is then empty
    /// True when any leaf matches these texts. Shares its results with this object and may outlive it.
    [[nodiscard]] std::function<bool(const CallTexts&)> matcher() const;
    /// Lawful once the scan has ended (its `done` came) and before the next one starts.
    [[nodiscard]] TextMatches matches() const;

 private:
    struct Found;
    std::shared_ptr<Found> m_found;
};

}  // namespace earmark
