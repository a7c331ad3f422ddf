#include "ui/accounts/accountstates.h"

#include <QDateTime>
#include <QLocale>

#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/puller.h"

namespace earmark {

using namespace Qt::StringLiterals;

AccountStates::AccountStates(const DeskServices& services, QObject* parent) : QObject(parent), m_services(services) {
    if (m_services.puller != nullptr) {
        connect(m_services.puller, &Puller::finished, this, [this](const PullReport& report) {
            for (const AccountReport& account : report.accounts) {
                if (account.ok || (account.error && account.error->kind != ErrorKind::Cancelled)) {
                    m_states[account.account].works = account.ok;
                }
            }
            look();
        });
    }
}

void AccountStates::look() {
    for (const Account& account : m_services.accounts->accounts()) {
        lookAt(account.name);
    }
}

void AccountStates::lookAt(const QString& name) {
    m_services.keys->key(name, this, [this, name](const Result<QByteArray>& key) {
        m_states[name].keyMissing = !key && key.error().kind == ErrorKind::NoKey;
        Q_EMIT changed();
    });
    m_services.store->loadCursors(name, this, [this, name](const Result<std::vector<PullCursor>>& cursors) {
        std::optional<Moment> last;
        for (const PullCursor& cursor : cursors.value_or(std::vector<PullCursor>())) {
            last = std::max(last, cursor.completedAt);
        }
        m_states[name].pulledAt = last;
        Q_EMIT changed();
    });
}

void AccountStates::noteTest(const QString& account, bool works) {
    m_states[account].works = works;
    Q_EMIT changed();
}

QString AccountStates::words(const Account& account) const {
    const State state = m_states.value(account.name);
    if (!account.isEnabled) {
        return tr("disabled");
    }
    if (state.keyMissing) {
        return tr("key needed");
    }
    if (state.works == false) {
        return tr("does not work");
    }
    if (!state.pulledAt) {
        return state.works == true ? tr("works") : tr("not pulled yet");
    }
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(toMs(*state.pulledAt));
    const bool today = at.date() == QDateTime::fromMSecsSinceEpoch(toMs(m_services.clock->now())).date();
    const QString when = today ? QLocale().toString(at.time(), QLocale::ShortFormat)
                               : QLocale().toString(at.date(), QLocale::ShortFormat);
    return state.works == true ? tr("works, pulled %1").arg(when) : tr("pulled %1").arg(when);
}

QString AccountStates::iconName(const Account& account) const {
    const State state = m_states.value(account.name);
    return !account.isEnabled                      ? u"minus"_s
           : state.keyMissing                      ? u"key"_s
           : state.works == false                  ? u"warning"_s
           : state.pulledAt || state.works == true ? u"saved"_s
                                                   : u"account"_s;
}

}  // namespace earmark
