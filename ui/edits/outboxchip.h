// "3 waiting", "1 refused", "all sent": how it stands with all edits, in the status line; a click opens the outbox.
// Main thread only.
#pragma once

#include <QPushButton>

namespace earmark {

class OutboxModel;

class OutboxChip final : public QPushButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutboxChip)

 public:
    explicit OutboxChip(OutboxModel* model, QWidget* parent = nullptr);

 private:
    void tell();

    OutboxModel* m_model;
};

}  // namespace earmark
