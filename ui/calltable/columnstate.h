// Which columns the table shows, how wide and in what order: remembered by their stable names. Main thread only.
#pragma once

#include <QObject>
#include <QTimer>

class QHeaderView;
class QMenu;

namespace earmark {

class DeskSettings;

class ColumnState final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ColumnState)

 public:
    ColumnState(QHeaderView* header, DeskSettings* settings, QObject* parent);
    ~ColumnState() override;

    void restore();
    void reset();
    /// A line per column with a tick; at least one column stays.
    void fillMenu(QMenu* menu);
    [[nodiscard]] bool anyTextColumnShown() const;
    /// With several accounts their column belongs to the default; columns that were chosen by hand stay.
    void setSeveralAccounts(bool several);

 Q_SIGNALS:
    void shownColumnsChanged();

 private:
    void applyDefaults();
    void show(int section, bool shown);
    void save();
    [[nodiscard]] int defaultWidth(int section) const;
    [[nodiscard]] bool isShownByDefault(int section) const;
    [[nodiscard]] int lastShownSection() const;

    QHeaderView* m_header;
    DeskSettings* m_settings;
    QTimer m_saveSoon;
    bool m_restoring = false;
    bool m_severalAccounts = false;
};

}  // namespace earmark
