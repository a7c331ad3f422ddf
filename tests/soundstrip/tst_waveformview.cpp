// The waveform as it is painted and as it answers the hand, to the pixel; no sound is decoded.
#include <QApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "tests/soundstrip/madeupmap.h"
#include "tests/support/patience.h"
#include "ui/common/theme.h"
#include "ui/soundstrip/timeruler.h"
#include "ui/soundstrip/waveformview.h"
#include "ui/soundstrip/wavepainting.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int kGutter = 100;
constexpr int kHeight = 120;

/// Ten seconds at ten milliseconds a pixel: agent 1-3 s and 5-7 s, customer 2.5-4.5 s, nobody 7.5-9.5 s.
MadeUpSound talk() {
    return {8000, 10s, {{{1000ms, 3000ms}, {5000ms, 7000ms}}, {{2500ms, 4500ms}}}, {{7500ms, 9500ms}}};
}

struct Shown {
    explicit Shown(std::shared_ptr<const SoundMap> map) {
        view.resize(kGutter + 1000 + AxisView::kRightMargin, kHeight);
        view.setGutter(kGutter);
        view.setScale(TimeScale({0ms, 10s}, 1000));
        view.setMap(std::move(map));
    }
    [[nodiscard]] QImage picture() { return view.grab().toImage(); }
    [[nodiscard]] int x(milliseconds at) const { return int(view.xOf(at)); }

    WaveformView view;
};

/// How often a colour stands in one column of a lane.
int countOf(const QImage& image, int x, const LaneBand& lane, const QColor& color) {
    int count = 0;
    for (int y = lane.top; y < lane.top + lane.height; ++y) {
        count += image.pixel(x, y) == color.rgb() ? 1 : 0;
    }
    return count;
}

void drag(QWidget& view, const QPoint& from, const QPoint& to) {
    QTest::mousePress(&view, Qt::LeftButton, {}, from);
    for (const QPoint& at : {(from + to) / 2, to}) {
        QMouseEvent move(QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&view, &move);
    }
    QTest::mouseRelease(&view, Qt::LeftButton, {}, to);
}

void wheel(QWidget& view, const QPointF& at, QPoint turned, Qt::KeyboardModifiers modifiers = {}) {
    QWheelEvent event(at, view.mapToGlobal(at), {}, turned, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&view, &event);
}

}  // namespace

class WaveformViewTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { theme::apply(ColorScheme::Light); }
    void drawsEachVoiceInItsLane();
    void swapsVoices();
    void showsSilenceOverlapAndSkips();
    void coloursMonoByTurns();
    void saysWhyNothingIsDrawn();
    void bearsHostileMaps();
    void clicksSeek();
    void dragsMakeALoop();
    void movesTheEndsOfALoop();
    void escapeDropsTheLoop();
    void wheelZoomsAndScrolls();
    void cursorFollowsInFewPixels();
    void showsWhatWasPlayed();
    void showsMarks();
    void saysWhichVoiceIsMuted();
    void rulerScrubs();
    void neverMirrors();
    void canBeSeen_data();
    void canBeSeen();
};

void WaveformViewTest::drawsEachVoiceInItsLane() {
    Shown shown(madeUpMap(talk()));
    const QImage image = shown.picture();
    const WaveColours colours = waveColours(shown.view.palette());
    const LaneBand agent = laneBand(kHeight, 2, 0);
    const LaneBand customer = laneBand(kHeight, 2, 1);
    // Edges to the pixel.
    QVERIFY(countOf(image, shown.x(1000ms), agent, colours.agent) > agent.height * 3 / 4);
    QCOMPARE(countOf(image, shown.x(1000ms) - 1, agent, colours.agent), 0);
    QVERIFY(countOf(image, shown.x(2990ms), agent, colours.agent) > 5);
    QCOMPARE(countOf(image, shown.x(3000ms), agent, colours.agent), 0);
    QVERIFY(countOf(image, shown.x(4000ms), customer, colours.customer) > customer.height / 2);
    QCOMPARE(countOf(image, shown.x(4000ms), agent, colours.customer), 0);
    QCOMPARE(countOf(image, shown.x(6000ms), customer, colours.agent), 0);
    // Nobody speaks: a thin line.
    QVERIFY(countOf(image, shown.x(500ms), agent, colours.quiet) > 0);
    QVERIFY(countOf(image, shown.x(500ms), agent, colours.quiet) < 6);
}

