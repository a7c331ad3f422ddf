// A database as a file: made private, opened by version, migrated by numbered steps, set aside when it is damaged.
// Any thread; the connection belongs to the thread that opened it.
#pragma once

#include <QString>
#include <memory>

#include "models/store/sqlite.h"

namespace earmark {

struct DatabaseKind {
    QString stepsFolder;  ///< holds 001_*.sql, 002_*.sql ...; one transaction each
    Connection::Durability durability = Connection::Durability::Full;
    bool precious = true;  ///< backup before a migration, quick_check at open
};

/// Makes missing folders (0700) and the file (0600); narrows the mode of a file that is there.
[[nodiscard]] Done makePrivateFile(const QString& file);

/// ReadWrite makes the file where it is missing and migrates. Error kinds that matter: NewerVersion (nothing was
/// written), Damaged (nothing was written), NotFoundHere (ReadOnly, and no database there yet), ReadOnly.
[[nodiscard]] Result<std::unique_ptr<Connection>> openDatabase(const QString& file, Connection::Access access,
                                                               const DatabaseKind& kind, const SqlFaultSeam& seam = {});

/// Renames a damaged database and its log to "<file>.damaged-<UTC time>"; answers the new name. Never deletes.
[[nodiscard]] Result<QString> setAside(const QString& file);

/// Where the successor of a damaged database is made: "<file>.rescued".
[[nodiscard]] QString rescuedName(const QString& file);
/// Moves the successor to its place, if that is free: the second half of a rescue, also when a kill came in between.
[[nodiscard]] Done putRescuedInPlace(const QString& file);
/// For work files of ours only.
void removeDatabase(const QString& file);

/// A compact copy "<file>.damaged-<UTC time>" of an open database that is about to be mended; answers its name.
[[nodiscard]] Result<QString> keepCopy(Connection& connection, const QString& file);

/// An empty database of this kind in memory, for reading a profile that has none yet.
[[nodiscard]] Result<std::unique_ptr<Connection>> emptyDatabase(const DatabaseKind& kind);

}  // namespace earmark
