// The inside of CallsDatabase. Only calls*.cpp of this room include this; the thread that opened the database.
#pragma once

#include <QHash>
#include <functional>
#include <string>
#include <utility>

#include "models/store/callrow.h"
#include "models/store/callsdatabase.h"

namespace earmark {

class CallsDatabase::Private {
 public:
    /// "?1 is the account's name, ?2 the remote id" for a row `c` of calls.
    static constexpr std::string_view kKeyIs =
        "c.account_row = (SELECT account_row FROM accounts WHERE name = ?1) AND c.remote_id = ?2";

    std::unique_ptr<Connection> connection;
    QStringList notices;
    bool begunAnew = false;
    callrow::Reader reader;
    bool namesKnown = false;
    qint64 namesVersion = -1;

    // What the writer knows without asking; forgotten when a transaction fails.
    QHash<QString, qint64> accountRows;
    QHash<std::pair<qint64, QString>, qint64> campaignRows;
    std::optional<qint64> lastCallRow;
    bool newCallsFollow = false;  ///< the last call stored was new, and so will the next one be; at worst slower

    // SQL that is put together once.
    const std::string insertSql = callrow::insertSql();
    const std::string updateSql = callrow::updateSql();
    const std::string insertTextsSql = callrow::insertTextsSql();
    const std::string byKeySql = callrow::recordSql(std::string("WHERE ").append(kKeyIs));
    const std::string byRowSql = callrow::recordSql("WHERE c.call_row = ?1");
    const std::string indexByKeySql = callrow::indexSql(std::string("WHERE ").append(kKeyIs));
    const std::string indexAfterSql = callrow::indexSql("WHERE c.call_row > ?1 ORDER BY c.call_row");
    const std::string indexOfCampaignSql = callrow::indexSql("WHERE c.campaign_row = ?1 ORDER BY c.call_row");

    void forget();
    [[nodiscard]] Done knowNames();
    [[nodiscard]] Result<std::optional<qint64>> knownAccountRow(const QString& name);
    [[nodiscard]] Result<qint64> accountRow(const QString& name);
    [[nodiscard]] Result<qint64> campaignRow(qint64 accountRow, const QString& remoteId);
    [[nodiscard]] Result<qint64> nextCallRow();
    [[nodiscard]] Done saveCursor(const PullCursor& cursor);
    [[nodiscard]] Done insertCopy(const CallCopy& copy, qint64 account, const QStringList& callColumns,
                                  const QStringList& textColumns);  ///< of a call that is not here (callscopies.cpp)
    [[nodiscard]] Result<Call> record(const CallKey& key);          ///< of a call that is here
    /// `work` in a transaction; what the writer remembers is forgotten unless all of it succeeded.
    [[nodiscard]] Done inTransaction(const std::function<Done()>& work);
    /// Index rows selected by `sql`, one of indexSql().
    template <typename... Values>
    [[nodiscard]] Result<std::vector<IndexRow>> indexRows(std::string_view sql, const Values&... values) {
        std::vector<IndexRow> rows;
        auto done = knowNames();
        if (done) {
            done = connection->read(
                sql,
                [&](const Statement& row) {
                    rows.push_back(reader.indexRow(row));
                    return true;
                },
                values...);
        }
        return done ? Result<std::vector<IndexRow>>(std::move(rows)) : failure(std::move(done.error()));
    }
    [[nodiscard]] static Error unknownCall();
};

}  // namespace earmark
