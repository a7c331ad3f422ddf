// Lets the window close only when what was typed is on disk: commits, waits for the reviews lane, and says so when it
// cannot be saved. No nested loop: the first close is put off and done again. Main thread only.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>

#include "models/store/store.h"

class QWidget;

namespace earmark {

class DetailPane;
class MessageStrip;

class SaveBeforeClosing final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SaveBeforeClosing)

 public:
    SaveBeforeClosing(Store* store, DetailPane* pane, MessageStrip* messages, QWidget* window);

    /// For closeEvent: false = not yet; the window is closed again by itself once all is saved.
    [[nodiscard]] bool mayClose();
    /// Somebody else who may have something that is not on disk yet, and who tries again by itself.
    void alsoAsk(std::function<bool()> hasUnsaved) { m_others = std::move(hasUnsaved); }

 private:
    [[nodiscard]] bool hasUnsaved() const;
    enum class State { Open, Waiting, CannotSave, Asking, MayClose };
    void wait();
    void checked();
    void tellCannotSave();
    void askToDiscard();

    Store* m_store;
    DetailPane* m_pane;
    MessageStrip* m_messages;
    QWidget* m_window;
    std::function<bool()> m_others;
    QTimer m_patience;
    State m_state = State::Open;
};

}  // namespace earmark
