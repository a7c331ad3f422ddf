#include "models/providers/atomsdialect.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

#include "models/providers/atomscall.h"
#include "models/providers/atomsdetails.h"
#include "models/providers/dialectparts.h"
#include "models/providers/excerpt.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"

namespace earmark {

namespace {

constexpr int kNamesOnAPage = 100;
constexpr double kLongestWishSeconds = 3600;  ///< as for the header Retry-After

const QString kData = QStringLiteral("data");

QString translated(const char* text) {
    return QCoreApplication::translate("Provider", text);
}

QJsonValue member(const QJsonObject& object, const char* name) {
    return object.value(QLatin1StringView(name));
}

/// errors[], else error, else message.
QString providersText(const QJsonObject& body) {
    QStringList lines;
    const QJsonArray errors = member(body, "errors").toArray();
    for (const auto& error : errors) {
        const QJsonValue text = error.isObject() ? member(error.toObject(), "message") : QJsonValue(error);
        lines += dialect::valueText(text).value_or(QString());
    }
    lines.removeAll(QString());
    if (!lines.isEmpty()) {
        return lines.join(QStringLiteral("; "));
    }
    for (const char* name : {"error", "message"}) {
        if (const auto text = dialect::valueText(member(body, name)); text && !text->isEmpty()) {
            return *text;
        }
    }
    return {};
}

std::optional<std::chrono::milliseconds> wishIn(const QJsonObject& body) {
    std::vector<FieldError> ignored;
    const auto seconds = JsonReader(body, {}, ignored).number("retry_after").value;
    if (!seconds || *seconds < 0) {
        return std::nullopt;
    }
    return std::chrono::milliseconds(static_cast<qint64>(std::min(*seconds, kLongestWishSeconds) * 1000));
}

bool isDenied(const QJsonObject& body) {
    return member(body, "status") == QJsonValue(false) || member(body, "success") == QJsonValue(false);
}

/// The failure that an answer of 200 tells in its body.
Error denial(const JsonBody& body) {
    const QJsonObject object = body.object();
    const bool isTooMany = member(object, "code").toString() == u"RATE_LIMIT_EXCEEDED";
    Error error = makeError(isTooMany ? ErrorKind::RateLimited : ErrorKind::Refused,
                            redactedLine(providersText(object)), bodyExcerpt(body.text()));
    error.code = QStringLiteral("status_false");
    if (isTooMany) {
        error.retryAfter = wishIn(object);
    }
    return error;
}

/// The answer as JSON, unless it says of itself that it is a failure.
Result<JsonBody> granted(const QByteArray& bytes) {
    auto body = JsonBody::parse(bytes);
    if (body && isDenied(body->object())) {
        return failure(denial(*body));
    }
    return body;
}

QByteArrayView textUnder(const JsonBody& body, const QStringList& path) {
    QByteArrayView text = body.text();
    for (const QString& name : path) {
        text = memberText(text, name).value_or(QByteArrayView());
    }
    return text;
}

/// pagination.hasMore; an older form has only page and totalPages, or nothing.
std::optional<bool> hasMoreIn(const QJsonObject& pagination) {
    const QJsonValue hasMore = member(pagination, "hasMore");
    if (hasMore.isBool()) {
        return hasMore.toBool();
    }
    std::vector<FieldError> ignored;
    const JsonReader reader(pagination, {}, ignored);
    const auto page = reader.count("page");
    const auto pages = reader.count("totalPages");
    return page && pages ? std::optional(*page < *pages) : std::nullopt;
}

Result<CallPage> rowsOf(const Account& account, const JsonBody& body, CallPart part) {
    const auto rows = body.rowsUnder({kData, QStringLiteral("logs")});
    if (!rows) {
        return failure(rows.error());
    }
    const AssumedZone zone(account.assumedZone);
    return dialect::pageOf(
        *rows, [&](const JsonRow& row) { return atomsCall(account, zone, row.value.toObject(), row.text, part); });
}

Result<NameList> namesUnder(const QByteArray& bytes, const QString& name) {
    const auto body = granted(bytes);
    if (!body) {
        return failure(body.error());
    }
    const auto rows = body->rowsUnder({kData, name});
    if (!rows) {
        return failure(rows.error());
    }
    auto names = dialect::namesOf(*body, *rows, "_id", "name");
    if (names) {
        const QJsonObject data = member(body->object(), "data").toObject();
        const auto said = hasMoreIn(member(data, "pagination").toObject());
        std::vector<FieldError> ignored;
        const auto total = JsonReader(data, {}, ignored).count("total");
        // Agents come with a total alone and without the page's number: an empty page ends them.
        const bool isPart = !rows->empty() && total && *total > static_cast<qint64>(rows->size());
        names->hasMore = said.value_or(isPart);
    }
    return names;
}

}  // namespace

std::vector<CallList> AtomsDialect::lists(const Account&, const CallScope& scope, const std::vector<NamedEntry>&,
                                          Moment now) const {
    CallList list;
    list.campaigns = scope.campaigns;
    list.agents = scope.agents;
    list.sources = scope.sources;
    list.id = dialect::listName(list);
    dialect::setTimes(list, scope, now);
    return {list};
}

QUrl AtomsDialect::callsPageUrl(const Account& account, const CallList& list, int page) const {
    return dialect::withQuery(dialect::addressOf(account, {QStringLiteral("conversation")}),
                              {{QStringLiteral("page"), QString::number(std::max(page, 1))},
                               {QStringLiteral("limit"), QString::number(pageSizeFor(account, *this))},
                               {QStringLiteral("callAttemptFilter"), QStringLiteral("all")},
                               {QStringLiteral("campaignIds"), list.campaigns.join(u',')},
                               {QStringLiteral("agentIds"), list.agents.join(u',')},
                               {QStringLiteral("callTypes"), list.sources.join(u',')}});
}

QUrl AtomsDialect::callUrl(const Account& account, const QString& remoteId) const {
    return dialect::addressOf(account, {QStringLiteral("conversation"), remoteId});
}

QUrl AtomsDialect::campaignsUrl(const Account& account, int page) const {
    return dialect::withQuery(dialect::addressOf(account, {QStringLiteral("campaign")}),
                              {{QStringLiteral("page"), QString::number(std::max(page, 1))},
                               {QStringLiteral("offset"), QString::number(kNamesOnAPage)}});
}

QUrl AtomsDialect::agentsUrl(const Account& account, int page) const {
    return dialect::withQuery(dialect::addressOf(account, {QStringLiteral("agent")}),
                              {{QStringLiteral("page"), QString::number(std::max(page, 1))},
                               {QStringLiteral("offset"), QString::number(kNamesOnAPage)}});
}

DialectRequest AtomsDialect::searchRequest(const Account& account, const QStringList& remoteIds) const {
    if (remoteIds.isEmpty() || remoteIds.size() > mostIdsPerSearch()) {
        return {};
    }
    const QJsonObject body{{QStringLiteral("callIds"), QJsonArray::fromStringList(remoteIds)}};
    return {dialect::addressOf(account, {QStringLiteral("conversation"), QStringLiteral("search")}),
            QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

QUrl AtomsDialect::testUrl(const Account& account) const {
    return dialect::addressOf(account, {QStringLiteral("user")});
}

QUrl AtomsDialect::recordingUrl(const Account& account, const QString& remoteId) const {
    return dialect::addressOf(account, {QStringLiteral("conversation"), remoteId, QStringLiteral("recording"),
                                        QStringLiteral("download-url")});
}

Result<CallPage> AtomsDialect::parsePage(const Account& account, const QByteArray& bytes) const {
    const auto body = granted(bytes);
    if (!body) {
        return failure(body.error());
    }
    auto page = rowsOf(account, *body, CallPart::Row);
    if (page) {
        const QJsonObject pagination = member(member(body->object(), "data").toObject(), "pagination").toObject();
        std::vector<FieldError> ignored;
        const JsonReader reader(pagination, {}, ignored);
        page->total = reader.count("total");
        page->page = dialect::pageNumber(reader.count("page"));
        page->pageSize = dialect::pageNumber(reader.count("limit"));
        page->hasMore = hasMoreIn(pagination);
    }
    return page;
}

Result<CallPage> AtomsDialect::parseSearch(const Account& account, const QByteArray& bytes) const {
    const auto body = granted(bytes);
    return body ? rowsOf(account, *body, CallPart::Excerpt) : failure(body.error());
}

Result<Call> AtomsDialect::parseCall(const Account& account, const QByteArray& bytes) const {
    const auto body = granted(bytes);
    if (!body) {
        return failure(body.error());
    }
    return dialect::callOf(
        *body, atomsCall(account, AssumedZone(account.assumedZone), member(body->object(), "data").toObject(),
                         textUnder(*body, {kData}), CallPart::Detail));
}

Result<NameList> AtomsDialect::parseCampaigns(const Account&, const QByteArray& body) const {
    return namesUnder(body, QStringLiteral("campaigns"));
}

Result<NameList> AtomsDialect::parseAgents(const Account&, const QByteArray& body) const {
    return namesUnder(body, QStringLiteral("agents"));
}

Result<QString> AtomsDialect::parseTest(const Account&, const QByteArray& bytes) const {
    const auto body = granted(bytes);
    if (!body) {
        return failure(body.error());
    }
    const QJsonValue data = member(body->object(), "data");
    if (!data.isObject()) {
        return body->badAnswer(translated(QT_TRANSLATE_NOOP("Provider", "The answer does not say whose key it is.")));
    }
    const QJsonObject user = data.toObject();
    const auto text = [&user](const char* name) { return wholeText(member(user, name).toString()).simplified(); };
    const QString name = QString(text("firstName") + u' ' + text("lastName")).trimmed();
    QStringList who{name, text("userEmail")};
    who.removeAll(QString());
    return redactedLine(who.join(QStringLiteral(", ")));
}

Result<QString> AtomsDialect::parseRecordingLink(const QByteArray& bytes) const {
    const auto body = granted(bytes);
    if (!body) {
        return failure(body.error());
    }
    const QJsonValue data = member(body->object(), "data");
    const QJsonValue link = member(data.toObject(), "presignedUrl");
    const QString address = link.toString().trimmed();
    if (!address.isEmpty()) {
        return address;
    }
    if (data.isNull() || (data.isObject() && (link.isNull() || link.isString()))) {
        return failure(ErrorKind::NoRecording, {});
    }
    return body->badAnswer(translated(QT_TRANSLATE_NOOP("Provider", "The answer holds no link to a recording.")));
}

Error AtomsDialect::parseError(int status, const QByteArray& bytes) const {
    const QJsonObject body = QJsonDocument::fromJson(bytes).object();
    Error error = dialect::errorFor(status, bytes, providersText(body));
    if (status == 429 || status == 503) {
        error.retryAfter = wishIn(body);
    }
    if (status == 504) {
        // The gateway's, whose body is no JSON: the query was too much for one answer.
        error.message =
            translated(QT_TRANSLATE_NOOP("Provider", "The server took too long to put the answer together."));
        error.next = translated(QT_TRANSLATE_NOOP(
            "Provider", "Try again later; if it stays like this, set a smaller page size for the account."));
    }
    return error;
}

CallDetails AtomsDialect::details(const Account& account, const Call& call) const {
    return atomsDetails(account, call);
}

}  // namespace earmark
