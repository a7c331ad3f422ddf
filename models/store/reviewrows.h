// The rows of reviews.db as a rescue holds them in memory: read from a damaged file, completed from their twins,
// written into a sound one. Only reviewsrescue.cpp and reviewsrebuild.cpp include this.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "models/store/reviewsrescue.h"
#include "models/store/reviewtables.h"

namespace earmark::reviewrows {

using reviewtables::kAccounts;
using reviewtables::kConflicts;
using reviewtables::kDeliveries;
using reviewtables::kDrafts;
using reviewtables::kEdits;
using reviewtables::kHistory;
using reviewtables::kMarks;
using reviewtables::kOutbox;
using reviewtables::kSteps;
using reviewtables::Table;

using Value = std::variant<std::monostate, qint64, QString, QByteArray>;
using Row = std::vector<Value>;

/// The rows of one table that are whole.
struct Read {
    std::vector<Row> rows;
    std::vector<qint64> refused;  ///< row ids with a wrong checksum
    bool unread = false;
    std::optional<Error> diskTrouble;  ///< not damage of the file: reading it another time may bring more
};

/// A link of the chain over history: its place in the chain is its own checksum.
struct Link {
    qint64 line;
    std::optional<QByteArray> salt;
    QByteArray rowHash;
    QByteArray chain;
};

struct Everything {
    Read accounts, edits, outbox, history, drafts, deliveries, steps, conflicts, marks;
    std::map<qint64, Link> chain;
};

struct Part {
    const Table* table;
    Read Everything::*read;
    int keyColumns;  ///< the first ones tell its rows apart
};
/// In an order in which rows may be written.
constexpr std::array kParts{Part{&kAccounts, &Everything::accounts, 1}, Part{&kEdits, &Everything::edits, 1},
                            Part{&kOutbox, &Everything::outbox, 1},     Part{&kHistory, &Everything::history, 1},
                            Part{&kDrafts, &Everything::drafts, 3},     Part{&kDeliveries, &Everything::deliveries, 1},
                            Part{&kSteps, &Everything::steps, 1},       Part{&kConflicts, &Everything::conflicts, 1},
                            Part{&kMarks, &Everything::marks, 1}};

inline int columnAt(const Table& table, std::string_view name) {
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

inline Value& at(Row& row, const Table& table, std::string_view name) {
    return row[static_cast<size_t>(columnAt(table, name))];
}
inline const Value& at(const Row& row, const Table& table, std::string_view name) {
    return row[static_cast<size_t>(columnAt(table, name))];
}
inline qint64 number(const Value& value) {
    const auto* const held = std::get_if<qint64>(&value);
    return held ? *held : 0;
}
inline QString text(const Value& value) {
    const auto* const held = std::get_if<QString>(&value);
    return held ? *held : QString();
}

/// Replaces the contents of all tables but that of the copies of calls, in one transaction. Every sequence that any of
/// edits, outbox and history still knows has a row in all three afterwards.
[[nodiscard]] Result<Rescue> writeAll(Connection& connection, const Everything& all);

}  // namespace earmark::reviewrows
