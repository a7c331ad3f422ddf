// What the test servers of all dialects share: the key, the account, the pages kept as text, and the modes in which
// lists misbehave. Methods may be called from any thread; on() of the base overrides single paths with faults.
#pragma once

#include <QJsonObject>

#include "models/domain/account.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/pagemodes.h"

namespace earmark::test {

[[nodiscard]] QByteArray compactJson(const QJsonObject& object);
/// `object` with some of its members replaced or added.
[[nodiscard]] QJsonObject changed(QJsonObject object, const QJsonObject& changes);

class ProviderServer : public LoopbackServer {
 public:
    void setPageMode(PageMode mode);  ///< of every page of calls; {} = honest

    [[nodiscard]] QByteArray key() const { return m_key; }
    /// With the path part of the provider's own base address.
    [[nodiscard]] Account account(const QString& name = QStringLiteral("main")) const;
    /// What it answers when no fault is set: for handlers that misbehave only now and then.
    [[nodiscard]] Reply answer(const Request& request);
    /// The same route asked from within the test, with the key: `target` is a path with its query.
    [[nodiscard]] Reply ask(const QByteArray& target, const QByteArray& method = QByteArrayLiteral("GET"),
                            const QByteArray& body = {});

 protected:
    ProviderServer(Provider provider, const QByteArray& key);

    /// Under the data's lock, when the key is right.
    [[nodiscard]] virtual Reply answerWithKey(const Request& request) = 0;
    /// Under the data's lock, before the key is looked at: what is open to all, such as a signed link.
    [[nodiscard]] virtual std::optional<Reply> answerToAll(const Request& request);
    [[nodiscard]] virtual Reply unauthorized(const Request& request) const = 0;
    [[nodiscard]] virtual Reply noSuchPage(int status) const = 0;

    /// A page of calls in the dialect's envelope; honest ones are written once and then kept until touched().
    [[nodiscard]] Reply page(const Request& request, PagedList& list, const PageAsk& ask,
                             const std::function<QByteArray(const PageAnswer&)>& envelope);
    void touched() { m_pageCache.clear(); }
    [[nodiscard]] QByteArray path(const QByteArray& route) const { return m_basePath + route; }
    [[nodiscard]] std::mutex& dataMutex() const { return m_dataMutex; }
    /// The page numbers asked for at this path, sorted (those fetched ahead come in any order).
    [[nodiscard]] QList<int> pagesAskedAt(const QByteArray& path) const;

 private:
    const Provider m_provider;
    const QByteArray m_key;
    const QByteArray m_basePath;
    mutable std::mutex m_dataMutex;
    std::map<QByteArray, QByteArray> m_pageCache;
    PageMode m_pageMode;
};

/// How many pages `answer` speaks of, as a server counts them from its total: at least the page that follows one that
/// promises more.
[[nodiscard]] int pagesIn(const PageAnswer& answer);

}  // namespace earmark::test
