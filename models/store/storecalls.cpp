// The part of Store that concerns calls: pages in, index, records and texts out.
#include <QPointer>
#include <chrono>

#include "models/store/storeprivate.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {
constexpr auto kSlice = std::chrono::milliseconds(20);  ///< then others in the reader's lane have their turn
}  // namespace

// --- written

void Store::storePage(PageToStore page, QObject* context, Reply<PageOutcome> done) {
    auto shared = std::make_shared<PageToStore>(std::move(page));
    d->writeCalls<PageOutcome>([shared, now = d->clock->now()](
                                   CallsDatabase& database) { return database.storePage(std::move(*shared), now); },
                               context, std::move(done),
                               [this](Result<PageOutcome>& outcome) {
                                   if (outcome) {
                                       d->publish(std::exchange(outcome->rows, {}));
                                   }
                               });
}

void Store::storeCall(const Call& call, QObject* context, Reply<PageOutcome> done) {
    storePage(PageToStore{call.key.account, {call}, std::nullopt}, context, std::move(done));
}

void Store::markNotFound(const CallKey& key, QObject* context, Reply<void> done) {
    const quint64 answer = d->expect<void>(context, std::move(done));
    d->writeCalls<IndexRow>(
        [key, now = d->clock->now()](CallsDatabase& database) { return database.markNotFound(key, now); }, this,
        [this, answer](Result<IndexRow> row) {
            if (row) {
                d->publish({std::move(*row)});
            }
            d->deliver<void>(answer, row ? Done() : failure(row.error()));
        });
}

void Store::markUnlisted(const ListCoverage& coverage, Moment passBegan, QObject* context, Reply<qint64> done) {
    const quint64 answer = d->expect<qint64>(context, std::move(done));
    d->writeCalls<std::vector<IndexRow>>(
        [coverage, passBegan, now = d->clock->now()](CallsDatabase& database) {
            return database.markUnlisted(coverage, passBegan, now);
        },
        this,
        [this, answer](Result<std::vector<IndexRow>> rows) {
            if (!rows) {
                d->deliver<qint64>(answer, failure(rows.error()));
                return;
            }
            const auto marked = static_cast<qint64>(rows->size());
            d->publish(std::move(*rows));
            d->deliver<qint64>(answer, marked);
        });
}

void Store::saveCampaigns(const QString& account, std::vector<Campaign> campaigns, QObject* context, Reply<void> done) {
    using Renamed = std::vector<IndexRow>;
    const quint64 answer = d->expect<void>(context, std::move(done));
    auto shared = std::make_shared<const std::vector<Campaign>>(std::move(campaigns));
    d->writeCalls<Renamed>(
        [account, shared](CallsDatabase& database) -> Result<Renamed> {
            const auto renamed = database.saveCampaigns(account, *shared);
            if (!renamed) {
                return failure(renamed.error());
            }
            // Read here and not in the reader's lane, so that no older state can overtake a page that comes next.
            Renamed rows;
            for (const QString& campaignId : *renamed) {
                auto some = database.indexRowsOfCampaign(account, campaignId);
                if (!some) {
                    return rows;  // the names are stored; the rows show them at the next start
                }
                rows.insert(rows.end(), std::make_move_iterator(some->begin()), std::make_move_iterator(some->end()));
            }
            return rows;
        },
        this,
        [this, answer](Result<Renamed> rows) {
            if (rows) {
                d->publish(std::move(*rows));
            }
            d->deliver<void>(answer, rows ? Done() : failure(rows.error()));
        });
}

void Store::saveAgents(const QString& account, std::vector<Agent> agents, QObject* context, Reply<void> done) {
    const quint64 answer = d->expect<void>(context, std::move(done));
    auto shared = std::make_shared<const std::vector<Agent>>(std::move(agents));
    d->writeCalls<std::vector<IndexRow>>(
        [account, shared](CallsDatabase& database) { return database.saveAgents(account, *shared); }, this,
        [this, answer](Result<std::vector<IndexRow>> rows) {
            if (rows) {
                d->publish(std::move(*rows));
            }
            d->deliver<void>(answer, rows ? Done() : failure(rows.error()));
        });
}

void Store::noteRecordingFound(const CallKey& key, bool found, QObject* context, Reply<void> done) {
    const quint64 answer = d->expect<void>(context, std::move(done));
    d->writeCalls<IndexRow>([key, found](CallsDatabase& database) { return database.noteRecordingFound(key, found); },
                            this,
                            [this, answer](Result<IndexRow> row) {
                                if (row) {
                                    d->publish({std::move(*row)});
                                }
                                d->deliver<void>(answer, row ? Done() : failure(row.error()));
                            });
}

void Store::saveCursor(const PullCursor& cursor, QObject* context, Reply<void> done) {
    d->writeCalls<void>([cursor](CallsDatabase& database) { return database.saveCursor(cursor); }, context,
                        std::move(done));
}

std::optional<Moment> Store::serverWish(const QString& name) const {
    const auto found = d->serverWishes.constFind(name);
    return found == d->serverWishes.cend() ? std::nullopt : std::optional(*found);
}

