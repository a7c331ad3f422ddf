// Typing -> draft -> edit against a real store in a temporary folder: the state never lies and no text is lost.
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cstring>
#include <memory>

#include "models/edits/fieldeditor.h"
#include "models/edits/reviewmarks.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr int kFull = 13;  // SQLITE_FULL

ReviewedCall callOf(const QString& id, const std::optional<QString>& notes,
                    const std::optional<QString>& disposition = {}) {
    ReviewedCall call;
    call.call.key = {u"main"_s, id};
    call.call.notes = notes;
    call.call.disposition = disposition;
    return call;
}

}  // namespace

class TestFieldEditor : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void cleanup();
    void showsWhatCounts();
    void savedIsSaidAfterCommitOnly();
    void draftIsKeptTwoSecondsAfterTheFirstKey();
    void draftSurvivesARestart();
    void aDraftFoundAgainIsNoEditUntilSomebodyDecides();
    void typingBackIsNoEdit();
    void revertDropsTheDraft();
    void clearingIsAnEdit();
    void dispositionIsTrimmed();
    void restoreBringsTheProviderBack();
    void restoreWithoutEditIsRevert();
    void keysDuringACommitAreNotLost();
    void refreshNeverTouchesTyping();
    void refreshShowsTheProvidersNewValue();
    void baseIsWhatWasSeenWhenTypingBegan();
    void switchingCommitsToTheOldCall();
    void failedCommitKeepsTheTextAndTriesAgain();
    void failedCommitOfAFormerCallGoesOn();
    void newerTextReplacesAFailedCommit();
    void failedDraftIsSaid();
    void revertGivesUpAFailedCommit();
    void lastWordsAreCommittedAtTheEnd();
    void someoneElsesEditIsShown();
    void anOldCopyOfTheCallDoesNoHarm();
    void emptyEditor();
    void togetherIsOneTransactionAndOneStep();
    void togetherStaysOneStepAfterAFailure();

 private:
    void openStore() {
        m_store.reset();
        m_store = std::make_unique<Store>(Store::Options{
            m_folder->filePath(u"profile"_s), nullptr,
            [this](const char* sql) { return m_broken && std::strstr(sql, m_breakAt) ? kFull : 0; }, false});
        bool open = false;
        m_store->open(m_store.get(), [&](const Done& done) { open = done.has_value(); });
        QTRY_VERIFY(open);
    }
    std::vector<Draft> drafts() {
        std::optional<std::vector<Draft>> answer;
        m_store->loadDrafts(m_store.get(), [&](Result<std::vector<Draft>> drafts) { answer = drafts.value(); });
        return QTest::qWaitFor([&] { return answer.has_value(); }) ? *answer : std::vector<Draft>();
    }
    std::vector<HistoryEntry> history(const QString& id) {
        std::optional<std::vector<HistoryEntry>> answer;
        m_store->loadHistory({u"main"_s, id}, m_store.get(),
                             [&](Result<std::vector<HistoryEntry>> lines) { answer = lines.value(); });
        return QTest::qWaitFor([&] { return answer.has_value(); }) ? *answer : std::vector<HistoryEntry>();
    }
    std::optional<LocalEdit> notesOf(const QString& id) { return m_store->review({u"main"_s, id}).notes; }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
    std::atomic<bool> m_broken = false;
    const char* m_breakAt = "COMMIT";
};

void TestFieldEditor::init() {
    m_broken = false;
    m_breakAt = "COMMIT";
    m_folder = std::make_unique<QTemporaryDir>();
    openStore();
}

void TestFieldEditor::cleanup() {
    m_store.reset();
    m_folder.reset();
}

