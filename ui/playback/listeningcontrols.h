// The row of small controls beside the transport: speed, again slower, skip silence with what it saves, whose voice is
// heard, loop. Each shows its state in words, and a click does what its key does. Where there is little room all but
// the speed go into one menu. Main thread only.
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

    void setCompact(bool compact);
    [[nodiscard]] int fullWidth() const;  ///< with everything side by side
    [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
    void wheelEvent(QWheelEvent* event) override;  ///< over the speed: a tenth per notch

 private:
    [[nodiscard]] QToolButton* button(const QString& name, const QString& accessibleName);
    void addMenu(QToolButton* of, void (ListeningControls::*fill)(QMenu*));
    void fillTempoMenu(QMenu* menu);
    void fillSkipMenu(QMenu* menu);
    void fillVoicesMenu(QMenu* menu);
    void fillMoreMenu(QMenu* menu);
    void keepWidths();
    void showTempo();
    void showSkips();
    void showVoices();
    void showLoop();
    void showMore();

    Player* m_player;
    CallSound* m_sound;
    DeskSettings* m_settings;
    QToolButton* m_again;
    QToolButton* m_tempo;
    QToolButton* m_skip;
    QToolButton* m_voices;
    QToolButton* m_loop;
    QToolButton* m_more;  ///< shown instead of the others
    bool m_compact = false;
};

}  // namespace earmark
