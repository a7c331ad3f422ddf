#include "models/store/storecopies.h"

#include <QFileInfo>
#include <chrono>

#include "models/store/reviewbackups.h"

using namespace std::chrono_literals;

namespace earmark {

namespace {

constexpr size_t kPortion = 50;     // some milliseconds in each lane: an edit never waits longer for a copy
constexpr int kSweepPortion = 500;  // keys out of an index
constexpr int kBringBackPortion = 100;
constexpr auto kSoon = 300ms;            // after the first edit
constexpr auto kBetweenPortions = 20ms;  // others have their turn
constexpr auto kAfterTrouble = 10s;
constexpr auto kSweepAfter = 2s;
constexpr qint64 kQuickBackupBytes = 16 * 1024 * 1024;

}  // namespace

Store::Copies::Copies(Store::Private* owner) : d(owner) {
    m_timer.setSingleShot(true);
    m_sweepTimer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, d->q, [this] { copySome(); });
    QObject::connect(&m_sweepTimer, &QTimer::timeout, d->q, [this] { sweep({}); });
}

void Store::Copies::begin() {
    m_hasBegun = true;
    m_sweepTimer.start(kSweepAfter);
}

void Store::Copies::noteEdited(const CallKey& key) {
    if (!m_copied.contains(key)) {
        want(key);
    }
}

void Store::Copies::noteStored(const std::vector<IndexRow>& rows) {
    for (const IndexRow& row : rows) {
        if (d->isTouched(row.call.call.key)) {
            want(row.call.call.key);
        }
    }
}

void Store::Copies::forget(const QString& account) {
    const auto isOfAccount = [&](const CallKey& key) { return key.account == account; };
    m_wanted.removeIf(isOfAccount);
    m_copied.removeIf(isOfAccount);
}

std::vector<CallKey> Store::Copies::takeWanted(size_t most) {
    std::vector<CallKey> keys;
    while (!m_wanted.isEmpty() && keys.size() < most) {
        keys.push_back(*m_wanted.begin());
        m_wanted.erase(m_wanted.begin());
    }
    return keys;
}

void Store::Copies::want(const CallKey& key) {
    if (!m_hasBegun) {
        return;
    }
    m_wanted.insert(key);
    if (!m_isCopying && !m_timer.isActive()) {
        m_timer.start(kSoon);
    }
}

void Store::Copies::copySome() {
    if (m_isCopying || m_wanted.isEmpty()) {
        return;
    }
    m_isCopying = true;
    const std::vector<CallKey> keys = takeWanted(kPortion);
    d->readCalls<std::vector<CallCopy>>(
        [keys, now = d->clock->now()](CallsDatabase& database) { return database.copiesOf(keys, now); }, d->q,
        [this, keys](Result<std::vector<CallCopy>> copies) {
            if (!copies || copies->empty()) {
                finished(keys, copies.has_value());
                return;
            }
            auto shared = std::make_shared<const std::vector<CallCopy>>(std::move(*copies));
            d->writeReviews<void>([shared](ReviewsDatabase& database) { return database.saveCallCopies(*shared); },
                                  d->q, [this, keys](Done saved) { finished(keys, saved.has_value()); });
        });
}

void Store::Copies::finished(const std::vector<CallKey>& keys, bool copied) {
    m_isCopying = false;
    for (const CallKey& key : keys) {
        (copied ? m_copied : m_wanted).insert(key);
    }
    if (!m_wanted.isEmpty()) {
        m_timer.start(copied ? kBetweenPortions : kAfterTrouble);
    }
}

void Store::Copies::sweep(const CallKey& after) {
    d->askReviews<KeyPortion>(
        [after](ReviewsDatabase& database) { return database.callsWithoutCopy(after, kSweepPortion); }, d->q,
        [this](Result<KeyPortion> portion) {
            if (!portion) {
                return;  // the next start sweeps again
            }
            for (const CallKey& key : portion->keys) {
                noteEdited(key);
            }
            if (!portion->atEnd) {
                QTimer::singleShot(kBetweenPortions, d->q, [this, last = portion->last] { sweep(last); });
            }
        });
}

// --- back

void Store::Copies::bringBack(std::function<void(Result<qint64>)> done) {
    d->ask<bool>(
        d->writerLane,
        [this]() -> Result<bool> {
            return d->writerDatabase ? d->writerDatabase->hasCopiesBack() : Result<bool>(true);
        },
        d->q,
        [this, done = std::move(done)](Result<bool> isBack) {
            if (isBack && !*isBack) {
                bringBackAfter({}, 0, done);
            } else {
                done(isBack ? Result<qint64>(0) : failure(isBack.error()));
            }
        });
}

void Store::Copies::bringBackAfter(const CallKey& after, qint64 sofar, std::function<void(Result<qint64>)> done) {
    d->askReviews<CopyPortion>(
        [after](ReviewsDatabase& database) { return database.callCopies(after, kBringBackPortion); }, d->q,
        [this, sofar, done = std::move(done)](Result<CopyPortion> portion) {
            if (!portion) {
                done(failure(portion.error()));
                return;
            }
            auto shared = std::make_shared<const CopyPortion>(std::move(*portion));
            const auto taken = [this, shared, sofar, done](Result<qint64> back) {
                if (!back || shared->atEnd) {
                    done(back ? Result<qint64>(sofar + *back) : std::move(back));
                    return;
                }
                bringBackAfter(shared->last, sofar + *back, done);
            };
            d->writeCalls<qint64>(
                [shared](CallsDatabase& database) -> Result<qint64> {
                    const auto rows = database.bringBack(shared->copies);
                    auto noted = rows && shared->atEnd ? database.noteCopiesBack() : Done();
                    return !rows   ? failure(rows.error())
                           : noted ? Result<qint64>(static_cast<qint64>(rows->size()))
                                   : failure(noted.error());
                },
                d->q, taken);
        });
}

// --- the daily backup

void Store::Private::backUpWhenDue() {
    if (readOnly) {
        return;
    }
    backupLane.post([this, file = reviewsFile(), now = clock->now(), stop = backupStop.get_token()] {
        // At the end of the program a small file is backed up all the same; a command would else never come to it.
        const bool isLong = QFileInfo(file).size() > kQuickBackupBytes;
        if ((isLong && stop.stop_requested()) || !isBackupDue(file, now)) {
            return;
        }
        // While another connection reads, the log cannot be emptied, and who tries waits: edits would wait with them.
        isBackingUp = true;
        static_cast<void>(
            makeBackup(file, now, isLong ? stop : std::stop_token()));  // doctor tells how old the newest is
        isBackingUp = false;
    });
}

}  // namespace earmark
