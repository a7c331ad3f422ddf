#include "app/demo/autocallsvoice.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDefaultPerPage = 15;
constexpr int kDefaultAssistants = 10;
constexpr int kLargestPerPage = 100;
constexpr int kFirstId = 730'100;
constexpr int kFirstAssistant = 71;
constexpr int kFirstCampaign = 31;
constexpr double kCarrierPerSecond = 0.0002;
constexpr double kTotalPerSecond = 0.0016;

DemoAnswer error(int status, const QString& text) {
    return {status, demoJson(QJsonObject{{u"message"_s, text}})};
}

int idOf(const DemoCall& call) {
    return kFirstId + 7 * call.number;
}

/// Without a zone, in UTC.
QString stamp(Moment time) {
    return toIsoText(time).left(19).replace(u'T', u' ');
}

QString status(const DemoCall& call) {
    if (call.stage == u"completed") {
        return !call.isOtherShape       ? u"completed"_s
               : call.endedByCustomer() ? u"ended_by_customer"_s
                                        : u"ended_by_assistant"_s;
    }
    if (call.stage == u"failed") {
        return call.cause == u"NO_ANSWER" ? u"no-answer"_s : call.cause == u"USER_BUSY" ? u"busy"_s : u"failed"_s;
    }
    return call.answer ? u"in-progress"_s : call.ring ? u"ringing"_s : u"initiated"_s;
}

QJsonValue transcript(const DemoCall& call) {
    if (!call.dialogue || !call.connect || !call.hasEnded()) {
        return {};
    }
    if (!call.isOtherShape) {
        QStringList lines;
        for (const DemoTurn& turn : call.dialogue->turns) {
            lines.append((turn.isAgent ? u"AI: "_s : u"Customer: "_s) + turn.text);
        }
        return lines.join(u'\n');
    }
    QJsonArray turns;
    for (const DemoTurn& turn : call.dialogue->turns) {
        turns.append(QJsonObject{{u"text"_s, turn.text},
                                 {u"type"_s, u"transcript"_s},
                                 {u"sender"_s, turn.isAgent ? u"bot"_s : u"human"_s},
                                 {u"timestamp"_s, double(toMs(*call.connect)) / 1000 + turn.start}});
    }
    return turns;
}

/// An object with what was asked to be evaluated, or a list of entries with their types.
QJsonValue evaluation(const DemoCall& call) {
    if (!call.wordsReady || call.summary.isEmpty()) {
        return {};
    }
    const std::vector<DemoFinding> findings = call.dialogue ? call.dialogue->findings : std::vector<DemoFinding>();
    const bool reached = call.sentiment != u"negative";
    if (!call.isOtherShape) {
        QJsonObject object{{u"status"_s, reached}, {u"summary"_s, call.summary}};
        const std::pair<QString, QString> configured[] = {{u"sentiment"_s, call.sentiment},
                                                          {u"next_action"_s, call.nextAction},
                                                          {u"outcome"_s, call.disposition.toLower()}};
        for (const auto& [name, text] : configured) {
            if (!text.isEmpty()) {
                object.insert(name, text);
            }
        }
        for (const DemoFinding& one : findings) {
            object.insert(one.name, one.value);
        }
        return object;
    }
    const auto entry = [](const QString& name, const QJsonValue& value, const QString& description) {
        return QJsonObject{{u"name"_s, name},
                           {u"type"_s, value.isBool()     ? u"bool"_s
                                       : value.isDouble() ? u"number"_s
                                                          : u"string"_s},
                           {u"value"_s, value},
                           {u"description"_s, description}};
    };
    QJsonArray entries{entry(u"status"_s, reached, u"Was the goal of the call reached?"_s),
                       entry(u"summary"_s, call.summary, u"What the call was about."_s)};
    for (const DemoFinding& one : findings) {
        entries.append(entry(one.name, one.value, one.description));
    }
    return entries;
}

QJsonValue cost(const DemoCall& call, double perSecond) {
    const double amount = call.talkSeconds.value_or(0) * perSecond;
    return call.isOtherShape ? QJsonValue(QString::number(amount, 'f', 8))
                             : QJsonValue(std::round(amount * 10000) / 10000);
}

QString recordingName(const DemoCall& call) {
    return QString::number(idOf(call)) + u'.' + call.dialogue->file.section(u'.', -1);
}

}  // namespace

