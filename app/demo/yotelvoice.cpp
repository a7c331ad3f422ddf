#include "app/demo/yotelvoice.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDefaultPageSize = 25;
constexpr int kLargestPageSize = 200;
constexpr int kRateLimit = 600;

DemoAnswer detail(int status, const QString& text) {
    return {status, demoJson(QJsonObject{{u"detail"_s, text}})};
}

DemoAnswer notFound(const QString& what) {
    return detail(404, what + u" not found"_s);
}

DemoAnswer unprocessable(const QString& parameter, const QString& message) {
    const QJsonObject problem{
        {u"loc"_s, QJsonArray{u"query"_s, parameter}}, {u"msg"_s, message}, {u"type"_s, u"value_error"_s}};
    return {422, demoJson(QJsonObject{{u"detail"_s, QJsonArray{problem}}})};
}

/// 401 for what is not a demo key, else nothing.
std::optional<DemoAnswer> refusal(const QByteArray& authorization) {
    if (!authorization.startsWith("Bearer ")) {
        return detail(401, u"Not authenticated"_s);
    }
    if (authorization.startsWith("Bearer yt_test_")) {
        return std::nullopt;
    }
    return detail(401, authorization.startsWith("Bearer yt_live_") ? u"Invalid API key"_s
                                                                   : u"API key must start with yt_live_ or yt_test_"_s);
}

QString idOf(const DemoCampaign& campaign) {
    return campaign.object.value(u"id"_s).toString();
}

QJsonValue timeText(const std::optional<Moment>& time) {
    return time ? QJsonValue(toIsoText(*time)) : QJsonValue();
}

QJsonValue seconds(const std::optional<int>& number) {
    return number ? QJsonValue(*number) : QJsonValue();
}

}  // namespace

DemoAnswer YotelVoice::answer(const DemoRequest& request, Moment now) const {
    static const QRegularExpression pageRoute(u"^/campaigns/([^/]+)/calls$"_s);
    static const QRegularExpression callRoute(u"^/calls/([^/]+)$"_s);
    const auto asPage = pageRoute.match(request.route);
    const auto asCall = callRoute.match(request.route);
    const bool isList = request.route == u"/campaigns";
    if (!isList && !asPage.hasMatch() && !asCall.hasMatch()) {
        return detail(404, u"Not Found"_s);
    }
    if (const auto refused = refusal(request.authorization)) {
        return *refused;
    }
    const auto id = [](const QRegularExpressionMatch& match) {
        return QUrl::fromPercentEncoding(match.captured(1).toUtf8());
    };
    DemoAnswer answer = isList              ? campaigns()
                        : asPage.hasMatch() ? page(id(asPage), request, now)
                                            : call(id(asCall), now);
    answer.headers = {{"X-RateLimit-Limit"_ba, QByteArray::number(kRateLimit)},
                      {"X-RateLimit-Remaining"_ba, QByteArray::number(kRateLimit - 1)}};
    return answer;
}

DemoAnswer YotelVoice::campaigns() const {
    QJsonArray list;
    for (const DemoCampaign& one : m_truth.campaigns()) {
        QJsonObject campaign = one.object;
        campaign.insert(u"created_at"_s, u"2026-01-05T08:00:00.000Z"_s);
        campaign.insert(u"updated_at"_s, toIsoText(m_truth.start() - std::chrono::hours(24)));
        campaign.insert(u"post_answer_action"_s, u"connect_agent"_s);
        campaign.insert(u"voice_agent_id"_s, QJsonValue::Null);
        list.append(campaign);
    }
    return {200, demoJson(list)};
}

