#include "ui/detail/recordingdesk.h"

#include <QLocale>

#include "models/domain/fields.h"
#include "models/domain/timings.h"
#include "models/sync/callrefresher.h"
#include "models/sync/recordingfetcher.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kPlaceShown{5000};  ///< of playing
/// Two tellings of the position lie less apart while it plays, at any speed.
constexpr std::chrono::milliseconds kJump{1500};

bool isGoingOn(const std::optional<ReviewedCall>& call) {
    return call && call->call.status != CallStatus::Unknown && !hasEnded(call->call.status);
}

}  // namespace

RecordingDesk::RecordingDesk(const DeskServices& services, QObject* parent)
    : QObject(parent), m_services(services), m_places(services.store, services.player) {
    m_wordTimer.setSingleShot(true);
    m_wordTimer.setInterval(kPlaceShown);
    connect(&m_wordTimer, &QTimer::timeout, this, &RecordingDesk::forgetPlace);
    connect(m_services.player, &Player::positionChanged, this, &RecordingDesk::placePassed);
    connect(m_services.player, &Player::stateChanged, this, &RecordingDesk::placePassed);
    connect(m_services.recordings, &RecordingFetcher::progressed, this,
            [this](const CallKey& key, qint64 received, qint64 total) {
                if (isShown(key) && m_state == RecordingState::Fetching) {
                    m_received = received;
                    m_total = total;
                    Q_EMIT changed();
                }
            });
    connect(m_services.refresher, &CallRefresher::recordingGivenUp, this, [this](const CallKey& key) {
        if (isShown(key) && m_state == RecordingState::NoLink) {
            setState(RecordingState::NoLinkGivenUp);
        }
    });
}

void RecordingDesk::leaveCall() {
    ++m_question;
    if (m_key && m_state == RecordingState::Fetching) {
        m_services.recordings->cancel(*m_key);
    }
    if (m_key && m_services.player->call()) {
        m_places.leave();
        m_services.player->close();
    }
    m_services.recordings->setInUse(this, {});
    m_key.reset();
    m_call.reset();
    m_file.clear();
    m_place.reset();
    m_cameBack.reset();
    m_wordTimer.stop();
    m_looking = false;
    m_settled = false;
    m_playWhenOpen = false;
    setState(RecordingState::NoCall);
}

void RecordingDesk::expectCall(const CallKey& key, Provider provider) {
    if (!isShown(key)) {
        leaveCall();
        begin(key, provider);
    }
}

void RecordingDesk::begin(const CallKey& key, Provider provider) {
    m_key = key;
    askPlace();
    lookHere(provider);
}

void RecordingDesk::setCall(const ReviewedCall& call) {
    if (m_key && !isShown(call.call.key)) {
        leaveCall();
    }
    const bool isOther = !m_key;
    const bool isFirst = !m_call;
    const bool linkIsNew = m_call && m_call->call.recordingUrl != call.call.recordingUrl;
    m_call = call;
    const bool busy = m_state == RecordingState::Fetching || m_state == RecordingState::Open;
    const bool answered = m_state == RecordingState::Failed || m_state == RecordingState::Absent;
    if (busy || (answered && !linkIsNew)) {
        if (answered && isFirst && m_playWhenOpen) {
            play();  // asked for after the answer, before there was a record to ask again with
        }
        return;  // what is heard or on its way is not disturbed by a refresh
    }
    judge();
    if (isOther) {
        begin(call.call.key, call.call.provider);
    } else if (isFirst && !m_looking && m_file.isEmpty()) {
        nothingHere();
    } else if (m_settled || m_playWhenOpen) {
        settle();
    }
}

/// What was fetched before opens at once and without the network, whatever the provider says of it by now.
void RecordingDesk::lookHere(Provider provider) {
    m_looking = true;
    const quint64 question = ++m_question;
    const CallKey key = *m_key;
    m_services.recordings->lookUp(provider, key, this,
                                  [this, key, question](const std::optional<FetchedRecording>& found) {
                                      if (!isShown(key) || question != m_question) {
                                          return;
                                      }
                                      m_looking = false;
                                      if (found && !found->changed) {
                                          arrived(key, question, *found);
                                      } else if (found) {
                                          fetch();  // a whole one, or this one after all
                                      } else if (m_call) {
                                          nothingHere();
                                      }
                                  });
}

