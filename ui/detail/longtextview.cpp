#include "ui/detail/longtextview.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QMimeData>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "models/domain/textfold.h"
#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/detail/plaindocument.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

// Pieces of a paragraph, as blocks of the layout. Ordinary text costs 0.2 us a character, at each drawing again;
// scripts that are joined or stacked, and signs without a font, cost ten times that, and a text without blanks costs
// time in its square.
constexpr qsizetype kPieceLength = 4'000;
constexpr qsizetype kJoinedPieceLength = 1'000;
constexpr qsizetype kCostlyPieceLength = 500;
constexpr qsizetype kLongestSolid = 200;        ///< without a blank; longer runs are no writing
constexpr qsizetype kMostForTheHeight = 4'000;  ///< characters laid out to find the height; dense texts scroll sooner
constexpr qsizetype kCostOfJoined = 4;          ///< characters that one of a joined script counts for
constexpr qsizetype kBlankSearch = 200;         ///< how far back a nicer place for a cut is looked for
constexpr int kLinesInPart = 5'000;             ///< each line costs the layout a block
constexpr int kContinues = 1;                   ///< block state: the next block belongs to the same paragraph
constexpr int kContinuesJoined = 2;             ///< the same, in a script that costs more

qsizetype niceCut(QStringView text, qsizetype from, qsizetype limit) {
    const qsizetype end = std::min(from + limit, text.size());
    if (end == text.size()) {
        return end;
    }
    for (qsizetype at = end; at > std::max(from, end - kBlankSearch); --at) {
        if (text[at - 1] == u'\n') {
            return at;
        }
    }
    for (qsizetype at = end; at > std::max(from, end - kBlankSearch); --at) {
        if (text[at - 1].isSpace()) {
            return at;
        }
    }
    return text[end - 1].isHighSurrogate() && end - 1 > from ? end - 1 : end;
}

struct Piece {
    qsizetype end = 0;
    bool isJoined = false;
};

/// The next block of the layout.
Piece pieceFrom(QStringView paragraph, qsizetype from) {
    const qsizetype most = std::min(from + kPieceLength, paragraph.size());
    qsizetype solid = 0;
    qsizetype joined = 0;
    for (qsizetype at = from; at < most; ++at) {
        const char16_t c = paragraph[at].unicode();
        solid = paragraph[at].isSpace() ? 0 : solid + 1;
        joined += (c >= 0x0590 && c < 0x2000) || QChar::isSurrogate(c) ? 1 : 0;
        if (solid > kLongestSolid) {
            return {niceCut(paragraph, from, kCostlyPieceLength), joined > (at - from) / 8};
        }
    }
    const bool isJoined = joined > (most - from) / 8;
    return {niceCut(paragraph, from, isJoined ? kJoinedPieceLength : kPieceLength), isJoined};
}

}  // namespace

qsizetype partEnd(QStringView text, qsizetype from, qsizetype limit) {
    qsizetype end = niceCut(text, from, limit);
    int lines = 0;
    qsizetype shown = 0;
    for (qsizetype at = from; at < end; ++at) {
        // A control character is shown as a word of eight letters, and what is laid out counts.
        shown += text[at] < u'\u007f' ? 1 : shownText(text.mid(at, 1)).size();
        if (shown > limit) {
            return at > from && text[at - 1].isHighSurrogate() ? at - 1 : at;
        }
        if (text[at] == u'\n' && ++lines == kLinesInPart) {
            return at + 1;
        }
    }
    return end;
}

TextArea::TextArea(QWidget* parent) : QPlainTextEdit(parent) {
    setDocument(makePlainDocument(this));
    setLayoutDirection(
        Qt::LeftToRight);  // each paragraph has its own direction; mirrored, Qt shifts the text by some pixels
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    viewport()->setAutoFillBackground(false);
    setUndoRedoEnabled(false);
    document()->setDocumentMargin(0);
}

void TextArea::setMaximumLines(int lines) {
    m_maximumLines = lines;
    fitHeight();
}

void TextArea::setShown(const QString& text) {
    const QString shown = shownParagraphs(text);
    QString pieces;
    pieces.reserve(shown.size() + shown.size() / kCostlyPieceLength + 1);
    std::vector<int> states;  // per block
    for (const QStringView paragraph : QStringView(shown).split(u'\n')) {
        qsizetype from = 0;
        do {
            const auto [end, isJoined] = pieceFrom(paragraph, from);
            if (!states.empty()) {
                pieces += u'\n';
            }
            pieces += paragraph.mid(from, end - from);
            states.push_back(end == paragraph.size() ? -1 : isJoined ? kContinuesJoined : kContinues);
            from = end;
        } while (from < paragraph.size());
    }
    setPlainText(pieces);
    size_t number = 0;
    for (QTextBlock block = document()->firstBlock(); block.isValid() && number < states.size(); block = block.next()) {
        block.setUserState(states[number++]);
    }
    moveCursor(QTextCursor::Start);
    fitHeight();
}

