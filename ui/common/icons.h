// Our icons: SVG files of one style (24 grid, 1.75 stroke, round caps), recoloured for the palette. Main thread only.
#pragma once

#include <QIcon>
#include <QString>

namespace earmark {

/// Name of a file in resources/icons without ".svg", for example "play". Follows light/dark and disabled colours.
[[nodiscard]] QIcon icon(const QString& name);

}  // namespace earmark
