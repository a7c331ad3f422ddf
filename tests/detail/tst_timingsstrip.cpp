// The timings strip: positions, labels, gaps and impossible orders.
#include <QApplication>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QShortcut>
#include <QTest>
#include <QVBoxLayout>

#include "ui/common/theme.h"
#include "ui/detail/timingsstrip.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kStart = 1'776'522'000'000;  // 2026-04-18 14:20 UTC

Call callWith(std::optional<qint64> dial, std::optional<qint64> ring, std::optional<qint64> answer,
              std::optional<qint64> agent, std::optional<qint64> end, CallStatus status = CallStatus::Completed) {
    const auto at = [](std::optional<qint64> ms) -> std::optional<Moment> {
        return ms ? std::optional(momentFromMs(kStart + *ms)) : std::nullopt;
    };
    Call call;
    call.key = {u"main"_s, u"c1"_s};
    call.status = status;
    call.dialTime = at(dial);
    call.ringTime = at(ring);
    call.answerTime = at(answer);
    call.agentConnectTime = at(agent);
    call.endTime = at(end);
    return call;
}

std::vector<StretchKind> kinds(const TimingStory& story) {
    std::vector<StretchKind> all;
    for (const Stretch& stretch : story.stretches) {
        all.push_back(stretch.kind);
    }
    return all;
}

QFont fontOf(double percent) {
    QFont font;
    font.setPixelSize(qRound(12 * percent / 100));
    return font;
}

}  // namespace

class TimingsStripTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void tellsAWholeCall();
    void tellsWhatIsMissing();
    void neverTurnsTimeRound();
    void spreadsLabels();
    void keepsItsPromisesOnRandomCalls();
    void answersTheHand();
    void walksWithKeys();
    void isNotMirrored();
    void speaksDurations_data();
    void speaksDurations();
};

void TimingsStripTest::tellsAWholeCall() {
    const TimingStory story = timingStoryOf(callWith(0, 2'000, 9'000, 11'000, 195'000));
    const std::vector<StretchKind> wanted{StretchKind::Dialing, StretchKind::Ringing, StretchKind::Waiting,
                                          StretchKind::Talking};
    QCOMPARE(kinds(story), wanted);
    QCOMPARE(story.stretches[1].seconds(), std::optional(7.0));
    QVERIFY(story.absences.isEmpty());
    QVERIFY2(story.sentence.contains(u"Ringing for 7 seconds"_s), qPrintable(story.sentence));
    QVERIFY2(story.sentence.contains(u"Talking for 3 minutes 4 seconds"_s), qPrintable(story.sentence));
}

