// One editable field of the pane: title, input, what became of the text, and what the provider says. Main thread only.
#pragma once

#include <QWidget>
#include <functional>

#include "models/edits/fieldeditor.h"
#include "ui/detail/parts.h"

class QPushButton;
class QVBoxLayout;

namespace earmark {

class LongTextView;

/// Speaks only what FieldEditor says; "Saved on this computer" appears in SaveState::Saved alone.
class FieldBox final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FieldBox)

 public:
    FieldBox(FieldEditor* editor, const QString& title, QWidget* input, QWidget* parent = nullptr);

    /// For another call: forgets the badge. `edit` is the local edit as the store has it.
    void setCall(const QString& providerName, const std::optional<LocalEdit>& edit, bool otherCall);
    void say(const QString& problem);  ///< a refusal of the input itself (paste too long); "" takes it away

    /// Typed text has gone from the input: says so, and what brings it back, until something else is to be said.
    void tellTakenBack();

    /// Tells where an edit in this state is on its way, in one sentence; asked whenever the state is told.
    void setFateTeller(std::function<QString(EditState)> teller);
    void tellFate();  ///< something about the target is different

    void setLocked(const QString& why);  ///< the field cannot be edited at all; "" when it can

    [[nodiscard]] QString lockedText() const { return m_locked->text(); }
    [[nodiscard]] QString stateText() const { return m_state->text(); }
    [[nodiscard]] QString badgeText() const { return m_badge->text(); }
    [[nodiscard]] QString providerText() const;
    [[nodiscard]] QPushButton* restoreButton() const { return m_restore; }
    [[nodiscard]] QPushButton* solveButton() const { return m_solve; }  ///< shown while there is a conflict

 Q_SIGNALS:
    void solveWanted();

 private:
    void tell();
    void tellState();
    void tellProvider();

    FieldEditor* m_editor;
    QString m_provider;
    std::optional<LocalEdit> m_edit;
    std::function<QString(EditState)> m_fateTeller;
    bool m_changedWhileEditing = false;
    bool m_takenBack = false;
    QWidget* m_input;
    IconLine* m_locked;
    IconLine* m_state;
    IconLine* m_badge;
    QWidget* m_providerBox;
    ToneLabel* m_providerSays;
    LongTextView* m_providerValue;
    QPushButton* m_restore;
    QPushButton* m_solve;
};

}  // namespace earmark
