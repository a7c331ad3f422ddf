#include "models/providers/yoteldialect.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrlQuery>
#include <algorithm>
#include <limits>

#include "models/providers/excerpt.h"
#include "models/providers/jsonbody.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"
#include "models/providers/yotelfields.h"
#include "models/providers/yotelwords.h"

namespace earmark {

namespace {

constexpr int kMostRejections = 20;

QString translated(const char* text) {
    return QCoreApplication::translate("Provider", text);
}

/// The account's base address and these path segments; empty where a segment cannot be one.
QUrl joined(const Account& account, std::initializer_list<QString> segments) {
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

/// nullopt when the row has no id, which makes it no call.
std::optional<Call> callFrom(const Account& account, const AssumedZone& zone, const QJsonObject& object,
                             QByteArrayView text) {
    Call call;
    JsonReader reader(object, text, call.fieldErrors);
    const auto id = reader.id("id");
    if (!id.value || id.value->trimmed().isEmpty()) {
        return std::nullopt;
    }
    call.key = {account.name, *id.value};
    call.provider = Provider::Yotel;
    readYotelFields(reader, zone, call);
    call.status = yotelStatus(call.statusRaw, call.hangupCause);
    call.direction = yotelDirection(call.typeRaw);
    call.endReasonRaw = call.hangupCause;
    call.endReason = yotelEndReason(call.hangupCause, call.answerTime.has_value());
    // answeredBy stays unknown: that a call without agent_id was taken by the voice agent is likely, but nowhere said.
    call.raw = compactJson(text);
    return call;
}

QString rejection(std::size_t index, const QJsonValue& row) {
    const QString what = row.isObject() ? QStringLiteral("no id") : QStringLiteral("no object");
    return QStringLiteral("row %1: %2").arg(index + 1).arg(what);
}

std::optional<CampaignHead> campaignFrom(const JsonRow& row) {
    const QJsonObject object = row.value.toObject();
    std::vector<FieldError> ignored;
    JsonReader reader(object, row.text, ignored);
    const auto id = reader.id("id");
    if (!id.value || id.value->trimmed().isEmpty()) {
        return std::nullopt;
    }
    return CampaignHead{*id.value, reader.text("name").value.value_or(QString()), reader.text("status").value,
                        compactJson(row.text)};
}

Result<std::vector<JsonRow>> campaignRows(const JsonBody& body) {
    if (body.isArray()) {
        return body.rows();
    }
    for (const char* wrapper : {"items", "campaigns", "data"}) {
        const QString name = QString::fromLatin1(wrapper);
        if (body.object().contains(name)) {
            return body.rows(name);
        }
    }
    return body.badAnswer(translated(QT_TRANSLATE_NOOP("Provider", "The answer holds no list of campaigns.")));
}

/// {"loc": ["query", "page_size"], "msg": "too large"} -> "query.page_size: too large"
QString problemLine(const QJsonObject& problem) {
    QStringList places;
    for (const auto& place : problem.value(QLatin1StringView("loc")).toArray()) {
        places += place.isDouble() ? QString::number(place.toInteger()) : place.toString();
    }
    const QString message = problem.value(QLatin1StringView("msg")).toString();
    return places.isEmpty() ? message : places.join(u'.') + QStringLiteral(": ") + message;
}

QString detailText(const QByteArray& body) {
    const QJsonValue detail = QJsonDocument::fromJson(body).object().value(QLatin1StringView("detail"));
    if (detail.isString()) {
        return detail.toString();
    }
    if (detail.isObject()) {
        return problemLine(detail.toObject());
    }
    QStringList lines;
    for (const auto& problem : detail.toArray()) {
        const QString line = problem.isString() ? problem.toString() : problemLine(problem.toObject());
        if (!line.isEmpty()) {
            lines += line;
        }
    }
    return lines.join(QStringLiteral("; "));
}

ErrorKind kindOf(int status) {
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

}  // namespace

QUrl YotelDialect::campaignsUrl(const Account& account) const {
    return joined(account, {QStringLiteral("campaigns")});
}

QUrl YotelDialect::callsPageUrl(const Account& account, const QString& campaignId, int page) const {
    QUrl url = joined(account, {QStringLiteral("campaigns"), campaignId, QStringLiteral("calls")});
    if (!url.isEmpty()) {
        QUrlQuery query;
        query.addQueryItem(QStringLiteral("page"), QString::number(std::max(page, 1)));
        query.addQueryItem(QStringLiteral("page_size"),
                           QString::number(std::clamp(account.pageSize, 1, kLargestPageSize)));
        url.setQuery(query);
    }
    return url;
}

QUrl YotelDialect::callUrl(const Account& account, const QString& remoteId) const {
    return joined(account, {QStringLiteral("calls"), remoteId});
}

Result<CampaignList> YotelDialect::parseCampaigns(const Account&, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const auto rows = campaignRows(*body);
    if (!rows) {
        return failure(rows.error());
    }
    CampaignList list;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        if (auto campaign = campaignFrom((*rows)[i])) {
            list.campaigns.push_back(std::move(*campaign));
            continue;
        }
        ++list.rejectedRows;
        if (list.rejections.size() < kMostRejections) {
            list.rejections += rejection(i, (*rows)[i].value);
        }
    }
    if (list.campaigns.empty() && list.rejectedRows > 0) {
        return body->badAnswer(translated(QT_TRANSLATE_NOOP("Provider", "No campaign in the answer has an id.")));
    }
    return list;
}

Result<CallPage> YotelDialect::parsePage(const Account& account, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const auto rows = body->rows(QStringLiteral("items"));
    if (!rows) {
        return failure(rows.error());
    }
    if (rows->size() > static_cast<std::size_t>(kMostRowsOnAPage)) {
        return failure(ErrorKind::TooLarge,
                       translated(QT_TRANSLATE_NOOP("Provider", "A page holds more than 10,000 calls.")),
                       QStringLiteral("%1 rows").arg(rows->size()));
    }
    const AssumedZone zone(account.assumedZone);
    CallPage page;
    page.calls.reserve(rows->size());
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const JsonRow& row = (*rows)[i];
        if (auto call = callFrom(account, zone, row.value.toObject(), row.text)) {
            page.calls.push_back(std::move(*call));
            continue;
        }
        ++page.rejectedRows;
        if (page.rejections.size() < kMostRejections) {
            page.rejections += rejection(i, row.value);
        }
    }
    const QJsonObject top = body->object();
    std::vector<FieldError> ignored;
    const JsonReader reader(top, body->text(), ignored);
    const auto asInt = [](std::optional<qint64> number) {
        return number && *number >= 1 && *number <= std::numeric_limits<int>::max()
                   ? std::optional(static_cast<int>(*number))
                   : std::nullopt;
    };
    page.total = reader.count("total");
    page.page = asInt(reader.count("page"));
    page.pageSize = asInt(reader.count("page_size"));
    return page;
}

Result<Call> YotelDialect::parseCall(const Account& account, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    auto call = callFrom(account, AssumedZone(account.assumedZone), body->object(), body->text());
    if (!call) {
        return body->badAnswer(translated(QT_TRANSLATE_NOOP("Provider", "The answer is no call: it has no id.")));
    }
    return std::move(*call);
}

Error YotelDialect::parseError(int status, const QByteArray& body) const {
    Error error = makeError(kindOf(status), redactedLine(detailText(body)), bodyExcerpt(body));
    error.code = QStringLiteral("http_%1").arg(status);
    return error;
}

}  // namespace earmark
