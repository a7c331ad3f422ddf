// Calls that come by themselves: what the supervisor looks at stays where it is, a chip says how many there are.
#include <QApplication>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>

#include "tests/gui/testdesk.h"
#include "ui/calltable/calltable.h"
#include "ui/filter/filterline.h"
#include "ui/mainwindow/deskcommands.h"
#include "ui/mainwindow/watchview.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestNewCalls final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void cleanup();

    void nothingMoves_data();
    void nothingMoves();
    void countsWhatTheFilterLetsIn();
    void goesToTheNewestAndForgets_data();
    void goesToTheNewestAndForgets();
    void aNewFilterBeginsAtTheTop();
    void aPullFillsTheTop();
    void wordsOfTheStatusLine();

 private:
    [[nodiscard]] bool arrive(int first, int last);
    [[nodiscard]] std::optional<CallKey> topCall() const { return m_desk->calls.keyAt(m_table->rowAt(0)); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestDesk> m_desk;
    CallTable* m_table = nullptr;
    QPushButton* m_chip = nullptr;
};

void TestNewCalls::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_desk = std::make_unique<TestDesk>(m_folder->path(), std::make_shared<MemorySettings>());
    QVERIFY(m_desk->start());
    std::vector<Call> calls;
    for (int i = 1; i <= 300; ++i) {
        calls.push_back(madeUpCall(i));
        calls.back().createdTime = calls.back().dialTime = momentFromMs(1'776'500'000'000) + i * 1min;
    }
    QVERIFY(m_desk->storeCalls(calls));
    QTRY_COMPARE(m_desk->calls.rowCount(), 300);
    m_table = m_desk->find<CallTable>();
    m_chip = m_desk->find<QPushButton>(u"newCalls"_s);
    QVERIFY(m_table && m_chip && !m_chip->isVisible());
}

void TestNewCalls::cleanup() {
    m_desk.reset();
    m_folder.reset();
}

