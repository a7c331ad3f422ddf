// What the player does when: open, play, pause, seek, end, and a clock that carries the position where no sound device
// is. Pure: time comes in as an argument, sound goes out through SoundOutput. Main thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "models/domain/error.h"
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
    void setVolume(double volume);
    void setMuted(bool muted);

    // What happens.
    void opened(std::shared_ptr<const PcmStore> samples, SteadyTime now);
    void decoded(SteadyTime now);  ///< the length is exact now
    void failed(const Error& error);
    void reported(const SoundReport& report, SteadyTime now);
    void deviceFound(bool found, SteadyTime now);
    void tick(SteadyTime now);  ///< about 20 times a second while playing

    [[nodiscard]] PlayerState state() const { return m_state; }
    /// Play was pressed, but the samples for the position are not there yet.
    [[nodiscard]] bool isWaiting() const;
    [[nodiscard]] bool wantsToPlay() const { return m_wantsToPlay; }
    [[nodiscard]] Milliseconds position(SteadyTime now) const;
    [[nodiscard]] Milliseconds duration() const;
    [[nodiscard]] double volume() const { return m_volume; }
    [[nodiscard]] bool isMuted() const { return m_muted; }
    [[nodiscard]] bool hasDevice() const { return m_hasDevice; }
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }

    /// Perceived loudness to amplitude: a third power, so that half of the way sounds about half as loud.
    [[nodiscard]] static double amplitude(double volume) { return volume * volume * volume; }

 private:
    [[nodiscard]] double frameAt(SteadyTime now) const;
    [[nodiscard]] std::int64_t framesOf(Milliseconds time) const;
    [[nodiscard]] std::int64_t available() const { return m_samples ? m_samples->framesAvailable() : 0; }
    [[nodiscard]] bool isComplete() const { return m_samples && m_samples->isFinished(); }
    void reset(PlayerState state);
    void startFrom(double frame, SteadyTime now);
    void holdAt(double frame);
    void end();
    void sendGain();

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
    // The position is (m_frame, m_since) and runs only while m_running.
    double m_frame = 0;
    SteadyTime m_since{};
    bool m_running = false;
    SteadyTime m_lastAnswer{};
};

}  // namespace earmark