void WaveformViewTest::swapsVoices() {
    Shown shown(madeUpMap(talk()));
    shown.view.setChannelOrder(ChannelOrder::CustomerFirst);
    const QImage image = shown.picture();
    const WaveColours colours = waveColours(shown.view.palette());
    QVERIFY(countOf(image, shown.x(6000ms), laneBand(kHeight, 2, 1), colours.customer) > 10);
    QCOMPARE(countOf(image, shown.x(6000ms), laneBand(kHeight, 2, 0), colours.agent), 0);
    QVERIFY(countOf(image, shown.x(4000ms), laneBand(kHeight, 2, 0), colours.agent) > 10);
    QVERIFY(shown.view.textAt(QPointF(shown.x(6000ms), 60)).contains(u"customer speaks"_s));
}

void WaveformViewTest::showsSilenceOverlapAndSkips() {
    Shown shown(madeUpMap(talk()));
    const WaveColours colours = waveColours(shown.view.palette());
    const LaneBand agent = laneBand(kHeight, 2, 0);
    const LaneBand customer = laneBand(kHeight, 2, 1);
    QImage image = shown.picture();
    for (const LaneBand& lane : {agent, customer}) {
        QVERIFY(countOf(image, shown.x(8000ms), lane, colours.silence) > lane.height / 2);
        QCOMPARE(countOf(image, shown.x(4700ms), lane, colours.silence), 0);
    }
    // Both speak from 2.5 to 3 s: the line between the lanes is closed there, and only there.
    const int between = agent.top + agent.height;
    QCOMPARE(image.pixel(shown.x(2600ms), between), colours.overlap.rgb());
    QCOMPARE(image.pixel(shown.x(2500ms), between), colours.overlap.rgb());
    QVERIFY(image.pixel(shown.x(2490ms), between) != colours.overlap.rgb());
    QVERIFY(image.pixel(shown.x(3000ms), between) != colours.overlap.rgb());
    QVERIFY(shown.view.textAt(QPointF(shown.x(2600ms), 60)).contains(u"both speak"_s));

    // What is left out is hatched: the picture differs there and nowhere else.
    shown.view.setSkips({{{{7700ms, 9300ms}, SkipReason::Silence}}});
    const QImage hatched = shown.picture();
    int inside = 0;
    for (int x = kGutter; x < kGutter + 1000; ++x) {
        bool differs = false;
        for (int y = agent.top; y < customer.top + customer.height; ++y) {
            differs = differs || image.pixel(x, y) != hatched.pixel(x, y);
        }
        const bool skipped = x >= shown.x(7700ms) && x < shown.x(9300ms);
        QVERIFY2(skipped || !differs, qPrintable(QString::number(x)));
        inside += skipped && differs ? 1 : 0;
    }
    QCOMPARE(inside, 160);
    QVERIFY(shown.view.textAt(QPointF(shown.x(8000ms), 60)).contains(u"left out"_s));
}

void WaveformViewTest::coloursMonoByTurns() {
    MadeUpSound sound = talk();
    sound.speech = {{{1000ms, 3000ms}, {5000ms, 7000ms}}};
    Shown shown(madeUpMap(sound));
    const WaveColours colours = waveColours(shown.view.palette());
    const LaneBand lane = laneBand(kHeight, 1, 0);
    QCOMPARE(shown.view.laneCount(), 1);
    QVERIFY(countOf(shown.picture(), shown.x(2000ms), lane, colours.someone) > 20);
    QVERIFY(shown.view.monoNote().contains(u"both voices in one lane"_s));

    std::vector<TurnPlace> turns{{0, Speaker::Agent, TurnKind::Message, {1000ms, 3000ms}, false},
                                 {1, Speaker::Customer, TurnKind::Message, {5000ms, 7000ms}, false}};
    shown.view.setTurns(turns);
    QImage image = shown.picture();
    QVERIFY(countOf(image, shown.x(2000ms), lane, colours.agent) > 20);
    QVERIFY(countOf(image, shown.x(6000ms), lane, colours.customer) > 20);
    QCOMPARE(countOf(image, shown.x(4000ms), lane, colours.agent), 0);
    QCOMPARE(shown.view.monoNote(), u"Mono: voices as the transcript tells"_s);
    turns[1].isEstimated = true;
    shown.view.setTurns(turns);
    QVERIFY(shown.view.monoNote().contains(u"estimated"_s));
}

void WaveformViewTest::saysWhyNothingIsDrawn() {
    Shown shown(nullptr);
    const QImage empty = shown.picture();
    shown.view.setPlaceholder(u"The sound is drawn as soon as it is read."_s);
    QVERIFY(shown.picture() != empty);
    QCOMPARE(shown.view.laneCount(), 0);
}

