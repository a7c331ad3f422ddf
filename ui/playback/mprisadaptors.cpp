#include "ui/playback/mprisadaptors.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "models/domain/timings.h"
#include "ui/common/desksettings.h"
#include "ui/playback/listeningsettings.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

qlonglong microseconds(std::chrono::milliseconds time) {
    return std::chrono::microseconds(time).count();
}

}  // namespace

MprisRootAdaptor::MprisRootAdaptor(std::function<void()> raise, QObject* parent)
    : QDBusAbstractAdaptor(parent), m_raise(std::move(raise)) {}

void MprisRootAdaptor::Raise() {
    m_raise();
}

MprisPlayerAdaptor::MprisPlayerAdaptor(Means means, QObject* parent)
    : QDBusAbstractAdaptor(parent), m_means(std::move(means)) {
    connect(m_means.player, &Player::stateChanged, this,
            [this] { m_isStopped = m_isStopped && m_means.player->state() != PlayerState::Playing; });
}

bool MprisPlayerAdaptor::canPlay() const {
    return m_means.player->call() || canGoNext() || canGoPrevious();
}

bool MprisPlayerAdaptor::isOpen() const {
    const PlayerState state = m_means.player->state();
    return state == PlayerState::Paused || state == PlayerState::Playing || state == PlayerState::Ended;
}

QString MprisPlayerAdaptor::playbackStatus() const {
    switch (m_means.player->state()) {
        case PlayerState::Playing:
            return u"Playing"_s;
        case PlayerState::Paused:
            return m_isStopped ? u"Stopped"_s : u"Paused"_s;
        case PlayerState::Empty:
        case PlayerState::Loading:
        case PlayerState::Ended:
        case PlayerState::Failed:
            return u"Stopped"_s;
    }
    return {};
}

double MprisPlayerAdaptor::rate() const {
    return m_means.player->tempo();
}

void MprisPlayerAdaptor::setRate(double rate) {
    if (!std::isfinite(rate) || rate < 0) {
        return;
    }
    if (rate == 0) {
        m_means.player->pause();
        return;
    }
    listening::chooseTempo(m_means.player, m_means.settings, std::clamp(rate, minimumRate(), maximumRate()));
}

QDBusObjectPath MprisPlayerAdaptor::track() const {
    const auto call = m_means.player->call();
    if (!call) {
        return QDBusObjectPath(u"/org/mpris/MediaPlayer2/TrackList/NoTrack"_s);
    }
    if (call != m_call) {
        m_call = call;
        ++m_track;
    }
    return QDBusObjectPath(u"/org/earmark/recording/%1"_s.arg(m_track));
}

QString MprisPlayerAdaptor::title() const {
    const QString length = durationText(double(m_means.player->duration().count() / 1000));
    const QString name = m_means.settings->value(listening::kShowNames, false).toBool() ? m_means.name() : QString();
    return name.isEmpty() ? QCoreApplication::translate("Mpris", "Call %1").arg(length) : name;
}

QVariantMap MprisPlayerAdaptor::metadata() const {
    QVariantMap data{{u"mpris:trackid"_s, QVariant::fromValue(track())}};
    if (isOpen()) {
        data.insert(u"mpris:length"_s, microseconds(m_means.player->duration()));
        data.insert(u"xesam:title"_s, title());
    }
    return data;
}

double MprisPlayerAdaptor::volume() const {
    return m_means.player->isMuted() ? 0 : m_means.player->volume();
}

void MprisPlayerAdaptor::setVolume(double volume) {
    if (std::isfinite(volume)) {
        m_means.player->setMuted(false);
        m_means.player->setVolume(std::clamp(volume, 0.0, 1.0));
    }
}

qlonglong MprisPlayerAdaptor::position() const {
    return microseconds(m_means.player->position());
}

bool MprisPlayerAdaptor::canSeek() const {
    return isOpen();
}

QVariantMap MprisPlayerAdaptor::properties() const {
    return {{u"PlaybackStatus"_s, playbackStatus()},
            {u"Rate"_s, rate()},
            {u"Metadata"_s, metadata()},
            {u"Volume"_s, volume()},
            {u"CanGoNext"_s, canGoNext()},
            {u"CanGoPrevious"_s, canGoPrevious()},
            {u"CanPlay"_s, canPlay()},
            {u"CanPause"_s, canPlay()},
            {u"CanSeek"_s, canSeek()}};
}

void MprisPlayerAdaptor::Pause() {
    m_means.player->pause();
}

void MprisPlayerAdaptor::Stop() {
    m_means.player->pause();
    if (isOpen()) {
        m_means.player->seek(0ms);
    }
    m_isStopped = true;
    m_means.changed();
}

void MprisPlayerAdaptor::Play() {
    if (m_means.player->state() != PlayerState::Playing) {
        m_means.playOrPause();
    }
}

/// Beyond the end it stops there: another call is gone to by Next alone.
void MprisPlayerAdaptor::Seek(qlonglong offset) {
    if (!isOpen()) {
        return;
    }
    const qlonglong length = microseconds(m_means.player->duration());
    const qlonglong from = position();
    const qlonglong to = offset > length - from ? length : std::max(qlonglong(0), offset < -from ? 0 : from + offset);
    m_means.player->seek(std::chrono::milliseconds(to / 1000));
}

/// A place in what was open a moment ago is none in what is open now.
void MprisPlayerAdaptor::SetPosition(const QDBusObjectPath& wanted, qlonglong position) {
    if (isOpen() && wanted == track() && position >= 0 && position <= microseconds(m_means.player->duration())) {
        m_means.player->seek(std::chrono::milliseconds(position / 1000));
    }
}

}  // namespace earmark
