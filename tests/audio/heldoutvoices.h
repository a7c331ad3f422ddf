// Speech that owes nothing to the sounds the detector was made with: a vocal tract of five moving formants over a
// breathing glottis, with plosives, fricatives, nasals, hums, whisper and breaths; or espeak-ng, where it is installed.
// Any thread.
#pragma once

#include <QString>
#include <random>
#include <vector>

#include "tests/audio/voices.h"

namespace earmark::fixture {

struct Talker {
    double pitch = 110;   ///< hertz
    double tract = 1;     ///< formants against a man's: 1.15 a woman, 1.35 a child
    double pace = 1;      ///< 1.6 is fast
    double hiss = -18;    ///< dB of fricatives against vowels
    double ending = -14;  ///< dB by which a sentence has sunk at its end
    bool whispers = false;
    bool breathes = false;  ///< a breath of about -38 dB follows the sentence
};

/// One sentence of about this length, from its first sample to its last; the loudest 10 ms are at 0 dB.
[[nodiscard]] Track spokenSentence(const Talker& talker, double seconds, int rate, std::mt19937& random);

inline constexpr int kHeldVowels = 9;
/// One of kHeldVowels, held at one pitch with the mouth still; the loudest 10 ms are at 0 dB. `unsteady`: the share by
/// which the periods vary, and thrice that their strength; 0: as a machine makes it.
[[nodiscard]] Track heldVowel(const Talker& talker, int vowel, double seconds, double unsteady, int rate,
                              std::mt19937& random);

/// Some short sentences of several languages, voices and speeds; empty where there is no espeak-ng.
[[nodiscard]] std::vector<Track> espeakSentences(int rate, const QString& directory);

}  // namespace earmark::fixture
