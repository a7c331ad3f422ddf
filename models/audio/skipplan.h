// What skip-silence leaves out, and why it may: never a word. Pure, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "models/audio/soundmap.h"

namespace earmark {

enum class SkipMode { Off, Gentle, Strong };
enum class SkipReason { Silence, Ringback, Hold };

struct SkippedSpan {
    TimeSpan span;
    SkipReason reason = SkipReason::Silence;

    friend bool operator==(const SkippedSpan&, const SkippedSpan&) = default;
};

struct SkipPlan {
    std::vector<SkippedSpan> spans;  ///< ascending, none touching another; empty when off

    [[nodiscard]] std::chrono::milliseconds saved() const;  ///< at normal speed
    /// The same place when it is heard; where it would be left out, the place after it.
    [[nodiscard]] std::chrono::milliseconds heardPlace(std::chrono::milliseconds at) const;
    friend bool operator==(const SkipPlan&, const SkipPlan&) = default;
};

struct SkipQuestion {
    SkipMode mode = SkipMode::Gentle;
    /// Turns that the transcript tells, in the recording's time: nothing of them is left out, whatever the sound says.
    std::span<const TimeSpan> toldTurns;
    /// When the call was answered, in the recording's time; nullopt = not known. Ring-back counts before it, or on all
    /// channels at once.
    std::optional<std::chrono::milliseconds> answeredAt;
};

/// What is left before and after everything that is heard.
inline constexpr std::chrono::milliseconds kGentlePadding{300};
inline constexpr std::chrono::milliseconds kStrongPadding{150};
/// A shorter stretch without speech is a pause that belongs to speaking.
inline constexpr std::chrono::milliseconds kShortestSkippable{800};

[[nodiscard]] SkipPlan planSkips(const SoundMap& map, const SkipQuestion& question);

}  // namespace earmark
