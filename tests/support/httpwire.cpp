#include "tests/support/httpwire.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>

using namespace Qt::StringLiterals;

namespace earmark::test {

QByteArray head(const Reply& reply, qint64 length) {
    QByteArray text = "HTTP/1.1 " + QByteArray::number(reply.status) + " Status\r\n";
    for (const auto& [name, value] : reply.headers)
        text += name + ": " + value + "\r\n";
    if (length >= 0)
        text += "Content-Length: " + QByteArray::number(length) + "\r\n";
    else if (length == kChunked)
        text += "Transfer-Encoding: chunked\r\n";
    else
        text += "Connection: close\r\n";
    return text + "\r\n";
}

bool WireReader::more() {
    while (!m_stopped()) {
        pollfd waiting{m_socket, POLLIN, 0};
        if (::poll(&waiting, 1, 20) <= 0)
            continue;
        char piece[16 * 1024];
        const ssize_t n = ::recv(m_socket, piece, sizeof piece, 0);
        if (n <= 0)
            return false;
        m_buffer.append(piece, n);
        return true;
    }
    return false;
}

bool WireReader::readExactly(qsizetype bytes) {
    while (m_buffer.size() < bytes) {
        if (!more())
            return false;
    }
    return true;
}

bool WireReader::readChunks(QByteArray* body) {
    for (;;) {
        qsizetype end = 0;
        while ((end = m_buffer.indexOf("\r\n")) < 0) {
            if (!more())
                return false;
        }
        const qsizetype size = m_buffer.left(end).toLongLong(nullptr, 16);
        if (!readExactly(end + 2 + size + 2))
            return false;
        body->append(m_buffer.mid(end + 2, size));
        m_buffer.remove(0, end + 2 + size + 2);
        if (size == 0)
            return true;
    }
}

bool WireReader::readBody(Request* request) {
    if (request->header("transfer-encoding"_ba).toLower() == "chunked")
        return readChunks(&request->body);
    const qsizetype length = request->header("content-length"_ba).toLongLong();
    if (!readExactly(length))
        return false;
    request->body = m_buffer.left(length);
    m_buffer.remove(0, length);
    return true;
}

bool WireReader::readRequest(Request* request) {
    qsizetype end = 0;
    while ((end = m_buffer.indexOf("\r\n\r\n")) < 0) {
        if (!more())
            return false;
    }
    const QByteArray text = m_buffer.left(end);
    m_buffer.remove(0, end + 4);
    bool first = true;
    for (const QByteArray& rawLine : text.split('\n')) {
        const QByteArray line = rawLine.trimmed();
        if (first) {
            const QList<QByteArray> words = line.split(' ');
            if (words.size() != 3)
                return false;
            request->method = words[0];
            const qsizetype mark = words[1].indexOf('?');
            request->path = mark < 0 ? words[1] : words[1].left(mark);
            request->query = mark < 0 ? QByteArray() : words[1].mid(mark + 1);
            first = false;
        } else if (const qsizetype colon = line.indexOf(':'); colon > 0) {
            request->headers.append({line.left(colon).toLower(), line.mid(colon + 1).trimmed()});
        }
    }
    return readBody(request);
}

QByteArray Request::header(const QByteArray& lowerCaseName) const {
    for (const auto& [name, value] : headers) {
        if (name == lowerCaseName)
            return value;
    }
    return {};
}

bool Request::hasHeader(const QByteArray& lowerCaseName) const {
    for (const auto& pair : headers) {
        if (pair.first == lowerCaseName)
            return true;
    }
    return false;
}

QByteArray Request::queryItem(const QByteArray& name) const {
    for (const QByteArray& item : query.split('&')) {
        const qsizetype mark = item.indexOf('=');
        if (mark > 0 && QByteArray::fromPercentEncoding(item.left(mark)) == name)
            return QByteArray::fromPercentEncoding(item.mid(mark + 1));
    }
    return {};
}

QByteArray Request::target() const {
    return query.isEmpty() ? path : path + '?' + query;
}

Reply Reply::bytes(const QByteArray& body, const QByteArray& type) {
    Reply reply;
    reply.headers = {{"Content-Type"_ba, type}};
    reply.body = body;
    return reply;
}

Reply Reply::json(const QByteArray& text, int status) {
    Reply reply = bytes(text, "application/json"_ba);
    reply.status = status;
    return reply;
}

Reply Reply::html(const QByteArray& text, int status) {
    Reply reply = bytes(text, "text/html"_ba);
    reply.status = status;
    return reply;
}

Reply Reply::code(int status) {
    return json("{\"detail\": \"status " + QByteArray::number(status) + "\"}", status);
}

Reply Reply::broken(Fault fault, const QByteArray& body) {
    Reply reply = json(body);
    reply.fault = fault;
    return reply;
}

Reply Reply::redirect(const QByteArray& location, int status) {
    Reply reply;
    reply.status = status;
    reply.headers = {{"Location"_ba, location}};
    return reply;
}

Reply Reply::tooMany(const QByteArray& retryAfter) {
    const Reply reply = json("{\"detail\": \"Rate limit exceeded\"}"_ba, 429);
    return retryAfter.isEmpty() ? reply : reply.with("Retry-After"_ba, retryAfter);
}

Reply Reply::slow(std::chrono::milliseconds pause, const QByteArray& text) {
    Reply reply = json(text);
    reply.pause = pause;
    return reply;
}

Reply Reply::with(const QByteArray& name, const QByteArray& value) const {
    Reply reply = *this;
    reply.headers.append({name, value});
    return reply;
}

namespace {

quint32 crc32Of(const QByteArray& bytes) {
    std::array<quint32, 256> table{};
    for (quint32 i = 0; i < 256; ++i) {
        quint32 value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320U : value >> 1;
        table[i] = value;
    }
    quint32 crc = 0xFFFFFFFFU;
    for (const char c : bytes)
        crc = table[(crc ^ quint8(c)) & 0xFFU] ^ (crc >> 8);
    return crc ^ 0xFFFFFFFFU;
}

void appendLittleEndian(QByteArray* out, quint32 value) {
    for (int shift = 0; shift < 32; shift += 8)
        out->append(char(quint8(value >> shift)));
}

}  // namespace

QByteArray gzipped(const QByteArray& raw) {
    // qCompress: 4 bytes of length, 2 of zlib header, the deflate stream, 4 of checksum.
    const QByteArray zlib = qCompress(raw, 1);
    QByteArray out("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
    out += QByteArrayView(zlib).sliced(6, zlib.size() - 10);
    appendLittleEndian(&out, crc32Of(raw));
    appendLittleEndian(&out, quint32(raw.size()));
    return out;
}

}  // namespace earmark::test
