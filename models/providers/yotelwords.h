// What Yotel's words mean in the words that all providers share. Pure functions, any thread.
#pragma once

#include "models/domain/call.h"

namespace earmark {

/// Yotel says "failed" for everything that did not come about; the hangup cause tells what it was. A word that is not
/// in the provider's document stays Unknown, however much it looks like one of ours.
[[nodiscard]] CallStatus yotelStatus(const std::optional<QString>& status, const std::optional<QString>& hangupCause);
[[nodiscard]] Direction yotelDirection(const std::optional<QString>& direction);
/// From the hangup cause. NORMAL_CLEARING says that somebody hung up but not who: Unknown. `wasAnswered` because a call
/// that had an answer is not "not answered", whatever the switch calls its end.
[[nodiscard]] EndReason yotelEndReason(const std::optional<QString>& hangupCause, bool wasAnswered);

}  // namespace earmark
