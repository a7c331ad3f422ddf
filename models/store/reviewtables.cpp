#include "models/store/reviewtables.h"

#include <algorithm>

namespace earmark::reviewtables {

namespace {

std::string prefixed(std::string_view columns, std::string_view prefix) {
    std::string list(prefix);
    for (const char letter : columns) {
        list += letter;
        if (letter == ' ') {
            list += prefix;
        }
    }
    return list;
}

/// `list` is what stands for the columns, `before` what stands for those of the first schema step.
std::string sumSql(const std::string& list, const std::string& before, const std::string& later) {
    const std::string whole = "row_sum(" + list + ")";
    return later.empty() ? whole : "iif(" + later + " = '', row_sum(" + before + "), " + whole + ")";
}

std::string numbers(int count) {
    std::string values;
    for (int i = 1; i <= count; ++i) {
        values.append(i == 1 ? "?" : ", ?").append(std::to_string(i));
    }
    return values;
}

}  // namespace

std::string columns(const Table& table, std::string_view prefix) {
    return prefixed(table.columns, prefix);
}

int columnCount(const Table& table) {
    return static_cast<int>(std::count(table.columns.begin(), table.columns.end(), ',')) + 1;
}

std::string isIntact(const Table& table, std::string_view prefix) {
    const std::string_view before = table.columns.substr(0, table.columns.rfind(", "));
    const std::string later = table.later.empty() ? std::string() : prefixed(table.later, prefix);
    return "(" + std::string(prefix) + "row_sum = " + sumSql(columns(table, prefix), prefixed(before, prefix), later) +
           ")";
}

std::string updateSql(const Table& table, const std::vector<std::pair<std::string_view, std::string_view>>& sets) {
    std::string assignments;
    std::string summed;
    size_t beforeLast = 0;
    std::string later(table.later);
    std::string_view rest = table.columns;
    while (!rest.empty()) {
        const size_t comma = rest.find(", ");
        const std::string_view column = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
        const auto set = std::find_if(sets.begin(), sets.end(), [&](const auto& one) { return one.first == column; });
        if (set != sets.end() && column == table.later) {
            later = set->second;
        }
        if (set != sets.end()) {
            assignments.append(column).append(" = ").append(set->second).append(", ");
        }
        beforeLast = summed.size();
        summed.append(summed.empty() ? "" : ", ").append(set == sets.end() ? column : set->second);
    }
    const std::string sum = sumSql(summed, summed.substr(0, beforeLast), later);
    return "UPDATE " + std::string(table.name) + " SET " + assignments + "row_sum = iif(" + isIntact(table) + ", " +
           sum + ", row_sum)";
}

std::string insertSql(const Table& table, std::string_view verb) {
    const int count = columnCount(table);
    const std::string later = table.later.empty() ? std::string() : "?" + std::to_string(count);
    return std::string(verb) + " INTO " + std::string(table.name) + " (" + columns(table) + ", row_sum) VALUES (" +
           numbers(count) + ", " + sumSql(numbers(count), numbers(count - 1), later) + ")";
}

}  // namespace earmark::reviewtables
