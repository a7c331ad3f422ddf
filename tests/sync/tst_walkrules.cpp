// The stop rules of a page walk, without network: lists that lie, shrink, repeat and never end.
#include <QTest>

#include "models/sync/walkrules.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

PageFacts page(int number, int first, int rows, std::optional<qint64> total, std::optional<int> size = std::nullopt) {
    PageFacts facts;
    facts.page = number;
    facts.rows = rows;
    facts.total = total;
    facts.pageSize = size;
    for (int i = 0; i < rows; ++i) {
        facts.ids.append(u"id-%1"_s.arg(first + i));
    }
    return facts;
}

WalkRules::Verdict take(WalkRules& rules, const PageFacts& facts) {
    rules.noteArrival(facts);
    return rules.take(facts);
}

/// Walks a still list of `count` rows; the number of pages taken.
int walk(WalkRules& rules, int count, int givenPerPage, std::optional<qint64> total, std::optional<int> saidSize,
         int from = 1) {
    for (int number = from;; ++number) {
        const int first = (number - 1) * givenPerPage;
        const int rows = std::clamp(count - first, 0, givenPerPage);
        if (take(rules, page(number, first, rows, total, saidSize)) == WalkRules::Verdict::AtEnd) {
            return number - from + 1;
        }
        if (number > 1000) {
            return -1;
        }
    }
}

constexpr auto kGoOn = WalkRules::Verdict::GoOn;
constexpr auto kAtEnd = WalkRules::Verdict::AtEnd;

}  // namespace

class TestWalkRules final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void stillLists_data();
    void stillLists();
    void repeatedPageEnds();
    void pageWithoutNewIdsEnds();
    void firstPageAgainBeyondTheEnd();
    void endlessNewIdsWithTotalEnd();
    void rejectedRowsAreRows();
    void insertedAtTopNeedsOnePageMore();
    void removedRowNeedsAnotherPass();
    void totalThatCountsItsPage();
    void firstPageThatPromisesMoreIsNoEmptyList();
    void atMostThreeMorePasses();
    void resumedWalkCountsWhatLiesBefore();
    void resumedWalkMeasuresItsPages();
    void resumedWalkWhoseListMovedStartsAgain();
    void resumedWalkSeesThatItsRowsMoved();
    void fetchAheadOnlyWhatExists();
};

void TestWalkRules::stillLists_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("given");
    QTest::addColumn<int>("asked");
    QTest::addColumn<qint64>("total");  // -1 = not said
    QTest::addColumn<int>("saidSize");  // -1 = not said
    QTest::addColumn<int>("pages");
    QTest::addColumn<bool>("everything");
    QTest::newRow("three pages") << 50 << 20 << 20 << qint64(50) << 20 << 3 << true;
    QTest::newRow("exactly full") << 40 << 20 << 20 << qint64(40) << 20 << 2 << true;
    QTest::newRow("one row") << 1 << 200 << 200 << qint64(1) << 200 << 1 << true;
    QTest::newRow("empty") << 0 << 200 << 200 << qint64(0) << 200 << 1 << false;
    QTest::newRow("no total") << 50 << 20 << 20 << qint64(-1) << 20 << 4 << false;
    QTest::newRow("no total, exactly full") << 40 << 20 << 20 << qint64(-1) << -1 << 3 << false;
    QTest::newRow("total 0 though there are rows") << 50 << 20 << 20 << qint64(0) << 20 << 4 << false;
    QTest::newRow("total too small") << 50 << 20 << 20 << qint64(7) << 20 << 4 << false;
    QTest::newRow("total too big") << 50 << 20 << 20 << qint64(1'000'000) << 20 << 4 << false;
    QTest::newRow("smaller pages, said") << 60 << 10 << 200 << qint64(60) << 10 << 6 << true;
    QTest::newRow("smaller pages, not said") << 60 << 10 << 200 << qint64(60) << -1 << 6 << true;
    QTest::newRow("smaller pages, denied") << 60 << 10 << 200 << qint64(60) << 200 << 6 << true;
    QTest::newRow("larger pages than asked") << 60 << 60 << 20 << qint64(60) << 20 << 2 << true;
}

void TestWalkRules::stillLists() {
    QFETCH(int, count);
    QFETCH(int, given);
    QFETCH(int, asked);
    QFETCH(qint64, total);
    QFETCH(int, saidSize);
    QFETCH(int, pages);
    QFETCH(bool, everything);
    WalkRules rules(WalkStart{asked, 1, std::nullopt});
    const auto said = total < 0 ? std::nullopt : std::optional(total);
    QCOMPARE(walk(rules, count, given, said, saidSize < 0 ? std::nullopt : std::optional(saidSize)), pages);
    QCOMPARE(rules.distinctSeen(), qint64(count));
    QCOMPARE(rules.sawEverything(), everything);
    QVERIFY(!rules.neverEnded());
    QCOMPARE(rules.needsAnotherPass(), !everything && count > 0);
    if (rules.needsAnotherPass()) {  // the total proves nothing, the same rows once more do
        rules.beginAnotherPass(WalkRules::PassFor::Movement);
        QCOMPARE(walk(rules, count, given, said, saidSize < 0 ? std::nullopt : std::optional(saidSize)), pages);
        QVERIFY(!rules.needsAnotherPass());
        QVERIFY(!rules.stillMoving());
        QVERIFY(!rules.sawEverything());
    }
}

