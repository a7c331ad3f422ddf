// What Store does for safety on the side: copies of touched calls on their way from calls.db to reviews.db and back,
// and the daily backup. Lives in the main thread. Only store*.cpp include this.
#pragma once

#include <QSet>
#include <QTimer>

#include "models/store/storeprivate.h"

namespace earmark {

class Store::Copies final {
 public:
    explicit Copies(Store::Private* owner);
    Q_DISABLE_COPY_MOVE(Copies)

    /// Into a calls.db that was begun anew: calls that are not in it come back. Answers how many.
    void bringBack(std::function<void(Result<qint64>)> done);
    /// From now on copies are made; calls that have none, for the program was killed, are looked for a little later.
    void begin();
    void noteEdited(const CallKey& key);                 ///< its first edit or mark needs a copy
    void noteStored(const std::vector<IndexRow>& rows);  ///< other contents of touched calls
    void forget(const QString& account);
    /// At the end: what is still wanted, at most so many.
    [[nodiscard]] std::vector<CallKey> takeWanted(size_t most);

 private:
    void want(const CallKey& key);
    void copySome();
    void finished(const std::vector<CallKey>& keys, bool copied);
    void sweep(const CallKey& after);
    void bringBackAfter(const CallKey& after, qint64 sofar, std::function<void(Result<qint64>)> done);

    Store::Private* const d;
    bool m_hasBegun = false;
    bool m_isCopying = false;
    QSet<CallKey> m_wanted;
    QSet<CallKey> m_copied;  ///< by this object
    QTimer m_timer;
    QTimer m_sweepTimer;
};

}  // namespace earmark
