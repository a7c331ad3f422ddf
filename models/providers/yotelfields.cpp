#include "models/providers/yotelfields.h"

#include <array>

namespace earmark {

namespace {

using enum FieldReading;
using enum FieldPromise;

// Source: Yotel's reference page of the call object (23 fields; five of them are promised, all others may be null). Ids
// are opaque text there, times ISO 8601, durations whole seconds. The switch's id and the hangup cause come from its
// telephone switch. A call has no numbers, no names and no transcript; who wants them finds "not offered" in fields.h.
constexpr std::array kFields{
    CallField{"campaign_id", Id, MayBeNull, &Call::campaignId},  // null: reachable only by the call's id
    CallField{"lead_id", Id, MayBeNull, &Call::leadId},
    CallField{"agent_id", Id, MayBeNull, &Call::agentId},  // a person; null when only the voice agent spoke
    CallField{"fs_uuid", Id, Always, &Call::switchId},
    CallField{"direction", Text, Always, &Call::typeRaw},
    CallField{"status", Text, Always, &Call::statusRaw},
    CallField{"dial_time", Time, MayBeNull, &Call::dialTime},
    CallField{"ring_time", Time, MayBeNull, &Call::ringTime},
    CallField{"answer_time", Time, MayBeNull, &Call::answerTime},
    CallField{"agent_connect_time", Time, MayBeNull, &Call::agentConnectTime},
    CallField{"end_time", Time, MayBeNull, &Call::endTime},
    CallField{"ring_duration_s", Seconds, MayBeNull, &Call::ringSeconds},
    CallField{"talk_duration_s", Seconds, MayBeNull, &Call::talkSeconds},    // answer to end
    CallField{"total_duration_s", Seconds, MayBeNull, &Call::totalSeconds},  // dial to end
    CallField{"hangup_cause", Text, MayBeNull, &Call::hangupCause},
    CallField{"has_recording", Flag, Always, &Call::hasRecording},  // may be true while the address is still null
    CallField{"recording_url", Address, MayBeNull, &Call::recordingUrl},
    CallField{"disposition", Text, MayBeNull, &Call::disposition},
    CallField{"notes", Text, MayBeNull, &Call::notes},
    CallField{"ai_summary", Text, MayBeNull, &Call::summary},
    CallField{"ai_sentiment", Text, MayBeNull, &Call::sentiment},
    CallField{"ai_next_action", Text, MayBeNull, &Call::nextAction},
};
static_assert(kFields.size() == 22, "23 fields with the id");

}  // namespace

std::span<const CallField> yotelFields() {
    return kFields;
}

}  // namespace earmark
