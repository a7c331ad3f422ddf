// The table of all fields of a call: names, kinds, who offers them, how to read them. The command line, JSON, filter
// language, table columns and detail pane are all driven by it. Plain data, any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <span>
#include <variant>

#include "models/domain/review.h"

namespace earmark {

/// Order = order of the JSON object of `list --format json` (design contract); Count is the sentinel.
enum class Field : quint8 {
    Key,
    Account,
    Provider,
    Id,
    Status,
    StatusRaw,
    Direction,
    TypeRaw,
    Source,
    CampaignId,
    Campaign,
    LeadId,
    Lead,
    AgentId,
    Agent,
    CustomerNumber,
    OwnNumber,
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
    HangupCause,
    EndReason,
    EndReasonRaw,
    AnsweredBy,
    Disposition,
    Notes,
    ProviderDisposition,
    ProviderNotes,
    Summary,
    Sentiment,
    NextAction,
    HasRecording,
    HasTranscript,
    Cost,
    CostUnit,
    CarrierCost,
    Tags,
    Edited,
    EditState,
    ReviewedAt,
    Flagged,
    UnlistedSince,
    SwitchId,   ///< pane and raw only, not part of the list object
    LatencyMs,  ///< the same: filter and pane
    Count
};

enum class FieldKind { Text, Code, Word, Time, Duration, Number, Bool, TriState, List };

/// monostate = null. Time as Moment, durations in seconds.
using FieldValue = std::variant<std::monostate, QString, double, bool, Moment, QStringList>;

struct FieldInfo {
    Field field;
    FieldKind kind;
    const char* jsonName;  ///< "talk_seconds"
    const char* label;     ///< source text for translation (context "Field"), "Talk"
    bool inListJson;
};

[[nodiscard]] std::span<const FieldInfo> allFields();
[[nodiscard]] const FieldInfo& info(Field field);
[[nodiscard]] std::optional<Field> fieldFromJsonName(const QString& name);
[[nodiscard]] QString fieldLabel(Field field);  ///< translated

[[nodiscard]] FieldValue value(const ReviewedCall& call, Field field);

/// Does the provider's API have this field at all? False = "not offered by X", different from null.
[[nodiscard]] bool offers(Provider provider, Field field);

enum class Provenance { Provider, Computed, Edited, NotOffered };
[[nodiscard]] QString word(Provenance provenance);  ///< "provider", "computed", "edited", "not_offered"
[[nodiscard]] Provenance provenance(const ReviewedCall& call, Field field);

}  // namespace earmark
