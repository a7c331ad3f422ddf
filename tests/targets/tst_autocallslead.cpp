// The Autocalls lead: exactly one exact match in the call's campaign, variables alone, read before and after.
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "models/targets/autocallsleaddialect.h"
#include "tests/support/autocallsserver.h"
#include "tests/targets/answered.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kCampaign = 31;  // "Spring renewals", which the server has from the start
const QString kNumber = u"+15550100123"_s;

}  // namespace

class TestAutocallsLead final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void variablesAreTheContract();
    void notesOnlyWhereTicked();
    void writesVariablesOfTheOneLead();
    void campaignByItsName_data();
    void campaignByItsName();
    void refusals_data();
    void refusals();
    void secondPageIsRead();
    void twoOnTwoPages();
    void alreadyThere();
    void repeatAfterALostAnswer();
    void clearedIsEmpty_data();
    void clearedIsEmpty();
    void anotherCallOfTheLead();
    void readBackDiffers();
    void readBackFails();
    void testReads();
    void onlyForAccountsOfAutocalls();

 private:
    [[nodiscard]] Account account(bool withNotes = false) const {
        Account account = m_server->account();
        account.target.kind = TargetKind::AutocallsLead;
        account.target.withNotes = withNotes;
        return account;
    }
    [[nodiscard]] static OutgoingReview review(std::vector<FieldChange> changes = {
                                                   {ReviewField::Disposition, {}, u"CALLBACK"_s}}) {
        OutgoingReview review = reviewOf(std::move(changes));
        review.campaignName = u"Spring renewals"_s;
        review.customerNumber = kNumber;
        return review;
    }
    [[nodiscard]] PushVerdict pushed(const OutgoingReview& review, bool withNotes = false) {
        const Account here = account(withNotes);
        const auto frozen = m_dialect.compose(here, review);
        if (!frozen) {
            return {};
        }
        return carriedOut(*m_dialect.push(here, review, *frozen, {}, false, kEditedAt), m_server->key());
    }
    [[nodiscard]] QJsonObject variables(int id) const { return m_server->lead(id)[u"variables"_s].toObject(); }
    [[nodiscard]] int writes() const {
        int count = 0;
        for (const Request& request : m_server->requests()) {
            count += request.method == "PUT"_ba ? 1 : 0;
        }
        return count;
    }

    AutocallsLeadDialect m_dialect;
    std::unique_ptr<AutocallsServer> m_server;
};

void TestAutocallsLead::init() {
    m_server = std::make_unique<AutocallsServer>();
}

void TestAutocallsLead::variablesAreTheContract() {
    QCOMPARE(m_dialect.compose(account(), review()).value(),
             "{\"variables\":{\"review_disposition\":\"CALLBACK\",\"review_call_id\":\"510001\","
             "\"reviewed_at\":\"2026-04-18T14:37:20.125Z\"}}"_ba);
    const TargetCapabilities can = m_dialect.capabilities(account());
    QVERIFY(can.needsAccountKey && !can.needsSecret && !can.honoursDelivery && !can.notes);
}

void TestAutocallsLead::notesOnlyWhereTicked() {
    const OutgoingReview both =
        review({{ReviewField::Disposition, {}, u"A"_s}, {ReviewField::Notes, {}, u"private"_s}});
    QVERIFY(!m_dialect.compose(account(), both).value().contains("private"));
    QVERIFY(m_dialect.compose(account(true), both).value().contains("\"review_notes\":\"private\""));
    const auto none = m_dialect.compose(account(), review({{ReviewField::Notes, {}, u"private"_s}}));
    QVERIFY(!none);
    QCOMPARE(none.error().kind, ErrorKind::NotSupported);
}

void TestAutocallsLead::writesVariablesOfTheOneLead() {
    m_server->addLead(17, kCampaign, kNumber, {{u"customer_name"_s, u"Vera"_s}});
    m_server->addLead(18, kCampaign, kNumber + u"4"_s);  // holds the number as a part
    m_server->addLead(19, kCampaign + 1, kNumber);       // in another campaign
    const PushVerdict verdict = pushed(review());
    QVERIFY2(verdict.end == PushEnd::Accepted, qPrintable(verdict.reason));
    QCOMPARE(verdict.place, u"lead 17"_s);
    QCOMPARE(variables(17), (QJsonObject{{u"customer_name"_s, u"Vera"_s},
                                         {u"review_disposition"_s, u"CALLBACK"_s},
                                         {u"review_call_id"_s, u"510001"_s},
                                         {u"reviewed_at"_s, u"2026-04-18T14:37:20.125Z"_s}}));
    QCOMPARE(m_server->lead(17)[u"status"_s].toString(), u"completed"_s);
    QVERIFY(variables(18).isEmpty() && variables(19).isEmpty());
    const auto put = m_server->requests(m_server->leadPath(17));
    QCOMPARE(put.size(), size_t(1));
    QCOMPARE(QJsonDocument::fromJson(put[0].body).object().keys(), QStringList{u"variables"_s});
    QCOMPARE(
        m_server->targets(),
        (QList<QByteArray>{"GET /api/user/campaigns"_ba,
                           "GET /api/user/leads?campaign_id=31&phone_number=%2B15550100123&per_page=100&page=1"_ba,
                           "PUT /api/user/leads/17"_ba,
                           "GET /api/user/leads?campaign_id=31&phone_number=%2B15550100123&per_page=100&page=1"_ba}));
}

