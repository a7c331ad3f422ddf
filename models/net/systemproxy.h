// The system's proxy settings, except that this computer is always reached directly. Any thread.
#pragma once

#include <QNetworkProxyFactory>

namespace earmark {

class SystemProxy final : public QNetworkProxyFactory {
 public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override;
};

/// True when `url` would go through a proxy: then the proxy resolves names, not we.
[[nodiscard]] bool goesThroughProxy(const QUrl& url);

}  // namespace earmark
