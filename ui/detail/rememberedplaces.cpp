#include "ui/detail/rememberedplaces.h"

#include <QPointer>

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
    m_store->loadListening(key, this,
                           [this, key, done, context = QPointer<QObject>(context)](
                               const Result<std::optional<ListeningProgress>>& before) {
                               const Milliseconds place = read(key, before);
                               if (context) {
                                   done(place);
                               }
                           });
}

/// The place to go on from. What this session played of a call that could not be read before joins what is stored.
RememberedPlaces::Milliseconds RememberedPlaces::read(const CallKey& key,
                                                      const Result<std::optional<ListeningProgress>>& before) {
    if (!before) {
        return m_unread[key].value_or(0ms);
    }
    if (*before) {
        m_player->rememberListening(key, **before);
    }
    if (const std::optional<Milliseconds> left = m_unread.take(key)) {
        save(key, *left);
        return *left;
    }
    return *before ? (*before)->place : 0ms;
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
    const Milliseconds place = isHeard ? 0ms : m_player->position();
    if (const auto unread = m_unread.find(key); unread != m_unread.end()) {
        *unread = place;
        m_store->loadListening(
            key, this, [this, key](const Result<std::optional<ListeningProgress>>& before) { read(key, before); });
        return;
    }
    save(key, place);
}

void RememberedPlaces::save(const CallKey& key, Milliseconds place) {
    const ListeningProgress now{place, m_player->heard(key).value_or(0ms), m_player->played(key)};
    if (const auto kept = m_kept.constFind(key); kept == m_kept.constEnd() || *kept != now) {
        m_kept.insert(key, now);
        m_store->saveListening(key, now, this, {});
    }
}

}  // namespace earmark
