#include "models/tables/callcolumns.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

namespace earmark {

namespace {

using C = CallColumn;

// In the order of the enum; the static_assert below keeps it so.
constexpr std::array kColumns{
    CallColumnInfo{C::Start, Field::DialTime, QT_TRANSLATE_NOOP("CallColumn", "Start"), "start", 18, false, true,
                   false},
    CallColumnInfo{C::Account, Field::Account, QT_TRANSLATE_NOOP("CallColumn", "Account"), "account", 13, false, false,
                   false},
    CallColumnInfo{C::Campaign, Field::Campaign, QT_TRANSLATE_NOOP("CallColumn", "Campaign"), "campaign", 16, false,
                   true, false},
    CallColumnInfo{C::Lead, Field::Lead, QT_TRANSLATE_NOOP("CallColumn", "Lead"), "lead", 14, false, true, false},
    CallColumnInfo{C::Number, Field::CustomerNumber, QT_TRANSLATE_NOOP("CallColumn", "Customer's number"), "number", 15,
                   false, false, false},
    CallColumnInfo{C::Agent, Field::Agent, QT_TRANSLATE_NOOP("CallColumn", "Agent"), "agent", 12, false, true, false},
    CallColumnInfo{C::Direction, Field::Direction, QT_TRANSLATE_NOOP("CallColumn", "Direction"), "direction", 12, false,
                   true, false},
    CallColumnInfo{C::Status, Field::Status, QT_TRANSLATE_NOOP("CallColumn", "Status"), "status", 11, false, true,
                   false},
    CallColumnInfo{C::Disposition, Field::Disposition, QT_TRANSLATE_NOOP("CallColumn", "Disposition"), "disposition",
                   15, false, true, false},
    CallColumnInfo{C::Ring, Field::RingSeconds, QT_TRANSLATE_NOOP("CallColumn", "Ring"), "ring", 6, true, true, false},
    CallColumnInfo{C::Talk, Field::TalkSeconds, QT_TRANSLATE_NOOP("CallColumn", "Talk"), "talk", 6, true, true, false},
    CallColumnInfo{C::Total, Field::TotalSeconds, QT_TRANSLATE_NOOP("CallColumn", "Total"), "total", 6, true, true,
                   false},
    CallColumnInfo{C::Sentiment, Field::Sentiment, QT_TRANSLATE_NOOP("CallColumn", "Sentiment"), "sentiment", 12, false,
                   true, false},
    CallColumnInfo{C::HangupCause, Field::HangupCause, QT_TRANSLATE_NOOP("CallColumn", "Hangup cause"), "hangup_cause",
                   18, false, true, false},
    CallColumnInfo{C::Recording, Field::HasRecording, QT_TRANSLATE_NOOP("CallColumn", "Recording"), "recording", 9,
                   false, true, false},
    CallColumnInfo{C::Edited, Field::Edited, QT_TRANSLATE_NOOP("CallColumn", "Edited"), "edited", 10, false, true,
                   false},
    CallColumnInfo{C::Summary, Field::Summary, QT_TRANSLATE_NOOP("CallColumn", "AI summary"), "summary", 44, false,
                   false, true},
    CallColumnInfo{C::NextAction, Field::NextAction, QT_TRANSLATE_NOOP("CallColumn", "Next action"), "next_action", 28,
                   false, false, true},
    CallColumnInfo{C::Notes, Field::Notes, QT_TRANSLATE_NOOP("CallColumn", "Notes"), "notes", 32, false, false, true},
    CallColumnInfo{C::AnsweredBy, Field::AnsweredBy, QT_TRANSLATE_NOOP("CallColumn", "Answered by"), "answered_by", 14,
                   false, false, false},
    CallColumnInfo{C::EndReason, Field::EndReason, QT_TRANSLATE_NOOP("CallColumn", "End reason"), "end_reason", 16,
                   false, false, false},
    CallColumnInfo{C::Provider, Field::Provider, QT_TRANSLATE_NOOP("CallColumn", "Provider"), "provider", 11, false,
                   false, false},
    CallColumnInfo{C::OwnNumber, Field::OwnNumber, QT_TRANSLATE_NOOP("CallColumn", "Own number"), "own_number", 15,
                   false, false, false},
    CallColumnInfo{C::Source, Field::Source, QT_TRANSLATE_NOOP("CallColumn", "Source"), "source", 11, false, false,
                   false},
    CallColumnInfo{C::Tags, Field::Tags, QT_TRANSLATE_NOOP("CallColumn", "Tags"), "tags", 18, false, false, false},
    CallColumnInfo{C::Cost, Field::Cost, QT_TRANSLATE_NOOP("CallColumn", "Cost"), "cost", 8, true, false, false},
    CallColumnInfo{C::CarrierCost, Field::CarrierCost, QT_TRANSLATE_NOOP("CallColumn", "Carrier cost"), "carrier_cost",
                   10, true, false, false},
    CallColumnInfo{C::Latency, Field::LatencyMs, QT_TRANSLATE_NOOP("CallColumn", "Latency (ms)"), "latency", 10, true,
                   false, false},
    CallColumnInfo{C::Created, Field::CreatedTime, QT_TRANSLATE_NOOP("CallColumn", "Created"), "created", 18, false,
                   false, false},
    CallColumnInfo{C::Updated, Field::UpdatedTime, QT_TRANSLATE_NOOP("CallColumn", "Changed"), "updated", 18, false,
                   false, false},
    CallColumnInfo{C::Id, Field::Id, QT_TRANSLATE_NOOP("CallColumn", "Id"), "id", 36, false, false, false},
};

static_assert(kColumns.size() == size_t(C::Count));
static_assert([] {
    for (size_t i = 0; i < kColumns.size(); ++i) {
        if (size_t(kColumns[i].column) != i) {
            return false;
        }
    }
    return true;
}());

}  // namespace

std::span<const CallColumnInfo> callColumns() {
    return kColumns;
}

const CallColumnInfo& info(CallColumn column) {
    return kColumns[size_t(column)];
}

QString columnTitle(CallColumn column) {
    return QCoreApplication::translate("CallColumn", info(column).title);
}

std::optional<CallColumn> columnFromName(const QString& name) {
    const auto found =
        std::ranges::find_if(kColumns, [&](const CallColumnInfo& c) { return name == QLatin1StringView(c.name); });
    return found == kColumns.end() ? std::nullopt : std::optional(found->column);
}

std::optional<CallColumn> columnOfField(Field field) {
    const auto found = std::ranges::find_if(kColumns, [&](const CallColumnInfo& c) { return c.field == field; });
    return found == kColumns.end() ? std::nullopt : std::optional(found->column);
}

}  // namespace earmark
