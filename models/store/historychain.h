// The chain over the lines of history in reviews.db: each line has a salted hash, and each link the hash of all links
// before it, so that a line that was changed, removed, inserted or moved later is found. A line that was erased leaves
// its link behind and takes its salt with it. The thread that owns the connection.
#pragma once

#include <QStringList>
#include <optional>

#include "models/store/sqlite.h"

namespace earmark::historychain {

/// The link of a line that has just been inserted; in the same transaction.
[[nodiscard]] Done append(Connection& connection, qint64 line);

/// Gives links to the lines of a database that has none yet, in one transaction. Nothing where there is a link.
[[nodiscard]] Done adopt(Connection& connection);

/// In the transaction of a rescue, after the lines were written anew: the links that are there stay when all of them
/// hold; otherwise the chain is begun anew. True: it was begun anew.
[[nodiscard]] Result<bool> keepOrBeginAnew(Connection& connection);

/// Before the lines of an account are deleted, in the same transaction.
[[nodiscard]] Done forget(Connection& connection, const QString& account);

/// Where the chain stands.
struct Head {
    qint64 line = 0;   ///< 0 = no line yet
    QByteArray chain;  ///< 32 bytes; empty without a line
    bool operator==(const Head&) const = default;
};
[[nodiscard]] Result<Head> head(Connection& connection);
/// The chain of one line; empty when it has no link.
[[nodiscard]] Result<QByteArray> chainAt(Connection& connection, qint64 line);

/// What was changed, removed, inserted or moved: empty = nothing. A sentence each, at most some dozens.
[[nodiscard]] Result<QStringList> findings(Connection& connection);

}  // namespace earmark::historychain