void TestWalkRules::repeatedPageEnds() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    QCOMPARE(take(rules, page(1, 0, 20, 1000)), kGoOn);
    QCOMPARE(take(rules, page(2, 20, 20, 1000)), kGoOn);
    QCOMPARE(take(rules, page(3, 20, 20, 1000)), kAtEnd);
    QCOMPARE(rules.distinctSeen(), qint64(40));
    QVERIFY(!rules.sawEverything());
}

void TestWalkRules::pageWithoutNewIdsEnds() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    QCOMPARE(take(rules, page(1, 0, 20, 1000)), kGoOn);
    QCOMPARE(take(rules, page(2, 5, 15, 1000)), kAtEnd);
}

void TestWalkRules::firstPageAgainBeyondTheEnd() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    QCOMPARE(take(rules, page(1, 0, 20, std::nullopt)), kGoOn);
    QCOMPARE(take(rules, page(2, 20, 20, std::nullopt)), kGoOn);
    QCOMPARE(take(rules, page(3, 0, 20, std::nullopt)), kAtEnd);
    QCOMPARE(rules.distinctSeen(), qint64(40));
}

void TestWalkRules::endlessNewIdsWithTotalEnd() {
    // The total grows by just as much as is read; pages of five rows, so 60 of them at most.
    WalkRules rules(WalkStart{10, 1, std::nullopt});
    int number = 0;
    WalkRules::Verdict verdict = kGoOn;
    while (verdict == kGoOn && number < 200) {
        ++number;
        // short pages that always promise more
        verdict = take(rules, page(number, number * 10, number == 1 ? 10 : 5, 300));
    }
    QVERIFY(number <= 60);
}

void TestWalkRules::rejectedRowsAreRows() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    PageFacts facts = page(1, 0, 20, 40);
    facts.ids.removeLast();
    QCOMPARE(take(rules, facts), kGoOn);
    facts = page(2, 20, 20, 40);
    facts.ids.clear();  // a whole page of what is no call
    QCOMPARE(take(rules, facts), kAtEnd);
    QVERIFY(!rules.needsAnotherPass());
    QVERIFY(!rules.sawEverything());  // the rejected ones may be calls that are known
}

void TestWalkRules::insertedAtTopNeedsOnePageMore() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    QCOMPARE(take(rules, page(1, 100, 20, 60)), kGoOn);
    // a row came in at the top: everything slips by one, the last of page 1 comes again
    QCOMPARE(take(rules, page(2, 119, 20, 61)), kGoOn);
    QCOMPARE(take(rules, page(3, 139, 20, 61)), kGoOn);
    QCOMPARE(take(rules, page(4, 159, 1, 61)), kAtEnd);
    QVERIFY(rules.needsAnotherPass());
    rules.beginAnotherPass(WalkRules::PassFor::Movement);
    QCOMPARE(take(rules, page(1, 99, 20, 61)), kAtEnd);  // both passes together have seen all 61
    QVERIFY(!rules.needsAnotherPass());
    QVERIFY(rules.sawEverything());
}

void TestWalkRules::removedRowNeedsAnotherPass() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    QCOMPARE(take(rules, page(1, 0, 20, 60)), kGoOn);
    QCOMPARE(take(rules, page(2, 21, 20, 59)), kGoOn);  // row 20 slipped to page 1 unseen
    QCOMPARE(take(rules, page(3, 41, 19, 59)), kAtEnd);
    QVERIFY(rules.needsAnotherPass());
    QVERIFY(!rules.sawEverything());
    rules.beginAnotherPass(WalkRules::PassFor::Movement);
    // 59 ids were seen, but one of them is gone: the second pass must not stop early
    QCOMPARE(take(rules, page(1, 1, 20, 59)), kGoOn);
    QCOMPARE(take(rules, page(2, 21, 20, 59)), kGoOn);
    QCOMPARE(take(rules, page(3, 41, 19, 59)), kAtEnd);
    QVERIFY(rules.sawEverything());
}

// 21 rows, of which one goes between the pages: the last slips to the page that was read already.
void TestWalkRules::totalThatCountsItsPage() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    QCOMPARE(take(rules, page(1, 0, 20, 20)), kGoOn);
    QCOMPARE(take(rules, page(2, 0, 0, 0)), kAtEnd);
    QVERIFY(rules.needsAnotherPass());
    QVERIFY(!rules.sawEverything());
    for (int pass = 2; pass <= 3; ++pass) {
        QVERIFY(rules.needsAnotherPass());
        rules.beginAnotherPass(WalkRules::PassFor::Movement);
        QCOMPARE(take(rules, page(1, 1, 20, 20)), kGoOn);
        QCOMPARE(take(rules, page(2, 0, 0, 0)), kAtEnd);
    }
    QVERIFY(!rules.needsAnotherPass());  // twice the same rows
    QVERIFY(!rules.sawEverything());
    // A total that holds beyond the end counts the list.
    WalkRules honest(WalkStart{20, 1, std::nullopt});
    QCOMPARE(take(honest, page(1, 0, 20, 20)), kGoOn);
    QCOMPARE(take(honest, page(2, 0, 0, 20)), kAtEnd);
    QVERIFY(!honest.needsAnotherPass());
    QVERIFY(honest.sawEverything());
}

