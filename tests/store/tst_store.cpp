// The front desk: answers exactly once and in order, none to the dead, edits laid over calls, nothing lost at the end.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <atomic>
#include <cstring>
#include <memory>

#include "models/store/store.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::kNow;
using sample::wholeCall;

namespace {

class FixedClock final : public Clock {
 public:
    [[nodiscard]] Moment now() const override { return momentFromMs(m_ms.load()); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::now();
    }
    void forward(std::chrono::milliseconds by) { m_ms += by.count(); }

 private:
    std::atomic<qint64> m_ms = toMs(kNow);
};

PullCursor cursorOf(const QString& campaign, int nextPage) {
    PullCursor cursor;
    cursor.account = u"main"_s;
    cursor.campaignId = campaign;
    cursor.nextPage = nextPage;
    return cursor;
}

std::vector<Call> someCalls(int from, int count) {
    std::vector<Call> calls;
    for (int i = 0; i < count; ++i) {
        calls.push_back(wholeCall(from + i));
    }
    return calls;
}

/// Asks, waits and hands the answer out.
template <typename T>
class Answer {
 public:
    Store::Reply<T> taker() {
        return [this](Result<T> answer) {
            ++m_times;
            m_answer = std::make_unique<Result<T>>(std::move(answer));
        };
    }
    Result<T>& wait() {
        if (!QTest::qWaitFor([this] { return m_times > 0; }, 20'000)) {
            qFatal("no answer came");
        }
        return *m_answer;
    }
    [[nodiscard]] int times() const { return m_times; }
    QObject context;

 private:
    int m_times = 0;
    std::unique_ptr<Result<T>> m_answer;
};

}  // namespace

class TestStore : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void cleanup();
    void opensAndMakesPrivateFiles();
    void answersBeforeOpenAreErrors();
    void neverAnswersFromWithinTheQuestion();
    void answersComeInOrderAndOnce();
    void theDeadGetNoAnswer();
    void receiversDieWhileJobsRun();
    void storeDiesWhileJobsRun();
    void editsAreLaidOverCalls();
    void reviewsAreNotQueuedBehindCalls();
    void aSameValueTellsNobody();
    void restoreAndDrafts();
    void pagesAreTold();
    void notFoundAndUnlistedAreTold();
    void renamedCampaignIsTold();
    void indexComesInChunks();
    void indexChunksNeverBringOlderRows();
    void indexStopsWhenItsContextDies();
    void removedAccountIsToldAndStaysAway();
    void textsAreScannedAndCancelled();
    void recordIsAnsweredDuringAScan();
    void dispositionCodesCountWhatCounts();
    void queuedEditsAreFinishedAtTheEnd();
    void readOnlyProfile();
    void readOnlyProfileThatIsNotThere();
    void check();
    void damageWhileInUseIsHealed();
    void fullDiskIsSaidAndPasses();

 private:
    std::unique_ptr<Store> makeStore(SqlFaultSeam seam = {}, bool readOnly = false) {
        return std::make_unique<Store>(
            Store::Options{m_folder->filePath(u"profile"_s), m_clock, std::move(seam), readOnly});
    }
    std::unique_ptr<Store> openStore(SqlFaultSeam seam = {}, bool readOnly = false) {
        auto store = makeStore(std::move(seam), readOnly);
        Answer<void> opened;
        store->open(&opened.context, opened.taker());
        if (!opened.wait()) {
            qWarning("open: %s %s", qPrintable(opened.wait().error().message),
                     qPrintable(opened.wait().error().detail));
            return nullptr;
        }
        return store;
    }
    PageOutcome storeCalls(Store& store, std::vector<Call> calls) {
        Answer<PageOutcome> stored;
        store.storePage({u"main"_s, std::move(calls), cursorOf(u"camp-0"_s, 2)}, &stored.context, stored.taker());
        return stored.wait() ? *stored.wait() : PageOutcome();
    }
    Review commit(Store& store, const EditToCommit& edit) {
        Answer<Review> committed;
        store.commitEdit(edit, &committed.context, committed.taker());
        return committed.wait() ? *committed.wait() : Review();
    }
    std::optional<ReviewedCall> load(Store& store, const CallKey& key) {
        Answer<std::optional<ReviewedCall>> call;
        store.loadCall(key, &call.context, call.taker());
        return call.wait() ? *call.wait() : std::nullopt;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<FixedClock> m_clock;
};

void TestStore::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_clock = std::make_shared<FixedClock>();
}

