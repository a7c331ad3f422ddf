#include "models/store/callsdatabase.h"

#include <QCoreApplication>
#include <QFileInfo>

#include "models/store/callrow.h"
#include "models/store/databasefile.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr auto kRereadWindow = std::chrono::minutes(15);

DatabaseKind callsKind() {
    return {u":/sql/calls"_s, Connection::Durability::Normal, false};
}

QString translated(const char* text) {
    return QCoreApplication::translate("Database", text);
}

Error unknownCall() {
    return makeError(ErrorKind::NotFoundHere, translated("This call is not on this computer."));
}

/// "5, 6, 7, 8, 9": the statuses after which nothing changes.
std::string endedStatuses() {
    std::string list;
    for (int number = 0; number <= int(CallStatus::Cancelled); ++number) {
        if (hasEnded(static_cast<CallStatus>(number))) {
            list.append(list.empty() ? "" : ", ").append(std::to_string(number));
        }
    }
    return list;
}

/// Not ended; or ended just now, and the recording or what the AI says has not come yet.
std::string rereadSql() {
    using namespace callrow;
    const std::string all = std::to_string(HasSummary | HasNextAction | HasRecordingUrl);
    return "SELECT c.remote_id FROM calls c WHERE c.account_row = ?1 AND c.not_found_since IS NULL AND (c.status NOT "
           "IN (" +
           endedStatuses() +
           ") OR (coalesce(c.end_time, c.agent_connect_time, c.answer_time, c.ring_time, c.dial_time, c.created_time)"
           " BETWEEN ?2 AND ?3 AND (c.has_recording IS NOT 1 OR c.sentiment IS NULL OR (c.texts_present & " +
           all + ") <> " + all + "))) ORDER BY c.call_row DESC";
}

constexpr std::string_view kKeyIs =
    "c.account_row = (SELECT account_row FROM accounts WHERE name = ?1) AND c.remote_id = ?2";

}  // namespace

class CallsDatabase::Private {
 public:
    std::unique_ptr<Connection> connection;
    QStringList notices;
    callrow::Reader reader;
    bool namesKnown = false;
    qint64 namesVersion = -1;

    // What the writer knows without asking; forgotten when a transaction fails.
    QHash<QString, qint64> accountRows;
    QHash<std::pair<qint64, QString>, qint64> campaignRows;
    std::optional<qint64> lastCallRow;

    // SQL that is put together once.
    const std::string insertSql = callrow::insertSql();
    const std::string updateSql = callrow::updateSql();
    const std::string insertTextsSql = callrow::insertTextsSql();
    const std::string byKeySql = callrow::recordSql("WHERE " + std::string(kKeyIs));
    const std::string byRowSql = callrow::recordSql("WHERE c.call_row = ?1");
    const std::string indexByKeySql = callrow::indexSql("WHERE " + std::string(kKeyIs));
    const std::string indexAfterSql = callrow::indexSql("WHERE c.call_row > ?1 ORDER BY c.call_row");
    const std::string indexOfCampaignSql = callrow::indexSql("WHERE c.campaign_row = ?1 ORDER BY c.call_row");

    void forget() {
        accountRows.clear();
        campaignRows.clear();
        lastCallRow.reset();
        namesKnown = false;
    }

    [[nodiscard]] Done knowNames();
    [[nodiscard]] Result<qint64> accountRow(const QString& name);
    [[nodiscard]] Result<std::optional<qint64>> knownAccountRow(const QString& name);
    [[nodiscard]] Result<qint64> campaignRow(qint64 accountRow, const QString& remoteId);
    [[nodiscard]] Result<qint64> nextCallRow();
    [[nodiscard]] Done saveCursor(const PullCursor& cursor);
    [[nodiscard]] Result<std::vector<IndexRow>> indexRows(Statement& statement);
};

namespace {

/// What the writer remembers is worth nothing when its transaction did not come to its end.
class Remembering final {
 public:
    explicit Remembering(std::function<void()> forget) : m_forget(std::move(forget)) {}
    ~Remembering() {
        if (m_forget) {
            m_forget();
        }
    }
    Q_DISABLE_COPY_MOVE(Remembering)
    void keep() { m_forget = {}; }

