// The drawn times of one call: dial, ring, answer, agent connect, end on one scale. Main thread only.
#pragma once

#include <QWidget>

#include "ui/detail/timingslayout.h"

namespace earmark {

/// Never mirrored: time runs from left to right in every language. Hover or the arrow keys show exact times.
class TimingsStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimingsStrip)

 public:
    explicit TimingsStrip(QWidget* parent = nullptr);

    void setStory(const TimingStory& story);
    void clear();
    [[nodiscard]] const TimingsLayout& places() const { return m_layout; }
    [[nodiscard]] std::optional<size_t> currentStop() const { return m_current; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

 protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

 private:
    void relayout();
    void setCurrent(std::optional<size_t> stop);
    void paintTick(QPainter& painter, const PlacedMark& mark) const;
    void paintLabel(QPainter& painter, const PlacedMark& mark) const;

    TimingStory m_story;
    TimingsLayout m_layout;
    std::optional<size_t> m_current;
};

}  // namespace earmark