void Store::saveServerWish(const QString& name, Moment until, QObject* context, Reply<void> done) {
    d->serverWishes.insert(name, until);
    d->writeCalls<void>([name, until, now = d->clock->now()](
                            CallsDatabase& database) { return database.saveServerWish(name, until, now); },
                        context, std::move(done));
}

void Store::saveListening(const CallKey& key, const ListeningProgress& progress, QObject* context, Reply<void> done) {
    d->writeCalls<void>([key, progress](CallsDatabase& database) { return database.saveListening(key, progress); },
                        context, std::move(done));
}

void Store::dropLink(const CallKey& key, QObject* context, Reply<void> done) {
    d->writeCalls<void>([key](CallsDatabase& database) { return database.dropLink(key); }, context, std::move(done));
}

void Store::dropLinksToldBefore(Moment before, QObject* context, Reply<void> done) {
    d->writeCalls<void>([before](CallsDatabase& database) { return database.dropLinksToldBefore(before); }, context,
                        std::move(done));
}

// --- read

void Store::loadListening(const CallKey& key, QObject* context, Reply<std::optional<ListeningProgress>> done) {
    d->readCalls<std::optional<ListeningProgress>>([key](CallsDatabase& database) { return database.listening(key); },
                                                   context, std::move(done));
}

void Store::loadCursors(const QString& account, QObject* context, Reply<std::vector<PullCursor>> done) {
    d->readCalls<std::vector<PullCursor>>([account](CallsDatabase& database) { return database.cursors(account); },
                                          context, std::move(done));
}

void Store::countUnlisted(const ListCoverage& coverage, Moment passBegan, QObject* context, Reply<qint64> done) {
    d->readCalls<qint64>(
        [coverage, passBegan](CallsDatabase& database) { return database.countUnlisted(coverage, passBegan); }, context,
        std::move(done));
}

void Store::loadCampaigns(const QString& account, QObject* context, Reply<std::vector<Campaign>> done) {
    d->readCalls<std::vector<Campaign>>([account](CallsDatabase& database) { return database.campaigns(account); },
                                        context, std::move(done));
}

void Store::loadAgents(const QString& account, QObject* context, Reply<std::vector<Agent>> done) {
    d->readCalls<std::vector<Agent>>([account](CallsDatabase& database) { return database.agents(account); }, context,
                                     std::move(done));
}

void Store::loadCallsToReread(const QString& account, Provider provider, CallsToReread which, QObject* context,
                              Reply<std::vector<CallKey>> done) {
    d->readCalls<std::vector<CallKey>>(
        [account, provider, which, now = d->clock->now()](CallsDatabase& database) {
            return database.callsToReread(account, provider, which, now);
        },
        context, std::move(done));
}

void Store::loadCallsWithoutDetail(const QString& account, std::optional<Moment> since, int most, QObject* context,
                                   Reply<std::vector<CallKey>> done) {
    d->readCalls<std::vector<CallKey>>(
        [account, since, most, now = d->clock->now()](CallsDatabase& database) {
            return database.callsWithoutDetail(account, since, most, now);
        },
        context, std::move(done));
}

void Store::loadCall(const CallKey& key, QObject* context, Reply<std::optional<ReviewedCall>> done) {
    d->readCalls<std::optional<ReviewedCall>>([key](CallsDatabase& database) { return database.call(key); }, context,
                                              std::move(done),
                                              [this](Result<std::optional<ReviewedCall>>& call) {
                                                  if (call && *call) {
                                                      (*call)->review = d->reviews.value((*call)->call.key);
                                                  }
                                              });
}

void Store::loadCalls(std::vector<CallKey> keys, QObject* context, Reply<std::vector<ReviewedCall>> done) {
    using Calls = std::vector<ReviewedCall>;
    d->readCalls<Calls>(
        [keys = std::move(keys)](CallsDatabase& database) -> Result<Calls> {
            Calls calls;
            for (const CallKey& key : keys) {
                auto call = database.call(key);
                if (!call) {
                    return failure(call.error());
                }
                if (*call) {
                    calls.push_back(std::move(**call));
                }
            }
            return calls;
        },
        context, std::move(done),
        [this](Result<Calls>& calls) {
            if (!calls) {
                return;
            }
            for (ReviewedCall& call : *calls) {
                call.review = d->reviews.value(call.call.key);
            }
        });
}

void Store::loadTexts(std::vector<qint64> callRows, QObject* context, Reply<std::vector<CallTexts>> done) {
    d->readCalls<std::vector<CallTexts>>(
        [callRows = std::move(callRows)](CallsDatabase& database) { return database.texts(callRows); }, context,
        std::move(done));
}

