// The demo told by four providers: each voice in its documented shape, all four with the same truth, over real HTTP.
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <map>

#include "app/demo/demoaccounts.h"
#include "app/demo/demoserver.h"
#include "models/providers/readdialect.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

class MovableClock final : public Clock {
 public:
    [[nodiscard]] Moment now() const override { return momentFromMs(m_ms); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
    void advanceSeconds(qint64 seconds) {
        m_ms += seconds * 1000;
        m_moved = true;
    }
    [[nodiscard]] bool wasMoved() const { return m_moved; }

 private:
    std::atomic<qint64> m_ms{1776523022419};
    std::atomic<bool> m_moved{false};
};

struct Got {
    int status = 0;
    QByteArray body;
    QByteArray type;
    [[nodiscard]] QJsonDocument json() const { return QJsonDocument::fromJson(body); }
    [[nodiscard]] QJsonObject object() const { return json().object(); }
};

/// What a call says in any of the dialects, read without the product's own readers.
struct Told {
    QString id;
    QString direction;
    QString number;
    QString summary;
    qint64 createdMs = 0;
    QStringList turns;  ///< "agent: Hello."
    bool hasRecording = false;
};

qint64 msOf(const QString& text) {
    QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (time.timeSpec() == Qt::LocalTime) {
        time.setTimeSpec(Qt::UTC);
    }
    return time.toMSecsSinceEpoch();
}

QString keyOf(const QJsonObject& object, const QString& member) {
    return object.value(member).toString();
}

}  // namespace

class TestDemoVoices final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();

    void keysAreRefusedInEachDialectsWords_data();
    void keysAreRefusedInEachDialectsWords();
    void allFourTellTheSameTruth();
    void atomsRowsAndDetails();
    void atomsListsAndSearches();
    void atomsRecordings();
    void atomsRowsMoveWhenTheyChange();
    void vatelCallsHaveTheirShape();
    void vatelFiltersAndPages();
    void vatelRecordingsNeedTheKey();
    void autocallsHasBothShapes();
    void autocallsPaginates();
    void callsUnderWayEndInEachDialect();
    void theDemoIsSmall();
    void oneAccountForEachProviderThatIsRead();
    void accountsKeepTheirNamesAndSettings();

 private:
    Got get(const QString& url, const QByteArray& key = {});
    Got post(const QString& url, const QByteArray& key, const QByteArray& body);
    Got finished(QNetworkReply* started);
    Got api(Provider provider, const QString& route) { return get(address(provider) + route, demoKey(provider)); }
    QString address(Provider provider) const { return m_server->baseUrl(provider).toString(); }
    QJsonArray atomsRows() {
        return api(Provider::Atoms, u"/conversation?limit=100"_s).object()[u"data"_s].toObject()[u"logs"_s].toArray();
    }
    QJsonObject atomsDetail(const QString& id) {
        return api(Provider::Atoms, u"/conversation/"_s + id).object()[u"data"_s].toObject();
    }
    QJsonArray vatelCalls(const QString& query = u"page_size=100"_s) {
        return api(Provider::Vatel, u"/calls?"_s + query).object()[u"calls"_s].toArray();
    }
    QJsonArray autocallsCalls(const QString& query = u"per_page=100"_s) {
        return api(Provider::Autocalls, u"/user/calls?"_s + query).object()[u"data"_s].toArray();
    }
    std::vector<Told> tellsYotel();
    std::vector<Told> tellsAtoms();
    std::vector<Told> tellsVatel();
    std::vector<Told> tellsAutocalls();

    std::shared_ptr<MovableClock> m_clock;
    std::unique_ptr<DemoServer> m_server;
    QNetworkAccessManager m_network;
};

/// A demo from its start; the one before serves on where nobody moved its clock, with what it has decoded.
void TestDemoVoices::init() {
    if (m_server && !m_clock->wasMoved()) {
        return;
    }
    m_clock = std::make_shared<MovableClock>();
    m_server = std::make_unique<DemoServer>(m_clock);
    QVERIFY(m_server->start(0).has_value());
}

Got TestDemoVoices::finished(QNetworkReply* started) {
    std::unique_ptr<QNetworkReply> reply(started);
    QSignalSpy done(reply.get(), &QNetworkReply::finished);
    if (!reply->isFinished() && !done.wait(10000)) {
        return {};
    }
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll(),
            reply->rawHeader("Content-Type")};
}

