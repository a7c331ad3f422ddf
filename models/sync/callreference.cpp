#include "models/sync/callreference.h"

#include <QCoreApplication>
#include <QUrl>
#include <QUrlQuery>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CallReference)
};

tl::unexpected<Error> unknown() {
    return failure(ErrorKind::InvalidInput,
                   Text::tr("Type the call's id as the provider shows it, or ACCOUNT/ID, or paste its web address."));
}

/// The id in a provider's web address: ?id= or ?call_id=, else the last part of the path that is there.
QString idIn(const QUrl& address) {
    const QUrlQuery query(address);
    for (const auto& name : {u"call_id"_s, u"callId"_s, u"id"_s}) {
        if (const QString id = query.queryItemValue(name, QUrl::FullyDecoded); !id.isEmpty()) {
            return id;
        }
    }
    const QStringList parts = address.path(QUrl::FullyEncoded).split(u'/', Qt::SkipEmptyParts);
    return parts.isEmpty() ? QString() : QUrl::fromPercentEncoding(parts.last().toUtf8());
}

}  // namespace

Result<CallKey> callFromReference(const QString& text, const QString& account, const QStringList& known) {
    QString typed = text.trimmed();
    if (typed.startsWith("earmark:"_L1)) {
        typed = typed.mid(8);
        while (typed.startsWith(u'/')) {
            typed.remove(0, 1);
        }
        auto key = callKeyFromText(typed);
        return key ? key : unknown();
    }
    if (typed.startsWith("https://"_L1) || typed.startsWith("http://"_L1)) {
        const QString id = idIn(QUrl(typed, QUrl::TolerantMode));
        return id.isEmpty() || account.isEmpty() ? Result<CallKey>(unknown()) : CallKey{account, id};
    }
    if (const auto slash = typed.indexOf(u'/'); slash > 0 && known.contains(typed.left(slash))) {
        auto key = callKeyFromText(typed);
        return key ? key : unknown();
    }
    return typed.isEmpty() || account.isEmpty() ? Result<CallKey>(unknown()) : CallKey{account, typed};
}

}  // namespace earmark
