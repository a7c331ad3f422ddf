// The table's columns as data. To add one: a line here and in callcolumns.cpp. Any thread.
#pragma once

#include <QString>
#include <optional>
#include <span>

#include "models/domain/fields.h"

namespace earmark {

enum class CallColumn : int {
    Start,
    Account,  ///< shown where there are several
    Campaign,
    Lead,
    Number,
    Agent,
    Direction,
    Status,
    Disposition,
    Ring,
    Talk,
    Total,
    Sentiment,
    HangupCause,
    Recording,
    Edited,
    // offered, hidden by default
    Summary,
    NextAction,
    Notes,
    AnsweredBy,
    EndReason,
    Provider,
    OwnNumber,
    Source,
    Tags,
    Cost,
    CarrierCost,
    Latency,
    Created,
    Updated,
    Id,
    Count
};

struct CallColumnInfo {
    CallColumn column;
    Field field;          ///< what it shows and sorts by
    const char* title;    ///< source text, context "CallColumn"
    const char* name;     ///< stable name for settings
    int width;            ///< at 100 %, in average characters
    bool numeric;         ///< right-aligned, tabular figures
    bool shownByDefault;  ///< Account: only where there are several
    bool needsTexts;      ///< served by the window cache, not by the index
};

[[nodiscard]] std::span<const CallColumnInfo> callColumns();
[[nodiscard]] const CallColumnInfo& info(CallColumn column);
[[nodiscard]] QString columnTitle(CallColumn column);                         ///< translated
[[nodiscard]] std::optional<CallColumn> columnFromName(const QString& name);  ///< the stable name
[[nodiscard]] std::optional<CallColumn> columnOfField(Field field);           ///< the first that shows it

}  // namespace earmark
