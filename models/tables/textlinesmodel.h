// A long text as rows, a line each, and a very long line in pieces. Main thread only.
#pragma once

#include <memory>
#include <vector>

#include "models/tables/textrowsmodel.h"

namespace earmark {

/// A text with the places where its rows begin. Made on any thread: for 10 MB it takes some milliseconds.
struct CutText {
    QString text;
    std::vector<qsizetype> begins;  ///< of rows; one more than there are, the last is the text's size
};
[[nodiscard]] std::shared_ptr<const CutText> cutIntoRows(QString text);

class TextLinesModel final : public TextRowsModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextLinesModel)

 public:
    using TextRowsModel::TextRowsModel;
    void setText(std::shared_ptr<const CutText> text);  ///< nullptr = nothing
    [[nodiscard]] QString wholeText() const { return m_text ? m_text->text : QString(); }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] int rows() const override;
    [[nodiscard]] qsizetype length(int row) const override;
    [[nodiscard]] QString shownRow(int row) const override;
    [[nodiscard]] bool isCut(int row) const override;
    [[nodiscard]] std::function<QString(int)> textReader() const override;
    [[nodiscard]] QString copiedText(int first, int last) const override;

 private:
    std::shared_ptr<const CutText> m_text;
};

}  // namespace earmark
