#include "models/net/floodguard.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <QDir>
#include <algorithm>
#include <optional>

namespace earmark {

namespace {

constexpr quint64 kMuch = 64 * 1024;

bool leadsTo(int descriptor, const QList<QHostAddress>& peers, quint16 port) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        (address.ss_family != AF_INET && address.ss_family != AF_INET6)) {
        return false;
    }
    const bool six = address.ss_family == AF_INET6;
    const auto peerPort = ntohs(six ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                                    : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
    const QHostAddress peer(reinterpret_cast<const sockaddr*>(&address));
    return peerPort == port && std::any_of(peers.begin(), peers.end(), [&peer](const QHostAddress& one) {
               return peer.isEqual(one, QHostAddress::TolerantConversion);
           });
}

std::optional<quint64> bytesReceived(int descriptor) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
        return std::nullopt;
    }
    return info.tcpi_bytes_received;
}

}  // namespace

QHash<int, quint64> receivedFrom(const QList<QHostAddress>& peers, quint16 port) {
    QHash<int, quint64> found;
    for (const QString& name : QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::System | QDir::Files)) {
        bool isNumber = false;
        const int descriptor = name.toInt(&isNumber);
        if (isNumber && leadsTo(descriptor, peers, port)) {
            if (const auto bytes = bytesReceived(descriptor)) {
                found.insert(descriptor, *bytes);
            }
        }
    }
    return found;
}

int cutFloods(const QHash<int, quint64>& before, const QList<QHostAddress>& peers, quint16 port) {
    int cut = 0;
    for (auto it = before.cbegin(); it != before.cend(); ++it) {
        if (!leadsTo(it.key(), peers, port)) {
            continue;  // gone, or another connection under the same number
        }
        const auto now = bytesReceived(it.key());
        if (now && *now > it.value() + kMuch && ::shutdown(it.key(), SHUT_RDWR) == 0) {
            ++cut;
        }
    }
    return cut;
}

}  // namespace earmark