DemoAnswer YotelVoice::page(const QString& campaignId, const DemoRequest& request, Moment now) const {
    const auto& known = m_truth.campaigns();
    if (std::none_of(known.begin(), known.end(), [&](const DemoCampaign& one) { return idOf(one) == campaignId; })) {
        return notFound(u"Campaign"_s);
    }
    const auto page = demoNumber(request.item(u"page"_s), 1, 1, 1'000'000);
    const auto size = demoNumber(request.item(u"page_size"_s), kDefaultPageSize, 1, kLargestPageSize);
    if (!page || !size) {
        return page ? unprocessable(u"page_size"_s, u"ensure this value is between 1 and 200"_s)
                    : unprocessable(u"page"_s, u"ensure this value is greater than or equal to 1"_s);
    }
    const QString status = request.item(u"status"_s);
    const QString disposition = request.item(u"disposition"_s);
    QJsonArray items;
    qint64 total = 0;
    const qint64 first = qint64(*page - 1) * *size;
    for (const DemoCall& call : calls(now)) {
        if (idOf(*call.campaign) != campaignId || (!status.isEmpty() && call.stage != status) ||
            (!disposition.isEmpty() && call.disposition != disposition)) {
            continue;
        }
        if (total >= first && total < first + *size) {
            items.append(callObject(call, now));
        }
        ++total;
    }
    return {200, demoJson(QJsonObject{
                     {u"items"_s, items}, {u"total"_s, total}, {u"page"_s, *page}, {u"page_size"_s, *size}})};
}

DemoAnswer YotelVoice::call(const QString& id, Moment now) const {
    for (const DemoCall& call : calls(now)) {
        if (call.id == id) {
            return {200, demoJson(callObject(call, now))};
        }
    }
    return notFound(u"Call"_s);
}

QJsonObject YotelVoice::callObject(const DemoCall& call, Moment now) const {
    return {
        {u"id"_s, call.id},
        {u"campaign_id"_s, idOf(*call.campaign)},
        {u"lead_id"_s, orNull(call.lead)},
        {u"agent_id"_s, orNull(demoLogin(call.agent))},
        {u"fs_uuid"_s, demoUuid(call.id)},
        {u"direction"_s, call.direction},
        {u"status"_s, call.stage},
        {u"dial_time"_s, timeText(call.dial)},
        {u"ring_time"_s, timeText(call.ring)},
        {u"answer_time"_s, timeText(call.answer)},
        {u"agent_connect_time"_s, timeText(call.connect)},
        {u"end_time"_s, timeText(call.end)},
        {u"ring_duration_s"_s, seconds(call.ringSeconds)},
        {u"talk_duration_s"_s, seconds(call.talkSeconds)},
        {u"total_duration_s"_s, seconds(call.totalSeconds)},
        {u"hangup_cause"_s, orNull(call.cause)},
        {u"has_recording"_s, call.hasRecording},
        {u"recording_url"_s, call.recordingReady ? QJsonValue(recordingLink(call.dialogue->file, now)) : QJsonValue()},
        {u"disposition"_s, orNull(call.disposition)},
        {u"notes"_s, orNull(call.notes)},
        {u"ai_summary"_s, orNull(call.summary)},
        {u"ai_sentiment"_s, orNull(call.sentiment)},
        {u"ai_next_action"_s, orNull(call.nextAction)}};
}

QString YotelVoice::recordingLink(const QString& file, Moment now) const {
    const qint64 issued = DemoLinks::issued(now);
    return m_links.origin() + u"/recordings/"_s + file + u"?X-Goog-Date="_s + QString::number(issued) +
           u"&X-Goog-Expires="_s + QString::number(DemoLinks::lifeSeconds()) + u"&X-Goog-Signature="_s +
           QString::fromLatin1(m_links.signature(file, issued));
}

std::optional<DemoAnswer> YotelVoice::recording(const DemoRequest& request, Moment now) const {
    static const QRegularExpression route(u"^/recordings/([a-z0-9-]+\\.[a-z0-9]+)$"_s);
    if (!request.route.startsWith(u"/recordings/")) {
        return std::nullopt;
    }
    const QString file = route.match(request.route).captured(1);
    const bool opens = !file.isEmpty() && m_links.opens(file, request.item(u"X-Goog-Date"_s).toLongLong(),
                                                        request.item(u"X-Goog-Signature"_s).toLatin1(), now);
    return opens ? demoRecording(file) : demoStorageError(403, "ExpiredToken"_ba);
}

}  // namespace earmark
