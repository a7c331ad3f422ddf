// The three texts of a conflict, each as lines with a sign before those that differ. compareTexts() may run on any
// thread, the list lives in the main thread.
#pragma once

#include <memory>
#include <vector>

#include "models/edits/threewaymerge.h"
#include "models/tables/textlinesmodel.h"
#include "ui/detail/textrowsview.h"

namespace earmark {

enum class LineSign { None, Added, Removed };

struct ComparedText {
    std::shared_ptr<const CutText> cut;
    std::vector<LineSign> signs;  ///< of each row of `cut`
};

/// Mine and theirs: the lines they have added; before: those that one of them, or both, took away.
struct ComparedTexts {
    ComparedText base;
    ComparedText mine;
    ComparedText theirs;
    QString combined;  ///< combinedText()
};
/// `theirs` is left out of the comparison when nobody knows it.
[[nodiscard]] ComparedTexts compareTexts(ReviewField field, const ThreeWayTexts& texts, bool theirsKnown);

/// Plain text of any length; what was added or removed is told by a sign, by colour, and aloud.
class ComparedLines final : public TextRowsView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComparedLines)

 public:
    explicit ComparedLines(QWidget* parent = nullptr);
    ~ComparedLines() override;
    void setText(const ComparedText& text);
    [[nodiscard]] QString spokenRow(int row) const;  ///< with what its sign means

 protected:
    [[nodiscard]] RowFrame frameOf(int row) const override;
    [[nodiscard]] int timesWidth() const override;
    [[nodiscard]] bool hasNames() const override { return false; }

 private:
    class Model;
    explicit ComparedLines(Model* model, QWidget* parent);

    Model* m_model;
};

}  // namespace earmark
