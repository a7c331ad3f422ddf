// The question for a time in the recording. Main thread only.
#pragma once

#include <QDialog>
#include <chrono>
#include <optional>

class QLineEdit;
class QPushButton;

namespace earmark {

class PlainLabel;

class GoToTimeDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GoToTimeDialog)

 public:
    GoToTimeDialog(std::chrono::milliseconds now, std::chrono::milliseconds duration, QWidget* parent);

 Q_SIGNALS:
    void timeGiven(std::chrono::milliseconds at);

 private:
    void judge();

    std::chrono::milliseconds m_duration;
    QLineEdit* m_time;
    PlainLabel* m_says;
    QPushButton* m_go;
};

/// "1:23", "83", "1:02:03.5": a time in a recording; nullopt: none.
[[nodiscard]] std::optional<std::chrono::milliseconds> recordingTimeFromText(const QString& text);

}  // namespace earmark
