#include "ui/mainwindow/deskcommands.h"

#include <QCoreApplication>
#include <QWidget>
#include <algorithm>
#include <array>

#include "ui/common/icons.h"
#include "ui/mainwindow/keymap.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

using C = DeskCommand;
using M = DeskMenu;

#define EARMARK_TEXT(text) QT_TRANSLATE_NOOP("DeskCommand", text)

// Single letters are dead while typing: text fields take them first. Each has a twin with a modifier or an F-key, so
// that pedals and people who switch single keys off have all of them too.
constexpr std::array kCommands{
    DeskCommandInfo{C::Accounts, "accounts", M::File, EARMARK_TEXT("A&ccounts\u2026"), "Ctrl+Alt+A", "settings",
                    EARMARK_TEXT("Accounts: add, test, change, disable, remove")},
    DeskCommandInfo{C::AddAccount, "add-account", M::File, EARMARK_TEXT("&Add account\u2026"), "Ctrl+Shift+A",
                    "account", ""},
    DeskCommandInfo{C::Quit, "quit", M::File, EARMARK_TEXT("&Quit"), "Ctrl+Q", "", EARMARK_TEXT("Save and quit")},
    DeskCommandInfo{C::Pull, "pull", M::Calls, EARMARK_TEXT("&Pull calls"), "F5 Ctrl+R", "refresh",
                    EARMARK_TEXT("Pull calls from all accounts")},
    DeskCommandInfo{C::CancelPull, "cancel-pull", M::Calls, EARMARK_TEXT("&Cancel pull"), "Shift+F5", "cancel",
                    EARMARK_TEXT("Cancel the pull; what came stays")},
    DeskCommandInfo{C::ShowNewCalls, "show-new-calls", M::Calls, EARMARK_TEXT("Show new ca&lls"), "Ctrl+Shift+N", "",
                    EARMARK_TEXT("To the calls that came by themselves")},
    DeskCommandInfo{C::NextCall, "next-call", M::Calls, EARMARK_TEXT("&Next call"), "N Ctrl+Down", "",
                    EARMARK_TEXT("Next call (Down in the table)")},
    DeskCommandInfo{C::PreviousCall, "previous-call", M::Calls, EARMARK_TEXT("Pre&vious call"), "P Ctrl+Up", "",
                    EARMARK_TEXT("Previous call (Up in the table)")},
    DeskCommandInfo{C::FindCalls, "find-calls", M::Calls, EARMARK_TEXT("&Filter"), "Ctrl+F /", "filter",
                    EARMARK_TEXT("To the filter line; Esc clears it")},
    DeskCommandInfo{C::OpenCall, "open-call", M::Calls, EARMARK_TEXT("&Open call by id\u2026"), "Ctrl+O", "search",
                    EARMARK_TEXT("Open a call by its id")},
    DeskCommandInfo{C::BackToCalls, "back-to-calls", M::Calls, EARMARK_TEXT("Back to the &table"), "Esc", "",
                    EARMARK_TEXT("Back to the table; while typing, first discards what is not saved (Ctrl+Z: back)")},
    DeskCommandInfo{C::CopyCallKey, "copy-call-key", M::Calls, EARMARK_TEXT("Cop&y call key"), "Ctrl+Shift+C", "copy",
                    EARMARK_TEXT("Copy the key of the selected calls")},
    DeskCommandInfo{C::Undo, "undo", M::Edit, EARMARK_TEXT("&Undo"), "Ctrl+Z", "",
                    EARMARK_TEXT("Undo what was done last; while typing, the typing")},
    DeskCommandInfo{C::Redo, "redo", M::Edit, EARMARK_TEXT("&Redo"), "Ctrl+Shift+Z Ctrl+Y", "",
                    EARMARK_TEXT("Redo what was undone last")},
    DeskCommandInfo{C::EditDisposition, "edit-disposition", M::Edit, EARMARK_TEXT("&Disposition"), "D Ctrl+D", "",
                    EARMARK_TEXT("To the disposition")},
    DeskCommandInfo{C::EditNotes, "edit-notes", M::Edit, EARMARK_TEXT("&Notes"), "E Ctrl+E", "note",
                    EARMARK_TEXT("To the notes")},
    DeskCommandInfo{C::Save, "save", M::Edit, EARMARK_TEXT("&Save"), "Ctrl+S", "saved",
                    EARMARK_TEXT("Save the edits of this call")},
    DeskCommandInfo{C::SaveAndNext, "save-and-next", M::Edit, EARMARK_TEXT("Save and ne&xt"), "Ctrl+Return Ctrl+Enter",
                    "", EARMARK_TEXT("Save, mark as reviewed and go to the next call")},
    DeskCommandInfo{C::Outbox, "outbox", M::Edit, EARMARK_TEXT("&Outbox"), "Ctrl+Shift+O", "outbox",
                    EARMARK_TEXT("The outbox: what became of every edit, and what can be done about it")},
    DeskCommandInfo{C::ToggleReviewed, "toggle-reviewed", M::Edit, EARMARK_TEXT("Re&viewed or not"), "R Ctrl+Shift+R",
                    "reviewed", EARMARK_TEXT("Mark the call as reviewed, or not")},
    DeskCommandInfo{C::ToggleFlag, "toggle-flag", M::Edit, EARMARK_TEXT("&Flagged or not"), "F Ctrl+Shift+F", "flag",
                    EARMARK_TEXT("Flag the call, or take its flag away")},
    DeskCommandInfo{C::FlagWithWord, "flag-with-word", M::Edit, EARMARK_TEXT("Flag with a &word"), "Shift+F Ctrl+Alt+F",
                    "", EARMARK_TEXT("Flag the call with a word")},
    DeskCommandInfo{C::EditSeveral, "edit-several", M::Edit, EARMARK_TEXT("Edit several &calls\u2026"), "Ctrl+B",
                    "edited", EARMARK_TEXT("Edit all selected calls, or all of the filter")},
    DeskCommandInfo{C::SolveConflict, "solve-conflict", M::Edit, EARMARK_TEXT("So&lve conflict\u2026"), "Ctrl+M",
                    "warning", EARMARK_TEXT("The texts of a conflict side by side, to choose or combine")},
    DeskCommandInfo{C::Disposition1, "disposition-1", M::Edit, EARMARK_TEXT("Disposition 1"), "1 Ctrl+1", "", ""},
    DeskCommandInfo{C::Disposition2, "disposition-2", M::Edit, EARMARK_TEXT("Disposition 2"), "2 Ctrl+2", "", ""},
    DeskCommandInfo{C::Disposition3, "disposition-3", M::Edit, EARMARK_TEXT("Disposition 3"), "3 Ctrl+3", "", ""},
    DeskCommandInfo{C::Disposition4, "disposition-4", M::Edit, EARMARK_TEXT("Disposition 4"), "4 Ctrl+4", "", ""},
    DeskCommandInfo{C::Disposition5, "disposition-5", M::Edit, EARMARK_TEXT("Disposition 5"), "5 Ctrl+5", "", ""},
    DeskCommandInfo{C::Disposition6, "disposition-6", M::Edit, EARMARK_TEXT("Disposition 6"), "6 Ctrl+6", "", ""},
    DeskCommandInfo{C::Disposition7, "disposition-7", M::Edit, EARMARK_TEXT("Disposition 7"), "7 Ctrl+7", "", ""},
    DeskCommandInfo{C::Disposition8, "disposition-8", M::Edit, EARMARK_TEXT("Disposition 8"), "8 Ctrl+8", "", ""},
    DeskCommandInfo{C::Disposition9, "disposition-9", M::Edit, EARMARK_TEXT("Disposition 9"), "9 Ctrl+9", "", ""},
    DeskCommandInfo{C::ExportMarks, "export-marks", M::Edit, EARMARK_TEXT("Export &marks\u2026"), "", "", ""},
    DeskCommandInfo{C::PlayPause, "play-pause", M::Play, EARMARK_TEXT("&Play or pause"), "Space F8 Ctrl+P", "play",
                    EARMARK_TEXT("Play or pause")},
    DeskCommandInfo{C::BackTen, "back-ten", M::Play, EARMARK_TEXT("&Back 10 s"), "J F7 Ctrl+J", "back-10",
                    EARMARK_TEXT("Back 10 s")},
    DeskCommandInfo{C::ForwardTen, "forward-ten", M::Play, EARMARK_TEXT("&Forward 10 s"), "L F9 Ctrl+L", "forward-10",
                    EARMARK_TEXT("Forward 10 s")},
    DeskCommandInfo{C::BackThree, "back-three", M::Play, EARMARK_TEXT("Back &3 s"), "Left Alt+Left", "",
                    EARMARK_TEXT("Back 3 s")},
    DeskCommandInfo{C::ForwardThree, "forward-three", M::Play, EARMARK_TEXT("Forward 3 &s"), "Right Alt+Right", "",
                    EARMARK_TEXT("Forward 3 s")},
    DeskCommandInfo{C::PreviousTurn, "previous-turn", M::Play, EARMARK_TEXT("Previous t&urn"),
                    "Shift+Left Alt+Shift+Left", "",
                    EARMARK_TEXT("To the beginning of this turn, then of the one before")},
    DeskCommandInfo{C::NextTurn, "next-turn", M::Play, EARMARK_TEXT("Next tur&n"), "Shift+Right Alt+Shift+Right", "",
                    EARMARK_TEXT("To the next turn")},
    DeskCommandInfo{C::AgainSlower, "again-slower", M::Play, EARMARK_TEXT("&Again, slower"),
                    "Backspace F6 Ctrl+Backspace", "", EARMARK_TEXT("Again, slower: 3 s back at 0.8x, then as before")},
    DeskCommandInfo{C::Slower, "slower", M::Play, EARMARK_TEXT("Slo&wer"), "[ F10 Ctrl+[", "",
                    EARMARK_TEXT("Slower by 0.1")},
    DeskCommandInfo{C::Faster, "faster", M::Play, EARMARK_TEXT("Fas&ter"), "] F11 Ctrl+]", "",
                    EARMARK_TEXT("Faster by 0.1")},
    DeskCommandInfo{C::LastSpeed, "last-speed", M::Play, EARMARK_TEXT("Last spee&d"), "\\ Ctrl+\\", "",
                    EARMARK_TEXT("Between normal speed and the one used last")},
    DeskCommandInfo{C::SkipSilence, "skip-silence", M::Play, EARMARK_TEXT("Skip s&ilence"), "X Ctrl+Shift+X", "",
                    EARMARK_TEXT("Skip silence: off, gentle, strong")},
    DeskCommandInfo{C::SoloCustomer, "solo-customer", M::Play, EARMARK_TEXT("Only the &customer"), "C Ctrl+Alt+C", "",
                    EARMARK_TEXT("Hear only the customer, or both again")},
    DeskCommandInfo{C::SoloAgent, "solo-agent", M::Play, EARMARK_TEXT("Only the a&gent"), "A Ctrl+Alt+G", "",
                    EARMARK_TEXT("Hear only the agent, or both again")},
    DeskCommandInfo{C::SwapVoices, "swap-voices", M::Play, EARMARK_TEXT("Swap the &voices"), "Ctrl+Alt+W", "",
                    EARMARK_TEXT("The other voice is the agent's; remembered per account")},
    DeskCommandInfo{C::VoicesTogether, "voices-together", M::Play, EARMARK_TEXT("Both voices on both sides"),
                    "Ctrl+Alt+V", "", EARMARK_TEXT("Each voice from both sides, for one ear, or from its own again")},
    DeskCommandInfo{C::Loop, "loop", M::Play, EARMARK_TEXT("L&oop"), "B Ctrl+Alt+B", "",
                    EARMARK_TEXT("Loop: begin here, end here, none")},
    DeskCommandInfo{C::MarkHere, "mark-here", M::Play, EARMARK_TEXT("&Mark here"), "M F12 Ctrl+Shift+M", "",
                    EARMARK_TEXT("Mark this moment (minus the reaction time)")},
    DeskCommandInfo{C::MarkWithText, "mark-with-text", M::Play, EARMARK_TEXT("Mark with a te&xt"), "Shift+M Ctrl+Alt+M",
                    "", EARMARK_TEXT("Mark this moment and write what it is")},
    DeskCommandInfo{C::GoToTime, "go-to-time", M::Play, EARMARK_TEXT("Go to tim&e\u2026"), "G Ctrl+G", "",
                    EARMARK_TEXT("Go to a time in the recording")},
    DeskCommandInfo{C::Mute, "mute", M::Play, EARMARK_TEXT("Sound off or on"), "Ctrl+Shift+U", "",
                    EARMARK_TEXT("Sound off or on")},
    DeskCommandInfo{C::AutoPlayNext, "auto-play-next", M::Play, EARMARK_TEXT("Play the next call by itse&lf"), "", "",
                    ""},
    DeskCommandInfo{C::ZoomIn, "zoom-in", M::View, EARMARK_TEXT("&Zoom into the sound"), "+ = Ctrl++ Ctrl+=", "",
                    EARMARK_TEXT("Zoom into the sound")},
    DeskCommandInfo{C::ZoomOut, "zoom-out", M::View, EARMARK_TEXT("Zoom o&ut of the sound"), "- Ctrl+-", "",
                    EARMARK_TEXT("Zoom out of the sound")},
    DeskCommandInfo{C::ZoomAll, "zoom-all", M::View, EARMARK_TEXT("The w&hole sound"), "0 Ctrl+0", "",
                    EARMARK_TEXT("The whole sound")},
    DeskCommandInfo{C::FollowTranscript, "follow-transcript", M::View, EARMARK_TEXT("&Follow the transcript"),
                    "T Ctrl+T", "", EARMARK_TEXT("The transcript follows the sound, or not")},
    DeskCommandInfo{C::ShowCallTab, "show-call-tab", M::View, EARMARK_TEXT("The c&all"), "Alt+1", "",
                    EARMARK_TEXT("The call in the pane")},
    DeskCommandInfo{C::ShowTranscriptTab, "show-transcript-tab", M::View, EARMARK_TEXT("Its tra&nscript"), "Alt+2", "",
                    EARMARK_TEXT("Its transcript: Enter plays from a turn, O reads it whole, Ctrl+F and F3 search")},
    DeskCommandInfo{C::ShowRawTab, "show-raw-tab", M::View, EARMARK_TEXT("The provider's &object"), "Alt+3", "",
                    EARMARK_TEXT("The provider's object, raw: Ctrl+F and F3 search it")},
    DeskCommandInfo{C::DetailsAutomatic, "details-automatic", M::View, EARMARK_TEXT("Details by window &width"), "", "",
                    ""},
    DeskCommandInfo{C::DetailsRight, "details-right", M::View, EARMARK_TEXT("Details on the &right"), "", "", ""},
    DeskCommandInfo{C::DetailsBelow, "details-below", M::View, EARMARK_TEXT("Details &below"), "", "", ""},
    DeskCommandInfo{C::ThemeSystem, "theme-system", M::View, EARMARK_TEXT("As the &system"), "", "", ""},
    DeskCommandInfo{C::ThemeLight, "theme-light", M::View, EARMARK_TEXT("&Light"), "", "", ""},
    DeskCommandInfo{C::ThemeDark, "theme-dark", M::View, EARMARK_TEXT("&Dark"), "", "", ""},
    DeskCommandInfo{C::Preferences, "preferences", M::File, EARMARK_TEXT("&Preferences\u2026"), "Ctrl+,", "settings",
                    EARMARK_TEXT("Preferences: listening, sound device, cache")},
    DeskCommandInfo{C::ShowKeys, "show-keys", M::Help, EARMARK_TEXT("&Keys"), "? F1", "info",
                    EARMARK_TEXT("All keys at a glance")},
    DeskCommandInfo{C::ChangeKeys, "change-keys", M::Help, EARMARK_TEXT("&Change keys\u2026"), "Shift+F1", "",
                    EARMARK_TEXT("Other keys for any command")},
    DeskCommandInfo{C::About, "about", M::Help, EARMARK_TEXT("&About Earmark"), "", "earmark", ""},
};

