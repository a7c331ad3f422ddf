// Calls whose account is not there any more (its file was damaged, for example): said once, with the way to add it.
// Main thread only.
#pragma once

#include <QHash>
#include <QObject>
#include <QStringList>

namespace earmark {

class AccountBook;
class MessageStrip;

class MissingAccounts final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MissingAccounts)

 public:
    MissingAccounts(AccountBook* accounts, MessageStrip* messages, QObject* parent);

    /// How many calls there are of each account, as counted away from the main thread.
    void setCounts(const QHash<QString, qint64>& callsOfAccount);

 Q_SIGNALS:
    void addWanted(const QString& account);

 private:
    void judge();

    AccountBook* m_accounts;
    MessageStrip* m_messages;
    QHash<QString, qint64> m_counts;
    QStringList m_told;
};

}  // namespace earmark
