// Sends a request and keeps what came back and how often; for tests of whatever stands on HttpClient. Main thread.
#pragma once

#include <QTest>
#include <memory>
#include <optional>

#include "models/net/httpclient.h"

namespace earmark::test {

struct Asked {
    std::shared_ptr<int> calls = std::make_shared<int>(0);
    std::shared_ptr<std::optional<Result<HttpAnswer>>> result = std::make_shared<std::optional<Result<HttpAnswer>>>();
    std::unique_ptr<HttpTicket> ticket;

    [[nodiscard]] bool hasEnded() const { return result->has_value(); }
    /// Waits for the end without the 50 ms steps of QTRY_VERIFY; false after 30 s.
    [[nodiscard]] bool wait() const {
        return QTest::qWaitFor([this] { return hasEnded(); }, 30'000);
    }
    [[nodiscard]] bool ok() const { return hasEnded() && (*result)->has_value(); }
    [[nodiscard]] HttpAnswer answer() const { return ok() ? (*result)->value() : HttpAnswer{}; }
    [[nodiscard]] Error error() const { return hasEnded() && !ok() ? (*result)->error() : Error{}; }
};

[[nodiscard]] inline Asked ask(HttpClient& client, const HttpRequest& request) {
    Asked asked;
    asked.ticket = client.send(request, [calls = asked.calls, result = asked.result](Result<HttpAnswer> got) {
        ++*calls;
        *result = std::move(got);
    });
    return asked;
}

[[nodiscard]] inline HttpRequest get(const QUrl& url) {
    HttpRequest request;
    request.url = url;
    return request;
}

/// A clock that stands still until it is moved.
class FakeClock final : public Clock {
 public:
    [[nodiscard]] Moment now() const override { return m_now; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return m_steady; }
    void advance(std::chrono::milliseconds by) {
        m_now += by;
        m_steady += by;
    }
    void setNow(Moment now) { m_now = now; }

 private:
    Moment m_now = momentFromMs(1'776'000'000'000);
    std::chrono::steady_clock::time_point m_steady{std::chrono::hours(10)};
};

}  // namespace earmark::test
