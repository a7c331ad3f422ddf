#include "ui/detail/rememberedplaces.h"

#include "models/store/store.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace std::chrono_literals;

namespace {

constexpr auto kKeepEvery = 4s;  // so much is lost at most when the program is killed
constexpr auto kEnd = 5s;        // who stopped so near to the end has heard it

}  // namespace

RememberedPlaces::RememberedPlaces(Store* store, Player* player, QObject* parent)
    : QObject(parent), m_store(store), m_player(player) {
    connect(player, &Player::stateChanged, this, &RememberedPlaces::stateChanged);
    connect(player, &Player::positionChanged, this, &RememberedPlaces::positionChanged);
}

void RememberedPlaces::ask(const CallKey& key, QObject* context, const std::function<void(Milliseconds)>& done) {
    if (const auto kept = m_kept.constFind(key); kept != m_kept.constEnd()) {
        QMetaObject::invokeMethod(
            context, [done, place = kept->place] { done(place); }, Qt::QueuedConnection);
        return;
    }
    m_store->loadListening(key, context,
                           [player = m_player, key, done](const Result<std::optional<ListeningProgress>>& before) {
                               if (before && *before) {
                                   player->rememberListening(key, **before);
                               }
                               done(before && *before ? (*before)->place : 0ms);
                           });
}

void RememberedPlaces::stateChanged() {
    switch (m_player->state()) {
        case PlayerState::Empty:
        case PlayerState::Loading:
            m_played = false;
            return;
        case PlayerState::Playing:
            if (!m_played) {
                m_played = true;
                m_sinceKept.start();
            }
            return;
        case PlayerState::Paused:
        case PlayerState::Ended:
            keep();
            return;
        case PlayerState::Failed:
            return;
    }
}

void RememberedPlaces::positionChanged() {
    if (m_player->state() == PlayerState::Playing && m_sinceKept.isValid() &&
        Milliseconds(m_sinceKept.elapsed()) >= kKeepEvery) {
        keep();
    }
}

void RememberedPlaces::leave() {
    keep();
    m_played = false;
}

void RememberedPlaces::keep() {
    if (!m_played || !m_player->call() || m_player->state() == PlayerState::Failed) {
        return;
    }
    m_sinceKept.start();
    const Milliseconds length = m_player->duration();
    const bool isHeard =
        m_player->state() == PlayerState::Ended || (length > 0ms && m_player->position() >= length - kEnd);
    const CallKey key = *m_player->call();
    const ListeningProgress now{isHeard ? 0ms : m_player->position(), m_player->heard(key).value_or(0ms),
                                m_player->played(key)};
    if (const auto kept = m_kept.constFind(key); kept == m_kept.constEnd() || *kept != now) {
        m_kept.insert(key, now);
        m_store->saveListening(key, now, this, {});
    }
}

}  // namespace earmark
