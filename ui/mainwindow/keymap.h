// Which keys every command has now: those of the table of commands, or the supervisor's own. Main thread only.
#pragma once

#include <QKeySequence>
#include <QObject>
#include <optional>

#include "ui/mainwindow/deskcommands.h"

namespace earmark {

class DeskSettings;

class KeyMap final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyMap)

 public:
    /// `settings` may be null: then nothing is remembered.
    explicit KeyMap(DeskSettings* settings, QObject* parent = nullptr);

    /// What works: without the keys that an earlier command of the table has too (a key that two commands had would do
    /// neither), and without single characters where these are switched off.
    [[nodiscard]] QList<QKeySequence> keys(DeskCommand command) const;
    /// What was chosen, conflicts and all.
    [[nodiscard]] QList<QKeySequence> chosenKeys(DeskCommand command) const;
    [[nodiscard]] bool isChanged(DeskCommand command) const;  ///< other keys than the table's
    /// Another command with this key.
    [[nodiscard]] std::optional<DeskCommand> otherOwner(const QKeySequence& key, DeskCommand than) const;

    void addKey(DeskCommand command, const QKeySequence& key);
    void takeKey(DeskCommand command, const QKeySequence& key);  ///< from whoever has it
    void removeKey(DeskCommand command, const QKeySequence& key);
    void useDefault(DeskCommand command);
    void useDefaults();

    /// Keys that are one character without Ctrl, Alt or Meta (WCAG 2.1.4: they can be switched off).
    [[nodiscard]] bool hasSingleKeys() const;
    void setSingleKeys(bool on);
    [[nodiscard]] static bool isSingleKey(const QKeySequence& key);

 Q_SIGNALS:
    void changed();

 private:
    void keep(DeskCommand command, const QList<QKeySequence>& keys);

    DeskSettings* m_settings;
};

}  // namespace earmark
