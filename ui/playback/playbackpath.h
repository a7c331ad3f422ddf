// In which order the frames of a recording are heard: what is left out, and what is played over and over. The sound
// device's feed and the clock of the player go the same way by it. Pure values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace earmark {

/// From `begin` up to, but not including, `end`.
struct FrameSpan {
    std::int64_t begin = 0;
    std::int64_t end = 0;

    [[nodiscard]] bool holds(double frame) const {
        return frame >= static_cast<double>(begin) && frame < static_cast<double>(end);
    }
    friend bool operator==(const FrameSpan&, const FrameSpan&) = default;
};

/// Where the sound goes over from one place to another: for `length` frames what follows `leave` fades out while what
/// follows `enter` fades in; then it goes on at `enter` + `length`. Around a left out span both lie within that span,
/// so nothing outside of it is faded.
struct PathJoint {
    std::int64_t leave = 0;
    std::int64_t enter = 0;
    std::int64_t length = 0;

    [[nodiscard]] std::int64_t goesOnAt() const { return enter + length; }
};

class PlaybackPath final {
 public:
    struct Question {
        std::vector<FrameSpan> skips;  ///< ascending, none touching another
        std::optional<FrameSpan> loop;
        std::int64_t fade = 0;   ///< frames of a joint
        std::int64_t total = 0;  ///< of the recording, or the best guess
    };

    PlaybackPath() = default;
    explicit PlaybackPath(Question question);

    /// The next joint for one who plays from this frame on. A span that begins before `from` is not left: whoever went
    /// there wants to hear it. One that begins right there: `alsoHere` says.
    [[nodiscard]] std::optional<PathJoint> jointAfter(double from, bool alsoHere = false) const;
    /// Where one is who has heard so many frames since `from`.
    [[nodiscard]] double forward(double from, double frames) const;
    /// Where one was so many heard frames ago; the loop is not run backwards. Not below 0.
    [[nodiscard]] double backward(double from, double frames) const;
    /// `forward` without the loop.
    [[nodiscard]] double onward(double from, double frames) const;
    [[nodiscard]] std::optional<FrameSpan> skipAt(double frame) const;
    [[nodiscard]] const std::optional<FrameSpan>& loop() const { return m_way.loop; }

 private:
    [[nodiscard]] std::optional<PathJoint> skipAfter(double from, bool alsoHere) const;
    [[nodiscard]] PathJoint loopJoint() const;
    void dropSkipsOfShortLoop();

    Question m_way;
};

}  // namespace earmark
