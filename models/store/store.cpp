#include "models/store/store.h"

#include <QCoreApplication>
#include <algorithm>
#include <chrono>

#include "models/store/reviewbackups.h"
#include "models/store/storecopies.h"
#include "models/store/storeprivate.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {
constexpr auto kCheckpointEvery = std::chrono::minutes(2);
constexpr auto kLookForBackupEvery = std::chrono::hours(1);
constexpr size_t kCopiesAtTheEnd = 64;
}  // namespace

Store::Private::Private(Store* owner, Store::Options given)
    : q(owner),
      options(std::move(given)),
      clock(options.clock ? options.clock : std::make_shared<const SystemClock>()),
      readOnly(options.readOnly),
      copies(std::make_unique<Copies>(this)) {}

Store::Store(Options options, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(options))) {
    connect(&d->checkpointTimer, &QTimer::timeout, this, [this] {
        // What was deleted stays readable in the log until it is written back.
        if (d->isBackingUp) {
            return;
        }
        d->writeReviews<void>([](ReviewsDatabase& database) { return database.checkpoint(); }, this, {});
        d->writeCalls<void>([](CallsDatabase& database) { return database.checkpoint(); }, this, {});
    });
    d->checkpointTimer.setInterval(kCheckpointEvery);
    connect(&d->backupTimer, &QTimer::timeout, this, [this] { d->backUpWhenDue(); });
    d->backupTimer.setInterval(kLookForBackupEvery);
}

Store::~Store() {
    if (auto* const reader = d->readerToInterrupt.load()) {
        reader->interrupt();
    }
    Private* const inside = d.get();
    // Readers first: a log can be emptied only when nobody reads from it. A backup that is cut off is begun again.
    inside->backupStop.request_stop();
    inside->backupLane.stop(Lane::Rest::Finish);
    inside->readerLane.stop(
        Lane::Rest::Drop, [inside, keys = inside->copies->takeWanted(kCopiesAtTheEnd), now = inside->clock->now()] {
            using Copied = Result<std::vector<CallCopy>>;
            const auto copies = inside->readerDatabase && !keys.empty() ? inside->readerDatabase->copiesOf(keys, now)
                                                                        : Copied(std::vector<CallCopy>());
            inside->readerDatabase.reset();
            if (copies && !copies->empty()) {
                inside->reviewsLane.post([inside, last = *copies] {
                    if (inside->reviewsDatabase && inside->reviewsWritable) {
                        static_cast<void>(inside->reviewsDatabase->saveCallCopies(last));
                    }
                });
            }
        });
    inside->writerLane.stop(Lane::Rest::Drop, [inside] {
        if (inside->writerDatabase) {
            static_cast<void>(inside->writerDatabase->checkpoint());
            inside->writerDatabase.reset();
        }
    });
    inside->reviewsLane.stop(Lane::Rest::Finish, [inside] {
        if (inside->reviewsDatabase && inside->reviewsWritable) {
            static_cast<void>(inside->reviewsDatabase->checkpoint());
        }
        inside->reviewsDatabase.reset();
    });
}

Error Store::Private::notOpen() {
    return makeError(ErrorKind::Storage, {}, u"the store is not open"_s);
}

Error Store::Private::readOnlyProfile() {
    return makeError(ErrorKind::ReadOnly,
                     QCoreApplication::translate("Database", "The data folder is opened for reading only."));
}

QStringList Store::notices() const {
    return d->notices;
}

bool Store::isReadOnly() const {
    return d->readOnly;
}

bool Store::callsWereBegunAnew() const {
    return d->callsBegunAnew;
}

// --- open

Done Store::Private::openReviews(ReviewsDatabase::Trust trust) {
    using Access = ReviewsDatabase::Access;
    auto database = ReviewsDatabase::open(reviewsFile(), options.readOnly ? Access::ReadOnly : Access::ReadWrite,
                                          options.faultSeam, trust);
    reviewsWritable = !options.readOnly && database;
    if (trust == ReviewsDatabase::Trust::Rescue && !database) {
        return failure(database.error());
    }
    if (!database && database.error().kind == ErrorKind::ReadOnly) {
        database = ReviewsDatabase::open(reviewsFile(), ReviewsDatabase::Access::ReadOnly, options.faultSeam);
        if (!database && database.error().kind == ErrorKind::NotFoundHere) {
            database = ReviewsDatabase::openEmpty();
        }
    } else if (!database && options.readOnly && database.error().kind == ErrorKind::NotFoundHere) {
        database = ReviewsDatabase::openEmpty();
    }
    if (!database) {
        return failure(database.error());
    }
    reviewsDatabase = std::move(*database);
    return {};
}

