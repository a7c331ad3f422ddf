// The two forms whose length is only told by walking their frames: MP3 and FLAC. Pure file reading; any thread but the
// UI thread.
#pragma once

#include <QByteArray>

namespace earmark {

enum class LengthProof;

/// Pieces of an open file, read as they are asked for.
class FileBytes final {
 public:
    FileBytes(int descriptor, qint64 size) : m_descriptor(descriptor), m_size(size) {}
    [[nodiscard]] qint64 size() const { return m_size; }
    /// Shorter at the end of the file.
    [[nodiscard]] QByteArray at(qint64 place, qint64 count) const;

 private:
    int m_descriptor;
    qint64 m_size;
    mutable QByteArray m_window;
    mutable qint64 m_windowAt = 0;
};

/// Where an ID3v2 tag at the start ends; 0 without one.
[[nodiscard]] qint64 afterId3(const FileBytes& file);

[[nodiscard]] LengthProof mp3Length(const FileBytes& file, qint64 from);
[[nodiscard]] LengthProof flacLength(const FileBytes& file, qint64 from);

}  // namespace earmark