 private:
    std::function<void()> m_forget;
};

}  // namespace

CallsDatabase::CallsDatabase() : d(std::make_unique<Private>()) {}
CallsDatabase::~CallsDatabase() = default;

Result<std::unique_ptr<CallsDatabase>> CallsDatabase::open(const QString& file, Access access, SqlFaultSeam seam) {
    std::unique_ptr<CallsDatabase> database(new CallsDatabase);
    const auto mode = access == Access::ReadWrite ? Connection::Access::ReadWrite : Connection::Access::ReadOnly;
    auto connection = openDatabase(file, mode, callsKind(), seam);
    if (!connection && connection.error().kind == ErrorKind::Damaged && access == Access::ReadWrite) {
        const auto aside = setAside(file);
        if (!aside) {
            return failure(aside.error());
        }
        database->d->notices +=
            translated(
                "The list of calls was damaged and has been begun anew; a pull fills it again. "
                "Your own edits are kept apart and are not touched. The damaged file is kept as %1.")
                .arg(QFileInfo(*aside).fileName());
        connection = openDatabase(file, mode, callsKind(), seam);
    }
    if (!connection) {
        return failure(connection.error());
    }
    database->d->connection = std::move(*connection);
    const char* const cache = access == Access::ReadWrite ? "PRAGMA cache_size=-65536" : "PRAGMA cache_size=-32768";
    if (auto done = database->d->connection->run(cache); !done) {
        return failure(done.error());
    }
    return database;
}

Result<std::unique_ptr<CallsDatabase>> CallsDatabase::openEmpty() {
    auto connection = emptyDatabase(callsKind());
    if (!connection) {
        return failure(connection.error());
    }
    std::unique_ptr<CallsDatabase> database(new CallsDatabase);
    database->d->connection = std::move(*connection);
    return database;
}

const QStringList& CallsDatabase::notices() const {
    return d->notices;
}

void CallsDatabase::interrupt() {
    d->connection->interrupt();
}

Done CallsDatabase::checkpoint() {
    return d->connection->checkpoint(Connection::Checkpoint::Truncate);
}

// --- names

Done CallsDatabase::Private::knowNames() {
    const auto version = connection->integer("PRAGMA data_version");  // changes when another connection has committed
    if (!version) {
        return failure(version.error());
    }
    if (namesKnown && *version == namesVersion) {
        return {};
    }
    reader.accounts.clear();
    reader.campaigns.clear();
    auto accounts = connection->prepare("SELECT account_row, name FROM accounts");
    if (!accounts) {
        return failure(accounts.error());
    }
    auto row = accounts->step();
    for (; row && *row; row = accounts->step()) {
        reader.accounts.insert(accounts->integer(0), accounts->text(1));
    }
    if (!row) {
        return failure(row.error());
    }
    auto campaigns = connection->prepare("SELECT campaign_row, remote_id, name FROM campaigns");
    if (!campaigns) {
        return failure(campaigns.error());
    }
    for (row = campaigns->step(); row && *row; row = campaigns->step()) {
        reader.campaigns.insert(campaigns->integer(0), {campaigns->text(1), campaigns->optionalText(2)});
    }
    if (!row) {
        return failure(row.error());
    }
    namesKnown = true;
    namesVersion = *version;
    return {};
}

Result<std::optional<qint64>> CallsDatabase::Private::knownAccountRow(const QString& name) {
    if (const auto known = accountRows.constFind(name); known != accountRows.cend()) {
        return std::optional(*known);
    }
    auto find = connection->prepare("SELECT account_row FROM accounts WHERE name = ?1");
    if (!find) {
        return failure(find.error());
    }
    find->bindAll(name);
    const auto row = find->step();
    if (!row) {
        return failure(row.error());
    }
    if (!*row) {
        return std::optional<qint64>();
    }
    return std::optional(find->integer(0));
}

