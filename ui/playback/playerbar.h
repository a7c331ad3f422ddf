// The player bar: play/pause, back/forward, seek, volume, elapsed/left, and what is wrong in words. Main thread only.
#pragma once

#include <QWidget>
#include <memory>

namespace earmark {

class DeskSettings;
class ListeningControls;
class Player;

class PlayerBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlayerBar)

 public:
    PlayerBar(Player* player, DeskSettings* settings, QWidget* parent = nullptr);
    ~PlayerBar() override;
    /// "Recording is being fetched (1.2 of 3.4 MB)", "No recording", an error sentence, "From 1:23, where you
    /// stopped.", or "" for none.
    void setMessage(const QString& message);
    /// Play cannot do anything here, and why; "": it can.
    void setNothingToPlay(const QString& why);
    void addControls(ListeningControls* controls);  ///< between the line of time and the volume

 Q_SIGNALS:
    void playRequested();  ///< play pressed while no recording is open

 protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
