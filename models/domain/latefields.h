// What a provider tells only some time after a call has ended. Pure functions, any thread.
#pragma once

#include <span>

#include "models/domain/call.h"
#include "models/domain/fields.h"

namespace earmark {

/// How long after its end a call may still get more.
inline constexpr std::chrono::minutes kLateFieldsComeWithin{15};

/// The fields whose absence means "perhaps later". Not those that only some customers have (Atoms and Autocalls know a
/// sentiment where somebody made a metric of it): every other customer's calls would be waited for in vain.
[[nodiscard]] std::span<const Field> lateFields(Provider provider);

/// Is one of them still missing? A call that has them all changes no more.
[[nodiscard]] bool lacksLateFields(const Call& call);

}  // namespace earmark