Got TestDemoVoices::get(const QString& url, const QByteArray& key) {
    QNetworkRequest request{QUrl(url)};
    if (!key.isEmpty()) {
        request.setRawHeader("Authorization", "Bearer " + key);
    }
    return finished(m_network.get(request));
}

Got TestDemoVoices::post(const QString& url, const QByteArray& key, const QByteArray& body) {
    QNetworkRequest request{QUrl(url)};
    request.setRawHeader("Authorization", "Bearer " + key);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    return finished(m_network.post(request, body));
}

void TestDemoVoices::keysAreRefusedInEachDialectsWords_data() {
    QTest::addColumn<Provider>("provider");
    QTest::addColumn<QString>("route");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("refusal");  // "" = taken
    const QByteArray atoms = R"({"errors":["Unauthorized: User not found"],"status":false})";
    const QByteArray vatel = R"({"error":"unauthorized"})";
    const QByteArray autocalls = R"({"message":"Unauthenticated."})";
    const auto row = [](const char* name, Provider provider, const QString& route, const QByteArray& key,
                        const QByteArray& refusal) { QTest::newRow(name) << provider << route << key << refusal; };
    row("yotel other", Provider::Yotel, u"/campaigns"_s, "sk_demo",
        R"({"detail":"API key must start with yt_live_ or yt_test_"})");
    row("yotel", Provider::Yotel, u"/campaigns"_s, "yt_test_any", "");
    row("atoms none", Provider::Atoms, u"/conversation"_s, "", atoms);
    row("atoms other", Provider::Atoms, u"/user"_s, "sk_live", atoms);
    row("atoms", Provider::Atoms, u"/user"_s, "sk_demo_7", "");
    row("vatel none", Provider::Vatel, u"/calls"_s, "", vatel);
    row("vatel other", Provider::Vatel, u"/organization"_s, "yt_test_any", vatel);
    row("vatel", Provider::Vatel, u"/organization"_s, "vt_demo_7", "");
    row("autocalls none", Provider::Autocalls, u"/user/calls"_s, "", autocalls);
    row("autocalls without bar", Provider::Autocalls, u"/user/me"_s, "demo", autocalls);
    row("autocalls", Provider::Autocalls, u"/user/me"_s, "12|demo7", "");
    for (const Provider provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
        const QString lists[] = {u"/campaigns"_s, u"/conversation"_s, u"/calls"_s, u"/user/calls"_s};
        row(qPrintable(u"own "_s + word(provider)), provider, lists[size_t(provider)], demoKey(provider), "");
    }
}

void TestDemoVoices::keysAreRefusedInEachDialectsWords() {
    QFETCH(Provider, provider);
    QFETCH(QString, route);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, refusal);
    const Got got = get(address(provider) + route, key);
    QCOMPARE(got.status, refusal.isEmpty() ? 200 : 401);
    if (!refusal.isEmpty()) {
        QCOMPARE(got.body, refusal);
    }
}

std::vector<Told> TestDemoVoices::tellsYotel() {
    std::vector<Told> all;
    for (const auto& campaign : api(Provider::Yotel, u"/campaigns"_s).json().array()) {
        const QString route = u"/campaigns/"_s + keyOf(campaign.toObject(), u"id"_s) + u"/calls?page_size=200"_s;
        for (const auto& value : api(Provider::Yotel, route).object()[u"items"_s].toArray()) {
            const QJsonObject call = value.toObject();
            all.push_back({keyOf(call, u"id"_s),
                           keyOf(call, u"direction"_s),
                           {},
                           keyOf(call, u"ai_summary"_s),
                           msOf(keyOf(call, u"dial_time"_s)),
                           {},
                           call[u"has_recording"_s].toBool()});
        }
    }
    return all;
}

std::vector<Told> TestDemoVoices::tellsAtoms() {
    std::vector<Told> all;
    for (const auto& value : atomsRows()) {
        const QJsonObject row = value.toObject();
        const QString direction = keyOf(row, u"type"_s).section(u'_', 1);
        Told told{keyOf(row, u"callId"_s),
                  direction,
                  keyOf(row, direction == u"inbound" ? u"from"_s : u"to"_s),
                  row[u"postCallAnalytics"_s].toObject()[u"summary"_s].toString(),
                  msOf(keyOf(row, u"createdAt"_s)),
                  {},
                  row[u"recordingUrl"_s].isString()};
        for (const auto& turn : atomsDetail(told.id)[u"transcript"_s].toArray()) {
            const QString role = keyOf(turn.toObject(), u"role"_s);
            told.turns.append((role == u"user" ? u"customer"_s : role) + u": "_s +
                              keyOf(turn.toObject(), u"content"_s));
        }
        all.push_back(told);
    }
    return all;
}

