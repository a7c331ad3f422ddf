// The sound system as the audio thread sees it, thin enough that a test can take its place: which devices there are,
// and one that is open and pulls its sound. Everything is called in the audio thread. Each call may wait for the sound
// server, and one that hangs holds the thread (see AudioOutput, which then goes on without it).
#pragma once

#include <QAudioFormat>
#include <QByteArray>
#include <QList>
#include <cstdint>
#include <functional>
#include <memory>

#include "ui/playback/outputdevice.h"

namespace earmark {

class PcmFeed;

/// Plays what its feed gives until it is destroyed, which stops it at once.
class SoundDevice {
 public:
    virtual ~SoundDevice() = default;
    [[nodiscard]] virtual PcmFeed& feed() = 0;
    virtual void suspend() = 0;
    virtual void resume() = 0;
    [[nodiscard]] virtual bool isSuspended() const = 0;
    [[nodiscard]] virtual bool isStopped() const = 0;  ///< it was taken away. Not every loss is told
    [[nodiscard]] virtual int sampleRate() const = 0;
    [[nodiscard]] virtual std::int64_t bufferFrames() const = 0;
    /// How many frames of what was pulled have been heard.
    [[nodiscard]] virtual std::int64_t playedFrames() const = 0;
};

/// Makes what the device pulls; the device owns it.
using FeedMaker = std::function<std::unique_ptr<PcmFeed>(const QAudioFormat& format)>;

class SoundSystem {
 public:
    virtual ~SoundSystem() = default;
    [[nodiscard]] virtual QList<OutputDevice> devices() = 0;
    /// A device is wanted: whoever looks for a sound server only when asked, or now and then, may look at once.
    virtual void lookNow() = 0;
    /// Something of the sound library's own lives in this thread, which therefore must not end.
    [[nodiscard]] virtual bool needsThisThread() const = 0;
    /// nullptr: it cannot be opened.
    [[nodiscard]] virtual std::unique_ptr<SoundDevice> open(const QByteArray& id, const FeedMaker& makeFeed) = 0;
};

using SoundSystemMaker = std::function<std::unique_ptr<SoundSystem>()>;

}  // namespace earmark
