// The part of Store that concerns what was done to calls beyond a single field: several at once, undo, conflicts, and
// the way to a target. All of it is the reviews lane's.
#include "models/store/storeprivate.h"

using namespace Qt::StringLiterals;

namespace earmark {

using Reviews = std::vector<CallReview>;

void Store::commitEdits(std::vector<EditToCommit> edits, QObject* context, Reply<Reviews> done) {
    d->writeReviews<Reviews>([edits = std::move(edits), now = d->clock->now()](
                                 ReviewsDatabase& database) { return database.commitEdits(edits, now); },
                             context, std::move(done), [this](Result<Reviews>& reviews) { d->noteReviews(reviews); });
}

// --- conflicts

void Store::noteProviderMerge(const ProviderMerge& merge, QObject* context, Reply<std::optional<Review>> done) {
    d->writeReviews<std::optional<Review>>(
        [merge, now = d->clock->now()](ReviewsDatabase& database) { return database.noteProviderMerge(merge, now); },
        context, std::move(done),
        [this, key = merge.key](Result<std::optional<Review>>& review) {
            if (review && *review) {
                d->noteReview(key, **review);
            }
        });
}

void Store::loadConflicts(const CallKey& key, QObject* context, Reply<std::vector<ReviewConflict>> done) {
    d->askReviews<std::vector<ReviewConflict>>([key](ReviewsDatabase& database) { return database.conflicts(key); },
                                               context, std::move(done));
}

void Store::loadOpenConflicts(QObject* context, Reply<std::vector<ReviewConflict>> done) {
    d->askReviews<std::vector<ReviewConflict>>([](ReviewsDatabase& database) { return database.openConflicts(); },
                                               context, std::move(done));
}

// --- undo

void Store::loadUndoState(QObject* context, Reply<UndoState> done) {
    d->askReviews<UndoState>([](ReviewsDatabase& database) { return database.undoState(); }, context, std::move(done));
}

void Store::revert(Revert which, int most, QObject* context, Reply<RevertedPortion> done, const QString& onlyStep) {
    d->writeReviews<RevertedPortion>(
        [which, most, now = d->clock->now(), onlyStep](ReviewsDatabase& database) {
            return database.revert(which, most, now, onlyStep);
        },
        context, std::move(done),
        [this](Result<RevertedPortion>& portion) {
            if (portion) {
                d->noteReviews(portion->changed);
            }
        });
}

// --- the way to a target

void Store::Private::changeOutbox(std::function<Result<Reviews>(ReviewsDatabase&)> work, QObject* context,
                                  Reply<void> done) {
    const quint64 answer = expect<void>(context, std::move(done));
    writeReviews<Reviews>(
        std::move(work), q,
        [this, answer](Result<Reviews> told) { deliver<void>(answer, told ? Done() : failure(told.error())); },
        [this](Result<Reviews>& told) { noteReviews(told); });
}

void Store::loadDueDeliveries(const Account& account, std::optional<Moment> now, int most, QObject* context,
                              Reply<std::vector<Delivery>> done) {
    d->askReviews<std::vector<Delivery>>(
        [account, now, most](ReviewsDatabase& database) { return database.dueDeliveries(account, now, most); }, context,
        std::move(done));
}

void Store::loadNextTry(const Account& account, QObject* context, Reply<std::optional<Moment>> done) {
    d->askReviews<std::optional<Moment>>([account](ReviewsDatabase& database) { return database.nextTry(account); },
                                         context, std::move(done));
}

void Store::takeForSending(const Delivery& delivery, const QString& owner, Moment leaseUntil, const QByteArray& body,
                           const QString& destination, QObject* context, Reply<bool> done) {
    struct Taken {
        bool taken = false;
        Reviews reviews;
    };
    const quint64 answer = d->expect<bool>(context, std::move(done));
    d->writeReviews<Taken>(
        [=, now = d->clock->now()](ReviewsDatabase& database) -> Result<Taken> {
            const auto taken = database.takeForSending(delivery, owner, leaseUntil, body, destination, now);
            if (!taken || !*taken) {
                return taken ? Result<Taken>(Taken()) : failure(taken.error());
            }
            // The lease is on the disk: that its state cannot be read back just then changes nothing about it.
            const auto review = database.review(delivery.key);
            return Taken{true, review ? Reviews{{delivery.key, *review}} : Reviews()};
        },
        this,
        [this, answer](Result<Taken> taken) {
            d->deliver<bool>(answer, taken ? Result<bool>(taken->taken) : failure(taken.error()));
        },
        [this](Result<Taken>& taken) {
            if (taken) {
                d->noteReviews(taken->reviews);
            }
        });
}

void Store::settle(const QString& delivery, const QString& owner, const Settlement& settlement, QObject* context,
                   Reply<void> done) {
    d->changeOutbox([=, now = d->clock->now()](
                        ReviewsDatabase& database) { return database.settle(delivery, owner, settlement, now); },
                    context, std::move(done));
}

void Store::refuseUnsent(const QString& delivery, const QString& reason, QObject* context, Reply<void> done) {
    d->changeOutbox(
        [=, now = d->clock->now()](ReviewsDatabase& database) { return database.refuseUnsent(delivery, reason, now); },
        context, std::move(done));
}

void Store::reclaim(std::optional<Moment> now, QObject* context, Reply<void> done) {
    d->changeOutbox([now](ReviewsDatabase& database) { return database.reclaim(now); }, context, std::move(done));
}

void Store::sendAgain(const QString& account, const QString& delivery, QObject* context, Reply<void> done) {
    d->changeOutbox([=](ReviewsDatabase& database) { return database.sendAgain(account, delivery); }, context,
                    std::move(done));
}

void Store::keepHere(const CallKey& key, ReviewField field, QObject* context, Reply<Review> done) {
    d->writeReviews<Review>([key, field](ReviewsDatabase& database) { return database.keepHere(key, field); }, context,
                            std::move(done), [this, key](Result<Review>& review) { d->noteReview(key, review); });
}

void Store::countPending(QObject* context, Reply<OutboxCounts> done) {
    d->askReviews<OutboxCounts>([](ReviewsDatabase& database) { return database.outboxCounts(); }, context,
                                std::move(done));
}

void Store::countWaitingEdits(const QString& account, QObject* context, Reply<WaitingEdits> done) {
    d->askReviews<WaitingEdits>([account](ReviewsDatabase& database) { return database.waitingEdits(account); },
                                context, std::move(done));
}

void Store::changeTarget(const Account& account, WhatWaits what, QObject* context, Reply<void> done) {
    d->changeOutbox([account, what](ReviewsDatabase& database) { return database.changeTarget(account, what); },
                    context, std::move(done));
}

}  // namespace earmark
