#include "ui/soundstrip/timeline.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "models/domain/timings.h"
#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/stretchpainting.h"
#include "ui/common/theme.h"
#include "ui/soundstrip/wavecolumns.h"

namespace earmark {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr double kReach = 5;
constexpr int kSymbol = 8;

constexpr int kTurnHeight = 9;
constexpr int kEventHeight = 13;
constexpr int kRowGap = 2;

QColor rowColor(Timeline::Row row) {
    switch (row) {
        case Timeline::Row::Agent:
            return theme::agentVoice();
        case Timeline::Row::Customer:
            return theme::customerVoice();
        case Timeline::Row::Call:
        case Timeline::Row::Events:
            return theme::secondaryText();
    }
    return {};
}

/// Stands for a tool: not round, not a flag, whatever the colour.
void paintDiamond(QPainter& painter, const QPointF& middle, const QColor& color) {
    QPainterPath path;
    path.moveTo(middle.x(), middle.y() - kSymbol / 2.0);
    path.lineTo(middle.x() + kSymbol / 2.0, middle.y());
    path.lineTo(middle.x(), middle.y() + kSymbol / 2.0);
    path.lineTo(middle.x() - kSymbol / 2.0, middle.y());
    path.closeSubpath();
    painter.fillPath(path, color);
}

void paintFlag(QPainter& painter, double x, const QRect& row, const QColor& color) {
    painter.fillRect(QRectF(x - 0.75, row.top(), 1.5, row.height()), color);
    painter.fillRect(QRectF(x, row.top(), kSymbol, kSymbol - 1), color);
}

}  // namespace

Timeline::Timeline(QWidget* parent) : AxisView(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Timeline of the call"));
}

void Timeline::setPlaces(TimelinePlaces places) {
    m_places = std::move(places);
    m_current.reset();
    m_pictureIsOld = true;
    setAccessibleDescription(m_places.sentence());
    update();
}

QSize Timeline::sizeHint() const {
    const QRect last = rowPlace(Row::Events, 400);
    return {400, last.bottom() + 1 + kRowGap};
}

QRect Timeline::rowPlace(Row row, int width) const {
    const int words = std::max(18, fontMetrics().height());
    const int heights[] = {words, kTurnHeight, kTurnHeight, kEventHeight};
    int top = kRowGap;
    for (int i = 0; i < int(row); ++i) {
        top += heights[i] + kRowGap;
    }
    return {0, top, width, heights[int(row)]};
}

Timeline::Row Timeline::rowOf(const TurnPlace& turn) {
    if (isTool(turn)) {
        return Row::Events;
    }
    return turn.speaker == Speaker::Agent      ? Row::Agent
           : turn.speaker == Speaker::Customer ? Row::Customer
                                               : Row::Events;
}

// --- painting

void Timeline::paintEvent(QPaintEvent* event) {
    if (m_pictureIsOld || !qFuzzyCompare(m_picture.devicePixelRatio(), devicePixelRatioF())) {
        paintPicture();
    }
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    if (!m_picture.isNull()) {
        painter.drawImage(QPoint(gutter(), 0), m_picture);
    }
    if (event->rect().left() < gutter()) {
        paintGutter(painter);
    }
    paintCursor(painter);
    if (hasFocus() && m_current && *m_current < m_places.stops().size()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme::accent(), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(stopPlace(m_places.stops()[*m_current]).adjusted(-2, -1, 2, 1), 2, 2);
    } else {
        paintFocus(painter);
    }
}

void Timeline::paintPicture() {
    m_pictureIsOld = false;
    m_picture = QImage();
    if (scale().isEmpty() || !m_places.content().call) {
        return;
    }
    const double ratio = devicePixelRatioF();
    m_picture = QImage(int(std::ceil((scale().width() + kRightMargin) * ratio)), int(std::ceil(height() * ratio)),
                       QImage::Format_RGB32);
    m_picture.setDevicePixelRatio(ratio);
    m_picture.fill(palette().color(QPalette::Window));
    QPainter painter(&m_picture);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.setFont(font());
    paintCall(painter);
    paintTurns(painter, Row::Agent);
    paintTurns(painter, Row::Customer);
    paintTurns(painter, Row::Events);
    paintEvents(painter);
}