namespace {

/// The rows after `position`, which moves on with them.
Result<std::vector<IndexRow>> nextChunk(CallsDatabase& database, qint64& afterRow, bool& atEnd, int limit) {
    std::vector<IndexRow> rows;
    if (atEnd) {
        return rows;
    }
    rows.reserve(static_cast<size_t>(limit));
    const auto done = database.forEachIndexRow(
        [&](IndexRow&& row) {
            rows.push_back(std::move(row));
            return rows.size() < static_cast<size_t>(limit);
        },
        afterRow);
    if (!done) {
        return failure(done.error());
    }
    atEnd = rows.size() < static_cast<size_t>(limit);
    if (!rows.empty()) {
        afterRow = rows.back().call.callRow;
    }
    return rows;
}

}  // namespace

void Store::loadIndex(QObject* context, std::function<void(std::vector<IndexRow>)> chunk, Reply<void> done) {
    using Rows = std::vector<IndexRow>;
    struct Under {
        std::unique_ptr<IndexLoad> load;
        std::function<void(Rows)> chunk;
        Reply<void> done;
        std::function<void()> askNext;
    };
    auto under = std::make_shared<Under>();
    under->load = std::make_unique<IndexLoad>(d.get());
    under->chunk = std::move(chunk);
    under->done = std::move(done);

    const auto take = [this, guard = QPointer<QObject>(context)](const std::shared_ptr<Under>& current,
                                                                 Result<Rows> rows) {
        IndexLoad& load = *current->load;
        if (load.finished) {
            return;
        }
        if (!rows || rows->empty()) {
            load.finished = true;
            if (current->done) {
                current->done(rows ? Done() : failure(rows.error()));
            }
            return;
        }
        std::erase_if(*rows, [&](const IndexRow& row) {
            return load.removedAccounts.contains(row.call.call.key.account) && !load.stored.contains(row.call.callRow);
        });
        for (IndexRow& row : *rows) {
            if (const auto newer = load.stored.constFind(row.call.callRow); newer != load.stored.cend()) {
                row = *newer;
            }
            d->layOver(row);
        }
        current->chunk(std::move(*rows));
        if (guard) {
            current->askNext();
        }
    };
    // The function holds the load weakly, the questions under way hold it strongly: with the last answer, or with the
    // context, everything goes.
    under->askNext = [this, context, take, weak = std::weak_ptr<Under>(under)] {
        const auto current = weak.lock();
        d->readCalls<Rows>(
            [position = current->load->position](CallsDatabase& database) {
                return nextChunk(database, position->afterRow, position->atEnd, IndexLoad::kChunkRows);
            },
            context, [take, current](Result<Rows> rows) { take(current, std::move(rows)); });
    };
    // Two under way: the next is read while one is taken in, and no more than that wait in memory.
    under->askNext();
    under->askNext();
}

namespace {

struct TextScan {
    std::function<bool(const CallTexts&)> matches;
    std::stop_token stop;
    std::shared_ptr<std::atomic<bool>> abandoned = std::make_shared<std::atomic<bool>>(false);
    qint64 afterRow = 0;
    std::vector<qint64> found;

    [[nodiscard]] bool isUnwanted() const { return stop.stop_requested() || abandoned->load(); }

    /// True = at the end.
    Result<bool> slice(CallsDatabase& database) {
        const auto until = std::chrono::steady_clock::now() + kSlice;
        bool atEnd = true;
        int seen = 0;
        const auto done = database.forEachTexts(
            [&](CallTexts&& texts) {
                afterRow = texts.callRow;
                if (matches(texts)) {
                    found.push_back(texts.callRow);
                }
                atEnd = !isUnwanted() && (++seen % 64 != 0 || std::chrono::steady_clock::now() < until);
                return atEnd;
            },
            afterRow);
        if (!done) {
            return failure(done.error());
        }
        if (isUnwanted()) {
            return failure(makeError(ErrorKind::Cancelled));
        }
        return atEnd;
    }
};

}  // namespace

void Store::scanTexts(std::function<bool(const CallTexts&)> matches, std::stop_token stop, QObject* context,
                      Reply<std::vector<qint64>> done) {
    using Rows = std::vector<qint64>;
    auto scan = std::make_shared<TextScan>();
    scan->matches = std::move(matches);
    scan->stop = std::move(stop);
    connect(context, &QObject::destroyed, &d->courier, [flag = scan->abandoned] { flag->store(true); });
    const quint64 answer = d->expect<Rows>(context, std::move(done));

    // Each slice goes to the end of the queue again, so that a record asked for meanwhile does not wait for the scan.
    auto work = std::make_shared<std::function<void()>>();
    *work = [inside = d.get(), scan, answer, weak = std::weak_ptr(work)] {
        if (!inside->readerDatabase) {
            inside->deliver<Rows>(answer, failure(Private::notOpen()));
            return;
        }
        const auto atEnd =
            scan->isUnwanted() ? failure(makeError(ErrorKind::Cancelled)) : scan->slice(*inside->readerDatabase);
        if (!atEnd) {
            inside->deliver<Rows>(answer, failure(atEnd.error()));
        } else if (*atEnd) {
            inside->deliver<Rows>(answer, std::move(scan->found));
        } else {
            inside->readerLane.post([again = weak.lock()] { (*again)(); });
        }
    };
    d->readerLane.post([work] { (*work)(); });
}

}  // namespace earmark
