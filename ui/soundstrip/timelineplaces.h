// Everything of a call that has a place on the recording's time axis: its times from dial to end, turns, tools, marks.
// Milliseconds, no pixels. Values only, any thread.
#pragma once

#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "models/audio/turnplaces.h"
#include "models/domain/callmark.h"
#include "models/domain/timingstory.h"

namespace earmark {

struct TimelineContent {
    std::optional<Call> call;     ///< none: nothing is shown
    std::optional<Moment> began;  ///< of the recording; nullopt: the provider does not tell, so no times of the call
    std::chrono::milliseconds duration{};  ///< of the recording; 0: not known yet
    std::vector<TurnPlace> turns;
    std::shared_ptr<const CallDetails> details;  ///< words of the turns; may be null
    CallMarks marks;
};

/// A time of the call. Those too far from the recording to be drawn beside it are told, not drawn.
struct TimelinePoint {
    TimingPoint point = TimingPoint::Dial;
    std::chrono::milliseconds at{};
    bool outOfOrder = false;
    bool isFar = false;
};

struct TimelineStretch {
    Stretch stretch;
    TimeSpan span;  ///< an open end goes to the end of the axis
};

enum class StopKind { Stretch, Point, Turn, Tool, Mark };

/// What the keys walk along and the pointer meets.
struct TimelineStop {
    StopKind kind = StopKind::Turn;
    int index = 0;  ///< into stretches(), points(), content().turns or content().marks
    TimeSpan span;  ///< points, tools and marks: of no length
};

class TimelinePlaces final {
 public:
    TimelinePlaces() = default;
    explicit TimelinePlaces(TimelineContent content);

    [[nodiscard]] const TimelineContent& content() const { return m_content; }
    [[nodiscard]] const TimeSpan& whole() const { return m_whole; }  ///< what the axis shows when it shows all
    [[nodiscard]] const std::vector<TimelinePoint>& points() const { return m_points; }
    [[nodiscard]] const std::vector<TimelineStretch>& stretches() const { return m_stretches; }
    [[nodiscard]] const std::vector<TimelineStop>& stops() const { return m_stops; }  ///< ascending
    /// What contradicts itself or cannot be drawn, in words; empty: nothing.
    [[nodiscard]] const QStringList& troubles() const { return m_troubles; }
    /// Which times are missing, and why: "Not reached: Answered".
    [[nodiscard]] const QStringList& missing() const { return m_missing; }
    /// Why the times of the call have no place here; "" where they have.
    [[nodiscard]] QString absence() const;
    /// "Agent, 0:12 to 0:15: Good morning"; plain text with data in it made safe.
    [[nodiscard]] QString textOf(const TimelineStop& stop) const;
    [[nodiscard]] QString sentence() const;  ///< all of it in short, for screen readers

 private:
    void placeCall(const TimingStory& story);
    void gatherStops();
    [[nodiscard]] QString turnText(const TurnPlace& turn) const;

    TimelineContent m_content;
    TimeSpan m_whole;
    std::vector<TimelinePoint> m_points;
    std::vector<TimelineStretch> m_stretches;
    std::vector<TimelineStop> m_stops;
    QStringList m_troubles;
    QStringList m_missing;
    QString m_story;
};

[[nodiscard]] bool isTool(const TurnPlace& turn);

}  // namespace earmark
