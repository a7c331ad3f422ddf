#include "models/providers/autocallsdialect.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <algorithm>
#include <array>

#include "models/providers/autocallsdetails.h"
#include "models/providers/autocallsfields.h"
#include "models/providers/autocallswords.h"
#include "models/providers/dialectparts.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"

namespace earmark {

namespace {

/// What the server takes as `type`.
constexpr std::array kTypes{"inbound", "outbound", "web"};

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
    call.provider = Provider::Autocalls;
    readCallFields(autocallsFields(), reader, zone, call);
    call.status = autocallsStatus(call.statusRaw);
    call.direction = autocallsDirection(call.typeRaw);
    call.endReason = autocallsEndReason(call.statusRaw);
    readAutocallsParts(reader, zone, call);
    call.raw = compactJson(text);
    return call;
}

/// PHP echoes numbers of the query as text ("per_page": "100").
std::optional<qint64> numberOf(const JsonReader& reader, const char* name) {
    if (const auto count = reader.count(name)) {
        return count;
    }
    bool isNumber = false;
    const qint64 number = reader.value(name).toString().toLongLong(&isNumber);
    return isNumber && number >= 0 ? std::optional(number) : std::nullopt;
}

std::optional<bool> hasAnotherPage(const JsonReader& paginator) {
    const auto page = numberOf(paginator, "current_page");
    const auto last = numberOf(paginator, "last_page");
    if (page && last) {
        return *page < *last;
    }
    const QJsonValue next = paginator.value("next_page_url");
    if (next.isUndefined()) {
        return std::nullopt;
    }
    return !next.toString().isEmpty();
}

/// The day of a moment in UTC, some days on; "" for years that have more or less than four digits.
QString dayText(const std::optional<Moment>& moment, int daysOn) {
    if (!moment) {
        return {};
    }
    const QDate day = QDateTime::fromMSecsSinceEpoch(toMs(*moment), Qt::UTC).date().addDays(daysOn);
    return day.year() >= 1 && day.year() <= 9999 ? day.toString(Qt::ISODate) : QString();
}

Result<NameList> namesIn(const QByteArray& bytes, const char* wrapper) {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const auto rows = dialect::rowsUnderAny(*body, {wrapper, "data"});
    if (!rows) {
        return failure(rows.error());
    }
    auto names = dialect::namesOf(*body, *rows, "id", "name");
    if (names) {
        const QJsonObject top = body->object();
        std::vector<FieldError> ignored;
        names->hasMore = hasAnotherPage(JsonReader(top, body->text(), ignored)).value_or(false);
    }
    return names;
}

QUrl namesUrl(const Account& account, const QString& what, int page) {
    return dialect::withQuery(dialect::addressOf(account, {QStringLiteral("user"), what}),
                              {{QStringLiteral("page"), page > 1 ? QString::number(page) : QString()}});
}

/// "per_page: The per page field must not be greater than 100." of {"per_page": ["The per page ..."]}
QString firstProblem(const QJsonObject& errors) {
    if (errors.isEmpty()) {
        return {};
    }
    const QJsonValue first = errors.begin().value();
    const QString text = dialect::valueText(first.isArray() ? first.toArray().first() : first).value_or(QString());
    return text.isEmpty() ? QString() : errors.begin().key() + QStringLiteral(": ") + text;
}

QString providersText(const QByteArray& bytes) {
    const QJsonObject body = QJsonDocument::fromJson(bytes).object();
    const auto text = [&body](const char* name) {
        return dialect::valueText(body.value(QLatin1StringView(name))).value_or(QString());
    };
    QStringList parts{text("message"), firstProblem(body.value(QLatin1StringView("errors")).toObject())};
    // Newer servers say the first problem as their message.
    if (!parts[0].isEmpty() && parts[1].endsWith(parts[0])) {
        parts.removeFirst();
    }
    parts.removeAll(QString());
    if (!parts.isEmpty()) {
        return parts.join(QStringLiteral("; "));
    }
    return text("error").isEmpty() ? text("error_code") : text("error");
}

QStringList orAll(const QStringList& ids) {
    QStringList distinct = ids.isEmpty() ? QStringList{QString()} : ids;
    distinct.removeDuplicates();
    return distinct;
}

QString nameOf(const QString& id, const std::vector<NamedEntry>& among) {
    const auto known = std::find_if(among.begin(), among.end(), [&id](const NamedEntry& one) { return one.id == id; });
    return known == among.end() ? QString() : known->name;
}

}  // namespace

