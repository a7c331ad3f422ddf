// What a Vatel call tells beyond its fields: transcript with tool calls and interruptions, extracted variables, tags,
// the caller's feedback. Pure functions, any thread.
#pragma once

#include "models/domain/account.h"
#include "models/domain/calldetails.h"
#include "models/providers/jsonreader.h"

namespace earmark {

/// Reads into a call whose fields are known: tags, whether there is a transcript and its words. What stands in the
/// place of a list or an object is noted. A transcript that is absent is one that was not stored (Vatel's document):
/// there is none; one that cannot be read is unknown.
void readVatelParts(JsonReader& reader, const AssumedZone& zone, Call& call);

/// From the raw object. A turn's place in the recording counts from started_at, where Vatel's recordings begin; turns
/// before it and calls without it have none.
[[nodiscard]] CallDetails vatelDetails(const Account& account, const Call& call);

}  // namespace earmark
