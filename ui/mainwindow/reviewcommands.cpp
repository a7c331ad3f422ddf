#include "ui/mainwindow/reviewcommands.h"

#include <QMainWindow>
#include <QStatusBar>
#include <utility>

#include "ui/detail/detailpane.h"
#include "ui/detail/marksline.h"
#include "ui/detail/reviewblock.h"
#include "ui/mainwindow/severalcalls.h"

namespace earmark {

namespace {

constexpr int kSaidFor = 5000;  // ms

}  // namespace

ReviewCommands::ReviewCommands(const Parts& parts, QObject* parent) : QObject(parent), m_parts(parts) {
    DetailPane* const pane = m_parts.pane;
    on(DeskCommand::EditDisposition, [pane] { pane->focusDisposition(); });
    on(DeskCommand::EditNotes, [pane] { pane->focusNotes(); });
    on(DeskCommand::Save, [pane] { pane->commitEdits(); });
    on(DeskCommand::FlagWithWord, [pane] { pane->focusFlag(); });
    on(DeskCommand::ToggleReviewed, [this, pane] {
        m_asked = Asked::Reviewed;
        pane->review()->toggleReviewed();
    });
    on(DeskCommand::ToggleFlag, [this, pane] {
        m_asked = Asked::Flag;
        pane->review()->toggleFlag();
    });
    connect(pane->review(), &ReviewBlock::committed, this, [this, pane](const CallKey& key) {
        const Asked asked = std::exchange(m_asked, Asked::Nothing);
        if (asked != Asked::Nothing && pane->call() == key) {
            const MarksLine* const marks = pane->review()->marks();
            say(asked == Asked::Reviewed ? marks->reviewedText() : marks->flagText());
        }
    });
    on(DeskCommand::EditSeveral, [this, pane] {
        pane->review()->commitTyped();  // what is typed is an edit of its own, made before
        m_parts.several->edit();
    });
    on(DeskCommand::SolveConflict, [this, pane] {
        if (!pane->solveConflict()) {
            say(tr("This call has no conflict."));
        }
    });
}

void ReviewCommands::on(DeskCommand command, const std::function<void()>& run) {
    connect(m_parts.actions->action(command), &QAction::triggered, this, run);
}

void ReviewCommands::say(const QString& sentence) {
    m_parts.window->statusBar()->showMessage(sentence, kSaidFor);
}

}  // namespace earmark