void TestFieldEditor::showsWhatCounts() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    QSignalSpy changed(&notes, &FieldEditor::changed);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    QCOMPARE(notes.text(), u"theirs"_s);
    QCOMPARE(notes.state(), SaveState::Untouched);
    QVERIFY(!notes.isEdited() && !notes.hasUnsavedText() && notes.problem().isEmpty());
    QVERIFY(changed.size() > 0);
    notes.setCall(callOf(u"2"_s, std::nullopt), std::nullopt);
    QCOMPARE(notes.text(), QString());
    QVERIFY(!notes.providerValue());
    FieldEditor disposition(m_store.get(), ReviewField::Disposition);
    disposition.setCall(callOf(u"1"_s, u"theirs"_s, u"SALE"_s), std::nullopt);
    QCOMPARE(disposition.text(), u"SALE"_s);
}

void TestFieldEditor::savedIsSaidAfterCommitOnly() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    // Whenever the editor says "saved", the row must be there: a second connection looks each time.
    int saved = 0;
    connect(&notes, &FieldEditor::changed, this, [&] {
        if (notes.state() == SaveState::Saved) {
            auto other =
                ReviewsDatabase::open(m_folder->filePath(u"profile/reviews.db"_s), ReviewsDatabase::Access::ReadOnly);
            QVERIFY(other);
            QVERIFY((*other)->review({u"main"_s, u"1"_s})->notes->value == u"mine"_s);
            ++saved;
        }
    });
    QSignalSpy committed(&notes, &FieldEditor::committed);
    notes.setText(u"mine"_s);
    QCOMPARE(notes.state(), SaveState::Typing);
    QVERIFY(notes.hasUnsavedText());
    notes.commit();
    QCOMPARE(notes.state(), SaveState::Saving);
    QVERIFY(notes.hasUnsavedText());
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    QVERIFY(saved > 0);
    QCOMPARE(committed.size(), 1);
    QVERIFY(notes.isEdited() && !notes.hasUnsavedText());
    QCOMPARE(notes.text(), u"mine"_s);
    QVERIFY(notes.providerValue() == u"theirs"_s);
    notes.commit();  // nothing changed: nothing happens
    QCOMPARE(notes.state(), SaveState::Saved);
    QCOMPARE(history(u"1"_s).size(), size_t(1));
    QCOMPARE(history(u"1"_s).front().origin, u"desk"_s);
}

void TestFieldEditor::draftIsKeptTwoSecondsAfterTheFirstKey() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, std::nullopt), std::nullopt);
    QElapsedTimer sinceFirstKey;
    sinceFirstKey.start();
    qint64 keptAfter = -1;
    connect(&notes, &FieldEditor::changed, this, [&] {
        if (keptAfter < 0 && notes.state() == SaveState::DraftKept) {
            keptAfter = sinceFirstKey.elapsed();
        }
    });
    // A key every 150 ms for 3 s: a timer that started anew with each key would never fire.
    QString typed;
    while (sinceFirstKey.elapsed() < 3'000) {
        typed += u'x';
        notes.setText(typed);
        QTest::qWait(150);
        const auto kept = drafts();
        if (!kept.empty() && keptAfter < 0) {
            keptAfter = sinceFirstKey.elapsed();
        }
    }
    QVERIFY2(keptAfter > 1'500 && keptAfter < 2'600, qPrintable(QString::number(keptAfter)));
    QTRY_COMPARE_WITH_TIMEOUT(notes.state(), SaveState::DraftKept, 4'000);
    QCOMPARE(drafts().front().text, typed);
    QVERIFY(!notesOf(u"1"_s));  // a draft is no edit
    QVERIFY(notes.hasUnsavedText());
}

void TestFieldEditor::draftSurvivesARestart() {
    {
        FieldEditor notes(m_store.get(), ReviewField::Notes);
        notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
        Draft draft;
        draft.key = {u"main"_s, u"1"_s};
        draft.text = u"half a sent"_s;
        bool kept = false;
        m_store->saveDraft(draft, m_store.get(), [&](const Done& done) { kept = done.has_value(); });
        QTRY_VERIFY(kept);
    }
    openStore();  // the program was killed and started again
    const auto found = drafts();
    QCOMPARE(found.size(), size_t(1));
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), found.front().text);
    QCOMPARE(notes.state(), SaveState::DraftKept);
    QCOMPARE(notes.text(), u"half a sent"_s);
    notes.setText(u"half a sentence"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    QVERIFY(drafts().empty());
    QVERIFY(notesOf(u"1"_s)->value == u"half a sentence"_s);
    // A draft that says what counts anyway is no unsaved text.
    notes.setCall(callOf(u"2"_s, u"same"_s), u"same"_s);
    QCOMPARE(notes.state(), SaveState::Untouched);
}

