// Calls put together from clean sentences and a bad line, with what was really said known to every 10 ms. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/audio/heldoutvoices.h"

namespace earmark::fixture {

enum class LineNoise { None, White, Pink, Hum50, Hum100, Babble, Switching };
enum class Extra { None, RingBack, Keys, Music };

struct LineForm {
    const char* name = "";
    int channels = 2;
    double voiceDb = -18;  ///< of the loudest 10 ms of a sentence
    double sides = 0;      ///< dB by which the second side is louder
    LineNoise noise = LineNoise::None;
    double noiseDb = -60;
    double offset = 0;  ///< of full scale
    double echoDb = -200;
    Extra extra = Extra::None;
    bool isCompanded = false;        ///< through mu-law on the way
    const char* encoding = nullptr;  ///< name of an audioForm

    /// A steady hiss at most: nearly all of the time without speech has to go. Anything else may be taken for speech.
    [[nodiscard]] bool isEasy() const {
        return extra == Extra::None &&
               (noise == LineNoise::None || ((noise == LineNoise::White || noise == LineNoise::Pink) && noiseDb < -35));
    }
};

/// What is said and what else is heard in a stretch of 10 ms.
struct SaidFrame {
    double below = -200;  ///< dB against the loudest moment of its sentence; -200: nothing is said
    double level = -200;  ///< dB of full scale
    double noise = -200;  ///< the line's own in that moment, the same side
};

struct HeldOutCall {
    int rate = 8000;
    int channels = 2;
    std::vector<std::int16_t> samples;  ///< interleaved
    std::vector<SaidFrame> said;        ///< the clearest of both sides
};

/// Sentences of both sides in turn; `espeak` empty: all of them from the own generator.
[[nodiscard]] HeldOutCall heldOutCall(const LineForm& form, const std::vector<Track>& espeak, unsigned seed);

}  // namespace earmark::fixture
