// One change to many calls: what it would do (preview), and doing it portion by portion as one step for undo. The
// preview is a pure function for any thread; BulkEdit is main thread only and never works longer than a portion in one
// turn.
#pragma once

#include <QObject>
#include <memory>
#include <vector>

#include "models/store/store.h"

namespace earmark {

struct BulkChange {
    enum class Kind {
        SetDisposition,
        ClearDisposition,
        AppendNotes,
        MarkReviewed,
        MarkNotReviewed,
        SetFlag,
        ClearFlag
    };
    Kind kind = Kind::SetDisposition;
    QString text{};  ///< the code, the flag's word (may be ""), or what is appended to the notes

    friend bool operator==(const BulkChange&, const BulkChange&) = default;
};

/// What is known in memory of a call that may be changed.
struct BulkCall {
    CallKey key;
    std::optional<QString> disposition;  ///< that counts
    std::optional<QString> flag;
    std::optional<QString> localNotes;  ///< nullopt: not edited here, or cleared
    bool dispositionIsLocal = false;
    bool notesAreLocal = false;
    bool hasProviderNotes = false;
    bool isReviewed = false;
};

struct BulkPreview {
    qint64 calls = 0;
    qint64 changes = 0;  ///< would say something else afterwards
    qint64 same = 0;     ///< say so already and are left alone
    qint64 replaces =
        0;  ///< of the changes: replace something entered here (history keeps it, one undo brings it back)
    struct Present {
        QString value;  ///< as it stands now; "" = nothing
        qint64 calls = 0;
    };
    std::vector<Present> present;  ///< what the calls say now, most frequent first
};
[[nodiscard]] BulkPreview previewOf(const std::vector<BulkCall>& calls, const BulkChange& change);

/// Whether the change can be made at all: a code or a text is there where one is needed.
[[nodiscard]] bool isComplete(const BulkChange& change);
/// "Set disposition to SALE", "Append to notes", ...
[[nodiscard]] QString bulkChangeText(const BulkChange& change);

struct BulkOutcome {
    QString step;  ///< names it for undo, and for going on after a cancel or failure
    qint64 calls = 0;
    qint64 changed = 0;
    qint64 same = 0;     ///< said so already
    qint64 missing = 0;  ///< no longer on this computer
    qint64 left = 0;     ///< not reached
    std::optional<Error> error;
};
/// "1,200 calls changed; 3 said so already." with what is left and why.
[[nodiscard]] QString bulkOutcomeText(const BulkOutcome& outcome);

class BulkEdit final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BulkEdit)

 public:
    static constexpr int kPortion = 400;  ///< calls in one transaction

    BulkEdit(Store* store, std::shared_ptr<const Clock> clock, QObject* parent = nullptr);
    ~BulkEdit() override;  ///< what has been ordered is finished by the store

    /// `step`: of an outcome that was cut short, to go on as the same step; "" begins one. Nothing happens while one is
    /// running. Text being typed in one of the calls stays as a draft.
    void run(std::vector<CallKey> calls, const BulkChange& change, const QString& step = {});
    void cancel();  ///< between portions: what is done stays, and one undo takes it back
    [[nodiscard]] bool isRunning() const { return m_running; }

 Q_SIGNALS:
    void progressed(qint64 done, qint64 all);  ///< calls
    void finished(const earmark::BulkOutcome& outcome);

 private:
    void next();
    void commit(qint64 asked, const std::vector<ReviewedCall>& calls);
    [[nodiscard]] std::optional<EditToCommit> editOf(const ReviewedCall& call) const;
    void end();

    Store* m_store;
    std::shared_ptr<const Clock> m_clock;
    std::vector<CallKey> m_calls;
    std::size_t m_next = 0;
    BulkChange m_change;
    BulkOutcome m_outcome;
    bool m_running = false;
    bool m_cancelled = false;
};

}  // namespace earmark