Result<qint64> CallsDatabase::Private::accountRow(const QString& name) {
    auto known = knownAccountRow(name);
    if (!known) {
        return failure(known.error());
    }
    if (!*known) {
        auto insert = connection->prepare("INSERT INTO accounts (name) VALUES (?1) RETURNING account_row");
        if (!insert) {
            return failure(insert.error());
        }
        insert->bindAll(name);
        if (const auto row = insert->step(); !row) {
            return failure(row.error());
        }
        known = std::optional(insert->integer(0));
        if (const auto end = insert->step(); !end) {
            return failure(end.error());
        }
        namesKnown = false;
    }
    accountRows.insert(name, **known);
    return **known;
}

Result<qint64> CallsDatabase::Private::campaignRow(qint64 account, const QString& remoteId) {
    const auto key = std::pair(account, remoteId);
    if (const auto known = campaignRows.constFind(key); known != campaignRows.cend()) {
        return *known;
    }
    // The useless update makes RETURNING answer for a row that is there already.
    auto upsert = connection->prepare(
        "INSERT INTO campaigns (account_row, remote_id, listed) VALUES (?1, ?2, 0)"
        " ON CONFLICT (account_row, remote_id) DO UPDATE SET listed = listed RETURNING campaign_row");
    if (!upsert) {
        return failure(upsert.error());
    }
    upsert->bindAll(account, remoteId);
    if (const auto row = upsert->step(); !row) {
        return failure(row.error());
    }
    const qint64 campaign = upsert->integer(0);
    if (const auto end = upsert->step(); !end) {
        return failure(end.error());
    }
    campaignRows.insert(key, campaign);
    namesKnown = false;
    return campaign;
}

Result<qint64> CallsDatabase::Private::nextCallRow() {
    if (!lastCallRow) {
        // The mark in meta: row ids of a removed account are never given out again, someone may still hold them.
        const auto last = connection->integer(
            "SELECT max(coalesce((SELECT max(call_row) FROM calls), 0),"
            " coalesce((SELECT value FROM meta WHERE name = 'last_call_row'), 0))");
        if (!last) {
            return failure(last.error());
        }
        lastCallRow = *last;
    }
    return ++*lastCallRow;
}

// --- written

namespace {

/// Stores the calls of one page; lives for one transaction.
class PageWriter final {
 public:
    PageWriter(Statement find, Statement insert, Statement update, Statement texts, Statement seen, Statement link)
        : m_find(std::move(find)),
          m_insert(std::move(insert)),
          m_update(std::move(update)),
          m_texts(std::move(texts)),
          m_seen(std::move(seen)),
          m_link(std::move(link)) {}

    struct Known {
        qint64 callRow = 0;
        qint64 contentHash = 0;
        bool wasNotFound = false;
        std::optional<Moment> unlistedSince;
    };

    Result<std::optional<Known>> find(qint64 accountRow, const QString& remoteId) {
        m_find.bindAll(accountRow, remoteId);
        const auto row = m_find.step();
        if (!row) {
            return failure(row.error());
        }
        std::optional<Known> known;
        if (*row) {
            known = Known{m_find.integer(0), m_find.integer(1), !m_find.isNull(2), m_find.optionalMoment(3)};
        }
        m_find.reset();
        return known;
    }

    Done writeWhole(const Call& call, const callrow::Place& place, bool isNew) {
        Statement& statement = isNew ? m_insert : m_update;
        callrow::bindRow(statement, call, place);
        if (auto done = statement.run(); !done) {
            return done;
        }
        callrow::bindTexts(m_texts, call, place.callRow);
        return m_texts.run();
    }

    Done writeSeen(const Call& call, const callrow::Place& place) {
        m_seen.bindAll(place.callRow, place.refreshedAt, place.listedAt);
        auto done = m_seen.run();
        if (done && call.recordingUrl) {
            m_link.bindAll(place.callRow, call.recordingUrl, call.raw);
            done = m_link.run();
        }
        return done;
    }

 private:
    Statement m_find;
    Statement m_insert;
    Statement m_update;
    Statement m_texts;
    Statement m_seen;
    Statement m_link;
};

constexpr std::string_view kFindSql =
    "SELECT call_row, content_hash, not_found_since, unlisted_since FROM calls WHERE account_row = ?1 AND remote_id = "
    "?2";
constexpr std::string_view kSeenSql =
    "UPDATE calls SET refreshed_at = ?2, listed_at = coalesce(?3, listed_at), not_found_since = NULL,"
    " unlisted_since = iif(?3 IS NULL, unlisted_since, NULL) WHERE call_row = ?1";
constexpr std::string_view kLinkSql =
    "UPDATE call_texts SET recording_url = ?2, raw = ?3 WHERE call_row = ?1 AND recording_url IS NOT ?2";

}  // namespace

