#include "app/demo/demoprovider.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QMessageAuthenticationCode>
#include <QUuid>
#include <algorithm>
#include <cmath>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDefaultPageSize = 25;
constexpr int kLargestPageSize = 200;
constexpr qint64 kLinkPeriodMs = 5 * 60 * 1000;  // a link is the same for so long, so that a re-read changes nothing
constexpr qint64 kLinkLifeMs = 2 * kLinkPeriodMs;
constexpr double kWordsAfterEnd = 8;  // the AI's words come a little after the call

QByteArray compact(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

DemoAnswer detail(int status, const QString& text) {
    return {status, compact({{u"detail"_s, text}})};
}

DemoAnswer unprocessable(const QString& parameter, const QString& message) {
    const QJsonObject problem{
        {u"loc"_s, QJsonArray{u"query"_s, parameter}}, {u"msg"_s, message}, {u"type"_s, u"value_error"_s}};
    return {422, compact({{u"detail"_s, QJsonArray{problem}}})};
}

/// nullopt = not a number in the range.
std::optional<int> numberIn(const QString& text, int fallback, int lowest, int highest) {
    if (text.isEmpty()) {
        return fallback;
    }
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    return isNumber && number >= lowest && number <= highest ? std::optional(number) : std::nullopt;
}

}  // namespace

Result<DemoProvider> DemoProvider::load(const QByteArray& callsJson, const QByteArray& dialoguesJson, Moment start,
                                        const QByteArray& secret) {
    const QJsonObject calls = QJsonDocument::fromJson(callsJson).object();
    const QJsonArray dialogues = QJsonDocument::fromJson(dialoguesJson).array();
    DemoProvider provider;
    provider.m_start = start;
    provider.m_secret = secret;
    for (const auto& value : calls.value(u"campaigns"_s).toArray()) {
        QJsonObject campaign = value.toObject();
        provider.m_campaignIds.insert(campaign.value(u"name"_s).toString(), campaign.value(u"id"_s).toString());
        campaign.insert(u"created_at"_s, u"2026-01-05T08:00:00.000Z"_s);
        campaign.insert(u"updated_at"_s, provider.timeText(-86400));
        campaign.insert(u"post_answer_action"_s, u"connect_agent"_s);
        campaign.insert(u"voice_agent_id"_s, QJsonValue::Null);
        provider.m_campaigns.push_back(campaign);
    }
    for (const auto& value : dialogues) {
        const QJsonObject dialogue = value.toObject();
        provider.m_spoken.insert(
            dialogue.value(u"id"_s).toString(),
            {dialogue.value(u"summary"_s).toString(), dialogue.value(u"sentiment"_s).toString(),
             dialogue.value(u"next_action"_s).toString(), dialogue.value(u"disposition"_s).toString(),
             dialogue.value(u"agent"_s).toString().toLower().replace(u' ', u'.'),
             dialogue.value(u"file"_s).toString().section(u'/', -1),
             dialogue.value(u"duration_ms"_s).toDouble() / 1000});
    }
    for (const auto& value : calls.value(u"calls"_s).toArray()) {
        const QJsonObject line = value.toObject();
        const bool known =
            !line.contains(u"dialogue"_s) || provider.m_spoken.contains(line.value(u"dialogue"_s).toString());
        if (known && provider.m_campaignIds.contains(line.value(u"campaign"_s).toString())) {
            provider.m_lines.push_back(line);
        }
    }
    if (provider.m_campaigns.empty() || provider.m_lines.empty()) {
        return failure(ErrorKind::Damaged, u"The demo calls are not in this program."_s);
    }
    std::stable_sort(provider.m_lines.begin(), provider.m_lines.end(), [](const QJsonObject& a, const QJsonObject& b) {
        return a.value(u"minutes_ago"_s).toDouble() < b.value(u"minutes_ago"_s).toDouble();
    });
    return provider;
}

QString DemoProvider::timeText(double secondsAfterStart) const {
    return toIsoText(m_start + std::chrono::milliseconds(std::llround(secondsAfterStart * 1000)));
}

