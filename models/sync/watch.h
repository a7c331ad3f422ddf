// Keeps the accounts fresh while a window is open: looks for news every so often, and has the whole lists read once a
// day when nobody is at the desk. Main thread only. Asks for nothing that somebody asked for: all of it waits its turn,
// obeys pauses, and does not show a refused key again.
#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <vector>

#include "models/domain/account.h"
#include "models/net/httpclient.h"
#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/pullreport.h"

namespace earmark {

class Puller;
struct Patience;

/// What is known of one account's freshness, for people.
struct WatchState {
    QString account;
    Provider provider = Provider::Yotel;
    bool watched = false;          ///< enabled, with an interval, pulled once, and its key is taken
    std::optional<Moment> newsAt;  ///< the last look that came to its end
    std::optional<Moment> fullAt;  ///< the last whole reading of all its lists
    std::optional<Error> problem;  ///< why the last look did not come to its end
};

class Watch final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Watch)

 public:
    static constexpr std::chrono::hours kFullEvery{24};
    static constexpr std::chrono::minutes kIdleAfter{5};
    static constexpr std::chrono::hours kFullAgainAfterFailure{1};
    static constexpr std::chrono::hours kDetailsOfTheLast{24};  ///< older calls get theirs when they are looked at

    struct Means {
        Store* store = nullptr;
        HttpClient* http = nullptr;
        KeySource* keys = nullptr;
        Puller* puller = nullptr;  ///< reads whole lists; while it runs nothing is watched
        std::shared_ptr<const Clock> clock;
    };
    explicit Watch(Means means, QObject* parent = nullptr);
    ~Watch() override;
    void setPatience(const Patience& patience);  ///< accountlink.h; tests make it quick

    /// Where they stand is read from the store. An account that is new or changed is watched anew, also when its key
    /// had been refused.
    void setAccounts(std::vector<Account> accounts);
    /// Only while the window is open. `every`: how often it is looked whether something is due; 0 = by tick() alone.
    void start(std::chrono::milliseconds every = std::chrono::seconds(1));
    void stop();
    void tick();

    /// Somebody pressed a key or moved the mouse.
    void noteActivity();
    void setPlaying(bool playing);  ///< listening is no idleness
    /// The account may be watched again although its key had been refused: there may be a new one.
    void noteKeyGiven(const QString& account);

    [[nodiscard]] std::vector<WatchState> states() const;
    [[nodiscard]] bool isLooking() const;  ///< for news, anywhere
    /// Known once the store has answered: accounts whose lists were not read to the end in the last day.
    [[nodiscard]] bool isKnown() const;
    [[nodiscard]] std::vector<Account> withoutFullPass() const;

 Q_SIGNALS:
    void known();    ///< isKnown() became true
    void changed();  ///< of states()
    void newCalls(const std::vector<earmark::CallKey>& keys);
    /// The key is refused or missing: told once, until it may be watched again.
    void keyProblem(const QString& account, const earmark::Error& error);

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
