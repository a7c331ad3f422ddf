// What one cell of the calls table answers for each role: a snapshot and the texts that are here. Main thread only.
#pragma once

#include "models/search/callindex.h"
#include "models/tables/calltablemodel.h"

namespace earmark {

class TextWindow;

/// Cheap to make; lives no longer than the question.
class CallCells final {
 public:
    CallCells(const CallIndex& index, const TextWindow& texts) : m_index(index), m_texts(texts) {}

    [[nodiscard]] QVariant data(RowNumber row, CallColumn column, int role) const;

 private:
    [[nodiscard]] CallTableModel::TextState textState(RowNumber row, CallColumn column) const;
    [[nodiscard]] std::optional<QString> longText(RowNumber row, CallColumn column) const;
    [[nodiscard]] QString text(RowNumber row, CallColumn column) const;
    [[nodiscard]] QString toolTip(RowNumber row, CallColumn column) const;
    [[nodiscard]] QString spoken(RowNumber row, CallColumn column) const;

    const CallIndex& m_index;
    const TextWindow& m_texts;
};

}  // namespace earmark
