// What an Autocalls call tells beyond its fields, each in the shapes in which the platform and its white-labels write
// it. Pure functions, any thread.
//
// - transcript: text ("AI: ..." and "Customer: ..." lines), a list of {text, sender, timestamp}, such a list as JSON in
//   a text, null.
// - evaluation: an object of names and values, or a list of {name, type, value, description}. Its summary, sentiment,
//   next_action and outcome are a call's own fields where they are text.
// - variables: an object; PHP writes an empty one as [].
#pragma once

#include "models/domain/account.h"
#include "models/domain/calldetails.h"
#include "models/providers/jsonreader.h"

namespace earmark {

/// Reads into a call whose fields are known: transcript, what the evaluation says about the call, whether there is a
/// recording. What stands in the place of something else is noted.
void readAutocallsParts(JsonReader& reader, const AssumedZone& zone, Call& call);

/// From the raw object. Where the recording begins is not told, so turns have moments at the most, never places in it.
[[nodiscard]] CallDetails autocallsDetails(const Account& account, const Call& call);

}  // namespace earmark
