// From one row order to the next: the steps end in the wanted order, and every row that stays can be followed.
#include <QTest>
#include <algorithm>
#include <random>
#include <set>

#include "models/tables/tableorder.h"

using namespace earmark;

namespace {

RowOrder randomOrder(std::mt19937& dice, RowNumber rows, double share) {
    RowOrder order;
    for (RowNumber row = 0; row < rows; ++row) {
        if (std::uniform_real_distribution(0.0, 1.0)(dice) < share) {
            order.push_back(row);
        }
    }
    std::shuffle(order.begin(), order.end(), dice);
    return order;
}

/// Plays the steps as the model does and says what a view would have seen.
RowOrder played(const RowOrder& from, const RowOrder& to, const OrderChange& change) {
    RowOrder shown = from;
    if (change.same) {
        return shown;
    }
    if (!change.gathered.empty()) {
        if (!std::ranges::is_permutation(shown, change.gathered)) {
            return {};  // a layout change may move rows, never add or drop one
        }
        shown = change.gathered;
        shown.resize(change.staying);
    }
    if (!change.grown.empty()) {
        if (!std::ranges::equal(shown,
                                RowOrder(change.grown.begin(), change.grown.begin() + std::ptrdiff_t(shown.size())))) {
            return {};  // an insertion leaves what is there alone
        }
        shown = change.grown;
    }
    if (change.moves) {
        if (!std::ranges::is_permutation(shown, to)) {
            return {};
        }
        shown = to;
    }
    return shown;
}

}  // namespace

class TableOrderTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void knownChanges_data() {
        QTest::addColumn<QList<int>>("from");
        QTest::addColumn<QList<int>>("to");
        QTest::newRow("nothing") << QList<int>{} << QList<int>{};
        QTest::newRow("same") << QList<int>{3, 1, 2} << QList<int>{3, 1, 2};
        QTest::newRow("first rows") << QList<int>{} << QList<int>{2, 0, 1};
        QTest::newRow("all go") << QList<int>{2, 0, 1} << QList<int>{};
        QTest::newRow("newer on top") << QList<int>{2, 1, 0} << QList<int>{4, 3, 2, 1, 0};
        QTest::newRow("appended") << QList<int>{0, 1} << QList<int>{0, 1, 2};
        QTest::newRow("turned round") << QList<int>{0, 1, 2} << QList<int>{2, 1, 0};
        QTest::newRow("one goes in the middle") << QList<int>{0, 1, 2} << QList<int>{0, 2};
        QTest::newRow("one for another") << QList<int>{0, 1, 2} << QList<int>{0, 5, 2};
    }
    void knownChanges() {
        QFETCH(QList<int>, from);
        QFETCH(QList<int>, to);
        const RowOrder before(from.begin(), from.end());
        const RowOrder after(to.begin(), to.end());
        const OrderChange change = orderChange(before, after, 6);
        QCOMPARE(change.same, before == after);
        QCOMPARE(played(before, after, change), after);
    }

    void appendingMovesNothing() {
        const OrderChange change = orderChange({0, 1}, {0, 1, 2}, 3);
        QVERIFY(!change.moves);
        QVERIFY(change.gathered.empty());
        QCOMPARE(change.grown, (RowOrder{0, 1, 2}));
    }

    void removingMovesNothingAfterwards() {
        const OrderChange change = orderChange({0, 1, 2}, {0, 2}, 3);
        QVERIFY(!change.moves);
        QCOMPARE(change.gathered, (RowOrder{0, 2, 1}));
        QCOMPARE(change.staying, size_t(2));
        QVERIFY(change.grown.empty());
    }

    void randomChanges() {
        std::mt19937 dice(20'261'120);
        for (int round = 0; round < 2'000; ++round) {
            const RowNumber rows = RowNumber(1 + dice() % 40);
            const RowOrder from = randomOrder(dice, rows, double(dice() % 11) / 10.0);
            const RowOrder to = randomOrder(dice, rows, double(dice() % 11) / 10.0);
            const OrderChange change = orderChange(from, to, rows);
            QVERIFY2(played(from, to, change) == to, qPrintable(QString::number(round)));
        }
    }

    void positionsAnswerOnlyForRowsThatAreThere() {
        const std::vector<int> positions = positionsIn({4, 0, 2}, 6);
        QCOMPARE(positions, (std::vector<int>{1, -1, 2, -1, 0, -1}));
    }

    void aKeptRowStaysWhereItWas() {
        RowOrder order{1, 2, 3};
        keepRow(order, 9, 1);
        QCOMPARE(order, (RowOrder{1, 9, 2, 3}));
        keepRow(order, 9, 3);
        QCOMPARE(order.size(), size_t(4));  // never twice
        RowOrder shorter{1};
        keepRow(shorter, 9, 7);
        QCOMPARE(shorter, (RowOrder{1, 9}));
    }
};

QTEST_GUILESS_MAIN(TableOrderTest)
#include "tst_tableorder.moc"
