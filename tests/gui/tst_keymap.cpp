// Keys that the supervisor chose: what works, what collides and how that is said, and what a damaged settings file
// does.
#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

#include "tests/gui/testdesk.h"
#include "ui/common/plainlabel.h"
#include "ui/mainwindow/changekeysdialog.h"
#include "ui/mainwindow/gototimedialog.h"
#include "ui/mainwindow/keymap.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestKeyMap final : public QObject {
    Q_OBJECT

    static QKeySequence sequence(const QString& text) { return QKeySequence(text, QKeySequence::PortableText); }

    static void choose(ChangeKeysDialog* dialog, const QString& command) {
        auto* list = dialog->findChild<QTreeWidget*>();
        const QList<QTreeWidgetItem*> found = list->findItems(command, Qt::MatchExactly);
        QCOMPARE(found.size(), 1);
        list->setCurrentItem(found.first());
    }
    static QPushButton* button(const QWidget* dialog, const QString& text) {
        for (QPushButton* one : dialog->findChildren<QPushButton*>()) {
            if (one->text() == text && one->isVisible()) {
                return one;
            }
        }
        return nullptr;
    }

 private Q_SLOTS:
    void theTableCountsUntilSomethingElseIsChosen() {
        MemorySettings settings;
        const KeyMap keys(&settings);
        for (const DeskCommandInfo& info : deskCommands()) {
            QCOMPARE(keys.keys(info.command), commandKeys(info));
            QVERIFY(!keys.isChanged(info.command));
        }
        QVERIFY(settings.keys().isEmpty());
    }

    void everyNameIsRememberedUnderAnotherWord() {
        QSet<QByteArray> names;
        for (const DeskCommandInfo& info : deskCommands()) {
            QVERIFY2(!names.contains(info.name), info.name);
            names.insert(info.name);
        }
    }

    void aChosenKeyOutlivesTheProgram() {
        MemorySettings settings;
        KeyMap(&settings).addKey(DeskCommand::MarkHere, sequence(u"Ctrl+K"_s));
        KeyMap keys(&settings);
        QVERIFY(keys.keys(DeskCommand::MarkHere).contains(sequence(u"Ctrl+K"_s)));
        QVERIFY(keys.keys(DeskCommand::MarkHere).contains(sequence(u"M"_s)));
        QVERIFY(keys.isChanged(DeskCommand::MarkHere));
        keys.useDefault(DeskCommand::MarkHere);
        QVERIFY(!KeyMap(&settings).isChanged(DeskCommand::MarkHere));
    }

    void everyKeyCanBeTakenAway() {
        MemorySettings settings;
        KeyMap keys(&settings);
        for (const QKeySequence& key : keys.chosenKeys(DeskCommand::Faster)) {
            keys.removeKey(DeskCommand::Faster, key);
        }
        QVERIFY(KeyMap(&settings).keys(DeskCommand::Faster).isEmpty());
    }

    void aTakenKeyLeavesItsOwner() {
        MemorySettings settings;
        KeyMap keys(&settings);
        QCOMPARE(keys.otherOwner(sequence(u"R"_s), DeskCommand::MarkHere), DeskCommand::ToggleReviewed);
        QSignalSpy changed(&keys, &KeyMap::changed);
        keys.takeKey(DeskCommand::MarkHere, sequence(u"R"_s));
        QVERIFY(changed.size() > 0);
        QVERIFY(keys.keys(DeskCommand::MarkHere).contains(sequence(u"R"_s)));
        QVERIFY(!keys.keys(DeskCommand::ToggleReviewed).contains(sequence(u"R"_s)));
        QVERIFY(!keys.otherOwner(sequence(u"R"_s), DeskCommand::MarkHere));
    }

    void aKeyOfTwoCommandsDoesTheFirst() {
        // Only a settings file that was written by hand can say so.
        MemorySettings settings;
        settings.setValue(u"keys/own/mark-here"_s, QStringList{u"J"_s});
        const KeyMap keys(&settings);
        QVERIFY(keys.keys(DeskCommand::BackTen).contains(sequence(u"J"_s)));
        QVERIFY(!keys.keys(DeskCommand::MarkHere).contains(sequence(u"J"_s)));
        QVERIFY(keys.chosenKeys(DeskCommand::MarkHere).contains(sequence(u"J"_s)));
    }

    void nonsenseInTheSettingsIsNoKey() {
        MemorySettings settings;
        settings.setValue(u"keys/own/mark-here"_s,
                          QStringList{u""_s, u"Ctrl+"_s, u"A, B"_s, u"Nonsense"_s, u"Ctrl+K"_s, u"Ctrl+K"_s});
        const KeyMap keys(&settings);
        QCOMPARE(keys.keys(DeskCommand::MarkHere), QList<QKeySequence>{sequence(u"Ctrl+K"_s)});
    }

    void singleCharactersCanBeSwitchedOff() {
        MemorySettings settings;
        KeyMap keys(&settings);
        keys.setSingleKeys(false);
        for (const DeskCommandInfo& info : deskCommands()) {
            for (const QKeySequence& key : keys.keys(info.command)) {
                QVERIFY2(!KeyMap::isSingleKey(key), info.name);
            }
            // Nothing becomes out of reach by it.
            QVERIFY2(commandKeys(info).isEmpty() || !keys.keys(info.command).isEmpty(), info.name);
        }
        QVERIFY(KeyMap::isSingleKey(sequence(u"J"_s)));
        QVERIFY(KeyMap::isSingleKey(sequence(u"Shift+M"_s)));
        QVERIFY(KeyMap::isSingleKey(sequence(u"["_s)));
        QVERIFY(!KeyMap::isSingleKey(sequence(u"Ctrl+J"_s)));
        QVERIFY(!KeyMap::isSingleKey(sequence(u"F7"_s)));
        QVERIFY(!KeyMap::isSingleKey(sequence(u"Space"_s)));
        QVERIFY(!KeyMap::isSingleKey(sequence(u"Backspace"_s)));
        keys.setSingleKeys(true);
        QVERIFY(keys.keys(DeskCommand::BackTen).contains(sequence(u"J"_s)));
    }

    void theFieldTakesTheKeyThatIsPressed() {
        KeyField field;
        QTest::keyClick(&field, Qt::Key_K, Qt::ControlModifier);
        QCOMPARE(field.key(), sequence(u"Ctrl+K"_s));
        QTest::keyClick(&field, Qt::Key_Question, Qt::ShiftModifier);
        QCOMPARE(field.key(), sequence(u"?"_s));
        QTest::keyClick(&field, Qt::Key_M, Qt::ShiftModifier);
        QCOMPARE(field.key(), sequence(u"Shift+M"_s));
        QTest::keyClick(&field, Qt::Key_Shift);
        QCOMPARE(field.key(), sequence(u"Shift+M"_s));
        QTest::keyClick(&field, Qt::Key_Escape);
        QVERIFY(field.key().isEmpty());
    }

    void theDialogSaysWhoseKeyItIsAndTakesIt() {
        MemorySettings settings;
        KeyMap keys(&settings);
        QPointer<ChangeKeysDialog> dialog = new ChangeKeysDialog(&keys, nullptr);
        dialog->show();
        choose(dialog, u"Mark here"_s);
        auto* field = dialog->findChild<KeyField*>();
        QTest::keyClick(field, Qt::Key_R);
        const QList<QLabel*> labels = dialog->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text() == u"R is a key of \"Reviewed or not\". \"Take it\" moves it here."_s;
        }));
        QPushButton* const take = button(dialog, u"Take it"_s);
        QVERIFY(take != nullptr);
        take->click();
        QVERIFY(keys.keys(DeskCommand::MarkHere).contains(sequence(u"R"_s)));
        QVERIFY(!keys.keys(DeskCommand::ToggleReviewed).contains(sequence(u"R"_s)));
        // Its list says what is different from the table.
        auto* list = dialog->findChild<QTreeWidget*>();
        QCOMPARE(list->findItems(u"Reviewed or not"_s, Qt::MatchExactly).first()->text(2), u"changed"_s);
        button(dialog, u"All as they were"_s)->click();
        QVERIFY(keys.keys(DeskCommand::ToggleReviewed).contains(sequence(u"R"_s)));
        delete dialog;
    }

    void theDialogShowsAConflictOfTheSettingsFile() {
        MemorySettings settings;
        settings.setValue(u"keys/own/mark-here"_s, QStringList{u"J"_s});
        KeyMap keys(&settings);
        ChangeKeysDialog dialog(&keys, nullptr);
        auto* list = dialog.findChild<QTreeWidget*>();
        QCOMPARE(list->findItems(u"Mark here"_s, Qt::MatchExactly).first()->text(2), u"J does \"Back 10 s\""_s);
        QVERIFY(!list->findItems(u"Mark here"_s, Qt::MatchExactly).first()->icon(2).isNull());
    }

    void aCommandIsFoundByItsNameOrKey() {
        KeyMap keys(nullptr);
        ChangeKeysDialog dialog(&keys, nullptr);
        auto* list = dialog.findChild<QTreeWidget*>();
        dialog.findChildren<QLineEdit*>().first()->setText(u"backspace"_s);
        QStringList shown;
        for (int row = 0; row < list->topLevelItemCount(); ++row) {
            if (!list->topLevelItem(row)->isHidden()) {
                shown << list->topLevelItem(row)->text(0);
            }
        }
        QCOMPARE(shown, QStringList{u"Again, slower"_s});
    }

    void timesAreReadAsPeopleWriteThem() {
        QCOMPARE(recordingTimeFromText(u"1:23"_s), std::optional(83'000ms));
        QCOMPARE(recordingTimeFromText(u" 83 "_s), std::optional(83'000ms));
        QCOMPARE(recordingTimeFromText(u"1:02:03.5"_s), std::optional(3'723'500ms));
        QCOMPARE(recordingTimeFromText(u"0:07,25"_s), std::optional(7'250ms));
        for (const QString& text :
             {u""_s, u"1:60"_s, u"1:2:3:4"_s, u"-5"_s, u"nan"_s, u"inf"_s, u"1.5:00"_s, u"1e99"_s}) {
            QVERIFY2(!recordingTimeFromText(text), qPrintable(text));
        }
    }
};

QTEST_MAIN(TestKeyMap)
#include "tst_keymap.moc"
