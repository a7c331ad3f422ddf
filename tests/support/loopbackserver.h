// An HTTP/1.1 server on 127.0.0.1 for tests, on raw sockets and own threads, that can misbehave in every way a client
// must survive. Methods may be called from any thread; handlers run in the connection's thread.
#pragma once

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QString>
#include <QUrl>
#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace earmark::test {

using HeaderList = QList<QPair<QByteArray, QByteArray>>;

/// What goes wrong while an answer is given.
enum class Fault {
    None,
    CloseBeforeAnswer,   ///< reads the request, closes
    ResetBeforeAnswer,   ///< reads the request, sends RST
    ResetWithinBody,     ///< half of the body, then RST
    ResetAfterAnswer,    ///< a whole answer on a connection said to be kept, then RST
    CloseAfterAnswer,    ///< a whole answer on a connection said to be kept, then closed without notice
    Hang,                ///< never answers
    HangWithinBody,      ///< half of the body, then silence
    Drip,                ///< the body byte by byte, `pause` between them, without end in sight
    ShortContentLength,  ///< announces twice the bytes that come, closes
    CutChunked,          ///< chunked, cut in the middle of a chunk
    CloseDelimited,      ///< no length, the whole body, closes
    CloseDelimitedCut,   ///< no length, half of the body, closes
    HugeHeader,          ///< a header line without end
    EndlessBody,         ///< a body without end
    GzipBomb,            ///< 200 MiB of blanks, compressed
    RedirectLoop,        ///< 302 to itself
};

struct Reply {
    int status = 200;
    HeaderList headers;
    QByteArray body;
    Fault fault = Fault::None;
    std::chrono::milliseconds pause{0};  ///< before the answer; between the bytes of a drip

    [[nodiscard]] static Reply json(const QByteArray& text, int status = 200);
    [[nodiscard]] static Reply html(const QByteArray& text, int status = 200);
    [[nodiscard]] static Reply bytes(const QByteArray& body, const QByteArray& type);
    [[nodiscard]] static Reply code(int status);
    [[nodiscard]] static Reply broken(Fault fault,
                                      const QByteArray& body = QByteArrayLiteral("{\"items\": [1, 2, 3]}"));
    [[nodiscard]] static Reply redirect(const QByteArray& location, int status = 302);
    [[nodiscard]] static Reply tooMany(const QByteArray& retryAfter);  ///< "7", a date, junk; "" = no header
    [[nodiscard]] static Reply slow(std::chrono::milliseconds pause, const QByteArray& text = QByteArrayLiteral("{}"));
    [[nodiscard]] Reply with(const QByteArray& name, const QByteArray& value) const;
};

struct Request {
    QByteArray method;
    QByteArray path;     ///< percent-encoded as sent, without the query
    QByteArray query;    ///< as sent, without '?'
    HeaderList headers;  ///< names lower case
    QByteArray body;
    int connection = 0;  ///< which connection of this server it came by, from 1

    [[nodiscard]] QByteArray header(const QByteArray& lowerCaseName) const;
    [[nodiscard]] bool hasHeader(const QByteArray& lowerCaseName) const;
    [[nodiscard]] QByteArray queryItem(const QByteArray& name) const;  ///< decoded
    [[nodiscard]] QByteArray target() const;                           ///< path and query
};

class LoopbackServer {
 public:
    using Handler = std::function<Reply(const Request&)>;

    LoopbackServer();  ///< listens on a free port at once
    virtual ~LoopbackServer();
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    void on(const QByteArray& path, const Reply& reply);
    void on(const QByteArray& path, const Handler& handler);
    /// One reply per request, the last one for ever.
    void onSequence(const QByteArray& path, const std::vector<Reply>& replies);
    void onAnythingElse(const Handler& handler);  ///< default: 404 with a JSON body

    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] QUrl url(const QString& pathAndQuery) const;          ///< on http://127.0.0.1:port
    [[nodiscard]] QUrl otherOrigin(const QString& pathAndQuery) const;  ///< the same server as http://localhost:port

    [[nodiscard]] std::vector<Request> requests() const;
    [[nodiscard]] std::vector<Request> requests(const QByteArray& path) const;
    [[nodiscard]] int count() const;
    [[nodiscard]] int count(const QByteArray& path) const;
    [[nodiscard]] QList<QByteArray> targets() const;  ///< "GET /a?b=c", in order of arrival
    [[nodiscard]] int highestConcurrency() const;     ///< most requests that were being answered at one time
    [[nodiscard]] qint64 bytesSent() const { return m_bytesSent; }
    void forgetRequests();

    void
    stop();  ///< closes everything; called by the destructor. Subclasses whose handlers use members call it in theirs.

 private:
    struct Connection {
        int socket = -1;
        std::thread thread;
        std::atomic<bool> done{false};
    };
    void acceptLoop();
    void serve(Connection* connection, int number);
    bool answer(int socket, const Request& request, const Reply& reply);
    bool answerBroken(int socket, const Request& request, const Reply& reply);
    bool sendAll(int socket, const QByteArray& bytes);
    void sleepFor(std::chrono::milliseconds pause) const;
    void hang(int socket) const;
    [[nodiscard]] Reply replyTo(const Request& request);
    void reap();

    mutable std::mutex m_mutex;
    std::map<QByteArray, Handler> m_handlers;
    Handler m_fallback;
    std::vector<Request> m_requests;
    std::list<Connection> m_connections;
    std::thread m_acceptor;
    std::atomic<bool> m_stopping{false};
    std::atomic<qint64> m_bytesSent{0};
    std::atomic<int> m_active{0};
    std::atomic<int> m_highest{0};
    int m_listener = -1;
    int m_port = 0;
};

/// `raw` as one gzip member (fast level).
[[nodiscard]] QByteArray gzipped(const QByteArray& raw);

}  // namespace earmark::test
