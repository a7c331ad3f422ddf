#include "models/sync/walkrules.h"

#include <QHash>
#include <algorithm>
#include <utility>

namespace earmark {

namespace {

constexpr int kMostPagesWithoutId = 3;

quint64 hashOf(const QString& id) {
    return quint64(qHash(id, 0));
}

}  // namespace

WalkRules::WalkRules(const WalkStart& start) : m_start(start) {
    m_start.askedPageSize = std::max(start.askedPageSize, 1);
    m_start.firstPage = std::max(start.firstPage, 1);
}

/// Rows of the list that this pass and, before an interruption, its predecessor have seen.
qint64 WalkRules::covered() const {
    return qint64(m_start.firstPage - 1) * m_pageSize + m_passSeen.size() + m_rejected;
}

/// A total below what was seen already is none (servers say 0, or count something else).
bool WalkRules::totalIsCredible() const {
    return m_total && *m_total >= m_passSeen.size() + m_rejected;
}

void WalkRules::noteArrival(const PageFacts& facts) {
    ++m_arrivals;
    if (facts.rows == 0 && m_arrivals > 1 && facts.total.value_or(0) <= 0) {
        return;  // beyond their end some servers say 0, or nothing
    }
    m_totalChanged = m_totalChanged || (m_arrivals > 1 && facts.total != m_total);
    if (facts.total && m_total && *facts.total < *m_total) {
        m_totalFell = m_totalFell || m_arrivals > 1;
        m_unionSeen.clear();  // a row went, and nobody knows which of those seen
    }
    m_total = facts.total;
}

void WalkRules::settlePageSize(const PageFacts& facts) {
    if (m_pageSize > 0) {
        return;
    }
    if (isResumed()) {
        m_pageSize = facts.rows;  // pages came after it: it is a full one, whatever the server says of its size
        return;
    }
    m_pageSize = std::max(facts.pageSize.value_or(m_start.askedPageSize), facts.rows);
    // Fewer than it says it gives although there are more: then that is the page size, and the server ignores ours.
    if (facts.rows < m_pageSize && facts.total && *facts.total > covered() + facts.rows) {
        m_pageSize = facts.rows;
    }
}

/// False for a page of ids that were all seen before in this pass.
bool WalkRules::takeIds(const QStringList& ids) {
    const qsizetype before = m_passSeen.size();
    quint64 page = 0;
    for (const QString& id : ids) {
        const quint64 hash = hashOf(id);
        page = quint64(qHashMulti(0, page, hash));
        m_passSeen.insert(hash);
        if (!m_totalFell) {
            m_unionSeen.insert(hash);
        }
    }
    const qsizetype fresh = m_passSeen.size() - before;
    const bool wholePageAgain = m_pagesSeen.contains(page);
    m_pagesSeen.insert(page);
    // A whole page again is what some servers give beyond their end; single rows come twice only where rows move.
    m_cameTwice = m_cameTwice || (fresh < ids.size() && !wholePageAgain);
    return fresh > 0;
}

WalkRules::Verdict WalkRules::take(const PageFacts& facts) {
    ++m_pagesTaken;
    Verdict verdict = Verdict::AtEnd;
    if (facts.rows == 0 && onePageIsAll() && facts.total != m_total) {
        m_totalCountsPages = m_totalDoubted = true;
    }
    if (facts.rows > 0 || m_pagesTaken == 1) {  // beyond their end some servers promise more for ever
        m_promisesMore = facts.hasMore.value_or(false);
    }
    if (facts.rows > 0) {
        settlePageSize(facts);
        m_rejected += facts.rows - facts.ids.size();
        m_everRejected = m_everRejected || m_rejected > 0;
        m_pagesWithoutId = facts.ids.isEmpty() ? m_pagesWithoutId + 1 : 0;
        const bool bringsSomething = facts.ids.isEmpty() ? m_pagesWithoutId < kMostPagesWithoutId : takeIds(facts.ids);
        const bool beyondTotal = m_promisesMore && m_total && m_passSeen.size() + m_rejected >= *m_total;
        m_totalDoubted = m_totalDoubted || beyondTotal || !totalIsCredible();
        if (unionIsProved() && !mayCountThePage(facts)) {
            return Verdict::AtEnd;
        }
        verdict = bringsSomething ? endBySize(facts) : Verdict::AtEnd;
    }
    if (verdict == Verdict::GoOn && isBeyondCap()) {
        m_neverEnded = !m_totalChanged;  // else it may have been the total of another moment
        return Verdict::AtEnd;
    }
    const bool whole = m_start.firstPage == 1 && totalIsCredible() && covered() >= *m_total;
    if (verdict == Verdict::AtEnd) {
        m_wholePasses += whole ? 1 : 0;
        m_totalDoubted = m_totalDoubted || m_promisesMore;
    }
    return verdict;
}

/// The page after the only one, a full one, was asked for because the total may count no more than its page. Where it
/// says another total, or none, nothing is proved: the row that would have been on it may just have gone up.
bool WalkRules::onePageIsAll() const {
    return m_pagesTaken == 2 && m_passSeen.size() + m_rejected == m_pageSize && m_total == m_pageSize;
}

/// After a page that brought something.
WalkRules::Verdict WalkRules::endBySize(const PageFacts& facts) const {
    if (facts.hasMore.value_or(false)) {
        return Verdict::GoOn;
    }
    if (!totalIsCredible()) {
        // A short page alone is no end: the server may give fewer than it was asked for. Nor is "no more" beside a
        // total that is wrong: both may come from one count.
        return facts.hasMore && !m_total ? Verdict::AtEnd : Verdict::GoOn;
    }
    if (covered() < *m_total && qint64(facts.page) * m_pageSize < *m_total) {
        return Verdict::GoOn;
    }
    return mayCountThePage(facts) ? Verdict::GoOn : Verdict::AtEnd;
}

/// A single full page of just as many rows as the total says.
bool WalkRules::mayCountThePage(const PageFacts& facts) const {
    return facts.page == 1 && !facts.hasMore && facts.rows == m_pageSize && m_total == facts.rows;
}

/// By what its pages bring on average: a server may give fewer rows than it says.
bool WalkRules::isBeyondCap() const {
    if (!totalIsCredible()) {
        return m_pagesTaken >= kMostPagesUnsaid;
    }
    const qint64 rows = std::max<qint64>((m_passSeen.size() + m_rejected) / m_pagesTaken, 1);
    return m_pagesTaken >= std::min<qint64>(kMostPages, *m_total / rows + 3);
}

int WalkRules::surePages() const {
    if (m_pageSize == 0 || !totalIsCredible()) {
        return 0;
    }
    return int(std::min<qint64>((*m_total + m_pageSize - 1) / m_pageSize, kMostPages));
}

/// As many different rows as every answer of the pass says there are.
bool WalkRules::passIsProved() const {
    return m_start.firstPage == 1 && !m_totalChanged && !m_totalCountsPages && !m_promisesMore && m_total &&
           *m_total > 0 && m_passSeen.size() + m_rejected == *m_total && (m_rejected == 0 || !m_cameTwice);
}

/// Where nothing went away, what the passes saw together is the whole, and a pass need not be finished. A pass for
/// confirmation wants more than that, and a total that was wrong before proves nothing.
bool WalkRules::unionIsProved() const {
    return m_extraPasses > 0 && !m_confirming && !m_everRejected && !m_totalDoubted && !m_totalFell && m_total &&
           *m_total > 0 && m_unionSeen.size() == *m_total;
}

/// For servers whose total proves nothing: twice the same rows, and none that moved meanwhile.
bool WalkRules::passRepeatsTheLast() const {
    return m_extraPasses > 0 && !m_totalChanged && !m_cameTwice && m_passSeen == m_previousSeen;
}

/// A list that was not empty before is looked at once more.
bool WalkRules::isEmptyList() const {
    return m_start.knownTotal.value_or(0) <= 0 && m_start.firstPage == 1 && m_passSeen.isEmpty() && m_rejected == 0 &&
           m_total == 0 && !m_promisesMore;
}

/// An interrupted walk went on, past the page it began with, in a list that has as many rows as then. Where rows move
/// by themselves that says nothing.
bool WalkRules::resumedAsItWas() const {
    return isResumed() && m_pagesTaken > 1 && !m_start.rowsMoveByThemselves && !m_totalChanged && m_total &&
           m_start.knownTotal == m_total && m_pageSize > 0 && covered() == *m_total;
}

bool WalkRules::isQuiet() const {
    return passIsProved() || unionIsProved() || passRepeatsTheLast() || isEmptyList() || resumedAsItWas();
}

bool WalkRules::needsAnotherPass() const {
    return mayReadAgain() && !isQuiet();
}

void WalkRules::beginAnotherPass(PassFor why) {
    ++m_extraPasses;
    m_confirming = why == PassFor::Confirmation;
    m_start.firstPage = 1;
    m_totalChanged = false;
    m_totalFell = false;
    m_totalCountsPages = false;
    m_promisesMore = false;
    m_cameTwice = false;
    m_arrivals = 0;
    m_pageSize = 0;
    m_pagesTaken = 0;
    m_pagesWithoutId = 0;
    m_rejected = 0;
    m_previousSeen = std::exchange(m_passSeen, {});
    m_pagesSeen.clear();
}

bool WalkRules::sawEverything() const {
    return !m_neverEnded && m_rejected == 0 && (passIsProved() || unionIsProved());
}

}  // namespace earmark
