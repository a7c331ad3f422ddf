// The test servers themselves, asked with plain requests: each dialect's envelope, filters, limits and error bodies,
// recordings with and without the key.
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include "tests/support/atomsserver.h"
#include "tests/support/autocallsserver.h"
#include "tests/support/vatelserver.h"
#include "tests/support/yotelserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

QJsonObject object(const Reply& reply) {
    return QJsonDocument::fromJson(reply.body).object();
}

/// The texts of one member of each object.
QStringList column(const QJsonArray& objects, const QString& member) {
    QStringList all;
    for (const auto& one : objects) {
        all.append(one.toObject()[member].toVariant().toString());
    }
    return all;
}

Request withoutKey(const QUrl& url) {
    Request request;
    request.method = "GET"_ba;
    request.path = url.path(QUrl::FullyEncoded).toLatin1();
    request.query = url.query(QUrl::FullyEncoded).toLatin1();
    return request;
}

QJsonArray logs(AtomsServer& server, const QByteArray& query) {
    return object(server.ask(server.listPath() + query))[u"data"_s].toObject()[u"logs"_s].toArray();
}

QStringList vatelIds(VatelServer& server, const QByteArray& query) {
    return column(object(server.ask(server.listPath() + query))[u"calls"_s].toArray(), u"id"_s);
}

QStringList autocallsIds(AutocallsServer& server, const QByteArray& query) {
    return column(object(server.ask(server.listPath() + query))[u"data"_s].toArray(), u"id"_s);
}

}  // namespace

class TestProviderServers final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void eachAccountHasThePathOfItsProvider();
    void eachRefusesAWrongKeyInItsOwnWords();
    void atomsPages();
    void atomsFilters();
    void atomsDetailIsNotItsRow();
    void atomsSearch();
    void atomsRecording();
    void atomsNames();
    void vatelPages();
    void vatelFilters();
    void vatelRecording();
    void autocallsPages();
    void autocallsFilters();
    void autocallsCampaignShapes();
    void autocallsRecording();
    void everyPageModeInEveryDialect_data();
    void everyPageModeInEveryDialect();
};

void TestProviderServers::eachAccountHasThePathOfItsProvider() {
    const auto holds = [](const ProviderServer& server, Provider provider) {
        const Account account = server.account(u"one"_s);
        return account.name == u"one" && account.provider == provider && isLoopback(account.baseUrl) &&
               account.baseUrl.port() == server.port() && account.baseUrl.path() == defaultBaseUrl(provider).path();
    };
    QVERIFY(holds(YotelServer(), Provider::Yotel));
    QVERIFY(holds(AtomsServer(), Provider::Atoms));
    QVERIFY(holds(VatelServer(), Provider::Vatel));
    QVERIFY(holds(AutocallsServer(), Provider::Autocalls));
}

void TestProviderServers::eachRefusesAWrongKeyInItsOwnWords() {
    AtomsServer atoms;
    VatelServer vatel;
    AutocallsServer autocalls;
    const auto wrong = [](CallListServer& server) {
        Request request = withoutKey(server.url(QString::fromLatin1(server.listPath())));
        request.headers = {{"authorization"_ba, "Bearer other"_ba}, {"accept"_ba, "application/json"_ba}};
        return server.answer(request);
    };
    QCOMPARE(wrong(atoms).status, 401);
    QCOMPARE(object(wrong(atoms))[u"status"_s], QJsonValue(false));
    QCOMPARE(object(wrong(atoms))[u"errors"_s].toArray().size(), 1);
    QCOMPARE(wrong(vatel).status, 401);
    QVERIFY(object(wrong(vatel))[u"error"_s].isString());
    QCOMPARE(wrong(autocalls).status, 401);
    QCOMPARE(wrong(autocalls).body, "{\"message\":\"Unauthenticated.\"}"_ba);
    const Reply browser = autocalls.answer(withoutKey(autocalls.url(u"/api/user/me"_s)));
    QCOMPARE(browser.status, 302);
}

