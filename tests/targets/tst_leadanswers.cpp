// What each answer about leads means: numbers, campaigns, statuses, answers that are none. Without a server.
#include <QTest>

#include "models/targets/autocallsleaddialect.h"
#include "models/targets/autocallsleads.h"
#include "tests/targets/answered.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

const QString kNumber = u"+15550100123"_s;

/// The steps of a review whose campaign is known by id, behind the question for the leads.
std::unique_ptr<PushSteps> begun() {
    Account account;
    account.name = u"main"_s;
    account.provider = Provider::Autocalls;
    account.baseUrl = defaultBaseUrl(Provider::Autocalls);
    account.target.kind = TargetKind::AutocallsLead;
    OutgoingReview review = reviewOf({{ReviewField::Disposition, {}, u"CALLBACK"_s}});
    review.campaignId = u"31"_s;
    review.customerNumber = kNumber;
    const AutocallsLeadDialect dialect;
    auto steps = dialect.push(account, review, dialect.compose(account, review).value(), {}, false, kEditedAt);
    (void)steps->first();
    return steps;
}

}  // namespace

class TestLeadAnswers final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void numbers_data();
    void numbers();
    void foreignCampaignOfAServerThatIgnoresFilters();
    void statusesOfReading_data();
    void statusesOfReading();
    void statusesOfWriting_data();
    void statusesOfWriting();
    void oddAnswers_data();
    void oddAnswers();
};

void TestLeadAnswers::numbers_data() {
    QTest::addColumn<QString>("ofTheLead");
    QTest::addColumn<bool>("isTheSame");
    QTest::newRow("the same") << kNumber << true;
    QTest::newRow("spaced") << u"+1 (555) 010-0123"_s << true;
    QTest::newRow("without plus") << u"15550100123"_s << false;
    QTest::newRow("longer behind") << u"+155501001234"_s << false;
    QTest::newRow("longer before") << u"+915550100123"_s << false;
    QTest::newRow("shorter") << u"+1555010012"_s << false;
    QTest::newRow("letters") << u"+15550100123x4"_s << false;
    QTest::newRow("other digits") << u"+\u0661\u0665550100123"_s << false;
    QTest::newRow("plus within") << u"1+5550100123"_s << false;
}

void TestLeadAnswers::numbers() {
    QFETCH(QString, ofTheLead);
    QFETCH(bool, isTheSame);
    QCOMPARE(autocallsleads::comparableNumber(ofTheLead) == autocallsleads::comparableNumber(kNumber), isTheSame);
}

void TestLeadAnswers::foreignCampaignOfAServerThatIgnoresFilters() {
    const auto lead = [](const QByteArray& campaign) {
        return answered(200, "{\"data\":[{\"id\":17,\"phone_number\":\"+15550100123\"" + campaign + "}]}");
    };
    QVERIFY(std::holds_alternative<HttpStep>(begun()->next(lead(",\"campaign_id\":31"_ba))));
    QVERIFY(std::holds_alternative<HttpStep>(begun()->next(lead(",\"campaign\":{\"id\":\"31\"}"_ba))));
    QCOMPARE(verdictOf(begun()->next(lead(",\"campaign_id\":32"_ba))).end, PushEnd::Refused);
    const PushVerdict untold = verdictOf(begun()->next(lead({})));
    QCOMPARE(untold.end, PushEnd::Refused);
    QVERIFY2(untold.reason.contains(u"which campaign"_s), qPrintable(untold.reason));
}

void TestLeadAnswers::statusesOfReading_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<PushEnd>("end");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("401") << 401 << PushEnd::Waiting << ErrorKind::Unauthorized;
    QTest::newRow("403") << 403 << PushEnd::Waiting << ErrorKind::Forbidden;
    QTest::newRow("404") << 404 << PushEnd::Refused << ErrorKind::NotFound;
    QTest::newRow("422") << 422 << PushEnd::Refused << ErrorKind::Refused;
    QTest::newRow("429") << 429 << PushEnd::Waiting << ErrorKind::RateLimited;
    QTest::newRow("500") << 500 << PushEnd::Waiting << ErrorKind::ServerTrouble;
    QTest::newRow("302") << 302 << PushEnd::Refused << ErrorKind::NotTheApi;
}

void TestLeadAnswers::statusesOfReading() {
    QFETCH(int, status);
    QFETCH(PushEnd, end);
    QFETCH(ErrorKind, kind);
    StepAnswer answer = answered(status, "{\"message\": \"so it is\"}"_ba);
    answer.retryAfter = std::chrono::seconds(3);
    const PushVerdict verdict = verdictOf(begun()->next(answer));
    QCOMPARE(verdict.end, end);
    QCOMPARE(verdict.error->kind, kind);
    QVERIFY(verdict.error->retryAfter == std::chrono::milliseconds(3000));
    QVERIFY(verdict.reason.contains(u"so it is"_s));
    QCOMPARE(verdictOf(begun()->next(lost(ErrorKind::Timeout, true))).end, PushEnd::Waiting);
}

void TestLeadAnswers::statusesOfWriting_data() {
    statusesOfReading_data();
}

void TestLeadAnswers::statusesOfWriting() {
    QFETCH(int, status);
    QFETCH(PushEnd, end);
    const QByteArray lead =
        "{\"data\":[{\"id\":17,\"campaign_id\":31,\"phone_number\":\"+15550100123\",\"variables\":[]}]}"_ba;
    auto steps = begun();
    const HttpStep put = httpStep(steps->next(answered(200, lead)));
    QCOMPARE(put.method, HttpStep::Method::Put);
    QVERIFY(put.writes && put.withAccountKey);
    QCOMPARE(verdictOf(steps->next(answered(status))).end, status >= 500 ? PushEnd::Unclear : end);
    steps = begun();
    (void)steps->next(answered(200, lead));
    QCOMPARE(verdictOf(steps->next(lost(ErrorKind::Timeout, true))).end, PushEnd::Unclear);
    steps = begun();
    (void)steps->next(answered(200, lead));
    QCOMPARE(verdictOf(steps->next(lost(ErrorKind::Offline, false))).end, PushEnd::Waiting);
}

void TestLeadAnswers::oddAnswers_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("page") << "<html>sign in</html>"_ba;
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("torn") << "{\"data\":[{\"id\":17,"_ba;
    QTest::newRow("no list") << "{\"data\":{}}"_ba;
    QTest::newRow("array") << "[]"_ba;
    QTest::newRow("lead without id") << "{\"data\":[{\"phone_number\":\"+15550100123\",\"campaign_id\":31}]}"_ba;
    QTest::newRow("id as fraction") << "{\"data\":[{\"id\":1.5,\"campaign_id\":31}]}"_ba;
    QTest::newRow("row as text") << "{\"data\":[\"17\"]}"_ba;
    QTest::newRow("variables as text")
        << "{\"data\":[{\"id\":17,\"campaign_id\":31,\"phone_number\":\"+15550100123\",\"variables\":\"x\"}]}"_ba;
}

/// What cannot be read is never written over, and nothing is concluded from it.
void TestLeadAnswers::oddAnswers() {
    QFETCH(QByteArray, body);
    const PushVerdict verdict = verdictOf(begun()->next(answered(200, body)));
    QCOMPARE(verdict.end, PushEnd::Waiting);
    QVERIFY(!verdict.reason.isEmpty());
}

QTEST_GUILESS_MAIN(TestLeadAnswers)
#include "tst_leadanswers.moc"
