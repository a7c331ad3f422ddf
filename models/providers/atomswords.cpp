#include "models/providers/atomswords.h"

#include <QLatin1StringView>
#include <array>

#include "models/domain/wordtable.h"
#include "models/providers/dialectparts.h"

namespace earmark {

namespace {

using wordtable::Entry;

// Source: the provider's OpenAPI document; "busy" stands on two of its guide pages only.
constexpr std::array kStatuses{
    Entry<CallStatus>{CallStatus::Queued, "pending"},         Entry<CallStatus>{CallStatus::Queued, "in_queue"},
    Entry<CallStatus>{CallStatus::InProgress, "processing"},  Entry<CallStatus>{CallStatus::InProgress, "active"},
    Entry<CallStatus>{CallStatus::InProgress, "in_progress"}, Entry<CallStatus>{CallStatus::Completed, "completed"},
    Entry<CallStatus>{CallStatus::NoAnswer, "no_answer"},     Entry<CallStatus>{CallStatus::Busy, "busy"},
    Entry<CallStatus>{CallStatus::Failed, "failed"},          Entry<CallStatus>{CallStatus::Cancelled, "cancelled"},
};

// "webcall" is the document's word, "chat" that of the provider's own libraries.
constexpr std::array kDirections{
    Entry<Direction>{Direction::Inbound, "telephony_inbound"},
    Entry<Direction>{Direction::Outbound, "telephony_outbound"},
    Entry<Direction>{Direction::Web, "webcall"},
    Entry<Direction>{Direction::Web, "chat"},
};

}  // namespace

CallStatus atomsStatus(const std::optional<QString>& status) {
    const QString text = status ? dialect::normalisedWord(*status) : QString();
    return wordtable::valueOf(kStatuses, text).value_or(CallStatus::Unknown);
}

Direction atomsDirection(const std::optional<QString>& type) {
    const QString text = type ? dialect::normalisedWord(*type) : QString();
    return wordtable::valueOf(kDirections, text).value_or(Direction::Unknown);
}

}  // namespace earmark
