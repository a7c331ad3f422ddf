// The row of small controls beside the transport: speed, again slower, skip silence with what it saves, whose voice is
// heard, loop. Each shows its state in words, and a click does what its key does. Main thread only.
#pragma once

#include <QWidget>

class QMenu;
class QToolButton;

namespace earmark {

class CallSound;
class DeskSettings;
class Player;

class ListeningControls final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ListeningControls)

 public:
    ListeningControls(Player* player, CallSound* sound, DeskSettings* settings, QWidget* parent = nullptr);

 protected:
    void wheelEvent(QWheelEvent* event) override;  ///< over the speed: a tenth per notch

 private:
    [[nodiscard]] QToolButton* button(const QString& name, const QString& accessibleName);
    [[nodiscard]] QMenu* addMenu(QToolButton* of, void (ListeningControls::*fill)());
    void fillTempoMenu();
    void fillSkipMenu();
    void fillVoicesMenu();
    void keepWidths();
    void showTempo();
    void showSkips();
    void showVoices();
    void showLoop();

    Player* m_player;
    CallSound* m_sound;
    DeskSettings* m_settings;
    QToolButton* m_again;
    QToolButton* m_tempo;
    QToolButton* m_skip;
    QToolButton* m_voices;
    QToolButton* m_loop;
    QMenu* m_tempoMenu;
    QMenu* m_skipMenu;
    QMenu* m_voicesMenu;
};

}  // namespace earmark
