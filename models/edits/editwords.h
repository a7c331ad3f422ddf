// What was done to calls, in words: for the history, for undo, for bulk work. Pure functions, any thread. Texts from
// data come out made safe to show; `momentText` says how the place writes a moment.
#pragma once

#include <functional>

#include "models/domain/review.h"

namespace earmark {

/// "Disposition", "Notes", "Reviewed", "Flag"
[[nodiscard]] QString fieldTitle(ReviewField field);
/// "Disposition: NO_ANSWER → SALE", "Marked as reviewed, listened for 1:13", "Flagged: coach". Values are cut
/// at `limit` characters.
[[nodiscard]] QString changeText(const HistoryEntry& entry, qsizetype limit);
/// Whether changeText() with this limit does not tell all of a value.
[[nodiscard]] bool isCutShort(const HistoryEntry& entry, qsizetype limit);
/// "at the desk", "on the command line", "undone" ...; an unknown one as it is.
[[nodiscard]] QString originText(const QString& origin);
/// Where it went: "sent to X, Sat 18 Apr", "refused by X: ...", "replaced by a later edit"; "" for marks, which go
/// nowhere.
[[nodiscard]] QString fateText(const HistoryEntry& entry, const std::function<QString(Moment)>& momentText);
/// "listened for 1:13"; "" when that is not known.
[[nodiscard]] QString heardText(const std::optional<double>& seconds);

}  // namespace earmark