Result<PageOutcome> CallsDatabase::storePage(const PageToStore& page, Moment now) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    Remembering remembering([this] { d->forget(); });
    const auto account = d->accountRow(page.account);
    if (!account) {
        return failure(account.error());
    }
    if (auto done = d->knowNames(); !done) {
        return failure(done.error());
    }
    std::vector<Statement> prepared;
    prepared.reserve(6);
    for (const std::string_view sql : {kFindSql, std::string_view(d->insertSql), std::string_view(d->updateSql),
                                       std::string_view(d->insertTextsSql), kSeenSql, kLinkSql}) {
        auto statement = d->connection->prepare(sql);
        if (!statement) {
            return failure(statement.error());
        }
        prepared.push_back(std::move(*statement));
    }
    PageWriter writer(std::move(prepared[0]), std::move(prepared[1]), std::move(prepared[2]), std::move(prepared[3]),
                      std::move(prepared[4]), std::move(prepared[5]));
    PageOutcome outcome;
    for (const Call& call : page.calls) {
        if (call.key.account != page.account || call.key.remoteId.isEmpty()) {
            return failure(ErrorKind::Internal, {}, u"a page holds a call of another account or without an id"_s);
        }
        callrow::Place place;
        place.accountRow = *account;
        place.contentHash = callrow::contentHashOf(call);
        place.refreshedAt = now;
        place.listedAt = page.cursor ? std::optional(now) : std::nullopt;
        std::optional<QString> campaignName;
        if (call.campaignId) {
            const auto campaign = d->campaignRow(*account, *call.campaignId);
            if (!campaign) {
                return failure(campaign.error());
            }
            place.campaignRow = *campaign;
            campaignName = d->reader.campaigns.value(*campaign).name;
        }
        const auto known = writer.find(*account, call.key.remoteId);
        if (!known) {
            return failure(known.error());
        }
        const bool isNew = !*known;
        const bool isChanged = !isNew && ((*known)->contentHash != place.contentHash || (*known)->wasNotFound ||
                                          ((*known)->unlistedSince && place.listedAt));
        if (isNew) {
            const auto callRow = d->nextCallRow();
            if (!callRow) {
                return failure(callRow.error());
            }
            place.callRow = *callRow;
        } else {
            place.callRow = (*known)->callRow;
        }
        const auto done = isNew || isChanged ? writer.writeWhole(call, place, isNew) : writer.writeSeen(call, place);
        if (!done) {
            return failure(done.error());
        }
        outcome.added += isNew ? 1 : 0;
        outcome.changed += isChanged ? 1 : 0;
        outcome.unchanged += isNew || isChanged ? 0 : 1;
        if (isNew || isChanged) {
            outcome.rows.push_back(callrow::indexRowOf(call, place, campaignName));
            if (isChanged && !place.listedAt) {
                outcome.rows.back().call.unlistedSince = (*known)->unlistedSince;
            }
        }
    }
    if (page.cursor) {
        if (auto done = d->saveCursor(*page.cursor); !done) {
            return failure(done.error());
        }
    }
    if (auto done = transaction->commit(); !done) {
        return failure(done.error());
    }
    remembering.keep();
    return outcome;
}

Result<IndexRow> CallsDatabase::markNotFound(const CallKey& key, Moment now) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    const auto done = d->connection->run(
        "UPDATE calls AS c SET not_found_since = coalesce(not_found_since, ?3) WHERE " + std::string(kKeyIs),
        key.account, key.remoteId, now);
    if (!done) {
        return failure(done.error());
    }
    auto read = d->connection->prepare(d->indexByKeySql);
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(key.account, key.remoteId);
    auto rows = d->indexRows(*read);
    if (!rows) {
        return failure(rows.error());
    }
    if (rows->empty()) {
        return failure(unknownCall());
    }
    read->reset();
    if (auto committed = transaction->commit(); !committed) {
        return failure(committed.error());
    }
    return std::move(rows->front());
}

