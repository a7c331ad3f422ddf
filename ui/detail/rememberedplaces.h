// How far the listener came with each recording (where he stopped, what was played, how much was heard): kept while it
// plays, told when its call is shown again. Main thread only.
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <chrono>
#include <functional>
#include <optional>

#include "models/domain/callkey.h"
#include "models/domain/listeningprogress.h"
#include "models/domain/result.h"

namespace earmark {

class Player;
class Store;

class RememberedPlaces final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RememberedPlaces)

 public:
    using Milliseconds = std::chrono::milliseconds;

    RememberedPlaces(Store* store, Player* player, QObject* parent = nullptr);

    /// The place to begin at; 0 = from the beginning: never heard, or heard to its end. `done` comes once, in a later
    /// turn; by then the player knows what was played before. What cannot be read begins at 0, and is read once more
    /// before anything is kept of it.
    void ask(const CallKey& key, QObject* context, const std::function<void(Milliseconds)>& done);
    /// The open recording is about to be closed.
    void leave();

 private:
    void stateChanged();
    void positionChanged();
    void keep();
    void save(const CallKey& key, Milliseconds place);
    Milliseconds read(const CallKey& key, const Result<std::optional<ListeningProgress>>& before);

    Store* m_store;
    Player* m_player;
    QHash<CallKey, ListeningProgress> m_kept;  ///< of this session: newer than what a reading lane may see
    /// What is stored of them could not be read, so nothing is laid over it; the place this session left in each.
    QHash<CallKey, std::optional<Milliseconds>> m_unread;
    QElapsedTimer m_sinceKept;
    bool m_played = false;  ///< the open recording was, so that its place is the listener's
};

}  // namespace earmark
