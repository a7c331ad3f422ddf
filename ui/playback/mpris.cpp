#include "ui/playback/mpris.h"

#include <unistd.h>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>

#include "models/domain/timings.h"
#include "ui/common/desksettings.h"
#include "ui/playback/listeningsettings.h"
#include "ui/playback/mprisadaptors.h"
#include "ui/playback/player.h"
#include "ui/playback/sessionbus.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kPath = u"/org/mpris/MediaPlayer2"_s;
const QString kPlayerInterface = u"org.mpris.MediaPlayer2.Player"_s;
const QString kService = u"org.mpris.MediaPlayer2.earmark"_s;
constexpr uint kDoNotQueue = 4;
constexpr uint kPrimaryOwner = 1;
constexpr auto kJump = 400ms;  // more than the position runs between two looks at it

}  // namespace

class Mpris::Private final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Private)

 public:
    Private(Mpris* owner, Player* played, DeskSettings* remembered, Controls given)
        : q(owner), player(played), settings(remembered), controls(std::move(given)) {}

    void follow();
    void reached(const QDBusConnection& found);
    void askForName(const QString& name, bool isLastTry);
    void look();
    void lookAtPosition();

    Mpris* const q;
    Player* const player;
    DeskSettings* const settings;
    const Controls controls;
    SessionBus finder;
    std::optional<QDBusConnection> bus;
    QObject exported;  ///< carries the adaptors
    MprisPlayerAdaptor* adaptor = nullptr;
    QVariantMap told;
    QTimer lookSoon;
    bool owned = false;
    std::chrono::milliseconds position{};
    QElapsedTimer sincePosition;
};

void Mpris::Private::follow() {
    lookSoon.setSingleShot(true);
    lookSoon.setInterval(0);
    connect(&lookSoon, &QTimer::timeout, this, &Private::look);
    const auto soon = [this] { lookSoon.start(); };
    connect(player, &Player::stateChanged, this, soon);
    connect(player, &Player::durationChanged, this, soon);
    connect(player, &Player::volumeChanged, this, soon);
    connect(player, &Player::tempoChanged, this, soon);
    connect(player, &Player::positionChanged, this, &Private::lookAtPosition);
}

void Mpris::Private::reached(const QDBusConnection& found) {
    bus = found;
    new MprisRootAdaptor(controls.raise, &exported);
    adaptor = new MprisPlayerAdaptor({player, settings, controls.playOrPause, controls.step, controls.canStep,
                                      controls.name, [this] { lookSoon.start(); }},
                                     &exported);
    if (!bus->registerObject(kPath, &exported, QDBusConnection::ExportAdaptors)) {
        bus.reset();
        return;
    }
    told = adaptor->properties();
    follow();
    askForName(kService, false);
}

/// Another Earmark may have the name already: then one with our own number is as good.
void Mpris::Private::askForName(const QString& name, bool isLastTry) {
    QDBusMessage ask = QDBusMessage::createMethodCall(u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s,
                                                      u"org.freedesktop.DBus"_s, u"RequestName"_s);
    ask << name << kDoNotQueue;
    auto* watcher = new QDBusPendingCallWatcher(bus->asyncCall(ask), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, isLastTry](QDBusPendingCallWatcher* answered) {
        const QDBusPendingReply<uint> reply = *answered;
        answered->deleteLater();
        if (reply.isValid() && reply.value() == kPrimaryOwner) {
            owned = true;
            Q_EMIT q->onBus();
        } else if (!isLastTry) {
            askForName(kService + u".instance%1"_s.arg(::getpid()), true);
        }
    });
}

/// What is different from what was told last goes out, in one signal.
void Mpris::Private::look() {
    const QVariantMap now = adaptor->properties();
    QVariantMap changed;
    for (auto it = now.cbegin(); it != now.cend(); ++it) {
        if (told.value(it.key()) != it.value()) {
            changed.insert(it.key(), it.value());
        }
    }
    told = now;
    if (changed.isEmpty()) {
        return;
    }
    QDBusMessage signal =
        QDBusMessage::createSignal(kPath, u"org.freedesktop.DBus.Properties"_s, u"PropertiesChanged"_s);
    signal << kPlayerInterface << changed << QStringList();
    bus->send(signal);
}

/// A position that does not follow from the one before was sought.
void Mpris::Private::lookAtPosition() {
    const auto now = player->position();
    const double ran = sincePosition.isValid() && player->state() == PlayerState::Playing
                           ? double(sincePosition.elapsed()) * player->tempoHeard()
                           : 0;
    const auto expected = position + std::chrono::milliseconds(qint64(ran));
    if (std::chrono::abs(now - expected) > kJump) {
        Q_EMIT adaptor->Seeked(std::chrono::microseconds(now).count());
    }
    position = now;
    sincePosition.start();
}

Mpris::Mpris(Player* player, DeskSettings* settings, Controls controls, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, player, settings, std::move(controls))) {}

Mpris::~Mpris() {
    if (d->bus) {
        d->bus->unregisterObject(kPath);
    }
}

void Mpris::start() {
    d->finder.connectTo([inside = d.get()](const QDBusConnection& bus) { inside->reached(bus); });
}

void Mpris::lookAgain() {
    if (d->adaptor != nullptr && d->bus) {
        d->lookSoon.start();
    }
}

bool Mpris::isOnBus() const {
    return d->owned;
}

}  // namespace earmark

#include "mpris.moc"