std::vector<Told> TestDemoVoices::tellsVatel() {
    std::vector<Told> all;
    for (const auto& value : vatelCalls()) {
        const QJsonObject call = value.toObject();
        Told told{keyOf(call, u"id"_s),
                  call[u"outbound"_s].toBool() ? u"outbound"_s : u"inbound"_s,
                  keyOf(call, u"party_number"_s),
                  keyOf(call, u"summary"_s),
                  msOf(keyOf(call, u"created_at"_s)),
                  {},
                  api(Provider::Vatel, u"/calls/"_s + keyOf(call, u"id"_s) + u"/recording"_s).status == 200};
        for (const auto& one : call[u"transcript"_s].toObject()[u"entries"_s].toArray()) {
            const QJsonObject entry = one.toObject();
            if (keyOf(entry, u"type"_s) == u"message") {
                told.turns.append((keyOf(entry, u"role"_s) == u"user" ? u"customer: "_s : u"agent: "_s) +
                                  keyOf(entry, u"message"_s));
            }
        }
        all.push_back(told);
    }
    return all;
}

std::vector<Told> TestDemoVoices::tellsAutocalls() {
    std::vector<Told> all;
    for (const auto& value : autocallsCalls()) {
        const QJsonObject call = value.toObject();
        Told told{QString::number(call[u"id"_s].toInteger()), keyOf(call, u"type"_s),
                  keyOf(call, u"client_phone_number"_s),      {},
                  msOf(keyOf(call, u"created_at"_s)),         {},
                  call[u"recording_url"_s].isString()};
        told.summary = call[u"evaluation"_s].toObject()[u"summary"_s].toString();
        for (const auto& entry : call[u"evaluation"_s].toArray()) {
            if (keyOf(entry.toObject(), u"name"_s) == u"summary") {
                told.summary = keyOf(entry.toObject(), u"value"_s);
            }
        }
        for (const auto& entry : call[u"transcript"_s].toArray()) {
            told.turns.append((keyOf(entry.toObject(), u"sender"_s) == u"human" ? u"customer: "_s : u"agent: "_s) +
                              keyOf(entry.toObject(), u"text"_s));
        }
        for (QString line : call[u"transcript"_s].toString().split(u'\n', Qt::SkipEmptyParts)) {
            told.turns.append(line.replace(u"AI: "_s, u"agent: "_s).replace(u"Customer: "_s, u"customer: "_s));
        }
        all.push_back(told);
    }
    return all;
}

void TestDemoVoices::allFourTellTheSameTruth() {
    const std::vector<Told> voices[] = {tellsYotel(), tellsAtoms(), tellsVatel(), tellsAutocalls()};
    int same = 0;
    int inbound = 0;
    for (const Told& yotel : voices[0]) {
        std::vector<Told> others;
        for (size_t i = 1; i < 4; ++i) {
            for (const Told& told : voices[i]) {
                // The second is cut off, not rounded, where a provider writes none of its parts.
                if (!yotel.summary.isEmpty() && told.summary == yotel.summary &&
                    std::abs(told.createdMs - yotel.createdMs) < 1000) {
                    others.push_back(told);
                }
            }
        }
        if (others.size() != 3) {
            QVERIFY2(others.empty(), qPrintable(yotel.summary));
            continue;
        }
        ++same;
        inbound += yotel.direction == u"inbound" ? 1 : 0;
        QVERIFY(others[0].turns.size() >= 3);
        QVERIFY(others[0].number.startsWith(u"+120255501"));
        for (const Told& other : others) {
            QCOMPARE(other.direction, yotel.direction);
            QCOMPARE(other.number, others[0].number);
            QCOMPARE(other.turns, others[0].turns);
            QCOMPARE(other.hasRecording, yotel.hasRecording);
        }
        static const QRegularExpression atomsId(u"^CALL-\\d{13}-[0-9a-f]{6}$"_s);
        QVERIFY2(atomsId.match(others[0].id).hasMatch(), qPrintable(others[0].id));
        QCOMPARE(others[0].id.section(u'-', 1, 1).toLongLong(), yotel.createdMs);
        QVERIFY(!QUuid::fromString(others[1].id).isNull());
        QVERIFY(others[2].id.toLongLong() > 0);
    }
    QVERIFY2(same >= 6, qPrintable(QString::number(same)));
    QVERIFY(inbound >= 2);
}