void TestFieldEditor::aDraftFoundAgainIsNoEditUntilSomebodyDecides() {
    const CallKey key{u"main"_s, u"1"_s};
    Draft draft;
    draft.key = key;
    draft.text = u"half a sent"_s;
    bool kept = false;
    m_store->saveDraft(draft, m_store.get(), [&](const Done& done) { kept = done.has_value(); });
    QTRY_VERIFY(kept);
    {
        FieldEditor notes(m_store.get(), ReviewField::Notes);
        notes.setCall(callOf(u"1"_s, u"theirs"_s), draft.text);
        QCOMPARE(notes.text(), draft.text);
        QVERIFY(!notes.hasUnsavedText());  // a window may close
        notes.leave();
        QVERIFY(!notes.takeLeft(u"a step"_s));
        QCOMPARE(notes.state(), SaveState::DraftKept);
        notes.setCall(callOf(u"2"_s, u"others"_s), std::nullopt);
        QCOMPARE(notes.state(), SaveState::Untouched);
        notes.setCall(callOf(u"1"_s, u"theirs"_s), draft.text);
        notes.clear();
        notes.setCall(callOf(u"1"_s, u"theirs"_s), draft.text);
    }  // and the window has closed over it
    QCOMPARE(drafts().size(), size_t(1));
    QVERIFY(history(u"1"_s).empty());

    FieldEditor notes(m_store.get(), ReviewField::Notes);
    QSignalSpy dropped(&notes, &FieldEditor::draftDropped);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), draft.text);
    notes.revertTyping();
    QCOMPARE(dropped.size(), 1);
    QTRY_VERIFY(drafts().empty());
    notes.setCall(callOf(u"2"_s, std::nullopt), std::nullopt);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), draft.text);
    notes.setText(u"half a sentence"_s);  // typed on: now it is as any typing
    QVERIFY(notes.hasUnsavedText());
    notes.leave();
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    QCOMPARE(notesOf(u"1"_s)->value, u"half a sentence"_s);
    notes.setCall(callOf(u"2"_s, std::nullopt), draft.text);
    notes.commit();  // as it is, asked for
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    QCOMPARE(notesOf(u"2"_s)->value, draft.text);
}

void TestFieldEditor::typingBackIsNoEdit() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    notes.setText(u"theirs!"_s);
    notes.setText(u"theirs"_s);
    QCOMPARE(notes.state(), SaveState::Untouched);
    QVERIFY(!notes.hasUnsavedText());
    notes.commit();
    QVERIFY(history(u"1"_s).empty());
    QTest::qWait(2'300);
    QVERIFY(drafts().empty());
}

void TestFieldEditor::revertDropsTheDraft() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    notes.setText(u"mistake"_s);
    QTRY_COMPARE_WITH_TIMEOUT(notes.state(), SaveState::DraftKept, 4'000);
    notes.revertTyping();
    QCOMPARE(notes.text(), u"theirs"_s);
    QCOMPARE(notes.state(), SaveState::Untouched);
    QTRY_VERIFY(drafts().empty());
    QVERIFY(history(u"1"_s).empty());
}

void TestFieldEditor::clearingIsAnEdit() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    notes.setText(QString());
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    QVERIFY(notesOf(u"1"_s) && !notesOf(u"1"_s)->value);
    QCOMPARE(notes.text(), QString());
}