Result<std::vector<IndexRow>> CallsDatabase::markUnlisted(const QString& account, const QString& campaignId,
                                                          Moment passBegan, Moment now) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    Remembering remembering([this] { d->forget(); });
    const auto accountRow = d->accountRow(account);
    if (!accountRow) {
        return failure(accountRow.error());
    }
    const auto campaignRow = d->campaignRow(*accountRow, campaignId);
    if (!campaignRow) {
        return failure(campaignRow.error());
    }
    const std::string which =
        "campaign_row = ?1 AND coalesce(listed_at, refreshed_at) < ?2 AND unlisted_since IS NULL AND not_found_since "
        "IS NULL";
    auto read = d->connection->prepare(callrow::indexSql("WHERE " + which));
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(*campaignRow, passBegan);
    auto rows = d->indexRows(*read);
    if (!rows) {
        return failure(rows.error());
    }
    read->reset();
    for (IndexRow& row : *rows) {
        row.call.unlistedSince = now;
    }
    if (auto done =
            d->connection->run("UPDATE calls SET unlisted_since = ?3 WHERE " + which, *campaignRow, passBegan, now);
        !done) {
        return failure(done.error());
    }
    if (auto done = transaction->commit(); !done) {
        return failure(done.error());
    }
    remembering.keep();
    return rows;
}

Result<QStringList> CallsDatabase::saveCampaigns(const QString& account, const std::vector<Campaign>& campaigns) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    Remembering remembering([this] { d->forget(); });
    const auto accountRow = d->accountRow(account);
    if (!accountRow) {
        return failure(accountRow.error());
    }
    if (auto done = d->knowNames(); !done) {
        return failure(done.error());
    }
    QStringList renamed;
    for (const Campaign& campaign : campaigns) {
        const auto row = d->campaignRow(*accountRow, campaign.id);
        if (!row) {
            return failure(row.error());
        }
        const std::optional<QString> name = campaign.name.isEmpty() ? std::nullopt : std::optional(campaign.name);
        if (d->reader.campaigns.value(*row).name != name) {
            renamed += campaign.id;
        }
        const auto done = d->connection->run(
            "UPDATE campaigns SET listed = 1, name = ?2, status = ?3, raw = ?4 WHERE campaign_row = ?1", *row, name,
            campaign.status, campaign.raw);
        if (!done) {
            return failure(done.error());
        }
    }
    if (auto done = transaction->commit(); !done) {
        return failure(done.error());
    }
    remembering.keep();
    d->namesKnown = false;
    return renamed;
}

Done CallsDatabase::Private::saveCursor(const PullCursor& cursor) {
    const auto account = accountRow(cursor.account);
    if (!account) {
        return failure(account.error());
    }
    return connection->run(
        "INSERT OR REPLACE INTO cursors (account_row, campaign_id, next_page, complete, last_total, completed_at, "
        "problem)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        *account, cursor.campaignId, cursor.nextPage, cursor.complete, cursor.lastTotal, cursor.completedAt,
        cursor.problem);
}

Done CallsDatabase::saveCursor(const PullCursor& cursor) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    Remembering remembering([this] { d->forget(); });
    if (auto done = d->saveCursor(cursor); !done) {
        return done;
    }
    if (auto done = transaction->commit(); !done) {
        return done;
    }
    remembering.keep();
    return {};
}

Done CallsDatabase::removeAccount(const QString& account) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    Remembering remembering([this] { d->forget(); });
    const auto row = d->knownAccountRow(account);
    if (!row) {
        return failure(row.error());
    }
    if (!*row) {
        return {};
    }
    if (auto done = d->connection->run("INSERT OR REPLACE INTO meta (name, value) SELECT 'last_call_row',"
                                       " max(coalesce((SELECT max(call_row) FROM calls), 0),"
                                       " coalesce((SELECT value FROM meta WHERE name = 'last_call_row'), 0))");
        !done) {
        return done;
    }
    for (const char* sql :
         {"DELETE FROM positions WHERE call_row IN (SELECT call_row FROM calls WHERE account_row = ?1)",
          "DELETE FROM call_texts WHERE call_row IN (SELECT call_row FROM calls WHERE account_row = ?1)",
          "DELETE FROM calls WHERE account_row = ?1", "DELETE FROM cursors WHERE account_row = ?1",
          "DELETE FROM campaigns WHERE account_row = ?1", "DELETE FROM accounts WHERE account_row = ?1"}) {
        if (auto done = d->connection->run(sql, **row); !done) {
            return done;
        }
    }
    return transaction->commit();  // `remembering` forgets in any case: the rows are gone
}

