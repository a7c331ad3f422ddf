#include "ui/mainwindow/keyguard.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTabBar>

#include "ui/detail/dispositioninput.h"
#include "ui/detail/notesinput.h"

namespace earmark {

KeyGuard::KeyGuard(QWidget* window) : QObject(window), m_window(window) {
    qApp->installEventFilter(this);
}

bool KeyGuard::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride) {
        return false;
    }
    const auto* control = qobject_cast<QWidget*>(watched);
    auto* key = static_cast<QKeyEvent*>(event);
    if (control == nullptr || control->window() != m_window) {
        return false;
    }
    if (undoBelongsToDesk(control, *key)) {
        event->ignore();
        return true;  // the field does not even see it, and the shortcut works
    }
    if (!belongsToControl(control, *key)) {
        return false;
    }
    event->accept();
    return true;
}

bool KeyGuard::undoBelongsToDesk(const QWidget* control, const QKeyEvent& key) {
    const bool isUndo = key.matches(QKeySequence::Undo);
    if (!isUndo && !key.matches(QKeySequence::Redo)) {
        return false;
    }
    for (const QWidget* at = control; at != nullptr; at = at->parentWidget()) {
        if (const auto* notes = qobject_cast<const NotesInput*>(at)) {
            return !(isUndo ? notes->canUndoTyping() : notes->canRedoTyping());
        }
        if (const auto* disposition = qobject_cast<const DispositionInput*>(at)) {
            return !(isUndo ? disposition->canUndoTyping() : disposition->canRedoTyping());
        }
    }
    return false;
}

bool KeyGuard::escapeBelongsTo(const QWidget* control) {
    const auto* combo = qobject_cast<const QComboBox*>(control);
    const QLineEdit* line = combo != nullptr ? combo->lineEdit() : qobject_cast<const QLineEdit*>(control);
    const auto* plain = qobject_cast<const QPlainTextEdit*>(control);
    const bool typed = line != nullptr ? line->isModified() : plain != nullptr && plain->document()->isModified();
    const QString text = line != nullptr ? line->text() : plain != nullptr ? plain->toPlainText() : QString();
    if (!typed || (m_escaped == control && m_escapedText == text)) {
        m_escaped = nullptr;
        return false;
    }
    m_escaped = control;
    m_escapedText = text;
    return true;
}

bool KeyGuard::belongsToControl(const QWidget* control, const QKeyEvent& key) {
    if (QApplication::activePopupWidget() != nullptr) {
        return true;
    }
    const int code = key.key();
    const bool plain = (key.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    if (!plain) {
        return false;
    }
    if (code == Qt::Key_Escape) {
        return escapeBelongsTo(control);
    }
    const bool arrow = code == Qt::Key_Left || code == Qt::Key_Right || code == Qt::Key_Up || code == Qt::Key_Down;
    if (qobject_cast<const QAbstractButton*>(control) != nullptr) {
        return code == Qt::Key_Space;
    }
    if (qobject_cast<const QTabBar*>(control) != nullptr) {
        return code == Qt::Key_Left || code == Qt::Key_Right;
    }
    if (qobject_cast<const QAbstractSlider*>(control) != nullptr &&
        qobject_cast<const QScrollBar*>(control) == nullptr) {
        return arrow;
    }
    if (const auto* combo = qobject_cast<const QComboBox*>(control); combo != nullptr && !combo->isEditable()) {
        return arrow || code == Qt::Key_Space || (!key.text().isEmpty() && key.text().at(0).isPrint());
    }
    return false;
}

}  // namespace earmark
