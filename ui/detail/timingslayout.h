// Where everything of the timings strip goes: geometry and hit tests, no painting. Values only, any thread.
#pragma once

#include <QFontMetricsF>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <optional>
#include <vector>

#include "models/domain/timingstory.h"

namespace earmark {

struct PlacedMark {
    TimingPoint point = TimingPoint::Dial;
    Moment at{};
    bool outOfOrder = false;
    double x = 0;       ///< of the tick, exactly on the scale
    QStringList lines;  ///< "Agent connected", "+0:11"; the first mark has the clock time; a narrow strip breaks names
    QRectF label;       ///< name over offset; labels never overlap
    double elbowY = 0;  ///< where the leader from the tick turns towards the label

    /// Too narrow for one row: a line per mark.
    [[nodiscard]] bool isStep() const { return lines.size() == 1; }
};

struct PlacedStretch {
    Stretch stretch;
    QRectF bar;
    QRectF words;   ///< the part of the bar where words stand clear of ticks
    QString inBar;  ///< "" when nothing fits
};

struct LegendEntry {
    StretchKind kind = StretchKind::Unknown;
    QString text;  ///< "Ringing 0:07"
    QRectF swatch;
    QRectF textRect;
};

/// What a place on the strip is about, for hover and for walking with the keys.
struct StripStop {
    QRectF area;   ///< the bar, or the ground around a tick
    QRectF label;  ///< of a mark; null for stretches
    QString text;  ///< plain text: "Answer: 14:37:09.377 IST, 11.2 s after Dial"
};

class TimingsLayout final {
 public:
    /// `width` in logical pixels; below 120 it is laid out as 120 (and clipped by the widget).
    TimingsLayout(const TimingStory& story, double width, const QFontMetricsF& metrics);
    TimingsLayout() = default;

    [[nodiscard]] const std::vector<PlacedMark>& marks() const { return m_marks; }
    [[nodiscard]] const std::vector<PlacedStretch>& stretches() const { return m_stretches; }
    [[nodiscard]] const std::vector<LegendEntry>& legend() const { return m_legend; }
    [[nodiscard]] const std::vector<StripStop>& stops() const { return m_stops; }  ///< in time order
    [[nodiscard]] double height() const { return m_height; }
    [[nodiscard]] QRectF band() const { return m_band; }
    [[nodiscard]] bool isEmpty() const { return m_marks.empty(); }

    [[nodiscard]] double xOf(Moment moment) const;
    [[nodiscard]] Moment momentAt(double x) const;
    /// Index into stops(); nullopt on empty ground.
    [[nodiscard]] std::optional<size_t> stopAt(const QPointF& position) const;

 private:
    void placeScale(const TimingStory& story);
    void placeMarks(const TimingStory& story, const QFontMetricsF& metrics);
    [[nodiscard]] bool placeLabelsInOneRow(const std::vector<QStringList>& lines, const QFontMetricsF& metrics);
    void placeLabelsInSteps(const std::vector<QStringList>& lines, const QFontMetricsF& metrics);
    [[nodiscard]] QRectF freePart(const QRectF& bar) const;
    void placeStretches(const TimingStory& story, const QFontMetricsF& metrics);
    void placeLegend(const TimingStory& story, const QFontMetricsF& metrics);
    void placeStops();

    double m_width = 0;
    double m_height = 0;
    double m_lineHeight = 0;
    double m_left = 0;   ///< x of the first known moment
    double m_right = 0;  ///< x of the last known moment
    Moment m_first{};
    Moment m_last{};
    QRectF m_band;
    std::vector<PlacedMark> m_marks;
    std::vector<PlacedStretch> m_stretches;
    std::vector<LegendEntry> m_legend;
    std::vector<StripStop> m_stops;
};

/// Shifts the labels of one row as little as possible so that none overlaps: `centres` ascending, all inside 0..width.
/// Empty when they do not fit side by side.
[[nodiscard]] std::vector<double> spreadLefts(const std::vector<double>& centres, const std::vector<double>& widths,
                                              double gap, double width);

}  // namespace earmark
