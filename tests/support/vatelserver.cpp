#include "tests/support/vatelserver.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

constexpr int kDefaultPageSize = 20;
constexpr int kLargestPageSize = 100;
constexpr auto kOrganization = "0f9e6a10-41c2-4c55-9d0a-6b1f00000001";
constexpr auto kAgent = "0f9e6a10-41c2-4c55-9d0a-6b1f00000a01";

/// Members with a fixed vocabulary, and how a call's own word answers to a filter's word.
constexpr const char* kStatuses[] = {"connected", "started", "in_progress", "auth_failed", "ended"};
constexpr const char* kSources[] = {"twilio", "sip", "simulation", "api"};
constexpr struct {
    const char* outcome;
    const char* reason;
} kOutcomes[] = {{"transferred", "transferred"},     {"ended_by_agent", "ended_by_agent"},
                 {"ended_by_user", "ended_by_user"}, {"transferred", "transfer_complete"},
                 {"ended_by_agent", "agent_hangup"}, {"ended_by_user", "user_hangup"}};

template <size_t N>
bool isWordOf(const char* const (&words)[N], const QByteArray& text) {
    return text.isEmpty() || std::find(std::begin(words), std::end(words), text) != std::end(words);
}

QJsonObject entry(int index, const QString& role, const QString& message, const QString& time, int durationMs) {
    return {{u"index"_s, index},
            {u"role"_s, role},
            {u"message"_s, message},
            {u"type"_s, u"message"_s},
            {u"createdAt"_s, time},
            {u"durationMs"_s, durationMs},
            {u"turnId"_s, u"turn-%1"_s.arg(index)}};
}

/// Two turns, a tool's call and its output, an interruption.
QJsonArray entries() {
    const QJsonObject tool{{u"itemId"_s, u"item-1"_s},
                           {u"callId"_s, u"tool-1"_s},
                           {u"toolName"_s, u"find_plan"_s},
                           {u"arguments"_s, u"{\"term\":\"year\"}"_s},
                           {u"output"_s, QString()},
                           {u"startedAt"_s, u"2026-04-18T14:37:20Z"_s},
                           {u"endedAt"_s, u"2026-04-18T14:37:21Z"_s}};
    const QJsonObject plain = entry(2, QString(), QString(), u"2026-04-18T14:37:20Z"_s, 900);
    return {entry(0, u"assistant"_s, u"Hello, this is the renewal desk."_s, u"2026-04-18T14:37:12Z"_s, 1900),
            entry(1, u"user"_s, u"What does the yearly plan cost?"_s, u"2026-04-18T14:37:16Z"_s, 2100),
            changed(plain, {{u"type"_s, u"tool_call"_s}, {u"toolCall"_s, tool}}),
            changed(plain,
                    {{u"index"_s, 3}, {u"type"_s, u"tool_call_output"_s}, {u"toolCallOutput"_s, u"{\"price\":384}"_s}}),
            changed(plain, {{u"index"_s, 4}, {u"type"_s, u"interruption"_s}})};
}

QJsonArray variables() {
    return {QJsonObject{{u"name"_s, u"callback_day"_s},
                        {u"type"_s, u"extracted"_s},
                        {u"description"_s, u"Day of the next call"_s},
                        {u"value"_s, u"Monday"_s},
                        {u"dataType"_s, u"string"_s},
                        {u"rationale"_s, u"Said in the second turn."_s}},
            QJsonObject{{u"name"_s, u"members"_s},
                        {u"type"_s, u"input"_s},
                        {u"description"_s, QString()},
                        {u"value"_s, 2},
                        {u"dataType"_s, u"number"_s},
                        {u"rationale"_s, QString()}}};
}

bool isOutcome(const QJsonObject& call, const QString& asked) {
    const QString reason = call[u"termination_reason"_s].toString();
    return std::any_of(std::begin(kOutcomes), std::end(kOutcomes), [&](const auto& one) {
        return asked == QLatin1String(one.outcome) && reason == QLatin1String(one.reason);
    });
}

}  // namespace

QString vatelId(int number) {
    return u"7b41d0e2-93a5-4f08-8c6d-%1"_s.arg(number, 12, 16, QLatin1Char('0'));
}

QJsonObject vatelCall(const QString& id, const QJsonObject& changes) {
    const QJsonObject call{
        {u"id"_s, id},
        {u"agent_id"_s, QString::fromLatin1(kAgent)},
        {u"graph_version_id"_s, u"0f9e6a10-41c2-4c55-9d0a-6b1f00000b02"_s},
        {u"organization_id"_s, QString::fromLatin1(kOrganization)},
        {u"party_number"_s, u"+15550100123"_s},
        {u"status"_s, u"ended"_s},
        {u"source"_s, u"twilio"_s},
        {u"termination_reason"_s, u"user_hangup"_s},
        {u"extracted_variables"_s, variables()},
        {u"outbound"_s, true},
        {u"outbound_contact_id"_s, u"0f9e6a10-41c2-4c55-9d0a-6b1f00000c03"_s},
        {u"outbound_list_run_id"_s, u"0f9e6a10-41c2-4c55-9d0a-6b1f00000d04"_s},
        {u"created_at"_s, u"2026-04-18T14:37:02Z"_s},
        {u"connected_at"_s, u"2026-04-18T14:37:10Z"_s},
        {u"started_at"_s, u"2026-04-18T14:37:11Z"_s},
        {u"ended_at"_s, u"2026-04-18T14:40:15Z"_s},
        {u"summary"_s, u"The customer asked about the yearly plan and wants a call on Monday."_s},
        {u"transcript"_s, QJsonObject{{u"entries"_s, entries()}}},
        {u"cost"_s, 0.29},
        {u"tags"_s, QJsonArray{u"renewal"_s, u"callback"_s}},
        {u"duration_seconds"_s, 184},
        {u"feedback"_s, QJsonObject{{u"stars"_s, 4}, {u"notes"_s, u"Friendly"_s}}},
    };
    return changed(call, changes);
}

