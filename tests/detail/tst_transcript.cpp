// The transcript and the provider's object as lists: what they say, keys, searching, copying, and that 100,000 rows
// never hold the window up.
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include "models/domain/jsontext.h"
#include "tests/detail/manyturns.h"
#include "tests/support/heartbeat.h"
#include "ui/detail/findline.h"
#include "ui/detail/longtextview.h"
#include "ui/detail/rawview.h"
#include "ui/detail/rowheights.h"
#include "ui/detail/transcriptview.h"
#include "ui/detail/turnreader.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

Call callOf(Provider provider, CallStatus status = CallStatus::Completed) {
    Call call;
    call.key = {u"main"_s, u"c-1"_s};
    call.provider = provider;
    call.status = status;
    return call;
}

struct Shown {
    explicit Shown(const std::shared_ptr<CallDetails>& details = nullptr, QSize size = {400, 700}) {
        view.resize(size);
        if (details) {
            view.setCall(callOf(Provider::Vatel), details, false);
        }
        view.show();
        view.activateWindow();
    }
    [[nodiscard]] TurnsList* list() const { return view.turns(); }
    [[nodiscard]] int firstRow() const { return list()->indexAt({5, 1}).row(); }

    TranscriptView view;
};

}  // namespace

class TranscriptTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void heightsSumUp() {
        RowHeights heights;
        QCOMPARE(heights.rowAt(0), -1);
        QRandomGenerator random(7);
        for (const int count : {1, 2, 3, 7, 64, 1000}) {
            std::vector<int> plain(static_cast<size_t>(count));
            for (int& height : plain) {
                height = random.bounded(1, 50);
            }
            heights.reset(plain);
            for (int change = 0; change < 50; ++change) {
                const int row = random.bounded(count);
                plain[size_t(row)] = random.bounded(1, 90);
                heights.setHeight(row, plain[size_t(row)]);
            }
            int top = 0;
            for (int row = 0; row < count; ++row) {
                QCOMPARE(heights.top(row), top);
                QCOMPARE(heights.rowAt(top), row);
                top += plain[size_t(row)];
                QCOMPARE(heights.rowAt(top - 1), row);
            }
            QCOMPARE(heights.total(), top);
            QCOMPARE(heights.rowAt(top + 1000), count - 1);
        }
    }

    void saysWhyThereIsNone_data() {
        QTest::addColumn<Provider>("provider");
        QTest::addColumn<CallStatus>("status");
        QTest::addColumn<bool>("areMissing");
        QTest::addColumn<QString>("said");
        QTest::newRow("not offered") << Provider::Yotel << CallStatus::Completed << false
                                     << u"Yotel does not offer transcripts."_s;
        QTest::newRow("none stored") << Provider::Vatel << CallStatus::Completed << false
                                     << u"Vatel stored no transcript of this call."_s;
        QTest::newRow("not ended") << Provider::Vatel << CallStatus::InProgress << false
                                   << u"No transcript yet; the call has not ended."_s;
        QTest::newRow("not fetched") << Provider::Atoms << CallStatus::Completed << true
                                     << u"The transcript was not fetched yet."_s;
    }
    void saysWhyThereIsNone() {
        QFETCH(Provider, provider);
        QFETCH(CallStatus, status);
        QFETCH(bool, areMissing);
        QFETCH(QString, said);
        Shown shown;
        shown.view.setCall(callOf(provider, status), std::make_shared<CallDetails>(), areMissing);
        QCOMPARE(shown.view.absenceText(), said);
        if (areMissing) {
            shown.view.setFetching(true);
            QVERIFY(shown.view.absenceText().contains(u"being fetched from smallest.ai Atoms"_s));
            shown.view.setFetching(false);
            shown.view.setFetchProblem(u"No route."_s);
            QVERIFY(shown.view.absenceText().endsWith(u"No route."_s));
        }
        shown.view.setCall(callOf(Provider::Vatel), manyTurns(3), false);
        QCOMPARE(shown.view.absenceText(), QString());
    }

    void aHundredThousandTurnsOpenAndScroll() {
        const auto details = manyTurns(100'000);
        Shown shown(manyTurns(10));
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        const Heartbeat heartbeat;
        QMetaObject::invokeMethod(
            &shown.view, [&] { shown.view.setCall(callOf(Provider::Vatel), details, false); }, Qt::QueuedConnection);
        QTRY_COMPARE(shown.list()->model()->rowCount(), 100'000);
        shown.list()->setFocus();
        for (const int key : {Qt::Key_End, Qt::Key_Home, Qt::Key_PageDown, Qt::Key_PageDown, Qt::Key_Down}) {
            QTest::keyClick(shown.list(), Qt::Key(key));
            QTest::qWait(5);
        }
        QScrollBar* bar = shown.list()->verticalScrollBar();
        QRandomGenerator random(3);
        for (int i = 0; i < 40; ++i) {
            QMetaObject::invokeMethod(
                bar, [bar, to = random.bounded(bar->maximum())] { bar->setValue(to); }, Qt::QueuedConnection);
            QTest::qWait(2);
        }
        for (const int width : {340, 900, 400}) {
            shown.view.resize(width, 700);
            QTest::qWait(10);
        }
        QVERIFY2(Heartbeat::faults().isEmpty(), qPrintable(Heartbeat::report()));
        qInfo("longest turn %lld ms", static_cast<long long>(Heartbeat::longestTurn().count()));
    }

    /// Rows that come in from above have other heights than estimated; what was seen must not jump.
    void scrollingUpKeepsWhatIsSeen() {
        Shown shown(manyTurns(5'000));
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        QScrollBar* bar = shown.list()->verticalScrollBar();
        bar->setValue(bar->maximum() / 2);
        for (int i = 0; i < 200; ++i) {
            const QModelIndex seen = shown.list()->indexAt({5, 100});
            const int before = shown.list()->visualRect(seen).top();
            bar->setValue(bar->value() - 60);
            QCOMPARE(shown.list()->visualRect(seen).top(), before + 60);
        }
    }

    void theCurrentTurnStaysInSight() {
        Shown shown(manyTurns(2'000));
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        shown.list()->setFocus();
        for (int row = 1; row < 120; ++row) {
            QTest::keyClick(shown.list(), Qt::Key_Down);
            QCOMPARE(shown.list()->currentIndex().row(), row);
            const QRect place = shown.list()->visualRect(shown.list()->currentIndex());
            QVERIFY(place.top() >= 0 && place.bottom() <= shown.list()->viewport()->height());
        }
        QTest::keyClick(shown.list(), Qt::Key_End);
        QCOMPARE(shown.list()->currentIndex().row(), 1'999);
        const QRect last = shown.list()->visualRect(shown.list()->currentIndex());
        QVERIFY(last.bottom() <= shown.list()->viewport()->height());
        QTest::keyClick(shown.list(), Qt::Key_Home);
        QCOMPARE(shown.firstRow(), 0);
    }

    void findsAndCounts() {
        Shown shown(manyTurns(1'200));
        QVERIFY(QTest::qWaitForWindowActive(&shown.view));
        shown.list()->setFocus();
        QTest::keyClick(shown.list(), Qt::Key_F, Qt::ControlModifier);
        FindLine* find = shown.view.findLine();
        QTRY_VERIFY(find->input()->hasFocus());
        QTest::keyClicks(find->input(), u"CHÁRGED twice"_s);
        QTRY_VERIFY(find->countText().startsWith(u"1 of "_s));
        const int first = shown.list()->currentIndex().row();
        QCOMPARE(first, 1);
        QTest::keyClick(find->input(), Qt::Key_F3);
        QCOMPARE(shown.list()->currentIndex().row(), 7);
        QTest::keyClick(find->input(), Qt::Key_F3, Qt::ShiftModifier);
        QTest::keyClick(find->input(), Qt::Key_F3, Qt::ShiftModifier);
        QVERIFY(shown.list()->currentIndex().row() > 1'000);  // round and round
        QTest::keyClick(find->input(), Qt::Key_Escape);
        QVERIFY(find->isHidden());
        QVERIFY(shown.list()->hasFocus());
        QTest::keyClick(shown.list(), Qt::Key_F3);
        QTRY_VERIFY(find->input()->hasFocus());
        find->input()->clear();
        QTest::keyClicks(find->input(), u"zebra"_s);
        QTRY_COMPARE(find->countText(), u"Not found"_s);
    }

    void searchingManyTurnsHoldsNothingUp() {
        Shown shown(manyTurns(100'000));
        QVERIFY(QTest::qWaitForWindowActive(&shown.view));
        FindLine* find = shown.view.findLine();
        find->open();
        const Heartbeat heartbeat;
        for (const auto& [typed, told] :
             {std::pair{u"e"_s, u"1 of more than 100,000"_s}, std::pair{u"zebra"_s, u"Not found"_s},
              std::pair{u"(99999)"_s, u"1 of 1"_s}}) {
            find->input()->setText(typed);
            QTRY_COMPARE_WITH_TIMEOUT(find->countText(), told, 30'000);
        }
        QTRY_COMPARE(shown.list()->currentIndex().row(), 99'999);
        QVERIFY2(Heartbeat::faults().isEmpty(), qPrintable(Heartbeat::report()));
        qInfo("longest turn %lld ms", static_cast<long long>(Heartbeat::longestTurn().count()));
    }

    void copiesTheSelectedTurns() {
        Shown shown(manyTurns(50));
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        shown.list()->setFocus();
        QTest::keyClick(shown.list(), Qt::Key_Home);
        QTest::keyClick(shown.list(), Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(shown.list(), Qt::Key_C, Qt::ControlModifier);
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(copied.startsWith(u"Agent (0:00): Hello, this is"_s), qPrintable(copied));
        QVERIFY(copied.contains(u"\nCustomer (≈ 0:04): My card"_s));
        QTest::keyClick(shown.list(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(shown.list()->selectedText().count(u"("_s),
                 100 - 2);  // two a turn; a tool and an interruption have one
    }

    void enterOpensATurn() {
        Shown shown(manyTurns(50));
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        auto* reader = shown.view.findChild<TurnReader*>();
        shown.list()->setFocus();
        shown.list()->setCurrentIndex(shown.list()->model()->index(17, 0));
        QTest::keyClick(shown.list(), Qt::Key_Return);
        QVERIFY(reader->isVisible());
        QCOMPARE(reader->text()->text(), u"{\n  \"card\": \"ending 4242\",\n  \"days\": [\n    1,\n    5\n  ]\n}"_s);
        QTest::keyClick(shown.list(), Qt::Key_Down);  // follows
        QCOMPARE(reader->text()->text(), u"%1 (18)"_s.arg(manyTurns(1)->transcript[0].text.chopped(4)));
        QTest::keyClick(shown.list(), Qt::Key_End);
        const auto isSeen = [&] {
            const QRect place = shown.list()->visualRect(shown.list()->currentIndex());
            return place.top() >= 0 && place.bottom() <= shown.list()->viewport()->height();
        };
        QTRY_VERIFY(isSeen());
        QTest::keyClick(shown.list(), Qt::Key_Escape);
        QVERIFY(!reader->isVisible());
        QTest::keyClick(shown.list(), Qt::Key_Return);  // takes room from the list; its turn stays in sight
        QTRY_VERIFY(reader->isVisible() && isSeen());
    }

    void mirrorsByContent() {
        Shown shown(manyTurns(6));
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        const QImage image = shown.list()->viewport()->grab().toImage();
        const auto inked = [&](int row, bool right) {
            const QRect place = shown.list()->visualRect(shown.list()->model()->index(row, 0));
            const int from = right ? place.right() - 30 : 70;
            int ink = 0;
            for (int y = place.top() + 24; y < std::min(place.bottom(), image.height() - 1); ++y) {
                for (int x = from; x < from + 20; ++x) {
                    ink += qGray(image.pixel(x, y)) < 128 ? 1 : 0;
                }
            }
            return ink;
        };
        QVERIFY(inked(2, false) > 0 && inked(2, true) == 0);  // "Yes."
        QVERIFY(inked(3, true) > 0);                          // Hebrew begins at the right edge
    }

    void bigObjectsOpenAtOnce() {
        QByteArray json("{\"list\":[");
        for (int i = 0; i < 60'000; ++i) {
            json += (i > 0 ? "," : "") + QByteArray("{\"number\":") + QByteArray::number(i) +
                    ",\"text\":\"what was said in this part of the call, word by word\"}";
        }
        json += "],\"long\":\"" + QByteArray(1'000'000, 'x') + "\"}";
        QVERIFY(json.size() > 5'000'000);
        const QString text = QString::fromUtf8(formattedJson(json));
        RawView view;
        view.resize(400, 700);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        const Heartbeat heartbeat;
        QMetaObject::invokeMethod(
            &view, [&] { view.setText(text, Provider::Vatel, false); }, Qt::QueuedConnection);
        QTRY_VERIFY(view.lines()->model()->rowCount() > 200'000);
        view.lines()->setFocus();
        QTest::keyClick(view.lines(), Qt::Key_End);
        QTest::keyClick(view.lines(), Qt::Key_PageUp);
        view.findLine()->open();
        QTest::keyClicks(view.findLine()->input(), u"59999,"_s);
        QTRY_COMPARE_WITH_TIMEOUT(view.findLine()->countText(), u"1 of 1"_s, 30'000);
        QVERIFY2(Heartbeat::faults().isEmpty(), qPrintable(Heartbeat::report()));
        QCOMPARE(view.lines()->currentIndex().data().toString().trimmed(), u"\"number\": 59999,"_s);
    }
};

EARMARK_HEARTBEAT_MAIN(TranscriptTest)
#include "tst_transcript.moc"
