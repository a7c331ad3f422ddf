// The drawn sound of a recording: agent above customer, silence, overlap, what is skipped, the played part, marks and
// the loop. Takes values and asks by signals; knows no player. Main thread only.
#pragma once

#include <QImage>
#include <memory>

#include "models/audio/skipplan.h"
#include "models/audio/soundmap.h"
#include "models/audio/turnplaces.h"
#include "models/domain/callmark.h"
#include "ui/soundstrip/axisview.h"

namespace earmark {

/// Click: seek. Drag: a stretch, which becomes the loop; its ends can be taken and moved. Esc drops it.
class WaveformView final : public AxisView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WaveformView)

 public:
    static constexpr std::chrono::milliseconds kShortestLoop{200};  ///< the player takes none shorter

    explicit WaveformView(QWidget* parent = nullptr);

    void setMap(std::shared_ptr<const SoundMap> map);  ///< null: nothing drawn yet
    void setTurns(const std::vector<TurnPlace>& turns);
    void setSkips(const SkipPlan& skips);
    void setMarks(const CallMarks& marks);
    void setPlayed(const TimeSpans& played);
    void setLoop(std::optional<TimeSpan> loop);
    void setLoopBegin(std::optional<std::chrono::milliseconds> begin);  ///< marked, the end is still missing
    void setChannelOrder(ChannelOrder order);
    /// Only this voice is heard; Unknown: both. The other lane says that it is muted.
    void setSoloVoice(Speaker speaker);
    /// What is said while there is no map.
    void setPlaceholder(const QString& sentence);

    [[nodiscard]] int laneCount() const;
    [[nodiscard]] bool isHeld() const { return m_hand != Hand::Free; }  ///< by the hand, which draws a stretch
    /// "Mono: voices as the transcript tells"; "" on stereo or without a map.
    [[nodiscard]] QString monoNote() const;
    /// What is at a place, for hover: plain text.
    [[nodiscard]] QString textAt(const QPointF& place) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

 Q_SIGNALS:
    void loopWanted(const TimeSpan& span);
    void loopDropped();

 protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void axisChanged() override;
    [[nodiscard]] bool isOwnKey(const QKeyEvent& key) const override;

 private:
    enum class Hand { Free, Pressed, Selecting, MovingBegin, MovingEnd };

    void redraw();
    void preparePicture();
    [[nodiscard]] std::optional<TimeSpan> shownLoop() const;
    [[nodiscard]] Hand handleAt(double x) const;
    [[nodiscard]] const CallMark* markAt(const QPointF& place) const;
    [[nodiscard]] QString voicesAt(std::chrono::milliseconds at) const;
    void follow(const QPointF& place);
    void paintGutter(QPainter& painter) const;
    void paintLoop(QPainter& painter, const QRect& dirty) const;
    void paintMarks(QPainter& painter, const QRect& dirty) const;
    void paintPlayed(QPainter& painter) const;
    [[nodiscard]] QRect playedBar() const;
    void paintNote(QPainter& painter) const;

    std::shared_ptr<const SoundMap> m_map;
    std::vector<TurnPlace> m_turns;
    SkipPlan m_skips;
    CallMarks m_marks;
    TimeSpans m_played;
    std::optional<TimeSpan> m_loop;
    std::optional<std::chrono::milliseconds> m_loopBegin;
    ChannelOrder m_order = ChannelOrder::AgentFirst;
    Speaker m_solo = Speaker::Unknown;
    QString m_placeholder;

    QImage m_picture;
    bool m_pictureIsOld = true;
    double m_gain = 1;

    Hand m_hand = Hand::Free;
    QPointF m_pressed;
    std::chrono::milliseconds m_anchor{};
    std::optional<TimeSpan> m_selection;  ///< while the hand draws it
};

}  // namespace earmark
