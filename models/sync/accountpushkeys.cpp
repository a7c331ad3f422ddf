// The secrets that an account's target needs, and what is done when one is missing or refused.
#include <QSet>

#include "models/sync/accountpush.h"
#include "models/targets/targetanswers.h"

namespace earmark {

void AccountPush::fetchSecrets() {
    if (!m_capabilities.needsSecret) {
        takeSecret(QByteArray());
        return;
    }
    m_means.keys->key(targetSecretName(m_account.name), this,
                      [this, generation = m_generation](const Result<QByteArray>& secret) {
                          if (generation == m_generation) {
                              takeSecret(secret);
                          }
                      });
}

void AccountPush::takeSecret(const Result<QByteArray>& secret) {
    m_secret = secret.value_or(QByteArray());
    if (!secret) {
        m_looking = false;
        pauseForKey(secret.error());
    } else if (!m_capabilities.needsAccountKey) {
        takeAccountKey(QByteArray());
    } else {
        m_means.keys->key(m_account.name, this, [this, generation = m_generation](const Result<QByteArray>& key) {
            if (generation == m_generation) {
                takeAccountKey(key);
            }
        });
    }
}

void AccountPush::takeAccountKey(const Result<QByteArray>& key) {
    m_looking = false;
    m_accountKey = key.value_or(QByteArray());
    if (!key) {
        pauseForKey(key.error());
        return;
    }
    m_secretsKnown = true;
    if (!m_round && m_pace->refuses(keyThatCounts())) {
        pauseForKey(*m_pace->refusal);
        return;
    }
    look();
}

const QByteArray& AccountPush::keyThatCounts() const {
    return m_capabilities.needsAccountKey ? m_accountKey : m_secret;
}

/// Nothing leaves any more until another key is given or somebody asks; told once.
void AccountPush::pauseForKey(const Error& error) {
    const bool isNew = !m_keyTrouble;
    m_keyTrouble = target::advised(error, m_capabilities);
    m_until.reset();
    if (m_round && !m_round->isEnding && m_underWay.isEmpty()) {
        endRound(m_keyTrouble);
    }
    tellChange();
    if (isNew) {
        Q_EMIT keyProblem(*m_keyTrouble);
    }
}

void AccountPush::noteKeyRefused(const Error& error) {
    // A key that may only read is right for everything else that asks this provider.
    if (!m_capabilities.needsAccountKey || error.kind == ErrorKind::Unauthorized) {
        m_pace->refuse(keyThatCounts(), error);
    }
    m_proven = false;
    pauseForKey(error);
}

void AccountPush::noteKeyTaken() {
    if (m_pace->refuses(keyThatCounts())) {
        m_pace->refusal.reset();
    }
}

void AccountPush::noteSecretGiven() {
    beginAnew();
    if (m_pace) {
        m_pace->refusal.reset();
    }
    if (m_round) {
        m_round->putBack = false;
        look();
    } else if (m_dialect) {
        m_looking = true;
        putBackRefused();
    }
    tellChange();
}

// --- what was refused because of the key

void AccountPush::putBackRefused() {
    if (m_round) {
        m_round->putBack = true;
    }
    m_means.store->countWaitingEdits(
        m_account.name, this, [this, generation = m_generation](const Result<WaitingEdits>& edits) {
            if (generation != m_generation) {
                return;
            }
            if (!edits || edits->unsent() == 0) {
                loadDue();
                return;
            }
            m_means.store->loadPending(this, [this, generation](const Result<std::vector<PendingEdit>>& pending) {
                if (generation == m_generation) {
                    sendAgain(pending.value_or(std::vector<PendingEdit>()));
                }
            });
        });
}

/// The answers of a lane come in the order of the questions, so what is put back is there when loadDue() asks.
void AccountPush::sendAgain(const std::vector<PendingEdit>& pending) {
    QSet<QString> again;
    for (const PendingEdit& edit : pending) {
        if (edit.key.account == m_account.name && edit.state == EditState::Refused && isAboutTheKey(edit.reason) &&
            !again.contains(edit.delivery)) {
            again.insert(edit.delivery);
            m_means.store->sendAgain(m_account.name, edit.delivery, this, [](const Done&) {});
        }
    }
    loadDue();
}

}  // namespace earmark
