// The table of calls: rows of one height, columns that remember themselves, a current call that survives every refresh
// and the end of the program. Main thread only.
#pragma once

#include <QElapsedTimer>
#include <QTableView>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "models/domain/callkey.h"
#include "ui/calltable/lastplace.h"

class QMenu;

namespace earmark {

class CallTableModel;
class ColumnState;
class DeskSettings;

class CallTable final : public QTableView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallTable)

 public:
    CallTable(CallTableModel* model, DeskSettings* settings, QWidget* parent = nullptr);
    ~CallTable() override;

    [[nodiscard]] std::optional<CallKey> currentCall() const;
    void selectFirst();
    void goTo(const CallKey& key);                   ///< now, or as soon as a filter that is under way lets it in
    [[nodiscard]] QStringList selectedKeys() const;  ///< as text, at most 10,000
    /// The rows that are selected, as they stand in CallTableModel::index(); from ranges, so that 100,000 cost nothing.
    [[nodiscard]] std::vector<quint32> selectedRowNumbers() const;
    void step(int rows);  ///< next (+1) and previous (-1) call
    /// While a pull fills the table a view at its top stays there and shows what comes; else rows that come by
    /// themselves never move what is being looked at, not even at the top.
    void setStaysAtTop(bool stays) { m_staysAtTop = stays; }
    void fillColumnsMenu(QMenu* menu);
    void setSeveralAccounts(bool several);                ///< then a call's account is worth a column
    void keyboardSearch(const QString& search) override;  ///< does nothing: single letters are the desk's keys

 Q_SIGNALS:
    /// Told a moment after the last move, so that holding an arrow key does not open every call on the way.
    void currentCallChanged(const std::optional<earmark::CallKey>& key);
    void rowsPainted();  ///< once: the first rows are on the screen

 protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

 private:
    void setUpHeader();
    void updateRowHeight();
    void rememberPlace();
    void restorePlace();
    [[nodiscard]] bool restoreLastPlace();
    void keepLastPlace();
    void setCurrentRow(int row);
    void sortChanged(int section, Qt::SortOrder order);
    void showSortSign();
    void reportVisibleRows();
    void tellCurrent();

    CallTableModel* m_model;
    DeskSettings* m_settings;
    ColumnState* m_columns;
    QTimer m_tellSoon;
    QElapsedTimer m_lastMove;
    QTimer m_reportSoon;
    LastPlace m_lastPlace;  ///< of the former start, until it is found or somebody goes elsewhere
    QTimer m_keepLastPlaceSoon;

    std::optional<CallKey> m_chosen;  ///< what the user went to; comes back when a filter lets it
    std::optional<CallKey> m_told;
    bool m_toldOnce = false;
    bool m_choiceIsOurs = true;  ///< nobody has moved yet: the top row is as good as any
    bool m_placing = false;
    bool m_staysAtTop = true;
    bool m_painted = false;

    struct Place {
        std::optional<CallKey> top;
        std::optional<CallKey> current;
        bool atTop = true;
    };
    Place m_place;
};

}  // namespace earmark
