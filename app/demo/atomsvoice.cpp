#include "app/demo/atomsvoice.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDefaultLimit = 5;
constexpr int kLargestLimit = 500;
constexpr int kMostIdsInSearch = 100;
constexpr double kCostPerSecond = 0.0017;

DemoAnswer error(int status, const QString& text) {
    return {status, demoJson(QJsonObject{{u"status"_s, false}, {u"errors"_s, QJsonArray{text}}})};
}

DemoAnswer success(const QJsonObject& data) {
    return {200, demoJson(QJsonObject{{u"status"_s, true}, {u"data"_s, data}})};
}

QString idOf(const DemoCall& call) {
    return u"CALL-%1-%2"_s.arg(toMs(*call.dial), 13, 10, QLatin1Char('0')).arg(demoHex(call.id, 6));
}

QString agentId(const QString& name) {
    return demoHex(u"atoms agent "_s + name, 24);
}

QString campaignId(const DemoCampaign& campaign) {
    return demoHex(u"atoms campaign "_s + campaign.name, 24);
}

/// The truth's words and Atoms'; what is not here is an Atoms word already.
struct Words {
    const char* truth;
    const char* atoms;
};
constexpr Words kStages[] = {{"queued", "in_queue"}, {"dialing", "in_queue"},       {"ringing", "processing"},
                             {"answered", "active"}, {"agent_connected", "active"}, {"completed", "completed"},
                             {"failed", "failed"}};
constexpr Words kFailures[] = {{"NO_ANSWER", "no_answer"}, {"USER_BUSY", "busy"}, {"ORIGINATOR_CANCEL", "cancelled"}};
constexpr Words kReasons[] = {
    {"NO_ANSWER", "dial_no_answer"}, {"BLIND_TRANSFER", "transfer_complete"}, {"MEDIA_TIMEOUT", "connection_error"}};

template <size_t N>
QString said(const Words (&words)[N], const QString& truth, const QString& fallback) {
    const auto found = std::find_if(std::begin(words), std::end(words),
                                    [&](const Words& one) { return truth == QLatin1String(one.truth); });
    return found == std::end(words) ? fallback : QString::fromLatin1(found->atoms);
}

QString status(const DemoCall& call) {
    return call.stage == u"failed" ? said(kFailures, call.cause, u"failed"_s) : said(kStages, call.stage, call.stage);
}

QJsonValue disconnectionReason(const DemoCall& call) {
    if (!call.hasEnded()) {
        return {};
    }
    const QString hungUp = call.endedByCustomer() ? u"user_hangup"_s : u"agent_hangup"_s;
    return orNull(said(kReasons, call.cause, call.answer ? hungUp : QString()));
}

/// Metrics are text at Atoms.
QString metricValue(const DemoFinding& finding) {
    return finding.value.isBool() ? (finding.value.toBool() ? u"yes"_s : u"no"_s)
                                  : finding.value.toVariant().toString();
}

QJsonValue analytics(const DemoCall& call) {
    if (!call.wordsReady || !call.answer) {
        return {};
    }
    QJsonArray metrics;
    for (const DemoFinding& finding : call.dialogue ? call.dialogue->findings : std::vector<DemoFinding>()) {
        metrics.append(QJsonObject{{u"identifier"_s, finding.name},
                                   {u"value"_s, metricValue(finding)},
                                   {u"confidence"_s, finding.confidence},
                                   {u"reasoning"_s, finding.reason}});
    }
    return QJsonObject{{u"summary"_s, orNull(call.summary)}, {u"dispositionMetrics"_s, metrics}};
}

