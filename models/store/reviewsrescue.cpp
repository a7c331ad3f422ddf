#include "models/store/reviewsrescue.h"

#include <QFileInfo>
#include <set>
#include <vector>

#include "models/store/databaseaside.h"
#include "models/store/databasefile.h"
#include "models/store/reviewrows.h"
#include "models/store/reviewsgraft.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using namespace reviewrows;
using reviewtables::kCallCopies;

constexpr qint64 kMostProbes = 20'000;
constexpr int kVersionBeforeSending = 2;  // later ones keep their schema beside the file

// --- reading

void take(const Statement& statement, int columns, Read& read) {
    if (statement.integer(columns) == 0) {
        read.refused.push_back(statement.integer(columns + 1));
        return;
    }
    Row row;
    for (int i = 0; i < columns; ++i) {
        if (statement.isNull(i)) {
            row.emplace_back();
        } else if (statement.isInteger(i)) {
            row.emplace_back(statement.integer(i));
        } else if (statement.isBlob(i)) {
            row.emplace_back(statement.blob(i));
        } else {
            row.emplace_back(*statement.optionalText(i));
        }
    }
    read.rows.push_back(std::move(row));
}

/// The table as this file has it: one that an older Earmark wrote lacks the later column.
Table asWritten(Connection& connection, const Table& table) {
    if (table.later.empty()) {
        return table;
    }
    const auto has = connection.integer("SELECT count(*) FROM pragma_table_info('" + std::string(table.name) +
                                        "') WHERE name = '" + std::string(table.later) + "'");
    return has && *has == 0 ? Table{table.name, table.columns.substr(0, table.columns.rfind(", "))} : table;
}

bool hasTable(Connection& connection, std::string_view name) {
    const auto there = connection.integer("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '" +
                                          std::string(name) + "'");
    return !there || *there > 0;  // where that cannot be told, reading will tell
}

/// Whether any row id can be looked for; where none can, the root of the table is lost, or is that of another one.
bool anyBranchAnswers(Connection& connection, const Table& table) {
    constexpr qint64 kStep = 311;
    auto statement = connection.prepare("SELECT 1 FROM " + std::string(table.name) + " NOT INDEXED WHERE rowid = ?1");
    for (qint64 id = 1; statement && id <= kMostProbes; id += kStep) {
        statement->bindAll(id);
        const bool answers = statement->step().has_value();
        statement->reset();
        if (answers) {
            return true;
        }
    }
    return false;
}

/// Upwards until it breaks, downwards until it breaks, and what lies between one by one.
Read readTable(Connection& connection, const Table& wanted) {
    Read read;
    if (!hasTable(connection, wanted.name)) {
        return read;  // an older Earmark wrote it
    }
    const Table table = asWritten(connection, wanted);
    const int columns = reviewtables::columnCount(table);
    const std::string select = "SELECT " + reviewtables::columns(table) + ", " + reviewtables::isIntact(table) +
                               ", rowid FROM " + std::string(table.name) + " NOT INDEXED ";
    // Answers the last row id reached; `whole` tells whether the end was.
    const auto walk = [&](const std::string& sql, qint64 bound, bool& whole) {
        const auto broken = [&](const Error& error) {
            if (error.kind != ErrorKind::Damaged) {
                read.diskTrouble = error;
            }
        };
        qint64 reached = bound;
        whole = false;
        auto statement = connection.prepare(sql);
        if (!statement) {
            broken(statement.error());
            return reached;
        }
        statement->bindAll(bound);
        for (;;) {
            const auto row = statement->step();
            if (!row) {
                broken(row.error());
            }
            if (!row || !*row) {
                whole = row.has_value();
                return reached;
            }
            reached = statement->integer(columns + 1);
            take(*statement, columns, read);
            if (!read.rows.empty()) {
                read.rows.back().resize(static_cast<size_t>(reviewtables::columnCount(wanted)), u""_s);
            }
        }
    };
    bool whole = false;
    const qint64 low = walk(select + "WHERE rowid > ?1 ORDER BY rowid", 0, whole);
    if (whole) {
        return read;
    }
    read.unread = true;
    const qint64 high = walk(select + "WHERE rowid > ?1 ORDER BY rowid DESC", low, whole);
    if (low == 0 && high == 0 && !anyBranchAnswers(connection, table)) {
        return read;  // not even the root can be read
    }
    // Where even the last page cannot be read, the next rows may still hang on another branch.
    const qint64 end = high != low ? high : low + kMostProbes;
    bool ignored = false;
    for (qint64 id = low + 1; id < end && id <= low + kMostProbes; ++id) {
        walk(select + "WHERE rowid = ?1", id, ignored);
    }
    return read;
}

