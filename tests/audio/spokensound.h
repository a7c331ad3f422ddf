// Conversations that tests make themselves, with every turn known to the sample: voices of pulses and formants with
// hissing beginnings and endings, over a line's noise, with the other side's echo where wanted. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "models/domain/timespan.h"

namespace earmark::fixture {

struct SpokenForm {
    int rate = 8000;
    double seconds = 40;
    double noiseDb = -60;   ///< RMS of the line's noise; at or below -120: none
    double voiceDb = -20;   ///< of voiced sounds; hissing ones are about 25 dB weaker
    double echoDb = -200;   ///< how much of the other side is heard on each line
    double overlap = 0.15;  ///< how many turns begin before the other has ended
    double firstTurn = 1.0;
    unsigned seed = 1;
};

struct SpokenCall {
    int rate = 0;
    std::vector<std::int16_t> samples;  ///< stereo, interleaved
    std::vector<TimeSpans> turns;       ///< per channel: from the first sample of speech to the last, rounded outwards

    [[nodiscard]] std::int64_t frames() const { return static_cast<std::int64_t>(samples.size() / 2); }
    [[nodiscard]] std::chrono::milliseconds duration() const {
        return std::chrono::milliseconds(frames() * 1000 / rate);
    }
    /// Both channels together, joined.
    [[nodiscard]] TimeSpans allTurns() const;
    /// One channel of both.
    [[nodiscard]] std::vector<std::int16_t> mixed() const;
};

[[nodiscard]] SpokenCall spokenCall(const SpokenForm& form);

/// Adds sines of these frequencies to a channel.
void addTone(SpokenCall& call, int channel, const TimeSpan& span, const std::vector<double>& hertz, double db);

}  // namespace earmark::fixture