DemoAnswer DemoProvider::campaigns() const {
    QJsonArray list;
    for (const QJsonObject& campaign : m_campaigns) {
        list.append(campaign);
    }
    return {200, QJsonDocument(list).toJson(QJsonDocument::Compact)};
}

DemoAnswer DemoProvider::page(const DemoPageQuestion& question, Moment now) const {
    const QString name = m_campaignIds.key(question.campaignId);
    if (name.isEmpty()) {
        return notFound(u"Campaign"_s);
    }
    const auto page = numberIn(question.page, 1, 1, 1'000'000);
    const auto size = numberIn(question.pageSize, kDefaultPageSize, 1, kLargestPageSize);
    if (!page || !size) {
        return page ? unprocessable(u"page_size"_s, u"ensure this value is between 1 and 200"_s)
                    : unprocessable(u"page"_s, u"ensure this value is greater than or equal to 1"_s);
    }
    QJsonArray items;
    qint64 total = 0;
    const qint64 first = qint64(*page - 1) * *size;
    for (const QJsonObject& line : m_lines) {
        if (line.value(u"campaign"_s).toString() != name) {
            continue;
        }
        const QJsonObject call = callObject(line, now);
        if ((!question.status.isEmpty() && call.value(u"status"_s).toString() != question.status) ||
            (!question.disposition.isEmpty() && call.value(u"disposition"_s).toString() != question.disposition)) {
            continue;
        }
        if (total >= first && total < first + *size) {
            items.append(call);
        }
        ++total;
    }
    return {200, compact({{u"items"_s, items}, {u"total"_s, total}, {u"page"_s, *page}, {u"page_size"_s, *size}})};
}

DemoAnswer DemoProvider::call(const QString& id, Moment now) const {
    for (const QJsonObject& line : m_lines) {
        if (line.value(u"id"_s).toString() == id) {
            return {200, compact(callObject(line, now))};
        }
    }
    return notFound(u"Call"_s);
}

DemoAnswer DemoProvider::notFound(const QString& what) {
    return detail(404, what + u" not found"_s);
}

std::optional<DemoAnswer> DemoProvider::refusal(const QByteArray& authorization) {
    if (!authorization.startsWith("Bearer ")) {
        return detail(401, u"Not authenticated"_s);
    }
    if (authorization.startsWith("Bearer yt_test_")) {
        return std::nullopt;
    }
    return detail(401, authorization.startsWith("Bearer yt_live_") ? u"Invalid API key"_s
                                                                   : u"API key must start with yt_live_ or yt_test_"_s);
}

QJsonObject DemoProvider::callObject(const QJsonObject& line, Moment now) const {
    const double elapsed = std::chrono::duration<double>(now - m_start).count();
    const QString id = line.value(u"id"_s).toString();
    const QString dialogue = line.value(u"dialogue"_s).toString();
    const QString agent = dialogue.isEmpty() ? line.value(u"agent"_s).toString() : m_spoken.value(dialogue).agent;
    const auto orNull = [](const QString& text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); };
    QJsonObject call{{u"id"_s, id},
                     {u"campaign_id"_s, m_campaignIds.value(line.value(u"campaign"_s).toString())},
                     {u"lead_id"_s, orNull(line.value(u"lead"_s).toString())},
                     {u"agent_id"_s, orNull(agent)},
                     {u"fs_uuid"_s, QUuid::createUuidV5(QUuid(), id).toString(QUuid::WithoutBraces)},
                     {u"direction"_s, line.value(u"direction"_s).toString(u"outbound"_s)},
                     {u"status"_s, line.value(u"status"_s).toString(u"completed"_s)},
                     {u"hangup_cause"_s, dialogue.isEmpty() ? orNull(line.value(u"cause"_s).toString())
                                                            : QJsonValue(u"NORMAL_CLEARING"_s)},
                     {u"has_recording"_s, false},
                     {u"notes"_s, orNull(line.value(u"notes"_s).toString())}};
    for (const auto& name : {u"dial_time"_s, u"ring_time"_s, u"answer_time"_s, u"agent_connect_time"_s, u"end_time"_s,
                             u"ring_duration_s"_s, u"talk_duration_s"_s, u"total_duration_s"_s, u"recording_url"_s,
                             u"disposition"_s, u"ai_summary"_s, u"ai_sentiment"_s, u"ai_next_action"_s}) {
        call.insert(name, QJsonValue::Null);
    }
    if (line.contains(u"live"_s)) {
        addLiveTimes(call, line, elapsed);
    } else {
        addTimes(call, line);
    }
    addWords(call, line, elapsed);
    const bool linkIssued = elapsed >= line.value(u"link_after_s"_s).toDouble(-1e9);
    if (!dialogue.isEmpty()) {
        call.insert(u"has_recording"_s, true);
        call.insert(u"recording_url"_s,
                    linkIssued ? QJsonValue(recordingLink(m_spoken.value(dialogue).file, now)) : QJsonValue());
    }
    addOddity(call, line.value(u"oddity"_s).toString());
    return call;
}

