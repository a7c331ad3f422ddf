// Ties the outbox to the desk: its dock and chip, the key that opens it, and where its lines lead. Main thread only.
#pragma once

#include <QObject>
#include <functional>

#include "models/domain/review.h"
#include "ui/common/deskservices.h"

class QAction;
class QMainWindow;

namespace earmark {

class AccountsDialog;
class CallTable;
class ConflictDesk;
class DetailPane;
class FilterLine;
class OutboxChip;
class OutboxDock;
class OutboxModel;

class OutboxDesk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutboxDesk)

 public:
    struct Places {
        QMainWindow* window = nullptr;
        CallTable* table = nullptr;
        DetailPane* pane = nullptr;
        FilterLine* filter = nullptr;
        QAction* open = nullptr;  ///< becomes checkable
        QAction* sync = nullptr;  ///< sends, then pulls
        std::function<AccountsDialog*()> showAccounts;
    };
    OutboxDesk(const DeskServices& services, const Places& places);

    /// As it was when the window was closed; before the window is shown.
    void restore();
    void save();

 private:
    void toggle();
    /// False: the call is not on this computer.
    bool goTo(const CallKey& key);
    void goToField(const CallKey& key, ReviewField field);
    void solveConflict(const CallKey& key, ReviewField field);
    void askForKey(const QString& account, const QString& why);
    void noteKey(const QString& account);

    const DeskServices m_services;
    const Places m_at;
    OutboxModel* m_model;
    OutboxDock* m_dock;
    OutboxChip* m_chip;
    ConflictDesk* m_conflicts;
    bool m_isNew = true;
};

}  // namespace earmark
