#include "models/providers/callfields.h"

namespace earmark {

namespace {

using enum FieldReading;

template <typename T>
std::optional<T>& target(const CallField& field, Call& call) {
    return call.*std::get<std::optional<T> Call::*>(field.member);
}

template <typename T>
Presence keep(Reading<T> reading, std::optional<T>& place) {
    place = std::move(reading.value);
    return reading.presence;
}

Presence readTime(const CallField& field, JsonReader& reader, const AssumedZone& zone, Call& call) {
    const Reading<ParsedTime> reading = reader.time(field.name, zone);
    if (reading.value) {
        target<Moment>(field, call) = reading.value->at;
        if (reading.value->zoneAssumed) {
            call.zoneAssumed += QString::fromLatin1(field.name);
        }
    }
    return reading.presence;
}

Presence read(const CallField& field, JsonReader& reader, const AssumedZone& zone, Call& call) {
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
        case Number:
            return keep(reader.number(field.name), target<double>(field, call));
        case Flag:
            return keep(reader.flag(field.name), target<bool>(field, call));
    }
    return Presence::Absent;
}

}  // namespace

void readCallFields(std::span<const CallField> fields, JsonReader& reader, const AssumedZone& zone, Call& call) {
    for (const CallField& field : fields) {
        const Presence presence = read(field, reader, zone, call);
        const bool isMissing = presence == Presence::Absent || presence == Presence::Null;
        if (isMissing && field.promise == FieldPromise::Always) {
            reader.noteMissing(field.name, presence);
        }
    }
}

}  // namespace earmark