std::vector<CallList> AutocallsDialect::lists(const Account&, const CallScope& scope,
                                              const std::vector<NamedEntry>& campaigns, Moment now) const {
    std::vector<CallList> lists;
    for (const QString& campaign : orAll(scope.campaigns)) {
        for (const QString& agent : orAll(scope.agents)) {
            CallList list;
            list.campaigns = campaign.isEmpty() ? QStringList() : QStringList{campaign};
            list.agents = agent.isEmpty() ? QStringList() : QStringList{agent};
            list.sources = scope.sources;
            list.id = dialect::listName(list);
            list.label = nameOf(campaign, campaigns);
            dialect::setTimes(list, scope, now);
            lists.push_back(std::move(list));
        }
    }
    return lists;
}

QUrl AutocallsDialect::callsPageUrl(const Account& account, const CallList& list, int page) const {
    return dialect::withQuery(dialect::addressOf(account, {QStringLiteral("user"), QStringLiteral("calls")}),
                              {{QStringLiteral("page"), QString::number(std::max(page, 1))},
                               {QStringLiteral("per_page"), QString::number(pageSizeFor(account, *this))},
                               {QStringLiteral("campaign_id"), list.campaigns.value(0)},
                               {QStringLiteral("assistant_id"), list.agents.value(0)},
                               {QStringLiteral("type"), dialect::askedWord(list.sources, kTypes)},
                               {QStringLiteral("date_from"), dayText(list.since, -1)},
                               {QStringLiteral("date_to"), dayText(list.until, 1)}});
}

QUrl AutocallsDialect::callUrl(const Account& account, const QString& remoteId) const {
    return dialect::addressOf(account, {QStringLiteral("user"), QStringLiteral("calls"), remoteId});
}

QUrl AutocallsDialect::campaignsUrl(const Account& account, int page) const {
    return namesUrl(account, QStringLiteral("campaigns"), page);
}

QUrl AutocallsDialect::agentsUrl(const Account& account, int page) const {
    return namesUrl(account, QStringLiteral("assistants"), page);
}

QUrl AutocallsDialect::testUrl(const Account& account) const {
    return dialect::addressOf(account, {QStringLiteral("user"), QStringLiteral("me")});
}

Result<CallPage> AutocallsDialect::parsePage(const Account& account, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const auto rows = body->rows(QStringLiteral("data"));
    if (!rows) {
        return failure(rows.error());
    }
    const AssumedZone zone(account.assumedZone);
    auto page = dialect::pageOf(
        *rows, [&](const JsonRow& row) { return callFrom(account, zone, row.value.toObject(), row.text); });
    if (page) {
        const QJsonObject top = body->object();
        std::vector<FieldError> ignored;
        const JsonReader paginator(top, body->text(), ignored);
        page->total = numberOf(paginator, "total");
        page->page = dialect::pageNumber(numberOf(paginator, "current_page"));
        page->pageSize = dialect::pageNumber(numberOf(paginator, "per_page"));
        page->hasMore = hasAnotherPage(paginator);
    }
    return page;
}

Result<Call> AutocallsDialect::parseCall(const Account& account, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    return dialect::callOf(*body, callFrom(account, AssumedZone(account.assumedZone), body->object(), body->text()));
}

Result<NameList> AutocallsDialect::parseCampaigns(const Account&, const QByteArray& body) const {
    return namesIn(body, "campaigns");
}

Result<NameList> AutocallsDialect::parseAgents(const Account&, const QByteArray& body) const {
    return namesIn(body, "assistants");
}

Result<QString> AutocallsDialect::parseTest(const Account&, const QByteArray& bytes) const {
    const auto body = JsonBody::parse(bytes);
    if (!body) {
        return failure(body.error());
    }
    const QJsonObject top = body->object();
    // The answer's form is not documented: the person may stand in it or under a name.
    const QJsonObject inner =
        top.value(QLatin1StringView(top.contains(QLatin1StringView("data")) ? "data" : "user")).toObject();
    const QJsonObject person = inner.isEmpty() ? top : inner;
    QStringList who;
    for (const char* name : {"name", "email"}) {
        const QString text = person.value(QLatin1StringView(name)).toString().trimmed();
        if (!text.isEmpty()) {
            who += wholeText(text);
        }
    }
    if (who.isEmpty() && !person.contains(QLatin1StringView("id"))) {
        return body->badAnswer(translated(QT_TRANSLATE_NOOP("Provider", "The answer names nobody.")));
    }
    return who.join(QStringLiteral(", "));
}

Error AutocallsDialect::parseError(int status, const QByteArray& body) const {
    return dialect::errorFor(status, body, providersText(body));
}

CallDetails AutocallsDialect::details(const Account& account, const Call& call) const {
    return autocallsDetails(account, call);
}

}  // namespace earmark
