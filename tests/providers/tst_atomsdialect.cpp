// The answers, addresses and errors of smallest.ai Atoms, on fixtures of our own.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QUrlQuery>
#include <algorithm>

#include "models/domain/fields.h"
#include "models/providers/readdialect.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

QByteArray fixture(const char* name) {
    QFile file(QStringLiteral(EARMARK_SOURCE_DIR "/tests/providers/fixtures/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Account account() {
    Account account;
    account.name = u"main"_s;
    account.provider = Provider::Atoms;
    account.baseUrl = QUrl(u"https://api.example.test/atoms/v1"_s);
    account.pageSize = 500;
    return account;
}

QByteArray pageOf(const QByteArray& rows, const QByteArray& pagination = "{}") {
    return "{\"status\":true,\"data\":{\"logs\":[" + rows + "],\"pagination\":" + pagination + "}}";
}

QByteArray objectWith(const QByteArray& members) {
    return "{\"callId\":\"CALL-1776523022419-00a1b2\"" + (members.isEmpty() ? QByteArray() : ',' + members) + '}';
}

}  // namespace

class TestAtomsDialect : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_atoms = readDialectFor(Provider::Atoms);

    Call row(const QByteArray& members) const {
        const auto page = m_atoms->parsePage(account(), pageOf(objectWith(members)));
        return page && page->calls.size() == 1 ? page->calls.front() : Call{};
    }

 private Q_SLOTS:
    void initTestCase() { QVERIFY(m_atoms); }

    // --- what is asked

    void whatTheApiIsLike() {
        QCOMPARE(m_atoms->largestPageSize(), 500);
        QCOMPARE(m_atoms->mostIdsPerSearch(), 100);
        QVERIFY(m_atoms->rowsMoveByThemselves() && m_atoms->detailsAreApart());
        QVERIFY(m_atoms->recordingRoute() == RecordingRoute::LinkOnAsk);
        const ServerFilters filters = m_atoms->serverFilters();
        QVERIFY(!filters.dates && filters.campaigns && filters.agents && filters.sources);
    }

    void oneListForTheAccount() {
        CallScope scope;
        const Moment now = momentFromMs(1'776'600'000'000);
        auto lists = m_atoms->lists(account(), scope, {{u"c1"_s, u"One"_s, {}, {}}}, now);
        QCOMPARE(lists.size(), std::size_t{1});
        QVERIFY(lists[0].id.isEmpty() && !lists[0].since && !lists[0].until);
        scope.lastDays = 7;
        scope.campaigns = {u"c2"_s, u"c1"_s};
        scope.agents = {u"a1"_s};
        scope.sources = {u"webcall"_s};
        lists = m_atoms->lists(account(), scope, {}, now);
        QCOMPARE(lists.size(), std::size_t{1});
        QVERIFY(!lists[0].id.isEmpty());
        QVERIFY(lists[0].since == now - std::chrono::hours(24 * 7));
        const QUrlQuery query(m_atoms->callsPageUrl(account(), lists[0], 3));
        QCOMPARE(query.queryItemValue(u"page"_s), u"3"_s);
        QCOMPARE(query.queryItemValue(u"limit"_s), u"500"_s);
        QCOMPARE(query.queryItemValue(u"campaignIds"_s, QUrl::FullyDecoded), u"c2,c1"_s);
        QCOMPARE(query.queryItemValue(u"agentIds"_s), u"a1"_s);
        QCOMPARE(query.queryItemValue(u"callTypes"_s), u"webcall"_s);
        QCOMPARE(query.queryItemValue(u"callAttemptFilter"_s), u"all"_s);  // else retries are left out
        QVERIFY(!query.hasQueryItem(u"dateFrom"_s) && !query.hasQueryItem(u"sortBy"_s));
    }

    void addresses() {
        const auto path = [](const QUrl& url) { return url.toString(QUrl::FullyEncoded); };
        const QString base = u"https://api.example.test/atoms/v1"_s;
        QCOMPARE(path(m_atoms->callUrl(account(), u"CALL-1-a"_s)), base + u"/conversation/CALL-1-a");
        QCOMPARE(path(m_atoms->callUrl(account(), u"a/b?c"_s)), base + u"/conversation/a%2Fb%3Fc");
        QCOMPARE(path(m_atoms->recordingUrl(account(), u"CALL-1-a"_s)),
                 base + u"/conversation/CALL-1-a/recording/download-url");
        QCOMPARE(path(m_atoms->testUrl(account())), base + u"/user");
        QCOMPARE(path(m_atoms->agentsUrl(account(), 2)), base + u"/agent?page=2&offset=100");
        QCOMPARE(path(m_atoms->campaignsUrl(account(), 1)), base + u"/campaign?page=1&offset=100");
        for (const auto& id : {u""_s, u"."_s, u".."_s}) {
            QVERIFY(m_atoms->callUrl(account(), id).isEmpty() && m_atoms->recordingUrl(account(), id).isEmpty());
        }
        Account large = account();
        large.pageSize = 5000;
        QVERIFY(m_atoms->callsPageUrl(large, {}, 1).query().contains(u"limit=500&"_s));
    }

    void searchByIds() {
        const DialectRequest request = m_atoms->searchRequest(account(), {u"CALL-1-a"_s, u"CALL-\"-b"_s});
        QCOMPARE(request.url.toString(), u"https://api.example.test/atoms/v1/conversation/search"_s);
        const QJsonArray ids = QJsonDocument::fromJson(request.body).object().value(u"callIds"_s).toArray();
        QCOMPARE(ids.toVariantList(), (QVariantList{u"CALL-1-a"_s, u"CALL-\"-b"_s}));
        QVERIFY(m_atoms->searchRequest(account(), {}).url.isEmpty());
        QVERIFY(!m_atoms->searchRequest(account(), QStringList(100, u"x"_s)).url.isEmpty());
        QVERIFY(m_atoms->searchRequest(account(), QStringList(101, u"x"_s)).url.isEmpty());
    }

    // --- rows

    void everyFieldOfARow() {
        const auto page = m_atoms->parsePage(account(), fixture("atoms_page.json"));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{3});
        QVERIFY(page->total == 94 && page->page == 1 && page->pageSize == 3 && page->hasMore == true);
        const Call& call = page->calls[0];
        QVERIFY((call.key == CallKey{u"main"_s, u"CALL-1776523022419-00a1b2"_s}));
        QVERIFY(call.provider == Provider::Atoms && call.part == CallPart::Row);
        QVERIFY(call.status == CallStatus::Completed && call.statusRaw == u"completed");
        QVERIFY(call.direction == Direction::Outbound && call.typeRaw == u"telephony_outbound");
        QVERIFY(call.customerNumber == u"+4917055501" && call.ownNumber == u"+4930555010");
        QVERIFY(call.agentId == u"66d0a1000000000000000a01" && !call.agentName);
        QCOMPARE(toIsoText(*call.createdTime), u"2026-04-18T14:37:02.400Z"_s);
        QVERIFY(call.computed.isEmpty());
        QCOMPARE(*call.talkSeconds, 183.25);
        QCOMPARE(*call.recordingUrl, u"https://cdn.example.test/rec/one/dual.wav?sig=abc"_s);
        QVERIFY(call.hasRecording == true);
        QVERIFY(call.endReasonRaw == u"user_hangup" && call.endReason == EndReason::Customer);
        QVERIFY(call.cost == 0.37 && call.costUnit == u"credits");
        QCOMPARE(*call.summary, u"Asked for the price of the <b>yearly</b> plan."_s);
        QVERIFY(call.sentiment == u"positive" && call.nextAction == u"Call on Monday");
        QVERIFY(call.latencyMs == 760);
        QVERIFY(!call.hasTranscript && !call.transcriptText);
        QVERIFY(call.fieldErrors.empty() && call.zoneAssumed.isEmpty() && call.rawDetail.isEmpty());
        QVERIFY(call.raw.startsWith("{\"_id\":\"66d0c2000000000000000001\",\"callId\":"));
    }

    void whatAtomsDoesNotOfferStaysUnknown() {
        const auto page = m_atoms->parsePage(account(), fixture("atoms_page.json"));
        for (const Call& call : page->calls) {
            QVERIFY(!call.source && !call.campaignId && !call.campaignName && !call.leadId && !call.leadName);
            QVERIFY(!call.dialTime && !call.ringTime && !call.answerTime && !call.endTime && !call.updatedTime);
            QVERIFY(!call.ringSeconds && !call.totalSeconds && !call.hangupCause && !call.answeredBy);
            QVERIFY(!call.disposition && !call.notes && !call.carrierCost && call.tags.isEmpty());
        }
    }

    void unansweredAndWaitingCalls() {
        const auto page = m_atoms->parsePage(account(), fixture("atoms_page.json"));
        const Call& unanswered = page->calls[1];
        QVERIFY(unanswered.status == CallStatus::NoAnswer && unanswered.statusRaw == u"no-answer");
        QVERIFY(unanswered.direction == Direction::Inbound);
        QVERIFY(unanswered.customerNumber == u"+4917055502" && unanswered.ownNumber == u"+4930555010");
        QVERIFY(unanswered.talkSeconds == 0.0);  // said, and zero
        QVERIFY(unanswered.hasRecording == false && !unanswered.cost && !unanswered.costUnit);
        QVERIFY(unanswered.endReason == EndReason::NotAnswered);
        const Call& waiting = page->calls[2];
        QVERIFY(waiting.status == CallStatus::Queued && waiting.direction == Direction::Web);
        QVERIFY(!waiting.customerNumber && !waiting.ownNumber);  // nobody says which of the two "from" is
        QVERIFY(!waiting.hasRecording.has_value());
        QVERIFY(waiting.raw.endsWith("\"brand_new\":{\"b\":1.50,\"a\":[12345678901234567890]}}"));
    }

    void creationReadFromTheId() {
        const auto page = m_atoms->parsePage(account(), fixture("atoms_page.json"));
        ReviewedCall reviewed;
        reviewed.call = page->calls[1];
        QCOMPARE(toIsoText(*reviewed.call.createdTime), u"2026-04-18T14:37:22.419Z"_s);
        QCOMPARE(reviewed.call.computed, QStringList{u"created_time"_s});
        QVERIFY(provenance(reviewed, Field::CreatedTime) == Provenance::Computed);
        reviewed.call = page->calls[0];
        QVERIFY(provenance(reviewed, Field::CreatedTime) == Provenance::Provider);
        for (const char* id : {"CALL-177652302241-00a1b2", "CALL-1776523022419-00a1b", "call-1776523022419-00a1b2",
                               "CALL-0000000000000-000000", "66d0c2000000000000000001"}) {
            const auto odd = m_atoms->parsePage(account(), pageOf("{\"callId\":\"" + QByteArray(id) + "\"}"));
            QVERIFY2(!odd->calls.at(0).createdTime && odd->calls.at(0).computed.isEmpty(), id);
        }
    }

    void agentCallsOfTheInboundKind_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QString>("direction");
        QTest::addColumn<QString>("customer");
        QTest::newRow("out") << "\"telephony_outbound\""_ba << u"outbound"_s << u"+2"_s;
        QTest::newRow("in") << "\" Telephony-Inbound\""_ba << u"inbound"_s << u"+1"_s;
        QTest::newRow("web") << "\"webcall\""_ba << u"web"_s << u"null"_s;
        QTest::newRow("chat") << "\"chat\""_ba << u"web"_s << u"null"_s;
        QTest::newRow("foreign") << "\"sip_inbound2\""_ba << u"unknown"_s << u"null"_s;
        QTest::newRow("none") << "null"_ba << u"unknown"_s << u"null"_s;
    }
    void agentCallsOfTheInboundKind() {
        QFETCH(QByteArray, type);
        QFETCH(QString, direction);
        QFETCH(QString, customer);
        const Call call = row("\"from\":\"+1\",\"to\":\"+2\",\"type\":" + type);
        QCOMPARE(word(call.direction), direction);
        QCOMPARE(call.customerNumber.value_or(u"null"_s), customer);
        const auto others = m_atoms->details(account(), call).others;
        QCOMPARE(std::any_of(others.begin(), others.end(), [](const OtherValue& one) { return one.name == u"from"; }),
                 customer == u"null");  // shown all the same
    }

    void recordings_data() {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QString>("has");
        QTest::addColumn<QString>("link");
        const auto add = [](const char* name, const QByteArray& members, const QString& has, const QString& link) {
            QTest::newRow(name) << members << has << link;
        };
        const QByteArray over = R"("status":"completed",)";
        add("both", over + R"("recordingUrl":"mono.wav","recordingDualUrl":"dual.wav")", u"yes"_s, u"dual.wav"_s);
        add("one", over + R"("recordingUrl":"mono.wav","recordingDualUrl":"")", u"yes"_s, u"mono.wav"_s);
        add("empty", over + R"("recordingUrl":"","recordingDualUrl":null)", u"no"_s, QString());
        add("absent", over + R"("duration":0)", u"no"_s, QString());
        add("absent and open", R"("status":"active")", u"unknown"_s, QString());
        add("empty and open", R"("status":"active","recordingUrl":" ")", u"no"_s, QString());
        add("a number", over + R"("recordingUrl":17)", u"unknown"_s, QString());
        add("a dual number", over + R"("recordingUrl":null,"recordingDualUrl":17)", u"unknown"_s, QString());
    }
    void recordings() {
        QFETCH(QByteArray, members);
        QFETCH(QString, has);
        QFETCH(QString, link);
        const Call call = row(members);
        QCOMPARE(call.hasRecording ? (*call.hasRecording ? u"yes"_s : u"no"_s) : u"unknown"_s, has);
        QCOMPARE(call.recordingUrl.value_or(QString()), link);
    }

    void endReasons() {
        QVERIFY(row(R"("disconnectionReason":"-")").endReason == EndReason::Unknown);
        const Call failed = row(R"("disconnectionReason":null,"callFailureReason":"connection_error")");
        QVERIFY(failed.endReasonRaw == u"connection_error" && failed.endReason == EndReason::Error);
        const Call both = row(R"("disconnectionReason":"transfer_complete","callFailureReason":"late")");
        QVERIFY(both.endReasonRaw == u"transfer_complete" && both.endReason == EndReason::Transferred);
        QVERIFY(row(R"("disconnectionReason":"brand_new")").endReason == EndReason::Unknown);
    }

    void paging() {
        const auto page = [this](const QByteArray& pagination) {
            return m_atoms->parsePage(account(), pageOf({}, pagination)).value_or(CallPage{});
        };
        QVERIFY(page(R"({"hasMore":false,"page":1,"totalPages":9})").hasMore == false);
        QVERIFY(page(R"({"page":1,"totalPages":9})").hasMore == true);
        QVERIFY(page(R"({"page":9,"totalPages":9,"hasMore":"yes"})").hasMore == false);
        QVERIFY(!page(R"({"page":9})").hasMore.has_value());
        QVERIFY(!page("null").hasMore.has_value() && !page("null").total);
        QVERIFY(page(R"({"total":0})").total == 0);
    }

    // --- names, key, recording

    void agentsAndCampaigns() {
        const auto agents = m_atoms->parseAgents(
            account(),
            R"({"status":true,"data":{"agents":[{"_id":"a1","name":"Desk"},{"name":"no id"},7],"total":412}})");
        QVERIFY(agents.has_value());
        QVERIFY(agents->entries.size() == 1 && agents->entries[0].id == u"a1" && agents->entries[0].name == u"Desk");
        QVERIFY(agents->rejectedRows == 2 && agents->hasMore);
        const auto end = m_atoms->parseAgents(account(), R"({"status":true,"data":{"agents":[],"total":412}})");
        QVERIFY(end.has_value() && !end->hasMore);
        const auto whole =
            m_atoms->parseAgents(account(), R"({"status":true,"data":{"agents":[{"_id":"a1"}],"total":1}})");
        QVERIFY(whole.has_value() && !whole->hasMore && whole->entries[0].name.isEmpty());
        const auto campaigns = m_atoms->parseCampaigns(
            account(), R"({"status":true,"data":{"campaigns":[{"_id":"c1","name":"June","status":"running"}],)"
                       R"("pagination":{"total":9,"page":1,"offset":5,"hasMore":true,"totalPages":2}}})");
        QVERIFY(campaigns.has_value() && campaigns->hasMore);
        QVERIFY(campaigns->entries[0].status == u"running");
        QVERIFY(!m_atoms->parseCampaigns(account(), "[]").has_value());
    }

    void whoseKey() {
        const auto who =
            m_atoms->parseTest(account(), R"({"status":true,"data":{"firstName":"Vera","lastName":" Lind ",)"
                                          R"("userEmail":"vera@example.test"}})");
        QVERIFY(who.has_value());
        QCOMPARE(*who, u"Vera Lind, vera@example.test"_s);
        QCOMPARE(*m_atoms->parseTest(account(), R"({"status":true,"data":{}})"), QString());
        QVERIFY(m_atoms->parseTest(account(), "[]").error().kind == ErrorKind::BadAnswer);
        QVERIFY(m_atoms->parseTest(account(), "<html>").error().kind == ErrorKind::NotTheApi);
        QVERIFY(m_atoms->parseTest(account(), R"({"status":false,"errors":["no"]})").error().message == u"no");
    }

    void recordingLinks() {
        const auto link = [this](const QByteArray& body) { return m_atoms->parseRecordingLink(body); };
        const QByteArray signedLink = "https://b.example.test/a.wav?X-Amz-Signature=0";
        QCOMPARE(*link("{\"status\":true,\"data\":{\"presignedUrl\":\" " + signedLink + "\"}}"),
                 QString::fromLatin1(signedLink));
        QVERIFY(link(R"({"status":true,"data":{"presignedUrl":null}})").error().kind == ErrorKind::NoRecording);
        QVERIFY(link(R"({"status":true,"data":{"presignedUrl":""}})").error().kind == ErrorKind::NoRecording);
        QVERIFY(link(R"({"status":true,"data":null})").error().kind == ErrorKind::NoRecording);
        QVERIFY(link(R"({"status":true,"data":{"presignedUrl":17}})").error().kind == ErrorKind::BadAnswer);
        QVERIFY(link(R"({"status":true,"data":{}})").error().kind == ErrorKind::BadAnswer);
        QVERIFY(link(R"({"status":false,"errors":["gone"]})").error().kind == ErrorKind::Refused);
    }

    // --- errors

    void aFalseFlagIsAFailure() {
        const QByteArray body = R"({"status":false,"errors":["Invalid agent","and more"],"data":{"logs":[]}})";
        const auto page = m_atoms->parsePage(account(), body);
        QVERIFY(!page.has_value());
        QVERIFY(page.error().kind == ErrorKind::Refused);
        QCOMPARE(page.error().message, u"Invalid agent; and more"_s);
        QVERIFY(!m_atoms->parseCall(account(), body).has_value() && !m_atoms->parseSearch(account(), body).has_value());
        QVERIFY(!m_atoms->parseAgents(account(), R"({"success":false})").has_value());
        const auto tooMany = m_atoms->parsePage(
            account(), R"({"status":false,"error":"slow down","code":"RATE_LIMIT_EXCEEDED","retry_after":60})");
        QVERIFY(tooMany.error().kind == ErrorKind::RateLimited);
        QVERIFY(tooMany.error().retryAfter == std::chrono::seconds(60));
    }

    void errorTexts() {
        QCOMPARE(m_atoms->parseError(400, R"({"status":false,"errors":["Invalid call ID format"]})").message,
                 u"Invalid call ID format"_s);
        QCOMPARE(m_atoms->parseError(400, R"({"errors":[{"message":"odd"}],"error":"no"})").message, u"odd"_s);
        QCOMPARE(m_atoms->parseError(400, R"({"errors":[],"error":"second"})").message, u"second"_s);
        QCOMPARE(m_atoms->parseError(500, R"({"message":"third"})").message, u"third"_s);
        QCOMPARE(m_atoms->parseError(404, "gone").message, QString());
        QVERIFY(m_atoms->parseError(401, "{}").kind == ErrorKind::Unauthorized);
    }

    void waitsThatStandInTheBody() {
        const auto wish = [this](int status, const QByteArray& written) {
            const Error error = m_atoms->parseError(
                status, "{\"status\":false,\"error\":\"Rate limit exceeded\",\"retry_after\":" + written + '}');
            return error.retryAfter ? error.retryAfter->count() : -1;
        };
        QCOMPARE(wish(429, "60"), 60'000);
        QCOMPARE(wish(429, "0.5"), 500);
        QCOMPARE(wish(429, "\"7\""), 7'000);
        QCOMPARE(wish(503, "3"), 3'000);
        QCOMPARE(wish(429, "1e300"), 3'600'000);
        QCOMPARE(wish(429, "-1"), -1);
        QCOMPARE(wish(429, "null"), -1);
        QCOMPARE(wish(429, "\"soon\""), -1);
        QCOMPARE(wish(400, "60"), -1);
    }

    void aGatewayThatGaveUp() {
        const Error error = m_atoms->parseError(504, "<html><h1>504 Gateway Time-out</h1></html>");
        QVERIFY(error.kind == ErrorKind::ServerTrouble);
        QVERIFY(!error.message.isEmpty() && error.next.contains(u"page size"));
        QVERIFY(errorText(error).contains(error.next));
    }

    void bodiesThatAreNoPage() {
        const auto kind = [this](const QByteArray& body) {
            const auto page = m_atoms->parsePage(account(), body);
            return page ? u"read"_s : errorKindWord(page.error().kind);
        };
        QCOMPARE(kind("{}"), u"bad_answer"_s);
        QCOMPARE(kind(R"({"status":true,"data":[]})"), u"bad_answer"_s);
        QCOMPARE(kind(R"({"status":true,"data":{"logs":null}})"), u"bad_answer"_s);
        QCOMPARE(kind(""), u"not_the_api"_s);
        QCOMPARE(kind("<html>"), u"not_the_api"_s);
        QCOMPARE(kind(pageOf("")), u"read"_s);
        for (const char* body :
             {"[]", "{}", R"({"status":true,"data":{}})", R"({"status":true,"data":{"callId":""}})"}) {
            QVERIFY2(!m_atoms->parseCall(account(), body).has_value(), body);
        }
    }
};

QTEST_GUILESS_MAIN(TestAtomsDialect)
#include "tst_atomsdialect.moc"
