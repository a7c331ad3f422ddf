// A line to search a list of texts: what is typed is looked for on a pool thread, whatever its case and accents; says
// how often it is there. Main thread only.
#pragma once

#include <QTimer>
#include <QWidget>
#include <atomic>
#include <memory>

#include "models/sync/workers.h"
#include "ui/detail/textrowsview.h"

class QLabel;
class QLineEdit;
class QToolButton;

namespace earmark {

class FindLine final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FindLine)

 public:
    static constexpr size_t kMostFound = 100'000;  ///< what is marked and counted; then "more than" is said

    FindLine(TextRowsModel* rows, TextRowsView* view, QWidget* parent = nullptr);
    ~FindLine() override;
    void open();  ///< shows itself with the focus
    void close();
    void step(bool forward);  ///< round and round
    [[nodiscard]] QLineEdit* input() const { return m_input; }
    [[nodiscard]] QString countText() const;

 Q_SIGNALS:
    void opened();
    void closed();

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    struct Found;
    void search();
    void take(const Found& found);
    void tell();

    TextRowsModel* m_rows;
    TextRowsView* m_view;
    QLineEdit* m_input;
    QLabel* m_count;
    QToolButton* m_previous;
    QToolButton* m_next;
    QTimer m_soon;
    std::shared_ptr<std::atomic<bool>> m_stop;  ///< of the search under way
    quint64 m_asked = 0;
    size_t m_found = 0;
    bool m_isMore = false;
    bool m_isSearching = false;
    int m_current = -1;
    Workers m_workers{1};
};

}  // namespace earmark
