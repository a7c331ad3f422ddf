// What this program is, its version and licence. Main thread only.
#pragma once

#include <QDialog>

namespace earmark {

class AboutDialog final : public QDialog {
    Q_OBJECT

 public:
    explicit AboutDialog(QWidget* parent);
};

}  // namespace earmark
