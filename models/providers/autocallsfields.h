// Autocalls' call object as a table that can be held against the provider's document. Any thread.
#pragma once

#include "models/providers/callfields.h"

namespace earmark {

/// The fields that become one value of a Call each. Order as in the provider's document.
[[nodiscard]] std::span<const CallField> autocallsFields();
/// All names of the document that have a place of their own: the fields above, the id and the parts read by
/// autocallsdetails.h. Whatever else a call holds is an "other value".
[[nodiscard]] std::span<const char* const> autocallsPlacedNames();

}  // namespace earmark
