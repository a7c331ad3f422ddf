// Takes out of a damaged reviews.db what can still be read and trusted, and rebuilds rows from their twins: edits,
// outbox and history each hold what the other two need. The thread that owns the connection.
#pragma once

#include <QString>

#include "models/store/sqlite.h"

namespace earmark {

struct Rescue {
    int edits = 0;    ///< edits in the database afterwards
    int rebuilt = 0;  ///< rows that were missing or damaged and have been made again from a twin
    int drafts = 0;
    int accounts = 0;
    int marks = 0;
    int refused = 0;      ///< rows whose contents do not match their checksum
    bool unread = false;  ///< SQLite could not read all of it
};

/// From a damaged file (it is only read) into `fresh`, a new and empty reviews.db in `freshFile`.
[[nodiscard]] Result<Rescue> rescueReviews(const QString& damagedFile, Connection& fresh, const QString& freshFile);

/// In place: rows of a database that SQLite can use but whose checksums are wrong. One transaction.
[[nodiscard]] Result<Rescue> mendReviews(Connection& connection);

}  // namespace earmark
