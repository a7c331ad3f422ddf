// Conflicts where people meet them: the field says so, the texts stand side by side, a choice becomes an edit, and
// nothing goes away. The pane, the store and the merger are the real ones.
#include <QLineEdit>
#include <QPushButton>

#include "models/edits/merger.h"
#include "tests/detail/desk.h"
#include "ui/common/theme.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/fieldbox.h"
#include "ui/detail/notesinput.h"
#include "ui/detail/reviewblock.h"
#include "ui/edits/comparedtexts.h"
#include "ui/edits/conflictlist.h"
#include "ui/edits/conflictview.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

using Text = std::optional<QString>;

const CallKey kKey{u"main"_s, u"a"_s};

/// A pane beside the merger of the desk, and a call whose notes both sides have changed.
struct Shown {
    Shown() {
        opened = desk.open();
        merger = std::make_unique<Merger>(desk.store.get());
        merger->start();
        pane = std::make_unique<DetailPane>(desk.services());
        pane->resize(420, 900);
        pane->show();
        review = pane->findChild<ReviewBlock*>();
    }
    [[nodiscard]] bool settle() const {
        return QTest::qWaitFor([&] { return merger->isIdle(); }, 20'000);
    }
    [[nodiscard]] bool providerSays(const Text& notes, const Text& disposition = u"CALLBACK"_s) {
        Call call = Desk::call(kKey.remoteId);
        call.notes = notes;
        call.disposition = disposition;
        return desk.put(call) && settle();
    }
    [[nodiscard]] bool commit(ReviewField field, const Text& base, const Text& value) {
        std::optional<bool> done;
        EditToCommit edit;
        edit.key = kKey;
        edit.field = field;
        edit.base = base;
        edit.value = value;
        edit.origin = u"desk"_s;
        desk.store->commitEdit(edit, &desk, [&](const Result<Review>& saved) { done = saved.has_value(); });
        return QTest::qWaitFor([&] { return done.has_value(); }, 20'000) && *done && settle();
    }
    [[nodiscard]] bool show() const {
        pane->showCall(kKey);
        return QTest::qWaitFor([&] { return !review->notesInput()->isReadOnly(); }, 10'000);
    }
    [[nodiscard]] bool begin(const Text& base, const Text& mine, const Text& theirs) {
        return opened && providerSays(base) && commit(ReviewField::Notes, base, mine) && providerSays(theirs) && show();
    }
    [[nodiscard]] ConflictView* view() const {
        for (ConflictView* one : pane->findChildren<ConflictView*>()) {
            if (!one->isHidden()) {
                return one;
            }
        }
        return nullptr;
    }
    /// The view with its texts compared.
    [[nodiscard]] ConflictView* openView() const {
        (void)QTest::qWaitFor([&] { return pane->solveConflict(); }, 10'000);
        (void)QTest::qWaitFor([&] { return view() != nullptr && view()->mine()->model()->rowCount() > 0; }, 10'000);
        return view();
    }
    [[nodiscard]] std::vector<ReviewConflict> conflicts() {
        std::optional<std::vector<ReviewConflict>> found;
        desk.store->loadConflicts(kKey, &desk, [&](const Result<std::vector<ReviewConflict>>& all) {
            found = all.value_or(std::vector<ReviewConflict>());
        });
        (void)QTest::qWaitFor([&] { return found.has_value(); }, 10'000);
        return found.value_or(std::vector<ReviewConflict>());
    }
    [[nodiscard]] std::optional<LocalEdit> notes() const { return desk.store->review(kKey).notes; }
    [[nodiscard]] FieldBox* notesBox() const { return review->notesBox(); }

    Desk desk;
    bool opened = false;
    std::unique_ptr<Merger> merger;
    std::unique_ptr<DetailPane> pane;
    ReviewBlock* review = nullptr;
};

QStringList spoken(const ComparedLines* lines) {
    QStringList rows;
    for (int row = 0; row < lines->model()->rowCount(); ++row) {
        rows << lines->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
    }
    return rows;
}

}  // namespace

class TestConflictView : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void theFieldLeadsThere();
    void theTextsStandSideBySide();
    void keepingMine();
    void takingTheirs();
    void combining();
    void anotherDisposition();
    void aTargetThatDoesNotSayWhatItHolds();
    void aSolvedOneCanBeBroughtBack();
    void itChangesOnceMoreMeanwhile();
    void theFieldIsEditedMeanwhile();
    void whatIsTypedHereIsKept();
    void aFullDiskKeepsTheText();
    void typingGoesOnOverAMerge();
    void fitsNarrowAndLargeScreens();
};

void TestConflictView::theFieldLeadsThere() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"theirs, changed"_s));
    QTRY_VERIFY(shown.notesBox()->solveButton()->isVisible());
    QVERIFY(!shown.review->dispositionBox()->solveButton()->isVisible());
    QVERIFY(shown.notesBox()->badgeText().contains(u"changed its value after your edit"_s));
    QVERIFY(shown.view() == nullptr);  // nothing comes up by itself
    shown.notesBox()->solveButton()->click();
    QTRY_VERIFY(shown.view() != nullptr);
    ConflictView* const first = shown.view();
    QVERIFY(!first->isModal());
    QVERIFY(shown.pane->solveConflict());  // the same, brought to the front
    QTest::qWait(100);
    QCOMPARE(shown.pane->findChildren<ConflictView*>().size(), 1);
    QVERIFY(shown.view() == first);
}

void TestConflictView::theTextsStandSideBySide() {
    Shown shown;
    QVERIFY(shown.begin(u"asked\nanswered\n<b>closed</b>"_s, u"asked\nI answered\n<b>closed</b>\nmine"_s,
                        u"asked\nthe AI answered\n<b>closed</b>"_s));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    QCOMPARE(spoken(view->base()), (QStringList{u"asked"_s, u"Removed: answered"_s, u"<b>closed</b>"_s}));
    QCOMPARE(spoken(view->mine()),
             (QStringList{u"asked"_s, u"Added: I answered"_s, u"<b>closed</b>"_s, u"Added: mine"_s}));
    QCOMPARE(spoken(view->theirs()), (QStringList{u"asked"_s, u"Added: the AI answered"_s, u"<b>closed</b>"_s}));
    QCOMPARE(view->combinedText(), u"asked\nI answered\nthe AI answered\n<b>closed</b>\nmine"_s);
    for (const ComparedLines* lines : {view->base(), view->mine(), view->theirs()}) {
        QVERIFY(!lines->accessibleName().isEmpty() && !lines->accessibleDescription().isEmpty());
    }
    for (const QLabel* label : view->findChildren<QLabel*>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
    }
}

void TestConflictView::keepingMine() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"theirs, changed"_s));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    const qint64 before = shown.notes()->sequence;
    QSignalSpy solved(view, &ConflictView::solved);
    view->keepMineButton()->click();
    QTRY_COMPARE(solved.size(), 1);
    QTRY_VERIFY(shown.view() == nullptr);
    QVERIFY(shown.settle());
    QVERIFY(shown.notes()->sequence > before);
    QVERIFY(shown.notes()->value == u"mine"_s && shown.notes()->base == u"theirs, changed"_s);
    QVERIFY(shown.notes()->state == EditState::Kept);
    QTRY_VERIFY(!shown.notesBox()->solveButton()->isVisible());
    QCOMPARE(shown.conflicts().size(), size_t(1));
    QVERIFY(!shown.conflicts().front().isOpen);
    QVERIFY(!shown.pane->solveConflict());
}

