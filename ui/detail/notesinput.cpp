#include "ui/detail/notesinput.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>
#include <algorithm>
#include <cmath>

#include "ui/detail/plaindocument.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kFewestLines = 4;
constexpr int kMostLines = 14;

}  // namespace

NotesInput::NotesInput(QWidget* parent) : QPlainTextEdit(parent) {
    setDocument(makePlainDocument(this));
    setLayoutDirection(
        Qt::LeftToRight);  // each paragraph has its own direction; mirrored, Qt shifts the text by some pixels
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        fitHeight();
        if (!m_showing) {
            m_takenBack = false;
            Q_EMIT typed();
        }
    });
    fitHeight();
}

bool NotesInput::canHold(QStringView text) {
    if (text.size() > kMostCharacters) {
        return false;
    }
    qsizetype paragraph = 0;
    qsizetype solid = 0;
    int marks = 0;
    for (const QChar c : text) {
        paragraph = c == u'\n' ? 0 : paragraph + 1;
        solid = c.isSpace() ? 0 : solid + 1;
        marks = c.isMark() ? marks + 1 : 0;
        if (paragraph > kMostPerParagraph || solid > kMostWithoutBlank || marks > kMostMarks) {
            return false;
        }
    }
    return true;
}

QString NotesInput::typedText() const {
    QString text = document()->toRawText();
    for (QChar& c : text) {
        if (c == QChar::ParagraphSeparator || c == QChar(0xfdd0) || c == QChar(0xfdd1)) {
            c = u'\n';
        }
    }
    return text;
}

void NotesInput::showText(const QString& text) {
    m_showing = true;
    m_takenBack = false;
    const int position = textCursor().position();
    const int scroll = verticalScrollBar()->value();
    setPlainText(text);
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(position, int(document()->characterCount()) - 1));
    setTextCursor(cursor);
    verticalScrollBar()->setValue(scroll);
    m_showing = false;
}

void NotesInput::takeBackTo(const QString& text) {
    m_showing = true;
    QTextCursor all(document());
    all.select(QTextCursor::Document);
    all.insertText(text);
    m_showing = false;
    m_takenBack = true;
}

bool NotesInput::canUndoTyping() const {
    return (document()->isModified() || m_takenBack) && document()->isUndoAvailable();
}

void NotesInput::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers().testFlag(Qt::ControlModifier)) {
        Q_EMIT saveWanted();
        return;
    }
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier) {
        Q_EMIT revertWanted();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void NotesInput::focusOutEvent(QFocusEvent* event) {
    QPlainTextEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason) {
        Q_EMIT left();
    }
}

bool NotesInput::canInsertFromMimeData(const QMimeData* source) const {
    return source->hasText();
}

void NotesInput::insertFromMimeData(const QMimeData* source) {
    // A dropped or pasted file is text of its name at most; Qt would otherwise offer more.
    const QString text = source->text();
    if (text.size() + document()->characterCount() > kMostCharacters || !canHold(text)) {
        Q_EMIT refusedPaste(
            tr("The text to paste has %1 characters, which is more than notes can take (%2). Nothing was "
               "pasted; paste a part of it.")
                .arg(QLocale().toString(text.size()), QLocale().toString(kMostCharacters)));
        return;
    }
    if (!text.isEmpty()) {
        textCursor().insertText(text);
        ensureCursorVisible();
    }
}

void NotesInput::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void NotesInput::fitHeight() {
    const double line = QFontMetricsF(font()).lineSpacing();
    double height = 0;
    for (QTextBlock block = document()->firstBlock(); block.isValid() && height <= line * kMostLines;
         block = block.next()) {
        height += blockBoundingRect(block).height();
    }
    height = std::clamp(height, line * kFewestLines, line * kMostLines) + 2 * document()->documentMargin() +
             2 * frameWidth();
    const int wanted = int(std::ceil(height)) + 2;
    if (wanted != minimumHeight() || wanted != maximumHeight()) {
        setFixedHeight(wanted);
    }
}

}  // namespace earmark
