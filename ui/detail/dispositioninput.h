// The field for the disposition: a code from the list by type-ahead, or any new one. Main thread only.
#pragma once

#include <QComboBox>
#include <QStringList>

namespace earmark {

/// Never changes its value by the wheel or by arrow keys: a scroll over the pane must not become an edit.
class DispositionInput final : public QComboBox {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DispositionInput)

 public:
    explicit DispositionInput(QWidget* parent = nullptr);

    /// Codes to choose from, most frequent first. What is typed stays.
    void setCodes(const QStringList& codes);
    [[nodiscard]] QStringList codes() const;
    [[nodiscard]] QString typedText() const { return currentText(); }
    void showText(const QString& text);    ///< emits nothing
    void takeBackTo(const QString& text);  ///< the same where what was typed goes: Ctrl+Z brings it back
    void setUnsaved(bool unsaved);         ///< Esc is this field's while it is
    /// Ctrl+Z and Ctrl+Shift+Z are for typing that is not saved; what is saved is the desk's to take back.
    [[nodiscard]] bool canUndoTyping() const;
    [[nodiscard]] bool canRedoTyping() const;
    void setReadOnly(bool readOnly);
    void showPopup() override;
    [[nodiscard]] bool isReadOnly() const;

 Q_SIGNALS:
    void typed();
    void left();
    void saveWanted();
    void saveAndNextWanted();  ///< Ctrl+Enter in one of the lists
    void revertWanted();

 protected:
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    void saveFromList(QObject* list, bool andNext);
    bool hideFinds();  ///< the completer's list; true when it was open

    QAction* m_clear = nullptr;
    bool m_showing = false;
    bool m_takenBack = false;     ///< the typing that Esc took can come back
    int m_firstHighlighted = -1;  ///< in the drop-down, when it opened: nobody has chosen that one yet
};

}  // namespace earmark
