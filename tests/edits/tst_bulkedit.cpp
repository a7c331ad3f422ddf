// One change to many calls: the preview counts what the run then does; portions, one step, cancel, failure, drafts.
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <cstring>

#include "models/edits/bulkedit.h"
#include "models/tables/bulkcalls.h"
#include "tests/edits/editrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using Kind = BulkChange::Kind;

namespace {

BulkOutcome run(BulkEdit& bulk, std::vector<CallKey> calls, const BulkChange& change, const QString& step = {}) {
    std::optional<BulkOutcome> outcome;
    QObject guard;
    QObject::connect(&bulk, &BulkEdit::finished, &guard, [&](const BulkOutcome& told) { outcome = told; });
    bulk.run(std::move(calls), change, step);
    if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 120'000)) {
        qFatal("the bulk edit did not end");
    }
    return *outcome;
}

std::shared_ptr<const Clock> clockNow() {
    return std::make_shared<SystemClock>();
}

/// As the table has them in memory.
CallIndexPtr indexOf(const EditRig& rig, int count) {
    std::vector<IndexRow> rows;
    for (int i = 0; i < count; ++i) {
        IndexRow row;
        row.call.call = sample::wholeCall(i);
        row.call.callRow = i + 1;
        row.call.review = rig.review(i);
        row.hasProviderNotes = true;
        rows.push_back(std::move(row));
    }
    return CallIndex::empty()->with(rows);
}

RowOrder firstRows(int count) {
    RowOrder rows;
    for (int i = 0; i < count; ++i) {
        rows.push_back(RowNumber(i));
    }
    return rows;
}

}  // namespace

class TestBulkEdit : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void previewIsWhatHappens_data();
    void previewIsWhatHappens();
    void previewNamesWhatIsThere();
    void appendsOnANewLineOfWhatCounts();
    void draftsStay();
    void cancelKeepsWhatIsDone();
    void failureGoesOnAsTheSameStep();
    void missingCallsAreTold();
    void incompleteChanges();
    void manyCallsInPortions();
};

void TestBulkEdit::previewIsWhatHappens_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("changes");
    QTest::addColumn<int>("replaces");
    // 100 calls: half SALE and half CALLBACK at the provider; 10 edited to LOST, 5 cleared, 20 reviewed, 8 flagged "a".
    QTest::newRow("set") << int(Kind::SetDisposition) << u"LOST"_s << 90 << 5;
    QTest::newRow("set what most say") << int(Kind::SetDisposition) << u"SALE"_s << 58 << 15;
    QTest::newRow("clear") << int(Kind::ClearDisposition) << QString() << 95 << 10;
    QTest::newRow("reviewed") << int(Kind::MarkReviewed) << QString() << 80 << 0;
    QTest::newRow("not reviewed") << int(Kind::MarkNotReviewed) << QString() << 20 << 20;
    QTest::newRow("flag") << int(Kind::SetFlag) << u"b"_s << 100 << 8;
    QTest::newRow("flag again") << int(Kind::SetFlag) << u"a"_s << 92 << 0;
    QTest::newRow("no flag") << int(Kind::ClearFlag) << QString() << 8 << 8;
    QTest::newRow("notes") << int(Kind::AppendNotes) << u"seen"_s << 100 << 0;
}

void TestBulkEdit::previewIsWhatHappens() {
    QFETCH(const int, kind);
    QFETCH(const QString, text);
    QFETCH(const int, changes);
    QFETCH(const int, replaces);
    EditRig rig;
    QVERIFY(rig.putCalls(100));
    for (int i = 0; i < 20; ++i) {
        QVERIFY(i >= 10 || rig.set(i, ReviewField::Disposition, u"LOST"_s));
        QVERIFY(i < 10 || i >= 15 || rig.set(i, ReviewField::Disposition, std::nullopt));
        QVERIFY(rig.set(i, ReviewField::Reviewed, u"2026-04-18T14:37:02.419Z"_s));
        QVERIFY(i >= 8 || rig.set(i, ReviewField::Flag, u"a"_s));
    }
    const BulkChange change{Kind(kind), text};
    const auto calls = bulkCallsOf(*indexOf(rig, 100), firstRows(100));
    const BulkPreview preview = previewOf(calls, change);
    QCOMPARE(preview.calls, qint64(100));
    QCOMPARE(preview.changes, qint64(changes));
    QCOMPARE(preview.same, qint64(100 - changes));
    QCOMPARE(preview.replaces, qint64(replaces));

    BulkEdit bulk(rig.store.get(), clockNow());
    const BulkOutcome done = run(bulk, EditRig::keys(100), change);
    QVERIFY(!done.error);
    QCOMPARE(done.changed, preview.changes);
    QCOMPARE(done.same, preview.same);
    QCOMPARE(done.left, qint64(0));
    QCOMPARE(previewOf(bulkCallsOf(*indexOf(rig, 100), firstRows(100)), change).changes, qint64(0));
    QCOMPARE(run(bulk, EditRig::keys(100), change).changed, qint64(0));  // a second run finds nothing to do
}

