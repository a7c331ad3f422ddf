#include "models/targets/autocallsleads.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace earmark::autocallsleads {

namespace {

constexpr int kRowsAPage = 100;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

tl::unexpected<Error> badAnswer(const QString& message) {
    return failure(ErrorKind::BadAnswer, message);
}

/// Integers and texts; ids are text to us, whichever they are there. "" for anything else.
QString idText(const QJsonValue& value) {
    if (value.isString()) {
        return value.toString().trimmed();
    }
    const qint64 number = value.toInteger(-1);
    return number >= 0 ? QString::number(number) : QString();
}

/// PHP writes an empty object as [].
std::optional<QJsonObject> variablesIn(const QJsonValue& value) {
    if (value.isObject()) {
        return value.toObject();
    }
    const bool isEmpty = value.isUndefined() || value.isNull() || (value.isArray() && value.toArray().isEmpty());
    return isEmpty ? std::optional(QJsonObject()) : std::nullopt;
}

/// nullopt for a row that cannot be told: it must not be passed over, for it may be the one.
std::optional<Lead> leadFrom(const QJsonObject& row) {
    Lead lead;
    lead.id = idText(row[u"id"_s]);
    const auto variables = variablesIn(row[u"variables"_s]);
    if (lead.id.isEmpty() || !variables) {
        return std::nullopt;
    }
    lead.number =
        row[u"phone_number"_s].isString() ? row[u"phone_number"_s].toString() : idText(row[u"phone_number"_s]);
    lead.variables = *variables;
    QString campaign = idText(row[u"campaign_id"_s]);
    if (campaign.isEmpty()) {
        campaign = idText(row[u"campaign"_s].toObject()[u"id"_s]);
    }
    if (!campaign.isEmpty()) {
        lead.campaignId = campaign;
    }
    return lead;
}

bool hasAnotherPage(const QJsonObject& paginator) {
    const auto number = [&paginator](const QString& name) { return idText(paginator[name]).toLongLong(); };
    if (paginator.contains(u"current_page"_s) && paginator.contains(u"last_page"_s)) {
        return number(u"current_page"_s) < number(u"last_page"_s);
    }
    return !paginator[u"next_page_url"_s].toString().isEmpty();
}

Result<QJsonDocument> jsonOf(const QByteArray& body) {
    const QJsonDocument json = QJsonDocument::fromJson(body);
    if (json.isNull()) {
        return failure(ErrorKind::NotTheApi, Text::tr("What answered is not the interface of Autocalls."));
    }
    return json;
}

QUrl address(const Account& account, const QString& route, const QList<QPair<QString, QString>>& items) {
    QUrl url = account.baseUrl;
    url.setPath(url.path(QUrl::FullyEncoded) + route, QUrl::TolerantMode);
    QUrlQuery query;
    for (const auto& [name, value] : items) {
        // A plus sign would be read as a blank.
        query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    }
    if (!query.isEmpty()) {
        url.setQuery(query);
    }
    return url;
}

}  // namespace

QString Lead::variable(const QString& name) const {
    const QJsonValue value = variables[name];
    if (value.isString()) {
        return value.toString();
    }
    return value.isDouble() ? idText(value) : QString();
}

Result<Page<Lead>> leadsIn(const QByteArray& body) {
    const auto json = jsonOf(body);
    if (!json) {
        return failure(json.error());
    }
    const QJsonObject top = json->object();
    if (!top[u"data"_s].isArray()) {
        return badAnswer(Text::tr("Autocalls answered without a list of leads."));
    }
    Page<Lead> page;
    for (const QJsonValue& row : top[u"data"_s].toArray()) {
        const auto lead = leadFrom(row.toObject());
        if (!lead) {
            return badAnswer(Text::tr("Autocalls answered with a lead that cannot be read."));
        }
        page.rows.push_back(*lead);
    }
    page.hasMore = hasAnotherPage(top);
    return page;
}

Result<Page<Campaign>> campaignsIn(const QByteArray& body) {
    const auto json = jsonOf(body);
    if (!json) {
        return failure(json.error());
    }
    const QJsonObject top = json->object();
    const QJsonValue under = top.contains(u"campaigns"_s) ? top[u"campaigns"_s] : top[u"data"_s];
    if (!json->isArray() && !under.isArray()) {
        return badAnswer(Text::tr("Autocalls answered without a list of campaigns."));
    }
    Page<Campaign> page;
    for (const QJsonValue& row : json->isArray() ? json->array() : under.toArray()) {
        const QJsonObject campaign = row.toObject();
        page.rows.push_back({idText(campaign[u"id"_s]), campaign[u"name"_s].toString()});
    }
    page.hasMore = hasAnotherPage(top);
    return page;
}

QString comparableNumber(const QString& number) {
    static const QString kBetween = u" \u00a0-.()/"_s;
    QString digits;
    for (const QChar sign : number.trimmed()) {
        if ((sign >= u'0' && sign <= u'9') || (sign == u'+' && digits.isEmpty())) {
            digits += sign;
        } else if (!kBetween.contains(sign)) {
            return {};
        }
    }
    return digits == u"+" ? QString() : digits;
}

QUrl leadsUrl(const Account& account, const QString& campaignId, const QString& number, int page) {
    return address(account, u"/user/leads"_s,
                   {{u"campaign_id"_s, campaignId},
                    {u"phone_number"_s, number},
                    {u"per_page"_s, QString::number(kRowsAPage)},
                    {u"page"_s, QString::number(page)}});
}

QUrl anyLeadUrl(const Account& account) {
    return address(account, u"/user/leads"_s, {{u"per_page"_s, u"1"_s}});
}

QUrl campaignsUrl(const Account& account, int page) {
    return page > 1 ? address(account, u"/user/campaigns"_s, {{u"page"_s, QString::number(page)}})
                    : address(account, u"/user/campaigns"_s, {});
}

QUrl leadUrl(const Account& account, const QString& id) {
    return address(account, u"/user/leads/"_s + QString::fromLatin1(QUrl::toPercentEncoding(id)), {});
}

}  // namespace earmark::autocallsleads
