#include "tests/support/autocallsserver.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

constexpr int kDefaultPerPage = 15;
constexpr int kDefaultAssistants = 10;
constexpr int kLargestPerPage = 100;
constexpr int kFirstId = 510'000;
constexpr auto kAssistant = "Renewal desk";
constexpr auto kCampaign = "Spring renewals";
constexpr auto kStorage = "/storage/recordings/";

QJsonArray structuredTranscript() {
    const auto turn = [](const QString& sender, const QString& text, double seconds) {
        return QJsonObject{
            {u"text"_s, text}, {u"type"_s, u"transcript"_s}, {u"sender"_s, sender}, {u"timestamp"_s, seconds}};
    };
    return {turn(u"bot"_s, u"Hello, this is the renewal desk."_s, 1776523032.418217),
            turn(u"human"_s, u"What does the yearly plan cost?"_s, 1776523036.75),
            turn(u"bot"_s, u"I can call you on Monday with the figures."_s, 1776523040.125)};
}

QJsonArray structuredEvaluation() {
    const auto entry = [](const QString& name, const QString& type, const QJsonValue& value,
                          const QString& description) {
        return QJsonObject{{u"name"_s, name}, {u"type"_s, type}, {u"value"_s, value}, {u"description"_s, description}};
    };
    return {entry(u"status"_s, u"bool"_s, true, u"Was the goal reached?"_s),
            entry(u"summary"_s, u"string"_s, u"The customer asked about the yearly plan and wants a call on Monday."_s,
                  u"What the call was about."_s)};
}

/// One page of Laravel's paginator with all its keys.
QByteArray paginated(const PageAnswer& given, const QByteArray& path) {
    const int last = pagesIn(given);
    const auto address = [&path](int page) -> QByteArray {
        return '"' + path + "?page=" + QByteArray::number(page) + '"';
    };
    const auto link = [](const QByteArray& url, const QByteArray& label, bool active) -> QByteArray {
        return "{\"url\":" + url + ",\"label\":\"" + label + "\",\"active\":" + (active ? "true" : "false") + '}';
    };
    const QByteArray before = given.page > 1 ? address(given.page - 1) : "null"_ba;
    const QByteArray next = given.hasNext ? address(given.page + 1) : "null"_ba;
    const int first = (given.page - 1) * given.size + 1;
    const bool empty = given.rows.isEmpty();
    return "{\"current_page\":" + QByteArray::number(given.page) + ",\"data\":[" + given.rows.join(',') +
           "],\"first_page_url\":" + address(1) + ",\"from\":" + (empty ? "null"_ba : QByteArray::number(first)) +
           ",\"last_page\":" + QByteArray::number(last) + ",\"last_page_url\":" + address(last) + ",\"links\":[" +
           link(before, "&laquo; Previous"_ba, false) + ',' +
           link(address(given.page), QByteArray::number(given.page), true) + ',' +
           link(next, "Next &raquo;"_ba, false) + "],\"next_page_url\":" + next + ",\"path\":\"" + path +
           "\",\"per_page\":" + QByteArray::number(given.size) + ",\"prev_page_url\":" + before +
           ",\"to\":" + (empty ? "null"_ba : QByteArray::number(first + int(given.rows.size()) - 1)) +
           ",\"total\":" + given.total + '}';
}

Reply unprocessable(const QString& field, const QString& text) {
    const QJsonObject errors{{field, QJsonArray{text}}};
    return Reply::json(compactJson({{u"message"_s, u"The given data was invalid."_s}, {u"errors"_s, errors}}), 422);
}

/// nullopt and the answer in `refused` where the numbers are not taken.
std::optional<PageAsk> pageAsked(const Request& request, int defaultSize, Reply& refused) {
    const auto page = numberAsked(request, "page"_ba, 1);
    const auto size = numberAsked(request, "per_page"_ba, defaultSize);
    if (!size || *size < 1) {
        refused = unprocessable(u"per_page"_s, u"The per page field must be at least 1."_s);
        return std::nullopt;
    }
    if (*size > kLargestPerPage) {
        refused = unprocessable(u"per_page"_s, u"The per page field must not be greater than 100."_s);
        return std::nullopt;
    }
    return PageAsk{page && *page > 0 ? *page : 1, *size};
}

}  // namespace

QString autocallsId(int number) {
    return QString::number(kFirstId + number);
}