void TestDemoVoices::atomsRowsAndDetails() {
    int transcripts = 0;
    int plainLines = 0;
    int sentiments = 0;
    for (const auto& value : atomsRows()) {
        const QJsonObject row = value.toObject();
        for (const auto& name : {u"_id"_s, u"callId"_s, u"status"_s, u"duration"_s, u"type"_s, u"agentId"_s,
                                 u"createdAt"_s, u"recordingUrl"_s, u"recordingDualUrl"_s, u"callCost"_s}) {
            QVERIFY2(row.contains(name), qPrintable(name));
        }
        QVERIFY(!row.contains(u"transcript"_s) && !row.contains(u"campaign"_s));
        const QJsonObject detail = atomsDetail(keyOf(row, u"callId"_s));
        for (const auto& name : {u"createdAt"_s, u"agentId"_s, u"campaign"_s, u"disconnectionReason"_s}) {
            QVERIFY2(!detail.contains(name), qPrintable(name));
        }
        QVERIFY(detail[u"agent"_s].isObject() && detail[u"variables"_s].isObject() && detail[u"events"_s].isArray());
        QCOMPARE(detail[u"duration"_s], row[u"duration"_s]);
        const QJsonArray turns = detail[u"transcript"_s].toArray();
        transcripts += turns.isEmpty() ? 0 : 1;
        plainLines += turns.first().isString() ? 1 : 0;
        for (const auto& one : row[u"postCallAnalytics"_s].toObject()[u"dispositionMetrics"_s].toArray()) {
            const QJsonObject metric = one.toObject();
            QCOMPARE(metric.keys(), (QStringList{u"confidence"_s, u"identifier"_s, u"reasoning"_s, u"value"_s}));
            QVERIFY(metric[u"value"_s].isString());
            sentiments += keyOf(metric, u"identifier"_s) == u"sentiment" ? 1 : 0;
        }
    }
    QVERIFY(transcripts >= 7);
    QCOMPARE(plainLines, 1);
    QCOMPARE(sentiments, 1);
}

void TestDemoVoices::atomsListsAndSearches() {
    const QJsonObject first = api(Provider::Atoms, u"/conversation"_s).object()[u"data"_s].toObject();
    QCOMPARE(first[u"logs"_s].toArray().size(), 5);
    QCOMPARE(first[u"pagination"_s].toObject().keys(),
             (QStringList{u"hasMore"_s, u"limit"_s, u"page"_s, u"total"_s, u"totalPages"_s}));
    const auto found = [this](const QString& query) {
        return api(Provider::Atoms, u"/conversation?limit=100&"_s + query)
            .object()[u"data"_s]
            .toObject()[u"logs"_s]
            .toArray()
            .size();
    };
    QCOMPARE(found(u"statusFilter=no_answer,busy"_s), 2);
    QCOMPARE(found(u"callTypes=webcall"_s), 1);
    QCOMPARE(found(u"search=5550161"_s), 1);
    const QJsonArray campaigns =
        api(Provider::Atoms, u"/campaign"_s).object()[u"data"_s].toObject()[u"campaigns"_s].toArray();
    qsizetype inCampaigns = 0;
    for (const auto& campaign : campaigns) {
        inCampaigns += found(u"campaignIds="_s + keyOf(campaign.toObject(), u"_id"_s));
    }
    QCOMPARE(inCampaigns, atomsRows().size());
    QJsonArray ids{keyOf(atomsRows().at(2).toObject(), u"callId"_s), u"CALL-1-000000"_s};
    const auto search = [&](const QJsonArray& asked) {
        return post(address(Provider::Atoms) + u"/conversation/search"_s, demoKey(Provider::Atoms),
                    QJsonDocument(QJsonObject{{u"callIds"_s, asked}}).toJson());
    };
    const QJsonObject data = search(ids).object()[u"data"_s].toObject();
    QCOMPARE(data[u"total"_s].toInt(), 1);
    QCOMPARE(data[u"requestedCount"_s].toInt(), 2);
    while (ids.size() <= 100) {
        ids.append(u"CALL-1-000000"_s);
    }
    QCOMPARE(search(ids).status, 400);
    QCOMPARE(api(Provider::Atoms, u"/conversation/68a1"_s).status, 400);
    QCOMPARE(api(Provider::Atoms, u"/conversation/CALL-1-000000"_s).status, 404);
}

