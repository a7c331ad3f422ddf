// The part of Store that concerns marks in recordings. All of it is the reviews lane's.
#include "models/store/storecopies.h"
#include "models/store/storeprivate.h"

namespace earmark {

void Store::saveMark(const CallMark& mark, QObject* context, Reply<void> done) {
    CallMark stamped = mark;
    if (stamped.madeAt == Moment()) {
        stamped.madeAt = d->clock->now();
    }
    d->writeReviews<void>([stamped](ReviewsDatabase& database) { return database.saveMark(stamped); }, context,
                          std::move(done),
                          [this, key = mark.call](Done& saved) {
                              if (saved) {
                                  d->markedCalls.insert(key);
                                  d->copies->noteEdited(key);
                                  Q_EMIT marksChanged(key);
                              }
                          });
}

void Store::removeMark(const CallMark& mark, QObject* context, Reply<void> done) {
    const quint64 answer = d->expect<void>(context, std::move(done));
    d->writeReviews<bool>(
        [mark](ReviewsDatabase& database) -> Result<bool> {
            if (auto removed = database.removeMark(mark); !removed) {
                return failure(removed.error());
            }
            // It is gone; that the others cannot be counted just then changes nothing about it.
            const auto others = database.marks(mark.call);
            return !others || !others->empty();
        },
        this,
        [this, answer](Result<bool> others) { d->deliver<void>(answer, others ? Done() : failure(others.error())); },
        [this, key = mark.call](Result<bool>& others) {
            if (others && !*others) {
                d->markedCalls.remove(key);
            }
            if (others) {
                Q_EMIT marksChanged(key);
            }
        });
}

void Store::loadMarks(const CallKey& key, QObject* context, Reply<CallMarks> done) {
    d->askReviews<CallMarks>([key](ReviewsDatabase& database) { return database.marks(key); }, context,
                             std::move(done));
}

bool Store::Private::isTouched(const CallKey& key) const {
    return reviews.contains(key) || markedCalls.contains(key);
}

std::vector<CallKey> Store::touchedCalls() const {
    std::vector<CallKey> keys;
    keys.reserve(static_cast<size_t>(d->reviews.size() + d->markedCalls.size()));
    for (auto it = d->reviews.cbegin(); it != d->reviews.cend(); ++it) {
        keys.push_back(it.key());
    }
    for (const CallKey& key : std::as_const(d->markedCalls)) {
        if (!d->reviews.contains(key)) {
            keys.push_back(key);
        }
    }
    return keys;
}

int Store::countReviewedCalls(const QString& account) const {
    int count = 0;
    for (const CallKey& key : touchedCalls()) {
        const bool isReviewed = d->markedCalls.contains(key) || d->reviews.value(key) != Review();
        count += key.account == account && isReviewed ? 1 : 0;
    }
    return count;
}

}  // namespace earmark
