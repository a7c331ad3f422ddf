// What the words of smallest.ai Atoms mean in the words that all providers share. Pure functions, any thread.
#pragma once

#include "models/domain/call.h"

namespace earmark {

/// A word that is not in the provider's documents stays Unknown, however much it looks like one of ours.
[[nodiscard]] CallStatus atomsStatus(const std::optional<QString>& status);
/// From the conversation's type: "telephony_inbound", "webcall" ...
[[nodiscard]] Direction atomsDirection(const std::optional<QString>& type);

}  // namespace earmark