void TestDemoVoices::atomsRecordings() {
    int recorded = 0;
    for (const auto& value : atomsRows()) {
        const QJsonObject row = value.toObject();
        const Got asked =
            api(Provider::Atoms, u"/conversation/"_s + keyOf(row, u"callId"_s) + u"/recording/download-url"_s);
        QCOMPARE(asked.status, row[u"recordingUrl"_s].isNull() ? 404 : 200);
        if (asked.status == 404) {
            continue;
        }
        const QString link = asked.object()[u"data"_s].toObject()[u"presignedUrl"_s].toString();
        const QByteArray mixed = get(keyOf(row, u"recordingUrl"_s)).body;
        const QByteArray apart = get(keyOf(row, u"recordingDualUrl"_s)).body;
        QVERIFY(mixed.startsWith("RIFF") && apart.startsWith("RIFF"));
        QCOMPARE(int(mixed.at(22)), 1);
        QCOMPARE(int(apart.at(22)), 2);
        QCOMPARE(mixed.size() - 44, (apart.size() - 44) / 2);
        if (++recorded == 1) {
            QCOMPARE(get(link).body, apart);
            QCOMPARE(get(link.section(u'?', 0, 0)).status, 403);
            m_clock->advanceSeconds(11 * 60);
            QCOMPARE(get(link).status, 403);
        }
    }
    QVERIFY(recorded >= 6);
}

void TestDemoVoices::atomsRowsMoveWhenTheyChange() {
    const QString before = keyOf(atomsRows().first().toObject(), u"callId"_s);
    QCOMPARE(keyOf(atomsRows().first().toObject(), u"status"_s), u"in_queue"_s);
    m_clock->advanceSeconds(75);
    QCOMPARE(keyOf(atomsRows().first().toObject(), u"callId"_s), before);
    QCOMPARE(keyOf(atomsRows().first().toObject(), u"status"_s), u"completed"_s);
    QVERIFY(!atomsRows().first().toObject().contains(u"postCallAnalytics"_s));
    m_clock->advanceSeconds(10);
    QVERIFY(atomsRows().first().toObject().contains(u"postCallAnalytics"_s));
}

void TestDemoVoices::vatelCallsHaveTheirShape() {
    QSet<QString> sources;
    QSet<QString> types;
    bool leavesOut = false;
    bool hasFeedback = false;
    bool hasRationale = false;
    for (const auto& value : vatelCalls()) {
        const QJsonObject call = value.toObject();
        sources.insert(keyOf(call, u"source"_s));
        leavesOut = leavesOut || (!call.contains(u"started_at"_s) && !call.contains(u"agent_id"_s));
        hasFeedback = hasFeedback || call[u"feedback"_s].toObject()[u"stars"_s].toInt() > 0;
        int index = 0;
        for (const auto& one : call[u"transcript"_s].toObject()[u"entries"_s].toArray()) {
            const QJsonObject entry = one.toObject();
            QCOMPARE(entry[u"index"_s].toInt(-1), index++);
            types.insert(keyOf(entry, u"type"_s));
            if (keyOf(entry, u"type"_s) == u"tool_call") {
                const QJsonObject tool = entry[u"toolCall"_s].toObject();
                QVERIFY(QJsonDocument::fromJson(keyOf(tool, u"arguments"_s).toUtf8()).isObject());
            }
        }
        for (const auto& one : call[u"extracted_variables"_s].toArray()) {
            const QJsonObject variable = one.toObject();
            QCOMPARE(variable.keys(),
                     (QStringList{u"dataType"_s, u"description"_s, u"name"_s, u"rationale"_s, u"type"_s, u"value"_s}));
            hasRationale = hasRationale || !keyOf(variable, u"rationale"_s).isEmpty();
        }
        QVERIFY(!call.contains(u"sentiment"_s) && !call.contains(u"disposition"_s));
    }
    QCOMPARE(sources, (QSet<QString>{u"twilio"_s, u"sip"_s, u"simulation"_s}));
    QCOMPARE(types, (QSet<QString>{u"message"_s, u"tool_call"_s, u"tool_call_output"_s, u"interruption"_s}));
    QVERIFY(leavesOut && hasFeedback && hasRationale);
}