void TestConflictView::takingTheirs() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"theirs, changed"_s));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    view->takeTheirsButton()->click();
    QTRY_VERIFY(!shown.notes());
    QTRY_COMPARE(shown.review->notesInput()->typedText(), u"theirs, changed"_s);
    QCOMPARE(shown.conflicts().size(), size_t(1));
    QVERIFY(shown.conflicts().front().mine == u"mine"_s);
}

void TestConflictView::combining() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"theirs, changed"_s));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    QCOMPARE(view->combinedText(), u"mine\ntheirs, changed"_s);
    auto* const editor = view->findChild<NotesInput*>();
    editor->setFocus();
    QTest::keyClick(editor, Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(editor, u", both"_s);
    QTest::keyClick(editor, Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(shown.view() == nullptr);
    QVERIFY(shown.settle());
    QVERIFY(shown.notes()->value == u"mine\ntheirs, changed, both"_s);
    QVERIFY(shown.notes()->state == EditState::Kept);
    QTRY_COMPARE(shown.review->notesInput()->typedText(), u"mine\ntheirs, changed, both"_s);
}

void TestConflictView::anotherDisposition() {
    Shown shown;
    QVERIFY(shown.opened && shown.providerSays(u"n"_s, u"SALE"_s));
    QVERIFY(shown.commit(ReviewField::Disposition, u"SALE"_s, u"NO_SALE"_s));
    QVERIFY(shown.providerSays(u"n"_s, u"CALLBACK"_s) && shown.show());
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    auto* const code = view->findChild<QLineEdit*>();
    QCOMPARE(code->text(), u"NO_SALE"_s);
    code->setFocus();
    code->selectAll();
    QTest::keyClicks(code, u" SALE_LATER "_s);
    QTest::keyClick(code, Qt::Key_Enter, Qt::ControlModifier);
    QTRY_VERIFY(shown.view() == nullptr);
    QVERIFY(shown.desk.store->review(kKey).disposition->value == u"SALE_LATER"_s);
}

void TestConflictView::aTargetThatDoesNotSayWhatItHolds() {
    Shown shown;
    QVERIFY(shown.opened && shown.providerSays(u"theirs"_s) && shown.show());
    ReviewConflict conflict;
    conflict.key = kKey;
    conflict.field = ReviewField::Notes;
    conflict.base = u"theirs"_s;
    conflict.mine = u"mine"_s;
    conflict.theirsKnown = false;
    conflict.foundWith = u"webhook"_s;
    conflict.isOpen = true;
    ConflictView* const view =
        ConflictView::open(shown.desk.store.get(), conflict, Desk::call(kKey.remoteId), shown.pane.get());
    QTRY_VERIFY(view->mine()->model()->rowCount() > 0);
    QVERIFY(!view->takeTheirsButton()->isVisible());
    QVERIFY(!view->theirs()->isVisible());
    const auto labels = view->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains(u"did not say what it holds"_s);
    }));
    QCOMPARE(view->combinedText(), u"mine"_s);
    view->keepMine();
    QTRY_VERIFY(shown.notes() && shown.notes()->value == u"mine"_s);
}

