// Brings libav's decoded frames into the one form that the store keeps: interleaved 16 bit, one or two channels, one
// rate for the whole recording. One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/audio/pcmstore.h"
#include "models/domain/result.h"

struct AVFrame;
struct SwrContext;

namespace earmark {

class PcmConverter final {
 public:
    PcmConverter() = default;
    ~PcmConverter();
    PcmConverter(const PcmConverter&) = delete;
    PcmConverter& operator=(const PcmConverter&) = delete;

    /// The first frame decides the rate and the channels of everything that comes out.
    [[nodiscard]] Result<PcmFormat> begin(const AVFrame& first);
    /// Valid until the next call and as long as the frame: one that has the store's form is not copied. A recording may
    /// change its form in the middle (chained Ogg, odd MP3).
    [[nodiscard]] Result<std::span<const std::int16_t>> convert(const AVFrame& frame);

 private:
    [[nodiscard]] bool isReady(const AVFrame& frame) const;
    [[nodiscard]] Done adapt(const AVFrame& frame);

    PcmFormat m_format;
    SwrContext* m_resampler = nullptr;
    int m_inputRate = 0;
    int m_inputFormat = -1;
    int m_inputChannels = 0;
    std::vector<std::int16_t> m_samples;
};

}  // namespace earmark
