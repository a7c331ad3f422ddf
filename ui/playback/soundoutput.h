// What the player's state machine asks of the sound side, and what it hears back. Values only; the interface is called
// on the main thread.
#pragma once

#include <QMetaType>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "models/audio/pcmstore.h"
#include "ui/playback/playbackpath.h"
#include "ui/playback/voicemix.h"

namespace earmark {

using SteadyTime = std::chrono::steady_clock::time_point;

enum class SoundPhase {
    Silent,    ///< nothing of this order is heard yet, or its samples are not decoded yet
    Sounding,  ///< `frame` is heard at `at`
    Ended,     ///< everything up to the recording's end was heard
};

/// `number` comes back with every answer to it.
struct SoundOrder {
    /// Up to this frame at another speed, then as set.
    struct Slower {
        double tempo = 1;
        std::int64_t until = 0;

        friend bool operator==(const Slower&, const Slower&) = default;
    };

    std::int64_t frame = 0;
    quint64 number = 0;
    std::optional<Slower> slower{};
    /// Above 0: only so many frames, at normal speed and straight on, then silence.
    std::int64_t piece = 0;
};

/// `order` is the number of the order that this answers; answers to older orders are stale.
struct SoundReport {
    quint64 order = 0;
    SoundPhase phase = SoundPhase::Silent;
    double frame = 0;
    SteadyTime at{};
    double tempo = 1;  ///< what is heard there
};

class SoundOutput {
 public:
    virtual ~SoundOutput() = default;
    /// nullptr: silence at once, nothing is kept. Another recording's path is not this one's: it is forgotten.
    virtual void setSamples(std::shared_ptr<const PcmStore> samples) = 0;
    /// Also a jump while it plays.
    virtual void play(const SoundOrder& order) = 0;
    virtual void halt() = 0;
    virtual void setGain(double amplitude) = 0;
    // From the next sample that is made on, without a click.
    virtual void setTempo(double tempo) = 0;
    virtual void setVoices(const VoiceMix& mix) = 0;
    virtual void setPath(const PlaybackPath& path) = 0;
};

}  // namespace earmark

Q_DECLARE_METATYPE(earmark::SoundReport)