void TestProviderServers::atomsPages() {
    AtomsServer server;
    server.addCalls(12);
    const QJsonObject body = object(server.ask(server.listPath()));
    QCOMPARE(body[u"status"_s], QJsonValue(true));
    const QJsonObject pagination = body[u"data"_s].toObject()[u"pagination"_s].toObject();
    const QJsonObject expected{
        {u"total"_s, 12}, {u"page"_s, 1}, {u"limit"_s, 5}, {u"hasMore"_s, true}, {u"totalPages"_s, 3}};
    QCOMPARE(pagination, expected);
    const QByteArray clamped = server.ask(server.listPath() + "?limit=2000&page=1").body;
    QVERIFY(clamped.contains("\"limit\":500"));
    QCOMPARE(column(logs(server, "?page=3&limit=5"), u"callId"_s), (QStringList{atomsId(11), atomsId(12)}));
    server.touch(atomsId(12));
    QCOMPARE(column(logs(server, "?limit=2"), u"callId"_s), (QStringList{atomsId(12), atomsId(1)}));
    server.addCallAtTop(atomsCall(atomsId(13)));
    server.removeCall(atomsId(1));
    QCOMPARE(column(logs(server, "?limit=3"), u"callId"_s), (QStringList{atomsId(13), atomsId(12), atomsId(2)}));
}

void TestProviderServers::atomsFilters() {
    AtomsServer server;
    server.addCalls(4);
    server.changeCall(atomsId(1), {{u"status"_s, u"no_answer"_s}, {u"type"_s, u"webcall"_s}});
    server.changeCall(atomsId(2), {{u"agentId"_s, u"other"_s}, {u"status"_s, u"failed"_s}});
    server.changeCall(atomsId(3), {{u"to"_s, u"+15550100777"_s}, {u"createdAt"_s, u"2026-04-20T08:00:00.000Z"_s}});
    server.addCampaign(u"spring"_s, u"Spring"_s);
    server.putIntoCampaign(atomsId(4), u"spring"_s);
    const auto found = [&server](const QByteArray& query) { return column(logs(server, query), u"callId"_s); };
    QCOMPARE(found("?statusFilter=no_answer,failed"), (QStringList{atomsId(1), atomsId(2)}));
    QCOMPARE(found("?agentIds=other"), QStringList{atomsId(2)});
    QCOMPARE(found("?callTypes=webcall,telephony_inbound"), QStringList{atomsId(1)});
    QCOMPARE(found("?search=0777"), QStringList{atomsId(3)});
    QCOMPARE(found("?campaignIds=spring"), QStringList{atomsId(4)});
    QCOMPARE(found("?dateFrom=2026-04-20T00:00:00.000Z"), QStringList{atomsId(3)});
    QCOMPARE(found("?dateTo=2026-04-19T00:00:00Z&statusFilter=completed"), QStringList{atomsId(4)});
}

void TestProviderServers::atomsDetailIsNotItsRow() {
    AtomsServer server;
    server.addCall(atomsCall(atomsId(1), {{u"status"_s, u"active"_s}}));
    server.changeDetail(atomsId(1), {{u"transcript"_s, QJsonArray{u"one line"_s}}});
    const QJsonObject detail = object(server.ask(server.callPath(atomsId(1))))[u"data"_s].toObject();
    QCOMPARE(detail[u"status"_s], QJsonValue(u"active"_s));
    QCOMPARE(detail[u"transcript"_s].toArray().size(), 1);
    QCOMPARE(detail[u"agent"_s].toObject()[u"name"_s], QJsonValue(u"Renewal desk"_s));
    for (const auto& missing : {u"createdAt"_s, u"agentId"_s, u"campaign"_s, u"disconnectionReason"_s}) {
        QVERIFY2(!detail.contains(missing), qPrintable(missing));
    }
    QVERIFY(!logs(server, ""_ba).first().toObject().contains(u"transcript"_s));
    QCOMPARE(server.ask(server.callPath(u"66d0c2"_s)).status, 400);
    QCOMPARE(server.ask(server.callPath(atomsId(2))).status, 404);
}

void TestProviderServers::atomsSearch() {
    AtomsServer server;
    server.addCalls(3);
    const auto asked = [&server](const QJsonArray& ids) {
        return server.ask(server.searchPath(), "POST"_ba, compactJson({{u"callIds"_s, ids}}));
    };
    const QJsonObject data = object(asked({atomsId(3), u"CALL-1-000000"_s, atomsId(1)}))[u"data"_s].toObject();
    QCOMPARE(data[u"total"_s], QJsonValue(2));
    QCOMPARE(data[u"requestedCount"_s], QJsonValue(3));
    const QJsonObject log = data[u"logs"_s].toArray().first().toObject();
    QCOMPARE(log[u"callId"_s], QJsonValue(atomsId(3)));
    QVERIFY(log.contains(u"createdAt"_s) && !log.contains(u"versionNumber"_s) &&
            !log.contains(u"dispositionMetrics"_s));
    QJsonArray many;
    for (int i = 1; i <= 101; ++i) {
        many.append(atomsId(i));
    }
    QCOMPARE(asked(many).status, 400);
    many.removeLast();
    QCOMPARE(asked(many).status, 200);
    QCOMPARE(asked({}).status, 400);
    QCOMPARE(server.ask(server.searchPath()).status, 405);
}

