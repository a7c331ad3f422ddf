// A write goes over the wire once per attempt, whatever the server does (fault table N08, N09).
#include <QTest>

#include "tests/support/asking.h"
#include "tests/support/loopbackserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestHttpWrites final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void bodyArrivesUnchanged_data();
    void bodyArrivesUnchanged();
    void exactlyOneWireRequest_data();
    void exactlyOneWireRequest();
    void keptConnectionDiesUnderAWrite_data();
    void keptConnectionDiesUnderAWrite();
    void redirectedWriteStaysOne();
    void knowsWhetherTheBodyMayHaveLeft();
};

void TestHttpWrites::bodyArrivesUnchanged_data() {
    QTest::addColumn<HttpRequest::Method>("method");
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<int>("size");
    const std::array methods{std::pair{HttpRequest::Method::Post, "POST"_ba},
                             std::pair{HttpRequest::Method::Put, "PUT"_ba},
                             std::pair{HttpRequest::Method::Patch, "PATCH"_ba}};
    for (const auto& [method, verb] : methods) {
        for (const int size : {0, 1, 100, 16'384, 400'000}) {
            QTest::addRow("%s %d", verb.constData(), size) << method << verb << size;
        }
    }
}

void TestHttpWrites::bodyArrivesUnchanged() {
    QFETCH(HttpRequest::Method, method);
    QFETCH(QByteArray, verb);
    QFETCH(int, size);
    LoopbackServer server;
    server.on("/hook"_ba, Reply::json("{}"_ba));
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(server.url(u"/hook"_s));
    request.method = method;
    for (int i = 0; i < size; ++i) {
        request.body.append(char(i * 31));
    }
    request.headers = {{"Idempotency-Key"_ba, "abc"_ba}};
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QVERIFY2(asked.ok(), qPrintable(asked.error().message));
    const std::vector<Request> seen = server.requests();
    QCOMPARE(seen.size(), size_t(1));
    QCOMPARE(seen[0].method, verb);
    QVERIFY(seen[0].body == request.body);
    QCOMPARE(seen[0].header("content-length"_ba), QByteArray::number(size));
    QCOMPARE(seen[0].header("content-type"_ba), "application/json"_ba);
    QCOMPARE(seen[0].header("idempotency-key"_ba), "abc"_ba);
}

void TestHttpWrites::exactlyOneWireRequest_data() {
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<HttpRequest::Method>("method");
    QTest::addColumn<QByteArray>("body");
    const std::array faults{
        std::pair{Fault::CloseBeforeAnswer, "close"},      std::pair{Fault::ResetBeforeAnswer, "reset"},
        std::pair{Fault::ResetWithinBody, "reset within"}, std::pair{Fault::CutChunked, "cut"},
        std::pair{Fault::ShortContentLength, "short"},     std::pair{Fault::Hang, "hang"}};
    for (const auto& [fault, name] : faults) {
        for (const HttpRequest::Method method :
             {HttpRequest::Method::Post, HttpRequest::Method::Put, HttpRequest::Method::Patch}) {
            QTest::addRow("%s %d", name, int(method)) << fault << method << "{\"a\": 1}"_ba;
            QTest::addRow("%s %d, empty", name, int(method)) << fault << method << QByteArray();
        }
    }
}

void TestHttpWrites::exactlyOneWireRequest() {
    QFETCH(Fault, fault);
    QFETCH(HttpRequest::Method, method);
    QFETCH(QByteArray, body);
    LoopbackServer server;
    server.on("/hook"_ba, Reply::broken(fault));
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(server.url(u"/hook"_s));
    request.method = method;
    request.body = body;
    request.inactivityDeadline = 150ms;
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QVERIFY(!asked.ok());
    QTest::qWait(60);  // a silent second try would come now
    QCOMPARE(server.count(), 1);
}

void TestHttpWrites::keptConnectionDiesUnderAWrite_data() {
    QTest::addColumn<Fault>("after");
    QTest::newRow("closed without notice") << Fault::CloseAfterAnswer;
    QTest::newRow("reset") << Fault::ResetAfterAnswer;
}

void TestHttpWrites::keptConnectionDiesUnderAWrite() {
    QFETCH(Fault, after);
    // The GET leaves a connection open that the server is about to drop; the write may pick it up just then. Whether it
    // then fails or is sent on a new connection: the server must never see it twice.
    for (int round = 0; round < 10; ++round) {
        LoopbackServer server;
        server.on("/get"_ba, Reply::broken(after));
        server.on("/hook"_ba, Reply::broken(Fault::CloseBeforeAnswer));
        HttpClient client(std::make_shared<SystemClock>());
        const Asked first = ask(client, get(server.url(u"/get"_s)));
        QVERIFY(first.wait());
        HttpRequest request = get(server.url(u"/hook"_s));
        request.method = HttpRequest::Method::Patch;
        request.body = "{}"_ba;
        const Asked asked = ask(client, request);
        QVERIFY(asked.wait());
        QVERIFY(!asked.ok());
        QTest::qWait(20);
        QVERIFY2(server.count("/hook"_ba) <= 1, qPrintable(QString::number(server.count("/hook"_ba))));
    }
}

void TestHttpWrites::redirectedWriteStaysOne() {
    LoopbackServer server;
    LoopbackServer other;
    server.on("/hook"_ba, Reply::redirect(other.url(u"/hook"_s).toEncoded(), 307));
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(server.url(u"/hook"_s));
    request.method = HttpRequest::Method::Post;
    request.body = "{}"_ba;
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QVERIFY2(asked.ok(), qPrintable(asked.error().code + asked.error().message + asked.error().detail));
    QCOMPARE(asked.answer().status, 307);
    QTest::qWait(30);
    QCOMPARE(server.count(), 1);
    QCOMPARE(other.count(), 0);
}

// What was not sent needs no reading back, and what may have been sent does.
void TestHttpWrites::knowsWhetherTheBodyMayHaveLeft() {
    HttpClient client(std::make_shared<SystemClock>());
    const auto mayHaveLeft = [&client](const QUrl& url) {
        HttpRequest request = get(url);
        request.method = HttpRequest::Method::Post;
        request.body = "{}"_ba;
        std::optional<bool> left;
        std::unique_ptr<HttpTicket> ticket =
            client.send(request, [&](const Result<HttpAnswer>&) { left = ticket->bodyMayHaveLeft(); });
        return QTest::qWaitFor([&left] { return left.has_value(); }, 30'000) ? left : std::nullopt;
    };
    QUrl nobody;
    {
        LoopbackServer server;
        server.on("/closes"_ba, Reply::broken(Fault::CloseBeforeAnswer));
        server.on("/resets"_ba, Reply::broken(Fault::ResetBeforeAnswer));
        server.on("/answers"_ba, Reply::json("{}"_ba));
        nobody = server.url(u"/nobody"_s);
        for (const auto& path : {u"/closes"_s, u"/resets"_s, u"/answers"_s}) {
            QCOMPARE(mayHaveLeft(server.url(path)), std::optional(true));
        }
    }
    QCOMPARE(mayHaveLeft(nobody), std::optional(false));
    QCOMPARE(mayHaveLeft(QUrl(u"http://example.com/"_s)), std::optional(false));  // refused here
    QCOMPARE(mayHaveLeft(QUrl(u"https://nowhere.invalid/"_s)), std::optional(false));
}

QTEST_GUILESS_MAIN(TestHttpWrites)
#include "tst_httpwrites.moc"
