// Which addresses are let through: URLs out of data, literal addresses, what a name resolves to.
#include <QTest>

#include "models/net/urlguard.h"
#include "tests/support/asking.h"
#include "tests/support/loopbackserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestUrlGuard final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void refusedUrls_data();
    void refusedUrls();
    void acceptedUrls_data();
    void acceptedUrls();
    void loopbackOnlyWhereTheBaseIsLocal();
    void addresses_data();
    void addresses();
    void keyNeverToUrlOutOfData();
    void headersWithoutControlCharacters();
    void nameLeadingHomeIsRefused_data();
    void nameLeadingHomeIsRefused();
};

void TestUrlGuard::refusedUrls_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"",
                             "recording.wav",
                             "/etc/passwd",
                             "file:///etc/passwd",
                             "qrc:/a.wav",
                             "data:audio/wav;base64,AAAA",
                             "javascript:alert(1)",
                             "smb://host/a.wav",
                             "\\\\host\\a.wav",
                             "concat:a|b",
                             "ftp://example.com/a.wav",
                             "http://example.com/a.wav",
                             "https:///a.wav",
                             "https://user@example.com/a.wav",
                             "https://user:word@example.com/a.wav",
                             "https://good.example@evil.example/a.wav",
                             "https://exa mple.com/",
                             "https://example.com/a b.wav",
                             "https://127.0.0.1/a.wav",
                             "https://2130706433/a.wav",
                             "https://0x7f.1/a.wav",
                             "https://0177.0.0.1/a.wav",
                             "https://localhost/a.wav",
                             "https://[::1]/a.wav",
                             "https://[::ffff:127.0.0.1]/a.wav",
                             "https://[::ffff:10.0.0.1]/a.wav",
                             "https://10.1.2.3/a.wav",
                             "https://192.168.1.1/a.wav",
                             "https://172.31.255.255/a.wav",
                             "https://169.254.169.254/latest/meta-data",
                             "https://100.64.0.1/",
                             "https://0.0.0.0/",
                             "https://[fe80::1]/",
                             "https://[fd00::1]/",
                             "https://[::]/",
                             "https://255.255.255.255/",
                             "https://224.0.0.1/",
                             "http://127.0.0.1:80/",
                             "https://[64:ff9b::7f00:1]/"}) {
        QTest::newRow(text) << QString::fromLatin1(text);
    }
}

void TestUrlGuard::refusedUrls() {
    QFETCH(QString, text);
    const Result<QUrl> url = urlFromData(text, LoopbackRule::Refuse);
    QVERIFY2(!url, qPrintable(text));
    QCOMPARE(url.error().kind, ErrorKind::InvalidInput);
    QVERIFY(!url.error().message.isEmpty());
}

void TestUrlGuard::acceptedUrls_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("signed")
        << u"https://storage.googleapis.com/bucket/a.wav?X-Goog-Expires=604800&X-Goog-Signature=00"_s;
    QTest::newRow("port") << u"https://media.example.com:8443/a%20b.wav"_s;
    QTest::newRow("public address") << u"https://8.8.8.8/a.wav"_s;
    QTest::newRow("public IPv6") << u"https://[2606:4700::1111]/a.wav"_s;
    QTest::newRow("IDN") << u"https://bücher.example/a.wav"_s;
}

void TestUrlGuard::acceptedUrls() {
    QFETCH(QString, text);
    const Result<QUrl> url = urlFromData(text, LoopbackRule::Refuse);
    QVERIFY2(url.has_value(), url ? "" : qPrintable(url.error().message));
}

void TestUrlGuard::loopbackOnlyWhereTheBaseIsLocal() {
    for (const QString& text : {u"http://127.0.0.1:8099/a.wav"_s, u"http://localhost:8099/a.wav"_s,
                                u"http://[::1]:1/"_s, u"https://127.0.0.1/a"_s, u"http://2130706433/"_s}) {
        QVERIFY2(urlFromData(text, LoopbackRule::Allow).has_value(), qPrintable(text));
        QVERIFY2(!urlFromData(text, LoopbackRule::Refuse), qPrintable(text));
    }
    // a local base opens this computer only, not its neighbours and not plain http
    for (const QString& text : {u"http://10.0.0.1/"_s, u"https://192.168.0.1/"_s, u"http://example.com/"_s,
                                u"http://localhost.evil.example/"_s, u"http://u@127.0.0.1/"_s}) {
        QVERIFY2(!urlFromData(text, LoopbackRule::Allow), qPrintable(text));
    }
}

