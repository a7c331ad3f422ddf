// Who said what in a call: turns to read, select, copy and search, or why there are none. Main thread only.
#pragma once

#include <QWidget>
#include <memory>

#include "models/domain/calldetails.h"
#include "models/tables/transcriptmodel.h"
#include "ui/detail/parts.h"
#include "ui/detail/textrowsview.h"

namespace earmark {

class FindLine;
class TurnReader;

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

class TranscriptView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TranscriptView)

 public:
    explicit TranscriptView(QWidget* parent = nullptr);
    /// `details` null: being read. `areMissing`: the provider was not asked for them yet.
    void setCall(const Call& call, const std::shared_ptr<const CallDetails>& details, bool areMissing);
    void setFetching(bool isFetching);
    void setFetchProblem(const QString& problem);  ///< why the details could not be had; "" = no problem
    void focusTurns();                             ///< where there are none, the sentence that says so
    [[nodiscard]] TurnsList* turns() const { return m_list; }
    [[nodiscard]] FindLine* findLine() const { return m_find; }
    [[nodiscard]] QString absenceText() const;

 private:
    void tell();
    void openTurn(int row);
    void closeTurn();

    TranscriptModel* m_model;
    TurnsList* m_list;
    FindLine* m_find;
    TurnReader* m_reader;
    ToneLabel* m_note;
    ToneLabel* m_absent;
    Provider m_provider = Provider::Yotel;
    CallStatus m_status = CallStatus::Unknown;
    bool m_isReading = true;
    bool m_areMissing = false;
    bool m_isFetching = false;
    QString m_problem;
    std::shared_ptr<const CallDetails> m_details;
    int m_opened = -1;  ///< row of the turn that stands in the reader
};

}  // namespace earmark
