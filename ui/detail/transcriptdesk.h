// Joins the transcript and the sound of the shown call: places of turns, what is heard now, play from here, from turn
// to turn, follow or not. Main thread only.
#pragma once

#include <QObject>
#include <functional>
#include <optional>

#include "models/audio/turnsteps.h"
#include "models/domain/callkey.h"
#include "ui/common/deskservices.h"

namespace earmark {

class TranscriptView;

class TranscriptDesk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TranscriptDesk)

 public:
    /// `openAndPlay`: fetches and opens the shown call's recording where it is not open yet, then plays.
    TranscriptDesk(const DeskServices& services, TranscriptView* view, std::function<void()> openAndPlay,
                   QObject* parent = nullptr);

    /// In the shown call, exactly there; opened first where it is not.
    void playFrom(std::chrono::milliseconds at);
    /// False: there is no such turn, or nothing is open.
    bool previousTurn();
    bool nextTurn();
    void toggleFollowing();
    [[nodiscard]] bool isFollowing() const;

 private:
    void takeTurns();
    void takeSteps();
    void tellPosition();
    void goWhereWanted();
    [[nodiscard]] bool isOpen() const;

    const DeskServices m_services;
    TranscriptView* m_view;
    std::function<void()> m_openAndPlay;
    TurnSteps m_steps;  ///< of the transcript, else of what is heard
    struct Wanted {
        CallKey call;
        std::chrono::milliseconds at{};
    };
    std::optional<Wanted> m_wanted;  ///< its recording is being opened
};

}  // namespace earmark
