// The desk: filter line on top, calls table, detail pane, player bar, status line. Main thread only.
#pragma once

#include <QMainWindow>
#include <memory>

#include "ui/common/deskservices.h"

namespace earmark {

class MainWindow final : public QMainWindow {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)

 public:
    explicit MainWindow(const DeskServices& services, QWidget* parent = nullptr);
    ~MainWindow() override;
    void raiseAndActivate();  ///< a second start asks for this

 Q_SIGNALS:
    void usable();  ///< rows are painted and the filter line takes keys (benchmark)

 protected:
    void closeEvent(
        QCloseEvent* event) override;  ///< commits edits, waits for their COMMIT without a nested loop, then closes
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
