// What is cut here because a server does not filter it. Pure functions, any thread.
#pragma once

#include "models/providers/readdialect.h"

namespace earmark {

/// Does this list let the call in, by its times, agents, campaigns and sources? What a provider
/// never tells, nor when a call was, is no reason to leave a call out: it may well belong to the list.
[[nodiscard]] bool isWithin(const CallList& list, const Call& call);

/// The list is narrower than everything that the server would give for it.
[[nodiscard]] bool isCut(const CallList& list);

}  // namespace earmark
