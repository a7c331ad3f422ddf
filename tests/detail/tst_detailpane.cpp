// The detail pane on a real store: what is saved, when it says so, and what a refresh must not touch.
#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QWindow>

#include "tests/detail/desk.h"
#include "tests/support/processortime.h"
#include "ui/detail/aiblock.h"
#include "ui/detail/callheader.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/dispositioninput.h"
#include "ui/detail/fieldbox.h"
#include "ui/detail/historylist.h"
#include "ui/detail/longtextview.h"
#include "ui/detail/notesinput.h"
#include "ui/detail/reviewblock.h"
#include "ui/detail/timingspanel.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kSqliteFull = 13;

constexpr bool isInstrumented() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

/// A second of silence, 8 kHz, as a file that a decoder takes.
QByteArray waveFile() {
    const QByteArray sound(16'000, '\0');
    QByteArray file("RIFF");
    const auto number = [&file](quint32 value, int bytes) {
        for (int i = 0; i < bytes; ++i) {
            file += char((value >> (8 * i)) & 0xff);
        }
    };
    number(quint32(36 + sound.size()), 4);
    file += "WAVEfmt ";
    number(16, 4);
    number(1, 2);
    number(1, 2);
    number(8'000, 4);
    number(16'000, 4);
    number(2, 2);
    number(16, 2);
    file += "data";
    number(quint32(sound.size()), 4);
    return file + sound;
}

QByteArray yotelJson(const QString& id, const QByteArray& more) {
    return "{\"id\":\"" + id.toUtf8() +
           "\",\"campaign_id\":null,\"lead_id\":null,\"agent_id\":null,\"fs_uuid\":\"f\",\"direction\":\"outbound\","
           "\"status\":\"completed\",\"dial_time\":\"2026-04-01T00:00:00Z\",\"ring_time\":null,\"answer_time\":null,"
           "\"agent_connect_time\":null,\"end_time\":\"2026-04-01T00:01:00Z\",\"ring_duration_s\":null,"
           "\"talk_duration_s\":null,\"total_duration_s\":60,\"hangup_cause\":null,\"disposition\":null,\"notes\":null,"
           "\"ai_sentiment\":null,\"ai_next_action\":null," +
           more + "}";
}

struct Shown {
    explicit Shown(Desk& desk) : pane(desk.services()) {
        frame.setFocusPolicy(Qt::StrongFocus);
        pane.resize(420, 900);
        pane.show();
        review = pane.findChild<ReviewBlock*>();
    }
    bool show(const QString& id) {
        const CallKey key{u"main"_s, id};
        pane.showCall(key);
        return QTest::qWaitFor([&] { return !review->notesInput()->isReadOnly() && header()->isVisible(); }, 10'000);
    }
    void typeNotes(const QString& text) {
        review->focusNotes();
        review->notesInput()->selectAll();
        QTest::keyClicks(review->notesInput(), text);
    }
    [[nodiscard]] CallHeader* header() const { return pane.findChild<CallHeader*>(); }
    [[nodiscard]] FieldBox* notes() const { return review->notesBox(); }

    QWidget frame;
    DetailPane pane;
    ReviewBlock* review = nullptr;
};

}  // namespace

class DetailPaneTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void saysSavedOnlyAfterCommit();
    void leavingAFieldCommits();
    void aNewDispositionIsLawful();
    void savesFromAnOpenList_data();
    void savesFromAnOpenList();
    void restoresTheProvidersValue();
    void escapeRevertsTyping();
    void escapeRevertsTheDisposition();
    void refreshNeverTouchesWhatIsTyped();
    void switchingCallsCommitsToTheOldOne();
    void typingBetweenTwoCallsReachesNeither();
    void offersTheDraftAgain();
    void fullDiskKeepsTheText();
    void showsHostileTextsPlainly();
    void hugeTextsDoNotFreeze();
    void tellsAbsencesApart();
    void keepsHistory();
    void opensLongHistoryTexts();
    void fetchesTheRecordingOfTheCallThatStays();
    void saysWhatIsWrongWithTheRecording_data();
    void saysWhatIsWrongWithTheRecording();
    void waitsForTheLink();
    void asksTheProviderOncePerShowing();
    void marksWhatTheProviderDoesNotFind();
    void doesNothingAfterItsEnd();
    void saysWhyNothingCanBeEdited();
    void fitsANarrowPlace();
};

void DetailPaneTest::saysSavedOnlyAfterCommit() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    shown.typeNotes(u"heard it all"_s);
    QCOMPARE(shown.notes()->stateText(), u"Not saved yet"_s);
    QVERIFY(shown.pane.hasUnsavedText());

    desk.gate->close();
    QSignalSpy committed(&shown.pane, &DetailPane::editsCommitted);
    shown.pane.commitEdits();
    QCOMPARE(shown.notes()->stateText(), u"Saving"_s);
    QVERIFY(!committed.wait(300));  // the disk has not said yes
    QCOMPARE(shown.notes()->stateText(), u"Saving"_s);
    QVERIFY(shown.pane.hasUnsavedText());
    desk.gate->open();
    QTRY_COMPARE(shown.notes()->stateText(), u"Saved on this computer"_s);
    QCOMPARE(committed.count(), 1);
    QVERIFY(!shown.pane.hasUnsavedText());
    QCOMPARE(notesThatCount(desk.stored({u"main"_s, u"a"_s})), std::optional(u"heard it all"_s));
}

void DetailPaneTest::leavingAFieldCommits() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    QVERIFY(QTest::qWaitForWindowActive(&shown.pane));
    shown.typeNotes(u"left by tab"_s);
    QTest::keyClick(shown.review->notesInput(), Qt::Key_Tab);
    QTRY_COMPARE(shown.notes()->stateText(), u"Saved on this computer"_s);
    QVERIFY2(shown.notes()->providerText().contains(u"the provider's notes of a"_s),
             qPrintable(shown.notes()->providerText()));
    QCOMPARE(notesThatCount(desk.stored({u"main"_s, u"a"_s})), std::optional(u"left by tab"_s));
}

