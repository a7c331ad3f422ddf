// What was done to a call on this desk, newest first: when, which field, from what to what, where it is now. Main
// thread only.
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
    [[nodiscard]] int count() const { return int(m_entries.size()); }
    [[nodiscard]] QStringList shownLines() const;

 private:
    void fill();

    std::vector<HistoryEntry> m_entries;
    bool m_all = false;
    QVBoxLayout* m_lines;
    QPushButton* m_more;
};

}  // namespace earmark
