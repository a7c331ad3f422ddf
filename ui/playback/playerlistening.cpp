// PlayerStateMachine: how one listens - speed, again slower, loop, what is left out, voices, scrubbing.
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/audio/timestretch.h"
#include "ui/playback/playerstatemachine.h"

namespace earmark {

namespace {

constexpr std::chrono::milliseconds kShortestLoop{200};
constexpr std::chrono::milliseconds kAgain{3000};
constexpr double kAgainTempo = 0.8;
constexpr std::chrono::milliseconds kMostAutoBack{5000};
constexpr std::chrono::milliseconds kScrubPiece{70};
constexpr std::chrono::milliseconds kJoint{6};

}  // namespace

void PlayerStateMachine::skip(Milliseconds by, SteadyTime now) {
    if (!m_samples) {
        seek(position(now) + by, now);
        return;
    }
    const double frame = frameAt(now);
    const auto frames = static_cast<double>(framesOf(by));
    seek(timeOf(by.count() < 0 ? m_path.backward(frame, -frames) : m_path.onward(frame, frames)), now);
}

/// So much of what was heard back; within the loop not before its begin.
double PlayerStateMachine::backFrom(double frame, Milliseconds time) const {
    const double back = m_path.backward(frame, static_cast<double>(framesOf(time)));
    const auto& loop = m_path.loop();
    return loop && loop->holds(frame) ? std::max(back, static_cast<double>(loop->begin)) : back;
}

void PlayerStateMachine::setTempo(double tempo, SteadyTime now) {
    tempo = std::clamp(std::round(tempo * 10) / 10, kSlowest, kFastest);
    if (tempo == m_tempo) {
        return;
    }
    const double frame = frameAt(now);
    m_tempo = tempo;
    m_output.setTempo(tempo);
    if (m_clock.runs() && !m_hasDevice) {
        runWithoutDevice(frame, now);  // else the device tells when the other speed is heard
    }
}

void PlayerStateMachine::againSlower(SteadyTime now) {
    endScrub(now);
    if (!m_samples) {
        return;
    }
    const double frame = frameAt(now);
    const std::int64_t until = m_slower ? m_slower->until : std::llround(std::floor(frame));
    const double from = std::floor(backFrom(frame, kAgain));
    m_slower = SoundOrder::Slower{std::min(kAgainTempo, m_tempo), until};
    m_slowFrom = from;
    jump(from, now);
    if (m_state == PlayerState::Paused) {
        play(now);
    }
}

/// Once past the place where it was asked for, or once the path led back before it.
void PlayerStateMachine::endSlower(double frame) {
    if (m_slower && (frame >= static_cast<double>(m_slower->until) || frame < m_slowFrom - 1)) {
        m_slower.reset();
    }
}

void PlayerStateMachine::setLoop(std::optional<TimeSpan> loop, SteadyTime now) {
    if (loop && loop->length() < kShortestLoop) {
        return;
    }
    endScrub(now);
    const double frame = frameAt(now);
    m_loopBegin.reset();
    m_loop = loop;
    sendPath();
    if (!loop || !m_samples) {
        return;
    }
    m_slower.reset();
    // What was made ready already may lie behind the loop's end, so it begins anew.
    const FrameSpan span = framesOf(*loop);
    jump(span.holds(frame) ? frame : static_cast<double>(span.begin), now);
}

void PlayerStateMachine::markLoop(SteadyTime now) {
    if (!m_samples) {
        return;
    }
    const Milliseconds here = position(now);
    if (m_loop) {
        setLoop(std::nullopt, now);
    } else if (!m_loopBegin) {
        m_loopBegin = here;
    } else {
        const TimeSpan span{std::min(*m_loopBegin, here), std::max(*m_loopBegin, here)};
        setLoop(span, now);
        if (m_loop) {
            jump(static_cast<double>(framesOf(span).begin), now);
            play(now);
        }
    }
}

void PlayerStateMachine::setSkips(TimeSpans skips, SteadyTime now) {
    if (skips == m_skips) {
        return;
    }
    const double frame = frameAt(now);
    if (m_clock.runs()) {
        m_clock.runFrom(frame, static_cast<double>(rate()) * m_heardTempo, now);  // so far it went the former way
    }
    m_skips = std::move(skips);
    sendPath();
    const auto skipped = m_path.skipAt(frame);
    if (skipped && m_state == PlayerState::Playing && !m_scrub && !(m_chosen && skipped->holds(m_startedAt))) {
        startFrom(static_cast<double>(skipped->end), now);
    }
}

void PlayerStateMachine::setVoices(const VoiceMix& mix) {
    m_mix = mix;
    m_output.setVoices(mix);
}

void PlayerStateMachine::setAutoBack(Milliseconds back) {
    m_autoBack = std::clamp(back, Milliseconds{0}, kMostAutoBack);
}

void PlayerStateMachine::scrub(Milliseconds position, SteadyTime now) {
    if (!m_samples) {
        seek(position, now);
        return;
    }
    if (!m_scrub) {
        m_scrub = Scrub{0, -1, now - kScrubPiece};
        m_slower.reset();
        m_output.halt();
    }
    if (m_state == PlayerState::Ended) {
        m_state = PlayerState::Paused;
    }
    m_scrub->wanted = std::clamp<std::int64_t>(framesOf(position), 0, m_samples->totalFrames());
    holdAt(static_cast<double>(m_scrub->wanted));
    sendPiece(now);
}

/// One piece after the other, each from where the hand is by then; none while it rests.
void PlayerStateMachine::sendPiece(SteadyTime now) {
    if (!m_scrub || m_scrub->wanted == m_scrub->sent || now - m_scrub->sentAt < kScrubPiece || !m_hasDevice) {
        return;
    }
    m_scrub->sent = m_scrub->wanted;
    m_scrub->sentAt = now;
    m_lastAnswer = now;
    m_output.play({m_scrub->wanted, ++m_order, std::nullopt, framesOf(kScrubPiece)});
}

void PlayerStateMachine::endScrub(SteadyTime now) {
    if (std::exchange(m_scrub, std::nullopt)) {
        jump(frameAt(now), now);
    }
}

void PlayerStateMachine::sendPath() {
    m_path = {};
    if (!m_samples) {
        return;
    }
    PlaybackPath::Question way;
    way.fade = framesOf(kJoint);
    way.total = m_samples->totalFrames();
    for (const TimeSpan& skip : m_skips) {
        way.skips.push_back(framesOf(skip));
    }
    if (m_loop) {
        way.loop = framesOf(*m_loop);
    }
    m_path = PlaybackPath(std::move(way));
    m_output.setPath(m_path);
}

}  // namespace earmark