void DetailPaneTest::aNewDispositionIsLawful() {
    Desk desk;
    QVERIFY(desk.open());
    desk.settings.values[u"dispositions/list"_s] = QStringList{u"FROM_SETTINGS"_s, u"CALLBACK"_s};
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Call other = Desk::call(u"b"_s);
    other.disposition = u"SOLD"_s;
    QVERIFY(desk.put(other));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    DispositionInput* input = shown.review->dispositionInput();
    QTRY_COMPARE(input->codes().size(), 3);  // in use: CALLBACK, SOLD; from the settings: FROM_SETTINGS
    QVERIFY(input->codes().contains(u"SOLD"_s) && input->codes().contains(u"FROM_SETTINGS"_s));
    QCOMPARE(input->typedText(), u"CALLBACK"_s);

    shown.pane.focusDisposition();
    QTest::keyClicks(input->lineEdit(), u"NEVER_SEEN"_s);
    QTest::keyClick(input->lineEdit(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(shown.review->dispositionBox()->stateText(), u"Saved on this computer"_s);
    QCOMPARE(dispositionThatCounts(desk.stored({u"main"_s, u"a"_s})), std::optional(u"NEVER_SEEN"_s));
    QVERIFY(shown.review->dispositionBox()->providerText().contains(u"CALLBACK"_s));
    QTRY_VERIFY(input->codes().contains(u"NEVER_SEEN"_s));
    QCOMPARE(input->typedText(), u"NEVER_SEEN"_s);
}

void DetailPaneTest::savesFromAnOpenList_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("downs");  // 0: the codes found while typing; else keys Down, the first opens all codes
    QTest::addColumn<int>("key");
    QTest::addColumn<QString>("saved");
    QTest::newRow("finds, save") << u"REN"_s << 0 << int(Qt::Key_S) << u"REN"_s;
    QTest::newRow("finds, save and next") << u"REN"_s << 0 << int(Qt::Key_Return) << u"REN"_s;
    QTest::newRow("all, typed") << u"NEW"_s << 1 << int(Qt::Key_S) << u"NEW"_s;
    QTest::newRow("all, highlighted") << u"NEW"_s << 2 << int(Qt::Key_S) << u"RENEWED"_s;
    QTest::newRow("all, save and next") << u"NEW"_s << 2 << int(Qt::Key_Enter) << u"RENEWED"_s;
}

/// An open list is a window of its own that hears the keys before the window with the shortcuts does.
void DetailPaneTest::savesFromAnOpenList() {
    QFETCH(QString, typed);
    QFETCH(int, downs);
    QFETCH(int, key);
    QFETCH(QString, saved);
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"c-1"_s)));
    desk.settings.values[u"dispositions/list"_s] = QStringList{u"RENEWED"_s};
    Shown shown(desk);
    QVERIFY(shown.show(u"c-1"_s));
    DispositionInput* input = shown.review->dispositionInput();
    QTRY_COMPARE(input->codes(), (QStringList{u"CALLBACK"_s, u"RENEWED"_s}));
    QSignalSpy next(&shown.pane, &DetailPane::nextWanted);
    shown.pane.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&shown.pane));
    shown.review->focusDisposition();
    QWindow* window = shown.pane.windowHandle();
    QTest::keyClicks(input, typed);
    QWidget* list = input->completer()->popup();
    if (downs > 0) {
        QTest::keyClick(input, Qt::Key_Down);
        list = input->view();
    }
    QTRY_VERIFY(list->isVisible());
    for (int i = 1; i < downs; ++i) {
        QTest::keyClick(window, Qt::Key_Down);
    }
    QTest::keyClick(window, Qt::Key(key), Qt::ControlModifier);
    QTRY_VERIFY(!list->isVisible());
    QTRY_COMPARE(shown.review->dispositionBox()->stateText(), u"Saved on this computer"_s);
    QCOMPARE(dispositionThatCounts(desk.stored({u"main"_s, u"c-1"_s})), std::optional(saved));
    QCOMPARE(next.size(), key == Qt::Key_S ? 0 : 1);
}

