// The part of ReviewsDatabase that concerns what people decide about the way of edits: send again, keep here, another
// target, and what that does to deliveries.
#include <QUuid>
#include <map>

#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kDeliveries;
using reviewtables::kOutbox;

}  // namespace

// --- deliveries

Done ReviewsDatabase::Private::deliverApart(const QString& account) {
    static const std::string find =
        "SELECT sequence FROM outbox WHERE account = ?1 AND superseded_by IS NULL AND state = 'waiting'"
        " AND EXISTS (SELECT 1 FROM deliveries d WHERE d.delivery = " +
        deliverySql("outbox.") + " AND (d.settled_at IS NOT NULL OR NOT " + inBodySql("outbox.") + "))";
    static const std::string apart =
        reviewtables::updateSql(kOutbox, {{"travels_with", "?2"}}) + " WHERE sequence = ?1";
    std::vector<qint64> sequences;
    auto done = connection->read(
        find,
        [&](const Statement& row) {
            sequences.push_back(row.integer(0));
            return true;
        },
        account);
    for (const qint64 sequence : sequences) {
        if (done) {
            done = connection->run(apart, sequence, QUuid::createUuid().toString(QUuid::WithoutBraces));
        }
    }
    return done;
}

Done ReviewsDatabase::Private::deliverTogether(const QString& account) {
    static const std::string find =
        "SELECT sequence, remote_id, " + deliverySql() +
        " FROM outbox WHERE account = ?1 AND superseded_by IS NULL AND state = 'waiting' AND NOT EXISTS"
        " (SELECT 1 FROM deliveries d WHERE d.delivery = " +
        deliverySql("outbox.") + ") ORDER BY sequence";
    static const std::string join = reviewtables::updateSql(kOutbox, {{"travels_with", "?2"}}) + " WHERE sequence = ?1";
    std::map<QString, QString> deliveryOfCall;
    std::vector<std::pair<qint64, QString>> joining;
    auto done = connection->read(
        find,
        [&](const Statement& row) {
            const auto [first, isFirst] = deliveryOfCall.try_emplace(row.text(1), row.text(2));
            if (!isFirst && first->second != row.text(2)) {
                joining.emplace_back(row.integer(0), first->second);
            }
            return true;
        },
        account);
    for (const auto& [sequence, delivery] : joining) {
        if (done) {
            done = connection->run(join, sequence, delivery);
        }
    }
    return done;
}

Done ReviewsDatabase::Private::endDeliveries(const QString& account) {
    static const std::string end =
        reviewtables::updateSql(kDeliveries,
                                {{"arrived", "1"}, {"lease", "''"}, {"lease_until", "NULL"}, {"settled_at", "0"}}) +
        " WHERE account = ?1 AND settled_at IS NULL";
    const auto done = connection->run(
        "DELETE FROM deliveries WHERE account = ?1 AND settled_at IS NULL AND arrived = 0 AND lease = ''", account);
    return done ? connection->run(end, account) : done;
}

// --- what people decide about it

Result<std::vector<CallReview>> ReviewsDatabase::sendAgain(const QString& account, const QString& delivery) {
    static const std::string again =
        reviewtables::updateSql(kOutbox, {{"state", "'waiting'"}, {"reason", "''"}, {"next_try", "NULL"}}) +
        " WHERE account = ?1 AND state = 'refused' AND superseded_by IS NULL AND (?2 = '' OR " + deliverySql() +
        " = ?2)";
    static const std::string unsettle =
        reviewtables::updateSql(kDeliveries, {{"settled_at", "NULL"}}) +
        " WHERE account = ?1 AND (?2 = '' OR delivery = ?2) AND delivery IN (SELECT " + deliverySql() +
        " FROM outbox WHERE account = ?1 AND state = 'refused' AND superseded_by IS NULL)";
    using Reviews = std::vector<CallReview>;
    return inTransaction<Reviews>(*d->connection, [&]() -> Result<Reviews> {
        std::vector<CallKey> keys;
        auto done = d->connection->read(
            "SELECT DISTINCT remote_id FROM outbox WHERE account = ?1 AND state = 'refused' AND superseded_by IS NULL",
            [&](const Statement& row) {
                keys.push_back({account, row.text(0)});
                return true;
            },
            account);
        if (done) {
            done = d->connection->run(unsettle, account, delivery);
        }
        if (done) {
            done = d->connection->run(again, account, delivery);
        }
        return done ? d->reviewsOf(keys) : failure(done.error());
    });
}

Result<Review> ReviewsDatabase::keepHere(const CallKey& key, ReviewField field) {
    static const std::string keep =
        reviewtables::updateSql(kOutbox,
                                {{"state", "'kept'"}, {"target", "'none'"}, {"reason", "''"}, {"next_try", "NULL"}}) +
        " WHERE account = ?1 AND remote_id = ?2 AND field = ?3 AND superseded_by IS NULL"
        " AND state IN ('waiting', 'refused', 'conflict')";
    return inTransaction<Review>(*d->connection, [&]() -> Result<Review> {
        const auto done = d->connection->run(keep, key.account, key.remoteId, word(field));
        return done ? d->review(key) : failure(done.error());
    });
}

