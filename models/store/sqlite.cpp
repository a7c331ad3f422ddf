#include "models/store/sqlite.h"

#include <sqlite3.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QStringEncoder>
#include <QUrl>
#include <cerrno>
#include <cstring>
#include <utility>

#include "models/store/databaseaside.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr int kBusyTimeoutMs = 5'000;

/// Memory for bound texts and blobs: lives until the statement is reset, so that SQLite need not copy.
class Arena final {
 public:
    char* take(size_t size) {
        if (m_blocks.empty() || m_used + size > m_blockSize) {
            m_blockSize = std::max<size_t>(size, 16 * 1024);
            m_blocks.push_back(std::make_unique<char[]>(m_blockSize));
            m_used = 0;
        }
        char* const at = m_blocks.back().get() + m_used;
        m_used += size;
        return at;
    }
    void giveBack(size_t size) { m_used -= size; }
    void clear() {
        if (m_blocks.size() > 1 || m_blockSize > 64 * 1024) {
            m_blocks.clear();
            m_blockSize = 0;
        }
        m_used = 0;
    }

 private:
    std::vector<std::unique_ptr<char[]>> m_blocks;
    size_t m_blockSize = 0;
    size_t m_used = 0;
};

ErrorKind kindOf(int code, int systemError) {
    if (systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG)
        return ErrorKind::DiskFull;
    switch (code & 0xff) {
        case SQLITE_FULL:
            return ErrorKind::DiskFull;
        case SQLITE_READONLY:
            return ErrorKind::ReadOnly;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return ErrorKind::Damaged;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return ErrorKind::HeldElsewhere;
        case SQLITE_INTERRUPT:
            return ErrorKind::Cancelled;
        case SQLITE_IOERR:
            // The page that could not be read back whole is damage of the file, not of the disk's mood.
            return code == SQLITE_IOERR_SHORT_READ || code == SQLITE_IOERR_CORRUPTFS ? ErrorKind::Damaged
                                                                                     : ErrorKind::Storage;
        case SQLITE_CANTOPEN:
            return systemError == EROFS ? ErrorKind::ReadOnly : ErrorKind::Storage;
        default:
            return systemError == EROFS ? ErrorKind::ReadOnly : ErrorKind::Storage;
    }
}

QString sentence(ErrorKind kind, int code) {
    switch (kind) {
        case ErrorKind::DiskFull:
            return QCoreApplication::translate("Database", "The disk is full, %1 could not be written.");
        case ErrorKind::ReadOnly:
            return QCoreApplication::translate("Database", "%1 cannot be written, it is read-only.");
        case ErrorKind::Damaged:
            return QCoreApplication::translate("Database", "%1 is damaged.");
        case ErrorKind::HeldElsewhere:
            return QCoreApplication::translate("Database", "%1 is in use by another program.");
        case ErrorKind::Cancelled:
            return QCoreApplication::translate("Database", "Reading %1 was stopped.");
        default:
            break;
    }
    return (code & 0xff) == SQLITE_IOERR ? QCoreApplication::translate("Database", "The disk reported an error at %1.")
           : (code & 0xff) == SQLITE_CANTOPEN ? QCoreApplication::translate("Database", "%1 could not be opened.")
                                              : QCoreApplication::translate("Database", "%1 could not be used.");
}

}  // namespace

Error sqlError(int code, int systemError, const QString& file, const QString& detail) {
    const ErrorKind kind = kindOf(code, systemError);
    const QString name = file.isEmpty() ? u"the database"_s : QFileInfo(file).fileName();
    Error error = makeError(kind, sentence(kind, code).arg(name), detail);
    error.code = u"sqlite_%1"_s.arg(code);
    if (systemError != 0)
        error.detail += u" (errno %1)"_s.arg(systemError);
    return error;
}

// --- Statement

struct Statement::Cached {
    sqlite3_stmt* handle = nullptr;
    std::string sql;
    bool lent = false;
    bool kept = true;  ///< in the cache; false = a second copy, finalized when it comes back
    Arena arena;

    ~Cached() { sqlite3_finalize(handle); }
};

Statement::Statement(Connection* connection, Cached* cached) : m_connection(connection), m_cached(cached) {}