/// How long the agent was silent after each turn of the customer, in ms.
QJsonValue latencies(const DemoCall& call) {
    QJsonArray all;
    QJsonArray transitions;
    std::vector<int> sorted;
    if (call.dialogue && call.wordsReady) {
        const auto& turns = call.dialogue->turns;
        for (size_t i = 1; i < turns.size(); ++i) {
            const double userEnd = turns[i - 1].start + turns[i - 1].seconds;
            const int latency = int(std::lround((turns[i].start - userEnd) * 1000));
            if (turns[i].isAgent && !turns[i - 1].isAgent && latency > 0) {
                all.append(latency);
                sorted.push_back(latency);
                transitions.append(QJsonObject{{u"turn"_s, int(i)},
                                               {u"user_end"_s, qint64(std::lround(userEnd * 1000))},
                                               {u"bot_start"_s, qint64(std::lround(turns[i].start * 1000))},
                                               {u"latency"_s, latency}});
            }
        }
    }
    if (sorted.empty()) {
        return {};
    }
    std::sort(sorted.begin(), sorted.end());
    qint64 sum = 0;
    for (const int one : sorted) {
        sum += one;
    }
    return QJsonObject{{u"avgLatency"_s, sum / qint64(sorted.size())},
                       {u"medianLatency"_s, sorted[sorted.size() / 2]},
                       {u"minLatency"_s, sorted.front()},
                       {u"maxLatency"_s, sorted.back()},
                       {u"turns"_s, qint64(call.dialogue->turns.size())},
                       {u"latencies"_s, all},
                       {u"transitions"_s, transitions},
                       {u"processedAt"_s, toIsoText(call.changed)}};
}

bool isAmong(const QString& text, const QString& asked) {
    return asked.isEmpty() || asked.split(u',').contains(text);
}

/// The members that rows and details have in common.
QJsonObject shared(const DemoCall& call, const DemoLinks& links) {
    const double duration = call.answer && call.end ? secondsBetween(*call.answer, *call.end) : 0;
    const auto link = [&](const QString& file) {
        return call.recordingReady ? QJsonValue(links.origin() + u"/call-recordings/"_s + idOf(call) + file)
                                   : QJsonValue();
    };
    QJsonObject object{{u"_id"_s, demoHex(u"atoms call "_s + call.id, 24)},
                       {u"callId"_s, idOf(call)},
                       {u"status"_s, status(call)},
                       {u"duration"_s, duration},
                       {u"type"_s, call.isWeb ? u"webcall"_s : u"telephony_"_s + call.direction},
                       {u"recordingUrl"_s, link(u"/composite.wav"_s)},
                       {u"recordingDualUrl"_s, link(u"/dual.wav"_s)},
                       {u"callFailureReason"_s,
                        call.stage == u"failed" && status(call) == u"failed" ? orNull(call.cause) : QJsonValue()},
                       {u"callCost"_s, std::round(duration * kCostPerSecond * 10000) / 10000},
                       {u"retryCallId"_s, QJsonValue()}};
    if (!call.isWeb) {
        const bool in = call.direction == u"inbound";
        object.insert(u"from"_s, in ? call.customerNumber : call.campaign->ownNumber);
        object.insert(u"to"_s, in ? call.campaign->ownNumber : call.customerNumber);
    }
    if (const QJsonValue words = analytics(call); words.isObject()) {
        object.insert(u"postCallAnalytics"_s, words);
    }
    if (const QJsonValue metrics = latencies(call); metrics.isObject()) {
        object.insert(u"turnLatencyMetrics"_s, metrics);
    }
    return object;
}

QJsonArray transcript(const DemoCall& call) {
    QJsonArray turns;
    if (!call.dialogue || !call.connect || !call.hasEnded()) {
        return turns;
    }
    for (const DemoTurn& turn : call.dialogue->turns) {
        const Moment at = *call.connect + std::chrono::milliseconds(std::llround(turn.start * 1000));
        turns.append(QJsonObject{{u"role"_s, turn.isAgent ? u"agent"_s : u"user"_s},
                                 {u"content"_s, turn.text},
                                 {u"timestamp"_s, toIsoText(at)}});
    }
    return turns;
}

}  // namespace

