// One attempt to send one delivery: compose or take what is frozen, take the lease, carry the steps out, write down how
// it ended. Main thread only; composing, and understanding what came back, happen on pool threads.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "models/domain/account.h"
#include "models/store/store.h"
#include "models/sync/targetline.h"
#include "models/targets/writedialect.h"

namespace earmark {

/// How an attempt ended, after that has been written down.
struct PushEnding {
    enum class End {
        Accepted,
        Refused,
        Conflict,
        Waiting,  ///< for another try, whatever the reason
        Dropped,  ///< nothing left: it is no longer this sender's, or the account has changed
    } end = End::Waiting;
    std::optional<Error> error;  ///< as in PushVerdict, or why nothing could be sent at all
    QString reason;
    QString place;
    std::optional<Moment> nextTry;
    bool wasAnswered = false;  ///< the target said something to the matter
    int requests = 0;
};

class DeliveryPush final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DeliveryPush)

 public:
    struct Means {
        Store* store = nullptr;
        TargetLine::Means line;
        std::shared_ptr<const WriteDialect> dialect;
        QString owner;  ///< of the lease
        std::chrono::milliseconds attemptDeadline;
        std::chrono::milliseconds lease;
        QByteArray secret;      ///< the target's own
        QByteArray accountKey;  ///< the provider's
    };
    DeliveryPush(Means means, const Account& account, Delivery delivery, QObject* parent);
    ~DeliveryPush() override;

    void start(std::function<void(const PushEnding&)> done);
    /// Ends as soon as it is written down how: unclear where something may have left.
    void giveUp();
    /// Ends as Dropped unless it has left already, or may have.
    void dropUnlessSent();

    [[nodiscard]] const Delivery& delivery() const { return m_delivery; }

 private:
    void takeCall(const std::optional<ReviewedCall>& call);
    void compose();
    void lease(const QByteArray& body);
    void begin();
    void understand(const StepAnswer& answer);
    void carryOut(PushStep step);
    void judge(const PushVerdict& verdict);
    [[nodiscard]] Moment nextTryAfter(const PushVerdict& verdict) const;
    void settle(const Settlement& settlement, PushEnding ending);
    void refuseHere(const Error& error);
    void finish(PushEnding ending);

    Means m_means;
    Account m_account;
    TargetCapabilities m_capabilities;
    Delivery m_delivery;
    OutgoingReview m_review;
    QByteArray m_body;
    TargetLine m_line;
    QTimer m_deadline;
    std::shared_ptr<PushSteps> m_steps;
    std::function<void(const PushEnding&)> m_done;
    bool m_mayHaveArrived = false;  ///< in this attempt or an earlier one
    bool m_wasAnswered = false;
    bool m_dropped = false;
    bool m_givenUp = false;
};

/// Whether a delivery was refused because of the key or secret, by the reason that it was refused with: then it is
/// tried again when somebody asks or gives another one.
[[nodiscard]] bool isAboutTheKey(const QString& reason);

}  // namespace earmark
