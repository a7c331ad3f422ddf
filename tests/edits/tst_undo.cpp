// Undo and redo of everything that can be done to a call: what counts afterwards, in words, after a restart, after a
// cancel in the middle, and beside edits that are made meanwhile.
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <cstring>

#include "models/edits/bulkedit.h"
#include "models/edits/undo.h"
#include "tests/edits/editrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

QString bare(QString text) {
    return text.remove(QChar(0x2068)).remove(QChar(0x2069));
}

UndoOutcome run(Undo& undo, Revert which = Revert::Undo) {
    std::optional<UndoOutcome> outcome;
    const auto connection =
        QObject::connect(&undo, &Undo::finished, &undo, [&](const UndoOutcome& told) { outcome = told; });
    undo.start(which);
    if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 60'000)) {
        qFatal("undo did not end");
    }
    QObject::disconnect(connection);
    return *outcome;
}

BulkOutcome run(BulkEdit& bulk, std::vector<CallKey> calls, const BulkChange& change) {
    std::optional<BulkOutcome> outcome;
    QObject::connect(&bulk, &BulkEdit::finished, &bulk, [&](const BulkOutcome& told) { outcome = told; });
    bulk.run(std::move(calls), change);
    if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 60'000)) {
        qFatal("the bulk edit did not end");
    }
    bulk.disconnect();
    return *outcome;
}

}  // namespace

class TestUndo : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void nothingToTakeBack();
    void everyKindOfEdit_data();
    void everyKindOfEdit();
    void severalFieldsInOneStepAreOneUndo();
    void acrossARestart();
    void aBulkEditIsOneUndo();
    void whatWasChangedSinceStays();
    void aRestIsTakenUpByTheNextUndo();
    void anEditMadeMeanwhileIsNotTakenBack();
    void aFailureLeavesTheRest();
};

void TestUndo::nothingToTakeBack() {
    EditRig rig;
    QVERIFY(rig.isOpen);
    Undo undo(rig.store.get());
    const UndoOutcome none = run(undo);
    QVERIFY(!none.step && !none.error);
    QCOMPARE(undoneText(none), u"There is nothing to undo."_s);
    QCOMPARE(undoneText(run(undo, Revert::Redo)), u"There is nothing to redo."_s);
    QVERIFY(!undo.isRunning());
}

void TestUndo::everyKindOfEdit_data() {
    QTest::addColumn<ReviewField>("field");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("words");
    QTest::newRow("disposition") << ReviewField::Disposition << u"LOST"_s << u"disposition"_s;
    QTest::newRow("notes") << ReviewField::Notes << u"mine"_s << u"notes"_s;
    QTest::newRow("reviewed") << ReviewField::Reviewed << u"2026-04-18T14:37:02.419Z heard=7.0"_s << u"reviewed"_s;
    QTest::newRow("flag") << ReviewField::Flag << u"coach"_s << u"flag"_s;
}

void TestUndo::everyKindOfEdit() {
    QFETCH(const ReviewField, field);
    QFETCH(const QString, value);
    QFETCH(const QString, words);
    EditRig rig;
    QVERIFY(rig.putCalls(1));
    const Review before = rig.review(0);
    QVERIFY(rig.set(0, field, value));
    const Review after = rig.review(0);
    QVERIFY(!(before == after));
    Undo undo(rig.store.get());
    const UndoOutcome undone = run(undo);
    QCOMPARE(bare(undoneText(undone)), u"Undone: %1 of call-000000."_s.arg(words));
    QCOMPARE(undone.goTo, std::optional(EditRig::keyOf(0)));
    QCOMPARE(rig.disposition(0), sample::wholeCall(0).disposition);
    QCOMPARE(rig.notes(0), sample::wholeCall(0).notes);
    QVERIFY(!rig.review(0).reviewedAt && !rig.review(0).flag);
    QCOMPARE(bare(undoneText(run(undo, Revert::Redo))), u"Done again: %1 of call-000000."_s.arg(words));
    const Review again = rig.review(0);
    QCOMPARE(rig.disposition(0), after.disposition ? after.disposition->value : sample::wholeCall(0).disposition);
    QCOMPARE(rig.notes(0), after.notes ? after.notes->value : sample::wholeCall(0).notes);
    QCOMPARE(again.reviewedAt, after.reviewedAt);
    QCOMPARE(again.heardSeconds, after.heardSeconds);
    QCOMPARE(again.flag, after.flag);
    const auto history = rig.history(0);
    QCOMPARE(history.size(), std::size_t(3));
    QCOMPARE(history[1].origin, u"undo"_s);
    QCOMPARE(history[2].origin, u"redo"_s);
}

