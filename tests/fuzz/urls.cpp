// Addresses out of data: what the guard lets pass is https to a public place, without user or control character.
#include "models/domain/account.h"
#include "models/net/urlguard.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

void urls(const QByteArray& input) {
    if (input.size() > 2000) {
        return;
    }
    const QString text = QString::fromUtf8(input);
    const auto strict = urlFromData(text, LoopbackRule::Refuse);
    const auto lenient = urlFromData(text, LoopbackRule::Allow);
    if (strict) {
        EARMARK_LAW(lenient.has_value(), input);
        EARMARK_LAW(strict->scheme() == QStringLiteral("https"), input);
        EARMARK_LAW(!strict->host().isEmpty() && strict->userInfo().isEmpty(), input);
        EARMARK_LAW(!isLoopback(*strict), input);
        const QHostAddress literal = literalAddress(*strict);
        EARMARK_LAW(literal.isNull() || isPublicAddress(literal), input);
        const QByteArray wire = strict->toEncoded();
        EARMARK_LAW(std::all_of(wire.begin(), wire.end(), [](char c) { return c > 0x20 && c < 0x7f; }), input);
        EARMARK_LAW(checkUrlFromData(*strict, LoopbackRule::Refuse).has_value(), input);
    } else {
        EARMARK_LAW(!errorText(strict.error()).isEmpty(), input);
    }
    if (lenient) {
        EARMARK_LAW(lenient->scheme() == QStringLiteral("https") || isLoopback(*lenient), input);
        const QString host = shownHost(*lenient);
        EARMARK_LAW(!host.isEmpty() && !host.contains(u'/') && !host.contains(u'?') && !host.contains(u'@'), input);
    }
    if (const auto base = checkedBaseUrl(text)) {
        EARMARK_LAW(base->scheme() == QStringLiteral("https") || isLoopback(*base), input);
        EARMARK_LAW(base->userInfo().isEmpty() && !base->hasQuery() && !base->hasFragment(), input);
    }
}

}  // namespace earmark::fuzz
