// The part of ReviewsDatabase that keeps copies of the calls that were edited, marked or reviewed.
#include "models/store/callcopy.h"
#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewtables.h"

namespace earmark {

using reviewtables::kCallCopies;

Done ReviewsDatabase::saveCallCopies(const std::vector<CallCopy>& copies) {
    static const std::string sql = reviewtables::insertSql(kCallCopies, "INSERT OR REPLACE");
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    for (const CallCopy& copy : copies) {
        // Its account may have been removed, with all that was done, since the call was read.
        const auto touched = d->isTouched(copy.key);
        auto done = touched ? Done() : failure(touched.error());
        if (touched && *touched) {
            done = d->connection->run(sql, copy.key.account, copy.key.remoteId, copy.copiedAt, copy.columns, copy.raw);
        }
        if (!done) {
            return done;
        }
    }
    return transaction->commit();
}

Result<bool> ReviewsDatabase::Private::isTouched(const CallKey& key) {
    bool touched = false;
    const auto done = connection->read(
        "SELECT 1 FROM accounts WHERE name = ?1 AND (EXISTS (SELECT 1 FROM outbox WHERE account = ?1 AND"
        " remote_id = ?2 AND superseded_by IS NULL) OR"
        " EXISTS (SELECT 1 FROM marks WHERE account = ?1 AND remote_id = ?2))",
        [&](const Statement&) {
            touched = true;
            return true;
        },
        key.account, key.remoteId);
    return done ? Result<bool>(touched) : failure(done.error());
}

Result<KeyPortion> ReviewsDatabase::callsWithoutCopy(const CallKey& after, int most) {
    // Every edited call has a row that counts, whatever became of the edit; indexes hold all that is asked here.
    KeyPortion portion;
    int seen = 0;
    const auto done = d->connection->read(
        "SELECT k.account, k.remote_id, EXISTS (SELECT 1 FROM call_copies c WHERE c.account = k.account AND"
        " c.remote_id = k.remote_id) FROM (SELECT * FROM (SELECT DISTINCT account, remote_id FROM outbox"
        " WHERE superseded_by IS NULL AND (account, remote_id) > (?1, ?2) ORDER BY account, remote_id LIMIT ?3)"
        " UNION SELECT * FROM (SELECT DISTINCT account, remote_id FROM marks"
        " WHERE (account, remote_id) > (?1, ?2) ORDER BY account, remote_id LIMIT ?3)"
        " ORDER BY account, remote_id LIMIT ?3) k",
        [&](const Statement& row) {
            ++seen;
            portion.last = {row.text(0), row.text(1)};
            if (row.integer(2) == 0) {
                portion.keys.push_back(portion.last);
            }
            return true;
        },
        after.account, after.remoteId, most);
    portion.atEnd = seen < most;
    return done ? Result<KeyPortion>(std::move(portion)) : failure(done.error());
}

Result<CopyPortion> ReviewsDatabase::callCopies(const CallKey& after, int most) {
    static const std::string sql =
        "SELECT " + reviewtables::columns(kCallCopies) + ", " + reviewtables::isIntact(kCallCopies) +
        " FROM call_copies WHERE (account, remote_id) > (?1, ?2) AND account IN (SELECT name FROM accounts)"
        " ORDER BY account, remote_id LIMIT ?3";
    CopyPortion portion;
    int seen = 0;
    const auto done = d->connection->read(
        sql,
        [&](const Statement& row) {
            ++seen;
            portion.last = {row.text(0), row.text(1)};
            if (row.integer(5) != 0) {
                portion.copies.push_back({portion.last, row.moment(2), row.text(3), row.blob(4)});
            }
            return true;
        },
        after.account, after.remoteId, most);
    portion.atEnd = seen < most;
    return done ? Result<CopyPortion>(std::move(portion)) : failure(done.error());
}

}  // namespace earmark