void TestStore::cleanup() {
    m_folder.reset();
}

void TestStore::opensAndMakesPrivateFiles() {
    auto store = openStore();
    QVERIFY(store);
    QVERIFY(store->notices().isEmpty());
    QVERIFY(!store->isReadOnly());
    const QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    for (const auto& name : {""_L1, "/reviews.db"_L1, "/reviews.db-wal"_L1, "/calls.db"_L1, "/calls.db-wal"_L1}) {
        const QString path = m_folder->filePath(u"profile"_s) + name;
        QVERIFY2(QFileInfo::exists(path), qPrintable(path));
        QVERIFY2(!(QFile::permissions(path) & others), qPrintable(path));
    }
    store.reset();  // the logs are written back and gone
    QVERIFY(!QFileInfo::exists(m_folder->filePath(u"profile/reviews.db-wal"_s)));
    QVERIFY(!QFileInfo::exists(m_folder->filePath(u"profile/calls.db-wal"_s)));
}

void TestStore::answersBeforeOpenAreErrors() {
    auto store = makeStore();
    Answer<std::vector<Account>> accounts;
    store->loadAccounts(&accounts.context, accounts.taker());
    QVERIFY(!accounts.wait());
    Answer<PageOutcome> page;
    store->storePage({u"main"_s, {}, std::nullopt}, &page.context, page.taker());
    QVERIFY(!page.wait());
    Answer<std::vector<qint64>> scan;
    store->scanTexts([](const CallTexts&) { return true; }, {}, &scan.context, scan.taker());
    QVERIFY(!scan.wait());
    Answer<void> index;
    store->loadIndex(
        &index.context, [](std::vector<IndexRow>) {}, index.taker());
    QVERIFY(!index.wait());
}

void TestStore::neverAnswersFromWithinTheQuestion() {
    auto store = openStore();
    QVERIFY(store);
    Answer<std::vector<Draft>> drafts;
    store->loadDrafts(&drafts.context, drafts.taker());
    QThread::msleep(50);  // the lane has long been done; the answer still has to wait for the event loop
    QCOMPARE(drafts.times(), 0);
    QVERIFY(drafts.wait());
}

void TestStore::answersComeInOrderAndOnce() {
    auto store = openStore();
    QVERIFY(store);
    QList<int> order;
    QObject context;
    for (int i = 0; i < 200; ++i) {
        const EditToCommit edit{
            {u"main"_s, QString::number(i % 7)}, ReviewField::Notes, std::nullopt, QString::number(i), u"desk"_s};
        store->commitEdit(edit, &context, [&order, i](const Result<Review>& review) {
            QVERIFY(review);
            order += i;
        });
    }
    QTRY_COMPARE(order.size(), 200);
    QVERIFY(std::is_sorted(order.cbegin(), order.cend()));
    QTest::qWait(50);
    QCOMPARE(order.size(), 200);
}

void TestStore::theDeadGetNoAnswer() {
    auto store = openStore();
    QVERIFY(store);
    auto context = std::make_unique<QObject>();
    int answers = 0;
    QSignalSpy changes(store.get(), &Store::reviewChanged);
    const CallKey key{u"main"_s, u"1"_s};
    store->commitEdit({key, ReviewField::Notes, std::nullopt, u"kept all the same"_s, u"desk"_s}, context.get(),
                      [&](const Result<Review>&) { ++answers; });
    store->loadDrafts(context.get(), [&](const Result<std::vector<Draft>>&) { ++answers; });
    context.reset();
    QTRY_COMPARE(changes.size(), 1);  // the edit itself was made, and everybody else is told
    QTest::qWait(50);
    QCOMPARE(answers, 0);
    QVERIFY(store->review(key).notes->value == u"kept all the same"_s);
}

