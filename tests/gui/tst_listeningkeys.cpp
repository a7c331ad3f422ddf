// The keys of listening that need no sound: speed, skipping, number keys, the dialogs of keys, times and preferences.
#include <QApplication>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "tests/gui/testdesk.h"
#include "tests/support/patience.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/notesinput.h"
#include "ui/mainwindow/changekeysdialog.h"
#include "ui/mainwindow/gototimedialog.h"
#include "ui/mainwindow/keysheet.h"
#include "ui/mainwindow/preferencesdialog.h"
#include "ui/playback/playerbar.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class ListeningKeysTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<MemorySettings> m_settings;
    std::unique_ptr<TestDesk> m_desk;
    CallTable* m_table = nullptr;
    DetailPane* m_pane = nullptr;

    void open() {
        m_desk = std::make_unique<TestDesk>(m_folder->path(), m_settings);
        QVERIFY(m_desk->start());
        m_table = m_desk->find<CallTable>();
        m_pane = m_desk->find<DetailPane>();
        std::vector<Call> calls;
        for (int i = 0; i < 4; ++i) {
            calls.push_back(madeUpCall(i));
        }
        QVERIFY(m_desk->storeCalls(calls));
        QTRY_COMPARE(m_desk->calls.rowCount(), 4);
        m_table->setFocus();
        QVERIFY(m_desk->hasFocus(m_table));
        QTRY_VERIFY(m_pane->call().has_value());
        auto* notes = m_desk->find<NotesInput>();
        QTRY_VERIFY(notes->isVisible() && notes->isEnabled());
    }
    void key(Qt::Key code, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::keyClick(QApplication::focusWidget(), code, modifiers);
    }
    [[nodiscard]] QString said() const { return m_desk->window->statusBar()->currentMessage(); }
    [[nodiscard]] std::optional<QString> disposition(const CallKey& key) const {
        const Review now = m_desk->store.review(key);
        return now.disposition ? now.disposition->value : std::nullopt;
    }
    template <typename Dialog>
    [[nodiscard]] Dialog* opened() const {
        Dialog* dialog = nullptr;
        const bool is = QTest::qWaitFor(
            [&] { return (dialog = m_desk->find<Dialog>()) != nullptr && dialog->isVisible(); }, test::kLivenessMs);
        return is ? dialog : nullptr;
    }

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_shared<MemorySettings>();
    }
    void cleanup() {
        m_desk.reset();
        m_folder.reset();
    }

    void speedGoesInTenthsAndIsRemembered() {
        open();
        key(Qt::Key_BracketRight);
        key(Qt::Key_BracketRight);
        QCOMPARE(m_desk->player.tempo(), 1.2);
        QCOMPARE(said(), u"Speed 1.2x"_s);
        QCOMPARE(m_desk->find<QToolButton>(u"playerTempo"_s)->text(), u"1.2x"_s);
        key(Qt::Key_Backslash);
        QCOMPARE(m_desk->player.tempo(), 1.0);
        key(Qt::Key_Backslash);
        QCOMPARE(m_desk->player.tempo(), 1.2);
        for (int i = 0; i < 30; ++i) {
            key(Qt::Key_BracketRight);
        }
        QCOMPARE(m_desk->player.tempo(), 3.0);
        for (int i = 0; i < 40; ++i) {
            key(Qt::Key_BracketLeft);
        }
        QCOMPARE(m_desk->player.tempo(), 0.5);
        m_desk.reset();
        open();
        QCOMPARE(m_desk->player.tempo(), 0.5);
    }

    void aDamagedSpeedIsNormal() {
        m_settings->setValue(u"player/tempo"_s, u"very fast"_s);
        open();
        QCOMPARE(m_desk->player.tempo(), 1.0);
    }

    void silenceGoesThroughItsThreeStates() {
        open();
        QCOMPARE(m_desk->sound.skipMode(), SkipMode::Off);
        key(Qt::Key_X);
        QCOMPARE(m_desk->sound.skipMode(), SkipMode::Gentle);
        QCOMPARE(said(), u"Silence is skipped (gentle)."_s);
        key(Qt::Key_X);
        QCOMPARE(m_desk->sound.skipMode(), SkipMode::Strong);
        m_desk.reset();
        open();
        QCOMPARE(m_desk->sound.skipMode(), SkipMode::Strong);
        key(Qt::Key_X);
        QCOMPARE(m_desk->sound.skipMode(), SkipMode::Off);
    }

    void numberKeysSetDispositionsAndKeepTheirPlaces() {
        m_settings->setValue(u"dispositions/digits"_s, QStringList{u"SOLD"_s, u""_s, u"CALL_BACK"_s});
        open();
        const CallKey first = *m_table->currentCall();
        key(Qt::Key_3);
        QTRY_COMPARE(disposition(first), std::optional(u"CALL_BACK"_s));
        QVERIFY(said().contains(u"CALL_BACK"_s));
        key(Qt::Key_1);
        QTRY_COMPARE(disposition(first), std::optional(u"SOLD"_s));
        key(Qt::Key_2);
        QVERIFY(said().contains(u"No disposition stands on the key 2"_s));
        QCOMPARE(disposition(first), std::optional(u"SOLD"_s));
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(disposition(first), std::optional(u"CALL_BACK"_s));
        // A digit that is typed is a digit.
        m_pane->focusNotes();
        auto* notes = m_desk->find<NotesInput>();
        QVERIFY(m_desk->hasFocus(notes));
        key(Qt::Key_1);
        QCOMPARE(notes->typedText(), u"1"_s);
        QCOMPARE(disposition(first), std::optional(u"CALL_BACK"_s));
    }

    void codesInUseFillTheNumberKeysOnce() {
        open();
        m_desk.reset();
        open();  // now there are calls when the data is opened
        QTRY_VERIFY(m_settings->value(u"dispositions/digits"_s).isValid());
        const QStringList filled = m_settings->value(u"dispositions/digits"_s).toStringList();
        QVERIFY(!filled.isEmpty() && !filled.first().isEmpty());
        m_desk.reset();
        open();
        QCOMPARE(m_settings->value(u"dispositions/digits"_s).toStringList(), filled);
    }

    void theSheetShowsKeysAsTheyAreNow() {
        m_settings->setValue(u"dispositions/digits"_s, QStringList{u"SOLD"_s});
        m_settings->setValue(u"keys/own/mark-here"_s, QStringList{u"Ctrl+K"_s});
        open();
        key(Qt::Key_Question);
        auto* sheet = opened<KeySheet>();
        QVERIFY(sheet != nullptr);
        QStringList texts;
        for (const QLabel* label : sheet->findChildren<QLabel*>()) {
            texts << label->text();
        }
        QVERIFY(texts.contains(u"SOLD"_s));
        QVERIFY(texts.contains(u"Ctrl+K"_s));
        QVERIFY(!texts.contains(u"Ctrl+Shift+M"_s));
        sheet->close();
    }

    void aChangedKeyWorksAtOnce() {
        open();
        key(Qt::Key_F1, Qt::ShiftModifier);
        auto* dialog = opened<ChangeKeysDialog>();
        QVERIFY(dialog != nullptr);
        dialog->close();
        m_settings->setValue(u"dispositions/digits"_s, QStringList{u"SOLD"_s});
        QAction* faster = nullptr;
        for (QAction* action : m_desk->window->findChildren<QAction*>()) {
            faster = action->text() == u"Fas&ter"_s ? action : faster;
        }
        QVERIFY(faster != nullptr);
        auto* keys = m_desk->window->findChild<KeyMap*>();
        keys->addKey(DeskCommand::Faster, QKeySequence(u"Ctrl+K"_s));
        QVERIFY(faster->shortcuts().contains(QKeySequence(u"Ctrl+K"_s)));
        m_table->setFocus();
        QVERIFY(m_desk->hasFocus(m_table));
        key(Qt::Key_K, Qt::ControlModifier);
        QCOMPARE(m_desk->player.tempo(), 1.1);
    }

    void preferencesCountAtOnce() {
        open();
        key(Qt::Key_Comma, Qt::ControlModifier);
        auto* dialog = opened<PreferencesDialog>();
        QVERIFY(dialog != nullptr);
        dialog->findChild<QDoubleSpinBox*>(u"reaction"_s)->setValue(1.2);
        QCOMPARE(m_settings->value(u"marks/reaction"_s).toInt(), 1200);
        dialog->findChild<QCheckBox*>(u"autoPlayNext"_s)->setChecked(true);
        QVERIFY(m_settings->value(u"queue/autoPlayNext"_s).toBool());
        auto* digit = dialog->findChild<QLineEdit*>(u"digit9"_s);
        digit->setText(u" NOT_INTERESTED "_s);
        Q_EMIT digit->editingFinished();
        QCOMPARE(m_settings->value(u"dispositions/digits"_s).toStringList().value(8), u"NOT_INTERESTED"_s);
        dialog->close();
    }

    void withoutARecordingNothingPretends() {
        m_settings->setValue(u"dispositions/digits"_s, QStringList{u"SOLD"_s});
        open();
        const CallKey first = *m_table->currentCall();
        key(Qt::Key_G);
        QCOMPARE(said(), u"No recording is open. Play opens it."_s);
        QVERIFY(m_desk->find<GoToTimeDialog>() == nullptr);
        key(Qt::Key_1);  // the minute that was meant
        QVERIFY2(said().contains(u"number keys rest"_s), qPrintable(said()));
        QTest::qWait(100);
        QVERIFY(!disposition(first));
        QTest::qWait(2100);
        key(Qt::Key_1);
        QTRY_COMPARE(disposition(first), std::optional(u"SOLD"_s));
        key(Qt::Key_C);
        QCOMPARE(said(), u"Voices can be told apart once the recording is open."_s);
        key(Qt::Key_X);
        key(Qt::Key_V, Qt::ControlModifier | Qt::AltModifier);
        QCOMPARE(said(), u"Voices can be told apart once the recording is open."_s);
        QVERIFY(!m_desk->sound.isTogether());
        key(Qt::Key_B);
        QCOMPARE(said(), u"No recording is open. Play opens it."_s);
    }
};

QTEST_MAIN(ListeningKeysTest)
#include "tst_listeningkeys.moc"
