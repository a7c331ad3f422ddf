// Other keys for any command: all commands with their keys, conflicts said where they are. Changes count at once. Main
// thread only.
#pragma once

#include <QDialog>
#include <QLineEdit>
#include <optional>

#include "ui/mainwindow/keymap.h"

class QCheckBox;
class QHBoxLayout;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace earmark {

class PlainLabel;

/// A field that shows the key that is pressed in it. Tab walks on, Esc empties it, and then leaves the dialog.
class KeyField final : public QLineEdit {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyField)

 public:
    explicit KeyField(QWidget* parent = nullptr);
    [[nodiscard]] QKeySequence key() const { return m_key; }
    void setKey(const QKeySequence& key);

 Q_SIGNALS:
    void keyChanged();

 protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

 private:
    QKeySequence m_key;
};

class ChangeKeysDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChangeKeysDialog)

 public:
    ChangeKeysDialog(KeyMap* keys, QWidget* parent);

 private:
    void build();
    void fill();
    void tell();
    void showKeysOf(QTreeWidgetItem* item);
    void filter(const QString& words);
    void showCurrent();
    [[nodiscard]] std::optional<DeskCommand> current() const;

    KeyMap* m_keys;
    QLineEdit* m_find;
    QTreeWidget* m_list;
    QHBoxLayout* m_caps;
    KeyField* m_field;
    PlainLabel* m_says;
    QPushButton* m_add;
    QPushButton* m_default;
    QPushButton* m_allDefault;
    QCheckBox* m_single;
    PlainLabel* m_command;
};

}  // namespace earmark
