// What the keys of a list of text rows mean. Pure functions; main thread.
#pragma once

#include <QKeyEvent>
#include <algorithm>
#include <array>

namespace earmark {

/// O, or Enter with Alt; Enter alone goes to the sound.
[[nodiscard]] inline bool wantsReading(const QKeyEvent& event) {
    const bool enter = event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
    const Qt::KeyboardModifiers with = event.modifiers() & ~Qt::KeypadModifier;
    return (enter && with == Qt::AltModifier) || (event.key() == Qt::Key_O && with == Qt::NoModifier);
}

/// From row to row.
[[nodiscard]] inline bool walks(const QKeyEvent& event) {
    constexpr std::array kKeys{Qt::Key_Up, Qt::Key_Down, Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Home, Qt::Key_End};
    return std::find(kKeys.begin(), kKeys.end(), event.key()) != kKeys.end();
}

}  // namespace earmark