void Timeline::paintCall(QPainter& painter) const {
    const int axisWidth = int(scale().width());
    const QRect row = rowPlace(Row::Call, axisWidth);
    const QFontMetrics metrics = painter.fontMetrics();
    if (const QString why = m_places.absence(); !why.isEmpty()) {
        painter.setPen(theme::secondaryText());
        painter.drawText(row, int(Qt::AlignVCenter | Qt::AlignLeft) | int(Qt::TextSingleLine),
                         metrics.elidedText(why, Qt::ElideRight, axisWidth));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (const TimelineStretch& placed : m_places.stretches()) {
        const double from = std::max(-20.0, scale().xOf(placed.span.begin));
        const double to = std::min(scale().width() + 20, scale().xOf(placed.span.end));
        if (to < 0 || from > scale().width() || to - from < 0.5) {
            continue;
        }
        const QRectF bar(from, row.top(), to - from, row.height());
        paintStretch(painter, bar, placed.stretch.kind, palette());
        const std::optional<double> seconds = placed.stretch.seconds();
        const QString text =
            seconds ? placed.stretch.label + u' ' + durationText(*seconds) : QString(placed.stretch.label);
        const double textWidth = metrics.horizontalAdvance(text) + 8;
        QRectF seen = bar.intersected(QRectF(0, row.top(), scale().width(), row.height()));
        if (seen.width() >= textWidth + 4) {
            const StretchLook look = stretchLook(placed.stretch.kind, palette());
            QRectF plate(0, 0, textWidth, bar.height() - 2);
            plate.moveCenter(seen.center());
            painter.fillRect(plate, look.fill);
            painter.setPen(look.text);
            painter.drawText(plate, int(Qt::AlignCenter) | int(Qt::TextSingleLine) | int(Qt::TextDontClip), text);
        }
    }
    for (const TimelinePoint& point : m_places.points()) {
        if (!point.isFar && scale().shows(point.at)) {
            const double x = scale().xOf(point.at);
            painter.setPen(QPen(point.outOfOrder ? theme::bad() : palette().color(QPalette::WindowText),
                                point.outOfOrder ? 2 : 1.5, point.outOfOrder ? Qt::DotLine : Qt::SolidLine,
                                Qt::FlatCap));
            painter.drawLine(QPointF(x, row.top() - 1), QPointF(x, row.bottom() + 2));
        }
    }
}

void Timeline::paintTurns(QPainter& painter, Row row) const {
    TimeSpans spans;
    std::vector<bool> estimated;
    for (const TurnPlace& turn : m_places.content().turns) {
        if (rowOf(turn) == row && !isTool(turn)) {
            spans.push_back(turn.span);
            estimated.push_back(turn.isEstimated);
        }
    }
    const double ratio = devicePixelRatioF();
    const std::vector<int> owners = columnOwners(spans, scale(), ratio);
    const QRect place = rowPlace(row, int(scale().width()));
    const QColor color = rowColor(row);
    const QColor light = mixedColor(color, palette().color(QPalette::Window), 0.3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (size_t from = 0; from < owners.size();) {
        size_t to = from + 1;
        while (to < owners.size() && owners[to] == owners[from]) {
            ++to;
        }
        if (owners[from] >= 0) {
            const double gap = double(to - from) > 3 * ratio ? 1 : 0;  // neighbours stay two
            const QRectF block(double(from) / ratio, place.top(), double(to - from) / ratio - gap, place.height());
            painter.fillRect(block, color);
            if (estimated[size_t(owners[from])] && block.width() > 3) {
                painter.fillRect(block.adjusted(1, 1, -1, -1), light);  // hollow: nobody measured it
            }
        }
        from = to;
    }
}

void Timeline::paintEvents(QPainter& painter) const {
    const QRect row = rowPlace(Row::Events, int(scale().width()));
    painter.setRenderHint(QPainter::Antialiasing);
    int last = -1;
    for (const TimelineStop& stop : m_places.stops()) {
        const bool isEvent = stop.kind == StopKind::Tool || stop.kind == StopKind::Mark;
        const double x = scale().xOf(stop.span.begin);
        if (!isEvent || x < -kSymbol || x > scale().width()) {
            continue;
        }
        const int column = int(std::lround(x)) * 2 + (stop.kind == StopKind::Mark ? 1 : 0);
        if (column == last) {
            continue;
        }
        last = column;
        if (stop.kind == StopKind::Tool) {
            paintDiamond(painter, QPointF(x, row.center().y() + 0.5), palette().color(QPalette::WindowText));
        } else {
            paintFlag(painter, x, row, theme::bad());
        }
    }
}

void Timeline::paintGutter(QPainter& painter) const {
    const auto place = [this](Row row) { return rowPlace(row, gutter()).adjusted(0, -2, 0, 2); };
    const bool trouble = !m_places.troubles().isEmpty();
    paintName(painter, place(Row::Call), trouble ? u"warning"_s : u"clock"_s, tr("Call"),
              trouble ? theme::warning() : theme::secondaryText());
    const QRect turns = place(Row::Agent).united(place(Row::Customer));
    paintName(painter, turns.adjusted(16 + theme::space() / 2, 0, 0, 0), {}, tr("Turns"), {});
    const auto voice = [&](Row row, const QString& name, const QColor& color) {
        const int extent = kTurnHeight + 2;  // each beside its row
        painter.drawPixmap(theme::space() + 2, rowPlace(row, 0).center().y() - extent / 2,
                           iconPixmap(name, color, extent, devicePixelRatioF()));
    };
    voice(Row::Agent, u"agent"_s, theme::agentVoice());
    voice(Row::Customer, u"account"_s, theme::customerVoice());
    paintName(painter, place(Row::Events), u"flag"_s, tr("Tools, marks"), theme::secondaryText());
}

// --- what stands where

QRectF Timeline::stopPlace(const TimelineStop& stop) const {
    const double from = std::max<double>(gutter() - 4, xOf(stop.span.begin));
    const double to = std::min(gutter() + scale().width() + 4, xOf(stop.span.end));
    switch (stop.kind) {
        case StopKind::Stretch:
        case StopKind::Point: {
            const QRect row = rowPlace(Row::Call, 0);
            const double room = stop.kind == StopKind::Point ? 3 : 0;
            return {from - room, double(row.top()), std::max(2.0, to - from) + 2 * room, double(row.height())};
        }
        case StopKind::Turn: {
            const QRect row = rowPlace(rowOf(m_places.content().turns[size_t(stop.index)]), 0);
            return {from, double(row.top()), std::max(2.0, to - from), double(row.height())};
        }
        case StopKind::Tool:
        case StopKind::Mark: {
            const QRect row = rowPlace(Row::Events, 0);
            return {from - (stop.kind == StopKind::Tool ? kSymbol / 2.0 : 1), double(row.top()), double(kSymbol),
                    double(row.height())};
        }
    }
    return {};
}

std::optional<size_t> Timeline::stopAt(const QPointF& place) const {
    if (scale().isEmpty() || place.x() < gutter() - kReach) {
        return std::nullopt;
    }
    std::optional<size_t> found;
    double nearest = 0;
    const std::vector<TimelineStop>& stops = m_places.stops();
    for (size_t i = 0; i < stops.size(); ++i) {
        const QRectF area = stopPlace(stops[i]);
        const bool isThin = stops[i].kind != StopKind::Stretch && stops[i].kind != StopKind::Turn;
        const double reach = isThin ? kReach : 1;
        if (!area.adjusted(-reach, -1, reach, 1).contains(place)) {
            continue;
        }
        // What is thin comes before what is wide, then what is nearest; the last one lies on top.
        const double far = (isThin ? 0 : 1e4) + std::abs(place.x() - std::clamp(place.x(), area.left(), area.right()));
        if (!found || far <= nearest) {
            found = i;
            nearest = far;
        }
    }
    return found;
}

bool Timeline::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const std::optional<size_t> stop = stopAt(QPointF(help->pos()));
        const bool overName = help->pos().x() < gutter();
        const QString text = stop       ? m_places.textOf(m_places.stops()[*stop])
                             : overName ? (m_places.troubles() + m_places.missing()).join(u"; "_s)
                                        : m_places.absence();
        text.isEmpty() ? QToolTip::hideText() : QToolTip::showText(help->globalPos(), plainToolTip(text), this);
        return true;
    }
    return AxisView::event(event);
}

