// Asks what is to become of the edits when an account is removed: they stay, or they go for good. A part of the dialog,
// no box over it. Main thread only.
#pragma once

#include <QWidget>

class QPushButton;
class QRadioButton;

namespace earmark {

class ToneLabel;

class RemoveQuestion final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RemoveQuestion)

 public:
    explicit RemoveQuestion(QWidget* parent = nullptr);

    /// `calls` < 0: not counted yet.
    void ask(const QString& account, qint64 calls, int reviewedCalls);
    void setBusy(bool busy);
    void fail(const QString& sentence);

 Q_SIGNALS:
    void answered(bool editsGo);
    void declined();

 private:
    void showChoice();

    int m_reviewed = 0;
    ToneLabel* m_what;
    QRadioButton* m_stay;
    QRadioButton* m_go;
    ToneLabel* m_problem;
    QPushButton* m_remove;
    QPushButton* m_keep;
};

}  // namespace earmark
