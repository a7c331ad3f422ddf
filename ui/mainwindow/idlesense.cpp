#include "ui/mainwindow/idlesense.h"

#include <QCoreApplication>
#include <QEvent>

#include "models/sync/watch.h"
#include "ui/playback/player.h"

namespace earmark {

IdleSense::IdleSense(Watch* watch, Player* player, QObject* parent) : QObject(parent), m_watch(watch) {
    QCoreApplication::instance()->installEventFilter(this);
    connect(player, &Player::stateChanged, this,
            [this, player] { m_watch->setPlaying(player->state() == PlayerState::Playing); });
}

bool IdleSense::eventFilter(QObject* watched, QEvent* event) {
    const QEvent::Type type = event->type();
    if (type == QEvent::KeyPress || type == QEvent::MouseMove || type == QEvent::MouseButtonPress ||
        type == QEvent::Wheel) {
        m_watch->noteActivity();
    }
    return QObject::eventFilter(watched, event);
}

}  // namespace earmark
