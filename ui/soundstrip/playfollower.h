// How the strip goes along with what is heard: turns its page, and yields to the hand. Values only, any thread.
#pragma once

#include <optional>

#include "models/audio/skipplan.h"
#include "ui/soundstrip/timescale.h"

namespace earmark {

class PlayFollower final {
 public:
    /// Another call: nothing yielded.
    void begin(std::chrono::milliseconds at);
    /// The place is now `to`. The scale that has it in sight, where the view must go along; nullopt: it may stay.
    [[nodiscard]] std::optional<TimeScale> moved(std::chrono::milliseconds to, const TimeScale& scale,
                                                 const SkipPlan& skips, const std::optional<TimeSpan>& loop);
    /// The hand scrolled or zoomed: when that took the place out of sight, it stays out until it comes in by itself,
    /// by the hand, or by a jump.
    void turnedByHand(const TimeScale& scale);
    [[nodiscard]] bool yields() const { return m_yields; }

 private:
    std::chrono::milliseconds m_at{};  ///< last told to moved()
    bool m_yields = false;
};

/// Somebody asked for another place: what playing does by itself (going on, leaving out, looping) is none.
[[nodiscard]] bool isJump(std::chrono::milliseconds from, std::chrono::milliseconds to, const SkipPlan& skips,
                          const std::optional<TimeSpan>& loop);

}  // namespace earmark
