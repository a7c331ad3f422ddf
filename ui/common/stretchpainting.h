// How a stretch of a call's times looks wherever it is drawn: told apart by pattern, not by colour alone. Main thread
// only.
#pragma once

#include <QColor>
#include <QPainter>
#include <QPalette>
#include <QRectF>

#include "models/domain/timingstory.h"

namespace earmark {

struct StretchLook {
    QColor fill;
    QColor pattern;  ///< colour of lines or dots; the pattern tells the kinds apart without colour
    QColor text;
};

[[nodiscard]] StretchLook stretchLook(StretchKind kind, const QPalette& palette);
/// Nothing was measured there: drawn as an empty dashed frame.
[[nodiscard]] bool isGap(StretchKind kind);
/// `rect` in logical pixels; a caller that zooms clips it to about what is seen.
void paintStretch(QPainter& painter, const QRectF& rect, StretchKind kind, const QPalette& palette);
/// `part` of `over`, the rest of `under`; both opaque.
[[nodiscard]] QColor mixedColor(const QColor& over, const QColor& under, double part);

}  // namespace earmark