QJsonObject autocallsCall(const QString& id, const QJsonObject& changes) {
    const QJsonObject evaluation{
        {u"summary"_s, u"The customer asked about the yearly plan and wants a call on Monday."_s},
        {u"sentiment"_s, u"neutral"_s},
        {u"outcome"_s, u"callback"_s},
        {u"score"_s, 6.5}};
    const QJsonObject call{
        {u"id"_s, id.toLongLong()},
        {u"assistant_name"_s, QString::fromLatin1(kAssistant)},
        {u"campaign_name"_s, QString::fromLatin1(kCampaign)},
        {u"type"_s, u"outbound"_s},
        {u"duration"_s, 184},
        {u"assistant_phone_number"_s, u"+15550100001"_s},
        {u"client_phone_number"_s, u"+15550100123"_s},
        {u"status"_s, u"completed"_s},
        {u"transcript"_s,
         u"AI: Hello, this is the renewal desk.\nCustomer: What does the yearly plan cost?\n"
         "AI: I can call you on Monday with the figures."_s},
        {u"variables"_s, QJsonObject{{u"customer_name"_s, u"Vera Lindqvist"_s}}},
        {u"evaluation"_s, evaluation},
        {u"webhook_response"_s, QJsonObject{{u"status"_s, u"success"_s}}},
        {u"carrier_cost"_s, 0.03},
        {u"total_cost"_s, 0.14},
        {u"answered_by"_s, u"human"_s},
        {u"recording_url"_s, QJsonValue()},
        {u"created_at"_s, u"2026-04-18 14:37:02"_s},
        {u"updated_at"_s, u"2026-04-18 14:40:20"_s},
    };
    return changed(call, changes);
}

QJsonObject autocallsStructuredCall(const QString& id, const QJsonObject& changes) {
    const QJsonObject call = autocallsCall(id, {{u"status"_s, u"ended_by_customer"_s},
                                                {u"transcript"_s, structuredTranscript()},
                                                {u"evaluation"_s, structuredEvaluation()},
                                                {u"webhook_response"_s, QJsonValue()},
                                                {u"carrier_cost"_s, u"0.03000000"_s},
                                                {u"total_cost"_s, u"0.14000000"_s},
                                                {u"created_at"_s, u"2026-04-18T14:37:02Z"_s},
                                                {u"updated_at"_s, u"2026-04-18T14:40:20.000000Z"_s}});
    return changed(call, changes);
}

Reply autocallsError(int status, const QByteArray& text) {
    return Reply::json(compactJson({{u"message"_s, QString::fromUtf8(text)}}), status);
}

AutocallsServer::AutocallsServer(const QByteArray& key)
    : CallListServer(Provider::Autocalls, key, "/user/calls"_ba, u"id"_s),
      m_assistants{{71, QString::fromLatin1(kAssistant)}},
      m_campaigns{{31, QString::fromLatin1(kCampaign)}} {}

AutocallsServer::~AutocallsServer() {
    stop();
}

void AutocallsServer::addAssistant(int id, const QString& name) {
    const std::scoped_lock lock(dataMutex());
    m_assistants.push_back({id, name});
}

void AutocallsServer::addCampaign(int id, const QString& name) {
    const std::scoped_lock lock(dataMutex());
    m_campaigns.push_back({id, name});
}

void AutocallsServer::setCampaignShape(CampaignShape shape) {
    const std::scoped_lock lock(dataMutex());
    m_campaignShape = shape;
}

QByteArray AutocallsServer::recordingPath(const QString& id) {
    return kStorage + id.toLatin1() + ".mp3";
}

std::vector<CallListServer::QueryFilter> AutocallsServer::filters() const {
    const auto sameAs = [](const QString& member) {
        return [member](const QJsonObject& call, const QString& asked) { return call[member].toString() == asked; };
    };
    // A call carries names only; the query asks with ids.
    const auto named = [](const QString& member, const std::vector<Named>& among) {
        return [member, among](const QJsonObject& call, const QString& asked) {
            return std::any_of(among.begin(), among.end(), [&](const Named& one) {
                return asked == QString::number(one.id) && call[member].toString() == one.name;
            });
        };
    };
    const auto day = [](const QJsonObject& call) { return call[u"created_at"_s].toString().left(10); };
    return {{"status", sameAs(u"status"_s)},
            {"type", sameAs(u"type"_s)},
            {"phone_number", sameAs(u"client_phone_number"_s)},
            {"assistant_id", named(u"assistant_name"_s, m_assistants)},
            {"campaign_id", named(u"campaign_name"_s, m_campaigns)},
            {"date_from", [day](const QJsonObject& call, const QString& asked) { return day(call) >= asked; }},
            {"date_to", [day](const QJsonObject& call, const QString& asked) { return day(call) <= asked; }}};
}

