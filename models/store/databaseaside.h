// What lies beside a database: damaged ones set aside, copies, the successor that a rescue has made, the mark of doubt.
// All of it survives a kill or a power cut between any two of its steps. Any thread.
#pragma once

#include <QString>

#include "models/store/sqlite.h"

namespace earmark {

/// Whether the disk gives every byte of a database and its log. Where it answers with an error, SQLite may call damaged
/// what is only unreadable, perhaps for a moment: then nothing is set aside. Error: Storage.
[[nodiscard]] Done readsToItsEnd(const QString& file);

/// Renames a damaged database and its log to "<file>.damaged-<UTC time>"; answers the new name. Never deletes.
[[nodiscard]] Result<QString> setAside(const QString& file);

/// Only the log, when it is of another database.
[[nodiscard]] Result<QString> setLogAside(const QString& file);

/// Where copies of a precious database lie: "backups" beside it.
[[nodiscard]] QString backupFolder(const QString& file);
/// A compact copy "<file>.<word>-<UTC time>" of an open database in `folder` (made where it is missing), on the disk
/// when this returns; answers its name.
[[nodiscard]] Result<QString> keepCopy(Connection& connection, const QString& folder, const QString& word);

/// Where the successor of a damaged database is made: "<file>.rescue".
[[nodiscard]] QString rescueWorkName(const QString& file);
/// The work file is complete and closed: from now on it is the successor, "<file>.successor", whatever happens.
[[nodiscard]] Done declareSuccessor(const QString& file);
struct Succession {
    bool happened = false;
    QString aside;  ///< where the damaged one is; "" when an earlier try had moved it already
};
/// Where there is a successor, the damaged one goes aside and the successor takes its place.
[[nodiscard]] Result<Succession> putSuccessorInPlace(const QString& file);
/// For work files of ours only.
void removeDatabase(const QString& file);

/// SQLite called the file damaged while it was used: the next one who opens it for writing checks all of it.
void markDoubtful(const QString& file);
[[nodiscard]] bool isDoubtful(const QString& file);
void clearDoubt(const QString& file);

void syncFolder(const QString& folder);
[[nodiscard]] Error databaseFileError(int number, const QString& path);

}  // namespace earmark
