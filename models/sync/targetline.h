// Carries out the steps of one attempt at a target: over HTTP within the pace of its server, or on a pool thread for a
// file. One step at a time. Main thread only.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "models/net/httpclient.h"
#include "models/net/pace.h"
#include "models/sync/workers.h"
#include "models/targets/writedialect.h"

namespace earmark {

class TargetLine final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TargetLine)

 public:
    struct Means {
        HttpClient* http = nullptr;
        Workers* workers = nullptr;
        std::shared_ptr<const Clock> clock;
        std::shared_ptr<Pace> pace;
        std::function<double()> random;
        RetryPolicy retry;
        std::function<StepAnswer(const FileStep&)> carryOutFileStep;
    };
    using Answered = std::function<void(StepAnswer)>;

    TargetLine(Means means, QByteArray accountKey, QObject* parent);
    ~TargetLine() override;

    /// `done` runs once, in a later turn, never after this object's end. Exactly one request leaves, or none where the
    /// server asks to be left alone (then RateLimited); the account's own request limit is waited for.
    void carryOut(const HttpStep& step, Answered done);
    void carryOut(const FileStep& step, Answered done);
    /// The step under way ends now, with this error and with what is known about its arrival.
    void giveUp(const Error& error);

    [[nodiscard]] int requests() const { return m_requests; }  ///< sent so far

 private:
    void sendWhenLawful();
    void send();
    void take(const Result<HttpAnswer>& answer);
    void noteAnswer(const StepAnswer& answer);
    void end(StepAnswer answer);
    [[nodiscard]] bool mayHaveArrived() const;

    Means m_means;
    QByteArray m_accountKey;
    QTimer m_timer;
    HttpStep m_step;
    Answered m_done;
    std::unique_ptr<HttpTicket> m_ticket;
    OutageBrake::Instant m_sent{};
    int m_requests = 0;
    bool m_isFile = false;
};

}  // namespace earmark
