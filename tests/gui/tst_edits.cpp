// The keys of the desk for what is done to calls: reviewed, flagged, save and next, undo, redo, several calls at once.
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/gui/testdesk.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/dispositioninput.h"
#include "ui/detail/historylist.h"
#include "ui/detail/marksline.h"
#include "ui/detail/notesinput.h"
#include "ui/edits/bulkdialog.h"
#include "ui/edits/bulkpreview.h"
#include "ui/filter/filteredit.h"
#include "ui/mainwindow/messagestrip.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class EditsTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestDesk> m_desk;
    CallTable* m_table = nullptr;
    DetailPane* m_pane = nullptr;
    NotesInput* m_notes = nullptr;

    void openWithCalls(int count) {
        m_desk = std::make_unique<TestDesk>(m_folder->path(), std::make_shared<MemorySettings>());
        QVERIFY(m_desk->start());
        m_table = m_desk->find<CallTable>();
        m_pane = m_desk->find<DetailPane>();
        m_notes = m_desk->find<NotesInput>();
        std::vector<Call> calls;
        for (int i = 0; i < count; ++i) {
            calls.push_back(madeUpCall(i));
        }
        QVERIFY(m_desk->storeCalls(calls));
        QTRY_COMPARE(m_desk->calls.rowCount(), count);
        toTable();
        QTRY_VERIFY(m_pane->call().has_value());
        QTRY_VERIFY(m_notes->isVisible() && m_notes->isEnabled());
    }
    void toTable() {
        m_table->setFocus();
        QVERIFY(m_desk->hasFocus(m_table));
    }
    void filterFor(const QString& text) {
        auto* edit = m_desk->find<FilterEdit>();
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_VERIFY(!m_desk->calls.isQueryRunning());
    }
    void key(Qt::Key code, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::keyClick(QApplication::focusWidget(), code, modifiers);
    }
    [[nodiscard]] Review review(const CallKey& key) const { return m_desk->store.review(key); }
    [[nodiscard]] std::optional<QString> notesOf(const CallKey& key) const {
        const Review now = review(key);
        return now.notes ? now.notes->value : std::nullopt;
    }
    [[nodiscard]] BulkDialog* openDialog() {
        key(Qt::Key_B, Qt::ControlModifier);
        BulkDialog* dialog = nullptr;
        if (!QTest::qWaitFor([&] { return (dialog = m_desk->find<BulkDialog>()) != nullptr && dialog->isVisible(); })) {
            return nullptr;
        }
        return dialog;
    }
    [[nodiscard]] static QPushButton* runButton(const BulkDialog* dialog) {
        for (QPushButton* button : dialog->findChildren<QPushButton*>()) {
            if (button->isDefault()) {
                return button;
            }
        }
        return nullptr;
    }
    void pressUndoInStrip() {
        auto* strip = m_desk->find<MessageStrip>();
        for (QPushButton* button : strip->findChildren<QPushButton*>()) {
            if (button->text() == u"Undo"_s) {
                button->click();
                return;
            }
        }
        QFAIL("there is no undo to press");
    }

 private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() {
        m_desk.reset();
        m_folder.reset();
    }

    void reviewedAndFlaggedWithAKey() {
        openWithCalls(4);
        const CallKey first = *m_table->currentCall();
        auto* marks = m_desk->find<MarksLine>();
        QCOMPARE(marks->reviewedText(), u"Not reviewed yet"_s);
        key(Qt::Key_R);
        QTRY_VERIFY(review(first).reviewedAt.has_value());
        QVERIFY(!review(first).heardSeconds);  // it has no recording: nobody knows
        QTRY_VERIFY2(marks->reviewedText().startsWith(u"Reviewed "_s), qPrintable(marks->reviewedText()));
        key(Qt::Key_F);
        QTRY_COMPARE(review(first).flag, QString(u""_s));
        QTRY_COMPARE(marks->flagText(), u"Flagged"_s);

        filterFor(u"is:reviewed is:flagged"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 1);
        toTable();
        key(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(!review(first).flag.has_value());
        key(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(!review(first).reviewedAt.has_value());
        QTRY_COMPARE(marks->reviewedText(), u"Not reviewed yet"_s);
    }

    void flagWithAWord() {
        openWithCalls(2);
        const CallKey first = *m_table->currentCall();
        auto* marks = m_desk->find<MarksLine>();
        key(Qt::Key_F, Qt::ShiftModifier);
        QVERIFY(m_desk->hasFocus(marks->wordInput()));
        QTest::keyClicks(marks->wordInput(), u"for RF"_s);  // letters are letters here
        key(Qt::Key_Return);
        QTRY_COMPARE(review(first).flag, u"for RF"_s);
        QVERIFY(!review(first).reviewedAt);
        QTRY_VERIFY(marks->flagText().contains(u"for RF"_s));
        QVERIFY(marks->wordInput()->isHidden());
        toTable();
        key(Qt::Key_F, Qt::ShiftModifier);
        QTest::keyClicks(marks->wordInput(), u"thrown away"_s);
        key(Qt::Key_Escape);
        QTRY_VERIFY(marks->wordInput()->isHidden());
        QCOMPARE(review(first).flag, u"for RF"_s);
    }

    void lettersAreDeadInTextFields() {
        openWithCalls(2);
        const CallKey first = *m_table->currentCall();
        key(Qt::Key_E);
        QVERIFY(m_desk->hasFocus(m_notes));
        QTest::keyClicks(m_notes, u"rRfF"_s);
        QCOMPARE(m_notes->toPlainText(), u"rRfF"_s);
        QVERIFY(!review(first).reviewedAt && !review(first).flag);
    }

    void saveAndNextIsOneUndo() {
        openWithCalls(3);
        const CallKey first = *m_table->currentCall();
        key(Qt::Key_E);
        QVERIFY(m_desk->hasFocus(m_notes));
        QTest::keyClicks(m_notes, u"Good call."_s);
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(review(first).reviewedAt.has_value());
        QCOMPARE(notesOf(first), u"Good call."_s);
        QCOMPARE(m_table->currentIndex().row(), 1);
        toTable();
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(!review(first).reviewedAt);
        QVERIFY(!notesOf(first));
        QTRY_COMPARE(m_table->currentCall(), std::optional(first));  // it goes to the call that was changed
        key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(review(first).reviewedAt.has_value());
        QCOMPARE(notesOf(first), u"Good call."_s);
    }

    void undoWhileTypingIsTheFieldsOwn() {
        openWithCalls(2);
        const CallKey first = *m_table->currentCall();
        key(Qt::Key_R);
        QTRY_VERIFY(review(first).reviewedAt.has_value());
        key(Qt::Key_E);
        QVERIFY(m_desk->hasFocus(m_notes));
        QTest::keyClicks(m_notes, u"abc"_s);
        key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(m_notes->toPlainText(), QString());
        QVERIFY(review(first).reviewedAt.has_value());
        key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);  // typing again
        QCOMPARE(m_notes->toPlainText(), u"abc"_s);
        key(Qt::Key_S, Qt::ControlModifier);
        QTRY_COMPARE(notesOf(first), u"abc"_s);
        // Saved: now it is the desk's, and the field follows.
        QTRY_VERIFY(!m_notes->canUndoTyping());
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(!notesOf(first));
        QTRY_COMPARE(m_notes->toPlainText(), QString());
        QVERIFY(m_notes->hasFocus());
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(!review(first).reviewedAt);
    }

    void undoLeavesTheFilterAlone() {
        openWithCalls(4);
        const CallKey first = *m_table->currentCall();
        key(Qt::Key_F);
        QTRY_VERIFY(review(first).flag.has_value());
        filterFor(u"is:flagged"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 1);
        filterFor(u"-is:flagged"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 3);
        toTable();
        QTRY_VERIFY(m_pane->call() != std::optional(first));
        filterFor(u"disposition:nobody"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 0);
        toTable();
        QTRY_VERIFY(!m_pane->call());  // the table tells a moment later that there is none
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(!review(first).flag);
        QTRY_COMPARE(m_pane->call(), std::optional(first));  // beside a filter that keeps it out
        QCOMPARE(m_desk->calls.rowCount(), 0);
    }

    void severalCallsAtOnce() {
        openWithCalls(30);
        QTest::keyClick(m_table, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(m_table, Qt::Key_Down, Qt::ShiftModifier);
        BulkDialog* dialog = openDialog();
        QVERIFY(dialog != nullptr);
        auto* preview = dialog->findChild<BulkPreviewBox*>();
        QVERIFY(!runButton(dialog)->isEnabled());
        QTest::keyClicks(dialog->findChild<QLineEdit*>(), u"LOST"_s);
        QTRY_VERIFY(runButton(dialog)->isEnabled());
        QCOMPARE(preview->lines().first(), u"3 of 3 calls change."_s);
        QCOMPARE(runButton(dialog)->text(), u"Change 3 calls"_s);
        for (QRadioButton* scope : dialog->findChildren<QRadioButton*>()) {
            if (scope->text().contains(u"of this filter"_s)) {
                QVERIFY(scope->text().contains(u"30"_s) && !scope->isChecked());
                scope->setChecked(true);
            }
        }
        QTRY_COMPARE(preview->lines().first(), u"30 of 30 calls change."_s);
        QTRY_VERIFY(runButton(dialog)->isEnabled());
        QTest::keyClick(dialog->findChild<QLineEdit*>(), Qt::Key_Return);
        QTRY_VERIFY(m_desk->find<BulkDialog>() == nullptr || !m_desk->find<BulkDialog>()->isVisible());
        for (int row = 0; row < 30; ++row) {
            QCOMPARE(review(*m_desk->calls.keyAt(row)).disposition->value, u"LOST"_s);
        }
        pressUndoInStrip();
        QTRY_VERIFY(!review(*m_desk->calls.keyAt(0)).disposition);
        for (int row = 0; row < 30; ++row) {
            QVERIFY(!review(*m_desk->calls.keyAt(row)).disposition);
        }
    }

    void theWayBackGoesWhenItIsTakenBackByKey() {
        openWithCalls(2);
        BulkDialog* dialog = openDialog();
        QVERIFY(dialog != nullptr);
        auto* kinds = dialog->findChild<QComboBox*>();
        kinds->setCurrentIndex(kinds->findData(int(BulkChange::Kind::MarkReviewed)));
        QTRY_VERIFY(runButton(dialog)->isEnabled());
        runButton(dialog)->click();
        auto* strip = m_desk->find<MessageStrip>();
        QTRY_COMPARE(strip->count(), 1);
        QTRY_VERIFY(m_desk->find<BulkDialog>() == nullptr);
        toTable();
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(strip->count(), 0);
        QVERIFY(!review(*m_desk->calls.keyAt(0)).reviewedAt);
    }

    void aSheetThatIsClosedChangesNothing() {
        openWithCalls(3);
        BulkDialog* dialog = openDialog();
        QVERIFY(dialog != nullptr);
        auto* kinds = dialog->findChild<QComboBox*>();
        kinds->setCurrentIndex(kinds->findData(int(BulkChange::Kind::AppendNotes)));
        QVERIFY(dialog->findChild<QPlainTextEdit*>()->isVisible());
        kinds->setCurrentIndex(kinds->findData(int(BulkChange::Kind::MarkReviewed)));
        QTRY_VERIFY(runButton(dialog)->isEnabled());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(m_desk->find<BulkDialog>() == nullptr);
        QVERIFY(m_desk->store.touchedCalls().empty());
    }
};

QTEST_MAIN(EditsTest)

#include "tst_edits.moc"
