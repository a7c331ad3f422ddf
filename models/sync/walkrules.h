// When a walk over a list's pages is at its end, whether it has to be read once more, and whether it has seen
// everything. Offset paging over live data is never trusted: pages are sets of ids. Pure logic, any thread.
//
// What proves a pass: all its answers name one total, and just as many different rows were seen. Rows that only change
// places (Atoms puts a changed call on top) cannot cheat that count: whatever slipped over a page border unseen leaves
// it short. Rows that come or go change the total. Without such a proof (a total that is missing, wrong or changing)
// the list is read again until two passes in a row show the same rows, at most kMostExtraPasses times.
// What no rule sees without reading everything twice: a row that goes from the part already read while another comes to
// the part not yet read, between the same two answers. Such a row comes with the next walk; rows are therefore called
// "not listed" only when two whole passes did not show them (`readTwice`).
// A walk that was interrupted may go on only where it stood: it begins with the last page that was stored. That page
// tells how many rows a page has (what the server says of it may be wrong), and a call on it that is not known shows
// that rows have changed places since (`hasMovedSince`). What cannot be seen so are as many rows that came as went in
// the pages before it: those that came are found by the next walk.
#pragma once

#include <QSet>
#include <QStringList>
#include <algorithm>
#include <optional>

namespace earmark {

struct PageFacts {
    int page = 1;
    int rows = 0;  ///< on the page, rejected ones too
    QStringList ids;
    std::optional<qint64> total;  ///< what the server says
    std::optional<int> pageSize;  ///< what the server says it used
    std::optional<bool> hasMore;  ///< what the server says; nullopt: its dialect has no such word
};

struct WalkStart {
    int askedPageSize = 200;
    int firstPage = 1;                  ///< above 1: the last page that the interrupted walk stored, read again
    std::optional<qint64> knownTotal;   ///< what the walk before was told last, interrupted or not
    bool rowsMoveByThemselves = false;  ///< by the dialect's order: a changed row jumps to the top
};

class WalkRules final {
 public:
    enum class Verdict { GoOn, AtEnd };
    enum class PassFor { Movement, Confirmation };
    static constexpr int kMostExtraPasses = 3;
    static constexpr int kMostPages = 100'000;       ///< of one pass, when the total allows as many
    static constexpr int kMostPagesUnsaid = 20'000;  ///< of one pass without a total that can be believed

    explicit WalkRules(const WalkStart& start);

    /// Answers as they arrive, pages fetched ahead too: only in time a rising total differs from a falling one.
    void noteArrival(const PageFacts& facts);

    /// Pages in their order, each noted before. Ends on an empty page, a page without new ids, three pages in a row
    /// without any id, and where the total and the server's word for "more" agree that it is the last; at last at a
    /// cap: three pages more than a credible total allows, kMostPagesUnsaid without one.
    [[nodiscard]] Verdict take(const PageFacts& facts);

    /// The highest page that exists for sure by what was said so far: what may be fetched ahead.
    [[nodiscard]] int surePages() const;

    /// With the calls of the page taken last that were not known: true when it is the one with which an interrupted
    /// walk goes on, and the list is no longer as it was. The pages before it have to be read again then.
    [[nodiscard]] bool hasMovedSince(qint64 unknownCalls) const {
        return isResumed() && m_pagesTaken == 1 && unknownCalls > 0;
    }

    /// After the end of a pass: nothing proves that all was seen, so one more pass from page 1 is due.
    [[nodiscard]] bool needsAnotherPass() const;
    [[nodiscard]] bool mayReadAgain() const { return !m_neverEnded && m_extraPasses < kMostExtraPasses; }
    /// A pass for confirmation never ends early; one for movement ends as soon as the passes together have seen all.
    void beginAnotherPass(PassFor why);

    /// After the end: everything that the server says it has was seen by this walk, from page 1 on.
    [[nodiscard]] bool sawEverything() const;
    [[nodiscard]] bool readTwice() const { return m_wholePasses >= 2; }
    [[nodiscard]] bool neverEnded() const { return m_neverEnded; }
    [[nodiscard]] bool stillMoving() const { return !m_neverEnded && !isQuiet(); }
    [[nodiscard]] std::optional<qint64> total() const { return m_total; }
    /// Rows listed, by the last pass or by all passes since rows were seen to go.
    [[nodiscard]] qint64 distinctSeen() const {
        return passIsProved() ? m_passSeen.size() : std::max(m_passSeen.size(), m_unionSeen.size());
    }

 private:
    [[nodiscard]] bool onePageIsAll() const;
    [[nodiscard]] bool mayCountThePage(const PageFacts& facts) const;
    [[nodiscard]] Verdict endBySize(const PageFacts& facts) const;
    [[nodiscard]] bool isBeyondCap() const;
    [[nodiscard]] qint64 covered() const;
    [[nodiscard]] bool totalIsCredible() const;
    void settlePageSize(const PageFacts& facts);
    [[nodiscard]] bool takeIds(const QStringList& ids);
    [[nodiscard]] bool isQuiet() const;
    [[nodiscard]] bool passIsProved() const;
    [[nodiscard]] bool unionIsProved() const;
    [[nodiscard]] bool passRepeatsTheLast() const;
    [[nodiscard]] bool isEmptyList() const;
    [[nodiscard]] bool isResumed() const { return m_start.firstPage > 1; }
    [[nodiscard]] bool resumedAsItWas() const;

    WalkStart m_start;
    // Hashes instead of ids: a campaign may hold a million. Two ids with one 64-bit hash would cost a page at worst.
    QSet<quint64> m_passSeen;
    QSet<quint64> m_previousSeen;  ///< by the pass before, whole
    QSet<quint64> m_unionSeen;     ///< by all passes since the total last fell, without the pass it fell in
    QSet<quint64> m_pagesSeen;     ///< in this pass, each page by all its ids in their order
    std::optional<qint64> m_total;
    int m_pageSize = 0;    ///< what the server really gives; 0 = no row taken in this pass
    int m_pagesTaken = 0;  ///< in this pass
    int m_arrivals = 0;    ///< in this pass
    int m_pagesWithoutId = 0;
    qint64 m_rejected = 0;  ///< in this pass
    int m_extraPasses = 0;
    int m_wholePasses = 0;  ///< that came to the end which the total names
    bool m_confirming = false;
    bool m_everRejected = false;
    bool m_totalChanged = false;      ///< in this pass
    bool m_totalFell = false;         ///< in this pass: no telling which of the rows it saw are still there
    bool m_totalCountsPages = false;  ///< in this pass, as far as its answers tell: a page's rows, not the list's
    bool m_promisesMore = false;      ///< in this pass by its last page of rows, or its first page
    bool m_totalDoubted = false;      ///< in any pass: fewer than were seen, or the end although more were promised
    bool m_cameTwice = false;         ///< in this pass: an id, other than by a page that is repeated as a whole
    bool m_neverEnded = false;
};

}  // namespace earmark
