#include "app/secrets.h"

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QPointer>
#include <QTimer>

#include "app/redaction.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Secrets)
};

constexpr qsizetype kLongestKey = 4096;

QString service() {
    return u"earmark"_s;
}

Error noKey(const QString& account, const QString& why) {
    return makeError(ErrorKind::NoKey,
                     Text::tr("No API key is known for the account %1 (%2); it can also be given in %3.")
                         .arg(account, why, keyVariable(account)));
}

/// Runs a keyring job with an end to the waiting. QtKeychain jobs delete themselves after they finished; one that never
/// does must not keep its asker waiting.
void run(QKeychain::Job* job, std::chrono::milliseconds patience, QObject* context,
         const std::function<void(QKeychain::Job*)>& done) {
    auto* guard = new QObject(context);
    auto* timer = new QTimer(guard);
    timer->setSingleShot(true);
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, guard, [guard, done](QKeychain::Job* finished) {
        guard->deleteLater();
        QObject::disconnect(finished, nullptr, guard, nullptr);
        done(finished);
    });
    QObject::connect(timer, &QTimer::timeout, guard, [guard, done, job = QPointer<QKeychain::Job>(job)] {
        guard->deleteLater();
        if (job) {
            QObject::disconnect(job, nullptr, guard, nullptr);
        }
        done(nullptr);
    });
    timer->start(patience);
    job->start();
}

QString problemText(const QKeychain::Job* job) {
    if (job == nullptr) {
        return Text::tr("the keyring does not answer");
    }
    switch (job->error()) {
        case QKeychain::NoError:
            return {};
        case QKeychain::EntryNotFound:
            // A locked keyring answers the same: this must not be taken for "there is no key".
            return Text::tr("the keyring has none, or is locked");
        case QKeychain::AccessDeniedByUser:
        case QKeychain::AccessDenied:
            return Text::tr("the keyring was not opened");
        case QKeychain::CouldNotDeleteEntry:
        case QKeychain::NoBackendAvailable:
        case QKeychain::NotImplemented:
        case QKeychain::OtherError:
            break;
    }
    return Text::tr("no keyring could be used here");
}

}  // namespace

Result<QByteArray> checkedKey(const QByteArray& text) {
    const QByteArray key = text.trimmed();
    if (key.isEmpty()) {
        return failure(ErrorKind::InvalidInput, Text::tr("The key is empty."));
    }
    if (key.size() > kLongestKey) {
        return failure(ErrorKind::InvalidInput, Text::tr("The key is longer than any key is."));
    }
    for (const char c : key) {
        // Anything else would end or bend the header line that carries it.
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
            return failure(ErrorKind::InvalidInput, Text::tr("The key holds a blank, a line break or another sign that "
                                                             "no key has; was more copied than the key?"));
        }
    }
    return key;
}

QString keyVariable(const QString& account) {
    return u"EARMARK_KEY_"_s + account.toUpper().replace(u'-', u'_');
}

std::chrono::milliseconds keyringPatience() {
    const bool somebodyMayType = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    return somebodyMayType ? std::chrono::seconds(60) : std::chrono::seconds(4);
}

Secrets::Secrets(const Profile& profile, std::chrono::milliseconds patience, QObject* parent)
    : QObject(parent), m_profileMark(profile.isDefault() ? QString() : profile.folder()), m_patience(patience) {}

Secrets::~Secrets() = default;

QString Secrets::entryName(const QString& account) const {
    // Two profiles may use the same account name with different keys.
    return m_profileMark.isEmpty() ? account : account + u" ("_s + m_profileMark + u')';
}

void Secrets::setForThisRun(const QString& account, const QByteArray& key) {
    hideSecret(key);
    m_session.insert(account, key);
}

void Secrets::readKeyring(const QString& account, QObject* context, std::function<void(Result<QByteArray>)> done) {
    auto* job = new QKeychain::ReadPasswordJob(service());
    job->setKey(entryName(account));
    run(job, m_patience, context, [account, done](QKeychain::Job* finished) {
        if (finished != nullptr && finished->error() == QKeychain::NoError) {
            const auto key = checkedKey(static_cast<QKeychain::ReadPasswordJob*>(finished)->binaryData());
            if (key) {
                hideSecret(*key);
                done(*key);
                return;
            }
        }
        done(failure(noKey(account, problemText(finished))));
    });
}