void Timeline::mousePressEvent(QMouseEvent* event) {
    const QPointF place = event->position();
    if (event->button() != Qt::LeftButton || scale().isEmpty() || place.x() < gutter() - kReach) {
        event->ignore();
        return;
    }
    const std::optional<size_t> stop = stopAt(place);
    const bool exact = stop && m_places.stops()[*stop].kind != StopKind::Stretch;
    Q_EMIT seekWanted(exact ? m_places.stops()[*stop].span.begin : timeAt(place.x()));
}

void Timeline::mouseDoubleClickEvent(QMouseEvent* event) {
    const std::optional<size_t> stop = stopAt(event->position());
    if (event->button() == Qt::LeftButton && stop && m_places.stops()[*stop].kind == StopKind::Turn) {
        Q_EMIT loopWanted(m_places.stops()[*stop].span);
    }
}

// --- walking with the keys

bool Timeline::isOwnKey(const QKeyEvent& key) const {
    const int code = key.key();
    const bool goes = m_current && (code == Qt::Key_Return || code == Qt::Key_Enter);
    return (key.modifiers() == Qt::NoModifier && (code == Qt::Key_Left || code == Qt::Key_Right || goes)) ||
           AxisView::isOwnKey(key);
}

void Timeline::step(int by) {
    const int count = int(m_places.stops().size());
    if (count > 0) {
        setCurrent(m_current ? size_t(std::clamp(int(*m_current) + by, 0, count - 1)) : 0);
    }
}

