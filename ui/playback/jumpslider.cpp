#include "ui/playback/jumpslider.h"

#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/common/theme.h"

namespace earmark {

namespace {

constexpr double kHandle = JumpSlider::kEdge;  // radius
constexpr double kGroove = 4;

}  // namespace

JumpSlider::JumpSlider(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
    setLayoutDirection(Qt::LeftToRight);
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QSlider::actionTriggered, this, [this](int action) {
        if (action != SliderMove) {
            Q_EMIT moved(sliderPosition());
        }
    });
}

void JumpSlider::setHoverText(std::function<QString(int)> textFor) {
    m_textFor = std::move(textFor);
}

void JumpSlider::showValue(int value) {
    if (!isSliderDown()) {
        const QSignalBlocker quiet(this);
        setValue(value);
        update();
    }
}

QSize JumpSlider::sizeHint() const {
    return {theme::space() * 12, theme::space() * 3};
}
QSize JumpSlider::minimumSizeHint() const {
    return {theme::space() * 8, theme::space() * 3};
}

double JumpSlider::xOf(int value) const {
    const double range = std::max(1, maximum() - minimum());
    return kHandle + (width() - 2 * kHandle) * (value - minimum()) / range;
}

int JumpSlider::valueAt(double x) const {
    const double share = std::clamp((x - kHandle) / std::max(1.0, width() - 2 * kHandle), 0.0, 1.0);
    return minimum() + static_cast<int>(std::lround(share * (maximum() - minimum())));
}

void JumpSlider::moveTo(int value) {
    setSliderPosition(value);
    Q_EMIT moved(value);
}

void JumpSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || maximum() <= minimum()) {
        event->ignore();
        return;
    }
    setSliderDown(true);
    moveTo(valueAt(event->position().x()));
    event->accept();
}

void JumpSlider::mouseMoveEvent(QMouseEvent* event) {
    const int value = valueAt(event->position().x());
    if (isSliderDown()) {
        moveTo(value);
    }
    if (m_textFor && isEnabled() && maximum() > minimum()) {
        QToolTip::showText(event->globalPosition().toPoint() + QPoint(0, theme::space()), m_textFor(value), this);
    }
    event->accept();
}

void JumpSlider::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && isSliderDown()) {
        setSliderDown(false);
        Q_EMIT moved(sliderPosition());
    }
    event->accept();
}

/// One step per notch: up is louder and later.
void JumpSlider::wheelEvent(QWheelEvent* event) {
    const int delta = event->angleDelta().y();
    if (isEnabled() && delta != 0 && !isSliderDown()) {
        moveTo(std::clamp(sliderPosition() + (delta > 0 ? singleStep() : -singleStep()), minimum(), maximum()));
    }
    event->accept();
}

void JumpSlider::enterEvent(QEnterEvent* event) {
    QSlider::enterEvent(event);
    update();
}

void JumpSlider::leaveEvent(QEvent* event) {
    QSlider::leaveEvent(event);
    update();
}

void JumpSlider::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const double middle = height() / 2.0;
    const bool usable = isEnabled() && maximum() > minimum();
    const double handle = xOf(sliderPosition());
    const QRectF groove(kHandle, middle - kGroove / 2, width() - 2 * kHandle, kGroove);
    painter.setBrush(theme::line());
    painter.drawRoundedRect(groove, kGroove / 2, kGroove / 2);
    if (!usable) {
        return;
    }
    painter.setBrush(theme::accent());
    painter.drawRoundedRect(QRectF(groove.left(), groove.top(), handle - groove.left(), kGroove), kGroove / 2,
                            kGroove / 2);
    const double radius = underMouse() || isSliderDown() || hasFocus() ? kHandle : kHandle - 1;
    painter.drawEllipse(QPointF(handle, middle), radius, radius);
    if (hasFocus()) {
        QColor ring = theme::accent();
        ring.setAlpha(110);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(ring, 2.5));
        painter.drawEllipse(QPointF(handle, middle), kHandle + 2.5, kHandle + 2.5);
    }
}

}  // namespace earmark
