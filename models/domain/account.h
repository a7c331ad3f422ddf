// An account on a provider: where it is and how to read it; never its key. Plain data, any thread.
#pragma once

#include <QString>
#include <QUrl>

#include "models/domain/call.h"

namespace earmark {

struct Account {
    QString name;  ///< [a-z0-9][a-z0-9-]{0,30}
    Provider provider = Provider::Yotel;
    QUrl baseUrl;                                 ///< https, or http to a loopback address
    QString assumedZone = QStringLiteral("UTC");  ///< IANA name for times that come without a zone
    int pageSize = 200;
    bool agentIsFirstChannel = true;  ///< channel order of stereo recordings, a setting
};

[[nodiscard]] QUrl defaultBaseUrl(Provider provider);
/// https with a host, or http on a loopback host; anything else is InvalidInput with the reason.
[[nodiscard]] Result<QUrl> checkedBaseUrl(const QString& text);
/// True for localhost, 127.0.0.0/8 and ::1 spelt as such.
[[nodiscard]] bool isLoopback(const QUrl& url);

}  // namespace earmark
