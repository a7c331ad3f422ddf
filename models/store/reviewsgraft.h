// A damaged reviews.db with a sound schema put into it, as a work file to be read. Any thread.
#pragma once

#include <QString>

#include "models/domain/result.h"
#include "models/store/schemapages.h"

namespace earmark {

/// The first page holds the header and the schema, which may reach into further pages. Those kept beside the damaged
/// file fit it; those of a new database fit where the same steps made both in one go, for then its tables are at the
/// same places. The damaged log goes with it: SQLite lays its pages over that. What cannot be read of the damaged file
/// becomes zeros; a work file that cannot be written is an error, for then the disk is to blame.
[[nodiscard]] Done graftSchema(const QString& damagedFile, const SchemaPages& schema, const QString& workFile);

}  // namespace earmark
