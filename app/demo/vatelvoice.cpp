#include "app/demo/vatelvoice.h"

#include <QJsonArray>
#include <algorithm>
#include <cmath>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDefaultPageSize = 20;
constexpr int kLargestPageSize = 100;
constexpr double kCostPerSecond = 0.0014;
const QStringList& statuses() {
    static const QStringList all{u"connected"_s, u"started"_s, u"in_progress"_s, u"auth_failed"_s, u"ended"_s};
    return all;
}

DemoAnswer error(int status, const QString& text) {
    return {status, demoJson(QJsonObject{{u"error"_s, text}})};
}

QString idOf(const DemoCall& call) {
    return demoUuid(u"vatel call "_s + call.id);
}

QString organizationId() {
    return demoUuid(u"vatel organization"_s);
}

QString agentId(const QString& name) {
    return demoUuid(u"vatel agent "_s + name);
}

/// To the second, as the provider writes its stamps.
QString stamp(Moment time) {
    return toIsoText(time).left(19) + u'Z';
}

QString status(const DemoCall& call) {
    return call.hasEnded()                    ? u"ended"_s
           : call.stage == u"agent_connected" ? u"in_progress"_s
           : call.stage == u"answered"        ? u"started"_s
           : call.stage == u"auth_failed"     ? call.stage
                                              : u"connected"_s;
}

QString terminationReason(const DemoCall& call) {
    return !call.hasEnded()                  ? QString()
           : call.cause == u"BLIND_TRANSFER" ? u"transferred"_s
           : call.answer                     ? (call.endedByCustomer() ? u"ended_by_user"_s : u"ended_by_agent"_s)
                                             : call.cause.toLower();
}

QJsonObject entry(const QString& role, const QString& type, Moment at, double seconds) {
    return {{u"role"_s, role},
            {u"message"_s, QString()},
            {u"type"_s, type},
            {u"createdAt"_s, toIsoText(at)},
            {u"durationMs"_s, qint64(std::llround(seconds * 1000))}};
}

void addAction(QJsonArray& entries, const DemoAction& action, Moment at) {
    const Moment done = at + std::chrono::milliseconds(600);
    QJsonObject call = entry(QString(), u"tool_call"_s, at, 0.6);
    call.insert(u"toolCall"_s, QJsonObject{{u"itemId"_s, demoHex(u"item "_s + action.name, 8)},
                                           {u"callId"_s, demoHex(u"tool "_s + action.name, 8)},
                                           {u"toolName"_s, action.name},
                                           {u"arguments"_s, QString::fromUtf8(demoJson(action.arguments))},
                                           {u"output"_s, QString::fromUtf8(demoJson(action.output))},
                                           {u"startedAt"_s, toIsoText(at)},
                                           {u"endedAt"_s, toIsoText(done)}});
    QJsonObject output = entry(QString(), u"tool_call_output"_s, done, 0);
    output.insert(u"toolCallOutput"_s, QString::fromUtf8(demoJson(action.output)));
    entries.append(call);
    entries.append(output);
}

/// Messages, what the agent did between them, and where the customer cut the agent short.
QJsonArray entries(const DemoCall& call) {
    QJsonArray all;
    const auto& turns = call.dialogue->turns;
    for (size_t i = 0; i < turns.size(); ++i) {
        const DemoTurn& turn = turns[i];
        const Moment at = *call.connect + std::chrono::milliseconds(std::llround(turn.start * 1000));
        if (i > 0 && !turn.isAgent && turns[i - 1].isAgent && turn.start < turns[i - 1].start + turns[i - 1].seconds) {
            all.append(entry(QString(), u"interruption"_s, at, 0));
        }
        QJsonObject message = entry(turn.isAgent ? u"assistant"_s : u"user"_s, u"message"_s, at, turn.seconds);
        message.insert(u"message"_s, turn.text);
        all.append(message);
        if (call.dialogue->action && call.dialogue->action->afterTurn == int(i)) {
            addAction(all, *call.dialogue->action, at + std::chrono::milliseconds(std::llround(turn.seconds * 1000)));
        }
    }
    for (qsizetype i = 0; i < all.size(); ++i) {
        QJsonObject one = all.at(i).toObject();
        one.insert(u"index"_s, i);
        one.insert(u"turnId"_s, u"turn-%1"_s.arg(i + 1));
        all[i] = one;
    }
    return all;
}

