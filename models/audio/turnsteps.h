// From turn to turn in a recording: which one is heard, and where the one before and after begin. Pure, any thread.
#pragma once

#include <optional>
#include <vector>

#include "models/audio/soundmap.h"
#include "models/audio/turnplaces.h"

namespace earmark {

class TurnSteps final {
 public:
    TurnSteps() = default;
    explicit TurnSteps(const std::vector<TurnPlace>& places);
    /// Where no transcript tells turns: a turn begins where a voice does after 0.6 s of its own silence. Only for
    /// previous() and next().
    explicit TurnSteps(const SoundMap& sound);
    [[nodiscard]] bool isEmpty() const { return m_said.empty(); }  ///< nowhere to step to

    /// Index into CallDetails::transcript of the turn that began last, but for what nobody says (a tool) in the middle
    /// of words that go on: then of these. nullopt: none has begun.
    [[nodiscard]] std::optional<int> turnAt(std::chrono::milliseconds at) const;
    /// The begin of what is being said, when it began more than 1.5 s ago; else of what was said before. The first one
    /// has none before it: its own. nullopt: nothing is said up to here. Tools and interruptions are passed over.
    [[nodiscard]] std::optional<std::chrono::milliseconds> previous(std::chrono::milliseconds at) const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> next(std::chrono::milliseconds at) const;
    /// nullopt: it has no place.
    [[nodiscard]] std::optional<std::chrono::milliseconds> beginOf(int turn) const;

 private:
    struct Begin {
        std::chrono::milliseconds at{};
        int turn = 0;
        bool isSaid = false;
        std::chrono::milliseconds until{};
    };
    std::vector<Begin> m_all;                       ///< ascending; told times may be out of order
    std::vector<std::chrono::milliseconds> m_said;  ///< ascending
    std::vector<std::optional<std::chrono::milliseconds>> m_ofTurn;
};

}  // namespace earmark
