// Puts edits together with what the provider says meanwhile: a value that arrives late, from an AI or from somebody, is
// the normal case, so all of this is quiet and nothing is asked of anyone. Main thread only.
#pragma once

#include <QObject>
#include <memory>

#include "models/store/store.h"

namespace earmark {

/// Watches the store: calls that were stored and edits that were made, as far as a call has edits of its disposition or
/// notes. What differs from the edit's base goes through mergeField(); what comes of it goes to
/// Store::noteProviderMerge(), one after the other, so that an edit being saved waits for one of them at most. An edit
/// that is just being sent is merged when its end is known. Nothing is told twice while nothing has changed.
class Merger final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Merger)

 public:
    explicit Merger(Store* store, QObject* parent = nullptr);
    ~Merger() override;

    /// After Store::open(): looks through all edited calls once (a program that was killed between storing a page and
    /// merging it has left some), then at what changes. Nothing happens where the store is only read.
    void start();
    /// Nothing is to be done or under way. A command asks before it ends; what fails is tried again later and is no
    /// reason to wait.
    [[nodiscard]] bool isIdle() const;

 Q_SIGNALS:
    void idle();

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