void TestWalkRules::firstPageThatPromisesMoreIsNoEmptyList() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    PageFacts facts = page(1, 0, 0, 0);
    facts.hasMore = true;
    QCOMPARE(take(rules, facts), kAtEnd);
    QVERIFY(rules.needsAnotherPass());
    rules.beginAnotherPass(WalkRules::PassFor::Movement);
    QCOMPARE(take(rules, facts), kAtEnd);
    QVERIFY(!rules.needsAnotherPass());  // it promises for ever
}

void TestWalkRules::atMostThreeMorePasses() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    for (int pass = 0; pass <= WalkRules::kMostExtraPasses; ++pass) {
        QCOMPARE(take(rules, page(1, 0, 20, 500)), kGoOn);
        QCOMPARE(take(rules, page(2, 10, 20, 500)), kGoOn);  // half of it again
        QCOMPARE(take(rules, page(3, 0, 0, 500)), kAtEnd);
        QCOMPARE(rules.needsAnotherPass(), pass < WalkRules::kMostExtraPasses);
        if (rules.needsAnotherPass()) {
            rules.beginAnotherPass(WalkRules::PassFor::Movement);
        }
    }
    QVERIFY(rules.stillMoving());
    QVERIFY(!rules.sawEverything());
}

void TestWalkRules::resumedWalkCountsWhatLiesBefore() {
    WalkRules rules(WalkStart{20, 2, 50});
    QCOMPARE(walk(rules, 50, 20, 50, 20, 2), 2);
    QVERIFY(!rules.needsAnotherPass());
    QVERIFY(!rules.sawEverything());  // not in this walk
}

/// The server gives ten rows and says twenty: by its word the fourth page of seven holds the last ten of seventy.
void TestWalkRules::resumedWalkMeasuresItsPages() {
    for (int stored = 2; stored <= 6; ++stored) {
        WalkRules rules(WalkStart{20, stored, 70});
        QCOMPARE(walk(rules, 70, 10, 70, 20, stored), 8 - stored);
        QCOMPARE(rules.distinctSeen(), qint64(10 * (8 - stored)));
        QVERIFY(!rules.needsAnotherPass());
    }
}

void TestWalkRules::resumedWalkWhoseListMovedStartsAgain() {
    WalkRules rules(WalkStart{20, 2, 50});
    QCOMPARE(walk(rules, 55, 20, 55, 20, 2), 2);
    QVERIFY(rules.needsAnotherPass());
    rules.beginAnotherPass(WalkRules::PassFor::Movement);
    QCOMPARE(walk(rules, 55, 20, 55, 20), 1);  // the second page and the third were seen
    QVERIFY(rules.sawEverything());
}

/// Only calls that were not known on the very page with which the walk goes on tell of it.
void TestWalkRules::resumedWalkSeesThatItsRowsMoved() {
    WalkRules rules(WalkStart{20, 2, 60});
    QCOMPARE(take(rules, page(2, 21, 20, 60)), kGoOn);
    QVERIFY(!rules.hasMovedSince(0));
    QVERIFY(rules.hasMovedSince(1));
    QCOMPARE(take(rules, page(3, 41, 20, 60)), kAtEnd);
    QVERIFY(!rules.hasMovedSince(20));
    QVERIFY(!rules.needsAnotherPass());
    WalkRules fresh(WalkStart{20, 1, 60});
    QCOMPARE(take(fresh, page(1, 0, 20, 60)), kGoOn);
    QVERIFY(!fresh.hasMovedSince(20));
    WalkRules endsAtOnce(WalkStart{20, 3, 60});
    QCOMPARE(take(endsAtOnce, page(3, 40, 20, 60)), kAtEnd);
    QVERIFY(endsAtOnce.needsAnotherPass());  // pages came after it then
}

void TestWalkRules::fetchAheadOnlyWhatExists() {
    WalkRules rules(WalkStart{20, 1, std::nullopt});
    QCOMPARE(rules.surePages(), 0);
    QCOMPARE(take(rules, page(1, 0, 20, 50)), kGoOn);
    QCOMPARE(rules.surePages(), 3);
    WalkRules unknown(WalkStart{20, 1, std::nullopt});
    QCOMPARE(take(unknown, page(1, 0, 20, std::nullopt)), kGoOn);
    QCOMPARE(unknown.surePages(), 0);
}

QTEST_GUILESS_MAIN(TestWalkRules)
#include "tst_walkrules.moc"
