// reviews.db: undo and redo of what was done, as rows that outlive the program; and the provider's values that are
// merged with it.
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "models/store/reviewsdatabase.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::kNow;

namespace {

const CallKey kKey{u"main"_s, u"call-1"_s};

EditToCommit edit(ReviewField field, const std::optional<QString>& value, const QString& step = {},
                  const CallKey& key = kKey) {
    return {key, field, u"PROVIDER"_s, value, u"desk"_s, step};
}

}  // namespace

class TestSteps : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void undoAndRedoOneByOne();
    void aNewEditEndsRedo();
    void acrossRestarts();
    void bulkIsOneStepInPortions();
    void aCutUndoGoesOn();
    void undoOfRestoreAndMarks();
    void laterStepsAreUndoneFirst();
    void undoOfWhatWasSentIsANewEdit();
    void undoBeforeSendingSendsNothing();
    void undoGoesThroughMerges();
    void providerMerges();
    void conflictsWithTheProvider();
    void anUnclearEndComesBeforeAConflict();

 private:
    void open() {
        m_database.reset();
        auto database = ReviewsDatabase::open(m_folder->filePath(u"reviews.db"_s), ReviewsDatabase::Access::ReadWrite);
        QVERIFY(database);
        m_database = std::move(*database);
    }
    [[nodiscard]] RevertedPortion revert(Revert which, int most = 500) {
        auto portion = m_database->revert(which, most, m_now += 1s);
        if (!portion) {
            qWarning("%s %s", qPrintable(portion.error().message), qPrintable(portion.error().detail));
        }
        return portion ? *portion : RevertedPortion{{}, -1, -1};
    }
    [[nodiscard]] std::optional<QString> notes() {
        const auto review = m_database->review(kKey);
        return review && review->notes ? review->notes->value : std::optional(u"(provider)"_s);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ReviewsDatabase> m_database;
    Moment m_now{};
};

void TestSteps::init() {
    m_database.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_now = kNow;
    open();
}

void TestSteps::undoAndRedoOneByOne() {
    QVERIFY(!m_database->undoState()->undo);
    const auto none = m_database->revert(Revert::Undo, 10, m_now);
    QVERIFY(!none && none.error().kind == ErrorKind::NotFoundHere);
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"one"_s), m_now));
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"two"_s), m_now));
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"three"_s), m_now));
    for (const QString& expected : {u"two"_s, u"one"_s, u"(provider)"_s}) {
        QCOMPARE(revert(Revert::Undo).skipped, qint64(0));
        QCOMPARE(*notes(), expected);
    }
    QVERIFY(!m_database->undoState()->undo);
    for (const QString& expected : {u"one"_s, u"two"_s, u"three"_s}) {
        QCOMPARE(revert(Revert::Redo).skipped, qint64(0));
        QCOMPARE(*notes(), expected);
    }
    QVERIFY(!m_database->undoState()->redo);
    QCOMPARE(revert(Revert::Undo).skipped, qint64(0));
    QCOMPARE(*notes(), u"two"_s);
    QVERIFY(m_database->check()->isEmpty());
}

void TestSteps::aNewEditEndsRedo() {
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"one"_s), m_now));
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QVERIFY(m_database->undoState()->redo);
    QVERIFY(m_database->commitEdit(edit(ReviewField::Disposition, u"D"_s), m_now));
    QVERIFY(!m_database->undoState()->redo);
    QCOMPARE(m_database->undoState()->undo->field, ReviewField::Disposition);
}

void TestSteps::acrossRestarts() {
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"one"_s), m_now));
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"two"_s), m_now));
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    open();
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QCOMPARE(*notes(), u"(provider)"_s);
    open();
    QCOMPARE(revert(Revert::Redo).left, qint64(0));
    QCOMPARE(revert(Revert::Redo).left, qint64(0));
    QCOMPARE(*notes(), u"two"_s);
}

