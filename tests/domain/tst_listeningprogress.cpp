// What is remembered of listening: parts that were played become one where they touch, stay few, and travel as text.
#include <QTest>

#include "models/domain/listeningprogress.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class ListeningProgressTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void joinsSpans();
    void closesTheShortestGaps();
    void travelsAsText();
    void passesOverWhatCannotBeRead();
};

void ListeningProgressTest::joinsSpans() {
    QCOMPARE(withSpan({}, {1s, 2s}), (TimeSpans{{1s, 2s}}));
    QCOMPARE(withSpan({{1s, 2s}, {5s, 6s}}, {2s, 5s}), (TimeSpans{{1s, 6s}}));
    QCOMPARE(withSpan({{1s, 2s}, {5s, 6s}}, {3s, 4s}), (TimeSpans{{1s, 2s}, {3s, 4s}, {5s, 6s}}));
    QCOMPARE(withSpan({{5s, 6s}}, {1s, 2s}), (TimeSpans{{1s, 2s}, {5s, 6s}}));
    QCOMPARE(withSpan({{1s, 2s}, {5s, 6s}}, {2050ms, 4950ms}, 50ms), (TimeSpans{{1s, 6s}}));
    QCOMPARE(withSpan({{1s, 2s}}, {2051ms, 3s}, 50ms), (TimeSpans{{1s, 2s}, {2051ms, 3s}}));
}

void ListeningProgressTest::closesTheShortestGaps() {
    const TimeSpans spans{{0s, 1s}, {2s, 3s}, {10s, 11s}, {11500ms, 12s}, {30s, 31s}};
    QCOMPARE(fewerSpans(spans, 5), spans);
    QCOMPARE(fewerSpans(spans, 4), (TimeSpans{{0s, 1s}, {2s, 3s}, {10s, 12s}, {30s, 31s}}));
    QCOMPARE(fewerSpans(spans, 3), (TimeSpans{{0s, 3s}, {10s, 12s}, {30s, 31s}}));
    QCOMPARE(fewerSpans(spans, 1), (TimeSpans{{0s, 31s}}));
    QVERIFY(fewerSpans({{0s, 1s}, {2s, 3s}, {4s, 5s}}, 2).size() <= 2);  // gaps of one length
}

void ListeningProgressTest::travelsAsText() {
    const TimeSpans spans{{0ms, 1500ms}, {4s, 9s}};
    QCOMPARE(toText(spans), u"0-1500 4000-9000"_s);
    QCOMPARE(timeSpansFromText(toText(spans)), spans);
    QCOMPARE(toText({}), QString());
    QVERIFY(timeSpansFromText(u"").empty());
}

void ListeningProgressTest::passesOverWhatCannotBeRead() {
    QCOMPARE(timeSpansFromText(u"x 5-5 9-3 -4-6 7 8- -9 1-2-3 99999999999-100000000000  100-200 "),
             (TimeSpans{{100ms, 200ms}}));
    QCOMPARE(timeSpansFromText(u"400-500 100-450"), (TimeSpans{{100ms, 500ms}}));  // in no order, overlapping
}

QTEST_GUILESS_MAIN(ListeningProgressTest)
#include "tst_listeningprogress.moc"
