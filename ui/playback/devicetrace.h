// Which place of a recording lies at which frame of the sound device: written while the device's buffer is filled, read
// when the device has come so far. One thread.
#pragma once

#include <cstdint>
#include <deque>

#include "ui/playback/soundoutput.h"

namespace earmark {

class DeviceTrace final {
 public:
    /// From device frame `from` on.
    struct Mark {
        std::int64_t from = 0;
        SoundPhase phase = SoundPhase::Silent;
        quint64 order = 0;
        double frame = 0;  ///< of the recording
        double speed = 0;  ///< frames of the recording per frame of the device
        double tempo = 1;

        [[nodiscard]] double frameAt(std::int64_t deviceFrame) const {
            return frame + static_cast<double>(deviceFrame - from) * speed;
        }
    };

    DeviceTrace() : m_marks(1) {}

    /// Whatever was told from there on does not come.
    void turn(const Mark& mark);
    /// Goes on after what was told before; a mark that says nothing new is not kept.
    void goOn(const Mark& mark);
    /// The sound goes on at this frame after a gap; what was told of later frames stays.
    void resume(const Mark& mark);
    /// What holds at this device frame; what lies before it is forgotten.
    [[nodiscard]] Mark at(std::int64_t deviceFrame);
    /// What holds there, and nothing is forgotten.
    [[nodiscard]] Mark peek(std::int64_t deviceFrame) const;
    [[nodiscard]] const Mark& last() const { return m_marks.back(); }

 private:
    std::deque<Mark> m_marks;  ///< by `from`, never empty
};

}  // namespace earmark
