// One turn of a transcript, whole: its text to select in, of a tool what it was asked and what it answered. Main thread
// only.
#pragma once

#include <QWidget>

#include "models/domain/calldetails.h"
#include "ui/detail/parts.h"

namespace earmark {

class LongTextView;

class TurnReader final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TurnReader)

 public:
    explicit TurnReader(QWidget* parent = nullptr);
    void show(int number, const Turn& turn);  ///< `number` counts from 1
    [[nodiscard]] LongTextView* text() const { return m_text; }

 Q_SIGNALS:
    void closeWanted();

 private:
    PlainLabel* m_title;
    LongTextView* m_text;
    PlainLabel* m_outputTitle;
    LongTextView* m_output;
};

}  // namespace earmark
