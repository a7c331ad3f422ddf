// Frames per second of ruler, timeline and waveform while they zoom, scroll and play, beside an empty widget of the
// same size that is painted in the same run. bench_soundstrip [FRAMES] (QT_SCALE_FACTOR=2 for a dense screen)
#include <QApplication>
#include <QElapsedTimer>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "tests/soundstrip/madeupmap.h"
#include "ui/common/theme.h"
#include "ui/soundstrip/timeline.h"
#include "ui/soundstrip/timeruler.h"
#include "ui/soundstrip/waveformview.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int kWidth = 1600;
constexpr int kGutter = 120;
constexpr int kWaveHeight = 120;

int g_frames = 300;

class Empty final : public QWidget {
 protected:
    void paintEvent(QPaintEvent*) override { QPainter(this).fillRect(rect(), palette().color(QPalette::Base)); }
};

double processorMs() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// The 99th percentile of what a frame takes of the processor: what the wall says depends on who else is at work.
template <typename Step>
double measured(const char* what, Step step) {
    std::vector<double> wall;
    std::vector<double> processor;
    for (int frame = 0; frame < g_frames; ++frame) {
        QElapsedTimer timer;
        timer.start();
        const double before = processorMs();
        step(frame);
        QCoreApplication::processEvents();  // what step() asked for is painted here
        processor.push_back(processorMs() - before);
        wall.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(wall.begin(), wall.end());
    std::sort(processor.begin(), processor.end());
    const size_t late = wall.size() * 99 / 100;
    std::printf("  %-26s processor: median %6.3f ms, p99 %6.3f (%5.0f a second); wall: median %6.3f ms, p99 %7.3f\n",
                what, processor[processor.size() / 2], processor[late], 1000 / processor[late], wall[wall.size() / 2],
                wall[late]);
    return processor[late];
}

struct Strip {
    explicit Strip(milliseconds duration) : whole{0ms, duration} {
        window.resize(kWidth, 24 + 60 + kWaveHeight);
        int y = 0;
        const int heights[] = {24, 60, kWaveHeight};
        for (int i = 0; i < 3; ++i) {
            views[i]->setParent(&window);
            views[i]->setGutter(kGutter);
            views[i]->setGeometry(0, y, kWidth, heights[i]);
            y += heights[i];
        }
        const MadeUpSound sound = madeUpTalk(duration, 2);
        wave->setMap(madeUpMap(sound));
        TimelineContent content;
        content.call.emplace();
        content.began = Moment{};
        content.duration = duration;
        SkipPlan skips;
        for (int channel = 0; channel < 2; ++channel) {
            for (const TimeSpan& span : sound.speech[size_t(channel)]) {
                content.turns.push_back({int(content.turns.size()), channel == 0 ? Speaker::Agent : Speaker::Customer,
                                         TurnKind::Message, span, false});
            }
        }
        for (const TimeSpan& span : sound.silence) {
            if (span.length() > 800ms) {
                skips.spans.push_back({span, SkipReason::Silence});
            }
        }
        CallMarks marks(40);
        for (size_t i = 0; i < marks.size(); ++i) {
            marks[i].at = duration * i / marks.size();
        }
        content.marks = marks;
        wave->setMarks(marks);
        wave->setSkips(skips);
        wave->setLoop(TimeSpan{duration / 4, duration / 3});
        timeline->setPlaces(TimelinePlaces(content));
        all = TimeScale(whole, kWidth - kGutter - AxisView::kRightMargin);
        show(all);
        window.show();
        QCoreApplication::processEvents();
    }
    void show(const TimeScale& scale) {
        for (AxisView* view : views) {
            view->setScale(scale);
        }
    }

    TimeSpan whole;
    TimeScale all;
    QWidget window;
    TimeRuler* ruler = new TimeRuler;
    Timeline* timeline = new Timeline;
    WaveformView* wave = new WaveformView;
    AxisView* views[3] = {ruler, timeline, wave};
};

double measure(const char* name, milliseconds duration) {
    std::printf("%s\n", name);
    Strip strip(duration);
    const double finest = strip.all.millisecondsPerPixel() / TimeScale::kFinest;
    double worst = measured("zooming", [&](int frame) {
        const double way = std::abs(2.0 * frame / g_frames - 1);  // in and out again
        strip.show(strip.all.zoomed(std::pow(finest, 1 - way), 700));
    });
    for (const auto& [what, factor] : {std::pair{"scrolling, finest", 1e9},
                                       {"scrolling, half way", std::sqrt(finest)},
                                       {"scrolling, nearly all", 1.3}}) {
        TimeScale scale = strip.all.zoomed(factor, 0);
        double pixels = 23;
        worst = std::max(worst, measured(what, [&](int) {
                             const TimeScale before = scale;
                             scale = scale.scrolled(pixels);
                             if (scale == before) {  // at the end: back again
                                 pixels = -pixels;
                                 scale = scale.scrolled(pixels);
                             }
                             strip.show(scale);
                         }));
    }
    for (const auto& [what, factor] : {std::pair{"playing, finest", 1e9}, {"playing, all in sight", 1.0}}) {
        strip.show(strip.all.zoomed(factor, 0));
        worst = std::max(worst, measured(what, [&](int frame) {
                             const milliseconds at(
                                 frame * (factor > 1 ? 48 : strip.whole.end.count() / g_frames));  // threefold speed
                             for (AxisView* view : strip.views) {
                                 view->setPosition(at);
                             }
                             strip.wave->setPlayed({{0ms, at}});
                         }));
    }
    return worst;
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    theme::apply(ColorScheme::Light);
    g_frames = argc > 1 ? std::max(10, QByteArray(argv[1]).toInt()) : 300;
    Empty empty;
    empty.resize(kWidth, 24 + 60 + kWaveHeight);
    empty.show();
    QCoreApplication::processEvents();
    std::printf("%d frames each, %d x %d, device pixel ratio %.2g, %s\n", g_frames, empty.width(), empty.height(),
                empty.devicePixelRatioF(), qPrintable(QGuiApplication::platformName()));
    measured("baseline: an empty widget", [&](int) { empty.update(); });
    const double shortCall = measure("10 minutes", 10min);
    const double worst = std::max(shortCall, measure("3 hours", 3h));
    std::printf("slowest p99: %.2f ms of the processor, that is %.0f frames a second (goal: 60)\n", worst,
                1000 / worst);
    return 1000 / worst >= 60 ? 0 : 1;
}
