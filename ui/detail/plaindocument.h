// A plain text document whose paragraphs stand on the side their own script begins at. Main thread only.
#pragma once

#include <QPlainTextDocumentLayout>
#include <QTextDocument>

namespace earmark {

/// Qt 6.4 finds the direction of a plain paragraph by its content, but leaves a right-to-left one at the left edge.
class ParagraphAlignment final : public QPlainTextDocumentLayout {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ParagraphAlignment)

 public:
    explicit ParagraphAlignment(QTextDocument* document);
    [[nodiscard]] QRectF blockBoundingRect(const QTextBlock& block) const override;
};

/// For QPlainTextEdit::setDocument().
[[nodiscard]] QTextDocument* makePlainDocument(QObject* parent);

}  // namespace earmark
