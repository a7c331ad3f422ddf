// The first tab of the pane: how the call went, what the AI says, disposition and notes, and below them all else that
// is known. Main thread only.
#pragma once

#include <QPair>
#include <QScrollArea>
#include <memory>
#include <optional>

#include "models/domain/calldetails.h"
#include "models/domain/clock.h"
#include "models/domain/review.h"
#include "ui/detail/parts.h"
#include "ui/detail/recordingdesk.h"

class QPushButton;

namespace earmark {

class AccountBook;
class AiBlock;
class CallHeader;
class CallSound;
class ConflictDesk;
class ConflictList;
class DetailBlocks;
class FieldTable;
class FiguresBlock;
class HistoryList;
class ReviewBlock;
class Store;
class TimingsPanel;

class CallPage final : public QScrollArea {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallPage)

 public:
    /// `accounts` may be null: then nothing is known of targets. `sound` too: then no figures of the conversation.
    CallPage(Store* store, std::shared_ptr<const Clock> clock, const AccountBook* accounts, const CallSound* sound,
             QWidget* parent = nullptr);

    /// Everything but the long texts, which showTexts() brings a step at a time.
    void show(const ReviewedCall& call, bool isOther);
    /// Each step takes a turn of the event loop: the most hostile texts take 30 ms to lay out. False after the last.
    bool showTexts(const ReviewedCall& call, int step);
    void showDetails(const Call& call, const std::shared_ptr<const CallDetails>& details, bool areMissing);
    void showRecording(const RecordingDesk& recording);
    void showHistory(std::vector<HistoryEntry> entries);
    bool solveConflict();  ///< false: no field of the call is in conflict
    void setRefreshProblem(const QString& problem);
    [[nodiscard]] ReviewBlock* review() const { return m_review; }
    [[nodiscard]] bool wantsHistory() const;
    void reveal(QWidget* focused);  ///< brought into view with what is said about it below

 Q_SIGNALS:
    void historyOpened();
    void fieldsOpened();
    void askAgainWanted();

 private:
    [[nodiscard]] QWidget* reviewPart();
    void tellForeword();

    const AccountBook* m_accounts;
    std::optional<QPair<QString, Provider>> m_from;  ///< account and provider of the call that is shown
    CallHeader* m_header;
    IconLine* m_recordingLine;
    QPushButton* m_askAgain;
    TimingsPanel* m_timings;
    FiguresBlock* m_figures;
    AiBlock* m_ai;
    ToneLabel* m_honest;  ///< what becomes of edits, said once
    ReviewBlock* m_review;
    DetailBlocks* m_details;
    HistoryList* m_history;
    ConflictList* m_conflicts;
    ConflictDesk* m_conflictDesk;
    Disclosure* m_historySection;
    FieldTable* m_fields;
    Disclosure* m_fieldsSection;
};

}  // namespace earmark
