// What the player's state machine asks of the sound side, and what it hears back. Values only; the interface is called
// on the main thread.
#pragma once

#include <QMetaType>
#include <chrono>
#include <cstdint>
#include <memory>

#include "models/audio/pcmstore.h"

namespace earmark {

using SteadyTime = std::chrono::steady_clock::time_point;

enum class SoundPhase {
    Silent,    ///< nothing of this order is heard yet, or its samples are not decoded yet
    Sounding,  ///< `frame` is heard at `at`
    Ended,     ///< everything up to the recording's end was heard
};

/// `order` is the number of the play() that this answers; answers to older orders are stale.
struct SoundReport {
    quint64 order = 0;
    SoundPhase phase = SoundPhase::Silent;
    double frame = 0;
    SteadyTime at{};
};

class SoundOutput {
 public:
    virtual ~SoundOutput() = default;
    /// nullptr: silence at once, nothing is kept.
    virtual void setSamples(std::shared_ptr<const PcmStore> samples) = 0;
    /// From this frame on; also a jump while it plays.
    virtual void play(std::int64_t frame, quint64 order) = 0;
    virtual void halt() = 0;
    virtual void setGain(double amplitude) = 0;
};

}  // namespace earmark

Q_DECLARE_METATYPE(earmark::SoundReport)
