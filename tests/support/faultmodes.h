// Every way in which a server goes wrong that tests of read dialects and write targets share: one line per mode, ready
// to be given as an answer. Plain values, any thread.
#pragma once

#include "tests/support/loopbackserver.h"

namespace earmark::test {

struct FaultMode {
    const char* name;
    Reply reply;
    /// How a reader must take it: gone after another try or two, or there to stay until somebody does something.
    enum class Nature { Passing, Lasting } nature = Nature::Passing;
    bool ends = true;  ///< false: it is our own deadline or cap that ends it
};
using FaultModes = std::vector<FaultMode>;

/// `elsewhere`: an address of another origin, which must never be asked.
[[nodiscard]] FaultModes redirectModes(const QUrl& elsewhere);
[[nodiscard]] FaultModes refusalModes();    ///< 400 to 428: the request, the key or the thing asked for
[[nodiscard]] FaultModes throttleModes();   ///< 429 with both forms of Retry-After, and junk
[[nodiscard]] FaultModes stormModes();      ///< 5xx
[[nodiscard]] FaultModes notTheApiModes();  ///< 200, but a portal, nothing at all, other content
[[nodiscard]] FaultModes cutModes();        ///< closed, reset, too short
[[nodiscard]] FaultModes endlessModes();    ///< hanging, dripping, floods, bombs
[[nodiscard]] FaultModes allModes(const QUrl& elsewhere);

/// For writes: `handler` does its work, and then its answer is lost on the way.
[[nodiscard]] LoopbackServer::Handler answerLost(LoopbackServer::Handler handler, Fault how = Fault::CloseBeforeAnswer);
/// The n-th request (from 1) that comes to this handler is answered by `fault`, all others by `handler`.
[[nodiscard]] LoopbackServer::Handler failingAt(int n, const Reply& fault, LoopbackServer::Handler handler);

}  // namespace earmark::test
