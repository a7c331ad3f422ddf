// Figures about a conversation, measured in its sound. Pure, any thread.
#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "models/audio/soundmap.h"

namespace earmark {

/// One per channel, in the recording's own order.
struct VoiceFigures {
    std::chrono::milliseconds talk{};
    double share = 0;                              ///< of all talk of both voices, 0..1; 0 when nobody speaks
    std::chrono::milliseconds longestMonologue{};  ///< pauses below 1.5 s do not end it, the other voice does
    int interruptions = 0;                         ///< began while the other was speaking, and kept on
};

struct CallFigures {
    std::chrono::milliseconds duration{};
    std::chrono::milliseconds silence{};  ///< nobody speaks
    /// nullopt: not measurable, the voices share one channel.
    struct Voices {
        std::array<VoiceFigures, 2> each;
        std::chrono::milliseconds overlap{};
    };
    std::optional<Voices> voices;
};

[[nodiscard]] CallFigures figuresOf(const SoundMap& map);

}  // namespace earmark