void TestAutocallsLead::campaignByItsName_data() {
    QTest::addColumn<AutocallsServer::CampaignShape>("shape");
    QTest::newRow("bare") << AutocallsServer::CampaignShape::BareArray;
    QTest::newRow("campaigns") << AutocallsServer::CampaignShape::InCampaigns;
    QTest::newRow("data") << AutocallsServer::CampaignShape::InData;
}

void TestAutocallsLead::campaignByItsName() {
    QFETCH(AutocallsServer::CampaignShape, shape);
    m_server->setCampaignShape(shape);
    m_server->addLead(17, kCampaign, kNumber);
    QCOMPARE(pushed(review()).end, PushEnd::Accepted);
    OutgoingReview known = review({{ReviewField::Disposition, {}, u"B"_s}});
    known.campaignId = u"31"_s;
    m_server->forgetRequests();
    QCOMPARE(pushed(known).end, PushEnd::Accepted);
    QVERIFY(m_server->requests("/api/user/campaigns"_ba).empty());
    m_server->addCampaign(77, u"Spring renewals"_s);
    const PushVerdict verdict = pushed(review());
    QCOMPARE(verdict.end, PushEnd::Refused);
    QVERIFY2(verdict.reason.contains(u"several campaigns"_s), qPrintable(verdict.reason));
}

void TestAutocallsLead::refusals_data() {
    QTest::addColumn<QString>("number");
    QTest::addColumn<QString>("campaign");
    QTest::addColumn<int>("leads");
    QTest::addColumn<QString>("says");
    QTest::newRow("web call") << QString() << u"Spring renewals"_s << 1 << u"no telephone number"_s;
    QTest::newRow("anonymous") << u"anonymous"_s << u"Spring renewals"_s << 1 << u"no telephone number"_s;
    QTest::newRow("SIP address") << u"sip:7@example.com"_s << u"Spring renewals"_s << 1 << u"no telephone number"_s;
    QTest::newRow("inbound") << kNumber << QString() << 1 << u"no campaign"_s;
    QTest::newRow("campaign gone") << kNumber << u"Autumn"_s << 1 << u"no campaign"_s;
    QTest::newRow("no lead") << kNumber << u"Spring renewals"_s << 0 << u"No lead"_s;
    QTest::newRow("two leads") << kNumber << u"Spring renewals"_s << 2 << u"2 leads"_s;
}

void TestAutocallsLead::refusals() {
    QFETCH(QString, number);
    QFETCH(QString, campaign);
    QFETCH(int, leads);
    QFETCH(QString, says);
    for (int i = 0; i < leads; ++i) {
        m_server->addLead(17 + i, kCampaign, kNumber);
    }
    m_server->addLead(40, kCampaign, kNumber + u"9"_s);
    OutgoingReview outgoing = review();
    outgoing.customerNumber = number.isNull() ? std::nullopt : std::optional(number);
    outgoing.campaignName = campaign.isNull() ? std::nullopt : std::optional(campaign);
    const PushVerdict verdict = pushed(outgoing);
    QCOMPARE(verdict.end, PushEnd::Refused);
    QVERIFY2(verdict.reason.contains(says), qPrintable(verdict.reason));
    QCOMPARE(writes(), 0);
}

void TestAutocallsLead::secondPageIsRead() {
    for (int i = 0; i < 130; ++i) {
        m_server->addLead(100 + i, kCampaign, kNumber + QString::number(i));
    }
    m_server->addLead(17, kCampaign, kNumber);
    const PushVerdict verdict = pushed(review());
    QVERIFY2(verdict.end == PushEnd::Accepted, qPrintable(verdict.reason));
    QCOMPARE(verdict.place, u"lead 17"_s);
    QCOMPARE(m_server->count(m_server->leadsPath()), 4);
}

void TestAutocallsLead::twoOnTwoPages() {
    m_server->addLead(17, kCampaign, kNumber);
    for (int i = 0; i < 130; ++i) {
        m_server->addLead(100 + i, kCampaign, kNumber + QString::number(i));
    }
    m_server->addLead(18, kCampaign, kNumber);
    QCOMPARE(pushed(review()).end, PushEnd::Refused);
    QCOMPARE(writes(), 0);
}

