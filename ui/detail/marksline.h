// Two lines of the pane: whether the call was reviewed (when, how much of its recording was heard) and whether it is
// flagged, with a word that can be edited. Shows what it is told and holds no state of its own. Main thread only.
#pragma once

#include <QWidget>

#include "models/domain/review.h"
#include "ui/detail/parts.h"

class QLineEdit;
class QPushButton;

namespace earmark {

class MarksLine final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MarksLine)

 public:
    explicit MarksLine(QWidget* parent = nullptr);

    /// `isOther`: another call than before; what is half typed of a flag's word is of no use there.
    void setReview(const Review& review, bool isOther);
    void setProblem(const QString& problem);  ///< a mark is not saved yet; "" = all is
    void setLocked(bool locked);
    void editWord();  ///< opens the line for the flag's word and goes there
    /// Half typed text of the word counts when the call is left.
    void commit();

    [[nodiscard]] QString reviewedText() const { return m_reviewed->text(); }
    [[nodiscard]] QString flagText() const { return m_flagged->text(); }
    [[nodiscard]] QLineEdit* wordInput() const { return m_word; }

 Q_SIGNALS:
    void reviewedToggled();
    void flagToggled();
    void wordEntered(const QString& word);  ///< the call is to be flagged with it

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    void tell();
    void closeWord();

    Review m_review;
    bool m_isLocked = false;
    IconLine* m_reviewed;
    QPushButton* m_toggleReviewed;
    IconLine* m_flagged;
    QLineEdit* m_word;
    QPushButton* m_changeWord;
    QPushButton* m_toggleFlag;
    IconLine* m_problem;
};

}  // namespace earmark
