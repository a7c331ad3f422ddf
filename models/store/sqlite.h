// One thin layer over the SQLite C API: connection, statement, transaction. A connection and its statements belong to
// one thread. Nothing outside models/store includes sqlite3.h.
#pragma once

#include <QByteArray>
#include <QString>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/domain/clock.h"
#include "models/domain/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace earmark {

/// Asked before each step of a statement (ROLLBACK excepted); a non-zero SQLite result code makes that step fail with
/// it (tests: the n-th failure). One seam may be asked from several lanes at once.
using SqlFaultSeam = std::function<int(const char* sql)>;

class Connection;

/// A prepared statement lent by its connection; given back, reset and unbound, when this goes out of scope.
/// A bind that fails is reported by the next step.
class Statement final {
 public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    void bind(int index, std::nullopt_t);
    void bind(int index, int value) { bind(index, static_cast<qint64>(value)); }
    void bind(int index, bool value) { bind(index, static_cast<qint64>(value ? 1 : 0)); }
    void bind(int index, qint64 value);
    void bind(int index, double value);
    void bind(int index, const QString& text);
    void bind(int index, const QByteArray& blob);  ///< copied, as all values are
    void bind(int index, Moment moment) { bind(index, static_cast<qint64>(toMs(moment))); }
    template <typename T>
    void bind(int index, const std::optional<T>& value) {
        if (value)
            bind(index, *value);
        else
            bind(index, std::nullopt);
    }
    template <typename T>
    void bind(int index, T value) = delete;  // no silent conversions

    template <typename... Values>
    void bindAll(const Values&... values) {
        int index = 0;
        (bind(++index, values), ...);
    }

    /// true = a row is there, false = done.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end and resets; for statements without rows.
    [[nodiscard]] Done run();
    /// Ready for the next round with new values.
    void reset();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] bool isInteger(int column) const;
    [[nodiscard]] bool isReal(int column) const;
    [[nodiscard]] bool isBlob(int column) const;
    [[nodiscard]] qint64 integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] QString text(int column) const;
    [[nodiscard]] std::string_view utf8(int column) const;  ///< valid until the next step
    [[nodiscard]] QByteArray blob(int column) const;
    [[nodiscard]] Moment moment(int column) const { return momentFromMs(integer(column)); }

    [[nodiscard]] std::optional<qint64> optionalInteger(int column) const;
    [[nodiscard]] std::optional<double> optionalReal(int column) const;
    [[nodiscard]] std::optional<bool> optionalBool(int column) const;
    [[nodiscard]] std::optional<QString> optionalText(int column) const;
    [[nodiscard]] std::optional<Moment> optionalMoment(int column) const;

 private:
    friend class Connection;
    struct Cached;
    Statement(Connection* connection, Cached* cached);

    Connection* m_connection;
    Cached* m_cached;
    int m_bindError = 0;
};

class Connection final {
 public:
    enum class Access { ReadWrite, ReadOnly };
    enum class Durability { Full, Normal };  ///< PRAGMA synchronous

    /// Opens an existing file (makePrivateFile makes one). Nothing is written before prepareForUse(), so that a file
    /// of a newer version can be looked at and left alone.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const QString& file, Access access,
                                                                  SqlFaultSeam seam = {});
    /// An empty database in memory.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> openInMemory(SqlFaultSeam seam = {});
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// WAL, synchronous, foreign keys; for a read-write connection.
    [[nodiscard]] Done prepareForUse(Durability durability);

    /// Cached by text; a statement that is lent out already is prepared a second time.
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// One statement without rows, values bound in order.
    template <typename... Values>
    [[nodiscard]] Done run(std::string_view sql, const Values&... values) {
        auto statement = prepare(sql);
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bindAll(values...);
        return statement->run();
    }
    using RowTaker = std::function<bool(const Statement& row)>;  ///< false = enough
    /// Calls `take` for each row, values bound in order.
    template <typename... Values>
    [[nodiscard]] Done read(std::string_view sql, const RowTaker& take, const Values&... values) {
        auto statement = prepare(sql);
        if (!statement) {
            return failure(std::move(statement.error()));
        }
        statement->bindAll(values...);
        return readRows(*statement, take);
    }
    [[nodiscard]] static Done readRows(Statement& statement, const RowTaker& take);
    /// First column of the first row; 0 when there is no row or it is NULL.
    [[nodiscard]] Result<qint64> integer(std::string_view sql);
    /// First column of all rows.
    [[nodiscard]] Result<QStringList> texts(std::string_view sql);
    /// A schema step: several statements. Each of them asks the seam.
    [[nodiscard]] Done runScript(const QByteArray& sql);

    [[nodiscard]] qint64 changes() const;
    [[nodiscard]] bool isReadOnly() const;
    [[nodiscard]] bool isInTransaction() const;
    void rollbackQuietly();

    enum class Checkpoint { Passive, Truncate };
    [[nodiscard]] Done checkpoint(Checkpoint mode);
    /// row_sum(a, b, ...): a 64-bit sum over types and contents, for row checksums.
    [[nodiscard]] Done addRowSumFunction();
    /// From now on every Transaction writes the database's number again, so that each log holds it (databaselog.h).
    void signLogs(qint64 number) { m_number = number; }

    /// The only method that other threads may call (while the connection is alive).
    void interrupt();
    [[nodiscard]] const QString& file() const { return m_file; }

 private:
    friend class Statement;
    friend class Transaction;
    Connection() = default;
    [[nodiscard]] Done configure();
    [[nodiscard]] Error error(int code) const;

    sqlite3* m_handle = nullptr;
    QString m_file;
    qint64 m_number = 0;
    SqlFaultSeam m_seam;
    std::unordered_multimap<std::string_view, std::unique_ptr<Statement::Cached>> m_cache;
};

/// Rolls back unless commit() succeeded.
class Transaction final {
 public:
    enum class Mode { Immediate, Deferred };
    [[nodiscard]] static Result<Transaction> begin(Connection& connection, Mode mode = Mode::Immediate);
    Transaction(Transaction&& other) noexcept : m_connection(other.m_connection) { other.m_connection = nullptr; }
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    [[nodiscard]] Done commit();

 private:
    explicit Transaction(Connection* connection) : m_connection(connection) {}
    Connection* m_connection;
};

/// The error for a result code of SQLite; `systemError` is errno of the failed call, 0 = not known.
[[nodiscard]] Error sqlError(int code, int systemError, const QString& file, const QString& detail);

}  // namespace earmark
