// A database as a file: made private, opened by version and migrated by numbered steps.
// Any thread; the connection belongs to the thread that opened it.
#pragma once

#include <QString>
#include <memory>

#include "models/store/sqlite.h"

namespace earmark {

struct DatabaseKind {
    /// Holds 001_*.sql, 002_*.sql ...; one transaction each. Its folder "reading" may hold, by the name of a step, what
    /// stands in for it where a file of before can only be read.
    QString stepsFolder;
    Connection::Durability durability = Connection::Durability::Full;
    bool precious = true;  ///< backup before a migration, quick_check at open
    int stepsAtMost = 0;   ///< 0 = all; else as an older version made it
};

/// Makes missing folders (0700) and the file (0600); narrows the mode of a file that is there.
[[nodiscard]] Done makePrivateFile(const QString& file);

/// ReadWrite makes the file where it is missing and migrates. Error kinds that matter: NewerVersion (nothing was
/// written), Damaged (nothing was written), NotFoundHere (ReadOnly, and no database there yet), ReadOnly, NotSupported
/// (ReadOnly, and of an older version that cannot be read as it is).
[[nodiscard]] Result<std::unique_ptr<Connection>> openDatabase(const QString& file, Connection::Access access,
                                                               const DatabaseKind& kind, const SqlFaultSeam& seam = {});

/// For a writer whose openDatabase() spoke of damage: SQLite says so too when the disk failed to read just then, so the
/// file is read to its end and opened once more. Damaged: it is damaged. Storage: the disk cannot read it.
[[nodiscard]] Result<std::unique_ptr<Connection>> secondLook(const QString& file, const DatabaseKind& kind,
                                                             const SqlFaultSeam& seam = {});

/// The tables and indexes are word for word those that the steps make: SQLite itself does not notice a flipped bit
/// there.
[[nodiscard]] Result<bool> hasItsSchema(Connection& connection, const DatabaseKind& kind);

/// An empty database of this kind in memory, for reading a profile that has none yet.
[[nodiscard]] Result<std::unique_ptr<Connection>> emptyDatabase(const DatabaseKind& kind);

}  // namespace earmark