#undef EARMARK_TEXT

static_assert(kCommands.size() == size_t(C::Count));

/// Only moving, skipping and what goes in steps may repeat while a key is held.
bool mayRepeat(DeskCommand command) {
    constexpr std::array kRepeating{C::NextCall,     C::PreviousCall, C::BackTen, C::ForwardTen,
                                    C::BackThree,    C::ForwardThree, C::Slower,  C::Faster,
                                    C::PreviousTurn, C::NextTurn,     C::ZoomIn,  C::ZoomOut};
    return std::find(kRepeating.begin(), kRepeating.end(), command) != kRepeating.end();
}

constexpr bool isInOrder() {
    for (std::size_t i = 0; i < kCommands.size(); ++i) {
        if (kCommands[i].command != C(i)) {
            return false;
        }
    }
    return true;
}
static_assert(isInOrder(), "deskCommands() is indexed by command");

}  // namespace

std::span<const DeskCommandInfo> deskCommands() {
    return kCommands;
}

QString commandText(const DeskCommandInfo& info) {
    return QCoreApplication::translate("DeskCommand", info.text);
}

QString commandMeaning(const DeskCommandInfo& info) {
    return *info.meaning == '\0' ? QString() : QCoreApplication::translate("DeskCommand", info.meaning);
}

