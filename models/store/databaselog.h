// Does the log beside a database belong to it? SQLite lays any log that is whole over any database, and so turns one
// into the other without a word. Every database therefore carries a number of its own (application_id). Any thread.
#pragma once

#include "models/domain/result.h"
#include "models/store/sqlite.h"

namespace earmark {

/// A log that holds, or may hold, something without a database to go with: SQLite would delete it at the first look.
[[nodiscard]] bool logIsOrphaned(const QString& file);

/// Both carry a number, and the numbers differ by more than a flipped bit or two.
[[nodiscard]] bool logIsForeign(const QString& file);
/// Renames a foreign log like a damaged database; answers its new name, "" where there was none.
[[nodiscard]] Result<QString> setForeignLogAside(const QString& file);

[[nodiscard]] QString foreignLogSentence(const QString& file, const QString& aside);

/// Gives the database its number, if it has none, and has it written into every log.
[[nodiscard]] Done numberDatabase(Connection& connection);

}  // namespace earmark