void TestDemoVoices::vatelFiltersAndPages() {
    const qsizetype all = vatelCalls().size();
    QCOMPARE(vatelCalls(u"outbound=true"_s).size() + vatelCalls(u"outbound=false"_s).size(), all);
    QCOMPARE(vatelCalls(u"status=auth_failed"_s).size(), 1);
    QCOMPARE(vatelCalls(u"source=simulation"_s).size(), 1);
    QCOMPARE(vatelCalls(u"tag=refund"_s).size(), 1);
    QCOMPARE(vatelCalls(u"search=5550164"_s).size(), 1);
    QCOMPARE(api(Provider::Vatel, u"/calls?page_size=101"_s).status, 400);
    QCOMPARE(api(Provider::Vatel, u"/calls?status=completed"_s).object()[u"error"_s].toString(),
             u"invalid status filter"_s);
    const QJsonObject pagination =
        api(Provider::Vatel, u"/calls?page_size=4&page=2"_s).object()[u"pagination"_s].toObject();
    QCOMPARE(pagination.keys(),
             (QStringList{u"has_next"_s, u"has_prev"_s, u"page"_s, u"page_size"_s, u"total"_s, u"total_pages"_s}));
    QCOMPARE(pagination[u"total"_s].toInt(), int(all));
    QVERIFY(api(Provider::Vatel, u"/agents"_s).json().array().size() >= 6);
    QVERIFY(!keyOf(api(Provider::Vatel, u"/organization"_s).object(), u"name"_s).isEmpty());
}

void TestDemoVoices::vatelRecordingsNeedTheKey() {
    int with = 0;
    int withoutOne = 0;
    for (const auto& value : vatelCalls()) {
        const QString route = u"/calls/"_s + keyOf(value.toObject(), u"id"_s) + u"/recording"_s;
        const Got got = api(Provider::Vatel, route);
        QCOMPARE(get(address(Provider::Vatel) + route).status, 401);
        if (got.status == 200) {
            ++with;
            QCOMPARE(got.type, "audio/wav"_ba);
            QVERIFY(got.body.startsWith("RIFF"));
        } else {
            ++withoutOne;
            QCOMPARE(got.status, 404);
            QVERIFY(got.object()[u"error"_s].isString());
        }
    }
    QVERIFY(with >= 6 && withoutOne >= 3);
}

void TestDemoVoices::autocallsHasBothShapes() {
    QSet<QString> shapes;
    QSet<QString> answeredBy;
    for (const auto& value : autocallsCalls()) {
        const QJsonObject call = value.toObject();
        QCOMPARE(call.keys(),
                 u"answered_by assistant_name assistant_phone_number campaign_name carrier_cost "
                 "client_phone_number created_at duration evaluation id recording_url status total_cost transcript "
                 "type updated_at variables webhook_response"_s.split(u' '));
        QVERIFY(call[u"id"_s].isDouble());
        QVERIFY(!keyOf(call, u"created_at"_s).contains(u'T') && !keyOf(call, u"created_at"_s).contains(u'Z'));
        for (const auto& name : {u"transcript"_s, u"evaluation"_s, u"total_cost"_s, u"variables"_s}) {
            const QJsonValue member = call[name];
            shapes.insert(name + (member.isArray()    ? u" array"_s
                                  : member.isObject() ? u" object"_s
                                  : member.isString() ? u" text"_s
                                  : member.isDouble() ? u" number"_s
                                                      : u" null"_s));
        }
        answeredBy.insert(keyOf(call, u"answered_by"_s));
        if (call[u"recording_url"_s].isString()) {
            QVERIFY(get(keyOf(call, u"recording_url"_s)).type.startsWith("audio/"));
            QVERIFY(call[u"webhook_response"_s].isObject());
        }
    }
    QCOMPARE(shapes,
             (QSet<QString>{u"transcript text"_s, u"transcript array"_s, u"transcript null"_s, u"evaluation object"_s,
                            u"evaluation array"_s, u"evaluation null"_s, u"total_cost text"_s, u"total_cost number"_s,
                            u"variables object"_s, u"variables array"_s}));
    QCOMPARE(answeredBy, (QSet<QString>{u"human"_s, u"machine"_s, u"unknown"_s}));
}

