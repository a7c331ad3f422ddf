// The part of ReviewsDatabase that concerns conflicts: with the provider's values and with what targets hold.
#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kConflicts;
using reviewtables::kOutbox;

const auto kProvider = u"provider"_s;

std::string conflictsSql(const std::string& where) {
    return "SELECT c.sequence, c.account, c.remote_id, c.field, e.base, e.value, c.theirs, c.theirs_known, "
           "c.found_with,"
           " c.at, o.superseded_by IS NULL AND o.state = 'conflict' AND"
           " c.line = (SELECT max(line) FROM conflicts WHERE account = c.account AND remote_id = c.remote_id"
           " AND sequence = c.sequence) AS is_open"
           " FROM conflicts c JOIN edits e ON e.sequence = c.sequence JOIN outbox o ON o.sequence = c.sequence WHERE " +
           where + " AND " + reviewtables::isIntact(kConflicts, "c.") + " ORDER BY c.line";
}

std::optional<ReviewConflict> conflictFrom(const Statement& row) {
    const auto field = reviewFieldFromWord(row.text(3));
    if (!field) {
        return std::nullopt;
    }
    return ReviewConflict{
        row.integer(0),      {row.text(1), row.text(2)}, *field,      row.optionalText(4), row.optionalText(5),
        row.optionalText(6), row.integer(7) != 0,        row.text(8), row.moment(9),       row.integer(10) != 0};
}

/// The newest conflict that was noted for an edit.
struct Noted {
    std::optional<QString> theirs;
    QString foundWith;
    QString stateBefore;
};

Result<std::optional<Noted>> notedFor(Connection& connection, const CallKey& key, qint64 sequence) {
    std::optional<Noted> noted;
    const auto done = connection.read(
        "SELECT theirs, found_with, state_before FROM conflicts WHERE account = ?1 AND remote_id = ?2"
        " AND sequence = ?3 ORDER BY line DESC LIMIT 1",
        [&](const Statement& row) {
            noted = Noted{row.optionalText(0), row.text(1), row.text(2)};
            return false;
        },
        key.account, key.remoteId, sequence);
    return done ? Result<std::optional<Noted>>(std::move(noted)) : failure(done.error());
}

Done setState(Connection& connection, qint64 sequence, const QString& state) {
    static const std::string sql = reviewtables::updateSql(kOutbox, {{"state", "?2"}}) + " WHERE sequence = ?1";
    return connection.run(sql, sequence, state);
}

/// The edit is in a body that is repeated until its end is known.
Result<bool> isRepeated(Connection& connection, const CountingRow& row) {
    bool isOwed = false;
    const auto done = connection.read(
        "SELECT 1 FROM deliveries WHERE delivery = ?1 AND settled_at IS NULL AND instr(sequences, ' ' || ?2 || ' ') > "
        "0",
        [&](const Statement&) {
            isOwed = true;
            return false;
        },
        row.edit.delivery, row.edit.sequence);
    return done ? Result<bool>(isOwed) : failure(done.error());
}

/// While the edit was in conflict, its target may have accepted the body that it is in.
Result<bool> wasAccepted(Connection& connection, const CountingRow& row) {
    bool accepted = false;
    const auto done = connection.read(
        "SELECT 1 FROM deliveries d WHERE d.delivery = ?1 AND instr(d.sequences, ' ' || ?2 || ' ') > 0 AND EXISTS"
        " (SELECT 1 FROM history h JOIN outbox o ON o.sequence = h.sequence WHERE h.account = d.account"
        " AND h.remote_id = d.remote_id AND o.state = 'sent' AND instr(d.sequences, ' ' || o.sequence || ' ') > 0)",
        [&](const Statement&) {
            accepted = true;
            return false;
        },
        row.edit.delivery, row.edit.sequence);
    return done ? Result<bool>(accepted) : failure(done.error());
}

}  // namespace

Done ReviewsDatabase::Private::noteConflict(const CountingRow& row, const Found& found, Moment now) {
    static const std::string insert = reviewtables::insertSql(kConflicts);
    const auto line = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'conflicts'");
    if (!line) {
        return failure(line.error());
    }
    return connection->run(insert, *line + 1, row.edit.sequence, row.key.account, row.key.remoteId, word(row.field),
                           found.theirs, found.theirsKnown ? 1 : 0, found.foundWith, word(row.edit.state), now);
}

