// The signed webhook: its bytes, its signature, and what each answer means for the edit.
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "models/targets/targetanswers.h"
#include "models/targets/webhookdialect.h"
#include "tests/support/targetserver.h"
#include "tests/targets/answered.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(earmark::PushEnd)
Q_DECLARE_METATYPE(earmark::test::Mishap)

namespace {

// Figures of another implementation: hmac.new(key, message, sha256) of Python.
const QByteArray kShort = "v1=84cfc5b8bf017487a374cdf31d54d207ae1404ae5f42d75cae5e4820c2ec638c"_ba;
const QByteArray kLongKey = "v1=b1264446887d2fbe6a1cd71ef64abf48f9d155f5da22bfb50bc5624d7fe88797"_ba;

}  // namespace

class TestWebhookTarget final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void bodyIsTheContract();
    void bodyOfHostileTexts();
    void signatureIsTheContract();
    void repeatsDifferInTimeAlone();
    void withoutSecretNothingIsSent();
    void statuses_data();
    void statuses();
    void adviceIsAboutTheTarget();
    void brokenConnections();
    void conflictSaysWhatIsThere();
    void wordsOfTheReceiverArePlain_data();
    void wordsOfTheReceiverArePlain();
    void receiverAppliesOnce_data();
    void receiverAppliesOnce();
    void receiverSeesOtherBodies();
    void testMessages_data();
    void testMessages();
    void testIsAcceptedByAReceiver();
    void addresses_data();
    void addresses();

 private:
    [[nodiscard]] static Account account(const QUrl& url = QUrl(u"https://hooks.example.com/in?team=7"_s)) {
        Account account;
        account.name = u"main"_s;
        account.provider = Provider::Autocalls;
        account.target.kind = TargetKind::Webhook;
        account.target.url = url;
        return account;
    }
    [[nodiscard]] PushVerdict verdictFor(const StepAnswer& answer,
                                         std::vector<FieldChange> changes = {{ReviewField::Disposition, {}, u"A"_s}}) {
        const OutgoingReview review = reviewOf(std::move(changes));
        const auto body = m_dialect.compose(account(), review);
        const auto steps = m_dialect.push(account(), review, *body, "secret"_ba, false, kEditedAt);
        (void)steps->first();
        return verdictOf(steps->next(answer));
    }
    WebhookDialect m_dialect;
};

void TestWebhookTarget::bodyIsTheContract() {
    OutgoingReview review =
        reviewOf({{ReviewField::Disposition, {}, u"CALLBACK"_s}, {ReviewField::Notes, u"old"_s, std::nullopt}});
    review.campaignId = u"31"_s;
    QCOMPARE(m_dialect.compose(account(), review).value(),
             "{\"schema\":\"earmark.review/1\",\"delivery\":\"0b5f3a52-6d0e-4f0a-9c3f-3d8a52c1e7aa\","
             "\"account\":\"main\",\"provider\":\"autocalls\",\"call_id\":\"510001\",\"campaign_id\":\"31\","
             "\"revision\":3,\"edited_at\":\"2026-04-18T14:37:20.125Z\",\"changes\":{"
             "\"disposition\":{\"from\":null,\"to\":\"CALLBACK\"},\"notes\":{\"from\":\"old\",\"to\":null}}}"_ba);
    review.campaignId.reset();
    review.delivery.changes = {{ReviewField::Notes, u""_s, u"x"_s}};
    const QByteArray body = m_dialect.compose(account(), review).value();
    QVERIFY(body.contains("\"campaign_id\":null,"));
    QVERIFY(body.endsWith("\"changes\":{\"notes\":{\"from\":\"\",\"to\":\"x\"}}}"));
}

