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
    void expiredIsRefusedThoughTrusted();
    void oldProtocolIsRefused();
    void nothingGoesToAProxyThatIsDead();
    void proxyThatAsksForAPasswordIsNamed();

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

/// Signed by an authority that is trusted, but its days are over.
void TestHttpTls::expiredIsRefusedThoughTrusted() {
    const auto openssl = [this](const QStringList& arguments) {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(u"openssl"_s, arguments);
        return process.waitForFinished(30'000) && process.exitCode() == 0;
    };
    QVERIFY(openssl({u"req"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-subj"_s, u"/CN=localhost"_s, u"-keyout"_s,
                     u"past.test.key"_s, u"-out"_s, u"past.csr"_s}));
    QFile days(m_folder.path() + u"/days.cnf"_s);
    QVERIFY(days.open(QIODevice::WriteOnly));
    days.write(
        "[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n"
        "policy=p\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=DNS:localhost\n");
    days.close();
    for (const auto& [name, text] : {std::pair(u"index.txt"_s, ""), std::pair(u"serial"_s, "01\n")}) {
        QFile file(m_folder.path() + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QVERIFY(
        openssl({u"ca"_s, u"-batch"_s, u"-config"_s, u"days.cnf"_s, u"-cert"_s, u"media.test.crt"_s, u"-keyfile"_s,
                 u"media.test.key"_s, u"-in"_s, u"past.csr"_s, u"-out"_s, u"past.test.crt"_s, u"-extensions"_s, u"e"_s,
                 u"-notext"_s, u"-startdate"_s, u"20200101000000Z"_s, u"-enddate"_s, u"20200201000000Z"_s}));
    TlsServer server(m_folder.path(), u"past.test"_s);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(QUrl(u"https://localhost:%1/x"_s.arg(server.serverPort())));
    request.bearer = "yt_live_CANARY"_ba;
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Tls);
    QVERIFY2(asked.error().message.contains(u"expired"_s), qPrintable(asked.error().message));
    QVERIFY(server.heads.isEmpty());
}

void TestHttpTls::oldProtocolIsRefused() {
    QProcess server;
    server.setWorkingDirectory(m_folder.path());
    server.setProcessChannelMode(QProcess::MergedChannels);
    server.start(u"openssl"_s, {u"s_server"_s, u"-accept"_s, u"127.0.0.1:0"_s, u"-cert"_s, u"media.test.crt"_s,
                                u"-key"_s, u"media.test.key"_s, u"-tls1_1"_s, u"-cipher"_s, u"ALL:@SECLEVEL=0"_s});
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT((said += server.readAll()).contains("ACCEPT 127.0.0.1:") && said.endsWith('\n'), 10'000);
    const int port = said.mid(said.indexOf("ACCEPT 127.0.0.1:") + 17).trimmed().toInt();
    QVERIFY2(port > 0, said.constData());
    const auto client = clientThatFinds({u"127.0.0.1"_s});
    HttpRequest request = get(QUrl(u"https://media.test:%1/a.wav?sig=SIGCANARY"_s.arg(port)));
    request.fromData = true;
    const Asked asked = ask(*client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Tls);
    (void)QTest::qWaitFor([&] { return (said += server.readAll()).contains("ERROR"); }, 1000);
    QVERIFY2(!said.contains("GET ") && !said.contains("SIGCANARY"), said.constData());
    server.kill();
    server.waitForFinished();
}

namespace {

/// While it lives, requests that leave this computer go through the proxy at `port`.
class ProxyInEnvironment final {
 public:
    explicit ProxyInEnvironment(int port) {
        for (const char* name : {"https_proxy", "http_proxy", "HTTPS_PROXY", "HTTP_PROXY"}) {
            qputenv(name, "http://127.0.0.1:" + QByteArray::number(port));
        }
    }
    ~ProxyInEnvironment() {
        for (const char* name : {"https_proxy", "http_proxy", "HTTPS_PROXY", "HTTP_PROXY"}) {
            qunsetenv(name);
        }
    }
    Q_DISABLE_COPY_MOVE(ProxyInEnvironment)
};

}  // namespace

void TestHttpTls::nothingGoesToAProxyThatIsDead() {
    const ProxyInEnvironment proxy(1);
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(QUrl(u"https://api.example.test/api/v1/campaigns"_s));
    request.bearer = "yt_live_CANARY"_ba;
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Offline);
    QVERIFY2(asked.error().message.contains(u"proxy of this computer cannot be reached"_s),
             qPrintable(asked.error().code + asked.error().message));
}

void TestHttpTls::proxyThatAsksForAPasswordIsNamed() {
    QTcpServer proxy;
    QByteArray heard;
    connect(&proxy, &QTcpServer::newConnection, this, [&] {
        QTcpSocket* socket = proxy.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [&heard, socket] {
            heard += socket->readAll();
            socket->write(
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                "Content-Length: 0\r\nConnection: close\r\n\r\n");
            socket->disconnectFromHost();
        });
    });
    QVERIFY(proxy.listen(QHostAddress::LocalHost));
    const ProxyInEnvironment environment(proxy.serverPort());
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(QUrl(u"https://api.example.test/api/v1/campaigns?sig=SIGCANARY"_s));
    request.bearer = "yt_live_CANARY"_ba;
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Offline);
    QVERIFY2(asked.error().message.contains(u"asks for a password"_s), qPrintable(asked.error().message));
    QVERIFY2(heard.startsWith("CONNECT api.example.test:443 ") && !heard.contains("CANARY"), heard.constData());
}

QTEST_GUILESS_MAIN(TestHttpTls)
#include "tst_httptls.moc"
