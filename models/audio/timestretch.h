// Faster or slower speech at the same pitch: interleaved 16 bit samples in, samples of the same form out. One thread at
// a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "models/audio/pcmstore.h"

namespace earmark {

inline constexpr double kSlowest = 0.5;
inline constexpr double kFastest = 3.0;

class TimeStretch final {
 public:
    TimeStretch();
    ~TimeStretch();
    TimeStretch(const TimeStretch&) = delete;
    TimeStretch& operator=(const TimeStretch&) = delete;

    void configure(PcmFormat format);
    /// kSlowest..kFastest; from the next sample on, without a click or a gap.
    void setTempo(double tempo);
    [[nodiscard]] double tempo() const;
    /// Forgets what is inside: the next sample is the first of a new place.
    void restart();
    void push(std::span<const std::int16_t> samples);
    void pushEnd();  ///< what is still inside comes out, and not a frame more than it stands for
    /// Takes up to into.size() samples (whole frames); returns how many frames.
    [[nodiscard]] std::int64_t take(std::span<std::int16_t> into);
    [[nodiscard]] std::int64_t framesReady() const;
    /// How many frames of what was pushed since restart() have come out with take(): the next frame taken is that one.
    /// Within half of the stretcher's window (some 30 ms), and without drift over hours.
    [[nodiscard]] double framesTaken() const;

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