void TestStore::receiversDieWhileJobsRun() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, someCalls(0, 300));
    // What the closure captures dies with the context: an answer after that would be a use after free.
    struct Receiver : QObject {
        std::unique_ptr<int> answers = std::make_unique<int>(0);
    };
    int living = 0;
    for (int round = 0; round < 150; ++round) {
        auto receiver = std::make_unique<Receiver>();
        int* const counter = receiver->answers.get();
        const CallKey key = wholeCall(round).key;
        store->loadCall(key, receiver.get(), [counter](const auto&) { ++*counter; });
        store->commitEdit({key, ReviewField::Notes, std::nullopt, QString::number(round), u"desk"_s}, receiver.get(),
                          [counter](const auto&) { ++*counter; });
        store->loadIndex(
            receiver.get(), [counter](const auto&) { ++*counter; }, [counter](const auto&) { ++*counter; });
        store->scanTexts([](const CallTexts&) { return true; }, {}, receiver.get(),
                         [counter](const auto&) { ++*counter; });
        store->storePage({u"main"_s, someCalls(round, 5), std::nullopt}, receiver.get(),
                         [counter](const auto&) { ++*counter; });
        if (round % 3 == 0) {
            QCoreApplication::processEvents();
        }
        if (round % 5 == 0) {
            QThread::usleep(300);
        }
        living += *counter;
    }
    Answer<QStringList> sound;
    store->check(&sound.context, sound.taker());
    QVERIFY(sound.wait() && sound.wait()->isEmpty());
    QVERIFY(living < 150 * 6);
    for (int round = 0; round < 150; ++round) {
        QVERIFY(store->review(wholeCall(round).key).notes->value == QString::number(round));
    }
}

void TestStore::storeDiesWhileJobsRun() {
    for (int round = 0; round < 10; ++round) {
        auto store = openStore();
        QVERIFY(store);
        QObject context;
        for (int i = 0; i < 20; ++i) {
            store->storePage({u"main"_s, someCalls(i * 50, 50), std::nullopt}, &context, [](const auto&) {});
            store->loadIndex(
                &context, [](const auto&) {}, [](const auto&) {});
            store->scanTexts([](const CallTexts&) { return true; }, {}, &context, [](const auto&) {});
        }
        if (round % 2) {
            QTest::qWait(round);
        }
        store.reset();
        QTest::qWait(1);
    }
}

void TestStore::editsAreLaidOverCalls() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, someCalls(0, 3));
    const CallKey key = wholeCall(1).key;
    QSignalSpy changes(store.get(), &Store::reviewChanged);
    const Review review = commit(*store, {key, ReviewField::Notes, u"x"_s, u"mine"_s, u"desk"_s});
    QVERIFY(review.notes && review.notes->value == u"mine"_s);
    QCOMPARE(changes.size(), 1);
    QVERIFY(load(*store, key)->review.notes->value == u"mine"_s);
    QVERIFY(load(*store, key)->call.notes == wholeCall(1).notes);  // the provider's own stays beside it
    // A pull over it changes the provider's value and nothing else.
    Call newer = wholeCall(1);
    newer.notes = u"the provider changed its mind"_s;
    QSignalSpy stored(store.get(), &Store::callsStored);
    storeCalls(*store, {newer});
    QCOMPARE(stored.size(), 1);
    const auto rows = stored.front().front().value<std::shared_ptr<const std::vector<IndexRow>>>();
    QVERIFY(rows->front().call.review.notes->value == u"mine"_s);
    const auto call = load(*store, key);
    QVERIFY(call->review.notes->value == u"mine"_s && call->call.notes == newer.notes);
    QVERIFY(providerChangedSince(call->review.notes, call->call.notes));

    store.reset();
    store = openStore();
    QVERIFY(load(*store, key)->review == review);
    bool seen = false;
    Answer<void> index;
    store->loadIndex(
        &index.context,
        [&](const std::vector<IndexRow>& chunk) {
            for (const IndexRow& row : chunk) {
                QCOMPARE(row.call.review.notes.has_value(), row.call.call.key == key);
                seen = seen || row.call.review.notes.has_value();
            }
        },
        index.taker());
    QVERIFY(index.wait());
    QVERIFY(seen);
}