void TimingsStripTest::tellsWhatIsMissing() {
    // The status explains the missing answer: the phone rang and nobody took it. No gap is drawn.
    const TimingStory unanswered =
        timingStoryOf(callWith(0, 3'000, std::nullopt, std::nullopt, 33'000, CallStatus::NoAnswer));
    QCOMPARE(kinds(unanswered), (std::vector{StretchKind::Dialing, StretchKind::Ringing}));
    QCOMPARE(unanswered.absences.size(), 1);
    QVERIFY(unanswered.absences.first().startsWith(u"Not reached: "_s));

    // Completed without a time of answer: nobody knows when ringing ended, so nothing is drawn as measured.
    const TimingStory gap = timingStoryOf(callWith(0, 3'000, std::nullopt, std::nullopt, 33'000));
    QCOMPARE(kinds(gap), (std::vector{StretchKind::Dialing, StretchKind::Unknown}));
    QVERIFY(gap.stretches[1].label.contains(u"not recorded"_s));
    QVERIFY(gap.absences.join(u' ').contains(u"Not recorded"_s));

    const TimingStory open =
        timingStoryOf(callWith(0, 3'000, std::nullopt, std::nullopt, std::nullopt, CallStatus::Ringing));
    QCOMPARE(kinds(open), (std::vector{StretchKind::Dialing, StretchKind::Open}));
    QVERIFY(open.absences.first().startsWith(u"Not yet: "_s));

    const TimingStory headless = timingStoryOf(callWith(std::nullopt, std::nullopt, 9'000, std::nullopt, 33'000));
    QCOMPARE(kinds(headless), (std::vector{StretchKind::Before, StretchKind::Talking}));

    const TimingStory endless = timingStoryOf(callWith(0, 1'000, 9'000, 10'000, std::nullopt));
    QCOMPARE(endless.stretches.back().kind, StretchKind::After);

    Call vatel = callWith(std::nullopt, std::nullopt, 9'000, std::nullopt, 33'000);
    vatel.provider = Provider::Vatel;
    const TimingStory other = timingStoryOf(vatel);
    QCOMPARE(kinds(other), (std::vector{StretchKind::Talking}));             // what is not offered is no gap ...
    QVERIFY(other.absences.join(u' ').contains(u"Not offered by Vatel"_s));  // ... but listed

    const TimingStory nothing = timingStoryOf(callWith({}, {}, {}, {}, {}));
    QVERIFY(nothing.stretches.empty());
    TimingsStrip strip;
    strip.setStory(nothing);
    QVERIFY(strip.places().isEmpty());
    QVERIFY(strip.isHidden());
}

void TimingsStripTest::neverTurnsTimeRound() {
    // Ended before it was answered.
    const TimingStory story = timingStoryOf(callWith(0, 3'000, 20'000, 21'000, 15'000));
    QVERIFY(!story.timings.problems.isEmpty());
    for (const Stretch& stretch : story.stretches) {
        QVERIFY(!stretch.seconds() || *stretch.seconds() > 0);
    }
    const TimingsLayout places(story, 400, QFontMetricsF(QFont()));
    int flagged = 0;
    for (const PlacedMark& mark : places.marks()) {
        flagged += mark.outOfOrder ? 1 : 0;
        QVERIFY(std::abs(places.xOf(mark.at) - mark.x) < 0.01);  // shown where it says it was, flagged
    }
    QCOMPARE(flagged, 1);
    QVERIFY(story.sentence.contains(story.timings.problems.first()));
}

void TimingsStripTest::spreadsLabels() {
    const std::vector<double> free = spreadLefts({10, 100, 200}, {20, 20, 20}, 8, 220);
    QCOMPARE(free, (std::vector<double>{0, 90, 190}));
    const std::vector<double> tight = spreadLefts({0, 0, 0}, {30, 30, 30}, 10, 110);
    QCOMPARE(tight, (std::vector<double>{0, 40, 80}));
    QVERIFY(spreadLefts({0, 0, 0}, {30, 30, 30}, 10, 109).empty());
}

void TimingsStripTest::keepsItsPromisesOnRandomCalls() {
    QRandomGenerator random(20260418);
    const CallStatus statuses[] = {CallStatus::Completed, CallStatus::NoAnswer, CallStatus::Ringing,
                                   CallStatus::Unknown, CallStatus::Failed};
    for (int round = 0; round < 3000; ++round) {
        std::optional<qint64> at[5];
        qint64 time = 0;
        const qint64 scale = random.bounded(2) == 0 ? 400 : 120'000;
        for (auto& point : at) {
            time += random.bounded(qint64(scale));
            if (random.bounded(4) != 0) {
                point = random.bounded(6) == 0 ? time - random.bounded(qint64(2 * scale)) : time;
            }
        }
        const Call call = callWith(at[0], at[1], at[2], at[3], at[4], statuses[random.bounded(5)]);
        const TimingStory story = timingStoryOf(call);
        const double width = 200 + random.bounded(1000);
        const QFontMetricsF metrics(fontOf(100 + 25 * random.bounded(5)));
        const TimingsLayout places(story, width, metrics);
        if (places.isEmpty()) {
            continue;
        }
        const auto& marks = places.marks();
        for (size_t i = 0; i < marks.size(); ++i) {
            QVERIFY(!marks[i].label.isEmpty());
            QVERIFY2(marks[i].label.left() >= -0.01 && marks[i].label.right() <= width + 0.01,
                     "a label leaves the strip");
            QVERIFY(marks[i].label.top() >= places.band().bottom());
            for (size_t other = i + 1; other < marks.size(); ++other) {
                QVERIFY2(!marks[i].label.intersects(marks[other].label), "labels overlap");
            }
            // A pixel and back is at most one pixel's worth of time away.
            const double span = double((*story.timings.last - *story.timings.first).count());
            const double back = double((places.momentAt(marks[i].x) - marks[i].at).count());
            QVERIFY(std::abs(back) <= span / (width - 80) + 1);
        }
        for (const PlacedStretch& placed : places.stretches()) {
            QVERIFY(placed.bar.width() >= 0);
            QVERIFY(placed.bar.left() >= -0.01 && placed.bar.right() <= width + 0.01);
            QVERIFY(!placed.stretch.seconds() || *placed.stretch.seconds() > 0);
            for (const PlacedMark& mark : marks) {
                QVERIFY2(placed.inBar.isEmpty() ||
                             std::abs(mark.x - placed.words.center().x()) > metrics.horizontalAdvance(placed.inBar) / 2,
                         "a tick runs through the words");
            }
            QVERIFY(placed.inBar.isEmpty() || metrics.horizontalAdvance(placed.inBar) < placed.bar.width());
        }
        for (const LegendEntry& entry : places.legend()) {
            QVERIFY(entry.textRect.right() <= width + 0.01 && entry.textRect.bottom() <= places.height());
        }
    }
}

void TimingsStripTest::answersTheHand() {
    const TimingStory story = timingStoryOf(callWith(0, 20'000, 60'000, 61'000, 200'000));
    const TimingsLayout places(story, 600, QFontMetricsF(QFont()));
    const double y = places.band().center().y();
    for (const PlacedMark& mark : places.marks()) {
        const auto stop = places.stopAt({mark.x, y});
        QVERIFY(stop);
        QVERIFY2(places.stops()[*stop].text.startsWith(timingPointLabel(mark.point)),
                 qPrintable(places.stops()[*stop].text));
        const auto byLabel = places.stopAt(mark.label.center());
        QVERIFY(byLabel);
        QCOMPARE(*byLabel, *stop);
    }
    const auto talking = places.stopAt({places.xOf(momentFromMs(kStart + 150'000)), y});
    QVERIFY(talking);
    QVERIFY(places.stops()[*talking].text.startsWith(u"Talking: 2 minutes 19 seconds"_s));
    QVERIFY(!places.stopAt({5, places.height() + 40}));
}

void TimingsStripTest::walksWithKeys() {
    QWidget window;
    QVBoxLayout column(&window);
    QLineEdit before;
    TimingsStrip strip;
    column.addWidget(&before);
    column.addWidget(&strip);
    strip.setStory(timingStoryOf(callWith(0, 2'000, 9'000, 11'000, 195'000)));
    window.resize(400, 300);
    window.show();
    before.setFocus();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    const QString whole = strip.accessibleDescription();
    QTest::keyClick(&before, Qt::Key_Tab);
    QTRY_VERIFY(strip.hasFocus());
    QCOMPARE(strip.currentStop(), std::optional<size_t>(0));
    QVERIFY(strip.accessibleDescription() != whole);
    QTest::keyClick(&strip, Qt::Key_End);
    QCOMPARE(strip.currentStop(), std::optional(strip.places().stops().size() - 1));
    QTest::keyClick(&strip, Qt::Key_Right);
    QCOMPARE(strip.currentStop(), std::optional(strip.places().stops().size() - 1));
    QTest::keyClick(&strip, Qt::Key_Left);
    QCOMPARE(strip.currentStop(), std::optional(strip.places().stops().size() - 2));
    // The desk's keys do not take the arrows away while the strip has the focus.
    QShortcut skip(QKeySequence(Qt::Key_Left), &window);
    int skips = 0;
    connect(&skip, &QShortcut::activated, this, [&skips] { ++skips; });
    QTest::keyClick(&strip, Qt::Key_Left);
    QCOMPARE(skips, 0);
    QCOMPARE(strip.currentStop(), std::optional(strip.places().stops().size() - 3));
    before.setFocus();
    QCOMPARE(strip.accessibleDescription(), whole);
}

void TimingsStripTest::isNotMirrored() {
    const TimingStory story = timingStoryOf(callWith(0, 2'000, 9'000, 11'000, 195'000));
    TimingsStrip strip;
    strip.setStory(story);
    strip.resize(400, strip.heightForWidth(400));
    const QImage plain = strip.grab().toImage();
    QApplication::setLayoutDirection(Qt::RightToLeft);
    TimingsStrip other;
    other.setStory(story);
    other.resize(400, other.heightForWidth(400));
    const QImage mirrored = other.grab().toImage();
    QApplication::setLayoutDirection(Qt::LeftToRight);
    QCOMPARE(mirrored, plain);
}

void TimingsStripTest::speaksDurations_data() {
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("words");
    QTest::newRow("none") << 0.0 << u"0 seconds"_s;
    QTest::newRow("fraction") << 0.4 << u"0.4 seconds"_s;
    QTest::newRow("one") << 1.0 << u"1 second"_s;
    QTest::newRow("minute") << 60.0 << u"1 minute"_s;
    QTest::newRow("mixed") << 184.0 << u"3 minutes 4 seconds"_s;
    QTest::newRow("hour") << 3'723.0 << u"1 hour 2 minutes"_s;
    QTest::newRow("round hour") << 7'200.0 << u"2 hours"_s;
}

void TimingsStripTest::speaksDurations() {
    QFETCH(double, seconds);
    QFETCH(QString, words);
    QCOMPARE(spokenDuration(seconds), words);
}

QTEST_MAIN(TimingsStripTest)
#include "tst_timingsstrip.moc"
