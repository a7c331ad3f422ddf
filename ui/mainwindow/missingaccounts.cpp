#include "ui/mainwindow/missingaccounts.h"

#include <QLocale>

#include "models/domain/textfold.h"
#include "models/sync/accountbook.h"
#include "ui/mainwindow/messagestrip.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
const QString kMessage = u"accounts/missing"_s;
constexpr qsizetype kMostNamed = 3;
}  // namespace

MissingAccounts::MissingAccounts(AccountBook* accounts, MessageStrip* messages, QObject* parent)
    : QObject(parent), m_accounts(accounts), m_messages(messages) {
    connect(accounts, &AccountBook::changed, this, &MissingAccounts::judge);
}

void MissingAccounts::setCounts(const QHash<QString, qint64>& callsOfAccount) {
    m_counts = callsOfAccount;
    judge();
}

void MissingAccounts::judge() {
    if (!m_accounts->isLoaded()) {
        return;
    }
    QStringList missing;
    qint64 calls = 0;
    for (auto it = m_counts.begin(); it != m_counts.end(); ++it) {
        if (m_accounts->find(it.key()) == nullptr) {
            missing << it.key();
            calls += it.value();
        }
    }
    missing.sort();
    if (missing == m_told) {
        return;
    }
    m_told = missing;
    if (missing.isEmpty()) {
        m_messages->remove(kMessage);
        return;
    }
    QStringList names;
    for (const QString& name : missing.first(qMin(missing.size(), kMostNamed))) {
        names << isolated(name);
    }
    if (missing.size() > kMostNamed) {
        names << u"\u2026"_s;
    }
    const QString which = names.join(u", "_s);
    const QString sentence =
        calls == 1 ? tr("No account for one call (%1): add it again to refresh it.").arg(which)
        : missing.size() == 1
            ? tr("No account for %1 calls (%2): add it again to refresh them.").arg(QLocale().toString(calls), which)
            : tr("No accounts for %1 calls (%2): add them again to refresh them.")
                  .arg(QLocale().toString(calls), which);
    m_messages->show(kMessage, MessageKind::Notice, sentence, tr("Add account"),
                     [this, name = missing.first()] { Q_EMIT addWanted(name); });
}

}  // namespace earmark