Done Store::Private::openWriter() {
    if (options.readOnly) {
        return {};
    }
    auto database = CallsDatabase::open(callsFile(), CallsDatabase::Access::ReadWrite, options.faultSeam);
    if (!database) {
        return database.error().kind == ErrorKind::ReadOnly ? Done() : failure(database.error());
    }
    callsBegunAnew = (*database)->wasBegunAnew();
    writerDatabase = std::move(*database);
    return {};
}

Done Store::Private::openReader() {
    auto database = CallsDatabase::open(callsFile(), CallsDatabase::Access::ReadOnly, options.faultSeam);
    if (!database && database.error().kind == ErrorKind::NotFoundHere) {
        database = CallsDatabase::openEmpty();
    }
    if (!database) {
        return failure(database.error());
    }
    readerDatabase = std::move(*database);
    readerToInterrupt = readerDatabase.get();
    return {};
}

namespace {
struct OpenedReviews {
    QHash<CallKey, Review> reviews;
    QSet<CallKey> markedCalls;
    QStringList notices;
    bool writable = false;
};
}  // namespace

void Store::open(QObject* context, Reply<void> done) {
    const quint64 answer = d->expect<void>(context, std::move(done));
    const auto fourth = [this, answer] {
        using Wishes = QHash<QString, Moment>;
        d->ask<Wishes>(
            d->readerLane,
            [this]() -> Result<Wishes> {
                auto opened = d->openReader();
                return opened ? d->readerDatabase->serverWishes() : failure(opened.error());
            },
            this,
            [this, answer](Result<Wishes> wishes) {
                if (wishes) {
                    d->serverWishes = std::move(*wishes);
                    d->startKeeping();
                }
                d->deliver<void>(answer, wishes ? Done() : failure(wishes.error()));
            });
    };
    const auto third = [this, answer, fourth](Result<QStringList> notices) {
        if (!notices) {
            d->deliver<void>(answer, failure(notices.error()));
            return;
        }
        d->notices += *notices;
        d->checkpointTimer.start();
        d->copies->bringBack([this, fourth](const Result<qint64>& back) {
            if (back && *back > 0) {
                d->notices += QCoreApplication::translate(
                                  "Database",
                                  "The list of calls was begun anew: %1 calls that you have reviewed came back from "
                                  "their copies, and a pull brings them up to date.")
                                  .arg(*back);
            }
            fourth();  // also without them: the next start tries it again
        });
    };
    const auto second = [this, answer, third](Result<OpenedReviews> opened) {
        if (!opened) {
            d->deliver<void>(answer, failure(opened.error()));
            return;
        }
        d->reviews = std::move(opened->reviews);
        d->markedCalls = std::move(opened->markedCalls);
        d->notices = opened->notices;
        d->readOnly = !opened->writable;
        d->ask<QStringList>(
            d->writerLane,
            [this]() -> Result<QStringList> {
                if (auto writer = d->openWriter(); !writer) {
                    return failure(writer.error());
                }
                return d->writerDatabase ? d->writerDatabase->notices() : QStringList();
            },
            this, third);
    };
    d->ask<OpenedReviews>(
        d->reviewsLane,
        [this]() -> Result<OpenedReviews> {
            if (auto opened = d->openReviews(); !opened) {
                return failure(opened.error());
            }
            auto reviews = d->reviewsDatabase->allReviews();
            if (!reviews) {
                return failure(reviews.error());
            }
            const auto marks = d->reviewsDatabase->marks({});
            if (!marks) {
                return failure(marks.error());
            }
            QSet<CallKey> markedCalls;
            for (const CallMark& mark : *marks) {
                markedCalls.insert(mark.call);
            }
            return OpenedReviews{std::move(*reviews), std::move(markedCalls), d->reviewsDatabase->notices(),
                                 d->reviewsWritable};
        },
        this, second);
}

void Store::Private::startKeeping() {
    if (readOnly) {
        return;
    }
    copies->begin();
    backUpWhenDue();
    backupTimer.start();
}

// --- what is laid over

void Store::Private::layOver(IndexRow& row) const {
    if (reviews.isEmpty()) {
        return;
    }
    row.call.review = reviews.value(row.call.call.key);
}

