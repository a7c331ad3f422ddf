// What Autocalls' words mean in the words that all providers share. Pure functions, any thread.
#pragma once

#include <optional>

#include "models/domain/call.h"

namespace earmark {

/// A word that is not in the provider's document stays Unknown.
[[nodiscard]] CallStatus autocallsStatus(const std::optional<QString>& status);
[[nodiscard]] Direction autocallsDirection(const std::optional<QString>& type);
/// The status is also where the end is told ("ended_by_customer"); most words tell nothing about it.
[[nodiscard]] EndReason autocallsEndReason(const std::optional<QString>& status);

}  // namespace earmark
