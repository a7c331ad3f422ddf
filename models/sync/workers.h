// Runs work on pool threads and brings the results back to the main thread, to askers that still live. Main thread
// only.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <functional>
#include <memory>

namespace earmark {

class Workers final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Workers)

 public:
    /// One thread keeps the work in order.
    explicit Workers(int threads, QObject* parent = nullptr);
    ~Workers() override;  ///< waits for the work that has begun, drops the rest

    /// `work` runs on a pool thread and may capture values only. `done` runs in a later turn of the main thread and not
    /// at all when `context` has died; both it and what it captured stay in the main thread.
    template <typename T>
    void run(std::function<T()> work, QObject* context, std::function<void(T)> done) {
        const quint64 number =
            expect(context, [done = std::move(done)](void* result) { done(std::move(*static_cast<T*>(result))); });
        begin([this, number, work = std::move(work)] { deliver(number, std::make_shared<T>(work())); });
    }
    /// Work that nobody waits for.
    void run(std::function<void()> work) { begin(std::move(work)); }

 private:
    using Taker = std::function<void(void*)>;
    struct Expected {
        QPointer<QObject> context;
        Taker done;
    };
    [[nodiscard]] quint64 expect(QObject* context, Taker done);
    void begin(std::function<void()> work);
    void deliver(quint64 number, std::shared_ptr<void> result);

    QHash<quint64, Expected> m_expected;
    quint64 m_last = 0;
    QThreadPool m_pool;  // last, so that it ends first: its end is when no thread knows of this object any more
};

}  // namespace earmark
