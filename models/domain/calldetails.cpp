#include "models/domain/calldetails.h"

#include <QLatin1StringView>
#include <string_view>

#include "models/domain/wordtable.h"

namespace earmark {

namespace {

using wordtable::Entry;

constexpr std::array kSpeakers{
    Entry<Speaker>{Speaker::Unknown, "unknown"},   Entry<Speaker>{Speaker::Agent, "agent"},
    Entry<Speaker>{Speaker::Customer, "customer"}, Entry<Speaker>{Speaker::System, "system"},
    Entry<Speaker>{Speaker::Tool, "tool"},
};

constexpr std::array kKinds{
    Entry<TurnKind>{TurnKind::Message, "message"},
    Entry<TurnKind>{TurnKind::ToolCall, "tool_call"},
    Entry<TurnKind>{TurnKind::ToolOutput, "tool_output"},
    Entry<TurnKind>{TurnKind::Interruption, "interruption"},
};

/// y a v c = Yotel, Atoms, Vatel, Autocalls, as each provider's public reference has it.
constexpr std::array<std::string_view, static_cast<std::size_t>(DetailPart::Count)> kOffered{
    "avc",  // Transcript: Yotel's calls have none
    "avc",  // TurnTimes: Autocalls only where the transcript is a list
    "v",    // ToolCalls
    "ac",   // Metrics: Atoms' dispositionMetrics, Autocalls' evaluation
    "avc",  // Variables
    "a",    // Latency
    "v",    // Feedback
    "c",    // WebhookAnswer
};

}  // namespace

QString word(Speaker speaker) {
    return wordtable::wordOf(kSpeakers, speaker);
}

QString word(TurnKind kind) {
    return wordtable::wordOf(kKinds, kind);
}

bool offers(Provider provider, DetailPart part) {
    static constexpr std::string_view kLetters = "yavc";
    return kOffered[static_cast<std::size_t>(part)].find(kLetters[static_cast<std::size_t>(provider)]) !=
           std::string_view::npos;
}

}  // namespace earmark
