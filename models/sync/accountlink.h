// The line to one account's provider: key, request limit, retries, and errors in the provider's words. Main thread
// only.
#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <random>

#include "models/domain/account.h"
#include "models/net/httpclient.h"
#include "models/net/pace.h"
#include "models/net/retrypolicy.h"
#include "models/providers/readdialect.h"

namespace earmark {

/// How failures are waited out; tests make it quick.
struct Patience {
    RetryPolicy retry;
    std::function<double()> random = [] {
        static thread_local std::minstd_rand engine{std::random_device{}()};
        return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
};

class AccountLink final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountLink)

 public:
    /// OnceInTurn: as Once, but the account's own request limit is waited for.
    enum class Tries { Once, OnceInTurn, AsOftenAsSensible };
    /// Person: somebody asked for this now; then the first request is made at once, even to a server that was down a
    /// moment ago, and also with a key that was refused before. Program: what happens by itself waits its turn, and a
    /// refused key is not shown again. Spare: as Program, but it takes only what half of the account's request limit
    /// leaves over, so that it never stands in the way of what people ask for. A wish of the server is obeyed by all.
    enum class AskedBy { Person, Program, Spare };
    using Answered = std::function<void(Result<HttpAnswer>)>;

    AccountLink(const Account& account, const QByteArray& key, std::shared_ptr<const ReadDialect> dialect,
                HttpClient* http, std::shared_ptr<const Clock> clock, std::shared_ptr<Pace> pace, AskedBy askedBy,
                Patience patience, QObject* parent = nullptr);
    ~AccountLink() override;

    /// `done` gets a 2xx answer or an Error, once, in a later turn; never after stop() or this object's end.
    /// With Once, a pause is not waited out but answered: RateLimited where the server asked for it, else the failure
    /// after which the server is left alone for a while.
    void get(const QUrl& url, Tries tries, Answered done);
    /// A request that the dialect wrote. Its POST is a search, which changes nothing: it is tried again like a GET,
    /// with one request on the wire per attempt.
    void ask(const DialectRequest& request, Tries tries, Answered done);
    void stop();

    /// For a request that its asker sends alone because the answer is a stream (a recording): either why it must not go
    /// now, as get() with Once would answer, or the request with the key, counted as sent. The address must be one that
    /// the dialect made. Its asker tells the outcome to noteStreamAnswer(), which gives the Error for anything but 2xx.
    [[nodiscard]] Result<HttpRequest> beginStream(const QUrl& url);
    [[nodiscard]] Done noteStreamAnswer(const Result<HttpAnswer>& answer);

    [[nodiscard]] const Account& account() const { return m_account; }
    [[nodiscard]] const ReadDialect& dialect() const { return *m_dialect; }
    [[nodiscard]] std::shared_ptr<const ReadDialect> sharedDialect() const { return m_dialect; }
    [[nodiscard]] int requests() const { return m_requests; }  ///< sent so far

 Q_SIGNALS:
    void waiting(const QString& sentence);  ///< "" = goes on

 private:
    class Ask;
    /// Why nothing may be asked now, for somebody who does not wait.
    [[nodiscard]] std::optional<Error> hindrance();
    [[nodiscard]] Done judge(const Result<HttpAnswer>& result, OutageBrake::Instant sent);
    void send(Ask* ask);
    void take(Ask* ask, Result<HttpAnswer> result);
    void tryAgainOrFail(Ask* ask, Error error);
    [[nodiscard]] bool waitsFor(const Ask* ask) const;
    void sendLater(Ask* ask, std::chrono::milliseconds wait, const QString& sentence);
    void finish(Ask* ask, Result<HttpAnswer> result);
    void goOnAfterBrake();
    [[nodiscard]] std::chrono::milliseconds limitWait() const;
    [[nodiscard]] std::chrono::milliseconds brakeWait() const;
    [[nodiscard]] bool keyIsRefused() const;
    void noteKey(const Error* error);
    [[nodiscard]] QString providerWaitSentence(std::chrono::milliseconds wait) const;

    Account m_account;
    QByteArray m_key;
    std::shared_ptr<const ReadDialect> m_dialect;
    HttpClient* m_http;
    std::shared_ptr<const Clock> m_clock;
    std::shared_ptr<Pace> m_pace;
    AskedBy m_askedBy;
    Patience m_patience;
    OutageBrake::Instant m_streamSent{};
    int m_requests = 0;
};

}  // namespace earmark