std::map<qint64, Link> readChain(Connection& connection) {
    std::map<qint64, Link> chain;
    // As far as it can be read: where it does not reach, the chain is begun anew.
    const auto done = connection.read(
        "SELECT line, salt, row_hash, chain FROM history_chain ORDER BY line", [&](const Statement& row) {
            const auto salt = row.isNull(1) ? std::nullopt : std::optional(row.blob(1));
            chain.emplace(row.integer(0), Link{row.integer(0), salt, row.blob(2), row.blob(3)});
            return true;
        });
    static_cast<void>(done);
    return chain;
}

Everything readAll(Connection& connection) {
    Everything all;
    for (const Part& part : kParts) {
        all.*part.read = readTable(connection, *part.table);
    }
    all.chain = readChain(connection);
    return all;
}

/// Copies of calls are many and long: they go from one file into the other, row by row.
Done carryCopies(Connection& from, Connection& to) {
    if (!hasTable(from, kCallCopies.name)) {
        return {};
    }
    static const std::string select = "SELECT " + reviewtables::columns(kCallCopies) +
                                      " FROM call_copies NOT INDEXED WHERE " + reviewtables::isIntact(kCallCopies);
    static const std::string insert = reviewtables::insertSql(kCallCopies, "INSERT OR IGNORE");
    auto transaction = Transaction::begin(to);
    if (!transaction) {
        return failure(transaction.error());
    }
    Done written;
    // What cannot be read is copied anew from calls.db.
    const auto read = from.read(select, [&](const Statement& row) {
        written = to.run(insert, row.text(0), row.text(1), row.moment(2), row.text(3), row.blob(4));
        return written.has_value();
    });
    static_cast<void>(read);
    return written ? transaction->commit() : written;
}

// --- two looks

/// nullptr: damage keeps SQLite from looking. An error: something else does, and it may pass.
Result<std::unique_ptr<Connection>> openDamaged(const QString& file) {
    auto connection = Connection::open(file, Connection::Access::ReadOnly);
    auto done = connection ? (*connection)->addRowSumFunction() : failure(connection.error());
    const auto tables =
        done ? (*connection)->integer("SELECT count(*) FROM sqlite_master WHERE name IN ('edits', 'outbox')")
             : Result<qint64>(failure(done.error()));
    if (!tables) {
        return tables.error().kind == ErrorKind::Damaged ? Result<std::unique_ptr<Connection>>(nullptr)
                                                         : failure(tables.error());
    }
    return *tables == 2 ? std::move(*connection) : nullptr;
}

/// Rows of `more` that `read` has not got; `key` columns tell them apart. All of them have matching checksums.
void add(Read& read, Read&& more, const Table& table, int keyColumns) {
    const auto keyOf = [&](const Row& row) { return Row(row.begin(), row.begin() + keyColumns); };
    std::set<Row> known;
    for (const Row& row : read.rows) {
        known.insert(keyOf(row));
    }
    Q_ASSERT(keyColumns <= reviewtables::columnCount(table));
    for (Row& row : more.rows) {
        if (known.insert(keyOf(row)).second) {
            read.rows.push_back(std::move(row));
        }
    }
    read.unread = read.unread || more.unread;
}

void add(Everything& all, Everything&& more) {
    for (const Part& part : kParts) {
        add(all.*part.read, std::move(more.*part.read), *part.table, part.keyColumns);
    }
    all.chain.merge(more.chain);
}

