// Turns a local recording into samples. One object per recording, used by one thread at a time (a decoding thread); the
// interface says nothing about libav, so that the work could move to a child process.
#pragma once

#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>

#include "models/audio/pcmstore.h"
#include "models/domain/result.h"

namespace earmark {

struct RecordingInfo {
    QString container;       ///< "wav", "mp3", "ogg", "flac", "mp4"
    QString codec;           ///< libav's name, for the log
    PcmFormat format;        ///< of the samples that come out: the file's own rate, one or two channels
    int sourceChannels = 0;  ///< more than two are mixed down
    std::optional<std::int64_t> estimatedFrames;
};

struct DecodeOutcome {
    std::int64_t frames = 0;                  ///< what exists, exact
    std::optional<std::int64_t> damagedFrom;  ///< first frame that is missing, unreadable or replaced by silence
    bool soundAfterDamage = false;            ///< the damage is a gap; false: nothing comes after it
    std::optional<Error> stoppedBy;           ///< disk full, too long: the frames so far are good
};

class AudioDecoder {
 public:
    virtual ~AudioDecoder() = default;

    /// Opens the file and decodes its first samples. NotAudio: other bytes than a recording; Playback: a recording
    /// without sound or in a form that cannot be played; NotFoundHere, Storage; Cancelled.
    [[nodiscard]] virtual Result<RecordingInfo> open(const QString& file, std::stop_token stop) = 0;
    /// After open(): everything from the first frame on into the store (made with info.format), which it finishes.
    /// Cancelled when asked to stop.
    [[nodiscard]] virtual Result<DecodeOutcome> decodeInto(PcmStore& store, std::stop_token stop) = 0;
};

[[nodiscard]] std::unique_ptr<AudioDecoder> makeAudioDecoder();

}  // namespace earmark