Result<WaitingEdits> ReviewsDatabase::waitingEdits(const QString& account) {
    WaitingEdits count;
    const auto done = d->connection->read(
        "SELECT sum(state = 'kept' AND kind = 'edit'), sum(state IN ('waiting', 'sending')), sum(state = 'refused'),"
        " sum(state = 'conflict') FROM outbox"
        " WHERE account = ?1 AND superseded_by IS NULL AND field IN ('disposition', 'notes')",
        [&](const Statement& row) {
            count = {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
            return false;
        },
        account);
    return done ? Result<WaitingEdits>(count) : failure(done.error());
}

Result<std::vector<CallReview>> ReviewsDatabase::changeTarget(const Account& account, WhatWaits what) {
    static const std::string move =
        reviewtables::updateSql(
            kOutbox, {{"state", "?2"}, {"target", "?3"}, {"reason", "''"}, {"next_try", "NULL"}, {"attempts", "0"}}) +
        " WHERE account = ?1 AND superseded_by IS NULL AND instr(?4, field) > 0 AND instr(?5, state) > 0";
    static const std::string toldThere =
        " AND kind = 'restore' AND EXISTS (SELECT 1 FROM history h JOIN outbox o ON o.sequence = h.sequence"
        " JOIN deliveries d ON d.delivery = " +
        deliverySql("o.") +
        " WHERE h.account = outbox.account AND h.remote_id = outbox.remote_id AND o.field = outbox.field"
        " AND (o.state = 'sent' OR d.arrived = 1) AND d.destination = ?6)";
    using Reviews = std::vector<CallReview>;
    return inTransaction<Reviews>(*d->connection, [&]() -> Result<Reviews> {
        const auto before = d->accountNow(account.name);
        if (!before) {
            return failure(before.error());
        }
        const bool isElsewhere = before->target.kind != account.target.kind ||
                                 destinationText(before->target) != destinationText(account.target);
        std::vector<CallKey> keys;
        auto done = d->connection->read(
            "SELECT DISTINCT remote_id FROM outbox WHERE account = ?1 AND superseded_by IS NULL AND state <> 'sent'",
            [&](const Statement& row) {
                keys.push_back({account.name, row.text(0)});
                return true;
            },
            account.name);
        QString taken;
        QString left;
        for (const ReviewField field : {ReviewField::Disposition, ReviewField::Notes}) {
            (takes(account.target, field) ? taken : left) += word(field) + u' ';
        }
        if (done && isElsewhere) {
            done = d->endDeliveries(account.name);
        }
        // The end of an edit concerns only the target that was told of it.
        if (done && isElsewhere) {
            done = d->connection->run(move + " AND kind = 'restore'", account.name, word(EditState::Kept),
                                      word(TargetKind::None), QString(taken + left), u"waiting sending refused"_s);
        }
        // What cannot go there stays here; what can goes or stays, as was chosen.
        if (done && isElsewhere) {
            const QString stays = what == WhatWaits::Send ? left : QString(left + taken);
            done = d->connection->run(move, account.name, word(EditState::Kept), word(TargetKind::None), stays,
                                      u"waiting sending refused"_s);
        }
        if (done && what == WhatWaits::Send) {
            const QString from = isElsewhere ? u"kept waiting sending refused"_s : u"kept"_s;
            const std::string onlyEdits = move + " AND kind = 'edit' AND provider = ?6 AND base_url = ?7";
            done = d->connection->run(onlyEdits, account.name, word(EditState::Waiting), word(account.target.kind),
                                      taken, from, word(account.provider), addressText(account));
        }
        // Who was told an edit before is told its end, also when it came while edits went nowhere.
        if (done && isElsewhere && what == WhatWaits::Send) {
            done = d->connection->run(move + toldThere, account.name, word(EditState::Waiting),
                                      word(account.target.kind), taken, u"kept"_s, destinationText(account.target));
        }
        // What was refused here for want of a word may have one now.
        if (done && !isElsewhere &&
            (before->target.mapping != account.target.mapping ||
             before->target.onlyMapped != account.target.onlyMapped)) {
            done = d->connection->run(
                move + " AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.delivery = " + deliverySql("outbox.") + ")",
                account.name, word(EditState::Waiting), word(account.target.kind), taken, u"refused"_s);
        }
        if (done) {
            done = d->deliverApart(account.name);
        }
        if (done) {
            done = d->deliverTogether(account.name);
        }
        if (done) {
            done = saveAccount(account);
        }
        return done ? d->reviewsOf(keys) : failure(done.error());
    });
}

}  // namespace earmark