std::vector<DemoCall> AtomsVoice::listed(Moment now) const {
    std::vector<DemoCall> all = calls(now);
    std::erase_if(all, [](const DemoCall& call) { return !call.dial; });
    std::stable_sort(all.begin(), all.end(),
                     [](const DemoCall& a, const DemoCall& b) { return a.changed > b.changed; });
    return all;
}

QJsonObject AtomsVoice::row(const DemoCall& call) const {
    QJsonObject object = shared(call, m_links);
    object.insert(u"agentId"_s, agentId(call.agent));
    object.insert(u"disconnectionReason"_s, disconnectionReason(call));
    object.insert(u"retryCount"_s, 0);
    object.insert(u"createdAt"_s, toIsoText(*call.dial));
    object.insert(u"versionId"_s, demoHex(u"atoms version"_s, 24));
    object.insert(u"versionNumber"_s, 4);
    object.insert(u"isTest"_s, call.isSimulation);
    object.insert(u"retryAttemptNumber"_s, 0);
    QJsonObject values;
    QJsonArray kinds;
    for (const auto& value : object.value(u"postCallAnalytics"_s).toObject().value(u"dispositionMetrics"_s).toArray()) {
        const QJsonObject metric = value.toObject();
        values.insert(metric.value(u"identifier"_s).toString(), metric.value(u"value"_s));
        kinds.append(QJsonObject{{u"identifier"_s, metric.value(u"identifier"_s)}, {u"type"_s, u"STRING"_s}});
    }
    if (!kinds.isEmpty()) {
        object.insert(u"dispositionMetrics"_s, values);
        object.insert(u"agentDispositionConfig"_s, kinds);
    }
    return object;
}

QJsonObject AtomsVoice::detail(const DemoCall& call) const {
    QJsonObject object = shared(call, m_links);
    object.insert(u"agent"_s, QJsonObject{{u"_id"_s, agentId(call.agent)},
                                          {u"name"_s, call.agent},
                                          {u"workflowType"_s, u"single_prompt"_s},
                                          {u"organization"_s, demoHex(u"atoms organization"_s, 24)}});
    QJsonArray turns = transcript(call);
    if (call.isOtherShape) {  // an older form: lines without a speaker
        for (qsizetype i = 0; i < turns.size(); ++i) {
            turns[i] = turns.at(i).toObject().value(u"content"_s);
        }
    }
    object.insert(u"transcript"_s, turns);
    QJsonObject variables{{u"call_id"_s, idOf(call)}};
    if (!call.customer.isEmpty()) {
        variables.insert(u"customer_name"_s, call.customer);
    }
    object.insert(u"variables"_s, variables);
    QJsonArray events;
    const std::pair<QString, std::optional<Moment>> happened[] = {
        {u"call_started"_s, call.dial}, {u"call_answered"_s, call.answer}, {u"call_ended"_s, call.end}};
    for (const auto& [type, time] : happened) {
        if (time) {
            events.append(QJsonObject{{u"type"_s, type}, {u"timestamp"_s, toIsoText(*time)}});
        }
    }
    object.insert(u"events"_s, events);
    object.insert(u"voiceConfigUsed"_s, QJsonObject{{u"model"_s, u"demo_voice_1"_s}, {u"voiceId"_s, u"voice_n"_s}});
    object.insert(u"slmModelUsed"_s, u"demo_model"_s);
    return object;
}

DemoAnswer AtomsVoice::answer(const DemoRequest& request, Moment now) const {
    if (!request.authorization.startsWith("Bearer sk_demo")) {
        return error(401, u"Unauthorized: User not found"_s);
    }
    if (request.route == u"/conversation/search" && request.method == "POST") {
        return search(request, now);
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return error(405, u"Method not allowed"_s);
    }
    if (request.route == u"/conversation") {
        return page(request, now);
    }
    if (request.route.startsWith(u"/conversation/")) {
        return conversation(request, now);
    }
    if (request.route == u"/agent") {
        return agents(request);
    }
    if (request.route == u"/campaign") {
        return campaigns(request);
    }
    if (request.route == u"/user") {
        return success({{u"_id"_s, demoHex(u"atoms user"_s, 24)},
                        {u"firstName"_s, u"Demo"_s},
                        {u"lastName"_s, u"Desk"_s},
                        {u"userEmail"_s, u"desk@example.com"_s},
                        {u"organizationId"_s, demoHex(u"atoms organization"_s, 24)}});
    }
    return error(404, u"Not found"_s);
}

