#include "tests/support/loopbackserver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/httpwire.h"

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

constexpr int kPollMs = 20;

void resetSocket(int socket) {
    const linger hard{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

}  // namespace

LoopbackServer::LoopbackServer() {
    m_fallback = [](const Request&) { return Reply::json("{\"detail\": \"Not Found\"}"_ba, 404); };
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    ::setsockopt(m_listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_listener, 256) != 0 ||
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        qFatal("The loopback test server cannot listen");
    }
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { acceptLoop(); });
}

LoopbackServer::~LoopbackServer() {
    stop();
}

void LoopbackServer::stop() {
    if (m_stopping.exchange(true))
        return;
    ::shutdown(m_listener, SHUT_RDWR);  // wakes the acceptor
    m_acceptor.join();
    ::close(m_listener);
    // No new connection can appear now, so the list may be walked without the lock that its threads need.
    for (Connection& connection : m_connections)
        ::shutdown(connection.socket, SHUT_RDWR);
    for (Connection& connection : m_connections) {
        connection.thread.join();
        ::close(connection.socket);
    }
    m_connections.clear();
}

void LoopbackServer::on(const QByteArray& path, const Reply& reply) {
    on(path, [reply](const Request&) { return reply; });
}

void LoopbackServer::on(const QByteArray& path, const Handler& handler) {
    const std::scoped_lock lock(m_mutex);
    m_handlers[path] = handler;
}

void LoopbackServer::onSequence(const QByteArray& path, const std::vector<Reply>& replies) {
    auto next = std::make_shared<std::atomic<size_t>>(0);
    on(path, [replies, next](const Request&) { return replies[std::min(next->fetch_add(1), replies.size() - 1)]; });
}

void LoopbackServer::onAnythingElse(const Handler& handler) {
    const std::scoped_lock lock(m_mutex);
    m_fallback = handler;
}

QUrl LoopbackServer::url(const QString& pathAndQuery) const {
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(QString::number(m_port), pathAndQuery), QUrl::StrictMode);
}

QUrl LoopbackServer::otherOrigin(const QString& pathAndQuery) const {
    return QUrl(u"http://localhost:%1%2"_s.arg(QString::number(m_port), pathAndQuery), QUrl::StrictMode);
}

std::vector<Request> LoopbackServer::requests() const {
    const std::scoped_lock lock(m_mutex);
    return m_requests;
}

std::vector<Request> LoopbackServer::requests(const QByteArray& path) const {
    std::vector<Request> found = requests();
    std::erase_if(found, [&path](const Request& request) { return request.path != path; });
    return found;
}

int LoopbackServer::count() const {
    return int(requests().size());
}

int LoopbackServer::count(const QByteArray& path) const {
    return int(requests(path).size());
}

QList<QByteArray> LoopbackServer::targets() const {
    QList<QByteArray> list;
    for (const Request& request : requests())
        list.append(request.method + ' ' + request.target());
    return list;
}

int LoopbackServer::highestConcurrency() const {
    return m_highest;
}

void LoopbackServer::forgetRequests() {
    const std::scoped_lock lock(m_mutex);
    m_requests.clear();
    m_highest = 0;
}

void LoopbackServer::acceptLoop() {
    int number = 0;
    while (!m_stopping) {
        pollfd waiting{m_listener, POLLIN, 0};
        if (::poll(&waiting, 1, kPollMs) <= 0)
            continue;
        const int socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0)
            continue;
        const int one = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        reap();
        Connection& connection = m_connections.emplace_back();
        connection.socket = socket;
        connection.thread = std::thread([this, &connection, id = ++number] { serve(&connection, id); });
    }
}

void LoopbackServer::reap() {
    for (auto it = m_connections.begin(); it != m_connections.end();) {
        if (!it->done) {
            ++it;
            continue;
        }
        it->thread.join();
        ::close(it->socket);
        it = m_connections.erase(it);
    }
}

void LoopbackServer::serve(Connection* connection, int number) {
    const int socket = connection->socket;
    WireReader reader(socket, [this] { return m_stopping.load(); });
    while (!m_stopping) {
        Request request;
        if (!reader.readRequest(&request))
            break;
        request.connection = number;
        {
            const std::scoped_lock lock(m_mutex);
            m_requests.push_back(request);
        }
        const int active = ++m_active;
        int highest = m_highest;
        while (active > highest && !m_highest.compare_exchange_weak(highest, active)) {
        }
        const bool goOn = answer(socket, request, replyTo(request));
        --m_active;
        if (!goOn)
            break;
    }
    // The descriptor itself is closed by reap() or stop(): closing it here could let another connection get its number.
    linger set{};
    socklen_t size = sizeof set;
    ::getsockopt(socket, SOL_SOCKET, SO_LINGER, &set, &size);
    if (set.l_onoff != 0) {
        // RST goes out on close only; an unconnected placeholder keeps the number taken.
        const int placeholder = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ::dup2(placeholder, socket);
        ::close(placeholder);
    } else {
        ::shutdown(socket, SHUT_RDWR);
    }
    connection->done = true;
}

