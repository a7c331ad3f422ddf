#include "ui/mainwindow/severalcalls.h"

#include "models/store/store.h"
#include "models/tables/calltablemodel.h"
#include "ui/calltable/calltable.h"
#include "ui/edits/bulkdialog.h"
#include "ui/mainwindow/messagestrip.h"
#include "ui/mainwindow/undoview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
const QString kMessage = u"bulk"_s;
}

SeveralCalls::SeveralCalls(const DeskServices& services, CallTable* table, MessageStrip* messages, UndoView* undo,
                           QWidget* window)
    : QObject(window), m_services(services), m_table(table), m_messages(messages), m_undo(undo), m_window(window) {
    connect(undo, &UndoView::undone, this, [this](const QString& step) {
        if (step == m_told) {
            m_messages->remove(kMessage);  // taken back in another way
        }
    });
}

void SeveralCalls::edit() {
    const CallTableModel* const calls = m_services.calls;
    if (m_services.store->isReadOnly() || calls->rowCount() == 0) {
        m_messages->show(kMessage, MessageKind::Notice,
                         calls->rowCount() == 0 ? tr("There are no calls in the table to edit.")
                                                : tr("Nothing can be edited: the data folder cannot be written."));
        return;
    }
    m_messages->remove(kMessage);
    auto* dialog = new BulkDialog(
        m_services.store, m_services.clock,
        {calls->index(), m_table->selectedRowNumbers(), calls->rowNumbers(0, calls->rowCount() - 1)}, m_window);
    connect(dialog, &BulkDialog::edited, this, &SeveralCalls::tell);
    dialog->open();
}

void SeveralCalls::tell(const BulkOutcome& outcome) {
    const MessageKind kind = outcome.error ? MessageKind::Warning : MessageKind::Notice;
    if (outcome.changed == 0) {
        m_messages->show(kMessage, kind, bulkOutcomeText(outcome));
        return;
    }
    m_told = outcome.step;
    m_messages->show(kMessage, kind, bulkOutcomeText(outcome), tr("Undo"), [this, step = outcome.step] {
        m_messages->remove(kMessage);
        m_undo->undoStep(step);
    });
}

}  // namespace earmark
