#include "models/net/onceupload.h"

#include <algorithm>
#include <cstring>

namespace earmark {

OnceUpload::OnceUpload(const QByteArray& body, QObject* parent) : QIODevice(parent), m_body(body) {
    // Unbuffered: a buffer of QIODevice's could hand out bytes twice.
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

OnceUpload::~OnceUpload() = default;

bool OnceUpload::atEnd() const {
    return m_read >= m_body.size();
}

qint64 OnceUpload::bytesAvailable() const {
    return m_body.size() - m_read;
}

qint64 OnceUpload::readData(char* data, qint64 maxSize) {
    if (atEnd()) {
        return -1;
    }
    const qsizetype size = std::min<qsizetype>(maxSize, m_body.size() - m_read);
    std::memcpy(data, m_body.constData() + m_read, size_t(size));
    m_read += size;
    return size;
}

qint64 OnceUpload::writeData(const char* /*data*/, qint64 /*size*/) {
    return -1;
}

}  // namespace earmark