Reply LoopbackServer::replyTo(const Request& request) {
    Handler handler;
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_handlers.find(request.path);
        handler = found == m_handlers.end() ? m_fallback : found->second;
    }
    return handler(request);
}

bool LoopbackServer::sendAll(int socket, const QByteArray& bytes) {
    qsizetype sent = 0;
    while (sent < bytes.size() && !m_stopping) {
        pollfd waiting{socket, POLLOUT, 0};
        if (::poll(&waiting, 1, kPollMs) == 0)
            continue;
        const ssize_t n =
            ::send(socket, bytes.constData() + sent, size_t(bytes.size() - sent), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n <= 0)
            return false;
        sent += n;
        m_bytesSent += n;
    }
    return !m_stopping;
}

void LoopbackServer::sleepFor(std::chrono::milliseconds pause) const {
    const auto end = std::chrono::steady_clock::now() + pause;
    while (!m_stopping && std::chrono::steady_clock::now() < end) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        std::this_thread::sleep_for(std::clamp(left, std::chrono::milliseconds(1), std::chrono::milliseconds(kPollMs)));
    }
}

void LoopbackServer::hang(int socket) const {
    while (!m_stopping) {
        pollfd waiting{socket, POLLIN | POLLRDHUP, 0};
        if (::poll(&waiting, 1, kPollMs) > 0 && (waiting.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0)
            return;
        if ((waiting.revents & POLLIN) != 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
    }
}

bool LoopbackServer::answer(int socket, const Request& request, const Reply& reply) {
    if (reply.fault != Fault::Drip)
        sleepFor(reply.pause);
    if (reply.fault != Fault::None)
        return answerBroken(socket, request, reply);
    return sendAll(socket, head(reply, reply.body.size()) + reply.body);
}

bool LoopbackServer::answerBroken(int socket, const Request& request, const Reply& reply) {
    const QByteArray half = reply.body.left(reply.body.size() / 2);
    switch (reply.fault) {
        case Fault::None:
            break;
        case Fault::CloseBeforeAnswer:
            break;
        case Fault::ResetBeforeAnswer:
            resetSocket(socket);
            break;
        case Fault::ResetWithinBody:
            sendAll(socket, head(reply, reply.body.size()) + half);
            sleepFor(std::chrono::milliseconds(50));  // an RST throws away what the client has not read yet
            resetSocket(socket);
            break;
        case Fault::ResetAfterAnswer:
            sendAll(socket, head(reply, reply.body.size()) + reply.body);
            sleepFor(std::chrono::milliseconds(50));
            resetSocket(socket);
            break;
        case Fault::CloseAfterAnswer:
            sendAll(socket, head(reply, reply.body.size()) + reply.body);
            break;
        case Fault::Hang:
            hang(socket);
            break;
        case Fault::HangWithinBody:
            sendAll(socket, head(reply, reply.body.size()) + half);
            hang(socket);
            break;
        case Fault::Drip:
            if (!sendAll(socket, head(reply, 1'000'000)))
                break;
            while (sendAll(socket, "x"_ba))
                sleepFor(reply.pause);
            break;
        case Fault::ShortContentLength:
            sendAll(socket, head(reply, reply.body.size() * 2) + reply.body);
            break;
        case Fault::CutChunked:
            sendAll(socket, head(reply, kChunked) + QByteArray::number(reply.body.size(), 16) + "\r\n" + half);
            break;
        case Fault::CloseDelimited:
            sendAll(socket, head(reply, kCloseDelimited) + reply.body);
            break;
        case Fault::CloseDelimitedCut:
            sendAll(socket, head(reply, kCloseDelimited) + half);
            break;
        case Fault::HugeHeader: {
            const QByteArray piece(16 * 1024, 'h');
            if (!sendAll(socket, "HTTP/1.1 200 OK\r\nX-Flood: "_ba))
                break;
            // Slowly enough that a test with a short deadline does not eat the machine's memory.
            while (sendAll(socket, piece))
                sleepFor(std::chrono::milliseconds(5));
            break;
        }
        case Fault::EndlessBody: {
            const QByteArray piece(64 * 1024, ' ');
            if (!sendAll(socket, head(reply, kCloseDelimited)))
                break;
            while (sendAll(socket, piece)) {
            }
            break;
        }
        case Fault::GzipBomb: {
            static const QByteArray bomb = gzipped(QByteArray(200 * 1024 * 1024, ' '));
            const Reply zipped = reply.with("Content-Encoding"_ba, "gzip"_ba);
            return sendAll(socket, head(zipped, bomb.size()) + bomb);
        }
        case Fault::RedirectLoop: {
            const Reply again = Reply::redirect(request.target());
            return sendAll(socket, head(again, 0));
        }
    }
    return false;
}

}  // namespace earmark::test
