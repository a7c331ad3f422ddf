#include "models/providers/yotelfields.h"

#include <array>

namespace earmark {

namespace {

using enum YotelReading;
using enum YotelPromise;

// Source: Yotel's reference page of the call object (23 fields; five of them are promised, all others may be null). Ids
// are opaque text there, times ISO 8601, durations whole seconds. The switch's id and the hangup cause come from its
// telephone switch. A call has no numbers, no names and no transcript; who wants them finds "not offered" in fields.h.
constexpr std::array kFields{
    YotelField{"campaign_id", Id, MayBeNull, &Call::campaignId},  // null: reachable only by the call's id
    YotelField{"lead_id", Id, MayBeNull, &Call::leadId},
    YotelField{"agent_id", Id, MayBeNull, &Call::agentId},  // a person; null when only the voice agent spoke
    YotelField{"fs_uuid", Id, Always, &Call::switchId},
    YotelField{"direction", Text, Always, &Call::typeRaw},
    YotelField{"status", Text, Always, &Call::statusRaw},
    YotelField{"dial_time", Time, MayBeNull, &Call::dialTime},
    YotelField{"ring_time", Time, MayBeNull, &Call::ringTime},
    YotelField{"answer_time", Time, MayBeNull, &Call::answerTime},
    YotelField{"agent_connect_time", Time, MayBeNull, &Call::agentConnectTime},
    YotelField{"end_time", Time, MayBeNull, &Call::endTime},
    YotelField{"ring_duration_s", Seconds, MayBeNull, &Call::ringSeconds},
    YotelField{"talk_duration_s", Seconds, MayBeNull, &Call::talkSeconds},    // answer to end
    YotelField{"total_duration_s", Seconds, MayBeNull, &Call::totalSeconds},  // dial to end
    YotelField{"hangup_cause", Text, MayBeNull, &Call::hangupCause},
    YotelField{"has_recording", Flag, Always, &Call::hasRecording},  // may be true while the address is still null
    YotelField{"recording_url", Address, MayBeNull, &Call::recordingUrl},
    YotelField{"disposition", Text, MayBeNull, &Call::disposition},
    YotelField{"notes", Text, MayBeNull, &Call::notes},
    YotelField{"ai_summary", Text, MayBeNull, &Call::summary},
    YotelField{"ai_sentiment", Text, MayBeNull, &Call::sentiment},
    YotelField{"ai_next_action", Text, MayBeNull, &Call::nextAction},
};
static_assert(kFields.size() == 22, "23 fields with the id");

template <typename T>
std::optional<T>& target(const YotelField& field, Call& call) {
    return call.*std::get<std::optional<T> Call::*>(field.member);
}

template <typename T>
Presence keep(Reading<T> reading, std::optional<T>& place) {
    place = std::move(reading.value);
    return reading.presence;
}

Presence readTime(const YotelField& field, JsonReader& reader, const AssumedZone& zone, Call& call) {
    const Reading<ParsedTime> reading = reader.time(field.name, zone);
    if (reading.value) {
        target<Moment>(field, call) = reading.value->at;
        if (reading.value->zoneAssumed) {
            call.zoneAssumed += QString::fromLatin1(field.name);
        }
    }
    return reading.presence;
}

Presence read(const YotelField& field, JsonReader& reader, const AssumedZone& zone, Call& call) {
    switch (field.reading) {
        case Id:
            return keep(reader.id(field.name), target<QString>(field, call));
        case Text:
            return keep(reader.text(field.name), target<QString>(field, call));
        case Address:
            return keep(reader.address(field.name), target<QString>(field, call));
        case Time:
            return readTime(field, reader, zone, call);
        case Seconds:
            return keep(reader.seconds(field.name), target<double>(field, call));
        case Flag:
            return keep(reader.flag(field.name), target<bool>(field, call));
    }
    return Presence::Absent;
}

}  // namespace

std::span<const YotelField> yotelFields() {
    return kFields;
}

void readYotelFields(JsonReader& reader, const AssumedZone& zone, Call& call) {
    for (const YotelField& field : kFields) {
        const Presence presence = read(field, reader, zone, call);
        const bool isMissing = presence == Presence::Absent || presence == Presence::Null;
        if (isMissing && field.promise == Always) {
            reader.noteMissing(field.name, presence);
        }
    }
}

}  // namespace earmark
