#include "ui/detail/textrowsview.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/tables/textrowsmodel.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/detail/rowkeys.h"

namespace earmark {

namespace {

constexpr int kLaidOutRows = 300;
constexpr int kMostSettling = 8;  ///< rounds of making exact what comes into view

int edge() {
    return theme::space() * 3 / 2;
}

/// Lines of a program text go on a little deeper than they begin.
double hangingIndent(const QString& text, const QFontMetrics& metrics, int width) {
    const auto first = std::find_if(text.begin(), text.end(), [](QChar c) { return c != u' '; });
    const int blanks = int(first - text.begin()) + 4;
    return std::min(blanks * metrics.horizontalAdvance(u' '), width / 2);
}

QFont nameFont(const QFont& base) {
    QFont font(base);
    font.setWeight(QFont::DemiBold);
    return font;
}

QString asLines(QString text) {
    return text.replace(u'\n', QChar::LineSeparator);
}

}  // namespace

TextRowsView::TextRowsView(TextRowsModel* rows, QWidget* parent)
    : QListView(parent), m_rows(rows), m_laidOut(kLaidOutRows), m_textFont(font()) {
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(ExtendedSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(
        Qt::ScrollBarAlwaysOn);  // else the width would change with the rows, and the rows with it
    setTabKeyNavigation(false);
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, &TextRowsView::movedByHand);
    setModel(rows);
}

TextRowsView::~TextRowsView() = default;

void TextRowsView::setTextFont(const QFont& font) {
    m_textFont = font;
    doItemsLayout();
}

RowFrame TextRowsView::frameOf(int) const {
    return {};
}

// --- heights

int TextRowsView::textWidth() const {
    const int times = timesWidth();
    return std::max(40, viewport()->width() - 2 * edge() - (times > 0 ? times + theme::space() : 0));
}

int TextRowsView::headHeight() const {
    return hasNames() ? fontMetrics().height() + 2 : 0;
}

/// By the number of characters alone: 100,000 rows in a few milliseconds.
void TextRowsView::estimateAll() {
    m_laidOut.clear();
    const QFontMetrics metrics(m_textFont);
    const int lineHeight = metrics.lineSpacing();
    const qsizetype perLine = std::max(1, textWidth() / std::max(1, metrics.averageCharWidth()));
    const int around = headHeight() + (hasNames() ? theme::space() : 0);
    std::vector<int> heights(size_t(m_rows->rows()));
    for (size_t row = 0; row < heights.size(); ++row) {
        const qsizetype length = std::min(m_rows->length(int(row)), TextRowsModel::kMostShown);
        heights[row] = int(1 + length / perLine) * lineHeight + around;
    }
    m_heights.reset(std::move(heights));
}

const TextRowsView::LaidOut& TextRowsView::laidOut(int row) const {
    if (const LaidOut* known = m_laidOut.object(row)) {
        return *known;
    }
    auto* made = new LaidOut;
    made->frame = frameOf(row);
    const QString text = m_rows->shownRow(row);
    made->isRightToLeft = made->frame.isContentDirected && text.isRightToLeft();
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(made->isRightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    option.setAlignment((made->isRightToLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute);
    made->text.setText(asLines(text));
    made->text.setFont(m_textFont);
    made->text.setTextOption(option);
    made->text.setCacheEnabled(true);
    made->text.beginLayout();
    const double hanging =
        made->frame.isContentDirected ? 0 : hangingIndent(text, QFontMetrics(m_textFont), textWidth());
    double height = 0;
    for (QTextLine line = made->text.createLine(); line.isValid(); line = made->text.createLine()) {
        const double indent = height > 0 ? hanging : 0;
        line.setLineWidth(textWidth() - indent);
        line.setPosition({indent, height});
        height += line.height();
    }
    made->text.endLayout();
    made->textHeight = int(std::ceil(std::max(height, QFontMetricsF(m_textFont).lineSpacing())));
    const int below = made->frame.below.isEmpty() ? 0 : fontMetrics().height() + 2;
    made->height = made->textHeight + headHeight() + below + (hasNames() ? theme::space() : 0);
    m_laidOut.insert(row, made);
    return *made;
}

/// Exact heights for what is seen; the row `anchor` stays where it is on the screen.
void TextRowsView::makeSeenExact(int anchor) {
    if (m_settling || m_heights.count() == 0) {
        return;
    }
    m_settling = true;
    anchor = std::clamp(anchor, 0, m_heights.count() - 1);
    QScrollBar* bar = verticalScrollBar();
    for (int round = 0; round < kMostSettling; ++round) {
        const int before = m_heights.top(anchor);
        const int first = m_heights.rowAt(bar->value());
        bool changed = false;
        for (int row = first, bottom = bar->value() + viewport()->height();
             row < m_heights.count() && m_heights.top(row) < bottom; ++row) {
            if (const int exact = laidOut(row).height; exact != m_heights.height(row)) {
                m_heights.setHeight(row, exact);
                changed = true;
            }
        }
        if (!changed) {
            break;
        }
        bar->setRange(0, std::max(0, m_heights.total() - viewport()->height()));
        if (const int moved = m_heights.top(anchor) - before; moved != 0) {
            bar->setValue(bar->value() + moved);
        }
    }
    m_settling = false;
    m_lastTop = m_heights.rowAt(bar->value());
}

void TextRowsView::reset() {
    QAbstractItemView::reset();
    m_found.clear();
    m_current = -1;
    m_litRow = -1;
    verticalScrollBar()->setValue(0);
    m_lastTop = 0;
    doItemsLayout();
}

void TextRowsView::doItemsLayout() {
    const int top = m_lastTop;
    estimateAll();
    updateGeometries();
    if (top > 0 && top < m_heights.count()) {
        verticalScrollBar()->setValue(m_heights.top(top));
    }
    makeSeenExact(top);
    viewport()->update();
}

void TextRowsView::updateGeometries() {
    QScrollBar* bar = verticalScrollBar();
    bar->setRange(0, std::max(0, m_heights.total() - viewport()->height()));
    bar->setPageStep(viewport()->height());
    bar->setSingleStep(fontMetrics().lineSpacing() * 2);
}

void TextRowsView::resizeEvent(QResizeEvent* event) {
    QAbstractItemView::resizeEvent(event);
    if (event->oldSize().width() != event->size().width()) {
        doItemsLayout();
        return;
    }
    const int current = currentIndex().row();
    const bool wasSeen = current >= 0 && current < m_heights.count() &&
                         m_heights.top(current) - verticalOffset() < event->oldSize().height();
    updateGeometries();
    makeSeenExact(m_lastTop);
    if (wasSeen && visualRect(currentIndex()).bottom() >= 0) {
        scrollTo(currentIndex());  // something opened below must not hide what it was opened for
    }
}

void TextRowsView::changeEvent(QEvent* event) {
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange ||
        event->type() == QEvent::StyleChange) {
        doItemsLayout();
    }
}

void TextRowsView::scrollContentsBy(int, int dy) {
    if (!m_settling) {
        // Rows that come in above must not push away what was seen.
        makeSeenExact(dy > 0 ? m_lastTop : m_heights.rowAt(verticalScrollBar()->value()));
    }
    viewport()->update();
}

// --- places

int TextRowsView::verticalOffset() const {
    return verticalScrollBar()->value();
}

QRect TextRowsView::visualRect(const QModelIndex& index) const {
    if (!index.isValid() || index.row() >= m_heights.count()) {
        return {};
    }
    return {0, m_heights.top(index.row()) - verticalOffset(), viewport()->width(), m_heights.height(index.row())};
}

QModelIndex TextRowsView::indexAt(const QPoint& point) const {
    const int place = point.y() + verticalOffset();
    return place < 0 || place >= m_heights.total() ? QModelIndex() : m_rows->index(m_heights.rowAt(place));
}

void TextRowsView::scrollTo(const QModelIndex& index, ScrollHint hint) {
    if (!index.isValid() || index.row() >= m_heights.count()) {
        return;
    }
    const int row = index.row();
    m_heights.setHeight(row, laidOut(row).height);
    updateGeometries();
    QScrollBar* bar = verticalScrollBar();
    const int top = m_heights.top(row);
    const int bottom = top + m_heights.height(row);
    const int room = viewport()->height();
    if (hint == PositionAtCenter) {
        bar->setValue(top - std::max(0, (room - m_heights.height(row)) / 2));
    } else if (hint == PositionAtTop || top < bar->value() || m_heights.height(row) > room) {
        bar->setValue(top);
    } else if (hint == PositionAtBottom || bottom > bar->value() + room) {
        bar->setValue(bottom - room);
    }
    makeSeenExact(row);
    viewport()->update();
}

QModelIndex TextRowsView::moveCursor(CursorAction action, Qt::KeyboardModifiers) {
    if (m_heights.count() == 0) {
        return {};
    }
    const int row = currentIndex().isValid() ? currentIndex().row() : -1;
    const int last = m_heights.count() - 1;
    const int page = viewport()->height() - fontMetrics().height();
    const auto paged = [&](int by) { return m_heights.rowAt(std::max(0, m_heights.top(std::max(row, 0)) + by)); };
    switch (action) {
        case MoveUp:
        case MovePrevious:
            return m_rows->index(std::max(0, row - 1));
        case MoveDown:
        case MoveNext:
            return m_rows->index(std::min(last, row + 1));
        case MoveHome:
            return m_rows->index(0);
        case MoveEnd:
            return m_rows->index(last);
        case MovePageUp:
            return m_rows->index(std::min(paged(-page), std::max(0, row - 1)));
        case MovePageDown:
            return m_rows->index(std::max(paged(page), std::min(last, row + 1)));
        case MoveLeft:
        case MoveRight:
            break;
    }
    return currentIndex();
}

void TextRowsView::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) {
    if (m_heights.count() == 0) {
        return;
    }
    const QRect place = rect.normalized();
    const int first = m_heights.rowAt(std::max(0, place.top() + verticalOffset()));
    const int last = m_heights.rowAt(std::max(0, place.bottom() + verticalOffset()));
    selectionModel()->select(QItemSelection(m_rows->index(first), m_rows->index(last)), command);
}

QRegion TextRowsView::visualRegionForSelection(const QItemSelection& selection) const {
    return selection.isEmpty() ? QRegion() : QRegion(viewport()->rect());
}

// --- keys

bool TextRowsView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool own = key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll) ||
                         key->matches(QKeySequence::Find) || key->key() == Qt::Key_F3 ||
                         (m_takesEscape && key->key() == Qt::Key_Escape);
        event->setAccepted(own);  // everything else that is a key of the desk goes to the desk
        return own;
    }
    return QListView::event(event);
}

