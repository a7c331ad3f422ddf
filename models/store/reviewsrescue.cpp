#include "models/store/reviewsrescue.h"

#include <QFileInfo>
#include <QUuid>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <variant>
#include <vector>

#include "models/store/databaseaside.h"
#include "models/store/reviewsgraft.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kAccounts;
using reviewtables::kDrafts;
using reviewtables::kEdits;
using reviewtables::kHistory;
using reviewtables::kOutbox;
using reviewtables::Table;

constexpr qint64 kMostProbes = 20'000;

using Value = std::variant<std::monostate, qint64, QString>;
using Row = std::vector<Value>;

/// The rows of one table that are whole.
struct Read {
    std::vector<Row> rows;
    std::vector<qint64> refused;  ///< row ids with a wrong checksum
    bool unread = false;
    std::optional<Error> diskTrouble;  ///< not damage of the file: reading it another time may bring more
};

struct Everything {
    Read accounts, edits, outbox, history, drafts;
};

int columnAt(const Table& table, std::string_view name) {
    int column = 0;
    std::string_view rest = table.columns;
    while (!rest.empty()) {
        const size_t comma = rest.find(", ");
        if (rest.substr(0, comma) == name) {
            return column;
        }
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
        ++column;
    }
    Q_ASSERT_X(false, "columnAt", "no such column");
    return 0;
}

Value& at(Row& row, const Table& table, std::string_view name) {
    return row[static_cast<size_t>(columnAt(table, name))];
}
const Value& at(const Row& row, const Table& table, std::string_view name) {
    return row[static_cast<size_t>(columnAt(table, name))];
}
qint64 number(const Value& value) {
    const auto* const held = std::get_if<qint64>(&value);
    return held ? *held : 0;
}
QString text(const Value& value) {
    const auto* const held = std::get_if<QString>(&value);
    return held ? *held : QString();
}

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

/// Upwards until it breaks, downwards until it breaks, and what lies between one by one.
Read readTable(Connection& connection, const Table& wanted) {
    Read read;
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
    // Where even the last page cannot be read, the next rows may still hang on another branch.
    const qint64 end = high != low ? high : low + kMostProbes;
    bool ignored = false;
    for (qint64 id = low + 1; id < end && id <= low + kMostProbes; ++id) {
        walk(select + "WHERE rowid = ?1", id, ignored);
    }
    return read;
}

Everything readAll(Connection& connection) {
    return {readTable(connection, kAccounts), readTable(connection, kEdits), readTable(connection, kOutbox),
            readTable(connection, kHistory), readTable(connection, kDrafts)};
}

// --- rebuilding

struct Twins {
    const Row* edit = nullptr;
    const Row* outbox = nullptr;
    const Row* history = nullptr;
};

Row editFrom(const Twins& twins) {
    Row row(static_cast<size_t>(reviewtables::columnCount(kEdits)));
    if (twins.outbox) {
        for (const char* const column :
             {"sequence", "account", "remote_id", "field", "kind", "base", "value", "origin", "edited_at"}) {
            at(row, kEdits, column) = at(*twins.outbox, kOutbox, column);
        }
        return row;
    }
    const Row& history = *twins.history;
    const bool isRestore = text(at(history, kHistory, "origin")) == "restore"_L1;
    for (const char* const column : {"sequence", "account", "remote_id", "field", "origin"}) {
        at(row, kEdits, column) = at(history, kHistory, column);
    }
    at(row, kEdits, "kind") = isRestore ? u"restore"_s : u"edit"_s;
    at(row, kEdits, "edited_at") = at(history, kHistory, "at");
    // What counted before is the provider's value for a first edit; of a later one the true base is not known any more.
    at(row, kEdits, "base") = isRestore ? at(history, kHistory, "after") : at(history, kHistory, "before");
    at(row, kEdits, "value") = isRestore ? Value() : at(history, kHistory, "after");
    return row;
}

