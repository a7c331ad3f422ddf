#include "ui/calltable/calldelegate.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QTableView>
#include <QToolTip>

#include "models/tables/calltablemodel.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

/// What stands before the word; drawn icons, or the dot of an edited row.
struct CallDelegate::Sign {
    QString icon;
    QColor color;
    bool dot = false;
    [[nodiscard]] bool isThere() const { return dot || !icon.isEmpty(); }
};

CallDelegate::CallDelegate(QTableView* view) : QStyledItemDelegate(view), m_view(view) {}

int CallDelegate::leadingColumn(const QTableView& view) {
    const QHeaderView* header = view.horizontalHeader();
    return header->logicalIndexAt(view.isRightToLeft() ? header->viewport()->width() - 1 : 0);
}

int CallDelegate::rowHeight(const QFontMetrics& metrics) {
    return qMax(metrics.height() + 10, kSign + 8);
}

QSize CallDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QFontMetrics metrics(info(CallColumn(index.column())).numeric ? theme::tabularFont(option.font)
                                                                        : option.font);
    const int sign = signOf(index).isThere() ? kSign + kSignGap : 0;
    const QString text = index.data(Qt::DisplayRole).toString();
    return {metrics.horizontalAdvance(text) + sign + 2 * kPadding, rowHeight(metrics)};
}

CallDelegate::Sign CallDelegate::signOf(const QModelIndex& index) const {
    const QColor plain = theme::secondaryText();
    switch (CallColumn(index.column())) {
        case CallColumn::Direction: {
            const QString word = index.data(CallTableModel::DirectionRole).toString();
            const bool known = word == "inbound"_L1 || word == "outbound"_L1 || word == "web"_L1;
            return known ? Sign{word, plain} : Sign{};
        }
        case CallColumn::Status:
            return index.data(CallTableModel::NotFoundRole).toBool() ? Sign{u"warning"_s, theme::warning()} : Sign{};
        case CallColumn::Sentiment: {
            const QString word = index.data(CallTableModel::SentimentRole).toString();
            if (word.isEmpty()) {
                return {};
            }
            if (word == "positive"_L1) {
                return {u"sentiment-positive"_s, theme::good()};
            }
            if (word == "negative"_L1) {
                return {u"sentiment-negative"_s, theme::bad()};
            }
            return {word == "neutral"_L1 ? u"sentiment-neutral"_s : u"sentiment-other"_s, plain};
        }
        case CallColumn::Recording: {
            const int state = index.data(CallTableModel::RecordingRole).toInt();
            if (state == 1) {
                return {u"recording"_s, theme::accent()};
            }
            return {state == 0 ? u"recording-none"_s : u"recording-unknown"_s, plain};
        }
        case CallColumn::Edited: {
            const QVariant state = index.data(CallTableModel::EditStateRole);
            if (!state.isValid()) {
                return {};
            }
            const auto edit = EditState(state.toInt());
            if (edit == EditState::Refused || edit == EditState::Conflict) {
                return {u"warning"_s, theme::bad()};
            }
            return {{}, theme::accent(), true};
        }
        default:
            return {};
    }
}

void CallDelegate::paintRowMarks(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool active = m_view->hasFocus();
    if (selected) {
        painter->fillRect(option.rect,
                          m_view->palette().color(active ? QPalette::Active : QPalette::Inactive, QPalette::Highlight));
    }
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme::line());
    if (index.column() == int(CallColumn::Start) && index.data(CallTableModel::EditStateRole).isValid()) {
        // The Edited column says it in words, but it may be scrolled out of sight: a dot in the first one is always
        // seen.
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme::accent());
        const qreal x = option.direction == Qt::RightToLeft ? option.rect.left() + 6 : option.rect.right() - 6;
        painter->drawEllipse(QPointF(x, option.rect.center().y()), 3, 3);
        painter->restore();
    }
    if (m_view->currentIndex().row() != index.row()) {
        return;
    }
    const QHeaderView* header = m_view->horizontalHeader();
    const bool first = leadingColumn(*m_view) == index.column() || header->visualIndex(index.column()) == 0;
    const QColor accent = active ? theme::accent() : theme::secondaryText();
    if (active) {  // the focus ring runs around the whole row
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), option.rect.width(), 1), accent);
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), accent);
    }
    if (first) {
        QRect bar(option.rect.left(), option.rect.top(), 3, option.rect.height());
        if (option.direction == Qt::RightToLeft) {
            bar.moveRight(option.rect.right());
        }
        painter->fillRect(bar, accent);
    }
}

/// Letters are wider than two pixels: what cannot fit need not be shaped, which is dear for scripts of many parts.
static QString thatMayFit(const QString& text, int width) {
    qsizetype most = qMax(16, width / 2);
    if (text.size() <= most) {
        return text;
    }
    if (text[most - 1].isHighSurrogate()) {
        --most;
    }
    return QStringView(text).left(most) + u'\u2026';
}

void CallDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    paintRowMarks(painter, option, index);

    const CallColumnInfo& column = info(CallColumn(index.column()));
    const QString text = index.data(Qt::DisplayRole).toString();
    // Cheap first: only a cell that shows one of the signs, or Recording's "Unknown", can be an absent one.
    const bool maybeAbsent = text.size() == 1 || column.column == CallColumn::Recording;
    const bool muted = maybeAbsent && index.data(CallTableModel::AbsentRole).toBool();
    painter->setPen(muted ? theme::secondaryText() : m_view->palette().color(QPalette::Text));
    painter->setFont(column.numeric || column.column == CallColumn::Start ? theme::tabularFont(option.font)
                                                                          : option.font);

    QRect place = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    if (const Sign sign = signOf(index); sign.isThere()) {
        QRect box(place.left(), place.top() + (place.height() - kSign) / 2, kSign, kSign);
        if (option.direction == Qt::RightToLeft) {
            box.moveRight(place.right());
            place.setRight(box.left() - kSignGap);
        } else {
            place.setLeft(box.right() + 1 + kSignGap);
        }
        if (sign.dot) {
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(sign.color);
            painter->drawEllipse(QRectF(box).adjusted(4, 4, -4, -4));
            painter->restore();
        } else {
            painter->drawPixmap(box, iconPixmap(sign.icon, sign.color, kSign, painter->device()->devicePixelRatioF()));
        }
    }
    const Qt::Alignment alignment =
        QStyle::visualAlignment(option.direction, (column.numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    painter->drawText(
        place, int(alignment) | Qt::TextSingleLine,
        painter->fontMetrics().elidedText(thatMayFit(text, place.width()), Qt::ElideRight, place.width()));
    painter->restore();
}

bool CallDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                             const QModelIndex& index) {
    if (event->type() == QEvent::ToolTip && index.isValid()) {
        const bool cut = sizeHint(option, index).width() > option.rect.width();
        const bool tells = cut || index.column() == int(CallColumn::Start) ||
                           index.data(CallTableModel::AbsentRole).toBool() || signOf(index).icon == "warning"_L1;
        if (!tells) {
            QToolTip::hideText();
            return true;
        }
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

}  // namespace earmark
