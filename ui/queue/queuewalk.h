// The way through the calls of the view: next and previous with the sound going on, the next call by itself at the end
// of a recording, and the recordings ahead of it. Main thread only.
#pragma once

#include <QAction>
#include <QObject>
#include <QPointer>
#include <functional>
#include <optional>

#include "models/domain/callkey.h"
#include "ui/common/deskservices.h"
#include "ui/queue/nextrecordings.h"

namespace earmark {

class CallTable;
class DetailPane;
class RecordingDesk;

class QueueWalk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QueueWalk)

 public:
    struct Parts {
        CallTable* table = nullptr;
        DetailPane* pane = nullptr;
        RecordingDesk* recording = nullptr;                ///< the pane's
        std::function<void(const QString&)> say;           ///< a word in the status line
        std::function<void(const QString&)> sayItStopped;  ///< a word that stays; "": it goes
    };

    QueueWalk(const DeskServices& services, const Parts& parts, QObject* parent = nullptr);

    /// N and P: what plays goes on with the call that is gone to (setting "queue/keepPlaying").
    void step(int rows);
    /// Ctrl+Enter.
    void saveAndNext();
    /// Checkable, and remembered ("queue/autoPlayNext").
    void setAutoPlayAction(QAction* action);
    /// Play or pause was asked for. Where nothing can sound, the sound does not go on at the next call either.
    void playOrPauseAsked();
    [[nodiscard]] bool playsNextByItself() const;

 private:
    void ended();
    void callChanged(const std::optional<CallKey>& key);
    void recordingChanged();
    void tellSilence();
    [[nodiscard]] bool soundGoesOn() const;
    [[nodiscard]] std::optional<CallKey> nextToHear() const;

    DeskServices m_services;
    Parts m_parts;
    NextRecordings m_next;
    QPointer<QAction> m_autoPlay;
    std::optional<CallKey> m_toPlay;  ///< gone to, and shown in a moment
    std::optional<CallKey> m_chain;   ///< gone to by itself; until it plays
    bool m_wish = false;              ///< it played, and goes on where there is something to hear
    std::optional<CallKey> m_told;    ///< why nothing sounds there
};

}  // namespace earmark