void Store::Private::publish(std::vector<IndexRow> rows) {
    if (rows.empty()) {
        return;
    }
    copies->noteStored(rows);
    for (IndexRow& row : rows) {
        layOver(row);
        for (IndexLoad* load : indexLoads) {
            load->stored.insert(row.call.callRow, row);
        }
    }
    Q_EMIT q->callsStored(std::make_shared<const std::vector<IndexRow>>(std::move(rows)));
}

void Store::Private::noteRescue(const QStringList& found) {
    notices += found;
    Q_EMIT q->noticesChanged();
}

void Store::Private::noteReview(const CallKey& key, const Result<Review>& review) {
    if (review) {
        noteReviews(std::vector<CallReview>{{key, *review}});
    }
}

void Store::Private::noteReviews(const Result<std::vector<CallReview>>& told) {
    if (!told) {
        return;
    }
    auto changed = std::make_shared<std::vector<CallReview>>();
    for (const CallReview& one : *told) {
        if (reviews.value(one.key) == one.review) {
            continue;
        }
        if (one.review == Review()) {
            reviews.remove(one.key);
        } else {
            reviews.insert(one.key, one.review);
        }
        copies->noteEdited(one.key);
        changed->push_back(one);
    }
    if (changed->size() == 1) {
        Q_EMIT q->reviewChanged(changed->front().key, changed->front().review);
    } else if (!changed->empty()) {
        Q_EMIT q->reviewsChanged(changed);
    }
    Q_EMIT q->outboxChanged();
}

Review Store::review(const CallKey& key) const {
    return d->reviews.value(key);
}

// --- accounts

void Store::loadAccounts(QObject* context, Reply<std::vector<Account>> done) {
    d->askReviews<std::vector<Account>>([](ReviewsDatabase& database) { return database.accounts(); }, context,
                                        std::move(done));
}

void Store::saveAccount(const Account& account, QObject* context, Reply<void> done) {
    d->writeReviews<void>([account](ReviewsDatabase& database) { return database.saveAccount(account); }, context,
                          std::move(done));
}

void Store::removeAccount(const QString& name, QObject* context, Reply<void> done) {
    d->removeAccount(name, EditsOfAccount::Stay, context, std::move(done));
}

void Store::removeAccountWithReviews(const QString& name, QObject* context, Reply<void> done) {
    d->removeAccount(name, EditsOfAccount::Go, context, std::move(done));
}

void Store::Private::removeAccount(const QString& name, EditsOfAccount edits, QObject* context, Reply<void> done) {
    // Calls first: a kill between the two leaves an account without calls, which a pull or a second removal mends.
    const quint64 answer = expect<void>(context, std::move(done));
    writeCalls<void>(
        [name](CallsDatabase& database) {
            auto removed = database.removeAccount(name);
            if (removed) {
                static_cast<void>(database.checkpoint());  // the texts of deleted rows would stay in the log
            }
            return removed;
        },
        q,
        [this, name, edits, answer](Done removed) {
            if (!removed) {
                deliver<void>(answer, std::move(removed));
                return;
            }
            for (IndexLoad* load : indexLoads) {
                load->removedAccounts.insert(name);
                load->stored.removeIf([&](auto it) { return it.value().call.call.key.account == name; });
            }
            Q_EMIT q->callsRemoved(name);
            removeFromReviews(name, edits, answer);
        });
}

void Store::Private::removeFromReviews(const QString& name, EditsOfAccount edits, quint64 answer) {
    const bool editsGo = edits == EditsOfAccount::Go;
    writeReviews<void>(
        [name, editsGo](ReviewsDatabase& database) {
            return editsGo ? database.removeAccountWithReviews(name) : database.removeAccount(name);
        },
        q,
        [this, name, editsGo, answer](Done gone) {
            copies->forget(name);
            if (gone && editsGo) {
                reviews.removeIf([&](auto it) { return it.key().account == name; });
                markedCalls.removeIf([&](const CallKey& key) { return key.account == name; });
            }
            if (!gone) {
                deliver<void>(answer, std::move(gone));
                return;
            }
            // In the lane of the backups: one that is being made now still has it.
            const WhatGoes what = editsGo ? WhatGoes::Everything : WhatGoes::CopiesOfCalls;
            ask<void>(
                backupLane, [file = reviewsFile(), name, what] { return eraseFromBackups(file, name, what); }, q,
                [this, answer](Done erased) { deliver<void>(answer, std::move(erased)); });
        });
}

