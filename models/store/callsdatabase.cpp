#include "models/store/callsdatabase.h"

#include <QCoreApplication>
#include <QFileInfo>

#include "models/store/callsdatabaseprivate.h"
#include "models/store/databaseaside.h"
#include "models/store/databasefile.h"
#include "models/store/databaselog.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

DatabaseKind callsKind() {
    return {u":/sql/calls"_s, Connection::Durability::Normal, false};
}

}  // namespace

CallsDatabase::CallsDatabase() : d(std::make_unique<Private>()) {}
CallsDatabase::~CallsDatabase() = default;

Result<std::unique_ptr<CallsDatabase>> CallsDatabase::open(const QString& file, Access access, SqlFaultSeam seam) {
    std::unique_ptr<CallsDatabase> database(new CallsDatabase);
    const auto mode = access == Access::ReadWrite ? Connection::Access::ReadWrite : Connection::Access::ReadOnly;
    const auto foreign = access == Access::ReadWrite ? setForeignLogAside(file) : Result<QString>(QString());
    if (!foreign) {
        return failure(foreign.error());
    }
    if (!foreign->isEmpty()) {
        database->d->notices += foreignLogSentence(file, *foreign);
    }
    auto connection = openDatabase(file, mode, callsKind(), seam);
    if (!connection && connection.error().kind == ErrorKind::Damaged && access == Access::ReadWrite) {
        connection = secondLook(file, callsKind(), seam);
    }
    if (!connection && connection.error().kind == ErrorKind::Damaged && access == Access::ReadWrite) {
        const auto aside = setAside(file);
        if (!aside) {
            return failure(aside.error());
        }
        database->d->begunAnew = true;
        database->d->notices +=
            QCoreApplication::translate(
                "Database",
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

bool CallsDatabase::wasBegunAnew() const {
    return d->begunAnew;
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

Error CallsDatabase::Private::unknownCall() {
    return makeError(ErrorKind::NotFoundHere,
                     QCoreApplication::translate("Database", "This call is not on this computer."));
}

// --- what is remembered

void CallsDatabase::Private::forget() {
    accountRows.clear();
    campaignRows.clear();
    lastCallRow.reset();
    namesKnown = false;
}

Done CallsDatabase::Private::inTransaction(const std::function<Done()>& work) {
    auto transaction = Transaction::begin(*connection);
    if (!transaction) {
        return failure(std::move(transaction.error()));
    }
    auto done = work();
    if (done) {
        done = transaction->commit();
    }
    if (!done) {
        forget();
    }
    return done;
}

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
    auto done = connection->read("SELECT account_row, name FROM accounts", [this](const Statement& row) {
        reader.accounts.insert(row.integer(0), row.text(1));
        return true;
    });
    if (done) {
        done = connection->read("SELECT campaign_row, remote_id, name FROM campaigns", [this](const Statement& row) {
            reader.campaigns.insert(row.integer(0), {row.text(1), row.optionalText(2)});
            return true;
        });
    }
    if (done) {
        reader.agents.clear();
        done = connection->read("SELECT account_row, remote_id, name FROM agents WHERE name IS NOT NULL",
                                [this](const Statement& row) {
                                    reader.agents.insert({row.integer(0), row.text(1)}, row.text(2));
                                    return true;
                                });
    }
    namesKnown = done.has_value();
    namesVersion = *version;
    return done;
}

Result<std::optional<qint64>> CallsDatabase::Private::knownAccountRow(const QString& name) {
    if (const auto known = accountRows.constFind(name); known != accountRows.cend()) {
        return std::optional(*known);
    }
    std::optional<qint64> found;
    const auto done = connection->read(
        "SELECT account_row FROM accounts WHERE name = ?1",
        [&](const Statement& row) {
            found = row.integer(0);
            return true;
        },
        name);
    return done ? Result<std::optional<qint64>>(found) : failure(done.error());
}

Result<qint64> CallsDatabase::Private::accountRow(const QString& name) {
    auto known = knownAccountRow(name);
    if (known && !*known) {
        if (auto done = connection->run("INSERT INTO accounts (name) VALUES (?1)", name); !done) {
            return failure(done.error());
        }
        namesKnown = false;
        known = knownAccountRow(name);
    }
    if (!known) {
        return failure(known.error());
    }
    accountRows.insert(name, **known);
    return **known;
}

Result<qint64> CallsDatabase::Private::campaignRow(qint64 account, const QString& remoteId) {
    const auto key = std::pair(account, remoteId);
    if (const auto known = campaignRows.constFind(key); known != campaignRows.cend()) {
        return *known;
    }
    qint64 campaign = 0;
    // The useless update makes RETURNING answer for a row that is there already.
    const auto done = connection->read(
        "INSERT INTO campaigns (account_row, remote_id, listed) VALUES (?1, ?2, 0)"
        " ON CONFLICT (account_row, remote_id) DO UPDATE SET listed = listed RETURNING campaign_row",
        [&](const Statement& row) {
            campaign = row.integer(0);
            return true;
        },
        account, remoteId);
    if (!done) {
        return failure(done.error());
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

// --- written (pages: callspages.cpp)

Result<IndexRow> CallsDatabase::markNotFound(const CallKey& key, Moment now) {
    IndexRow marked;
    const auto done = d->inTransaction([&]() -> Done {
        const std::string mark = "UPDATE calls AS c SET not_found_since = coalesce(not_found_since, ?3) WHERE ";
        if (auto written = d->connection->run(mark + std::string(Private::kKeyIs), key.account, key.remoteId, now);
            !written) {
            return written;
        }
        auto rows = d->indexRows(d->indexByKeySql, key.account, key.remoteId);
        if (!rows || rows->empty()) {
            return failure(rows ? Private::unknownCall() : rows.error());
        }
        marked = std::move(rows->front());
        return {};
    });
    return done ? Result<IndexRow>(std::move(marked)) : failure(done.error());
}

/// Account, campaign, since, until, beginning of the pass.
static std::string toUnlist() {
    const std::string start = "coalesce(dial_time, created_time)";
    return "account_row = ?1 AND (?2 IS NULL OR campaign_row = ?2) AND (?3 IS NULL OR " + start +
           " >= ?3) AND (?4 IS NULL OR " + start +
           " <= ?4) AND coalesce(listed_at, refreshed_at) < ?5 AND unlisted_since IS NULL AND not_found_since IS NULL";
}

Result<qint64> CallsDatabase::countUnlisted(const ListCoverage& coverage, Moment passBegan) {
    const auto accountRow = d->knownAccountRow(coverage.account);
    if (!accountRow || !*accountRow) {
        return accountRow ? Result<qint64>(0) : failure(accountRow.error());
    }
    std::optional<qint64> campaignRow;
    if (coverage.campaignId) {
        campaignRow = 0;
        const auto found = d->connection->read(
            "SELECT campaign_row FROM campaigns WHERE account_row = ?1 AND remote_id = ?2",
            [&campaignRow](const Statement& row) {
                campaignRow = row.integer(0);
                return true;
            },
            **accountRow, *coverage.campaignId);
        if (!found) {
            return failure(found.error());
        }
    }
    qint64 count = 0;
    const auto done = d->connection->read(
        "SELECT count(*) FROM calls WHERE " + toUnlist(),
        [&count](const Statement& row) {
            count = row.integer(0);
            return true;
        },
        **accountRow, campaignRow, coverage.since, coverage.until, passBegan);
    return done ? Result<qint64>(count) : failure(done.error());
}

Result<std::vector<IndexRow>> CallsDatabase::markUnlisted(const ListCoverage& coverage, Moment passBegan, Moment now) {
    std::vector<IndexRow> marked;
    const auto done = d->inTransaction([&]() -> Done {
        const auto accountRow = d->accountRow(coverage.account);
        if (!accountRow) {
            return failure(accountRow.error());
        }
        std::optional<qint64> campaignRow;
        if (coverage.campaignId) {
            const auto campaign = d->campaignRow(*accountRow, *coverage.campaignId);
            if (!campaign) {
                return failure(campaign.error());
            }
            campaignRow = *campaign;
        }
        const std::string which = toUnlist();
        auto rows = d->indexRows(callrow::indexSql("WHERE " + which), *accountRow, campaignRow, coverage.since,
                                 coverage.until, passBegan);
        if (!rows) {
            return failure(rows.error());
        }
        marked = std::move(*rows);
        return d->connection->run("UPDATE calls SET unlisted_since = ?6 WHERE " + which, *accountRow, campaignRow,
                                  coverage.since, coverage.until, passBegan, now);
    });
    for (IndexRow& row : marked) {
        row.call.unlistedSince = now;
    }
    return done ? Result<std::vector<IndexRow>>(std::move(marked)) : failure(done.error());
}

Result<QStringList> CallsDatabase::saveCampaigns(const QString& account, const std::vector<Campaign>& campaigns) {
    QStringList renamed;
    const auto done = d->inTransaction([&]() -> Done {
        const auto accountRow = d->accountRow(account);
        if (!accountRow) {
            return failure(accountRow.error());
        }
        if (auto known = d->knowNames(); !known) {
            return known;
        }
        for (const Campaign& campaign : campaigns) {
            const auto row = d->campaignRow(*accountRow, campaign.id);
            if (!row) {
                return failure(row.error());
            }
            const std::optional<QString> name = campaign.name.isEmpty() ? std::nullopt : std::optional(campaign.name);
            if (d->reader.campaigns.value(*row).name != name) {
                renamed += campaign.id;
            }
            const std::string_view sql =
                "UPDATE campaigns SET listed = 1, name = ?2, status = ?3, raw = ?4 WHERE campaign_row = ?1";
            if (auto written = d->connection->run(sql, *row, name, campaign.status, campaign.raw); !written) {
                return written;
            }
        }
        return {};
    });
    d->namesKnown = false;
    return done ? Result<QStringList>(std::move(renamed)) : failure(done.error());
}

Done CallsDatabase::Private::saveCursor(const PullCursor& cursor) {
    const auto account = accountRow(cursor.account);
    if (!account) {
        return failure(account.error());
    }
    return connection->run(
        "INSERT OR REPLACE INTO cursors (account_row, campaign_id, next_page, complete, last_total, completed_at,"
        " problem, asked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        *account, cursor.campaignId, cursor.nextPage, cursor.complete, cursor.lastTotal, cursor.completedAt,
        cursor.problem, cursor.asked);
}

Done CallsDatabase::saveCursor(const PullCursor& cursor) {
    return d->inTransaction([&] { return d->saveCursor(cursor); });
}

Result<qint64> CallsDatabase::countCalls(const QString& account) {
    const auto row = d->knownAccountRow(account);
    if (!row || !*row) {
        return row ? Result<qint64>(0) : failure(row.error());
    }
    qint64 count = 0;
    const auto done = d->connection->read(
        "SELECT count(*) FROM calls WHERE account_row = ?1",
        [&](const Statement& found) {
            count = found.integer(0);
            return true;
        },
        **row);
    return done ? Result<qint64>(count) : failure(done.error());
}

Done CallsDatabase::removeAccount(const QString& account) {
    const auto done = d->inTransaction([&]() -> Done {
        const auto row = d->knownAccountRow(account);
        if (!row || !*row) {
            return row ? Done() : failure(row.error());
        }
        if (auto kept = d->connection->run("INSERT OR REPLACE INTO meta (name, value) SELECT 'last_call_row',"
                                           " max(coalesce((SELECT max(call_row) FROM calls), 0),"
                                           " coalesce((SELECT value FROM meta WHERE name = 'last_call_row'), 0))");
            !kept) {
            return kept;
        }
        for (const char* sql :
             {"DELETE FROM positions WHERE call_row IN (SELECT call_row FROM calls WHERE account_row = ?1)",
              "DELETE FROM call_texts WHERE call_row IN (SELECT call_row FROM calls WHERE account_row = ?1)",
              "DELETE FROM transcripts WHERE call_row IN (SELECT call_row FROM calls WHERE account_row = ?1)",
              "DELETE FROM details WHERE call_row IN (SELECT call_row FROM calls WHERE account_row = ?1)",
              "DELETE FROM calls WHERE account_row = ?1", "DELETE FROM cursors WHERE account_row = ?1",
              "DELETE FROM campaigns WHERE account_row = ?1", "DELETE FROM agents WHERE account_row = ?1",
              "DELETE FROM accounts WHERE account_row = ?1"}) {
            if (auto gone = d->connection->run(sql, **row); !gone) {
                return gone;
            }
        }
        return {};
    });
    d->forget();
    return done;
}

Done CallsDatabase::saveServerWish(const QString& name, Moment until, Moment now) {
    return d->inTransaction([&]() -> Done {
        const auto gone = d->connection->run(
            "DELETE FROM meta WHERE name LIKE 'server_wish %' AND (value <= ?1 OR name = 'server_wish ' || ?2)", now,
            name);
        return gone
                   ? d->connection->run("INSERT INTO meta (name, value) VALUES ('server_wish ' || ?1, ?2)", name, until)
                   : gone;
    });
}

Done CallsDatabase::saveListening(const CallKey& key, const ListeningProgress& progress) {
    const std::string sql =
        "INSERT OR REPLACE INTO positions (call_row, position_ms, heard_ms, played)"
        " SELECT c.call_row, ?3, ?4, ?5 FROM calls c WHERE ";
    const auto done = d->connection->run(
        sql + std::string(Private::kKeyIs), key.account, key.remoteId, static_cast<qint64>(progress.place.count()),
        static_cast<qint64>(progress.heard.count()), toText(fewerSpans(progress.played, kMostPlayedParts)));
    return !done ? done : d->connection->changes() > 0 ? Done() : failure(Private::unknownCall());
}

}  // namespace earmark
