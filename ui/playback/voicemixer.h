// Mutes, balances, swaps and joins the two voices of a stereo recording, without a click when that changes. One thread
// at a time.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ui/playback/voicemix.h"

namespace earmark {

class VoiceMixer final {
 public:
    /// `rampFrames`: a change from nothing to full takes so long.
    void configure(int channels, std::int64_t rampFrames);
    void setMix(const VoiceMix& mix);
    /// What was set holds from the next sample on, without a ramp: the sound begins anew.
    void settle() { m_gains = m_wanted; }
    /// In place; whole frames.
    void mix(std::span<std::int16_t> samples);

 private:
    /// [side][channel]
    using Gains = std::array<std::array<double, 2>, 2>;

    [[nodiscard]] static Gains gainsOf(const VoiceMix& mix);

    static constexpr Gains kAsRecorded{{{1, 0}, {0, 1}}};
    Gains m_gains = kAsRecorded;
    Gains m_wanted = kAsRecorded;
    int m_channels = 1;
    double m_step = 1;
};

}  // namespace earmark
