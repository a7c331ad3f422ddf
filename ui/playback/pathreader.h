// Reads a recording's samples in the order in which they are heard, with a short crossfade at every joint. One thread
// at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/audio/pcmstore.h"
#include "ui/playback/playbackpath.h"

namespace earmark {

class PathReader final {
 public:
    void setSamples(std::shared_ptr<const PcmStore> samples);
    /// From this frame on. `path` holds until it is set anew.
    void start(std::int64_t frame, const PlaybackPath& path);
    /// From where it reads now on.
    void setPath(const PlaybackPath& path);

    struct Piece {
        std::int64_t frames = 0;  ///< 0: nothing more at this moment
        std::int64_t from = 0;    ///< the first one's place in the recording; the others follow it
    };
    [[nodiscard]] Piece read(std::span<std::int16_t> into);
    /// The next frame that is read.
    [[nodiscard]] std::int64_t place() const;
    /// No frame comes after this one, unless the path leads back.
    [[nodiscard]] bool isAtEnd() const;

 private:
    [[nodiscard]] Piece readStraight(std::span<std::int16_t> into, std::int64_t frames);
    [[nodiscard]] Piece readJoint(std::span<std::int16_t> into);

    std::shared_ptr<const PcmStore> m_samples;
    PlaybackPath m_path;
    std::int64_t m_next = 0;
    std::optional<PathJoint> m_joint;  ///< the next one, or the one that is under way
    std::int64_t m_faded = 0;          ///< frames of the joint that were read
    bool m_inJoint = false;
    std::vector<std::int16_t> m_leaving;
};

}  // namespace earmark
