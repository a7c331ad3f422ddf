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
    double fading = 0;               ///< dB by which the second side becomes weaker until the end
    bool isSparse = false;           ///< the second side says a word now and then, with long silences between
    double lostPackets = 0;          ///< the share of 20 ms that never arrive, in bursts of up to 60 ms

    /// A steady hiss at most: nearly all of the time without speech has to go. Anything else may be taken for speech.
    [[nodiscard]] bool isEasy() const {
        return extra == Extra::None &&
               (noise == LineNoise::None || ((noise == LineNoise::White || noise == LineNoise::Pink) && noiseDb < -35));
    }
};

/// What is said in a stretch of 10 ms.
struct SaidFrame {
    double below = -200;     ///< dB against the loudest moment of its sentence; -200: nothing is said
    double level = -200;     ///< of the speech band, dB of full scale
    double above = -200;     ///< dB over the line's noise around it (HeardFrame)
    bool isAudible = false;  ///< for at least 20 ms on end, as loud as kHeardAbove, kHeardBelow and kHeardLevel say
};

/// What a listener can make out of speech: so many dB over the noise around,
inline constexpr double kHeardAbove = 3;
/// no more than this below the loudest moment of its sentence (a breath is -38 dB),
inline constexpr double kHeardBelow = -45;
/// and above what the smallest steps of telephone sound leave of it.
inline constexpr double kHeardLevel = -69;

struct HeldOutCall {
    int rate = 8000;
    int channels = 2;
    std::vector<std::int16_t> samples;  ///< interleaved
    std::vector<SaidFrame> said;        ///< the clearest of both sides
};

/// Sentences of both sides in turn; `espeak` empty: all of them from the own generator.
[[nodiscard]] HeldOutCall heldOutCall(const LineForm& form, const std::vector<Track>& espeak, unsigned seed);

}  // namespace earmark::fixture