QJsonObject AutocallsServer::recordingFields(const QString& id, bool has) const {
    const QString link = otherOrigin(QString::fromLatin1(recordingPath(id))).toString();
    return {{u"recording_url"_s, has ? QJsonValue(link) : QJsonValue()}};
}

std::optional<Reply> AutocallsServer::answerToAll(const Request& request) {
    if (!request.path.startsWith(kStorage)) {
        return std::nullopt;
    }
    const QByteArray name = request.path.mid(qsizetype(strlen(kStorage)));
    const Recording* found = recording(QString::fromLatin1(name.left(name.lastIndexOf('.'))));
    return found != nullptr ? Reply::bytes(found->bytes, "audio/mpeg"_ba)
                            : Reply::html("<html><body>404 Not Found</body></html>"_ba, 404);
}

/// Without "Accept: application/json" the platform sends a browser to its page to sign in.
Reply AutocallsServer::unauthorized(const Request& request) const {
    return request.header("accept"_ba).contains("application/json"_ba) ? autocallsError(401, "Unauthenticated."_ba)
                                                                       : Reply::redirect("/login"_ba);
}

Reply AutocallsServer::noSuchPage(int status) const {
    return autocallsError(status, "Page not found"_ba);
}

Reply AutocallsServer::answerWithKey(const Request& request) {
    if (request.method == "PUT"_ba && request.path.startsWith(leadPath(0).chopped(1))) {
        return writeLead(request);
    }
    if (!request.method.isEmpty() && request.method != "GET"_ba) {
        return autocallsError(405, "The method is not supported for this route."_ba);
    }
    if (request.path == listPath()) {
        return calls(request);
    }
    if (request.path == path("/user/me"_ba)) {
        return Reply::json(
            compactJson({{u"id"_s, 17}, {u"name"_s, u"Test Desk"_s}, {u"email"_s, u"desk@example.com"_s}}));
    }
    if (request.path == path("/user/assistants"_ba)) {
        return assistants();
    }
    if (request.path == path("/user/assistants/get"_ba)) {
        return assistantPages(request);
    }
    if (request.path == path("/user/campaigns"_ba)) {
        return campaigns();
    }
    if (request.path == leadsPath()) {
        return leads(request);
    }
    const QJsonObject* found = behindIdIn(request.path).isEmpty() ? find(idIn(request.path)) : nullptr;
    return found != nullptr ? Reply::json(compactJson(*found)) : autocallsError(404, "Call not found"_ba);
}

Reply AutocallsServer::calls(const Request& request) {
    Reply refused;
    const auto ask = pageAsked(request, kDefaultPerPage, refused);
    if (!ask) {
        return refused;
    }
    const QByteArray address = url(QString::fromLatin1(listPath())).toEncoded();
    return pageOfCalls(request, *ask, [address](const PageAnswer& given) { return paginated(given, address); });
}

Reply AutocallsServer::assistants() const {
    QJsonArray list;
    for (const Named& one : m_assistants) {
        list.append(QJsonObject{{u"id"_s, one.id}, {u"name"_s, one.name}});
    }
    return Reply::json(QJsonDocument(list).toJson(QJsonDocument::Compact));
}

Reply AutocallsServer::assistantPages(const Request& request) const {
    Reply refused;
    const auto ask = pageAsked(request, kDefaultAssistants, refused);
    if (!ask) {
        return refused;
    }
    PageAnswer given{{}, QByteArray::number(qint64(m_assistants.size())), ask->page, ask->size, false, 200};
    const size_t from = size_t(ask->page - 1) * size_t(ask->size);
    for (size_t i = from; i < std::min(from + size_t(ask->size), m_assistants.size()); ++i) {
        given.rows.append(compactJson({{u"id"_s, m_assistants[i].id},
                                       {u"name"_s, m_assistants[i].name},
                                       {u"status"_s, u"active"_s},
                                       {u"created_at"_s, u"2026-02-03T10:00:00.000000Z"_s}}));
    }
    given.hasNext = from + size_t(ask->size) < m_assistants.size();
    return Reply::json(paginated(given, url(QString::fromLatin1(path("/user/assistants/get"_ba))).toEncoded()));
}

Reply AutocallsServer::campaigns() const {
    QJsonArray list;
    for (const Named& one : m_campaigns) {
        list.append(QJsonObject{{u"id"_s, one.id},
                                {u"name"_s, one.name},
                                {u"status"_s, u"active"_s},
                                {u"max_retries"_s, 2},
                                {u"created_at"_s, u"2026-02-03T10:00:00.000000Z"_s}});
    }
    switch (m_campaignShape) {
        case CampaignShape::BareArray:
            return Reply::json(QJsonDocument(list).toJson(QJsonDocument::Compact));
        case CampaignShape::InCampaigns:
            return Reply::json(compactJson({{u"campaigns"_s, list}}));
        case CampaignShape::InData:
            return Reply::json(compactJson({{u"data"_s, list}}));
    }
    return {};
}

