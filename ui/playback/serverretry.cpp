#include "ui/playback/serverretry.h"

#include <QAbstractEventDispatcher>
#include <QChildEvent>
#include <QMetaMethod>
#include <QThread>
#include <algorithm>

namespace earmark {

namespace {

constexpr int kQtWaitsMs = 3000;

struct Reach : QObject {
    using QObject::isSignalConnected;
};

/// Qt's single shots by name; one that calls a function would be lost with its call, and is left alone. One that was
/// held back has no clock any more.
bool isOfTheServer(QAbstractEventDispatcher* dispatcher, QObject* object) {
    const QMetaObject* const type = object->metaObject();
    const int timeout = type->indexOfSignal("timeout()");
    if (qstrcmp(type->className(), "QSingleShotTimer") != 0 || timeout < 0 ||
        !(object->*&Reach::isSignalConnected)(type->method(timeout))) {
        return false;
    }
    const auto clocks = dispatcher->registeredTimers(object);
    return std::all_of(clocks.begin(), clocks.end(), [](const auto& clock) { return clock.interval == kQtWaitsMs; });
}

/// Of the calling thread.
QObjectList waiting() {
    QAbstractEventDispatcher* const dispatcher = QAbstractEventDispatcher::instance();
    QObjectList found = dispatcher ? dispatcher->children() : QObjectList();
    found.removeIf([dispatcher](QObject* object) { return !isOfTheServer(dispatcher, object); });
    return found;
}

}  // namespace

ServerRetry::ServerRetry() {
    if (QObject* const dispatcher = QAbstractEventDispatcher::instance()) {
        dispatcher->installEventFilter(this);
    }
}

bool ServerRetry::eventFilter(QObject* /*watched*/, QEvent* event) {
    if (event->type() == QEvent::ChildAdded) {
        // It is not yet what it will be.
        QMetaObject::invokeMethod(this, &ServerRetry::holdBack, Qt::QueuedConnection);
    }
    return false;
}

void ServerRetry::holdBack() {
    for (QObject* timer : waiting()) {
        QAbstractEventDispatcher::instance()->unregisterTimers(timer);
    }
}

void ServerRetry::tryNow() {
    if (QThread::currentThread() != thread()) {
        QMetaObject::invokeMethod(this, &ServerRetry::tryNow, Qt::QueuedConnection);
        return;
    }
    for (QObject* timer : waiting()) {
        if (QMetaObject::invokeMethod(timer, "timeout", Qt::DirectConnection)) {
            delete timer;  // if it fails again Qt has made another one
        }
    }
}

}  // namespace earmark