void TestUrlGuard::addresses_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isPublic");
    for (const char* text : {"127.0.0.1",
                             "127.255.255.255",
                             "10.0.0.0",
                             "172.16.0.1",
                             "172.31.0.1",
                             "192.168.255.1",
                             "169.254.0.1",
                             "100.127.255.255",
                             "198.18.0.1",
                             "198.19.255.255",
                             "192.0.2.1",
                             "240.0.0.1",
                             "0.1.2.3",
                             "239.1.1.1",
                             "255.255.255.255",
                             "::1",
                             "::",
                             "fe80::1%1",
                             "fc00::1",
                             "fdff::1",
                             "ff02::1",
                             "fec0::1",
                             "2001:db8::1",
                             "2001::1",
                             "2002:7f00:1::",
                             "2002:a00:1::1",
                             "64:ff9b::a00:1",
                             "::ffff:192.168.1.1",
                             "::127.0.0.1",
                             "100::1",
                             "3fff::1"}) {
        QTest::newRow(text) << QString::fromLatin1(text) << false;
    }
    for (const char* text : {"8.8.8.8", "172.32.0.1", "172.15.255.255", "100.128.0.1", "11.0.0.1", "126.0.0.1",
                             "128.0.0.1", "192.167.0.1", "198.20.0.1", "223.255.255.1", "2606:4700::1", "2a00::1",
                             "2002:808:808::1", "64:ff9b::808:808", "::ffff:8.8.8.8"}) {
        QTest::newRow(text) << QString::fromLatin1(text) << true;
    }
}

void TestUrlGuard::addresses() {
    QFETCH(QString, text);
    QFETCH(bool, isPublic);
    const QHostAddress address(text);
    QVERIFY(!address.isNull());
    QCOMPARE(isPublicAddress(address), isPublic);
}

void TestUrlGuard::keyNeverToUrlOutOfData() {
    LoopbackServer server;
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(server.url(u"/a.wav"_s));
    request.fromData = true;
    request.allowLoopback = true;
    request.bearer = "yt_live_secret"_ba;
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Internal);
    QCOMPARE(server.count(), 0);
}

void TestUrlGuard::headersWithoutControlCharacters() {
    LoopbackServer server;
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(server.url(u"/"_s));
    request.bearer = "key\r\nX-Injected: y"_ba;
    Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::InvalidInput);
    QVERIFY(!asked.error().message.contains(u"Injected"_s));
    request.bearer = "key"_ba;
    request.headers = {{"X-A"_ba, "b\nc"_ba}};
    asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::InvalidInput);
    request.headers = {{"Authorization"_ba, "Bearer other"_ba}};
    asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Internal);
    QCOMPARE(server.count(), 0);
}

void TestUrlGuard::nameLeadingHomeIsRefused_data() {
    QTest::addColumn<QStringList>("addresses");
    QTest::addColumn<bool>("allowLoopback");
    QTest::newRow("loopback") << QStringList{u"127.0.0.1"_s} << false;
    QTest::newRow("loopback, local base") << QStringList{u"127.0.0.1"_s} << true;
    QTest::newRow("private") << QStringList{u"10.0.0.7"_s} << false;
    QTest::newRow("metadata service") << QStringList{u"169.254.169.254"_s} << true;
    QTest::newRow("one of two") << QStringList{u"8.8.8.8"_s, u"192.168.0.1"_s} << false;
    QTest::newRow("mapped") << QStringList{u"::ffff:127.0.0.1"_s} << false;
}

void TestUrlGuard::nameLeadingHomeIsRefused() {
    QFETCH(QStringList, addresses);
    QFETCH(bool, allowLoopback);
    LoopbackServer server;
    HttpClient client(std::make_shared<SystemClock>());
    QString asked;
    client.setResolver([&](const QString& host, QObject*, const std::function<void(QList<QHostAddress>)>& done) {
        asked = host;
        QList<QHostAddress> list;
        for (const QString& address : addresses) {
            list.append(QHostAddress(address));
        }
        done(list);
    });
    HttpRequest request = get(QUrl(u"https://rebound.example:%1/a.wav?sig=SIGCANARY"_s.arg(server.port())));
    request.fromData = true;
    request.allowLoopback = allowLoopback;
    const Asked result = ask(client, request);
    QVERIFY(result.wait());
    QCOMPARE(asked, u"rebound.example"_s);
    QCOMPARE(result.error().kind, ErrorKind::InvalidInput);
    QCOMPARE(result.error().code, u"net_not_public"_s);
    QVERIFY(!result.error().detail.contains(u"SIGCANARY"_s));
    QCOMPARE(server.count(), 0);
}

QTEST_GUILESS_MAIN(TestUrlGuard)
#include "tst_urlguard.moc"
