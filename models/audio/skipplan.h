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

/// What is left around everything that is heard: words begin weakly, and end more weakly still.
struct SkipPadding {
    std::chrono::milliseconds before{};
    std::chrono::milliseconds after{};
};
inline constexpr SkipPadding kGentlePadding{std::chrono::milliseconds(300), std::chrono::milliseconds(400)};
inline constexpr SkipPadding kStrongPadding{std::chrono::milliseconds(180), std::chrono::milliseconds(250)};
/// A shorter stretch without speech is a pause that belongs to speaking.
inline constexpr std::chrono::milliseconds kShortestSkippable{800};

[[nodiscard]] SkipPlan planSkips(const SoundMap& map, const SkipQuestion& question);

}  // namespace earmark