QJsonObject AutocallsVoice::callObject(const DemoCall& call) const {
    QJsonObject variables;
    if (!call.customer.isEmpty()) {
        variables.insert(u"customer_name"_s, call.customer);
    }
    const bool told = call.hasEnded() && call.answer && call.wordsReady;
    return {{u"id"_s, idOf(call)},
            {u"assistant_name"_s, call.agent},
            {u"campaign_name"_s, call.direction == u"outbound" ? QJsonValue(call.campaign->name) : QJsonValue()},
            {u"type"_s, call.isWeb ? u"web"_s : call.direction},
            {u"duration"_s, call.talkSeconds.value_or(0)},
            {u"assistant_phone_number"_s, call.isWeb ? QJsonValue() : orNull(call.campaign->ownNumber)},
            {u"client_phone_number"_s, call.isWeb ? QJsonValue() : orNull(call.customerNumber)},
            {u"status"_s, status(call)},
            {u"transcript"_s, transcript(call)},
            // An empty map is an empty list in the platform's language.
            {u"variables"_s, variables.isEmpty() ? QJsonValue(QJsonArray()) : QJsonValue(variables)},
            {u"evaluation"_s, evaluation(call)},
            {u"webhook_response"_s,
             told ? QJsonValue(QJsonObject{{u"status"_s, u"success"_s},
                                           {u"ticket"_s, QJsonObject{{u"number"_s, 4400 + call.number},
                                                                     {u"queue"_s, call.campaign->name}}}})
                  : QJsonValue()},
            {u"carrier_cost"_s, cost(call, kCarrierPerSecond)},
            {u"total_cost"_s, cost(call, kTotalPerSecond)},
            {u"answered_by"_s, !call.answer     ? u"unknown"_s
                               : call.isMailbox ? u"machine"_s
                                                : u"human"_s},
            {u"recording_url"_s, call.recordingReady
                                     ? QJsonValue(m_links.origin() + u"/storage/recordings/"_s + recordingName(call))
                                     : QJsonValue()},
            {u"created_at"_s, stamp(*call.dial)},
            {u"updated_at"_s, stamp(call.changed)}};
}

DemoAnswer AutocallsVoice::answer(const DemoRequest& request, Moment now) const {
    static const QRegularExpression key(u"^Bearer [0-9]+\\|demo"_s);
    static const QRegularExpression single(u"^/user/calls/([0-9]+)$"_s);
    if (!key.match(QString::fromLatin1(request.authorization)).hasMatch()) {
        return error(401, u"Unauthenticated."_s);
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return error(405, u"The method is not supported for this route."_s);
    }
    if (request.route == u"/user/calls") {
        return page(request, now);
    }
    if (const auto match = single.match(request.route); match.hasMatch()) {
        return call(match.captured(1), now);
    }
    if (request.route == u"/user/assistants" || request.route == u"/user/assistants/get") {
        return assistants(request, request.route.endsWith(u"/get"));
    }
    if (request.route == u"/user/campaigns") {
        return campaigns();
    }
    if (request.route == u"/user/me") {
        return {200,
                demoJson(QJsonObject{{u"id"_s, 1}, {u"name"_s, u"Demo Desk"_s}, {u"email"_s, u"desk@example.com"_s}})};
    }
    return error(404, u"The route could not be found."_s);
}

bool AutocallsVoice::passes(const QJsonObject& call, const DemoRequest& request) const {
    const auto same = [&](const QString& parameter, const QString& member) {
        const QString asked = request.item(parameter);
        return asked.isEmpty() || asked == call.value(member).toString();
    };
    const int assistant = request.item(u"assistant_id"_s).toInt() - kFirstAssistant;
    const int campaign = request.item(u"campaign_id"_s).toInt() - kFirstCampaign;
    const auto& campaigns = m_truth.campaigns();
    const QString campaignName =
        campaign >= 0 && campaign < int(campaigns.size()) ? campaigns[size_t(campaign)].name : QString();
    const QString from = request.item(u"date_from"_s);
    const QString to = request.item(u"date_to"_s);
    const QString day = call.value(u"created_at"_s).toString().left(10);
    return same(u"status"_s, u"status"_s) && same(u"type"_s, u"type"_s) &&
           same(u"phone_number"_s, u"client_phone_number"_s) && (from.isEmpty() || day >= from) &&
           (to.isEmpty() || day <= to) &&
           (request.item(u"assistant_id"_s).isEmpty() ||
            call.value(u"assistant_name"_s).toString() == m_truth.agents().value(assistant, u"\n"_s)) &&
           (request.item(u"campaign_id"_s).isEmpty() ||
            (!campaignName.isEmpty() && call.value(u"campaign_name"_s).toString() == campaignName));
}

