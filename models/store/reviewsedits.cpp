// The part of ReviewsDatabase that concerns edits: what counts, what is appended, what is told about it.
#include <QUuid>

#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kEdits;
using reviewtables::kHistory;
using reviewtables::kOutbox;

constexpr auto kEditWord = "edit"_L1;
constexpr auto kRestoreWord = "restore"_L1;

void layOver(Review& review, const CountingRow& row) {
    if (!row.isEdit) {
        return;
    }
    switch (row.field) {
        case ReviewField::Disposition:
            review.disposition = row.edit;
            break;
        case ReviewField::Notes:
            review.notes = row.edit;
            break;
        case ReviewField::Reviewed:
            if (row.edit.value) {
                review.reviewedAt = row.edit.editedAt;
            }
            break;
        case ReviewField::Flag:
            review.flag = row.edit.value;
            break;
    }
}

/// Outbox row and, should that be damaged, its twin in edits.
std::string countingSql(std::string_view tail) {
    return "SELECT o.sequence, o.account, o.remote_id, o.field, o.kind, o.base, o.value, o.edited_at, o.state,"
           " o.delivery, " +
           reviewtables::isIntact(kOutbox, "o.") +
           ", e.account, e.remote_id, e.field, e.kind, e.base, e.value, e.edited_at, coalesce(" +
           reviewtables::isIntact(kEdits, "e.") +
           ", 0), o.target, o.attempts, o.next_try, o.reason"
           " FROM outbox o LEFT JOIN edits e ON e.sequence = o.sequence WHERE o.superseded_by IS NULL " +
           std::string(tail);
}

const std::string& countingOfAllSql() {
    static const std::string sql = countingSql("ORDER BY o.sequence");
    return sql;
}

std::optional<CountingRow> countingFrom(const Statement& s) {
    const bool isSound = s.integer(10) != 0;
    const bool hasSoundTwin = s.integer(18) != 0;
    if (!isSound && !hasSoundTwin) {
        return std::nullopt;
    }
    const int from = isSound ? 1 : 11;
    const auto field = reviewFieldFromWord(s.text(from + 2));
    if (!field) {
        return std::nullopt;
    }
    CountingRow row;
    row.key = {s.text(from), s.text(from + 1)};
    row.field = *field;
    row.isEdit = s.text(from + 3) == kEditWord;
    row.edit.sequence = s.integer(0);
    row.edit.base = s.optionalText(from + 4);
    row.edit.value = s.optionalText(from + 5);
    row.edit.editedAt = s.moment(from + 6);
    row.edit.state = editStateFromWord(s.text(8)).value_or(EditState::Kept);
    row.edit.delivery = s.text(9);
    row.target = s.text(19);
    row.attempts = static_cast<int>(s.integer(20));
    row.nextTry = s.optionalMoment(21);
    row.reason = s.text(22);
    return row;
}

}  // namespace

// --- what counts

Result<std::vector<CountingRow>> ReviewsDatabase::Private::counting(std::string_view sql) {
    std::vector<CountingRow> rows;
    const auto done = connection->read(sql, [&](const Statement& row) {
        if (auto counts = countingFrom(row)) {
            rows.push_back(std::move(*counts));
        }
        return true;
    });
    return done ? Result<std::vector<CountingRow>>(std::move(rows)) : failure(done.error());
}

Result<std::vector<CountingRow>> ReviewsDatabase::Private::countingOf(const CallKey& key) {
    static const std::string sql = countingSql("AND o.account = ?1 AND o.remote_id = ?2");
    std::vector<CountingRow> rows;
    const auto done = connection->read(
        sql,
        [&](const Statement& row) {
            if (auto counts = countingFrom(row)) {
                rows.push_back(std::move(*counts));
            }
            return true;
        },
        key.account, key.remoteId);
    return done ? Result<std::vector<CountingRow>>(std::move(rows)) : failure(done.error());
}

Result<std::optional<CountingRow>> ReviewsDatabase::Private::countingFor(const CallKey& key, ReviewField field) {
    const auto rows = countingOf(key);
    if (!rows) {
        return failure(rows.error());
    }
    for (const CountingRow& row : *rows) {
        if (row.field == field) {
            return std::optional(row);
        }
    }
    return std::optional<CountingRow>();
}

