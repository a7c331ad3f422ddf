// What the player does when: open, play, pause, seek, loop, scrub, end, and a clock that carries the position where no
// sound device is. Pure: time comes in as an argument, sound goes out through SoundOutput. Main thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "models/domain/error.h"
#include "models/domain/timespan.h"
#include "ui/playback/playbackclock.h"
#include "ui/playback/playbackpath.h"
#include "ui/playback/player.h"
#include "ui/playback/soundoutput.h"

namespace earmark {

class PlayerStateMachine final {
 public:
    using Milliseconds = std::chrono::milliseconds;

    explicit PlayerStateMachine(SoundOutput& output) : m_output(output) {}

    // What the user asks for.
    void open(Milliseconds startAt);
    void close();
    void play(SteadyTime now);
    void pause(SteadyTime now);
    void seek(Milliseconds position, SteadyTime now);
    void skip(Milliseconds by, SteadyTime now);
    void setVolume(double volume);
    void setMuted(bool muted);
    void setTempo(double tempo, SteadyTime now);
    void againSlower(SteadyTime now);
    void setLoop(std::optional<TimeSpan> loop, SteadyTime now);
    void markLoop(SteadyTime now);
    void setSkips(TimeSpans skips, SteadyTime now);
    void setVoices(const VoiceMix& mix);
    void setAutoBack(Milliseconds back);
    void scrub(Milliseconds position, SteadyTime now);
    void endScrub(SteadyTime now);

    // What happens.
    void opened(std::shared_ptr<const PcmStore> samples, SteadyTime now);
    void decoded(SteadyTime now);  ///< the length is exact now
    void failed(const Error& error);
    void reported(const SoundReport& report, SteadyTime now);
    void deviceFound(bool found, SteadyTime now);
    void tick(SteadyTime now);  ///< about 20 times a second while playing or scrubbing

    [[nodiscard]] PlayerState state() const { return m_state; }
    /// Play was pressed, but the samples for the position are not there yet.
    [[nodiscard]] bool isWaiting() const;
    [[nodiscard]] bool wantsToPlay() const { return m_wantsToPlay; }
    [[nodiscard]] Milliseconds position(SteadyTime now) const;
    [[nodiscard]] Milliseconds duration() const;
    /// The position moves, and with a device something is heard.
    [[nodiscard]] bool isRunning() const { return m_state == PlayerState::Playing && m_clock.runs(); }
    [[nodiscard]] double speedHeard() const { return m_heardTempo; }  ///< while it runs
    [[nodiscard]] bool isScrubbing() const { return m_scrub.has_value(); }
    [[nodiscard]] bool isAudible() const {
        return m_hasDevice && !m_muted && m_volume > 0 && !(m_mix.muted[0] && m_mix.muted[1]);
    }
    /// How often a recording was heard to its end.
    [[nodiscard]] int endings() const { return m_endings; }
    [[nodiscard]] double tempo() const { return m_tempo; }
    [[nodiscard]] double tempoHeard() const { return m_slower ? m_slower->tempo : m_tempo; }
    [[nodiscard]] const std::optional<TimeSpan>& loop() const { return m_loop; }
    [[nodiscard]] const std::optional<Milliseconds>& loopBegin() const { return m_loopBegin; }
    [[nodiscard]] const VoiceMix& voices() const { return m_mix; }
    [[nodiscard]] double volume() const { return m_volume; }
    [[nodiscard]] bool isMuted() const { return m_muted; }
    [[nodiscard]] bool hasDevice() const { return m_hasDevice; }
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }

    /// Perceived loudness to amplitude: a third power, so that half of the way sounds about half as loud.
    [[nodiscard]] static double amplitude(double volume) { return volume * volume * volume; }

 private:
    struct Scrub {
        std::int64_t wanted = 0;
        std::int64_t sent = -1;
        SteadyTime sentAt{};
    };

    [[nodiscard]] double frameAt(SteadyTime now) const;
    [[nodiscard]] std::int64_t framesOf(Milliseconds time) const;
    [[nodiscard]] Milliseconds timeOf(double frame) const;
    [[nodiscard]] FrameSpan framesOf(const TimeSpan& span) const;
    [[nodiscard]] std::int64_t rate() const { return m_samples ? m_samples->format().sampleRate : 0; }
    [[nodiscard]] std::int64_t available() const { return m_samples ? m_samples->framesAvailable() : 0; }
    [[nodiscard]] bool isComplete() const { return m_samples && m_samples->isFinished(); }
    [[nodiscard]] double backFrom(double frame, Milliseconds time) const;
    void reset(PlayerState state);
    void jump(double frame, SteadyTime now);
    void startFrom(double frame, SteadyTime now);
    void holdAt(double frame);
    void runWithoutDevice(double frame, SteadyTime now);
    void end();
    void endSlower(double frame);
    void sendGain();
    void sendPath();
    void sendPiece(SteadyTime now);

    SoundOutput& m_output;
    std::shared_ptr<const PcmStore> m_samples;
    PlayerState m_state = PlayerState::Empty;
    std::optional<Error> m_problem;
    bool m_wantsToPlay = false;
    Milliseconds m_startAt{};     ///< before the samples' rate is known
    bool m_hasDevice = true;      ///< until the sound side says otherwise
    bool m_deviceIsMute = false;  ///< it was given up because it answered nothing
    double m_volume = 1;
    bool m_muted = false;
    quint64 m_order = 0;
    double m_tempo = 1;
    std::optional<SoundOrder::Slower> m_slower;  ///< againSlower() is at work
    double m_slowFrom = 0;
    std::optional<TimeSpan> m_loop;
    std::optional<Milliseconds> m_loopBegin;
    TimeSpans m_skips;
    PlaybackPath m_path;  ///< of the two
    VoiceMix m_mix;
    Milliseconds m_autoBack{1000};
    bool m_resumes = false;  ///< paused while it played: something is heard again when it goes on
    bool m_chosen = false;   ///< somebody went to the place; else a stretch that is left out is left there too
    double m_startedAt = 0;  ///< place of the last order
    std::optional<Scrub> m_scrub;
    int m_endings = 0;
    PlaybackClock m_clock;
    double m_heardTempo = 1;  ///< what the clock runs at
    SteadyTime m_lastAnswer{};
};

}  // namespace earmark