QJsonObject AutocallsVoice::paginated(const QJsonArray& rows, const QString& route, int page, int size,
                                      int total) const {
    const QString path = m_links.origin() + u"/api"_s + route;
    const int last = std::max((total + size - 1) / size, 1);
    const auto address = [&path](int number) { return QString(path + u"?page="_s + QString::number(number)); };
    const auto link = [](const QJsonValue& url, const QString& label, bool active) {
        return QJsonObject{{u"url"_s, url}, {u"label"_s, label}, {u"active"_s, active}};
    };
    const QJsonValue before = page > 1 ? QJsonValue(address(page - 1)) : QJsonValue();
    const QJsonValue next = page < last ? QJsonValue(address(page + 1)) : QJsonValue();
    QJsonArray links{link(before, u"&laquo; Previous"_s, false)};
    for (int number = 1; number <= last; ++number) {
        links.append(link(address(number), QString::number(number), number == page));
    }
    links.append(link(next, u"Next &raquo;"_s, false));
    const int first = (page - 1) * size + 1;
    const auto orNothing = [&rows](qint64 number) { return rows.isEmpty() ? QJsonValue() : QJsonValue(number); };
    return {{u"current_page"_s, page},
            {u"data"_s, rows},
            {u"first_page_url"_s, address(1)},
            {u"from"_s, orNothing(first)},
            {u"last_page"_s, last},
            {u"last_page_url"_s, address(last)},
            {u"links"_s, links},
            {u"next_page_url"_s, next},
            {u"path"_s, path},
            {u"per_page"_s, size},
            {u"prev_page_url"_s, before},
            {u"to"_s, orNothing(first + rows.size() - 1)},
            {u"total"_s, total}};
}

DemoAnswer AutocallsVoice::page(const DemoRequest& request, Moment now) const {
    const int page = demoNumber(request.item(u"page"_s), 1, 1, 1'000'000).value_or(1);
    const auto size = demoNumber(request.item(u"per_page"_s), kDefaultPerPage, 1, kLargestPerPage);
    if (!size) {
        const QJsonObject errors{{u"per_page"_s, QJsonArray{u"The per page field must be between 1 and 100."_s}}};
        return {422, demoJson(QJsonObject{{u"message"_s, u"The given data was invalid."_s}, {u"errors"_s, errors}})};
    }
    QJsonArray rows;
    int total = 0;
    for (const DemoCall& call : calls(now)) {
        const QJsonObject object = call.dial ? callObject(call) : QJsonObject();
        if (object.isEmpty() || !passes(object, request)) {
            continue;
        }
        if (total >= (page - 1) * *size && total < page * *size) {
            rows.append(object);
        }
        ++total;
    }
    return {200, demoJson(paginated(rows, request.route, page, *size, total))};
}

DemoAnswer AutocallsVoice::call(const QString& id, Moment now) const {
    for (const DemoCall& call : calls(now)) {
        if (call.dial && QString::number(idOf(call)) == id) {
            return {200, demoJson(callObject(call))};
        }
    }
    return error(404, u"Call not found"_s);
}

DemoAnswer AutocallsVoice::assistants(const DemoRequest& request, bool inPages) const {
    QJsonArray all;
    int id = kFirstAssistant;
    for (const QString& name : m_truth.agents()) {
        all.append(QJsonObject{{u"id"_s, id++}, {u"name"_s, name}});
    }
    if (!inPages) {
        return {200, demoJson(all)};
    }
    const int page = demoNumber(request.item(u"page"_s), 1, 1, 1'000'000).value_or(1);
    const int size =
        demoNumber(request.item(u"per_page"_s), kDefaultAssistants, 1, kLargestPerPage).value_or(kDefaultAssistants);
    QJsonArray rows;
    for (int i = (page - 1) * size; i < std::min(page * size, int(all.size())); ++i) {
        rows.append(all.at(i));
    }
    return {200, demoJson(paginated(rows, request.route, page, size, int(all.size())))};
}

DemoAnswer AutocallsVoice::campaigns() const {
    QJsonArray all;
    int id = kFirstCampaign;
    for (const DemoCampaign& one : m_truth.campaigns()) {
        all.append(QJsonObject{{u"id"_s, id++},
                               {u"name"_s, one.name},
                               {u"status"_s, u"active"_s},
                               {u"max_retries"_s, 2},
                               {u"created_at"_s, u"2026-01-05T08:00:00.000000Z"_s}});
    }
    return {200, demoJson(all)};
}

std::optional<DemoAnswer> AutocallsVoice::recording(const DemoRequest& request, Moment now) const {
    if (!request.route.startsWith(u"/storage/recordings/")) {
        return std::nullopt;
    }
    const QString name = request.route.section(u'/', 3);
    for (const DemoCall& call : calls(now)) {
        if (call.recordingReady && recordingName(call) == name) {
            return demoRecording(call.dialogue->file);
        }
    }
    return DemoAnswer{404, "<html><body><h1>404 Not Found</h1></body></html>"_ba, "text/html"_ba, {}};
}

}  // namespace earmark
