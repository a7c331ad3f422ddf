// A receiver of signed webhooks on the loopback test server: verifies each delivery, applies it once by its key, and
// misbehaves as told, request by request. Methods may be called from any thread.
#pragma once

#include <QJsonObject>
#include <deque>

#include "tests/support/loopbackserver.h"

namespace earmark::test {

/// What happens to one request. "Applied" = the ledger holds the delivery although the sender was not told.
enum class Mishap {
    None,
    AnswerLost,         ///< applied, then closed without an answer
    AnswerCut,          ///< applied, half of the answer, then reset
    AppliedThenHangs,   ///< applied, never answers
    AppliedThen500,     ///< applied, and says it failed
    ResetBeforeAnswer,  ///< not applied
    CloseBeforeAnswer,  ///< not applied
    Hang,               ///< not applied, never answers
    Slow,               ///< applied, answers after setSlowness()
    BadRequest,         ///< 400 and so on: not applied
    Unauthorized,
    Forbidden,
    NotFound,
    Conflict,       ///< 409 with "current" as given to setCurrent()
    Unprocessable,  ///< 422
    TooMany,        ///< 429 with Retry-After: setRetryAfter(), "" = no such header
    InternalError,
    Unavailable,  ///< 503 with Retry-After where one was set
};

class TargetServer final : public LoopbackServer {
 public:
    explicit TargetServer(const QByteArray& secret = QByteArrayLiteral("a secret for tests"));
    ~TargetServer() override;

    [[nodiscard]] QByteArray secret() const { return m_secret; }
    [[nodiscard]] QUrl address() const { return url(QStringLiteral("/reviews")); }

    void misbehave(std::deque<Mishap> next);  ///< one a request in order of arrival; afterwards honest again
    /// Asked for each request that `misbehave` has nothing for: how often this key was asked before, from 0.
    void misbehaveBy(std::function<Mishap(const Request&, int earlier)> rule);
    void setRetryAfter(const QByteArray& value);
    void setSlowness(std::chrono::milliseconds pause);
    void setCurrent(const QJsonObject& current);  ///< of a 409; empty = says nothing
    void setLatest(std::chrono::seconds window);  ///< refuses older and newer timestamps with 401; 0 = any (default)

    struct Applied {
        QByteArray key;
        QByteArray body;
        int requests = 0;  ///< on the wire, the first included
    };
    [[nodiscard]] std::vector<Applied> applied() const;  ///< in order of applying, each key once
    [[nodiscard]] int appliedCount() const;
    [[nodiscard]] int requestsFor(const QByteArray& key) const;
    [[nodiscard]] int forged() const;       ///< requests whose signature was wrong: answered with 401
    [[nodiscard]] int otherBodies() const;  ///< a known key with another body: answered with 422
    [[nodiscard]] int tests() const;        ///< test messages with a good signature: answered with 200
    /// What the applied deliveries say of a call's field now, in the order of applying; null where it was cleared.
    [[nodiscard]] QJsonValue valueOf(const QString& callId, const QString& field) const;

 private:
    [[nodiscard]] Reply receive(const Request& request);
    [[nodiscard]] bool isGenuine(const Request& request) const;
    [[nodiscard]] Reply apply(const Request& request, const QByteArray& key);
    [[nodiscard]] Reply unapplied(Mishap mishap) const;
    [[nodiscard]] Mishap mishapOf(const Request& request, int earlier);

    const QByteArray m_secret;
    mutable std::mutex m_ledgerMutex;
    std::deque<Mishap> m_next;
    std::function<Mishap(const Request&, int)> m_rule;
    QByteArray m_retryAfter;
    std::chrono::milliseconds m_slowness{300};
    std::chrono::seconds m_window{0};
    QJsonObject m_current;
    std::vector<Applied> m_applied;
    std::map<QByteArray, size_t> m_places;  ///< of m_applied
    std::map<QByteArray, int> m_requestsByKey;
    int m_forged = 0;
    int m_otherBodies = 0;
    int m_tests = 0;
};

/// "v1=" and the hex HMAC-SHA256 of "timestamp.body", made from the hash alone (RFC 2104), so that the program's own
/// signature is checked against something else than itself.
[[nodiscard]] QByteArray webhookSignature(const QByteArray& secret, const QByteArray& timestamp,
                                          const QByteArray& body);

}  // namespace earmark::test
