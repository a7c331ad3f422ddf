// Colours, spacing and fonts of the desk in one place; light and dark from the palette. Main thread only.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace earmark {

enum class ColorScheme { FollowSystem, Light, Dark };

namespace theme {
/// Sets style and palette of the application. FollowSystem: dark where the desktop's own palette is dark; call again
/// when the desktop changes (QEvent::ThemeChange).
void apply(ColorScheme scheme);
[[nodiscard]] ColorScheme scheme();  ///< what was asked for
[[nodiscard]] bool isDark();
[[nodiscard]] QColor accent();         ///< the one accent colour
[[nodiscard]] QColor onAccent();       ///< text and icons on a filled accent
[[nodiscard]] QColor secondaryText();  ///< readable (>= 4.5:1) on window background
[[nodiscard]] QColor line();           ///< hairlines
[[nodiscard]] QColor surface();        ///< cards and bars, slightly off the window colour
[[nodiscard]] QColor good();           ///< saved, positive
[[nodiscard]] QColor warning();
[[nodiscard]] QColor bad();                          ///< not saved, negative
[[nodiscard]] QColor agentVoice();                   ///< drawn sound and turns; >= 3:1 on window and base
[[nodiscard]] QColor customerVoice();                ///< told from the agent's by colour-blind eyes too
[[nodiscard]] int space();                           ///< 8 at 100 %
[[nodiscard]] QFont tabularFont(const QFont& base);  ///< figures of equal width
[[nodiscard]] QFont headingFont(const QFont& base);

/// WCAG contrast of two opaque colours, 1..21.
[[nodiscard]] double contrast(const QColor& first, const QColor& second);
}  // namespace theme

}  // namespace earmark
