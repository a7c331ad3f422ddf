#include "ui/detail/linetable.h"

#include <QGridLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/longtextview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestWord = 28;
constexpr qsizetype kLabelLimit = 400;   ///< longer texts get a view that pages
constexpr qsizetype kRemarkLimit = 600;  ///< reasons are sentences; a longer one ends in "All of it: Raw"
constexpr int kMostForNames = 45;        ///< per cent of the width
constexpr size_t kRowsAtOnce = 4;        ///< laying out all fifty with their texts would hold the window up

/// A label breaks at blanks only; a text with a word like this is shown in a view that breaks anywhere.
bool hasLongWord(QStringView text) {
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() || c == u'-' ? 0 : run + 1;
        if (run > kLongestWord) {
            return true;
        }
    }
    return false;
}

/// A name too long for its column breaks behind dots, underscores and the like; a part that is still too long breaks
/// anywhere. Nothing is cut off.
QString brokenName(const QString& name, const QFontMetrics& metrics, int width) {
    if (metrics.horizontalAdvance(name) <= width) {
        return name;
    }
    constexpr QChar kMayBreak(0x200b);  // zero width
    QString made;
    for (qsizetype from = 0; from < name.size();) {
        qsizetype end = from;
        while (end < name.size() && !u"._/:- "_s.contains(name.at(end))) {
            ++end;
        }
        const QString part = name.mid(from, end + 1 - from);
        const bool fits = metrics.horizontalAdvance(part) <= width;
        for (const QChar c : part) {
            made += c;
            if (!fits && !c.isHighSurrogate()) {
                made += kMayBreak;
            }
        }
        if (fits) {
            made += kMayBreak;
        }
        from = end + 1;
    }
    return made;
}

}  // namespace

ShareBar::ShareBar(QWidget* parent) : QWidget(parent) {
    setFixedHeight(4);
    setMinimumWidth(40);
    setMaximumWidth(160);
}

void ShareBar::setShare(double share) {
    m_share = std::clamp(share, 0.0, 1.0);
    update();
}

void ShareBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme::line());
    const int filled = int(m_share * width());
    painter.fillRect(layoutDirection() == Qt::RightToLeft ? QRect(width() - filled, 0, filled, height())
                                                          : QRect(0, 0, filled, height()),
                     theme::secondaryText());
}

LineTable::LineTable(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(theme::space() * 2);
    m_grid->setVerticalSpacing(theme::space() - 2);
    m_grid->setColumnStretch(1, 1);
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &LineTable::fillOn);
}

void LineTable::addRow() {
    Row row;
    row.name = new PlainLabel;
    row.name->setWordWrap(true);
    row.name->setAlignment(Qt::AlignTop | Qt::AlignLeading);
    row.cell = new QWidget;
    row.value = new ToneLabel;
    row.value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    row.value->setFocusPolicy(Qt::ClickFocus);  // fifty tab stops would bury everything behind them
    row.remark = new ToneLabel(Tone::Quiet);
    auto* cell = new QVBoxLayout(row.cell);
    cell->setContentsMargins(0, 0, 0, 0);
    cell->setSpacing(0);
    cell->addWidget(row.value);
    cell->addWidget(row.remark);
    row.name->setParent(this);
    row.cell->setParent(this);
    m_rows.push_back(row);
}

