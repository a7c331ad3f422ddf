// The HTTP client against a server that behaves: what is sent, queueing, cancelling, redirects as answers, sinks.
#include <QTest>
#include <atomic>

#include "tests/support/asking.h"
#include "tests/support/loopbackserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestHttpClient final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { m_client = std::make_unique<HttpClient>(std::make_shared<SystemClock>()); }
    void cleanup() { m_client.reset(); }

    void answersComeWhole();
    void statusIsAnAnswer_data();
    void statusIsAnAnswer();
    void authorizationOnlyWithBearer();
    void redirectIsAnAnswer_data();
    void redirectIsAnAnswer();
    void compressedBodiesAreUnpacked();
    void onlyHttpsExceptHere();
    void neverFromWithinSend();
    void cancelAnswersOnce();
    void deletedTicketIsSilent();
    void deletedClientIsSilent();
    void ticketAndClientMayDieInTheAnswer();
    void sixInFlightAndTheQueueDoesNotAge();
    void cancelledInTheQueueIsNeverSent();
    void sinkGetsThePieces();
    void sinkCanStop();
    void sinkSeesNoErrorText();
    void pausedBodyHoldsTheServerBack();
    void largeBodyArrives();

 private:
    std::unique_ptr<HttpClient> m_client;
};

void TestHttpClient::answersComeWhole() {
    LoopbackServer server;
    server.on("/api/calls"_ba, Reply::json("{\"items\": []}"_ba).with("X-RateLimit-Remaining"_ba, "599"_ba));
    const Asked asked = ask(*m_client, get(server.url(u"/api/calls?page=1&page_size=200"_s)));
    QVERIFY(asked.wait());
    QVERIFY(asked.ok());
    QCOMPARE(asked.answer().status, 200);
    QCOMPARE(asked.answer().body, "{\"items\": []}"_ba);
    QCOMPARE(asked.answer().header("x-ratelimit-remaining"_ba), "599"_ba);
    QCOMPARE(asked.answer().header("content-type"_ba), "application/json"_ba);
    const std::vector<Request> seen = server.requests();
    QCOMPARE(seen.size(), size_t(1));
    QCOMPARE(seen[0].method, "GET"_ba);
    QCOMPARE(seen[0].target(), "/api/calls?page=1&page_size=200"_ba);
    QCOMPARE(seen[0].header("user-agent"_ba), "Earmark/" EARMARK_VERSION ""_ba);
    QVERIFY(!seen[0].hasHeader("cookie"_ba));
}

void TestHttpClient::statusIsAnAnswer_data() {
    QTest::addColumn<int>("status");
    for (const int status :
         {200, 201, 301, 304, 400, 401, 403, 404, 405, 409, 410, 412, 418, 422, 429, 500, 501, 502, 503, 504, 599}) {
        QTest::addRow("%d", status) << status;
    }
}

void TestHttpClient::statusIsAnAnswer() {
    QFETCH(int, status);
    LoopbackServer server;
    Reply reply = Reply::code(status);
    if (status == 304) {
        reply.body.clear();
    }
    server.on("/x"_ba, reply);
    const Asked asked = ask(*m_client, get(server.url(u"/x"_s)));
    QVERIFY(asked.wait());
    QVERIFY2(asked.ok(), qPrintable(asked.error().message));
    QCOMPARE(asked.answer().status, status);
    QCOMPARE(asked.answer().body, reply.body);
    QCOMPARE(server.count(), 1);
}

void TestHttpClient::authorizationOnlyWithBearer() {
    LoopbackServer server;
    server.on("/x"_ba, Reply::json("{}"_ba));
    HttpRequest request = get(server.url(u"/x"_s));
    request.bearer = "yt_test_123"_ba;
    const Asked with = ask(*m_client, request);
    QVERIFY(with.wait() && with.ok());
    request.bearer.clear();
    const Asked without = ask(*m_client, request);
    QVERIFY(without.wait() && without.ok());
    const std::vector<Request> seen = server.requests();
    QCOMPARE(seen.size(), size_t(2));
    QCOMPARE(seen[0].header("authorization"_ba), "Bearer yt_test_123"_ba);
    QVERIFY(!seen[1].hasHeader("authorization"_ba));
}

