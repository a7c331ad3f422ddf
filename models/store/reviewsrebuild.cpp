#include <QUuid>
#include <algorithm>
#include <tuple>

#include "models/store/historychain.h"
#include "models/store/reviewrows.h"

using namespace Qt::StringLiterals;

namespace earmark::reviewrows {

namespace {

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
        // Lines keep their numbers, which their links go by; a line that is made again comes after the one before it.
        line = std::max(line + 1, known.history ? number(at(history, kHistory, "line")) : 0);
        at(history, kHistory, "line") = line;
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
            } else if (const auto* const blob = std::get_if<QByteArray>(&value)) {
                insert->bind(index, *blob);
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

/// The links that are there, if they fit the lines as they are now; else new ones.
Done writeChain(Connection& connection, const Everything& all) {
    auto done = connection.run("DELETE FROM history_chain");
    for (const auto& [line, link] : all.chain) {
        if (done) {
            done = connection.run("INSERT INTO history_chain (line, salt, row_hash, chain) VALUES (?1, ?2, ?3, ?4)",
                                  line, link.salt, link.rowHash, link.chain);
        }
    }
    // Numbers of lines that were erased are not given out again.
    if (done && !all.chain.empty()) {
        done = connection.run("UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'history'",
                              all.chain.rbegin()->first);
    }
    const auto begun = done ? historychain::keepOrBeginAnew(connection) : failure(done.error());
    return begun ? Done() : failure(begun.error());
}

}  // namespace

Result<Rescue> writeAll(Connection& connection, const Everything& all) {
    const Rebuilt rebuilt = rebuild(all);
    const auto rowsOf = [&](const Part& part) -> const std::vector<Row>& {
        return part.table == &kEdits     ? rebuilt.edits
               : part.table == &kOutbox  ? rebuilt.outbox
               : part.table == &kHistory ? rebuilt.history
                                         : (all.*part.read).rows;
    };
    auto transaction = Transaction::begin(connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    Done done;
    for (auto part = kParts.rbegin(); done && part != kParts.rend(); ++part) {
        done = connection.run("DELETE FROM " + std::string(part->table->name));
    }
    for (auto part = kParts.begin(); done && part != kParts.end(); ++part) {
        done = write(connection, *part->table, rowsOf(*part));
    }
    if (done) {
        done = writeChain(connection, all);
    }
    if (done) {
        done = transaction->commit();
    }
    if (!done) {
        return failure(done.error());
    }
    Rescue rescue;
    rescue.edits = static_cast<int>(rebuilt.edits.size());
    rescue.rebuilt = rebuilt.made;
    rescue.drafts = static_cast<int>(all.drafts.rows.size());
    rescue.accounts = static_cast<int>(all.accounts.rows.size());
    rescue.marks = static_cast<int>(all.marks.rows.size());
    for (const Part& part : kParts) {
        rescue.refused += static_cast<int>((all.*part.read).refused.size());
        rescue.unread = rescue.unread || (all.*part.read).unread;
    }
    return rescue;
}

}  // namespace earmark::reviewrows
