// Colours, spacing and fonts of the desk in one place; light and dark from the palette. Main thread only.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace earmark {

enum class ColorScheme { FollowSystem, Light, Dark };

namespace theme {
void apply(ColorScheme scheme);                 ///< sets style and palette of the application
[[nodiscard]] bool isDark();
[[nodiscard]] QColor accent();                  ///< the one accent colour
[[nodiscard]] QColor secondaryText();           ///< readable (>= 4.5:1) on window background
[[nodiscard]] QColor line();                    ///< hairlines
[[nodiscard]] QColor surface();                 ///< cards and bars, slightly off the window colour
[[nodiscard]] QColor good();                    ///< saved, positive
[[nodiscard]] QColor warning();
[[nodiscard]] QColor bad();                     ///< not saved, negative
[[nodiscard]] int space();                      ///< 8 at 100 %
[[nodiscard]] QFont tabularFont(const QFont& base);  ///< figures of equal width
[[nodiscard]] QFont headingFont(const QFont& base);
}  // namespace theme

}  // namespace earmark
