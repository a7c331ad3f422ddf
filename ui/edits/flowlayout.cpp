#include "ui/edits/flowlayout.h"

#include <QStyle>
#include <QWidget>

namespace earmark {

FlowLayout::FlowLayout(QWidget* parent) : QLayout(parent) {}

FlowLayout::~FlowLayout() {
    qDeleteAll(m_items);
}

void FlowLayout::addItem(QLayoutItem* item) {
    m_items.append(item);
}

QLayoutItem* FlowLayout::takeAt(int index) {
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

int FlowLayout::heightForWidth(int width) const {
    return place(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const {
    QSize all;
    for (const QLayoutItem* item : m_items) {
        const QSize one = item->sizeHint();
        all = QSize(all.width() + one.width() + (all.isEmpty() ? 0 : spacing()), qMax(all.height(), one.height()));
    }
    return all;
}

QSize FlowLayout::minimumSize() const {
    QSize least;
    for (const QLayoutItem* item : m_items) {
        least = least.expandedTo(item->minimumSize());
    }
    return least;
}

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    const int height = place(rect, true);
    if (parentWidget() != nullptr && parentWidget()->minimumHeight() != height) {
        parentWidget()->setMinimumHeight(height);  // layouts around it know no height for a width
    }
}

int FlowLayout::place(const QRect& rect, bool really) const {
    const Qt::LayoutDirection direction =
        parentWidget() == nullptr ? Qt::LeftToRight : parentWidget()->layoutDirection();
    QPoint at = rect.topLeft();
    int rowHeight = 0;
    for (QLayoutItem* item : m_items) {
        const QSize size = item->sizeHint().boundedTo(QSize(rect.width(), QWIDGETSIZE_MAX));
        if (rowHeight > 0 && at.x() + size.width() > rect.right() + 1) {
            at = QPoint(rect.left(), at.y() + rowHeight + spacing());
            rowHeight = 0;
        }
        if (really) {
            item->setGeometry(QStyle::visualRect(direction, rect, QRect(at, size)));
        }
        at.rx() += size.width() + spacing();
        rowHeight = qMax(rowHeight, size.height());
    }
    return at.y() + rowHeight - rect.top();
}

}  // namespace earmark
