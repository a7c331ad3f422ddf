// The pages of a database that hold its schema, kept beside it in "<file>.schema": should its first page be lost, the
// rest of the file can still be read with these. The thread that owns the connection.
#pragma once

#include <QByteArray>
#include <QString>
#include <map>
#include <optional>

#include "models/store/sqlite.h"

namespace earmark {

/// By page number; always with page 1, which also holds the header.
using SchemaPages = std::map<quint32, QByteArray>;

/// Out of a database without a log, or whose log is empty. nullopt: they cannot be followed to their end.
[[nodiscard]] std::optional<SchemaPages> schemaPagesOf(const QString& file);

/// Renewed where the schema or the database is another one than when they were kept; writes the log back for that.
[[nodiscard]] Done keepSchemaPages(Connection& connection);

/// nullopt: none were kept, or they are not whole.
[[nodiscard]] std::optional<SchemaPages> keptSchemaPages(const QString& file);

}  // namespace earmark
