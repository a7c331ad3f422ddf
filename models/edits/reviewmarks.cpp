#include "models/edits/reviewmarks.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace earmark {

namespace {

EditToCommit editOf(const CallKey& call, ReviewField field, const std::optional<QString>& value,
                    const QString& step = {}) {
    EditToCommit edit;
    edit.key = call;
    edit.field = field;
    edit.value = value;
    edit.origin = u"desk"_s;
    edit.step = step;
    return edit;
}

}  // namespace

ReviewMarks::ReviewMarks(Store* store, std::shared_ptr<const Clock> clock, QObject* parent)
    : QObject(parent), m_store(store), m_clock(std::move(clock)) {
    m_retry.setInterval(2s);
    connect(&m_retry, &QTimer::timeout, this, &ReviewMarks::retry);
}

ReviewMarks::~ReviewMarks() {
    // Nobody hears the answers any more; the store finishes what has been ordered.
    for (const Order& order : std::as_const(m_orders)) {
        if (!order.underWay) {
            m_store->commitEdit(order.edit, m_store, {});
        }
    }
}

void ReviewMarks::markReviewed(const CallKey& call, const std::optional<double>& heardSeconds) {
    order(editOf(call, ReviewField::Reviewed, reviewedMarkText({m_clock->now(), heardSeconds})));
}

void ReviewMarks::markNotReviewed(const CallKey& call) {
    order(editOf(call, ReviewField::Reviewed, std::nullopt));
}

void ReviewMarks::flag(const CallKey& call, const QString& word) {
    order(editOf(call, ReviewField::Flag, word));
}

void ReviewMarks::takeFlagAway(const CallKey& call) {
    order(editOf(call, ReviewField::Flag, std::nullopt));
}

std::optional<OrderedEdit> ReviewMarks::takeReviewed(const CallKey& call, const std::optional<double>& heardSeconds,
                                                     const QString& step) {
    if (isReviewed(call)) {
        return std::nullopt;
    }
    return take(editOf(call, ReviewField::Reviewed, reviewedMarkText({m_clock->now(), heardSeconds}), step));
}

bool ReviewMarks::isReviewed(const CallKey& call) const {
    const auto pending = m_orders.constFind({call, ReviewField::Reviewed});
    return pending != m_orders.cend() ? pending->edit.value.has_value() : m_store->review(call).reviewedAt.has_value();
}

std::optional<QString> ReviewMarks::flagOf(const CallKey& call) const {
    const auto pending = m_orders.constFind({call, ReviewField::Flag});
    return pending != m_orders.cend() ? pending->edit.value : m_store->review(call).flag;
}

QString ReviewMarks::problem(const CallKey& call) const {
    for (const ReviewField field : {ReviewField::Reviewed, ReviewField::Flag}) {
        const auto pending = m_orders.constFind({call, field});
        if (pending != m_orders.cend() && !pending->problem.isEmpty()) {
            return pending->problem;
        }
    }
    return {};
}

OrderedEdit ReviewMarks::take(EditToCommit edit) {
    const Mark mark{edit.key, edit.field};
    const quint64 number = ++m_last;
    m_orders.insert(mark, {edit, number, true, {}});
    return {std::move(edit), [this, mark, number](const Done& done) { answered(mark, number, done); }};
}

void ReviewMarks::answered(const Mark& mark, quint64 number, const Done& done) {
    const auto pending = m_orders.find(mark);
    const bool isNewest = pending != m_orders.end() && pending->number == number;
    if (isNewest && done) {
        m_orders.erase(pending);
    } else if (isNewest) {
        pending->underWay = false;
        pending->problem = errorText(done.error());
        if (!m_retry.isActive()) {
            m_retry.start();
        }
    }
    Q_EMIT changed(mark.first);
    if (done) {
        Q_EMIT committed(mark.first);
    }
}

void ReviewMarks::retry() {
    if (m_orders.isEmpty()) {
        m_retry.stop();
        return;
    }
    for (auto it = m_orders.begin(); it != m_orders.end(); ++it) {
        if (!it->underWay) {
            it->underWay = true;
            m_store->commitEdit(it->edit, this,
                                [this, mark = it.key(), number = it->number](const Result<Review>& review) {
                                    answered(mark, number, review ? Done() : failure(review.error()));
                                });
        }
    }
}

}  // namespace earmark
