// Small parts that the detail pane is made of: icons beside words, headings, collapsible sections. Main thread only.
#pragma once

#include <QAbstractButton>
#include <QIcon>
#include <QWidget>

#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"

namespace earmark {

enum class Tone { Plain, Quiet, Good, Warning, Bad };

/// Words in one of the theme's colours; wraps; follows a change between light and dark.
class ToneLabel final : public PlainLabel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ToneLabel)

 public:
    explicit ToneLabel(Tone tone = Tone::Plain, QWidget* parent = nullptr);
    void setTone(Tone tone);
    [[nodiscard]] Tone tone() const { return m_tone; }

 protected:
    void changeEvent(QEvent* event) override;

 private:
    void colour();

    Tone m_tone = Tone::Plain;
    bool m_colouring = false;
};

/// An icon as high as a line of text; painted anew for each palette and pixel ratio.
class IconView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IconView)

 public:
    explicit IconView(QWidget* parent = nullptr);
    void setIcon(const QString& name, IconTint tint);
    [[nodiscard]] QSize sizeHint() const override;

 protected:
    void paintEvent(QPaintEvent* event) override;

 private:
    QIcon m_icon;
};

/// Icon and words in one line: states are never told by colour alone.
class IconLine final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IconLine)

 public:
    explicit IconLine(QWidget* parent = nullptr);
    /// Hides itself when there is nothing to say. Data in `text` has gone through shownText() or isolated().
    void show(const QString& iconName, Tone tone, const QString& text);
    void clear();
    [[nodiscard]] QString text() const { return m_label->text(); }
    [[nodiscard]] ToneLabel* label() const { return m_label; }

 private:
    IconView* m_icon;
    ToneLabel* m_label;
};

/// A window does not follow the height that wrapped sentences need by itself.
void growToFit(QWidget* window);

/// A word longer than the pane is wide would be cut off: it may break anywhere.
[[nodiscard]] QString breakableWord(const QString& text);

[[nodiscard]] PlainLabel* makeHeading(const QString& text);
/// A thin line between blocks.
class Rule final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Rule)

 public:
    explicit Rule(QWidget* parent = nullptr);

 protected:
    void paintEvent(QPaintEvent* event) override;
};

/// A heading that can be pressed: sign and words at the left edge, without a frame around them.
class HeadingButton final : public QAbstractButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HeadingButton)

 public:
    explicit HeadingButton(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

 protected:
    void paintEvent(QPaintEvent* event) override;
};

/// A section that opens and closes; says so to screen readers and opens with Space, Enter or a click.
class Disclosure final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Disclosure)

 public:
    explicit Disclosure(const QString& title, QWidget* content, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setOpen(bool open);
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] QAbstractButton* button() const { return m_button; }

 Q_SIGNALS:
    void opened();

 private:
    void tell();

    HeadingButton* m_button;
    QWidget* m_content;
    QString m_title;
    bool m_open = false;
};

}  // namespace earmark
