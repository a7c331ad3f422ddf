#include "ui/soundstrip/timelineplaces.h"

#include <QCoreApplication>
#include <algorithm>

#include "models/domain/textfold.h"
#include "ui/soundstrip/rulerticks.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Timeline)
};

/// A dial hours before its recording would leave no room for the recording itself.
constexpr milliseconds kFar = 10min;
constexpr milliseconds kLongest = std::chrono::hours(24);
constexpr qsizetype kWords = 160;

QString placeText(milliseconds at) {
    return rulerTimeText(at, 1s);
}

QString speakerName(Speaker speaker) {
    switch (speaker) {
        case Speaker::Agent:
            return Words::tr("Agent");
        case Speaker::Customer:
            return Words::tr("Customer");
        case Speaker::System:
            return Words::tr("System");
        case Speaker::Tool:
            return Words::tr("Tool");
        case Speaker::Unknown:
            return Words::tr("Speaker not told");
    }
    return {};
}

}  // namespace

bool isTool(const TurnPlace& turn) {
    return turn.kind == TurnKind::ToolCall || turn.kind == TurnKind::ToolOutput || turn.speaker == Speaker::Tool;
}

TimelinePlaces::TimelinePlaces(TimelineContent content) : m_content(std::move(content)) {
    if (!m_content.call) {
        return;
    }
    m_whole.end = std::clamp(m_content.duration, 0ms, kLongest * 4);
    if (m_content.duration <= 0ms) {
        for (const TurnPlace& turn : m_content.turns) {
            m_whole.end = std::clamp(turn.span.end, m_whole.end, kLongest);
        }
    }
    const TimingStory story = timingStoryOf(*m_content.call);
    if (m_content.began) {
        placeCall(story);
    }
    gatherStops();
}

void TimelinePlaces::placeCall(const TimingStory& story) {
    m_story = story.sentence;
    const Moment began = *m_content.began;
    const milliseconds far = std::max(kFar, m_whole.end);
    const TimeSpan near{-far, m_whole.end + far};
    for (const TimingMark& mark : story.timings.marks) {
        if (!mark.at) {
            continue;
        }
        const TimelinePoint point{mark.point, *mark.at - began, mark.outOfOrder,
                                  *mark.at - began < near.begin || *mark.at - began > near.end};
        m_points.push_back(point);
        if (point.isFar) {
            m_troubles << Words::tr("%1: %2, too far from the recording to be drawn")
                              .arg(timingPointLabel(point.point), placeText(point.at));
        } else {
            m_whole.begin = std::min(m_whole.begin, point.at);
            m_whole.end = std::max(m_whole.end, point.at);
        }
    }
    m_troubles << story.timings.problems;
    m_missing = story.absences;
    const milliseconds stub = std::max<milliseconds>(1s, m_whole.length() / 32);  // an open end is seen as such
    for (const Stretch& stretch : story.stretches) {
        if (!stretch.begin) {
            m_whole.begin = std::min(m_whole.begin, *stretch.end - began - stub);
        }
        if (!stretch.end) {
            m_whole.end = std::max(m_whole.end, *stretch.begin - began + stub);
        }
    }
    m_whole = {std::max(m_whole.begin, near.begin - stub), std::min(m_whole.end, near.end + stub)};
    for (const Stretch& stretch : story.stretches) {
        const TimeSpan span{stretch.begin ? *stretch.begin - began : m_whole.begin,
                            stretch.end ? *stretch.end - began : m_whole.end};
        if (span.end > m_whole.begin && span.begin < m_whole.end) {
            m_stretches.push_back({stretch, {std::max(span.begin, m_whole.begin), std::min(span.end, m_whole.end)}});
        }
    }
}

