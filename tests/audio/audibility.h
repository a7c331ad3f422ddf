// Which moments of a clean voice a listener can make out over a line's noise. Any thread.
#pragma once

#include <vector>

#include "tests/audio/voices.h"

namespace earmark::fixture {

/// A stretch of 10 ms.
struct HeardFrame {
    double level = -200;  ///< of the voice in the speech band, dB of full scale
    double above =
        -200;  ///< dB over the noise around, in the lower or the upper half of that band, whichever is clearer
};

/// Per 10 ms. The speech band of a telephone begins at 200 Hz; its halves part at 1400 Hz, so that a hiss counts that
/// is heard above a hum. Noise is its mean over 110 ms around, never less than the smallest step of 16 bit.
[[nodiscard]] std::vector<HeardFrame> heardFrames(const Track& voice, const Track& noise, int rate);

}  // namespace earmark::fixture
