// Paints one cell of the calls table: signs beside words, muted signs for nothing, the current row's mark. Main thread
// only.
#pragma once

#include <QStyledItemDelegate>

class QTableView;

namespace earmark {

class CallDelegate final : public QStyledItemDelegate {
    Q_OBJECT

 public:
    explicit CallDelegate(QTableView* view);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// Tooltips only where they tell more than the cell: cut text, signs for nothing, warnings.
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

    [[nodiscard]] static int rowHeight(const QFontMetrics& metrics);
    /// The column at the edge where rows begin, of those in sight; -1: none.
    [[nodiscard]] static int leadingColumn(const QTableView& view);
    static constexpr int kPadding = 8;  ///< left and right of a cell's content
    static constexpr int kSign = 16;    ///< extent of a sign
    static constexpr int kSignGap = 6;

 private:
    struct Sign;
    [[nodiscard]] Sign signOf(const QModelIndex& index) const;
    void paintRowMarks(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;

    QTableView* m_view;
};

}  // namespace earmark
