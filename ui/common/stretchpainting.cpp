#include "ui/common/stretchpainting.h"

#include <QPainterPath>

#include "ui/common/theme.h"

namespace earmark {

QColor mixedColor(const QColor& over, const QColor& under, double part) {
    return QColor::fromRgbF(float(over.redF() * part + under.redF() * (1 - part)),
                            float(over.greenF() * part + under.greenF() * (1 - part)),
                            float(over.blueF() * part + under.blueF() * (1 - part)));
}

StretchLook stretchLook(StretchKind kind, const QPalette& palette) {
    const QColor ground = palette.color(QPalette::Window);
    const QColor text = palette.color(QPalette::WindowText);
    switch (kind) {
        case StretchKind::Dialing:
            return {mixedColor(theme::secondaryText(), ground, 0.12), mixedColor(theme::secondaryText(), ground, 0.55),
                    text};
        case StretchKind::Ringing:
            return {mixedColor(theme::warning(), ground, 0.16), mixedColor(theme::warning(), ground, 0.6), text};
        case StretchKind::Waiting:
            return {mixedColor(theme::accent(), ground, 0.14), mixedColor(theme::accent(), ground, 0.6), text};
        case StretchKind::Talking:
            return {theme::accent(), theme::accent(), palette.color(QPalette::Base)};
        case StretchKind::Unknown:
        case StretchKind::Before:
        case StretchKind::After:
        case StretchKind::Open:
            return {ground, theme::secondaryText(), theme::secondaryText()};
    }
    return {};
}

namespace {

/// Lines drawn by hand: Qt's pattern brushes are made of device pixels and vanish at 200 %.
void paintPattern(QPainter& painter, const QRectF& rect, StretchKind kind, const StretchLook& look) {
    painter.setPen(QPen(look.pattern, 1.25));
    switch (kind) {
        case StretchKind::Dialing:  // dots
            painter.setPen(Qt::NoPen);
            painter.setBrush(look.pattern);
            for (double y = rect.top() + 4; y < rect.bottom(); y += 6) {
                for (double x = rect.left() + 4; x < rect.right(); x += 6) {
                    painter.drawEllipse(QPointF(x, y), 0.9, 0.9);
                }
            }
            break;
        case StretchKind::Ringing:  // slanted lines
            for (double x = rect.left() - rect.height(); x < rect.right(); x += 7) {
                painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
            }
            break;
        case StretchKind::Waiting:  // level lines
            for (double y = rect.top() + 4; y < rect.bottom(); y += 6) {
                painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
            }
            break;
        case StretchKind::Talking:  // plain
        case StretchKind::Unknown:
        case StretchKind::Before:
        case StretchKind::After:
        case StretchKind::Open:
            break;
    }
}

}  // namespace

bool isGap(StretchKind kind) {
    return kind == StretchKind::Unknown || kind == StretchKind::Before || kind == StretchKind::After ||
           kind == StretchKind::Open;
}

void paintStretch(QPainter& painter, const QRectF& rect, StretchKind kind, const QPalette& palette) {
    const StretchLook look = stretchLook(kind, palette);
    painter.save();
    if (isGap(kind)) {
        // No fill at all: an empty dashed frame, so that a gap never looks like something that was measured.
        QPen pen(look.pattern, 1.25, Qt::CustomDashLine);
        pen.setDashPattern({3, 3});
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        if (rect.width() < 8) {
            painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()));
        } else {
            painter.drawRoundedRect(rect.adjusted(1.5, 1.5, -1.5, -1.5), 3, 3);
        }
    } else {
        QPainterPath shape;
        shape.addRoundedRect(rect.adjusted(0.5, 0, -0.5, 0), 2, 2);
        painter.setClipPath(shape, Qt::IntersectClip);
        painter.fillRect(rect, look.fill);
        paintPattern(painter, rect, kind, look);
        painter.setClipping(false);
        painter.setPen(QPen(look.pattern, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(shape);
    }
    painter.restore();
}

}  // namespace earmark
