#include "tests/support/atomsserver.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

constexpr int kDefaultLimit = 5;
constexpr int kLargestLimit = 500;
constexpr int kMostIdsInSearch = 100;
constexpr int kDefaultAgents = 10;
constexpr int kDefaultCampaigns = 5;
constexpr qint64 kFirstIdMs = 1'776'523'022'419;  // 2026-04-18T14:37:02.419Z
constexpr auto kAgent = "66d0a1000000000000000a01";
constexpr auto kAgentName = "Renewal desk";
constexpr auto kPresigned = "/presigned/";
constexpr auto kPublic = "/call-recordings/";

/// What the detail has from its row; all else of a row is missing there.
constexpr const char* kInDetailToo[] = {"_id",
                                        "callId",
                                        "status",
                                        "duration",
                                        "recordingUrl",
                                        "recordingDualUrl",
                                        "from",
                                        "to",
                                        "type",
                                        "callFailureReason",
                                        "retryCallId",
                                        "callCost",
                                        "postCallAnalytics",
                                        "turnLatencyMetrics"};
/// What the answer of the batch search leaves out of a row.
constexpr const char* kNotInSearch[] = {"dispositionMetrics", "agentDispositionConfig", "versionNumber"};

QString iso(qint64 ms) {
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs);
}

qint64 msOf(const QString& id) {
    const qint64 ms = id.section(u'-', 1, 1).toLongLong();
    return ms > 0 ? ms : kFirstIdMs;
}

QJsonObject analytics() {
    const QJsonObject metric{{u"identifier"_s, u"wants_callback"_s},
                             {u"value"_s, u"yes"_s},
                             {u"confidence"_s, 0.92},
                             {u"reasoning"_s, u"Asked to be called on Monday."_s}};
    return {{u"summary"_s, u"The customer asked about the yearly plan and wants a call on Monday."_s},
            {u"dispositionMetrics"_s, QJsonArray{metric}}};
}

QJsonObject latencies() {
    const QJsonObject transition{{u"turn"_s, 1}, {u"user_end"_s, 5100}, {u"bot_start"_s, 5820}, {u"latency"_s, 720}};
    return {{u"avgLatency"_s, 760},
            {u"medianLatency"_s, 720},
            {u"minLatency"_s, 610},
            {u"maxLatency"_s, 950},
            {u"turns"_s, 3},
            {u"latencies"_s, QJsonArray{610, 720, 950}},
            {u"transitions"_s, QJsonArray{transition}}};
}

