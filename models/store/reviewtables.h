// The tables of reviews.db as data: which columns a row's checksum covers. Plain functions, any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace earmark::reviewtables {

struct Table {
    std::string_view name;
    std::string_view columns;  ///< all but row_sum, in the order of the checksum
    /// The last column, where it came with a later schema step: in rows of before it is '' and no part of the checksum.
    std::string_view later{};
};

inline constexpr Table kAccounts{
    "accounts", "name, provider, base_url, assumed_zone, page_size, agent_is_first_channel, settings", "settings"};
inline constexpr Table kEdits{"edits", "sequence, account, remote_id, field, kind, base, value, origin, edited_at"};
inline constexpr Table kOutbox{
    "outbox",
    "sequence, account, provider, base_url, remote_id, field, kind, base, value, origin, edited_at,"
    " delivery, state, target, attempts, next_try, reason, superseded_by, travels_with",
    "travels_with"};
inline constexpr Table kHistory{"history", "line, sequence, account, remote_id, field, before, after, origin, at"};
inline constexpr Table kDrafts{"drafts", "account, remote_id, field, base, text, saved_at"};
inline constexpr Table kDeliveries{
    "deliveries",
    "delivery, account, remote_id, revision, target, destination, body, sequences, arrived, lease,"
    " lease_until, settled_at"};
inline constexpr Table kSteps{"steps", "line, step, kind, of_step, first_sequence, last_sequence, down_to, at"};
inline constexpr Table kConflicts{
    "conflicts", "line, sequence, account, remote_id, field, theirs, theirs_known, found_with, state_before, at"};
inline constexpr Table kCallCopies{"call_copies", "account, remote_id, copied_at, columns, raw"};
inline constexpr Table kMarks{"marks", "mark, account, remote_id, place, text, kind, made_at"};
inline constexpr std::array kAll{kAccounts,   kEdits, kOutbox,    kHistory,    kDrafts,
                                 kDeliveries, kSteps, kConflicts, kCallCopies, kMarks};

/// "x.a, x.b, ..."
[[nodiscard]] std::string columns(const Table& table, std::string_view prefix = {});
[[nodiscard]] int columnCount(const Table& table);
/// "row_sum = row_sum(a, b, ...)": 1 for a sound row, of whichever schema step.
[[nodiscard]] std::string isIntact(const Table& table, std::string_view prefix = {});
/// "UPDATE t SET a = x, ..., row_sum = ...": the sum follows, but a row that is damaged keeps its wrong one, since a
/// fresh one would hide the damage. `sets`: column and expression; the WHERE is the caller's.
[[nodiscard]] std::string updateSql(const Table& table,
                                    const std::vector<std::pair<std::string_view, std::string_view>>& sets);
/// "INSERT INTO t (..., row_sum) VALUES (?1, ..., row_sum(?1, ...))"; `verb` may be "INSERT OR REPLACE".
[[nodiscard]] std::string insertSql(const Table& table, std::string_view verb = "INSERT");

}  // namespace earmark::reviewtables
