// calls.db: what the providers said. Every object of this class belongs to the one thread that opened it.
#pragma once

#include <QHash>
#include <QStringList>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "models/domain/account.h"
#include "models/domain/indexrow.h"
#include "models/domain/listeningprogress.h"
#include "models/domain/result.h"
#include "models/store/callcopy.h"
#include "models/store/sqlite.h"

namespace earmark {

struct Campaign {
    QString account;
    QString id;
    QString name;
    std::optional<QString> status;
    QByteArray raw;
};

/// How far the walk of one campaign has come; kept in the same transaction as the page, so that a kill resumes at the
/// page.
struct PullCursor {
    QString account;
    QString campaignId;
    int nextPage = 1;                 ///< first page not stored yet
    bool complete = false;            ///< the pass that these pages belong to reached the end
    std::optional<qint64> lastTotal;  ///< what the server said last
    std::optional<Moment> completedAt;
    QString problem;  ///< why the last walk stopped, "" when it did not
    QString asked{};  ///< what the pages were asked for (filters, page size); another question begins anew
};

struct Agent {
    QString id;
    QString name;
    QByteArray raw;
};

/// What a whole, quiet pass over a list has covered: calls of the account in it that no page showed are unlisted.
struct ListCoverage {
    QString account;
    std::optional<QString> campaignId{};  ///< nullopt = all campaigns
    std::optional<Moment> since{};        ///< of the start time; calls without one are not judged where there are times
    std::optional<Moment> until{};
};

/// What is kept of a call beside its values.
struct KeptForm {
    QByteArray raw;        ///< the provider's object without signatures of links
    QByteArray rawDetail;  ///< the same of what a single read answered
    qint64 contentHash = 0;
};

struct PageToStore {
    QString account;
    std::vector<Call> calls;
    std::optional<PullCursor> cursor;  ///< the cursor after this page
    bool isOfAList = false;            ///< the calls stood on a page of a list (with a cursor they always do)
    /// "Not found" marks since then are the pull's own, made before it saw the call listed: that they go is no change.
    std::optional<Moment> pullBegan{};
    std::vector<KeptForm> keptForms{};  ///< of each call, made ahead by prepare(); empty: made when stored
};

/// Does ahead what storePage() else does by itself, so that the one who writes has less to do. Any thread.
void prepare(PageToStore& page);

struct PageOutcome {
    int added = 0;
    int changed = 0;
    int unchanged = 0;
    QStringList addedIds;        ///< the provider's
    std::vector<IndexRow> rows;  ///< added and changed ones, review overlay not filled in
};

/// Open calls, and those of the last quarter of an hour that lack what comes late (latefields.h). ByAge: only those
/// that were told last before a quarter of their age, for whoever asks often.
enum class CallsToReread { All, ByAge };

/// So long after a call's end its transcript and analysis are there.
inline constexpr std::chrono::seconds kDetailsAreWhole{60};

class CallsDatabase final {
 public:
    enum class Access { ReadWrite, ReadOnly };
    /// ReadWrite: a damaged file is set aside (never deleted) and a new one begun. ReadOnly of a missing one:
    /// NotFoundHere.
    [[nodiscard]] static Result<std::unique_ptr<CallsDatabase>> open(const QString& file, Access access,
                                                                     SqlFaultSeam seam = {});
    [[nodiscard]] bool wasBegunAnew() const;  ///< by this open(), because what lay there was damaged
    /// An empty one in memory, for a profile that has none yet.
    [[nodiscard]] static Result<std::unique_ptr<CallsDatabase>> openEmpty();
    ~CallsDatabase();

