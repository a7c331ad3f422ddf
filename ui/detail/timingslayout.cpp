#include "ui/detail/timingslayout.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TimingsStrip)
};

constexpr double kBandTop = 8;
constexpr double kBandHeight = 28;
constexpr double kTickBelow = 4;  ///< ticks reach out of the band by this much
constexpr double kLeader = 12;    ///< room for slanted leaders between ticks and labels
constexpr double kLabelGap = 12;
constexpr double kStub = 36;  ///< width of a stretch without a scale: before, after, still open
constexpr double kEdge = 4;   ///< ticks at the very edge stay whole
constexpr double kGrab = 5;   ///< how near to a tick the pointer has to be
constexpr double kSwatch = 14;

bool isStub(StretchKind kind) {
    return kind == StretchKind::Before || kind == StretchKind::After || kind == StretchKind::Open;
}

QString withDuration(const Stretch& stretch) {
    const std::optional<double> seconds = stretch.seconds();
    if (!seconds) {
        return stretch.label;
    }
    const QString duration = durationText(*seconds);
    if (stretch.kind == StretchKind::Unknown) {
        return stretch.label + u" (" + duration + u')';
    }
    return stretch.label + u' ' + duration;
}

}  // namespace

std::vector<double> spreadLefts(const std::vector<double>& centres, const std::vector<double>& widths, double gap,
                                double width) {
    struct Block {
        double wish = 0;  ///< mean of the members' wished left edges, measured without the widths before them
        int members = 0;
    };
    const double total =
        std::accumulate(widths.begin(), widths.end(), 0.0) + gap * double(widths.empty() ? 0 : widths.size() - 1);
    if (total > width || widths.empty()) {
        return {};
    }
    // Pool adjacent violators: least squares of the shifts under "keep order, keep gaps".
    std::vector<Block> blocks;
    double before = 0;
    for (size_t i = 0; i < widths.size(); ++i) {
        blocks.push_back({centres[i] - widths[i] / 2 - before, 1});
        before += widths[i] + gap;
        while (blocks.size() > 1 && blocks[blocks.size() - 2].wish > blocks.back().wish) {
            const Block last = blocks.back();
            blocks.pop_back();
            Block& into = blocks.back();
            into.wish = (into.wish * into.members + last.wish * last.members) / (into.members + last.members);
            into.members += last.members;
        }
    }
    std::vector<double> lefts;
    before = 0;
    for (const Block& block : blocks) {
        for (int member = 0; member < block.members; ++member) {
            lefts.push_back(std::clamp(block.wish, 0.0, width - total) + before);
            before += widths[lefts.size() - 1] + gap;
        }
    }
    return lefts;
}

TimingsLayout::TimingsLayout(const TimingStory& story, double width, const QFontMetricsF& metrics)
    : m_width(std::max(width, 120.0)), m_lineHeight(std::ceil(metrics.height())) {
    if (!story.timings.first || !story.timings.last) {
        return;  // nothing known: the pane says so in words
    }
    m_band = QRectF(0, kBandTop, m_width, std::max(kBandHeight, m_lineHeight + 8));
    placeScale(story);
    placeMarks(story, metrics);
    placeStretches(story, metrics);
    placeLegend(story, metrics);
    placeStops();
}

void TimingsLayout::placeScale(const TimingStory& story) {
    m_first = *story.timings.first;
    m_last = *story.timings.last;
    m_left = kEdge;
    m_right = m_width - kEdge;
    for (const Stretch& stretch : story.stretches) {
        if (stretch.kind == StretchKind::Before) {
            m_left += kStub;
        } else if (isStub(stretch.kind)) {
            m_right -= kStub;
        }
    }
    if (m_last == m_first) {
        m_right = m_left;  // one moment has no length
    }
}

double TimingsLayout::xOf(Moment moment) const {
    if (m_last <= m_first) {
        return m_left;
    }
    return m_left + (m_right - m_left) * double((moment - m_first).count()) / double((m_last - m_first).count());
}

Moment TimingsLayout::momentAt(double x) const {
    if (m_right <= m_left) {
        return m_first;
    }
    const double part = std::clamp((x - m_left) / (m_right - m_left), 0.0, 1.0);
    return m_first + std::chrono::milliseconds(std::llround(part * double((m_last - m_first).count())));
}

