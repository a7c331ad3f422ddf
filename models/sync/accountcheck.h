// Tests an account: asks its provider who the key belongs to and whether calls can be read, and says in words what
// works or which of name, connection, certificate, key, right and address is wrong. For the window and the command
// line. Main thread only; answers are parsed on a pool thread.
#pragma once

#include <QObject>
#include <memory>
#include <optional>

#include "models/domain/account.h"
#include "models/net/httpclient.h"
#include "models/sync/accountlink.h"
#include "models/sync/workers.h"

namespace earmark {

class Store;

/// What is wrong with an account, as somebody could mend it.
enum class AccountTrouble {
    Name,         ///< the address's name is not known (DNS)
    Connection,   ///< nothing answers there: refused, no route, too late
    Certificate,  ///< TLS
    Key,          ///< missing, or not accepted
    Right,        ///< the key is right, but may not read calls
    Address,      ///< what answers is not this provider's interface
    Busy,         ///< the server asks to wait
    Other
};
[[nodiscard]] QString word(AccountTrouble trouble);  ///< for JSON: "name", "connection" ...
[[nodiscard]] AccountTrouble troubleOf(const Error& error);

struct AccountFindings {
    std::optional<Error> error;       ///< nullopt: it works
    QString who;                      ///< who the key belongs to; "" where the API does not say
    std::optional<qint64> campaigns;  ///< on the first page; nullopt where there is no such list
    bool moreCampaigns = false;
};
/// Two sentences: what was found, and what to do where something is wrong. Nothing in it is a key.
[[nodiscard]] QString findingsText(const Account& account, const AccountFindings& findings);

class AccountCheck final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountCheck)

 public:
    /// `store` (may be null) knows what servers asked for in earlier runs; it must be open.
    AccountCheck(HttpClient* http, std::shared_ptr<const Clock> clock, Store* store, QObject* parent = nullptr);
    ~AccountCheck() override;

    /// The settings need not be stored anywhere. A running check is dropped.
    void start(const Account& account, const QByteArray& key);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_link != nullptr; }

 Q_SIGNALS:
    void finished(const earmark::AccountFindings& findings);  ///< once per start(), in a later turn

 private:
    using Step = void (AccountCheck::*)(const QByteArray& body);
    void ask(const QUrl& url, Step taken);
    void takeTest(const QByteArray& body);
    void lookUpCampaigns(const QByteArray& testBody);
    void takeCampaigns(const QByteArray& body);
    void askForCalls();
    void takeCalls(const QByteArray& body);
    void end(std::optional<Error> error);

    HttpClient* m_http;
    std::shared_ptr<const Clock> m_clock;
    Store* m_store;
    Workers m_workers{1};
    AccountLink* m_link = nullptr;
    AccountFindings m_findings;
};

}  // namespace earmark
