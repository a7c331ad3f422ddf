// The marks of the shown call: dropped where it is heard minus the time it takes to react, durable at once, kept and
// tried again where they cannot be saved, taken back, exported. Main thread only.
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

#include "models/domain/callmark.h"
#include "models/domain/result.h"
#include "models/exchange/exportfile.h"
#include "models/store/store.h"
#include "models/sync/workers.h"
#include "ui/common/deskservices.h"
#include "ui/detail/marksteps.h"

namespace earmark {

class MarksPanel;

/// Where a mark belongs that was asked for at `heard`: `reaction` is a time of the listener's clock, so it is worth
/// more of the recording where that is played faster. Never before the recording.
[[nodiscard]] std::chrono::milliseconds markPlace(std::chrono::milliseconds heard, std::chrono::milliseconds reaction,
                                                  double tempo);

class MarksDesk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MarksDesk)

 public:
    /// `panel` shows them; it outlives this object or goes with it.
    MarksDesk(const DeskServices& services, MarksPanel* panel, QObject* parent = nullptr);
    ~MarksDesk() override;

    enum class Words { None, Wanted };
    /// False: no recording of the shown call is open.
    bool markHere(Words words);
    /// False: there is nothing to export.
    bool exportAll();
    [[nodiscard]] bool hasUnsaved() const { return !m_unsaved.empty(); }
    /// What was done to marks last in this session, or taken back last. nullptr: nothing.
    [[nodiscard]] const MarkStep* nextStep(Revert which) const;
    /// Takes that back, or does it again; says so once it is durable. nullopt: there is nothing.
    std::optional<CallKey> revert(Revert which);

 Q_SIGNALS:
    void said(const QString& sentence);  ///< for the status line
    void stepsChanged();                 ///< nextStep()

 private:
    void callChanged();
    void load();
    void show();
    void change(const CallMark& mark, const QString& sentence = {});
    void bringBack(const CallMark& mark);
    /// `sentence` is said when it is durable.
    void save(const CallMark& mark, const QString& sentence = {});
    void trySave(const CallMark& mark, const QString& sentence = {});
    void saved(const CallMark& mark, const Done& done);
    enum class Back { Offered, Redone };
    void remove(const CallMark& mark, Back back);
    void note(const std::optional<CallMark>& before, const std::optional<CallMark>& after);
    [[nodiscard]] std::optional<CallMark> known(const QString& id) const;
    void rememberKind(const QString& kind);
    void write(const QString& file, const CallMarks& marks, WhenThere when);
    void askToReplace(const QString& file, const CallMarks& marks);

    const DeskServices m_services;
    MarksPanel* m_panel;
    std::optional<CallKey> m_call;
    CallMarks m_stored;
    CallMarks m_unsaved;  ///< of any call: until COMMIT
    MarkSteps m_steps;
    QString m_problem;
    quint64 m_question = 0;
    QTimer m_retry;
    Workers m_workers{1};
};

}  // namespace earmark
