// All keys of the desk on one sheet, as they are set now, with what stands on the number keys. Main thread only.
#pragma once

#include <QDialog>

namespace earmark {

class DigitDispositions;
class KeyMap;

class KeySheet final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeySheet)

 public:
    KeySheet(const KeyMap* keys, const DigitDispositions* digits, QWidget* parent);
};

}  // namespace earmark
