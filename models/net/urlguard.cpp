#include "models/net/urlguard.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

#include "models/domain/account.h"
#include "models/net/httpclient.h"

namespace earmark {

namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("HttpClient", text);
}

struct Range4 {
    quint32 first;
    int bits;
};

constexpr quint32 v4(quint32 a, quint32 b, quint32 c, quint32 d) {
    return (a << 24) | (b << 16) | (c << 8) | d;
}

/// IANA's special-purpose registry, as far as it is not globally reachable.
constexpr std::array kNotPublic4{
    Range4{v4(0, 0, 0, 0), 8},      Range4{v4(10, 0, 0, 0), 8},     Range4{v4(100, 64, 0, 0), 10},
    Range4{v4(127, 0, 0, 0), 8},    Range4{v4(169, 254, 0, 0), 16}, Range4{v4(172, 16, 0, 0), 12},
    Range4{v4(192, 0, 0, 0), 24},   Range4{v4(192, 0, 2, 0), 24},   Range4{v4(192, 88, 99, 0), 24},
    Range4{v4(192, 168, 0, 0), 16}, Range4{v4(198, 18, 0, 0), 15},  Range4{v4(198, 51, 100, 0), 24},
    Range4{v4(203, 0, 113, 0), 24}, Range4{v4(224, 0, 0, 0), 4},    Range4{v4(240, 0, 0, 0), 4},
};

bool isPublic4(quint32 address) {
    return std::none_of(kNotPublic4.begin(), kNotPublic4.end(), [address](const Range4& range) {
        const quint32 mask = ~quint32{0} << (32 - range.bits);
        return (address & mask) == range.first;
    });
}

quint32 embedded4(const Q_IPV6ADDR& address, int at) {
    return v4(address[at], address[at + 1], address[at + 2], address[at + 3]);
}

bool startsWith(const Q_IPV6ADDR& address, std::initializer_list<quint8> bytes) {
    int i = 0;
    return std::all_of(bytes.begin(), bytes.end(), [&](quint8 byte) { return address[i++] == byte; });
}

bool isPublic6(const Q_IPV6ADDR& address) {
    if (startsWith(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) {  // IPv4-mapped
        return isPublic4(embedded4(address, 12));
    }
    if (startsWith(address, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {  // NAT64
        return isPublic4(embedded4(address, 12));
    }
    if (startsWith(address, {0x20, 0x02})) {  // 6to4
        return isPublic4(embedded4(address, 2));
    }
    if (startsWith(address, {0x20, 0x01, 0x00}) || startsWith(address, {0x20, 0x01, 0x01})) {
        return false;  // 2001::/23: Teredo, benchmarking and other protocol assignments
    }
    if (startsWith(address, {0x20, 0x01, 0x0d, 0xb8}) || startsWith(address, {0x3f, 0xff})) {
        return false;  // documentation
    }
    return (address[0] & 0xe0) == 0x20;  // 2000::/3 is all that is given out
}

bool hasControl(const QByteArray& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return quint8(c) < 0x20 || quint8(c) == 0x7f; });
}

Done refused(const char* text) {
    return failure(Error{ErrorKind::InvalidInput, QStringLiteral("net_url"), translated(text), {}, std::nullopt});
}

Done checkHeaders(const HttpRequest& request) {
    if (hasControl(request.bearer)) {
        return refused(QT_TRANSLATE_NOOP("HttpClient", "The key holds a line break or a control character."));
    }
    for (const auto& [name, value] : request.headers) {
        if (name.isEmpty() || name.contains(':') || name.contains(' ') || hasControl(name) || hasControl(value)) {
            return refused(QT_TRANSLATE_NOOP("HttpClient", "A header of the request holds a control character."));
        }
        if (name.compare("authorization", Qt::CaseInsensitive) == 0 || name.compare("host", Qt::CaseInsensitive) == 0) {
            return failure(ErrorKind::Internal, {}, QStringLiteral("header not allowed here"));
        }
    }
    return {};
}

}  // namespace

bool isPublicAddress(const QHostAddress& address) {
    switch (address.protocol()) {
        case QAbstractSocket::IPv4Protocol:
            return isPublic4(address.toIPv4Address());
        case QAbstractSocket::IPv6Protocol:
            return address.scopeId().isEmpty() && isPublic6(address.toIPv6Address());
        case QAbstractSocket::AnyIPProtocol:
        case QAbstractSocket::UnknownNetworkLayerProtocol:
            return false;
    }
    return false;
}

QHostAddress literalAddress(const QUrl& url) {
    QHostAddress address;
    return address.setAddress(url.host()) ? address : QHostAddress();
}

QString shownHost(const QUrl& url) {
    const QString host = url.host(QUrl::FullyEncoded);
    return url.port() < 0 ? host : host + u':' + QString::number(url.port());
}

Done checkUrlFromData(const QUrl& url, LoopbackRule loopback) {
    if (!url.isValid() || url.isRelative() || url.host().isEmpty()) {
        return refused(QT_TRANSLATE_NOOP("HttpClient", "The link that the provider gave is not a web address."));
    }
    if (!url.userInfo().isEmpty() || url.authority().contains(u'@')) {
        return refused(QT_TRANSLATE_NOOP("HttpClient", "The link that the provider gave holds a user name."));
    }
    const bool here = loopback == LoopbackRule::Allow && isLoopback(url);
    const QString scheme = url.scheme();
    if (scheme != u"https" && !(here && scheme == u"http")) {
        return refused(QT_TRANSLATE_NOOP("HttpClient", "The link that the provider gave does not begin with https."));
    }
    const QHostAddress literal = literalAddress(url);
    if (!here && (isLoopback(url) || (!literal.isNull() && !isPublicAddress(literal)))) {
        return refused(QT_TRANSLATE_NOOP(
            "HttpClient",
            "The link that the provider gave leads to this computer or its own network, not to the internet."));
    }
    return {};
}

Result<QUrl> urlFromData(const QString& text, LoopbackRule loopback) {
    const QUrl url(text, QUrl::StrictMode);
    if (const Done checked = checkUrlFromData(url, loopback); !checked) {
        return failure(checked.error());
    }
    return url;
}

Done checkRequest(const HttpRequest& request) {
    if (const Done headers = checkHeaders(request); !headers) {
        return headers;
    }
    if (request.fromData) {
        if (!request.bearer.isEmpty()) {
            return failure(ErrorKind::Internal, {}, QStringLiteral("a key must not go to a URL out of data"));
        }
        return checkUrlFromData(request.url, request.allowLoopback ? LoopbackRule::Allow : LoopbackRule::Refuse);
    }
    const QUrl& url = request.url;
    if (!url.isValid() || url.host().isEmpty()) {
        return refused(QT_TRANSLATE_NOOP("HttpClient", "The address is not a full web address."));
    }
    if (!url.userInfo().isEmpty() || url.authority().contains(u'@')) {
        return refused(QT_TRANSLATE_NOOP("HttpClient", "The address holds a user name or password."));
    }
    if (url.scheme() != u"https" && !(url.scheme() == u"http" && isLoopback(url))) {
        return refused(QT_TRANSLATE_NOOP("HttpClient", "Only https addresses are used, except on this computer."));
    }
    return {};
}

}  // namespace earmark