void TextRowsView::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const Qt::KeyboardModifiers plain = event->modifiers() & ~Qt::KeypadModifier;
    if (event->matches(QKeySequence::Copy)) {
        copySelected();
    } else if (event->matches(QKeySequence::Find)) {
        Q_EMIT findWanted();
    } else if (event->key() == Qt::Key_F3) {
        Q_EMIT findNextWanted(!event->modifiers().testFlag(Qt::ShiftModifier));
    } else if (m_takesEscape && event->key() == Qt::Key_Escape) {
        Q_EMIT escaped();
    } else if (enter && plain == Qt::NoModifier && currentIndex().isValid()) {
        Q_EMIT rowOpened(currentIndex().row());
    } else if (wantsReading(*event) && currentIndex().isValid()) {
        Q_EMIT rowReadWanted(currentIndex().row());
    } else {
        QListView::keyPressEvent(event);
        if (walks(*event)) {
            scrollTo(currentIndex());  // also where it was current already, out of sight
            Q_EMIT movedByHand();
        }
        return;
    }
    event->accept();
}

void TextRowsView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const QModelIndex index = indexAt(event->pos()); index.isValid() && event->button() == Qt::LeftButton) {
        Q_EMIT rowReadWanted(index.row());
    }
}

QString TextRowsView::selectedText() const {
    QItemSelection selection = selectionModel()->selection();
    std::sort(selection.begin(), selection.end(),
              [](const QItemSelectionRange& a, const QItemSelectionRange& b) { return a.top() < b.top(); });
    QStringList parts;
    for (const QItemSelectionRange& range : selection) {
        parts << m_rows->copiedText(range.top(), range.bottom());
    }
    return parts.join(u'\n');
}

