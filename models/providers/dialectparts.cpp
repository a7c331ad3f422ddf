#include "models/providers/dialectparts.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrlQuery>
#include <algorithm>
#include <limits>

#include "models/providers/excerpt.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"

namespace earmark::dialect {

namespace {

constexpr int kMostRejections = 20;

QString rejection(std::size_t index, const QJsonValue& row) {
    const QString what = row.isObject() ? QStringLiteral("no id") : QStringLiteral("no object");
    return QStringLiteral("row %1: %2").arg(index + 1).arg(what);
}

template <typename List>
void reject(List& list, std::size_t index, const QJsonValue& row) {
    ++list.rejectedRows;
    if (list.rejections.size() < kMostRejections) {
        list.rejections += rejection(index, row);
    }
}

std::optional<NamedEntry> entryFrom(const JsonRow& row, const char* idName, const char* nameName) {
    const QJsonObject object = row.value.toObject();
    std::vector<FieldError> ignored;
    JsonReader reader(object, row.text, ignored);
    const auto id = reader.id(idName);
    if (!id.value || id.value->trimmed().isEmpty()) {
        return std::nullopt;
    }
    return NamedEntry{*id.value, reader.text(nameName).value.value_or(QString()), reader.text("status").value,
                      compactJson(row.text)};
}

}  // namespace

QUrl addressOf(const Account& account, std::initializer_list<QString> segments) {
    QString path = account.baseUrl.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/')) {
        path.chop(1);
    }
    for (const QString& segment : segments) {
        if (segment.isEmpty() || segment == u"." || segment == u"..") {
            return {};
        }
        path += u'/' + QString::fromLatin1(QUrl::toPercentEncoding(segment));
    }
    QUrl url = account.baseUrl;
    url.setQuery(QString());
    url.setFragment(QString());
    url.setPath(path, QUrl::TolerantMode);  // tolerant of the signs just encoded, which it leaves as they are
    return url;
}

QUrl withQuery(QUrl address, std::initializer_list<std::pair<QString, QString>> query) {
    if (address.isEmpty()) {
        return address;
    }
    QStringList pairs;
    for (const auto& [name, value] : query) {
        if (!value.isEmpty()) {
            pairs += QString::fromLatin1(QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value));
        }
    }
    address.setQuery(pairs.join(u'&'), QUrl::StrictMode);
    return address;
}

ErrorKind errorKindOf(int status) {
    switch (status) {
        case 401:
            return ErrorKind::Unauthorized;
        case 403:
            return ErrorKind::Forbidden;
        case 404:
        case 410:
            return ErrorKind::NotFound;
        case 409:
        case 412:
            return ErrorKind::Conflict;
        case 429:
            return ErrorKind::RateLimited;
        case 408:
        case 425:  // both ask to come again later, as 5xx does
            return ErrorKind::ServerTrouble;
        default:
            break;
    }
    if (status >= 500) {
        return ErrorKind::ServerTrouble;
    }
    return status >= 400 ? ErrorKind::Refused : ErrorKind::NotTheApi;  // a redirect leads to something else
}

Error errorFor(int status, const QByteArray& body, const QString& providersText) {
    Error error = makeError(errorKindOf(status), redactedLine(providersText), bodyExcerpt(body));
    error.code = QStringLiteral("http_%1").arg(status);
    return error;
}

Result<CallPage> pageOf(const std::vector<JsonRow>& rows,
                        const std::function<std::optional<Call>(const JsonRow&)>& callFrom) {
    if (rows.size() > static_cast<std::size_t>(kMostRowsOnAPage)) {
        return failure(ErrorKind::TooLarge,
                       QCoreApplication::translate("Provider", "A page holds more than 10,000 calls."),
                       QStringLiteral("%1 rows").arg(rows.size()));
    }
    CallPage page;
    page.calls.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (auto call = callFrom(rows[i])) {
            page.calls.push_back(std::move(*call));
        } else {
            reject(page, i, rows[i].value);
        }
    }
    return page;
}

Result<Call> callOf(const JsonBody& body, std::optional<Call> call) {
    if (!call) {
        return body.badAnswer(QCoreApplication::translate("Provider", "The answer is no call: it has no id."));
    }
    return std::move(*call);
}

