// Measures one channel while its samples come in: peaks to draw, loudness every 10 ms, how much of each 20 ms is a pure
// tone. Knows nothing about speech; that is judged afterwards from these figures. One thread at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/audio/samplesums.h"
#include "models/audio/soundmap.h"

namespace earmark {

/// A stretch of 10 ms. Levels are hundredths of dB below full scale, about its own mean: neither an offset of the line
/// nor what is slower than any voice counts.
struct SoundFrame {
    std::int16_t level = 0;
    std::int16_t bright = 0;  ///< the same of the differences between samples: hissing sounds stand out, hum does not
};

/// A stretch of two frames.
struct ToneBlock {
    /// What two sines cannot explain, as a share of its energy; 1 where it is too quiet to tell, or where it differs so
    /// much from the block before that no tone goes on here.
    float rest = 1;
    float hertz = 0;  ///< where its energy lies on average; 0 where it is too quiet to tell
    float width = 0;  ///< and how far around there, in hertz; noise adds to it

    [[nodiscard]] bool goesOnFrom(const ToneBlock& before) const {
        return before.hertz > 0 && std::abs(hertz - before.hertz) <= std::max(16.0F, 0.04F * hertz);
    }
};

inline constexpr int kFramesPerSecond = 100;
inline constexpr int kQuietest = -12000;  ///< digital silence

/// All levels over the peaks of level 0, as SoundMap keeps them.
[[nodiscard]] std::vector<std::vector<Peak>> peakLevels(std::vector<Peak> base);

class ChannelMeter final {
 public:
    explicit ChannelMeter(int sampleRate);

    void push(std::span<const std::int16_t> samples);
    void finish();  ///< what is left becomes the last bucket and the last frame

    /// Samples of one frame; a frame's time is its index times this, divided by the rate.
    [[nodiscard]] int frameLength() const { return m_frameLength; }
    [[nodiscard]] const std::vector<SoundFrame>& frames() const { return m_frames; }
    [[nodiscard]] const std::vector<ToneBlock>& blocks() const { return m_blocks; }
    [[nodiscard]] std::vector<Peak> takePeaks() { return std::move(m_peaks); }

 private:
    void addPeaks(std::span<const std::int16_t> samples);
    void addBlocks(std::span<const std::int16_t> samples);  ///< some whole ones, or what there is at the end
    [[nodiscard]] ToneBlock thinnedToneOf(std::span<const std::int16_t> samples);
    template <typename Values>
    [[nodiscard]] ToneBlock toneFrom(const Values& values, std::array<double, 3> pairs) const;

    int m_rate;
    int m_frameLength;
    int m_thinning;  ///< tones are looked for at about 8 kHz
    std::vector<std::int16_t> m_waiting;
    std::vector<double> m_thinned;
    std::vector<SoundFrame> m_frames;
    std::vector<ToneBlock> m_blocks;
    std::vector<Peak> m_peaks;
    Peak m_bucket;
    std::int64_t m_bucketFrames = 0;
};

}  // namespace earmark