QJsonObject without(QJsonObject object, const QStringList& members) {
    for (const QString& member : members) {
        object.remove(member);
    }
    return object;
}

Reply vatelError(int status, const QByteArray& text) {
    return Reply::json(compactJson({{u"error"_s, QString::fromUtf8(text)}}), status);
}

VatelServer::VatelServer(const QByteArray& key)
    : CallListServer(Provider::Vatel, key, "/calls"_ba, u"id"_s),
      m_agents{{QString::fromLatin1(kAgent), u"Renewal desk"_s}} {}

VatelServer::~VatelServer() {
    stop();
}

void VatelServer::addAgent(const QString& id, const QString& name) {
    const std::scoped_lock lock(dataMutex());
    m_agents.emplace_back(id, name);
}

std::vector<CallListServer::QueryFilter> VatelServer::filters() const {
    const auto sameAs = [](const QString& member) {
        return [member](const QJsonObject& call, const QString& asked) { return call[member].toString() == asked; };
    };
    return {{"status", sameAs(u"status"_s)},
            {"source", sameAs(u"source"_s)},
            {"organization_id", [](const QJsonObject&, const QString&) { return true; }},  // ignored for normal keys
            {"agent_ids", [](const QJsonObject& call,
                             const QString& asked) { return isAmong(call[u"agent_id"_s].toString(), asked); }},
            {"outbound", [](const QJsonObject& call,
                            const QString& asked) { return call[u"outbound"_s].toBool() == (asked == u"true"); }},
            {"search", [](const QJsonObject& call,
                          const QString& asked) { return call[u"party_number"_s].toString().contains(asked); }},
            {"tag", [](const QJsonObject& call,
                       const QString& asked) { return call[u"tags"_s].toArray().contains(QJsonValue(asked)); }},
            {"outcome", isOutcome},
            {"date_from", [](const QJsonObject& call,
                             const QString& asked) { return isAtOrAfter(call[u"created_at"_s].toString(), asked); }},
            {"date_to", [](const QJsonObject& call, const QString& asked) {
                 return isAtOrAfter(asked, call[u"created_at"_s].toString());
             }}};
}

Reply VatelServer::unauthorized(const Request&) const {
    return vatelError(401, "unauthorized"_ba);
}

Reply VatelServer::noSuchPage(int status) const {
    return vatelError(status, "page not found"_ba);
}

Reply VatelServer::answerWithKey(const Request& request) {
    if (!request.method.isEmpty() && request.method != "GET"_ba) {
        return vatelError(405, "method not allowed"_ba);
    }
    if (request.path == listPath()) {
        return calls(request);
    }
    if (request.path == path("/organization"_ba)) {
        return Reply::json(compactJson({{u"id"_s, QString::fromLatin1(kOrganization)},
                                        {u"name"_s, u"Test Desk"_s},
                                        {u"created_at"_s, u"2026-01-02T10:00:00Z"_s}}));
    }
    if (request.path == path("/agents"_ba)) {
        QJsonArray list;
        for (const auto& [id, name] : m_agents) {
            list.append(QJsonObject{{u"id"_s, id},
                                    {u"name"_s, name},
                                    {u"status"_s, u"active"_s},
                                    {u"summarize_calls"_s, true},
                                    {u"created_at"_s, u"2026-01-05T10:00:00Z"_s}});
        }
        return Reply::json(QJsonDocument(list).toJson(QJsonDocument::Compact));
    }
    return call(request);
}

Reply VatelServer::calls(const Request& request) {
    const auto page = numberAsked(request, "page"_ba, 1);
    const auto size = numberAsked(request, "page_size"_ba, kDefaultPageSize);
    if (!page || *page < 1) {
        return vatelError(400, "invalid page"_ba);
    }
    if (!size || *size < 1 || *size > kLargestPageSize) {
        return vatelError(400, "page_size must be between 1 and 100"_ba);
    }
    if (!isWordOf(kStatuses, request.queryItem("status"_ba))) {
        return vatelError(400, "invalid status filter"_ba);
    }
    if (!isWordOf(kSources, request.queryItem("source"_ba))) {
        return vatelError(400, "invalid source filter"_ba);
    }
    return pageOfCalls(request, {*page, *size}, [](const PageAnswer& given) -> QByteArray {
        return "{\"calls\":["_ba + given.rows.join(',') +
               "],\"pagination\":{\"page\":" + QByteArray::number(given.page) +
               ",\"page_size\":" + QByteArray::number(given.size) + ",\"total\":" + given.total +
               ",\"total_pages\":" + QByteArray::number(pagesIn(given)) +
               ",\"has_next\":" + (given.hasNext ? "true" : "false") +
               ",\"has_prev\":" + (given.page > 1 ? "true" : "false") + "}}";
    });
}

Reply VatelServer::call(const Request& request) {
    const QString id = idIn(request.path);
    const QByteArray behind = behindIdIn(request.path);
    const QJsonObject* found = find(id);
    if (found == nullptr || (!behind.isEmpty() && behind != "/recording"_ba)) {
        return vatelError(404, "not found"_ba);
    }
    if (behind.isEmpty()) {
        return Reply::json(compactJson(*found));
    }
    const Recording* kept = recording(id);
    if (kept == nullptr) {
        return vatelError(404, "recording not found"_ba);
    }
    return Reply::bytes(kept->bytes, "audio/wav"_ba)
        .with("Content-Disposition"_ba, "attachment; filename=\"" + id.toLatin1() + ".wav\"");
}

}  // namespace earmark::test
