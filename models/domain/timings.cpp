#include "models/domain/timings.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <cmath>

#include "models/domain/fields.h"

namespace earmark {

namespace {

/// Providers round seconds and stamp events on different machines; less than this is no contradiction.
constexpr double kToleranceSeconds = 2.0;
constexpr double kSecondsOfADay = 86'400.0;
constexpr std::size_t kPoints = 5;

struct PointSource {
    TimingPoint point;
    Field field;
    std::optional<Moment> Call::*time;
    const char* label;
};

constexpr std::array<PointSource, kPoints> kSources{{
    {TimingPoint::Dial, Field::DialTime, &Call::dialTime, QT_TRANSLATE_NOOP("Timings", "Dialled")},
    {TimingPoint::Ring, Field::RingTime, &Call::ringTime, QT_TRANSLATE_NOOP("Timings", "Rang")},
    {TimingPoint::Answer, Field::AnswerTime, &Call::answerTime, QT_TRANSLATE_NOOP("Timings", "Answered")},
    {TimingPoint::AgentConnect, Field::AgentConnectTime, &Call::agentConnectTime,
     QT_TRANSLATE_NOOP("Timings", "Agent connected")},
    {TimingPoint::End, Field::EndTime, &Call::endTime, QT_TRANSLATE_NOOP("Timings", "Ended")},
}};

/// [later point][point that must come first]; nullptr where the order is lawful anyway.
constexpr std::array<std::array<const char*, kPoints>, kPoints> kOrderProblems{{
    {},
    {QT_TRANSLATE_NOOP("Timings", "Rang before it was dialled")},
    {QT_TRANSLATE_NOOP("Timings", "Answered before it was dialled"),
     QT_TRANSLATE_NOOP("Timings", "Answered before it rang")},
    {QT_TRANSLATE_NOOP("Timings", "Agent connected before the call was dialled"),
     QT_TRANSLATE_NOOP("Timings", "Agent connected before the call rang"),
     QT_TRANSLATE_NOOP("Timings", "Agent connected before the call was answered")},
    {QT_TRANSLATE_NOOP("Timings", "Ended before it was dialled"), QT_TRANSLATE_NOOP("Timings", "Ended before it rang"),
     QT_TRANSLATE_NOOP("Timings", "Ended before it was answered"),
     QT_TRANSLATE_NOOP("Timings", "Ended before the agent was connected")},
}};

QString translated(const char* text) {
    return QCoreApplication::translate("Timings", text);
}

std::optional<double> secondsBetween(const std::optional<Moment>& from, const std::optional<Moment>& to) {
    if (!from || !to) {
        return std::nullopt;
    }
    return std::chrono::duration<double>(*to - *from).count();
}

void checkOrder(CallTimings& timings) {
    for (std::size_t later = 0; later < kPoints; ++later) {
        TimingMark& mark = timings.marks[later];
        for (std::size_t earlier = 0; earlier < later && mark.at; ++earlier) {
            const auto& before = timings.marks[earlier].at;
            if (before && *mark.at < *before) {
                // One sentence per point, against the first point of the order: "ended before it was dialled" says it
                // all.
                mark.outOfOrder = true;
                timings.problems += translated(kOrderProblems[later][earlier]);
                break;
            }
        }
    }
}

void checkSigns(const Call& call, QStringList& problems) {
    const auto isNegative = [](const std::optional<double>& seconds) { return seconds && *seconds < 0; };
    if (isNegative(call.ringSeconds)) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "Ring time is negative"));
    }
    if (isNegative(call.talkSeconds)) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "Talk time is negative"));
    }
    if (isNegative(call.totalSeconds)) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "Total time is negative"));
    }
}

void checkDurations(const Call& call, QStringList& problems) {
    const auto isLonger = [](const std::optional<double>& part, const std::optional<double>& whole) {
        return part && whole && *whole >= 0 && *part > *whole + kToleranceSeconds;
    };
    const auto differs = [](const std::optional<double>& told, const std::optional<double>& measured) {
        return told && measured && *told >= 0 && *measured >= 0 && std::abs(*told - *measured) > kToleranceSeconds;
    };
    if (isLonger(call.ringSeconds, call.totalSeconds)) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "Ring time is longer than the call"));
    }
    if (isLonger(call.talkSeconds, call.totalSeconds)) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "Talk time is longer than the call"));
    }
    if (differs(call.talkSeconds, secondsBetween(call.answerTime, call.endTime))) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "Talk time does not fit the times of answer and end"));
    }
    if (differs(call.totalSeconds, secondsBetween(call.dialTime, call.endTime))) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "Total time does not fit the times of dial and end"));
    }
    for (const auto& seconds : {call.ringSeconds, call.talkSeconds, call.totalSeconds}) {
        if (seconds && *seconds > kSecondsOfADay) {
            problems += translated(QT_TRANSLATE_NOOP("Timings", "A duration is longer than a day"));
            break;
        }
    }
}

void checkGaps(const Call& call, QStringList& problems) {
    if (call.talkSeconds && *call.talkSeconds > 0 && !call.answerTime && offers(call.provider, Field::AnswerTime)) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "There is talk time but no time of answer"));
    }
    if (call.status == CallStatus::NoAnswer && call.answerTime) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "Said to be not answered, yet there is a time of answer"));
    }
    if (hasEnded(call.status) && !call.endTime && offers(call.provider, Field::EndTime)) {
        problems += translated(QT_TRANSLATE_NOOP("Timings", "The call is over but its end time is missing"));
    }
}

}  // namespace

QString timingPointLabel(TimingPoint point) {
    return translated(kSources[static_cast<std::size_t>(point)].label);
}

CallTimings timingsOf(const Call& call) {
    CallTimings timings;
    timings.marks.reserve(kPoints);
    for (const PointSource& source : kSources) {
        const auto& at = call.*source.time;
        timings.marks.push_back({source.point, at, offers(call.provider, source.field), false});
        if (at) {
            timings.first = timings.first ? std::min(*timings.first, *at) : *at;
            timings.last = timings.last ? std::max(*timings.last, *at) : *at;
        }
    }
    checkOrder(timings);
    checkSigns(call, timings.problems);
    checkDurations(call, timings.problems);
    checkGaps(call, timings.problems);
    return timings;
}

QString durationText(double seconds) {
    if (!std::isfinite(seconds)) {
        return QStringLiteral("?");
    }
    const QString sign = seconds < 0 ? QStringLiteral("-") : QString();
    const double size = std::abs(seconds);
    if (size > 0 && size < 1) {
        // One digit where it tells enough, more where the value would look like nothing.
        const int digits = size >= 0.1 ? 1 : 3;
        const QString number =
            size >= 0.001
                ? QString::number(std::floor(size * (digits == 1 ? 10 : 1000)) / (digits == 1 ? 10 : 1000), 'g', 3)
                : QStringLiteral("<0.001");
        return QCoreApplication::translate("Timings", "%1 s", "seconds, short").arg(sign + number);
    }
    if (size >= 1e15) {
        return QCoreApplication::translate("Timings", "%1 s", "seconds, short").arg(seconds, 0, 'g', 3);
    }
    const qint64 whole = std::llround(size);
    const qint64 hours = whole / 3600;
    const auto minutes = static_cast<int>(whole % 3600 / 60);
    const auto rest = static_cast<int>(whole % 60);
    return sign + (hours > 0 ? QString::number(hours) + QString::asprintf(":%02d:%02d", minutes, rest)
                             : QString::asprintf("%d:%02d", minutes, rest));
}

}  // namespace earmark
