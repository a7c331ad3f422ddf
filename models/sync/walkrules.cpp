#include "models/sync/walkrules.h"

#include <QHash>
#include <algorithm>

namespace earmark {

namespace {

constexpr int kMostPages = 100'000;

quint64 hashOf(const QString& id) {
    return quint64(qHash(id, 0));
}

}  // namespace

WalkRules::WalkRules(int askedPageSize, int firstPage, std::optional<qint64> resumedTotal)
    : m_resumedTotal(resumedTotal),
      m_askedPageSize(std::max(askedPageSize, 1)),
      m_firstPage(std::max(firstPage, 1)),
      m_fromStart(firstPage <= 1) {}

/// Rows of the list that this pass and, before an interruption, its predecessor have seen.
qint64 WalkRules::covered() const {
    return qint64(m_firstPage - 1) * m_pageSize + m_passSeen.size() + m_rejected;
}

/// A total below what was seen already is none (servers say 0, or count something else).
bool WalkRules::totalIsCredible() const {
    return m_total && *m_total >= m_passSeen.size() + m_rejected;
}

void WalkRules::noteTotal(std::optional<qint64> total) {
    m_moved = m_moved || (m_pagesTaken > 1 && total != m_total);
    if (total && m_total && *total < *m_total) {
        m_totalFell = true;  // a row went, and another slipped over a page border unseen
    }
    m_total = total;
}

WalkRules::Verdict WalkRules::take(const PageFacts& facts) {
    ++m_pagesTaken;
    noteTotal(facts.total);
    if (facts.rows == 0) {
        return Verdict::AtEnd;
    }
    if (m_pageSize == 0) {
        m_pageSize = std::max(facts.pageSize.value_or(m_askedPageSize), facts.rows);
        // Fewer than it says it gives although there are more: then that is the page size, and the server ignores ours.
        if (facts.rows < m_pageSize && facts.total && *facts.total > covered() + facts.rows) {
            m_pageSize = facts.rows;
        }
    }
    const qsizetype before = m_passSeen.size();
    if (!facts.ids.isEmpty() && m_firstIds.contains(hashOf(facts.ids.first()))) {
        m_moved = true;
        return Verdict::AtEnd;
    }
    for (const QString& id : facts.ids) {
        m_passSeen.insert(hashOf(id));
        m_everSeen.insert(hashOf(id));
    }
    if (!facts.ids.isEmpty()) {
        m_firstIds.insert(hashOf(facts.ids.first()));
    }
    m_rejected += facts.rows - facts.ids.size();
    m_moved = m_moved || m_passSeen.size() - before < facts.ids.size();
    if (!facts.ids.isEmpty() && m_passSeen.size() == before) {
        return Verdict::AtEnd;
    }
    return endBySize(facts);
}

WalkRules::Verdict WalkRules::endBySize(const PageFacts& facts) {
    if (m_secondPass && m_unionSuffices && !m_totalFell && m_total && m_everSeen.size() + m_rejected >= *m_total) {
        return Verdict::AtEnd;
    }
    const bool credible = totalIsCredible();
    qint64 allowed = kMostPages;
    if (credible) {
        if (covered() >= *m_total || qint64(facts.page) * m_pageSize >= *m_total) {
            return Verdict::AtEnd;
        }
        allowed = std::min<qint64>(allowed, *m_total / m_pageSize + 3);
    } else if (facts.rows < m_pageSize) {
        return Verdict::AtEnd;
    }
    if (m_pagesTaken >= allowed) {
        m_neverEnded = true;
        return Verdict::AtEnd;
    }
    return Verdict::GoOn;
}

int WalkRules::surePages() const {
    if (m_pageSize == 0 || !totalIsCredible()) {
        return 0;
    }
    return int(std::min<qint64>((*m_total + m_pageSize - 1) / m_pageSize, kMostPages));
}

bool WalkRules::needsAnotherPass() const {
    if (m_secondPass || m_neverEnded || !totalIsCredible()) {
        return false;
    }
    const bool movedSinceInterruption = !m_fromStart && m_resumedTotal != m_total;
    // A total that is merely wrong is no reason to read everything twice.
    return m_totalFell || movedSinceInterruption || (m_moved && covered() < *m_total);
}

void WalkRules::beginAnotherPass() {
    // Where nothing went away, what both passes saw together is the whole, and the second may end early.
    m_unionSuffices = !m_totalFell;
    m_secondPass = true;
    m_fromStart = true;
    m_totalFell = false;
    m_moved = false;
    m_firstPage = 1;
    m_pageSize = 0;
    m_pagesTaken = 0;
    m_rejected = 0;
    m_passSeen.clear();
    m_firstIds.clear();
}

bool WalkRules::sawEverything() const {
    if (!m_fromStart || m_neverEnded || m_totalFell || m_rejected > 0 || !totalIsCredible() || *m_total == 0) {
        return false;
    }
    return (m_unionSuffices ? m_everSeen.size() : m_passSeen.size()) >= *m_total;
}

}  // namespace earmark
