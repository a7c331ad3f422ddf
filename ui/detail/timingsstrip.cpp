#include "ui/detail/timingsstrip.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/common/plainlabel.h"
#include "ui/common/stretchpainting.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

void paintInBar(QPainter& painter, const PlacedStretch& placed, const QPalette& palette) {
    if (placed.inBar.isEmpty()) {
        return;
    }
    const StretchLook look = stretchLook(placed.stretch.kind, palette);
    const QFontMetricsF metrics(painter.font());
    if (placed.stretch.kind != StretchKind::Talking && !isGap(placed.stretch.kind)) {
        // A quiet plate under the words keeps them readable on the pattern.
        const double width = metrics.horizontalAdvance(placed.inBar) + 10;
        QRectF plate(0, 0, width, metrics.height() + 2);
        plate.moveCenter(placed.words.center());
        painter.setPen(Qt::NoPen);
        painter.setBrush(look.fill);
        painter.drawRoundedRect(plate, 3, 3);
    }
    painter.setPen(look.text);
    painter.drawText(placed.words, int(Qt::AlignCenter) | int(Qt::TextSingleLine), placed.inBar);
}

bool isOwnKey(const QKeyEvent& key) {
    const int code = key.key();
    return key.modifiers() == Qt::NoModifier &&
           (code == Qt::Key_Left || code == Qt::Key_Right || code == Qt::Key_Home || code == Qt::Key_End);
}

}  // namespace

TimingsStrip::TimingsStrip(QWidget* parent) : QWidget(parent) {
    setLayoutDirection(Qt::LeftToRight);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);  // Fixed would cap it at the hint
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Timings of the call"));
}

void TimingsStrip::setStory(const TimingStory& story) {
    m_story = story;
    m_current.reset();
    setAccessibleDescription(story.sentence);
    setVisible(story.timings.first.has_value());
    relayout();
    updateGeometry();
}

void TimingsStrip::clear() {
    setStory({});
}

void TimingsStrip::relayout() {
    m_layout = TimingsLayout(m_story, width(), QFontMetricsF(font()));
    update();
}

QSize TimingsStrip::sizeHint() const {
    return QSize(360, heightForWidth(360));
}

QSize TimingsStrip::minimumSizeHint() const {
    return QSize(200, 40);
}

int TimingsStrip::heightForWidth(int width) const {
    return int(std::ceil(TimingsLayout(m_story, width, QFontMetricsF(font())).height())) + 2;
}

void TimingsStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    relayout();
}

void TimingsStrip::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) {
        relayout();
        updateGeometry();
    }
    QWidget::changeEvent(event);
}

bool TimingsStrip::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && isOwnKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();  // while the strip has the focus, the arrows walk it and do not move the sound
        return true;
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const std::optional<size_t> stop = m_layout.stopAt(QPointF(help->pos()));
        if (stop) {
            QToolTip::showText(help->globalPos(), plainToolTip(m_layout.stops()[*stop].text), this,
                               m_layout.stops()[*stop].area.toAlignedRect());
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

void TimingsStrip::keyPressEvent(QKeyEvent* event) {
    const size_t count = m_layout.stops().size();
    const size_t now = m_current.value_or(0);
    if (count > 0 && event->modifiers() == Qt::NoModifier) {
        switch (event->key()) {
            case Qt::Key_Left:
                setCurrent(now > 0 ? now - 1 : 0);
                return;
            case Qt::Key_Right:
                setCurrent(std::min(now + 1, count - 1));
                return;
            case Qt::Key_Home:
                setCurrent(0);
                return;
            case Qt::Key_End:
                setCurrent(count - 1);
                return;
            default:
                break;
        }
    }
    QWidget::keyPressEvent(event);
}

void TimingsStrip::setCurrent(std::optional<size_t> stop) {
    m_current = stop;
    update();
    if (!stop || *stop >= m_layout.stops().size()) {
        QToolTip::hideText();
        setAccessibleDescription(m_story.sentence);
        return;
    }
    const StripStop& here = m_layout.stops()[*stop];
    setAccessibleDescription(here.text);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
    const QPoint below(qRound(here.area.center().x()), qRound(here.area.bottom()) + 4);
    QToolTip::showText(mapToGlobal(below), plainToolTip(here.text), this);
}

void TimingsStrip::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    const bool byKey = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (byKey && !m_layout.stops().empty()) {
        setCurrent(m_current.value_or(0));
    }
}

void TimingsStrip::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    setCurrent(std::nullopt);
}

void TimingsStrip::paintTick(QPainter& painter, const PlacedMark& mark) const {
    const QColor color = mark.outOfOrder ? theme::bad() : palette().color(QPalette::WindowText);
    const QRectF& band = m_layout.band();
    painter.setPen(QPen(color, mark.outOfOrder ? 2 : 1.5, mark.outOfOrder ? Qt::DotLine : Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(QPointF(mark.x, band.top() - 4), QPointF(mark.x, band.bottom() + 4));

    painter.setPen(QPen(mark.outOfOrder ? color : theme::secondaryText(), 1));
    const QPointF elbow(mark.x, mark.elbowY);
    if (mark.isStep()) {
        painter.drawLine(QPointF(mark.x, band.bottom() + 4), elbow);
        if (mark.label.left() > mark.x) {
            painter.drawLine(elbow, QPointF(mark.label.left() - 2, mark.elbowY));
        }
    } else {
        const double anchor = std::clamp(mark.x, mark.label.left() + 4, mark.label.right() - 4);
        painter.drawLine(elbow, QPointF(anchor, mark.label.top() - 1));
    }
}

void TimingsStrip::paintLabel(QPainter& painter, const PlacedMark& mark) const {
    const QColor color = mark.outOfOrder ? theme::bad() : palette().color(QPalette::WindowText);
    if (mark.isStep()) {
        painter.fillRect(mark.label, palette().color(QPalette::Window));  // a leader may run beneath
    }
    const double lineHeight = mark.label.height() / double(mark.lines.size());
    QRectF line(mark.label.topLeft(), QSizeF(mark.label.width(), lineHeight));
    for (qsizetype i = 0; i < mark.lines.size(); ++i) {
        const bool quiet = !mark.outOfOrder && !mark.isStep() && i == mark.lines.size() - 1;
        painter.setPen(quiet ? theme::secondaryText() : color);
        painter.drawText(
            line, int(mark.isStep() ? Qt::AlignVCenter | Qt::AlignLeft : Qt::AlignCenter) | int(Qt::TextSingleLine),
            mark.lines[i]);
        line.translate(0, lineHeight);
    }
}

void TimingsStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setLayoutDirection(Qt::LeftToRight);  // "+0:09" would become "0:09+"
    painter.setFont(font());
    for (const PlacedStretch& placed : m_layout.stretches()) {
        paintStretch(painter, placed.bar, placed.stretch.kind, palette());
        paintInBar(painter, placed, palette());
    }
    for (const PlacedMark& mark : m_layout.marks()) {
        paintTick(painter, mark);
    }
    for (const PlacedMark& mark : m_layout.marks()) {
        paintLabel(painter, mark);
    }
    for (const LegendEntry& entry : m_layout.legend()) {
        paintStretch(painter, entry.swatch, entry.kind, palette());
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(entry.textRect, int(Qt::AlignVCenter) | int(Qt::AlignLeft) | int(Qt::TextSingleLine),
                         entry.text);
    }
    if (hasFocus() && m_current && *m_current < m_layout.stops().size()) {
        painter.setPen(QPen(theme::accent(), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(m_layout.stops()[*m_current].area.adjusted(1, 1, -1, -1), 3, 3);
    }
}

}  // namespace earmark