void DetailPaneTest::restoresTheProvidersValue() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    shown.typeNotes(u"mine"_s);
    shown.pane.commitEdits();
    QTRY_COMPARE(shown.notes()->stateText(), u"Saved on this computer"_s);
    QVERIFY(shown.notes()->restoreButton()->isVisible());
    shown.notes()->restoreButton()->click();
    QTRY_COMPARE(shown.review->notesInput()->typedText(), u"the provider's notes of a"_s);
    QTRY_VERIFY(shown.notes()->providerText().isEmpty());
    QVERIFY(!desk.stored({u"main"_s, u"a"_s}).review.notes);
}

void DetailPaneTest::escapeRevertsTyping() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    shown.typeNotes(u"nonsense"_s);
    QTest::keyClick(shown.review->notesInput(), Qt::Key_Escape);
    QCOMPARE(shown.review->notesInput()->typedText(), u"the provider's notes of a"_s);
    QVERIFY2(shown.notes()->stateText().contains(u"Ctrl+Z"_s), qPrintable(shown.notes()->stateText()));
    QVERIFY(!desk.stored({u"main"_s, u"a"_s}).review.notes);
    QTest::keyClick(shown.review->notesInput(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(shown.review->notesInput()->typedText(), u"nonsense"_s);
    QCOMPARE(shown.notes()->stateText(), u"Not saved yet"_s);
    shown.pane.commitEdits();
    QTRY_COMPARE(notesThatCount(desk.stored({u"main"_s, u"a"_s})), std::optional(u"nonsense"_s));
}

void DetailPaneTest::escapeRevertsTheDisposition() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    auto* input = shown.pane.findChild<DispositionInput*>();
    shown.review->focusDisposition();
    QTest::keyClicks(input, u"WRONG"_s);
    QCOMPARE(input->currentText(), u"WRONG"_s);
    QTest::keyClick(input, Qt::Key_Escape);
    QCOMPARE(input->currentText(), u"CALLBACK"_s);
    QTest::keyClick(input, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(input->currentText(), u"WRONG"_s);
    shown.pane.commitEdits();
    QTRY_COMPARE(dispositionThatCounts(desk.stored({u"main"_s, u"a"_s})), std::optional(u"WRONG"_s));
}

void DetailPaneTest::refreshNeverTouchesWhatIsTyped() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    shown.typeNotes(u"half a sentence"_s);
    QTextCursor cursor = shown.review->notesInput()->textCursor();
    cursor.setPosition(4);
    shown.review->notesInput()->setTextCursor(cursor);

    Call changed = Desk::call(u"a"_s);
    changed.notes = u"changed over there"_s;
    changed.summary = u"A summary that came late."_s;
    QVERIFY(desk.put(changed));
    auto* ai = shown.pane.findChild<AiBlock*>();
    QTRY_COMPARE(ai->summary()->text(), u"A summary that came late."_s);  // the refresh has been shown
    QCOMPARE(shown.review->notesInput()->typedText(), u"half a sentence"_s);
    QCOMPARE(shown.review->notesInput()->textCursor().position(), 4);
    QVERIFY2(shown.notes()->badgeText().contains(u"while you were editing"_s), qPrintable(shown.notes()->badgeText()));
    QVERIFY(shown.notes()->providerText().contains(u"changed over there"_s));

    shown.pane.commitEdits();
    QTRY_COMPARE(shown.notes()->stateText(), u"Saved on this computer"_s);
    const ReviewedCall kept = desk.stored({u"main"_s, u"a"_s});
    QCOMPARE(notesThatCount(kept), std::optional(u"half a sentence"_s));
    QCOMPARE(kept.review.notes->base,
             std::optional(u"the provider's notes of a"_s));  // what was there when typing began
    QCOMPARE(shown.review->notesInput()->textCursor().position(), 4);
    QTRY_VERIFY2(shown.notes()->badgeText().contains(u"after your edit"_s), qPrintable(shown.notes()->badgeText()));
}

