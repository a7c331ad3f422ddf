// Text of any size to read, select and copy: plain, in parts, with control and bidi characters visible. Main thread
// only.
#pragma once

#include <QPlainTextEdit>
#include <QString>
#include <QWidget>
#include <vector>

class QLabel;
class QToolButton;

namespace earmark {

/// Where the part of a long text that begins at `from` ends: after at most `limit` characters as they are shown and
/// 5,000 lines, after a line break or blank where one is near, never inside a surrogate pair.
[[nodiscard]] qsizetype partEnd(QStringView text, qsizetype from, qsizetype limit);

/// A read-only, frameless text as high as its lines (up to a maximum, then it scrolls). Qt lays out a whole paragraph
/// at once, and one without blanks in quadratic time (measured: 64 kB 0.3 s, 1 MB 75 s): long paragraphs are therefore
/// laid out in pieces, which copying joins again.
class TextArea final : public QPlainTextEdit {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextArea)

 public:
    explicit TextArea(QWidget* parent = nullptr);
    void setShown(const QString& text);
    void setMaximumLines(int lines);

 protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    [[nodiscard]] QMimeData* createMimeDataFromSelection() const override;

 private:
    void fitHeight();

    int m_maximumLines = 12;
};

class LongTextView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LongTextView)

 public:
    static constexpr qsizetype kPartLength = 40'000;

    explicit LongTextView(QWidget* parent = nullptr);
    void setText(const QString& text);
    [[nodiscard]] QString text() const { return m_text; }
    void setMaximumLines(int lines);
    [[nodiscard]] TextArea* area() const { return m_area; }
    [[nodiscard]] bool hasNext() const { return m_end < m_text.size(); }
    [[nodiscard]] bool hasPrevious() const { return m_begins.size() > 1; }
    void showNext();
    void showPrevious();

 private:
    void showPart();

    QString m_text;
    // Only the parts that were looked at are known: finding all of a text of many MB would stop the window.
    std::vector<qsizetype> m_begins = {0};
    qsizetype m_end = 0;
    TextArea* m_area = nullptr;
    QWidget* m_bar = nullptr;
    QLabel* m_where = nullptr;
    QToolButton* m_previous = nullptr;
    QToolButton* m_next = nullptr;
};

}  // namespace earmark