void AutocallsServer::addLead(int id, int campaignId, const QString& number, const QJsonObject& variables) {
    const std::scoped_lock lock(dataMutex());
    const auto campaign = std::find_if(m_campaigns.begin(), m_campaigns.end(),
                                       [campaignId](const Named& one) { return one.id == campaignId; });
    m_leads.push_back(
        {{u"id"_s, id},
         {u"campaign_id"_s, campaignId},
         {u"phone_number"_s, number},
         {u"variables"_s, variables.isEmpty() ? QJsonValue(QJsonArray()) : QJsonValue(variables)},
         {u"status"_s, u"completed"_s},
         {u"created_at"_s, u"2026-04-11 09:00:00"_s},
         {u"updated_at"_s, u"2026-04-18 14:40:20"_s},
         {u"campaign"_s,
          QJsonObject{{u"id"_s, campaignId}, {u"name"_s, campaign == m_campaigns.end() ? QString() : campaign->name}}},
         {u"secondary_contacts"_s, QJsonArray()}});
}

QJsonObject AutocallsServer::lead(int id) const {
    const std::scoped_lock lock(dataMutex());
    const auto found =
        std::find_if(m_leads.begin(), m_leads.end(), [id](const QJsonObject& one) { return one[u"id"_s] == id; });
    return found == m_leads.end() ? QJsonObject() : *found;
}

void AutocallsServer::setLeadVariables(int id, const QJsonObject& variables) {
    const std::scoped_lock lock(dataMutex());
    for (QJsonObject& one : m_leads) {
        if (one[u"id"_s] == id) {
            one[u"variables"_s] = changed(one[u"variables"_s].toObject(), variables);
        }
    }
}

void AutocallsServer::setEmptyTextsBecomeNull(bool becomes) {
    const std::scoped_lock lock(dataMutex());
    m_emptyTextsBecomeNull = becomes;
}

/// phone_number finds parts of numbers, as the platform does.
Reply AutocallsServer::leads(const Request& request) const {
    Reply refused;
    const auto ask = pageAsked(request, kDefaultPerPage, refused);
    if (!ask) {
        return refused;
    }
    const QString campaign = QString::fromUtf8(request.queryItem("campaign_id"_ba));
    const QString number = QString::fromUtf8(request.queryItem("phone_number"_ba));
    std::vector<QJsonObject> found;
    std::copy_if(m_leads.begin(), m_leads.end(), std::back_inserter(found), [&](const QJsonObject& one) {
        return (campaign.isEmpty() || QString::number(one[u"campaign_id"_s].toInt()) == campaign) &&
               one[u"phone_number"_s].toString().contains(number);
    });
    PageAnswer given{{}, QByteArray::number(qint64(found.size())), ask->page, ask->size, false, 200};
    const size_t from = size_t(ask->page - 1) * size_t(ask->size);
    for (size_t i = from; i < std::min(from + size_t(ask->size), found.size()); ++i) {
        given.rows.append(compactJson(found[i]));
    }
    given.hasNext = from + size_t(ask->size) < found.size();
    return Reply::json(paginated(given, url(QString::fromLatin1(leadsPath())).toEncoded()));
}

/// Variables are merged; whatever else is sent is taken too, so that a test can see it.
Reply AutocallsServer::writeLead(const Request& request) {
    const int id = request.path.mid(leadsPath().size() + 1).toInt();
    const auto lead =
        std::find_if(m_leads.begin(), m_leads.end(), [id](const QJsonObject& one) { return one[u"id"_s] == id; });
    if (lead == m_leads.end()) {
        return autocallsError(404, "Lead not found"_ba);
    }
    QJsonObject sent = QJsonDocument::fromJson(request.body).object();
    QJsonObject variables = sent.take(u"variables"_s).toObject();
    for (auto it = variables.begin(); it != variables.end(); ++it) {
        if (m_emptyTextsBecomeNull && it.value().toString() == u""_s && it.value().isString()) {
            it.value() = QJsonValue();
        }
    }
    *lead = changed(changed(*lead, sent), {{u"variables"_s, changed((*lead)[u"variables"_s].toObject(), variables)}});
    return Reply::json("{\"message\":\"Lead updated successfully\"}"_ba);
}

}  // namespace earmark::test
