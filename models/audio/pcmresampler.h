// From a recording's rate and channels to those of the sound device, 16 bit in, 16 bit out. One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/audio/pcmstore.h"

struct SwrContext;

namespace earmark {

class PcmResampler final {
 public:
    PcmResampler() = default;
    ~PcmResampler();
    PcmResampler(const PcmResampler&) = delete;
    PcmResampler& operator=(const PcmResampler&) = delete;

    /// False when the device's form is beyond what can be made.
    [[nodiscard]] bool configure(PcmFormat from, PcmFormat to);
    /// Forgets what is inside: the next sample is the first of a new place.
    void restart();
    void push(std::span<const std::int16_t> samples);
    /// The source has ended: what the filter still holds comes out.
    void pushEnd();
    /// Takes up to into.size() samples (whole frames); returns how many frames.
    [[nodiscard]] std::int64_t take(std::span<std::int16_t> into);
    [[nodiscard]] std::int64_t framesReady() const;

 private:
    void convert(const std::int16_t* samples, int frames);

    PcmFormat m_from;
    PcmFormat m_to;
    SwrContext* m_context = nullptr;
    std::vector<std::int16_t> m_ready;
    std::size_t m_taken = 0;
};

}  // namespace earmark
