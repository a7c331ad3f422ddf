#include "tests/bench/bareinserts.h"

#include <sqlite3.h>

#include <QFile>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "models/store/callsdatabase.h"

namespace earmark::bench {

namespace {

void must(bool holds, sqlite3* handle) {
    if (!holds) {
        std::fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(handle));
        std::exit(1);
    }
}

/// A connection with the settings of CallsDatabase.
class Bare final {
 public:
    explicit Bare(const QString& file) {
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
        must(sqlite3_open_v2(QFile::encodeName(file).constData(), &m_handle, flags, nullptr) == SQLITE_OK, m_handle);
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536");
    }
    ~Bare() { sqlite3_close(m_handle); }
    Q_DISABLE_COPY_MOVE(Bare)

    void run(const char* sql) { must(sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK, m_handle); }
    [[nodiscard]] sqlite3_stmt* prepared(const QByteArray& sql) {
        sqlite3_stmt* statement = nullptr;
        must(sqlite3_prepare_v2(m_handle, sql.constData(), -1, &statement, nullptr) == SQLITE_OK, m_handle);
        return statement;
    }
    void insert(sqlite3_stmt* statement, const std::unique_ptr<sqlite3_value, auto>* values, int columns) {
        for (int i = 0; i < columns; ++i) {
            bind(statement, i + 1, values[i].get());
        }
        must(sqlite3_step(statement) == SQLITE_DONE, m_handle);
        sqlite3_reset(statement);
    }

 private:
    /// As a driver would that has its texts as UTF-8 already: nothing is copied.
    static void bind(sqlite3_stmt* statement, int index, sqlite3_value* value) {
        switch (sqlite3_value_type(value)) {
            case SQLITE_INTEGER:
                sqlite3_bind_int64(statement, index, sqlite3_value_int64(value));
                break;
            case SQLITE_FLOAT:
                sqlite3_bind_double(statement, index, sqlite3_value_double(value));
                break;
            case SQLITE_TEXT:
                sqlite3_bind_text(statement, index, reinterpret_cast<const char*>(sqlite3_value_text(value)),
                                  sqlite3_value_bytes(value), SQLITE_STATIC);
                break;
            case SQLITE_BLOB:
                sqlite3_bind_blob(statement, index, sqlite3_value_blob(value), sqlite3_value_bytes(value),
                                  SQLITE_STATIC);
                break;
            default:
                sqlite3_bind_null(statement, index);
        }
    }

    sqlite3* m_handle = nullptr;
};

int readAll(Bare& database, const char* table, auto& values) {
    sqlite3_stmt* const statement = database.prepared("SELECT * FROM " + QByteArray(table) + " ORDER BY call_row");
    const int columns = sqlite3_column_count(statement);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < columns; ++i) {
            values.emplace_back(sqlite3_value_dup(sqlite3_column_value(statement, i)));
        }
    }
    sqlite3_finalize(statement);
    return columns;
}

QByteArray insertSql(const char* table, int columns) {
    return "INSERT INTO " + QByteArray(table) + " VALUES (" + QByteArray("?, ").repeated(columns).chopped(2) + ")";
}

}  // namespace

void BareRows::FreeValue::operator()(sqlite3_value* value) const {
    sqlite3_value_free(value);
}

BareRows::BareRows(const QString& file) {
    Bare database(file);
    m_callColumns = readAll(database, "calls", m_calls);
    m_textColumns = readAll(database, "call_texts", m_texts);
    m_rows = static_cast<int>(m_calls.size()) / m_callColumns;
    if (m_rows * m_textColumns != static_cast<int>(m_texts.size())) {
        std::fprintf(stderr, "calls and call_texts do not fit together\n");
        std::exit(1);
    }
}

BareRows::~BareRows() = default;

void BareRows::makeSchema(const QString& file) {
    if (!CallsDatabase::open(file, CallsDatabase::Access::ReadWrite)) {
        std::fprintf(stderr, "%s cannot be made\n", qPrintable(file));
        std::exit(1);
    }
}

void BareRows::insertInto(const QString& file, int pageRows) const {
    Bare database(file);
    sqlite3_stmt* const call = database.prepared(insertSql("calls", m_callColumns));
    sqlite3_stmt* const texts = database.prepared(insertSql("call_texts", m_textColumns));
    const auto place = [](int row, int columns) { return static_cast<size_t>(row) * static_cast<size_t>(columns); };
    for (int from = 0; from < m_rows; from += pageRows) {
        database.run("BEGIN IMMEDIATE");
        for (int row = from; row < std::min(m_rows, from + pageRows); ++row) {
            database.insert(call, &m_calls[place(row, m_callColumns)], m_callColumns);
            database.insert(texts, &m_texts[place(row, m_textColumns)], m_textColumns);
        }
        database.run("COMMIT");
    }
    sqlite3_finalize(call);
    sqlite3_finalize(texts);
}

}  // namespace earmark::bench
