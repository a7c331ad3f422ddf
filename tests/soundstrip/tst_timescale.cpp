// The time axis: pixels and milliseconds agree to one pixel at any zoom and length, and nothing leaves the recording.
#include <QTest>
#include <cmath>
#include <random>

#include "tests/support/processortime.h"
#include "ui/soundstrip/rulerticks.h"
#include "ui/soundstrip/timescale.h"
#include "ui/soundstrip/wavecolumns.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

/// Any recording up to ten hours, with some time before it, at any zoom and place.
TimeScale randomScale(std::mt19937& dice) {
    const auto upTo = [&dice](double most) { return std::uniform_real_distribution<double>(0, most)(dice); };
    const auto length = milliseconds(std::int64_t(std::pow(10, 1 + upTo(6.55))));
    const auto before = milliseconds(std::int64_t(upTo(1) < 0.5 ? 0 : upTo(120'000)));
    TimeScale scale({-before, length}, std::round(200 + upTo(3000)));
    for (int i = 0; i < int(upTo(6)); ++i) {
        scale = scale.zoomed(std::pow(2, upTo(8) - 2), upTo(scale.width())).scrolled(upTo(4000) - 2000);
    }
    return scale;
}

}  // namespace

class TimeScaleTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void isExactToOnePixel();
    void zoomsAroundTheHand();
    void keepsToItsLimits();
    void showsAllUntilZoomed();
    void bearsNonsense();
    void rulesSensibly();
    void rulesAnywhere();
    void tellsOwnersOfColumns();
    void coversColumns();
};

void TimeScaleTest::isExactToOnePixel() {
    std::mt19937 dice(7);
    double worst = 0;
    for (int i = 0; i < 5000; ++i) {
        const TimeScale scale = randomScale(dice);
        for (int k = 0; k < 20; ++k) {
            const double x = std::uniform_real_distribution<double>(0, scale.width())(dice);
            if (scale.millisecondsAt(x) > double(scale.whole().end.count())) {
                continue;  // a very short recording does not fill the axis
            }
            const milliseconds at = scale.timeAt(x);
            worst = std::max(worst, std::abs(scale.xOf(at) - x));
            const milliseconds again = scale.timeAt(scale.xOf(at));
            QCOMPARE(again, at);
        }
    }
    qInfo("largest error: %.3f px", worst);
    QVERIFY(worst <= 1.0);
}

void TimeScaleTest::zoomsAroundTheHand() {
    std::mt19937 dice(8);
    const TimeScale all({-12'000ms, 600'000ms}, 1000);
    for (int i = 0; i < 2000; ++i) {
        TimeScale scale = all.zoomed(4, 500);
        const double x = std::uniform_real_distribution<double>(300, 700)(dice);
        const milliseconds held = scale.timeAt(x);
        scale = scale.zoomed(std::uniform_real_distribution<double>(1, 30)(dice), x);
        QVERIFY(std::abs(scale.xOf(held) - x) <= 1);
    }
}

void TimeScaleTest::keepsToItsLimits() {
    std::mt19937 dice(9);
    for (int i = 0; i < 5000; ++i) {
        const TimeScale scale = randomScale(dice);
        QVERIFY(scale.millisecondsPerPixel() >=
                std::min(TimeScale::kFinest, TimeScale(scale.whole(), scale.width()).millisecondsPerPixel()) - 1e-9);
        QVERIFY(scale.millisecondsAt(0) >= double(scale.whole().begin.count()) - 1e-6);
        const double rest = double(scale.whole().end.count()) - scale.millisecondsAt(scale.width());
        QVERIFY(rest >= -1e-3 || scale.showsAll());
    }
    const TimeScale fine = TimeScale({0ms, 36'000'000ms}, 1000).zoomed(1e9, 500);
    QCOMPARE(fine.millisecondsPerPixel(), 10.0);
    QVERIFY(fine.zoomed(1e-9, 100).showsAll());
}

void TimeScaleTest::showsAllUntilZoomed() {
    const TimeScale all({-5'000ms, 95'000ms}, 500);
    QVERIFY(all.showsAll());
    QCOMPARE(all.xOf(0ms), 25.0);
    QCOMPARE(all.shown(), (TimeSpan{-5'000ms, 95'000ms}));
    QVERIFY(all.resized(1000).showsAll());
    QCOMPARE(all.resized(1000).xOf(0ms), 50.0);
    const TimeScale near = all.zoomed(2, 250);
    QVERIFY(!near.showsAll());
    QCOMPARE(near.resized(400).millisecondsPerPixel(), near.millisecondsPerPixel());
    QCOMPARE(near.scrolled(-1e9).shown().begin, -5'000ms);
    QCOMPARE(near.scrolled(1e9).shown().end, 95'000ms);
    QVERIFY(near.showingAt(50'000ms, 100).shows(50'000ms));
}

void TimeScaleTest::bearsNonsense() {
    const TimeScale none;
    QVERIFY(none.isEmpty());
    QCOMPARE(none.timeAt(55), 0ms);
    QVERIFY(!none.shows(0ms));
    const TimeScale turned({5'000ms, 1'000ms}, 300);
    QVERIFY(turned.isEmpty());
    QVERIFY(rulerTicks(turned, 60).empty());
    QCOMPARE(columnCount(turned, 2), 0);
    const TimeScale huge({milliseconds::min(), milliseconds::max()}, 800);
    QVERIFY(!huge.isEmpty());
    QVERIFY(std::isfinite(huge.xOf(milliseconds::max())));
    QVERIFY(huge.zoomed(std::nan(""), std::nan("")) == huge);
    QVERIFY(TimeScale({0ms, 1'000ms}, std::nan("")).isEmpty());
    QVERIFY(TimeScale({0ms, 1'000ms}, -5).isEmpty());
    QCOMPARE(huge.timeAt(std::nan("")), huge.whole().begin);
}

void TimeScaleTest::rulesSensibly() {
    const auto texts = [](const TimeScale& scale) {
        QStringList found;
        for (const RulerTick& tick : rulerTicks(scale, 60)) {
            if (!tick.text.isEmpty()) {
                found << tick.text;
            }
        }
        return found;
    };
    QCOMPARE(texts(TimeScale({0ms, 60'000ms}, 800)),
             (QStringList{u"0:00"_s, u"0:05"_s, u"0:10"_s, u"0:15"_s, u"0:20"_s, u"0:25"_s, u"0:30"_s, u"0:35"_s,
                          u"0:40"_s, u"0:45"_s, u"0:50"_s, u"0:55"_s, u"1:00"_s}));
    QVERIFY(texts(TimeScale({0ms, 2'500ms}, 1000)).contains(u"0:00.250"_s));
    QVERIFY(texts(TimeScale({-8'000ms, 40'000ms}, 800)).contains(u"-0:05"_s));
    QVERIFY(texts(TimeScale({0ms, 36'000'000ms}, 800)).contains(u"2:00:00"_s));
    QCOMPARE(rulerTimeText(3'723'000ms, 1'000ms), u"1:02:03"_s);
    QCOMPARE(exactPlaceText(5'250ms), u"0:05.250"_s);
    QCOMPARE(exactPlaceText(-1'005ms), u"-0:01.005"_s);
}

void TimeScaleTest::rulesAnywhere() {
    std::mt19937 dice(10);
    for (int i = 0; i < 3000; ++i) {
        const TimeScale scale = randomScale(dice);
        double before = -1e9;
        for (const RulerTick& tick : rulerTicks(scale, 70)) {
            QVERIFY(std::abs(scale.xOf(tick.at) - tick.x) < 1e-6);
            QVERIFY(tick.x >= -1 && tick.x <= scale.width() + 1);
            if (!tick.text.isEmpty()) {
                QVERIFY(tick.x - before >= 69.9);
                before = tick.x;
            }
        }
    }
}

void TimeScaleTest::tellsOwnersOfColumns() {
    const TimeScale scale({0ms, 10'000ms}, 1000);  // 10 ms a pixel
    const TimeSpans spans{{0ms, 1'000ms}, {500ms, 800ms}, {2'000ms, 2'001ms}, {9'990ms, 99'000ms}, {4'000ms, 3'000ms}};
    const std::vector<int> owners = columnOwners(spans, scale, 1);
    QCOMPARE(owners.size(), size_t(1000));
    QCOMPARE(owners[0], 0);
    QCOMPARE(owners[49], 0);
    QCOMPARE(owners[50], 1);
    QCOMPARE(owners[79], 1);
    QCOMPARE(owners[80], 0);
    QCOMPARE(owners[99], 0);
    QCOMPARE(owners[100], -1);
    QCOMPARE(owners[200], 2);  // never less than a column
    QCOMPARE(owners[201], -1);
    QCOMPARE(owners[350], -1);  // a stretch that ends before it begins owns nothing
    QCOMPARE(owners[999], 3);
    QCOMPARE(columnOwners(spans, scale, 2).size(), size_t(2000));
    QCOMPARE(columnOwners(spans, scale, 2)[100], 1);

    // A hundred thousand stretches on top of each other take no time to speak of.
    const TimeSpans many(100'000, TimeSpan{0ms, 10'000ms});
    const ProcessorTime used;
    QCOMPARE(columnOwners(many, scale, 2)[5], 99'999);
    QVERIFY2(used.ms() < 1000, qPrintable(QString::number(used.ms())));
}

void TimeScaleTest::coversColumns() {
    const TimeScale scale({0ms, 10'000ms}, 1000);
    const TimeSpans spans{{100ms, 200ms}, {1'004ms, 1'006ms}, {1'007ms, 1'010ms}, {9'995ms, 10'000ms}};
    const std::vector<ColumnRun> any{{10, 20}, {100, 101}, {999, 1000}};
    QCOMPARE(coveredColumns(spans, scale, 1, 0), any);
    QCOMPARE(coveredColumns(spans, scale, 1, 0.9), (std::vector<ColumnRun>{{10, 20}}));
    QCOMPARE(commonSpans({{0ms, 100ms}, {200ms, 300ms}}, {{50ms, 250ms}}), (TimeSpans{{50ms, 100ms}, {200ms, 250ms}}));
}

QTEST_GUILESS_MAIN(TimeScaleTest)
#include "tst_timescale.moc"
