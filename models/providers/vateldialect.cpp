#include "models/providers/vateldialect.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <algorithm>
#include <array>

#include "models/providers/commonwords.h"
#include "models/providers/dialectparts.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"
#include "models/providers/vateldetails.h"
#include "models/providers/vatelfields.h"
#include "models/providers/vatelwords.h"

namespace earmark {

namespace {

/// What the server takes as `source`.
constexpr std::array kSources{"twilio", "sip", "simulation", "api"};

QString translated(const char* text) {
    return QCoreApplication::translate("Provider", text);
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
    call.provider = Provider::Vatel;
    readCallFields(vatelFields(), reader, zone, call);
    call.status = vatelStatus(call.statusRaw);
    call.direction = vatelDirection(reader.flag("outbound").value);
    call.endReason = endReasonOf(call.endReasonRaw.value_or(QString()));
    readVatelParts(reader, zone, call);
    call.raw = compactJson(text);
    return call;
}

/// has_next as it is told, else what page and total_pages say; nullopt where neither is lawful.
std::optional<bool> hasNext(JsonReader& pagination) {
    if (const auto told = pagination.flag("has_next").value) {
        return told;
    }
    const auto page = pagination.count("page");
    const auto pages = pagination.count("total_pages");
    return page && pages ? std::optional(*page < *pages) : std::nullopt;
}

void readPagination(const JsonBody& body, CallPage& page) {
    const QJsonObject pagination = body.object().value(QLatin1StringView("pagination")).toObject();
    const QByteArrayView text = memberText(body.text(), u"pagination").value_or(QByteArrayView());
    std::vector<FieldError> ignored;
    JsonReader reader(pagination, text, ignored);
    page.total = reader.count("total");
    page.page = dialect::pageNumber(reader.count("page"));
    page.pageSize = dialect::pageNumber(reader.count("page_size"));
    page.hasMore = hasNext(reader);
}

QString timeText(const std::optional<Moment>& moment) {
    return moment ? toIsoText(*moment) : QString();
}

}  // namespace

std::vector<CallList> VatelDialect::lists(const Account&, const CallScope& scope, const std::vector<NamedEntry>&,
                                          Moment now) const {
    CallList list;
    list.campaigns = scope.campaigns;
    list.agents = scope.agents;
    list.sources = scope.sources;
    list.id = dialect::listName(list);
    dialect::setTimes(list, scope, now);
    return {list};
}

QUrl VatelDialect::callsPageUrl(const Account& account, const CallList& list, int page) const {
    return dialect::withQuery(dialect::addressOf(account, {QStringLiteral("calls")}),
                              {{QStringLiteral("page"), QString::number(std::max(page, 1))},
                               {QStringLiteral("page_size"), QString::number(pageSizeFor(account, *this))},
                               {QStringLiteral("agent_ids"), list.agents.join(u',')},
                               {QStringLiteral("source"), dialect::askedWord(list.sources, kSources)},
                               {QStringLiteral("date_from"), timeText(list.since)},
                               {QStringLiteral("date_to"), timeText(list.until)},
                               {QStringLiteral("organization_id"), account.organizationId}});
}

QUrl VatelDialect::callUrl(const Account& account, const QString& remoteId) const {
    return dialect::addressOf(account, {QStringLiteral("calls"), remoteId});
}

QUrl VatelDialect::recordingUrl(const Account& account, const QString& remoteId) const {
    return dialect::addressOf(account, {QStringLiteral("calls"), remoteId, QStringLiteral("recording")});
}

QUrl VatelDialect::campaignsUrl(const Account&, int) const {
    return {};
}

QUrl VatelDialect::agentsUrl(const Account& account, int page) const {
    return page == 1 ? dialect::addressOf(account, {QStringLiteral("agents")}) : QUrl();
}

QUrl VatelDialect::testUrl(const Account& account) const {
    return dialect::addressOf(account, {QStringLiteral("organization")});
}

Result<CallPage> VatelDialect::parsePage(const Account& account, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const auto rows = body->rows(QStringLiteral("calls"));
    if (!rows) {
        return failure(rows.error());
    }
    const AssumedZone zone(account.assumedZone);
    auto page = dialect::pageOf(
        *rows, [&](const JsonRow& row) { return callFrom(account, zone, row.value.toObject(), row.text); });
    if (page) {
        readPagination(*body, *page);
    }
    return page;
}

Result<Call> VatelDialect::parseCall(const Account& account, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    return dialect::callOf(*body, callFrom(account, AssumedZone(account.assumedZone), body->object(), body->text()));
}

Result<NameList> VatelDialect::parseCampaigns(const Account&, const QByteArray&) const {
    return failure(ErrorKind::NotSupported, {}, QStringLiteral("Vatel has no list of campaigns"));
}

Result<NameList> VatelDialect::parseAgents(const Account&, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const auto rows = dialect::rowsUnderAny(*body, {"agents", "data"});
    return rows ? dialect::namesOf(*body, *rows, "id", "name") : failure(rows.error());
}

Result<QString> VatelDialect::parseTest(const Account&, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const QJsonObject organization = body->object();
    std::vector<FieldError> ignored;
    JsonReader reader(organization, body->text(), ignored);
    const auto id = reader.id("id");
    const auto name = reader.text("name");
    if (!id.value && !name.value) {
        return body->badAnswer(translated(QT_TRANSLATE_NOOP("Provider", "The answer names no organisation.")));
    }
    return name.value.value_or(QString()).trimmed();
}

Error VatelDialect::parseError(int status, const QByteArray& body) const {
    const QJsonValue error = QJsonDocument::fromJson(body).object().value(QLatin1StringView("error"));
    return dialect::errorFor(status, body, dialect::valueText(error).value_or(QString()));
}

CallDetails VatelDialect::details(const Account& account, const Call& call) const {
    return vatelDetails(account, call);
}

}  // namespace earmark
