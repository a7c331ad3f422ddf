#include "app/secrets.h"

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QPointer>
#include <QTimer>

#include "app/keyringlock.h"
#include "app/redaction.h"
#include "models/domain/target.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Secrets)
};

constexpr qsizetype kLongestKey = 4096;
/// For a question that the service answers from memory; it has just answered another one.
constexpr std::chrono::milliseconds kLockPatience{1000};

QString service() {
    return u"earmark"_s;
}

/// The account whose target's secret goes by this name; nullopt: it is an account's own name.
std::optional<QString> accountOfTarget(const QString& name) {
    const qsizetype mark = targetSecretName(QString()).size();
    const QString account = name.chopped(std::min(mark, name.size()));
    return targetSecretName(account) == name ? std::optional(account) : std::nullopt;
}

Error noKey(const QString& name, const QString& why) {
    const auto account = accountOfTarget(name);
    const QString sentence =
        account ? Text::tr("No secret is known for the target of the account %1 (%2); it can also be given in %3.")
                : Text::tr("No API key is known for the account %1 (%2); it can also be given in %3.");
    return makeError(ErrorKind::NoKey, sentence.arg(account.value_or(name), why, keyVariable(name)));
}

Result<QByteArray> checkedFor(const QString& name, const QByteArray& text) {
    return accountOfTarget(name) ? checkedSecret(text) : checkedKey(text);
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
            return Text::tr("what the keyring holds is no key");
        case QKeychain::EntryNotFound:
            return Text::tr("the keyring holds none");
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

/// Hands on why a job gave nothing. A locked keyring answers like an empty one, which must not be taken for "there is
/// no key", so the two are told apart first.
void explain(const QKeychain::Job* job, QObject* context, const std::function<void(bool isLocked, QString)>& done) {
    const QString why = problemText(job);
    if (job == nullptr) {
        done(false, why);
        return;
    }
    const bool isMissing = job->error() == QKeychain::EntryNotFound;
    askKeyringLock(kLockPatience, context, [why, isMissing, done](KeyringLock lock) {
        if (lock == KeyringLock::Locked) {
            done(true, Text::tr("the keyring is locked"));
        } else if (isMissing && lock == KeyringLock::Unknown) {
            done(false, Text::tr("the keyring has none, or is locked"));
        } else {
            done(false, why);
        }
    });
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

Result<QByteArray> checkedSecret(const QByteArray& text) {
    const QByteArray secret = text.trimmed();
    if (secret.isEmpty()) {
        return failure(ErrorKind::InvalidInput, Text::tr("The secret is empty."));
    }
    if (secret.size() > kLongestKey) {
        return failure(ErrorKind::InvalidInput, Text::tr("The secret is longer than any secret is."));
    }
    for (const char c : secret) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return failure(ErrorKind::InvalidInput,
                           Text::tr("The secret holds a line break or another control character; was more copied than "
                                    "the secret?"));
        }
    }
    return secret;
}

QString keyVariable(const QString& account) {
    const auto target = accountOfTarget(account);
    return (target ? u"EARMARK_TARGET_SECRET_"_s : u"EARMARK_KEY_"_s) +
           target.value_or(account).toUpper().replace(u'-', u'_');
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
    run(job, m_patience, context, [account, context, done](QKeychain::Job* finished) {
        if (finished != nullptr && finished->error() == QKeychain::NoError) {
            const auto key = checkedFor(account, static_cast<QKeychain::ReadPasswordJob*>(finished)->binaryData());
            if (key) {
                hideSecret(*key);
                done(*key);
                return;
            }
        }
        explain(finished, context, [account, done](bool, const QString& why) { done(failure(noKey(account, why))); });
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
    auto checked = checkedFor(account, known);
    if (checked) {
        hideSecret(*checked);
    }
    QMetaObject::invokeMethod(
        context, [checked, done] { done(checked); }, Qt::QueuedConnection);
}

void Secrets::keep(const QString& account, const QByteArray& text, QObject* context, std::function<void(Done)> done) {
    const auto key = checkedFor(account, text);
    if (!key) {
        QMetaObject::invokeMethod(
            context, [error = key.error(), done] { done(failure(error)); }, Qt::QueuedConnection);
        return;
    }
    setForThisRun(account, *key);
    auto* job = new QKeychain::WritePasswordJob(service());
    job->setKey(entryName(account));
    job->setBinaryData(*key);
    run(job, m_patience, context, [account, context, done](QKeychain::Job* finished) {
        if (finished != nullptr && finished->error() == QKeychain::NoError) {
            done({});
            return;
        }
        const bool refused = finished != nullptr && (finished->error() == QKeychain::AccessDenied ||
                                                     finished->error() == QKeychain::AccessDeniedByUser);
        const QString detail = finished != nullptr ? redacted(finished->errorString()) : QString();
        explain(finished, context, [account, refused, detail, done](bool isLocked, const QString&) {
            const auto target = accountOfTarget(account);
            const QString what = target ? Text::tr("the secret for the target of %1").arg(*target)
                                        : Text::tr("the key of %1").arg(account);
            const QString sentence =
                isLocked || refused ? Text::tr(
                                          "The keyring is locked, so %1 is kept only until the program ends. Set %2 to "
                                          "it, or unlock the keyring and enter it again.")
                                    : Text::tr(
                                          "No keyring could be used here, so %1 is kept only until the program ends. "
                                          "Set %2 to it for the next time.");
            // Storage, because its advice (run the doctor) leads to the keyring's state.
            done(failure(ErrorKind::Storage, sentence.arg(what, keyVariable(account)), detail));
        });
    });
}

void Secrets::forget(const QString& account, QObject* context, std::function<void(Done)> done) {
    forgetOne(account, context, [self = QPointer<Secrets>(this), account, context, done](const Done& forgotten) {
        if (accountOfTarget(account) || !self) {
            done(forgotten);
            return;
        }
        self->forgetOne(targetSecretName(account), context, [forgotten, done](const Done& secretForgotten) {
            done(forgotten ? secretForgotten : forgotten);
        });
    });
}

void Secrets::forgetOne(const QString& account, QObject* context, std::function<void(Done)> done) {
    m_session.remove(account);
    auto* job = new QKeychain::DeletePasswordJob(service());
    job->setKey(entryName(account));
    run(job, m_patience, context, [account, context, done](QKeychain::Job* finished) {
        // A locked keyring says "deleted" of what it has not even looked at, so it is asked in any case.
        const bool isGone = finished != nullptr &&
                            (finished->error() == QKeychain::NoError || finished->error() == QKeychain::EntryNotFound);
        explain(finished, context, [account, isGone, done](bool isLocked, const QString& why) {
            if (isGone && !isLocked) {
                done({});
                return;
            }
            done(failure(ErrorKind::Storage, Text::tr("The keyring could not be asked to forget the key of %1: %2.")
                                                 .arg(accountOfTarget(account).value_or(account), why)));
        });
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
    run(job, m_patience, context, [context, done](QKeychain::Job* finished) {
        const bool answers = finished != nullptr &&
                             (finished->error() == QKeychain::NoError || finished->error() == QKeychain::EntryNotFound);
        explain(finished, context, [answers, done](bool isLocked, const QString& why) {
            done(KeyringState{answers && !isLocked, answers && !isLocked ? QString() : why});
        });
    });
}

}  // namespace earmark