void TestProviderServers::atomsRecording() {
    AtomsServer server;
    server.addCalls(2);
    server.addRecording(atomsId(1), "RIFF one"_ba);
    QCOMPARE(server.ask(server.downloadPath(atomsId(2))).status, 404);
    const auto link = [&server] {
        return QUrl(
            object(server.ask(server.downloadPath(atomsId(1))))[u"data"_s].toObject()[u"presignedUrl"_s].toString());
    };
    const QUrl first = link();
    QVERIFY(first.host() != server.account().baseUrl.host());
    QCOMPARE(server.answer(withoutKey(first)).body, "RIFF one"_ba);
    Request withKey = withoutKey(first);
    withKey.headers = {{"authorization"_ba, "Bearer "_ba + server.key()}};
    QCOMPARE(server.answer(withKey).status, 400);
    server.expireLinks();
    QCOMPARE(server.answer(withoutKey(first)).status, 403);
    QCOMPARE(server.answer(withoutKey(link())).status, 200);
    const QJsonObject row = logs(server, ""_ba).first().toObject();
    for (const auto& member : {u"recordingUrl"_s, u"recordingDualUrl"_s}) {
        QCOMPARE(server.answer(withoutKey(QUrl(row[member].toString()))).body, "RIFF one"_ba);
    }
    server.removeRecording(atomsId(1));
    QVERIFY(logs(server, ""_ba).first().toObject()[u"recordingUrl"_s].isNull());
    QCOMPARE(server.ask(server.downloadPath(atomsId(1))).status, 404);
}

void TestProviderServers::atomsNames() {
    AtomsServer server;
    for (int i = 1; i <= 11; ++i) {
        server.addAgent(u"agent-%1"_s.arg(i), u"Agent %1"_s.arg(i));
        server.addCampaign(u"campaign-%1"_s.arg(i), u"Campaign %1"_s.arg(i));
    }
    const auto data = [&server](const QByteArray& target) { return object(server.ask(target))[u"data"_s].toObject(); };
    QCOMPARE(data("/atoms/v1/agent")[u"agents"_s].toArray().size(), 10);
    QCOMPARE(data("/atoms/v1/agent?page=2&offset=8")[u"agents"_s].toArray().size(), 4);
    QCOMPARE(data("/atoms/v1/agent")[u"total"_s], QJsonValue(12));
    QCOMPARE(data("/atoms/v1/campaign")[u"campaigns"_s].toArray().size(), 5);
    const QJsonObject last = data("/atoms/v1/campaign?page=2&offset=10")[u"pagination"_s].toObject();
    QCOMPARE(last[u"hasMore"_s], QJsonValue(false));
    QCOMPARE(last[u"totalPages"_s], QJsonValue(2));
    QVERIFY(data("/atoms/v1/user").contains(u"userEmail"_s));
    QCOMPARE(object(atomsTooMany(7))[u"retry_after"_s], QJsonValue(7));
}

void TestProviderServers::vatelPages() {
    VatelServer server;
    server.addCalls(45);
    const QJsonObject pagination = object(server.ask(server.listPath() + "?page=2"))[u"pagination"_s].toObject();
    const QJsonObject expected{{u"page"_s, 2},        {u"page_size"_s, 20},  {u"total"_s, 45},
                               {u"total_pages"_s, 3}, {u"has_next"_s, true}, {u"has_prev"_s, true}};
    QCOMPARE(pagination, expected);
    QCOMPARE(vatelIds(server, "?page=3").size(), 5);
    QCOMPARE(server.ask(server.listPath() + "?page_size=101").status, 400);
    QCOMPARE(server.ask(server.listPath() + "?page_size=0").status, 400);
    QCOMPARE(server.ask(server.listPath() + "?page_size=100").status, 200);
    QCOMPARE(object(server.ask(server.listPath() + "?status=completed"))[u"error"_s],
             QJsonValue(u"invalid status filter"_s));
    QCOMPARE(object(server.ask(server.callPath(vatelId(7))))[u"id"_s], QJsonValue(vatelId(7)));
    QCOMPARE(server.ask(server.callPath(vatelId(77))).status, 404);
    QVERIFY(object(server.ask("/v1/organization"_ba)).contains(u"name"_s));
    server.addAgent(u"second"_s, u"Second"_s);
    QCOMPARE(QJsonDocument::fromJson(server.ask("/v1/agents"_ba).body).array().size(), 2);
}

