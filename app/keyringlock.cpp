#include "app/keyringlock.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

QString service() {
    return u"org.freedesktop.secrets"_s;
}

template <typename Answer>
void ask(QDBusMessage message, std::chrono::milliseconds patience, QObject* context,
         const std::function<void(std::optional<Answer>)>& done) {
    message.setAutoStartService(false);
    auto* watcher =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message, int(patience.count())), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [done](QDBusPendingCallWatcher* finished) {
        finished->deleteLater();
        const QDBusPendingReply<Answer> reply = *finished;
        done(reply.isError() ? std::nullopt : std::optional<Answer>(reply.value()));
    });
}

}  // namespace

void askKeyringLock(std::chrono::milliseconds patience, QObject* context, std::function<void(KeyringLock)> done) {
    if (!QDBusConnection::sessionBus().isConnected()) {
        QMetaObject::invokeMethod(
            context, [done] { done(KeyringLock::Unknown); }, Qt::QueuedConnection);
        return;
    }
    QDBusMessage whichOne = QDBusMessage::createMethodCall(service(), u"/org/freedesktop/secrets"_s,
                                                           u"org.freedesktop.Secret.Service"_s, u"ReadAlias"_s);
    whichOne << u"default"_s;
    ask<QDBusObjectPath>(whichOne, patience, context, [patience, context, done](const auto& path) {
        if (!path) {
            done(KeyringLock::Unknown);
            return;
        }
        if (path->path() == u"/"_s) {
            done(KeyringLock::NotMade);
            return;
        }
        QDBusMessage isLocked =
            QDBusMessage::createMethodCall(service(), path->path(), u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
        isLocked << u"org.freedesktop.Secret.Collection"_s << u"Locked"_s;
        ask<QDBusVariant>(isLocked, patience, context, [done](const auto& locked) {
            done(!locked                      ? KeyringLock::Unknown
                 : locked->variant().toBool() ? KeyringLock::Locked
                                              : KeyringLock::Unlocked);
        });
    });
}

}  // namespace earmark
