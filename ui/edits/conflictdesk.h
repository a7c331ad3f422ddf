// The conflicts of the call that is shown: finds them, lists them, opens them. Main thread only.
#pragma once

#include <QObject>

#include "models/store/store.h"

namespace earmark {

class ConflictDesk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConflictDesk)

 public:
    /// `desk`: any widget of the window that the views belong to.
    ConflictDesk(Store* store, QWidget* desk);

    void setCall(const std::optional<Call>& call);
    void load();  ///< found() tells
    void open(const ReviewConflict& conflict);
    void solve(ReviewField field);  ///< the newest one of the field, an open one first
    bool solveAny();                ///< false: no field of the call is in conflict

 Q_SIGNALS:
    void found(const QString& providerName, const std::vector<earmark::ReviewConflict>& conflicts);

 private:
    Store* const m_store;
    QWidget* const m_desk;
    std::optional<Call> m_call;
};

}  // namespace earmark
