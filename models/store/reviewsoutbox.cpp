// The part of ReviewsDatabase that concerns sending: how an edit begins its way, what may be sent, and how it ended.
#include <QSet>
#include <QUuid>
#include <algorithm>

#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kDeliveries;
using reviewtables::kOutbox;

/// A row of the outbox that is under way, with what is known of its delivery.
struct UnderWay {
    qint64 sequence = 0;
    QString remoteId;
    QString delivery;
    EditState state = EditState::Waiting;
    bool isAlive = true;
    std::optional<Moment> nextTry;
};

/// All rows of a call belong together through its history, which has an index.
const char* const kRowsOfCall =
    " sequence IN (SELECT sequence FROM history WHERE account = ?1 AND remote_id = ?2) AND ";

/// What keeps data apart in a sentence on the screen has no place in what is kept.
QString withoutIsolates(QString sentence) {
    return sentence.remove(QChar(0x2068)).remove(QChar(0x2069));
}

/// What a later edit has overtaken is dropped, unless it may have reached the target: then it comes to its end first.
std::string aliveSql() {
    return "(iif(d.delivery IS NULL, o.superseded_by IS NULL, " + inBodySql("o.") + "))";
}

/// A target has or may have what row o says.
std::string toldSql() {
    return "(o.state IN ('sent', 'sending') OR d.arrived = 1 OR EXISTS (SELECT 1 FROM conflicts c"
           " WHERE c.account = o.account AND c.remote_id = o.remote_id AND c.sequence = o.sequence"
           " AND c.state_before = 'sent'))";
}

std::string rowsOfDelivery() {
    return " WHERE" + std::string(kRowsOfCall) + deliverySql() + " = ?3";
}

}  // namespace

// --- how an edit begins its way

Result<ReviewsDatabase::Private::Journey> ReviewsDatabase::Private::journeyOf(const EditToCommit& edit,
                                                                              const AccountNow& account) {
    Journey journey;
    journey.target = word(TargetKind::None);
    if (!account.provider || !takes(account.target, edit.field)) {
        return journey;
    }
    if (edit.kind == EditToCommit::Kind::Restore) {
        // Only who was told the edit is told its end.
        static const std::string findTold =
            "SELECT 1 FROM outbox o LEFT JOIN deliveries d ON d.delivery = " + deliverySql("o.") + " WHERE o." +
            std::string(kRowsOfCall).substr(1) + "o.field = ?3 AND " + toldSql() + " LIMIT 1";
        bool wasTold = false;
        const auto done = connection->read(
            findTold,
            [&](const Statement&) {
                wasTold = true;
                return false;
            },
            edit.key.account, edit.key.remoteId, word(edit.field));
        if (!done) {
            return failure(done.error());
        }
        if (!wasTold) {
            return journey;
        }
    }
    journey.state = EditState::Waiting;
    journey.target = word(account.target.kind);
    static const std::string openSql =
        "SELECT " + deliverySql() + " FROM outbox WHERE" + std::string(kRowsOfCall) +
        "state = 'waiting' AND target = ?3 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.delivery = " +
        deliverySql("outbox.") + ") ORDER BY sequence DESC LIMIT 1";
    const auto done = connection->read(
        openSql,
        [&](const Statement& row) {
            journey.travelsWith = row.text(0);
            return false;
        },
        edit.key.account, edit.key.remoteId, journey.target);
    return done ? Result<Journey>(std::move(journey)) : failure(done.error());
}

// --- what may be sent

