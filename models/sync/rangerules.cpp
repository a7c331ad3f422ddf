#include "models/sync/rangerules.h"

#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

qint64 number(const QByteArray& text) {
    bool known = false;
    const qint64 value = text.toLongLong(&known);
    return known && value >= 0 ? value : -1;
}

QByteArray strongEtag(const HttpAnswer& head) {
    const QByteArray etag = head.header("etag"_ba).trimmed();
    return etag.size() > 2 && etag.startsWith('"') && etag.endsWith('"') ? etag : QByteArray();
}

/// A time of change names one state of the object only when the answer was made later than it.
QByteArray strongDate(const HttpAnswer& head) {
    const QByteArray changed = head.header("last-modified"_ba).trimmed();
    const auto read = [](const QByteArray& text) {  // "Fri, 06 Mar 2026 09:00:00 GMT"
        return QLocale::c().toDateTime(QString::fromLatin1(text), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    };
    const QDateTime changedAt = read(changed);
    const QDateTime answeredAt = read(head.header("date"_ba).trimmed());
    return changedAt.isValid() && answeredAt.isValid() && changedAt < answeredAt ? changed : QByteArray();
}

/// "bytes 500-999/1000"; nullopt: anything else.
struct Stretch {
    qint64 first = 0;
    qint64 last = 0;
    qint64 total = -1;  ///< "*"
};
std::optional<Stretch> stretchOf(const HttpAnswer& head) {
    static const QRegularExpression form(u"^bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\\*)$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(QString::fromLatin1(head.header("content-range"_ba).trimmed()));
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    return Stretch{number(match.captured(1).toLatin1()), number(match.captured(2).toLatin1()),
                   number(match.captured(3).toLatin1())};
}

}  // namespace

QUrl placeOf(const QUrl& url) {
    return url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
}

PartialDownload beginningOf(const QUrl& url, const HttpAnswer& head) {
    PartialDownload partial;
    partial.place = placeOf(url);
    if (!head.header("content-encoding"_ba).isEmpty()) {
        return partial;  // the bytes on the way are not the object's
    }
    partial.total = number(head.header("content-length"_ba));
    partial.validator = strongEtag(head);
    if (partial.validator.isEmpty()) {
        partial.validator = strongDate(head);
    }
    partial.takesRanges = head.header("accept-ranges"_ba).trimmed().toLower() == "bytes";
    return partial;
}

QList<QPair<QByteArray, QByteArray>> restHeaders(const PartialDownload& partial) {
    return {{"Range"_ba, "bytes="_ba + QByteArray::number(partial.received) + '-'}, {"If-Range"_ba, partial.validator}};
}

RestVerdict judgeRest(const PartialDownload& partial, const QUrl& url, const HttpAnswer& head) {
    if (head.status == 200) {
        return RestVerdict::BeginsAnew;
    }
    const auto stretch = stretchOf(head);
    const QByteArray etag = head.header("etag"_ba).trimmed();
    const bool isOther = partial.validator.startsWith('"') && !etag.isEmpty() && etag != partial.validator;
    if (head.status != 206 || !stretch || isOther || placeOf(url) != partial.place ||
        !head.header("content-encoding"_ba).isEmpty()) {
        return RestVerdict::Unusable;
    }
    const qint64 total = partial.total >= 0 ? partial.total : stretch->total;
    const bool isToTheEnd = total >= 0 && stretch->last == total - 1;
    const bool isSameLength = stretch->total < 0 || stretch->total == total;
    const qint64 length = number(head.header("content-length"_ba));
    const bool isWholeStretch = length < 0 || length == stretch->last - stretch->first + 1;
    return stretch->first == partial.received && isToTheEnd && isSameLength && isWholeStretch ? RestVerdict::GoesOn
                                                                                              : RestVerdict::Unusable;
}

qint64 wholeLength(const PartialDownload& partial, const HttpAnswer& head) {
    const auto stretch = stretchOf(head);
    return partial.total >= 0 || !stretch ? partial.total : stretch->total;
}

}  // namespace earmark
