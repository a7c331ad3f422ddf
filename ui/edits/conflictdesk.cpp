#include "ui/edits/conflictdesk.h"

#include <QWidget>
#include <algorithm>

#include "ui/edits/conflictview.h"

namespace earmark {

using Conflicts = std::vector<ReviewConflict>;

ConflictDesk::ConflictDesk(Store* store, QWidget* desk) : QObject(desk), m_store(store), m_desk(desk) {}

void ConflictDesk::setCall(const std::optional<Call>& call) {
    m_call = call;
}

void ConflictDesk::load() {
    if (!m_call) {
        return;
    }
    m_store->loadConflicts(m_call->key, this, [this, key = m_call->key](const Result<Conflicts>& conflicts) {
        if (conflicts && m_call && m_call->key == key) {
            Q_EMIT found(providerName(m_call->provider), *conflicts);
        }
    });
}

void ConflictDesk::open(const ReviewConflict& conflict) {
    if (m_call && m_call->key == conflict.key) {
        ConflictView::open(m_store, conflict, *m_call, m_desk);
    }
}

void ConflictDesk::solve(ReviewField field) {
    if (!m_call) {
        return;
    }
    m_store->loadConflicts(m_call->key, this, [this, field](const Result<Conflicts>& all) {
        Conflicts conflicts = all.value_or(Conflicts());
        std::erase_if(conflicts, [field](const ReviewConflict& one) { return one.field != field; });
        const auto newest =
            std::find_if(conflicts.rbegin(), conflicts.rend(), [](const ReviewConflict& one) { return one.isOpen; });
        if (!conflicts.empty()) {
            open(newest != conflicts.rend() ? *newest : conflicts.back());
        }
    });
}

bool ConflictDesk::solveAny() {
    const Review review = m_call ? m_store->review(m_call->key) : Review();
    for (const auto& [edit, field] :
         {std::pair(&review.disposition, ReviewField::Disposition), std::pair(&review.notes, ReviewField::Notes)}) {
        if (*edit && (*edit)->state == EditState::Conflict) {
            solve(field);
            return true;
        }
    }
    return false;
}

}  // namespace earmark