void TimelinePlaces::gatherStops() {
    for (size_t i = 0; i < m_stretches.size(); ++i) {
        m_stops.push_back({StopKind::Stretch, int(i), m_stretches[i].span});
    }
    for (size_t i = 0; i < m_points.size(); ++i) {
        if (!m_points[i].isFar) {
            m_stops.push_back({StopKind::Point, int(i), {m_points[i].at, m_points[i].at}});
        }
    }
    for (size_t i = 0; i < m_content.turns.size(); ++i) {
        const TurnPlace& turn = m_content.turns[i];
        m_stops.push_back(isTool(turn) ? TimelineStop{StopKind::Tool, int(i), {turn.span.begin, turn.span.begin}}
                                       : TimelineStop{StopKind::Turn, int(i), turn.span});
    }
    for (size_t i = 0; i < m_content.marks.size(); ++i) {
        m_stops.push_back({StopKind::Mark, int(i), {m_content.marks[i].at, m_content.marks[i].at}});
    }
    std::stable_sort(m_stops.begin(), m_stops.end(),
                     [](const TimelineStop& a, const TimelineStop& b) { return a.span.begin < b.span.begin; });
}

QString TimelinePlaces::absence() const {
    if (!m_content.call || m_content.began) {
        return {};
    }
    return Words::tr("%1 does not tell when the recording began: dialling and ringing cannot be placed beside it.")
        .arg(providerName(m_content.call->provider));
}

QString TimelinePlaces::turnText(const TurnPlace& turn) const {
    QString text =
        Words::tr("%1, %2 to %3").arg(speakerName(turn.speaker), placeText(turn.span.begin), placeText(turn.span.end));
    if (turn.isEstimated) {
        text += Words::tr(" (estimated)");
    }
    return text;
}

QString TimelinePlaces::textOf(const TimelineStop& stop) const {
    const auto told = [this](int turn) -> const Turn* {
        return m_content.details && turn >= 0 && turn < int(m_content.details->transcript.size())
                   ? &m_content.details->transcript[size_t(turn)]
                   : nullptr;
    };
    switch (stop.kind) {
        case StopKind::Stretch: {
            const Stretch& stretch = m_stretches[size_t(stop.index)].stretch;
            const std::optional<double> seconds = stretch.seconds();
            return seconds ? Words::tr("%1 for %2").arg(stretch.label, spokenDuration(*seconds)) : stretch.label;
        }
        case StopKind::Point: {
            const TimelinePoint& point = m_points[size_t(stop.index)];
            const QString text = Words::tr("%1: %2, %3 on the recording's axis")
                                     .arg(timingPointLabel(point.point), exactTimeText(*m_content.began + point.at),
                                          exactPlaceText(point.at));
            return point.outOfOrder ? Words::tr("%1; out of order").arg(text) : text;
        }
        case StopKind::Turn: {
            const TurnPlace& turn = m_content.turns[size_t(stop.index)];
            const Turn* words = told(turn.turn);
            return words == nullptr ? turnText(turn)
                                    : turnText(turn) + u": "_s + isolated(QStringView(words->text).left(kWords));
        }
        case StopKind::Tool: {
            const TurnPlace& turn = m_content.turns[size_t(stop.index)];
            const Turn* words = told(turn.turn);
            const QString name = words == nullptr                              ? QString()
                                 : words->tool && !words->tool->name.isEmpty() ? words->tool->name
                                                                               : words->text;
            return Words::tr("Tool at %1: %2")
                .arg(placeText(turn.span.begin), isolated(QStringView(name).left(kWords)));
        }
        case StopKind::Mark: {
            const CallMark& mark = m_content.marks[size_t(stop.index)];
            const QString words = QStringList{mark.kind, mark.text}.join(u' ').trimmed();
            return words.isEmpty() ? Words::tr("Mark at %1").arg(exactPlaceText(mark.at))
                                   : Words::tr("Mark at %1: %2").arg(exactPlaceText(mark.at), isolated(words));
        }
    }
    return {};
}

QString TimelinePlaces::sentence() const {
    if (!m_content.call) {
        return {};
    }
    const auto count = [this](StopKind kind) {
        return int(std::count_if(m_stops.begin(), m_stops.end(),
                                 [kind](const TimelineStop& stop) { return stop.kind == kind; }));
    };
    const QString counts = Words::tr("%1 turns, %2 tool calls, %3 marks")
                               .arg(count(StopKind::Turn))
                               .arg(count(StopKind::Tool))
                               .arg(count(StopKind::Mark));
    return counts + u". "_s + (m_content.began ? m_story : absence());
}

}  // namespace earmark
