// The part of ReviewsDatabase that concerns edits: what counts, what is appended, what is told about it.
#include <QSet>
#include <QUuid>

#include "models/store/accountsettings.h"
#include "models/store/historychain.h"
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
                const auto mark = reviewedMarkFromText(*row.edit.value, row.edit.editedAt);
                review.reviewedAt = mark ? mark->at : row.edit.editedAt;
                review.heardSeconds = mark ? mark->heardSeconds : std::nullopt;
            }
            break;
        case ReviewField::Flag:
            review.flag = row.edit.value;
            break;
    }
}

/// Outbox row and, should that be damaged, its twin in edits.
std::string countingSql(std::string_view tail) {
    return "SELECT o.sequence, o.account, o.remote_id, o.field, o.kind, o.base, o.value, o.edited_at, o.state, " +
           deliverySql("o.") + ", " + reviewtables::isIntact(kOutbox, "o.") +
           ", e.account, e.remote_id, e.field, e.kind, e.base, e.value, e.edited_at, coalesce(" +
           reviewtables::isIntact(kEdits, "e.") +
           ", 0), o.target, o.attempts, o.next_try, o.reason, o.origin, d.destination, d.settled_at, o.provider,"
           " o.base_url"
           " FROM outbox o LEFT JOIN edits e ON e.sequence = o.sequence LEFT JOIN deliveries d ON d.delivery = " +
           deliverySql("o.") + " WHERE o.superseded_by IS NULL " + std::string(tail);
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
    row.origin = s.text(23);
    row.destination = s.text(24);
    row.settledAt = s.optionalMoment(25);
    row.provider = s.optionalText(26);
    row.baseUrl = s.optionalText(27);
    return row;
}

/// What a person did at a field takes the place of what was typed there; what happens elsewhere leaves that alone.
bool takesDraftAway(const QString& origin) {
    return origin == "desk"_L1 || origin == "command_line"_L1 || origin == "restore"_L1 || origin == "conflict"_L1;
}

/// Said again on the command line, where a field is not just left: a refused edit is to be sent once more, a conflict
/// is decided for it, and a value that nobody has given is cleared for good.
bool saysMoreThanItsValue(const EditToCommit& edit, const std::optional<CountingRow>& counting) {
    if (edit.origin != "command_line"_L1) {
        return false;
    }
    const bool isEdited = counting && counting->isEdit;
    const bool travels = edit.field == ReviewField::Disposition || edit.field == ReviewField::Notes;
    return isEdited ? counting->edit.state == EditState::Refused || counting->edit.state == EditState::Conflict
                    : travels && !edit.value;
}

/// Edits of one step in a row are one range; where another step stands between, it goes on with a second one.
void noteStep(std::vector<std::pair<QString, StepStack::Range>>& steps, const QString& tag, qint64 sequence) {
    if (!tag.isEmpty() && !steps.empty() && steps.back().first == tag && steps.back().second.last + 1 == sequence) {
        steps.back().second.last = sequence;
    } else {
        steps.emplace_back(tag.isEmpty() ? QUuid::createUuid().toString(QUuid::WithoutBraces) : tag,
                           StepStack::Range{sequence, sequence});
    }
}

}  // namespace

std::string deliverySql(std::string_view prefix) {
    const std::string p(prefix);
    return "iif(" + p + "travels_with = '', " + p + "delivery, " + p + "travels_with)";
}

std::string inBodySql(std::string_view prefix) {
    return "(instr(d.sequences, ' ' || " + std::string(prefix) + "sequence || ' ') > 0)";
}

QString addressText(const Account& account) {
    return account.baseUrl.toString(QUrl::FullyEncoded);
}

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

