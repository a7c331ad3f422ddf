// Which page of a list is asked for, whose turn it is, when another pass begins and where a walk stands after a page:
// everything a walk decides, without network and store. Any thread, one at a time.
#pragma once

#include <set>
#include <vector>

#include "models/sync/walkrules.h"

namespace earmark {

class WalkPlan final {
 public:
    static constexpr int kPagesAhead = 2;

    explicit WalkPlan(const WalkStart& start)
        : m_rules(start), m_next(std::max(start.firstPage, 1)), m_resumesAt(m_next > 1 ? m_next : 0) {}

    /// The pages to ask for now: the one whose turn it is, and some ahead that exist for sure. Each is named once,
    /// until it is taken or forgotten; none after the end of a pass.
    [[nodiscard]] std::vector<int> pagesToAsk();

    /// An answer that is waited for has come; its turn may be later.
    void arrived(const PageFacts& facts) { m_rules.noteArrival(facts); }

    /// Answers to anything else (an earlier pass, beyond the end) are dropped.
    [[nodiscard]] bool awaits(int page, int pass) const { return pass == m_pass && m_asked.contains(page); }
    [[nodiscard]] int nextPage() const { return m_next; }
    [[nodiscard]] int pass() const { return m_pass; }

    /// Takes the page whose turn it is.
    [[nodiscard]] WalkRules::Verdict take(const PageFacts& facts);

    /// The page taken last is stored; `added` of its calls were not known before. True: a pass from page 1 has begun,
    /// because an interrupted walk does not stand where it stood.
    [[nodiscard]] bool beginsAnewAfter(qint64 added);

    /// The page whose turn it is is the one with which an interrupted walk goes on, and the server refuses it: the list
    /// may have become too short for it, so it is taken for an empty one, and the pass from page 1 that is due after
    /// that shows whether the list itself is refused.
    [[nodiscard]] bool mayLieBeyondTheEnd() const { return m_next == m_resumesAt; }

    /// Where a walk that is interrupted after this page goes on: with page 1 where the page read again at the beginning
    /// is stored, and `beginsAnewAfter` does not know yet what it showed. Once stored its calls are no news any more.
    struct Place {
        int nextPage = 1;
        bool complete = false;
    };
    [[nodiscard]] Place placeAfter(WalkRules::Verdict verdict) const;

    enum class AfterPass {
        AnotherPass,       ///< has begun: ask again
        AskWhoIsUnlisted,  ///< everything was seen: `toUnlist` wants to know how many known rows were not
        Finished
    };
    [[nodiscard]] AfterPass afterPass();
    /// `unseen`: known rows of the list that no page of this walk showed. Nothing: nobody is to be marked.
    enum class Unlisting { Nothing, AnotherPass, Mark };
    [[nodiscard]] Unlisting toUnlist(qint64 unseen);

    [[nodiscard]] const WalkRules& rules() const { return m_rules; }

 private:
    void begin(WalkRules::PassFor why);

    WalkRules m_rules;
    std::set<int> m_asked;
    int m_next = 1;
    int m_resumesAt = 0;  ///< the page with which an interrupted walk goes on, until it is stored and compared; else 0
    int m_pass = 1;
    bool m_passIsOver = false;
};

}  // namespace earmark
