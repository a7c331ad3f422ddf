#include "models/sync/walkplan.h"

#include <algorithm>

namespace earmark {

std::vector<int> WalkPlan::pagesToAsk() {
    std::vector<int> pages;
    if (m_passIsOver) {
        return pages;
    }
    const int last = std::max(std::min(m_next + kPagesAhead, m_rules.surePages()), m_next);
    for (int page = m_next; page <= last; ++page) {
        if (m_asked.insert(page).second) {
            pages.push_back(page);
        }
    }
    return pages;
}

WalkRules::Verdict WalkPlan::take(const PageFacts& facts) {
    m_asked.erase(m_next);
    ++m_next;
    const WalkRules::Verdict verdict = m_rules.take(facts);
    if (verdict == WalkRules::Verdict::AtEnd) {
        m_passIsOver = true;
        m_asked.clear();
    }
    return verdict;
}

bool WalkPlan::beginsAnewAfter(qint64 added) {
    m_resumesAt = 0;
    if (m_passIsOver || !m_rules.hasMovedSince(added)) {
        return false;
    }
    begin(WalkRules::PassFor::Movement);
    return true;
}

WalkPlan::Place WalkPlan::placeAfter(WalkRules::Verdict verdict) const {
    if (verdict == WalkRules::Verdict::GoOn) {
        return {m_resumesAt > 0 ? 1 : m_next, false};
    }
    // A kill now makes the next walk begin with the pass that is due; and so does a list that never kept still.
    return {1, !m_rules.needsAnotherPass() && !m_rules.stillMoving()};
}

WalkPlan::AfterPass WalkPlan::afterPass() {
    if (m_rules.needsAnotherPass()) {
        begin(WalkRules::PassFor::Movement);
        return AfterPass::AnotherPass;
    }
    return m_rules.sawEverything() ? AfterPass::AskWhoIsUnlisted : AfterPass::Finished;
}

WalkPlan::Unlisting WalkPlan::toUnlist(qint64 unseen) {
    if (unseen <= 0) {
        return Unlisting::Nothing;
    }
    if (m_rules.readTwice()) {
        return Unlisting::Mark;
    }
    if (!m_rules.mayReadAgain()) {
        return Unlisting::Nothing;
    }
    begin(WalkRules::PassFor::Confirmation);
    return Unlisting::AnotherPass;
}

void WalkPlan::begin(WalkRules::PassFor why) {
    m_rules.beginAnotherPass(why);
    m_next = 1;
    ++m_pass;
    m_passIsOver = false;
    m_asked.clear();
}

}  // namespace earmark
