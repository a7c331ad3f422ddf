#include "ui/mainwindow/deskcommands.h"

#include <QCoreApplication>
#include <QWidget>
#include <array>

#include "ui/common/icons.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

using C = DeskCommand;
using M = DeskMenu;

#define EARMARK_TEXT(text) QT_TRANSLATE_NOOP("DeskCommand", text)

// Single letters are dead while typing: text fields take them first. Each has a twin with a modifier or an F-key, so
// that pedals and people who switch single keys off have all of them too.
constexpr std::array kCommands{
    DeskCommandInfo{C::Accounts, M::File, EARMARK_TEXT("A&ccounts\u2026"), "Ctrl+Alt+A", "settings",
                    EARMARK_TEXT("Accounts: add, test, change, disable, remove")},
    DeskCommandInfo{C::AddAccount, M::File, EARMARK_TEXT("&Add account\u2026"), "Ctrl+Shift+A", "account", ""},
    DeskCommandInfo{C::Quit, M::File, EARMARK_TEXT("&Quit"), "Ctrl+Q", "", EARMARK_TEXT("Save and quit")},
    DeskCommandInfo{C::Pull, M::Calls, EARMARK_TEXT("&Pull calls"), "F5 Ctrl+R", "refresh",
                    EARMARK_TEXT("Pull calls from all accounts")},
    DeskCommandInfo{C::CancelPull, M::Calls, EARMARK_TEXT("&Cancel pull"), "Shift+F5", "cancel",
                    EARMARK_TEXT("Cancel the pull; what came stays")},
    DeskCommandInfo{C::ShowNewCalls, M::Calls, EARMARK_TEXT("Show new ca&lls"), "G Ctrl+G", "",
                    EARMARK_TEXT("To the calls that came by themselves")},
    DeskCommandInfo{C::NextCall, M::Calls, EARMARK_TEXT("&Next call"), "N Ctrl+Down", "",
                    EARMARK_TEXT("Next call (Down in the table)")},
    DeskCommandInfo{C::PreviousCall, M::Calls, EARMARK_TEXT("Pre&vious call"), "P Ctrl+Up", "",
                    EARMARK_TEXT("Previous call (Up in the table)")},
    DeskCommandInfo{C::FindCalls, M::Calls, EARMARK_TEXT("&Filter"), "Ctrl+F /", "filter",
                    EARMARK_TEXT("To the filter line; Esc clears it")},
    DeskCommandInfo{C::OpenCall, M::Calls, EARMARK_TEXT("&Open call by id\u2026"), "Ctrl+O", "search",
                    EARMARK_TEXT("Open a call by its id")},
    DeskCommandInfo{C::BackToCalls, M::Calls, EARMARK_TEXT("Back to the &table"), "Esc", "",
                    EARMARK_TEXT("Back to the table; while typing, first discards what is not saved (Ctrl+Z: back)")},
    DeskCommandInfo{C::CopyCallKey, M::Calls, EARMARK_TEXT("Cop&y call key"), "Ctrl+Shift+C", "copy",
                    EARMARK_TEXT("Copy the key of the selected calls")},
    DeskCommandInfo{C::Undo, M::Edit, EARMARK_TEXT("&Undo"), "Ctrl+Z", "",
                    EARMARK_TEXT("Undo what was done last; while typing, the typing")},
    DeskCommandInfo{C::Redo, M::Edit, EARMARK_TEXT("&Redo"), "Ctrl+Shift+Z Ctrl+Y", "",
                    EARMARK_TEXT("Redo what was undone last")},
    DeskCommandInfo{C::EditDisposition, M::Edit, EARMARK_TEXT("&Disposition"), "D Ctrl+D", "",
                    EARMARK_TEXT("To the disposition")},
    DeskCommandInfo{C::EditNotes, M::Edit, EARMARK_TEXT("&Notes"), "E Ctrl+E", "note", EARMARK_TEXT("To the notes")},
    DeskCommandInfo{C::Save, M::Edit, EARMARK_TEXT("&Save"), "Ctrl+S", "saved",
                    EARMARK_TEXT("Save the edits of this call")},
    DeskCommandInfo{C::SaveAndNext, M::Edit, EARMARK_TEXT("Save and ne&xt"), "Ctrl+Return Ctrl+Enter", "",
                    EARMARK_TEXT("Save, mark as reviewed and go to the next call")},
    DeskCommandInfo{C::ToggleReviewed, M::Edit, EARMARK_TEXT("Re&viewed or not"), "R Ctrl+Shift+R", "reviewed",
                    EARMARK_TEXT("Mark the call as reviewed, or not")},
    DeskCommandInfo{C::ToggleFlag, M::Edit, EARMARK_TEXT("&Flagged or not"), "F Ctrl+Shift+F", "flag",
                    EARMARK_TEXT("Flag the call, or take its flag away")},
    DeskCommandInfo{C::FlagWithWord, M::Edit, EARMARK_TEXT("Flag with a &word"), "Shift+F Ctrl+Alt+F", "",
                    EARMARK_TEXT("Flag the call with a word")},
    DeskCommandInfo{C::EditSeveral, M::Edit, EARMARK_TEXT("Edit several &calls\u2026"), "Ctrl+B", "edited",
                    EARMARK_TEXT("Edit all selected calls, or all of the filter")},
    DeskCommandInfo{C::Outbox, M::Edit, EARMARK_TEXT("&Outbox"), "Ctrl+Shift+O", "outbox",
                    EARMARK_TEXT("The outbox: what became of every edit, and what can be done about it")},
    DeskCommandInfo{C::SolveConflict, M::Edit, EARMARK_TEXT("So&lve conflict\u2026"), "Ctrl+M", "warning",
                    EARMARK_TEXT("The texts of a conflict side by side, to choose or combine")},
    DeskCommandInfo{C::PlayPause, M::Play, EARMARK_TEXT("&Play or pause"), "Space F8 Ctrl+P", "play",
                    EARMARK_TEXT("Play or pause")},
    DeskCommandInfo{C::BackTen, M::Play, EARMARK_TEXT("&Back 10 s"), "J F7 Ctrl+J", "back-10",
                    EARMARK_TEXT("Back 10 s")},
    DeskCommandInfo{C::ForwardTen, M::Play, EARMARK_TEXT("&Forward 10 s"), "L F9 Ctrl+L", "forward-10",
                    EARMARK_TEXT("Forward 10 s")},
    DeskCommandInfo{C::BackThree, M::Play, EARMARK_TEXT("Back &3 s"), "Left Alt+Left", "", EARMARK_TEXT("Back 3 s")},
    DeskCommandInfo{C::ForwardThree, M::Play, EARMARK_TEXT("Forward 3 &s"), "Right Alt+Right", "",
                    EARMARK_TEXT("Forward 3 s")},
    DeskCommandInfo{C::ShowCallTab, M::View, EARMARK_TEXT("The c&all"), "Alt+1", "",
                    EARMARK_TEXT("The call in the pane")},
    DeskCommandInfo{C::ShowTranscriptTab, M::View, EARMARK_TEXT("Its tra&nscript"), "Alt+2", "",
                    EARMARK_TEXT("Its transcript: Ctrl+F and F3 search it, Enter opens a turn")},
    DeskCommandInfo{C::ShowRawTab, M::View, EARMARK_TEXT("The provider's &object"), "Alt+3", "",
                    EARMARK_TEXT("The provider's object, raw: Ctrl+F and F3 search it")},
    DeskCommandInfo{C::DetailsAutomatic, M::View, EARMARK_TEXT("Details by window &width"), "", "", ""},
    DeskCommandInfo{C::DetailsRight, M::View, EARMARK_TEXT("Details on the &right"), "", "", ""},
    DeskCommandInfo{C::DetailsBelow, M::View, EARMARK_TEXT("Details &below"), "", "", ""},
    DeskCommandInfo{C::ThemeSystem, M::View, EARMARK_TEXT("As the &system"), "", "", ""},
    DeskCommandInfo{C::ThemeLight, M::View, EARMARK_TEXT("&Light"), "", "", ""},
    DeskCommandInfo{C::ThemeDark, M::View, EARMARK_TEXT("&Dark"), "", "", ""},
    DeskCommandInfo{C::ShowKeys, M::Help, EARMARK_TEXT("&Keys"), "? F1", "info", EARMARK_TEXT("This sheet")},
    DeskCommandInfo{C::About, M::Help, EARMARK_TEXT("&About Earmark"), "", "earmark", ""},
};

#undef EARMARK_TEXT

static_assert(kCommands.size() == size_t(C::Count));

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

DeskActions::DeskActions(QWidget* window) : QObject(window) {
    for (const DeskCommandInfo& info : kCommands) {
        auto* action = new QAction(commandText(info), this);
        action->setShortcuts(commandKeys(info));
        action->setShortcutContext(Qt::WindowShortcut);
        if (*info.icon != '\0') {
            action->setIcon(icon(QString::fromLatin1(info.icon)));
        }
        // Only moving and skipping may repeat while a key is held.
        action->setAutoRepeat(info.command == C::NextCall || info.command == C::PreviousCall ||
                              info.command == C::BackTen || info.command == C::ForwardTen ||
                              info.command == C::BackThree || info.command == C::ForwardThree);
        window->addAction(action);
        m_actions.insert(info.command, action);
    }
}

}  // namespace earmark