void DetailPaneTest::switchingCallsCommitsToTheOldOne() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    QVERIFY(desk.put(Desk::call(u"b"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    shown.typeNotes(u"for a"_s);
    QVERIFY(shown.show(u"b"_s));
    QTRY_COMPARE(shown.review->notesInput()->typedText(), u"the provider's notes of b"_s);
    QTRY_COMPARE(notesThatCount(desk.stored({u"main"_s, u"a"_s})), std::optional(u"for a"_s));
    QVERIFY(!desk.stored({u"main"_s, u"b"_s}).review.notes);
    QVERIFY(shown.show(u"a"_s));
    QTRY_COMPARE(shown.review->notesInput()->typedText(), u"for a"_s);
}

void DetailPaneTest::typingBetweenTwoCallsReachesNeither() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    QVERIFY(desk.put(Desk::call(u"b"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    shown.pane.focusNotes();
    shown.pane.showCall(CallKey{u"main"_s, u"b"_s});
    QTest::keyClicks(shown.review->notesInput(), u"x"_s);  // the store has not answered yet
    shown.pane.focusNotes();                               // taken up once the call is there
    QTRY_COMPARE(shown.review->notesInput()->typedText(), u"the provider's notes of b"_s);
    QTRY_VERIFY(!shown.review->notesInput()->isReadOnly());
    shown.pane.commitEdits();
    QVERIFY(!desk.stored({u"main"_s, u"a"_s}).review.notes);
    QVERIFY(!desk.stored({u"main"_s, u"b"_s}).review.notes);
}

void DetailPaneTest::offersTheDraftAgain() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    bool kept = false;
    desk.store->saveDraft(
        {{u"main"_s, u"a"_s}, ReviewField::Notes, u"the provider's notes of a"_s, u"typed before the power went"_s, {}},
        &desk, [&](const Done& done) { kept = done.has_value(); });
    QTRY_VERIFY(kept);
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    QTRY_COMPARE(shown.review->notesInput()->typedText(), u"typed before the power went"_s);
    QCOMPARE(shown.notes()->stateText(), u"Draft kept"_s);
    QVERIFY(!shown.pane.hasUnsavedText());                          // a draft is on disk
    QVERIFY(shown.review->notesInput()->document()->isModified());  // Esc is for it before it is for the table
    QTest::keyClick(shown.review->notesInput(), Qt::Key_Escape);
    QCOMPARE(shown.review->notesInput()->typedText(), u"the provider's notes of a"_s);
    QVERIFY(!shown.review->notesInput()->document()->isModified());
    QVERIFY(!desk.stored({u"main"_s, u"a"_s}).review.notes);
}

void DetailPaneTest::fullDiskKeepsTheText() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    shown.typeNotes(u"precious"_s);
    desk.gate->failWith = kSqliteFull;
    shown.pane.commitEdits();
    QTRY_VERIFY2(shown.notes()->stateText().startsWith(u"Not saved: "_s), qPrintable(shown.notes()->stateText()));
    QCOMPARE(shown.review->notesInput()->typedText(), u"precious"_s);
    QVERIFY(shown.pane.hasUnsavedText());
    desk.gate->failWith = 0;
    QTRY_COMPARE_WITH_TIMEOUT(shown.notes()->stateText(), u"Saved on this computer"_s, 10'000);
    QCOMPARE(notesThatCount(desk.stored({u"main"_s, u"a"_s})), std::optional(u"precious"_s));
}

void DetailPaneTest::showsHostileTextsPlainly() {
    Desk desk;
    QVERIFY(desk.open());
    const QString evil = u"<img src='file:///etc/passwd'><b>x</b> %1 %2 \u202Egnirts\u202C\u0007"_s;
    Call call = Desk::call(u"<b>id</b>"_s);
    for (std::optional<QString> Call::*text :
         {&Call::campaignName, &Call::leadId, &Call::agentId, &Call::hangupCause, &Call::disposition, &Call::notes,
          &Call::summary, &Call::sentiment, &Call::nextAction, &Call::switchId, &Call::campaignId, &Call::statusRaw,
          &Call::typeRaw}) {
        call.*text = evil;
    }
    call.status = CallStatus::Unknown;
    call.direction = Direction::Unknown;
    call.fieldErrors = {{evil, evil}};
    QVERIFY(desk.put(call));
    Shown shown(desk);
    QVERIFY(shown.show(u"<b>id</b>"_s));
    for (QAbstractButton* button : shown.pane.findChildren<QAbstractButton*>()) {
        if (button->text() == u"All fields"_s || button->text() == u"History"_s) {
            button->click();
        }
    }
    shown.typeNotes(u"<img src='file:///etc/shadow'>"_s);
    shown.pane.commitEdits();
    QTRY_COMPARE(shown.notes()->stateText(), u"Saved on this computer"_s);
    QTRY_VERIFY(shown.pane.findChild<HistoryList*>()->count() > 0);

    const QList<QLabel*> labels = shown.pane.findChildren<QLabel*>();
    QVERIFY(labels.size() > 60);
    bool literal = false;
    for (const QLabel* label : labels) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(!label->openExternalLinks());
        literal = literal || label->text().contains(u"<img src='file:///etc/passwd'>"_s);
        QVERIFY2(!label->text().contains(QChar(0x202e)), qPrintable(label->text()));
    }
    QVERIFY(literal);
    for (const QWidget* widget : shown.pane.findChildren<QWidget*>()) {
        QVERIFY(widget->toolTip().isEmpty() || !widget->toolTip().contains(u"<img"_s));
    }
    QVERIFY(shown.pane.findChild<AiBlock*>()->summary()->area()->toPlainText().contains(
        u"<img src='file:///etc/passwd'><b>x</b> %1 %2 <U+202E>gnirts"_s));
    shown.pane.grab();
}

void DetailPaneTest::hugeTextsDoNotFreeze() {
    Desk desk;
    QVERIFY(desk.open());
    Call call = Desk::call(u"huge"_s);
    call.summary = QString(10'000'000, u's');
    call.notes = u"word "_s.repeated(2'000'000);
    call.nextAction = QString(10'000'000, u'\n');
    QVERIFY(desk.put(call));
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    const ProcessorTime used;
    QVERIFY(shown.show(u"huge"_s));
    shown.pane.grab();
    const double spent = used.ms();
    qInfo("showing three texts of 10 MB: %.0f ms", spent);
    if (!isInstrumented()) {
        QVERIFY(spent < 400);  // three texts, several turns of the event loop
    }
    QVERIFY(!shown.review->notesInput()->isVisible());  // shown in parts instead
    const auto views = shown.review->findChildren<LongTextView*>();
    QVERIFY(std::any_of(views.begin(), views.end(),
                        [](LongTextView* view) { return view->isVisible() && view->hasNext(); }));
    shown.pane.commitEdits();
    QVERIFY(!desk.stored({u"main"_s, u"huge"_s}).review.notes);  // looking is not editing
}

void DetailPaneTest::tellsAbsencesApart() {
    Desk desk;
    QVERIFY(desk.open());
    Call none = Desk::call(u"none"_s);
    none.summary.reset();
    none.sentiment.reset();
    none.nextAction.reset();
    QVERIFY(desk.put(none));
    Call other = Desk::call(u"vatel"_s);
    other.provider = Provider::Vatel;
    other.sentiment.reset();
    other.nextAction.reset();
    QVERIFY(desk.put(other));
    Shown shown(desk);
    QVERIFY(shown.show(u"none"_s));
    auto* ai = shown.pane.findChild<AiBlock*>();
    QTRY_VERIFY2(ai->absenceText().contains(u"No summary."_s), qPrintable(ai->absenceText()));
    QVERIFY(shown.show(u"vatel"_s));
    QTRY_VERIFY2(ai->absenceText().contains(u"not offered by Vatel"_s), qPrintable(ai->absenceText()));
    QVERIFY(!ai->absenceText().contains(u"summary"_s));
}

void DetailPaneTest::keepsHistory() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    auto* history = shown.pane.findChild<HistoryList*>();
    for (QAbstractButton* button : shown.pane.findChildren<QAbstractButton*>()) {
        if (button->text() == u"History"_s) {
            button->click();
        }
    }
    for (const QString& text : {u"first"_s, u"second"_s}) {
        shown.typeNotes(text);
        shown.pane.commitEdits();
        QTRY_COMPARE(shown.notes()->stateText(), u"Saved on this computer"_s);
    }
    QTRY_COMPARE(history->count(), 2);
    const QStringList lines = history->shownLines();
    QVERIFY2(lines.first().contains(u"first"_s) && lines.first().contains(u"second"_s),
             qPrintable(lines.join(u'\n')));  // newest on top
    QVERIFY(lines[1].contains(u"at the desk"_s));

    // An earlier text comes back as a new edit; the newest one of a field has nothing to bring back.
    QPushButton* back = nullptr;
    for (QPushButton* button : history->findChildren<QPushButton*>()) {
        if (button->text() == u"Bring back"_s) {
            QVERIFY(back == nullptr);
            back = button;
        }
    }
    QVERIFY(back != nullptr);
    back->setFocus();
    QTest::keyClick(back, Qt::Key_Return);
    QTRY_COMPARE(history->count(), 3);
    QCOMPARE(desk.store->review({u"main"_s, u"a"_s}).notes->value, u"first"_s);
    QVERIFY(history->shownLines().first().contains(u"first"_s));
}

void DetailPaneTest::opensLongHistoryTexts() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    auto* history = shown.pane.findChild<HistoryList*>();
    const QString text = u"words "_s.repeated(2'000) + u"\nlast line"_s;
    HistoryEntry entry;
    entry.field = ReviewField::Notes;
    entry.to = text;
    history->setEntries({entry});
    QVERIFY(!history->shownLines().join(u' ').contains(u"last line"_s));
    QVERIFY(history->findChildren<LongTextView*>().isEmpty());
    QPushButton* const open = history->findChild<QPushButton*>(u"wholeText"_s);
    QVERIFY(open != nullptr);
    open->click();
    QCOMPARE(history->findChildren<LongTextView*>().size(), 1);
    QCOMPARE(history->findChild<LongTextView*>()->text(), text);
    open->click();
    QVERIFY(history->findChildren<LongTextView*>().isEmpty());
}

void DetailPaneTest::fetchesTheRecordingOfTheCallThatStays() {
    Desk desk;
    QVERIFY(desk.open());
    desk.server.on("/sound/a.wav", Reply::bytes(waveFile(), "audio/wav"));
    desk.server.on("/sound/b.wav", Reply::bytes(waveFile(), "audio/wav"));
    for (const QString& id : {u"a"_s, u"b"_s}) {
        Call call = Desk::call(id);
        call.hasRecording = true;
        call.recordingUrl = desk.server.url(u"/sound/%1.wav?signature=SIGCANARY"_s.arg(id)).toString();
        QVERIFY(desk.put(call));
    }
    Shown shown(desk);
    QSignalSpy messages(&shown.pane, &DetailPane::recordingMessageChanged);
    QVERIFY(shown.show(u"a"_s));
    QVERIFY(shown.show(u"b"_s));  // passed by at once
    QTRY_VERIFY(desk.player->call() == (CallKey{u"main"_s, u"b"_s}));
    QCOMPARE(desk.server.count("/sound/a.wav"), 0);
    QCOMPARE(desk.server.count("/sound/b.wav"), 1);
    QVERIFY(!messages.isEmpty());
    QCOMPARE(messages.last().first().toString(), QString());  // open: the bar speaks for itself
    for (const auto& message : messages) {
        QVERIFY(!message.first().toString().contains(u"SIGCANARY"_s));
    }
    desk.player->setMuted(true);
    QVERIFY(shown.show(u"a"_s));
    QCOMPARE(desk.player->call() == (CallKey{u"main"_s, u"b"_s}), false);  // one call at a time
    shown.pane.playRecording();                                            // asked for: at once
    QTRY_VERIFY(desk.player->call() == (CallKey{u"main"_s, u"a"_s}));
    QTRY_VERIFY(desk.player->state() == PlayerState::Playing || desk.player->state() == PlayerState::Ended);
}

void DetailPaneTest::saysWhatIsWrongWithTheRecording_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("words");
    QTest::newRow("none") << 0 << u"This call has no recording."_s;
    QTest::newRow("going on") << 3 << u"No recording yet: the call has not ended."_s;
    QTest::newRow("gone") << 4 << u"This call has no recording."_s;
    QTest::newRow("no sound") << 1 << QString();
    QTest::newRow("refused") << 2 << QString();
}

