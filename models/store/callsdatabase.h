// calls.db: what the providers said. Every object of this class belongs to the one thread that opened it.
#pragma once

#include <memory>

#include "models/domain/account.h"
#include "models/domain/indexrow.h"
#include "models/domain/result.h"
#include "models/store/sqlite.h"

namespace earmark {

struct Campaign {
    QString account;
    QString id;
    QString name;
    std::optional<QString> status;
    QByteArray raw;
};

/// How far the walk of one campaign has come; kept in the same transaction as the page, so that a kill resumes at the page.
struct PullCursor {
    QString account;
    QString campaignId;
    int nextPage = 1;                     ///< first page not stored yet
    bool complete = false;                ///< the pass that these pages belong to reached the end
    std::optional<qint64> lastTotal;      ///< what the server said last
    std::optional<Moment> completedAt;
    QString problem;                      ///< why the last walk stopped, "" when it did not
};

struct PageToStore {
    QString account;
    std::vector<Call> calls;
    std::optional<PullCursor> cursor;     ///< the cursor after this page
};

struct PageOutcome {
    int added = 0;
    int changed = 0;
    int unchanged = 0;
    std::vector<IndexRow> rows;           ///< added and changed ones, review overlay not filled in
};

class CallsDatabase final {
   public:
    enum class Access { ReadWrite, ReadOnly };
    [[nodiscard]] static Result<std::unique_ptr<CallsDatabase>> open(const QString& file, Access access, SqlFaultSeam seam = {});
    ~CallsDatabase();

    [[nodiscard]] Result<PageOutcome> storePage(const PageToStore& page, Moment now);
    [[nodiscard]] Done markNotFound(const CallKey& key, Moment now);
    [[nodiscard]] Done saveCampaigns(const QString& account, const std::vector<Campaign>& campaigns);
    [[nodiscard]] Done saveCursor(const PullCursor& cursor);
    [[nodiscard]] Done removeAccount(const QString& account);
    [[nodiscard]] Done savePosition(const CallKey& key, std::chrono::milliseconds position);

    [[nodiscard]] Result<std::vector<PullCursor>> cursors(const QString& account);
    [[nodiscard]] Result<std::vector<Campaign>> campaigns(const QString& account);
    [[nodiscard]] Result<std::vector<CallKey>> callsToReread(const QString& account, Moment now);
    /// Whole record (texts, raw); campaign names are joined in. nullopt = not here.
    [[nodiscard]] Result<std::optional<ReviewedCall>> call(const CallKey& key);
    [[nodiscard]] Result<std::vector<ReviewedCall>> callsByRow(const std::vector<qint64>& callRows);  ///< in the order asked
    [[nodiscard]] Result<std::vector<CallTexts>> texts(const std::vector<qint64>& callRows);
    /// Return false from `take` to stop.
    [[nodiscard]] Done forEachIndexRow(const std::function<bool(IndexRow&&)>& take);
    [[nodiscard]] Done forEachTexts(const std::function<bool(CallTexts&&)>& take);
    [[nodiscard]] Result<std::vector<DispositionCount>> dispositionCodes();
    [[nodiscard]] Result<std::optional<std::chrono::milliseconds>> position(const CallKey& key);
    [[nodiscard]] Result<QStringList> check();  ///< integrity_check: empty = sound
    void interrupt();                           ///< the only method that other threads may call

   private:
    CallsDatabase();
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