void WaveformViewTest::bearsHostileMaps() {
    Shown shown(nullptr);
    (void)shown.picture();
    struct Odd {
        PcmFormat format;
        std::int64_t frames;
        int channels;
        int levels;
        int buckets;
    };
    for (const Odd& odd :
         {Odd{{}, 0, 0, 0, 0}, Odd{{0, 2}, 0, 2, 0, 0}, Odd{{8000, 2}, 0, 2, 1, 0}, Odd{{8000, 1}, 800, 1, 1, 1},
          Odd{{8000, 2}, 1'000'000, 2, 1, 1}, Odd{{1, 1}, 5, 1, 1, 1}, Odd{{8000, 5}, 800, 5, 1, 1}}) {
        auto map = std::make_shared<SoundMap>();
        map->format = odd.format;
        map->frames = odd.frames;
        map->peaks.assign(size_t(odd.channels),
                          std::vector<std::vector<Peak>>(size_t(odd.levels), std::vector<Peak>(size_t(odd.buckets))));
        shown.view.setMap(map);
        QVERIFY(!shown.picture().isNull());
        (void)shown.view.textAt(QPointF(500, 50));
    }
    // Ten hours, and a scale that shows far more than there is.
    shown.view.setMap(madeUpMap(madeUpTalk(10h, 2)));
    for (const TimeSpan& whole : {TimeSpan{0ms, 10h}, TimeSpan{-100h, 1000h}, TimeSpan{0ms, 5ms}, TimeSpan{}}) {
        shown.view.setScale(TimeScale(whole, 1000));
        QVERIFY(!shown.picture().isNull());
    }
    shown.view.resize(kGutter - 20, 3);
    QVERIFY(!shown.picture().isNull());
}

void WaveformViewTest::clicksSeek() {
    Shown shown(madeUpMap(talk()));
    const QSignalSpy seeks(&shown.view, &AxisView::seekWanted);
    const QSignalSpy loops(&shown.view, &WaveformView::loopWanted);
    for (const milliseconds at : {0ms, 1230ms, 9990ms}) {
        QTest::mouseClick(&shown.view, Qt::LeftButton, {}, {shown.x(at), 60});
        QCOMPARE(seeks.last().first().value<milliseconds>(), at);
    }
    QCOMPARE(seeks.size(), 3);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, {20, 60});  // the gutter
    QCOMPARE(seeks.size(), 3);
    QCOMPARE(loops.size(), 0);
}

void WaveformViewTest::dragsMakeALoop() {
    Shown shown(madeUpMap(talk()));
    const QSignalSpy seeks(&shown.view, &AxisView::seekWanted);
    const QSignalSpy loops(&shown.view, &WaveformView::loopWanted);
    drag(shown.view, {shown.x(6000ms), 60}, {shown.x(4000ms), 60});
    QCOMPARE(loops.size(), 1);
    QCOMPARE(loops.last().first().value<TimeSpan>(), (TimeSpan{4000ms, 6000ms}));
    drag(shown.view, {shown.x(6000ms), 60}, {shown.x(6100ms), 60});
    QCOMPARE(loops.size(), 1);  // too short to be heard as one
    QCOMPARE(seeks.size(), 0);
    drag(shown.view, {shown.x(9000ms), 60}, {shown.x(10s) + 500, 60});
    QCOMPARE(loops.last().first().value<TimeSpan>(), (TimeSpan{9000ms, 10s}));
}

void WaveformViewTest::movesTheEndsOfALoop() {
    Shown shown(madeUpMap(talk()));
    const QImage plain = shown.picture();
    shown.view.setLoop(TimeSpan{2000ms, 4000ms});
    const QImage looped = shown.picture();
    QVERIFY(looped.pixel(shown.x(3000ms), 20) != plain.pixel(shown.x(3000ms), 20));
    QVERIFY(looped.pixel(shown.x(4100ms), 20) == plain.pixel(shown.x(4100ms), 20));
    QCOMPARE(looped.pixel(shown.x(2000ms), 40), theme::accent().rgb());
    const QSignalSpy loops(&shown.view, &WaveformView::loopWanted);
    drag(shown.view, {shown.x(4000ms), 60}, {shown.x(5000ms), 60});
    QCOMPARE(loops.last().first().value<TimeSpan>(), (TimeSpan{2000ms, 5000ms}));
    drag(shown.view, {shown.x(2000ms), 60}, {shown.x(1000ms), 60});
    QCOMPARE(loops.last().first().value<TimeSpan>(), (TimeSpan{1000ms, 4000ms}));
}

