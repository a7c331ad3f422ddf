#include "ui/playback/sessionbus.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QDBusConnection>
#include <QFile>
#include <QUrl>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 2s;
constexpr int kStepMs = 20;

/// "unix:path=/run/user/1000/bus,guid=..."; an abstract name begins with a NUL here. Empty: another kind of address.
QString socketOf(const QString& address) {
    if (!address.startsWith(u"unix:"_s)) {
        return {};
    }
    for (const QString& part : address.mid(5).split(u',')) {
        const QString value = QUrl::fromPercentEncoding(part.section(u'=', 1).toUtf8());
        if (part.startsWith(u"path="_s)) {
            return value;
        }
        if (part.startsWith(u"abstract="_s)) {
            return QChar(u'\0') + value;
        }
    }
    return {};
}

QString addressOf(const QString& socket) {
    const bool isAbstract = socket.startsWith(QChar(u'\0'));
    const QByteArray name = QUrl::toPercentEncoding(isAbstract ? socket.mid(1) : socket, "/");
    return (isAbstract ? u"unix:abstract="_s : u"unix:path="_s) + QString::fromLatin1(name);
}

class Socket final {
 public:
    Socket() : m_descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
    ~Socket() {
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
        }
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    [[nodiscard]] bool connectTo(const QString& name) const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const QByteArray path = QFile::encodeName(name);
        if (m_descriptor < 0 || path.isEmpty() || size_t(path.size()) >= sizeof(address.sun_path)) {
            return false;
        }
        std::memcpy(address.sun_path, path.constData(), size_t(path.size()));
        const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(path.size()) + (path[0] != 0 ? 1 : 0));
        return ::connect(m_descriptor, reinterpret_cast<const sockaddr*>(&address), length) == 0;
    }
    [[nodiscard]] bool send(const QByteArray& bytes) const {
        return ::send(m_descriptor, bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL) == bytes.size();
    }
    /// What came within a step; "" = nothing, nullopt = the other side is gone.
    [[nodiscard]] std::optional<QByteArray> receive() const {
        pollfd wait{m_descriptor, POLLIN, 0};
        if (::poll(&wait, 1, kStepMs) <= 0) {
            return QByteArray();
        }
        QByteArray bytes(256, '\0');
        const ssize_t got = ::recv(m_descriptor, bytes.data(), size_t(bytes.size()), 0);
        return got > 0 ? std::optional(bytes.left(got)) : std::nullopt;
    }

 private:
    int m_descriptor;
};

}  // namespace

/// What the thread and the main thread know of each other; either may end first.
struct SessionBus::Shared {
    std::mutex mutex;
    SessionBus* owner = nullptr;  ///< null: nobody waits any more
    std::atomic<bool> stop{false};
};

SessionBus::SessionBus(QObject* parent) : QObject(parent), m_shared(std::make_shared<Shared>()) {
    m_shared->owner = this;
}

SessionBus::~SessionBus() {
    m_shared->stop = true;
    const std::lock_guard lock(m_shared->mutex);
    m_shared->owner = nullptr;
}

QStringList SessionBus::sockets() {
    QStringList found;
    for (const QString& address : qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS").split(u';', Qt::SkipEmptyParts)) {
        found << socketOf(address);
    }
    if (found.isEmpty() && qEnvironmentVariableIsSet("XDG_RUNTIME_DIR")) {
        found << qEnvironmentVariable("XDG_RUNTIME_DIR") + u"/bus"_s;
    }
    found.removeAll(QString());
    return found;
}

/// The beginning of every conversation with a bus, and its answer.
bool SessionBus::answers(const QString& socket, const std::function<bool()>& stop) {
    const Socket line;
    const QByteArray user = QByteArray::number(::geteuid()).toHex();
    if (!line.connectTo(socket) || !line.send(QByteArray(1, '\0') + "AUTH EXTERNAL " + user + "\r\n")) {
        return false;
    }
    const auto until = std::chrono::steady_clock::now() + kPatience;
    QByteArray answer;
    while (std::chrono::steady_clock::now() < until && !(stop && stop())) {
        const auto piece = line.receive();
        if (!piece) {
            return false;
        }
        answer += *piece;
        if (answer.contains("\r\n") || answer.size() > 1024) {
            return answer.startsWith("OK ");
        }
    }
    return false;
}

void SessionBus::connectTo(const std::function<void(const QDBusConnection&)>& found) {
    // Detached: what waits for a bus that has broken in the middle must not hold up the end of the program either.
    std::thread([shared = m_shared, found, sockets = sockets()] {
        for (const QString& socket : sockets) {
            if (!answers(socket, [&shared] { return shared->stop.load(); }) || shared->stop) {
                continue;
            }
            const QDBusConnection bus = QDBusConnection::connectToBus(addressOf(socket), u"earmark-session"_s);
            const std::lock_guard lock(shared->mutex);
            if (bus.isConnected() && shared->owner != nullptr) {
                QMetaObject::invokeMethod(
                    shared->owner, [found, bus] { found(bus); }, Qt::QueuedConnection);
            }
            return;
        }
    }).detach();
}

}  // namespace earmark
