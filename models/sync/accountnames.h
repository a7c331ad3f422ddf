// Fetches the campaigns or agents of an account with settings and a key that need not be stored yet, so that they can
// be chosen from. Main thread only; answers are parsed on a pool thread.
#pragma once

#include <QObject>
#include <memory>

#include "models/sync/namelookup.h"

namespace earmark {

class Store;

class AccountNames final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountNames)

 public:
    /// `store` must be open.
    AccountNames(HttpClient* http, std::shared_ptr<const Clock> clock, Store* store, QObject* parent = nullptr);
    ~AccountNames() override;

    /// A running fetch is dropped.
    void start(NameLookup::What what, const Account& account, const QByteArray& key);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_link != nullptr; }

 Q_SIGNALS:
    void waiting(const QString& sentence);  ///< "" = goes on
    /// Once per start(), in a later turn. Entries may have come before an error.
    void finished(const std::vector<earmark::NamedEntry>& entries, const std::optional<earmark::Error>& error);

 private:
    HttpClient* m_http;
    std::shared_ptr<const Clock> m_clock;
    Store* m_store;
    Workers m_workers{1};
    AccountLink* m_link = nullptr;
};

}  // namespace earmark