void TestFieldEditor::dispositionIsTrimmed() {
    FieldEditor disposition(m_store.get(), ReviewField::Disposition);
    disposition.setCall(callOf(u"1"_s, std::nullopt, u"SALE"_s), std::nullopt);
    disposition.setText(u" SALE "_s);
    disposition.commit();
    QCOMPARE(disposition.state(), SaveState::Untouched);
    disposition.setText(u"CALLBACK "_s);
    disposition.commit();
    QTRY_COMPARE(disposition.state(), SaveState::Saved);
    QVERIFY(m_store->review({u"main"_s, u"1"_s}).disposition->value == u"CALLBACK"_s);
    QCOMPARE(disposition.text(), u"CALLBACK"_s);
}

void TestFieldEditor::restoreBringsTheProviderBack() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    notes.setText(u"mine"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    notes.setText(u"mine and more"_s);
    notes.restoreProviderValue();
    QCOMPARE(notes.text(), u"theirs"_s);
    QCOMPARE(notes.state(), SaveState::Saving);
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    QVERIFY(!notes.isEdited() && !notes.hasUnsavedText());
    QCOMPARE(notes.text(), u"theirs"_s);
    QCOMPARE(history(u"1"_s).size(), size_t(2));
    QTest::qWait(2'300);
    QVERIFY(drafts().empty());
}

void TestFieldEditor::restoreWithoutEditIsRevert() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    notes.setText(u"x"_s);
    notes.restoreProviderValue();
    QCOMPARE(notes.text(), u"theirs"_s);
    QCOMPARE(notes.state(), SaveState::Untouched);
    QVERIFY(history(u"1"_s).empty());
}

void TestFieldEditor::keysDuringACommitAreNotLost() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    QSignalSpy committed(&notes, &FieldEditor::committed);
    notes.setText(u"one"_s);
    notes.commit();
    notes.setText(u"one two"_s);  // before the answer came
    QTRY_COMPARE(committed.size(), 1);
    QCOMPARE(notes.text(), u"one two"_s);
    QCOMPARE(notes.state(), SaveState::Typing);
    QVERIFY(notes.hasUnsavedText());
    notes.commit();
    notes.setText(u"one two three"_s);
    notes.commit();
    QTRY_COMPARE(committed.size(), 3);
    QCOMPARE(notes.state(), SaveState::Saved);
    QVERIFY(notesOf(u"1"_s)->value == u"one two three"_s);
    QCOMPARE(history(u"1"_s).size(), size_t(3));
}

void TestFieldEditor::refreshNeverTouchesTyping() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    QSignalSpy provider(&notes, &FieldEditor::providerChanged);
    notes.setText(u"mine so f"_s);
    notes.setCall(callOf(u"1"_s, u"theirs, changed"_s), std::nullopt);
    QCOMPARE(notes.text(), u"mine so f"_s);
    QCOMPARE(notes.state(), SaveState::Typing);
    QCOMPARE(provider.size(), 1);
    QVERIFY(notes.providerValue() == u"theirs, changed"_s);
    notes.setCall(callOf(u"1"_s, u"theirs, changed"_s), std::nullopt);
    QCOMPARE(provider.size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(notes.state(), SaveState::DraftKept, 4'000);
    notes.setCall(callOf(u"1"_s, u"third"_s), u"an old draft that must not come back"_s);
    QCOMPARE(notes.text(), u"mine so f"_s);
    QCOMPARE(notes.state(), SaveState::DraftKept);
    QCOMPARE(provider.size(), 2);
    m_broken = true;
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::NotSaved);
    notes.setCall(callOf(u"1"_s, u"fourth"_s), std::nullopt);
    QCOMPARE(notes.text(), u"mine so f"_s);
    QCOMPARE(notes.state(), SaveState::NotSaved);
    QCOMPARE(provider.size(), 3);
    m_broken = false;
    QTRY_COMPARE_WITH_TIMEOUT(notes.state(), SaveState::Saved, 5'000);
}

void TestFieldEditor::refreshShowsTheProvidersNewValue() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    QSignalSpy provider(&notes, &FieldEditor::providerChanged);
    notes.setCall(callOf(u"1"_s, u"newer"_s), std::nullopt);
    QCOMPARE(notes.text(), u"newer"_s);
    QCOMPARE(provider.size(), 0);  // nothing of ours was in the way
    notes.setText(u"mine"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    notes.setCall(callOf(u"1"_s, u"newest"_s), std::nullopt);
    QCOMPARE(notes.text(), u"mine"_s);
    QCOMPARE(provider.size(), 1);
}

void TestFieldEditor::baseIsWhatWasSeenWhenTypingBegan() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"A"_s), std::nullopt);
    notes.setText(u"mine"_s);
    notes.setCall(callOf(u"1"_s, u"B"_s), std::nullopt);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    QVERIFY(notesOf(u"1"_s)->base == u"A"_s);
    QVERIFY(providerChangedSince(notesOf(u"1"_s), u"B"_s));
}

