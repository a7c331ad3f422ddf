#include "ui/soundstrip/axisview.h"

#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>
#include <cmath>
#include <limits>

#include "ui/common/icons.h"
#include "ui/common/theme.h"

namespace earmark {

namespace {

constexpr double kZoomPerNotch = 1.25;
constexpr double kScrollPerNotch = 0.1;  ///< of the width
constexpr double kNotch = 120;
constexpr double kPage = 0.9;  ///< of the width
constexpr int kCursorReach = 6;
constexpr int kNowhere = std::numeric_limits<int>::min();

}  // namespace

AxisView::AxisView(QWidget* parent) : QWidget(parent) {
    setLayoutDirection(Qt::LeftToRight);
    setMouseTracking(true);
}

void AxisView::setScale(const TimeScale& scale) {
    if (scale == m_scale) {
        return;
    }
    m_scale = scale;
    axisChanged();
    update();
}

void AxisView::setGutter(int width) {
    if (width != m_gutter) {
        m_gutter = width;
        axisChanged();
        update();
    }
}

QRect AxisView::axis() const {
    return {m_gutter, 0, std::max(0, int(std::ceil(m_scale.width()))), height()};
}

// --- the playing place

int AxisView::cursorColumn() const {
    if (!m_position || !m_scale.shows(*m_position)) {
        return kNowhere;
    }
    return int(std::lround(xOf(*m_position) * devicePixelRatioF()));
}

void AxisView::updateCursor() {
    const int column = cursorColumn();
    if (column != kNowhere) {
        update(int(column / devicePixelRatioF()) - kCursorReach, 0, 2 * kCursorReach + 1, height());
    }
}

void AxisView::setPosition(std::optional<std::chrono::milliseconds> position) {
    const int before = cursorColumn();
    const std::optional<std::chrono::milliseconds> old = m_position;
    m_position = position;
    if (cursorColumn() == before) {
        return;
    }
    m_position = old;
    updateCursor();
    m_position = position;
    updateCursor();
}

void AxisView::paintCursor(QPainter& painter) const {
    const int column = cursorColumn();
    if (column == kNowhere) {
        return;
    }
    const double ratio = devicePixelRatioF();
    const double thick = std::max(1.0, std::round(1.5 * ratio)) / ratio;
    painter.fillRect(QRectF(column / ratio - thick / 2, 0, thick, height()), palette().color(QPalette::WindowText));
}

// --- what they share

void AxisView::paintFocus(QPainter& painter) const {
    if (hasFocus()) {
        painter.setPen(QPen(theme::accent(), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void AxisView::paintName(QPainter& painter, const QRect& place, const QString& iconName, const QString& word,
                         const QColor& color) const {
    const int gap = theme::space() / 2;
    const int extent = std::min(16, place.height());
    QRect text = place.adjusted(theme::space(), 0, -gap, 0);
    if (!iconName.isEmpty()) {
        const QPoint corner(text.left(), place.center().y() - extent / 2 + 1);
        painter.drawPixmap(corner, iconPixmap(iconName, color, extent, devicePixelRatioF()));
        text.setLeft(text.left() + extent + gap);
    }
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(text, int(Qt::AlignVCenter | Qt::AlignLeft) | int(Qt::TextSingleLine),
                     painter.fontMetrics().elidedText(word, Qt::ElideRight, text.width()));
}

bool AxisView::isOwnKey(const QKeyEvent& key) const {
    const int code = key.key();
    return key.modifiers() == Qt::NoModifier &&
           (code == Qt::Key_Home || code == Qt::Key_End || code == Qt::Key_PageUp || code == Qt::Key_PageDown);
}

bool AxisView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && isOwnKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void AxisView::wheelEvent(QWheelEvent* event) {
    const QPoint turned = event->angleDelta();
    const bool sideways = std::abs(turned.x()) > std::abs(turned.y());
    if (sideways || event->modifiers().testFlag(Qt::ShiftModifier)) {
        const double notches = (sideways ? turned.x() : turned.y()) / kNotch;
        const double precise = event->pixelDelta().isNull() ? 0 : (sideways ? event->pixelDelta().x() : 0);
        Q_EMIT scrollWanted(precise != 0 ? -precise : -notches * kScrollPerNotch * m_scale.width());
    } else if (turned.y() != 0) {
        Q_EMIT zoomWanted(std::pow(kZoomPerNotch, turned.y() / kNotch), event->position().x() - m_gutter);
    }
    event->accept();
}

void AxisView::keyPressEvent(QKeyEvent* event) {
    constexpr double kToTheEnd = 1e11;
    if (event->modifiers() == Qt::NoModifier) {
        switch (event->key()) {
            case Qt::Key_Home:
                Q_EMIT scrollWanted(-kToTheEnd);
                return;
            case Qt::Key_End:
                Q_EMIT scrollWanted(kToTheEnd);
                return;
            case Qt::Key_PageUp:
                Q_EMIT scrollWanted(-kPage * m_scale.width());
                return;
            case Qt::Key_PageDown:
                Q_EMIT scrollWanted(kPage * m_scale.width());
                return;
            default:
                break;
        }
    }
    QWidget::keyPressEvent(event);
}

void AxisView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) {
        axisChanged();
        update();
    }
    QWidget::changeEvent(event);
}

void AxisView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    axisChanged();
    update();
}

}  // namespace earmark
