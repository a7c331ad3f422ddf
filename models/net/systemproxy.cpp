#include "models/net/systemproxy.h"

#include "models/domain/account.h"

namespace earmark {

QList<QNetworkProxy> SystemProxy::queryProxy(const QNetworkProxyQuery& query) {
    if (isLoopback(query.url())) {
        return {QNetworkProxy(QNetworkProxy::NoProxy)};
    }
    return systemProxyForQuery(query);
}

bool goesThroughProxy(const QUrl& url) {
    const QList<QNetworkProxy> proxies = SystemProxy().queryProxy(QNetworkProxyQuery(url));
    return !proxies.isEmpty() && proxies.first().type() != QNetworkProxy::NoProxy &&
           proxies.first().type() != QNetworkProxy::DefaultProxy;
}

}  // namespace earmark
