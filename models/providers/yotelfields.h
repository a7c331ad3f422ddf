// Yotel's call object as a table that can be held against the provider's document. Any thread.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "models/domain/call.h"
#include "models/providers/jsonreader.h"
#include "models/providers/timeparser.h"

namespace earmark {

enum class YotelReading {
    Id,       ///< opaque text; a number keeps its digits
    Text,     ///< text as it came, unknown words included
    Address,  ///< a signed web address
    Time,     ///< see timeparser.h
    Seconds,  ///< a duration
    Flag,     ///< true or false
};

enum class YotelPromise { Always, MayBeNull };

using CallMember = std::variant<std::optional<QString> Call::*, std::optional<Moment> Call::*,
                                std::optional<double> Call::*, std::optional<bool> Call::*>;

struct YotelField {
    const char* name;
    YotelReading reading;
    YotelPromise promise;
    CallMember member;
};

/// All fields but `id`, which becomes the key. Order as in the provider's document.
[[nodiscard]] std::span<const YotelField> yotelFields();

/// Reads every field of the table into `call`; what is wrong is noted in call.fieldErrors, what had no zone in
/// zoneAssumed.
void readYotelFields(JsonReader& reader, const AssumedZone& zone, Call& call);

}  // namespace earmark
