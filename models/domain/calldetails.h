// What a provider tells about a call beyond its row: who said what, what the AI measured and extracted. Made from the
// raw object when somebody looks at it; never stored apart. Plain data, any thread.
#pragma once

#include <QByteArray>
#include <QString>
#include <chrono>
#include <optional>
#include <vector>

#include "models/domain/call.h"

namespace earmark {

enum class Speaker { Unknown, Agent, Customer, System, Tool };
enum class TurnKind { Message, ToolCall, ToolOutput, Interruption };
/// "agent", "customer", "system", "tool", "unknown"; "message", "tool_call", "tool_output", "interruption".
[[nodiscard]] QString word(Speaker speaker);
[[nodiscard]] QString word(TurnKind kind);

/// What the voice agent asked a tool for and what came back.
struct ToolUse {
    QString name;       ///< "" where not told
    QString arguments;  ///< as it came, mostly JSON text
    QString output;     ///< "" where not told (yet)
    std::optional<Moment> startedAt;
    std::optional<Moment> endedAt;

    friend bool operator==(const ToolUse&, const ToolUse&) = default;
};

struct Turn {
    Speaker speaker = Speaker::Unknown;
    TurnKind kind = TurnKind::Message;
    QString text;                                     ///< plain text as it came; of a tool call its name and arguments
    std::optional<Moment> at;                         ///< when it was said, where the provider tells
    std::optional<std::chrono::milliseconds> offset;  ///< in the recording, only where its beginning is known
    std::optional<std::chrono::milliseconds> duration;
    bool isEstimated = false;  ///< `offset` was computed here, not told
    QString speakerRaw;        ///< the provider's word, "" where none
    std::optional<ToolUse> tool;

    friend bool operator==(const Turn&, const Turn&) = default;
};

/// A judgement of the provider's AI: an Atoms disposition metric, an entry of an Autocalls evaluation.
struct Metric {
    QString name;
    std::optional<QString> value;      ///< as text: "true", "0.8", "interested"
    QString type;                      ///< "boolean", "number", "string" or the provider's word; "" where not told
    std::optional<double> confidence;  ///< 0 to 1
    std::optional<QString> reason;
    std::optional<QString> description = std::nullopt;  ///< what is judged, where the provider tells (Autocalls)

    friend bool operator==(const Metric&, const Metric&) = default;
};

struct Variable {
    QString name;
    std::optional<QString> value;  ///< text as it is, anything else as compact JSON
    QString type;                  ///< the provider's words for kind and data type; "" where not told
    std::optional<QString> description;
    std::optional<QString> rationale;

    friend bool operator==(const Variable&, const Variable&) = default;
};

struct Latency {
    QString part;  ///< "transcriber", "agent", "synthesizer", "turn", "turn_average"
    double ms = 0;
    std::optional<int> turn;  ///< counted from 1 where it belongs to one turn

    friend bool operator==(const Latency&, const Latency&) = default;
};

/// The caller's judgement, never a supervisor's.
struct Feedback {
    std::optional<double> stars;
    std::optional<QString> notes;

    friend bool operator==(const Feedback&, const Feedback&) = default;
};

/// A value that has no field of its own among the common ones.
struct OtherValue {
    QString name;   ///< the provider's name, "graph_version_id"
    QString value;  ///< text as it is, anything else as compact JSON

    friend bool operator==(const OtherValue&, const OtherValue&) = default;
};

struct CallDetails {
    std::vector<Turn> transcript;
    std::vector<Metric> metrics;
    std::vector<Variable> variables;
    std::vector<Latency> latency;
    std::optional<Feedback> feedback;
    std::optional<QByteArray> webhookAnswer;  ///< JSON
    std::vector<OtherValue> others;

    friend bool operator==(const CallDetails&, const CallDetails&) = default;
};

/// The parts of CallDetails, as capabilities.
enum class DetailPart { Transcript, TurnTimes, ToolCalls, Metrics, Variables, Latency, Feedback, WebhookAnswer, Count };
/// Does the provider's API have this at all? False = "not offered by X".
[[nodiscard]] bool offers(Provider provider, DetailPart part);

}  // namespace earmark
