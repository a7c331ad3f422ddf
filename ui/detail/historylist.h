// What was done to a call on this desk, newest first: when, which field, from what to what, how, and where it went.
// Long texts can be opened and copied, an earlier text brought back. Main thread only.
#pragma once

#include <QWidget>
#include <vector>

#include "models/domain/review.h"

class QPushButton;
class QVBoxLayout;

namespace earmark {

class HistoryList final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HistoryList)

 public:
    static constexpr int kShownAtFirst = 20;

    explicit HistoryList(QWidget* parent = nullptr);
    void setEntries(std::vector<HistoryEntry> entries);  ///< as the store hands them out: oldest first
    void setLocked(bool locked);                         ///< nothing can be saved: nothing is offered to bring back
    [[nodiscard]] int count() const { return int(m_entries.size()); }
    [[nodiscard]] QStringList shownLines() const;

 Q_SIGNALS:
    /// This value is to count again, as a new edit; disposition and notes only.
    void bringBackWanted(earmark::ReviewField field, const std::optional<QString>& value);

 private:
    void fill();
    [[nodiscard]] bool counts(std::size_t at) const;

    std::vector<HistoryEntry> m_entries;
    bool m_all = false;
    bool m_isLocked = false;
    QVBoxLayout* m_lines;
    QPushButton* m_more;
};

}  // namespace earmark