void TestAutocallsLead::alreadyThere() {
    m_server->addLead(17, kCampaign, kNumber,
                      {{u"review_disposition"_s, u"CALLBACK"_s}, {u"review_call_id"_s, 510001}});
    QCOMPARE(pushed(review()).end, PushEnd::Accepted);
    QCOMPARE(writes(), 0);
}

void TestAutocallsLead::repeatAfterALostAnswer() {
    m_server->addLead(17, kCampaign, kNumber);
    m_server->on(m_server->leadPath(17), [this](const Request& request) {
        Reply reply = m_server->answer(request);
        reply.fault = Fault::CloseBeforeAnswer;
        return reply;
    });
    QCOMPARE(pushed(review()).end, PushEnd::Unclear);
    QCOMPARE(writes(), 1);
    QCOMPARE(pushed(review()).end, PushEnd::Accepted);
    QCOMPARE(writes(), 1);
}

void TestAutocallsLead::clearedIsEmpty_data() {
    QTest::addColumn<bool>("becomesNull");
    QTest::newRow("kept as it is") << false;
    QTest::newRow("becomes null") << true;
}

void TestAutocallsLead::clearedIsEmpty() {
    QFETCH(bool, becomesNull);
    m_server->setEmptyTextsBecomeNull(becomesNull);
    m_server->addLead(17, kCampaign, kNumber,
                      {{u"review_disposition"_s, u"SOLD"_s}, {u"review_call_id"_s, u"510001"_s}});
    QCOMPARE(pushed(review({{ReviewField::Disposition, u"SOLD"_s, std::nullopt}})).end, PushEnd::Accepted);
    QCOMPARE(writes(), 1);
    QVERIFY(variables(17)[u"review_disposition"_s].toString().isEmpty());
}

/// Variables are merged: without care the disposition of one call would stand beside the id of another.
void TestAutocallsLead::anotherCallOfTheLead() {
    m_server->addLead(17, kCampaign, kNumber, {{u"review_disposition"_s, u"SOLD"_s}, {u"review_call_id"_s, u"7"_s}});
    QCOMPARE(pushed(review({{ReviewField::Notes, {}, u"call after lunch"_s}}), true).end, PushEnd::Accepted);
    QCOMPARE(variables(17)[u"review_notes"_s].toString(), u"call after lunch"_s);
    QCOMPARE(variables(17)[u"review_call_id"_s].toString(), u"510001"_s);
    QCOMPARE(variables(17)[u"review_disposition"_s].toString(), QString());
}

void TestAutocallsLead::readBackDiffers() {
    m_server->addLead(17, kCampaign, kNumber);
    m_server->on(m_server->leadPath(17), [this](const Request& request) {
        const Reply reply = m_server->answer(request);
        m_server->setLeadVariables(17, {{u"review_disposition"_s, u"SOLD"_s}});
        return reply;
    });
    const PushVerdict verdict = pushed(review());
    QCOMPARE(verdict.end, PushEnd::Conflict);
    QCOMPARE(verdict.error->kind, ErrorKind::Conflict);
    QCOMPARE(verdict.theirs.size(), size_t(1));
    QCOMPARE(verdict.theirs[0].field, ReviewField::Disposition);
    QCOMPARE(verdict.theirs[0].value, std::optional(u"SOLD"_s));
}

void TestAutocallsLead::readBackFails() {
    m_server->addLead(17, kCampaign, kNumber);
    const std::vector<Reply> replies{m_server->ask(m_server->leadsPath()), Reply::code(503)};
    m_server->onSequence(m_server->leadsPath(), replies);
    const PushVerdict verdict = pushed(review());
    QCOMPARE(verdict.end, PushEnd::Unclear);
    QCOMPARE(verdict.error->kind, ErrorKind::ServerTrouble);
    QCOMPARE(variables(17)[u"review_disposition"_s].toString(), u"CALLBACK"_s);
}

void TestAutocallsLead::testReads() {
    const PushVerdict good = carriedOut(*m_dialect.test(account(), {}, kEditedAt), m_server->key());
    QCOMPARE(good.end, PushEnd::Accepted);
    QVERIFY2(good.place.contains(u"first edit"_s), qPrintable(good.place));
    const PushVerdict bad = carriedOut(*m_dialect.test(account(), {}, kEditedAt), "wrong"_ba);
    QCOMPARE(bad.error->kind, ErrorKind::Unauthorized);
    QCOMPARE(writes(), 0);
}

void TestAutocallsLead::onlyForAccountsOfAutocalls() {
    Account here = account();
    QVERIFY(checkTarget(here, here.target));
    here.provider = Provider::Vatel;
    const Done checked = checkTarget(here, here.target);
    QVERIFY(!checked);
    QCOMPARE(checked.error().kind, ErrorKind::InvalidInput);
}

QTEST_GUILESS_MAIN(TestAutocallsLead)
#include "tst_autocallslead.moc"
