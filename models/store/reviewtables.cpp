#include "models/store/reviewtables.h"

#include <algorithm>

namespace earmark::reviewtables {

std::string columns(const Table& table, std::string_view prefix) {
    std::string list(prefix);
    for (const char letter : table.columns) {
        list += letter;
        if (letter == ' ') {
            list += prefix;
        }
    }
    return list;
}

int columnCount(const Table& table) {
    return static_cast<int>(std::count(table.columns.begin(), table.columns.end(), ',')) + 1;
}

std::string isIntact(const Table& table, std::string_view prefix) {
    return "(" + std::string(prefix) + "row_sum = row_sum(" + columns(table, prefix) + "))";
}

std::string insertSql(const Table& table, std::string_view verb) {
    std::string values;
    for (int i = 1; i <= columnCount(table); ++i) {
        values.append(i == 1 ? "?" : ", ?").append(std::to_string(i));
    }
    return std::string(verb) + " INTO " + std::string(table.name) + " (" + columns(table) + ", row_sum) VALUES (" +
           values + ", row_sum(" + values + "))";
}

}  // namespace earmark::reviewtables