void LineTable::showValue(Row& row, const TableLine& line) {
    const bool isLong = line.value.size() > kLabelLimit || hasLongWord(line.value);
    if (isLong && row.longValue == nullptr) {
        row.longValue = new LongTextView;
        row.longValue->setMaximumLines(8);
        qobject_cast<QVBoxLayout*>(row.cell->layout())->insertWidget(1, row.longValue);
    }
    if (row.longValue != nullptr) {
        row.longValue->setText(isLong ? line.value : QString());
        row.longValue->setVisible(isLong);
    }
    row.value->setData(isLong ? QString() : line.value);
    row.value->setLayoutDirection(line.value.left(200).isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    row.value->setVisible(!isLong && !line.value.isEmpty());
    row.value->setAccessibleName(line.name);
    if (line.share && row.bar == nullptr) {
        row.bar = new ShareBar;
        qobject_cast<QVBoxLayout*>(row.cell->layout())->insertWidget(row.cell->layout()->count() - 1, row.bar);
    }
    if (row.bar != nullptr) {
        row.bar->setShare(line.share.value_or(0));
        row.bar->setVisible(line.share.has_value());
    }
}

void LineTable::show(Row& row, const TableLine& line) {
    const int at = int(&row - m_rows.data());
    m_grid->removeWidget(row.name);
    m_grid->removeWidget(row.cell);
    if (line.isHeading || line.isWide) {
        QWidget* whole = line.isHeading ? static_cast<QWidget*>(row.name) : row.cell;
        m_grid->addWidget(whole, at, 0, 1, 2, line.isHeading ? Qt::AlignBottom : Qt::AlignTop);
    } else {
        m_grid->addWidget(row.name, at, 0, Qt::AlignTop);
        m_grid->addWidget(row.cell, at, 1, Qt::AlignTop);
    }
    row.name->setFont(line.isHeading ? theme::headingFont(font()) : font());
    row.name->setForegroundRole(line.isHeading ? QPalette::WindowText : QPalette::PlaceholderText);
    row.name->setContentsMargins(0, line.isHeading ? theme::space() : 0, 0, 0);
    fitName(row, line);
    showValue(row, line);
    row.remark->setTone(line.tone);
    row.remark->setText(breakableWord(shownText(line.remark, kRemarkLimit)));
    row.remark->setVisible(!line.remark.isEmpty());
}

void LineTable::setLines(std::vector<TableLine> lines) {
    m_lines = std::move(lines);
    m_next = 0;
    fitNames();
    for (size_t i = m_lines.size(); i < m_rows.size(); ++i) {
        m_rows[i].name->hide();
        m_rows[i].cell->hide();
    }
    fillOn();
}

void LineTable::fitName(Row& row, const TableLine& line) {
    row.name->setMinimumWidth(line.isHeading ? 0 : m_nameWidth);
    row.name->setMaximumWidth(line.isHeading ? QWIDGETSIZE_MAX : m_nameWidth);
    row.name->setText(line.isHeading ? breakableWord(line.name)
                                     : brokenName(line.name, row.name->fontMetrics(), m_nameWidth));
}

void LineTable::fitNames() {
    int longest = 0;
    for (const TableLine& line : m_lines) {
        if (!line.isHeading && !line.isWide) {
            longest = std::max(longest, fontMetrics().horizontalAdvance(line.name) + 1);
        }
    }
    const int wanted = std::min(longest, width() * kMostForNames / 100);
    if (wanted == std::exchange(m_nameWidth, wanted)) {
        return;
    }
    for (Row& row : m_rows) {
        if (row.shown) {
            fitName(row, *row.shown);
        }
    }
}

void LineTable::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitNames();
}

/// A few rows now, the others in the next turns of the event loop.
void LineTable::fillOn() {
    for (size_t filled = 0; m_next < m_lines.size() && filled < kRowsAtOnce; ++m_next) {
        if (m_next == m_rows.size()) {
            addRow();
        }
        Row& row = m_rows[m_next];
        const TableLine& line = m_lines[m_next];
        if (!row.shown || !(*row.shown == line)) {
            show(row, line);
            row.shown = line;
            ++filled;
        }
        row.name->setVisible(!line.isWide);
        row.cell->setVisible(!line.isHeading);
    }
    if (m_next < m_lines.size()) {
        m_soon.start();
    }
}

QString LineTable::asText() const {
    QStringList lines;
    for (const TableLine& line : m_lines) {
        QString text = line.isHeading ? u"\n["_s + line.name + u']'
                       : line.isWide  ? line.value
                                      : line.name + u": "_s + line.value;
        if (!line.remark.isEmpty()) {
            text += line.isWide ? line.remark : (line.value.isEmpty() ? u"("_s : u" ("_s) + line.remark + u')';
        }
        lines << text;
    }
    return lines.join(u'\n').trimmed();
}

}  // namespace earmark
