#include "models/providers/atomsfields.h"

#include <array>

namespace earmark {

namespace {

using enum FieldReading;
using enum FieldPromise;

// Source: the provider's OpenAPI document, rows of GET /conversation and answers of GET /conversation/{callId}. Nothing
// is promised there: every member may be missing. Only createdAt is a time; answer and end are told to webhooks alone.
constexpr std::array kFields{
    CallField{"status", Text, MayBeNull, &Call::statusRaw},
    CallField{"duration", Seconds, MayBeNull, &Call::talkSeconds},  // may have a fraction
    CallField{"from", Id, MayBeNull, &Call::ownNumber},             // as for an outbound call; see atomscall.cpp
    CallField{"to", Id, MayBeNull, &Call::customerNumber},
    CallField{"type", Text, MayBeNull, &Call::typeRaw},
    CallField{"agentId", Id, MayBeNull, &Call::agentId},  // rows only; the detail has the whole agent
    CallField{"recordingUrl", Address, MayBeNull, &Call::recordingUrl},
    CallField{"disconnectionReason", Text, MayBeNull, &Call::endReasonRaw},
    CallField{"createdAt", Time, MayBeNull, &Call::createdTime},  // rows only
    CallField{"callCost", Number, MayBeNull, &Call::cost},        // credits
};

constexpr std::array kStructures{
    "callId",
    "agent",
    "recordingDualUrl",             // both channels apart: counts before recordingUrl
    "callFailureReason",            // stands in where there is no disconnectionReason
    "transcript",                   // detail only
    "variables",                    // detail only
    "postCallAnalytics",            // summary and metrics, 10 to 30 seconds after the end
    "dispositionMetrics",           // rows of the list only: the values once more, by name
    "agentDispositionConfig",       // rows of the list only: the kinds of the metrics
    "turnLatencyMetrics",           // milliseconds
    "average_transcriber_latency",  // older calls
    "average_agent_latency",
    "average_synthesizer_latency",
};

}  // namespace

std::span<const CallField> atomsFields() {
    return kFields;
}

std::span<const char* const> atomsStructures() {
    return kStructures;
}

}  // namespace earmark