void TestDemoVoices::autocallsPaginates() {
    const QJsonObject page = api(Provider::Autocalls, u"/user/calls?per_page=4&page=2"_s).object();
    QCOMPARE(page.keys(),
             u"current_page data first_page_url from last_page last_page_url links next_page_url path "
             "per_page prev_page_url to total"_s.split(u' '));
    QCOMPARE(page[u"from"_s].toInt(), 5);
    QCOMPARE(page[u"to"_s].toInt(), 8);
    QCOMPARE(page[u"path"_s].toString(), address(Provider::Autocalls) + u"/user/calls"_s);
    QCOMPARE(page[u"total"_s].toInt(), int(autocallsCalls().size()));
    QCOMPARE(api(Provider::Autocalls, u"/user/calls?per_page=101"_s).status, 422);
    QCOMPARE(autocallsCalls(u"type=web"_s).size(), 1);
    QCOMPARE(autocallsCalls(u"status=no-answer"_s).size(), 1);
    qsizetype inCampaigns = 0;
    for (const auto& campaign : api(Provider::Autocalls, u"/user/campaigns"_s).json().array()) {
        const auto id = campaign.toObject()[u"id"_s].toInteger();
        inCampaigns += autocallsCalls(u"per_page=100&campaign_id=%1"_s.arg(id)).size();
    }
    QCOMPARE(inCampaigns, autocallsCalls(u"per_page=100&type=outbound"_s).size() + 1);  // the call from the web too
    const QJsonObject call = autocallsCalls().first().toObject();
    QCOMPARE(api(Provider::Autocalls, u"/user/calls/%1"_s.arg(call[u"id"_s].toInteger())).object(), call);
    QCOMPARE(api(Provider::Autocalls, u"/user/calls/5"_s).object()[u"message"_s].toString(), u"Call not found"_s);
    QVERIFY(api(Provider::Autocalls, u"/user/assistants"_s).json().isArray());
    QCOMPARE(api(Provider::Autocalls, u"/user/assistants/get"_s).object()[u"per_page"_s].toInt(), 10);
}

void TestDemoVoices::callsUnderWayEndInEachDialect() {
    const auto open = [this] {
        int count = 0;
        for (const auto& row : atomsRows()) {
            count +=
                QStringList{u"in_queue"_s, u"processing"_s, u"active"_s}.contains(keyOf(row.toObject(), u"status"_s))
                    ? 1
                    : 0;
        }
        for (const auto& row : vatelCalls()) {
            count +=
                QStringList{u"connected"_s, u"started"_s, u"in_progress"_s}.contains(keyOf(row.toObject(), u"status"_s))
                    ? 1
                    : 0;
        }
        for (const auto& row : autocallsCalls()) {
            count +=
                QStringList{u"initiated"_s, u"ringing"_s, u"in-progress"_s}.contains(keyOf(row.toObject(), u"status"_s))
                    ? 1
                    : 0;
        }
        return count;
    };
    QCOMPARE(open(), 3);
    m_clock->advanceSeconds(20);
    QCOMPARE(open(), 3);
    m_clock->advanceSeconds(100);
    QCOMPARE(open(), 0);
}

void TestDemoVoices::theDemoIsSmall() {
    for (const qsizetype count : {atomsRows().size(), vatelCalls().size(), autocallsCalls().size()}) {
        QVERIFY2(count >= 9 && count <= 15, qPrintable(QString::number(count)));
    }
}

void TestDemoVoices::oneAccountForEachProviderThatIsRead() {
    size_t expected = 0;
    for (const Provider provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
        expected += readDialectFor(provider) ? 1 : 0;
    }
    const auto accounts = demoAccounts(*m_server, {});
    QCOMPARE(accounts.size(), expected);
    for (const Account& account : accounts) {
        QCOMPARE(account.name, u"north-"_s + word(account.provider));
        QCOMPARE(account.baseUrl, m_server->baseUrl(account.provider));
    }
}

void TestDemoVoices::accountsKeepTheirNamesAndSettings() {
    Account first;
    first.name = u"demo"_s;
    first.baseUrl = QUrl(u"http://127.0.0.1:1/api/v1"_s);
    first.pageSize = 7;
    const Account kept = demoAccounts(*m_server, {first}).front();
    QCOMPARE(kept.name, u"demo"_s);
    QCOMPARE(kept.pageSize, 7);
    QCOMPARE(kept.baseUrl, m_server->baseUrl(Provider::Yotel));
}

QTEST_GUILESS_MAIN(TestDemoVoices)
#include "tst_demovoices.moc"
