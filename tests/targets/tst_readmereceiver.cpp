// The receiver that README shows is run as it stands there, and gets real deliveries and forged ones.
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "models/targets/webhookdialect.h"
#include "tests/targets/answered.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestReadmeReceiver final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void isShort();
    void takesADeliveryOnce();
    void refusesForgedOnes();
    void refusesAnotherBody();
    void answersTestMessages();

 private:
    [[nodiscard]] PushVerdict pushed(const QByteArray& body, const QByteArray& secret, Moment now) const {
        return carriedOut(*m_dialect.push(m_account, m_review, body, secret, false, now));
    }
    /// What it has printed since it was started, when it was made to answer once more.
    [[nodiscard]] QByteArray printed();

    const QByteArray m_secret = "from the readme"_ba;
    WebhookDialect m_dialect;
    Account m_account;
    OutgoingReview m_review = reviewOf({{ReviewField::Disposition, {}, u"CALLBACK"_s}});
    QByteArray m_frozen;
    QByteArray m_code;
    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_receiver;
};

void TestReadmeReceiver::initTestCase() {
    if (QStandardPaths::findExecutable(u"python3"_s).isEmpty()) {
        QSKIP("no python3 here");
    }
    QFile readme(QStringLiteral(EARMARK_SOURCE_DIR) + u"/README.md"_s);
    QVERIFY(readme.open(QIODevice::ReadOnly));
    const QByteArray text = readme.readAll();
    const QByteArray begin = "```python\n"_ba;
    const qsizetype from = text.indexOf(begin) + begin.size();
    QVERIFY(from > begin.size());
    m_code = text.sliced(from, text.indexOf("```", from) - from);
    QVERIFY(m_code.contains("X-Earmark-Signature"));
    QFile file(m_folder.filePath(u"receiver.py"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(m_code) == m_code.size());
}

void TestReadmeReceiver::init() {
    m_receiver = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SECRET"_s, QString::fromLatin1(m_secret));
    m_receiver->setProcessEnvironment(environment);
    m_receiver->start(u"python3"_s, {m_folder.filePath(u"receiver.py"_s), u"0"_s});
    QVERIFY(m_receiver->waitForStarted(20'000));
    while (!m_receiver->canReadLine()) {
        QVERIFY2(m_receiver->waitForReadyRead(20'000), m_receiver->readAllStandardError().constData());
    }
    const int port = m_receiver->readLine().simplified().split(' ').last().toInt();
    m_account.name = u"main"_s;
    m_account.target.kind = TargetKind::Webhook;
    m_account.target.url = QUrl(u"http://127.0.0.1:%1/reviews"_s.arg(port));
    QVERIFY(checkTarget(m_account, m_account.target));
    m_frozen = m_dialect.compose(m_account, m_review).value();
}

void TestReadmeReceiver::cleanup() {
    m_receiver->kill();
    m_receiver->waitForFinished();
}

QByteArray TestReadmeReceiver::printed() {
    m_receiver->kill();
    m_receiver->waitForFinished();
    return m_receiver->readAllStandardOutput();
}

void TestReadmeReceiver::isShort() {
    QVERIFY2(m_code.count('\n') <= 26, QByteArray::number(m_code.count('\n')).constData());
}

void TestReadmeReceiver::takesADeliveryOnce() {
    const Moment now = SystemClock().now();
    for (int attempt = 0; attempt < 3; ++attempt) {
        const PushVerdict verdict = pushed(m_frozen, m_secret, now + std::chrono::seconds(attempt));
        QVERIFY2(verdict.end == PushEnd::Accepted, qPrintable(verdict.reason));
    }
    QCOMPARE(printed(), "main 510001 {\"disposition\": {\"from\": null, \"to\": \"CALLBACK\"}}\n"_ba);
}

void TestReadmeReceiver::refusesForgedOnes() {
    const Moment now = SystemClock().now();
    QCOMPARE(pushed(m_frozen, "guessed"_ba, now).error->kind, ErrorKind::Unauthorized);
    QCOMPARE(pushed(m_frozen, m_secret, now - std::chrono::hours(1)).error->kind, ErrorKind::Unauthorized);
    // A genuine signature under another body.
    const auto genuine = m_dialect.push(m_account, m_review, m_frozen, m_secret, false, now);
    HttpStep step = httpStep(genuine->first());
    HttpClient client(std::make_shared<SystemClock>());
    HttpRequest request = get(step.url);
    request.method = HttpRequest::Method::Post;
    request.headers = step.headers;
    request.body = step.body.replace("CALLBACK", "SOLD");
    const Asked asked = ask(client, request);
    QVERIFY(asked.wait());
    QCOMPARE(asked.answer().status, 401);
    QCOMPARE(printed(), QByteArray());
}

void TestReadmeReceiver::refusesAnotherBody() {
    const Moment now = SystemClock().now();
    QCOMPARE(pushed(m_frozen, m_secret, now).end, PushEnd::Accepted);
    QByteArray other = m_frozen;
    const PushVerdict verdict = pushed(other.replace("CALLBACK", "SOLD"), m_secret, now);
    QCOMPARE(verdict.end, PushEnd::Refused);
    QVERIFY2(verdict.reason.contains(u"422"_s), qPrintable(verdict.reason));
    QCOMPARE(printed().count('\n'), 1);
}

void TestReadmeReceiver::answersTestMessages() {
    const Moment now = SystemClock().now();
    QCOMPARE(carriedOut(*m_dialect.test(m_account, m_secret, now)).end, PushEnd::Accepted);
    QCOMPARE(carriedOut(*m_dialect.test(m_account, "guessed"_ba, now)).end, PushEnd::Refused);
    QCOMPARE(printed(), QByteArray());
}

QTEST_GUILESS_MAIN(TestReadmeReceiver)
#include "tst_readmereceiver.moc"
