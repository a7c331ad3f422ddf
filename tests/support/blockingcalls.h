// Between the hooked calls and the heartbeat: who is watched, and what was found. Any thread.
#pragma once

#include <atomic>
#include <string>
#include <vector>

namespace earmark::test::hooks {

/// Set in the watched thread while an event handler of it runs; the hooks look at nothing else.
extern thread_local bool inHandler;
/// Set in the watched thread for good.
extern thread_local bool isWatched;
/// Called by the watched thread when it looks at the outside world between two events.
extern std::atomic<void (*)()> betweenTurns;

/// Symbols of the callers, innermost first, without the hook's own.
[[nodiscard]] std::string callers(void* const* frames, int count);

void setProfile(const std::string& folder);          ///< files below it belong to the lanes
void setInteresting(const std::string& partOfPath);  ///< opens of such paths are written down; empty = none
[[nodiscard]] std::vector<std::string> takeBlocking();
[[nodiscard]] std::vector<std::string> opened();
[[nodiscard]] std::vector<std::string> connected();
void forgetOutside();

}  // namespace earmark::test::hooks