void TestSteps::bulkIsOneStepInPortions() {
    for (int portion = 0; portion < 4; ++portion) {
        std::vector<EditToCommit> edits;
        for (int i = 0; i < 25; ++i) {
            edits.push_back(edit(ReviewField::Disposition, u"BULK"_s, u"bulk-1"_s,
                                 {u"main"_s, u"call-%1"_s.arg(portion * 25 + i)}));
        }
        QVERIFY(m_database->commitEdits(edits, m_now));
        // Somebody goes on working between the portions.
        QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"note %1"_s.arg(portion)), m_now));
    }
    for (int i = 0; i < 4; ++i) {
        QCOMPARE(revert(Revert::Undo).left, qint64(0));
    }
    QCOMPARE(*notes(), u"(provider)"_s);
    const auto undo = m_database->undoState()->undo;
    QCOMPARE(undo->edits, qint64(100));
    QCOMPARE(undo->calls.size(), size_t(3));
    qint64 left = 100;
    int portions = 0;
    while (left > 0) {
        const RevertedPortion portion = revert(Revert::Undo, 30);
        QCOMPARE(portion.skipped, qint64(0));
        left = portion.left;
        ++portions;
    }
    QCOMPARE(portions, 4);
    QVERIFY(!m_database->undoState()->undo);
    const auto reviews = m_database->allReviews();
    for (const Review& review : *reviews) {
        QVERIFY(!review.disposition);
    }
    QCOMPARE(revert(Revert::Redo, 1000).changed.size(), size_t(100));
}

void TestSteps::aCutUndoGoesOn() {
    std::vector<EditToCommit> edits;
    for (int i = 0; i < 10; ++i) {
        edits.push_back(edit(ReviewField::Flag, u"x"_s, u"bulk"_s, {u"main"_s, u"call-%1"_s.arg(i)}));
        edits.back().base = std::nullopt;
    }
    QVERIFY(m_database->commitEdits(edits, m_now));
    QCOMPARE(revert(Revert::Undo, 4).left, qint64(6));
    open();
    QCOMPARE(m_database->undoState()->undo->edits, qint64(6));
    QCOMPARE(revert(Revert::Undo, 100).left, qint64(0));
    QVERIFY(!m_database->undoState()->undo);
    QCOMPARE(m_database->undoState()->redo->edits, qint64(10));
    QCOMPARE(revert(Revert::Redo, 100).changed.size(), size_t(10));
    QCOMPARE(*m_database->review({u"main"_s, u"call-9"_s})->flag, u"x"_s);
}

void TestSteps::undoOfRestoreAndMarks() {
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"one"_s), m_now));
    QVERIFY(m_database->restoreField(kKey, ReviewField::Notes, u"restore"_s, m_now));
    QCOMPARE(*notes(), u"(provider)"_s);
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QCOMPARE(*notes(), u"one"_s);
    const Moment heard = m_now;
    QVERIFY(
        m_database->commitEdit({kKey, ReviewField::Reviewed, {}, reviewedMarkText({heard, 12.5}), u"desk"_s}, m_now));
    QVERIFY(m_database->commitEdit({kKey, ReviewField::Reviewed, {}, std::nullopt, u"desk"_s}, m_now += 1h));
    QVERIFY(!m_database->review(kKey)->reviewedAt);
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QCOMPARE(*m_database->review(kKey)->reviewedAt, heard);  // when it was heard, not when the undo was
    QCOMPARE(*m_database->review(kKey)->heardSeconds, 12.5);
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QVERIFY(!m_database->review(kKey)->reviewedAt);
}

void TestSteps::laterStepsAreUndoneFirst() {
    QVERIFY(m_database->commitEdits({edit(ReviewField::Notes, u"bulk"_s, u"b"_s),
                                     edit(ReviewField::Notes, u"bulk"_s, u"b"_s, {u"main"_s, u"call-2"_s})},
                                    m_now));

    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"other"_s), m_now));
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"again"_s), m_now));
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    const RevertedPortion portion = revert(Revert::Undo);
    QCOMPARE(portion.skipped, qint64(0));
    QCOMPARE(portion.changed.size(), size_t(2));
}

