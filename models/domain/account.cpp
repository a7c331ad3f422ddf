#include "models/domain/account.h"

#include <QCoreApplication>

namespace earmark {

namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("Account", text);
}

bool isLoopbackIpv4(const QString& host) {
    const QStringList parts = host.split(u'.');
    if (parts.size() != 4 || parts.first() != u"127") {
        return false;
    }
    for (const QString& part : parts) {
        if (part.isEmpty() || part.size() > 3) {
            return false;
        }
        for (const QChar digit : part) {
            if (digit < u'0' || digit > u'9') {
                return false;
            }
        }
        if (part.toInt() > 255) {
            return false;
        }
    }
    return true;
}

}  // namespace

QUrl defaultBaseUrl(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return QUrl(QStringLiteral("https://api.yotel.in/api/v1"));
        case Provider::Atoms:
            return QUrl(QStringLiteral("https://api.smallest.ai/atoms/v1"));
        case Provider::Vatel:
            return QUrl(QStringLiteral("https://api.vatel.ai/v1"));
        case Provider::Autocalls:
            return QUrl(QStringLiteral("https://app.autocalls.ai/api"));
    }
    return {};
}

int defaultPageSize(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return 200;
        case Provider::Atoms:
            return 500;
        case Provider::Vatel:
        case Provider::Autocalls:
            return 100;
    }
    return 100;
}

bool isLoopback(const QUrl& url) {
    const QString host = url.host().toLower();
    return host == u"localhost" || host == u"::1" || isLoopbackIpv4(host);
}

Result<QUrl> checkedBaseUrl(const QString& text) {
    const auto refuse = [](const char* reason) { return failure(ErrorKind::InvalidInput, translated(reason)); };
    QUrl url(text.trimmed(), QUrl::StrictMode);
    if (!url.isValid() || url.isRelative() || url.host().isEmpty()) {
        return refuse(
            QT_TRANSLATE_NOOP("Account", "The address is not a full one such as https://api.example.com/v1."));
    }
    // The text could hold a password; it is never repeated in the message.
    if (!url.userInfo().isEmpty() || url.authority().contains(u'@')) {
        return refuse(
            QT_TRANSLATE_NOOP("Account", "The address holds a user name or password; the key is kept apart from it."));
    }
    if (url.hasQuery() || url.hasFragment()) {
        return refuse(QT_TRANSLATE_NOOP("Account", "The address must end with its path, without ? or #."));
    }
    const QString scheme = url.scheme().toLower();
    if (scheme == u"http") {
        if (!isLoopback(url)) {
            return refuse(QT_TRANSLATE_NOOP("Account",
                                            "The address begins with http, which would send the key unprotected; only "
                                            "https is accepted, except on this computer."));
        }
    } else if (scheme != u"https") {
        return refuse(QT_TRANSLATE_NOOP("Account", "The address must begin with https://."));
    }
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/')) {
        path.chop(1);
    }
    url.setPath(path, QUrl::TolerantMode);
    return url;
}

}  // namespace earmark