namespace {

/// What the target was last told of this field; nullopt: nothing.
Result<std::optional<std::optional<QString>>> lastTold(Connection& connection, const Delivery& delivery,
                                                       ReviewField field, const QString& destination) {
    // Where it answered with a conflict and said what it holds, that is what it knows, not what it was told before.
    static const std::string sql =
        "SELECT iif(o.kind = 'edit', o.value, o.base), o.sequence FROM outbox o JOIN deliveries d ON d.delivery = " +
        deliverySql("o.") + " WHERE o." + std::string(kRowsOfCall).substr(1) +
        "o.field = ?3 AND o.state = 'sent' AND o.target = ?4 AND d.destination = ?5"
        " UNION ALL SELECT c.theirs, c.sequence FROM conflicts c JOIN outbox o ON o.sequence = c.sequence"
        " JOIN deliveries d ON d.delivery = " +
        deliverySql("o.") +
        " WHERE c.account = ?1 AND c.remote_id = ?2 AND c.field = ?3 AND c.theirs_known = 1 AND c.found_with = ?4"
        " AND d.destination = ?5 ORDER BY 2 DESC LIMIT 1";
    std::optional<std::optional<QString>> told;
    const auto done = connection.read(
        sql,
        [&](const Statement& row) {
            told = row.optionalText(0);
            return false;
        },
        delivery.key.account, delivery.key.remoteId, word(field), delivery.target, destination);
    return done ? Result<std::optional<std::optional<QString>>>(std::move(told)) : failure(done.error());
}

/// The delivery in full: its changes, and what was frozen.
Result<Delivery> wholeDelivery(Connection& connection, const Account& account, const UnderWay& first) {
    static const std::string rowsSql =
        "SELECT o.field, iif(o.kind = 'edit', o.value, o.base), o.base, o.edited_at, o.target, o.attempts, o.next_try,"
        " o.reason, d.body, d.arrived, d.revision,"
        " (SELECT coalesce(max(revision), 0) + 1 FROM deliveries WHERE account = ?1 AND remote_id = ?2)"
        " FROM outbox o LEFT JOIN deliveries d ON d.delivery = " +
        deliverySql("o.") + " WHERE o." + std::string(kRowsOfCall).substr(1) + deliverySql("o.") +
        " = ?3 AND o.state = 'waiting' AND " + aliveSql() + " ORDER BY o.sequence";
    Delivery delivery;
    delivery.id = first.delivery;
    delivery.key = {account.name, first.remoteId};
    const auto done = connection.read(
        rowsSql,
        [&](const Statement& row) {
            const auto field = reviewFieldFromWord(row.text(0));
            if (!field) {
                return true;
            }
            // A later edit of the field in the same delivery takes the place of the earlier one.
            std::erase_if(delivery.changes, [&](const FieldChange& change) { return change.field == *field; });
            delivery.changes.push_back({*field, row.optionalText(2), row.optionalText(1)});
            delivery.editedAt = std::max(delivery.editedAt, row.moment(3));
            delivery.target = row.text(4);
            delivery.attempts = std::max(delivery.attempts, static_cast<int>(row.integer(5)));
            delivery.nextTry = std::max(delivery.nextTry, row.optionalMoment(6));
            delivery.reason = row.text(7);
            delivery.body = row.blob(8);
            delivery.mayHaveArrived = row.integer(9) != 0;
            delivery.revision = static_cast<int>(row.isNull(10) ? row.integer(11) : row.integer(10));
            return true;
        },
        delivery.key.account, delivery.key.remoteId, delivery.id);
    if (!done) {
        return failure(done.error());
    }
    const QString destination = destinationText(account.target);
    for (FieldChange& change : delivery.changes) {
        const auto told = lastTold(connection, delivery, change.field, destination);
        if (!told) {
            return failure(told.error());
        }
        if (*told) {
            change.from = **told;
        }
    }
    std::sort(delivery.changes.begin(), delivery.changes.end(),
              [](const FieldChange& a, const FieldChange& b) { return a.field < b.field; });
    return delivery;
}

std::string underWaySql(const std::string& from, const std::string& where) {
    return "SELECT o.sequence, o.remote_id, " + deliverySql("o.") + ", o.state, " + aliveSql() + ", o.next_try FROM " +
           from + " WHERE " + where +
           " AND o.account = ?1 AND o.state IN ('waiting', 'sending') AND o.provider = ?2 AND o.base_url = ?3 AND " +
           reviewtables::isIntact(kOutbox, "o.") + " ORDER BY o.sequence";
}

/// The first delivery under way of each call; `take` answers false when it has enough. What may have reached the target
/// comes to its end before anything else of its call, also before an edit that is older but waited for a choice.
Done eachFirst(Connection& connection, const Account& account, const std::function<bool(const UnderWay&)>& take) {
    static const std::string frozen = underWaySql(
        "deliveries d JOIN history h ON h.account = d.account AND h.remote_id = d.remote_id"
        " JOIN outbox o ON o.sequence = h.sequence",
        "d.account = ?1 AND d.settled_at IS NULL AND " + inBodySql("o.") + " AND d.delivery = " + deliverySql("o."));
    static const std::string fresh =
        underWaySql("outbox o LEFT JOIN deliveries d ON d.delivery = " + deliverySql("o."), "d.delivery IS NULL");
    QSet<QString> calls;
    bool isEnough = false;
    Done done;
    for (const std::string& sql : {frozen, fresh}) {
        if (!done || isEnough) {
            break;
        }
        done = connection.read(
            sql,
            [&](const Statement& s) {
                const UnderWay row{s.integer(0),      s.text(1),
                                   s.text(2),         editStateFromWord(s.text(3)).value_or(EditState::Waiting),
                                   s.integer(4) != 0, s.optionalMoment(5)};
                if (!row.isAlive || calls.contains(row.remoteId)) {
                    return true;
                }
                calls.insert(row.remoteId);
                isEnough = row.state != EditState::Sending && !take(row);
                return !isEnough;
            },
            account.name, word(account.provider), addressText(account));
    }
    return done;
}

}  // namespace

