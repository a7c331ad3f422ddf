// How fresh the calls are, in words for the status line. Plain functions, main thread.
#pragma once

#include <vector>

#include "models/sync/watch.h"

namespace earmark {

/// "Yotel north: looked for news 12:04; full list 09:30", of the account that was looked at last; "" where none is
/// watched.
[[nodiscard]] QString watchText(const std::vector<WatchState>& states, Moment now);
/// The same of each account, one a line.
[[nodiscard]] QString watchTexts(const std::vector<WatchState>& states, Moment now);

}  // namespace earmark
