#include "models/providers/yoteldialect.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

#include "models/providers/dialectparts.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"
#include "models/providers/yotelfields.h"
#include "models/providers/yotelwords.h"

namespace earmark {

namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("Provider", text);
}

/// nullopt when the row has no id, which makes it no call.
std::optional<Call> callFrom(const Account& account, const AssumedZone& zone, QByteArrayView text) {
    Call call;
    JsonReader reader(text, call.fieldErrors);
    const auto id = reader.id("id");
    if (!id.value || id.value->trimmed().isEmpty()) {
        return std::nullopt;
    }
    call.key = {account.name, *id.value};
    call.provider = Provider::Yotel;
    readCallFields(yotelFields(), reader, zone, call);
    call.status = yotelStatus(call.statusRaw, call.hangupCause);
    call.direction = yotelDirection(call.typeRaw);
    call.endReasonRaw = call.hangupCause;
    call.endReason = yotelEndReason(call.hangupCause, call.answerTime.has_value());
    // answeredBy stays unknown: that a call without agent_id was taken by the voice agent is likely, but nowhere said.
    call.raw = compactJson(text);
    return call;
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

}  // namespace

std::vector<CallList> YotelDialect::lists(const Account&, const CallScope& scope,
                                          const std::vector<NamedEntry>& campaigns, Moment now) const {
    std::vector<CallList> lists;
    const auto add = [&](const QString& id, const QString& name) {
        const bool twice = std::any_of(lists.begin(), lists.end(), [&id](const CallList& one) { return one.id == id; });
        if (!twice) {
            CallList list;
            list.id = id;
            list.label = name;
            list.campaignId = id;
            dialect::setTimes(list, scope, now);
            lists.push_back(std::move(list));
        }
    };
    if (scope.campaigns.isEmpty()) {
        for (const NamedEntry& campaign : campaigns) {
            add(campaign.id, campaign.name);
        }
    }
    // Named ones are walked also when the list leaves them out: it may be shorter than what can be read.
    for (const QString& id : scope.campaigns) {
        const auto known =
            std::find_if(campaigns.begin(), campaigns.end(), [&id](const NamedEntry& one) { return one.id == id; });
        add(id, known == campaigns.end() ? QString() : known->name);
    }
    return lists;
}

QUrl YotelDialect::callsPageUrl(const Account& account, const CallList& list, int page) const {
    return dialect::withQuery(
        dialect::addressOf(account, {QStringLiteral("campaigns"), list.campaignId, QStringLiteral("calls")}),
        {{QStringLiteral("page"), QString::number(std::max(page, 1))},
         {QStringLiteral("page_size"), QString::number(pageSizeFor(account, *this))}});
}

QUrl YotelDialect::callUrl(const Account& account, const QString& remoteId) const {
    return dialect::addressOf(account, {QStringLiteral("calls"), remoteId});
}

QUrl YotelDialect::campaignsUrl(const Account& account, int page) const {
    return page == 1 ? dialect::addressOf(account, {QStringLiteral("campaigns")}) : QUrl();
}

QUrl YotelDialect::agentsUrl(const Account&, int) const {
    return {};
}

QUrl YotelDialect::testUrl(const Account& account) const {
    return campaignsUrl(account, 1);
}

Result<NameList> YotelDialect::parseCampaigns(const Account&, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const auto rows = campaignRows(*body);
    return rows ? dialect::namesOf(*body, *rows, "id", "name") : failure(rows.error());
}

Result<QString> YotelDialect::parseTest(const Account& account, const QByteArray& body) const {
    const auto campaigns = parseCampaigns(account, body);
    return campaigns ? Result<QString>(QString()) : failure(campaigns.error());
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
    const AssumedZone zone(account.assumedZone);
    auto page = dialect::pageOf(*rows, [&](const JsonRow& row) { return callFrom(account, zone, row.text); });
    if (page) {
        std::vector<FieldError> ignored;
        const JsonReader reader(body->text(), ignored);
        page->total = reader.count("total");
        page->page = dialect::pageNumber(reader.count("page"));
        page->pageSize = dialect::pageNumber(reader.count("page_size"));
    }
    return page;
}

Result<Call> YotelDialect::parseCall(const Account& account, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    return dialect::callOf(*body, callFrom(account, AssumedZone(account.assumedZone), body->text()));
}

Error YotelDialect::parseError(int status, const QByteArray& body) const {
    return dialect::errorFor(status, body, detailText(body));
}

/// A call of Yotel has no transcript, metrics or variables: all it tells stands in its fields.
CallDetails YotelDialect::details(const Account&, const Call&) const {
    return {};
}

}  // namespace earmark