QList<QKeySequence> commandKeys(const DeskCommandInfo& info) {
    QList<QKeySequence> keys;
    for (const QString& key : QString::fromLatin1(info.keys).split(u' ', Qt::SkipEmptyParts)) {
        keys << QKeySequence(key, QKeySequence::PortableText);
    }
    if (info.command == DeskCommand::PlayPause) {
        keys << QKeySequence(Qt::Key_MediaTogglePlayPause) << QKeySequence(Qt::Key_MediaPlay);
    }
    return keys;
}

DeskActions::DeskActions(KeyMap* keys, QWidget* window) : QObject(window), m_keys(keys) {
    for (const DeskCommandInfo& info : kCommands) {
        auto* action = new QAction(commandText(info), this);
        action->setShortcuts(keys->keys(info.command));
        action->setShortcutContext(Qt::WindowShortcut);
        if (*info.icon != '\0') {
            action->setIcon(icon(QString::fromLatin1(info.icon)));
        }
        action->setAutoRepeat(mayRepeat(info.command));
        window->addAction(action);
        m_actions.insert(info.command, action);
    }
    connect(keys, &KeyMap::changed, this, [this] {
        for (const DeskCommandInfo& info : kCommands) {
            m_actions.value(info.command)->setShortcuts(m_keys->keys(info.command));
        }
    });
}

}  // namespace earmark
