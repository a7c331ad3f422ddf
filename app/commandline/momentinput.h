// Days and moments as they are given on the command line. Pure, any thread.
#pragma once

#include <QString>
#include <optional>

#include "models/domain/call.h"

namespace earmark {

/// A day of the system's time zone (its end where it closes a range) or a moment, in the system's zone where it names
/// none; nullopt for anything else.
[[nodiscard]] std::optional<Moment> momentFromText(const QString& text, bool closesRange);

}  // namespace earmark
