// A damaged reviews.db with a sound first page put before it, as a work file to be read. Any thread.
#pragma once

#include <QString>

#include "models/domain/result.h"

namespace earmark {

/// The first page holds the header and the schema. A new database made by the same steps has its tables at the same
/// places, so its first page fits. The damaged log goes with it: SQLite lays its pages over that. What cannot be read
/// of the damaged file becomes zeros; a work file that cannot be written is an error, for then the disk is to blame.
[[nodiscard]] Done graftFirstPage(const QString& damagedFile, const QString& freshFile, const QString& workFile);

}  // namespace earmark
