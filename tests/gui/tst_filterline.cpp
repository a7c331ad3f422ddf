// The filter line in the real window: valid or not while typing, the last valid filter stays, Enter never acts on rows
// of another filter.
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

#include "tests/gui/testdesk.h"
#include "ui/calltable/calltable.h"
#include "ui/filter/filteredit.h"
#include "ui/filter/filterline.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class FilterLineTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<MemorySettings> m_settings;
    std::unique_ptr<TestDesk> m_desk;
    FilterEdit* m_edit = nullptr;
    FilterLine* m_line = nullptr;
    CallTable* m_table = nullptr;

    [[nodiscard]] QString hint() const { return m_line->findChild<QLabel*>(u"filterHint"_s)->text(); }
    [[nodiscard]] QString count() const { return m_line->findChild<QLabel*>(u"callCount"_s)->text(); }
    void type(const QString& text) { QTest::keyClicks(m_edit, text); }

    void open() {
        m_desk = std::make_unique<TestDesk>(m_folder->path(), m_settings);
        QVERIFY(m_desk->start());
        m_line = m_desk->find<FilterLine>();
        m_edit = m_desk->find<FilterEdit>();
        m_table = m_desk->find<CallTable>();
        QVERIFY(m_line != nullptr && m_edit != nullptr && m_table != nullptr);
    }

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_shared<MemorySettings>();
        {
            TestDesk before(m_folder->path(), std::make_shared<MemorySettings>());
            QVERIFY(before.start());
            QVERIFY(before.addAccount(QUrl(u"http://127.0.0.1:9/api/v1"_s)));
            std::vector<Call> calls;
            for (int i = 0; i < 40; ++i) {
                calls.push_back(madeUpCall(i));
            }
            QVERIFY(before.storeCalls(calls));
        }
        open();
        QTRY_COMPARE(m_desk->calls.rowCount(), 40);
        QTRY_COMPARE(count(), u"40 calls"_s);
    }
    void cleanup() {
        m_desk.reset();
        m_folder.reset();
    }

    void saysWhileTypingWhatIsWrongAndWhere() {
        m_line->takeFocus();
        type(u"disposition:SALE talk:>x"_s);
        QVERIFY(m_line->hasProblem());
        QVERIFY2(hint().contains(u"column 24"_s), qPrintable(hint()));
        QCOMPARE(m_edit->accessibleDescription(), hint());
        // The rows still follow the last valid text that stood long enough; never the invalid one.
        QTest::keyClick(m_edit, Qt::Key_Backspace);
        type(u"5"_s);
        QVERIFY(!m_line->hasProblem());
        QVERIFY(!hint().contains(u"column"_s));
        QTRY_COMPARE(count(), u"20 of 40 calls"_s);
        type(u" ("_s);
        QVERIFY(m_line->hasProblem());
        QTest::keyClick(m_edit, Qt::Key_Return);  // sends the caret to the problem, nothing else
        QVERIFY(m_edit->hasFocus());
        QCOMPARE(m_desk->calls.rowCount(), 20);
        QVERIFY(count().startsWith(u"20 of 40"_s));
    }

    void theProblemIsUnderlinedInThePicture() {
        m_line->takeFocus();
        type(u"nonsense:5"_s);
        const QImage wrong = m_edit->grab().toImage();
        m_edit->markProblem(std::nullopt);
        const QImage right = m_edit->grab().toImage();
        QVERIFY(wrong != right);
    }

    void enterWaitsForItsOwnRows() {
        m_line->takeFocus();
        m_table->step(5);
        m_line->takeFocus();
        type(u"lead:lead-7"_s);
        QVERIFY(m_desk->calls.rowCount() == 40);  // the debounce has not even begun the question
        QTest::keyClick(m_edit, Qt::Key_Return);
        QVERIFY(m_edit->hasFocus());  // not yet: the rows on screen belong to another filter
        QVERIFY(m_desk->hasFocus(m_table));
        QVERIFY(!m_desk->calls.isQueryRunning());
        QCOMPARE(m_desk->calls.rowCount(), 1);
        QCOMPARE(m_table->currentCall(), std::optional(madeUpCall(7).key));
        QCOMPARE(m_table->currentIndex().row(), 0);
    }

    void typingOnAfterEnterTakesItBack() {
        m_line->takeFocus();
        type(u"lead:lead-1"_s);
        QTest::keyClick(m_edit, Qt::Key_Return);
        type(u"2"_s);
        QTRY_COMPARE(count(), u"1 of 40 calls"_s);
        QVERIFY(m_edit->hasFocus());
    }

    void enterWithoutRowsStays() {
        m_line->takeFocus();
        type(u"disposition:NOBODY"_s);
        QTest::keyClick(m_edit, Qt::Key_Return);
        QTRY_COMPARE(count(), u"0 of 40 calls"_s);
        QVERIFY(m_edit->hasFocus());
    }

    void escapeClearsThenLeaves() {
        m_line->takeFocus();
        type(u"disposition:SALE"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 20);
        QTest::keyClick(m_edit, Qt::Key_Escape);  // closes a list where one is open
        if (!m_edit->text().isEmpty()) {
            QTest::keyClick(m_edit, Qt::Key_Escape);
        }
        QCOMPARE(m_edit->text(), QString());
        QTRY_COMPARE(m_desk->calls.rowCount(), 40);
        QVERIFY(m_edit->hasFocus());
        QTest::keyClick(m_edit, Qt::Key_Escape);
        QVERIFY(m_desk->hasFocus(m_table));
        // What was cleared can be had back.
        m_line->takeFocus();
        QTest::keyClick(m_edit, Qt::Key_Up);
        QCOMPARE(m_edit->text(), u"disposition:SALE"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 20);
        QTest::keyClick(m_edit, Qt::Key_Down);
        QCOMPARE(m_edit->text(), QString());
        QTest::keyClick(m_edit, Qt::Key_Down);
        QVERIFY(m_desk->hasFocus(m_table));
    }

    void theFilterIsRemembered() {
        m_line->setText(u"disposition:CALLBACK lead:lead-1"_s);
        QTRY_VERIFY(count().contains(u" of 40"_s));
        const int rows = m_desk->calls.rowCount();
        QVERIFY(rows > 0 && rows < 20);
        m_desk.reset();
        open();
        QCOMPARE(m_edit->text(), u"disposition:CALLBACK lead:lead-1"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), rows);
    }

    void theCurrentCallComesBack() {
        m_table->setFocus();
        m_table->step(6);
        const std::optional<CallKey> chosen = m_table->currentCall();
        QVERIFY(chosen);
        m_line->setText(u"lead:lead-2"_s);
        QTRY_VERIFY(m_desk->calls.rowCount() < 40);
        QVERIFY(m_table->currentIndex().isValid());  // always a current row where there are rows
        m_line->clear();
        QTRY_COMPARE(m_desk->calls.rowCount(), 40);
        QCOMPARE(m_table->currentCall(), chosen);
        QVERIFY(m_table->selectionModel()->isRowSelected(m_table->currentIndex().row()));
    }
};

QTEST_MAIN(FilterLineTest)
#include "tst_filterline.moc"