void TimingsLayout::placeMarks(const TimingStory& story, const QFontMetricsF& metrics) {
    for (const TimingMark& mark : story.timings.marks) {
        if (mark.at) {
            m_marks.push_back({mark.point, *mark.at, mark.outOfOrder, xOf(*mark.at), {}, {}, 0});
        }
    }
    std::stable_sort(m_marks.begin(), m_marks.end(),
                     [](const PlacedMark& a, const PlacedMark& b) { return a.at < b.at; });
    std::vector<QStringList> whole;
    std::vector<QStringList> broken;
    qsizetype most = 0;
    for (size_t i = 0; i < m_marks.size(); ++i) {
        const PlacedMark& mark = m_marks[i];
        const QString name = timingPointLabel(mark.point);
        const QString offset = i == 0 ? longMomentText(mark.at).section(u' ', -1)
                                      : u'+' + durationText(double((mark.at - m_first).count()) / 1000.0);
        whole.push_back({name, offset});
        broken.push_back(name.split(u' ', Qt::SkipEmptyParts) << offset);
        most = std::max(most, broken.back().size());
    }
    if (!placeLabelsInOneRow(whole, metrics) && (most > 4 || !placeLabelsInOneRow(broken, metrics))) {
        placeLabelsInSteps(whole, metrics);
    }
    m_height = 0;
    for (const PlacedMark& mark : m_marks) {
        m_height = std::max(m_height, mark.label.bottom());
    }
}

bool TimingsLayout::placeLabelsInOneRow(const std::vector<QStringList>& lines, const QFontMetricsF& metrics) {
    std::vector<double> centres;
    std::vector<double> widths;
    for (size_t i = 0; i < m_marks.size(); ++i) {
        double width = 0;
        for (const QString& line : lines[i]) {
            width = std::max(width, std::ceil(metrics.horizontalAdvance(line)) + 2);
        }
        centres.push_back(m_marks[i].x);
        widths.push_back(width);
    }
    const std::vector<double> lefts = spreadLefts(centres, widths, kLabelGap, m_width);
    const double top = m_band.bottom() + kTickBelow + kLeader;
    for (size_t i = 0; i < lefts.size(); ++i) {
        m_marks[i].lines = lines[i];
        m_marks[i].label = QRectF(lefts[i], top, widths[i], double(lines[i].size()) * m_lineHeight);
        m_marks[i].elbowY = m_band.bottom() + kTickBelow;
    }
    return !lefts.empty();
}

/// Too narrow for one row: one line per mark, "Answered +0:09", the last mark on top, so that leaders run free on the
/// left.
void TimingsLayout::placeLabelsInSteps(const std::vector<QStringList>& lines, const QFontMetricsF& metrics) {
    double top = m_band.bottom() + kTickBelow + 4;
    for (size_t i = m_marks.size(); i-- > 0;) {
        PlacedMark& mark = m_marks[i];
        const QString text = lines[i].join(u' ');
        const double width = std::min(std::ceil(metrics.horizontalAdvance(text)) + 2, m_width);
        const double left = std::clamp(mark.x + 6, 0.0, m_width - width);
        mark.lines = {metrics.elidedText(text, Qt::ElideRight, width)};
        mark.label = QRectF(left, top, width, m_lineHeight);
        mark.elbowY = left > mark.x ? top + m_lineHeight / 2 : top;
        top += m_lineHeight + 4;
    }
}

/// The widest piece of a bar that no tick runs through: a point out of order may lie in the middle of it.
QRectF TimingsLayout::freePart(const QRectF& bar) const {
    std::vector<double> edges{bar.left(), bar.right()};
    for (const PlacedMark& mark : m_marks) {
        if (mark.x > bar.left() && mark.x < bar.right()) {
            edges.push_back(mark.x);
        }
    }
    std::sort(edges.begin(), edges.end());
    QRectF widest(bar.left(), bar.top(), 0, bar.height());
    for (size_t i = 1; i < edges.size(); ++i) {
        if (edges[i] - edges[i - 1] > widest.width()) {
            widest.setLeft(edges[i - 1]);
            widest.setRight(edges[i]);
        }
    }
    return widest;
}

