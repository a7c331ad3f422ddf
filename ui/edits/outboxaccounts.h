// How it stands with the target of each account, a line each, with what can be done about it. Nothing here takes the
// focus by itself. Main thread only.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>

#include "models/domain/account.h"
#include "models/domain/clock.h"
#include "models/sync/pushreport.h"

class QPushButton;
class QVBoxLayout;

namespace earmark {

class AccountBook;
class IconLine;
class Pusher;

class OutboxAccounts final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutboxAccounts)

 public:
    /// `pusher` may be null: then only what is set is told.
    OutboxAccounts(AccountBook* accounts, Pusher* pusher, std::shared_ptr<const Clock> clock,
                   QWidget* parent = nullptr);

 Q_SIGNALS:
    void targetWanted(const QString& account);  ///< to be chosen, or its secret to be entered
    void keyWanted(const QString& account, const QString& why);

 protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

 private:
    struct Line {
        QString account;
        QWidget* row = nullptr;
        IconLine* says = nullptr;
        QPushButton* button = nullptr;
        bool wantsKey = false;
        QString reason;
    };
    void rebuild();
    void tell();
    void tellKept();
    Line& lineOf(const QString& account);
    void press(const QString& account);

    AccountBook* m_accounts;
    Pusher* m_pusher;
    std::shared_ptr<const Clock> m_clock;
    QVBoxLayout* m_column;
    IconLine* m_kept;  ///< accounts without a target, in one line
    std::vector<Line> m_lines;
    QTimer m_tick;
};

}  // namespace earmark