void TestProviderServers::vatelFilters() {
    VatelServer server;
    server.addCalls(4);
    server.changeCall(vatelId(1), {{u"status"_s, u"auth_failed"_s}, {u"source"_s, u"sip"_s}});
    server.changeCall(vatelId(2), {{u"outbound"_s, false}, {u"agent_id"_s, u"other"_s}});
    server.changeCall(vatelId(3), {{u"tags"_s, QJsonArray{u"vip"_s}}, {u"party_number"_s, u"+15550100777"_s}});
    server.changeCall(vatelId(4),
                      {{u"created_at"_s, u"2026-05-01T00:00:00Z"_s}, {u"termination_reason"_s, u"transferred"_s}});
    QCOMPARE(vatelIds(server, "?status=auth_failed&source=sip"), QStringList{vatelId(1)});
    QCOMPARE(vatelIds(server, "?outbound=false"), QStringList{vatelId(2)});
    QCOMPARE(vatelIds(server, "?agent_ids=other,third"), QStringList{vatelId(2)});
    QCOMPARE(vatelIds(server, "?tag=vip"), QStringList{vatelId(3)});
    QCOMPARE(vatelIds(server, "?search=%2B1555010077"), QStringList{vatelId(3)});
    QCOMPARE(vatelIds(server, "?outcome=transferred"), QStringList{vatelId(4)});
    QCOMPARE(vatelIds(server, "?outcome=ended_by_user&outbound=false"), QStringList{vatelId(2)});
    QCOMPARE(vatelIds(server, "?date_from=2026-05-01T00:00:00Z&date_to=2026-05-01T00:00:00Z"), QStringList{vatelId(4)});
    QCOMPARE(vatelIds(server, "?date_to=2026-04-30T23:59:59Z").size(), 3);
    QCOMPARE(vatelIds(server, "?organization_id=any").size(), 4);
}

void TestProviderServers::vatelRecording() {
    VatelServer server;
    server.addCalls(2);
    server.addRecording(vatelId(1), "RIFF two"_ba);
    const Reply reply = server.ask(server.recordingPath(vatelId(1)));
    QCOMPARE(reply.body, "RIFF two"_ba);
    QCOMPARE(server.ask(server.recordingPath(vatelId(2))).status, 404);
    const QUrl url = server.url(QString::fromLatin1(server.recordingPath(vatelId(1))));
    QCOMPARE(server.answer(withoutKey(url)).status, 401);
    QCOMPARE(server.ask(server.recordingPath(vatelId(1)), "HEAD"_ba).status, 405);
}

void TestProviderServers::autocallsPages() {
    AutocallsServer server;
    server.addCalls(32);
    const QJsonObject body = object(server.ask(server.listPath() + "?page=2"));
    const QStringList keys{u"current_page"_s,  u"data"_s,  u"first_page_url"_s, u"from"_s, u"last_page"_s,
                           u"last_page_url"_s, u"links"_s, u"next_page_url"_s,  u"path"_s, u"per_page"_s,
                           u"prev_page_url"_s, u"to"_s,    u"total"_s};
    QCOMPARE(body.keys(), keys);
    QCOMPARE(body[u"from"_s], QJsonValue(16));
    QCOMPARE(body[u"to"_s], QJsonValue(30));
    QCOMPARE(body[u"last_page"_s], QJsonValue(3));
    QVERIFY(body[u"next_page_url"_s].toString().endsWith(u"/api/user/calls?page=3"));
    const QJsonObject last = object(server.ask(server.listPath() + "?page=3"));
    QVERIFY(last[u"next_page_url"_s].isNull());
    QCOMPARE(last[u"data"_s].toArray().size(), 2);
    QVERIFY(last[u"data"_s].toArray().first().toObject()[u"id"_s].isDouble());
    const Reply tooMany = server.ask(server.listPath() + "?per_page=101");
    QCOMPARE(tooMany.status, 422);
    QVERIFY(object(tooMany)[u"errors"_s].toObject().contains(u"per_page"_s));
    QCOMPARE(object(server.ask(server.callPath(autocallsId(5))))[u"id"_s].toInt(), autocallsId(5).toInt());
    QCOMPARE(object(server.ask(server.callPath(u"9"_s))), (QJsonObject{{u"message"_s, u"Call not found"_s}}));
    QVERIFY(object(server.ask("/api/user/me"_ba)).contains(u"email"_s));
    QCOMPARE(object(server.ask("/api/user/assistants/get"_ba))[u"per_page"_s], QJsonValue(10));
    QCOMPARE(QJsonDocument::fromJson(server.ask("/api/user/assistants"_ba).body).array().size(), 1);
}

