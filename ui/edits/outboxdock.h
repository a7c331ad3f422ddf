// The outbox below the table: what became of every edit, how it stands with the targets, and what can be done about it.
// Closed until somebody opens it; nothing in it takes the focus by itself. Main thread only.
#pragma once

#include <QDockWidget>
#include <memory>

#include "models/domain/review.h"
#include "models/tables/outboxlines.h"
#include "ui/common/deskservices.h"

namespace earmark {

class OutboxModel;

class OutboxDock final : public QDockWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutboxDock)

 public:
    /// `model` outlives the dock; it is watched while the dock is seen.
    OutboxDock(const DeskServices& services, OutboxModel* model, QWidget* parent = nullptr);
    ~OutboxDock() override;

    void takeFocus();  ///< into the lines
    void setFilter(OutboxFilter filter);
    void setMaySync(bool may);

 Q_SIGNALS:
    void callWanted(const earmark::CallKey& key);
    void fieldWanted(const earmark::CallKey& key, earmark::ReviewField field);
    void conflictWanted(const earmark::CallKey& key, earmark::ReviewField field);
    void targetWanted(const QString& account);
    void keyWanted(const QString& account, const QString& why);
    void syncWanted();  ///< send, then pull

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
