// The sheet of keys, drawn from the table of commands. Main thread only.
#pragma once

#include <QDialog>

namespace earmark {

class KeySheet final : public QDialog {
    Q_OBJECT

 public:
    explicit KeySheet(QWidget* parent);
};

}  // namespace earmark