void TestProviderServers::autocallsFilters() {
    AutocallsServer server;
    server.addAssistant(72, u"Evening desk"_s);
    server.addCampaign(32, u"Autumn"_s);
    server.addCalls(3);
    server.addCall(autocallsStructuredCall(autocallsId(4), {{u"created_at"_s, u"2026-04-19T00:10:00Z"_s}}));
    server.changeCall(autocallsId(1), {{u"status"_s, u"no-answer"_s}, {u"type"_s, u"web"_s}});
    server.changeCall(autocallsId(2), {{u"assistant_name"_s, u"Evening desk"_s}});
    server.changeCall(autocallsId(3),
                      {{u"campaign_name"_s, u"Autumn"_s}, {u"client_phone_number"_s, u"+15550100777"_s}});
    QCOMPARE(autocallsIds(server, "?status=no-answer&type=web"), QStringList{autocallsId(1)});
    QCOMPARE(autocallsIds(server, "?assistant_id=72"), QStringList{autocallsId(2)});
    QCOMPARE(autocallsIds(server, "?campaign_id=32"), QStringList{autocallsId(3)});
    QCOMPARE(autocallsIds(server, "?phone_number=%2B15550100777"), QStringList{autocallsId(3)});
    QCOMPARE(autocallsIds(server, "?date_from=2026-04-19"), QStringList{autocallsId(4)});
    QCOMPARE(autocallsIds(server, "?date_to=2026-04-18").size(), 3);
}

void TestProviderServers::autocallsCampaignShapes() {
    AutocallsServer server;
    const auto body = [&server] { return QJsonDocument::fromJson(server.ask("/api/user/campaigns"_ba).body); };
    QCOMPARE(body().array().first().toObject()[u"name"_s], QJsonValue(u"Spring renewals"_s));
    server.setCampaignShape(AutocallsServer::CampaignShape::InCampaigns);
    QCOMPARE(body().object()[u"campaigns"_s].toArray().size(), 1);
    server.setCampaignShape(AutocallsServer::CampaignShape::InData);
    QCOMPARE(body().object()[u"data"_s].toArray().size(), 1);
}

void TestProviderServers::autocallsRecording() {
    AutocallsServer server;
    server.addCalls(1);
    server.addRecording(autocallsId(1), "ID3"_ba);
    const QUrl link(object(server.ask(server.callPath(autocallsId(1))))[u"recording_url"_s].toString());
    QVERIFY(link.host() != server.account().baseUrl.host());
    QCOMPARE(server.answer(withoutKey(link)).body, "ID3"_ba);
    server.removeRecording(autocallsId(1));
    QCOMPARE(server.answer(withoutKey(link)).status, 404);
    QVERIFY(object(server.ask(server.callPath(autocallsId(1))))[u"recording_url"_s].isNull());
}

void TestProviderServers::everyPageModeInEveryDialect_data() {
    QTest::addColumn<int>("mode");
    for (int i = 0; i < int(pageModes().size()); ++i) {
        QTest::newRow(pageModes()[size_t(i)].name) << i;
    }
}

/// A misbehaving list still answers with what is JSON (a total of 2^63 or 1e308 is), or with a refusal.
void TestProviderServers::everyPageModeInEveryDialect() {
    QFETCH(int, mode);
    AtomsServer atoms;
    VatelServer vatel;
    AutocallsServer autocalls;
    for (CallListServer* server : {static_cast<CallListServer*>(&atoms), static_cast<CallListServer*>(&vatel),
                                   static_cast<CallListServer*>(&autocalls)}) {
        server->addCalls(60);
        server->setPageMode(pageModes()[size_t(mode)].make());
        for (int page = 1; page <= 5; ++page) {
            const Reply reply =
                server->ask(server->listPath() + "?limit=20&page_size=20&per_page=20&page=" + QByteArray::number(page));
            QVERIFY(reply.status == 200 || reply.status == 404);
            QVERIFY2(QJsonDocument::fromJson(reply.body).isObject(), reply.body.constData());
        }
    }
}

QTEST_GUILESS_MAIN(TestProviderServers)
#include "tst_providerservers.moc"
