#include "ui/playback/playerstatemachine.h"

#include <algorithm>
#include <cmath>

namespace earmark {

namespace {

using Seconds = std::chrono::duration<double>;

/// A device that answers nothing for so long is treated as none; opening one can take a second or two.
constexpr std::chrono::seconds kDevicePatience{3};

}  // namespace

void PlayerStateMachine::reset(PlayerState state) {
    m_output.halt();
    m_output.setSamples(nullptr);
    m_samples.reset();
    m_problem.reset();
    m_wantsToPlay = false;
    m_startAt = {};
    m_state = state;
    holdAt(0);
}

void PlayerStateMachine::open(Milliseconds startAt) {
    reset(PlayerState::Loading);
    m_startAt = std::max(startAt, Milliseconds{0});
}

void PlayerStateMachine::close() {
    reset(PlayerState::Empty);
}

void PlayerStateMachine::failed(const Error& error) {
    reset(PlayerState::Failed);
    m_problem = error;
}

void PlayerStateMachine::opened(std::shared_ptr<const PcmStore> samples, SteadyTime now) {
    m_samples = std::move(samples);
    m_output.setSamples(m_samples);
    sendGain();
    m_state = PlayerState::Paused;
    holdAt(static_cast<double>(std::min(framesOf(m_startAt), m_samples->totalFrames())));
    if (m_wantsToPlay) {
        m_wantsToPlay = false;
        play(now);
    }
}

void PlayerStateMachine::decoded(SteadyTime now) {
    if (m_samples && frameAt(now) > static_cast<double>(available())) {
        // The estimate was too long and the position lies behind the true end.
        end();
    }
}

void PlayerStateMachine::play(SteadyTime now) {
    switch (m_state) {
        case PlayerState::Empty:
        case PlayerState::Failed:
        case PlayerState::Playing:
            return;
        case PlayerState::Loading:
            m_wantsToPlay = true;
            return;
        case PlayerState::Ended:
            m_frame = 0;
            break;
        case PlayerState::Paused:
            break;
    }
    if (isComplete() && m_frame >= static_cast<double>(available())) {
        m_frame = 0;
    }
    m_state = PlayerState::Playing;
    m_wantsToPlay = true;
    startFrom(m_frame, now);
}

void PlayerStateMachine::pause(SteadyTime now) {
    m_wantsToPlay = false;
    if (m_state != PlayerState::Playing) {
        return;
    }
    const double frame = frameAt(now);
    m_output.halt();
    m_state = PlayerState::Paused;
    holdAt(frame);
}

void PlayerStateMachine::seek(Milliseconds position, SteadyTime now) {
    if (m_state == PlayerState::Loading) {
        m_startAt = std::max(position, Milliseconds{0});
        return;
    }
    if (!m_samples) {
        return;
    }
    const std::int64_t frame = std::clamp<std::int64_t>(framesOf(position), 0, m_samples->totalFrames());
    if (isComplete() && frame >= available()) {
        end();
        return;
    }
    if (m_state == PlayerState::Ended) {
        m_state = PlayerState::Paused;
    }
    if (m_state == PlayerState::Playing) {
        startFrom(static_cast<double>(frame), now);
    } else {
        holdAt(static_cast<double>(frame));
    }
}

void PlayerStateMachine::setVolume(double volume) {
    m_volume = std::clamp(volume, 0.0, 1.0);
    sendGain();
}

void PlayerStateMachine::setMuted(bool muted) {
    m_muted = muted;
    sendGain();
}

void PlayerStateMachine::sendGain() {
    m_output.setGain(m_muted ? 0 : amplitude(m_volume));
}

void PlayerStateMachine::startFrom(double frame, SteadyTime now) {
    holdAt(frame);
    m_since = now;
    m_lastAnswer = now;
    if (m_hasDevice) {
        // The position stands until the first sample of this order is heard.
        m_output.play(static_cast<std::int64_t>(frame), ++m_order);
    } else {
        m_running = frame < static_cast<double>(available());  // else it stands until this part is decoded
    }
}

void PlayerStateMachine::holdAt(double frame) {
    m_frame = frame;
    m_running = false;
    ++m_order;  // whatever the sound side still says belongs to the past
}

void PlayerStateMachine::end() {
    m_output.halt();
    m_wantsToPlay = false;
    m_state = PlayerState::Ended;
    holdAt(static_cast<double>(available()));
}

void PlayerStateMachine::reported(const SoundReport& report, SteadyTime now) {
    if (m_state != PlayerState::Playing) {
        return;
    }
    if (!m_hasDevice) {
        if (m_deviceIsMute) {
            deviceFound(true, now);
        }
        return;
    }
    m_lastAnswer = now;
    if (report.order != m_order) {
        return;
    }
    switch (report.phase) {
        case SoundPhase::Silent:
            m_frame = frameAt(now);
            m_running = false;
            break;
        case SoundPhase::Sounding:
            m_frame = report.frame;
            m_since = report.at;
            m_running = true;
            break;
        case SoundPhase::Ended:
            end();
            break;
    }
}

void PlayerStateMachine::deviceFound(bool found, SteadyTime now) {
    if (found == m_hasDevice) {
        return;
    }
    const double frame = frameAt(now);
    m_hasDevice = found;
    m_deviceIsMute = false;
    if (m_state == PlayerState::Playing) {
        startFrom(frame, now);
    }
}

void PlayerStateMachine::tick(SteadyTime now) {
    if (m_state != PlayerState::Playing) {
        return;
    }
    if (m_hasDevice) {
        if (now - m_lastAnswer > kDevicePatience) {
            m_output.halt();
            deviceFound(false, now);
            m_deviceIsMute = true;
        }
        return;
    }
    const double frame = frameAt(now);
    const bool atEdge = frame >= static_cast<double>(available());
    if (atEdge && isComplete()) {
        end();
        return;
    }
    // Without a device the clock stands where the samples end and goes on when more are there.
    m_frame = frame;
    m_since = now;
    m_running = !atEdge;
}

double PlayerStateMachine::frameAt(SteadyTime now) const {
    if (!m_running || !m_samples) {
        return m_frame;
    }
    const double passed = std::max(0.0, Seconds(now - m_since).count()) * m_samples->format().sampleRate;
    return std::clamp(m_frame + passed, 0.0, static_cast<double>(available()));
}

std::int64_t PlayerStateMachine::framesOf(Milliseconds time) const {
    const std::int64_t rate = m_samples ? m_samples->format().sampleRate : 0;
    // Far more than a day would overflow and is past every end anyway.
    return std::clamp<std::int64_t>(time.count(), -100'000'000, 100'000'000'000) * rate / 1000;
}

bool PlayerStateMachine::isWaiting() const {
    if (m_state == PlayerState::Loading) {
        return m_wantsToPlay;
    }
    return m_state == PlayerState::Playing && !m_running && !isComplete() &&
           m_frame >= static_cast<double>(available());
}

std::chrono::milliseconds PlayerStateMachine::position(SteadyTime now) const {
    if (!m_samples) {
        return m_state == PlayerState::Loading ? m_startAt : Milliseconds{0};
    }
    return Milliseconds{std::llround(frameAt(now) * 1000 / m_samples->format().sampleRate)};
}

std::chrono::milliseconds PlayerStateMachine::duration() const {
    if (!m_samples) {
        return {};
    }
    return Milliseconds{
        std::llround(static_cast<double>(m_samples->totalFrames()) * 1000 / m_samples->format().sampleRate)};
}

}  // namespace earmark