void WaveformViewTest::escapeDropsTheLoop() {
    Shown shown(madeUpMap(talk()));
    const QSignalSpy dropped(&shown.view, &WaveformView::loopDropped);
    QKeyEvent escape(QEvent::ShortcutOverride, Qt::Key_Escape, {});
    escape.ignore();
    QApplication::sendEvent(&shown.view, &escape);
    QVERIFY(!escape.isAccepted());  // without a loop it is the desk's
    shown.view.setLoop(TimeSpan{2000ms, 4000ms});
    QApplication::sendEvent(&shown.view, &escape);
    QVERIFY(escape.isAccepted());
    QTest::keyClick(&shown.view, Qt::Key_Escape);
    QCOMPARE(dropped.size(), 1);
    QKeyEvent left(QEvent::ShortcutOverride, Qt::Key_Left, {});
    left.ignore();
    QApplication::sendEvent(&shown.view, &left);
    QVERIFY(!left.isAccepted());  // moves the sound, as everywhere
}

void WaveformViewTest::wheelZoomsAndScrolls() {
    Shown shown(madeUpMap(talk()));
    const QSignalSpy zooms(&shown.view, &AxisView::zoomWanted);
    const QSignalSpy scrolls(&shown.view, &AxisView::scrollWanted);
    wheel(shown.view, {kGutter + 250.0, 60}, {0, 120});
    QCOMPARE(zooms.size(), 1);
    QVERIFY(zooms.last().at(0).toDouble() > 1);
    QCOMPARE(zooms.last().at(1).toDouble(), 250.0);
    wheel(shown.view, {kGutter + 250.0, 60}, {0, -120});
    QVERIFY(zooms.last().at(0).toDouble() < 1);
    QCOMPARE(scrolls.size(), 0);
    wheel(shown.view, {kGutter + 250.0, 60}, {0, -120}, Qt::ShiftModifier);
    QVERIFY(scrolls.last().first().toDouble() > 0);
    wheel(shown.view, {kGutter + 250.0, 60}, {120, 0});
    QVERIFY(scrolls.last().first().toDouble() < 0);
    QTest::keyClick(&shown.view, Qt::Key_End);
    QVERIFY(scrolls.last().first().toDouble() > 1e6);
    QCOMPARE(zooms.size(), 2);
}

void WaveformViewTest::cursorFollowsInFewPixels() {
    Shown shown(madeUpMap(talk()));
    const QImage without = shown.picture();
    shown.view.setPosition(5000ms);
    const QImage with = shown.picture();
    int differing = 0;
    for (int x = 0; x < with.width(); ++x) {
        if (with.pixel(x, 50) != without.pixel(x, 50)) {
            ++differing;
            QVERIFY(std::abs(x - shown.x(5000ms)) <= 1);
        }
    }
    QVERIFY(differing >= 1 && differing <= 2);
    QVERIFY(theme::contrast(QColor(with.pixel(shown.x(5000ms), 115)), shown.view.palette().color(QPalette::Base)) >= 3);

    // What a step repaints is counted in pixels.
    class Watch final : public QObject {
     public:
        bool eventFilter(QObject*, QEvent* event) override {
            if (event->type() == QEvent::Paint) {
                for (const QRect& rect : static_cast<QPaintEvent*>(event)->region()) {
                    pixels += rect.width() * rect.height();
                }
            }
            return false;
        }
        int pixels = 0;
    } watch;
    shown.view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
    QTest::qWait(0);
    shown.view.installEventFilter(&watch);
    shown.view.setPosition(5004ms);  // not a pixel further
    QTest::qWait(30);
    QCOMPARE(watch.pixels, 0);
    shown.view.setPosition(5030ms);
    QTRY_VERIFY(watch.pixels > 0);
    QVERIFY2(watch.pixels <= 30 * kHeight, qPrintable(QString::number(watch.pixels)));
    shown.view.removeEventFilter(&watch);
}

void WaveformViewTest::showsWhatWasPlayed() {
    Shown shown(madeUpMap(talk()));
    shown.view.setPlayed({{1000ms, 2000ms}, {6000ms, 6500ms}});
    const QImage image = shown.picture();
    const int y = kHeight - kPlayedBand + 2;
    for (const auto& [at, played] : std::vector<std::pair<milliseconds, bool>>{
             {990ms, false}, {1000ms, true}, {1990ms, true}, {2000ms, false}, {6200ms, true}, {6500ms, false}}) {
        QCOMPARE(image.pixel(shown.x(at), y) == theme::accent().rgb(), played);
    }
}