/// As the watch brings them.
bool TestNewCalls::arrive(int first, int last) {
    std::vector<Call> calls;
    std::vector<CallKey> keys;
    for (int i = first; i <= last; ++i) {
        calls.push_back(madeUpCall(i));
        calls.back().createdTime = calls.back().dialTime = momentFromMs(1'776'500'000'000) + i * 1min;
        keys.push_back(calls.back().key);
    }
    const int before = int(m_desk->calls.totalCalls());
    const bool stored = m_desk->storeCalls(calls);
    Q_EMIT m_desk->watch.newCalls(keys);
    return stored && QTest::qWaitFor([&] { return m_desk->calls.totalCalls() > before; }, 10'000);
}

void TestNewCalls::nothingMoves_data() {
    QTest::addColumn<int>("scrolled");
    QTest::addColumn<int>("selected");
    QTest::newRow("in the middle") << 120 << 125;
    QTest::newRow("at the top") << 0 << 2;
    QTest::newRow("selected far away") << 50 << 200;
}

void TestNewCalls::nothingMoves() {
    QFETCH(int, scrolled);
    QFETCH(int, selected);
    m_table->goTo(*m_desk->calls.keyAt(selected));
    m_table->verticalScrollBar()->setValue(scrolled);
    m_table->setFocus();
    QVERIFY(m_desk->hasFocus(m_table));
    const auto top = topCall();
    const auto current = m_table->currentCall();
    QVERIFY(arrive(301, 312));
    QTRY_VERIFY(m_chip->isVisible());
    QCOMPARE(m_chip->text(), u"12 new"_s);
    QVERIFY(topCall() == top);
    QVERIFY(m_table->currentCall() == current);
    QVERIFY(m_table->hasFocus());
    QCOMPARE(m_table->verticalScrollBar()->value(), scrolled + 12);
    QCOMPARE(m_table->selectionModel()->selectedRows().size(), 1);
}

void TestNewCalls::countsWhatTheFilterLetsIn() {
    auto* line = m_desk->find<FilterLine>();
    line->setText(u"disposition:SALE"_s);
    QTRY_VERIFY(!m_desk->calls.isQueryRunning());
    QVERIFY(arrive(301, 312));
    QTRY_COMPARE(m_chip->text(), u"6 new"_s);
    line->clear();
    QTRY_COMPARE(m_chip->text(), u"12 new"_s);
    line->setText(u"disposition:NOPE"_s);
    QTRY_VERIFY(!m_chip->isVisible());
}

void TestNewCalls::goesToTheNewestAndForgets_data() {
    QTest::addColumn<bool>("byKey");
    QTest::newRow("click") << false;
    QTest::newRow("key") << true;
}

void TestNewCalls::goesToTheNewestAndForgets() {
    QFETCH(bool, byKey);
    m_table->goTo(*m_desk->calls.keyAt(125));
    m_table->setFocus();
    QVERIFY(m_desk->hasFocus(m_table));
    const auto current = m_table->currentCall();
    QVERIFY(arrive(301, 312));
    QTRY_VERIFY(m_chip->isVisible());
    if (byKey) {
        QTest::keyClick(m_table, Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    } else {
        QTest::mouseClick(m_chip, Qt::LeftButton);
    }
    QVERIFY(topCall() == madeUpCall(312).key);
    QVERIFY(!m_chip->isVisible());
    QVERIFY(m_table->currentCall() == current);
    QVERIFY(m_table->hasFocus());
    QVERIFY(arrive(313, 313));
    QTRY_COMPARE(m_chip->text(), u"1 new"_s);
    // Whoever goes to a call has seen it.
    m_table->goTo(madeUpCall(313).key);
    QTRY_VERIFY(!m_chip->isVisible());
}

void TestNewCalls::aNewFilterBeginsAtTheTop() {
    m_table->verticalScrollBar()->setValue(0);
    QVERIFY(arrive(301, 305));
    QTRY_VERIFY(m_chip->isVisible());
    m_table->verticalScrollBar()->setValue(0);
    m_desk->calls.setSortKey({Field::DialTime, false});
    QTRY_VERIFY(m_desk->calls.keyAt(0) == madeUpCall(1).key);
    QCOMPARE(m_table->verticalScrollBar()->value(), 0);
}

void TestNewCalls::aPullFillsTheTop() {
    m_table->verticalScrollBar()->setValue(0);
    m_table->setStaysAtTop(true);
    QVERIFY(arrive(301, 305));
    QTRY_VERIFY(m_chip->isVisible());
    QCOMPARE(m_table->verticalScrollBar()->value(), 0);
}

void TestNewCalls::wordsOfTheStatusLine() {
    const Moment now = momentFromMs(1'776'600'000'000);  // 2026-04-19 12:00 UTC
    WatchState north;
    north.account = u"north"_s;
    north.newsAt = now - 1min;
    north.fullAt = now - 150min;
    const auto plain = [](QString text) { return text.remove(QChar(0x2068)).remove(QChar(0x2069)); };
    const QString words = plain(watchText({north}, now));
    QVERIFY2(words.startsWith(u"Yotel north: looked for news "_s) && words.contains(u"; full list "_s),
             qPrintable(words));
    WatchState south = north;
    south.account = u"south"_s;
    south.newsAt = now;
    QVERIFY(plain(watchText({north, south}, now)).startsWith(u"Yotel south"_s));
    north.problem = makeError(ErrorKind::Offline);
    QVERIFY2(plain(watchText({north, south}, now)).startsWith(u"Yotel north: no news since "_s),
             qPrintable(watchText({north, south}, now)));
    QCOMPARE(watchTexts({north, south}, now).count(u'\n'), 1);
    QVERIFY(watchText({}, now).isEmpty());
}

QTEST_MAIN(TestNewCalls)
#include "tst_newcalls.moc"