    /// Rows found here before are updated in place (call_row never changes) and none is ever deleted because it was
    /// absent. A call that was marked "not found" and is delivered again counts as changed. A new signature of the same
    /// recording link is stored but changes nothing. A Row or Detail of a call that is known
    /// is merged into it (mergedCall()).
    [[nodiscard]] Result<PageOutcome> storePage(PageToStore page, Moment now);
    [[nodiscard]] Result<IndexRow> markNotFound(const CallKey& key, Moment now);  ///< NotFoundHere for an unknown call
    /// Calls of the list that no page has shown since `passBegan`: for the end of a whole, quiet pass.
    /// `countUnlisted` only counts those that would be marked.
    [[nodiscard]] Result<qint64> countUnlisted(const ListCoverage& coverage, Moment passBegan);
    [[nodiscard]] Result<std::vector<IndexRow>> markUnlisted(const ListCoverage& coverage, Moment passBegan,
                                                             Moment now);
    /// What asking for the sound of a call has shown, for providers whose rows do not say. NotFoundHere.
    [[nodiscard]] Result<IndexRow> noteRecordingFound(const CallKey& key, bool found);
    /// Answers the rows of calls whose agent's name changed.
    [[nodiscard]] Result<std::vector<IndexRow>> saveAgents(const QString& account, const std::vector<Agent>& agents);
    /// Answers the campaigns whose name changed: what the rows of their calls show has changed with it.
    [[nodiscard]] Result<QStringList> saveCampaigns(const QString& account, const std::vector<Campaign>& campaigns);
    [[nodiscard]] Done saveCursor(const PullCursor& cursor);
    [[nodiscard]] Done removeAccount(const QString& account);
    [[nodiscard]] Result<qint64> countCalls(const QString& account);
    /// "Leave us alone until then": outlives the process. Those that are over at `now` go with the next one saved.
    [[nodiscard]] Done saveServerWish(const QString& name, Moment until, Moment now);
    [[nodiscard]] Done saveListening(const CallKey& key, const ListeningProgress& progress);
    /// Signed recording links, which are keys to what was said: one whose file is here, and all that were told before.
    /// A dropped link is asked for anew when it is wanted; links without a query stay.
    [[nodiscard]] Done dropLink(const CallKey& key);
    [[nodiscard]] Done dropLinksToldBefore(Moment before);

    /// Calls as they are now, for reviews.db to keep (callcopy.h); those that are not here are left out.
    [[nodiscard]] Result<std::vector<CallCopy>> copiesOf(const std::vector<CallKey>& keys, Moment now);
    /// Calls that are not here come back from their copies, in a state that the next pull overwrites. Answers their
    /// rows.
    [[nodiscard]] Result<std::vector<IndexRow>> bringBack(const std::vector<CallCopy>& copies);
    /// Whether all copies have been brought back into this file once: not so in one that was begun anew.
    [[nodiscard]] Result<bool> hasCopiesBack();
    [[nodiscard]] Done noteCopiesBack();

    [[nodiscard]] Result<QHash<QString, Moment>> serverWishes();
    [[nodiscard]] Result<std::vector<PullCursor>> cursors(const QString& account);
    [[nodiscard]] Result<std::vector<Campaign>> campaigns(const QString& account);
    [[nodiscard]] Result<std::vector<Agent>> agents(const QString& account);
    [[nodiscard]] Result<std::vector<CallKey>> callsToReread(const QString& account, Provider provider,
                                                             CallsToReread which, Moment now);
    /// Ended calls that no single read was made of, newest first: those that began at `since` or later (a look of a day
    /// or less is quick, a longer one reads all rows). Ended a moment ago does not count yet.
    [[nodiscard]] Result<std::vector<CallKey>> callsWithoutDetail(const QString& account, std::optional<Moment> since,
                                                                  int most, Moment now);
    /// Whole record (texts, raw); campaign names are joined in. nullopt = not here.
    [[nodiscard]] Result<std::optional<ReviewedCall>> call(const CallKey& key);
    [[nodiscard]] Result<std::vector<ReviewedCall>> callsByRow(
        const std::vector<qint64>& callRows);  ///< in the order asked
    [[nodiscard]] Result<std::vector<CallTexts>> texts(const std::vector<qint64>& callRows);
    /// In the order of row ids, those after `afterRow`. Return false from `take` to stop.
    [[nodiscard]] Done forEachIndexRow(const std::function<bool(IndexRow&&)>& take, qint64 afterRow = 0);
    /// With the transcripts' words, which texts() leaves out.
    [[nodiscard]] Done forEachTexts(const std::function<bool(CallTexts&&)>& take, qint64 afterRow = 0);
    [[nodiscard]] Result<std::vector<IndexRow>> indexRowsOfCampaign(const QString& account, const QString& campaignId);
    [[nodiscard]] Result<std::vector<DispositionCount>> dispositionCodes();
    [[nodiscard]] Result<std::optional<ListeningProgress>> listening(const CallKey& key);
    [[nodiscard]] Result<QStringList> check();  ///< integrity_check: empty = sound
    [[nodiscard]] Done checkpoint();            ///< the log is written back and emptied; read-write only
    /// What happened at open and should be told: a damaged file was set aside.
    [[nodiscard]] const QStringList& notices() const;
    void interrupt();  ///< the only method that other threads may call

 private:
    CallsDatabase();
    class Private;
    class PageStoring;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