void TestUndo::severalFieldsInOneStepAreOneUndo() {
    EditRig rig;
    QVERIFY(rig.putCalls(1));
    QVERIFY(rig.set(0, ReviewField::Disposition, u"LOST"_s, u"one"_s));
    QVERIFY(rig.set(0, ReviewField::Notes, u"mine"_s, u"one"_s));
    QVERIFY(rig.set(0, ReviewField::Reviewed, u"2026-04-18T14:37:02.419Z"_s, u"one"_s));
    Undo undo(rig.store.get());
    QCOMPARE(bare(undoneText(run(undo))), u"Undone: 3 edits of call-000000."_s);
    QVERIFY(rig.review(0) == Review());
    QVERIFY(!run(undo).step);
}

void TestUndo::acrossARestart() {
    EditRig rig;
    QVERIFY(rig.putCalls(2));
    QVERIFY(rig.set(0, ReviewField::Disposition, u"A"_s));
    QVERIFY(rig.set(0, ReviewField::Disposition, u"B"_s));
    QVERIFY(rig.set(1, ReviewField::Flag, u"x"_s));
    for (const auto& expected : {std::optional(u"B"_s), std::optional(u"A"_s), sample::wholeCall(0).disposition}) {
        rig.reopen();
        QVERIFY(rig.isOpen);
        Undo undo(rig.store.get());
        QVERIFY(run(undo).step.has_value());
        QVERIFY(!rig.review(1).flag);
        QCOMPARE(rig.disposition(0), expected);
    }
    rig.reopen();
    Undo undo(rig.store.get());
    QVERIFY(!run(undo).step);
    QVERIFY(run(undo, Revert::Redo).step.has_value());
    QCOMPARE(rig.disposition(0), u"A"_s);
}

void TestUndo::aBulkEditIsOneUndo() {
    constexpr int kCalls = 3 * BulkEdit::kPortion + 7;
    EditRig rig;
    QVERIFY(rig.putCalls(kCalls));
    QVERIFY(rig.set(5, ReviewField::Disposition, u"MINE"_s));
    BulkEdit bulk(rig.store.get(), std::make_shared<SystemClock>());
    QCOMPARE(run(bulk, EditRig::keys(kCalls), {BulkChange::Kind::SetDisposition, u"LOST"_s}).changed, qint64(kCalls));
    QCOMPARE(rig.disposition(kCalls - 1), u"LOST"_s);
    Undo undo(rig.store.get());
    QSignalSpy told(&undo, &Undo::progressed);
    const UndoOutcome undone = run(undo);
    QCOMPARE(undone.reverted, qint64(kCalls));
    QCOMPARE(bare(undoneText(undone)), u"Undone: bulk edit, 1,207 edits."_s);
    QVERIFY(!undone.goTo);
    QCOMPARE(told.size(), 4);
    QCOMPARE(rig.disposition(5), u"MINE"_s);
    for (const int number : {0, 400, kCalls - 1}) {
        QVERIFY(!rig.review(number).disposition);
    }
    QCOMPARE(run(undo, Revert::Redo).reverted, qint64(kCalls));
    QCOMPARE(rig.disposition(kCalls - 1), u"LOST"_s);
}

void TestUndo::whatWasChangedSinceStays() {
    EditRig rig;
    QVERIFY(rig.putCalls(10));
    BulkEdit bulk(rig.store.get(), std::make_shared<SystemClock>());
    QCOMPARE(run(bulk, EditRig::keys(10), {BulkChange::Kind::SetFlag, u"look"_s}).changed, qint64(10));
    const QString later = u"later"_s;
    QVERIFY(rig.set(3, ReviewField::Flag, u"mine"_s, later));
    QVERIFY(rig.set(4, ReviewField::Flag, u"mine"_s, later));
    // The later edits are the newest step; what stands below them is reached by taking that one back and doing it again
    // as something new.
    Undo undo(rig.store.get());
    std::optional<UndoOutcome> other;
    connect(&undo, &Undo::finished, &undo, [&](const UndoOutcome& told) { other = told; });
    undo.start(Revert::Undo, u"another step"_s);
    QTRY_VERIFY(other.has_value());
    QVERIFY(other->error && !other->step);
    QCOMPARE(rig.review(3).flag, u"mine"_s);
    QCOMPARE(run(undo).reverted, qint64(2));
    QCOMPARE(rig.review(3).flag, u"look"_s);
    const UndoOutcome all = run(undo);
    QCOMPARE(all.reverted + all.skipped, qint64(10));
    QVERIFY(!rig.review(3).flag && !rig.review(9).flag);

    UndoOutcome words;
    words.step = UndoStep{};
    words.step->origin = u"bulk"_s;
    words.reverted = 1'200;
    words.skipped = 3;
    QCOMPARE(undoneText(words), u"Undone: bulk edit, 1,200 edits; 3 had been changed since and stay."_s);
    words.left = 17;
    QCOMPARE(undoneText(words),
             u"Undone: bulk edit, 1,200 edits; 3 had been changed since and stay; 17 are left for the next undo."_s);
}

