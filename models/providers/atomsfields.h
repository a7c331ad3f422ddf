// The call object of smallest.ai Atoms as a table that can be held against the provider's document. Any thread.
#pragma once

#include "models/providers/callfields.h"

namespace earmark {

/// The members that are plain values of a call. `callId` becomes the key; what has a structure of its own is named
/// below.
[[nodiscard]] std::span<const CallField> atomsFields();

/// Members that are read in other ways (atomscall.h, atomsdetails.h).
[[nodiscard]] std::span<const char* const> atomsStructures();

}  // namespace earmark