Result<std::optional<Review>> ReviewsDatabase::noteProviderMerge(const ProviderMerge& merge, Moment now) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    const auto counting = d->countingFor(merge.key, merge.field);
    if (!counting) {
        return failure(counting.error());
    }
    if (!*counting || !(*counting)->isEdit || (*counting)->edit.sequence != merge.sequence ||
        (*counting)->edit.state == EditState::Sending) {
        return std::optional<Review>();
    }
    const CountingRow& row = **counting;
    // What may have reached the target comes to its end before anybody is asked to choose: a later edit of the call
    // would overtake it otherwise.
    if (merge.outcome == ProviderMerge::Outcome::Conflict && row.edit.state == EditState::Waiting) {
        const auto isOwed = isRepeated(*d->connection, row);
        if (!isOwed || *isOwed) {
            return isOwed ? Result<std::optional<Review>>(std::optional<Review>()) : failure(isOwed.error());
        }
    }
    const auto noted = notedFor(*d->connection, merge.key, merge.sequence);
    if (!noted) {
        return failure(noted.error());
    }
    const bool isOpen = row.edit.state == EditState::Conflict;
    const bool isOurs = *noted && (*noted)->foundWith == kProvider;
    Done done;
    switch (merge.outcome) {
        case ProviderMerge::Outcome::Merged: {
            const auto account = d->accountNow(merge.key.account);
            if (!account) {
                return failure(account.error());
            }
            EditToCommit edit;
            edit.key = merge.key;
            edit.field = merge.field;
            edit.base = merge.theirs;
            edit.value = merge.merged;
            edit.origin = u"merge"_s;
            edit.whenEqual = EditToCommit::WhenEqual::Commit;  // the base is another one
            const auto sequence = d->perform(edit, *account, now);
            done = sequence ? Done() : failure(sequence.error());
            break;
        }
        case ProviderMerge::Outcome::Conflict:
            if (isOpen && isOurs && (*noted)->theirs == merge.theirs) {
                break;  // known
            }
            if (isOpen && !isOurs) {
                break;  // with its target; that is decided first
            }
            if (isOpen) {
                CountingRow first = row;
                first.edit.state = editStateFromWord((*noted)->stateBefore).value_or(EditState::Kept);
                done = d->noteConflict(first, {merge.theirs, true, kProvider}, now);
            } else {
                done = d->noteConflict(row, {merge.theirs, true, kProvider}, now);
                if (done) {
                    done = setState(*d->connection, merge.sequence, word(EditState::Conflict));
                }
            }
            break;
        case ProviderMerge::Outcome::Agreed:
            if (isOpen && isOurs) {
                const auto wasSent = wasAccepted(*d->connection, row);
                done = !wasSent ? failure(wasSent.error())
                                : setState(*d->connection, merge.sequence,
                                           *wasSent ? word(EditState::Sent) : (*noted)->stateBefore);
            }
            if (done) {
                done = d->deliverApart(merge.key.account);
            }
            break;
    }
    auto after = done ? d->review(merge.key) : Result<Review>(failure(done.error()));
    if (after) {
        done = transaction->commit();
    }
    return after && done ? Result<std::optional<Review>>(std::move(*after))
                         : failure(after ? done.error() : after.error());
}

Result<std::vector<ReviewConflict>> ReviewsDatabase::conflicts(const CallKey& key) {
    static const std::string sql = conflictsSql("c.account = ?1 AND c.remote_id = ?2");
    std::vector<ReviewConflict> found;
    const auto done = d->connection->read(
        sql,
        [&](const Statement& row) {
            if (auto conflict = conflictFrom(row)) {
                found.push_back(std::move(*conflict));
            }
            return true;
        },
        key.account, key.remoteId);
    return done ? Result<std::vector<ReviewConflict>>(std::move(found)) : failure(done.error());
}

Result<std::vector<ReviewConflict>> ReviewsDatabase::openConflicts() {
    static const std::string sql = conflictsSql("is_open");
    std::vector<ReviewConflict> found;
    const auto done = d->connection->read(sql, [&](const Statement& row) {
        if (auto conflict = conflictFrom(row)) {
            found.push_back(std::move(*conflict));
        }
        return true;
    });
    return done ? Result<std::vector<ReviewConflict>>(std::move(found)) : failure(done.error());
}

}  // namespace earmark