void TestStore::reviewsAreNotQueuedBehindCalls() {
    auto store = openStore();
    QVERIFY(store);
    QObject context;
    int pages = 0;
    for (int i = 0; i < 60; ++i) {
        store->storePage({u"main"_s, someCalls(i * 200, 200), std::nullopt}, &context, [&](const auto&) { ++pages; });
    }
    commit(*store, {{u"main"_s, u"1"_s}, ReviewField::Notes, std::nullopt, u"quick"_s, u"desk"_s});
    QVERIFY2(pages < 60, "the edit waited for all pages");
    QTRY_COMPARE_WITH_TIMEOUT(pages, 60, 60'000);
}

void TestStore::aSameValueTellsNobody() {
    auto store = openStore();
    QVERIFY(store);
    const EditToCommit edit{{u"main"_s, u"1"_s}, ReviewField::Notes, std::nullopt, u"text"_s, u"desk"_s};
    const Review first = commit(*store, edit);
    QSignalSpy changes(store.get(), &Store::reviewChanged);
    QCOMPARE(commit(*store, edit), first);
    QCOMPARE(changes.size(), 0);
}

void TestStore::restoreAndDrafts() {
    auto store = openStore();
    QVERIFY(store);
    const CallKey key{u"main"_s, u"1"_s};
    Answer<void> drafted;
    store->saveDraft({key, ReviewField::Notes, std::nullopt, u"half"_s, {}}, &drafted.context, drafted.taker());
    QVERIFY(drafted.wait());
    Answer<std::vector<Draft>> drafts;
    store->loadDrafts(&drafts.context, drafts.taker());
    QVERIFY(drafts.wait()->size() == 1 && drafts.wait()->front().savedAt == kNow);
    commit(*store, {key, ReviewField::Notes, u"theirs"_s, u"mine"_s, u"desk"_s});
    Answer<std::vector<Draft>> none;
    store->loadDrafts(&none.context, none.taker());
    QVERIFY(none.wait()->empty());
    Answer<std::vector<PendingEdit>> pending;
    store->loadPending(&pending.context, pending.taker());
    QCOMPARE(pending.wait()->size(), size_t(1));
    QSignalSpy changes(store.get(), &Store::reviewChanged);
    Answer<Review> restored;
    store->restoreField(key, ReviewField::Notes, &restored.context, restored.taker());
    QVERIFY(restored.wait() && *restored.wait() == Review());
    QCOMPARE(changes.size(), 1);
    QVERIFY(store->review(key) == Review());
    Answer<std::vector<HistoryEntry>> history;
    store->loadHistory(key, &history.context, history.taker());
    QCOMPARE(history.wait()->size(), size_t(2));
    QCOMPARE(history.wait()->back().origin, u"restore"_s);
    Answer<void> dropped;
    store->dropDraft(key, ReviewField::Notes, &dropped.context, dropped.taker());
    QVERIFY(dropped.wait());
}

void TestStore::pagesAreTold() {
    auto store = openStore();
    QVERIFY(store);
    QSignalSpy stored(store.get(), &Store::callsStored);
    PageOutcome outcome = storeCalls(*store, someCalls(0, 5));
    QCOMPARE(outcome.added, 5);
    QCOMPARE(stored.size(), 1);
    QCOMPARE(stored.front().front().value<std::shared_ptr<const std::vector<IndexRow>>>()->size(), size_t(5));
    outcome = storeCalls(*store, someCalls(0, 5));
    QCOMPARE(outcome.unchanged, 5);
    QCOMPARE(stored.size(), 1);  // nothing new, nothing to tell
    Answer<PageOutcome> single;
    Call call = wholeCall(2);
    call.status = CallStatus::Failed;
    store->storeCall(call, &single.context, single.taker());
    QCOMPARE(single.wait()->changed, 1);
    QCOMPARE(stored.size(), 2);
    Answer<std::vector<PullCursor>> cursors;
    store->loadCursors(u"main"_s, &cursors.context, cursors.taker());
    QVERIFY(cursors.wait()->size() == 1 && cursors.wait()->front().nextPage == 2);
    Answer<void> saved;
    PullCursor done = cursorOf(u"camp-0"_s, 3);
    done.complete = true;
    store->saveCursor(done, &saved.context, saved.taker());
    QVERIFY(saved.wait());
    Answer<void> positioned;
    const ListeningProgress progress{5s, 7s, {{0s, 2s}, {3s, 5s}}};
    store->saveListening(call.key, progress, &positioned.context, positioned.taker());
    QVERIFY(positioned.wait());
    Answer<std::optional<ListeningProgress>> listening;
    store->loadListening(call.key, &listening.context, listening.taker());
    QVERIFY(**listening.wait() == progress);
    Answer<std::vector<CallTexts>> texts;
    store->loadTexts({outcome.unchanged ? load(*store, call.key)->callRow : 0}, &texts.context, texts.taker());
    QVERIFY(texts.wait()->front().summary == call.summary);
}

void TestStore::notFoundAndUnlistedAreTold() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, {wholeCall(0), wholeCall(3)});
    QSignalSpy stored(store.get(), &Store::callsStored);
    Answer<void> marked;
    store->markNotFound(wholeCall(0).key, &marked.context, marked.taker());
    QVERIFY(marked.wait());
    QCOMPARE(stored.size(), 1);
    m_clock->forward(1h);
    const Moment began = m_clock->now();
    storeCalls(*store, {wholeCall(0)});
    Answer<qint64> unlisted;
    store->markUnlisted({u"main"_s, u"camp-0"_s}, began, &unlisted.context, unlisted.taker());
    QCOMPARE(*unlisted.wait(), 1);
    QVERIFY(load(*store, wholeCall(3).key)->unlistedSince);
    QVERIFY(!load(*store, wholeCall(0).key)->notFoundSince);
    Answer<std::vector<CallKey>> again;
    store->loadCallsToReread(u"main"_s, Provider::Yotel, CallsToReread::All, &again.context, again.taker());
    QVERIFY(again.wait()->empty());
}

