// Makes recordings of every kind that recorders and storage deliver, so that tests need no foreign files. Any thread.
#pragma once

#include <QString>
#include <cstdint>
#include <span>
#include <vector>

namespace earmark::fixture {

struct AudioForm {
    const char* name;       ///< of the test row
    const char* container;  ///< libav's name of the muxer
    const char* encoder;    ///< libav's name
    int rate;
    int channels;
    int bitRate;      ///< 0: the encoder's own
    double leastFit;  ///< correlation of what comes out with what went in
    int leadMs;       ///< what the encoder puts before the sound and the file cannot tell of
    const char* suffix;
};

/// Every container and codec that the player promises to play and that can be made here.
[[nodiscard]] std::span<const AudioForm> audioForms();

/// `samples` interleaved at the form's rate and channels. "" or why it could not be made.
[[nodiscard]] QString encode(const AudioForm& form, std::span<const std::int16_t> samples, const QString& file);

}  // namespace earmark::fixture
