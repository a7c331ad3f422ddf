// Adds an account: where it is, its key, and a test whether both work. Main thread only. Show it with open(); it never
// blocks and deletes itself when it is closed.
#pragma once

#include <QDialog>
#include <memory>

#include "ui/common/deskservices.h"

namespace earmark {

class AddAccountDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AddAccountDialog)

 public:
    explicit AddAccountDialog(const DeskServices& services, QWidget* parent = nullptr);
    ~AddAccountDialog() override;

    /// For calls that are here already: the account must have the name they know.
    void suggestName(const QString& name);

    /// Esc and Cancel; once the account is stored, closing in any way is accepted().
    void reject() override;

 Q_SIGNALS:
    void accountAdded(const QString& name);  ///< stored; its key is known for this session at least

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
