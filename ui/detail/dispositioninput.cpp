#include "ui/detail/dispositioninput.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStringListModel>
#include <QWheelEvent>

#include "models/domain/textfold.h"
#include "ui/common/icons.h"

namespace earmark {

namespace {

constexpr qsizetype kLongestCode = 200;  ///< longer ones are data gone wrong, not codes to choose
constexpr int kVisibleCodes = 14;

bool isEnter(const QKeyEvent& key) {
    return key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
}

bool isForSaving(const QKeyEvent& key) {
    return key.matches(QKeySequence::Save) || (isEnter(key) && key.modifiers().testFlag(Qt::ControlModifier));
}

}  // namespace

DispositionInput::DispositionInput(QWidget* parent) : QComboBox(parent) {
    setEditable(true);
    setInsertPolicy(QComboBox::NoInsert);
    setMaxVisibleItems(kVisibleCodes);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(12);
    setFocusPolicy(Qt::StrongFocus);
    auto* finder = new QCompleter(model(), this);
    finder->setCaseSensitivity(Qt::CaseInsensitive);
    finder->setFilterMode(Qt::MatchContains);
    finder->setCompletionMode(QCompleter::PopupCompletion);
    finder->setMaxVisibleItems(kVisibleCodes);
    setCompleter(finder);
    finder->popup()->installEventFilter(this);
    view()->installEventFilter(this);
    lineEdit()->setMaxLength(int(kLongestCode));
    m_clear = lineEdit()->addAction(icon(QStringLiteral("cancel"), IconTint::Secondary), QLineEdit::TrailingPosition);
    m_clear->setToolTip(tr("Clear"));
    m_clear->setVisible(false);
    connect(m_clear, &QAction::triggered, this, [this] {
        if (!isReadOnly()) {
            clearEditText();
            setFocus();
        }
    });
    connect(this, &QComboBox::editTextChanged, this, [this](const QString& text) {
        m_clear->setVisible(!text.isEmpty() && !isReadOnly());
        if (!m_showing) {
            m_takenBack = false;
            Q_EMIT typed();
        }
    });
    // A code picked from a list is a decision, not typing on the way to one.
    connect(this, &QComboBox::textActivated, this, [this] { Q_EMIT saveWanted(); });
    connect(
        finder, qOverload<const QString&>(&QCompleter::activated), this,
        [this] {
            hideFinds();
            Q_EMIT saveWanted();
        },
        Qt::QueuedConnection);  // after the line edit has taken the text over
}

void DispositionInput::setCodes(const QStringList& codes) {
    QStringList shown;
    for (const QString& code : codes) {
        // One with control characters could pose as another in the list; it is no code to choose either.
        if (!code.isEmpty() && code.size() <= kLongestCode && shownText(code) == code && !shown.contains(code)) {
            shown << code;
        }
    }
    if (shown == this->codes()) {
        return;
    }
    m_showing = true;
    const QString text = currentText();
    const int cursor = lineEdit()->cursorPosition();
    clear();
    addItems(shown);
    setCurrentIndex(findText(text, Qt::MatchFixedString | Qt::MatchCaseSensitive));
    setEditText(text);
    lineEdit()->setCursorPosition(cursor);
    m_showing = false;
}

QStringList DispositionInput::codes() const {
    QStringList all;
    for (int i = 0; i < count(); ++i) {
        all << itemText(i);
    }
    return all;
}

void DispositionInput::showText(const QString& text) {
    m_showing = true;
    m_takenBack = false;
    setCurrentIndex(findText(text, Qt::MatchFixedString | Qt::MatchCaseSensitive));
    setEditText(text);
    lineEdit()->setCursorPosition(0);
    m_showing = false;
}

/// Through the line itself: setting its text would empty what Ctrl+Z knows.
void DispositionInput::takeBackTo(const QString& text) {
    m_showing = true;
    lineEdit()->selectAll();
    lineEdit()->insert(text);
    m_showing = false;
    m_takenBack = true;
}

bool DispositionInput::canUndoTyping() const {
    return (lineEdit()->isModified() || m_takenBack) && lineEdit()->isUndoAvailable();
}

bool DispositionInput::canRedoTyping() const {
    return lineEdit()->isRedoAvailable();
}

void DispositionInput::setUnsaved(bool unsaved) {
    lineEdit()->setModified(unsaved);
}

void DispositionInput::setReadOnly(bool readOnly) {
    lineEdit()->setReadOnly(readOnly);
    if (!readOnly) {
        m_clear->setVisible(!currentText().isEmpty());
    }
}

bool DispositionInput::isReadOnly() const {
    return lineEdit()->isReadOnly();
}

void DispositionInput::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

void DispositionInput::keyPressEvent(QKeyEvent* event) {
    if (isEnter(*event)) {
        hideFinds();
        Q_EMIT saveWanted();
        return;
    }
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier) {
        if (hideFinds()) {
            return;  // the first Esc closes the list, the next takes the typing back
        }
        Q_EMIT revertWanted();
        return;
    }
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up || event->key() == Qt::Key_PageDown ||
        event->key() == Qt::Key_PageUp) {
        hideFinds();
        showPopup();
        return;
    }
    QComboBox::keyPressEvent(event);
}

void DispositionInput::focusOutEvent(QFocusEvent* event) {
    QComboBox::focusOutEvent(event);
    // Our own lists take the focus for a moment; half a code is not left behind by that.
    if (event->reason() != Qt::PopupFocusReason && !view()->isVisible() && !completer()->popup()->isVisible()) {
        Q_EMIT left();
    }
}

bool DispositionInput::eventFilter(QObject* watched, QEvent* event) {
    const bool pressed = event->type() == QEvent::KeyPress;
    if ((pressed || event->type() == QEvent::ShortcutOverride) && isForSaving(*static_cast<QKeyEvent*>(event))) {
        event->accept();  // the drop-down would take Enter before it is a key pressed
        if (pressed) {
            saveFromList(watched, isEnter(*static_cast<QKeyEvent*>(event)));
        }
        return true;
    }
    return QComboBox::eventFilter(watched, event);
}

/// While a list is open the shortcuts of the window do not work: a list is a window of its own. So it knows the ones
/// that save.
void DispositionInput::saveFromList(QObject* list, bool andNext) {
    hideFinds();
    if (list == view()) {
        const QModelIndex highlighted = view()->currentIndex();
        hidePopup();
        if (highlighted.isValid() && highlighted.row() != m_firstHighlighted) {
            setCurrentIndex(highlighted.row());
        }
    }
    Q_EMIT andNext ? saveAndNextWanted() : saveWanted();
}

void DispositionInput::showPopup() {
    if (isReadOnly()) {
        return;  // nothing chosen there could be kept
    }
    QComboBox::showPopup();
    m_firstHighlighted = view()->currentIndex().isValid() ? view()->currentIndex().row() : -1;
}

bool DispositionInput::hideFinds() {
    QAbstractItemView* finds = completer()->popup();
    const bool shown = finds->isVisible();
    finds->hide();
    return shown;
}

}  // namespace earmark
