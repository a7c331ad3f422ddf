#include "ui/playback/voicemixer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace earmark {

void VoiceMixer::configure(int channels, std::int64_t rampFrames) {
    m_channels = channels;
    m_step = 1.0 / static_cast<double>(std::max<std::int64_t>(1, rampFrames));
    settle();
}

void VoiceMixer::setMix(const VoiceMix& mix) {
    m_wanted = gainsOf(mix);
}

VoiceMixer::Gains VoiceMixer::gainsOf(const VoiceMix& mix) {
    const double balance = std::clamp(mix.balance, -1.0, 1.0);
    const std::array voice{mix.muted[0] ? 0.0 : std::min(1.0, 1 - balance),
                           mix.muted[1] ? 0.0 : std::min(1.0, 1 + balance)};
    Gains gains{};
    for (std::size_t channel = 0; channel < 2; ++channel) {
        const std::size_t side = mix.swapped ? 1 - channel : channel;
        gains[side][channel] = voice[channel];
        if (mix.together) {
            // Each side gets half of the power: as loud as a mono recording.
            gains[0][channel] = gains[1][channel] = voice[channel] / std::numbers::sqrt2;
        }
    }
    return gains;
}

void VoiceMixer::mix(std::span<std::int16_t> samples) {
    if (m_channels != 2 || (m_gains == m_wanted && m_wanted == kAsRecorded)) {
        return;
    }
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
        std::array<double, 2> sides{};
        for (std::size_t side = 0; side < 2; ++side) {
            for (std::size_t channel = 0; channel < 2; ++channel) {
                double& gain = m_gains[side][channel];
                gain += std::clamp(m_wanted[side][channel] - gain, -m_step, m_step);
                sides[side] += gain * samples[i + channel];
            }
        }
        for (std::size_t side = 0; side < 2; ++side) {
            samples[i + side] = static_cast<std::int16_t>(std::clamp(std::lround(sides[side]), -32768L, 32767L));
        }
    }
}

}  // namespace earmark
