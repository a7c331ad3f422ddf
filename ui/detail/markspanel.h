// The marks of a recording below the tabs of the pane: when, of which kind, what was written; play, edit, remove with a
// way back, export. Shows what it is told and hidden while there is nothing. Main thread only.
#pragma once

#include <QPointer>
#include <QStringList>
#include <QWidget>
#include <optional>

#include "models/domain/callmark.h"
#include "ui/detail/parts.h"

class QComboBox;
class QLineEdit;
class QListWidget;
class QPushButton;
class QToolButton;

namespace earmark {

class MarksPanel final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MarksPanel)

 public:
    explicit MarksPanel(QWidget* parent = nullptr);

    void setMarks(const CallMarks& marks);
    void setKinds(const QStringList& kinds);  ///< offered for the next one
    /// Opens the line for its words and goes there; what was typed for another mark is saved before.
    void edit(const CallMark& mark);
    void closeEditor();  ///< what was typed is saved
    /// "Removed." with a way back; nullopt: not any more.
    void offerBack(const std::optional<CallMark>& removed);
    void setProblem(const QString& problem);  ///< "" = all is saved
    void setLocked(bool locked);              ///< nothing can be saved here
    void setFolded(bool folded);              ///< only the heading stays, and what must be said
    [[nodiscard]] bool isFolded() const { return m_isFolded; }
    [[nodiscard]] QAbstractButton* heading() const { return m_title; }
    [[nodiscard]] QListWidget* list() const { return m_list; }
    [[nodiscard]] QLineEdit* textInput() const { return m_text; }
    [[nodiscard]] QComboBox* kindInput() const { return m_kind; }
    [[nodiscard]] QPushButton* bringBackButton() const { return m_bringBack; }
    [[nodiscard]] bool isEditing() const { return m_edited.has_value(); }
    [[nodiscard]] QString problemText() const { return m_problem->text(); }

 Q_SIGNALS:
    void playWanted(std::chrono::milliseconds at);
    void changed(const earmark::CallMark& mark);  ///< other words
    void removeWanted(const earmark::CallMark& mark);
    void bringBackWanted(const earmark::CallMark& mark);
    void exportWanted();
    void foldedByHand(bool folded);

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

 private:
    void build();
    void tell();
    void fitRows();
    void commit();
    void leaveEditor(bool keeps);
    [[nodiscard]] const CallMark* current() const;

    CallMarks m_marks;
    std::optional<CallMark> m_edited;
    std::optional<CallMark> m_removed;
    QPointer<QWidget> m_focusBefore;
    QPointer<QWidget> m_room;  ///< that it shares with the call
    bool m_isLocked = false;
    bool m_isFolded = false;
    HeadingButton* m_title;
    QToolButton* m_change;
    QToolButton* m_remove;
    QToolButton* m_export;
    QListWidget* m_list;
    QWidget* m_editor;
    PlainLabel* m_time;
    QLineEdit* m_text;
    QComboBox* m_kind;
    QWidget* m_backLine;
    QPushButton* m_bringBack;
    IconLine* m_problem;
};

}  // namespace earmark