void Store::countCalls(const QString& account, QObject* context, Reply<qint64> done) {
    d->readCalls<qint64>([account](CallsDatabase& database) { return database.countCalls(account); }, context,
                         std::move(done));
}

// --- reviews

void Store::commitEdit(const EditToCommit& edit, QObject* context, Reply<Review> done) {
    d->writeReviews<Review>(
        [edit, now = d->clock->now()](ReviewsDatabase& database) { return database.commitEdit(edit, now); }, context,
        std::move(done), [this, key = edit.key](Result<Review>& review) { d->noteReview(key, review); });
}

void Store::restoreField(const CallKey& key, ReviewField field, QObject* context, Reply<Review> done) {
    d->writeReviews<Review>(
        [key, field, now = d->clock->now()](ReviewsDatabase& database) {
            return database.restoreField(key, field, u"restore"_s, now);
        },
        context, std::move(done), [this, key](Result<Review>& review) { d->noteReview(key, review); });
}

void Store::saveDraft(const Draft& draft, QObject* context, Reply<void> done) {
    Draft stamped = draft;
    if (stamped.savedAt == Moment()) {
        stamped.savedAt = d->clock->now();
    }
    d->writeReviews<void>([stamped](ReviewsDatabase& database) { return database.saveDraft(stamped); }, context,
                          std::move(done));
}

void Store::dropDraft(const CallKey& key, ReviewField field, QObject* context, Reply<void> done) {
    d->writeReviews<void>([key, field](ReviewsDatabase& database) { return database.dropDraft(key, field); }, context,
                          std::move(done));
}

void Store::loadDrafts(QObject* context, Reply<std::vector<Draft>> done) {
    d->askReviews<std::vector<Draft>>([](ReviewsDatabase& database) { return database.drafts(); }, context,
                                      std::move(done));
}

void Store::loadHistory(const CallKey& key, QObject* context, Reply<std::vector<HistoryEntry>> done) {
    d->askReviews<std::vector<HistoryEntry>>([key](ReviewsDatabase& database) { return database.history(key); },
                                             context, std::move(done));
}

void Store::loadPending(QObject* context, Reply<std::vector<PendingEdit>> done) {
    d->askReviews<std::vector<PendingEdit>>([](ReviewsDatabase& database) { return database.pending(); }, context,
                                            std::move(done));
}

void Store::loadDispositionCodes(QObject* context, Reply<std::vector<DispositionCount>> done) {
    using Codes = std::vector<DispositionCount>;
    d->readCalls<Codes>([](CallsDatabase& database) { return database.dispositionCodes(); }, context, std::move(done),
                        [this](Result<Codes>& codes) {
                            if (!codes) {
                                return;
                            }
                            QHash<QString, qint64> calls;
                            for (const DispositionCount& code : *codes) {
                                calls[code.code] += code.calls;
                            }
                            for (const Review& review : d->reviews) {
                                if (!review.disposition) {
                                    continue;
                                }
                                // An edited call carries our code and no longer the provider's.
                                if (review.disposition->base && calls.value(*review.disposition->base) > 0) {
                                    --calls[*review.disposition->base];
                                }
                                if (review.disposition->value && !review.disposition->value->isEmpty()) {
                                    ++calls[*review.disposition->value];
                                }
                            }
                            codes->clear();
                            for (auto it = calls.cbegin(); it != calls.cend(); ++it) {
                                codes->push_back({it.key(), it.value()});
                            }
                            std::sort(codes->begin(), codes->end(),
                                      [](const DispositionCount& a, const DispositionCount& b) {
                                          return a.calls != b.calls ? a.calls > b.calls : a.code < b.code;
                                      });
                        });
}

void Store::check(QObject* context, Reply<QStringList> done) {
    const quint64 answer = d->expect<QStringList>(context, std::move(done));
    d->askReviews<QStringList>([](ReviewsDatabase& database) { return database.check(); }, this,
                               [this, answer](Result<QStringList> reviews) {
                                   if (!reviews) {
                                       d->deliver<QStringList>(answer, std::move(reviews));
                                       return;
                                   }
                                   d->readCalls<QStringList>(
                                       [](CallsDatabase& database) { return database.check(); }, this,
                                       [this, answer, found = *reviews](Result<QStringList> calls) {
                                           if (calls) {
                                               *calls = found + *calls;
                                           }
                                           d->deliver<QStringList>(answer, std::move(calls));
                                       });
                               });
}

}  // namespace earmark
