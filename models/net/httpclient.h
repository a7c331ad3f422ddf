// The one HTTP client of the program; nothing else touches QNetworkAccessManager. Main thread only.
#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QPair>
#include <QString>
#include <QUrl>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "models/domain/clock.h"
#include "models/domain/result.h"

namespace earmark {

struct HttpAnswer;
struct Pace;

struct HttpRequest {
    enum class Method { Get, Post, Put, Patch };
    Method method = Method::Get;
    QUrl url;         ///< https, or http to loopback; checked again here
    QByteArray body;  ///< writes only; sent exactly once per attempt
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray bearer;  ///< empty = no Authorization header; never for a URL that came out of data
    std::chrono::milliseconds totalDeadline{30'000};  ///< from the moment it is sent, not while queued
    std::chrono::milliseconds inactivityDeadline{15'000};
    std::chrono::milliseconds connectDeadline{10'000};  ///< until the request has gone out
    qint64 bodyCap = 32 * 1024 * 1024;                  ///< bytes after decompression
    bool fromData = false;       ///< the URL came out of data: https only (http/loopback only where allowLoopback),
                                 ///< no user info, resolved address must be public
    bool allowLoopback = false;  ///< the account's own base is loopback
    /// Where set, the body of a 2xx goes here piece by piece instead of into HttpAnswer::body (the body of any other
    /// status is an error text and stays there, cut at 64 KiB); return false to stop with Storage.
    std::function<bool(const QByteArray& piece)> sink;
    /// With a sink: the head of a 2xx, once, before the first piece; it must not end the request.
    std::function<void(const HttpAnswer& head)> head;
    std::function<void(qint64 received, qint64 total)> progress;  ///< total -1 = unknown
};

struct HttpAnswer {
    int status = 0;  ///< any HTTP status; only transport failures are Errors
    QByteArray body;
    QList<QPair<QByteArray, QByteArray>> headers;  ///< names lower case
    [[nodiscard]] QByteArray header(const QByteArray& lowerCaseName) const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> retryAfter(
        Moment now) const;  ///< seconds or date; junk = nullopt; capped at 1 h
};

/// Held by the asker; deleting it or calling cancel() cancels: `done` then arrives once with Cancelled (cancel) or
/// never (deleted).
class HttpTicket {
 public:
    virtual ~HttpTicket() = default;
    virtual void cancel() = 0;
    /// Stops and resumes reading the body, so that a slow disk holds the server back instead of filling memory.
    virtual void pause() {}
    virtual void resume() {}
    /// Of a write, also within `done`: its body was taken for sending, so that nobody can say any more that the other
    /// side does not have it.
    [[nodiscard]] virtual bool bodyMayHaveLeft() const { return true; }
};

/// What it cannot know: whether a body without Content-Length is whole. For one that ends with the connection nobody
/// can; for a chunked one Qt 6.4.2 could, but sometimes (10 to 50 % on a busy computer) reports a cut one as finished.
/// So what is read from such bodies must be able to tell by itself (JSON can; recordings are looked at in
/// recordingfile.cpp).
class HttpClient : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HttpClient)

 public:
    explicit HttpClient(std::shared_ptr<const Clock> clock, QObject* parent = nullptr);
    ~HttpClient() override;
    [[nodiscard]] std::shared_ptr<const Clock> clock() const;

    /// Redirects are never followed: a 3xx is an answer like any other. At most six requests per host are in flight;
    /// the rest waits here without its deadline running. Error texts never hold a URL's query or a key.
    /// `done` runs once, in a later turn of the event loop, never after the ticket or the client was deleted.
    [[nodiscard]] virtual std::unique_ptr<HttpTicket> send(HttpRequest request,
                                                           std::function<void(Result<HttpAnswer>)> done);

    /// The one pace of `who` (an account's name; empty for a storage of recordings) at the address's server.
    /// `perMinute` (0 = no limit) counts from now on.
    [[nodiscard]] std::shared_ptr<Pace> pace(const QString& who, const QUrl& address, int perMinute);

    /// Name -> addresses, for URLs that came out of data. `done` may come at any time while `context` lives; empty =
    /// unknown. The addresses are connected to as they were checked (a later lookup cannot lead elsewhere), except
    /// through a proxy, which resolves by itself.
    using Resolver = std::function<void(const QString& host, QObject* context,
                                        const std::function<void(QList<QHostAddress>)>& done)>;
    using AddressRule = std::function<bool(const QHostAddress&)>;
    /// For tests; by default the system is asked and the address must be public.
    void setResolver(Resolver resolver, AddressRule acceptable = {});

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
