// The window around it: keys, columns that are remembered, messages, closing that loses nothing, names for readers.
#include <QAbstractButton>
#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QTextEdit>
#include <atomic>

#include "tests/gui/testdesk.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/notesinput.h"
#include "ui/filter/filteredit.h"
#include "ui/mainwindow/deskcommands.h"
#include "ui/mainwindow/emptystate.h"
#include "ui/mainwindow/keysheet.h"
#include "ui/mainwindow/messagestrip.h"
#include "ui/mainwindow/pullview.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class WindowTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<MemorySettings> m_settings;
    std::shared_ptr<std::atomic<bool>> m_writesFail = std::make_shared<std::atomic<bool>>(false);
    std::unique_ptr<TestDesk> m_desk;
    CallTable* m_table = nullptr;

    void open() {
        const auto seam = [fails = m_writesFail](const char* sql) {
            const QByteArrayView text(sql);
            return *fails && (text.startsWith("INSERT") || text.startsWith("UPDATE")) ? 13 /* SQLITE_FULL */ : 0;
        };
        m_desk = std::make_unique<TestDesk>(m_folder->path(), m_settings, seam);
        QVERIFY(m_desk->start());
        m_table = m_desk->find<CallTable>();
        QVERIFY(m_table != nullptr);
    }
    void openWithCalls(int count) {
        open();
        QVERIFY(m_desk->addAccount(QUrl(u"http://127.0.0.1:9/api/v1"_s)));
        std::vector<Call> calls;
        for (int i = 0; i < count; ++i) {
            calls.push_back(madeUpCall(i));
        }
        QVERIFY(m_desk->storeCalls(calls));
        QTRY_COMPARE(m_desk->calls.rowCount(), count);
        m_table->setFocus();
        QVERIFY(m_desk->hasFocus(m_table));
        QTRY_VERIFY(m_desk->find<DetailPane>()->call().has_value());
    }
    void key(Qt::Key code, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::keyClick(QApplication::focusWidget(), code, modifiers);
    }
    [[nodiscard]] int row() const { return m_table->currentIndex().row(); }

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_shared<MemorySettings>();
        *m_writesFail = false;
    }
    void cleanup() {
        m_desk.reset();
        m_folder.reset();
    }

    void noTwoCommandsShareAKey() {
        QSet<QString> taken;
        for (const DeskCommandInfo& info : deskCommands()) {
            for (const QKeySequence& one : commandKeys(info)) {
                const QString text = one.toString(QKeySequence::PortableText);
                QVERIFY2(!text.isEmpty(), info.text);
                QVERIFY2(!taken.contains(text), qPrintable(text));
                taken.insert(text);
            }
            // Every single key has a twin with a modifier or an F-key (WCAG 2.1.4).
            const QList<QKeySequence> keys = commandKeys(info);
            if (!keys.isEmpty() && keys.first().toString(QKeySequence::PortableText).size() == 1) {
                QVERIFY2(keys.size() > 1, info.text);
            }
        }
    }

    void keysWalkTheTable() {
        openWithCalls(10);
        QCOMPARE(row(), 0);
        key(Qt::Key_N);
        key(Qt::Key_N);
        QCOMPARE(row(), 2);
        key(Qt::Key_P);
        QCOMPARE(row(), 1);
        key(Qt::Key_Down);
        QCOMPARE(row(), 2);
        key(Qt::Key_End);
        QCOMPARE(row(), 9);
        key(Qt::Key_N);
        QCOMPARE(row(), 9);
        key(Qt::Key_Home);
        QCOMPARE(row(), 0);
        // A letter never searches, arrows never scroll sideways: both are keys of the desk.
        const int column = m_table->currentIndex().column();
        key(Qt::Key_Right);
        key(Qt::Key_Left);
        key(Qt::Key_C);
        QCOMPARE(row(), 0);
        QCOMPARE(m_table->currentIndex().column(), column);
    }

    void holdingAnArrowOpensOnlyTheLast() {
        openWithCalls(30);
        QSignalSpy told(m_table, &CallTable::currentCallChanged);
        for (int i = 0; i < 20; ++i) {
            key(Qt::Key_Down);
        }
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(m_desk->find<DetailPane>()->call(), m_table->currentCall());
        QCOMPARE(row(), 20);
    }

    void lettersAreDeadWhileTyping() {
        openWithCalls(10);
        key(Qt::Key_F, Qt::ControlModifier);
        auto* edit = m_desk->find<FilterEdit>();
        QVERIFY(m_desk->hasFocus(edit));
        QTest::keyClicks(edit, u"ndpjl e?/ "_s);
        QCOMPARE(edit->text(), u"ndpjl e?/ "_s);
        QCOMPARE(row(), 0);
        edit->clear();
        key(Qt::Key_Escape);
        QVERIFY(m_desk->hasFocus(m_table));
        key(Qt::Key_Slash);
        QVERIFY(m_desk->hasFocus(edit));
        QCOMPARE(edit->text(), QString());
    }

    void eGoesToTheNotesAndEscComesBack() {
        openWithCalls(3);
        auto* notes = m_desk->find<NotesInput>();
        QVERIFY(notes != nullptr);
        QTRY_VERIFY(notes->isVisible());
        key(Qt::Key_E);
        QVERIFY(m_desk->hasFocus(notes));
        QTest::keyClicks(notes, u"never mind"_s);
        key(Qt::Key_Escape);  // takes the typing back first
        QTRY_COMPARE(notes->toPlainText(), QString());
        QVERIFY(notes->hasFocus());
        key(Qt::Key_Escape);
        QVERIFY(m_desk->hasFocus(m_table));
        QVERIFY(!m_desk->calls.reviewOf(*m_table->currentCall()).notes);
    }

    void eachLetterOfAMenuStandsForOneEntry() {
        openWithCalls(1);
        for (QMenu* menu : m_desk->window->menuBar()->findChildren<QMenu*>()) {
            QSet<QChar> letters;
            for (const QAction* action : menu->actions()) {
                const qsizetype sign = action->text().indexOf(u'&');
                if (sign < 0) {
                    continue;
                }
                const QChar letter = action->text().at(sign + 1).toLower();
                QVERIFY2(!letters.contains(letter), qPrintable(action->text()));
                letters.insert(letter);
            }
        }
    }

    void saveAndNext() {
        openWithCalls(5);
        const CallKey first = *m_table->currentCall();
        auto* notes = m_desk->find<NotesInput>();
        QTRY_VERIFY(notes->isVisible());
        key(Qt::Key_E);
        QVERIFY(m_desk->hasFocus(notes));
        QTest::keyClicks(notes, u"Good call."_s);
        // From the table too: the command is the window's.
        m_table->setFocus();
        key(Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(row(), 1);
        QTRY_VERIFY(m_desk->calls.reviewOf(first).notes.has_value());
        QCOMPARE(m_desk->calls.reviewOf(first).notes->value, std::optional(u"Good call."_s));
        QTRY_COMPARE(m_desk->find<DetailPane>()->call(), m_table->currentCall());
        QTRY_COMPARE(notes->toPlainText(), QString());
    }

    void anEditedCallStaysInHandUntilTheNextFilter() {
        openWithCalls(6);
        auto* edit = m_desk->find<FilterEdit>();
        key(Qt::Key_F, Qt::ControlModifier);
        QVERIFY(m_desk->hasFocus(edit));
        QTest::keyClicks(edit, u"disposition:SALE"_s);
        key(Qt::Key_Return);
        QVERIFY(m_desk->hasFocus(m_table));
        QCOMPARE(m_desk->calls.rowCount(), 3);
        const CallKey inHand = *m_table->currentCall();
        bool saved = false;
        m_desk->store.commitEdit({inHand, ReviewField::Disposition, u"SALE"_s, u"OTHER"_s, u"desk"_s}, this,
                                 [&](const Result<Review>& done) { saved = done.has_value(); });
        QTRY_VERIFY(saved);
        QTRY_VERIFY(m_desk->calls.reviewOf(inHand).disposition.has_value());
        QCOMPARE(m_table->currentCall(), std::optional(inHand));
        QCOMPARE(m_desk->calls.rowCount(), 3);
    }

    void copiesKeysOfTheSelection() {
        openWithCalls(5);
        key(Qt::Key_Down, Qt::ShiftModifier);
        key(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QString(toText(madeUpCall(4).key) + u'\n' + toText(madeUpCall(3).key)));
    }

    /// The next start stands on the same call at the same height, and nothing plays; without it, on the first one.
    void thePlaceInTheTableIsRemembered() {
        openWithCalls(200);
        m_table->goTo(madeUpCall(60).key);
        QScrollBar* const bar = m_table->verticalScrollBar();
        bar->setValue(bar->value() + 3);
        const int top = bar->value();
        QVERIFY(top > 0);
        QTRY_COMPARE(m_desk->find<DetailPane>()->call(), std::optional(madeUpCall(60).key));
        m_desk.reset();
        QCOMPARE(m_settings->value(u"table/current_call"_s).toString(), toText(madeUpCall(60).key));
        open();
        QTRY_COMPARE(m_table->currentCall(), std::optional(madeUpCall(60).key));
        QTRY_COMPARE(m_table->verticalScrollBar()->value(), top);
        QTRY_COMPARE(m_desk->find<DetailPane>()->call(), std::optional(madeUpCall(60).key));
        QVERIFY(m_desk->player.state() == PlayerState::Empty);
        QVERIFY(m_desk->hasFocus(m_table));
        QVERIFY(m_desk->storeCalls({madeUpCall(300), madeUpCall(301)}));  // newer ones push nothing
        QTRY_COMPARE(m_desk->calls.rowCount(), 202);
        QCOMPARE(m_table->currentCall(), std::optional(madeUpCall(60).key));
        QCOMPARE(m_table->verticalScrollBar()->value(), top + 2);
        m_desk.reset();
        m_settings->setValue(u"table/current_call"_s, u"main/gone"_s);
        open();
        QTRY_COMPARE(m_desk->calls.rowCount(), 202);
        QTRY_COMPARE(m_table->currentCall(), std::optional(madeUpCall(301).key));
        QCOMPARE(m_table->verticalScrollBar()->value(), 0);
    }

    void columnsAreRemembered() {
        openWithCalls(3);
        QHeaderView* header = m_table->horizontalHeader();
        header->moveSection(header->visualIndex(int(CallColumn::Talk)), 0);
        header->resizeSection(int(CallColumn::Talk), 123);
        header->setSectionHidden(int(CallColumn::Lead), true);
        m_desk->calls.sort(int(CallColumn::Talk), Qt::AscendingOrder);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          {header->sectionViewportPosition(int(CallColumn::Agent)) + 20, 8});
        QTRY_COMPARE(m_desk->calls.sortKey().field, Field::Agent);
        m_desk.reset();
        open();
        header = m_table->horizontalHeader();
        QCOMPARE(header->visualIndex(int(CallColumn::Talk)), 0);
        QCOMPARE(header->sectionSize(int(CallColumn::Talk)), 123);
        QVERIFY(header->isSectionHidden(int(CallColumn::Lead)));
        QVERIFY(!header->isSectionHidden(int(CallColumn::Agent)));
        QCOMPARE(m_desk->calls.sortKey().field, Field::Agent);
        QCOMPARE(header->sortIndicatorSection(), int(CallColumn::Agent));
    }

    void nonsenseInTheSettingsDoesNoHarm() {
        m_settings->setValue(u"table/columns"_s, QVariantList{QVariantMap{{u"name"_s, u"start"_s}, {u"shown"_s, false}},
                                                              QVariantMap{{u"name"_s, 7}}, u"junk"_s});
        m_settings->setValue(u"window/geometry"_s, QByteArray("\x01\x02"));
        m_settings->setValue(u"window/splitter_right"_s, QVariantList{u"x"_s});
        m_settings->setValue(u"filter/text"_s, u"status:"_s);  // not valid (any more)
        openWithCalls(3);
        QCOMPARE(m_desk->calls.rowCount(), 3);
        QVERIFY(m_table->horizontalHeader()->hiddenSectionCount() < int(CallColumn::Count));
    }

    void withoutAccountsThereIsAWayIn() {
        open();
        auto* filter = m_desk->find<FilterEdit>();
        QPushButton* add = nullptr;
        QTRY_VERIFY([&] {
            for (QPushButton* button : m_desk->window->findChildren<QPushButton*>()) {
                if (button->isVisible() && button->text() == u"Add an account"_s) {
                    add = button;
                }
            }
            return add != nullptr;
        }());
        QVERIFY(!filter->isVisible());
        QTest::mouseClick(add, Qt::LeftButton);
        QTRY_VERIFY(QApplication::activeModalWidget() != nullptr);
        QApplication::activeModalWidget()->close();
        QVERIFY(m_desk->addAccount(QUrl(u"http://127.0.0.1:9/api/v1"_s)));
        QTRY_VERIFY(filter->isVisible());
    }

    void anEmptyFilterResultOffersTheWayBack() {
        openWithCalls(3);
        auto* filter = m_desk->find<FilterEdit>();
        filter->setFocus();
        QTest::keyClicks(filter, u"disposition:NOBODY"_s);
        EmptyState* empty = nullptr;
        for (EmptyState* one : m_table->findChildren<EmptyState*>()) {
            empty = one;
        }
        QVERIFY(empty != nullptr);
        QTRY_VERIFY(empty->isVisible());
        QTest::mouseClick(empty->findChild<QPushButton*>(), Qt::LeftButton);
        QTRY_COMPARE(m_desk->calls.rowCount(), 3);
        QVERIFY(!empty->isVisible());
    }

    void aListBegunAnewIsNotCalledNeverPulled() {
        openWithCalls(3);
        m_desk.reset();
        QFile file(m_folder->filePath(u"calls.db"_s));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QVERIFY(file.write(QByteArray(20'000, 'x')) > 0);
        file.close();
        for (const QString& log : {u"calls.db-wal"_s, u"calls.db-shm"_s}) {
            QFile::remove(m_folder->filePath(log));
        }
        open();
        const auto said = [this] {
            QString texts;
            for (EmptyState* one : m_table->findChildren<EmptyState*>()) {
                for (const QLabel* label : one->findChildren<QLabel*>()) {
                    texts += label->text();
                }
            }
            return texts;
        };
        QTRY_VERIFY2(said().contains(u"begun anew"_s), qPrintable(said()));
        QVERIFY2(!said().contains(u"Nothing has been pulled"_s), qPrintable(said()));
    }

    void aFailedPullNamesItsAccount() {
        openWithCalls(3);
        auto* strip = m_desk->find<MessageStrip>();
        auto* button = m_desk->find<QPushButton>(u"pullButton"_s);
        QVERIFY(strip != nullptr && button != nullptr && !strip->isVisible());
        QSignalSpy finished(&m_desk->puller, &Puller::finished);
        key(Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30'000);  // nobody listens on port 9
        QTRY_VERIFY(strip->isVisible());
        QString said;
        for (const QLabel* label : strip->findChildren<QLabel*>()) {
            said += label->text();
        }
        QVERIFY2(said.contains(u"main"_s), qPrintable(said));
        QCOMPARE(button->text(), u"Pull"_s);
        QVERIFY(QApplication::activeModalWidget() == nullptr);  // never a box in the way
        QVERIFY(m_desk->find<QLabel>(u"pullStatus"_s)->text().contains(u"failed"_s));
        QAbstractButton* dismiss = nullptr;
        for (QAbstractButton* one : strip->findChildren<QAbstractButton*>()) {
            if (one->accessibleName().startsWith(u"Dismiss"_s)) {
                dismiss = one;
            }
        }
        QVERIFY(dismiss != nullptr);
        dismiss->click();
        QTRY_VERIFY(!strip->isVisible());
    }

    void progressAndResultsInWords() {
        PullProgress progress{u"main"_s, u"Q4 <b>"_s, 1, 3, 4, 1812, 2000, u"Yotel asks to wait 7 s"_s};
        const QString words = progressText(progress);
        QVERIFY2(words.contains(u"campaign 2 of 3"_s) && words.contains(u"1,812"_s) && words.contains(u"wait 7 s"_s),
                 qPrintable(words));
        PullReport report;
        AccountReport good;
        good.account = u"main"_s;
        good.ok = true;
        good.received = 12;
        good.added = 3;
        report.accounts = {good};
        QVERIFY(reportText(report, Moment{}).contains(u"12 received, 3 new, 0 changed"_s));
        AccountReport bad = good;
        bad.ok = false;
        bad.error = makeError(ErrorKind::Forbidden);
        report.accounts.push_back(bad);
        QVERIFY(reportText(report, Moment{}).contains(u"1 of 2 accounts failed"_s));
        AccountReport none;
        none.account = u"other"_s;
        none.error = makeError(ErrorKind::Offline);
        PullReport failure;
        failure.accounts = {none};
        QVERIFY2(reportText(failure, Moment{}).startsWith(u"Pull failed at "_s),
                 qPrintable(reportText(failure, Moment{})));
        QVERIFY2(!reportText(failure, Moment{}).contains(u'0' + u" received"_s),
                 qPrintable(reportText(failure, Moment{})));
        failure.accounts = {none, bad};
        QVERIFY2(reportText(failure, Moment{}).contains(u"all 2 accounts; before that: 12 received"_s),
                 qPrintable(reportText(failure, Moment{})));
        report.accounts[1].error = makeError(ErrorKind::Cancelled);
        QVERIFY(reportText(report, Moment{}).contains(u"cancelled"_s));
    }

    void closingSavesWhatWasTyped() {
        openWithCalls(3);
        const CallKey edited = *m_table->currentCall();
        auto* notes = m_desk->find<NotesInput>();
        QTRY_VERIFY(notes->isVisible());
        key(Qt::Key_E);
        QVERIFY(m_desk->hasFocus(notes));
        QTest::keyClicks(notes, u"typed a moment ago"_s);
        m_desk->window->close();
        QTRY_VERIFY(!m_desk->window->isVisible());
        m_desk.reset();
        open();
        QTRY_COMPARE(m_desk->calls.rowCount(), 3);
        const Review review = m_desk->calls.reviewOf(edited);
        QVERIFY(review.notes.has_value());
        QCOMPARE(review.notes->value, std::optional(u"typed a moment ago"_s));
    }

    void whoTypesOnWhileItClosesLosesNothing() {
        openWithCalls(3);
        const CallKey edited = *m_table->currentCall();
        auto* notes = m_desk->find<NotesInput>();
        QTRY_VERIFY(notes->isVisible());
        key(Qt::Key_E);
        QTest::keyClicks(notes, u"before"_s);
        m_desk->window->close();
        QTest::keyClicks(notes, u" and after"_s);
        QTRY_VERIFY(!m_desk->window->isVisible());
        m_desk.reset();
        open();
        QTRY_COMPARE(m_desk->calls.rowCount(), 3);
        QCOMPARE(m_desk->calls.reviewOf(edited).notes->value, std::optional(u"before and after"_s));
    }

    void closingWaitsWhereItCannotSave() {
        openWithCalls(3);
        const CallKey edited = *m_table->currentCall();
        auto* notes = m_desk->find<NotesInput>();
        auto* strip = m_desk->find<MessageStrip>();
        QTRY_VERIFY(notes->isVisible());
        key(Qt::Key_E);
        QVERIFY(m_desk->hasFocus(notes));
        *m_writesFail = true;
        QTest::keyClicks(notes, u"must not get lost"_s);
        m_desk->window->close();
        QVERIFY(m_desk->window->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(strip->isVisible(), 10'000);  // says why it is still there
        QVERIFY(m_desk->window->isVisible());
        QCOMPARE(notes->toPlainText(), u"must not get lost"_s);
        // The second attempt asks; staying is the answer of Enter and Esc.
        m_desk->window->close();
        QTRY_VERIFY(m_desk->window->findChild<QMessageBox*>() != nullptr);
        QVERIFY(m_desk->window->isVisible());
        auto* box = m_desk->window->findChild<QMessageBox*>();
        QCOMPARE(box->textFormat(), Qt::PlainText);
        QTest::keyClick(box, Qt::Key_Escape);
        QTRY_VERIFY(m_desk->window->findChild<QMessageBox*>() == nullptr);
        QVERIFY(m_desk->window->isVisible());
        // The disk has room again: it is saved by itself, and the window closes.
        *m_writesFail = false;
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->calls.reviewOf(edited).notes.has_value(), 10'000);
        m_desk->window->close();
        QTRY_VERIFY(!m_desk->window->isVisible());
    }

    void theKeySheetShowsWhatTheTableSays() {
        openWithCalls(1);
        key(Qt::Key_Question);
        QTRY_VERIFY(m_desk->window->findChild<KeySheet*>() != nullptr);
        auto* sheet = m_desk->window->findChild<KeySheet*>();
        QTRY_VERIFY(sheet->isVisible());
        QStringList said;
        for (const QLabel* label : sheet->findChildren<QLabel*>()) {
            said << label->text();
        }
        for (const DeskCommandInfo& info : deskCommands()) {
            if (!commandMeaning(info).isEmpty()) {
                QVERIFY2(said.contains(commandMeaning(info)), info.text);
                QVERIFY2(said.contains(commandKeys(info).first().toString(QKeySequence::NativeText)), info.text);
            }
        }
        sheet->close();
    }

    void nothingShowsDataAsMarkup() {
        openWithCalls(3);
        key(Qt::Key_Question);
        QTRY_VERIFY(m_desk->window->findChild<KeySheet*>() != nullptr);
        const QList<QLabel*> labels = m_desk->window->findChildren<QLabel*>();
        QVERIFY(labels.size() > 20);
        for (const QLabel* label : labels) {
            QVERIFY2(
                label->textFormat() == Qt::PlainText,
                qPrintable(u"%1 \"%2\""_s.arg(QString::fromLatin1(label->metaObject()->className()), label->text())));
        }
        for (const QTextEdit* text : m_desk->window->findChildren<QTextEdit*>()) {
            QVERIFY2(!text->acceptRichText(), qPrintable(text->objectName()));
        }
    }

    void everythingOneCanReachHasAName() {
        openWithCalls(3);
        QAccessible::setActive(true);
        int looked = 0;
        for (QWidget* widget : m_desk->window->findChildren<QWidget*>()) {
            const bool needsName =
                qobject_cast<QAbstractButton*>(widget) != nullptr || qobject_cast<QLineEdit*>(widget) != nullptr ||
                qobject_cast<QComboBox*>(widget) != nullptr || qobject_cast<QSlider*>(widget) != nullptr ||
                qobject_cast<QPlainTextEdit*>(widget) != nullptr || qobject_cast<QAbstractItemView*>(widget) != nullptr;
            const bool inside =
                qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr;  // a box speaks for its parts
            const bool reachable = widget->focusPolicy() != Qt::NoFocus && widget->isVisible();
            if (!needsName || inside || !reachable || widget->objectName().startsWith(u"qt_"_s)) {
                continue;
            }
            ++looked;
            QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
            QVERIFY(spoken != nullptr);
            QVERIFY2(!spoken->text(QAccessible::Name).isEmpty(),
                     qPrintable(u"%1 \"%2\""_s.arg(QString::fromLatin1(widget->metaObject()->className()),
                                                   widget->objectName())));
        }
        QVERIFY2(looked >= 8, qPrintable(QString::number(looked)));
        QAccessible::setActive(false);
    }

    void detailsGoWhereTheyAreWanted() {
        openWithCalls(2);
        auto* pane = m_desk->find<DetailPane>();
        m_desk->window->resize(1400, 900);
        QTRY_VERIFY(pane->mapTo(m_desk->window.get(), QPoint()).x() > m_table->width() / 2);
        m_desk->window->resize(900, 900);
        QTRY_VERIFY(pane->mapTo(m_desk->window.get(), QPoint()).y() >
                    m_table->mapTo(m_desk->window.get(), QPoint()).y() + 50);
        for (QAction* action : m_desk->window->actions()) {
            if (action->text() == u"Details on the &right"_s) {
                action->trigger();
            }
        }
        QTRY_VERIFY(pane->mapTo(m_desk->window.get(), QPoint()).x() > 200);
        QCOMPARE(m_settings->value(u"window/details"_s).toString(), u"right"_s);
    }
};

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
