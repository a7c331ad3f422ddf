// One field that was changed here and elsewhere: the three texts side by side, and the choice. A window beside the desk
// that holds up nothing. Main thread only.
#pragma once

#include <QDialog>
#include <QTimer>
#include <vector>

#include "models/store/store.h"
#include "models/sync/workers.h"
#include "ui/detail/parts.h"

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace earmark {

class ComparedLines;
class NotesInput;
struct ComparedTexts;

/// What is chosen becomes an edit of its own; none of the texts goes away. Text typed here is kept as a draft of the
/// field, like all typed text. A conflict that is solved already can be opened as well: choosing brings a text back.
class ConflictView final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConflictView)

 public:
    ~ConflictView() override;  ///< typed text is kept as a draft, also when the program ends
    /// The one for this conflict, opened or brought to the front; `desk` is any widget of the window it belongs to.
    static ConflictView* open(Store* store, const ReviewConflict& conflict, const Call& call, QWidget* desk);

    [[nodiscard]] const ReviewConflict& conflict() const { return m_conflict; }
    [[nodiscard]] QString combinedText() const;
    void setCombinedText(const QString& text);
    [[nodiscard]] QString saysText() const { return m_says->text(); }
    [[nodiscard]] ComparedLines* base() const { return m_base; }
    [[nodiscard]] ComparedLines* mine() const { return m_mine; }
    [[nodiscard]] ComparedLines* theirs() const { return m_theirs; }
    [[nodiscard]] QPushButton* keepMineButton() const { return m_keepMine; }
    [[nodiscard]] QPushButton* takeTheirsButton() const { return m_takeTheirs; }
    [[nodiscard]] QPushButton* saveButton() const { return m_save; }

    void keepMine();
    void takeTheirs();
    void saveCombined();
    void reject() override;  ///< Esc and the close button: typed text is kept as a draft

 Q_SIGNALS:
    void solved(const earmark::CallKey& key);

 private:
    ConflictView(Store* store, const ReviewConflict& conflict, const Call& call, QWidget* desk);
    void build();
    QWidget* column(const QString& title, const QString& below, ComparedLines* lines);
    void buildEditor(QVBoxLayout* texts);
    [[nodiscard]] QWidget* buttons();
    void compare();
    void show(const ComparedTexts& texts);
    void tellStand();
    void lookAgain();
    void lookedAgain(const std::vector<ReviewConflict>& found);
    [[nodiscard]] std::optional<QString> baseOfChoice() const;
    [[nodiscard]] EditToCommit choice(const std::optional<QString>& value) const;
    void commit(const EditToCommit& edit);
    void setBusy(bool busy);
    void keepDraft();
    [[nodiscard]] QString side() const;

    Store* const m_store;
    ReviewConflict m_conflict;
    const QString m_providerName;
    std::optional<QString> m_providerSays;  ///< when this was opened
    ComparedLines* m_base;
    ComparedLines* m_mine;
    ComparedLines* m_theirs;
    ToneLabel* m_stand = nullptr;
    std::vector<IconLine*> m_nothing;  ///< where a text has no lines: base, mine, theirs
    ToneLabel* m_theirsUnknown = nullptr;
    IconLine* m_says = nullptr;
    NotesInput* m_notes = nullptr;  ///< notes: what is combined
    QLineEdit* m_code = nullptr;    ///< disposition: what is entered instead
    QPushButton* m_keepMine = nullptr;
    QPushButton* m_takeTheirs = nullptr;
    QPushButton* m_save = nullptr;
    bool m_typed = false;
    bool m_isBusy = false;
    QTimer m_draftTimer;
    QTimer m_lookTimer;  ///< news of edits come in bursts
    Workers m_workers{1};
};

}  // namespace earmark