void TestFieldEditor::switchingCommitsToTheOldCall() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"old"_s, u"a"_s), std::nullopt);
    notes.setText(u"for the old call"_s);
    QSignalSpy committed(&notes, &FieldEditor::committed);
    notes.setCall(callOf(u"new"_s, u"b"_s), std::nullopt);
    QCOMPARE(notes.text(), u"b"_s);
    QCOMPARE(notes.state(), SaveState::Untouched);
    QVERIFY(notes.hasUnsavedText());  // not acknowledged yet
    QTRY_COMPARE(committed.size(), 1);
    QCOMPARE(committed.front().front().value<CallKey>().remoteId, u"old"_s);
    QVERIFY(!notes.hasUnsavedText());
    QCOMPARE(notes.state(), SaveState::Untouched);  // "saved" belongs to the other call
    QVERIFY(notesOf(u"old"_s)->value == u"for the old call"_s);
    QVERIFY(!notesOf(u"new"_s));
    notes.setText(u"for the new call"_s);
    notes.clear();
    QTRY_COMPARE(committed.size(), 2);
    QVERIFY(notesOf(u"new"_s)->value == u"for the new call"_s);
}

void TestFieldEditor::failedCommitKeepsTheTextAndTriesAgain() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    QSignalSpy committed(&notes, &FieldEditor::committed);
    m_broken = true;
    notes.setText(u"precious"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::NotSaved);
    QCOMPARE(notes.text(), u"precious"_s);
    QVERIFY2(notes.problem().contains(u"disk"_s), qPrintable(notes.problem()));
    QVERIFY(notes.hasUnsavedText());
    QTest::qWait(2'500);  // one more try in vain
    QCOMPARE(notes.state(), SaveState::NotSaved);
    QVERIFY(!notesOf(u"1"_s));
    m_broken = false;
    QTRY_COMPARE_WITH_TIMEOUT(notes.state(), SaveState::Saved, 2'600);
    QVERIFY(notes.problem().isEmpty());
    QCOMPARE(committed.size(), 1);
    QVERIFY(notesOf(u"1"_s)->value == u"precious"_s);
    QCOMPARE(history(u"1"_s).size(), size_t(1));
}

void TestFieldEditor::failedCommitOfAFormerCallGoesOn() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"old"_s, u"a"_s), std::nullopt);
    m_broken = true;
    QSignalSpy elsewhere(&notes, &FieldEditor::notSavedElsewhere);
    notes.setText(u"precious"_s);
    notes.setCall(callOf(u"new"_s, u"b"_s), std::nullopt);
    QTRY_VERIFY(elsewhere.size() > 0);  // it is said, although another call is shown
    QCOMPARE(elsewhere.first().first().value<CallKey>(), (CallKey{u"main"_s, u"old"_s}));
    QCOMPARE(elsewhere.first().last().value<Error>().kind, ErrorKind::DiskFull);
    QCOMPARE(notes.state(), SaveState::Untouched);
    QVERIFY(notes.hasUnsavedText());
    notes.setCall(callOf(u"old"_s, u"a"_s), std::nullopt);  // back: the text is there, and the truth about it
    QCOMPARE(notes.text(), u"precious"_s);
    QCOMPARE(notes.state(), SaveState::NotSaved);
    notes.setCall(callOf(u"new"_s, u"b"_s), std::nullopt);
    m_broken = false;
    QTRY_VERIFY_WITH_TIMEOUT(!notes.hasUnsavedText(), 5'000);
    QVERIFY(notesOf(u"old"_s)->value == u"precious"_s);
    QVERIFY(notesOf(u"old"_s)->base == u"a"_s);
}

