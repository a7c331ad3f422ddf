// A label that shows data as plain text only, always. Main thread only. The only label class that may show data.
#pragma once

#include <QLabel>

namespace earmark {

class PlainLabel : public QLabel {
    Q_OBJECT

   public:
    explicit PlainLabel(QWidget* parent = nullptr);
    explicit PlainLabel(const QString& text, QWidget* parent = nullptr);
    /// Shown through shownText() (control and bidi marks visible); the tooltip holds the rest when elided.
    void setData(const QString& text);
};

}  // namespace earmark