void RecordingDesk::nothingHere() {
    if (m_settled || m_playWhenOpen) {
        settle();
    }
    if (m_state == RecordingState::None && m_playWhenOpen) {
        m_playWhenOpen = false;
        Q_EMIT changed();
    }
}

void RecordingDesk::askPlace() {
    const CallKey key = *m_key;
    m_places.ask(key, this, [this, key](std::chrono::milliseconds place) {
        if (isShown(key) && !m_place) {
            m_place = place;
            openWhenReady();
        }
    });
}

/// What the record says, before anything is fetched.
void RecordingDesk::judge() {
    const Call& call = m_call->call;
    const bool hasLink = call.recordingUrl && !call.recordingUrl->isEmpty();
    const bool atHand = call.hasRecording.value_or(false) && !recordingComesAsLink(call.provider);
    if (hasLink || atHand) {
        setState(RecordingState::Available);
    } else if (call.hasRecording.has_value() && !*call.hasRecording) {
        setState(RecordingState::None);
    } else if (call.hasRecording.value_or(false)) {
        if (m_state != RecordingState::NoLinkGivenUp) {
            setState(RecordingState::NoLink);
        }
    } else {
        setState(RecordingState::Unknown);
    }
}

void RecordingDesk::settle() {
    m_settled = true;
    if (m_looking || !m_file.isEmpty()) {
        return;
    }
    if (m_state == RecordingState::NoLink) {
        m_services.refresher->watchForRecording(m_call->call.key);
    }
    if (m_state == RecordingState::Available || (m_playWhenOpen && m_state == RecordingState::Unknown)) {
        fetch();
    }
}

void RecordingDesk::play() {
    const bool isRead = m_call || m_state == RecordingState::Open || m_state == RecordingState::Fetching;
    if (!isRead) {
        m_playWhenOpen = true;  // the call is still on its way from the store
        return;
    }
    if (m_looking || (!m_file.isEmpty() && m_state != RecordingState::Open)) {
        m_playWhenOpen = true;
        return;
    }
    switch (m_state) {
        case RecordingState::Fetching:
        case RecordingState::NoLink:
            m_playWhenOpen = true;
            Q_EMIT changed();
            return;
        case RecordingState::None:
        case RecordingState::NoCall:
            return;
        case RecordingState::Open:
            if (m_services.player->call() == m_key && m_services.player->state() != PlayerState::Failed) {
                m_services.player->play();
                return;
            }
            [[fallthrough]];  // the sound failed: fetched (from the cache) and opened anew
        case RecordingState::Unknown:
        case RecordingState::NoLinkGivenUp:
        case RecordingState::Available:
        case RecordingState::Absent:
        case RecordingState::Failed:
            m_playWhenOpen = true;
            m_settled = true;
            fetch();
            return;
    }
}

void RecordingDesk::fetch() {
    m_received = 0;
    m_total = -1;
    m_file.clear();
    const quint64 question = ++m_question;
    const CallKey key = *m_key;
    setState(RecordingState::Fetching);
    m_services.recordings->fetch(
        key, this, [this, key, question](const Result<FetchedRecording>& fetched) { arrived(key, question, fetched); });
}

void RecordingDesk::arrived(const CallKey& key, quint64 question, const Result<FetchedRecording>& fetched) {
    if (!isShown(key) || question != m_question) {
        return;
    }
    if (fetched) {
        m_file = fetched->file;
        m_isChanged = fetched->changed;
        m_services.recordings->setInUse(this, {m_file});
        openWhenReady();
        return;
    }
    m_playWhenOpen = false;
    if (fetched.error().kind == ErrorKind::Cancelled) {
        setState(RecordingState::Available);
        return;
    }
    if (fetched.error().kind == ErrorKind::NoRecording) {
        // Where there is none for good, nobody is told to wait for it.
        m_problem = fetched.error().code == "recording_none"_L1 ? tr("This call has no recording.")
                                                                : errorText(fetched.error());
        setState(RecordingState::Absent);
        return;
    }
    // The pane and the player both say it; the whole story of a network that is gone is told once, above the table.
    m_problem = fetched.error().kind == ErrorKind::Offline
                    ? tr("Offline: the recording is not here yet. Play fetches it once the network is back.")
                    : errorText(fetched.error());
    setState(RecordingState::Failed);
}

