// What the folder of recordings may hold: its size, when each recording was used last, and making room. Any thread,
// never the UI thread; several processes may use the folder at the same time.
// The last use of "<stem>.wav" is the time of the file "used/<stem>", which holds size and modification time of the
// recording as it was verified (in older folders nothing). Not the recording's own times: its
// modification time binds its map to it, and access times are switched off on many disks and moved by every backup on
// others. And not a list: there is no text that a kill could tear, and nothing to lock between two processes.
#pragma once

#include <QSet>
#include <QString>
#include <chrono>

#include "models/domain/clock.h"

namespace earmark {

struct RecordingCacheLimits {
    qint64 bytes = 0;          ///< of recordings and their maps; 0 = no limit
    std::chrono::days age{0};  ///< since the last use; 0 = no limit
};

struct RecordingCacheSize {
    int recordings = 0;
    qint64 bytes = 0;  ///< with their maps
};

/// The recording is used now; a failure only makes it look older than it is.
void noteRecordingUse(const QString& folder, const QString& stem, Moment now);

/// The file `name` ("<stem>.wav") was verified just now, and is used; a failure only means that it is not watched.
void noteRecordingVerified(const QString& folder, const QString& stem, const QString& name, Moment now);
/// Has the file another size or time than when it was verified? False where that is not known.
[[nodiscard]] bool isRecordingChanged(const QString& folder, const QString& stem, const QString& name);

[[nodiscard]] RecordingCacheSize recordingCacheSize(const QString& folder);

/// Removes what is too old, then the longest unused until the rest fits; each with its map and its time. `kept` stems
/// count, and stay whatever their age. What is no recording of ours (another name, no regular file) is not touched.
/// Returns what was removed.
RecordingCacheSize trimRecordingCache(const QString& folder, const RecordingCacheLimits& limits,
                                      const QSet<QString>& kept, Moment now);

}  // namespace earmark
