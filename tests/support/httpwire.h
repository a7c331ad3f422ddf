// Reading requests from and writing heads to a raw socket; the wire half of the loopback test server. One thread per
// reader.
#pragma once

#include <functional>

#include "tests/support/loopbackserver.h"

namespace earmark::test {

inline constexpr qint64 kCloseDelimited = -1;
inline constexpr qint64 kChunked = -2;

/// Status line, headers of the reply and the framing for `length` bytes, up to and with the blank line.
[[nodiscard]] QByteArray head(const Reply& reply, qint64 length);

class WireReader {
 public:
    WireReader(int socket, std::function<bool()> stopped) : m_socket(socket), m_stopped(std::move(stopped)) {}
    /// False when the peer has gone, sent what is no request, or the server stops.
    bool readRequest(Request* request);

 private:
    bool more();
    bool readBody(Request* request);
    bool readChunks(QByteArray* body);
    bool readExactly(qsizetype bytes);

    int m_socket;
    std::function<bool()> m_stopped;
    QByteArray m_buffer;
};

}  // namespace earmark::test