/// Adds what can be read; true = that was all of it. An error: the disk is to blame, and the next start tries again.
Result<bool> look(const QString& file, Everything& all, Connection& fresh) {
    const auto connection = openDamaged(file);
    if (!connection) {
        return failure(connection.error());
    }
    if (!*connection) {
        return false;
    }
    Everything more = readAll(**connection);
    bool whole = true;
    for (const Part& part : kParts) {
        if ((more.*part.read).diskTrouble) {
            return failure(*(more.*part.read).diskTrouble);
        }
        whole = whole && !(more.*part.read).unread;
    }
    add(all, std::move(more));
    for (const Part& part : kParts) {
        (all.*part.read).unread = (all.*part.read).unread && !whole;
    }
    const auto carried = carryCopies(**connection, fresh);
    return carried ? Result<bool>(whole) : failure(carried.error());
}

/// The schema of a new database made by the first steps only.
std::optional<SchemaPages> schemaOfVersion(int version, const QString& work) {
    removeDatabase(work);
    {
        auto made = openDatabase(work, Connection::Access::ReadWrite,
                                 {u":/sql/reviews"_s, Connection::Durability::Normal, true, version});
        if (!made || !(*made)->checkpoint(Connection::Checkpoint::Truncate)) {
            return std::nullopt;
        }
    }
    auto pages = schemaPagesOf(work);
    removeDatabase(work);
    return pages;
}

/// The schemas that may fit, best first: as it was in this file, as in a new one, as before sending came.
std::vector<SchemaPages> schemasToTry(const QString& damagedFile, const QString& freshFile) {
    std::vector<SchemaPages> schemas;
    for (auto& pages : {keptSchemaPages(damagedFile), schemaPagesOf(freshFile),
                        schemaOfVersion(kVersionBeforeSending, freshFile + ".version"_L1)}) {
        if (pages) {
            schemas.push_back(pages.value());
        }
    }
    return schemas;
}

/// Looks at the file with one schema after the other put into it, until one look is whole.
Result<bool> lookWithSchemas(const QString& damagedFile, const QString& freshFile, Everything& all, Connection& fresh) {
    const QString work = freshFile + ".work"_L1;
    for (const SchemaPages& schema : schemasToTry(damagedFile, freshFile)) {
        removeDatabase(work);
        if (auto done = graftSchema(damagedFile, schema, work); !done) {
            return failure(done.error());
        }
        // SQLite calls a read that failed damage, too. Such a failure may pass, so what was not whole is read again.
        auto looked = look(work, all, fresh);
        if (looked && !*looked) {
            looked = look(work, all, fresh);
        }
        if (!looked || *looked) {
            return looked;
        }
    }
    return false;
}

}  // namespace

Result<Rescue> rescueReviews(const QString& damagedFile, Connection& fresh, const QString& freshFile) {
    Everything all;
    // SQLite deletes a log beside an empty file at the first look; such a file is never opened itself. What keeps this
    // look from succeeding does not matter: the second one sees the same bytes.
    if (QFileInfo(damagedFile).size() > 0) {
        if (const auto connection = openDamaged(damagedFile); connection && *connection) {
            all = readAll(**connection);
            if (auto carried = carryCopies(**connection, fresh); !carried) {
                return failure(carried.error());
            }
        }
    }
    // A second look with a first page that is sound for certain; what both looks find is the same rows.
    if (auto done = fresh.checkpoint(Connection::Checkpoint::Truncate); !done) {
        return failure(done.error());
    }
    const auto looked = lookWithSchemas(damagedFile, freshFile, all, fresh);
    removeDatabase(freshFile + ".work"_L1);
    if (!looked) {
        return failure(looked.error());
    }
    auto written = writeAll(fresh, all);
    if (written && !*looked) {
        written->unread = true;
    }
    return written;
}

Result<Rescue> mendReviews(Connection& connection) {
    const Everything all = readAll(connection);
    for (const Part& part : kParts) {
        if ((all.*part.read).unread) {
            // Writing back less than there is would delete it.
            return failure(ErrorKind::Storage, {}, u"not all rows could be read"_s);
        }
    }
    // Damaged copies of calls are made anew from calls.db.
    if (auto done = connection.run("DELETE FROM call_copies WHERE NOT " + reviewtables::isIntact(kCallCopies)); !done) {
        return failure(done.error());
    }
    return writeAll(connection, all);
}

}  // namespace earmark
