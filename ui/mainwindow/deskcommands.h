// Every command of the desk with its keys, menu and words, as a table of data; the menus and the key sheet are made
// from it. Main thread only.
#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QObject>
#include <span>

namespace earmark {

enum class DeskCommand {
    Accounts,
    AddAccount,
    Quit,
    Pull,
    CancelPull,
    ShowNewCalls,
    NextCall,
    PreviousCall,
    FindCalls,
    OpenCall,
    BackToCalls,
    CopyCallKey,
    Undo,
    Redo,
    EditDisposition,
    EditNotes,
    Save,
    SaveAndNext,
    Outbox,
    ToggleReviewed,
    ToggleFlag,
    FlagWithWord,
    EditSeveral,
    SolveConflict,
    Disposition1,
    Disposition2,
    Disposition3,
    Disposition4,
    Disposition5,
    Disposition6,
    Disposition7,
    Disposition8,
    Disposition9,
    ExportMarks,
    PlayPause,
    BackTen,
    ForwardTen,
    BackThree,
    ForwardThree,
    PreviousTurn,
    NextTurn,
    AgainSlower,
    Slower,
    Faster,
    LastSpeed,
    SkipSilence,
    SoloCustomer,
    SoloAgent,
    SwapVoices,
    VoicesTogether,
    Loop,
    MarkHere,
    MarkWithText,
    GoToTime,
    Mute,
    AutoPlayNext,
    ZoomIn,
    ZoomOut,
    ZoomAll,
    FollowTranscript,
    ShowCallTab,
    ShowTranscriptTab,
    ShowRawTab,
    DetailsAutomatic,
    DetailsRight,
    DetailsBelow,
    ThemeSystem,
    ThemeLight,
    ThemeDark,
    Preferences,
    ShowKeys,
    ChangeKeys,
    About,
    Count
};

enum class DeskMenu { File, Calls, Edit, Play, View, Help };

struct DeskCommandInfo {
    DeskCommand command;
    const char* name;  ///< under which its keys are remembered; never changes
    DeskMenu menu;
    const char* text;     ///< source text, context "DeskCommand"
    const char* keys;     ///< portable key sequences separated by blanks; the first is shown in the menu
    const char* icon;     ///< "" = none
    const char* meaning;  ///< what the key sheet says; "" = not on the sheet
};

[[nodiscard]] std::span<const DeskCommandInfo> deskCommands();
[[nodiscard]] QString commandText(const DeskCommandInfo& info);
[[nodiscard]] QString commandMeaning(const DeskCommandInfo& info);
[[nodiscard]] QList<QKeySequence> commandKeys(const DeskCommandInfo& info);  ///< of the table; see KeyMap

class KeyMap;

class DeskActions final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DeskActions)

 public:
    DeskActions(KeyMap* keys, QWidget* window);  ///< follows the map
    [[nodiscard]] QAction* action(DeskCommand command) const { return m_actions.value(command); }
    [[nodiscard]] KeyMap* keys() const { return m_keys; }

 private:
    KeyMap* m_keys;
    QHash<DeskCommand, QAction*> m_actions;
};

}  // namespace earmark
