// Where a recording's time 0 lies on the clock. Pure, any thread.
#pragma once

#include "models/domain/call.h"

namespace earmark {

/// Yotel records from the agent's connect, Vatel from its started_at; Atoms and Autocalls do not tell: nullopt. Also
/// nullopt where the provider tells no such time for this call.
[[nodiscard]] std::optional<Moment> recordingBegan(const Call& call);

}  // namespace earmark