void TestUndo::aRestIsTakenUpByTheNextUndo() {
    constexpr int kCalls = 3 * Undo::kPortion;
    EditRig rig;
    QVERIFY(rig.putCalls(kCalls));
    BulkEdit bulk(rig.store.get(), std::make_shared<SystemClock>());
    QCOMPARE(run(bulk, EditRig::keys(kCalls), {BulkChange::Kind::MarkReviewed}).changed, qint64(kCalls));
    {
        Undo undo(rig.store.get());
        connect(&undo, &Undo::progressed, &undo, [&](qint64 done) {
            if (done >= Undo::kPortion) {
                undo.cancel();
            }
        });
        const UndoOutcome cut = run(undo);
        QVERIFY(cut.left > 0 && cut.reverted > 0);
        QCOMPARE(cut.left + cut.reverted, qint64(kCalls));
        QVERIFY(undoneText(cut).contains(u"left for the next undo"_s));
    }
    rig.reopen();  // as after a kill
    Undo undo(rig.store.get());
    const UndoOutcome rest = run(undo);
    QCOMPARE(rest.left, qint64(0));
    QVERIFY(rest.reverted < kCalls);
    for (int i = 0; i < kCalls; i += 100) {
        QVERIFY(!rig.review(i).reviewedAt);
    }
    QVERIFY(!run(undo).step);
    // All of it comes back.
    while (run(undo, Revert::Redo).step) {
    }
    for (int i = 0; i < kCalls; i += 100) {
        QVERIFY(rig.review(i).reviewedAt.has_value());
    }
}

void TestUndo::anEditMadeMeanwhileIsNotTakenBack() {
    constexpr int kCalls = 3 * Undo::kPortion;
    EditRig rig;
    QVERIFY(rig.putCalls(kCalls));
    BulkEdit bulk(rig.store.get(), std::make_shared<SystemClock>());
    QCOMPARE(run(bulk, EditRig::keys(kCalls), {BulkChange::Kind::MarkReviewed}).changed, qint64(kCalls));
    Undo undo(rig.store.get());
    bool edited = false;
    connect(&undo, &Undo::progressed, &undo, [&](qint64 done) {
        if (done > 0 && !edited) {
            edited = true;  // before the next portion is asked for
            EditToCommit edit;
            edit.key = EditRig::keyOf(0);
            edit.field = ReviewField::Notes;
            edit.value = u"typed meanwhile"_s;
            edit.origin = u"desk"_s;
            rig.store->commitEdit(edit, rig.store.get(), {});
        }
    });
    const UndoOutcome cut = run(undo);
    QVERIFY(edited && !cut.error);
    QVERIFY(cut.left > 0);
    QCOMPARE(rig.notes(0), u"typed meanwhile"_s);
    QCOMPARE(bare(undoneText(run(undo))), u"Undone: notes of call-000000."_s);
    QCOMPARE(run(undo).left, qint64(0));
    QVERIFY(!rig.review(0).reviewedAt && !rig.review(kCalls - 1).reviewedAt);
}

void TestUndo::aFailureLeavesTheRest() {
    std::atomic<bool> broken = false;
    EditRig rig([&](const char* sql) { return broken && std::strstr(sql, "COMMIT") ? 13 /* SQLITE_FULL */ : 0; });
    QVERIFY(rig.putCalls(2));
    QVERIFY(rig.set(0, ReviewField::Disposition, u"A"_s));
    broken = true;
    Undo undo(rig.store.get());
    const UndoOutcome failed = run(undo);
    QVERIFY(failed.error.has_value());
    QCOMPARE(failed.left, qint64(1));
    QCOMPARE(rig.disposition(0), u"A"_s);
    broken = false;
    QCOMPARE(run(undo).reverted, qint64(1));
    QVERIFY(!rig.review(0).disposition);
}

QTEST_GUILESS_MAIN(TestUndo)

#include "tst_undo.moc"
