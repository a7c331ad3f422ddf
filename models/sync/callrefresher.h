// Re-reads single calls: when a call is opened stale, when a signed link was refused, and on the ladder 5 s, 15 s, 60
// s, 5 min for "recorded, link not issued yet". Main thread only.
#pragma once

#include <QObject>
#include <functional>
#include <memory>

#include "models/domain/account.h"
#include "models/net/httpclient.h"
#include "models/net/keysource.h"
#include "models/store/store.h"

namespace earmark {

class AccountLink;
struct Patience;

/// Does a single read know more of this call than what is here?
[[nodiscard]] bool lacksDetail(const Call& call);
/// Is the provider worth asking about this call again? It may have changed, or not all of it was ever read.
[[nodiscard]] bool isStale(const ReviewedCall& call, Moment now);

class CallRefresher final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallRefresher)

 public:
    CallRefresher(Store* store, HttpClient* http, KeySource* keys, std::shared_ptr<const Clock> clock,
                  QObject* parent = nullptr);
    ~CallRefresher() override;
    void setAccounts(std::vector<Account> accounts);
    void setPatience(const Patience& patience);  ///< accountlink.h; tests make it quick
    /// Moments after the start of a watch at which is asked again; tests make them short.
    void setLadder(std::vector<std::chrono::milliseconds> ladder);

    /// Reads the call once and stores it. A 404 marks it "not found at provider" (row and edits stay) and answers
    /// NotFound. Questions for the same call while one is under way share its answer.
    void refresh(const CallKey& key, QObject* context, std::function<void(Result<Call>)> done);
    /// A line to the account's provider, with its key, for what else is asked about single calls (recordings). It dies
    /// with the last who holds it. `done` comes once, in a later turn.
    using Line = std::shared_ptr<AccountLink>;
    void openLine(const QString& account, QObject* context, std::function<void(Result<Line>)> done);
    /// Starts the ladder for a call whose recording is announced but has no link; stops when the link is there.
    void watchForRecording(const CallKey& key);

 Q_SIGNALS:
    void recordingLinkArrived(const earmark::CallKey& key);
    void recordingGivenUp(const earmark::CallKey& key);

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
