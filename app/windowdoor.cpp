#include "app/windowdoor.h"

#include <QCoreApplication>
#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTimer>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(WindowDoor)
};

constexpr qsizetype kLongestMessage = kLongestDoorUrl + 16;
constexpr std::chrono::seconds kGuestMayStay{2};
constexpr int kMostGuests = 16;

/// A socket address holds 107 bytes; QLocalServer needs some of them for its temporary folder. Long profile paths are
/// reached through an open descriptor of the folder.
class SocketPath {
 public:
    explicit SocketPath(const Profile& profile) {
        m_path = QFile::encodeName(profile.socketFile());
        if (m_path.size() > 80) {
            m_folder = ::open(QFile::encodeName(profile.folder()).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC);
            m_path = "/proc/self/fd/" + QByteArray::number(m_folder) + "/earmark.socket";
        }
    }
    ~SocketPath() {
        if (m_folder >= 0) {
            close(m_folder);
        }
    }
    Q_DISABLE_COPY_MOVE(SocketPath)
    [[nodiscard]] const QByteArray& bytes() const { return m_path; }

 private:
    QByteArray m_path;
    int m_folder = -1;
};

int connectedSocket(const Profile& profile) {
    const SocketPath path(profile);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.bytes().size() >= qsizetype(sizeof address.sun_path)) {
        return -1;
    }
    std::memcpy(address.sun_path, path.bytes().constData(), size_t(path.bytes().size()));
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

}  // namespace

class WindowDoor::Private {
 public:
    std::unique_ptr<SocketPath> path;
    QLocalServer server;
    int guests = 0;
};

WindowDoor::WindowDoor(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {
    d->server.setSocketOptions(QLocalServer::UserAccessOption);
    d->server.setMaxPendingConnections(kMostGuests);
    connect(&d->server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket* guest = d->server.nextPendingConnection()) {
            if (d->guests >= kMostGuests) {
                delete guest;
                continue;
            }
            ++d->guests;
            connect(guest, &QObject::destroyed, this, [this] { --d->guests; });
            connect(guest, &QLocalSocket::disconnected, guest, &QObject::deleteLater);
            QTimer::singleShot(kGuestMayStay, guest, [guest] {
                guest->abort();
                guest->deleteLater();
            });
            guest->setReadBufferSize(kLongestMessage + 1);
            connect(guest, &QLocalSocket::readyRead, this, [this, guest] {
                if (!guest->canReadLine()) {
                    if (guest->bytesAvailable() > kLongestMessage) {
                        guest->abort();
                    }
                    return;
                }
                const QByteArray line = guest->readLine(kLongestMessage + 1).trimmed();
                const QUrl url =
                    line.startsWith("open ") ? QUrl(QString::fromUtf8(line.mid(5)), QUrl::StrictMode) : QUrl();
                if (line == "raise") {
                    guest->write("ok\n");
                    Q_EMIT raiseRequested();
                } else if (url.isValid() && url.scheme() == u"earmark"_s && line.size() <= kLongestDoorUrl + 5) {
                    guest->write("ok\n");
                    Q_EMIT openRequested(url);
                }
                guest->disconnectFromServer();  // one message each; anything else is not answered
            });
        }
    });
}

WindowDoor::~WindowDoor() {
    d->server.disconnect(this);
    d->server.close();
}

Done WindowDoor::open(const Profile& profile) {
    d->path = std::make_unique<SocketPath>(profile);
    const QString name = QFile::decodeName(d->path->bytes());
    // A socket file that a killed process left; we hold the lock, so nobody listens on it.
    QLocalServer::removeServer(name);
    if (!d->server.listen(name)) {
        return failure(ErrorKind::Storage,
                       Text::tr("A second start cannot reach this window: %1").arg(d->server.errorString()));
    }
    chmod(d->path->bytes().constData(), 0600);
    return {};
}

bool isWindowOpen(const Profile& profile) {
    const int fd = connectedSocket(profile);
    if (fd < 0) {
        return false;
    }
    close(fd);
    return true;
}

bool knock(const Profile& profile, const QByteArray& message, std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    int fd = -1;
    // The first start may hold the lock already and open its door a moment later.
    while ((fd = connectedSocket(profile)) < 0) {
        if (std::chrono::steady_clock::now() >= end) {
            return false;
        }
        pollfd nothing = {-1, 0, 0};
        poll(&nothing, 1, 20);
    }
    const QByteArray line = message + '\n';
    bool answered = false;
    if (send(fd, line.constData(), size_t(line.size()), MSG_NOSIGNAL) == line.size()) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        pollfd answer = {fd, POLLIN, 0};
        char bytes[8] = {};
        answered = poll(&answer, 1, int(std::max<qint64>(left, 50))) > 0 && recv(fd, bytes, sizeof bytes, 0) >= 2 &&
                   bytes[0] == 'o' && bytes[1] == 'k';
    }
    close(fd);
    return answered;
}

}  // namespace earmark
