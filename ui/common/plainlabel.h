// A label that shows data as plain text only, always. Main thread only. The only label class that may show data.
#pragma once

#include <QLabel>

namespace earmark {

/// Data as a tooltip that can never be taken for rich text (QToolTip would open file:// images named in it).
[[nodiscard]] QString plainToolTip(const QString& data);

class PlainLabel : public QLabel {
    Q_OBJECT

 public:
    explicit PlainLabel(QWidget* parent = nullptr);
    explicit PlainLabel(const QString& text, QWidget* parent = nullptr);
    /// Shown through shownText() (control and bidi marks visible); the tooltip holds the rest when elided. One line is
    /// elided at the right when the place is too narrow; with word wrap on it breaks instead.
    void setData(const QString& text);
    /// A sentence of ours, data in it made safe already (isolated()): as it is, elided like data.
    void setSentence(const QString& text);

    [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

 private:
    void setElided(const QString& text);
    [[nodiscard]] bool isElided() const;
    void updateToolTip();

    bool m_elides = false;
    bool m_ownToolTip = false;  ///< the tooltip there is ours, so it may be taken away
};

}  // namespace earmark
