// The inside of Store: lanes, what belongs to which of them, and the way an answer takes. Only store*.cpp include this.
#pragma once

#include <QHash>
#include <QSet>
#include <QTimer>
#include <atomic>
#include <type_traits>

#include "models/store/courier.h"
#include "models/store/lane.h"
#include "models/store/store.h"

namespace earmark {

enum class EditsOfAccount { Stay, Go };

class Store::Private {
 public:
    Private(Store* owner, Store::Options given);

    Store* const q;
    const Store::Options options;
    const std::shared_ptr<const Clock> clock;

    // Main thread.
    std::vector<IndexLoad*> indexLoads;  ///< before the courier: what that still holds takes itself off this list
    Courier courier;
    QHash<CallKey, Review> reviews;  ///< touched calls only; laid over everything that goes out
    QSet<CallKey> markedCalls;       ///< with marks in their recording
    QHash<QString, Moment> serverWishes;
    QStringList notices;
    bool readOnly = false;
    std::atomic<bool> callsBegunAnew = false;  ///< told by the writer's lane
    QTimer checkpointTimer;
    QTimer backupTimer;
    std::unique_ptr<Copies> copies;
    std::stop_source backupStop;
    std::atomic<bool> isBackingUp = false;

    // Each belongs to the lane of the same name, and to nobody else.
    std::unique_ptr<ReviewsDatabase> reviewsDatabase;
    bool reviewsWritable = false;
    bool reviewsNeedRescue = false;
    std::unique_ptr<CallsDatabase> writerDatabase;
    std::unique_ptr<CallsDatabase> readerDatabase;
    std::atomic<CallsDatabase*> readerToInterrupt = nullptr;

    // Last, so that they end first.
    Lane reviewsLane{"store-reviews"};
    Lane writerLane{"store-writer"};
    Lane readerLane{"store-reader"};
    Lane backupLane{"store-backups"};

    template <typename T>
    using Always = std::function<void(Result<T>&)>;

    template <typename T>
    quint64 expect(QObject* context, Reply<T> done, Always<T> always = {}) {
        Courier::Taker first;
        if (always) {
            first = [always = std::move(always)](void* answer) { always(*static_cast<Result<T>*>(answer)); };
        }
        return courier.expect(context, std::move(first), [done = std::move(done)](void* answer) {
            if (done) {
                done(std::move(*static_cast<Result<T>*>(answer)));
            }
        });
    }
    template <typename T>
    void deliver(quint64 number, Result<T> answer) {
        courier.deliver(number, std::make_shared<Result<T>>(std::move(answer)));
    }
    template <typename T>
    void ask(Lane& lane, std::function<Result<T>()> work, QObject* context, Reply<T> done, Always<T> always = {}) {
        const quint64 number = expect<T>(context, std::move(done), std::move(always));
        lane.post([this, number, work = std::move(work)] { deliver<T>(number, work()); });
    }

    /// `work(database)` in the lane of that database.
    template <typename T>
    void askReviews(std::function<Result<T>(ReviewsDatabase&)> work, QObject* context, Reply<T> done,
                    Always<T> always = {});
    template <typename T>
    void writeReviews(std::function<Result<T>(ReviewsDatabase&)> work, QObject* context, Reply<T> done,
                      Always<T> always = {});
    template <typename T>
    void writeCalls(std::function<Result<T>(CallsDatabase&)> work, QObject* context, Reply<T> done,
                    Always<T> always = {});
    template <typename T>
    void readCalls(std::function<Result<T>(CallsDatabase&)> work, QObject* context, Reply<T> done,
                   Always<T> always = {});

    [[nodiscard]] QString reviewsFile() const { return options.folder + QStringLiteral("/reviews.db"); }
    [[nodiscard]] QString callsFile() const { return options.folder + QStringLiteral("/calls.db"); }
    void removeAccount(const QString& name, EditsOfAccount edits, QObject* context, Reply<void> done);
    void removeFromReviews(const QString& name, EditsOfAccount edits, quint64 answer);
    [[nodiscard]] bool isTouched(const CallKey& key) const;
    void layOver(IndexRow& row) const;
    void publish(std::vector<IndexRow> rows);
    void noteRescue(const QStringList& found);
    void noteReview(const CallKey& key, const Result<Review>& review);
    void noteReviews(const Result<std::vector<CallReview>>& reviews);
    /// A change of the outbox: what counts now for the calls is told, and that there is a change.
    void changeOutbox(std::function<Result<std::vector<CallReview>>(ReviewsDatabase&)> work, QObject* context,
                      Reply<void> done);