void TestHttpClient::redirectIsAnAnswer_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("location");
    for (const int status : {301, 302, 303, 307, 308}) {
        QTest::addRow("%d other origin", status) << status << u"OTHER"_s;
    }
    QTest::newRow("same origin") << 302 << u"/other"_s;
    QTest::newRow("file") << 302 << u"file:///etc/passwd"_s;
    QTest::newRow("junk") << 302 << u"http://[bad"_s;
    QTest::newRow("to itself") << 302 << u"/x"_s;
}

void TestHttpClient::redirectIsAnAnswer() {
    QFETCH(int, status);
    QFETCH(QString, location);
    LoopbackServer server;
    LoopbackServer other;
    const QByteArray target = (location == u"OTHER"_s ? other.url(u"/stolen"_s).toString() : location).toUtf8();
    server.on("/x"_ba, Reply::redirect(target, status));
    HttpRequest request = get(server.url(u"/x"_s));
    request.bearer = "yt_live_CANARY"_ba;
    const Asked asked = ask(*m_client, request);
    QVERIFY(asked.wait());
    QVERIFY2(asked.ok(), qPrintable(asked.error().message));
    QCOMPARE(asked.answer().status, status);
    QCOMPARE(asked.answer().header("location"_ba), target);
    QTest::qWait(50);  // a follower would come now
    QCOMPARE(server.count(), 1);
    QCOMPARE(other.count(), 0);
}