Result<Review> ReviewsDatabase::Private::review(const CallKey& key) {
    const auto rows = countingOf(key);
    if (!rows) {
        return failure(rows.error());
    }
    Review review;
    for (const CountingRow& row : *rows) {
        layOver(review, row);
    }
    return review;
}

Result<Review> ReviewsDatabase::review(const CallKey& key) {
    return d->review(key);
}

Result<QHash<CallKey, Review>> ReviewsDatabase::allReviews() {
    const auto rows = d->counting(countingOfAllSql());
    if (!rows) {
        return failure(rows.error());
    }
    QHash<CallKey, Review> reviews;
    for (const CountingRow& row : *rows) {
        if (row.isEdit) {
            layOver(reviews[row.key], row);
        }
    }
    return reviews;
}

// --- what is done

namespace {

/// A row that is damaged keeps its wrong checksum: a fresh one would hide the damage.
std::string supersedeSql() {
    constexpr std::string_view kColumn = "superseded_by";
    std::string columns = reviewtables::columns(kOutbox);
    columns.replace(columns.find(kColumn), kColumn.size(), "?1");
    return "UPDATE outbox SET superseded_by = ?1, row_sum = iif(" + reviewtables::isIntact(kOutbox) + ", row_sum(" +
           columns + "), row_sum) WHERE account = ?2 AND remote_id = ?3 AND field = ?4 AND superseded_by IS NULL";
}

}  // namespace

Done ReviewsDatabase::Private::append(const EditToCommit& edit, Kind kind, const std::optional<QString>& before,
                                      const std::optional<QString>& after, Moment now) {
    static const std::string insertEdit = reviewtables::insertSql(kEdits);
    static const std::string supersede = supersedeSql();
    static const std::string insertOutbox = reviewtables::insertSql(kOutbox);
    static const std::string insertHistory = reviewtables::insertSql(kHistory);
    // Numbers are chosen here and not by the insert, because the row's checksum covers them. AUTOINCREMENT remembers
    // the highest ever used.
    const auto lastEdit = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'edits'");
    const auto lastLine = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'history'");
    if (!lastEdit || !lastLine) {
        return failure(lastEdit ? lastLine.error() : lastEdit.error());
    }
    std::optional<QString> provider;
    std::optional<QString> baseUrl;
    auto done = connection->read(
        "SELECT provider, base_url FROM accounts WHERE name = ?1",
        [&](const Statement& row) {
            provider = row.text(0);
            baseUrl = row.text(1);
            return true;
        },
        edit.key.account);
    const qint64 sequence = *lastEdit + 1;
    const QString field = word(edit.field);
    const QString kindWord = kind == Kind::Edit ? kEditWord : kRestoreWord;
    if (done) {
        done = connection->run(insertEdit, sequence, edit.key.account, edit.key.remoteId, field, kindWord, edit.base,
                               edit.value, edit.origin, now);
    }
    if (done) {
        done = connection->run(supersede, sequence, edit.key.account, edit.key.remoteId, field);
    }
    if (done) {
        const QString delivery = QUuid::createUuid().toString(QUuid::WithoutBraces);
        done = connection->run(insertOutbox, sequence, edit.key.account, provider, baseUrl, edit.key.remoteId, field,
                               kindWord, edit.base, edit.value, edit.origin, now, delivery, word(EditState::Kept),
                               u"none"_s, 0, std::optional<Moment>(), u""_s, std::optional<qint64>());
    }
    if (done) {
        done = connection->run(insertHistory, *lastLine + 1, sequence, edit.key.account, edit.key.remoteId, field,
                               before, after, edit.origin, now);
    }
    return done;
}

