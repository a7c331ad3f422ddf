// What of a call stands where on the recording's axis, how it is painted, met by the pointer and walked by keys.
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include "tests/support/processortime.h"
#include "ui/common/theme.h"
#include "ui/soundstrip/timeline.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int kGutter = 120;
constexpr qint64 kBegan = 1'776'500'000'000;

/// The recording began with the agent; dialled 11 s before.
TimelineContent content() {
    TimelineContent content;
    Call call;
    call.key = {u"main"_s, u"c1"_s};
    call.status = CallStatus::Completed;
    const auto at = [](qint64 ms) { return std::optional(momentFromMs(kBegan + ms)); };
    call.dialTime = at(-11'000);
    call.ringTime = at(-9'000);
    call.answerTime = at(-2'000);
    call.agentConnectTime = at(0);
    call.endTime = at(89'000);
    content.call = call;
    content.began = momentFromMs(kBegan);
    content.duration = 89s;
    content.turns = {{0, Speaker::Agent, TurnKind::Message, {1s, 5s}, false},
                     {1, Speaker::Customer, TurnKind::Message, {6s, 10s}, true},
                     {2, Speaker::Tool, TurnKind::ToolCall, {12s, 13s}, false},
                     {3, Speaker::Agent, TurnKind::Message, {14s, 20s}, false}};
    auto details = std::make_shared<CallDetails>();
    for (const char16_t* text : {u"Good morning", u"Hello", u"", u"<img src='file:///etc/passwd'>"}) {
        Turn turn;
        turn.text = QString::fromUtf16(text);
        details->transcript.push_back(turn);
    }
    details->transcript[2].tool = ToolUse{u"book_visit"_s, {}, {}, {}, {}};
    content.details = details;
    CallMark mark;
    mark.at = 30s;
    mark.text = u"promise"_s;
    mark.kind = u"compliance"_s;
    content.marks = {mark};
    return content;
}

/// Ten pixels a second.
struct Shown {
    explicit Shown(TimelineContent given) {
        view.setGutter(kGutter);
        view.setPlaces(TimelinePlaces(std::move(given)));
        const TimeSpan& whole = view.places().whole();
        view.resize(kGutter + int(whole.length().count() / 100) + AxisView::kRightMargin, view.sizeHint().height());
        view.setScale(TimeScale(whole, double(whole.length().count()) / 100));
    }
    [[nodiscard]] QPoint at(milliseconds time, Timeline::Row row) const {
        return {int(view.xOf(time)), view.rowPlace(row, 0).center().y()};
    }
    [[nodiscard]] QString textAt(milliseconds time, Timeline::Row row) const {
        const std::optional<size_t> stop = view.stopAt(QPointF(at(time, row)));
        return stop ? view.places().textOf(view.places().stops()[*stop]) : QString();
    }
    Timeline view;
};

}  // namespace

class TimelineTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { theme::apply(ColorScheme::Light); }
    void placesAWholeCall();
    void saysWhatHasNoPlace();
    void drawsNothingFarAway();
    void showsTimesOutOfOrder();
    void showsOpenEnds();
    void paintsTurnsToThePixel();
    void tellsWhatIsUnderThePointer();
    void clicksGoThere();
    void walksWithKeys();
    void bearsManyTurns();
    void neverMirrors();
};

void TimelineTest::placesAWholeCall() {
    const TimelinePlaces places(content());
    QCOMPARE(places.whole(), (TimeSpan{-11s, 89s}));
    QCOMPARE(places.points().size(), size_t(5));
    QCOMPARE(places.points()[1].at, milliseconds(-9s));
    QCOMPARE(places.stretches().size(), size_t(4));
    QCOMPARE(places.stretches()[1].stretch.kind, StretchKind::Ringing);
    QCOMPARE(places.stretches()[1].span, (TimeSpan{-9s, -2s}));
    QVERIFY(places.absence().isEmpty());
    QVERIFY(places.troubles().isEmpty() && places.missing().isEmpty());
    QVERIFY(places.sentence().contains(u"3 turns, 1 tool calls, 1 marks"_s));
    QVERIFY(places.sentence().contains(u"Ringing for 7 seconds"_s));
    for (size_t i = 1; i < places.stops().size(); ++i) {
        QVERIFY(places.stops()[i - 1].span.begin <= places.stops()[i].span.begin);
    }
    const TimelinePlaces none{TimelineContent()};
    QVERIFY(none.stops().empty());
    QVERIFY(none.sentence().isEmpty());
}

void TimelineTest::saysWhatHasNoPlace() {
    TimelineContent silent = content();
    silent.began.reset();
    silent.call->provider = Provider::Atoms;
    const TimelinePlaces places(silent);
    QCOMPARE(places.whole(), (TimeSpan{0ms, 89s}));
    QVERIFY(places.points().empty());
    QVERIFY(places.stretches().empty());
    QCOMPARE(places.stops().size(), size_t(5));  // turns, tool and mark stay
    QVERIFY2(places.absence().contains(u"does not tell when the recording began"_s), qPrintable(places.absence()));
    // No recording yet: the turns give the axis its length.
    silent.duration = 0ms;
    QCOMPARE(TimelinePlaces(silent).whole(), (TimeSpan{0ms, 20s}));
}

void TimelineTest::drawsNothingFarAway() {
    TimelineContent odd = content();
    odd.call->dialTime = momentFromMs(kBegan - 26LL * 3600 * 1000);
    const TimelinePlaces places(odd);
    QCOMPARE(places.whole().end, milliseconds(89s));
    QVERIFY(places.whole().begin >= -11min);
    QVERIFY(places.points()[0].isFar);
    QVERIFY2(places.troubles().join(u' ').contains(u"too far from the recording"_s),
             qPrintable(places.troubles().join(u' ')));
    odd.call->endTime = momentFromMs(kBegan + 400LL * 24 * 3600 * 1000);
    QVERIFY(TimelinePlaces(odd).whole().end <= 89s + 11min);
}

void TimelineTest::showsTimesOutOfOrder() {
    TimelineContent odd = content();
    odd.call->answerTime = momentFromMs(kBegan - 10'000);  // before it rang
    const TimelinePlaces places(odd);
    QVERIFY(places.points()[2].outOfOrder);
    QVERIFY(places.troubles().join(u' ').contains(u"Answered before it rang"_s));
    Shown shown(odd);
    QVERIFY(shown.textAt(-10s, Timeline::Row::Call).contains(u"out of order"_s));
}

void TimelineTest::showsOpenEnds() {
    TimelineContent open = content();
    open.call->endTime.reset();
    const TimelinePlaces places(open);
    QCOMPARE(places.stretches().back().stretch.kind, StretchKind::After);
    QCOMPARE(places.stretches().back().span.begin, 0ms);
    QCOMPARE(places.stretches().back().span.end, places.whole().end);
    QVERIFY(places.missing().join(u' ').contains(u"Ended"_s));
}

void TimelineTest::paintsTurnsToThePixel() {
    Shown shown(content());
    const QImage image = shown.view.grab().toImage();
    const auto pixel = [&](milliseconds at, Timeline::Row row) { return image.pixel(shown.at(at, row)); };
    const QRgb agent = theme::agentVoice().rgb();
    const QRgb customer = theme::customerVoice().rgb();
    QCOMPARE(pixel(1000ms, Timeline::Row::Agent), agent);
    QVERIFY(pixel(900ms, Timeline::Row::Agent) != agent);
    QCOMPARE(pixel(4800ms, Timeline::Row::Agent), agent);
    QVERIFY(pixel(5000ms, Timeline::Row::Agent) != agent);
    QVERIFY(pixel(3000ms, Timeline::Row::Customer) != customer);
    // Estimated: an outline in the voice's colour, hollow within.
    QCOMPARE(pixel(6000ms, Timeline::Row::Customer), customer);
    QVERIFY(pixel(8000ms, Timeline::Row::Customer) != customer);
    QVERIFY(pixel(8000ms, Timeline::Row::Customer) != pixel(11'000ms, Timeline::Row::Customer));
    QCOMPARE(pixel(12'000ms, Timeline::Row::Events), shown.view.palette().color(QPalette::WindowText).rgb());
    QCOMPARE(image.pixel(shown.at(30s, Timeline::Row::Events) + QPoint(4, -3)), theme::bad().rgb());
}

void TimelineTest::tellsWhatIsUnderThePointer() {
    Shown shown(content());
    QVERIFY(shown.textAt(3s, Timeline::Row::Agent).contains(u"Good morning"_s));
    QVERIFY(shown.textAt(8s, Timeline::Row::Customer).contains(u"estimated"_s));
    QVERIFY(shown.textAt(12s, Timeline::Row::Events).contains(u"book_visit"_s));
    QVERIFY(shown.textAt(30s, Timeline::Row::Events).contains(u"compliance promise"_s));
    QVERIFY(shown.textAt(-6s, Timeline::Row::Call).contains(u"Ringing for 7 seconds"_s));
    QVERIFY(shown.textAt(-2s, Timeline::Row::Call).startsWith(u"Answered"_s));
    QVERIFY(shown.textAt(50s, Timeline::Row::Agent).isEmpty());
    const std::optional<size_t> none = shown.view.stopAt(QPointF(5, 5));
    QVERIFY(!none);
}

void TimelineTest::clicksGoThere() {
    Shown shown(content());
    const QSignalSpy seeks(&shown.view, &AxisView::seekWanted);
    const QSignalSpy loops(&shown.view, &Timeline::loopWanted);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.at(18s, Timeline::Row::Agent));
    QCOMPARE(seeks.last().first().value<milliseconds>(), milliseconds(14s));  // the turn's beginning
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.at(30s, Timeline::Row::Events) + QPoint(3, 0));
    QCOMPARE(seeks.last().first().value<milliseconds>(), milliseconds(30s));
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.at(50s, Timeline::Row::Customer));
    QCOMPARE(seeks.last().first().value<milliseconds>(), milliseconds(50s));
    QCOMPARE(seeks.size(), 3);
    QTest::mouseDClick(&shown.view, Qt::LeftButton, {}, shown.at(18s, Timeline::Row::Agent));
    QCOMPARE(loops.last().first().value<TimeSpan>(), (TimeSpan{14s, 20s}));
}

void TimelineTest::walksWithKeys() {
    Shown shown(content());
    const QSignalSpy seeks(&shown.view, &AxisView::seekWanted);
    shown.view.setAccessibleDescription({});
    QSet<size_t> met;
    QTest::keyClick(&shown.view, Qt::Key_Home);
    for (size_t i = 0; i < shown.view.places().stops().size(); ++i) {
        met.insert(*shown.view.currentStop());
        QVERIFY(!shown.view.accessibleDescription().isEmpty());
        QTest::keyClick(&shown.view, Qt::Key_Right);
    }
    QCOMPARE(met.size(), qsizetype(shown.view.places().stops().size()));  // each can be reached
    QVERIFY(shown.view.accessibleDescription().contains(u"Ended"_s));
    QTest::keyClick(&shown.view, Qt::Key_Left);
    QVERIFY(shown.view.accessibleDescription().contains(u"promise"_s));
    QTest::keyClick(&shown.view, Qt::Key_Return);
    QCOMPARE(seeks.last().first().value<milliseconds>(), milliseconds(30s));

    // A stop out of sight is brought in.
    const QSignalSpy scrolls(&shown.view, &AxisView::scrollWanted);
    shown.view.setScale(shown.view.scale().zoomed(8, 0));
    QTest::keyClick(&shown.view, Qt::Key_End);
    QCOMPARE(scrolls.size(), 1);
    QVERIFY(scrolls.last().first().toDouble() > 0);
}

void TimelineTest::bearsManyTurns() {
    TimelineContent many = content();
    many.duration = 3h;
    for (int i = 0; i < 100'000; ++i) {
        const auto speaker = Speaker(i % 5);
        many.turns.push_back({i,
                              speaker,
                              TurnKind(i % 4),
                              {milliseconds(i * 100), i % 7 == 0 ? milliseconds(0) : milliseconds(3h)},
                              false});
    }
    many.turns.push_back({-5, Speaker::Agent, TurnKind::Message, {milliseconds::min(), milliseconds::max()}, false});
    const ProcessorTime used;
    Shown shown(many);
    shown.view.resize(1200, shown.view.height());
    shown.view.setScale(TimeScale(shown.view.places().whole(), 1000));
    QVERIFY(!shown.view.grab().isNull());
    (void)shown.textAt(3s, Timeline::Row::Agent);
    QVERIFY2(used.ms() < 5000, qPrintable(QString::number(used.ms())));
}

void TimelineTest::neverMirrors() {
    Shown shown(content());
    const QImage before = shown.view.grab().toImage();
    QApplication::setLayoutDirection(Qt::RightToLeft);
    Shown other(content());
    const QImage after = other.view.grab().toImage();
    QApplication::setLayoutDirection(Qt::LeftToRight);
    QVERIFY(before == after);
}

QTEST_MAIN(TimelineTest)
#include "tst_timeline.moc"
