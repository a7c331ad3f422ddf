// The field for notes: plain text, never rich, bounded so that no paste can freeze the window. Main thread only.
#pragma once

#include <QPlainTextEdit>

namespace earmark {

class NotesInput final : public QPlainTextEdit {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NotesInput)

 public:
    static constexpr qsizetype kMostCharacters = 200'000;
    static constexpr qsizetype kMostPerParagraph = 32'000;  ///< a paragraph is laid out anew at each key: 14 ms
    static constexpr qsizetype kMostWithoutBlank = 8'000;   ///< layout without blanks is quadratic
    static constexpr int kMostMarks = 100;                  ///< on one letter; shaping them is quadratic too

    explicit NotesInput(QWidget* parent = nullptr);

    /// Can this text be edited here without freezing? Otherwise it is shown in parts.
    [[nodiscard]] static bool canHold(QStringView text);

    /// As given where it was only shown; line breaks as \n where it was typed into. (toPlainText() would turn
    /// no-break spaces into blanks.)
    [[nodiscard]] QString typedText() const;
    /// Puts another text there; the cursor stays where it can. Emits nothing.
    void showText(const QString& text);
    /// The same where what was typed goes: Ctrl+Z brings it back.
    void takeBackTo(const QString& text);
    void setUnsaved(bool unsaved) { document()->setModified(unsaved); }  ///< Esc is this field's while it is
    /// Ctrl+Z and Ctrl+Shift+Z are for typing that is not saved; what is saved is the desk's to take back.
    [[nodiscard]] bool canUndoTyping() const;
    [[nodiscard]] bool canRedoTyping() const { return document()->isRedoAvailable(); }

 Q_SIGNALS:
    void typed();
    void left();          ///< focus went elsewhere (not to a menu of our own)
    void saveWanted();    ///< Ctrl+Enter
    void revertWanted();  ///< Esc
    void refusedPaste(const QString& why);

 protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;
    [[nodiscard]] bool canInsertFromMimeData(const QMimeData* source) const override;
    void resizeEvent(QResizeEvent* event) override;

 private:
    void fitHeight();

    bool m_showing = false;
    bool m_takenBack = false;  ///< the typing that Esc took can come back
};

}  // namespace earmark