void TestWebhookTarget::bodyOfHostileTexts() {
    const QString hostile = u"a \"quote\" \\ back\r\nnext\u2028line\u2029para\u0085nel\ttab \U0001F600 </script>"_s +
                            QChar(u'\0') + u"end"_s;
    const QByteArray body = m_dialect.compose(account(), reviewOf({{ReviewField::Notes, {}, hostile}})).value();
    QVERIFY(!body.contains('\n') && !body.contains('\r') && !body.contains('\0'));
    QVERIFY(!body.contains("\u2028") && !body.contains("\u2029") && !body.contains("\u0085"));
    const QJsonObject changes = QJsonDocument::fromJson(body).object()[u"changes"_s].toObject();
    QCOMPARE(changes[u"notes"_s].toObject()[u"to"_s].toString(), hostile);
}

void TestWebhookTarget::signatureIsTheContract() {
    QCOMPARE(earmark::webhookSignature("key"_ba, "1776523040"_ba, "{\"a\":1}"_ba), kShort);
    QCOMPARE(earmark::webhookSignature(QByteArray(131, '\xaa'), "0"_ba, QByteArray()), kLongKey);
    const auto steps = m_dialect.push(account(), reviewOf({}), "{\"a\":1}"_ba, "key"_ba, false, kEditedAt);
    const HttpStep step = httpStep(steps->first());
    QCOMPARE(step.method, HttpStep::Method::Post);
    QCOMPARE(step.url, QUrl(u"https://hooks.example.com/in?team=7"_s));
    QCOMPARE(step.body, "{\"a\":1}"_ba);
    QCOMPARE(headerOf(step, "Content-Type"_ba), "application/json"_ba);
    QCOMPARE(headerOf(step, "Idempotency-Key"_ba), kDeliveryId.toLatin1());
    QCOMPARE(headerOf(step, "X-Earmark-Timestamp"_ba), "1776523040"_ba);
    QCOMPARE(headerOf(step, "X-Earmark-Signature"_ba), kShort);
    QVERIFY(step.writes);
    QVERIFY(!step.withAccountKey);
}

void TestWebhookTarget::repeatsDifferInTimeAlone() {
    const OutgoingReview review = reviewOf({{ReviewField::Disposition, {}, u"A"_s}});
    const QByteArray frozen = m_dialect.compose(account(), review).value();
    const HttpStep one = httpStep(m_dialect.push(account(), review, frozen, "s"_ba, false, kEditedAt)->first());
    const HttpStep two =
        httpStep(m_dialect.push(account(), review, frozen, "s"_ba, true, kEditedAt + std::chrono::hours(9))->first());
    QCOMPARE(two.body, one.body);
    QCOMPARE(headerOf(two, "Idempotency-Key"_ba), headerOf(one, "Idempotency-Key"_ba));
    QVERIFY(headerOf(two, "X-Earmark-Timestamp"_ba) != headerOf(one, "X-Earmark-Timestamp"_ba));
    QCOMPARE(headerOf(two, "X-Earmark-Signature"_ba),
             earmark::test::webhookSignature("s"_ba, headerOf(two, "X-Earmark-Timestamp"_ba), two.body));
}

void TestWebhookTarget::withoutSecretNothingIsSent() {
    QVERIFY(m_dialect.capabilities(account()).needsSecret);
    Account other = account();
    other.name = u"desk-2"_s;
    const PushVerdict verdict =
        verdictOf(m_dialect.push(other, reviewOf({}), "{}"_ba, QByteArray(), false, kEditedAt)->first());
    QCOMPARE(verdict.end, PushEnd::Waiting);
    QVERIFY(verdict.error);
    QCOMPARE(verdict.error->kind, ErrorKind::NoKey);
    QVERIFY(errorText(*verdict.error).contains(u"EARMARK_TARGET_SECRET_DESK_2"_s));
}