Result<std::vector<Delivery>> ReviewsDatabase::dueDeliveries(const Account& account, std::optional<Moment> now,
                                                             int most) {
    std::vector<UnderWay> firsts;
    const auto done = eachFirst(*d->connection, account, [&](const UnderWay& row) {
        if (!now || !row.nextTry || *row.nextTry <= *now) {
            firsts.push_back(row);
        }
        return static_cast<int>(firsts.size()) < most;
    });
    if (!done) {
        return failure(done.error());
    }
    std::vector<Delivery> due;
    for (const UnderWay& first : firsts) {
        auto delivery = wholeDelivery(*d->connection, account, first);
        if (!delivery) {
            return failure(delivery.error());
        }
        if (!delivery->changes.empty()) {
            due.push_back(std::move(*delivery));
        }
    }
    return due;
}

Result<std::optional<Moment>> ReviewsDatabase::nextTry(const Account& account) {
    std::optional<Moment> earliest;
    const auto done = eachFirst(*d->connection, account, [&](const UnderWay& row) {
        if (row.nextTry && (!earliest || *row.nextTry < *earliest)) {
            earliest = row.nextTry;
        }
        return true;
    });
    return done ? Result<std::optional<Moment>>(earliest) : failure(done.error());
}

// --- on its way

Done ReviewsDatabase::Private::moveDelivery(const CallKey& key, const QString& delivery, EditState from, EditState to,
                                            const QString& reason, std::optional<Moment> nextTry) {
    static const std::string sql =
        reviewtables::updateSql(kOutbox, {{"state", "?4"}, {"reason", "?5"}, {"next_try", "?6"}}) + rowsOfDelivery() +
        " AND state = ?7";
    return connection->run(sql, key.account, key.remoteId, delivery, word(to), reason, nextTry, word(from));
}

Result<std::optional<CallKey>> ReviewsDatabase::Private::callOfDelivery(const QString& delivery) {
    std::optional<CallKey> key;
    const auto done = connection->read(
        "SELECT account, remote_id FROM outbox WHERE delivery = ?1 UNION ALL"
        " SELECT account, remote_id FROM outbox WHERE travels_with = ?1 AND state IN ('waiting', 'sending') LIMIT 1",
        [&](const Statement& row) {
            key = CallKey{row.text(0), row.text(1)};
            return false;
        },
        delivery);
    return done ? Result<std::optional<CallKey>>(std::move(key)) : failure(done.error());
}

namespace {

/// Whether what waits in a delivery that is not frozen yet still is what `delivery` says.
Result<bool> isStillTheSame(Connection& connection, const Delivery& delivery) {
    static const std::string sql = "SELECT o.field, iif(o.kind = 'edit', o.value, o.base) FROM outbox o WHERE o." +
                                   std::string(kRowsOfCall).substr(1) + deliverySql("o.") +
                                   " = ?3 AND o.state = 'waiting' AND o.superseded_by IS NULL";
    size_t found = 0;
    bool isSame = true;
    const auto done = connection.read(
        sql,
        [&](const Statement& row) {
            const QString field = row.text(0);
            const std::optional<QString> value = row.optionalText(1);
            isSame = isSame &&
                     std::any_of(delivery.changes.begin(), delivery.changes.end(),
                                 [&](const FieldChange& one) { return word(one.field) == field && one.to == value; });
            ++found;
            return true;
        },
        delivery.key.account, delivery.key.remoteId, delivery.id);
    return done ? Result<bool>(isSame && found == delivery.changes.size()) : failure(done.error());
}

}  // namespace

