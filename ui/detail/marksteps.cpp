#include "ui/detail/marksteps.h"

namespace earmark {

namespace {

constexpr std::size_t kMost = 1000;

}  // namespace

void MarkSteps::note(const MarkStep& step) {
    m_undone.clear();
    m_done.push_back(step);
    if (m_done.size() > kMost) {
        m_done.erase(m_done.begin());
    }
}

std::optional<MarkStep> MarkSteps::move(std::vector<MarkStep>* from, std::vector<MarkStep>* to, Moment now) {
    if (from->empty()) {
        return std::nullopt;
    }
    MarkStep step = from->back();
    step.at = now;
    from->pop_back();
    to->push_back(step);
    return step;
}

}  // namespace earmark
