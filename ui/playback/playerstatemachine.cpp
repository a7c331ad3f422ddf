#include "ui/playback/playerstatemachine.h"

#include <algorithm>
#include <cmath>
#include <utility>


namespace earmark {

namespace {

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
    m_slower.reset();
    m_loop.reset();
    m_loopBegin.reset();
    m_skips.clear();
    m_path = {};
    m_resumes = false;
    m_chosen = false;
    m_scrub.reset();
    m_state = state;
    holdAt(0);
}

void PlayerStateMachine::open(Milliseconds startAt) {
    reset(PlayerState::Loading);
    m_startAt = std::max(startAt, Milliseconds{0});
    m_chosen = m_startAt.count() > 0;
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
    m_output.setTempo(m_tempo);
    m_output.setVoices(m_mix);
    sendPath();
    m_state = PlayerState::Paused;
    holdAt(static_cast<double>(std::min(framesOf(m_startAt), m_samples->totalFrames())));
    if (m_wantsToPlay) {
        m_wantsToPlay = false;
        play(now);
    }
}

void PlayerStateMachine::decoded(SteadyTime now) {
    if (!m_samples) {
        return;
    }
    if (frameAt(now) > static_cast<double>(available())) {
        // The estimate was too long and the position lies behind the true end.
        end();
    }
    sendPath();
}

void PlayerStateMachine::play(SteadyTime now) {
    endScrub(now);
    double frame = frameAt(now);
    switch (m_state) {
        case PlayerState::Empty:
        case PlayerState::Failed:
        case PlayerState::Playing:
            return;
        case PlayerState::Loading:
            m_wantsToPlay = true;
            return;
        case PlayerState::Ended:
            frame = static_cast<double>(available());
            break;
        case PlayerState::Paused:
            break;
    }
    if (std::exchange(m_resumes, false)) {
        frame = backFrom(frame, m_autoBack);
    }
    if (isComplete() && frame >= static_cast<double>(available())) {
        frame = m_path.loop() ? static_cast<double>(m_path.loop()->begin) : 0;
        m_chosen = false;
    }
    if (const auto skipped = m_path.skipAt(frame); skipped && !m_chosen) {
        frame = static_cast<double>(skipped->end);
    }
    m_state = PlayerState::Playing;
    m_wantsToPlay = true;
    startFrom(frame, now);
}

void PlayerStateMachine::pause(SteadyTime now) {
    endScrub(now);
    m_wantsToPlay = false;
    if (m_state != PlayerState::Playing) {
        return;
    }
    const double frame = frameAt(now);
    m_output.halt();
    m_state = PlayerState::Paused;
    m_resumes = true;
    holdAt(frame);
}

void PlayerStateMachine::seek(Milliseconds position, SteadyTime now) {
    endScrub(now);
    if (m_state == PlayerState::Loading) {
        m_startAt = std::max(position, Milliseconds{0});
        m_chosen = true;
        return;
    }
    if (m_samples) {
        m_slower.reset();
        jump(static_cast<double>(std::clamp<std::int64_t>(framesOf(position), 0, m_samples->totalFrames())), now);
    }
}

/// To a place that somebody chose.
void PlayerStateMachine::jump(double frame, SteadyTime now) {
    m_chosen = true;
    m_resumes = false;
    if (m_loop && !framesOf(*m_loop).holds(frame)) {
        m_loop.reset();
        sendPath();
    }
    if (isComplete() && frame >= static_cast<double>(available())) {
        end();
        return;
    }
    if (m_state == PlayerState::Ended) {
        m_state = PlayerState::Paused;
    }
    if (m_state == PlayerState::Playing) {
        startFrom(frame, now);
    } else {
        holdAt(frame);
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
    frame = std::floor(frame);
    holdAt(frame);
    m_startedAt = frame;
    m_lastAnswer = now;
    endSlower(frame);
    if (m_hasDevice) {
        // The position stands until the first sample of this order is heard.
        m_output.play({static_cast<std::int64_t>(frame), ++m_order, m_slower});
    } else {
        runWithoutDevice(frame, now);
    }
}

/// Where the samples end the clock stands, and goes on when more are there.
void PlayerStateMachine::runWithoutDevice(double frame, SteadyTime now) {
    endSlower(frame);
    m_heardTempo = tempoHeard();
    if (frame < static_cast<double>(available())) {
        m_clock.runFrom(frame, static_cast<double>(rate()) * m_heardTempo, now);
    } else {
        m_clock.holdAt(frame);
    }
}

void PlayerStateMachine::holdAt(double frame) {
    m_clock.holdAt(frame);
    ++m_order;  // whatever the sound side still says belongs to the past
}

void PlayerStateMachine::end() {
    m_output.halt();
    m_wantsToPlay = false;
    m_resumes = false;
    m_slower.reset();
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
    if (report.order != m_order || m_scrub) {
        return;
    }
    switch (report.phase) {
        case SoundPhase::Silent:
            m_clock.holdAt(frameAt(now));
            break;
        case SoundPhase::Sounding:
            m_heardTempo = report.tempo;
            m_clock.runFrom(report.frame, static_cast<double>(rate()) * report.tempo, report.at);
            endSlower(report.frame);
            break;
        case SoundPhase::Ended:
            ++m_endings;
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
    if (m_state == PlayerState::Playing && !m_scrub) {
        startFrom(frame, now);
    }
}

void PlayerStateMachine::tick(SteadyTime now) {
    if (m_scrub) {
        sendPiece(now);
        return;
    }
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
    if (frame >= static_cast<double>(available()) && isComplete()) {
        ++m_endings;
        end();
        return;
    }
    runWithoutDevice(frame, now);
}

double PlayerStateMachine::frameAt(SteadyTime now) const {
    return m_clock.frameAt(now, m_path, available());
}

std::int64_t PlayerStateMachine::framesOf(Milliseconds time) const {
    // Far more than a day would overflow and is past every end anyway.
    return std::clamp<std::int64_t>(time.count(), -100'000'000, 100'000'000'000) * rate() / 1000;
}

bool PlayerStateMachine::isWaiting() const {
    if (m_state == PlayerState::Loading) {
        return m_wantsToPlay;
    }
    return m_state == PlayerState::Playing && !m_scrub && !m_clock.runs() && !isComplete() &&
           m_clock.frameAt({}, m_path, available()) >= static_cast<double>(available());
}

std::chrono::milliseconds PlayerStateMachine::position(SteadyTime now) const {
    if (!m_samples) {
        return m_state == PlayerState::Loading ? m_startAt : Milliseconds{0};
    }
    return timeOf(frameAt(now));
}

std::chrono::milliseconds PlayerStateMachine::timeOf(double frame) const {
    return Milliseconds{std::llround(frame * 1000 / static_cast<double>(rate()))};
}

FrameSpan PlayerStateMachine::framesOf(const TimeSpan& span) const {
    return {framesOf(span.begin), framesOf(span.end)};
}

std::chrono::milliseconds PlayerStateMachine::duration() const {
    if (!m_samples) {
        return {};
    }
    return Milliseconds{
        std::llround(static_cast<double>(m_samples->totalFrames()) * 1000 / m_samples->format().sampleRate)};
}

}  // namespace earmark