Result<bool> ReviewsDatabase::takeForSending(const Delivery& delivery, const QString& owner, Moment leaseUntil,
                                             const QByteArray& body, const QString& destination, Moment now) {
    static const std::string insert = reviewtables::insertSql(kDeliveries);
    static const std::string lease = reviewtables::updateSql(kDeliveries, {{"lease", "?2"}, {"lease_until", "?3"}}) +
                                     " WHERE delivery = ?1 AND (lease = '' OR lease_until < ?4)";
    static const std::string open = "SELECT sequence FROM outbox" + rowsOfDelivery() +
                                    " AND state = 'waiting' AND superseded_by IS NULL ORDER BY sequence";
    static const std::string take =
        reviewtables::updateSql(kOutbox, {{"state", "'sending'"}, {"attempts", "attempts + 1"}, {"reason", "''"}}) +
        rowsOfDelivery() + " AND state = 'waiting' AND instr(?4, ' ' || sequence || ' ') > 0";
    Connection& connection = *d->connection;
    auto taken = inTransaction<bool>(connection, [&]() -> Result<bool> {
        bool isFrozen = false;
        QString sequences = u" "_s;
        auto done = connection.read(
            "SELECT sequences FROM deliveries WHERE delivery = ?1",
            [&](const Statement& row) {
                isFrozen = true;
                sequences = row.text(0);
                return false;
            },
            delivery.id);
        if (done && !isFrozen) {
            done = connection.read(
                open,
                [&](const Statement& row) {
                    sequences += row.text(0) + u' ';
                    return true;
                },
                delivery.key.account, delivery.key.remoteId, delivery.id);
        }
        if (done && isFrozen) {
            done = connection.run(lease, delivery.id, owner, leaseUntil, now);
            if (done && connection.changes() == 0) {
                return false;
            }
        } else if (done) {
            const auto isSame = isStillTheSame(connection, delivery);
            if (!isSame || !*isSame) {
                return isSame;  // an edit joined it after its body was composed
            }
            done = connection.run(insert, delivery.id, delivery.key.account, delivery.key.remoteId, delivery.revision,
                                  delivery.target, destination, body, sequences, 0, owner, leaseUntil,
                                  std::optional<Moment>());
        }
        if (done) {
            done = connection.run(take, delivery.key.account, delivery.key.remoteId, delivery.id, sequences);
        }
        if (!done) {
            return failure(done.error());
        }
        if (connection.changes() == 0) {
            // Withdrawn since it was looked for.
            done = isFrozen ? connection.run(lease, delivery.id, u""_s, std::optional<Moment>(), leaseUntil)
                            : connection.run("DELETE FROM deliveries WHERE delivery = ?1", delivery.id);
            return done ? Result<bool>(false) : failure(done.error());
        }
        done = d->countAttempt();
        return done ? Result<bool>(true) : failure(done.error());
    });
    if (taken && *taken) {
        d->keepGeneration();  // before it leaves: an older copy put in this file's place must not send it again
    }
    return taken;
}