void DemoProvider::addTimes(QJsonObject& call, const QJsonObject& line) const {
    const double dial =
        -60 * line.value(u"minutes_ago"_s).toDouble() - std::fmod(line.value(u"minutes_ago"_s).toDouble() * 7.3, 41);
    const bool rang = line.contains(u"ring"_s);
    const double ring = dial + line.value(u"ring"_s).toDouble() + 0.218;
    call.insert(u"dial_time"_s, timeText(dial));
    if (rang) {
        call.insert(u"ring_time"_s, timeText(ring));
    }
    if (line.contains(u"unanswered"_s)) {
        const int total = line.value(u"unanswered"_s).toInt();
        call.insert(u"end_time"_s, timeText(dial + total));
        call.insert(u"total_duration_s"_s, total);
        return;
    }
    const double wait = line.value(u"wait"_s).toDouble();
    const double answer = ring + wait + 0.6;
    const double connect = answer + 1.4;
    const QString dialogue = line.value(u"dialogue"_s).toString();
    // The recording begins when the agent is connected.
    const double end =
        dialogue.isEmpty() ? answer + line.value(u"talk"_s).toDouble() : connect + m_spoken.value(dialogue).seconds;
    call.insert(u"answer_time"_s, timeText(answer));
    if (!call.value(u"agent_id"_s).isNull()) {
        call.insert(u"agent_connect_time"_s, timeText(connect));
    }
    call.insert(u"end_time"_s, timeText(end));
    call.insert(u"ring_duration_s"_s, int(wait));
    call.insert(u"talk_duration_s"_s, int(std::lround(end - answer)));
    call.insert(u"total_duration_s"_s, int(std::lround(end - dial)));
}

void DemoProvider::addLiveTimes(QJsonObject& call, const QJsonObject& line, double elapsed) const {
    QHash<QString, double> reached;
    QString status = u"queued"_s;
    for (const auto& value : line.value(u"live"_s).toArray()) {
        const double at = value.toArray().at(0).toDouble();
        if (at <= elapsed) {
            status = value.toArray().at(1).toString();
            reached.insert(status, at);
        }
    }
    call.insert(u"status"_s, status);
    const bool ended = reached.contains(u"completed"_s) || reached.contains(u"failed"_s);
    const double end = reached.value(u"completed"_s, reached.value(u"failed"_s));
    const double dial = reached.value(u"dialing"_s, reached.value(u"ringing"_s) - 3);
    if (reached.isEmpty()) {
        return;
    }
    call.insert(u"dial_time"_s, timeText(dial));
    const std::pair<QString, QString> times[] = {{u"ringing"_s, u"ring_time"_s},
                                                 {u"answered"_s, u"answer_time"_s},
                                                 {u"agent_connected"_s, u"agent_connect_time"_s}};
    for (const auto& [stage, name] : times) {
        if (reached.contains(stage)) {
            call.insert(name, timeText(reached.value(stage)));
        }
    }
    if (reached.contains(u"answered"_s)) {
        call.insert(u"ring_duration_s"_s, int(reached.value(u"answered"_s) - reached.value(u"ringing"_s)));
    }
    if (!ended) {
        call.insert(u"hangup_cause"_s, QJsonValue::Null);
        return;
    }
    call.insert(u"end_time"_s, timeText(end));
    call.insert(u"total_duration_s"_s, int(end - dial));
    if (reached.contains(u"answered"_s)) {
        call.insert(u"talk_duration_s"_s, int(end - reached.value(u"answered"_s)));
        call.insert(u"hangup_cause"_s, u"NORMAL_CLEARING"_s);
    }
}