void TestWebhookTarget::statuses_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<PushEnd>("end");
    QTest::addColumn<ErrorKind>("kind");
    const auto row = [](int status, PushEnd end, ErrorKind kind = ErrorKind::Internal) {
        QTest::addRow("%d", status) << status << end << kind;
    };
    for (const int status : {200, 201, 202, 204, 299}) {
        row(status, PushEnd::Accepted);
    }
    for (const int status : {301, 302, 304, 307, 308}) {
        row(status, PushEnd::Refused, ErrorKind::NotTheApi);
    }
    for (const int status : {400, 402, 405, 413, 415, 422, 451}) {
        row(status, PushEnd::Refused, ErrorKind::Refused);
    }
    row(401, PushEnd::Refused, ErrorKind::Unauthorized);
    row(403, PushEnd::Refused, ErrorKind::Forbidden);
    row(404, PushEnd::Refused, ErrorKind::NotFound);
    row(410, PushEnd::Refused, ErrorKind::NotFound);
    row(409, PushEnd::Conflict, ErrorKind::Conflict);
    row(412, PushEnd::Conflict, ErrorKind::Conflict);
    row(408, PushEnd::Waiting, ErrorKind::Refused);
    row(425, PushEnd::Waiting, ErrorKind::Refused);
    row(429, PushEnd::Waiting, ErrorKind::RateLimited);
    for (const int status : {500, 502, 503, 504, 599}) {
        row(status, PushEnd::Unclear, ErrorKind::ServerTrouble);
    }
}

void TestWebhookTarget::statuses() {
    QFETCH(int, status);
    QFETCH(PushEnd, end);
    QFETCH(ErrorKind, kind);
    StepAnswer answer = answered(status, "{\"message\": \"as it is\"}"_ba);
    answer.retryAfter = std::chrono::seconds(7);
    const PushVerdict verdict = verdictFor(answer);
    QCOMPARE(verdict.end, end);
    if (end == PushEnd::Accepted) {
        QVERIFY(verdict.reason.isEmpty() && !verdict.error);
        return;
    }
    QVERIFY(verdict.error);
    QCOMPARE(verdict.error->kind, kind);
    QVERIFY(verdict.error->retryAfter == std::chrono::milliseconds(7000));
    QVERIFY2(verdict.reason.contains(QString::number(status)), qPrintable(verdict.reason));
}

void TestWebhookTarget::adviceIsAboutTheTarget() {
    const TargetCapabilities can = WebhookDialect().capabilities({});
    for (const ErrorKind kind :
         {ErrorKind::Offline, ErrorKind::Timeout, ErrorKind::Tls, ErrorKind::Unauthorized, ErrorKind::Forbidden,
          ErrorKind::NotFound, ErrorKind::ServerTrouble, ErrorKind::Refused, ErrorKind::NotTheApi, ErrorKind::BadAnswer,
          ErrorKind::TooLarge, ErrorKind::NoKey}) {
        const QString next = target::advised(makeError(kind), can).next;
        QVERIFY2(!next.isEmpty(), qPrintable(errorKindWord(kind)));
        for (const auto& word : {u"key"_s, u"provider"_s, u"page size"_s, u"account's settings"_s}) {
            QVERIFY2(!next.contains(word), qPrintable(next));
        }
    }
    Error own = makeError(ErrorKind::Refused);
    own.next = u"Its own."_s;
    QCOMPARE(target::advised(own, can).next, own.next);
    Error late = makeError(ErrorKind::Refused);
    late.code = u"http_408"_s;
    QVERIFY(target::advised(late, can).next.startsWith(u"Try again"_s));
    TargetCapabilities lead;
    lead.needsAccountKey = true;
    QVERIFY(target::advised(makeError(ErrorKind::Unauthorized), lead).next.isEmpty());  // it is the account's key
    QVERIFY(target::advised(makeError(ErrorKind::Forbidden), lead).next.contains(u"leads"_s));
}

