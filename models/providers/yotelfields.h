// Yotel's call object as a table that can be held against the provider's document. Any thread.
#pragma once

#include "models/providers/callfields.h"

namespace earmark {

/// All fields but `id`, which becomes the key. Order as in the provider's document.
[[nodiscard]] std::span<const CallField> yotelFields();

}  // namespace earmark
