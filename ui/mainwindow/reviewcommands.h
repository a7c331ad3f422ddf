// Hangs the commands of reviewing onto the desk: fields, marks of the call, several calls, conflicts. What was done to
// marks that may be out of sight is said in the status line. Main thread only.
#pragma once

#include <QObject>
#include <functional>

#include "ui/mainwindow/deskcommands.h"

class QMainWindow;

namespace earmark {

class DetailPane;
class SeveralCalls;

class ReviewCommands final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReviewCommands)

 public:
    struct Parts {
        QMainWindow* window = nullptr;
        DeskActions* actions = nullptr;
        DetailPane* pane = nullptr;
        SeveralCalls* several = nullptr;
    };
    ReviewCommands(const Parts& parts, QObject* parent);

 private:
    enum class Asked { Nothing, Reviewed, Flag };
    void on(DeskCommand command, const std::function<void()>& run);
    void say(const QString& sentence);

    const Parts m_parts;
    Asked m_asked = Asked::Nothing;  ///< by key, and not on disk yet
};

}  // namespace earmark