void TestWebhookTarget::brokenConnections() {
    QCOMPARE(verdictFor(lost(ErrorKind::Offline, false)).end, PushEnd::Waiting);
    QCOMPARE(verdictFor(lost(ErrorKind::Tls, false)).end, PushEnd::Waiting);
    QCOMPARE(verdictFor(lost(ErrorKind::Timeout, true)).end, PushEnd::Unclear);
    QCOMPARE(verdictFor(lost(ErrorKind::BadAnswer, true)).end, PushEnd::Unclear);
    QCOMPARE(verdictFor(StepAnswer{}).end, PushEnd::Unclear);
    StepAnswer cut = lost(ErrorKind::BadAnswer, true);
    cut.status = 200;  // a head came, the body was cut
    QCOMPARE(verdictFor(cut).end, PushEnd::Unclear);
    QCOMPARE(verdictFor(cut).error->kind, ErrorKind::BadAnswer);
}

void TestWebhookTarget::conflictSaysWhatIsThere() {
    const std::vector<FieldChange> both{{ReviewField::Disposition, {}, u"A"_s}, {ReviewField::Notes, {}, u"n"_s}};
    PushVerdict verdict =
        verdictFor(answered(409, "{\"current\": {\"disposition\": \"SOLD\", \"notes\": null, \"other\": 3}}"_ba), both);
    QCOMPARE(verdict.theirs.size(), size_t(2));
    QCOMPARE(verdict.theirs[0].field, ReviewField::Disposition);
    QCOMPARE(verdict.theirs[0].value, std::optional(u"SOLD"_s));
    QVERIFY(!verdict.theirs[1].value);
    verdict = verdictFor(answered(409, "{\"current\": {\"notes\": \"of no concern\"}}"_ba));
    QCOMPARE(verdict.end, PushEnd::Conflict);
    QVERIFY(verdict.theirs.empty());
    QVERIFY(verdictFor(answered(409, "no"_ba)).theirs.empty());
}

void TestWebhookTarget::wordsOfTheReceiverArePlain_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("said");
    QTest::addRow("message") << "{\"message\": \"The code is unknown.\"}"_ba << u"The code is unknown."_s;
    QTest::addRow("error object") << "{\"error\": {\"message\": \"nested\"}}"_ba << u"nested"_s;
    QTest::addRow("list of problems") << "{\"detail\": [{\"loc\": [1], \"msg\": \"too long\"}]}"_ba << u"too long"_s;
    QTest::addRow("text") << "no\r\nsuch call"_ba << u"no such call"_s;
    QTest::addRow("marks") << "a \u202e b"_ba << u"a <U+202E> b"_s;
    QTest::addRow("secret") << "bad secret here"_ba << u"bad ... here"_s;
    QTest::addRow("page") << "<html><body><img src='file:///etc/passwd'></body></html>"_ba << QString();
    QTest::addRow("nothing") << QByteArray() << QString();
    QTest::addRow("numbers") << "{\"code\": 7}"_ba << QString();
    QTest::addRow("torn") << "{\"message\": \"cu"_ba << QString();
}

