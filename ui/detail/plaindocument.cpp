#include "ui/detail/plaindocument.h"

#include <QTextBlock>
#include <QTextLayout>
#include <QTextOption>

namespace earmark {

ParagraphAlignment::ParagraphAlignment(QTextDocument* document) : QPlainTextDocumentLayout(document) {}

QRectF ParagraphAlignment::blockBoundingRect(const QTextBlock& block) const {
    const QRectF rect = QPlainTextDocumentLayout::blockBoundingRect(block);  // lays it out with the document's option
    if (block.isValid() && block.textDirection() == Qt::RightToLeft) {
        QTextOption option = block.layout()->textOption();
        if (!option.alignment().testFlag(Qt::AlignRight)) {
            option.setAlignment(Qt::AlignRight | Qt::AlignAbsolute);
            block.layout()->setTextOption(option);  // lines are aligned when they are drawn or hit, not when laid out
        }
    }
    return rect;
}

QTextDocument* makePlainDocument(QObject* parent) {
    auto* document = new QTextDocument(parent);
    document->setDocumentLayout(new ParagraphAlignment(document));
    QTextOption option = document->defaultTextOption();
    option.setTextDirection(Qt::LayoutDirectionAuto);  // each paragraph by its own first strong letter
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document->setDefaultTextOption(option);
    return document;
}

}  // namespace earmark
