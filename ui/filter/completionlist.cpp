#include "ui/filter/completionlist.h"

#include <QPainter>

#include "models/domain/textfold.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

void CompletionModel::set(std::vector<Completion> completions) {
    beginResetModel();
    m_completions = std::move(completions);
    endResetModel();
}

int CompletionModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_completions.size());
}

QVariant CompletionModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const Completion& one = at(index.row());
    switch (role) {
        case Qt::DisplayRole:
        case Qt::EditRole:
            return shownText(one.shown);
        case Qt::AccessibleTextRole:
            return one.explanation.isEmpty() ? shownText(one.shown)
                                             : QString(shownText(one.shown) + u" "_s + one.explanation);
        case ExplanationRole:
            return one.isRecent ? tr("used before") : one.explanation;
        case RecentRole:
            return one.isRecent;
        default:
            return {};
    }
}

void CompletionDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter->fillRect(option.rect, option.palette.color(QPalette::Active, QPalette::Highlight));
    }
    QRect place = option.rect.adjusted(theme::space(), 0, -theme::space(), 0);
    if (index.data(CompletionModel::RecentRole).toBool()) {
        const QRect box(place.left(), place.center().y() - 7, 16, 16);
        painter->drawPixmap(
            box, iconPixmap(u"history"_s, theme::secondaryText(), 16, painter->device()->devicePixelRatioF()));
        place.setLeft(box.right() + theme::space());
    }
    const QString text = index.data(Qt::DisplayRole).toString();
    const QString explanation = index.data(CompletionModel::ExplanationRole).toString();
    const int column = qMin(place.width(), qMax(option.fontMetrics.averageCharWidth() * 18,
                                                option.fontMetrics.horizontalAdvance(text) + 2 * theme::space()));
    QRect left = place;
    left.setWidth(explanation.isEmpty() ? place.width() : column);
    painter->setFont(option.font);
    painter->setPen(option.palette.color(QPalette::Text));
    painter->drawText(left, int(Qt::AlignVCenter | Qt::AlignLeft) | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, left.width()));
    if (!explanation.isEmpty() && column < place.width()) {
        painter->setPen(theme::secondaryText());
        const QRect right = place.adjusted(column, 0, 0, 0);
        painter->drawText(right, int(Qt::AlignVCenter | Qt::AlignLeft) | Qt::TextSingleLine,
                          option.fontMetrics.elidedText(explanation, Qt::ElideRight, right.width()));
    }
    painter->restore();
}

QSize CompletionDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {option.fontMetrics.averageCharWidth() * 40, option.fontMetrics.height() + 8};
}

}  // namespace earmark
