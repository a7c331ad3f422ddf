// What Vatel's words mean in the words that all providers share. Pure functions, any thread.
#pragma once

#include <optional>

#include "models/domain/calldetails.h"

namespace earmark {

/// "ended" is Completed also where nobody ever talked (no start time): the provider does not say why. A word that is
/// not in its document stays Unknown.
[[nodiscard]] CallStatus vatelStatus(const std::optional<QString>& status);
/// `outbound` is a boolean; nothing is known without it.
[[nodiscard]] Direction vatelDirection(std::optional<bool> outbound);
/// The kind of a transcript's entry; words that are not in the document are messages.
[[nodiscard]] TurnKind vatelTurnKind(const QString& type);

}  // namespace earmark
