// The strip's upper edge: dragged, it says how high the strip is; knows whether it is folded. Both are remembered. Main
// thread only.
#pragma once

#include <QWidget>
#include <optional>

namespace earmark {

class DeskSettings;

class StripEdge final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StripEdge)

 public:
    static constexpr int kThick = 5;
    static constexpr int kLeastHeight = 96;
    static constexpr int kMostHeight = 480;

    explicit StripEdge(DeskSettings* settings, QWidget* strip);

    /// What the user said, else what fits a window of this height.
    [[nodiscard]] int wantedHeight(int windowHeight) const;
    [[nodiscard]] bool isFolded() const { return m_folded; }
    void setFolded(bool folded);

 Q_SIGNALS:
    void changed();

 protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

 private:
    void showFolded();

    DeskSettings* const m_settings;
    int m_height = 0;  ///< 0: not said
    bool m_folded = false;
    std::optional<int> m_grabbed;  ///< global y of the hand plus the strip's height when it took the edge
};

}  // namespace earmark
