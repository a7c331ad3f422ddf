// A slider for positions and volumes: a click jumps there, a drag follows the hand, keys step; drawn in the desk's own
// style and never mirrored, for time runs to the right everywhere. Main thread only.
#pragma once

#include <QSlider>
#include <functional>

namespace earmark {

class JumpSlider final : public QSlider {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JumpSlider)

 public:
    static constexpr int kEdge = 6;  ///< the line begins so far from the widget's edge

    explicit JumpSlider(QWidget* parent = nullptr);

    /// Text for the value under the pointer; none: no tip while hovering.
    void setHoverText(std::function<QString(int)> textFor);
    /// Moves the handle without telling anybody; ignored while the hand holds it.
    void showValue(int value);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

 Q_SIGNALS:
    void moved(int value);  ///< by hand: click, drag, wheel or key

 protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

 private:
    [[nodiscard]] int valueAt(double x) const;
    [[nodiscard]] double xOf(int value) const;
    void moveTo(int value);

    std::function<QString(int)> m_textFor;
};

}  // namespace earmark
