// AudioDecoder by libav. Used by one thread at a time; knows no Qt event loop.
#pragma once

#include "models/audio/audiodecoder.h"
#include "models/audio/libavinput.h"
#include "models/audio/pcmconverter.h"

struct AVCodecContext;
struct AVFrame;
struct AVPacket;
struct AVStream;

namespace earmark {

class LibavDecoder final : public AudioDecoder {
 public:
    LibavDecoder() = default;
    ~LibavDecoder() override;
    LibavDecoder(const LibavDecoder&) = delete;
    LibavDecoder& operator=(const LibavDecoder&) = delete;

    [[nodiscard]] Result<RecordingInfo> open(const QString& file, std::stop_token stop) override;
    [[nodiscard]] Result<DecodeOutcome> decodeInto(PcmStore& store, std::stop_token stop) override;

 private:
    enum class Step { Frame, Gap, End, Stopped };

    [[nodiscard]] Done openCodec();
    [[nodiscard]] Done decodeFirst();
    void readClaims();
    [[nodiscard]] Step next();
    [[nodiscard]] bool readPacket();
    [[nodiscard]] std::int64_t missingBefore(const AVFrame& frame) const;
    [[nodiscard]] Done keepFrame(PcmStore& store, DecodeOutcome& outcome);
    [[nodiscard]] Done keepSamples(PcmStore& store, std::span<const std::int16_t> samples);
    [[nodiscard]] Done keepSilence(PcmStore& store, std::int64_t frames) const;
    void judgeEnd(DecodeOutcome& outcome) const;

    AudioContainer m_container = AudioContainer::Wav;
    std::unique_ptr<LibavInput> m_input;
    AVStream* m_stream = nullptr;
    AVCodecContext* m_codec = nullptr;
    AVFrame* m_frame = nullptr;
    AVPacket* m_packet = nullptr;
    PcmConverter m_converter;
    PcmFormat m_format;
    bool m_hasFirst = false;    ///< m_frame holds the first frame, not yet kept
    bool m_readFailed = false;  ///< the disk, not the end of the file
    std::int64_t m_packetFrames = 0;
    std::int64_t m_gap = 0;  ///< missing frames that become silence when sound follows
    bool m_pastClaim = false;
    std::vector<std::int16_t> m_held;  ///< sound past the end that the head claims
    std::optional<std::int64_t> m_firstPts;
    std::optional<std::int64_t> m_estimated;
    std::optional<std::int64_t> m_claimed;  ///< the length that the file's head promises
};

}  // namespace earmark
