#include "models/providers/vatelwords.h"

#include "models/domain/wordtable.h"
#include "models/providers/dialectparts.h"

namespace earmark {

namespace {

using wordtable::Entry;

// Source: the five status words of Vatel's document. That "connected" comes before anybody talks is read from the order
// of its times (connected_at, started_at); the document does not explain the words.
constexpr std::array kStatuses{
    Entry<CallStatus>{CallStatus::Dialing, "connected"},      Entry<CallStatus>{CallStatus::InProgress, "started"},
    Entry<CallStatus>{CallStatus::InProgress, "in_progress"}, Entry<CallStatus>{CallStatus::Completed, "ended"},
    Entry<CallStatus>{CallStatus::Failed, "auth_failed"},
};

// Source: the values of `type` in an entry of the transcript.
constexpr std::array kTurnKinds{
    Entry<TurnKind>{TurnKind::Message, "message"},
    Entry<TurnKind>{TurnKind::ToolCall, "tool_call"},
    Entry<TurnKind>{TurnKind::ToolOutput, "tool_call_output"},
    Entry<TurnKind>{TurnKind::Interruption, "interruption"},
};

}  // namespace

CallStatus vatelStatus(const std::optional<QString>& status) {
    return status ? wordtable::valueOf(kStatuses, dialect::normalisedWord(*status)).value_or(CallStatus::Unknown)
                  : CallStatus::Unknown;
}

Direction vatelDirection(std::optional<bool> outbound) {
    if (!outbound) {
        return Direction::Unknown;
    }
    return *outbound ? Direction::Outbound : Direction::Inbound;
}

TurnKind vatelTurnKind(const QString& type) {
    return wordtable::valueOf(kTurnKinds, dialect::normalisedWord(type)).value_or(TurnKind::Message);
}

}  // namespace earmark