QJsonArray variables(const DemoCall& call) {
    const auto variable = [](const QString& name, const QString& type, const QJsonValue& value,
                             const QString& description, const QString& rationale) {
        return QJsonObject{{u"name"_s, name},
                           {u"type"_s, type},
                           {u"description"_s, description},
                           {u"value"_s, value},
                           {u"dataType"_s, value.isBool()     ? u"boolean"_s
                                           : value.isDouble() ? u"number"_s
                                                              : u"string"_s},
                           {u"rationale"_s, rationale}};
    };
    QJsonArray all{variable(u"customer_name"_s, u"input"_s, call.customer, u"Who was to be called"_s, QString())};
    for (const DemoFinding& one : call.dialogue->findings) {
        all.append(variable(one.name, u"extracted"_s, one.value, one.description, one.reason));
    }
    return all;
}

/// Vatel leaves out what it does not have.
QJsonObject callObject(const DemoCall& call) {
    QJsonObject object{{u"id"_s, idOf(call)},
                       {u"organization_id"_s, organizationId()},
                       {u"status"_s, status(call)},
                       {u"source"_s, call.isSimulation              ? u"simulation"_s
                                     : call.isWeb                   ? u"api"_s
                                     : call.direction == u"inbound" ? u"sip"_s
                                                                    : u"twilio"_s},
                       {u"outbound"_s, call.direction == u"outbound"},
                       {u"created_at"_s, stamp(*call.dial)},
                       {u"cost"_s, std::round(call.talkSeconds.value_or(0) * kCostPerSecond * 10000) / 10000}};
    const auto put = [&object](const QString& name, const QString& text) {
        if (!text.isEmpty()) {
            object.insert(name, text);
        }
    };
    put(u"party_number"_s, call.customerNumber);
    put(u"termination_reason"_s, terminationReason(call));
    if (!call.agent.isEmpty()) {
        put(u"agent_id"_s, agentId(call.agent));
        put(u"graph_version_id"_s, demoUuid(u"vatel graph "_s + call.agent));
    }
    if (!call.lead.isEmpty() && call.direction == u"outbound") {
        put(u"outbound_contact_id"_s, demoUuid(u"vatel contact "_s + call.lead));
        put(u"outbound_list_run_id"_s, demoUuid(u"vatel list "_s + call.campaign->name));
    }
    const std::pair<QString, std::optional<Moment>> times[] = {
        {u"connected_at"_s, call.answer}, {u"started_at"_s, call.connect}, {u"ended_at"_s, call.end}};
    for (const auto& [name, time] : times) {
        put(name, time ? stamp(*time) : QString());
    }
    if (call.connect && call.end) {
        object.insert(u"duration_seconds"_s, qint64(std::lround(secondsBetween(*call.connect, *call.end))));
    }
    put(u"summary"_s, call.summary);
    if (call.dialogue && call.connect && call.hasEnded()) {
        object.insert(u"transcript"_s, QJsonObject{{u"entries"_s, entries(call)}});
    }
    if (call.dialogue && call.wordsReady) {
        object.insert(u"extracted_variables"_s, variables(call));
        object.insert(u"tags"_s, QJsonArray::fromStringList(call.dialogue->tags));
        if (call.dialogue->stars > 0) {
            object.insert(u"feedback"_s,
                          QJsonObject{{u"stars"_s, call.dialogue->stars}, {u"notes"_s, call.dialogue->starsNote}});
        }
    }
    return object;
}

/// Does a call pass what the query asks for? What is not asked for passes.
bool passes(const QJsonObject& call, const DemoRequest& request) {
    const auto text = [&call](const QString& name) { return call.value(name).toString(); };
    const auto same = [&](const QString& name) {
        return request.item(name).isEmpty() || request.item(name) == text(name);
    };
    const QString outbound = request.item(u"outbound"_s);
    const QString agents = request.item(u"agent_ids"_s);
    const QString tag = request.item(u"tag"_s);
    const QString outcome = request.item(u"outcome"_s);
    const QString from = request.item(u"date_from"_s);
    const QString to = request.item(u"date_to"_s);
    const QString created = text(u"created_at"_s).left(19);
    return same(u"status"_s) && same(u"source"_s) && text(u"party_number"_s).contains(request.item(u"search"_s)) &&
           (outbound.isEmpty() || call.value(u"outbound"_s).toBool() == (outbound == u"true")) &&
           (agents.isEmpty() || agents.split(u',').contains(text(u"agent_id"_s))) &&
           (tag.isEmpty() || call.value(u"tags"_s).toArray().contains(QJsonValue(tag))) &&
           (outcome.isEmpty() || text(u"termination_reason"_s) == outcome) &&
           (from.isEmpty() || created >= from.left(19)) && (to.isEmpty() || created <= to.left(19));
}

}  // namespace

