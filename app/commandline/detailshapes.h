// What a provider tells of a call beyond its row, as JSON and as text; the JSON shapes are a contract with everyone who
// reads our output. Any thread.
#pragma once

#include "app/commandline/jsonwriter.h"
#include "models/domain/calldetails.h"

namespace earmark {

/// The members transcript, metrics, variables, latency and feedback, in the object that is open.
void writeDetails(JsonWriter& json, const CallDetails& details);

/// Metrics, variables, latency, feedback and what has no field of its own, a line each; "not offered by X" where that
/// is so.
[[nodiscard]] QString detailsText(const Call& call, const CallDetails& details);
/// One line a turn: when, who, what; "" where there is none.
[[nodiscard]] QString transcriptText(const CallDetails& details);

}  // namespace earmark
