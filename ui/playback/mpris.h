// The desktop's media keys and its lock screen: org.mpris.MediaPlayer2 on the session bus. Main thread only; the bus is
// reached by a thread of its own, so that one that is broken holds nothing up and is not spoken of.
#pragma once

#include <QObject>
#include <functional>
#include <memory>

class QDBusConnection;

namespace earmark {

class DeskSettings;
class Player;

class Mpris final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Mpris)

 public:
    struct Controls {
        std::function<void()> playOrPause;  ///< also when no recording is open yet
        std::function<void(int)> step;      ///< to the next (1) or the previous (-1) call
        std::function<bool(int)> canStep;
        std::function<void()> raise;    ///< the window to the front
        std::function<QString()> name;  ///< of the call that is open; told only with "mpris/showNames"
    };

    Mpris(Player* player, DeskSettings* settings, Controls controls, QObject* parent = nullptr);
    ~Mpris() override;

    /// Looks for the session bus; returns at once. Not before the window can be used.
    void start();
    void lookAgain();  ///< what the controls say of the calls may be different now
    [[nodiscard]] bool isOnBus() const;

 Q_SIGNALS:
    void onBus();  ///< the name is ours: media keys work

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