void TestStore::renamedCampaignIsTold() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, someCalls(0, 6));
    QSignalSpy stored(store.get(), &Store::callsStored);
    Answer<void> saved;
    store->saveCampaigns(u"main"_s, {{u"main"_s, u"camp-1"_s, u"Q4 outreach"_s, std::nullopt, "{}"}}, &saved.context,
                         saved.taker());
    QVERIFY(saved.wait());
    QCOMPARE(stored.size(), 1);
    const auto rows = stored.front().front().value<std::shared_ptr<const std::vector<IndexRow>>>();
    QCOMPARE(rows->size(), size_t(2));
    QVERIFY(rows->front().call.call.campaignName == u"Q4 outreach"_s);
    Answer<std::vector<Campaign>> campaigns;
    store->loadCampaigns(u"main"_s, &campaigns.context, campaigns.taker());
    QCOMPARE(campaigns.wait()->size(), size_t(1));
}

void TestStore::indexComesInChunks() {
    auto store = openStore();
    QVERIFY(store);
    constexpr int kCalls = 9'000;
    storeCalls(*store, someCalls(0, kCalls));
    qint64 last = 0;
    int rows = 0;
    int chunks = 0;
    bool over = false;
    Answer<void> index;
    store->loadIndex(
        &index.context,
        [&](const std::vector<IndexRow>& chunk) {
            QVERIFY(!over && !chunk.empty());
            ++chunks;
            for (const IndexRow& row : chunk) {
                QVERIFY(row.call.callRow > last);
                last = row.call.callRow;
                ++rows;
            }
        },
        [&, done = index.taker()](Result<void> result) {
            over = true;
            done(std::move(result));
        });
    QVERIFY(index.wait());
    QCOMPARE(rows, kCalls);
    QVERIFY(chunks >= 3);
    QTest::qWait(20);
    QCOMPARE(index.times(), 1);
}