void DemoProvider::addWords(QJsonObject& call, const QJsonObject& line, double elapsed) const {
    const QJsonArray stages = line.value(u"live"_s).toArray();
    const double end = stages.isEmpty() ? -1e9 : stages.last().toArray().at(0).toDouble();
    const double ready = std::max(end, line.value(u"link_after_s"_s).toDouble(-1e9)) + kWordsAfterEnd;
    if (elapsed < end) {
        return;
    }
    const Spoken spoken = m_spoken.value(line.value(u"dialogue"_s).toString());
    const auto put = [&](const QString& name, const QString& own, const QString& fromDialogue) {
        const QString text = own.isEmpty() ? fromDialogue : own;
        if (!text.isEmpty()) {
            call.insert(name, text);
        }
    };
    put(u"disposition"_s, line.value(u"disposition"_s).toString(), spoken.disposition);
    if (elapsed >= ready) {
        put(u"ai_summary"_s, line.value(u"summary"_s).toString(), spoken.summary);
        put(u"ai_sentiment"_s, line.value(u"sentiment"_s).toString(), spoken.sentiment);
        put(u"ai_next_action"_s, line.value(u"next_action"_s).toString(), spoken.nextAction);
    }
}

void DemoProvider::addOddity(QJsonObject& call, const QString& oddity) const {
    if (oddity == u"ended_before_answer"_s) {
        const double dial = -60 * 1585;
        call.insert(u"end_time"_s, timeText(dial + 5));
    } else if (oddity == u"talk_longer_than_call"_s) {
        call.insert(u"total_duration_s"_s, 61);
    } else if (oddity == u"no_end"_s) {
        for (const auto& name : {u"end_time"_s, u"talk_duration_s"_s, u"total_duration_s"_s}) {
            call.insert(name, QJsonValue::Null);
        }
    } else if (oddity == u"no_times"_s) {
        for (const auto& name : {u"dial_time"_s, u"ring_time"_s, u"answer_time"_s, u"agent_connect_time"_s,
                                 u"end_time"_s, u"ring_duration_s"_s, u"talk_duration_s"_s, u"total_duration_s"_s}) {
            call.insert(name, QJsonValue::Null);
        }
    }
}

QByteArray DemoProvider::signature(const QString& file, qint64 issued) const {
    return QMessageAuthenticationCode::hash(file.toUtf8() + '\n' + QByteArray::number(issued), m_secret,
                                            QCryptographicHash::Sha256)
        .toHex();
}

QString DemoProvider::recordingLink(const QString& file, Moment now) const {
    const qint64 issued = toMs(now) / kLinkPeriodMs * kLinkPeriodMs;
    return m_origin + u"/recordings/"_s + file + u"?X-Goog-Date="_s + QString::number(issued) + u"&X-Goog-Expires="_s +
           QString::number(kLinkLifeMs / 1000) + u"&X-Goog-Signature="_s + QString::fromLatin1(signature(file, issued));
}

bool DemoProvider::opensRecording(const QString& file, qint64 issued, const QByteArray& given, Moment now) const {
    return given == signature(file, issued) && toMs(now) < issued + kLinkLifeMs;
}

}  // namespace earmark