    void backUpWhenDue();
    void startKeeping();

    // In the lanes.
    [[nodiscard]] Done openReviews(ReviewsDatabase::Trust trust = ReviewsDatabase::Trust::Checked);
    [[nodiscard]] Done openWriter();
    [[nodiscard]] Done openReader();
    [[nodiscard]] static Error notOpen();
    [[nodiscard]] static Error readOnlyProfile();
};

template <typename T>
void Store::Private::askReviews(std::function<Result<T>(ReviewsDatabase&)> work, QObject* context, Reply<T> done,
                                Always<T> always) {
    ask<T>(
        reviewsLane,
        [this, work = std::move(work)]() -> Result<T> {
            if (!reviewsDatabase) {
                return failure(notOpen());
            }
            return work(*reviewsDatabase);
        },
        context, std::move(done), std::move(always));
}

template <typename T>
void Store::Private::writeReviews(std::function<Result<T>(ReviewsDatabase&)> work, QObject* context, Reply<T> done,
                                  Always<T> always) {
    ask<T>(
        reviewsLane,
        [this, work = std::move(work)]() -> Result<T> {
            if (!reviewsDatabase && !reviewsNeedRescue) {
                return failure(notOpen());
            }
            if (reviewsDatabase && !reviewsWritable) {
                return failure(readOnlyProfile());
            }
            if (reviewsDatabase) {
                auto answer = work(*reviewsDatabase);
                if (answer || answer.error().kind != ErrorKind::Damaged) {
                    return answer;
                }
                reviewsNeedRescue = true;
                reviewsDatabase.reset();
            }
            // What can be read is rescued at once, and this edit need not wait for the next start. Should the rescue
            // fail (a full disk), the next write tries it again.
            if (auto opened = openReviews(ReviewsDatabase::Trust::Rescue); !opened) {
                return failure(std::move(opened.error()));
            }
            reviewsNeedRescue = false;
            QMetaObject::invokeMethod(
                &courier, [this, found = reviewsDatabase->notices()] { noteRescue(found); }, Qt::QueuedConnection);
            return work(*reviewsDatabase);
        },
        context, std::move(done), std::move(always));
}

template <typename T>
void Store::Private::writeCalls(std::function<Result<T>(CallsDatabase&)> work, QObject* context, Reply<T> done,
                                Always<T> always) {
    ask<T>(
        writerLane,
        [this, work = std::move(work)]() -> Result<T> {
            if (!writerDatabase) {
                return failure(readOnlyProfile());
            }
            return work(*writerDatabase);
        },
        context, std::move(done), std::move(always));
}

template <typename T>
void Store::Private::readCalls(std::function<Result<T>(CallsDatabase&)> work, QObject* context, Reply<T> done,
                               Always<T> always) {
    ask<T>(
        readerLane,
        [this, work = std::move(work)]() -> Result<T> {
            if (!readerDatabase) {
                return failure(notOpen());
            }
            return work(*readerDatabase);
        },
        context, std::move(done), std::move(always));
}

/// One loadIndex under way. Lives in the main thread; only `Position` is touched in the reader lane.
class Store::IndexLoad final {
 public:
    static constexpr int kChunkRows = 4096;
    struct Position {
        qint64 afterRow = 0;
        bool atEnd = false;
    };

    explicit IndexLoad(Store::Private* owner) : m_owner(owner) { m_owner->indexLoads.push_back(this); }
    ~IndexLoad() { std::erase(m_owner->indexLoads, this); }
    Q_DISABLE_COPY_MOVE(IndexLoad)

    const std::shared_ptr<Position> position = std::make_shared<Position>();
    QHash<qint64, IndexRow> stored;  ///< what callsStored told meanwhile: a chunk may have been read before that
    QSet<QString> removedAccounts;
    bool finished = false;

 private:
    Store::Private* const m_owner;
};

}  // namespace earmark
