// The accounts: which there are and how they are, and the form of the chosen one; adds, changes, tests, disables and
// removes them. Main thread only. Show it with open(); it never blocks and deletes itself when it is closed.
#pragma once

#include <QDialog>
#include <memory>

#include "ui/common/deskservices.h"

namespace earmark {

class AccountsDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountsDialog)

 public:
    explicit AccountsDialog(const DeskServices& services, QWidget* parent = nullptr);
    ~AccountsDialog() override;

    /// The form of a new account. `name` is for calls that are here already: the account must have the name they know.
    void addAccount(const QString& name = {});
    void showTarget(const QString& name);  ///< with the focus on where its edits go
    void showAccount(const QString& name);

    /// Esc, Close and the window's own button: what was typed and not saved is asked about first, in the dialog itself.
    void reject() override;

 Q_SIGNALS:
    void pullWanted();  ///< an account was added, enabled or changed, or has another key

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
