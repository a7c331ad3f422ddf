// The part of ReviewsDatabase that keeps marks in recordings: each a row of its own, saved and removed in a transaction
// of its own.
#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewtables.h"

namespace earmark {

using reviewtables::kMarks;

namespace {

std::string saveSql() {
    std::string sets;
    for (const char* column : {"account", "remote_id", "place", "text", "kind", "made_at", "row_sum"}) {
        sets += std::string(sets.empty() ? "" : ", ") + column + " = excluded." + column;
    }
    return reviewtables::insertSql(kMarks) + " ON CONFLICT (mark) DO UPDATE SET " + sets;
}

}  // namespace

Done ReviewsDatabase::saveMark(const CallMark& mark) {
    static const std::string sql = saveSql();
    if (mark.id.isEmpty() || mark.call.account.isEmpty() || mark.call.remoteId.isEmpty() || mark.at.count() < 0) {
        return failure(ErrorKind::InvalidInput, {}, QStringLiteral("saveMark"));
    }
    return d->connection->run(sql, mark.id, mark.call.account, mark.call.remoteId, qint64(mark.at.count()), mark.text,
                              mark.kind, mark.madeAt);
}

Done ReviewsDatabase::removeMark(const CallMark& mark) {
    return d->connection->run("DELETE FROM marks WHERE mark = ?1 AND account = ?2 AND remote_id = ?3", mark.id,
                              mark.call.account, mark.call.remoteId);
}

/// Without a remote id: of all calls of the account; without an account too: all there are.
Result<CallMarks> ReviewsDatabase::marks(const CallKey& key) {
    static const std::string select =
        "SELECT " + reviewtables::columns(kMarks) + " FROM marks WHERE " + reviewtables::isIntact(kMarks);
    static const std::string order = " ORDER BY account, remote_id, place, made_at, rowid";
    CallMarks marks;
    const auto take = [&](const Statement& row) {
        marks.push_back({row.text(0),
                         {row.text(1), row.text(2)},
                         std::chrono::milliseconds(row.integer(3)),
                         row.text(4),
                         row.text(5),
                         row.moment(6)});
        return true;
    };
    const auto done =
        !key.remoteId.isEmpty()  ? d->connection->read(select + " AND account = ?1 AND remote_id = ?2" + order, take,
                                                       key.account, key.remoteId)
        : !key.account.isEmpty() ? d->connection->read(select + " AND account = ?1" + order, take, key.account)
                                 : d->connection->read(select + order, take);
    return done ? Result<CallMarks>(std::move(marks)) : failure(done.error());
}

}  // namespace earmark
