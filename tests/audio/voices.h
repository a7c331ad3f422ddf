// Two people speaking at once, one in each channel: what the listening tests play and compare with. Read from the
// demo's G.711 file by this file itself, so that the product's decoder has no part in what is right. Any thread.
#pragma once

#include <QString>
#include <cstdint>
#include <vector>

namespace earmark::fixture {

using Track = std::vector<double>;

/// Agent left, customer right, speech from the first to the last moment.
struct Voices {
    int rate = 0;
    std::vector<Track> channels;

    [[nodiscard]] Voices at(int otherRate) const;  ///< the same sound at a higher (or the same) rate
    [[nodiscard]] std::vector<std::int16_t> samples(int channelCount) const;  ///< interleaved; 1: the agent alone
};

/// Empty channels when the file is not there. At most 2.8 s, at 8 kHz.
[[nodiscard]] Voices demoVoices();

/// A WAV of 16 bit PCM, read by hand; any number of channels.
[[nodiscard]] Voices readPcmWav(const QString& file);

/// Windowed sinc: what lies below half of the lower rate arrives unchanged.
[[nodiscard]] Track resampled(const Track& track, int from, int to);

}  // namespace earmark::fixture
