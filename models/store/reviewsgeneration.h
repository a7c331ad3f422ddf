// How far reviews.db had come, kept beside it in "<file>.generation": when an older copy is put in its place, this
// tells so. The thread that owns the connection.
#pragma once

#include <QString>

#include "models/store/historychain.h"
#include "models/store/sqlite.h"

namespace earmark {

struct Generation {
    qint64 edits = 0;     ///< the highest sequence ever given to an edit
    qint64 attempts = 0;  ///< how often a delivery was taken for sending
    historychain::Head head;
    bool operator==(const Generation&) const = default;
};

[[nodiscard]] Result<Generation> generationOf(Connection& connection);

/// nullopt: never written, or not whole (it is written anew then; nothing can be told from it).
[[nodiscard]] std::optional<Generation> storedGeneration(const QString& file);
/// Durable when this returns.
[[nodiscard]] Done storeGeneration(const QString& file, const Generation& generation);
/// Before what it speaks of is erased.
void forgetGeneration(const QString& file);

/// The database has less in it than was there before, or something else: an older copy lies in its place.
[[nodiscard]] Result<bool> isOlderThan(Connection& connection, const Generation& stored);

/// Bytes that are on the disk, whole or not at all, when this returns. Mode 0600.
[[nodiscard]] Done writeBeside(const QString& file, const QByteArray& bytes);

}  // namespace earmark