/// What is copied is the text, without the breaks that only the layout needed.
QMimeData* TextArea::createMimeDataFromSelection() const {
    const QTextCursor cursor = textCursor();
    QString text;
    for (QTextBlock block = document()->findBlock(cursor.selectionStart());
         block.isValid() && block.position() < cursor.selectionEnd(); block = block.next()) {
        const int from = std::max(cursor.selectionStart() - block.position(), 0);
        const int to = std::min(cursor.selectionEnd() - block.position(), block.length() - 1);
        text += QStringView(block.text()).mid(from, to - from);
        if (cursor.selectionEnd() > block.position() + block.length() - 1 && block.userState() < kContinues) {
            text += u'\n';
        }
    }
    auto* copied = new QMimeData;
    copied->setText(text);
    return copied;
}

/// While a text has the focus, the keys for reading, selecting and copying are its own; letters stay the desk's.
bool TextArea::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int code = key->key();
        const bool moves = code == Qt::Key_Up || code == Qt::Key_Down || code == Qt::Key_PageUp ||
                           code == Qt::Key_PageDown || code == Qt::Key_Home || code == Qt::Key_End;
        const bool selects =
            key->modifiers() == Qt::ShiftModifier && (moves || code == Qt::Key_Left || code == Qt::Key_Right);
        const bool plainMove = key->modifiers() == Qt::NoModifier && moves;
        if (plainMove || selects || key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void TextArea::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void TextArea::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        fitHeight();
    }
}

void TextArea::fitHeight() {
    const QTextBlock first = document()->firstBlock();
    const double firstHeight = blockBoundingRect(first).height();  // lays it out
    const int firstLines = first.layout()->lineCount();
    const double line = firstLines > 0 ? firstHeight / firstLines : QFontMetricsF(font()).lineSpacing();
    const double most = line * m_maximumLines;
    double height = 0;
    QTextBlock block = first;
    for (qsizetype laidOut = 0; block.isValid() && height <= most && laidOut <= kMostForTheHeight;
         block = block.next()) {
        height += blockBoundingRect(block).height();
        laidOut += block.length() * (block.userState() == kContinuesJoined ? kCostOfJoined : 1);
    }
    const bool scrolls = height > most + 1 || block.isValid();
    setVerticalScrollBarPolicy(scrolls ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    const int wanted = int(std::ceil(std::clamp(height, line, most))) + 2;
    if (wanted != minimumHeight() || wanted != maximumHeight()) {
        setFixedHeight(wanted);
    }
}

LongTextView::LongTextView(QWidget* parent) : QWidget(parent), m_area(new TextArea), m_bar(new QWidget) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space() / 2);
    column->addWidget(m_area);
    column->addWidget(m_bar);

    auto* lines = new QVBoxLayout(m_bar);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    m_where = new PlainLabel;
    m_where->setWordWrap(true);
    m_where->setForegroundRole(QPalette::PlaceholderText);
    lines->addWidget(m_where);
    auto* row = new QHBoxLayout;
    lines->addLayout(row);
    const auto button = [&](const QString& text, const QString& name) {
        auto* made = new QToolButton;
        made->setText(text);
        made->setAccessibleName(name);
        made->setFocusPolicy(Qt::TabFocus);
        made->setAutoRaise(true);
        row->addWidget(made);
        return made;
    };
    m_previous = button(tr("Previous"), tr("Previous part"));
    m_next = button(tr("Next"), tr("Next part"));
    QToolButton* copy = button(tr("Copy all"), tr("Copy the whole text"));
    row->addStretch();
    m_bar->hide();
    connect(m_previous, &QToolButton::clicked, this, &LongTextView::showPrevious);
    connect(m_next, &QToolButton::clicked, this, &LongTextView::showNext);
    connect(copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_text); });
}

void LongTextView::setText(const QString& text) {
    if (text == m_text) {
        return;  // a refresh must not throw away what the reader has selected or where he is
    }
    m_text = text;
    m_begins = {0};
    showPart();
}

void LongTextView::setMaximumLines(int lines) {
    m_area->setMaximumLines(lines);
}

void LongTextView::showNext() {
    if (hasNext()) {
        m_begins.push_back(m_end);
        showPart();
    }
}

void LongTextView::showPrevious() {
    if (hasPrevious()) {
        m_begins.pop_back();
        showPart();
    }
}

void LongTextView::showPart() {
    const qsizetype from = m_begins.back();
    m_end = partEnd(m_text, from, kPartLength);
    m_area->setShown(m_text.mid(from, m_end - from));
    m_bar->setVisible(hasPrevious() || hasNext());
    const QLocale locale;
    m_where->setText(tr("Characters %1 to %2 of %3")
                         .arg(locale.toString(from + 1), locale.toString(m_end), locale.toString(m_text.size())));
    m_previous->setEnabled(hasPrevious());
    m_next->setEnabled(hasNext());
}

}  // namespace earmark
