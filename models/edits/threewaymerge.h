// Two changes of one value put together: base is what both began with, mine the supervisor's, theirs the provider's.
// Pure functions, any thread.
#pragma once

#include <QString>
#include <optional>

#include "models/domain/review.h"

namespace earmark {

struct ThreeWayTexts {
    std::optional<QString> base;
    std::optional<QString> mine;
    std::optional<QString> theirs;
};

struct ThreeWayResult {
    bool isOverlap = false;        ///< both changed the same place, each in its way: somebody must choose
    std::optional<QString> value;  ///< what both sides' changes make together; nothing where they overlap
    bool gaveUp = false;           ///< too long and too different to be compared: counts as an overlap
    qint64 steps = 0;              ///< comparisons that were made, bounded however long the texts are
};

/// Disposition: atomic. Notes: by lines, never by words (words put together can say what nobody wrote). Marks of this
/// desk have no other side and are never merged.
///
/// What holds for every result (the tests generate cases): it is the same with mine and theirs exchanged; a line that
/// one side added is in it, a line that one side removed and the other left alone is not, each as many times as it was
/// added or removed; it has no line that neither side has; merged once more with either side it stays as it is.
/// Where one of these would not hold, the sides overlap. Lines added by both at one place overlap unless they are
/// equal.
[[nodiscard]] ThreeWayResult mergeField(ReviewField field, const ThreeWayTexts& texts);

/// The same lines, whatever the line breaks and however the last line ends; nothing and "" have no lines.
[[nodiscard]] bool haveSameLines(const std::optional<QString>& one, const std::optional<QString>& other);

/// What to begin with when somebody combines two notes that overlap: what fits together as mergeField() would do it,
/// and where they overlap the lines of mine, then those of theirs that mine does not have there. Disposition: mine.
[[nodiscard]] QString combinedText(ReviewField field, const ThreeWayTexts& texts);

}  // namespace earmark
