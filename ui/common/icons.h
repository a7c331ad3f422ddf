// Our icons: SVG files of one style (24 grid, 1.75 stroke, round caps), recoloured for the palette. Main thread only.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace earmark {

/// What an icon says besides its shape. Resolved against the palette each time it is painted, so it follows light/dark.
enum class IconTint { Text, Secondary, Accent, Good, Warning, Bad };

/// Name of a file in resources/icons without ".svg", for example "play". Follows light/dark and disabled colours.
[[nodiscard]] QIcon icon(const QString& name);
[[nodiscard]] QIcon icon(const QString& name, IconTint tint);

/// For delegates and own paint code: the icon in exactly this colour, crisp for the device's ratio. Cached.
[[nodiscard]] QPixmap iconPixmap(const QString& name, const QColor& color, int extent, qreal devicePixelRatio);

}  // namespace earmark