void TestFieldEditor::newerTextReplacesAFailedCommit() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, std::nullopt), std::nullopt);
    m_broken = true;
    notes.setText(u"first"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::NotSaved);
    notes.setText(u"first and second"_s);
    QCOMPARE(notes.state(), SaveState::NotSaved);  // still true
    QTRY_COMPARE_WITH_TIMEOUT(drafts().size(), size_t(1),
                              4'000);  // a draft has no COMMIT of its own: it is kept meanwhile
    QCOMPARE(drafts().front().text, u"first and second"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::NotSaved);
    m_broken = false;
    QTRY_COMPARE_WITH_TIMEOUT(notes.state(), SaveState::Saved, 5'000);
    QVERIFY(notesOf(u"1"_s)->value == u"first and second"_s);
    QCOMPARE(history(u"1"_s).size(), size_t(1));
}

void TestFieldEditor::failedDraftIsSaid() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, std::nullopt), std::nullopt);
    m_breakAt = "INTO drafts";
    m_broken = true;
    notes.setText(u"x"_s);
    QTRY_COMPARE_WITH_TIMEOUT(notes.state(), SaveState::NotSaved, 4'000);
    QVERIFY(!notes.problem().isEmpty());
    m_broken = false;
    QTRY_COMPARE_WITH_TIMEOUT(notes.state(), SaveState::DraftKept, 4'000);
    QVERIFY(notes.problem().isEmpty());
    QCOMPARE(drafts().size(), size_t(1));
}

void TestFieldEditor::revertGivesUpAFailedCommit() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    m_broken = true;
    notes.setText(u"x"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::NotSaved);
    notes.revertTyping();
    QCOMPARE(notes.text(), u"theirs"_s);
    QCOMPARE(notes.state(), SaveState::Untouched);
    QVERIFY(!notes.hasUnsavedText());
    m_broken = false;
    QTest::qWait(2'300);
    QVERIFY(!notesOf(u"1"_s));
}

void TestFieldEditor::lastWordsAreCommittedAtTheEnd() {
    {
        FieldEditor notes(m_store.get(), ReviewField::Notes);
        notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
        notes.setText(u"last words"_s);
    }
    openStore();  // closes the old one at once
    QVERIFY(notesOf(u"1"_s));
    QVERIFY(notesOf(u"1"_s)->value == u"last words"_s);
}

void TestFieldEditor::someoneElsesEditIsShown() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setCall(callOf(u"1"_s, u"theirs"_s), std::nullopt);
    m_store->commitEdit({{u"main"_s, u"1"_s}, ReviewField::Notes, u"theirs"_s, u"by a key"_s, u"desk"_s}, this,
                        [](const auto&) {});
    QTRY_COMPARE(notes.text(), u"by a key"_s);
    QVERIFY(notes.isEdited());
    notes.setText(u"typing"_s);
    m_store->commitEdit({{u"main"_s, u"1"_s}, ReviewField::Notes, u"theirs"_s, u"another"_s, u"desk"_s}, this,
                        [](const auto&) {});
    QTRY_VERIFY(notesOf(u"1"_s)->value == u"another"_s);
    QCOMPARE(notes.text(), u"typing"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    QVERIFY(history(u"1"_s).back().from == u"another"_s);
}

void TestFieldEditor::anOldCopyOfTheCallDoesNoHarm() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    const ReviewedCall before = callOf(u"1"_s, u"theirs"_s);
    notes.setCall(before, std::nullopt);
    notes.setText(u"mine"_s);
    notes.commit();
    QTRY_COMPARE(notes.state(), SaveState::Saved);
    notes.setCall(before, std::nullopt);  // read before the commit
    QCOMPARE(notes.text(), u"mine"_s);
    notes.setCall(callOf(u"2"_s, std::nullopt), std::nullopt);
    notes.setCall(before, std::nullopt);
    QCOMPARE(notes.text(), u"mine"_s);
    QVERIFY(notes.isEdited());
}

