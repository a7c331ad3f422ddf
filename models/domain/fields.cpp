#include "models/domain/fields.h"

#include <QCoreApplication>
#include <array>
#include <string_view>

#include "models/domain/wordtable.h"

namespace earmark {

namespace {

/// Where a value comes from when nobody edited it.
enum class Origin { FromProvider, Derived, Local };

struct FieldLine {
    FieldInfo info;
    const char* offeredBy;  ///< one letter per provider: y(otel) a(toms) v(atel) c = autocalls; "*" = always
    Origin origin;
};

#define EARMARK_LABEL(text) QT_TRANSLATE_NOOP("Field", text)

// `offeredBy` repeats the field map of the four providers' documents: a letter stands where the provider's call object
// (or a documented look-up by id) has the value. A column that the customer can configure (sentiment as a metric)
// counts as offered. Local and derived fields are always there.
constexpr std::array kFields{
    FieldLine{{Field::Key, FieldKind::Code, "key", EARMARK_LABEL("Key"), true}, "*", Origin::Derived},
    FieldLine{{Field::Account, FieldKind::Code, "account", EARMARK_LABEL("Account"), true}, "*", Origin::Derived},
    FieldLine{{Field::Provider, FieldKind::Word, "provider", EARMARK_LABEL("Provider"), true}, "*", Origin::Derived},
    FieldLine{{Field::Id, FieldKind::Code, "id", EARMARK_LABEL("Id"), true}, "*", Origin::FromProvider},
    FieldLine{{Field::Status, FieldKind::Word, "status", EARMARK_LABEL("Status"), true}, "*", Origin::Derived},
    FieldLine{{Field::StatusRaw, FieldKind::Code, "status_raw", EARMARK_LABEL("Provider's status"), true},
              "yavc",
              Origin::FromProvider},
    FieldLine{{Field::Direction, FieldKind::Word, "direction", EARMARK_LABEL("Direction"), true}, "*", Origin::Derived},
    FieldLine{{Field::TypeRaw, FieldKind::Code, "type_raw", EARMARK_LABEL("Provider's type"), true},
              "yac",
              Origin::FromProvider},
    FieldLine{{Field::Source, FieldKind::Word, "source", EARMARK_LABEL("Source"), true}, "v", Origin::FromProvider},
    FieldLine{{Field::CampaignId, FieldKind::Code, "campaign_id", EARMARK_LABEL("Campaign id"), true},
              "yv",
              Origin::FromProvider},
    FieldLine{
        {Field::Campaign, FieldKind::Text, "campaign", EARMARK_LABEL("Campaign"), true}, "yc", Origin::FromProvider},
    FieldLine{{Field::LeadId, FieldKind::Code, "lead_id", EARMARK_LABEL("Lead id"), true}, "yv", Origin::FromProvider},
    FieldLine{{Field::Lead, FieldKind::Text, "lead", EARMARK_LABEL("Lead"), true}, "", Origin::FromProvider},
    FieldLine{
        {Field::AgentId, FieldKind::Code, "agent_id", EARMARK_LABEL("Agent id"), true}, "yav", Origin::FromProvider},
    FieldLine{{Field::Agent, FieldKind::Text, "agent", EARMARK_LABEL("Agent"), true}, "avc", Origin::FromProvider},
    FieldLine{{Field::CustomerNumber, FieldKind::Code, "customer_number", EARMARK_LABEL("Customer's number"), true},
              "avc",
              Origin::FromProvider},
    FieldLine{{Field::OwnNumber, FieldKind::Code, "own_number", EARMARK_LABEL("Own number"), true},
              "ac",
              Origin::FromProvider},
    FieldLine{{Field::CreatedTime, FieldKind::Time, "created_time", EARMARK_LABEL("Created"), true},
              "avc",
              Origin::FromProvider},
    FieldLine{
        {Field::DialTime, FieldKind::Time, "dial_time", EARMARK_LABEL("Dialled"), true}, "y", Origin::FromProvider},
    FieldLine{{Field::RingTime, FieldKind::Time, "ring_time", EARMARK_LABEL("Rang"), true}, "y", Origin::FromProvider},
    FieldLine{{Field::AnswerTime, FieldKind::Time, "answer_time", EARMARK_LABEL("Answered"), true},
              "yv",
              Origin::FromProvider},
    FieldLine{{Field::AgentConnectTime, FieldKind::Time, "agent_connect_time", EARMARK_LABEL("Agent connected"), true},
              "y",
              Origin::FromProvider},
    FieldLine{{Field::EndTime, FieldKind::Time, "end_time", EARMARK_LABEL("Ended"), true}, "yv", Origin::FromProvider},
    FieldLine{{Field::UpdatedTime, FieldKind::Time, "updated_time", EARMARK_LABEL("Updated"), true},
              "c",
              Origin::FromProvider},
    FieldLine{{Field::RingSeconds, FieldKind::Duration, "ring_seconds", EARMARK_LABEL("Ring"), true},
              "y",
              Origin::FromProvider},
    FieldLine{{Field::TalkSeconds, FieldKind::Duration, "talk_seconds", EARMARK_LABEL("Talk"), true},
              "yavc",
              Origin::FromProvider},
    FieldLine{{Field::TotalSeconds, FieldKind::Duration, "total_seconds", EARMARK_LABEL("Total"), true},
              "y",
              Origin::FromProvider},
    FieldLine{{Field::HangupCause, FieldKind::Code, "hangup_cause", EARMARK_LABEL("Hangup cause"), true},
              "y",
              Origin::FromProvider},
    FieldLine{
        {Field::EndReason, FieldKind::Word, "end_reason", EARMARK_LABEL("End reason"), true}, "*", Origin::Derived},
    FieldLine{{Field::EndReasonRaw, FieldKind::Code, "end_reason_raw", EARMARK_LABEL("Provider's end reason"), true},
              "yav",
              Origin::FromProvider},
    FieldLine{{Field::AnsweredBy, FieldKind::Word, "answered_by", EARMARK_LABEL("Answered by"), true},
              "c",
              Origin::FromProvider},
    FieldLine{{Field::Disposition, FieldKind::Code, "disposition", EARMARK_LABEL("Disposition"), true},
              "*",
              Origin::FromProvider},
    FieldLine{{Field::Notes, FieldKind::Text, "notes", EARMARK_LABEL("Notes"), true}, "*", Origin::FromProvider},
    FieldLine{{Field::ProviderDisposition, FieldKind::Code, "provider_disposition",
               EARMARK_LABEL("Provider's disposition"), true},
              "yc",
              Origin::FromProvider},
    FieldLine{{Field::ProviderNotes, FieldKind::Text, "provider_notes", EARMARK_LABEL("Provider's notes"), true},
              "y",
              Origin::FromProvider},
    FieldLine{
        {Field::Summary, FieldKind::Text, "summary", EARMARK_LABEL("Summary"), true}, "yavc", Origin::FromProvider},
    FieldLine{{Field::Sentiment, FieldKind::Word, "sentiment", EARMARK_LABEL("Sentiment"), true},
              "yac",
              Origin::FromProvider},
    FieldLine{{Field::NextAction, FieldKind::Text, "next_action", EARMARK_LABEL("Next action"), true},
              "yac",
              Origin::FromProvider},
    FieldLine{{Field::HasRecording, FieldKind::TriState, "has_recording", EARMARK_LABEL("Recording"), true},
              "yavc",
              Origin::FromProvider},
    FieldLine{{Field::HasTranscript, FieldKind::TriState, "has_transcript", EARMARK_LABEL("Transcript"), true},
              "avc",
              Origin::FromProvider},
    FieldLine{{Field::Cost, FieldKind::Number, "cost", EARMARK_LABEL("Cost"), true}, "avc", Origin::FromProvider},
    FieldLine{
        {Field::CostUnit, FieldKind::Code, "cost_unit", EARMARK_LABEL("Cost unit"), true}, "a", Origin::FromProvider},
    FieldLine{{Field::CarrierCost, FieldKind::Number, "carrier_cost", EARMARK_LABEL("Carrier cost"), true},
              "c",
              Origin::FromProvider},
    FieldLine{{Field::Tags, FieldKind::List, "tags", EARMARK_LABEL("Tags"), true}, "v", Origin::FromProvider},
    FieldLine{{Field::Edited, FieldKind::Bool, "edited", EARMARK_LABEL("Edited"), true}, "*", Origin::Local},
    FieldLine{{Field::EditState, FieldKind::Word, "edit_state", EARMARK_LABEL("State of the edit"), true},
              "*",
              Origin::Local},
    FieldLine{{Field::ReviewedAt, FieldKind::Time, "reviewed_at", EARMARK_LABEL("Reviewed"), true}, "*", Origin::Local},
    FieldLine{{Field::Flagged, FieldKind::Text, "flagged", EARMARK_LABEL("Flag"), true}, "*", Origin::Local},
    FieldLine{{Field::UnlistedSince, FieldKind::Time, "unlisted_since", EARMARK_LABEL("Not listed since"), true},
              "*",
              Origin::Local},
    FieldLine{
        {Field::SwitchId, FieldKind::Code, "switch_id", EARMARK_LABEL("Switch id"), false}, "y", Origin::FromProvider},
    FieldLine{{Field::LatencyMs, FieldKind::Number, "latency_ms", EARMARK_LABEL("Latency (ms)"), false},
              "a",
              Origin::FromProvider},
};
#undef EARMARK_LABEL

constexpr auto kCount = static_cast<std::size_t>(Field::Count);
static_assert(kFields.size() == kCount, "one line per field");

constexpr bool inEnumOrder() {
    for (std::size_t i = 0; i < kCount; ++i) {
        if (static_cast<std::size_t>(kFields[i].info.field) != i) {
            return false;
        }
    }
    return true;
}
static_assert(inEnumOrder(), "the table stands in the order of the enum");

constexpr auto kInfos = [] {
    std::array<FieldInfo, kCount> infos{};
    for (std::size_t i = 0; i < kCount; ++i) {
        infos[i] = kFields[i].info;
    }
    return infos;
}();

const FieldLine& line(Field field) {
    Q_ASSERT(field < Field::Count);
    return kFields[static_cast<std::size_t>(field)];
}

constexpr char letter(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return 'y';
        case Provider::Atoms:
            return 'a';
        case Provider::Vatel:
            return 'v';
        case Provider::Autocalls:
            return 'c';
    }
    return '?';
}

template <typename T>
FieldValue valueOf(const std::optional<T>& value) {
    return value ? FieldValue(*value) : FieldValue();
}

constexpr std::array kProvenances{
    wordtable::Entry<Provenance>{Provenance::Provider, "provider"},
    wordtable::Entry<Provenance>{Provenance::Computed, "computed"},
    wordtable::Entry<Provenance>{Provenance::Edited, "edited"},
    wordtable::Entry<Provenance>{Provenance::NotOffered, "not_offered"},
};

/// What a disposition or note is when the supervisor did not touch it: the provider's, where it has such a thing at
/// all.
Provenance overlaid(const std::optional<LocalEdit>& edit, const ReviewedCall& call, Field providersField) {
    if (edit) {
        return Provenance::Edited;
    }
    return offers(call.call.provider, providersField) ? Provenance::Provider : Provenance::NotOffered;
}

}  // namespace

