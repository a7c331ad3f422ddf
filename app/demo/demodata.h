// The files of the demo that lie inside the program. Any thread.
#pragma once

#include <QByteArray>
#include <QString>

namespace earmark {

/// "calls.json", "dialogues.json", "recordings/refund.wav"; empty when there is no such file.
[[nodiscard]] QByteArray demoFile(const QString& name);

}  // namespace earmark
