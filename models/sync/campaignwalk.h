// Walks the pages of one campaign: fetches some ahead, parses on pool threads, stores each page with its cursor in one
// transaction and in order. Main thread only.
//
// A walk that goes on after an interruption reads the page stored last once more (walkrules.h). So a connection that
// never lets more than that one page through, pull after pull, brings such a walk no further: it is believed only
// together with a page that was read after it.
#pragma once

#include <QObject>
#include <QStringList>
#include <map>
#include <memory>
#include <optional>

#include "models/domain/clock.h"
#include "models/providers/readdialect.h"
#include "models/store/store.h"
#include "models/sync/accountlink.h"
#include "models/sync/walkplan.h"
#include "models/sync/workers.h"

namespace earmark {

class CampaignWalk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CampaignWalk)

 public:
    struct Task {
        CallList list;             ///< rows outside its times are counted as received, not stored
        QString asked;             ///< what its pages are asked for, as cursors remember it
        bool leavesCursor = true;  ///< false for a question asked once: it neither goes on nor is gone on with
        Moment pullBegan{};
        std::optional<PullCursor> cursor;  ///< where an earlier walk over the same question stands
    };
    struct Counts {
        int pages = 0;
        qint64 received = 0;
        qint64 within = 0;  ///< of the calls received, those that the list lets in
        qint64 added = 0;
        qint64 changed = 0;
        qint64 unlisted = 0;
        qint64 rejected = 0;
    };

    CampaignWalk(Task task, AccountLink* link, Workers* workers, Store* store, std::shared_ptr<const Clock> clock,
                 QObject* parent = nullptr);
    ~CampaignWalk() override;
    void start();
    void stop();  ///< nothing is emitted afterwards; what is stored stays

    [[nodiscard]] const Counts& counts() const { return m_counts; }
    [[nodiscard]] std::optional<qint64> total() const { return m_plan.rules().total(); }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    [[nodiscard]] QString label() const;  ///< name where known, else id

 Q_SIGNALS:
    void pageTaken();
    void listed(const QStringList& ids);  ///< what stands on a page, by the provider's ids
    void noticed(const QString& sentence);
    void ended();  ///< once; error() tells how

 private:
    struct Parsed {
        PageToStore toStore;  ///< what the list lets in
        PageFacts facts;      ///< of the whole page
        int rejectedRows = 0;
        QStringList rejections;
    };
    void askAhead();
    void askPage(int page);
    void parse(int page, int pass, const QByteArray& body);
    void parsed(int page, int pass, Result<Parsed> result);
    [[nodiscard]] bool asksAgain(int page, const Error& error);
    void takeFailed(const Error& error);
    void takeNext();
    void take(int page, Parsed parsed);
    void storePage(PageToStore toStore, WalkRules::Verdict verdict);
    void stored(const Result<PageOutcome>& outcome, WalkRules::Verdict verdict);
    void atEnd();
    void unlist(qint64 unseen);
    void beginPass();
    [[nodiscard]] bool mayUnlist() const;
    [[nodiscard]] ListCoverage coverage() const;
    void fail(const Error& error);
    void finish(const std::optional<Error>& error);
    void noticeRejected(const Parsed& page, int number);
    void noticeTotals();
    [[nodiscard]] bool noticeUnfinished();
    [[nodiscard]] PullCursor cursorAfter(WalkRules::Verdict verdict) const;
    [[nodiscard]] QString provider() const;
    [[nodiscard]] QString listName() const;  ///< in a sentence

    Task m_task;
    AccountLink* m_link;
    Workers* m_workers;
    Store* m_store;
    std::shared_ptr<const Clock> m_clock;
    WalkPlan m_plan;
    Counts m_counts;
    std::map<int, Result<Parsed>> m_arrived;  ///< waits for its turn
    std::map<int, int> m_badAnswers;
    std::optional<Error> m_error;
    std::optional<Error> m_failure;  ///< comes into force when the page under way is stored
    Moment m_began{};
    bool m_storing = false;
    bool m_over = false;
};

}  // namespace earmark