void Secrets::key(const QString& account, QObject* context, std::function<void(Result<QByteArray>)> done) {
    QByteArray known = m_session.value(account);
    if (known.isEmpty()) {
        known = qgetenv(keyVariable(account).toLatin1().constData());
    }
    if (known.isEmpty()) {
        readKeyring(account, context, [self = QPointer<Secrets>(this), account, done](const Result<QByteArray>& key) {
            // A pull asks for each request; the keyring need not be asked each time.
            if (key && self) {
                self->m_session.insert(account, *key);
            }
            done(key);
        });
        return;
    }
    auto checked = checkedKey(known);
    if (checked) {
        hideSecret(*checked);
    }
    QMetaObject::invokeMethod(
        context, [checked, done] { done(checked); }, Qt::QueuedConnection);
}

void Secrets::keep(const QString& account, const QByteArray& text, QObject* context, std::function<void(Done)> done) {
    const auto key = checkedKey(text);
    if (!key) {
        QMetaObject::invokeMethod(
            context, [error = key.error(), done] { done(failure(error)); }, Qt::QueuedConnection);
        return;
    }
    setForThisRun(account, *key);
    auto* job = new QKeychain::WritePasswordJob(service());
    job->setKey(entryName(account));
    job->setBinaryData(*key);
    run(job, m_patience, context, [account, done](QKeychain::Job* finished) {
        if (finished != nullptr && finished->error() == QKeychain::NoError) {
            done({});
            return;
        }
        const bool refused = finished != nullptr && (finished->error() == QKeychain::AccessDenied ||
                                                     finished->error() == QKeychain::AccessDeniedByUser);
        // Storage, because its advice (run the doctor) leads to the keyring's state.
        done(failure(
            ErrorKind::Storage,
            (refused ? Text::tr("The keyring was not opened, so the key of %1 is kept only until the program "
                                "ends. Set %2 to the key, or open the keyring and enter it again.")
                     : Text::tr("No keyring could be used here, so the key of %1 is kept only until the program "
                                "ends. Set %2 to the key for the next time."))
                .arg(account, keyVariable(account)),
            finished != nullptr ? redacted(finished->errorString()) : QString()));
    });
}

void Secrets::forget(const QString& account, QObject* context, std::function<void(Done)> done) {
    m_session.remove(account);
    auto* job = new QKeychain::DeletePasswordJob(service());
    job->setKey(entryName(account));
    run(job, m_patience, context, [account, done](QKeychain::Job* finished) {
        const bool gone = finished != nullptr &&
                          (finished->error() == QKeychain::NoError || finished->error() == QKeychain::EntryNotFound);
        if (gone) {
            done({});
        } else {
            done(failure(ErrorKind::Storage, Text::tr("The keyring could not be asked to forget the key of %1: %2")
                                                 .arg(account, problemText(finished))));
        }
    });
}

void Secrets::origin(const QString& account, QObject* context, std::function<void(Origin)> done) {
    const auto later = [context, done](Origin origin) {
        QMetaObject::invokeMethod(
            context, [done, origin] { done(origin); }, Qt::QueuedConnection);
    };
    if (m_session.contains(account)) {
        later(Origin::Session);
    } else if (!qEnvironmentVariableIsEmpty(keyVariable(account).toLatin1().constData())) {
        later(Origin::Environment);
    } else {
        readKeyring(account, context,
                    [done](const Result<QByteArray>& key) { done(key ? Origin::Keyring : Origin::None); });
    }
}

void Secrets::probe(QObject* context, std::function<void(KeyringState)> done) {
    auto* job = new QKeychain::ReadPasswordJob(service());
    job->setKey(u"probe"_s);
    run(job, m_patience, context, [done](QKeychain::Job* finished) {
        const bool answers = finished != nullptr &&
                             (finished->error() == QKeychain::NoError || finished->error() == QKeychain::EntryNotFound);
        done(KeyringState{answers, answers ? QString() : problemText(finished)});
    });
}

}  // namespace earmark
