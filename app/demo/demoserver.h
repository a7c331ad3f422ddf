// The demo provider on a loopback port: real HTTP in a thread of its own. The object itself belongs to the main thread.
#pragma once

#include <QObject>
#include <QUrl>
#include <memory>

#include "models/domain/clock.h"
#include "models/domain/result.h"

namespace earmark {

/// What the demo account uses; every key that begins with "yt_test_" is accepted.
[[nodiscard]] QByteArray demoKey();

class DemoServer final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DemoServer)

 public:
    explicit DemoServer(std::shared_ptr<const Clock> clock, QObject* parent = nullptr);
    ~DemoServer() override;

    /// Port 0 = any free one. Storage where the port is taken or the demo calls are missing. `began` is what "minutes
    /// ago" counts from; nullopt = now.
    [[nodiscard]] Done start(quint16 port, std::optional<Moment> began = std::nullopt);
    /// "http://127.0.0.1:4711/api/v1"; valid after start().
    [[nodiscard]] QUrl yotelBaseUrl() const;

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
