// Asks a provider for its campaigns with settings that are not stored yet, and says in words what works or what is
// wrong. Main thread only; the answer is parsed on a pool thread.
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <memory>

#include "models/domain/account.h"
#include "models/net/httpclient.h"
#include "models/providers/readdialect.h"

namespace earmark {

class AccountTest final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountTest)

 public:
    explicit AccountTest(HttpClient* http, QObject* parent = nullptr);
    ~AccountTest() override;

    void start(const Account& account, const QByteArray& key);  ///< a running test is dropped
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_running; }

    /// Which of name, connection, certificate, key, right or address is wrong, and what to do.
    [[nodiscard]] static QString problemText(const Error& error);

 Q_SIGNALS:
    void finished(bool works, const QString& text);

 private:
    void answered(const Result<HttpAnswer>& answer);
    void parse(const QByteArray& body);
    void end(bool works, const QString& text);

    HttpClient* m_http;
    std::unique_ptr<HttpTicket> m_ticket;
    std::shared_ptr<const ReadDialect> m_dialect;
    QFutureWatcher<Result<NameList>> m_parsing;
    Account m_account;
    bool m_running = false;
};

}  // namespace earmark
