#include "ui/soundstrip/timeruler.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/soundstrip/rulerticks.h"

namespace earmark {

using namespace Qt::StringLiterals;

TimeRuler::TimeRuler(QWidget* parent) : AxisView(parent) {
    setAccessibleName(tr("Time ruler of the recording"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
}

QSize TimeRuler::sizeHint() const {
    return {400, std::max(theme::space() * 3, fontMetrics().height() + 6)};
}

void TimeRuler::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);  // "-0:05" would become "0:05-"
    painter.setFont(theme::tabularFont(font()));
    const QRect place = axis();
    const double space = painter.fontMetrics().horizontalAdvance(u"-0:00:00.000"_s) + theme::space();
    painter.setPen(theme::line());
    painter.drawLine(place.left(), height() - 1, place.right(), height() - 1);
    for (const RulerTick& tick : rulerTicks(scale(), space)) {
        const double x = gutter() + tick.x;
        if (x < event->rect().left() - space || x > event->rect().right() + 2) {
            continue;
        }
        const bool large = !tick.text.isEmpty();
        painter.setPen(large ? theme::secondaryText() : theme::line());
        painter.drawLine(QPointF(x, height() - (large ? 8 : 4)), QPointF(x, height() - 1));
        if (large) {
            const QRectF text(x + 3, 0, space, height() - 4);
            if (text.left() + painter.fontMetrics().horizontalAdvance(tick.text) <= width()) {
                painter.drawText(text, int(Qt::AlignVCenter | Qt::AlignLeft) | int(Qt::TextSingleLine), tick.text);
            }
        }
    }
    paintCursor(painter);
    if (position() && scale().shows(*position())) {
        const double x = xOf(*position());
        QPainterPath head;
        head.moveTo(x - 5, 0);
        head.lineTo(x + 5, 0);
        head.lineTo(x, 7);
        head.closeSubpath();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.fillPath(head, palette().color(QPalette::WindowText));
    }
}

void TimeRuler::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || scale().isEmpty() || event->position().x() < gutter()) {
        event->ignore();
        return;
    }
    m_held = true;
    Q_EMIT scrubMoved(timeAt(event->position().x()));
}

void TimeRuler::mouseMoveEvent(QMouseEvent* event) {
    if (m_held) {
        Q_EMIT scrubMoved(timeAt(event->position().x()));
    }
    if (!scale().isEmpty() && event->position().x() >= gutter()) {
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(0, theme::space()),
                           plainToolTip(exactPlaceText(timeAt(event->position().x()))), this);
    }
}

void TimeRuler::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        end();
    }
}

void TimeRuler::hideEvent(QHideEvent* event) {
    AxisView::hideEvent(event);
    end();  // the strip may be folded away while the hand holds
}

void TimeRuler::end() {
    if (m_held) {
        m_held = false;
        Q_EMIT scrubEnded();
    }
}

}  // namespace earmark