Result<NameList> namesOf(const JsonBody& body, const std::vector<JsonRow>& rows, const char* idName,
                         const char* nameName) {
    NameList list;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (auto entry = entryFrom(rows[i], idName, nameName)) {
            list.entries.push_back(std::move(*entry));
        } else {
            reject(list, i, rows[i].value);
        }
    }
    if (list.entries.empty() && list.rejectedRows > 0) {
        return body.badAnswer(QCoreApplication::translate("Provider", "Nothing in the answer has an id."));
    }
    return list;
}

std::optional<int> pageNumber(std::optional<qint64> number) {
    return number && *number >= 1 && *number <= std::numeric_limits<int>::max()
               ? std::optional(static_cast<int>(*number))
               : std::nullopt;
}

QString normalisedWord(const QString& word) {
    QString text = word.trimmed().toLower().replace(u'-', u'_');
    if (text == u"canceled") {
        text = QStringLiteral("cancelled");
    }
    return text;
}

void setTimes(CallList& list, const CallScope& scope, Moment now) {
    list.since = scope.lastDays ? std::optional(now - std::chrono::hours(24) * *scope.lastDays) : scope.since;
    list.until = scope.lastDays ? std::nullopt : scope.until;
}

QString listName(const CallList& list) {
    QStringList parts;
    for (const auto& [name, ids] : {std::pair("campaigns=", list.campaigns), std::pair("agents=", list.agents),
                                    std::pair("sources=", list.sources)}) {
        if (!ids.isEmpty()) {
            QStringList sorted = ids;
            sorted.sort();
            parts += QLatin1StringView(name) + sorted.join(u',');
        }
    }
    return parts.join(u'&');
}

QString askedWord(const QStringList& words, std::span<const char* const> documented) {
    const bool isKnown = words.size() == 1 &&
                         std::any_of(documented.begin(), documented.end(),
                                     [&words](const char* word) { return words.first() == QLatin1StringView(word); });
    return isKnown ? words.first() : QString();
}

Result<std::vector<JsonRow>> rowsUnderAny(const JsonBody& body, std::initializer_list<const char*> names) {
    if (body.isArray()) {
        return body.rows();
    }
    for (const char* name : names) {
        const QString member = QString::fromLatin1(name);
        if (body.object().contains(member)) {
            return body.rows(member);
        }
    }
    return body.badAnswer(QCoreApplication::translate("Provider", "The answer holds no list of rows."));
}

std::vector<JsonMember> lastMembers(QByteArrayView object) {
    const auto members = objectMembers(object).value_or(std::vector<JsonMember>());
    QHash<QString, QByteArrayView> lasts;
    for (const JsonMember& member : members) {
        lasts.insert(member.name, member.value);
    }
    std::vector<JsonMember> result;
    for (const JsonMember& member : members) {
        const QByteArrayView last = lasts.take(member.name);
        if (!last.isEmpty()) {
            result.push_back({member.name, last});
        }
    }
    return result;
}

std::vector<OtherValue> otherValues(QByteArrayView object, std::span<const char* const> known) {
    std::vector<OtherValue> values;
    for (const JsonMember& member : lastMembers(object)) {
        const bool isKnown = std::any_of(
            known.begin(), known.end(), [&member](const char* name) { return member.name == QLatin1StringView(name); });
        const auto text = isKnown ? std::nullopt : writtenText(member.value);
        if (text) {
            values.push_back({wholeText(member.name), *text});
        }
    }
    return values;
}

std::optional<QString> writtenText(QByteArrayView json) {
    if (json.isEmpty() || json == "null") {
        return std::nullopt;
    }
    if (json.startsWith('"')) {
        const auto array = QJsonDocument::fromJson('[' + json.toByteArray() + ']').array();
        return wholeText(array.at(0).toString());
    }
    return wholeText(QString::fromUtf8(compactJson(json)));
}

std::optional<QString> valueText(const QJsonValue& value) {
    switch (value.type()) {
        case QJsonValue::Null:
        case QJsonValue::Undefined:
            return std::nullopt;
        case QJsonValue::String:
            return wholeText(value.toString());
        case QJsonValue::Bool:
            return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
        case QJsonValue::Double:
            return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact)).mid(1).chopped(1);
        case QJsonValue::Array:
            return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
        case QJsonValue::Object:
            return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    }
    return std::nullopt;
}

}  // namespace earmark::dialect
