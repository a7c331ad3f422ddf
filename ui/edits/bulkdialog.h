// One change to the selected calls or to all of the filter: what is to be done, what it would change, then doing it
// with progress and cancel. A sheet of the window; nothing blocks. Main thread only.
#pragma once

#include <QDialog>
#include <QThreadPool>

#include "models/edits/bulkedit.h"
#include "models/tables/bulkcalls.h"
#include "ui/detail/parts.h"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QRadioButton;
class QVBoxLayout;

namespace earmark {

class BulkPreviewBox;

class BulkDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BulkDialog)

 public:
    struct Rows {
        CallIndexPtr index;
        RowOrder selected;
        RowOrder all;  ///< of the filter
    };
    BulkDialog(Store* store, std::shared_ptr<const Clock> clock, Rows rows, QWidget* parent);
    ~BulkDialog() override;

    void reject() override;  ///< Esc: while it runs it is cancelled first

    [[nodiscard]] BulkChange change() const;

 Q_SIGNALS:
    /// It is over (also by a cancel), and something was changed or found to say so already.
    void edited(const earmark::BulkOutcome& outcome);

 private:
    void build();
    void buildScope(QVBoxLayout* column);
    void buildButtons(QVBoxLayout* column);
    void connectParts();
    void kindChanged();
    void gather();
    void countSoon();
    void count();
    void counted(quint64 question, const BulkPreview& preview);
    void run();
    void showRunning(bool running);
    void progressed(qint64 done, qint64 all);
    void ended(const BulkOutcome& outcome);
    [[nodiscard]] BulkChange::Kind kind() const;

    Store* m_store;
    const Rows m_rows;
    BulkEdit m_bulk;
    QThreadPool m_pool;
    std::shared_ptr<const std::vector<BulkCall>> m_calls;  ///< of the rows chosen; null: being gathered
    quint64 m_question = 0;                                ///< newest wins
    std::optional<BulkPreview> m_preview;
    QString m_step;  ///< of a run that failed on the way: going on is the same step

    QRadioButton* m_selected = nullptr;
    QRadioButton* m_all = nullptr;
    QComboBox* m_kind = nullptr;
    QLineEdit* m_line = nullptr;
    QPlainTextEdit* m_text = nullptr;
    BulkPreviewBox* m_box = nullptr;
    IconLine* m_problem = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_close = nullptr;
    QWidget* m_form = nullptr;
};

}  // namespace earmark
