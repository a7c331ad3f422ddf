// Copies of reviews.db in the folder "backups" beside it: one a day, the last seven kept, and one before each change of
// its schema. Made over a connection of their own, so that edits never wait for them. Any thread; blocking.
#pragma once

#include <QString>
#include <stop_token>
#include <vector>

#include "models/domain/clock.h"
#include "models/domain/result.h"

namespace earmark {

inline constexpr int kBackupsKept = 7;

struct Backup {
    QString file;  ///< with its path
    Moment madeAt{};
};

/// The daily ones, newest first.
[[nodiscard]] std::vector<Backup> backupsOf(const QString& database);
/// The newest is older than a day (or of a day to come: a clock was wrong), or there is none.
[[nodiscard]] bool isBackupDue(const QString& database, Moment now);

/// VACUUM INTO a work file, flushed, opened and checked, and only then named "reviews-<UTC time>.db". Answers the file;
/// "" where there is nothing to keep yet. Cancelled when `stop` was asked for. Removes what is older than the last
/// seven and what an earlier try left half-written.
[[nodiscard]] Result<QString> makeBackup(const QString& database, Moment now, const std::stop_token& stop = {});

enum class WhatGoes { Everything, CopiesOfCalls };
/// Takes an account out of all copies, those before a change of the schema too; a copy that cannot be rewritten is
/// deleted. What goes is overwritten.
[[nodiscard]] Done eraseFromBackups(const QString& database, const QString& account, WhatGoes what);

}  // namespace earmark
