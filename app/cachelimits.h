// How much of recordings is kept on this computer, as the settings say. Any thread; the second one blocks.
#pragma once

#include <QString>
#include <QStringList>

#include "models/sync/recordingcache.h"

namespace earmark {

class DeskSettings;

/// "cache/megabytes" (2048) and "cache/days" (30) since the last use; 0 days = for ever. What is no number that makes
/// sense counts as not set.
[[nodiscard]] RecordingCacheLimits cacheLimits(const DeskSettings& settings);
/// The same from the file, for commands, which leave it as it is; one that cannot be read counts as empty.
[[nodiscard]] RecordingCacheLimits cacheLimitsIn(const QString& settingsFile);
/// What of the settings file is not heeded, in sentences: the file as a whole, or one of these limits.
[[nodiscard]] QStringList settingsProblems(const QString& settingsFile);

}  // namespace earmark
