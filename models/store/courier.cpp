#include "models/store/courier.h"

#include <QMetaObject>
#include <QThread>

namespace earmark {

quint64 Courier::expect(QObject* context, Taker always, Taker done) {
    Q_ASSERT(QThread::currentThread() == thread());
    Q_ASSERT(context && context->thread() == thread());
    m_expected.insert(++m_last, {context, std::move(always), std::move(done)});
    return m_last;
}

void Courier::deliver(quint64 number, std::shared_ptr<void> answer) {
    QMetaObject::invokeMethod(
        this, [this, number, answer = std::move(answer)] { handOver(number, answer.get()); }, Qt::QueuedConnection);
}

void Courier::handOver(quint64 number, void* answer) {
    const Expected expected = m_expected.take(number);
    if (expected.always) {
        expected.always(answer);
    }
    if (expected.context && expected.done) {
        expected.done(answer);
    }
}

}  // namespace earmark
