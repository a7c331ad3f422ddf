// Who said what in a call: turns to read, select, copy and search, or why there are none. Main thread only.
#pragma once

#include <QWidget>
#include <memory>

#include "models/audio/turnsteps.h"
#include "models/domain/calldetails.h"
#include "models/tables/transcriptmodel.h"
#include "ui/detail/parts.h"
#include "ui/detail/turnslist.h"

namespace earmark {

class FindLine;
class TurnFollower;
class TurnReader;

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
    /// Where the turns of the shown call are heard; empty: not known (any more).
    void setPlaces(const std::vector<TurnPlace>& places);
    /// What is heard now; nullopt: the recording of this call is not open.
    void setPosition(std::optional<std::chrono::milliseconds> at);
    [[nodiscard]] TurnFollower* follower() const { return m_follower; }
    [[nodiscard]] TurnsList* turns() const { return m_list; }
    [[nodiscard]] FindLine* findLine() const { return m_find; }
    [[nodiscard]] QString absenceText() const;

 Q_SIGNALS:
    void playFromWanted(std::chrono::milliseconds at);  ///< a click or Enter on a turn whose place is known

 private:
    void tell();
    void connectList();
    [[nodiscard]] bool playFrom(int row);
    void openTurn(int row);
    void closeTurn();

    TranscriptModel* m_model;
    TurnsList* m_list;
    FindLine* m_find;
    TurnReader* m_reader;
    TurnFollower* m_follower;
    ToneLabel* m_note;
    ToneLabel* m_absent;
    Provider m_provider = Provider::Yotel;
    CallStatus m_status = CallStatus::Unknown;
    bool m_isReading = true;
    bool m_areMissing = false;
    bool m_isFetching = false;
    QString m_problem;
    std::shared_ptr<const CallDetails> m_details;
    TurnSteps m_steps;
    int m_opened = -1;  ///< row of the turn that stands in the reader
};

}  // namespace earmark