void TestConflictView::aSolvedOneCanBeBroughtBack() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"theirs, changed"_s));
    QVERIFY(shown.openView() != nullptr);
    shown.view()->takeTheirs();
    QTRY_VERIFY(!shown.notes());
    QVERIFY(shown.providerSays(u"a third text"_s));
    QTRY_COMPARE(shown.review->notesInput()->typedText(), u"a third text"_s);  // what the choice is made against
    auto* const list = shown.pane->findChild<ConflictList*>();
    for (Disclosure* section : shown.pane->findChildren<Disclosure*>()) {
        if (section->isAncestorOf(list)) {
            section->setOpen(true);
        }
    }
    QTRY_COMPARE(list->buttons().size(), size_t(1));
    QVERIFY(list->shownLines().join(u'|').contains(u"mine"_s));
    QTRY_VERIFY(shown.view() == nullptr);
    list->buttons().front()->click();
    QTRY_VERIFY(shown.view() != nullptr);
    QVERIFY(!shown.view()->conflict().isOpen);
    shown.view()->keepMine();
    QTRY_VERIFY(shown.notes() && shown.notes()->value == u"mine"_s);
    QVERIFY(shown.settle());
    QVERIFY(shown.notes()->base == u"a third text"_s && shown.notes()->state == EditState::Kept);
}

void TestConflictView::itChangesOnceMoreMeanwhile() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"second"_s));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    auto* const editor = view->findChild<NotesInput*>();
    editor->setFocus();
    QTest::keyClicks(editor, u"typing "_s);
    const int position = editor->textCursor().position();
    QVERIFY(shown.providerSays(u"third"_s));
    QTRY_COMPARE(spoken(view->theirs()), QStringList{u"Added: third"_s});
    QVERIFY(view->saysText().contains(u"once more"_s));
    QCOMPARE(view->combinedText(), u"typing mine\nsecond"_s);
    QCOMPARE(editor->textCursor().position(), position);
    view->keepMine();
    QTRY_VERIFY(shown.notes()->base == u"third"_s);
    QCOMPARE(shown.conflicts().size(), size_t(2));
}

void TestConflictView::theFieldIsEditedMeanwhile() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"second"_s));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    // Against what the provider says now: no conflict any more.
    QVERIFY(shown.commit(ReviewField::Notes, u"second"_s, u"mine anew"_s));
    QTRY_VERIFY(!view->conflict().isOpen);
    // Against what it said before: the view goes on to that conflict.
    QVERIFY(shown.commit(ReviewField::Notes, u"theirs"_s, u"mine at last"_s));
    QTRY_VERIFY(view->conflict().isOpen);
    QTRY_COMPARE(spoken(view->mine()), QStringList{u"Added: mine at last"_s});
}