void DetailPaneTest::saysWhatIsWrongWithTheRecording() {
    QFETCH(int, kind);
    QFETCH(QString, words);
    Desk desk;
    QVERIFY(desk.open());
    Call call = Desk::call(u"a"_s);
    call.hasRecording = kind != 0 && kind != 3;
    if (kind == 4) {
        call.hasRecording.reset();  // asked for, and then there is none
        desk.server.on(
            "/api/v1/calls/a",
            Reply::json(yotelJson(u"a"_s, "\"has_recording\":false,\"ai_summary\":\"s\",\"recording_url\":null")));
        QVERIFY(desk.put(call));
        Shown shown(desk);
        QSignalSpy messages(&shown.pane, &DetailPane::recordingMessageChanged);
        QVERIFY(shown.show(u"a"_s));
        shown.pane.playRecording();
        QTRY_COMPARE(messages.last().first().toString(), words);
        for (const auto* line : shown.pane.findChildren<IconLine*>()) {
            QVERIFY(line->text() != words || line->label()->tone() == Tone::Quiet);
        }
        return;
    }
    if (kind == 3) {
        call.status = CallStatus::InProgress;
        call.endTime.reset();
    } else if (kind != 0) {
        call.recordingUrl = desk.server.url(u"/sound/a.wav?signature=SIGCANARY"_s).toString();
    }
    desk.server.on("/sound/a.wav", kind == 1 ? Reply::html("<html>sign in</html>") : Reply::code(403));
    const QByteArray url = call.recordingUrl.value_or(QString()).toUtf8();
    desk.server.on("/api/v1/calls/a",
                   Reply::json(yotelJson(
                       u"a"_s, "\"has_recording\":true,\"ai_summary\":\"s\",\"recording_url\":\"" + url + "\"")));
    QVERIFY(desk.put(call));
    Shown shown(desk);
    QSignalSpy messages(&shown.pane, &DetailPane::recordingMessageChanged);
    QVERIFY(shown.show(u"a"_s));
    QTRY_VERIFY(!messages.isEmpty() && !messages.last().first().toString().isEmpty() &&
                !messages.last().first().toString().contains(u"fetched"_s));
    const QString last = messages.last().first().toString();
    QVERIFY2(last.contains(words), qPrintable(last));
    QVERIFY(!last.contains(u"SIGCANARY"_s));
    QVERIFY(!desk.player->call());
}