void TextRowsView::copySelected() const {
    if (const QString text = selectedText(); !text.isEmpty()) {
        QGuiApplication::clipboard()->setText(text);
    }
}

// --- what was found

void TextRowsView::setFound(std::vector<FoundText> found) {
    m_found = std::move(found);
    m_current = -1;
    viewport()->update();
}

void TextRowsView::showFound(int number) {
    if (number < 0 || number >= int(m_found.size())) {
        return;
    }
    m_current = number;
    const QModelIndex index = m_rows->index(m_found[size_t(number)].row);
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    scrollTo(index);
    Q_EMIT movedByHand();
}

void TextRowsView::setLitRow(int row) {
    if (row == m_litRow) {
        return;
    }
    for (const int changed : {std::exchange(m_litRow, row), row}) {
        viewport()->update(visualRect(m_rows->index(changed)));
    }
}

QList<QTextLayout::FormatRange> TextRowsView::marksOf(int row) const {
    QList<QTextLayout::FormatRange> marks;
    const auto begin = std::lower_bound(m_found.begin(), m_found.end(), row,
                                        [](const FoundText& found, int wanted) { return found.row < wanted; });
    for (auto it = begin; it != m_found.end() && it->row == row; ++it) {
        QTextLayout::FormatRange mark;
        mark.start = int(it->match.from);
        mark.length = int(it->match.length);
        const bool isCurrent = it - m_found.begin() == m_current;
        QColor back = isCurrent ? theme::accent() : theme::warning();
        back.setAlphaF(isCurrent ? 1.0F : 0.25F);
        mark.format.setBackground(back);
        if (isCurrent) {
            mark.format.setForeground(theme::onAccent());
        }
        mark.format.setFontUnderline(!isCurrent);  // not by colour alone
        marks << mark;
    }
    return marks;
}

