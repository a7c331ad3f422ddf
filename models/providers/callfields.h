// A provider's call object as a table that can be held against the provider's document, and how it is read into a Call.
// Any thread.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "models/domain/call.h"
#include "models/providers/jsonreader.h"
#include "models/providers/timeparser.h"

namespace earmark {

enum class FieldReading {
    Id,       ///< opaque text; a number keeps its digits
    Text,     ///< text as it came, unknown words included
    Address,  ///< a web address, possibly signed
    Time,     ///< see timeparser.h
    Seconds,  ///< a duration
    Number,   ///< a number or the same in quotes (money), both lawful
    Flag,     ///< true or false
};

enum class FieldPromise { Always, MayBeNull };

using CallMember = std::variant<std::optional<QString> Call::*, std::optional<Moment> Call::*,
                                std::optional<double> Call::*, std::optional<bool> Call::*>;

struct CallField {
    const char* name;
    FieldReading reading;
    FieldPromise promise;
    CallMember member;
};

/// Reads every field of the table into `call`; what is wrong is noted in call.fieldErrors, what had no zone in
/// zoneAssumed.
void readCallFields(std::span<const CallField> fields, JsonReader& reader, const AssumedZone& zone, Call& call);

}  // namespace earmark