void Timeline::keyPressEvent(QKeyEvent* event) {
    if (event->modifiers() == Qt::NoModifier) {
        switch (event->key()) {
            case Qt::Key_Left:
                step(-1);
                return;
            case Qt::Key_Right:
                step(1);
                return;
            case Qt::Key_Home:
                step(-int(m_places.stops().size()));
                return;
            case Qt::Key_End:
                step(int(m_places.stops().size()));
                return;
            case Qt::Key_Return:
            case Qt::Key_Enter:
                if (m_current) {
                    Q_EMIT seekWanted(m_places.stops()[*m_current].span.begin);
                    return;
                }
                break;
            default:
                break;
        }
    }
    AxisView::keyPressEvent(event);
}

void Timeline::setCurrent(std::optional<size_t> stop) {
    m_current = stop;
    update();
    if (!stop || *stop >= m_places.stops().size()) {
        QToolTip::hideText();
        setAccessibleDescription(m_places.sentence());
        return;
    }
    const TimelineStop& here = m_places.stops()[*stop];
    if (!scale().shows(here.span.begin)) {
        Q_EMIT scrollWanted(scale().xOf(here.span.begin) - scale().width() / 3);
    }
    const QString text = m_places.textOf(here);
    setAccessibleDescription(text);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
    const QRectF area = stopPlace(here);
    const double x = std::clamp(area.center().x(), double(gutter()), double(width()));
    QToolTip::showText(mapToGlobal(QPoint(qRound(x), qRound(area.bottom()) + 4)), plainToolTip(text), this);
}

void Timeline::focusInEvent(QFocusEvent* event) {
    AxisView::focusInEvent(event);
    const bool byKey = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (byKey && !m_places.stops().empty()) {
        setCurrent(m_current.value_or(0));
    }
    update();
}

void Timeline::focusOutEvent(QFocusEvent* event) {
    AxisView::focusOutEvent(event);
    setCurrent(std::nullopt);
}

}  // namespace earmark
