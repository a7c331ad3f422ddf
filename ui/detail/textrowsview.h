// Rows of text as a list that lays out only what is seen: heights are estimated and made exact as rows come into view,
// so 100,000 of them open and scroll at once. Rows can be selected, copied, and marked where a search found something.
// Main thread only.
#pragma once

#include <QCache>
#include <QListView>
#include <QTextLayout>
#include <memory>
#include <vector>

#include "models/domain/textmatches.h"
#include "ui/detail/rowheights.h"

namespace earmark {

class TextRowsModel;

/// What stands around the text of a row.
struct RowFrame {
    QString time;  ///< in a column of its own
    QString name;  ///< in a line above the text; "" = no such line
    QString icon;  ///< before the name
    QColor nameColor;
    QColor textColor;
    QString below;                  ///< a quiet line below the text
    bool isContentDirected = true;  ///< right to left where the text is; else always left to right
};

/// Where a search found something.
struct FoundText {
    int row = 0;
    TextMatch match;

    friend bool operator==(const FoundText&, const FoundText&) = default;
};

class TextRowsView : public QListView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextRowsView)

 public:
    explicit TextRowsView(TextRowsModel* rows, QWidget* parent = nullptr);
    ~TextRowsView() override;

    void setTextFont(const QFont& font);
    void setFound(std::vector<FoundText> found);  ///< in order; all are marked
    void showFound(int number);                   ///< of them: brought into view and marked differently
    [[nodiscard]] QString selectedText() const;   ///< whole rows
    void copySelected() const;
    /// Drawn on another ground with a bar at the edge, where it is; nothing moves. -1 = none.
    void setLitRow(int row);
    [[nodiscard]] int litRow() const { return m_litRow; }
    void setTakesEscape(bool takes) { m_takesEscape = takes; }  ///< there is something that Escape closes

    [[nodiscard]] QRect visualRect(const QModelIndex& index) const override;
    [[nodiscard]] QModelIndex indexAt(const QPoint& point) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    void reset() override;
    void doItemsLayout() override;
    void keyboardSearch(const QString&) override {}

 Q_SIGNALS:
    void rowOpened(int row);      ///< Enter
    void rowReadWanted(int row);  ///< O, Alt+Enter or a double click
    void movedByHand();           ///< wheel, scroll bar, keys that walk, a search
    void findWanted();            ///< Ctrl+F
    void findNextWanted(bool forward);
    void escaped();

 protected:
    // None of these is pure: the constructor lays out (nothing) already.
    [[nodiscard]] virtual RowFrame frameOf(int row) const;
    /// As wide as the widest text of the column of times; 0 = there is no such column.
    [[nodiscard]] virtual int timesWidth() const { return 0; }
    [[nodiscard]] virtual bool hasNames() const { return true; }

    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void updateGeometries() override;
    [[nodiscard]] int verticalOffset() const override;
    [[nodiscard]] int horizontalOffset() const override { return 0; }
    [[nodiscard]] QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection& selection) const override;

 private:
    struct LaidOut {
        QTextLayout text;
        RowFrame frame;
        int height = 0;
        int textHeight = 0;
        bool isRightToLeft = false;
    };
    [[nodiscard]] const LaidOut& laidOut(int row) const;
    [[nodiscard]] int textWidth() const;
    [[nodiscard]] int headHeight() const;
    void estimateAll();
    void makeSeenExact(int anchor);
    void paintRow(QPainter& painter, int row, const QRect& place);
    [[nodiscard]] QList<QTextLayout::FormatRange> marksOf(int row) const;

    TextRowsModel* m_rows;
    RowHeights m_heights;
    mutable QCache<int, LaidOut> m_laidOut;
    std::vector<FoundText> m_found;
    int m_current = -1;  ///< of m_found
    int m_litRow = -1;
    QFont m_textFont;
    int m_lastTop = 0;  ///< first row seen before the last scrolling
    bool m_settling = false;
    bool m_takesEscape = false;
};

}  // namespace earmark