void TestBulkEdit::previewNamesWhatIsThere() {
    EditRig rig;
    QVERIFY(rig.putCalls(10));
    QVERIFY(rig.set(0, ReviewField::Disposition, std::nullopt));
    const BulkPreview preview =
        previewOf(bulkCallsOf(*indexOf(rig, 10), firstRows(10)), {Kind::SetDisposition, u"LOST"_s});
    QCOMPARE(preview.present.size(), std::size_t(3));
    QCOMPARE(preview.present[0].value, u"CALLBACK"_s);
    QCOMPARE(preview.present[0].calls, qint64(5));
    QCOMPARE(preview.present[1].value, u"SALE"_s);
    QCOMPARE(preview.present[1].calls, qint64(4));
    QCOMPARE(preview.present[2].value, QString());
    QCOMPARE(preview.present[2].calls, qint64(1));
}

void TestBulkEdit::appendsOnANewLineOfWhatCounts() {
    EditRig rig;
    QVERIFY(rig.putCalls(3));
    QVERIFY(rig.set(1, ReviewField::Notes, u"mine"_s));
    QVERIFY(rig.set(2, ReviewField::Notes, std::nullopt));
    BulkEdit bulk(rig.store.get(), clockNow());
    QCOMPARE(run(bulk, EditRig::keys(3), {Kind::AppendNotes, u"two\nlines"_s}).changed, qint64(3));
    QCOMPARE(rig.notes(0), u"Provider's note 0\ntwo\nlines"_s);
    QCOMPARE(rig.review(0).notes->base, u"Provider's note 0"_s);
    QCOMPARE(rig.notes(1), u"mine\ntwo\nlines"_s);
    QCOMPARE(rig.notes(2), u"two\nlines"_s);
    QCOMPARE(rig.history(0).back().origin, u"bulk"_s);
}

void TestBulkEdit::draftsStay() {
    EditRig rig;
    QVERIFY(rig.putCalls(1));
    Draft draft;
    draft.key = EditRig::keyOf(0);
    draft.field = ReviewField::Disposition;
    draft.text = u"half typ"_s;
    QVERIFY(EditRig::waitFor<void>([&](auto done) { rig.store->saveDraft(draft, rig.store.get(), done); }));
    BulkEdit bulk(rig.store.get(), clockNow());
    QCOMPARE(run(bulk, EditRig::keys(1), {Kind::SetDisposition, u"LOST"_s}).changed, qint64(1));
    const auto drafts =
        EditRig::waitFor<std::vector<Draft>>([&](auto done) { rig.store->loadDrafts(rig.store.get(), done); });
    QVERIFY(drafts && drafts->size() == 1 && drafts->front().text == u"half typ"_s);
}

void TestBulkEdit::cancelKeepsWhatIsDone() {
    constexpr int kCalls = 4 * BulkEdit::kPortion;
    EditRig rig;
    QVERIFY(rig.putCalls(kCalls));
    BulkEdit bulk(rig.store.get(), clockNow());
    connect(&bulk, &BulkEdit::progressed, &bulk, [&](qint64 done) {
        if (done >= BulkEdit::kPortion) {
            bulk.cancel();
        }
    });
    const BulkOutcome cut = run(bulk, EditRig::keys(kCalls), {Kind::SetFlag, u"x"_s});
    QVERIFY(cut.left > 0 && cut.changed >= BulkEdit::kPortion);
    QCOMPARE(cut.changed + cut.left, qint64(kCalls));
    QVERIFY(bulkOutcomeText(cut).contains(u"were not reached"_s));
    QVERIFY(rig.review(0).flag && !rig.review(kCalls - 1).flag);
    const auto state = EditRig::waitFor<UndoState>([&](auto done) { rig.store->loadUndoState(rig.store.get(), done); });
    QVERIFY(state && state->undo);
    QCOMPARE(state->undo->edits, cut.changed);
    QCOMPARE(state->undo->step, cut.step);
}