void TimingsLayout::placeStretches(const TimingStory& story, const QFontMetricsF& metrics) {
    for (const Stretch& stretch : story.stretches) {
        const double left = stretch.kind == StretchKind::Before ? m_left - kStub : xOf(*stretch.begin);
        const double right = stretch.end ? xOf(*stretch.end) : m_width - kEdge;
        PlacedStretch placed{stretch, QRectF(left, m_band.top(), right - left, m_band.height()), {}, {}};
        const std::optional<double> seconds = stretch.seconds();
        const QStringList candidates =
            seconds ? QStringList{withDuration(stretch), durationText(*seconds)} : QStringList{stretch.label};
        placed.words = freePart(placed.bar);
        for (const QString& text : candidates) {
            if (metrics.horizontalAdvance(text) + 16 <= placed.words.width()) {
                placed.inBar = text;
                break;
            }
        }
        m_stretches.push_back(std::move(placed));
    }
}

void TimingsLayout::placeLegend(const TimingStory& story, const QFontMetricsF& metrics) {
    double x = 0;
    double y = m_height + 12;
    for (const Stretch& stretch : story.stretches) {
        const QString text = withDuration(stretch);
        const double textWidth = std::min(std::ceil(metrics.horizontalAdvance(text)) + 2, m_width - kSwatch - 6);
        if (x > 0 && x + kSwatch + 6 + textWidth > m_width) {
            x = 0;
            y += m_lineHeight + 6;
        }
        LegendEntry entry{stretch.kind, metrics.elidedText(text, Qt::ElideRight, textWidth), {}, {}};
        entry.swatch = QRectF(x, y + (m_lineHeight - kSwatch) / 2, kSwatch, kSwatch);
        entry.textRect = QRectF(x + kSwatch + 6, y, textWidth, m_lineHeight);
        x = entry.textRect.right() + 20;
        m_legend.push_back(std::move(entry));
    }
    if (!m_legend.empty()) {
        m_height = m_legend.back().textRect.bottom();
    }
    m_height = std::ceil(m_height);
}

void TimingsLayout::placeStops() {
    std::vector<std::pair<double, StripStop>> found;
    for (const PlacedMark& mark : m_marks) {
        QString text = Words::tr("%1: %2").arg(timingPointLabel(mark.point), exactTimeText(mark.at));
        if (mark.at != m_first) {
            text = Words::tr("%1, %2 after the start")
                       .arg(text, spokenDuration(double((mark.at - m_first).count()) / 1000.0));
        }
        if (mark.outOfOrder) {
            text = Words::tr("%1 (out of order)").arg(text);
        }
        const QRectF tick(mark.x - kGrab, m_band.top() - kTickBelow, 2 * kGrab, m_band.height() + 2 * kTickBelow);
        found.push_back({mark.x, {tick, mark.label, text}});
    }
    for (const PlacedStretch& placed : m_stretches) {
        const std::optional<double> seconds = placed.stretch.seconds();
        QString text = placed.stretch.label;
        if (seconds) {
            text = Words::tr("%1: %2, from %3 to %4")
                       .arg(text, spokenDuration(*seconds), exactTimeText(*placed.stretch.begin),
                            exactTimeText(*placed.stretch.end));
        }
        found.push_back({placed.bar.center().x(), {placed.bar, {}, text}});
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [x, stop] : found) {
        m_stops.push_back(std::move(stop));
    }
}

std::optional<size_t> TimingsLayout::stopAt(const QPointF& position) const {
    // A tick wins over the bar beneath it, the nearest tick over its neighbours.
    std::optional<size_t> best;
    double nearest = kGrab + 0.001;
    for (size_t i = 0; i < m_stops.size(); ++i) {
        const QRectF& area = m_stops[i].area;
        const bool tick = !m_stops[i].label.isNull();
        const double distance = std::abs(position.x() - area.center().x());
        if (tick && distance < nearest && position.y() >= area.top() && position.y() <= area.bottom()) {
            nearest = distance;
            best = i;
        }
    }
    if (best) {
        return best;
    }
    for (size_t i = 0; i < m_stops.size(); ++i) {
        if (m_stops[i].label.contains(position) || m_stops[i].area.contains(position)) {
            return i;
        }
    }
    return std::nullopt;
}

}  // namespace earmark