Row outboxFrom(const Row& edit) {
    Row row(static_cast<size_t>(reviewtables::columnCount(kOutbox)));
    for (const char* const column :
         {"sequence", "account", "remote_id", "field", "kind", "base", "value", "origin", "edited_at"}) {
        at(row, kOutbox, column) = at(edit, kEdits, column);
    }
    at(row, kOutbox, "delivery") = QUuid::createUuid().toString(QUuid::WithoutBraces);
    at(row, kOutbox, "state") = u"kept"_s;
    at(row, kOutbox, "target") = u"none"_s;
    at(row, kOutbox, "attempts") = qint64(0);
    at(row, kOutbox, "reason") = u""_s;
    at(row, kOutbox, "travels_with") = u""_s;
    return row;
}

Row historyFrom(const Row& edit) {
    Row row(static_cast<size_t>(reviewtables::columnCount(kHistory)));
    const bool isRestore = text(at(edit, kEdits, "kind")) == "restore"_L1;
    for (const char* const column : {"sequence", "account", "remote_id", "field", "origin"}) {
        at(row, kHistory, column) = at(edit, kEdits, column);
    }
    at(row, kHistory, "at") = at(edit, kEdits, "edited_at");
    at(row, kHistory, "before") = isRestore ? Value() : at(edit, kEdits, "base");
    at(row, kHistory, "after") = isRestore ? at(edit, kEdits, "base") : at(edit, kEdits, "value");
    return row;
}

struct Rebuilt {
    std::vector<Row> edits, outbox, history;
    int made = 0;
};

/// Every sequence that any of the three tables still knows has a row in all three afterwards.
Rebuilt rebuild(const Everything& all) {
    std::map<qint64, Twins> twins;
    for (const Row& row : all.edits.rows) {
        twins[number(at(row, kEdits, "sequence"))].edit = &row;
    }
    for (const Row& row : all.outbox.rows) {
        twins[number(at(row, kOutbox, "sequence"))].outbox = &row;
    }
    for (const Row& row : all.history.rows) {
        twins[number(at(row, kHistory, "sequence"))].history = &row;
    }
    Rebuilt rebuilt;
    std::map<std::tuple<QString, QString, QString>, size_t> newest;
    qint64 line = 0;
    for (const auto& [sequence, known] : twins) {
        rebuilt.made += (known.edit ? 0 : 1) + (known.outbox ? 0 : 1) + (known.history ? 0 : 1);
        Row edit = known.edit ? *known.edit : editFrom(known);
        Row outbox = known.outbox ? *known.outbox : outboxFrom(edit);
        Row history = known.history ? *known.history : historyFrom(edit);
        at(history, kHistory, "line") = ++line;
        at(outbox, kOutbox, "superseded_by") = Value();
        const std::tuple field(text(at(edit, kEdits, "account")), text(at(edit, kEdits, "remote_id")),
                               text(at(edit, kEdits, "field")));
        if (const auto former = newest.find(field); former != newest.end()) {
            at(rebuilt.outbox[former->second], kOutbox, "superseded_by") = sequence;
            at(history, kHistory, "before") =
                known.history ? at(history, kHistory, "before") : at(rebuilt.edits[former->second], kEdits, "value");
        }
        newest[field] = rebuilt.edits.size();
        rebuilt.edits.push_back(std::move(edit));
        rebuilt.outbox.push_back(std::move(outbox));
        rebuilt.history.push_back(std::move(history));
    }
    return rebuilt;
}

Done write(Connection& connection, const Table& table, const std::vector<Row>& rows) {
    auto insert = connection.prepare(reviewtables::insertSql(table));
    if (!insert) {
        return failure(insert.error());
    }
    for (const Row& row : rows) {
        int index = 0;
        for (const Value& value : row) {
            ++index;
            if (const auto* const integer = std::get_if<qint64>(&value)) {
                insert->bind(index, *integer);
            } else if (const auto* const string = std::get_if<QString>(&value)) {
                insert->bind(index, *string);
            } else {
                insert->bind(index, std::nullopt);
            }
        }
        if (auto done = insert->run(); !done) {
            return done;
        }
    }
    return {};
}