Done CallsDatabase::savePosition(const CallKey& key, std::chrono::milliseconds position) {
    const auto done = d->connection->run(
        "INSERT OR REPLACE INTO positions (call_row, position_ms)"
        " SELECT c.call_row, ?3 FROM calls c WHERE " +
            std::string(kKeyIs),
        key.account, key.remoteId, static_cast<qint64>(position.count()));
    if (!done) {
        return done;
    }
    return d->connection->changes() > 0 ? Done() : failure(unknownCall());
}

// --- read

Result<std::vector<IndexRow>> CallsDatabase::Private::indexRows(Statement& statement) {
    if (auto done = knowNames(); !done) {
        return failure(done.error());
    }
    std::vector<IndexRow> rows;
    auto row = statement.step();
    for (; row && *row; row = statement.step()) {
        rows.push_back(reader.indexRow(statement));
    }
    if (!row) {
        return failure(row.error());
    }
    return rows;
}

Result<std::vector<PullCursor>> CallsDatabase::cursors(const QString& account) {
    auto read = d->connection->prepare(
        "SELECT campaign_id, next_page, complete, last_total, completed_at, problem FROM cursors"
        " WHERE account_row = (SELECT account_row FROM accounts WHERE name = ?1) ORDER BY campaign_id");
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(account);
    std::vector<PullCursor> cursors;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        cursors.push_back({account, read->text(0), static_cast<int>(read->integer(1)), read->integer(2) != 0,
                           read->optionalInteger(3), read->optionalMoment(4), read->text(5)});
    }
    if (!row) {
        return failure(row.error());
    }
    return cursors;
}

Result<std::vector<Campaign>> CallsDatabase::campaigns(const QString& account) {
    auto read = d->connection->prepare(
        "SELECT remote_id, name, status, raw FROM campaigns WHERE listed = 1"
        " AND account_row = (SELECT account_row FROM accounts WHERE name = ?1) ORDER BY campaign_row");
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(account);
    std::vector<Campaign> campaigns;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        campaigns.push_back({account, read->text(0), read->text(1), read->optionalText(2), read->blob(3)});
    }
    if (!row) {
        return failure(row.error());
    }
    return campaigns;
}

Result<std::vector<CallKey>> CallsDatabase::callsToReread(const QString& account, Moment now) {
    const auto accountRow = d->knownAccountRow(account);
    if (!accountRow) {
        return failure(accountRow.error());
    }
    static const std::string sql = rereadSql();
    auto read = d->connection->prepare(sql);
    if (!read) {
        return failure(read.error());
    }
    // A clock that is a little behind the provider's must not hide what ended just now.
    read->bindAll(*accountRow, Moment(now - kRereadWindow), Moment(now + kRereadWindow));
    std::vector<CallKey> keys;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        keys.push_back({account, read->text(0)});
    }
    if (!row) {
        return failure(row.error());
    }
    return keys;
}

Result<std::optional<ReviewedCall>> CallsDatabase::call(const CallKey& key) {
    if (auto done = d->knowNames(); !done) {
        return failure(done.error());
    }
    auto read = d->connection->prepare(d->byKeySql);
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(key.account, key.remoteId);
    const auto row = read->step();
    if (!row) {
        return failure(row.error());
    }
    return *row ? std::optional(d->reader.record(*read)) : std::nullopt;
}

