// Undo and redo as the window shows them: what was taken back in words, the call that it concerns, progress and cancel
// for big steps. The filter is never changed by it. Main thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <functional>

#include "models/edits/undo.h"

class QAction;

namespace earmark {

class MarksDesk;
class MessageStrip;

class UndoView final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UndoView)

 public:
    struct Parts {
        Store* store = nullptr;
        MessageStrip* messages = nullptr;
        QAction* undo = nullptr;  ///< their texts say what they would do
        QAction* redo = nullptr;
        std::function<void(const QString&)> say;       ///< a sentence for the status line
        std::function<void(const CallKey&)> showCall;  ///< selects it, or shows it beside a filter that keeps it out
    };
    UndoView(Parts parts, QObject* parent);

    /// What was done to marks is taken back in its turn, by the time of the doing.
    void setMarks(MarksDesk* marks);
    void undo() { revert(Revert::Undo); }
    void redo() { revert(Revert::Redo); }
    void undoStep(const QString& step) { m_undo.start(Revert::Undo, step); }  ///< only that, or nothing

 Q_SIGNALS:
    void undone(const QString& step);  ///< all of it

 private:
    void revert(Revert which);
    [[nodiscard]] bool isMarksTurn(Revert which, const std::optional<UndoStep>& stored) const;
    [[nodiscard]] QString commandText(Revert which, const std::optional<UndoStep>& stored) const;
    void askWhatIsNext();
    void tellProgress(qint64 done, qint64 all);
    void tellEnd(const UndoOutcome& outcome);

    const Parts m_parts;
    Undo m_undo;
    QPointer<MarksDesk> m_marks;
    QTimer m_soon;
};

}  // namespace earmark
