// Keeps the turn that is heard lit and in sight: follows the sound, yields to the hand that scrolls, and offers the way
// back. Main thread only.
#pragma once

#include <QObject>
#include <QVariantAnimation>
#include <chrono>
#include <optional>

#include "models/audio/turnsteps.h"

class QPushButton;

namespace earmark {

class TranscriptModel;
class TurnsList;

class TurnFollower final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TurnFollower)

 public:
    TurnFollower(TurnsList* list, TranscriptModel* turns);

    void setSteps(const TurnSteps& steps);
    void setPosition(std::optional<std::chrono::milliseconds> at);  ///< nullopt: nothing is heard of this call
    void setFollowing(bool follows);
    /// The key for it: while it yields it comes back, else it is switched on or off.
    void toggle();
    void resume();  ///< comes back to what is heard, where it follows at all
    [[nodiscard]] bool isFollowing() const { return m_follows; }
    [[nodiscard]] bool isYielding() const { return m_yields; }
    [[nodiscard]] QPushButton* wayBack() const { return m_wayBack; }

 Q_SIGNALS:
    void followingChanged(bool follows);

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    void light();
    void yield();
    void tell();
    void bringIntoView(int row);
    void placeButton();

    TurnsList* m_list;
    TranscriptModel* m_turns;
    TurnSteps m_steps;
    std::optional<std::chrono::milliseconds> m_at;
    int m_row = -1;
    bool m_follows = true;
    bool m_yields = false;
    int m_scrolled = 0;  ///< of the animation's way
    QVariantAnimation m_way;
    QPushButton* m_wayBack;
};

}  // namespace earmark
