// Where in the recording one is between two answers of the sound device, or without one: it goes the way that is heard,
// at the speed that is heard. Plain values; time comes in as an argument.
#pragma once

#include <algorithm>
#include <chrono>

#include "ui/playback/playbackpath.h"
#include "ui/playback/soundoutput.h"

namespace earmark {

class PlaybackClock final {
 public:
    void holdAt(double frame) {
        m_frame = frame;
        m_runs = false;
    }
    /// `framesPerSecond` of the recording, at the speed that is heard.
    void runFrom(double frame, double framesPerSecond, SteadyTime since) {
        m_frame = frame;
        m_speed = framesPerSecond;
        m_since = since;
        m_runs = true;
    }

    [[nodiscard]] bool runs() const { return m_runs; }
    /// Not past `available`, the first frame that is not there.
    [[nodiscard]] double frameAt(SteadyTime now, const PlaybackPath& path, std::int64_t available) const {
        if (!m_runs) {
            return m_frame;
        }
        const double passed = std::max(0.0, std::chrono::duration<double>(now - m_since).count());
        return std::clamp(path.forward(m_frame, passed * m_speed), 0.0, static_cast<double>(available));
    }

 private:
    double m_frame = 0;
    double m_speed = 0;
    SteadyTime m_since{};
    bool m_runs = false;
};

}  // namespace earmark
