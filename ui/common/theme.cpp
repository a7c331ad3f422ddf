#include "ui/common/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QStyle>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/common/deskstyle.h"

namespace earmark::theme {

using namespace Qt::StringLiterals;

namespace {

/// Every pair that is shown together has a contrast of at least 4.5:1; tests/gui checks it.
struct Colours {
    QRgb window, base, alternate, surface, button;
    QRgb text, secondary, disabled, line;
    QRgb selection, selectionInactive;
    QRgb accent, onAccent, good, warning, bad;
    QRgb agentVoice, customerVoice;
    QRgb toolTip;
};

constexpr Colours kLight{
    .window = 0xfff5f6f8,
    .base = 0xffffffff,
    .alternate = 0xfffafbfc,
    .surface = 0xffeceef1,
    .button = 0xfffdfdfe,
    .text = 0xff1b2026,
    .secondary = 0xff535c66,
    .disabled = 0xff9aa2ab,
    .line = 0xffd6dae0,
    .selection = 0xffd3e8ec,
    .selectionInactive = 0xffe3e8eb,
    .accent = 0xff0c6472,
    .onAccent = 0xffffffff,
    .good = 0xff146c2e,
    .warning = 0xff7d4f00,
    .bad = 0xffa8201a,
    .agentVoice = 0xff1f62b0,
    .customerVoice = 0xffb4560a,
    .toolTip = 0xffffffff,
};

constexpr Colours kDark{
    .window = 0xff1d2125,
    .base = 0xff16191c,
    .alternate = 0xff191c20,
    .surface = 0xff262b30,
    .button = 0xff2b3137,
    .text = 0xffe6e9ec,
    .secondary = 0xffa9b2bc,
    .disabled = 0xff6a737d,
    .line = 0xff363d44,
    .selection = 0xff1c424b,
    .selectionInactive = 0xff2a3238,
    .accent = 0xff62c6d3,
    .onAccent = 0xff08262b,
    .good = 0xff6fcb8a,
    .warning = 0xffe5b455,
    .bad = 0xffff938a,
    .agentVoice = 0xff7db3f2,
    .customerVoice = 0xfff0a25a,
    .toolTip = 0xff2b3137,
};

ColorScheme g_scheme = ColorScheme::FollowSystem;
bool g_dark = false;

const Colours& now() {
    return g_dark ? kDark : kLight;
}

double linear(double channel) {
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color) {
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

QPalette paletteOf(const Colours& colours) {
    QPalette palette(QColor(colours.button), QColor(colours.window));
    palette.setColor(QPalette::Window, QColor(colours.window));
    palette.setColor(QPalette::WindowText, QColor(colours.text));
    palette.setColor(QPalette::Base, QColor(colours.base));
    palette.setColor(QPalette::AlternateBase, QColor(colours.alternate));
    palette.setColor(QPalette::Text, QColor(colours.text));
    palette.setColor(QPalette::PlaceholderText, QColor(colours.secondary));
    palette.setColor(QPalette::Button, QColor(colours.button));
    palette.setColor(QPalette::ButtonText, QColor(colours.text));
    palette.setColor(QPalette::BrightText, QColor(colours.bad));
    palette.setColor(QPalette::Highlight, QColor(colours.selection));
    palette.setColor(QPalette::Inactive, QPalette::Highlight, QColor(colours.selectionInactive));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(colours.selectionInactive));
    palette.setColor(QPalette::HighlightedText, QColor(colours.text));
    palette.setColor(QPalette::Link, QColor(colours.accent));
    palette.setColor(QPalette::LinkVisited, QColor(colours.accent));
    palette.setColor(QPalette::ToolTipBase, QColor(colours.toolTip));
    palette.setColor(QPalette::ToolTipText, QColor(colours.text));
    palette.setColor(QPalette::Mid, QColor(colours.line));
    palette.setColor(QPalette::Midlight, QColor(colours.line).lighter(106));
    palette.setColor(QPalette::Light, QColor(colours.button));
    palette.setColor(QPalette::Dark, QColor(colours.line).darker(125));
    palette.setColor(QPalette::Shadow, QColor(colours.line).darker(180));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
        palette.setColor(QPalette::Disabled, role, QColor(colours.disabled));
    }
    return palette;
}

/// Our own palette hides the desktop's, so it is taken away for the look.
bool systemIsDark() {
    QApplication::setPalette(QPalette());
    const QPalette system = QApplication::palette();
    return system.color(QPalette::Window).lightnessF() < system.color(QPalette::WindowText).lightnessF();
}

}  // namespace

void apply(ColorScheme scheme) {
    g_scheme = scheme;
    if (qobject_cast<DeskStyle*>(QApplication::style()) == nullptr) {
        QApplication::setStyle(new DeskStyle);  // the application owns it
    }
    switch (scheme) {
        case ColorScheme::FollowSystem:
            g_dark = systemIsDark();
            break;
        case ColorScheme::Light:
            g_dark = false;
            break;
        case ColorScheme::Dark:
            g_dark = true;
            break;
    }
    const QPalette palette = paletteOf(now());
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
}

ColorScheme scheme() {
    return g_scheme;
}
bool isDark() {
    return g_dark;
}
QColor accent() {
    return QColor(now().accent);
}
QColor onAccent() {
    return QColor(now().onAccent);
}
QColor secondaryText() {
    return QColor(now().secondary);
}
QColor line() {
    return QColor(now().line);
}
QColor surface() {
    return QColor(now().surface);
}
QColor good() {
    return QColor(now().good);
}
QColor warning() {
    return QColor(now().warning);
}
QColor bad() {
    return QColor(now().bad);
}
QColor agentVoice() {
    return QColor(now().agentVoice);
}
QColor customerVoice() {
    return QColor(now().customerVoice);
}
int space() {
    return 8;
}

QFont tabularFont(const QFont& base) {
    const QFontMetricsF metrics(base);
    const double zero = metrics.horizontalAdvance(u'0');
    bool equal = true;
    for (char16_t digit = u'1'; digit <= u'9'; ++digit) {
        equal = equal && std::abs(metrics.horizontalAdvance(QChar(digit)) - zero) < 0.01;
    }
    if (equal) {
        return base;  // most interface fonts
    }
    QFont fixed =
        QFontDatabase::systemFont(QFontDatabase::FixedFont);  // Qt 6.4 cannot ask a font for its "tnum" figures
    fixed.setPointSizeF(base.pointSizeF());
    return fixed;
}

QFont headingFont(const QFont& base) {
    QFont font(base);
    font.setPointSizeF(base.pointSizeF() * 1.25);
    font.setWeight(QFont::DemiBold);
    return font;
}

double contrast(const QColor& first, const QColor& second) {
    const double a = luminance(first);
    const double b = luminance(second);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

}  // namespace earmark::theme