void DetailPaneTest::waitsForTheLink() {
    Desk desk;
    QVERIFY(desk.open());
    desk.refresher->setLadder({std::chrono::milliseconds(300), std::chrono::milliseconds(600)});
    Call call = Desk::call(u"a"_s);
    call.hasRecording = true;
    desk.server.on("/sound/a.wav", Reply::bytes(waveFile(), "audio/wav"));
    const QByteArray url = desk.server.url(u"/sound/a.wav"_s).toString().toUtf8();
    desk.server.on("/api/v1/calls/a",
                   Reply::json(yotelJson(
                       u"a"_s, "\"has_recording\":true,\"ai_summary\":\"s\",\"recording_url\":\"" + url + "\"")));
    QVERIFY(desk.put(call));
    Shown shown(desk);
    QSignalSpy messages(&shown.pane, &DetailPane::recordingMessageChanged);
    QVERIFY(shown.show(u"a"_s));
    QTRY_VERIFY(std::any_of(messages.begin(), messages.end(), [](const QList<QVariant>& message) {
        return message.first().toString().contains(u"has not issued the link yet"_s);
    }));
    QTRY_VERIFY(desk.player->call() == (CallKey{u"main"_s, u"a"_s}));
}

void DetailPaneTest::asksTheProviderOncePerShowing() {
    Desk desk;
    QVERIFY(desk.open());
    Call going = Desk::call(u"a"_s);
    going.status = CallStatus::InProgress;
    going.statusRaw = u"in_progress"_s;
    going.endTime.reset();
    QVERIFY(desk.put(going));
    QVERIFY(desk.put(Desk::call(u"done"_s)));
    desk.server.on(
        "/api/v1/calls/a",
        Reply::json(yotelJson(u"a"_s, "\"has_recording\":false,\"recording_url\":null,\"ai_summary\":null")));
    Shown shown(desk);
    QVERIFY(shown.show(u"a"_s));
    QTest::qWait(400);
    QCOMPARE(desk.server.count("/api/v1/calls/a"), 0);  // told seconds ago

    desk.clock->advance(std::chrono::minutes(2));
    QVERIFY(shown.show(u"done"_s));
    QVERIFY(shown.show(u"a"_s));
    QTRY_COMPARE(desk.server.count("/api/v1/calls/a"), 1);
    QTRY_COMPARE(desk.stored({u"main"_s, u"a"_s}).call.status, CallStatus::Completed);
    QTRY_VERIFY(shown.pane.findChild<AiBlock*>()->absenceText().contains(u"No summary."_s));
    desk.clock->advance(std::chrono::minutes(2));
    QVERIFY(desk.put(desk.stored({u"main"_s, u"a"_s}).call));  // a pull passes by
    QTest::qWait(400);
    QCOMPARE(desk.server.count("/api/v1/calls/a"), 1);
    QCOMPARE(desk.server.count("/api/v1/calls/done"), 0);  // ended and complete: nothing to ask
}

