// The strip's ruler: times along the axis; a drag on it scrubs. Main thread only.
#pragma once

#include "ui/soundstrip/axisview.h"

namespace earmark {

class TimeRuler final : public AxisView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimeRuler)

 public:
    explicit TimeRuler(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

 Q_SIGNALS:
    void scrubMoved(std::chrono::milliseconds at);  ///< while the hand holds the ruler, from the press on
    void scrubEnded();

 protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void hideEvent(QHideEvent* event) override;

 private:
    void end();

    bool m_held = false;
};

}  // namespace earmark