void WaveformViewTest::showsMarks() {
    Shown shown(madeUpMap(talk()));
    CallMark mark;
    mark.at = 4800ms;
    mark.text = u"<b>promise</b>"_s;
    shown.view.setMarks({mark});
    const QImage image = shown.picture();
    QCOMPARE(image.pixel(shown.x(4800ms) + 4, 4), theme::bad().rgb());
    QVERIFY(image.pixel(shown.x(4800ms) - 4, 4) != theme::bad().rgb());
    QVERIFY(shown.view.textAt(QPointF(shown.x(4800ms) + 3, 3)).contains(u"promise"_s));
    const QSignalSpy seeks(&shown.view, &AxisView::seekWanted);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, {shown.x(4800ms) + 5, 4});
    QCOMPARE(seeks.last().first().value<milliseconds>(), 4800ms);  // the mark's place, not the hand's
}

void WaveformViewTest::saysWhichVoiceIsMuted() {
    Shown shown(madeUpMap(talk()));
    const QImage both = shown.picture();
    shown.view.setSoloVoice(Speaker::Customer);
    const QImage one = shown.picture();
    const auto differs = [&](int lane) {
        const LaneBand band = laneBand(kHeight, 2, lane);
        const QRect name(0, band.top, kGutter, band.height);
        return both.copy(name) != one.copy(name);
    };
    QVERIFY(differs(0));  // the agent is not heard
    QVERIFY(!differs(1));
    shown.view.setSoloVoice(Speaker::Unknown);
    QVERIFY(shown.picture() == both);
}

void WaveformViewTest::rulerScrubs() {
    TimeRuler ruler;
    ruler.resize(kGutter + 1000 + AxisView::kRightMargin, 24);
    ruler.setGutter(kGutter);
    ruler.setScale(TimeScale({0ms, 10s}, 1000));
    QVERIFY(!ruler.grab().isNull());
    const QSignalSpy moved(&ruler, &TimeRuler::scrubMoved);
    const QSignalSpy ended(&ruler, &TimeRuler::scrubEnded);
    drag(ruler, {kGutter + 100, 10}, {kGutter + 300, 10});
    QCOMPARE(moved.size(), 3);
    QCOMPARE(moved.first().first().value<milliseconds>(), 1000ms);
    QCOMPARE(moved.last().first().value<milliseconds>(), 3000ms);
    QCOMPARE(ended.size(), 1);
}

void WaveformViewTest::neverMirrors() {
    Shown shown(madeUpMap(talk()));
    const QImage before = shown.picture();
    QApplication::setLayoutDirection(Qt::RightToLeft);
    Shown other(madeUpMap(talk()));
    const QImage after = other.picture();
    QApplication::setLayoutDirection(Qt::LeftToRight);
    QVERIFY(before == after);
}

void WaveformViewTest::canBeSeen_data() {
    QTest::addColumn<ColorScheme>("scheme");
    QTest::newRow("light") << ColorScheme::Light;
    QTest::newRow("dark") << ColorScheme::Dark;
}

void WaveformViewTest::canBeSeen() {
    QFETCH(ColorScheme, scheme);
    theme::apply(scheme);
    const WaveColours colours = waveColours(QApplication::palette());
    // Under the shade of a loop, too.
    QColor shade = theme::accent();
    shade.setAlpha(kLoopShade);
    const auto shaded = [&shade](const QColor& ground) {
        QImage pixel(1, 1, QImage::Format_RGB32);
        pixel.fill(ground);
        QPainter(&pixel).fillRect(0, 0, 1, 1, shade);
        return pixel.pixelColor(0, 0);
    };
    for (const QColor& ground : {colours.ground, colours.silence, shaded(colours.ground), shaded(colours.silence)}) {
        for (const QColor& ink : {colours.agent, colours.customer, colours.someone, colours.quiet, colours.overlap,
                                  colours.skipped, theme::accent(), theme::bad()}) {
            QVERIFY2(theme::contrast(ink, ground) >= 3, qPrintable(ink.name() + u" on "_s + ground.name()));
        }
        QVERIFY(theme::contrast(theme::secondaryText(), ground) >= 4.5);
    }
}

QTEST_MAIN(WaveformViewTest)
#include "tst_waveformview.moc"