void DetailPaneTest::marksWhatTheProviderDoesNotFind() {
    Desk desk;
    QVERIFY(desk.open());
    Call going = Desk::call(u"gone"_s);
    going.status = CallStatus::InProgress;
    QVERIFY(desk.put(going));
    desk.clock->advance(std::chrono::minutes(2));
    desk.server.on("/api/v1/calls/gone", Reply::json("{\"detail\":\"Call not found\"}", 404));
    Shown shown(desk);
    QVERIFY(shown.show(u"gone"_s));
    shown.typeNotes(u"still mine"_s);
    QTRY_VERIFY(desk.stored({u"main"_s, u"gone"_s}).notFoundSince.has_value());
    const auto isMarked = [&shown] {
        const QList<QLabel*> labels = shown.header()->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() &&
                   label->text().startsWith(u"Not found at Yotel (deleted, or another tenant's) since"_s);
        });
    };
    QTRY_VERIFY(isMarked());
    QCOMPARE(shown.review->notesInput()->typedText(), u"still mine"_s);
}

void DetailPaneTest::doesNothingAfterItsEnd() {
    Desk desk;
    QVERIFY(desk.open());
    QVERIFY(desk.put(Desk::call(u"a"_s)));
    {
        Shown shown(desk);
        shown.pane.showCall(CallKey{u"main"_s, u"a"_s});
    }
    {
        Shown shown(desk);
        QVERIFY(shown.show(u"a"_s));
        shown.typeNotes(u"last words"_s);
        shown.pane.commitEdits();
    }
    QTest::qWait(100);  // answers that come now find nobody
    QCOMPARE(notesThatCount(desk.stored({u"main"_s, u"a"_s})), std::optional(u"last words"_s));
}

