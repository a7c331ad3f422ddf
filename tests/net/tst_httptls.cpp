// TLS: what is refused and why, and that a link out of data is connected to the address that was checked while the
// certificate is checked against the name. Certificates are made for each run with the openssl program.
#include <QFile>
#include <QProcess>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/asking.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray fileBytes(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Answers every request with 200 and keeps the request heads.
class TlsServer final : public QSslServer {
 public:
    TlsServer(const QString& folder, const QString& name) {
        QSslConfiguration configuration;
        configuration.setLocalCertificate(QSslCertificate(fileBytes(folder + u'/' + name + u".crt")));
        configuration.setPrivateKey(QSslKey(fileBytes(folder + u'/' + name + u".key"), QSsl::Rsa));
        setSslConfiguration(configuration);
        connect(this, &QSslServer::pendingConnectionAvailable, this, [this] {
            QTcpSocket* socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                heads += socket->readAll();
                if (heads.endsWith("\r\n\r\n")) {
                    socket->write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsound");
                }
            });
        });
    }
    QByteArray heads;
};

}  // namespace

class TestHttpTls final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void selfSignedIsRefusedWithAReason();
    void wrongHostIsRefused();
    void trustedNameOnThePinnedAddress();
    void nextAddressWhenOneIsRefused();

 private:
    void makeCertificate(const QString& name);
    [[nodiscard]] std::unique_ptr<HttpClient> clientThatFinds(const QStringList& addresses) const;
    QTemporaryDir m_folder;
};

void TestHttpTls::makeCertificate(const QString& name) {
    QProcess openssl;
    openssl.setWorkingDirectory(m_folder.path());
    openssl.start(u"openssl"_s, {u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-days"_s, u"2"_s,
                                 u"-subj"_s, u"/CN="_s + name, u"-addext"_s, u"subjectAltName=DNS:"_s + name,
                                 u"-keyout"_s, name + u".key", u"-out"_s, name + u".crt"});
    QVERIFY(openssl.waitForFinished(30'000));
    QCOMPARE(openssl.exitCode(), 0);
}

void TestHttpTls::initTestCase() {
    if (!QSslSocket::supportsSsl()) {
        QSKIP("This Qt has no TLS.");
    }
    if (QStandardPaths::findExecutable(u"openssl"_s).isEmpty()) {
        QSKIP("The openssl program, which makes the test certificates, is not installed.");
    }
    for (const QString& name : {u"stranger.test"_s, u"media.test"_s, u"elsewhere.test"_s}) {
        makeCertificate(name);
    }
    QSslConfiguration trusted = QSslConfiguration::defaultConfiguration();
    for (const QString& name : {u"media.test"_s, u"elsewhere.test"_s}) {
        trusted.addCaCertificate(QSslCertificate(fileBytes(m_folder.path() + u'/' + name + u".crt")));
    }
    QSslConfiguration::setDefaultConfiguration(trusted);
}

std::unique_ptr<HttpClient> TestHttpTls::clientThatFinds(const QStringList& addresses) const {
    auto client = std::make_unique<HttpClient>(std::make_shared<SystemClock>());
    client->setResolver(
        [addresses](const QString&, QObject*, const std::function<void(QList<QHostAddress>)>& done) {
            QList<QHostAddress> list;
            for (const QString& address : addresses) {
                list.append(QHostAddress(address));
            }
            done(list);
        },
        [](const QHostAddress&) { return true; });
    return client;
}

void TestHttpTls::selfSignedIsRefusedWithAReason() {
    TlsServer server(m_folder.path(), u"stranger.test"_s);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(QUrl(u"https://localhost:%1/x?sig=SIGCANARY"_s.arg(server.serverPort())));
    request.bearer = "yt_live_CANARY"_ba;
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Tls);
    QVERIFY2(asked.error().message.contains(u"self-signed"_s), qPrintable(asked.error().message));
    QVERIFY(!asked.error().message.contains(u"CANARY"_s));
    QVERIFY(server.heads.isEmpty());
}

void TestHttpTls::wrongHostIsRefused() {
    TlsServer server(m_folder.path(), u"elsewhere.test"_s);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const auto client = clientThatFinds({u"127.0.0.1"_s});
    HttpRequest request = get(QUrl(u"https://media.test:%1/a.wav"_s.arg(server.serverPort())));
    request.fromData = true;
    const Asked asked = ask(*client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Tls);
    QVERIFY(server.heads.isEmpty());
}

void TestHttpTls::trustedNameOnThePinnedAddress() {
    TlsServer server(m_folder.path(), u"media.test"_s);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const auto client = clientThatFinds({u"127.0.0.1"_s});
    HttpRequest request = get(QUrl(u"https://media.test:%1/a.wav?sig=1"_s.arg(server.serverPort())));
    request.fromData = true;
    const Asked asked = ask(*client, request);
    QVERIFY(asked.wait());
    QVERIFY2(asked.ok(), qPrintable(asked.error().message + asked.error().detail));
    QCOMPARE(asked.answer().body, "sound"_ba);
    const QByteArray heads = server.heads.toLower();
    const QByteArray line = "host: media.test:" + QByteArray::number(server.serverPort()) + "\r\n";
    QVERIFY2(heads.contains(line), heads.constData());
    QVERIFY(heads.startsWith("get /a.wav?sig=1 "));
}

void TestHttpTls::nextAddressWhenOneIsRefused() {
    TlsServer server(m_folder.path(), u"media.test"_s);
    QVERIFY(server.listen(QHostAddress::LocalHost));  // 127.0.0.1 only
    const auto client = clientThatFinds({u"::1"_s, u"127.0.0.77"_s, u"127.0.0.1"_s});
    HttpRequest request = get(QUrl(u"https://media.test:%1/a.wav"_s.arg(server.serverPort())));
    request.fromData = true;
    const Asked asked = ask(*client, request);
    QVERIFY(asked.wait());
    QVERIFY2(asked.ok(), qPrintable(asked.error().message + asked.error().detail));
    QCOMPARE(*asked.calls, 1);
}

QTEST_GUILESS_MAIN(TestHttpTls)
#include "tst_httptls.moc"
