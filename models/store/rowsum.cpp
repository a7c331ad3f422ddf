// The SQL function row_sum(): the part of Connection that knows how values are summed.
#include <sqlite3.h>

#include <string>

#include "models/store/contenthash.h"
#include "models/store/sqlite.h"

namespace earmark {

namespace {

void appendBytes(std::string& to, const void* bytes, int size) {
    const auto length = static_cast<qint64>(size);
    to.append(reinterpret_cast<const char*>(&length), sizeof length);
    if (size > 0)
        to.append(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

void rowSum(sqlite3_context* context, int count, sqlite3_value** values) {
    thread_local std::string buffer;
    buffer.clear();
    for (int i = 0; i < count; ++i) {
        sqlite3_value* const value = values[i];
        const int type = sqlite3_value_type(value);
        buffer.push_back(static_cast<char>(type));
        if (type == SQLITE_INTEGER) {
            const qint64 number = sqlite3_value_int64(value);
            appendBytes(buffer, &number, sizeof number);
        } else if (type == SQLITE_FLOAT) {
            const double number = sqlite3_value_double(value);
            appendBytes(buffer, &number, sizeof number);
        } else if (type == SQLITE_TEXT) {
            const void* text = sqlite3_value_text(value);
            appendBytes(buffer, text, sqlite3_value_bytes(value));
        } else if (type == SQLITE_BLOB) {
            const void* blob = sqlite3_value_blob(value);
            appendBytes(buffer, blob, sqlite3_value_bytes(value));
        }
    }
    sqlite3_result_int64(context, static_cast<qint64>(contentHash(buffer.data(), buffer.size())));
}

}  // namespace

Done Connection::addRowSumFunction() {
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    const int code =
        sqlite3_create_function_v2(m_handle, "row_sum", -1, flags, nullptr, &rowSum, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return failure(error(code));
    return {};
}

}  // namespace earmark
