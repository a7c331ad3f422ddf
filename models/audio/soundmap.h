// What a recording looks like: peaks to draw at any zoom, who speaks when, where nobody does. Made once per recording
// from its samples, kept beside it in the cache. Immutable once made; any thread.
#pragma once

#include <QByteArray>
#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "models/audio/pcmstore.h"
#include "models/domain/result.h"
#include "models/domain/timespan.h"

namespace earmark {

/// The lowest and highest sample of a stretch of one channel.
struct Peak {
    std::int16_t lowest = 0;
    std::int16_t highest = 0;

    friend bool operator==(const Peak&, const Peak&) = default;
};

enum class ToneKind {
    Ringback,  ///< 350-480 Hz with a cadence (ITU-T E.180): the other side's telephone rings
    Hold,      ///< music or a steady tone while nobody speaks
};

struct ToneSpan {
    ToneKind kind = ToneKind::Ringback;
    TimeSpan span;
    bool onAllChannels = false;  ///< heard on every channel at once; so it is in a mono recording

    friend bool operator==(const ToneSpan&, const ToneSpan&) = default;
};

struct SoundMap {
    PcmFormat format;         ///< of the samples it was made of
    std::int64_t frames = 0;  ///< exact
    /// [channel][level][bucket]: level 0 has a Peak per kBaseFrames frames, each further level one per four of the
    /// level before, down to a level of at most 512 buckets. The last bucket of a level may stand for fewer frames.
    std::vector<std::vector<std::vector<Peak>>> peaks;
    /// [channel]: voice activity with its own edges, no padding. Tones and steady noise are no voice.
    std::vector<TimeSpans> speech;
    /// At least 300 ms in which every channel is below the level threshold: level only, edges within 60 ms.
    TimeSpans silence;
    std::vector<ToneSpan> tones;  ///< ascending; all channels together
    /// Other steady tones on any channel (a beep, a key, busy, the ring of another call): no voice, yet something to
    /// hear, so that they are not left out as silence.
    TimeSpans beeps;

    static constexpr std::int64_t kBaseFrames = 64;

    [[nodiscard]] std::chrono::milliseconds duration() const;
    /// Lowest and highest of a channel over frames from..to (exclusive), from the level that fits: at most
    /// some tens of buckets are read. An empty or outside stretch: {0, 0}.
    [[nodiscard]] Peak peak(int channel, std::int64_t from, std::int64_t to) const;
};

/// Makes the map while samples come in. One thread at a time.
class SoundMapper final {
 public:
    explicit SoundMapper(PcmFormat format);
    ~SoundMapper();
    SoundMapper(const SoundMapper&) = delete;
    SoundMapper& operator=(const SoundMapper&) = delete;

    void push(std::span<const std::int16_t> interleaved);    ///< whole frames
    [[nodiscard]] std::shared_ptr<const SoundMap> finish();  ///< once; nothing is pushed afterwards

 private:
    class Private;
    std::unique_ptr<Private> d;
};

/// The whole of a finished store. nullptr: asked to stop.
[[nodiscard]] std::shared_ptr<const SoundMap> mapSound(const PcmStore& samples, std::stop_token stop);

/// The map beside its recording ("<recording>.map", 0600): versioned, with a checksum, and bound to the recording's
/// size and modification time, so that a map of other bytes, of an older Earmark or of a torn write is never taken.
/// Blocking; never the main thread. nullptr: none that fits.
[[nodiscard]] std::shared_ptr<const SoundMap> loadSoundMap(const QString& recording);
/// Written aside and renamed; a failure costs only time the next time.
[[nodiscard]] Done saveSoundMap(const QString& recording, const SoundMap& map);

}  // namespace earmark
