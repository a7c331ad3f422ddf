// The strip between the desk and the player bar that shows the recording of the shown call: ruler, timeline, waveform
// on one time scale, following the player. Main thread only.
#pragma once

#include <QWidget>
#include <chrono>
#include <memory>

namespace earmark {

class CallSound;
class DeskSettings;
class Player;

/// Its height is dragged at the upper edge; folded, only the ruler stays. Both are remembered. Where there is little
/// room the timeline goes before the waveform does.
class SoundStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SoundStrip)

 public:
    SoundStrip(CallSound* sound, Player* player, DeskSettings* settings, QWidget* parent = nullptr);
    ~SoundStrip() override;

    void zoomIn();  ///< around the playing place where that is in sight, else around the middle
    void zoomOut();
    void zoomAll();  ///< the whole call
    void setFolded(bool folded);
    /// Where the recording of the shown call is, in the words of the player bar; "": it is open.
    void setRecordingMessage(const QString& message);
    [[nodiscard]] bool isFolded() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

 Q_SIGNALS:
    /// A place was asked for in a recording that the player has not open.
    void playWanted(std::chrono::milliseconds at);

 protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
