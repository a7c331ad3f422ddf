// Undo and redo of everything the supervisor did, across restarts: takes back the newest step portion by portion and
// says in words what happened. Main thread only. The steps themselves are rows of reviews.db (Store::revert).
#pragma once

#include <QObject>

#include "models/store/store.h"

namespace earmark {

struct UndoOutcome {
    Revert which = Revert::Undo;
    std::optional<UndoStep> step;  ///< what was taken back or done again; nullopt: there was nothing
    qint64 reverted = 0;           ///< edits
    qint64 skipped = 0;            ///< edits that something later has overtaken: they stay
    qint64 left = 0;               ///< after a cancel or failure; the next undo goes on with them
    std::optional<CallKey> goTo;   ///< the call that it concerns; nullopt when several do
    std::optional<Error> error;    ///< it stopped there; what was done before stays done
};

/// "Undone: disposition of 4711", "Undone: bulk edit, 1,200 edits; 3 had been changed since and stay."
[[nodiscard]] QString undoneText(const UndoOutcome& outcome);
/// What the next undo or redo would do: "Undo disposition of 4711"; "Undo" when there is nothing.
[[nodiscard]] QString undoCommandText(Revert which, const std::optional<UndoStep>& step);

class Undo final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Undo)

 public:
    static constexpr int kPortion = 400;  ///< edits in one transaction

    explicit Undo(Store* store, QObject* parent = nullptr);
    ~Undo() override;

    /// Nothing happens while one is running. finished() follows in any case, also when there is nothing to do.
    void undo() { start(Revert::Undo); }
    void redo() { start(Revert::Redo); }
    /// `onlyStep`: where the newest step is another one by now, nothing is taken back and the outcome says so.
    void start(Revert which, const QString& onlyStep = {});
    void cancel();  ///< after the portion that is under way
    [[nodiscard]] bool isRunning() const;

 Q_SIGNALS:
    void progressed(qint64 done, qint64 all);  ///< edits; only for steps of more than one portion
    void finished(const earmark::UndoOutcome& outcome);

 private:
    void begin(const UndoState& state, const QString& onlyStep);
    void next();
    void took(const Result<RevertedPortion>& portion);
    void end();

    Store* m_store;
    bool m_running = false;
    bool m_cancelled = false;
    qint64 m_all = 0;
    UndoOutcome m_outcome;
};

}  // namespace earmark