void TestHttpClient::compressedBodiesAreUnpacked() {
    LoopbackServer server;
    const QByteArray text = "{\"items\": \""_ba + QByteArray(300'000, 'a') + "\"}";
    Reply reply = Reply::json(gzipped(text)).with("Content-Encoding"_ba, "gzip"_ba);
    server.on("/x"_ba, reply);
    reply.body.truncate(reply.body.size() / 2);
    server.on("/cut"_ba, reply);
    const Asked asked = ask(*m_client, get(server.url(u"/x"_s)));
    QVERIFY(asked.wait());
    QVERIFY2(asked.ok(), qPrintable(asked.error().message));
    QCOMPARE(asked.answer().body.size(), text.size());
    QCOMPARE(asked.answer().body, text);
}

void TestHttpClient::onlyHttpsExceptHere() {
    for (const QString& text : {u"http://api.example.com/"_s, u"ftp://127.0.0.1/"_s, u"file:///etc/passwd"_s, u""_s,
                                u"https://user:word@api.example.com/"_s, u"http://127.0.0.1.evil.example/"_s}) {
        const Asked asked = ask(*m_client, get(QUrl(text)));
        QVERIFY(asked.wait());
        QVERIFY2(!asked.ok(), qPrintable(text));
        QCOMPARE(asked.error().kind, ErrorKind::InvalidInput);
        QVERIFY(!asked.error().message.contains(u"word"_s) || !text.contains(u"user:word"_s) ||
                !asked.error().message.contains(u"user:word"_s));
    }
}

void TestHttpClient::neverFromWithinSend() {
    bool within = true;
    bool calledWithin = false;
    const auto ticket =
        m_client->send(get(QUrl(u"file:///x"_s)), [&](const Result<HttpAnswer>&) { calledWithin = within; });
    within = false;
    QVERIFY(!calledWithin);
    QTest::qWait(20);
    QVERIFY(!calledWithin);
}

void TestHttpClient::cancelAnswersOnce() {
    LoopbackServer server;
    server.on("/x"_ba, Reply::broken(Fault::Hang));
    const Asked asked = ask(*m_client, get(server.url(u"/x"_s)));
    QTRY_COMPARE(server.count(), 1);
    asked.ticket->cancel();
    asked.ticket->cancel();
    QCOMPARE(*asked.calls, 0);
    QTRY_COMPARE(*asked.calls, 1);
    QCOMPARE(asked.error().kind, ErrorKind::Cancelled);
    QTest::qWait(30);
    QCOMPARE(*asked.calls, 1);
}

void TestHttpClient::deletedTicketIsSilent() {
    std::atomic<bool> open = false;
    LoopbackServer server;
    server.on("/x"_ba, [&open](const Request&) {
        open.wait(false);
        return Reply::json("{}"_ba);
    });
    Asked asked = ask(*m_client, get(server.url(u"/x"_s)));
    Asked cancelled = ask(*m_client, get(server.url(u"/x"_s)));
    QTRY_COMPARE(server.count(), 2);
    asked.ticket.reset();
    cancelled.ticket->cancel();
    cancelled.ticket.reset();
    open = true;
    open.notify_all();
    QTest::qWait(50);
    QCOMPARE(*asked.calls, 0);
    QCOMPARE(*cancelled.calls, 0);
}

void TestHttpClient::deletedClientIsSilent() {
    std::atomic<bool> open = false;
    LoopbackServer server;
    server.on("/x"_ba, [&open](const Request&) {
        open.wait(false);
        return Reply::json("{}"_ba);
    });
    std::vector<Asked> asked;
    for (int i = 0; i < 20; ++i) {
        asked.push_back(ask(*m_client, get(server.url(u"/x"_s))));
    }
    QTRY_COMPARE(server.count(), 6);
    m_client.reset();
    open = true;
    open.notify_all();
    QTest::qWait(50);
    for (const Asked& one : asked) {
        QCOMPARE(*one.calls, 0);
        one.ticket->cancel();  // lawful after the client's death
    }
}

void TestHttpClient::ticketAndClientMayDieInTheAnswer() {
    LoopbackServer server;
    server.on("/x"_ba, Reply::json("{}"_ba));
    std::unique_ptr<HttpTicket> ticket;
    bool called = false;
    ticket = m_client->send(get(server.url(u"/x"_s)), [&](const Result<HttpAnswer>&) {
        ticket.reset();
        m_client.reset();
        called = true;
    });
    QTRY_VERIFY(called);
    QTest::qWait(20);
    QVERIFY(!m_client);
}

// FAULTS N30: deadlines count from the moment a request is sent.
void TestHttpClient::sixInFlightAndTheQueueDoesNotAge() {
    LoopbackServer server;
    server.on("/slow"_ba, Reply::slow(60ms));
    std::vector<Asked> asked;
    for (int i = 0; i < 100; ++i) {
        HttpRequest request = get(server.url(u"/slow"_s));
        request.totalDeadline = 700ms;  // 100 requests by 6 take at least 1,000 ms
        request.inactivityDeadline = 700ms;
        asked.push_back(ask(*m_client, request));
    }
    const auto allEnded = [&] {
        return std::all_of(asked.begin(), asked.end(), [](const Asked& a) { return a.hasEnded(); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(allEnded(), 20'000);
    for (const Asked& one : asked) {
        QVERIFY2(one.ok(), qPrintable(one.error().message));
    }
    QCOMPARE(server.count(), 100);
    QVERIFY2(server.highestConcurrency() <= 6, qPrintable(QString::number(server.highestConcurrency())));
    QVERIFY(server.highestConcurrency() >= 2);
}

void TestHttpClient::cancelledInTheQueueIsNeverSent() {
    LoopbackServer server;
    server.on("/hang"_ba, Reply::broken(Fault::Hang));
    server.on("/next"_ba, Reply::json("{}"_ba));
    std::vector<Asked> hanging;
    for (int i = 0; i < 6; ++i) {
        hanging.push_back(ask(*m_client, get(server.url(u"/hang"_s))));
    }
    Asked queued = ask(*m_client, get(server.url(u"/never"_s)));
    Asked dropped = ask(*m_client, get(server.url(u"/never"_s)));
    Asked last = ask(*m_client, get(server.url(u"/next"_s)));
    QTRY_COMPARE(server.count(), 6);
    queued.ticket->cancel();
    dropped.ticket.reset();
    QTRY_COMPARE(*queued.calls, 1);
    QVERIFY(!last.hasEnded());
    hanging[0].ticket->cancel();
    QVERIFY(last.wait() && last.ok());
    QCOMPARE(server.count("/never"_ba), 0);
}

void TestHttpClient::sinkGetsThePieces() {
    LoopbackServer server;
    QByteArray body;
    for (int i = 0; i < 400'000; ++i) {
        body.append(char(i * 7));
    }
    server.on("/a.wav"_ba, Reply::bytes(body, "audio/wav"_ba));
    QByteArray got;
    qint64 lastReceived = 0;
    qint64 lastTotal = 0;
    HttpRequest request = get(server.url(u"/a.wav"_s));
    request.sink = [&](const QByteArray& piece) {
        got += piece;
        return true;
    };
    request.progress = [&](qint64 received, qint64 total) {
        lastReceived = received;
        lastTotal = total;
    };
    const Asked asked = ask(*m_client, request);
    QVERIFY(asked.wait() && asked.ok());
    QCOMPARE(got, body);
    QVERIFY(asked.answer().body.isEmpty());
    QCOMPARE(lastReceived, qint64(body.size()));
    QCOMPARE(lastTotal, qint64(body.size()));
}

void TestHttpClient::sinkCanStop() {
    LoopbackServer server;
    server.on("/endless"_ba, Reply::broken(Fault::EndlessBody));
    HttpRequest request = get(server.url(u"/endless"_s));
    int pieces = 0;
    request.sink = [&](const QByteArray&) { return ++pieces < 3; };
    const Asked asked = ask(*m_client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.error().kind, ErrorKind::Storage);
    QCOMPARE(pieces, 3);
}

void TestHttpClient::sinkSeesNoErrorText() {
    LoopbackServer server;
    Reply denied = Reply::bytes("<Error>"_ba + QByteArray(200'000, 'x'), "application/xml"_ba);
    denied.status = 403;
    server.on("/a.wav"_ba, denied);
    HttpRequest request = get(server.url(u"/a.wav"_s));
    int pieces = 0;
    request.sink = [&](const QByteArray&) { return ++pieces > 0; };
    const Asked asked = ask(*m_client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.answer().status, 403);
    QVERIFY(asked.answer().body.startsWith("<Error>"));
    QCOMPARE(asked.answer().body.size(), qsizetype(64 * 1024));
    QCOMPARE(pieces, 0);
}

void TestHttpClient::pausedBodyHoldsTheServerBack() {
    LoopbackServer server;
    const QByteArray body(32 * 1024 * 1024, 'b');
    server.on("/big"_ba, Reply::bytes(body, "audio/wav"_ba));
    HttpRequest request = get(server.url(u"/big"_s));
    request.inactivityDeadline = 1500ms;  // does not run while paused
    qint64 got = 0;
    HttpTicket* ticket = nullptr;
    request.sink = [&](const QByteArray& piece) {
        if (got == 0) {
            ticket->pause();
        }
        got += piece.size();
        return true;
    };
    const Asked asked = ask(*m_client, request);
    ticket = asked.ticket.get();
    QTRY_VERIFY(got > 0);
    QVERIFY2(!QTest::qWaitFor([&] { return asked.hasEnded(); }, 2000), "a paused body has no deadline");
    QVERIFY(got <= 64 * 1024);
    QVERIFY2(server.bytesSent() < body.size() / 2, "the rest waits at the server");
    ticket->resume();
    QVERIFY(asked.wait());
    QVERIFY2(asked.ok(), qPrintable(asked.error().message));
    QCOMPARE(got, qint64(body.size()));
}

void TestHttpClient::largeBodyArrives() {
    LoopbackServer server;
    QByteArray body;
    for (int i = 0; body.size() < 20 * 1024 * 1024; ++i) {
        body += QByteArray::number(i) + ',';
    }
    server.on("/plain"_ba, Reply::json(body));
    server.on("/zipped"_ba, Reply::json(gzipped(body)).with("Content-Encoding"_ba, "gzip"_ba));
    const Asked plain = ask(*m_client, get(server.url(u"/plain"_s)));
    const Asked zipped = ask(*m_client, get(server.url(u"/zipped"_s)));
    QTRY_VERIFY_WITH_TIMEOUT(plain.hasEnded() && zipped.hasEnded(), 20'000);
    QVERIFY(plain.answer().body == body);
    QVERIFY(zipped.answer().body == body);
}

QTEST_GUILESS_MAIN(TestHttpClient)
#include "tst_httpclient.moc"