DemoAnswer AtomsVoice::page(const DemoRequest& request, Moment now) const {
    const auto page = demoNumber(request.item(u"page"_s), 1, 1, 1'000'000);
    const auto asked = demoNumber(request.item(u"limit"_s), kDefaultLimit, 1, 1'000'000);
    if (!page || !asked) {
        return error(400, u"page and limit must be positive numbers"_s);
    }
    const int limit = std::min(*asked, kLargestLimit);
    const QString from = request.item(u"dateFrom"_s);
    const QString to = request.item(u"dateTo"_s);
    const QString search = request.item(u"search"_s);
    QJsonArray logs;
    int total = 0;
    for (const DemoCall& call : listed(now)) {
        const QJsonObject object = row(call);
        const QString created = object.value(u"createdAt"_s).toString();
        const auto text = [&object](const QString& name) { return object.value(name).toString(); };
        const bool found = search.isEmpty() || text(u"from"_s).contains(search) || text(u"to"_s).contains(search) ||
                           text(u"callId"_s).contains(search);
        if (!found || !isAmong(text(u"agentId"_s), request.item(u"agentIds"_s)) ||
            !isAmong(campaignId(*call.campaign), request.item(u"campaignIds"_s)) ||
            !isAmong(text(u"type"_s), request.item(u"callTypes"_s)) ||
            !isAmong(text(u"status"_s), request.item(u"statusFilter"_s)) || (!from.isEmpty() && created < from) ||
            (!to.isEmpty() && created > to)) {
            continue;
        }
        if (total >= (*page - 1) * limit && total < *page * limit) {
            logs.append(object);
        }
        ++total;
    }
    const QJsonObject pagination{{u"total"_s, total},
                                 {u"page"_s, *page},
                                 {u"limit"_s, limit},
                                 {u"hasMore"_s, *page * limit < total},
                                 {u"totalPages"_s, std::max((total + limit - 1) / limit, 1)}};
    return success({{u"logs"_s, logs}, {u"pagination"_s, pagination}, {u"dispositionMetricsConfig"_s, QJsonArray()}});
}

DemoAnswer AtomsVoice::search(const DemoRequest& request, Moment now) const {
    const QJsonArray ids = QJsonDocument::fromJson(request.body).object().value(u"callIds"_s).toArray();
    if (ids.isEmpty() || ids.size() > kMostIdsInSearch) {
        return error(400, u"callIds must hold 1 to 100 ids"_s);
    }
    QJsonArray logs;
    for (const DemoCall& call : listed(now)) {
        if (ids.contains(QJsonValue(idOf(call)))) {
            QJsonObject log = row(call);
            for (const auto& name : {u"dispositionMetrics"_s, u"agentDispositionConfig"_s, u"versionNumber"_s}) {
                log.remove(name);
            }
            logs.append(log);
        }
    }
    return success({{u"logs"_s, logs}, {u"total"_s, logs.size()}, {u"requestedCount"_s, ids.size()}});
}

DemoAnswer AtomsVoice::conversation(const DemoRequest& request, Moment now) const {
    const QString id = request.route.section(u'/', 2, 2);
    const QString behind = request.route.section(u'/', 3);
    if (!id.startsWith(u"CALL-")) {
        return error(400, u"Invalid call ID format"_s);
    }
    for (const DemoCall& call : listed(now)) {
        if (idOf(call) == id && behind.isEmpty()) {
            return success(detail(call));
        }
        if (idOf(call) == id && behind == u"recording/download-url") {
            return downloadUrl(call, now);
        }
    }
    return error(404, u"Conversation not found"_s);
}