QJsonArray transcript(qint64 ms) {
    const auto turn = [ms](const QString& role, const QString& content, qint64 after) {
        return QJsonObject{{u"role"_s, role}, {u"content"_s, content}, {u"timestamp"_s, iso(ms + after)}};
    };
    return {turn(u"agent"_s, u"Hello, this is the renewal desk."_s, 9'000),
            turn(u"user"_s, u"What does the yearly plan cost?"_s, 12'400),
            turn(u"agent"_s, u"I can call you on Monday with the figures."_s, 16'000)};
}

Reply success(const QJsonObject& data) {
    return Reply::json(compactJson({{u"status"_s, true}, {u"data"_s, data}}));
}

}  // namespace

QString atomsId(int number) {
    return u"CALL-%1-%2"_s.arg(kFirstIdMs + qint64(number) * 20'000).arg(number, 6, 16, QLatin1Char('0'));
}

QJsonObject atomsCall(const QString& id, const QJsonObject& changes) {
    const QJsonObject metricKind{{u"identifier"_s, u"wants_callback"_s}, {u"type"_s, u"BOOLEAN"_s}};
    const QJsonObject call{
        {u"_id"_s, QString(u"66d0c2"_s + id.right(6).rightJustified(18, u'0'))},
        {u"callId"_s, id},
        {u"status"_s, u"completed"_s},
        {u"duration"_s, 183.25},
        {u"from"_s, u"+15550100001"_s},
        {u"to"_s, u"+15550100123"_s},
        {u"type"_s, u"telephony_outbound"_s},
        {u"agentId"_s, QString::fromLatin1(kAgent)},
        {u"disconnectionReason"_s, u"user_hangup"_s},
        {u"retryCount"_s, 0},
        {u"createdAt"_s, iso(msOf(id))},
        {u"dispositionMetrics"_s, QJsonObject{{u"wants_callback"_s, u"yes"_s}}},
        {u"agentDispositionConfig"_s, QJsonArray{metricKind}},
        {u"callFailureReason"_s, QJsonValue()},
        {u"callCost"_s, 0.37},
        {u"versionId"_s, u"66d0a1000000000000000b02"_s},
        {u"versionNumber"_s, 2},
        {u"isTest"_s, false},
        {u"retryCallId"_s, QJsonValue()},
        {u"retryAttemptNumber"_s, 0},
        {u"postCallAnalytics"_s, analytics()},
        {u"turnLatencyMetrics"_s, latencies()},
    };
    return changed(call, changes);
}

QJsonObject atomsDetail(const QString& id, const QJsonObject& changes) {
    const QJsonObject row = atomsCall(id);
    QJsonObject detail;
    for (const char* name : kInDetailToo) {
        if (row.contains(QLatin1String(name))) {
            detail[QLatin1String(name)] = row[QLatin1String(name)];
        }
    }
    const qint64 ms = msOf(id);
    detail[u"agent"_s] = QJsonObject{{u"_id"_s, QString::fromLatin1(kAgent)},
                                     {u"name"_s, QString::fromLatin1(kAgentName)},
                                     {u"workflowType"_s, u"single_prompt"_s}};
    detail[u"transcript"_s] = transcript(ms);
    detail[u"variables"_s] = QJsonObject{{u"call_id"_s, id}, {u"customer_name"_s, u"Vera Lindqvist"_s}};
    detail[u"events"_s] = QJsonArray{QJsonObject{{u"type"_s, u"call_started"_s}, {u"timestamp"_s, iso(ms + 8'600)}}};
    detail[u"voiceConfigUsed"_s] = QJsonObject{{u"model"_s, u"voice_model_a"_s}, {u"voiceId"_s, u"voice_b"_s}};
    detail[u"slmModelUsed"_s] = u"model_c"_s;
    return changed(detail, changes);
}

Reply atomsError(int status, const QByteArray& text) {
    const QJsonArray errors{QString::fromUtf8(text)};
    return Reply::json(compactJson({{u"status"_s, false}, {u"errors"_s, errors}}), status)
        .with("x-request-id"_ba, "request-1"_ba);
}

Reply atomsTooMany(int seconds, bool withHeader) {
    const Reply reply = Reply::json(compactJson({{u"status"_s, false},
                                                 {u"error"_s, u"Rate limit exceeded"_s},
                                                 {u"code"_s, u"RATE_LIMIT_EXCEEDED"_s},
                                                 {u"retry_after"_s, seconds}}),
                                    429);
    return withHeader ? reply.with("Retry-After"_ba, QByteArray::number(seconds)) : reply;
}

AtomsServer::AtomsServer(const QByteArray& key)
    : CallListServer(Provider::Atoms, key, "/conversation"_ba, u"callId"_s),
      m_agents{{QString::fromLatin1(kAgent), QString::fromLatin1(kAgentName)}} {}

AtomsServer::~AtomsServer() {
    stop();
}

void AtomsServer::touch(const QString& id) {
    QJsonObject call;
    {
        const std::scoped_lock lock(dataMutex());
        const QJsonObject* found = find(id);
        Q_ASSERT(found != nullptr);
        call = *found;
    }
    removeCall(id);
    addCallAtTop(call);
}

void AtomsServer::changeDetail(const QString& id, const QJsonObject& changes) {
    const std::scoped_lock lock(dataMutex());
    m_detailChanges[id] = changed(m_detailChanges[id], changes);
}

void AtomsServer::addAgent(const QString& id, const QString& name) {
    const std::scoped_lock lock(dataMutex());
    m_agents.push_back({id, name});
}

void AtomsServer::addCampaign(const QString& id, const QString& name) {
    const std::scoped_lock lock(dataMutex());
    m_campaigns.push_back({id, name});
}

void AtomsServer::putIntoCampaign(const QString& callId, const QString& campaignId) {
    const std::scoped_lock lock(dataMutex());
    m_campaignOf[callId] = campaignId;
    touched();
}

void AtomsServer::expireLinks() {
    const std::scoped_lock lock(dataMutex());
    ++m_linkGeneration;
}

QByteArray AtomsServer::downloadPath(const QString& id) const {
    return callPath(id) + "/recording/download-url";
}

QByteArray AtomsServer::presignedPath(const QString& id) {
    return kPresigned + QUrl::toPercentEncoding(id) + ".wav";
}

std::vector<CallListServer::QueryFilter> AtomsServer::filters() const {
    const auto oneOf = [](const QString& member) {
        return
            [member](const QJsonObject& call, const QString& asked) { return isAmong(call[member].toString(), asked); };
    };
    return {{"agentIds", oneOf(u"agentId"_s)},
            {"callTypes", oneOf(u"type"_s)},
            {"statusFilter", oneOf(u"status"_s)},
            {"disconnectReasonFilter", oneOf(u"disconnectionReason"_s)},
            {"campaignIds",
             [this](const QJsonObject& call, const QString& asked) {
                 const auto found = m_campaignOf.find(call[u"callId"_s].toString());
                 return found != m_campaignOf.end() && isAmong(found->second, asked);
             }},
            {"search",
             [](const QJsonObject& call, const QString& asked) {
                 return call[u"from"_s].toString().contains(asked) || call[u"to"_s].toString().contains(asked) ||
                        call[u"callId"_s].toString().contains(asked);
             }},
            {"dateFrom", [](const QJsonObject& call,
                            const QString& asked) { return isAtOrAfter(call[u"createdAt"_s].toString(), asked); }},
            {"dateTo", [](const QJsonObject& call, const QString& asked) {
                 return isAtOrAfter(asked, call[u"createdAt"_s].toString());
             }}};
}

QJsonObject AtomsServer::recordingFields(const QString& id, bool has) const {
    const auto link = [&](const QString& file) {
        return has ? QJsonValue(otherOrigin(QString::fromLatin1(kPublic) + id + file).toString()) : QJsonValue();
    };
    return {{u"recordingUrl"_s, link(u"/composite.wav"_s)}, {u"recordingDualUrl"_s, link(u"/dual.wav"_s)}};
}

std::optional<Reply> AtomsServer::answerToAll(const Request& request) {
    const bool isPresigned = request.path.startsWith(kPresigned);
    if (!isPresigned && !request.path.startsWith(kPublic)) {
        return std::nullopt;
    }
    const auto refused = [](int status, const QByteArray& code) {
        Reply reply = Reply::bytes("<Error><Code>"_ba + code + "</Code></Error>", "application/xml"_ba);
        reply.status = status;
        return reply;
    };
    if (isPresigned && request.hasHeader("authorization"_ba)) {
        return refused(400, "InvalidArgument"_ba);  // a signed address takes no second proof
    }
    if (isPresigned && request.queryItem("X-Amz-Signature"_ba).toInt() != m_linkGeneration) {
        return refused(403, "AccessDenied"_ba);
    }
    const QByteArray name = request.path.split('/').value(2);
    const Recording* found = recording(
        QString::fromUtf8(QByteArray::fromPercentEncoding(isPresigned ? name.chopped(int(strlen(".wav"))) : name)));
    return found != nullptr ? Reply::bytes(found->bytes, "audio/wav"_ba) : refused(404, "NoSuchKey"_ba);
}

Reply AtomsServer::unauthorized(const Request&) const {
    return atomsError(401, "Unauthorized: User not found"_ba);
}

Reply AtomsServer::noSuchPage(int status) const {
    return atomsError(status, "No such page"_ba);
}

Reply AtomsServer::answerWithKey(const Request& request) {
    if (request.path == searchPath()) {
        return request.method == "POST"_ba ? search(request.body) : atomsError(405, "Method not allowed"_ba);
    }
    if (!request.method.isEmpty() && request.method != "GET"_ba) {
        return atomsError(405, "Method not allowed"_ba);
    }
    if (request.path == listPath()) {
        return conversations(request);
    }
    if (request.path == path("/agent"_ba)) {
        return agents(request);
    }
    if (request.path == path("/campaign"_ba)) {
        return campaigns(request);
    }
    if (request.path == path("/user"_ba)) {
        return success({{u"_id"_s, u"66d0a1000000000000000c03"_s},
                        {u"firstName"_s, u"Test"_s},
                        {u"lastName"_s, u"Desk"_s},
                        {u"userEmail"_s, u"desk@example.com"_s},
                        {u"organizationId"_s, u"66d0a1000000000000000d04"_s}});
    }
    return conversation(request);
}

Reply AtomsServer::conversations(const Request& request) {
    const auto page = numberAsked(request, "page"_ba, 1);
    const auto limit = numberAsked(request, "limit"_ba, kDefaultLimit);
    if (!page || !limit || *page < 1 || *limit < 1) {
        return atomsError(400, "page and limit must be positive numbers"_ba);
    }
    return pageOfCalls(request, {*page, std::min(*limit, kLargestLimit)}, [](const PageAnswer& given) -> QByteArray {
        return "{\"status\":true,\"data\":{\"logs\":["_ba + given.rows.join(',') +
               "],\"pagination\":{\"total\":" + given.total + ",\"page\":" + QByteArray::number(given.page) +
               ",\"limit\":" + QByteArray::number(given.size) + ",\"hasMore\":" + (given.hasNext ? "true" : "false") +
               ",\"totalPages\":" + QByteArray::number(pagesIn(given)) +
               "},\"dispositionMetricsConfig\":[{\"identifier\":\"wants_callback\",\"type\":\"BOOLEAN\"}]}}";
    });
}

Reply AtomsServer::search(const QByteArray& body) {
    const QJsonArray ids = QJsonDocument::fromJson(body).object()[u"callIds"_s].toArray();
    if (ids.isEmpty() || ids.size() > kMostIdsInSearch) {
        return atomsError(400, "callIds must hold 1 to 100 ids"_ba);
    }
    QJsonArray logs;
    for (const auto& id : ids) {
        if (const QJsonObject* row = find(id.toString())) {
            QJsonObject log = *row;
            for (const char* name : kNotInSearch) {
                log.remove(QLatin1String(name));
            }
            logs.append(log);
        }
    }
    return success({{u"logs"_s, logs}, {u"total"_s, logs.size()}, {u"requestedCount"_s, ids.size()}});
}

QJsonObject AtomsServer::detailOf(const QString& id, const QJsonObject& row) const {
    QJsonObject detail = atomsDetail(id);
    for (const char* name : kInDetailToo) {
        const QLatin1String member(name);
        row.contains(member) ? void(detail[member] = row[member]) : detail.remove(member);
    }
    const auto agent = std::find_if(m_agents.begin(), m_agents.end(),
                                    [&](const Named& one) { return one.id == row[u"agentId"_s].toString(); });
    if (agent != m_agents.end()) {
        detail[u"agent"_s] = changed(detail[u"agent"_s].toObject(), {{u"_id"_s, agent->id}, {u"name"_s, agent->name}});
    }
    const auto changes = m_detailChanges.find(id);
    return changes == m_detailChanges.end() ? detail : changed(detail, changes->second);
}

Reply AtomsServer::conversation(const Request& request) {
    const QString id = idIn(request.path);
    const QByteArray behind = behindIdIn(request.path);
    if (id.isEmpty() || (!behind.isEmpty() && behind != "/recording/download-url"_ba)) {
        return atomsError(404, "Not found"_ba);
    }
    if (!id.startsWith(u"CALL-")) {
        return atomsError(400, "Invalid call ID format"_ba);
    }
    const QJsonObject* row = find(id);
    if (row == nullptr) {
        return atomsError(404, "Conversation not found"_ba);
    }
    return behind.isEmpty() ? success(detailOf(id, *row)) : downloadUrl(id);
}

Reply AtomsServer::downloadUrl(const QString& id) const {
    if (recording(id) == nullptr) {
        return atomsError(404, "Recording not found"_ba);
    }
    const QString query = u"?X-Amz-Expires=300&X-Amz-Signature=%1"_s.arg(m_linkGeneration);
    return success({{u"presignedUrl"_s, otherOrigin(QString::fromLatin1(presignedPath(id)) + query).toString()}});
}

Reply AtomsServer::agents(const Request& request) const {
    const int page = std::max(numberAsked(request, "page"_ba, 1).value_or(1), 1);
    const int size = std::max(numberAsked(request, "offset"_ba, kDefaultAgents).value_or(kDefaultAgents), 1);
    QJsonArray list;
    for (int i = (page - 1) * size; i < std::min(page * size, int(m_agents.size())); ++i) {
        const Named& agent = m_agents[size_t(i)];
        list.append(QJsonObject{{u"_id"_s, agent.id},
                                {u"name"_s, agent.name},
                                {u"description"_s, QString()},
                                {u"workflowType"_s, u"single_prompt"_s},
                                {u"archived"_s, false}});
    }
    return success({{u"agents"_s, list}, {u"total"_s, int(m_agents.size())}});
}

Reply AtomsServer::campaigns(const Request& request) const {
    const int page = std::max(numberAsked(request, "page"_ba, 1).value_or(1), 1);
    const int size = std::max(numberAsked(request, "offset"_ba, kDefaultCampaigns).value_or(kDefaultCampaigns), 1);
    const int total = int(m_campaigns.size());
    QJsonArray list;
    for (int i = (page - 1) * size; i < std::min(page * size, total); ++i) {
        const Named& campaign = m_campaigns[size_t(i)];
        list.append(QJsonObject{
            {u"_id"_s, campaign.id}, {u"name"_s, campaign.name}, {u"status"_s, u"running"_s}, {u"maxRetries"_s, 2}});
    }
    const QJsonObject pagination{{u"total"_s, total},
                                 {u"page"_s, page},
                                 {u"offset"_s, size},
                                 {u"hasMore"_s, page * size < total},
                                 {u"totalPages"_s, std::max((total + size - 1) / size, 1)}};
    return success({{u"campaigns"_s, list}, {u"pagination"_s, pagination}, {u"totalCampaignCount"_s, total}});
}

}  // namespace earmark::test
