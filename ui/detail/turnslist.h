// The turns of a transcript as rows: a sign, a name and a time each. Main thread only.
#pragma once

#include "models/tables/transcriptmodel.h"
#include "ui/detail/textrowsview.h"

namespace earmark {

class TurnsList final : public TextRowsView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TurnsList)

 public:
    explicit TurnsList(TranscriptModel* turns, QWidget* parent = nullptr);
    void measureTimes();  ///< after other turns came

 protected:
    [[nodiscard]] RowFrame frameOf(int row) const override;
    [[nodiscard]] int timesWidth() const override { return m_timesWidth; }
    [[nodiscard]] bool hasNames() const override { return true; }

 private:
    TranscriptModel* m_turns;
    int m_timesWidth = 0;
};

}  // namespace earmark
