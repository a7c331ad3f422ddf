// A view along the strip's time axis: a gutter for names at the left, the axis, the playing place as a line over it.
// Ruler, timeline and waveform are such views and share one TimeScale. Main thread only.
#pragma once

#include <QWidget>
#include <chrono>
#include <optional>

#include "ui/soundstrip/timescale.h"

namespace earmark {

/// Never mirrored. The wheel zooms around the pointer; with Shift, or turned sideways, it scrolls.
class AxisView : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AxisView)

 public:
    static constexpr int kRightMargin = 8;  ///< what stands at the very end is seen whole

    explicit AxisView(QWidget* parent = nullptr);

    void setScale(const TimeScale& scale);
    [[nodiscard]] const TimeScale& scale() const { return m_scale; }
    void setGutter(int width);
    [[nodiscard]] int gutter() const { return m_gutter; }
    /// What is heard now; nullopt: no line. Repaints some pixels, and only when the line really moves.
    void setPosition(std::optional<std::chrono::milliseconds> position);
    [[nodiscard]] std::optional<std::chrono::milliseconds> position() const { return m_position; }

    [[nodiscard]] double xOf(std::chrono::milliseconds at) const { return m_gutter + m_scale.xOf(at); }
    [[nodiscard]] std::chrono::milliseconds timeAt(double x) const { return m_scale.timeAt(x - m_gutter); }
    [[nodiscard]] QRect axis() const;

 Q_SIGNALS:
    void zoomWanted(double factor, double x);  ///< x on the axis
    void scrollWanted(double pixels);
    void seekWanted(std::chrono::milliseconds at);

 protected:
    bool event(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

    /// What was drawn is no longer true: scale, size, fonts or colours are others.
    virtual void axisChanged() {}
    /// Keys that are this view's own while it has the focus, beside Home, End, PageUp and PageDown.
    [[nodiscard]] virtual bool isOwnKey(const QKeyEvent& key) const;
    void paintCursor(QPainter& painter) const;
    void paintFocus(QPainter& painter) const;
    /// An icon and a word in the gutter.
    void paintName(QPainter& painter, const QRect& place, const QString& iconName, const QString& word,
                   const QColor& color) const;

 private:
    [[nodiscard]] int cursorColumn() const;
    void updateCursor();

    TimeScale m_scale;
    int m_gutter = 0;
    std::optional<std::chrono::milliseconds> m_position;
};

}  // namespace earmark
