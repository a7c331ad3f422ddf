#include "ui/detail/transcriptdesk.h"

#include "ui/common/desksettings.h"
#include "ui/detail/transcriptview.h"
#include "ui/detail/turnfollower.h"
#include "ui/playback/callsound.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
const QString kFollow = u"transcript/follow"_s;
}  // namespace

TranscriptDesk::TranscriptDesk(const DeskServices& services, TranscriptView* view, std::function<void()> openAndPlay,
                               QObject* parent)
    : QObject(parent), m_services(services), m_view(view), m_openAndPlay(std::move(openAndPlay)) {
    connect(view, &TranscriptView::playFromWanted, this, &TranscriptDesk::playFrom);
    if (services.settings != nullptr) {
        view->follower()->setFollowing(services.settings->value(kFollow, true).toBool());
        connect(view->follower(), &TurnFollower::followingChanged, this,
                [this](bool follows) { m_services.settings->setValue(kFollow, follows); });
    }
    if (services.sound == nullptr || services.player == nullptr) {
        return;
    }
    connect(services.sound, &CallSound::turnsChanged, this, &TranscriptDesk::takeTurns);
    connect(services.sound, &CallSound::mapChanged, this, &TranscriptDesk::takeSteps);
    connect(services.sound, &CallSound::callChanged, this, [this] {
        if (m_wanted && (!m_services.sound->call() || m_services.sound->call()->key != m_wanted->call)) {
            m_wanted.reset();
        }
    });
    connect(services.player, &Player::positionChanged, this, &TranscriptDesk::tellPosition);
    connect(services.player, &Player::stateChanged, this, [this] {
        if (m_services.player->state() == PlayerState::Failed) {
            m_wanted.reset();  // who tries again much later does not mean this place any more
        }
        goWhereWanted();
        tellPosition();
    });
}

bool TranscriptDesk::isOpen() const {
    const Player* player = m_services.player;
    const CallSound* sound = m_services.sound;
    if (player == nullptr || sound == nullptr || !sound->call() || player->call() != sound->call()->key) {
        return false;
    }
    const PlayerState state = player->state();
    return state == PlayerState::Paused || state == PlayerState::Playing || state == PlayerState::Ended;
}

void TranscriptDesk::takeSteps() {
    m_steps = TurnSteps(m_services.sound->turns());
    const std::shared_ptr<const SoundMap> map = m_services.sound->map();
    if (m_steps.isEmpty() && map) {
        m_steps = TurnSteps(*map);
    }
}

void TranscriptDesk::takeTurns() {
    takeSteps();
    m_view->setPlaces(m_services.sound->turns());
    tellPosition();
}

void TranscriptDesk::tellPosition() {
    m_view->setPosition(isOpen() ? std::optional(m_services.player->position()) : std::nullopt);
}

void TranscriptDesk::playFrom(std::chrono::milliseconds at) {
    if (isOpen()) {
        m_wanted.reset();
        m_services.player->seek(at);
        m_services.player->play();
        return;
    }
    if (m_services.sound != nullptr && m_services.sound->call()) {
        m_wanted = Wanted{m_services.sound->call()->key, at};
    }
    m_openAndPlay();
    goWhereWanted();
}

void TranscriptDesk::goWhereWanted() {
    if (!m_wanted || !isOpen() || m_services.player->call() != m_wanted->call) {
        return;
    }
    const std::chrono::milliseconds at = m_wanted->at;
    m_wanted.reset();
    m_services.player->seek(at);
    m_services.player->play();
}

bool TranscriptDesk::previousTurn() {
    const auto at = isOpen() ? m_steps.previous(m_services.player->position()) : std::nullopt;
    if (at) {
        m_services.player->seek(*at);
    }
    return at.has_value();
}

bool TranscriptDesk::nextTurn() {
    const auto at = isOpen() ? m_steps.next(m_services.player->position()) : std::nullopt;
    if (at) {
        m_services.player->seek(*at);
    }
    return at.has_value();
}

void TranscriptDesk::toggleFollowing() {
    m_view->follower()->toggle();
}

bool TranscriptDesk::isFollowing() const {
    return m_view->follower()->isFollowing();
}

}  // namespace earmark
