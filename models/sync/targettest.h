// Asks a target the harmless question of its dialect, once. Main thread only; deletes itself when it has told.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "models/net/keysource.h"
#include "models/sync/targetline.h"

namespace earmark {

class TargetTest final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TargetTest)

 public:
    struct Means {
        TargetLine::Means line;
        KeySource* keys = nullptr;
        std::shared_ptr<const WriteDialect> dialect;
        std::chrono::milliseconds deadline;
    };
    /// `secret` nullopt: what the KeySource knows. `done` runs once, in a later turn, unless `context` died.
    TargetTest(Means means, const Account& account, std::optional<QByteArray> secret, QObject* context,
               std::function<void(PushVerdict)> done, QObject* parent);
    ~TargetTest() override;

 private:
    void fetchSecret();
    void fetchAccountKey();
    void ask();
    void carryOut(PushStep step);
    void end(PushVerdict verdict);
    void failWith(const Error& error);

    Means m_means;
    Account m_account;
    TargetCapabilities m_capabilities;
    std::optional<QByteArray> m_secret;
    QByteArray m_accountKey;
    QPointer<QObject> m_context;
    std::function<void(PushVerdict)> m_done;
    std::unique_ptr<TargetLine> m_line;
    std::shared_ptr<PushSteps> m_steps;
    QTimer m_deadline;
};

}  // namespace earmark