void TestStore::indexChunksNeverBringOlderRows() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, someCalls(0, 9'000));
    // Both ways of hearing about a row feed one picture, as the table does it. All rows change while the index loads:
    // whatever the order of arrival, the picture must end with the new state.
    QHash<qint64, QString> picture;
    connect(store.get(), &Store::callsStored, this, [&](const std::shared_ptr<const std::vector<IndexRow>>& rows) {
        for (const IndexRow& row : *rows) {
            picture.insert(row.call.callRow, *row.call.call.disposition);
        }
    });
    Answer<void> index;
    store->loadIndex(
        &index.context,
        [&](const std::vector<IndexRow>& chunk) {
            for (const IndexRow& row : chunk) {
                picture.insert(row.call.callRow, *row.call.call.disposition);
            }
        },
        index.taker());
    int pages = 0;
    for (int from = 8'500; from >= 0; from -= 500) {
        auto calls = someCalls(from, 500);
        for (Call& call : calls) {
            call.disposition = u"NEW"_s;
        }
        store->storePage({u"main"_s, std::move(calls), std::nullopt}, this, [&](const auto& outcome) {
            QCOMPARE(outcome->changed, 500);
            ++pages;
        });
    }
    QVERIFY(index.wait());
    QTRY_COMPARE_WITH_TIMEOUT(pages, 18, 60'000);
    QCOMPARE(picture.size(), 9'000);
    for (const QString& disposition : picture) {
        QCOMPARE(disposition, u"NEW"_s);
    }
}

void TestStore::indexStopsWhenItsContextDies() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, someCalls(0, 9'000));
    auto context = std::make_unique<QObject>();
    int chunks = 0;
    bool done = false;
    store->loadIndex(
        context.get(),
        [&](const auto&) {
            ++chunks;
            context.reset();
        },
        [&](const auto&) { done = true; });
    QTRY_COMPARE(chunks, 1);
    QTest::qWait(100);
    QCOMPARE(chunks, 1);
    QVERIFY(!done);
}

void TestStore::removedAccountIsToldAndStaysAway() {
    auto store = openStore();
    QVERIFY(store);
    Account account;
    account.name = u"main"_s;
    account.baseUrl = QUrl(u"https://api.yotel.test"_s);
    Answer<void> saved;
    store->saveAccount(account, &saved.context, saved.taker());
    QVERIFY(saved.wait());
    storeCalls(*store, someCalls(0, 9'000));
    commit(*store, {wholeCall(1).key, ReviewField::Notes, std::nullopt, u"outlives"_s, u"desk"_s});
    QSignalSpy removed(store.get(), &Store::callsRemoved);
    int rowsAfterwards = 0;
    Answer<void> index;
    store->loadIndex(
        &index.context,
        [&](const std::vector<IndexRow>& chunk) {
            rowsAfterwards += removed.isEmpty() ? 0 : static_cast<int>(chunk.size());
        },
        index.taker());
    Answer<void> gone;
    store->removeAccount(u"main"_s, &gone.context, gone.taker());
    QVERIFY(gone.wait());
    QCOMPARE(removed.size(), 1);
    QVERIFY(index.wait());
    QCOMPARE(rowsAfterwards, 0);
    Answer<std::vector<Account>> accounts;
    store->loadAccounts(&accounts.context, accounts.taker());
    QVERIFY(accounts.wait()->empty());
    QVERIFY(!load(*store, wholeCall(1).key));
    QVERIFY(store->review(wholeCall(1).key).notes);
}

void TestStore::textsAreScannedAndCancelled() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, someCalls(0, 1'000));
    Answer<std::vector<qint64>> found;
    store->scanTexts([](const CallTexts& texts) { return texts.summary->contains(u"plan 77 "_s); }, {}, &found.context,
                     found.taker());
    QCOMPARE(found.wait()->size(), size_t(1));
    QCOMPARE(found.wait()->front(), load(*store, wholeCall(77).key)->callRow);
    std::stop_source stop;
    Answer<std::vector<qint64>> cancelled;
    std::atomic<int> asked = 0;
    store->scanTexts(
        [&](const CallTexts&) {
            if (++asked == 10) {
                stop.request_stop();
            }
            return true;
        },
        stop.get_token(), &cancelled.context, cancelled.taker());
    QVERIFY(!cancelled.wait());
    QCOMPARE(cancelled.wait().error().kind, ErrorKind::Cancelled);
    QCOMPARE(asked.load(), 10);
    Answer<std::vector<qint64>> before;
    store->scanTexts(
        [&](const CallTexts&) {
            ++asked;
            return true;
        },
        stop.get_token(), &before.context, before.taker());
    QCOMPARE(before.wait().error().kind, ErrorKind::Cancelled);
    QCOMPARE(asked.load(), 10);
}

void TestStore::recordIsAnsweredDuringAScan() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, someCalls(0, 400));
    Answer<std::vector<qint64>> scan;
    std::stop_source stop;
    store->scanTexts(
        [](const CallTexts&) {
            QThread::msleep(1);  // a scan of at least 400 ms
            return true;
        },
        stop.get_token(), &scan.context, scan.taker());
    QVERIFY(load(*store, wholeCall(5).key));
    QCOMPARE(scan.times(), 0);
    QCOMPARE(scan.wait()->size(), size_t(400));
}

void TestStore::dispositionCodesCountWhatCounts() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, {wholeCall(1), wholeCall(3), wholeCall(2), wholeCall(4), wholeCall(6)});  // 2 CALLBACK, 3 SALE
    commit(*store, {wholeCall(2).key, ReviewField::Disposition, u"SALE"_s, u"CALLBACK"_s, u"desk"_s});
    commit(*store, {wholeCall(4).key, ReviewField::Disposition, u"SALE"_s, u"REFUSED"_s, u"desk"_s});
    Answer<std::vector<DispositionCount>> codes;
    store->loadDispositionCodes(&codes.context, codes.taker());
    QVERIFY(codes.wait());
    QCOMPARE(codes.wait()->size(), size_t(3));
    QVERIFY(codes.wait()->at(0).code == u"CALLBACK"_s && codes.wait()->at(0).calls == 3);
    QVERIFY(codes.wait()->at(1).code == u"REFUSED"_s && codes.wait()->at(1).calls == 1);
    QVERIFY(codes.wait()->at(2).code == u"SALE"_s && codes.wait()->at(2).calls == 1);
}