Result<Review> ReviewsDatabase::Private::change(const CallKey& key, ReviewField field,
                                                const std::function<Done()>& work) {
    auto transaction = Transaction::begin(*connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    auto done = work();
    if (done) {
        done = dropDraft(key, field);
    }
    if (!done) {
        return failure(done.error());
    }
    auto after = review(key);
    if (after) {
        done = transaction->commit();
    }
    return done ? after : failure(done.error());
}

Result<Review> ReviewsDatabase::commitEdit(const EditToCommit& edit, Moment now) {
    const bool isMark = edit.field == ReviewField::Reviewed;
    if (edit.key.account.isEmpty() || edit.key.remoteId.isEmpty() || (isMark && edit.value && *edit.value != "1"_L1)) {
        return failure(ErrorKind::InvalidInput, {}, u"commitEdit: "_s + word(edit.field));
    }
    return d->change(edit.key, edit.field, [&]() -> Done {
        const auto counting = d->countingFor(edit.key, edit.field);
        if (!counting) {
            return failure(counting.error());
        }
        const std::optional<QString> before = *counting && (*counting)->isEdit ? (*counting)->edit.value : edit.base;
        return before == edit.value ? Done() : d->append(edit, Private::Kind::Edit, before, edit.value, now);
    });
}

Result<Review> ReviewsDatabase::restoreField(const CallKey& key, ReviewField field, const QString& origin, Moment now) {
    return d->change(key, field, [&]() -> Done {
        const auto counting = d->countingFor(key, field);
        if (!counting) {
            return failure(counting.error());
        }
        if (!*counting || !(*counting)->isEdit) {
            return {};
        }
        const LocalEdit& edit = (*counting)->edit;
        return d->append({key, field, edit.base, std::nullopt, origin}, Private::Kind::Restore, edit.value, edit.base,
                         now);
    });
}

// --- what is told

Result<std::vector<HistoryEntry>> ReviewsDatabase::history(const CallKey& key) {
    static const std::string sql =
        "SELECT h.at, h.field, h.before, h.after, h.origin, o.state, s.kind, h.sequence FROM history h"
        " LEFT JOIN outbox o ON o.sequence = h.sequence LEFT JOIN outbox s ON s.sequence = o.superseded_by"
        " WHERE h.account = ?1 AND h.remote_id = ?2 AND " +
        reviewtables::isIntact(kHistory, "h.") + " ORDER BY h.line";
    // What has reached a target is told as it is; what has not may have been overtaken by a later edit.
    const auto fate = [](const QString& state, const QString& supersededBy) {
        const bool hasLeft = state == word(EditState::Sent) || state == word(EditState::Refused);
        return hasLeft || supersededBy.isEmpty() ? state
               : supersededBy == kRestoreWord    ? u"withdrawn"_s
                                                 : u"superseded"_s;
    };
    std::vector<HistoryEntry> lines;
    const auto done = d->connection->read(
        sql,
        [&](const Statement& row) {
            if (const auto field = reviewFieldFromWord(row.text(1))) {
                HistoryEntry line;
                line.sequence = row.integer(7);
                line.at = row.moment(0);
                line.field = *field;
                line.from = row.optionalText(2);
                line.to = row.optionalText(3);
                line.origin = row.text(4);
                line.fate = fate(row.text(5), row.text(6));
                lines.push_back(std::move(line));
            }
            return true;
        },
        key.account, key.remoteId);
    return done ? Result<std::vector<HistoryEntry>>(std::move(lines)) : failure(done.error());
}

Result<std::vector<PendingEdit>> ReviewsDatabase::pending() {
    const auto rows = d->counting(countingOfAllSql());
    if (!rows) {
        return failure(rows.error());
    }
    std::vector<PendingEdit> lines;
    for (const CountingRow& row : *rows) {
        if (!row.isEdit || (row.field != ReviewField::Disposition && row.field != ReviewField::Notes)) {
            continue;
        }
        PendingEdit line;
        line.sequence = row.edit.sequence;
        line.key = row.key;
        line.field = row.field;
        line.from = row.edit.base;
        line.to = row.edit.value;
        line.state = row.edit.state;
        line.target = row.target;
        line.delivery = row.edit.delivery;
        line.attempts = row.attempts;
        line.nextTry = row.nextTry;
        line.reason = row.reason;
        line.editedAt = row.edit.editedAt;
        lines.push_back(std::move(line));
    }
    return lines;
}

Result<std::vector<DispositionCount>> ReviewsDatabase::dispositionCodes() {
    std::vector<DispositionCount> codes;
    const auto done = d->connection->read(
        "SELECT value, count(*) FROM outbox WHERE superseded_by IS NULL AND kind = 'edit' AND field = 'disposition'"
        " AND value <> '' GROUP BY value ORDER BY 2 DESC, 1",
        [&](const Statement& row) {
            codes.push_back({row.text(0), row.integer(1)});
            return true;
        });
    return done ? Result<std::vector<DispositionCount>>(std::move(codes)) : failure(done.error());
}

}  // namespace earmark
