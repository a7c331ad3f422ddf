// Base addresses: the key may travel over https, and over http only to this very computer.
#include <QTest>

#include "models/domain/account.h"

using namespace earmark;

class TestAccount : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void accepted_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address");
        const auto row = [](const char* text, const char* address) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(address);
        };
        row("https://api.yotel.in/api/v1", "https://api.yotel.in/api/v1");
        row("  https://api.yotel.in/api/v1/  ", "https://api.yotel.in/api/v1");
        row("https://example.test", "https://example.test");
        row("HTTPS://Example.TEST:8443/x//", "https://example.test:8443/x");
        row("https://example.test/a%2Fb/", "https://example.test/a%2Fb");
        row("http://127.0.0.1:7750", "http://127.0.0.1:7750");
        row("http://127.9.8.7:1/v1", "http://127.9.8.7:1/v1");
        row("http://localhost:7750/v1", "http://localhost:7750/v1");
        row("http://[::1]:7750/v1", "http://[::1]:7750/v1");
    }
    void accepted() {
        QFETCH(QString, text);
        QFETCH(QString, address);
        const auto url = checkedBaseUrl(text);
        QVERIFY2(url.has_value(), url ? "" : qPrintable(url.error().message));
        QCOMPARE(url->toString(QUrl::FullyEncoded), address);
    }

    void refused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"",
                                 "   ",
                                 "api.yotel.in",
                                 "/api/v1",
                                 "http://",
                                 "https://",
                                 "http://api.yotel.in/api/v1",
                                 "ftp://127.0.0.1/",
                                 "file:///etc/passwd",
                                 "javascript:alert(1)",
                                 "http://localhost.evil.test/",
                                 "http://127.0.0.1.evil.test/",
                                 "http://localhost@evil.test/",
                                 "https://user:hunter2@example.test/",
                                 "https://@example.test/",
                                 "https://example.test/?key=1",
                                 "https://example.test/#x",
                                 "http://169.254.169.254/",
                                 "http://0.0.0.0/",
                                 "http://[::2]/",
                                 "http://128.0.0.1/",
                                 "https://exa mple.test/",
                                 "https:\\\\evil.test"}) {
            QTest::newRow(*text ? text : "empty") << QString::fromUtf8(text);
        }
    }
    void refused() {
        QFETCH(QString, text);
        const auto url = checkedBaseUrl(text);
        QVERIFY(!url.has_value());
        QVERIFY(url.error().kind == ErrorKind::InvalidInput);
        QVERIFY(!url.error().message.isEmpty());
        QVERIFY(!url.error().message.contains(QStringLiteral("hunter2")));
    }

    void loopbackIsAboutTheHostThatIsAsked() {
        // Odd spellings that QUrl itself turns into a loopback address are one; names that only look so are not.
        QVERIFY(isLoopback(QUrl(QStringLiteral("http://127.0.0.1/"))));
        QVERIFY(isLoopback(QUrl(QStringLiteral("http://LOCALHOST/"))));
        QVERIFY(isLoopback(QUrl(QStringLiteral("http://[::1]/"))));
        QVERIFY(!isLoopback(QUrl(QStringLiteral("http://localhost./"))));
        QVERIFY(!isLoopback(QUrl(QStringLiteral("http://127.0.0.1.nip.io/"))));
        QVERIFY(!isLoopback(QUrl(QStringLiteral("http://10.0.0.1/"))));
        QVERIFY(!isLoopback(QUrl()));
    }

    void defaultsAreLawful() {
        for (const auto provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
            const QUrl url = defaultBaseUrl(provider);
            const auto checked = checkedBaseUrl(url.toString());
            QVERIFY(checked.has_value());
            QCOMPARE(*checked, url);
            QCOMPARE(url.scheme(), QStringLiteral("https"));
        }
        QCOMPARE(defaultBaseUrl(Provider::Yotel), QUrl(QStringLiteral("https://api.yotel.in/api/v1")));
    }
};

QTEST_GUILESS_MAIN(TestAccount)
#include "tst_account.moc"