void TestStore::queuedEditsAreFinishedAtTheEnd() {
    auto store = openStore();
    QVERIFY(store);
    QObject context;
    for (int i = 0; i < 300; ++i) {
        store->commitEdit(
            {{u"main"_s, QString::number(i)}, ReviewField::Notes, std::nullopt, u"last words"_s, u"desk"_s}, &context,
            [](const auto&) {});
    }
    store.reset();  // at once
    store = openStore();
    for (int i = 0; i < 300; ++i) {
        QVERIFY(store->review({u"main"_s, QString::number(i)}).notes);
    }
}

void TestStore::readOnlyProfile() {
    auto window = openStore();
    QVERIFY(window);
    storeCalls(*window, someCalls(0, 3));
    commit(*window, {wholeCall(1).key, ReviewField::Notes, std::nullopt, u"seen by both"_s, u"desk"_s});
    auto reader = openStore({}, true);
    QVERIFY(reader);
    QVERIFY(reader->isReadOnly());
    QVERIFY(load(*reader, wholeCall(1).key)->review.notes->value == u"seen by both"_s);
    Answer<Review> refused;
    reader->commitEdit({wholeCall(1).key, ReviewField::Notes, std::nullopt, u"no"_s, u"desk"_s}, &refused.context,
                       refused.taker());
    QCOMPARE(refused.wait().error().kind, ErrorKind::ReadOnly);
    Answer<PageOutcome> page;
    reader->storePage({u"main"_s, someCalls(0, 1), std::nullopt}, &page.context, page.taker());
    QCOMPARE(page.wait().error().kind, ErrorKind::ReadOnly);
    reader.reset();
    QVERIFY(commit(*window, {wholeCall(2).key, ReviewField::Notes, std::nullopt, u"goes on"_s, u"desk"_s}).notes);
}