void TestConflictView::whatIsTypedHereIsKept() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"second"_s));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    auto* const editor = view->findChild<NotesInput*>();
    editor->setFocus();
    QTest::keyClicks(editor, u"half "_s);
    QTest::keyClick(editor, Qt::Key_Escape);
    QTRY_VERIFY(shown.view() == nullptr);
    QVERIFY(shown.notes()->state == EditState::Conflict);
    std::optional<std::vector<Draft>> drafts;
    shown.desk.store->loadDrafts(&shown.desk, [&](const Result<std::vector<Draft>>& all) { drafts = *all; });
    QTRY_VERIFY(drafts.has_value());
    QCOMPARE(drafts->size(), size_t(1));
    QCOMPARE(drafts->front().text, u"half mine\nsecond"_s);
}

void TestConflictView::aFullDiskKeepsTheText() {
    Shown shown;
    QVERIFY(shown.begin(u"theirs"_s, u"mine"_s, u"second"_s));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    view->setCombinedText(u"precious"_s);
    shown.desk.gate->failWith = 13;  // SQLITE_FULL
    view->saveCombined();
    QTRY_VERIFY(view->saysText().startsWith(u"Not saved"_s));
    QVERIFY(view->isVisible() && view->saveButton()->isEnabled());
    QCOMPARE(view->combinedText(), u"precious"_s);
    shown.desk.gate->failWith = 0;
    view->saveCombined();
    QTRY_VERIFY(shown.notes()->value == u"precious"_s);
}

/// Both sides' lines fit, and the supervisor goes on typing while they are put together.
void TestConflictView::typingGoesOnOverAMerge() {
    Shown shown;
    QVERIFY(shown.opened && shown.providerSays(u"one\ntwo"_s));
    QVERIFY(shown.commit(ReviewField::Notes, u"one\ntwo"_s, u"one\ntwo\nmine"_s) && shown.show());
    NotesInput* const input = shown.review->notesInput();
    QTRY_COMPARE(input->typedText(), u"one\ntwo\nmine"_s);
    input->setFocus();
    QTest::keyClick(input, Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(input, u", and"_s);
    input->moveCursor(QTextCursor::Left);
    const int position = input->textCursor().position();
    QVERIFY(shown.providerSays(u"ONE\ntwo"_s));
    QTRY_VERIFY(shown.notes()->value == u"ONE\ntwo\nmine"_s);
    QTRY_VERIFY(shown.notesBox()->badgeText().contains(u"while you were editing"_s));
    QCOMPARE(input->typedText(), u"one\ntwo\nmine, and"_s);
    QCOMPARE(input->textCursor().position(), position);
    // What was typed is merged in its turn: the line of the provider is not typed away.
    shown.pane->commitEdits();
    QTRY_VERIFY(shown.notes()->value == u"ONE\ntwo\nmine, and"_s);
    QTRY_COMPARE(input->typedText(), u"ONE\ntwo\nmine, and"_s);
}

void TestConflictView::fitsNarrowAndLargeScreens() {
    Shown shown;
    QVERIFY(shown.begin(QString(u"theirs "_s).repeated(60), QString(u"mine "_s).repeated(60) + u"\nb"_s,
                        QString(u"second"_s).repeated(100)));
    ConflictView* const view = shown.openView();
    QVERIFY(view != nullptr);
    QVERIFY2(view->minimumSizeHint().width() <= 700, qPrintable(QString::number(view->minimumSizeHint().width())));
    QVERIFY2(view->minimumSizeHint().height() <= 620, qPrintable(QString::number(view->minimumSizeHint().height())));
    const QByteArray pictures = qgetenv("EARMARK_PICTURES");  // a folder, to look at
    for (const ColorScheme scheme : {ColorScheme::Light, ColorScheme::Dark}) {
        theme::apply(scheme);
        view->resize(scheme == ColorScheme::Light ? QSize(1000, 640) : view->minimumSizeHint());
        QTest::qWait(50);
        const QPixmap picture = view->grab();
        QVERIFY(!picture.isNull());
        if (!pictures.isEmpty()) {
            picture.save(QString::fromLocal8Bit(pictures) + u"/conflict-%1.png"_s.arg(int(scheme)));
        }
    }
    theme::apply(ColorScheme::FollowSystem);
}

QTEST_MAIN(TestConflictView)
#include "tst_conflictview.moc"
