#include "ui/playback/pathreader.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace earmark {

void PathReader::setSamples(std::shared_ptr<const PcmStore> samples) {
    m_samples = std::move(samples);
    start(0, {});
}

void PathReader::start(std::int64_t frame, const PlaybackPath& path) {
    m_path = path;
    m_next = frame;
    m_inJoint = false;
    m_joint = m_path.jointAfter(static_cast<double>(frame));
}

void PathReader::setPath(const PlaybackPath& path) {
    m_path = path;
    if (!m_inJoint) {
        m_joint = m_path.jointAfter(static_cast<double>(m_next), true);
    }
}

std::int64_t PathReader::place() const {
    return m_inJoint ? m_joint->enter + m_faded : m_next;
}

bool PathReader::isAtEnd() const {
    return m_samples && m_samples->isFinished() && !m_inJoint && m_next >= m_samples->framesAvailable() &&
           !(m_joint && m_joint->leave <= m_next);
}

PathReader::Piece PathReader::read(std::span<std::int16_t> into) {
    if (!m_samples) {
        return {};
    }
    auto frames = static_cast<std::int64_t>(into.size()) / m_samples->format().channels;
    if (!m_inJoint && m_joint) {
        if (m_next >= m_joint->leave) {
            m_inJoint = true;
            m_faded = 0;
        } else {
            frames = std::min(frames, m_joint->leave - m_next);
        }
    }
    if (m_inJoint && m_joint->length > 0) {
        return readJoint(into);
    }
    if (m_inJoint) {  // no sound to fade with
        m_inJoint = false;
        m_next = m_joint->goesOnAt();
        m_joint = m_path.jointAfter(static_cast<double>(m_next), true);
        return read(into);
    }
    return readStraight(into, frames);
}

PathReader::Piece PathReader::readStraight(std::span<std::int16_t> into, std::int64_t frames) {
    const std::int64_t got =
        m_samples->read(m_next, into.first(static_cast<std::size_t>(frames * m_samples->format().channels)));
    const Piece piece{got, m_next};
    m_next += got;
    return piece;
}

PathReader::Piece PathReader::readJoint(std::span<std::int16_t> into) {
    const auto channels = static_cast<std::size_t>(m_samples->format().channels);
    const PathJoint joint = *m_joint;
    const auto frames = std::min(static_cast<std::int64_t>(into.size() / channels), joint.length - m_faded);
    const auto piece = into.first(static_cast<std::size_t>(frames) * channels);
    m_leaving.assign(piece.size(), 0);
    std::fill(piece.begin(), piece.end(), std::int16_t{0});  // what does not exist is silence
    const bool wasThere = m_samples->read(joint.leave + m_faded, m_leaving) > 0;
    const bool isThere = m_samples->read(joint.enter + m_faded, piece) > 0;
    if (!isThere && !wasThere && !m_samples->isFinished()) {
        return {0, joint.enter + m_faded};
    }
    for (std::size_t i = 0; i < piece.size(); ++i) {
        const double share = (static_cast<double>(m_faded) + static_cast<double>(i / channels) + 0.5) /
                             static_cast<double>(joint.length);
        piece[i] = static_cast<std::int16_t>(std::lround(share * piece[i] + (1 - share) * m_leaving[i]));
    }
    const Piece result{frames, joint.enter + m_faded};
    m_faded += frames;
    if (m_faded == joint.length) {
        m_inJoint = false;
        m_next = joint.goesOnAt();
        m_joint = m_path.jointAfter(static_cast<double>(m_next), true);
    }
    return result;
}

}  // namespace earmark
