// The call on the recording's axis: its times from dial to end, turns of both speakers, tool calls, marks. Click or
// Enter goes there. Main thread only.
#pragma once

#include <QImage>

#include "ui/soundstrip/axisview.h"
#include "ui/soundstrip/timelineplaces.h"

namespace earmark {

/// While it has the focus, Left and Right walk along what stands on it, and each stop is told.
class Timeline final : public AxisView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Timeline)

 public:
    explicit Timeline(QWidget* parent = nullptr);

    void setPlaces(TimelinePlaces places);
    [[nodiscard]] const TimelinePlaces& places() const { return m_places; }
    /// Index into places().stops(); nullopt on empty ground.
    [[nodiscard]] std::optional<size_t> stopAt(const QPointF& place) const;
    [[nodiscard]] std::optional<size_t> currentStop() const { return m_current; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

    enum class Row { Call, Agent, Customer, Events };
    [[nodiscard]] QRect rowPlace(Row row, int width) const;  ///< x from 0

 Q_SIGNALS:
    void loopWanted(const TimeSpan& span);  ///< of the turn that was clicked twice

 protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void axisChanged() override { m_pictureIsOld = true; }
    [[nodiscard]] bool isOwnKey(const QKeyEvent& key) const override;

 private:
    [[nodiscard]] static Row rowOf(const TurnPlace& turn);
    [[nodiscard]] QRectF stopPlace(const TimelineStop& stop) const;
    void setCurrent(std::optional<size_t> stop);
    void step(int by);
    void paintPicture();
    void paintCall(QPainter& painter) const;
    void paintTurns(QPainter& painter, Row row) const;
    void paintEvents(QPainter& painter) const;
    void paintGutter(QPainter& painter) const;

    TimelinePlaces m_places;
    std::optional<size_t> m_current;
    QImage m_picture;  ///< of the axis; the gutter is not in it
    bool m_pictureIsOld = true;
};

}  // namespace earmark