/// Replaces the contents of all tables.
Result<Rescue> writeAll(Connection& connection, const Everything& all) {
    const Rebuilt rebuilt = rebuild(all);
    auto transaction = Transaction::begin(connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    for (const Table& table : {kHistory, kOutbox, kEdits, kDrafts, kAccounts}) {
        if (auto done = connection.run("DELETE FROM " + std::string(table.name)); !done) {
            return failure(done.error());
        }
    }
    for (const auto& [table, rows] : {std::pair(&kAccounts, &all.accounts.rows), std::pair(&kEdits, &rebuilt.edits),
                                      std::pair(&kOutbox, &rebuilt.outbox), std::pair(&kHistory, &rebuilt.history),
                                      std::pair(&kDrafts, &all.drafts.rows)}) {
        if (auto done = write(connection, *table, *rows); !done) {
            return failure(done.error());
        }
    }
    if (auto done = transaction->commit(); !done) {
        return failure(done.error());
    }
    Rescue rescue;
    rescue.edits = static_cast<int>(rebuilt.edits.size());
    rescue.rebuilt = rebuilt.made;
    rescue.drafts = static_cast<int>(all.drafts.rows.size());
    rescue.accounts = static_cast<int>(all.accounts.rows.size());
    for (const Read* read : {&all.accounts, &all.edits, &all.outbox, &all.history, &all.drafts}) {
        rescue.refused += static_cast<int>(read->refused.size());
        rescue.unread = rescue.unread || read->unread;
    }
    return rescue;
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
    add(all.accounts, std::move(more.accounts), kAccounts, 1);
    add(all.edits, std::move(more.edits), kEdits, 1);
    add(all.outbox, std::move(more.outbox), kOutbox, 1);
    add(all.history, std::move(more.history), kHistory, 1);
    add(all.drafts, std::move(more.drafts), kDrafts, 3);
}

/// Adds what can be read; true = that was all of it. An error: the disk is to blame, and the next start tries again.
Result<bool> secondLook(const QString& work, Everything& all) {
    const auto connection = openDamaged(work);
    if (!connection) {
        return failure(connection.error());
    }
    if (!*connection) {
        return false;
    }
    Everything more = readAll(**connection);
    bool whole = true;
    for (const Read* read : {&more.accounts, &more.edits, &more.outbox, &more.history, &more.drafts}) {
        if (read->diskTrouble) {
            return failure(*read->diskTrouble);
        }
        whole = whole && !read->unread;
    }
    add(all, std::move(more));
    return whole;
}

}  // namespace

Result<Rescue> rescueReviews(const QString& damagedFile, Connection& fresh, const QString& freshFile) {
    Everything all;
    // SQLite deletes a log beside an empty file at the first look; such a file is never opened itself. What keeps this
    // look from succeeding does not matter: the second one sees the same bytes.
    if (QFileInfo(damagedFile).size() > 0) {
        if (const auto connection = openDamaged(damagedFile); connection && *connection) {
            all = readAll(**connection);
        }
    }
    // A second look with a first page that is sound for certain; what both looks find is the same rows.
    if (auto done = fresh.checkpoint(Connection::Checkpoint::Truncate); !done) {
        return failure(done.error());
    }
    const QString work = freshFile + ".work"_L1;
    auto rescue = [&]() -> Result<Rescue> {
        if (auto done = graftFirstPage(damagedFile, freshFile, work); !done) {
            return failure(done.error());
        }
        // SQLite calls a read that failed damage, too. Such a failure may pass, so what was not whole is read again.
        auto looked = secondLook(work, all);
        if (looked && !*looked) {
            looked = secondLook(work, all);
        }
        if (!looked) {
            return failure(looked.error());
        }
        auto written = writeAll(fresh, all);
        if (written && !*looked) {
            written->unread = true;
        }
        return written;
    }();
    removeDatabase(work);
    return rescue;
}

Result<Rescue> mendReviews(Connection& connection) {
    const Everything all = readAll(connection);
    for (const Read* read : {&all.accounts, &all.edits, &all.outbox, &all.history, &all.drafts}) {
        if (read->unread) {
            // Writing back less than there is would delete it.
            return failure(ErrorKind::Storage, {}, u"not all rows could be read"_s);
        }
    }
    return writeAll(connection, all);
}

}  // namespace earmark
