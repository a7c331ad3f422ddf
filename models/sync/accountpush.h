// The sending of one account: when its edits leave, how many at once, and what holds them up. Main thread only; made
// and owned by Pusher.
#pragma once

#include <QHash>
#include <QObject>
#include <QTimer>
#include <deque>
#include <memory>
#include <optional>

#include "models/net/keysource.h"
#include "models/sync/deliverypush.h"
#include "models/sync/pusher.h"
#include "models/sync/pushreport.h"

namespace earmark {

class AccountPush final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountPush)

 public:
    struct Means {
        Store* store = nullptr;
        HttpClient* http = nullptr;
        KeySource* keys = nullptr;
        Workers* workers = nullptr;
        std::shared_ptr<const Clock> clock;
        const PushMeans* push = nullptr;
        QString owner;  ///< of every lease of this process
    };
    AccountPush(Means means, const Account& account, QObject* parent);
    ~AccountPush() override;

    [[nodiscard]] const Account& account() const { return m_account; }
    void setAccount(const Account& account);
    /// What waits leaves by itself from now on, where the account and its target are set so.
    void startByItself();
    void wake();  ///< the outbox has changed
    void sendNow();
    void cancel();
    void noteSecretGiven();
    [[nodiscard]] bool isSendingNow() const { return m_round.has_value(); }
    [[nodiscard]] PushState state() const;

 Q_SIGNALS:
    void changed();  ///< of state()
    void keyProblem(const earmark::Error& error);
    void finished(const earmark::PushReport& report);  ///< once per sendNow(), in a later turn

 private:
    using Instant = std::chrono::steady_clock::time_point;
    /// What somebody asked for, until it is answered.
    struct Round {
        PushReport report;
        Instant began{};
        bool putBack = false;   ///< what was refused because of the key waits again
        bool hasTried = false;  ///< the first request goes at once, whatever an outage before
        bool isEnding = false;
        bool isCounting = false;
    };

    [[nodiscard]] bool mayLook() const;
    [[nodiscard]] bool sendsByItself() const;
    [[nodiscard]] bool waitsTooLong(std::chrono::milliseconds wait) const;
    [[nodiscard]] size_t mostAtOnce() const;
    [[nodiscard]] QString destinationName() const;
    void look();
    void lookIn(std::chrono::milliseconds wait);
    void loadDue();
    void takeDue(std::vector<Delivery> due);
    [[nodiscard]] std::optional<std::chrono::milliseconds> waitOf(const Delivery& delivery, Moment now) const;
    [[nodiscard]] std::optional<Error> hindrance() const;
    void sendFromQueue();
    void begin(const Delivery& delivery);
    void takeEnding(DeliveryPush* push, const PushEnding& ending);
    void noteFailure(const QString& delivery, const PushEnding& ending);
    void holdUp(const Error& why);
    void rest(std::optional<std::chrono::milliseconds> soonest);
    void restUntil(std::optional<Moment> nextTry, std::optional<std::chrono::milliseconds> soonest);
    void endRound(std::optional<Error> error);
    void countWhatWaits();
    void tellRound();
    void beginAnew();
    void forgetTarget();
    void takeUpTarget();
    void tellChange();

    // accountpushkeys.cpp
    void fetchSecrets();
    void takeSecret(const Result<QByteArray>& secret);
    void takeAccountKey(const Result<QByteArray>& key);
    void secretsAreKnown();
    [[nodiscard]] const QByteArray& keyThatCounts() const;
    void pauseForKey(const Error& error);
    void noteKeyRefused(const Error& error);
    void noteKeyTaken();
    void putBackRefused();
    void sendAgain(const std::vector<PendingEdit>& pending);

    Means m_means;
    Account m_account;
    std::shared_ptr<const WriteDialect> m_dialect;  ///< null: no target
    TargetCapabilities m_capabilities;
    std::shared_ptr<Pace> m_pace;
    std::optional<Round> m_round;
    QTimer m_timer;
    QTimer m_cancelPatience;
    std::deque<Delivery> m_queue;  ///< found due; what has changed since is noticed when it is taken for sending
    QHash<QString, DeliveryPush*> m_underWay;
    QHash<QString, Instant> m_notBefore;  ///< deliveries that were tried a moment ago
    bool m_byItself = false;
    bool m_looking = false;
    bool m_lookAgain = false;
    bool m_proven = false;     ///< the target has answered to the matter since its last trouble
    quint64 m_generation = 0;  ///< answers to questions of an earlier one are not used

    bool m_secretsKnown = false;
    QByteArray m_secret;
    QByteArray m_accountKey;
    std::optional<Error> m_keyTrouble;  ///< missing or refused

    std::optional<Moment> m_until;
    bool m_isResting = false;
    std::optional<Error> m_trouble;  ///< of the last attempt, until one succeeds
    std::optional<Moment> m_lastAccepted;
    QString m_lastPlace;
    PushState m_told;
};

}  // namespace earmark