Result<std::vector<CountingRow>> ReviewsDatabase::Private::countingOfAll() {
    return counting(countingOfAllSql());
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

Result<std::vector<CallReview>> ReviewsDatabase::Private::reviewsOf(const std::vector<CallKey>& keys) {
    std::vector<CallReview> reviews;
    QSet<CallKey> told;
    for (const CallKey& key : keys) {
        if (told.contains(key)) {
            continue;
        }
        told.insert(key);
        auto now = review(key);
        if (!now) {
            return failure(now.error());
        }
        reviews.push_back({key, std::move(*now)});
    }
    return reviews;
}

Result<Review> ReviewsDatabase::review(const CallKey& key) {
    return d->review(key);
}

Result<QHash<CallKey, Review>> ReviewsDatabase::allReviews() {
    const auto rows = d->countingOfAll();
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

Result<std::vector<FieldRow>> ReviewsDatabase::Private::rowsOf(const CallKey& key, ReviewField field) {
    static const std::string sql =
        "SELECT e.sequence, e.kind, e.base, e.value, e.origin FROM history h JOIN edits e ON e.sequence = h.sequence"
        " WHERE h.account = ?1 AND h.remote_id = ?2 AND h.field = ?3 ORDER BY h.sequence";
    std::vector<FieldRow> rows;
    const auto done = connection->read(
        sql,
        [&](const Statement& row) {
            rows.push_back(
                {row.integer(0), row.text(1) == kEditWord, row.optionalText(2), row.optionalText(3), row.text(4)});
            return true;
        },
        key.account, key.remoteId, word(field));
    return done ? Result<std::vector<FieldRow>>(std::move(rows)) : failure(done.error());
}

// --- what is done

Result<ReviewsDatabase::Private::AccountNow> ReviewsDatabase::Private::accountNow(const QString& name) {
    AccountNow now;
    const auto done = connection->read(
        "SELECT provider, base_url, settings FROM accounts WHERE name = ?1",
        [&](const Statement& row) {
            now.provider = row.text(0);
            now.baseUrl = row.text(1);
            Account account;
            readAccountSettings(row.text(2), account);
            now.target = account.target;
            return true;
        },
        name);
    return done ? Result<AccountNow>(std::move(now)) : failure(done.error());
}

Result<qint64> ReviewsDatabase::Private::append(const EditToCommit& edit, const std::optional<QString>& before,
                                                const std::optional<QString>& after, const AccountNow& account,
                                                Moment now) {
    static const std::string insertEdit = reviewtables::insertSql(kEdits);
    static const std::string supersede =
        reviewtables::updateSql(kOutbox, {{"superseded_by", "?1"}}) +
        " WHERE account = ?2 AND remote_id = ?3 AND field = ?4 AND superseded_by IS NULL";
    static const std::string insertOutbox = reviewtables::insertSql(kOutbox);
    static const std::string insertHistory = reviewtables::insertSql(kHistory);
    // Numbers are chosen here and not by the insert, because the row's checksum covers them. AUTOINCREMENT remembers
    // the highest ever used.
    const auto lastEdit = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'edits'");
    const auto lastLine = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'history'");
    if (!lastEdit || !lastLine) {
        return failure(lastEdit ? lastLine.error() : lastEdit.error());
    }
    const auto journey = journeyOf(edit, account);
    if (!journey) {
        return failure(journey.error());
    }
    const qint64 sequence = *lastEdit + 1;
    const QString field = word(edit.field);
    const QString kind = edit.kind == EditToCommit::Kind::Edit ? kEditWord : kRestoreWord;
    auto done = connection->run(insertEdit, sequence, edit.key.account, edit.key.remoteId, field, kind, edit.base,
                                edit.value, edit.origin, now);
    if (done) {
        done = connection->run(supersede, sequence, edit.key.account, edit.key.remoteId, field);
    }
    if (done) {
        const QString delivery = QUuid::createUuid().toString(QUuid::WithoutBraces);
        done = connection->run(insertOutbox, sequence, edit.key.account, account.provider, account.baseUrl,
                               edit.key.remoteId, field, kind, edit.base, edit.value, edit.origin, now, delivery,
                               word(journey->state), journey->target, 0, std::optional<Moment>(), u""_s,
                               std::optional<qint64>(), journey->travelsWith);
    }
    if (done) {
        done = connection->run(insertHistory, *lastLine + 1, sequence, edit.key.account, edit.key.remoteId, field,
                               before, after, edit.origin, now);
    }
    if (done) {
        done = historychain::append(*connection, *lastLine + 1);
    }
    return done ? Result<qint64>(sequence) : failure(done.error());
}

Result<std::optional<qint64>> ReviewsDatabase::Private::perform(const EditToCommit& edit, const AccountNow& account,
                                                                Moment now) {
    const auto counting = countingFor(edit.key, edit.field);
    if (!counting) {
        return failure(counting.error());
    }
    const bool isEdited = *counting && (*counting)->isEdit;
    Result<qint64> appended = qint64(0);
    if (edit.kind == EditToCommit::Kind::Restore) {
        if (!isEdited) {
            return std::optional<qint64>();
        }
        EditToCommit restore = edit;
        restore.base = edit.base ? edit.base : (*counting)->edit.base;
        restore.value = std::nullopt;
        appended = append(restore, (*counting)->edit.value, restore.base, account, now);
    } else {
        const std::optional<QString> before = isEdited ? (*counting)->edit.value : edit.base;
        if (before == edit.value && edit.whenEqual == EditToCommit::WhenEqual::Nothing &&
            !saysMoreThanItsValue(edit, *counting)) {
            return std::optional<qint64>();
        }
        appended = append(edit, before, edit.value, account, now);
    }
    return appended ? Result<std::optional<qint64>>(*appended) : failure(appended.error());
}

Result<std::vector<CallReview>> ReviewsDatabase::commitEdits(const std::vector<EditToCommit>& edits, Moment now) {
    for (const EditToCommit& edit : edits) {
        const bool isMark = edit.field == ReviewField::Reviewed && edit.value;
        if (edit.key.account.isEmpty() || edit.key.remoteId.isEmpty() ||
            (isMark && !reviewedMarkFromText(*edit.value, now))) {
            return failure(ErrorKind::InvalidInput, {}, u"commitEdits: "_s + word(edit.field));
        }
    }
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    QHash<QString, Private::AccountNow> accounts;
    std::vector<std::pair<QString, StepStack::Range>> steps;
    std::vector<CallKey> keys;
    const auto work = [&]() -> Done {
        for (const EditToCommit& edit : edits) {
            keys.push_back(edit.key);
            if (!accounts.contains(edit.key.account)) {
                auto account = d->accountNow(edit.key.account);
                if (!account) {
                    return failure(account.error());
                }
                accounts.insert(edit.key.account, std::move(*account));
            }
            const auto sequence = d->perform(edit, accounts[edit.key.account], now);
            auto done = sequence ? Done() : failure(sequence.error());
            if (done && *sequence) {
                noteStep(steps, edit.step, **sequence);
            }
            if (done && takesDraftAway(edit.origin)) {
                done = d->dropDraft(edit.key, edit.field);
            }
            if (!done) {
                return done;
            }
        }
        for (const auto& [tag, range] : steps) {
            if (auto done = d->addStep(tag, u"do"_s, {}, range, std::nullopt, now); !done) {
                return done;
            }
        }
        return {};
    };
    auto done = work();
    // The reviews are read before COMMIT: once that has succeeded, nothing may turn the answer into a failure.
    auto after = done ? d->reviewsOf(keys) : Result<std::vector<CallReview>>(failure(done.error()));
    if (after) {
        done = transaction->commit();
    }
    if (!after || !done) {
        d->forgetSteps();
        return failure(after ? done.error() : after.error());
    }
    return after;
}

Result<Review> ReviewsDatabase::commitEdit(const EditToCommit& edit, Moment now) {
    auto after = commitEdits({edit}, now);
    return after ? Result<Review>(std::move(after->front().review)) : failure(after.error());
}

Result<Review> ReviewsDatabase::restoreField(const CallKey& key, ReviewField field, const QString& origin, Moment now) {
    EditToCommit restore;
    restore.key = key;
    restore.field = field;
    restore.origin = origin;
    restore.kind = EditToCommit::Kind::Restore;
    return commitEdit(restore, now);
}

}  // namespace earmark