Result<std::vector<CallReview>> ReviewsDatabase::settle(const QString& delivery, const QString& owner,
                                                        const Settlement& settlement, Moment now) {
    static const std::string end =
        reviewtables::updateSql(
            kDeliveries,
            {{"lease", "''"}, {"lease_until", "NULL"}, {"arrived", "max(arrived, ?2)"}, {"settled_at", "?3"}}) +
        " WHERE delivery = ?1";
    // The end of an edit was to be told because the edit was on its way; it never got there.
    static const std::string needless =
        reviewtables::updateSql(kOutbox, {{"state", "'kept'"}, {"target", "'none'"}, {"reason", "''"}}) + " WHERE" +
        std::string(kRowsOfCall) +
        "superseded_by IS NULL AND kind = 'restore' AND state = 'waiting' AND NOT EXISTS"
        " (SELECT 1 FROM history h JOIN outbox o ON o.sequence = h.sequence LEFT JOIN deliveries d ON d.delivery = " +
        deliverySql("o.") + " WHERE h.account = ?1 AND h.remote_id = ?2 AND h.field = outbox.field AND " + toldSql() +
        ")";
    using Reviews = std::vector<CallReview>;
    return inTransaction<Reviews>(*d->connection, [&]() -> Result<Reviews> {
        std::optional<CallKey> key;
        auto done = d->connection->read(
            "SELECT account, remote_id FROM deliveries WHERE delivery = ?1 AND lease = ?2",
            [&](const Statement& row) {
                key = CallKey{row.text(0), row.text(1)};
                return false;
            },
            delivery, owner);
        if (!done || !key) {
            return done ? Result<Reviews>(Reviews()) : failure(done.error());
        }
        if (settlement.state == EditState::Conflict) {
            const auto rows = d->countingOf(*key);
            done = rows ? Done() : failure(rows.error());
            for (const CountingRow& row : rows ? *rows : std::vector<CountingRow>()) {
                if (!done || row.edit.delivery != delivery || row.edit.state != EditState::Sending) {
                    continue;
                }
                const auto said = std::find_if(settlement.theirs.begin(), settlement.theirs.end(),
                                               [&](const Settlement::Theirs& one) { return one.field == row.field; });
                const bool isKnown = said != settlement.theirs.end();
                done = d->noteConflict(row, {isKnown ? said->value : std::nullopt, isKnown, row.target}, now);
            }
        }
        const bool hasEnded = settlement.state != EditState::Waiting;
        if (done) {
            done = d->connection->run(end, delivery, settlement.mayHaveArrived ? 1 : 0,
                                      hasEnded ? std::optional(now) : std::nullopt);
        }
        if (done) {
            done = d->moveDelivery(*key, delivery, EditState::Sending, settlement.state,
                                   withoutIsolates(settlement.reason), settlement.nextTry);
        }
        if (done && !hasEnded) {
            // Nothing of it has left this computer: it may still change.
            done = d->connection->run("DELETE FROM deliveries WHERE delivery = ?1 AND arrived = 0", delivery);
        }
        if (done && settlement.state != EditState::Sent) {
            done = d->connection->run(needless, key->account, key->remoteId);
        }
        return done ? d->reviewsOf({*key}) : failure(done.error());
    });
}

Result<std::vector<CallReview>> ReviewsDatabase::refuseUnsent(const QString& delivery, const QString& reason,
                                                              Moment /*now*/) {
    static const std::string refuse = reviewtables::updateSql(kOutbox, {{"state", "'refused'"}, {"reason", "?4"}}) +
                                      rowsOfDelivery() + " AND state = 'waiting' AND superseded_by IS NULL";
    using Reviews = std::vector<CallReview>;
    return inTransaction<Reviews>(*d->connection, [&]() -> Result<Reviews> {
        const auto key = d->callOfDelivery(delivery);
        if (!key || !*key) {
            return key ? Result<Reviews>(Reviews()) : failure(key.error());
        }
        const auto done =
            d->connection->run(refuse, (*key)->account, (*key)->remoteId, delivery, withoutIsolates(reason));
        return done ? d->reviewsOf({**key}) : failure(done.error());
    });
}

Result<std::vector<CallReview>> ReviewsDatabase::reclaim(std::optional<Moment> now) {
    static const std::string free =
        reviewtables::updateSql(kDeliveries, {{"lease", "''"}, {"lease_until", "NULL"}, {"arrived", "1"}}) +
        " WHERE lease <> '' AND (?1 IS NULL OR lease_until < ?1)";
    static const std::string wait = reviewtables::updateSql(kOutbox, {{"state", "'waiting'"}, {"next_try", "NULL"}}) +
                                    " WHERE state = 'sending' AND account = ?1 AND remote_id = ?2 AND NOT EXISTS"
                                    " (SELECT 1 FROM deliveries d WHERE d.lease <> '' AND d.delivery = " +
                                    deliverySql("outbox.") + ")";
    using Reviews = std::vector<CallReview>;
    return inTransaction<Reviews>(*d->connection, [&]() -> Result<Reviews> {
        std::vector<CallKey> keys;
        auto done = d->connection->run(free, now);
        if (done) {
            done = d->connection->read("SELECT DISTINCT account, remote_id FROM outbox WHERE state = 'sending'",
                                       [&](const Statement& row) {
                                           keys.push_back({row.text(0), row.text(1)});
                                           return true;
                                       });
        }
        for (const CallKey& key : keys) {
            if (done) {
                done = d->connection->run(wait, key.account, key.remoteId);
            }
        }
        return done ? d->reviewsOf(keys) : failure(done.error());
    });
}

}  // namespace earmark
