// When a walk over a campaign's pages is at its end, and whether it has seen everything. Offset paging over live data
// is never trusted: pages are sets of ids. Pure logic, any thread.
#pragma once

#include <QSet>
#include <QStringList>
#include <optional>

namespace earmark {

struct PageFacts {
    int page = 1;
    int rows = 0;  ///< on the page, rejected ones too
    QStringList ids;
    std::optional<qint64> total;  ///< what the server says
    std::optional<int> pageSize;  ///< what the server says it used
};

class WalkRules final {
 public:
    enum class Verdict { GoOn, AtEnd };

    /// `resumedTotal`: the total of the interrupted walk whose pages before `firstPage` are stored already.
    WalkRules(int askedPageSize, int firstPage, std::optional<qint64> resumedTotal);

    /// Pages in their order. Ends on an empty page, a short page, the last page by total, a first id seen before, a
    /// page without new ids; and at last when it has taken two pages more than the total allows.
    [[nodiscard]] Verdict take(const PageFacts& facts);

    /// The highest page that exists for sure by what was said so far: what may be fetched ahead.
    [[nodiscard]] int surePages() const;

    /// After the end: rows moved while we walked (or since the interruption), so one more pass from page 1 is due.
    [[nodiscard]] bool needsAnotherPass() const;
    void beginAnotherPass();

    /// Everything the server says it has was seen by this walk, from page 1 on, and nothing went missing meanwhile.
    [[nodiscard]] bool sawEverything() const;
    [[nodiscard]] bool neverEnded() const { return m_neverEnded; }
    [[nodiscard]] std::optional<qint64> total() const { return m_total; }
    [[nodiscard]] qint64 distinctSeen() const { return m_everSeen.size(); }

 private:
    [[nodiscard]] Verdict endBySize(const PageFacts& facts);
    [[nodiscard]] qint64 covered() const;
    [[nodiscard]] bool totalIsCredible() const;
    void noteTotal(std::optional<qint64> total);

    // Hashes instead of ids: a campaign may hold a million. Two ids with one 64-bit hash would cost a page at worst.
    QSet<quint64> m_everSeen;
    QSet<quint64> m_passSeen;
    QSet<quint64> m_firstIds;
    std::optional<qint64> m_resumedTotal;
    std::optional<qint64> m_total;
    int m_askedPageSize;
    int m_pageSize = 0;  ///< what the server really gives; 0 = no page taken in this pass
    int m_firstPage;
    int m_pagesTaken = 0;   ///< in this pass
    qint64 m_rejected = 0;  ///< in this pass
    bool m_fromStart;
    bool m_secondPass = false;
    bool m_totalFell = false;
    bool m_moved = false;  ///< in this pass: the total changed, or an id came twice
    bool m_unionSuffices = false;
    bool m_neverEnded = false;
};

}  // namespace earmark
