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

/// Ends of the parts of a long text: at most `limit` characters and 5,000 lines each, cut after a line break or blank
/// where one is near, never inside a surrogate pair. Empty text has no part.
[[nodiscard]] std::vector<qsizetype> partEnds(QStringView text, qsizetype limit);

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
    static constexpr qsizetype kPartLength = 200'000;

    explicit LongTextView(QWidget* parent = nullptr);
    void setText(const QString& text);
    [[nodiscard]] QString text() const { return m_text; }
    void setMaximumLines(int lines);
    [[nodiscard]] TextArea* area() const { return m_area; }
    [[nodiscard]] int partCount() const { return int(m_ends.size()); }
    void showPart(int part);  ///< from 0

 private:
    QString m_text;
    std::vector<qsizetype> m_ends;
    int m_part = 0;
    TextArea* m_area = nullptr;
    QWidget* m_bar = nullptr;
    QLabel* m_where = nullptr;
    QToolButton* m_previous = nullptr;
    QToolButton* m_next = nullptr;
};

}  // namespace earmark
