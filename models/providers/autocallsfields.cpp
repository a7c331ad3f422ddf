#include "models/providers/autocallsfields.h"

#include <array>

namespace earmark {

namespace {

using enum FieldReading;
using enum FieldPromise;

// Source: the call pages of Autocalls and of its white-labels. Ids are integers there. Times come with and without a
// zone, money as number and as text; there is no time of the answer and of the end. Agent and campaign are names
// without ids, although the filters want ids.
constexpr std::array kFields{
    CallField{"assistant_name", Text, MayBeNull, &Call::agentName},  // the voice agent
    CallField{"campaign_name", Text, MayBeNull, &Call::campaignName},
    CallField{"type", Text, MayBeNull, &Call::typeRaw},
    CallField{"duration", Seconds, MayBeNull, &Call::talkSeconds},
    CallField{"assistant_phone_number", Id, MayBeNull, &Call::ownNumber},
    CallField{"client_phone_number", Id, MayBeNull, &Call::customerNumber},
    CallField{"status", Text, Always, &Call::statusRaw},
    CallField{"carrier_cost", Number, MayBeNull, &Call::carrierCost},
    CallField{"total_cost", Number, MayBeNull, &Call::cost},  // its unit is not told
    CallField{"answered_by", Text, MayBeNull, &Call::answeredBy},
    CallField{"recording_url", Address, MayBeNull, &Call::recordingUrl},  // null where the assistant does not record
    CallField{"created_at", Time, MayBeNull, &Call::createdTime},
    CallField{"updated_at", Time, MayBeNull, &Call::updatedTime},
};

constexpr std::array kPlacedNames{
    "id",
    "assistant_name",
    "campaign_name",
    "type",
    "duration",
    "assistant_phone_number",
    "client_phone_number",
    "status",
    "carrier_cost",
    "total_cost",
    "answered_by",
    "recording_url",
    "created_at",
    "updated_at",
    "transcript",
    "variables",
    "evaluation",
    "webhook_response",
};
static_assert(kPlacedNames.size() == kFields.size() + 5, "the fields, the id and four parts");

}  // namespace

std::span<const CallField> autocallsFields() {
    return kFields;
}

std::span<const char* const> autocallsPlacedNames() {
    return kPlacedNames;
}

}  // namespace earmark