void TestSteps::undoOfWhatWasSentIsANewEdit() {
    Account account;
    account.name = u"main"_s;
    account.baseUrl = defaultBaseUrl(Provider::Yotel);
    account.target.kind = TargetKind::Webhook;
    account.target.url = QUrl(u"https://hooks.example.com/"_s);
    QVERIFY(m_database->saveAccount(account));
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"one"_s), m_now));
    const auto due = m_database->dueDeliveries(account, std::nullopt, 10);
    QVERIFY(
        *m_database->takeForSending(due->front(), u"me"_s, m_now + 1min, "{}", destinationText(account.target), m_now));
    Settlement sent;
    sent.state = EditState::Sent;
    QVERIFY(m_database->settle(due->front().id, u"me"_s, sent, m_now));
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QCOMPARE(*notes(), u"(provider)"_s);
    const auto next = m_database->dueDeliveries(account, std::nullopt, 10);
    QCOMPARE(next->size(), size_t(1));
    QCOMPARE(next->front().changes, (std::vector<FieldChange>{{ReviewField::Notes, u"one"_s, u"PROVIDER"_s}}));
    QCOMPARE(next->front().revision, 2);
}

void TestSteps::undoBeforeSendingSendsNothing() {
    Account account;
    account.name = u"main"_s;
    account.baseUrl = defaultBaseUrl(Provider::Yotel);
    account.target.kind = TargetKind::Webhook;
    account.target.url = QUrl(u"https://hooks.example.com/"_s);
    QVERIFY(m_database->saveAccount(account));
    QVERIFY(m_database->commitEdit(edit(ReviewField::Notes, u"one"_s), m_now));
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QVERIFY(m_database->dueDeliveries(account, std::nullopt, 10)->empty());
    QCOMPARE((*m_database->history(kKey))[0].fate, u"withdrawn"_s);
}

void TestSteps::undoGoesThroughMerges() {
    const auto review = m_database->commitEdit(edit(ReviewField::Notes, u"mine"_s), m_now);
    const auto merged = m_database->noteProviderMerge({kKey, ReviewField::Notes, review->notes->sequence,
                                                       ProviderMerge::Outcome::Merged, u"theirs"_s, u"theirs\nmine"_s},
                                                      m_now);
    QVERIFY(merged && *merged);
    QCOMPARE(*notes(), u"theirs\nmine"_s);
    const RevertedPortion portion = revert(Revert::Undo);
    QCOMPARE(portion.skipped, qint64(0));
    QCOMPARE(*notes(), u"(provider)"_s);
}

void TestSteps::providerMerges() {
    const auto review = m_database->commitEdit(edit(ReviewField::Notes, u"mine"_s), m_now);
    const qint64 sequence = review->notes->sequence;
    const auto late = m_database->noteProviderMerge(
        {kKey, ReviewField::Notes, sequence + 7, ProviderMerge::Outcome::Merged, u"t"_s, u"m"_s}, m_now);
    QVERIFY(late && !*late);  // another edit counts
    const auto merged = m_database->noteProviderMerge(
        {kKey, ReviewField::Notes, sequence, ProviderMerge::Outcome::Merged, u"theirs"_s, u"mine"_s}, m_now);
    QVERIFY(merged && *merged);
    QCOMPARE(*(*merged)->notes->base, u"theirs"_s);  // the same text on another base is an edit too
    QCOMPARE((*m_database->history(kKey)).back().origin, u"merge"_s);
    QVERIFY(m_database->check()->isEmpty());
}

