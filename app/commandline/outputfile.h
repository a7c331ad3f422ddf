// Where a command may write what was asked for: never over the profile's own files, nor over anything that is no
// ordinary file. Any thread but the UI thread.
#pragma once

#include <QString>

#include "app/profile.h"
#include "models/domain/result.h"

namespace earmark {

/// An ordinary file that is there will be replaced. Error: InvalidInput.
[[nodiscard]] Done checkOutputFile(const QString& file, const Profile& profile);

}  // namespace earmark
