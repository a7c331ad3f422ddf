#include "models/store/callrow.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <cstring>
#include <vector>

#include "models/domain/signedlink.h"
#include "models/store/contenthash.h"

using namespace Qt::StringLiterals;

namespace earmark::callrow {

namespace {

// These numbers are on disk. A new word goes to the end of its enum.
static_assert(int(Provider::Yotel) == 0 && int(Provider::Atoms) == 1 && int(Provider::Vatel) == 2 &&
              int(Provider::Autocalls) == 3);
static_assert(int(Direction::Unknown) == 0 && int(Direction::Inbound) == 1 && int(Direction::Outbound) == 2 &&
              int(Direction::Web) == 3);
static_assert(int(CallStatus::Unknown) == 0 && int(CallStatus::Queued) == 1 && int(CallStatus::Dialing) == 2 &&
              int(CallStatus::Ringing) == 3 && int(CallStatus::InProgress) == 4 && int(CallStatus::Completed) == 5 &&
              int(CallStatus::NoAnswer) == 6 && int(CallStatus::Busy) == 7 && int(CallStatus::Failed) == 8 &&
              int(CallStatus::Cancelled) == 9);
static_assert(int(EndReason::Unknown) == 0 && int(EndReason::Customer) == 1 && int(EndReason::Agent) == 2 &&
              int(EndReason::Transferred) == 3 && int(EndReason::Timeout) == 4 && int(EndReason::Error) == 5 &&
              int(EndReason::NotAnswered) == 6);

/// In the order of bindRow() and of the enum below.
constexpr std::array kColumns{
    "call_row",     "account_row",        "remote_id",     "content_hash",   "refreshed_at",
    "listed_at",    "texts_present",      "provider",      "status",         "direction",
    "end_reason",   "campaign_row",       "created_time",  "dial_time",      "ring_time",
    "answer_time",  "agent_connect_time", "end_time",      "updated_time",   "ring_seconds",
    "talk_seconds", "total_seconds",      "has_recording", "has_transcript", "cost",
    "carrier_cost", "status_raw",         "type_raw",      "source",         "campaign_name",
    "lead_id",      "lead_name",          "agent_id",      "agent_name",     "customer_number",
    "own_number",   "switch_id",          "hangup_cause",  "end_reason_raw", "answered_by",
    "disposition",  "sentiment",          "cost_unit",     "tags",           "zone_assumed",
    "latency_ms",   "computed",
};

enum Column : int {
    CallRow,
    AccountRow,
    RemoteId,
    ContentHash,
    RefreshedAt,
    ListedAt,
    TextsPresent,
    ProviderNumber,
    StatusNumber,
    DirectionNumber,
    EndReasonNumber,
    CampaignRow,
    CreatedTime,
    DialTime,
    RingTime,
    AnswerTime,
    AgentConnectTime,
    EndTime,
    UpdatedTime,
    RingSeconds,
    TalkSeconds,
    TotalSeconds,
    HasRecording,
    HasTranscript,
    Cost,
    CarrierCost,
    StatusRaw,
    TypeRaw,
    Source,
    CampaignNameText,
    LeadId,
    LeadName,
    AgentId,
    AgentName,
    CustomerNumber,
    OwnNumber,
    SwitchId,
    HangupCause,
    EndReasonRaw,
    AnsweredBy,
    Disposition,
    Sentiment,
    CostUnit,
    Tags,
    ZoneAssumed,
    LatencyMs,
    Computed,
    // read only, after kColumns
    NotFoundSince,
    UnlistedSince,
    RecordingFound,
    // recordSql() only
    Summary,
    Notes,
    NextAction,
    RecordingUrl,
    FieldErrors,
    Raw,
    RawDetail,
};
static_assert(kColumns.size() == NotFoundSince);

std::string columnList(std::string_view prefix) {
    std::string list;
    for (const char* column : kColumns) {
        if (!list.empty()) {
            list += ", ";
        }
        list += prefix;
        list += column;
    }
    return list;
}

std::optional<QString> jsonList(const QStringList& texts) {
    if (texts.isEmpty()) {
        return std::nullopt;
    }
    return QString::fromUtf8(QJsonDocument(QJsonArray::fromStringList(texts)).toJson(QJsonDocument::Compact));
}

QStringList listFromJson(std::string_view json) {
    QStringList texts;
    if (json.empty()) {
        return texts;
    }
    const auto bytes = QByteArray::fromRawData(json.data(), static_cast<qsizetype>(json.size()));
    const QJsonArray array = QJsonDocument::fromJson(bytes).array();
    for (const auto& value : array) {
        texts += value.toString();
    }
    return texts;
}

std::optional<QString> jsonFieldErrors(const std::vector<FieldError>& errors) {
    if (errors.empty()) {
        return std::nullopt;
    }
    QJsonArray array;
    for (const FieldError& error : errors) {
        array.append(QJsonArray{error.path, error.problem});
    }
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

std::vector<FieldError> fieldErrorsFromJson(std::string_view json) {
    std::vector<FieldError> errors;
    if (json.empty()) {
        return errors;
    }
    const auto bytes = QByteArray::fromRawData(json.data(), static_cast<qsizetype>(json.size()));
    const QJsonArray array = QJsonDocument::fromJson(bytes).array();
    for (const auto& value : array) {
        errors.push_back({value.toArray().at(0).toString(), value.toArray().at(1).toString()});
    }
    return errors;
}

/// Bytes of all values one after the other, each with its length, so that no two calls look alike by accident.
class Digest final {
 public:
    void add(const void* bytes, qsizetype size) {
        const qint64 length = size;
        append(&length, sizeof length);
        append(bytes, static_cast<size_t>(size));
    }
    void add(const QString& text) { add(text.constData(), text.size() * static_cast<qsizetype>(sizeof(QChar))); }
    void add(const std::optional<QString>& text) {
        addPresence(text.has_value());
        if (text) {
            add(*text);
        }
    }
    template <typename Number>
    requires std::is_arithmetic_v<Number>
    void add(const std::optional<Number>& number) {
        addPresence(number.has_value());
        if (number) {
            append(&*number, sizeof(Number));
        }
    }
    void add(const std::optional<Moment>& moment) {
        add(moment ? std::optional<qint64>(toMs(*moment)) : std::optional<qint64>());
    }
    void add(const QStringList& texts) {
        addNumber(static_cast<int>(texts.size()));
        for (const QString& text : texts) {
            add(text);
        }
    }
    void addNumber(int number) { append(&number, sizeof number); }
    [[nodiscard]] qint64 value() const { return static_cast<qint64>(contentHash(m_bytes.data(), m_bytes.size())); }
    Digest() { m_bytes.reserve(4096); }

 private:
    void addPresence(bool present) { m_bytes.push_back(present ? 1 : 0); }
    void append(const void* bytes, size_t size) {
        const auto* begin = static_cast<const char*>(bytes);
        m_bytes.insert(m_bytes.end(), begin, begin + size);
    }
    std::vector<char> m_bytes;
};

/// The raw object without the query of the recording link, wherever that stands in it.
void addRaw(Digest& digest, const Call& call, const QByteArray& raw) {
    const QByteArray query =
        call.recordingUrl ? call.recordingUrl->mid(call.recordingUrl->indexOf(u'?') + 1).toUtf8() : QByteArray();
    if (query.isEmpty() || !call.recordingUrl->contains(u'?')) {
        digest.add(raw.constData(), raw.size());
        return;
    }
    qsizetype from = 0;
    for (;;) {
        const qsizetype at = raw.indexOf(query, from);
        const qsizetype end = at < 0 ? raw.size() : at;
        digest.add(raw.constData() + from, end - from);
        if (at < 0) {
            return;
        }
        from = at + query.size();
    }
}

std::optional<QString> withoutQuery(const std::optional<QString>& url) {
    if (!url) {
        return std::nullopt;
    }
    const qsizetype mark = url->indexOf(u'?');
    return mark < 0 ? *url : url->left(mark);
}

template <typename Enum>
Enum enumOf(qint64 number, Enum last) {
    // A number from a later version of the same schema is a word that we do not know.
    return number >= 0 && number <= static_cast<qint64>(last) ? static_cast<Enum>(number) : Enum{};
}

}  // namespace

int textBits(const Call& call) {
    return (call.summary ? HasSummary : 0) | (call.notes ? HasNotes : 0) | (call.nextAction ? HasNextAction : 0) |
           (call.fieldErrors.empty() ? 0 : HasFieldErrors) | (call.recordingUrl ? HasRecordingUrl : 0) |
           (call.rawDetail.isEmpty() ? 0 : HasDetail);
}

KeptForm keptFormOf(const Call& call) {
    // A signature lies in one place only, from which it can be dropped.
    KeptForm kept{withoutLinkSecrets(call.raw), withoutLinkSecrets(call.rawDetail), 0};
    Digest digest;
    for (const int number : {int(call.provider), int(call.status), int(call.direction), int(call.endReason)}) {
        digest.addNumber(number);
    }
    for (const auto* text :
         {&call.statusRaw,   &call.typeRaw,  &call.source,      &call.campaignId,   &call.campaignName,
          &call.leadId,      &call.leadName, &call.agentId,     &call.agentName,    &call.customerNumber,
          &call.ownNumber,   &call.switchId, &call.hangupCause, &call.endReasonRaw, &call.answeredBy,
          &call.disposition, &call.notes,    &call.summary,     &call.sentiment,    &call.nextAction,
          &call.costUnit}) {
        digest.add(*text);
    }
    for (const auto* time : {&call.createdTime, &call.dialTime, &call.ringTime, &call.answerTime,
                             &call.agentConnectTime, &call.endTime, &call.updatedTime}) {
        digest.add(*time);
    }
    for (const auto* number :
         {&call.ringSeconds, &call.talkSeconds, &call.totalSeconds, &call.cost, &call.carrierCost, &call.latencyMs}) {
        digest.add(*number);
    }
    digest.add(call.hasRecording);
    digest.add(call.hasTranscript);
    digest.add(withoutQuery(call.recordingUrl));
    digest.add(call.tags);
    digest.add(call.zoneAssumed);
    digest.add(call.computed);
    digest.addNumber(static_cast<int>(call.fieldErrors.size()));
    for (const FieldError& error : call.fieldErrors) {
        digest.add(error.path);
        digest.add(error.problem);
    }
    addRaw(digest, call, kept.raw);
    if (!kept.rawDetail.isEmpty()) {
        addRaw(digest, call, kept.rawDetail);
    }
    kept.contentHash = digest.value();
    return kept;
}

std::string insertSql() {
    std::string values;
    for (size_t i = 1; i <= kColumns.size(); ++i) {
        values.append(i == 1 ? "?" : ", ?").append(std::to_string(i));
    }
    return "INSERT INTO calls (" + columnList({}) + ") VALUES (" + values +
           ") ON CONFLICT (account_row, remote_id) DO NOTHING";
}

std::string updateSql() {
    std::string sets;
    for (size_t i = 2; i <= kColumns.size(); ++i) {
        const std::string column = kColumns[i - 1];
        const std::string value = std::string("?").append(std::to_string(i));
        // A call that is read by itself has not been on a page.
        sets += column + " = " + (column == "listed_at" ? "coalesce(" + value + ", listed_at)" : value) + ", ";
    }
    return "UPDATE calls SET " + sets +
           "not_found_since = NULL, unlisted_since = iif(?6 IS NULL, unlisted_since, NULL) WHERE call_row = ?1";
}

std::string insertTextsSql() {
    return "INSERT INTO call_texts (call_row, summary, notes, next_action, recording_url, field_errors, raw)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
           " ON CONFLICT (call_row) DO UPDATE SET summary = excluded.summary, notes = excluded.notes,"
           " next_action = excluded.next_action, recording_url = excluded.recording_url,"
           " field_errors = excluded.field_errors, raw = excluded.raw";
}

void bindRow(Statement& s, const Call& call, const Place& place) {
    s.bindAll(place.callRow, place.accountRow, call.key.remoteId, place.contentHash, place.refreshedAt, place.listedAt,
              textBits(call), int(call.provider), int(call.status), int(call.direction), int(call.endReason),
              place.campaignRow, call.createdTime, call.dialTime, call.ringTime, call.answerTime, call.agentConnectTime,
              call.endTime, call.updatedTime, call.ringSeconds, call.talkSeconds, call.totalSeconds, call.hasRecording,
              call.hasTranscript, call.cost, call.carrierCost, call.statusRaw, call.typeRaw, call.source,
              call.campaignName, call.leadId, call.leadName, call.agentId, call.agentName, call.customerNumber,
              call.ownNumber, call.switchId, call.hangupCause, call.endReasonRaw, call.answeredBy, call.disposition,
              call.sentiment, call.costUnit, jsonList(call.tags), jsonList(call.zoneAssumed), call.latencyMs,
              jsonList(call.computed));
}

void bindTexts(Statement& s, const Call& call, const QByteArray& rawToKeep, qint64 callRow) {
    s.bindAll(callRow, call.summary, call.notes, call.nextAction, call.recordingUrl, jsonFieldErrors(call.fieldErrors),
              rawToKeep);
}

std::string indexSql(std::string_view tail) {
    return "SELECT " + columnList("c.") + ", c.not_found_since, c.unlisted_since, c.recording_found FROM calls c " +
           std::string(tail);
}

std::string recordSql(std::string_view tail) {
    return "SELECT " + columnList("c.") +
           ", c.not_found_since, c.unlisted_since, c.recording_found, t.summary, t.notes, t.next_action,"
           " t.recording_url, t.field_errors, t.raw, d.raw"
           " FROM calls c JOIN call_texts t USING (call_row) LEFT JOIN details d USING (call_row) " +
           std::string(tail);
}

std::optional<QString> Reader::sharedText(const Statement& statement, int column) {
    if (statement.isNull(column)) {
        return std::nullopt;
    }
    const std::string_view text = statement.utf8(column);
    if (text.size() > 64) {
        return statement.optionalText(column);
    }
    Slot& slot = m_shared[contentHash(text.data(), text.size()) % m_shared.size()];
    if (slot.key != text || slot.text.isNull()) {
        slot.key = text;
        slot.text = *statement.optionalText(column);
    }
    return slot.text;
}

IndexRow Reader::indexRow(const Statement& s) {
    IndexRow row;
    Call& call = row.call.call;
    row.call.callRow = s.integer(CallRow);
    row.call.refreshedAt = s.optionalMoment(RefreshedAt);
    row.call.notFoundSince = s.optionalMoment(NotFoundSince);
    row.call.unlistedSince = s.optionalMoment(UnlistedSince);
    const qint64 bits = s.integer(TextsPresent);
    row.hasSummary = (bits & HasSummary) != 0;
    row.hasProviderNotes = (bits & HasNotes) != 0;
    row.hasNextAction = (bits & HasNextAction) != 0;
    row.hasFieldErrors = (bits & HasFieldErrors) != 0;

    call.key = {accounts.value(s.integer(AccountRow)), s.text(RemoteId)};
    call.provider = enumOf(s.integer(ProviderNumber), Provider::Autocalls);
    call.status = enumOf(s.integer(StatusNumber), CallStatus::Cancelled);
    call.direction = enumOf(s.integer(DirectionNumber), Direction::Web);
    call.endReason = enumOf(s.integer(EndReasonNumber), EndReason::NotAnswered);
    call.campaignName = sharedText(s, CampaignNameText);
    if (const auto campaign = campaigns.constFind(s.integer(CampaignRow)); campaign != campaigns.cend()) {
        call.campaignId = campaign->remoteId;
        if (campaign->name) {
            call.campaignName = campaign->name;
        }
    }
    call.createdTime = s.optionalMoment(CreatedTime);
    call.dialTime = s.optionalMoment(DialTime);
    call.ringTime = s.optionalMoment(RingTime);
    call.answerTime = s.optionalMoment(AnswerTime);
    call.agentConnectTime = s.optionalMoment(AgentConnectTime);
    call.endTime = s.optionalMoment(EndTime);
    call.updatedTime = s.optionalMoment(UpdatedTime);
    call.ringSeconds = s.optionalReal(RingSeconds);
    call.talkSeconds = s.optionalReal(TalkSeconds);
    call.totalSeconds = s.optionalReal(TotalSeconds);
    call.hasRecording = s.optionalBool(s.isNull(HasRecording) ? RecordingFound : HasRecording);
    call.hasTranscript = s.optionalBool(HasTranscript);
    call.cost = s.optionalReal(Cost);
    call.carrierCost = s.optionalReal(CarrierCost);
    call.statusRaw = sharedText(s, StatusRaw);
    call.typeRaw = sharedText(s, TypeRaw);
    call.source = sharedText(s, Source);
    call.leadId = s.optionalText(LeadId);
    call.leadName = s.optionalText(LeadName);
    call.agentId = sharedText(s, AgentId);
    call.agentName = sharedText(s, AgentName);
    if (!call.agentName && call.agentId && !agents.isEmpty()) {
        const auto agent = agents.constFind({s.integer(AccountRow), *call.agentId});
        call.agentName = agent == agents.cend() ? std::nullopt : std::optional(*agent);
    }
    call.customerNumber = s.optionalText(CustomerNumber);
    call.ownNumber = sharedText(s, OwnNumber);
    call.switchId = s.optionalText(SwitchId);
    call.hangupCause = sharedText(s, HangupCause);
    call.endReasonRaw = sharedText(s, EndReasonRaw);
    call.answeredBy = sharedText(s, AnsweredBy);
    call.disposition = sharedText(s, Disposition);
    call.sentiment = sharedText(s, Sentiment);
    call.costUnit = sharedText(s, CostUnit);
    call.tags = listFromJson(s.utf8(Tags));
    call.zoneAssumed = listFromJson(s.utf8(ZoneAssumed));
    call.latencyMs = s.optionalReal(LatencyMs);
    call.computed = listFromJson(s.utf8(Computed));
    return row;
}

ReviewedCall Reader::record(const Statement& s) {
    ReviewedCall whole = indexRow(s).call;
    whole.call.summary = s.optionalText(Summary);
    whole.call.notes = s.optionalText(Notes);
    whole.call.nextAction = s.optionalText(NextAction);
    whole.call.recordingUrl = s.optionalText(RecordingUrl);
    whole.call.fieldErrors = fieldErrorsFromJson(s.utf8(FieldErrors));
    whole.call.raw = s.blob(Raw);
    whole.call.rawDetail = s.blob(RawDetail);
    return whole;
}

void takeIndexRow(IndexRow& row, Call&& call, const Place& place, const Names& names) {
    row.call.callRow = place.callRow;
    row.call.refreshedAt = place.refreshedAt;
    row.hasSummary = call.summary.has_value();
    row.hasProviderNotes = call.notes.has_value();
    row.hasNextAction = call.nextAction.has_value();
    row.hasFieldErrors = !call.fieldErrors.empty();
    row.call.call = std::move(call);
    Call& narrow = row.call.call;
    if (names.campaign) {
        narrow.campaignName = names.campaign;
    }
    if (!narrow.agentName) {
        narrow.agentName = names.agent;
    }
    if (!narrow.hasRecording) {
        narrow.hasRecording = place.recordingFound;
    }
    narrow.summary.reset();
    narrow.notes.reset();
    narrow.nextAction.reset();
    narrow.recordingUrl.reset();
    narrow.fieldErrors.clear();
    narrow.raw.clear();
    narrow.rawDetail.clear();
    narrow.transcriptText.reset();
}

}  // namespace earmark::callrow