void TestStore::readOnlyProfileThatIsNotThere() {
    auto reader = openStore({}, true);
    QVERIFY(reader);
    QVERIFY(!QFileInfo::exists(m_folder->filePath(u"profile"_s)));  // looking makes nothing
    QVERIFY(!load(*reader, wholeCall(1).key));
    Answer<std::vector<Account>> accounts;
    reader->loadAccounts(&accounts.context, accounts.taker());
    QVERIFY(accounts.wait() && accounts.wait()->empty());
    Answer<Review> refused;
    reader->commitEdit({wholeCall(1).key, ReviewField::Notes, std::nullopt, u"no"_s, u"desk"_s}, &refused.context,
                       refused.taker());
    QCOMPARE(refused.wait().error().kind, ErrorKind::ReadOnly);
}

void TestStore::check() {
    auto store = openStore();
    QVERIFY(store);
    storeCalls(*store, someCalls(0, 3));
    commit(*store, {wholeCall(1).key, ReviewField::Notes, std::nullopt, u"x"_s, u"desk"_s});
    Answer<QStringList> sound;
    store->check(&sound.context, sound.taker());
    QVERIFY(sound.wait());
    QCOMPARE(*sound.wait(), QStringList());
}

void TestStore::damageWhileInUseIsHealed() {
    std::atomic<int> corrupt = 0;
    auto store = openStore([&](const char* sql) {
        return corrupt > 0 && std::strstr(sql, "INTO edits") && corrupt-- > 0 ? 11 /* SQLITE_CORRUPT */ : 0;
    });
    QVERIFY(store);
    for (int i = 0; i < 20; ++i) {
        commit(*store, {{u"main"_s, QString::number(i)}, ReviewField::Notes, std::nullopt, u"before"_s, u"desk"_s});
    }
    QSignalSpy told(store.get(), &Store::noticesChanged);
    corrupt = 1;
    const Review review =
        commit(*store, {{u"main"_s, u"1"_s}, ReviewField::Notes, std::nullopt, u"after"_s, u"desk"_s});
    QVERIFY(review.notes && review.notes->value == u"after"_s);  // saved, after all
    QCOMPARE(told.size(), 1);
    QCOMPARE(store->notices().size(), 1);
    store.reset();
    QDir folder(m_folder->filePath(u"profile"_s));
    QCOMPARE(folder.entryList({u"reviews.db.damaged-*"_s}).filter(QRegularExpression(u"Z(-[0-9]+)?$"_s)).size(), 1);
    QCOMPARE(folder.entryList({u"reviews.db.rescue*"_s, u"*.successor*"_s, u"*.doubtful"_s}), QStringList());
    store = openStore();
    for (int i = 0; i < 20; ++i) {
        const CallKey key{u"main"_s, QString::number(i)};
        QVERIFY(store->review(key).notes->value == (i == 1 ? u"after"_s : u"before"_s));
    }
    QVERIFY(store->notices().isEmpty());
}

void TestStore::fullDiskIsSaidAndPasses() {
    std::atomic<bool> full = false;
    auto store = openStore([&](const char* sql) { return full && std::strstr(sql, "COMMIT") ? 13 : 0; });
    QVERIFY(store);
    full = true;
    const EditToCommit edit{{u"main"_s, u"1"_s}, ReviewField::Notes, std::nullopt, u"text"_s, u"desk"_s};
    Answer<Review> refused;
    store->commitEdit(edit, &refused.context, refused.taker());
    QCOMPARE(refused.wait().error().kind, ErrorKind::DiskFull);
    QCOMPARE(refused.wait().error().code, u"sqlite_13"_s);
    QVERIFY(store->review(edit.key) == Review());
    Answer<PageOutcome> page;
    store->storePage({u"main"_s, someCalls(0, 3), std::nullopt}, &page.context, page.taker());
    QCOMPARE(page.wait().error().kind, ErrorKind::DiskFull);
    full = false;
    QVERIFY(commit(*store, edit).notes);
    QCOMPARE(storeCalls(*store, someCalls(0, 3)).added, 3);
}

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
