// Decides who gets a key when a command and a focused control both want it: controls keep the keys they live on (Space
// on a button, arrows on a slider, letters in a closed combo box, everything while a list or menu is open). Main thread
// only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>

class QKeyEvent;
class QWidget;

namespace earmark {

class KeyGuard final : public QObject {
    Q_OBJECT

 public:
    /// Watches the application; looks only at keys that go to `window`.
    explicit KeyGuard(QWidget* window);

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    [[nodiscard]] bool belongsToControl(const QWidget* control, const QKeyEvent& key);
    /// Ctrl+Z in a field of the review whose typing is saved (or that was not typed in) is the desk's.
    [[nodiscard]] static bool undoBelongsToDesk(const QWidget* control, const QKeyEvent& key);
    /// Esc takes typing back first; only when there is nothing (more) to take back it leaves the field.
    [[nodiscard]] bool escapeBelongsTo(const QWidget* control);

    QWidget* m_window;
    QPointer<const QWidget> m_escaped;
    QString m_escapedText;
};

}  // namespace earmark
