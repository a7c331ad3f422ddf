// Brings answers from the lanes back to the askers in the main thread: exactly once, in the order each lane gave them,
// and never to an asker that has died. expect() in the main thread; deliver() from any thread while this object lives.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <functional>
#include <memory>

namespace earmark {

class Courier final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Courier)

 public:
    using Taker = std::function<void(void*)>;

    explicit Courier(QObject* parent = nullptr) : QObject(parent) {}

    /// `always` runs first and in any case, `done` only while `context` lives. Both stay here, so that whatever they
    /// captured is destroyed in this thread too, never in a lane.
    [[nodiscard]] quint64 expect(QObject* context, Taker always, Taker done);
    /// The answer is destroyed in the main thread.
    void deliver(quint64 number, std::shared_ptr<void> answer);

 private:
    struct Expected {
        // Made, asked and destroyed in the thread of both objects: no lane ever looks at it.
        QPointer<QObject> context;
        Taker always;
        Taker done;
    };
    void handOver(quint64 number, void* answer);

    QHash<quint64, Expected> m_expected;
    quint64 m_last = 0;
};

}  // namespace earmark