std::span<const FieldInfo> allFields() {
    return kInfos;
}

const FieldInfo& info(Field field) {
    Q_ASSERT(field < Field::Count);
    return kInfos[static_cast<std::size_t>(field)];
}

std::optional<Field> fieldFromJsonName(const QString& name) {
    for (const FieldInfo& candidate : kInfos) {
        if (name == QLatin1StringView(candidate.jsonName)) {
            return candidate.field;
        }
    }
    return std::nullopt;
}

QString fieldLabel(Field field) {
    return QCoreApplication::translate("Field", info(field).label);
}

bool offers(Provider provider, Field field) {
    const std::string_view offeredBy(line(field).offeredBy);
    return offeredBy == "*" || offeredBy.find(letter(provider)) != std::string_view::npos;
}

FieldValue value(const ReviewedCall& reviewed, Field field) {
    const Call& call = reviewed.call;
    switch (field) {
        case Field::Key:
            return toText(call.key);
        case Field::Account:
            return call.key.account;
        case Field::Provider:
            return word(call.provider);
        case Field::Id:
            return call.key.remoteId;
        case Field::Status:
            return word(call.status);
        case Field::StatusRaw:
            return valueOf(call.statusRaw);
        case Field::Direction:
            return word(call.direction);
        case Field::TypeRaw:
            return valueOf(call.typeRaw);
        case Field::Source:
            return valueOf(call.source);
        case Field::CampaignId:
            return valueOf(call.campaignId);
        case Field::Campaign:
            return valueOf(call.campaignName);
        case Field::LeadId:
            return valueOf(call.leadId);
        case Field::Lead:
            return valueOf(call.leadName);
        case Field::AgentId:
            return valueOf(call.agentId);
        case Field::Agent:
            return valueOf(call.agentName);
        case Field::CustomerNumber:
            return valueOf(call.customerNumber);
        case Field::OwnNumber:
            return valueOf(call.ownNumber);
        case Field::CreatedTime:
            return valueOf(call.createdTime);
        case Field::DialTime:
            return valueOf(call.dialTime);
        case Field::RingTime:
            return valueOf(call.ringTime);
        case Field::AnswerTime:
            return valueOf(call.answerTime);
        case Field::AgentConnectTime:
            return valueOf(call.agentConnectTime);
        case Field::EndTime:
            return valueOf(call.endTime);
        case Field::UpdatedTime:
            return valueOf(call.updatedTime);
        case Field::RingSeconds:
            return valueOf(call.ringSeconds);
        case Field::TalkSeconds:
            return valueOf(call.talkSeconds);
        case Field::TotalSeconds:
            return valueOf(call.totalSeconds);
        case Field::HangupCause:
            return valueOf(call.hangupCause);
        case Field::EndReason:
            return word(call.endReason);
        case Field::EndReasonRaw:
            return valueOf(call.endReasonRaw);
        case Field::AnsweredBy:
            return valueOf(call.answeredBy);
        case Field::Disposition:
            return valueOf(dispositionThatCounts(reviewed));
        case Field::Notes:
            return valueOf(notesThatCount(reviewed));
        case Field::ProviderDisposition:
            return valueOf(call.disposition);
        case Field::ProviderNotes:
            return valueOf(call.notes);
        case Field::Summary:
            return valueOf(call.summary);
        case Field::Sentiment:
            return valueOf(call.sentiment);
        case Field::NextAction:
            return valueOf(call.nextAction);
        case Field::HasRecording:
            return valueOf(call.hasRecording);
        case Field::HasTranscript:
            return valueOf(call.hasTranscript);
        case Field::Cost:
            return valueOf(call.cost);
        case Field::CostUnit:
            return valueOf(call.costUnit);
        case Field::CarrierCost:
            return valueOf(call.carrierCost);
        case Field::Tags:
            return call.tags;  // always a list, as JSON promises an array
        case Field::Edited:
            return isEdited(reviewed.review);
        case Field::EditState: {
            const auto state = editState(reviewed.review);
            return state ? FieldValue(word(*state)) : FieldValue();
        }
        case Field::ReviewedAt:
            return valueOf(reviewed.review.reviewedAt);
        case Field::Flagged:
            return valueOf(reviewed.review.flag);
        case Field::UnlistedSince:
            // A call that its provider answers with 404 is not listed either, even before the next whole pass.
            return valueOf(reviewed.unlistedSince ? reviewed.unlistedSince : reviewed.notFoundSince);
        case Field::SwitchId:
            return valueOf(call.switchId);
        case Field::LatencyMs:
            return valueOf(call.latencyMs);
        case Field::Count:
            break;
    }
    return {};
}

QString word(Provenance provenance) {
    return wordtable::wordOf(kProvenances, provenance);
}

Provenance provenance(const ReviewedCall& call, Field field) {
    switch (field) {
        case Field::Disposition:
            return overlaid(call.review.disposition, call, Field::ProviderDisposition);
        case Field::Notes:
            return overlaid(call.review.notes, call, Field::ProviderNotes);
        case Field::ReviewedAt:
            return call.review.reviewedAt ? Provenance::Edited : Provenance::Computed;
        case Field::Flagged:
            return call.review.flag ? Provenance::Edited : Provenance::Computed;
        default:
            break;
    }
    const FieldLine& entry = line(field);
    if (entry.origin != Origin::FromProvider || call.call.computed.contains(QLatin1StringView(entry.info.jsonName))) {
        return Provenance::Computed;
    }
    return offers(call.call.provider, field) ? Provenance::Provider : Provenance::NotOffered;
}

}  // namespace earmark
