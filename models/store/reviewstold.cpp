// The part of ReviewsDatabase that tells: history, and the outbox with the fate of each edit.
#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kHistory;

constexpr auto kRestoreWord = "restore"_L1;

}  // namespace

Result<QHash<CallKey, QString>> ReviewsDatabase::Private::owedDeliveries() {
    QHash<CallKey, QString> owed;
    const auto done = connection->read("SELECT account, remote_id, delivery FROM deliveries WHERE settled_at IS NULL",
                                       [&](const Statement& row) {
                                           owed.insert({row.text(0), row.text(1)}, row.text(2));
                                           return true;
                                       });
    return done ? Result<QHash<CallKey, QString>>(std::move(owed)) : failure(done.error());
}

QString ReviewsDatabase::Private::whyItWaits(const CountingRow& row, const AccountNow& account,
                                             const QHash<CallKey, QString>& owed) {
    const auto earlier = owed.constFind(row.key);
    if (earlier != owed.cend() && *earlier != row.edit.delivery) {
        return QCoreApplication::translate("Database",
                                           "An earlier edit of this call may have arrived; its answer comes first.");
    }
    if (account.baseUrl && row.baseUrl && (*account.baseUrl != *row.baseUrl || account.provider != row.provider)) {
        return QCoreApplication::translate("Database",
                                           "It was made when the account was at %1; it does not go to another one.")
            .arg(*row.baseUrl);
    }
    return {};
}

Result<std::vector<HistoryEntry>> ReviewsDatabase::history(const CallKey& key) {
    static const std::string sql =
        "SELECT h.at, h.field, h.before, h.after, h.origin, o.state, s.kind, h.sequence, d.destination, d.settled_at,"
        " o.reason, EXISTS (SELECT 1 FROM conflicts c WHERE c.account = h.account AND c.remote_id = h.remote_id"
        " AND c.sequence = h.sequence AND c.state_before = 'sent') FROM history h"
        " LEFT JOIN outbox o ON o.sequence = h.sequence LEFT JOIN outbox s ON s.sequence = o.superseded_by"
        " LEFT JOIN deliveries d ON d.delivery = " +
        deliverySql("o.") + " WHERE h.account = ?1 AND h.remote_id = ?2 AND " + reviewtables::isIntact(kHistory, "h.") +
        " ORDER BY h.line";
    // What has reached a target is told as it is; what has not may have been overtaken by a later edit.
    const auto fate = [](const QString& state, const QString& supersededBy) {
        const bool hasLeft =
            state == word(EditState::Sent) || state == word(EditState::Refused) || state == word(EditState::Sending);
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
                // A conflict that was found later takes nothing from what the target has accepted.
                const bool wasSent = row.text(5) == word(EditState::Sent) || row.integer(11) != 0;
                line.fate = wasSent && !row.text(6).isEmpty() ? word(EditState::Sent) : fate(row.text(5), row.text(6));
                line.destination = row.text(8);
                if (wasSent) {
                    line.sentAt = row.optionalMoment(9);
                }
                if (line.fate == word(EditState::Refused) || line.fate == word(EditState::Waiting)) {
                    line.reason = row.text(10);
                }
                lines.push_back(std::move(line));
            }
            return true;
        },
        key.account, key.remoteId);
    return done ? Result<std::vector<HistoryEntry>>(std::move(lines)) : failure(done.error());
}

Result<std::vector<PendingEdit>> ReviewsDatabase::pending() {
    const auto rows = d->countingOfAll();
    if (!rows) {
        return failure(rows.error());
    }
    const auto owed = d->owedDeliveries();
    if (!owed) {
        return failure(owed.error());
    }
    QHash<QString, Private::AccountNow> accounts;
    std::vector<PendingEdit> lines;
    for (const CountingRow& row : *rows) {
        // A restore stands here where the target was told the edit before and is to hear of its end.
        const bool isUnderWay = row.edit.state != EditState::Kept;
        const bool travels = row.field == ReviewField::Disposition || row.field == ReviewField::Notes;
        if (!travels || (!row.isEdit && !isUnderWay)) {
            continue;
        }
        if (isUnderWay && !accounts.contains(row.key.account)) {
            const auto account = d->accountNow(row.key.account);
            accounts.insert(row.key.account, account ? *account : Private::AccountNow());
        }
        PendingEdit line;
        line.sequence = row.edit.sequence;
        line.key = row.key;
        line.field = row.field;
        line.from = row.edit.base;
        line.to = row.isEdit ? row.edit.value : row.edit.base;
        if (!row.isEdit) {
            const auto before = d->rowsOf(row.key, row.field);
            if (before && before->size() > 1) {
                line.from = (*before)[before->size() - 2].value;
            }
        }
        line.state = row.edit.state;
        line.target = row.target;
        line.delivery = row.edit.delivery;
        line.attempts = row.attempts;
        line.nextTry = row.nextTry;
        line.reason = row.reason;
        line.editedAt = row.edit.editedAt;
        const Private::AccountNow account = accounts.value(row.key.account);
        line.destination =
            !isUnderWay || !row.destination.isEmpty() ? row.destination : destinationText(account.target);
        if (row.edit.state == EditState::Waiting && line.reason.isEmpty()) {
            line.reason = d->whyItWaits(row, account, *owed);
        }
        if (row.edit.state == EditState::Sent) {
            line.sentAt = row.settledAt;
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

Result<OutboxCounts> ReviewsDatabase::outboxCounts() {
    OutboxCounts counts;
    const auto done = d->connection->read(
        "SELECT state, count(*) FROM outbox WHERE superseded_by IS NULL AND field IN ('disposition', 'notes')"
        " AND (kind = 'edit' OR state <> 'kept') GROUP BY state",
        [&](const Statement& row) {
            if (const auto state = editStateFromWord(row.text(0))) {
                counts.add(*state, row.integer(1));
            }
            return true;
        });
    return done ? Result<OutboxCounts>(counts) : failure(done.error());
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
