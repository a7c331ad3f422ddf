// What was done to marks in this session, newest last, so that it can be taken back and done again beside the steps of
// the store. Pure, any thread.
#pragma once

#include <optional>
#include <vector>

#include "models/domain/callmark.h"

namespace earmark {

struct MarkStep {
    std::optional<CallMark> before;  ///< nullopt: it was made
    std::optional<CallMark> after;   ///< nullopt: it was removed
    Moment at{};                     ///< of the doing, the taking back or the doing again

    [[nodiscard]] const CallMark& mark() const { return after ? *after : *before; }
};

class MarkSteps final {
 public:
    /// What was taken back before can no longer be done again.
    void note(const MarkStep& step);
    [[nodiscard]] const MarkStep* nextUndo() const { return m_done.empty() ? nullptr : &m_done.back(); }
    [[nodiscard]] const MarkStep* nextRedo() const { return m_undone.empty() ? nullptr : &m_undone.back(); }
    std::optional<MarkStep> undo(Moment now) { return move(&m_done, &m_undone, now); }
    std::optional<MarkStep> redo(Moment now) { return move(&m_undone, &m_done, now); }

 private:
    static std::optional<MarkStep> move(std::vector<MarkStep>* from, std::vector<MarkStep>* to, Moment now);

    std::vector<MarkStep> m_done;
    std::vector<MarkStep> m_undone;
};

}  // namespace earmark