void TestFieldEditor::emptyEditor() {
    FieldEditor notes(m_store.get(), ReviewField::Notes);
    notes.setText(u"nowhere to go"_s);
    notes.commit();
    notes.revertTyping();
    notes.restoreProviderValue();
    notes.clear();
    QCOMPARE(notes.text(), QString());
    QCOMPARE(notes.state(), SaveState::Untouched);
    QVERIFY(!notes.hasUnsavedText());
}

namespace {

/// Disposition, notes and the mark of one call, as "save and next" has them.
struct Review3 {
    explicit Review3(Store* from)
        : store(from),
          disposition(from, ReviewField::Disposition),
          notes(from, ReviewField::Notes),
          marks(from, std::make_shared<SystemClock>()) {
        disposition.setCall(callOf(u"1"_s, std::nullopt), std::nullopt);
        notes.setCall(callOf(u"1"_s, std::nullopt), std::nullopt);
        disposition.setText(u"SALE"_s);
        notes.setText(u"mine"_s);
    }
    void save() {
        std::vector<OrderedEdit> edits;
        for (auto edit : {disposition.takeCommit(u"step"_s), notes.takeCommit(u"step"_s),
                          marks.takeReviewed({u"main"_s, u"1"_s}, 3.5, u"step"_s)}) {
            edits.push_back(std::move(*edit));
        }
        commitTogether(store, &marks, std::move(edits));
    }
    [[nodiscard]] bool isSaved() const {
        return disposition.state() == SaveState::Saved && notes.state() == SaveState::Saved && !marks.hasUnsaved();
    }

    Store* store;
    FieldEditor disposition;
    FieldEditor notes;
    ReviewMarks marks;
};

}  // namespace

void TestFieldEditor::togetherIsOneTransactionAndOneStep() {
    Review3 review(m_store.get());
    QSignalSpy told(m_store.get(), &Store::reviewChanged);
    review.save();
    QCOMPARE(review.disposition.state(), SaveState::Saving);
    QVERIFY(review.marks.isReviewed({u"main"_s, u"1"_s}));  // as it will be
    QTRY_VERIFY(review.isSaved());
    QCOMPARE(told.size(), 1);  // one COMMIT
    const Review saved = m_store->review({u"main"_s, u"1"_s});
    QCOMPARE(saved.disposition->value, u"SALE"_s);
    QCOMPARE(saved.notes->value, u"mine"_s);
    QCOMPARE(saved.heardSeconds, 3.5);
    QVERIFY(!review.notes.takeCommit(u"again"_s));
    QVERIFY(!review.marks.takeReviewed({u"main"_s, u"1"_s}, 9, u"again"_s));  // the first time stands
    std::optional<UndoState> state;
    m_store->loadUndoState(m_store.get(), [&](const Result<UndoState>& told) { state = told.value(); });
    QTRY_VERIFY(state.has_value());
    QCOMPARE(state->undo->edits, qint64(3));
}

void TestFieldEditor::togetherStaysOneStepAfterAFailure() {
    Review3 review(m_store.get());
    m_broken = true;
    review.save();
    QTRY_COMPARE(review.notes.state(), SaveState::NotSaved);
    QCOMPARE(review.disposition.state(), SaveState::NotSaved);
    QVERIFY(!review.marks.problem({u"main"_s, u"1"_s}).isEmpty());
    QVERIFY(m_store->review({u"main"_s, u"1"_s}) == Review());
    m_broken = false;
    QTRY_VERIFY(review.isSaved());
    std::optional<UndoState> state;
    m_store->loadUndoState(m_store.get(), [&](const Result<UndoState>& told) { state = told.value(); });
    QTRY_VERIFY(state.has_value());
    QCOMPARE(state->undo->edits, qint64(3));
    QCOMPARE(state->undo->step, u"step"_s);
}

QTEST_GUILESS_MAIN(TestFieldEditor)
#include "tst_fieldeditor.moc"