Result<std::vector<ReviewedCall>> CallsDatabase::callsByRow(const std::vector<qint64>& callRows) {
    if (auto done = d->knowNames(); !done) {
        return failure(done.error());
    }
    auto read = d->connection->prepare(d->byRowSql);
    if (!read) {
        return failure(read.error());
    }
    std::vector<ReviewedCall> calls;
    calls.reserve(callRows.size());
    for (const qint64 callRow : callRows) {
        read->bindAll(callRow);
        const auto row = read->step();
        if (!row) {
            return failure(row.error());
        }
        if (*row) {
            calls.push_back(d->reader.record(*read));
        }
        read->reset();
    }
    return calls;
}

namespace {
CallTexts textsFrom(const Statement& statement) {
    return {statement.integer(0), statement.optionalText(1), statement.optionalText(2), statement.optionalText(3)};
}
}  // namespace

Result<std::vector<CallTexts>> CallsDatabase::texts(const std::vector<qint64>& callRows) {
    auto read =
        d->connection->prepare("SELECT call_row, summary, notes, next_action FROM call_texts WHERE call_row = ?1");
    if (!read) {
        return failure(read.error());
    }
    std::vector<CallTexts> texts;
    texts.reserve(callRows.size());
    for (const qint64 callRow : callRows) {
        read->bindAll(callRow);
        const auto row = read->step();
        if (!row) {
            return failure(row.error());
        }
        if (*row) {
            texts.push_back(textsFrom(*read));
        }
        read->reset();
    }
    return texts;
}

Done CallsDatabase::forEachIndexRow(const std::function<bool(IndexRow&&)>& take, qint64 afterRow) {
    if (auto done = d->knowNames(); !done) {
        return done;
    }
    auto read = d->connection->prepare(d->indexAfterSql);
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(afterRow);
    auto row = read->step();
    while (row && *row && take(d->reader.indexRow(*read))) {
        row = read->step();
    }
    return row ? Done() : failure(row.error());
}

Done CallsDatabase::forEachTexts(const std::function<bool(CallTexts&&)>& take, qint64 afterRow) {
    auto read = d->connection->prepare(
        "SELECT call_row, summary, notes, next_action FROM call_texts WHERE call_row > ?1 ORDER BY call_row");
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(afterRow);
    auto row = read->step();
    while (row && *row && take(textsFrom(*read))) {
        row = read->step();
    }
    return row ? Done() : failure(row.error());
}

Result<std::vector<IndexRow>> CallsDatabase::indexRowsOfCampaign(const QString& account, const QString& campaignId) {
    const auto accountRow = d->knownAccountRow(account);
    if (!accountRow) {
        return failure(accountRow.error());
    }
    auto find = d->connection->prepare("SELECT campaign_row FROM campaigns WHERE account_row = ?1 AND remote_id = ?2");
    if (!find) {
        return failure(find.error());
    }
    find->bindAll(*accountRow, campaignId);
    const auto row = find->step();
    if (!row) {
        return failure(row.error());
    }
    if (!*row) {
        return std::vector<IndexRow>();
    }
    auto read = d->connection->prepare(d->indexOfCampaignSql);
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(find->integer(0));
    return d->indexRows(*read);
}

Result<std::vector<DispositionCount>> CallsDatabase::dispositionCodes() {
    auto read = d->connection->prepare(
        "SELECT disposition, count(*) FROM calls WHERE disposition <> '' GROUP BY disposition ORDER BY 2 DESC, 1");
    if (!read) {
        return failure(read.error());
    }
    std::vector<DispositionCount> codes;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        codes.push_back({read->text(0), read->integer(1)});
    }
    if (!row) {
        return failure(row.error());
    }
    return codes;
}

Result<std::optional<std::chrono::milliseconds>> CallsDatabase::position(const CallKey& key) {
    auto read = d->connection->prepare("SELECT p.position_ms FROM positions p JOIN calls c USING (call_row) WHERE " +
                                       std::string(kKeyIs));
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(key.account, key.remoteId);
    const auto row = read->step();
    if (!row) {
        return failure(row.error());
    }
    return *row ? std::optional(std::chrono::milliseconds(read->integer(0))) : std::nullopt;
}

Result<QStringList> CallsDatabase::check() {
    auto findings = d->connection->texts("PRAGMA integrity_check(100)");
    if (findings && *findings == QStringList{u"ok"_s}) {
        findings->clear();
    }
    return findings;
}

}  // namespace earmark
