// Retry rule, rate limit and Retry-After with a clock that the test moves.
#include <QTest>
#include <memory>

#include "models/net/httpclient.h"
#include "models/net/pace.h"
#include "models/net/ratelimiter.h"
#include "models/net/retrypolicy.h"
#include "tests/support/asking.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestPacing final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void backoffDoublesIsCappedAndKeepsToTheUpperQuarter();
    void serversWishCountsAsItIs();
    void whatIsNeverTriedAgain_data();
    void whatIsNeverTriedAgain();
    void attemptsEnd();
    void limitHoldsInAnyMinute();
    void theAccountsOwnLimitComesFirst();
    void aLimitThatIsChangedHoldsAtOnce();
    void loopbackHasNoLimit();
    void pauseIsObeyedAndNeverShortened();
    void retryAfterForms_data();
    void retryAfterForms();
};

void TestPacing::backoffDoublesIsCappedAndKeepsToTheUpperQuarter() {
    const RetryPolicy policy{1000ms, 5000ms};
    const Error error = makeError(ErrorKind::ServerTrouble);
    const std::vector<std::chrono::milliseconds> full{1000ms, 2000ms, 4000ms};
    for (int attempt = 1; attempt <= 3; ++attempt) {
        for (const double random : {0.0, 0.3, 0.999999}) {
            const auto wait = policy.waitAfter(attempt, error, random);
            QVERIFY(wait.has_value());
            QVERIFY(*wait >= full[size_t(attempt - 1)] * 3 / 4);
            QVERIFY(*wait <= full[size_t(attempt - 1)]);
        }
    }
    QCOMPARE(*policy.waitAfter(1, error, 0.0), 750ms);
    // Attempt 8 would be 128 s without the cap; only RateLimited is tried so often.
    const RetryPolicy usual;
    QCOMPARE(*usual.waitAfter(9, makeError(ErrorKind::RateLimited), 1.0), 60'000ms);
    QCOMPARE(*usual.waitAfter(9, makeError(ErrorKind::RateLimited), 0.0), 45'000ms);
}

void TestPacing::serversWishCountsAsItIs() {
    Error error = makeError(ErrorKind::RateLimited);
    error.retryAfter = 7000ms;
    QCOMPARE(*RetryPolicy{}.waitAfter(1, error, 0.0), 7000ms);
    error.retryAfter = 0ms;
    QCOMPARE(*RetryPolicy{}.waitAfter(1, error, 0.5), 0ms);
    error.kind = ErrorKind::ServerTrouble;
    error.retryAfter = 90'000ms;
    QCOMPARE(*RetryPolicy{}.waitAfter(1, error, 0.5), 90'000ms);
}

void TestPacing::whatIsNeverTriedAgain_data() {
    QTest::addColumn<ErrorKind>("kind");
    for (const ErrorKind kind : {ErrorKind::Unauthorized, ErrorKind::Forbidden, ErrorKind::NotFound, ErrorKind::Refused,
                                 ErrorKind::Conflict, ErrorKind::NotTheApi, ErrorKind::TooLarge, ErrorKind::Cancelled,
                                 ErrorKind::Tls, ErrorKind::NoKey, ErrorKind::DiskFull, ErrorKind::Internal}) {
        QTest::newRow(qPrintable(errorKindWord(kind))) << kind;
    }
}

void TestPacing::whatIsNeverTriedAgain() {
    QFETCH(ErrorKind, kind);
    Error error = makeError(kind);
    error.retryAfter = 1000ms;
    QVERIFY(!RetryPolicy{}.waitAfter(1, error, 0.5).has_value());
}

void TestPacing::attemptsEnd() {
    for (const ErrorKind kind : {ErrorKind::Offline, ErrorKind::Timeout, ErrorKind::ServerTrouble, ErrorKind::BadAnswer,
                                 ErrorKind::RateLimited}) {
        const int attempts = attemptsFor(kind);
        QVERIFY(attempts >= 2 && attempts <= 10);
        QVERIFY(RetryPolicy{}.waitAfter(attempts - 1, makeError(kind), 0.5).has_value());
        QVERIFY(!RetryPolicy{}.waitAfter(attempts, makeError(kind), 0.5).has_value());
    }
}

void TestPacing::limitHoldsInAnyMinute() {
    Account account;
    account.baseUrl = QUrl(u"https://api.yotel.in/api/v1"_s);
    QCOMPARE(requestsPerMinute(account), 600);
    auto clock = std::make_shared<FakeClock>();
    RateLimiter limiter(clock, 600);
    std::vector<std::chrono::steady_clock::time_point> sent;
    while (sent.size() < 2000) {
        const auto wait = limiter.waitBeforeNext();
        if (wait > 0ms) {
            clock->advance(wait);
            continue;
        }
        limiter.noteSent();
        sent.push_back(clock->steady());
        clock->advance(20ms);  // 3,000 a minute are wanted
    }
    for (size_t i = 600; i < sent.size(); ++i) {
        QVERIFY(sent[i] - sent[i - 600] >= 60s);
    }
    // and no more waiting than needed: 2,000 requests fit into three minutes and a bit
    QVERIFY(sent.back() - sent.front() < 3min + 10s);
}

void TestPacing::theAccountsOwnLimitComesFirst() {
    Account account;
    account.baseUrl = QUrl(u"https://api.vatel.test/v1"_s);
    for (const auto& [provider, perMinute] : {std::pair(Provider::Yotel, 600), std::pair(Provider::Atoms, 600),
                                              std::pair(Provider::Vatel, 60), std::pair(Provider::Autocalls, 60)}) {
        account.provider = provider;
        QCOMPARE(requestsPerMinute(account), perMinute);
    }
    account.mostRequestsPerMinute = 7;
    QCOMPARE(requestsPerMinute(account), 7);
    account.mostRequestsPerMinute = 0;
    QCOMPARE(requestsPerMinute(account), 0);
    account.mostRequestsPerMinute = 7;
    account.baseUrl = QUrl(u"http://localhost:8080"_s);
    QCOMPARE(requestsPerMinute(account), 0);
}

/// A limit that is lowered while requests are on their way holds from the next one on.
void TestPacing::aLimitThatIsChangedHoldsAtOnce() {
    auto clock = std::make_shared<FakeClock>();
    HttpClient http(clock);
    const QUrl address(u"https://api.vatel.test/v1"_s);
    const auto pace = http.pace(u"main"_s, address, 60);
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(pace->limiter.waitBeforeNext(), 0ms);
        pace->limiter.noteSent();
        clock->advance(1s);
    }
    QCOMPARE(http.pace(u"main"_s, address, 10), pace);
    QCOMPARE(pace->limiter.waitBeforeNext(), 50s);  // until only nine of the last minute's are left
    QCOMPARE(http.pace(u"main"_s, address, 60), pace);
    QCOMPARE(pace->limiter.waitBeforeNext(), 0ms);
}

void TestPacing::loopbackHasNoLimit() {
    Account account;
    account.baseUrl = QUrl(u"http://127.0.0.1:8080/api/v1"_s);
    QCOMPARE(requestsPerMinute(account), 0);
    RateLimiter limiter(std::make_shared<FakeClock>(), 0);
    for (int i = 0; i < 5000; ++i) {
        QCOMPARE(limiter.waitBeforeNext(), 0ms);
        limiter.noteSent();
    }
}

void TestPacing::pauseIsObeyedAndNeverShortened() {
    auto clock = std::make_shared<FakeClock>();
    RateLimiter limiter(clock, 600);
    limiter.pauseFor(7s, RateLimiter::AskedBy::Server);
    QCOMPARE(limiter.waitBeforeNext(), 7000ms);
    limiter.pauseFor(1s, RateLimiter::AskedBy::Us);
    QCOMPARE(limiter.pauseLeft(), 7000ms);
    QVERIFY(limiter.pauseAskedBy() == RateLimiter::AskedBy::Server);
    clock->advance(6999ms);
    QCOMPARE(limiter.waitBeforeNext(), 1ms);
    clock->advance(1ms);
    QCOMPARE(limiter.waitBeforeNext(), 0ms);
}

void TestPacing::retryAfterForms_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("milliseconds");  // -1 = junk
    QTest::newRow("seconds") << "7"_ba << qint64(7000);
    QTest::newRow("zero") << "0"_ba << qint64(0);
    QTest::newRow("blanks") << " 12 "_ba << qint64(12'000);
    QTest::newRow("capped at an hour") << "1000000000"_ba << qint64(3'600'000);
    QTest::newRow("beyond 64 bits") << "99999999999999999999999"_ba << qint64(3'600'000);
    QTest::newRow("date") << "Fri, 20 Nov 2026 12:00:30 GMT"_ba << qint64(30'000);
    QTest::newRow("date, old form") << "Friday, 20-Nov-26 12:00:30 GMT"_ba << qint64(30'000);
    QTest::newRow("date, C form") << "Fri Nov 20 12:00:30 2026"_ba << qint64(30'000);
    QTest::newRow("past date") << "Fri, 20 Nov 2026 11:00:00 GMT"_ba << qint64(0);
    QTest::newRow("far date") << "Fri, 20 Nov 2099 11:00:00 GMT"_ba << qint64(3'600'000);
    QTest::newRow("negative") << "-1"_ba << qint64(-1);
    QTest::newRow("exponent") << "1e9"_ba << qint64(-1);
    QTest::newRow("fraction") << "7.5"_ba << qint64(-1);
    QTest::newRow("words") << "soon"_ba << qint64(-1);
    QTest::newRow("empty") << ""_ba << qint64(-1);
}

void TestPacing::retryAfterForms() {
    QFETCH(QByteArray, text);
    QFETCH(qint64, milliseconds);
    const Moment now = momentFromMs(QDateTime(QDate(2026, 11, 20), QTime(12, 0), Qt::UTC).toMSecsSinceEpoch());
    HttpAnswer answer;
    answer.headers = {{"retry-after"_ba, text}};
    const auto wait = answer.retryAfter(now);
    QCOMPARE(wait ? wait->count() : qint64(-1), milliseconds);
}

QTEST_GUILESS_MAIN(TestPacing)
#include "tst_pacing.moc"
