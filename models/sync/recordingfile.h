// Recordings on disk: the .part file that becomes one, the check that it is sound, and finding one again. Any thread,
// but a PartFile belongs to one thread at a time; never the UI thread.
#pragma once

#include <QString>
#include <memory>
#include <optional>

#include "models/domain/call.h"
#include "models/domain/result.h"
#include "models/sync/recordingfetcher.h"

namespace earmark {

/// The file's name without suffix: a hash, so that no id can name another file.
[[nodiscard]] QString recordingStem(Provider provider, const CallKey& key);

/// The verified file of an earlier fetch: regular, not empty, and its first bytes are what its suffix says;
/// whether it was changed since is in the answer.
[[nodiscard]] std::optional<FetchedRecording> cachedRecording(const QString& folder, const QString& stem);

/// The same, and it is used now.
[[nodiscard]] std::optional<FetchedRecording> usedRecording(const QString& folder, const QString& stem, Moment now);

/// Removes .part files that no living process writes.
void sweepPartFiles(const QString& folder);

/// Why bytes that are no sound are none: a web page, JSON, a playlist, XML (code "not_audio_xml"), nothing at all.
[[nodiscard]] Error notAudioError(const QByteArray& firstBytes);

class PartFile final {
 public:
    /// Makes the folder (0700) where needed; the file is 0600 and never a link.
    [[nodiscard]] static Result<std::unique_ptr<PartFile>> create(const QString& folder, const QString& stem);
    ~PartFile();  ///< removes the file unless finish() succeeded
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    [[nodiscard]] Done write(const QByteArray& piece);
    /// fsync, length and magic check, rename to its name, fsync of the folder. `expected` -1 = the server did not say:
    /// then a file that is shorter than it says itself counts as broken off (see recordinglength.h).
    [[nodiscard]] Result<FetchedRecording> finish(qint64 expected);

 private:
    PartFile() = default;
    QString m_folder;
    QString m_stem;
    QByteArray m_partName;
    QByteArray m_firstBytes;
    int m_directory = -1;
    int m_file = -1;
    qint64 m_bytes = 0;
    bool m_finished = false;
};

}  // namespace earmark
