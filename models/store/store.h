// The front desk of both databases: questions go to the lanes, answers come back to the asker's thread.
// Lives in the main thread; every method may be called from the main thread only and never blocks (no SQL, no file
// access there).
#pragma once

#include <QObject>
#include <QStringList>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "models/domain/account.h"
#include "models/domain/callmark.h"
#include "models/domain/indexrow.h"
#include "models/domain/result.h"
#include "models/store/callsdatabase.h"
#include "models/store/reviewsdatabase.h"

namespace earmark {

/// Rules for every `done`: called exactly once in the thread of `context` (which must be the main thread), never when
/// `context` has died, never from within the asking call, and not any more once the Store itself is being destroyed.
/// Answers of one lane come in the order of the questions. Reviews go to their own lane and are never queued behind
/// calls.
class Store final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Store)

 public:
    struct Options {
        QString folder;  ///< the profile folder; reviews.db and calls.db lie in it
        std::shared_ptr<const Clock> clock;
        SqlFaultSeam faultSeam;  ///< tests only: asked before each SQL step; empty in the product
        bool readOnly = false;   ///< beside a running window: reads, refuses every write with ReadOnly
    };
    explicit Store(Options options, QObject* parent = nullptr);
    ~Store() override;  ///< waits for running jobs; queued calls-jobs are dropped, queued review-jobs are finished

    template <typename T>
    using Reply = std::function<void(Result<T>)>;

    /// Opens (and where needed makes or migrates) both databases in their lanes. Nothing else works before. On a
    /// read-only disk it succeeds for reading; isReadOnly() says so and every write answers ReadOnly.
    void open(QObject* context, Reply<void> done);
    /// After open: sentences that people should see (a damaged file was set aside, what was rescued).
    [[nodiscard]] QStringList notices() const;
    [[nodiscard]] bool isReadOnly() const;
    [[nodiscard]] bool callsWereBegunAnew() const;  ///< the list of calls was damaged: it is empty until a pull

    // --- accounts (reviews.db)
    void loadAccounts(QObject* context, Reply<std::vector<Account>> done);
    void saveAccount(const Account& account, QObject* context, Reply<void> done);
    void removeAccount(const QString& name, QObject* context, Reply<void> done);  ///< its calls go, its edits stay
    /// Its calls go, and its edits, their history and its drafts for good. Edits under way are in the same lane before.
    void removeAccountWithReviews(const QString& name, QObject* context, Reply<void> done);
    void countCalls(const QString& account, QObject* context, Reply<qint64> done);
    [[nodiscard]] int countReviewedCalls(const QString& account) const;  ///< from memory: calls with edits or marks

    // --- calls, written
    /// One transaction with the cursor. The rows go out with callsStored() and not with the answer.
    void storePage(PageToStore page, QObject* context, Reply<PageOutcome> done);
    void storeCall(const Call& call, QObject* context, Reply<PageOutcome> done);  ///< one re-read call
    void markNotFound(const CallKey& key, QObject* context, Reply<void> done);
    void saveCampaigns(const QString& account, std::vector<Campaign> campaigns, QObject* context, Reply<void> done);
    void saveCursor(const PullCursor& cursor, QObject* context, Reply<void> done);
    void saveAgents(const QString& account, std::vector<Agent> agents, QObject* context, Reply<void> done);
    void noteRecordingFound(const CallKey& key, bool found, QObject* context, Reply<void> done);
    /// At the end of a whole, quiet pass: calls of the list that no page showed since `passBegan` are marked
    /// "unlisted" (nothing is removed); answers how many were newly marked.
    void markUnlisted(const ListCoverage& coverage, Moment passBegan, QObject* context, Reply<qint64> done);
    void countUnlisted(const ListCoverage& coverage, Moment passBegan, QObject* context, Reply<qint64> done);

    // --- calls, read
    void loadCursors(const QString& account, QObject* context, Reply<std::vector<PullCursor>> done);
    void loadCampaigns(const QString& account, QObject* context, Reply<std::vector<Campaign>> done);
    void loadAgents(const QString& account, QObject* context, Reply<std::vector<Agent>> done);
    void loadCallsToReread(const QString& account, Provider provider, CallsToReread which, QObject* context,
                           Reply<std::vector<CallKey>> done);
    /// Ended calls whose details were not read yet, newest first.
    void loadCallsWithoutDetail(const QString& account, std::optional<Moment> since, int most, QObject* context,
                                Reply<std::vector<CallKey>> done);
    void loadCall(const CallKey& key, QObject* context, Reply<std::optional<ReviewedCall>> done);
    /// Several at once, in the order asked; calls that are not here are left out. At most some hundreds.
    void loadCalls(std::vector<CallKey> keys, QObject* context, Reply<std::vector<ReviewedCall>> done);
    void loadTexts(std::vector<qint64> callRows, QObject* context, Reply<std::vector<CallTexts>> done);
    /// All rows for the index, in chunks of some thousands, oldest row id first; `chunk` runs in context's thread.
    void loadIndex(QObject* context, std::function<void(std::vector<IndexRow>)> chunk, Reply<void> done);
    /// Row ids whose texts match (plain scan now, full text index later). Stops early, answering Cancelled, when stop
    /// is requested.
    void scanTexts(std::function<bool(const CallTexts&)> matches, std::stop_token stop, QObject* context,
                   Reply<std::vector<qint64>> done);

    // --- servers that asked to be left alone until some moment
    [[nodiscard]] std::optional<Moment> serverWish(const QString& name) const;  ///< from memory
    void saveServerWish(const QString& name, Moment until, QObject* context, Reply<void> done);

    // --- reviews
    /// One durable transaction: edit + outbox + history, draft dropped. The Review that counts now comes back after
    /// COMMIT.
    void commitEdit(const EditToCommit& edit, QObject* context, Reply<Review> done);
    /// The local edit goes, the provider's value counts again; history keeps both.
    void restoreField(const CallKey& key, ReviewField field, QObject* context, Reply<Review> done);
    /// Several in one durable transaction, all or none; for bulk work in portions of some hundreds.
    void commitEdits(std::vector<EditToCommit> edits, QObject* context, Reply<std::vector<CallReview>> done);
    /// See ReviewsDatabase for all of these.
    void noteProviderMerge(const ProviderMerge& merge, QObject* context, Reply<std::optional<Review>> done);
    void loadConflicts(const CallKey& key, QObject* context, Reply<std::vector<ReviewConflict>> done);
    void loadOpenConflicts(QObject* context, Reply<std::vector<ReviewConflict>> done);
    void loadUndoState(QObject* context, Reply<UndoState> done);
    void revert(Revert which, int most, QObject* context, Reply<RevertedPortion> done, const QString& onlyStep = {});

    // --- sending (the rows of the outbox)
    void loadDueDeliveries(const Account& account, std::optional<Moment> now, int most, QObject* context,
                           Reply<std::vector<Delivery>> done);
    void loadNextTry(const Account& account, QObject* context, Reply<std::optional<Moment>> done);
    void takeForSending(const Delivery& delivery, const QString& owner, Moment leaseUntil, const QByteArray& body,
                        const QString& destination, QObject* context, Reply<bool> done);
    void settle(const QString& delivery, const QString& owner, const Settlement& settlement, QObject* context,
                Reply<void> done);
    void refuseUnsent(const QString& delivery, const QString& reason, QObject* context, Reply<void> done);
    void reclaim(std::optional<Moment> now, QObject* context, Reply<void> done);
    void sendAgain(const QString& account, const QString& delivery, QObject* context, Reply<void> done);
    void keepHere(const CallKey& key, ReviewField field, QObject* context, Reply<Review> done);
    void countWaitingEdits(const QString& account, QObject* context, Reply<WaitingEdits> done);
    void changeTarget(const Account& account, WhatWaits what, QObject* context, Reply<void> done);
    void saveDraft(const Draft& draft, QObject* context, Reply<void> done);
    void dropDraft(const CallKey& key, ReviewField field, QObject* context, Reply<void> done);
    void loadDrafts(QObject* context, Reply<std::vector<Draft>> done);
    void loadHistory(const CallKey& key, QObject* context, Reply<std::vector<HistoryEntry>> done);
    void loadPending(QObject* context, Reply<std::vector<PendingEdit>> done);
    void countPending(QObject* context, Reply<OutboxCounts> done);  ///< without reading the lines
    /// Disposition codes in use (provider's and ours), most frequent first.
    void loadDispositionCodes(QObject* context, Reply<std::vector<DispositionCount>> done);

    // --- marks in recordings: as durable as edits; a call with marks is a touched one
    void saveMark(const CallMark& mark, QObject* context, Reply<void> done);  ///< a new one, or other words of one
    void removeMark(const CallMark& mark, QObject* context, Reply<void> done);
    void loadMarks(const CallKey& key, QObject* context, Reply<CallMarks> done);

    // --- signed links of recordings: dropped as soon as nobody needs them
    void dropLink(const CallKey& key, QObject* context, Reply<void> done);
    void dropLinksToldBefore(Moment before, QObject* context, Reply<void> done);

    // --- how far somebody came with the recording, remembered per call (calls.db, not precious)
    void saveListening(const CallKey& key, const ListeningProgress& progress, QObject* context, Reply<void> done);
    void loadListening(const CallKey& key, QObject* context, Reply<std::optional<ListeningProgress>> done);

    /// What counts now for this call, from memory; empty for an untouched one.
    [[nodiscard]] Review review(const CallKey& key) const;
    [[nodiscard]] std::vector<CallKey> touchedCalls() const;  ///< from memory: all with edits or marks, in no order
    /// For doctor: integrity of both databases and the row checksums; empty = sound.
    void check(QObject* context, Reply<QStringList> done);

 Q_SIGNALS:
    /// New or changed rows, after COMMIT. While loadIndex runs, its chunks never bring an older state of such a row.
    void callsStored(std::shared_ptr<const std::vector<IndexRow>> rows);
    void reviewChanged(const CallKey& key, const Review& review);  ///< after COMMIT; of one call
    /// After COMMIT, of several calls at once (bulk work, undo of it); reviewChanged() is not told for these.
    void reviewsChanged(std::shared_ptr<const std::vector<CallReview>> reviews);
    void outboxChanged();  ///< after COMMIT: an edit was made, or one has another fate
    void callsRemoved(const QString& account);
    void marksChanged(const CallKey& key);  ///< after COMMIT
    void noticesChanged();  ///< reviews.db was found damaged while in use, and what could be read was taken over

 private:
    class Private;
    class IndexLoad;
    class Copies;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