void TestWebhookTarget::wordsOfTheReceiverArePlain() {
    QFETCH(QByteArray, body);
    QFETCH(QString, said);
    const QString reason = verdictFor(answered(422, body)).reason;
    if (said.isEmpty()) {
        QVERIFY2(reason.endsWith(u"422."_s), qPrintable(reason));
    } else {
        QVERIFY2(reason.contains(u"\u2068"_s + said + u"\u2069"_s), qPrintable(reason));
    }
    QVERIFY(verdictFor(answered(422, QByteArray(100'000, 'x'))).reason.size() < 300);
}

void TestWebhookTarget::receiverAppliesOnce_data() {
    QTest::addColumn<Mishap>("mishap");
    QTest::addColumn<PushEnd>("end");
    QTest::addColumn<int>("appliedAtFirst");
    QTest::newRow("honest") << Mishap::None << PushEnd::Accepted << 1;
    QTest::newRow("answer lost") << Mishap::AnswerLost << PushEnd::Unclear << 1;
    QTest::newRow("answer cut") << Mishap::AnswerCut << PushEnd::Unclear << 1;
    QTest::newRow("applied, 500") << Mishap::AppliedThen500 << PushEnd::Unclear << 1;
    QTest::newRow("slow") << Mishap::Slow << PushEnd::Accepted << 1;
    QTest::newRow("reset") << Mishap::ResetBeforeAnswer << PushEnd::Unclear << 0;
    QTest::newRow("closed") << Mishap::CloseBeforeAnswer << PushEnd::Unclear << 0;
    QTest::newRow("401") << Mishap::Unauthorized << PushEnd::Refused << 0;
    QTest::newRow("403") << Mishap::Forbidden << PushEnd::Refused << 0;
    QTest::newRow("409") << Mishap::Conflict << PushEnd::Conflict << 0;
    QTest::newRow("422") << Mishap::Unprocessable << PushEnd::Refused << 0;
    QTest::newRow("429") << Mishap::TooMany << PushEnd::Waiting << 0;
    QTest::newRow("500") << Mishap::InternalError << PushEnd::Unclear << 0;
    QTest::newRow("503") << Mishap::Unavailable << PushEnd::Unclear << 0;
}

/// One attempt is one wire request; the second attempt, the same delivery some time later, ends well and applies
/// nothing twice.
void TestWebhookTarget::receiverAppliesOnce() {
    QFETCH(Mishap, mishap);
    QFETCH(PushEnd, end);
    QFETCH(int, appliedAtFirst);
    TargetServer server;
    server.setRetryAfter("7"_ba);
    server.misbehave({mishap});
    const Account here = account(server.address());
    const OutgoingReview review = reviewOf({{ReviewField::Disposition, {}, u"A"_s}});
    const QByteArray frozen = m_dialect.compose(here, review).value();
    const PushVerdict first = carriedOut(*m_dialect.push(here, review, frozen, server.secret(), false, kEditedAt));
    QCOMPARE(first.end, end);
    QCOMPARE(server.requestsFor(kDeliveryId.toLatin1()), 1);
    QCOMPARE(server.appliedCount(), appliedAtFirst);
    if (mishap == Mishap::TooMany || mishap == Mishap::Unavailable) {
        QVERIFY(first.error->retryAfter == std::chrono::milliseconds(7000));
    }
    const PushVerdict second =
        carriedOut(*m_dialect.push(here, review, frozen, server.secret(), true, kEditedAt + std::chrono::minutes(3)));
    QCOMPARE(second.end, PushEnd::Accepted);
    QCOMPARE(server.requestsFor(kDeliveryId.toLatin1()), 2);
    QCOMPARE(server.appliedCount(), 1);
    QCOMPARE(server.applied().front().body, frozen);
    QCOMPARE(server.valueOf(u"510001"_s, u"disposition"_s).toString(), u"A"_s);
    QCOMPARE(server.forged() + server.otherBodies(), 0);
}

void TestWebhookTarget::receiverSeesOtherBodies() {
    TargetServer server;
    const Account here = account(server.address());
    const OutgoingReview review = reviewOf({{ReviewField::Disposition, {}, u"A"_s}});
    const QByteArray frozen = m_dialect.compose(here, review).value();
    const auto push = [&](const QByteArray& body, const QByteArray& secret) {
        return carriedOut(*m_dialect.push(here, review, body, secret, false, kEditedAt));
    };
    QCOMPARE(push(frozen, "another"_ba).end, PushEnd::Refused);
    QCOMPARE(server.forged(), 1);
    QCOMPARE(push(frozen, server.secret()).end, PushEnd::Accepted);
    QByteArray other = frozen;
    QCOMPARE(push(other.replace("\"A\"", "\"B\""), server.secret()).end, PushEnd::Refused);
    QCOMPARE(server.otherBodies(), 1);
    QCOMPARE(server.appliedCount(), 1);
}

void TestWebhookTarget::testMessages_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<PushEnd>("end");
    QTest::addColumn<QString>("says");
    QTest::newRow("200") << 200 << PushEnd::Accepted << u"accepts the signature"_s;
    QTest::newRow("422") << 422 << PushEnd::Accepted << u"first edit will show"_s;
    QTest::newRow("400") << 400 << PushEnd::Accepted << u"first edit will show"_s;
    QTest::newRow("401") << 401 << PushEnd::Refused << u"401"_s;
    QTest::newRow("404") << 404 << PushEnd::Refused << u"404"_s;
    QTest::newRow("302") << 302 << PushEnd::Refused << u"another address"_s;
    QTest::newRow("429") << 429 << PushEnd::Waiting << u"429"_s;
    QTest::newRow("500") << 500 << PushEnd::Waiting << u"500"_s;
}

void TestWebhookTarget::testMessages() {
    QFETCH(int, status);
    QFETCH(PushEnd, end);
    QFETCH(QString, says);
    const auto steps = m_dialect.test(account(), "secret"_ba, kEditedAt);
    const HttpStep step = httpStep(steps->first());
    QVERIFY(step.body.contains("\"schema\":\"earmark.test/1\""));
    QVERIFY(!step.body.contains("call_id"));
    const PushVerdict verdict = verdictOf(steps->next(answered(status)));
    QCOMPARE(verdict.end, end);
    const QString text = verdict.reason + verdict.place;
    QVERIFY2(text.contains(says), qPrintable(text));
    QVERIFY2(text.contains(u"hooks.example.com"_s), qPrintable(text));
}

void TestWebhookTarget::testIsAcceptedByAReceiver() {
    TargetServer server;
    const Account here = account(server.address());
    QCOMPARE(carriedOut(*m_dialect.test(here, server.secret(), kEditedAt)).end, PushEnd::Accepted);
    QCOMPARE(server.tests(), 1);
    QCOMPARE(server.appliedCount(), 0);
    QCOMPARE(carriedOut(*m_dialect.test(here, "wrong"_ba, kEditedAt)).end, PushEnd::Refused);
    QCOMPARE(verdictOf(m_dialect.test(here, {}, kEditedAt)->first()).error->kind, ErrorKind::NoKey);
}

void TestWebhookTarget::addresses_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("https") << u"https://hooks.example.com/in?team=7"_s << true;
    QTest::newRow("loopback") << u"http://127.0.0.1:8080/in"_s << true;
    QTest::newRow("localhost") << u"http://localhost/in"_s << true;
    QTest::newRow("http") << u"http://hooks.example.com/in"_s << false;
    QTest::newRow("looks like loopback") << u"http://127.0.0.1.evil.test/"_s << false;
    QTest::newRow("user") << u"https://me:pw@hooks.example.com/"_s << false;
    QTest::newRow("empty user") << u"https://@hooks.example.com/"_s << false;
    QTest::newRow("no host") << u"https:///in"_s << false;
    QTest::newRow("relative") << u"/in"_s << false;
    QTest::newRow("file") << u"file:///etc/passwd"_s << false;
    QTest::newRow("ftp") << u"ftp://hooks.example.com/"_s << false;
    QTest::newRow("fragment") << u"https://hooks.example.com/#x"_s << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestWebhookTarget::addresses() {
    QFETCH(QString, url);
    QFETCH(bool, isGood);
    const Account here = account(QUrl(url));
    const Done checked = checkTarget(here, here.target);
    QCOMPARE(checked.has_value(), isGood);
    if (!isGood) {
        QCOMPARE(checked.error().kind, ErrorKind::InvalidInput);
        QVERIFY(!errorText(checked.error()).contains(u"pw"_s));
    }
}

QTEST_GUILESS_MAIN(TestWebhookTarget)
#include "tst_webhooktarget.moc"
