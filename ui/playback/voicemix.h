// How the two voices of a stereo recording are heard. Plain values, any thread.
#pragma once

#include <array>

namespace earmark {

/// A mono recording is not changed by it. By channel of the file: 0 is its first.
struct VoiceMix {
    std::array<bool, 2> muted{};  ///< both muted: nothing is heard
    double balance = 0;           ///< -1 only the first channel .. 0 both alike .. 1 only the second
    bool swapped = false;         ///< the first channel is heard on the right
    bool together = false;        ///< both voices on both sides, for one ear

    friend bool operator==(const VoiceMix&, const VoiceMix&) = default;
};

}  // namespace earmark
