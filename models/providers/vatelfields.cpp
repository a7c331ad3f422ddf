#include "models/providers/vatelfields.h"

#include <array>

namespace earmark {

namespace {

using enum FieldReading;
using enum FieldPromise;

// Source: Vatel's OpenAPI document (0.2.3) and its SDKs. It promises no field at all: each may be absent, and times are
// absent until they are reached. Numbers of the parties are read as ids, so that one written without quotes keeps its
// digits. Of the two parties only the other one's number is told; the agent's name comes from the list of agents.
constexpr std::array kFields{
    CallField{"agent_id", Id, MayBeNull, &Call::agentId},  // the voice agent
    CallField{"party_number", Id, MayBeNull, &Call::customerNumber},
    CallField{"status", Text, MayBeNull, &Call::statusRaw},
    CallField{"source", Text, MayBeNull, &Call::source},
    CallField{"termination_reason", Text, MayBeNull, &Call::endReasonRaw},  // free text
    CallField{"outbound_contact_id", Id, MayBeNull, &Call::leadId},
    CallField{"outbound_list_run_id", Id, MayBeNull, &Call::campaignId},
    CallField{"created_at", Time, MayBeNull, &Call::createdTime},
    CallField{"started_at", Time, MayBeNull,
              &Call::answerTime},  // connected_at is the line's, not the talk's beginning
    CallField{"ended_at", Time, MayBeNull, &Call::endTime},
    CallField{"summary", Text, MayBeNull, &Call::summary},                  // only where the agent is set to write one
    CallField{"cost", Number, MayBeNull, &Call::cost},                      // its unit is not told
    CallField{"duration_seconds", Seconds, MayBeNull, &Call::talkSeconds},  // "approximate", start to end
};

constexpr std::array kPlacedNames{
    "id",
    "agent_id",
    "party_number",
    "status",
    "source",
    "termination_reason",
    "outbound_contact_id",
    "outbound_list_run_id",
    "created_at",
    "started_at",
    "ended_at",
    "summary",
    "cost",
    "duration_seconds",
    "outbound",
    "extracted_variables",
    "transcript",
    "tags",
    "feedback",
};
static_assert(kPlacedNames.size() == kFields.size() + 6, "the fields, the id and five parts");

}  // namespace

std::span<const CallField> vatelFields() {
    return kFields;
}

std::span<const char* const> vatelPlacedNames() {
    return kPlacedNames;
}

}  // namespace earmark