// --- drawing

void TextRowsView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    if (m_heights.count() == 0) {
        return;
    }
    const int offset = verticalOffset();
    for (int row = m_heights.rowAt(offset + event->rect().top()); row < m_heights.count(); ++row) {
        const QRect place(0, m_heights.top(row) - offset, viewport()->width(), m_heights.height(row));
        if (place.top() > event->rect().bottom()) {
            break;
        }
        paintRow(painter, row, place);
    }
}

void TextRowsView::paintRow(QPainter& painter, int row, const QRect& place) {
    const LaidOut& laid = laidOut(row);
    const QModelIndex index = m_rows->index(row);
    const auto group = hasFocus() ? QPalette::Active : QPalette::Inactive;
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    if (selectionModel()->isSelected(index)) {
        painter.fillRect(place, palette().color(group, QPalette::Highlight));
    }
    if (row == m_litRow) {
        QColor ground = theme::accent();
        ground.setAlphaF(0.13F);
        painter.fillRect(place, ground);
        painter.fillRect(QRect(mirrored ? 0 : place.width() - 5, place.top(), 5, place.height()), theme::accent());
    }
    if (currentIndex() == index && hasFocus()) {
        painter.fillRect(QRect(mirrored ? place.right() - 2 : 0, place.top(), 3, place.height()), theme::accent());
    }
    const int times = timesWidth();
    const int before = edge() + (times > 0 ? times + theme::space() : 0);
    const int left = mirrored ? edge() : before;
    int y = place.top() + (hasNames() ? theme::space() / 2 : 0);
    painter.setFont(theme::tabularFont(font()));
    painter.setPen(theme::secondaryText());
    if (!laid.frame.time.isEmpty()) {
        const QRect column(mirrored ? place.width() - edge() - times : edge(), y, times, fontMetrics().height());
        painter.drawText(column, int(Qt::AlignVCenter) | int(Qt::AlignRight) | int(Qt::TextSingleLine),
                         laid.frame.time);
    }
    if (hasNames()) {
        const int side = fontMetrics().height() - 2;
        QRect name(left, y, textWidth(), fontMetrics().height());
        const bool toRight = laid.isRightToLeft || mirrored;
        const QRect sign(toRight ? name.right() - side : name.left(), y + 1, side, side);
        painter.drawPixmap(
            sign, iconPixmap(laid.frame.icon, laid.frame.nameColor, side, painter.device()->devicePixelRatioF()));
        name.adjust(toRight ? 0 : side + 6, 0, toRight ? -side - 6 : 0, 0);
        painter.setFont(nameFont(font()));
        painter.setPen(laid.frame.nameColor);
        const QFontMetrics metrics(painter.font());
        painter.drawText(name, int(toRight ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::AlignVCenter),
                         metrics.elidedText(laid.frame.name, Qt::ElideRight, name.width()));
        y += headHeight();
    }
    painter.setPen(laid.frame.textColor);
    laid.text.draw(&painter, QPointF(left, y), marksOf(row));
    if (!laid.frame.below.isEmpty()) {
        painter.setFont(font());
        painter.setPen(theme::secondaryText());
        painter.drawText(QRect(left, y + laid.textHeight, textWidth(), fontMetrics().height() + 2),
                         int(Qt::AlignLeading) | int(Qt::AlignVCenter),
                         fontMetrics().elidedText(laid.frame.below, Qt::ElideRight, textWidth()));
    }
}

}  // namespace earmark
