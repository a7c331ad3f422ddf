#include "models/sync/workers.h"

namespace earmark {

Workers::Workers(int threads, QObject* parent) : QObject(parent) {
    m_pool.setMaxThreadCount(threads);
}

Workers::~Workers() {
    m_pool.clear();
    m_pool.waitForDone();  // no thread knows of this object any more; posted results die with it
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