DemoAnswer VatelVoice::answer(const DemoRequest& request, Moment now) const {
    if (!request.authorization.startsWith("Bearer vt_demo")) {
        return error(401, u"unauthorized"_s);
    }
    if (request.method != "GET") {
        return error(405, u"method not allowed"_s);
    }
    if (request.route == u"/calls") {
        return page(request, now);
    }
    if (request.route.startsWith(u"/calls/")) {
        return call(request, now);
    }
    if (request.route == u"/agents") {
        return agents();
    }
    if (request.route == u"/organization") {
        return {200, demoJson(QJsonObject{{u"id"_s, organizationId()},
                                          {u"name"_s, u"Demo Desk"_s},
                                          {u"created_at"_s, u"2026-01-05T08:00:00Z"_s}})};
    }
    return error(404, u"not found"_s);
}

DemoAnswer VatelVoice::page(const DemoRequest& request, Moment now) const {
    const auto page = demoNumber(request.item(u"page"_s), 1, 1, 1'000'000);
    const auto size = demoNumber(request.item(u"page_size"_s), kDefaultPageSize, 1, kLargestPageSize);
    const QString status = request.item(u"status"_s);
    if (!page || !size) {
        return error(400, page ? u"page_size must be between 1 and 100"_s : u"invalid page"_s);
    }
    if (!status.isEmpty() && !statuses().contains(status)) {
        return error(400, u"invalid status filter"_s);
    }
    QJsonArray list;
    int total = 0;
    for (const DemoCall& call : calls(now)) {
        const QJsonObject object = call.dial ? callObject(call) : QJsonObject();
        if (object.isEmpty() || !passes(object, request)) {
            continue;
        }
        if (total >= (*page - 1) * *size && total < *page * *size) {
            list.append(object);
        }
        ++total;
    }
    const QJsonObject pagination{{u"page"_s, *page},
                                 {u"page_size"_s, *size},
                                 {u"total"_s, total},
                                 {u"total_pages"_s, std::max((total + *size - 1) / *size, 1)},
                                 {u"has_next"_s, *page * *size < total},
                                 {u"has_prev"_s, *page > 1}};
    return {200, demoJson(QJsonObject{{u"calls"_s, list}, {u"pagination"_s, pagination}})};
}

DemoAnswer VatelVoice::call(const DemoRequest& request, Moment now) const {
    const QString id = request.route.section(u'/', 2, 2);
    const QString behind = request.route.section(u'/', 3);
    for (const DemoCall& call : calls(now)) {
        if (idOf(call) != id || !call.dial) {
            continue;
        }
        if (behind.isEmpty()) {
            return {200, demoJson(callObject(call))};
        }
        const QByteArray wav = behind == u"recording" && call.recordingReady
                                   ? m_wavs.wav(call.dialogue->file, DemoWavs::Channels::Apart)
                                   : QByteArray();
        const QByteArray name = "attachment; filename=\"" + id.toLatin1() + ".wav\"";
        return wav.isEmpty() ? error(404, u"recording not found"_s)
                             : DemoAnswer{200, wav, "audio/wav"_ba, {{"Content-Disposition"_ba, name}}};
    }
    return error(404, u"call not found"_s);
}

DemoAnswer VatelVoice::agents() const {
    QJsonArray list;
    for (const QString& name : m_truth.agents()) {
        list.append(QJsonObject{{u"id"_s, agentId(name)},
                                {u"phone_number_id"_s, QJsonValue()},
                                {u"name"_s, name},
                                {u"status"_s, u"active"_s},
                                {u"default_language"_s, u"en"_s},
                                {u"summarize_calls"_s, true},
                                {u"created_at"_s, u"2026-01-05T08:00:00Z"_s},
                                {u"updated_at"_s, u"2026-01-05T08:00:00Z"_s}});
    }
    return {200, demoJson(list)};
}

}  // namespace earmark
