#include "models/sync/workers.h"

namespace earmark {

Workers::Workers(int threads, QObject* parent) : QObject(parent) {
    m_pool.setMaxThreadCount(threads);
}

Workers::~Workers() {
    m_pool.clear();  // what has begun is waited for by the pool's own destructor; posted results die with this object
}

quint64 Workers::expect(QObject* context, Taker done) {
    m_expected.insert(++m_last, {context, std::move(done)});
    return m_last;
}

void Workers::begin(std::function<void()> work) {
    m_pool.start(std::move(work));
}

void Workers::deliver(quint64 number, std::shared_ptr<void> result) {
    QMetaObject::invokeMethod(
        this,
        [this, number, result = std::move(result)] {
            const Expected expected = m_expected.take(number);
            if (expected.context) {
                expected.done(result.get());
            }
        },
        Qt::QueuedConnection);
}

}  // namespace earmark
