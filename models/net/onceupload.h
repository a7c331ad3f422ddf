// The body of a write that can be read once only. Main thread, handed to QNetworkAccessManager.
#pragma once

#include <QByteArray>
#include <QIODevice>

namespace earmark {

/// QNetworkAccessManager sends a POST or PATCH a second time by itself when the server closes before it answered, and
/// its caller never learns of it. It must rewind the body for that, so a body that cannot be rewound keeps it honest.
class OnceUpload final : public QIODevice {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OnceUpload)

 public:
    explicit OnceUpload(const QByteArray& body, QObject* parent = nullptr);
    ~OnceUpload() override;

    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] bool atEnd() const override;
    [[nodiscard]] qint64 bytesAvailable() const override;
    bool reset() override { return false; }
    /// Something of it was read. An empty one cannot be seen to be read, so it counts as taken.
    [[nodiscard]] bool wasTaken() const { return m_read > 0 || m_body.isEmpty(); }

 protected:
    qint64 readData(char* data, qint64 maxSize) override;
    qint64 writeData(const char* data, qint64 size) override;

 private:
    QByteArray m_body;
    qsizetype m_read = 0;
};

}  // namespace earmark
