#include "tests/support/providerserver.h"

#include <QJsonDocument>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace earmark::test {

QByteArray compactJson(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject changed(QJsonObject object, const QJsonObject& changes) {
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        object[it.key()] = it.value();
    }
    return object;
}

ProviderServer::ProviderServer(Provider provider, const QByteArray& key)
    : m_provider(provider), m_key(key), m_basePath(defaultBaseUrl(provider).path().toLatin1()) {
    onAnythingElse([this](const Request& request) { return answer(request); });
}

void ProviderServer::setPageMode(PageMode mode) {
    const std::scoped_lock lock(m_dataMutex);
    m_pageMode = std::move(mode);
    touched();
}

Account ProviderServer::account(const QString& name) const {
    Account account;
    account.name = name;
    account.provider = m_provider;
    account.baseUrl = url(QString::fromLatin1(m_basePath));
    return account;
}

Reply ProviderServer::answer(const Request& request) {
    const std::scoped_lock lock(m_dataMutex);
    if (const auto open = answerToAll(request)) {
        return *open;
    }
    if (request.header("authorization"_ba) != QByteArray("Bearer "_ba + m_key)) {
        return unauthorized(request);
    }
    return answerWithKey(request);
}

Reply ProviderServer::ask(const QByteArray& target, const QByteArray& method, const QByteArray& body) {
    const qsizetype mark = target.indexOf('?');
    Request request;
    request.method = method;
    request.path = mark < 0 ? target : target.left(mark);
    request.query = mark < 0 ? QByteArray() : target.mid(mark + 1);
    request.headers = {{"authorization"_ba, "Bearer "_ba + m_key}, {"accept"_ba, "application/json"_ba}};
    request.body = body;
    return answer(request);
}

std::optional<Reply> ProviderServer::answerToAll(const Request&) {
    return std::nullopt;
}

Reply ProviderServer::page(const Request& request, PagedList& list, const PageAsk& ask,
                           const std::function<QByteArray(const PageAnswer&)>& envelope) {
    QByteArray& cached = m_pageCache[request.target()];
    if (cached.isEmpty()) {
        const PageAnswer given = m_pageMode ? m_pageMode(list, ask) : honestPage(list, ask);
        if (given.status != 200) {
            return noSuchPage(given.status);
        }
        const QByteArray text = envelope(given);
        if (m_pageMode) {
            return Reply::json(text);
        }
        cached = text;
    }
    return Reply::json(cached);
}

QList<int> ProviderServer::pagesAskedAt(const QByteArray& path) const {
    QList<int> pages;
    for (const Request& request : requests(path)) {
        if (request.method == "GET"_ba) {
            pages.append(request.queryItem("page"_ba).toInt());
        }
    }
    std::sort(pages.begin(), pages.end());
    return pages;
}

int pagesIn(const PageAnswer& answer) {
    const int size = std::max(answer.size, 1);
    const int byTotal = (std::max(answer.total.toInt(), 0) + size - 1) / size;
    return std::max(byTotal, answer.hasNext ? answer.page + 1 : 1);
}

}  // namespace earmark::test
