// Sends what waits in the outbox to the targets of its accounts, by itself and when asked, and tells how it stands.
// Main thread only; files are written on a pool thread. Knows no target by name: a WriteDialect says the steps.
//
// In order per call, one request on the wire per attempt, the same key and body at every repeat. The state of sending
// is rows in reviews.db, so a kill loses nothing: what was under way is repeated as something that may have arrived.
#pragma once

#include <QObject>
#include <QStringList>
#include <functional>
#include <memory>
#include <vector>

#include "models/domain/account.h"
#include "models/net/httpclient.h"
#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/accountlink.h"
#include "models/sync/pushreport.h"
#include "models/targets/writedialect.h"

namespace earmark {

/// The times and parts of sending that tests replace.
struct PushMeans {
    /// How long nothing more may have been done to a call before its edits leave by themselves: what belongs together
    /// travels together, and an undo can still catch it.
    std::chrono::milliseconds restAfterEdit{5000};
    /// An attempt that has not ended by then is given up; its lease runs longer.
    std::chrono::milliseconds attemptDeadline{120'000};
    std::chrono::milliseconds lease{300'000};
    /// What is not ours or could not be written down is not asked for again before that.
    std::chrono::milliseconds afterOwnTrouble{2000};
    /// Somebody who asked waits no longer than this for a target that is down or asks for a pause; then it is reported.
    std::chrono::milliseconds longestWaitWhenAsked{20'000};
    /// At most 50 s between two tries of a target that is down: what waited is gone within a minute of its coming back,
    /// and ten minutes of outage cost at most 20 requests.
    Patience patience{RetryPolicy{std::chrono::milliseconds(2000), std::chrono::milliseconds(50'000)}};
    std::function<std::shared_ptr<const WriteDialect>(TargetKind)> dialectFor = writeDialectFor;
    /// Runs on a pool thread.
    std::function<StepAnswer(const FileStep&)> carryOutFileStep;  ///< empty: models/targets/reviewfile.h
};

class Pusher final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Pusher)

 public:
    Pusher(Store* store, HttpClient* http, KeySource* keys, std::shared_ptr<const Clock> clock, PushMeans means = {},
           QObject* parent = nullptr);
    ~Pusher() override;  ///< what is on the wire stays "being sent" until the next begin()

    /// Once, after Store::open and before anything is sent: what a killed process was sending waits again. This process
    /// must hold the profile. `done` may be empty.
    void begin(std::function<void(Done)> done = {});
    /// All accounts, also disabled ones. Where the target of one changed, what is not on the wire is dropped and looked
    /// at again.
    void setAccounts(std::vector<Account> accounts);
    /// From now on enabled accounts whose target sends by itself do so. Without it only sendNow() sends.
    void startSendingByItself();

    /// Sends all that waits of these accounts (known ones; disabled ones too), whatever the next try, a pause after a
    /// refused key, or the rest after an edit; what was refused because of the key is tried again. Only a running
    /// Retry-After is obeyed. finished() follows, also where there is nothing to send. While one runs, the accounts are
    /// added to it.
    void sendNow(const QStringList& accounts);
    /// Ends sendNow(); what is on the wire is given up as unclear and repeated later. finished() follows.
    void cancel();
    [[nodiscard]] bool isSendingNow() const;

    /// A new secret or key was given: the pause ends, and what was refused because of the old one is sent again.
    void noteSecretGiven(const QString& account);

    /// In the order of setAccounts(), also those without a target.
    [[nodiscard]] std::vector<PushState> states() const;
    [[nodiscard]] PushState state(const QString& account) const;

    /// Asks the target a harmless question; the account need not be stored anywhere. `secret` nullopt: the one that the
    /// KeySource knows. `done` runs once, in a later turn, unless `context` died.
    void test(const Account& account, std::optional<QByteArray> secret, QObject* context,
              std::function<void(PushVerdict)> done);

 Q_SIGNALS:
    void changed();  ///< of states()
    /// The key or secret is refused or missing: told once, until it changes or somebody asks.
    void keyProblem(const QString& account, const earmark::Error& error);
    void finished(const std::vector<earmark::PushReport>& reports);  ///< of sendNow()

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