Statement::Statement(Statement&& other) noexcept
    : m_connection(other.m_connection),
      m_cached(std::exchange(other.m_cached, nullptr)),
      m_bindError(other.m_bindError) {}

Statement::~Statement() {
    if (!m_cached)
        return;
    reset();
    m_cached->lent = false;
    if (!m_cached->kept)
        delete m_cached;
}

void Statement::reset() {
    // The result repeats the error of the last step, which has been reported already.
    static_cast<void>(sqlite3_reset(m_cached->handle));
    static_cast<void>(sqlite3_clear_bindings(m_cached->handle));
    m_cached->arena.clear();
    m_bindError = SQLITE_OK;
}

namespace {
void noteBind(int& error, int code) {
    if (error == SQLITE_OK)
        error = code;
}
}  // namespace

void Statement::bind(int index, std::nullopt_t) {
    noteBind(m_bindError, sqlite3_bind_null(m_cached->handle, index));
}

void Statement::bind(int index, qint64 value) {
    noteBind(m_bindError, sqlite3_bind_int64(m_cached->handle, index, value));
}

void Statement::bind(int index, double value) {
    noteBind(m_bindError, sqlite3_bind_double(m_cached->handle, index, value));
}

void Statement::bind(int index, const QString& text) {
    // Not bind_text16: it pairs a lone surrogate with whatever follows; Qt puts a replacement character there.
    QStringEncoder encoder(QStringEncoder::Utf8, QStringEncoder::Flag::Stateless);
    const auto space = static_cast<size_t>(encoder.requiredSpace(text.size())) + 1;
    char* const begin = m_cached->arena.take(space);
    const auto used = static_cast<size_t>(encoder.appendToBuffer(begin, text) - begin);
    m_cached->arena.giveBack(space - used);
    noteBind(m_bindError, sqlite3_bind_text64(m_cached->handle, index, begin, used, SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, const QByteArray& blob) {
    const auto size = static_cast<size_t>(blob.size());
    char* const copy = m_cached->arena.take(size + 1);  // never a null pointer: that would bind NULL
    std::memcpy(copy, blob.constData(), size);
    noteBind(m_bindError, sqlite3_bind_blob64(m_cached->handle, index, copy, size, SQLITE_STATIC));
}

Result<bool> Statement::step() {
    if (m_bindError != SQLITE_OK)
        return failure(sqlError(m_bindError, 0, m_connection->m_file, u"bind: "_s + QString::fromUtf8(m_cached->sql)));
    if (m_connection->m_seam) {
        if (const int code = m_connection->m_seam(m_cached->sql.c_str()); code != SQLITE_OK)
            return failure(sqlError(code, 0, m_connection->m_file, u"fault seam"_s));
    }
    const int code = sqlite3_step(m_cached->handle);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return failure(m_connection->error(code));
}

Done Statement::run() {
    for (;;) {
        const auto row = step();
        if (!row) {
            Error error = row.error();
            reset();
            return failure(std::move(error));
        }
        if (!*row)
            break;
    }
    reset();
    return {};
}

bool Statement::isNull(int column) const {
    return sqlite3_column_type(m_cached->handle, column) == SQLITE_NULL;
}

bool Statement::isInteger(int column) const {
    return sqlite3_column_type(m_cached->handle, column) == SQLITE_INTEGER;
}

bool Statement::isReal(int column) const {
    return sqlite3_column_type(m_cached->handle, column) == SQLITE_FLOAT;
}

bool Statement::isBlob(int column) const {
    return sqlite3_column_type(m_cached->handle, column) == SQLITE_BLOB;
}

qint64 Statement::integer(int column) const {
    return sqlite3_column_int64(m_cached->handle, column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(m_cached->handle, column);
}

std::string_view Statement::utf8(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_cached->handle, column));
    return text ? std::string_view(text, static_cast<size_t>(sqlite3_column_bytes(m_cached->handle, column)))
                : std::string_view();
}

QString Statement::text(int column) const {
    const auto view = utf8(column);
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QByteArray Statement::blob(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_cached->handle, column));
    return QByteArray(bytes, sqlite3_column_bytes(m_cached->handle, column));
}