void DetailPaneTest::saysWhyNothingCanBeEdited() {
    Desk desk;
    QVERIFY(desk.open());
    Call call = Desk::call(u"c-1"_s);
    call.notes.reset();
    QVERIFY(desk.put(call));
    Store::Options options;
    options.folder = desk.folder.path();
    options.clock = desk.clock;
    options.readOnly = true;
    Store beside(options);
    bool opened = false;
    beside.open(this, [&opened](const Done& done) { opened = done.has_value(); });
    QTRY_VERIFY(opened && beside.isReadOnly());
    DeskServices services = desk.services();
    services.store = &beside;
    DetailPane pane(services);
    pane.resize(420, 900);
    pane.show();
    pane.showCall(CallKey{u"main"_s, u"c-1"_s});
    auto* review = pane.findChild<ReviewBlock*>();
    QTRY_COMPARE(review->dispositionInput()->typedText(), u"CALLBACK"_s);
    const QPalette ground = review->palette();
    for (const FieldBox* box : {review->dispositionBox(), review->notesBox()}) {
        QVERIFY2(box->lockedText().contains(u"data folder cannot be written"_s), qPrintable(box->lockedText()));
        const auto lines = box->findChildren<IconLine*>();
        QVERIFY(std::any_of(lines.begin(), lines.end(), [](const auto* line) { return line->isVisible(); }));
    }
    QVERIFY(review->notesInput()->isReadOnly() && review->dispositionInput()->isReadOnly());
    QCOMPARE(review->notesInput()->placeholderText(), QString());
    QVERIFY(review->notesInput()->accessibleDescription().contains(u"Cannot be edited"_s));
    for (const QWidget* input :
         {static_cast<QWidget*>(review->notesInput()), static_cast<QWidget*>(review->dispositionInput())}) {
        QCOMPARE(input->palette().color(QPalette::Base), ground.color(QPalette::Window));
    }
    review->dispositionInput()->showPopup();  // as a click on its arrow does
    QVERIFY(!review->dispositionInput()->view()->isVisible());
    Shown writable(desk);  // and where it can be saved there is no such word
    QVERIFY(writable.show(u"c-1"_s));
    QCOMPARE(writable.notes()->lockedText(), QString());
    QVERIFY(!writable.review->notesInput()->placeholderText().isEmpty());
    QVERIFY(writable.review->notesInput()->palette().color(QPalette::Base) != ground.color(QPalette::Window));
}

void DetailPaneTest::fitsANarrowPlace() {
    Desk desk;
    QVERIFY(desk.open());
    Call call = Desk::call(u"a"_s);
    call.campaignName = QString(300, u'W');
    call.hangupCause = QString(300, u'H');
    call.leadId = QString(300, u'L');
    call.summary = u"Very long. "_s.repeated(40'000);
    call.notes = u"Very long. "_s.repeated(40'000);
    call.nextAction = QString(5'000, u'N');
    QVERIFY(desk.put(call));
    Shown shown(desk);
    shown.pane.resize(340, 700);
    QVERIFY(shown.show(u"a"_s));
    for (QAbstractButton* button : shown.pane.findChildren<QAbstractButton*>()) {
        if (button->text() == u"All fields"_s || button->text() == u"History"_s) {
            button->click();
        }
    }
    const auto* scroll = shown.pane.findChild<QScrollArea*>();
    QTRY_COMPARE(scroll->widget()->width(), scroll->viewport()->width());
    const auto firstCutOff = [scroll]() -> QString {
        for (const QWidget* part : scroll->widget()->findChildren<QWidget*>()) {
            if (!part->isVisible()) {
                continue;
            }
            if (part->mapTo(scroll->widget(), QPoint(part->width(), 0)).x() > scroll->widget()->width()) {
                return u"at the right: "_s + QString::fromLatin1(part->metaObject()->className());
            }
            const auto* label = qobject_cast<const QLabel*>(part);
            if (label != nullptr && label->wordWrap() && label->height() < label->heightForWidth(label->width())) {
                return u"below: "_s + label->text();
            }
        }
        return {};
    };
    QTRY_COMPARE(firstCutOff(), QString());
}

QTEST_MAIN(DetailPaneTest)
#include "tst_detailpane.moc"
