// Walks accounts, campaigns and pages and stores what comes, page by page. Main thread only; parsing runs on pool
// threads. The state of a walk is rows in calls.db, so kill -9 loses nothing and the next pull resumes at the page.
#pragma once

#include <QObject>
#include <QStringList>
#include <memory>
#include <vector>

#include "models/domain/account.h"
#include "models/net/httpclient.h"
#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/pullreport.h"

namespace earmark {

struct PullOptions {
    QStringList campaignIds;      ///< empty = all
    QStringList callIds;          ///< not empty: only these calls
    std::optional<Moment> since;  ///< cut here where the provider offers no filter: rows outside count as received but
                                  ///< are not stored, and the walk leaves no cursor
    std::optional<Moment> until;
    bool full = false;           ///< forget the cursors, start at page 1
    bool details = false;        ///< at the end, single reads of ended calls whose rows lack what those know
    bool askedByItself = false;  ///< nobody waits for it: it obeys every pause and shows no refused key again
};

struct PullProgress {
    QString account;
    QString campaign;  ///< name where known, else id
    int campaignsDone = 0;
    int campaigns = 0;
    int pages = 0;
    qint64 received = 0;          ///< rows so far in this pull, of all its accounts, as are the three counts above
    std::optional<qint64> total;  ///< what the server says for this campaign
    QString waitingFor;           ///< "" or a sentence: "Yotel asks to wait 7 s"
};

struct Patience;

class Puller final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Puller)

 public:
    Puller(Store* store, HttpClient* http, KeySource* keys, std::shared_ptr<const Clock> clock,
           QObject* parent = nullptr);
    ~Puller() override;
    void setPatience(const Patience& patience);  ///< how failures are waited out (accountlink.h); tests make it quick

    /// Starts a pull; a running one must have finished or been cancelled first (then InvalidInput).
    [[nodiscard]] Done start(const std::vector<Account>& accounts, const PullOptions& options);
    void cancel();  ///< finished() follows at once; what is stored stays
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] PullProgress progress() const;

 Q_SIGNALS:
    void progressed(const earmark::PullProgress& progress);
    void finished(const earmark::PullReport& report);

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
