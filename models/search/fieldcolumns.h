// Which column of the index holds which field of a call. Pure, any thread.
#pragma once

#include <optional>

#include "models/domain/fields.h"
#include "models/search/segment.h"

namespace earmark {

[[nodiscard]] std::optional<Words> wordsColumn(Field field);
[[nodiscard]] std::optional<Texts> textsColumn(Field field);
[[nodiscard]] std::optional<Numbers> numbersColumn(Field field);
/// No field, and every field that is no time: the start of the call.
[[nodiscard]] Times timesColumn(std::optional<Field> field);

}  // namespace earmark
