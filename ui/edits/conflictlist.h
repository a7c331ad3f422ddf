// The conflicts that were found for a call, newest first, each with a way to its texts. Main thread only.
#pragma once

#include <QWidget>
#include <vector>

#include "models/domain/review.h"

class QPushButton;
class QVBoxLayout;

namespace earmark {

class ConflictList final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConflictList)

 public:
    explicit ConflictList(QWidget* parent = nullptr);
    /// As the store hands them out: oldest first. Hides itself when there is none.
    void setConflicts(const QString& providerName, const std::vector<ReviewConflict>& conflicts);
    [[nodiscard]] QStringList shownLines() const;
    [[nodiscard]] std::vector<QPushButton*> buttons() const { return m_buttons; }  ///< newest first

 Q_SIGNALS:
    void wanted(const earmark::ReviewConflict& conflict);

 private:
    QVBoxLayout* m_lines;
    std::vector<QPushButton*> m_buttons;
};

}  // namespace earmark
