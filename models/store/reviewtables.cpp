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

std::string insertSql(const Table& table, std::string_view verb) {
    const int count = columnCount(table);
    const std::string later = table.later.empty() ? std::string() : "?" + std::to_string(count);
    return std::string(verb) + " INTO " + std::string(table.name) + " (" + columns(table) + ", row_sum) VALUES (" +
           numbers(count) + ", " + sumSql(numbers(count), numbers(count - 1), later) + ")";
}

}  // namespace earmark::reviewtables
