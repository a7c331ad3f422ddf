// The lines of the outbox with the sign of their state beside its word; the current line stays on its edit whatever
// comes and goes around it. Main thread only.
#pragma once

#include <QTableView>
#include <optional>

#include "models/tables/outboxmodel.h"

namespace earmark {

class OutboxTable final : public QTableView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutboxTable)

 public:
    explicit OutboxTable(OutboxModel* model, QWidget* parent = nullptr);

    [[nodiscard]] std::optional<PendingEdit> currentEdit() const;
    void keyboardSearch(const QString& search) override;  ///< does nothing: single letters are the desk's keys

 Q_SIGNALS:
    void currentEditChanged();  ///< another one, or the same with another fate
    void goWanted();            ///< Enter, double click
    void dropWanted();          ///< Delete

 protected:
    void keyPressEvent(QKeyEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void changeEvent(QEvent* event) override;

 private:
    void remember();
    void restore();
    void measure();

    OutboxModel* m_model;
    struct Place {
        CallKey key;
        ReviewField field = ReviewField::Disposition;
        int row = 0;
        int scroll = 0;
    };
    std::optional<Place> m_place;  ///< while the rows are changed
    bool m_isChanging = false;
};

}  // namespace earmark
