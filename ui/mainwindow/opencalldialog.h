// Opens a call by its id: one that is here at once, another after its provider was asked for it. Main thread only. Show
// it with open(); it never blocks and deletes itself when it is closed.
#pragma once

#include <QDialog>
#include <vector>

#include "models/domain/callkey.h"
#include "ui/common/deskservices.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace earmark {

class IconLine;

class OpenCallDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OpenCallDialog)

 public:
    /// `account` is chosen at the beginning, where there is one of that name.
    OpenCallDialog(const DeskServices& services, const QString& account, QWidget* parent = nullptr);

 Q_SIGNALS:
    void callFound(const earmark::CallKey& key);  ///< it is stored here

 private:
    void build(const QString& account);
    void lookUp();
    void look(const std::vector<CallKey>& keys, size_t at);  ///< here, one after the other; then asks for the first
    void ask(const CallKey& key);
    void found(const CallKey& key);
    void fail(const QString& sentence);
    void setBusy(bool busy);

    DeskServices m_services;
    QComboBox* m_account = nullptr;
    QLineEdit* m_id = nullptr;
    IconLine* m_says = nullptr;
    QPushButton* m_open = nullptr;
};

}  // namespace earmark