void RecordingDesk::openWhenReady() {
    if (m_file.isEmpty() || !m_place || m_state == RecordingState::Open) {
        return;
    }
    m_cameBack = m_place->count() > 0 ? m_place : std::nullopt;
    m_lastPlace = *m_place;
    m_wordTimer.stop();
    m_services.player->open(*m_key, m_file, *m_place);
    setState(RecordingState::Open);
    if (m_playWhenOpen) {
        m_services.player->play();
    }
    m_playWhenOpen = false;
}

/// The word about the place goes when somebody goes elsewhere, or has listened on for a while.
void RecordingDesk::placePassed() {
    const Player* player = m_services.player;
    const PlayerState state = player->state();
    if (!m_cameBack || !isShown(player->call().value_or(CallKey())) || state == PlayerState::Loading ||
        state == PlayerState::Empty) {
        return;
    }
    const std::chrono::milliseconds now = player->position();
    const bool plays = state == PlayerState::Playing;
    const bool jumped = std::chrono::abs(now - m_lastPlace) > (plays ? kJump : std::chrono::milliseconds(1));
    m_lastPlace = now;
    if (plays && !m_wordTimer.isActive()) {
        m_wordTimer.start();
    }
    if (jumped || state == PlayerState::Ended || now - *m_cameBack > kPlaceShown) {
        forgetPlace();
    }
}

void RecordingDesk::forgetPlace() {
    m_wordTimer.stop();
    if (m_cameBack) {
        m_cameBack.reset();
        Q_EMIT changed();
    }
}

void RecordingDesk::setState(RecordingState state) {
    m_state = state;
    Q_EMIT changed();
}

bool RecordingDesk::canAskAgain() const {
    return m_state == RecordingState::Failed || m_state == RecordingState::Absent ||
           m_state == RecordingState::NoLinkGivenUp || m_state == RecordingState::Unknown;
}

QString RecordingDesk::message() const {
    const QString provider = m_call ? providerName(m_call->call.provider) : QString();
    const QLocale locale;
    switch (m_state) {
        case RecordingState::NoCall:
            return {};
        case RecordingState::None:
            return isGoingOn(m_call) ? tr("No recording yet: the call has not ended.")
                                     : tr("This call has no recording.");
        case RecordingState::Unknown:
            return tr("%1 does not say whether there is a recording. Play asks for it.").arg(provider);
        case RecordingState::NoLink:
            return m_playWhenOpen
                       ? tr("Recorded, but %1 has not issued the link yet. It is asked again by itself and played "
                            "then.")
                             .arg(provider)
                       : tr("Recorded, but %1 has not issued the link yet. It is asked again by itself.").arg(provider);
        case RecordingState::NoLinkGivenUp:
            return tr("Recorded, but %1 still issues no link. Play asks once more.").arg(provider);
        case RecordingState::Available:
            return tr("Recording is there, not fetched yet. Play fetches it.");
        case RecordingState::Fetching:
            if (m_received <= 0) {
                return tr("Recording is being fetched.");
            }
            return m_total > 0 ? tr("Recording is being fetched (%1 of %2).")
                                     .arg(locale.formattedDataSize(m_received, 1, QLocale::DataSizeSIFormat),
                                          locale.formattedDataSize(m_total, 1, QLocale::DataSizeSIFormat))
                               : tr("Recording is being fetched (%1).")
                                     .arg(locale.formattedDataSize(m_received, 1, QLocale::DataSizeSIFormat));
        case RecordingState::Open:
            if (m_isChanged) {
                return tr(
                    "The copy kept here was changed and may not be what was said. Open the call again to fetch it.");
            }
            return m_cameBack ? tr("From %1, where you stopped.").arg(durationText(double(m_cameBack->count() / 1000)))
                              : QString();
        case RecordingState::Absent:
        case RecordingState::Failed:
            return m_problem;
    }
    return {};
}

}  // namespace earmark