void TestSteps::conflictsWithTheProvider() {
    const auto review = m_database->commitEdit(edit(ReviewField::Disposition, u"MINE"_s), m_now);
    const qint64 sequence = review->disposition->sequence;
    const auto tell = [&](ProviderMerge::Outcome outcome, const std::optional<QString>& theirs) {
        return m_database->noteProviderMerge({kKey, ReviewField::Disposition, sequence, outcome, theirs, {}}, m_now);
    };
    QCOMPARE((**tell(ProviderMerge::Outcome::Conflict, u"AI"_s)).disposition->state, EditState::Conflict);
    QVERIFY(tell(ProviderMerge::Outcome::Conflict, u"AI"_s));
    QCOMPARE(m_database->conflicts(kKey)->size(), size_t(1));  // told twice, noted once
    QVERIFY(tell(ProviderMerge::Outcome::Conflict, u"AI 2"_s));
    QCOMPARE(m_database->conflicts(kKey)->size(), size_t(2));
    QCOMPARE(m_database->openConflicts()->size(), size_t(1));
    QCOMPARE(*m_database->openConflicts()->front().theirs, u"AI 2"_s);
    QCOMPARE(*m_database->openConflicts()->front().base, u"PROVIDER"_s);
    QCOMPARE((**tell(ProviderMerge::Outcome::Agreed, u"PROVIDER"_s)).disposition->state, EditState::Kept);
    QVERIFY(m_database->openConflicts()->empty());
    QVERIFY(tell(ProviderMerge::Outcome::Conflict, u"AI 3"_s));
    QCOMPARE(m_database->openConflicts()->size(), size_t(1));

    EditToCommit theirs;
    theirs.key = kKey;
    theirs.field = ReviewField::Disposition;
    theirs.base = u"AI 3"_s;
    theirs.origin = u"conflict"_s;
    theirs.kind = EditToCommit::Kind::Restore;
    QVERIFY(!m_database->commitEdit(theirs, m_now)->disposition);
    QCOMPARE(*m_database->history(kKey)->back().to, u"AI 3"_s);
    QVERIFY(m_database->openConflicts()->empty());
    QCOMPARE(m_database->conflicts(kKey)->size(), size_t(3));
    QCOMPARE(revert(Revert::Undo).left, qint64(0));
    QCOMPARE(*m_database->review(kKey)->disposition->value, u"MINE"_s);
}

void TestSteps::anUnclearEndComesBeforeAConflict() {
    Account account;
    account.name = u"main"_s;
    account.baseUrl = defaultBaseUrl(Provider::Yotel);
    account.target.kind = TargetKind::Webhook;
    account.target.url = QUrl(u"https://hooks.example.com/"_s);
    QVERIFY(m_database->saveAccount(account));
    const auto review = m_database->commitEdit(edit(ReviewField::Disposition, u"MINE"_s), m_now);
    const ProviderMerge merge{
        kKey, ReviewField::Disposition, review->disposition->sequence, ProviderMerge::Outcome::Conflict, u"AI"_s, {}};
    const auto send = [&](EditState end, bool mayHaveArrived) {
        const auto due = m_database->dueDeliveries(account, std::nullopt, 10);
        QVERIFY(due && !due->empty());
        QVERIFY(*m_database->takeForSending(due->front(), u"me"_s, m_now + 1min, "{}", destinationText(account.target),
                                            m_now));
        Settlement settlement;
        settlement.state = end;
        settlement.mayHaveArrived = mayHaveArrived;
        QVERIFY(m_database->settle(due->front().id, u"me"_s, settlement, m_now));
    };
    send(EditState::Waiting, true);
    const auto early = m_database->noteProviderMerge(merge, m_now);
    QVERIFY(early && !*early);
    QCOMPARE(m_database->review(kKey)->disposition->state, EditState::Waiting);
    send(EditState::Sent, false);
    const auto later = m_database->noteProviderMerge(merge, m_now);
    QVERIFY(later && *later);
    QCOMPARE((*later)->disposition->state, EditState::Conflict);
}

QTEST_GUILESS_MAIN(TestSteps)
#include "tst_steps.moc"
