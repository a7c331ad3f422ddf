// Editing several calls at once as the window offers it: opens the sheet for the rows of the table, tells the end with
// a way back. Main thread only.
#pragma once

#include <QWidget>

#include "models/edits/bulkedit.h"
#include "ui/common/deskservices.h"

namespace earmark {

class CallTable;
class MessageStrip;
class UndoView;

class SeveralCalls final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SeveralCalls)

 public:
    SeveralCalls(const DeskServices& services, CallTable* table, MessageStrip* messages, UndoView* undo,
                 QWidget* window);
    void edit();

 private:
    void tell(const BulkOutcome& outcome);

    const DeskServices m_services;
    CallTable* m_table;
    MessageStrip* m_messages;
    UndoView* m_undo;
    QWidget* m_window;
    QString m_told;  ///< the step that the message in the strip offers to take back
};

}  // namespace earmark
