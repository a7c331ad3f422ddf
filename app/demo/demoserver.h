// The demo's four providers on one loopback port: real HTTP in a thread of its own. The object itself belongs to the
// main thread.
#pragma once

#include <QObject>
#include <QUrl>
#include <memory>

#include "models/domain/call.h"
#include "models/domain/result.h"

namespace earmark {

/// What the demo's account on this provider uses. Accepted are all keys that begin so: "yt_test_", "sk_demo",
/// "vt_demo", and a number with "|demo".
[[nodiscard]] QByteArray demoKey(Provider provider = Provider::Yotel);

class DeskSettings;

class DemoServer final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DemoServer)

 public:
    explicit DemoServer(std::shared_ptr<const Clock> clock, QObject* parent = nullptr);
    ~DemoServer() override;

    /// Port 0 = any free one. Storage where the port is taken or the demo calls are missing. `began` is what "minutes
    /// ago" counts from; nullopt = now.
    [[nodiscard]] Done start(quint16 port, std::optional<Moment> began = std::nullopt);
    /// As start(), on the port that `settings` remember from the demo before, so that its accounts stay where they
    /// were: edits wait for the account at an address. On any free one where that is taken; which it is, is remembered.
    [[nodiscard]] Done startAgain(DeskSettings* settings, std::optional<Moment> began = std::nullopt);
    /// "http://127.0.0.1:4711/api/v1" for Yotel; valid after start().
    [[nodiscard]] QUrl baseUrl(Provider provider) const;

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