void TestBulkEdit::failureGoesOnAsTheSameStep() {
    constexpr int kCalls = 3 * BulkEdit::kPortion;
    std::atomic<bool> broken = false;
    EditRig rig([&](const char* sql) { return broken && std::strstr(sql, "COMMIT") ? 13 /* SQLITE_FULL */ : 0; });
    QVERIFY(rig.putCalls(kCalls));
    BulkEdit bulk(rig.store.get(), clockNow());
    const auto breaks = connect(&bulk, &BulkEdit::progressed, &bulk,
                                [&](qint64 done) { broken = broken || done >= BulkEdit::kPortion; });
    const BulkChange change{Kind::SetDisposition, u"LOST"_s};
    const BulkOutcome failed = run(bulk, EditRig::keys(kCalls), change);
    QVERIFY(failed.error.has_value());
    QCOMPARE(failed.changed, qint64(BulkEdit::kPortion));
    QCOMPARE(failed.left, qint64(kCalls - BulkEdit::kPortion));
    QVERIFY(!rig.review(kCalls - 1).disposition);
    disconnect(breaks);
    broken = false;
    const BulkOutcome rest = run(bulk, EditRig::keys(kCalls), change, failed.step);
    QCOMPARE(rest.changed, failed.left);
    QCOMPARE(rest.same, failed.changed);
    QCOMPARE(rest.step, failed.step);
    const auto state = EditRig::waitFor<UndoState>([&](auto done) { rig.store->loadUndoState(rig.store.get(), done); });
    QCOMPARE(state->undo->edits, qint64(kCalls));
}

void TestBulkEdit::missingCallsAreTold() {
    EditRig rig;
    QVERIFY(rig.putCalls(2));
    auto keys = EditRig::keys(2);
    keys.push_back({u"main"_s, u"nobody"_s});
    BulkEdit bulk(rig.store.get(), clockNow());
    const BulkOutcome done = run(bulk, keys, {Kind::MarkReviewed});
    QCOMPARE(done.changed, qint64(2));
    QCOMPARE(done.missing, qint64(1));
    QCOMPARE(bulkOutcomeText(done), u"2 calls changed; 1 are no longer on this computer."_s);
    QVERIFY(rig.store->touchedCalls().size() == 2);
}

void TestBulkEdit::incompleteChanges() {
    QVERIFY(!isComplete({Kind::SetDisposition, u"  "_s}));
    QVERIFY(!isComplete({Kind::AppendNotes}));
    QVERIFY(isComplete({Kind::SetFlag}));
    QVERIFY(isComplete({Kind::ClearDisposition}));
}

/// 100,000 calls: the store is asked portion by portion, and no turn of the event loop holds more than one.
void TestBulkEdit::manyCallsInPortions() {
    constexpr int kCalls = 100'000;
    EditRig rig;
    QVERIFY(rig.putCalls(1));
    std::vector<CallKey> keys = EditRig::keys(1);
    keys.reserve(kCalls);
    for (int i = 1; i < kCalls; ++i) {
        keys.push_back({u"main"_s, u"gone-%1"_s.arg(i)});  // nothing to write: the way there is what is looked at
    }
    std::vector<BulkCall> calls;
    for (const CallKey& key : keys) {
        calls.push_back({key, u"SALE"_s, {}, {}, false, false, false, false});
    }
    QCOMPARE(previewOf(calls, {Kind::SetDisposition, u"LOST"_s}).changes, qint64(kCalls));
    BulkEdit bulk(rig.store.get(), clockNow());
    QSignalSpy told(&bulk, &BulkEdit::progressed);
    const BulkOutcome done = run(bulk, std::move(keys), {Kind::SetDisposition, u"LOST"_s});
    QCOMPARE(done.changed, qint64(1));
    QCOMPARE(done.missing, qint64(kCalls - 1));
    QCOMPARE(told.size(), qsizetype(kCalls / BulkEdit::kPortion));
}

QTEST_GUILESS_MAIN(TestBulkEdit)

#include "tst_bulkedit.moc"