std::optional<qint64> Statement::optionalInteger(int column) const {
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<double> Statement::optionalReal(int column) const {
    return isNull(column) ? std::nullopt : std::optional(real(column));
}

std::optional<bool> Statement::optionalBool(int column) const {
    return isNull(column) ? std::nullopt : std::optional(integer(column) != 0);
}

std::optional<QString> Statement::optionalText(int column) const {
    if (isNull(column))
        return std::nullopt;
    QString value = text(column);
    if (value.isNull())
        value = u""_s;  // "" and "no value" must stay apart wherever isNull() is asked
    return value;
}

std::optional<Moment> Statement::optionalMoment(int column) const {
    return isNull(column) ? std::nullopt : std::optional(moment(column));
}

// --- Connection

Result<std::unique_ptr<Connection>> Connection::open(const QString& file, Access access, SqlFaultSeam seam) {
    const auto attempt = [&](const QByteArray& name, int flags) -> Result<std::unique_ptr<Connection>> {
        std::unique_ptr<Connection> connection(new Connection);
        connection->m_file = file;
        connection->m_seam = seam;
        const int code = sqlite3_open_v2(name.constData(), &connection->m_handle,
                                         flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
        if (code != SQLITE_OK)
            return failure(connection->m_handle ? connection->error(code) : sqlError(code, 0, file, {}));
        if (auto done = connection->configure(); !done)
            return failure(std::move(done.error()));
        return connection;
    };
    if (access == Access::ReadWrite)
        return attempt(QFile::encodeName(file), SQLITE_OPEN_READWRITE);
    auto connection = attempt(QFile::encodeName(file), SQLITE_OPEN_READONLY);
    if (connection || !QFileInfo::exists(file) || QFileInfo(file + "-wal"_L1).size() > 0)
        return connection;
    // On a read-only file system SQLite cannot make the shared memory that WAL needs. Without a log beside it the file
    // is all there is, and nobody can change it.
    const QByteArray uri = QUrl::fromLocalFile(file).toEncoded() + "?immutable=1";
    return attempt(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

Result<std::unique_ptr<Connection>> Connection::openInMemory(SqlFaultSeam seam) {
    std::unique_ptr<Connection> connection(new Connection);
    connection->m_seam = std::move(seam);
    const int code = sqlite3_open_v2(
        ":memory:", &connection->m_handle,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code != SQLITE_OK)
        return failure(sqlError(code, 0, {}, {}));
    if (auto done = connection->configure(); !done)
        return failure(std::move(done.error()));
    return connection;
}

Done Connection::configure() {
    // The timeout comes first: set after journal_mode, three of four processes failed at once with "busy".
    sqlite3_busy_timeout(m_handle, kBusyTimeoutMs);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    // Opening is lazy; this reads the header, so that "not a database" is known here.
    const auto version = integer("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    return {};
}

Done Connection::prepareForUse(Durability durability) {
    const auto mode = texts("PRAGMA journal_mode=WAL");
    if (!mode)
        return failure(mode.error());
    // A file system without shared memory keeps the rollback journal: slower, but with FULL as safe.
    const bool full = durability == Durability::Full || mode->value(0) != "wal"_L1;
    if (auto done = run(full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"); !done)
        return done;
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    return {};
}

Connection::~Connection() {
    m_cache.clear();
    sqlite3_close(m_handle);
}

Result<Statement> Connection::prepare(std::string_view sql) {
    bool lentAlready = false;
    for (auto [it, end] = m_cache.equal_range(sql); it != end; ++it) {
        if (!it->second->lent) {
            it->second->lent = true;
            return Statement(this, it->second.get());
        }
        lentAlready = true;
    }
    auto cached = std::make_unique<Statement::Cached>();
    cached->sql = sql;
    const int code = sqlite3_prepare_v3(m_handle, cached->sql.c_str(), static_cast<int>(cached->sql.size()) + 1,
                                        SQLITE_PREPARE_PERSISTENT, &cached->handle, nullptr);
    if (code != SQLITE_OK)
        return failure(error(code));
    cached->lent = true;
    cached->kept = !lentAlready;
    if (lentAlready)
        return Statement(this, cached.release());
    auto* const raw = cached.get();
    m_cache.emplace(raw->sql, std::move(cached));
    return Statement(this, raw);
}

Done Connection::readRows(Statement& statement, const RowTaker& take) {
    auto row = statement.step();
    while (row && *row && take(statement)) {
        row = statement.step();
    }
    return row ? Done() : failure(std::move(row.error()));
}

Result<qint64> Connection::integer(std::string_view sql) {
    qint64 number = 0;
    const auto done = read(sql, [&](const Statement& row) {
        number = row.integer(0);
        return false;
    });
    return done ? Result<qint64>(number) : failure(done.error());
}

Result<QStringList> Connection::texts(std::string_view sql) {
    QStringList all;
    const auto done = read(sql, [&](const Statement& row) {
        all += row.text(0);
        return true;
    });
    return done ? Result<QStringList>(std::move(all)) : failure(done.error());
}

Done Connection::runScript(const QByteArray& sql) {
    const char* at = sql.constData();
    const char* const end = at + sql.size();
    while (at < end) {
        sqlite3_stmt* handle = nullptr;
        const char* next = nullptr;
        if (const int code = sqlite3_prepare_v2(m_handle, at, static_cast<int>(end - at), &handle, &next);
            code != SQLITE_OK)
            return failure(error(code));
        at = next;
        if (!handle)
            continue;  // a comment or blanks
        const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owned(handle, &sqlite3_finalize);
        if (m_seam) {
            if (const int code = m_seam(sqlite3_sql(handle)); code != SQLITE_OK)
                return failure(sqlError(code, 0, m_file, u"fault seam"_s));
        }
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW)
            code = sqlite3_step(handle);
        if (code != SQLITE_DONE)
            return failure(error(code));
    }
    return {};
}

qint64 Connection::changes() const {
    return sqlite3_changes64(m_handle);
}

bool Connection::isReadOnly() const {
    return sqlite3_db_readonly(m_handle, "main") == 1;
}

bool Connection::isInTransaction() const {
    return sqlite3_get_autocommit(m_handle) == 0;
}

void Connection::rollbackQuietly() {
    // SQLite may have rolled back by itself (disk full, I/O error); then there is nothing to do.
    if (isInTransaction())
        sqlite3_exec(m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
}

Done Connection::checkpoint(Checkpoint mode) {
    const int code = sqlite3_wal_checkpoint_v2(
        m_handle, nullptr, mode == Checkpoint::Passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE,
        nullptr, nullptr);
    if (code != SQLITE_OK)
        return failure(error(code));
    return {};
}

void Connection::interrupt() {
    sqlite3_interrupt(m_handle);
}

Error Connection::error(int code) const {
    // The system's number is that of the last failed call, whenever that was: it belongs to this error only for these.
    const int primary = code & 0xff;
    const bool fromSystem = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
    Error error = sqlError(code, fromSystem ? sqlite3_system_errno(m_handle) : 0, m_file,
                           QString::fromUtf8(sqlite3_errmsg(m_handle)));
    // Nothing of ours breaks a constraint: where one is broken an index does not say what its table says.
    const bool contradicts = (code & 0xff) == SQLITE_CONSTRAINT;
    if ((error.kind == ErrorKind::Damaged || contradicts) && !m_file.isEmpty())
        markDoubtful(m_file);
    return error;
}

// --- Transaction

Result<Transaction> Transaction::begin(Connection& connection, Mode mode) {
    connection.rollbackQuietly();  // nothing may be left over; if it were, BEGIN would fail for ever
    if (auto done = connection.run(mode == Mode::Immediate ? "BEGIN IMMEDIATE" : "BEGIN"); !done)
        return failure(std::move(done.error()));
    return Transaction(&connection);
}

Transaction::~Transaction() {
    if (m_connection)
        m_connection->rollbackQuietly();
}

Done Transaction::commit() {
    if (m_connection->m_number != 0) {
        if (auto done = m_connection->run("PRAGMA application_id=" + std::to_string(m_connection->m_number)); !done)
            return done;
    }
    if (auto done = m_connection->run("COMMIT"); !done)
        return done;
    m_connection = nullptr;
    return {};
}

}  // namespace earmark