DemoAnswer AtomsVoice::downloadUrl(const DemoCall& call, Moment now) const {
    if (!call.recordingReady) {
        return error(404, u"Recording not found"_s);
    }
    const qint64 issued = DemoLinks::issued(now);
    const QString link = m_links.origin() + u"/presigned/"_s + idOf(call) + u".wav?X-Amz-Date="_s +
                         QString::number(issued) + u"&X-Amz-Expires="_s + QString::number(DemoLinks::lifeSeconds()) +
                         u"&X-Amz-Signature="_s + QString::fromLatin1(m_links.signature(idOf(call), issued));
    return success({{u"presignedUrl"_s, link}});
}

std::optional<DemoAnswer> AtomsVoice::recording(const DemoRequest& request, Moment now) const {
    const QString folder = request.route.section(u'/', 1, 1);
    const bool isPresigned = folder == u"presigned";
    if (!isPresigned && folder != u"call-recordings") {
        return std::nullopt;
    }
    const QString name = request.route.section(u'/', 2, 2);
    const QString id = isPresigned ? name.section(u'.', 0, 0) : name;
    if (isPresigned && !m_links.opens(id, request.item(u"X-Amz-Date"_s).toLongLong(),
                                      request.item(u"X-Amz-Signature"_s).toLatin1(), now)) {
        return demoStorageError(403, "AccessDenied"_ba);
    }
    for (const DemoCall& call : listed(now)) {
        if (idOf(call) == id && call.recordingReady) {
            const bool mixed = request.route.endsWith(u"/composite.wav");
            const QByteArray wav =
                m_wavs.wav(call.dialogue->file, mixed ? DemoWavs::Channels::Mixed : DemoWavs::Channels::Apart);
            return wav.isEmpty() ? demoStorageError(404, "NoSuchKey"_ba) : DemoAnswer{200, wav, "audio/wav"_ba, {}};
        }
    }
    return demoStorageError(404, "NoSuchKey"_ba);
}

DemoAnswer AtomsVoice::agents(const DemoRequest& request) const {
    const int page = demoNumber(request.item(u"page"_s), 1, 1, 1'000'000).value_or(1);
    const int size = demoNumber(request.item(u"offset"_s), 10, 1, 1000).value_or(10);
    QJsonArray list;
    for (const QString& name : m_truth.agents().mid((page - 1) * size, size)) {
        list.append(QJsonObject{{u"_id"_s, agentId(name)},
                                {u"name"_s, name},
                                {u"description"_s, QString()},
                                {u"workflowType"_s, u"single_prompt"_s},
                                {u"archived"_s, false}});
    }
    return success({{u"agents"_s, list}, {u"total"_s, m_truth.agents().size()}});
}

DemoAnswer AtomsVoice::campaigns(const DemoRequest& request) const {
    const int page = demoNumber(request.item(u"page"_s), 1, 1, 1'000'000).value_or(1);
    const int size = demoNumber(request.item(u"offset"_s), 5, 1, 1000).value_or(5);
    const auto& all = m_truth.campaigns();
    const int total = int(all.size());
    QJsonArray list;
    for (int i = (page - 1) * size; i < std::min(page * size, total); ++i) {
        list.append(QJsonObject{{u"_id"_s, campaignId(all[size_t(i)])},
                                {u"name"_s, all[size_t(i)].name},
                                {u"status"_s, all[size_t(i)].object.value(u"status"_s)},
                                {u"maxRetries"_s, 2}});
    }
    const QJsonObject pagination{{u"total"_s, total},
                                 {u"page"_s, page},
                                 {u"offset"_s, size},
                                 {u"hasMore"_s, page * size < total},
                                 {u"totalPages"_s, std::max((total + size - 1) / size, 1)}};
    return success({{u"campaigns"_s, list}, {u"pagination"_s, pagination}, {u"totalCampaignCount"_s, total}});
}

}  // namespace earmark
