#include "ui/queue/queuewalk.h"

#include "models/tables/calltablemodel.h"
#include "ui/calltable/calltable.h"
#include "ui/common/desksettings.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/recordingdesk.h"
#include "ui/detail/reviewblock.h"
#include "ui/playback/listeningsettings.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kNoRecording = 0;  // CallTableModel::RecordingRole

/// Nobody waits for a recording in these.
bool isSettled(RecordingState state) {
    switch (state) {
        case RecordingState::None:
        case RecordingState::Unknown:
        case RecordingState::NoLink:
        case RecordingState::NoLinkGivenUp:
        case RecordingState::Open:
        case RecordingState::Absent:
        case RecordingState::Failed:
            return true;
        case RecordingState::NoCall:
        case RecordingState::Available:
        case RecordingState::Fetching:
            return false;
    }
    return false;
}

bool cannotPlay(RecordingState state) {
    return isSettled(state) && state != RecordingState::Open;
}

}  // namespace

QueueWalk::QueueWalk(const DeskServices& services, const Parts& parts, QObject* parent)
    : QObject(parent), m_services(services), m_parts(parts), m_next(services) {
    connect(m_services.player, &Player::ended, this, &QueueWalk::ended);
    connect(m_services.player, &Player::stateChanged, this, &QueueWalk::recordingChanged);
    connect(m_parts.recording, &RecordingDesk::changed, this, &QueueWalk::recordingChanged);
    // Queued: the pane hears of it first.
    connect(m_parts.table, &CallTable::currentCallChanged, this, &QueueWalk::callChanged, Qt::QueuedConnection);
}

void QueueWalk::setAutoPlayAction(QAction* action) {
    m_autoPlay = action;
    action->setCheckable(true);
    action->setChecked(playsNextByItself());
    connect(action, &QAction::toggled, this,
            [this](bool checked) { m_services.settings->setValue(listening::kAutoPlayNext, checked); });
}

bool QueueWalk::playsNextByItself() const {
    return m_services.settings->value(listening::kAutoPlayNext, false).toBool();
}

/// It plays, or would if it were there already; or it has just ended where the next one follows by itself.
bool QueueWalk::soundGoesOn() const {
    const Player* player = m_services.player;
    const bool playsOn = m_toPlay.has_value() || m_wish || player->state() == PlayerState::Playing ||
                         player->isWaiting() || m_parts.recording->wantsToPlay();
    return (playsOn && m_services.settings->value(listening::kKeepPlaying, true).toBool()) ||
           (player->state() == PlayerState::Ended && playsNextByItself());
}

void QueueWalk::step(int rows) {
    const bool goesOn = soundGoesOn();
    const auto before = m_parts.table->currentCall();
    m_parts.table->step(rows);
    const auto now = m_parts.table->currentCall();
    if (now != before) {
        m_parts.sayItStopped({});
        m_toPlay = goesOn ? now : std::nullopt;
        m_wish = goesOn;
        m_told.reset();
        m_chain.reset();
    }
}

void QueueWalk::saveAndNext() {
    m_parts.pane->review()->commitReviewed();
    step(1);
}

void QueueWalk::callChanged(const std::optional<CallKey>& key) {
    m_next.setShown(key);
    if (m_autoPlay) {
        m_autoPlay->setChecked(playsNextByItself());  // the preferences may have changed it
    }
    if (m_toPlay && key == m_toPlay && m_parts.pane->call() == key) {
        m_parts.pane->playRecording();
    } else {
        m_chain.reset();  // gone elsewhere
        m_wish = false;
    }
    m_toPlay.reset();
    recordingChanged();
}

/// Calls known to have no recording are passed over; where the provider does not say, it is asked.
std::optional<CallKey> QueueWalk::nextToHear() const {
    const CallTableModel* calls = m_services.calls;
    const auto shown = m_services.player->call();
    const int row = shown ? calls->rowOf(*shown) : -1;
    for (int at = row + 1; row >= 0 && at < calls->rowCount(); ++at) {
        if (calls->index(at, 0).data(CallTableModel::RecordingRole).toInt() != kNoRecording) {
            return calls->keyAt(at);
        }
    }
    return std::nullopt;
}

void QueueWalk::ended() {
    if (!playsNextByItself() || m_services.player->call() != m_parts.pane->call()) {
        return;
    }
    // Otherwise the next words would land in the next call.
    if (m_parts.pane->review()->isEditing()) {
        m_parts.say(tr("The next call waits while you write. Ctrl+Enter saves and goes on."));
        return;
    }
    const auto next = nextToHear();
    if (!next) {
        m_parts.say(tr("No further call with a recording in this view."));
        return;
    }
    m_parts.pane->review()->commitTyped();
    m_parts.sayItStopped({});
    m_toPlay = next;
    m_chain = next;
    m_parts.table->goTo(*next);
}

void QueueWalk::playOrPauseAsked() {
    if (m_wish && !m_toPlay && m_parts.recording->state() == RecordingState::None) {
        m_wish = false;
        m_parts.say(tr("The next call does not play by itself now."));
    }
}

/// The wish to play lives until a recording is open: from there on playing or pausing says what is wanted.
void QueueWalk::tellSilence() {
    const RecordingState state = m_parts.recording->state();
    const PlayerState player = m_services.player->state();
    if (!m_wish || m_toPlay || m_parts.recording->wantsToPlay()) {
        return;
    }
    if (state == RecordingState::Open && player != PlayerState::Failed) {
        m_wish = player == PlayerState::Loading;
    } else if (cannotPlay(state) && m_told != m_parts.recording->call()) {
        m_told = m_parts.recording->call();
        m_parts.say(tr("%1 The sound goes on with the next call that has one.").arg(m_parts.recording->message()));
    }
}

void QueueWalk::recordingChanged() {
    const RecordingState state = m_parts.recording->state();
    const auto call = m_parts.recording->call();
    const bool isShown = call && call == m_parts.pane->call();
    if (isShown) {
        const PlayerState player = m_services.player->state();
        const bool isOpening = state == RecordingState::Open && player == PlayerState::Loading;
        m_next.setShownIsSettled(isSettled(state) && !isOpening);
        tellSilence();
    }
    if (!m_chain || m_toPlay || call != m_chain || m_parts.recording->wantsToPlay()) {
        return;
    }
    const bool failed = state == RecordingState::Open && m_services.player->state() == PlayerState::Failed;
    if (failed || cannotPlay(state)) {
        m_chain.reset();
        m_parts.sayItStopped(tr("Playing one call after the other stopped here. %1").arg(m_parts.recording->message()));
    } else if (m_services.player->state() == PlayerState::Playing) {
        m_chain.reset();
    }
}

}  // namespace earmark
