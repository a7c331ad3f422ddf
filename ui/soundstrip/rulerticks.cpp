#include "ui/soundstrip/rulerticks.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

struct Step {
    milliseconds step;
    int parts;  ///< small ticks divide it into so many
};

constexpr std::array<Step, 26> kSteps{{
    {10ms, 1}, {20ms, 2}, {50ms, 5}, {100ms, 5}, {250ms, 5}, {500ms, 5}, {1s, 5},    {2s, 4},    {5s, 5},
    {10s, 5},  {15s, 3},  {30s, 3},  {1min, 6},  {2min, 4},  {5min, 5},  {10min, 5}, {15min, 3}, {30min, 3},
    {1h, 6},   {2h, 4},   {6h, 6},   {12h, 6},   {24h, 4},   {120h, 5},  {480h, 4},  {2400h, 5},
}};

const Step& stepFor(const TimeScale& scale, double labelSpace) {
    for (const Step& step : kSteps) {
        if (double(step.step.count()) / scale.millisecondsPerPixel() >= labelSpace) {
            return step;
        }
    }
    return kSteps.back();
}

}  // namespace

std::vector<RulerTick> rulerTicks(const TimeScale& scale, double labelSpace) {
    std::vector<RulerTick> ticks;
    if (scale.isEmpty()) {
        return ticks;
    }
    const Step& step = stepFor(scale, std::max(8.0, labelSpace));
    const TimeSpan shown = scale.shown();
    const qint64 small = step.step.count() / step.parts;
    // Rounded down also before 0.
    const qint64 from = shown.begin.count();
    for (qint64 at = (from / small - (from % small < 0 ? 1 : 0)) * small; at <= shown.end.count(); at += small) {
        if (at < from) {
            continue;
        }
        const milliseconds time(at);
        ticks.push_back(
            {time, scale.xOf(time), at % step.step.count() == 0 ? rulerTimeText(time, step.step) : QString()});
    }
    return ticks;
}

QString rulerTimeText(milliseconds at, milliseconds step) {
    const qint64 size = std::abs(std::max<qint64>(at.count(), -std::numeric_limits<qint64>::max()));
    const qint64 seconds = size / 1000;
    const auto minutes = int(seconds / 60 % 60);
    const auto rest = int(seconds % 60);
    QString text = at < 0ms ? u"-"_s : QString();
    text += seconds >= 3600 ? QString::number(seconds / 3600) + QString::asprintf(":%02d:%02d", minutes, rest)
                            : QString::asprintf("%d:%02d", minutes, rest);
    if (step.count() % 1000 != 0) {
        text += QString::asprintf(".%03d", int(size % 1000));
    }
    return text;
}

QString exactPlaceText(milliseconds at) {
    return rulerTimeText(at, 1ms);
}

}  // namespace earmark
