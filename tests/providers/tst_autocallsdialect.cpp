// Autocalls' answers in all their shapes, addresses and errors, on fixtures of our own.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QUrlQuery>

#include "models/providers/commonwords.h"
#include "models/providers/readdialect.h"
#include "models/providers/timeparser.h"

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
    account.provider = Provider::Autocalls;
    account.baseUrl = QUrl(u"https://portal.example.test/api"_s);
    return account;
}

QByteArray rowWith(const QByteArray& members) {
    return R"({"id":1,"status":"ended")" + (members.isEmpty() ? QByteArray() : ',' + members) + '}';
}

QStringList noted(const Call& call) {
    QStringList names;
    for (const FieldError& error : call.fieldErrors) {
        names += error.path;
    }
    return names;
}

QString query(const QUrl& url, const char* name) {
    return QUrlQuery(url).queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded);
}

Moment at(const char* text) {
    return parseTime(QString::fromLatin1(text), AssumedZone(u"UTC"_s))->at;
}

QStringList said(const std::vector<Turn>& turns) {
    QStringList lines;
    for (const Turn& turn : turns) {
        lines += word(turn.speaker) + u'|' + turn.speakerRaw + u'|' + turn.text;
    }
    return lines;
}

QString triState(const std::optional<bool>& value) {
    return value ? (*value ? u"true"_s : u"false"_s) : u"unknown"_s;
}

}  // namespace

class TestAutocallsDialect : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_autocalls = readDialectFor(Provider::Autocalls);

    Call only(const QByteArray& members) const {
        const auto call = m_autocalls->parseCall(account(), rowWith(members));
        return call ? *call : Call{};
    }
    CallPage page() const {
        const auto page = m_autocalls->parsePage(account(), fixture("autocalls_page.json"));
        return page ? *page : CallPage{};
    }

 private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_autocalls);
        QCOMPARE(page().calls.size(), std::size_t{3});
    }

    void everyFieldOfACall() {
        const CallPage read = page();
        QVERIFY(read.rejectedRows == 0 && read.total == 3 && read.page == 1 && read.pageSize == 100);
        QVERIFY(read.hasMore == false);
        const Call& call = read.calls[0];
        QVERIFY((call.key == CallKey{u"main"_s, u"9007199254740993"_s}));
        QVERIFY(call.provider == Provider::Autocalls && call.part == CallPart::Whole);
        QVERIFY(call.agentName == u"Renewal desk" && call.campaignName == u"Spring renewals");
        QVERIFY(call.typeRaw == u"outbound" && call.direction == Direction::Outbound);
        QVERIFY(call.talkSeconds == 184.0 && call.ownNumber == u"+4930555001");
        QVERIFY(call.customerNumber == u"+4930555010" && call.answeredBy == u"human");
        QVERIFY(call.statusRaw == u"ended_by_customer" && call.status == CallStatus::Completed);
        QVERIFY(call.endReason == EndReason::Customer && !call.endReasonRaw);
        QVERIFY(call.summary == u"Asked about the yearly plan." && call.sentiment == u"positive");
        QVERIFY(call.nextAction == u"Call on Monday" && call.disposition == u"call_back" && !call.notes);
        QVERIFY(call.cost == 0.12 && call.carrierCost == 0.02 && !call.costUnit);
        QVERIFY(call.hasRecording == true);
        QCOMPARE(*call.recordingUrl, u"https://storage.example.test/9.mp3?sig=abc"_s);
        QCOMPARE(toIsoText(*call.createdTime), u"2026-04-18T14:37:02.000Z"_s);
        QCOMPARE(toIsoText(*call.updatedTime), u"2026-04-18T14:40:25.000Z"_s);
        QCOMPARE(call.zoneAssumed, QStringList{u"created_at"_s});
        QVERIFY(call.hasTranscript == true && call.fieldErrors.empty());
        QCOMPARE(*call.transcriptText,
                 u"Hello, this is the renewal desk.\nWhat does the yearly plan cost?\nAnd the monthly one?\n"
                 "I can call you on Monday: with figures."_s);
    }

    void theOtherShapesOfTheSame() {
        const Call call = page().calls[1];
        QVERIFY(call.fieldErrors.empty() && call.zoneAssumed.isEmpty());
        QVERIFY(call.cost == 0.12 && call.carrierCost == 0.08 && call.talkSeconds == 12.5);
        QVERIFY(call.summary == u"Asked about the invoice." && !call.sentiment && !call.disposition);
        QVERIFY(call.hasRecording == false && !call.recordingUrl);
        QCOMPARE(*call.transcriptText, u"Hello?\nGood morning."_s);
        const Call none = page().calls[2];
        QCOMPARE(none.key.remoteId, u"480903"_s);
        QVERIFY(none.direction == Direction::Web && none.status == CallStatus::NoAnswer);
        QVERIFY(none.endReason == EndReason::NotAnswered && none.talkSeconds == 0.0 && none.cost == 0.0);
        QVERIFY(none.hasRecording == false && none.hasTranscript == false && !none.transcriptText && !none.summary);
        QVERIFY(none.fieldErrors.empty() && m_autocalls->details(account(), none) == CallDetails{});
    }

    void whatAutocallsDoesNotTellStaysUnknown() {
        for (const Call& call : page().calls) {
            QVERIFY(!call.source && !call.campaignId && !call.leadId && !call.leadName && !call.agentId);
            QVERIFY(!call.switchId && !call.dialTime && !call.ringTime && !call.answerTime && !call.endTime);
            QVERIFY(!call.agentConnectTime && !call.ringSeconds && !call.totalSeconds && !call.hangupCause);
            QVERIFY(call.tags.isEmpty() && !call.latencyMs);
        }
    }

    void details() {
        const CallDetails details = m_autocalls->details(account(), page().calls[0]);
        QCOMPARE(said(details.transcript),
                 (QStringList{u"agent|AI|Hello, this is the renewal desk."_s,
                              u"customer|Customer|What does the yearly plan cost?\nAnd the monthly one?"_s,
                              u"agent|AI|I can call you on Monday: with figures."_s}));
        QVERIFY(!details.transcript[0].at && !details.transcript[0].offset);
        QCOMPARE(details.metrics.size(), std::size_t{7});
        QVERIFY((details.metrics[0] ==
                 Metric{u"sentiment"_s, u"positive"_s, u"string"_s, std::nullopt, std::nullopt, std::nullopt}));
        QVERIFY(details.metrics[4].value == u"8.50" && details.metrics[4].type == u"number");
        QVERIFY(details.metrics[5].value == u"true" && details.metrics[5].type == u"boolean");
        QVERIFY(details.metrics[6].name == u"reached" && !details.metrics[6].value &&
                details.metrics[6].type.isEmpty());
        QCOMPARE(details.variables.size(), std::size_t{3});
        QVERIFY(details.variables[0].name == u"customer_name" && details.variables[0].value == u"Vera Lindqvist");
        QVERIFY(details.variables[1].value == u"9007199254740995" && !details.variables[2].value);
        QCOMPARE(*details.webhookAnswer, QByteArray(R"({"status":200,"body":"ok"})"));
        QVERIFY((details.others == std::vector<OtherValue>{{u"lead_id"_s, u"12345678901234567890"_s}}));
        QVERIFY(!details.feedback && details.latency.empty());
    }

    void detailsOfTheOtherShapes() {
        const CallDetails details = m_autocalls->details(account(), page().calls[1]);
        QCOMPARE(said(details.transcript), (QStringList{u"customer|human|Hello?"_s, u"agent|bot|Good morning."_s}));
        QCOMPARE(toIsoText(*details.transcript[0].at), u"2026-04-18T14:37:12.418Z"_s);
        QCOMPARE(toIsoText(*details.transcript[1].at), u"2026-04-18T14:37:14.000Z"_s);
        QVERIFY(!details.transcript[0].offset);
        QCOMPARE(details.metrics.size(), std::size_t{3});
        QVERIFY((details.metrics[0] ==
                 Metric{u"status"_s, u"true"_s, u"bool"_s, std::nullopt, std::nullopt, u"Was the goal reached?"_s}));
        QVERIFY(details.metrics[2].value == u"7" && !details.metrics[2].description);
        QVERIFY(details.variables.empty() && !details.webhookAnswer);
    }

    void transcriptsInText_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("turns");
        const auto row = [](const char* name, const QString& text, const QStringList& turns) {
            QTest::newRow(name) << text << turns;
        };
        row("no labels", u"Good morning.\r\nHello."_s, {u"unknown||Good morning.\r\nHello."_s});
        row("before the first label", u"(beep)\nAI: hi"_s, {u"unknown||(beep)"_s, u"agent|AI|hi"_s});
        row("blank lines first", u"\n\nAI: hi\n\n"_s, {u"agent|AI|hi"_s});
        row("all labels", u"Assistant: a\nAgent: b\nBot: c\nHuman: d\nUser: e\nClient: f\nKunde: g"_s,
            {u"agent|Assistant|a"_s, u"agent|Agent|b"_s, u"agent|Bot|c"_s, u"customer|Human|d"_s, u"customer|User|e"_s,
             u"customer|Client|f"_s, u"customer|Kunde|g"_s});
        row("line ends and blanks", u"  ai :  a \r\n more\rrest \r\ncustomer:b"_s,
            {u"agent|ai|a \n more\rrest"_s, u"customer|customer|b"_s});
        row("colons inside", u"AI: see https://x.test: yes\nNote: not a speaker"_s,
            {u"agent|AI|see https://x.test: yes\nNote: not a speaker"_s});
        row("a label in a line", u"AI: said Customer: no"_s, {u"agent|AI|said Customer: no"_s});
        row("empty turns", u"AI:\nCustomer:"_s, {u"agent|AI|"_s, u"customer|Customer|"_s});
        row("blank", u" \n\t "_s, {});
        row("nothing", QString(), {});
        row("brackets that are no JSON", u"[noise] hello"_s, {u"unknown||[noise] hello"_s});
        row("a list of no turns", u"[1, 2]"_s, {u"unknown||[1, 2]"_s});
    }
    void transcriptsInText() {
        QFETCH(QString, text);
        QFETCH(QStringList, turns);
        const QByteArray json = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact).mid(1).chopped(1);
        const Call call = only("\"transcript\":" + json);
        QCOMPARE(said(m_autocalls->details(account(), call).transcript), turns);
        QVERIFY(call.hasTranscript == !turns.isEmpty() && call.fieldErrors.empty());
    }

    void transcriptsOfOtherKinds_data() {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QString>("has");
        QTest::addColumn<int>("turns");
        QTest::addColumn<bool>("isNoted");
        const auto row = [](const char* written, const char* has, int turns, bool isNoted) {
            QTest::newRow(written) << QByteArray(written) << QString::fromLatin1(has) << turns << isNoted;
        };
        row("null", "false", 0, false);
        row("[]", "false", 0, false);
        row("{}", "false", 0, false);
        row("\"[]\"", "false", 0, false);
        row("17", "unknown", 0, true);
        row("true", "unknown", 0, true);
        row("{\"0\":{\"text\":\"x\"}}", "unknown", 0, true);
        row("[17,null,[]]", "false", 0, true);
        row("[\"bare\",{\"text\":\"x\"},5]", "true", 2, true);
        row("[{\"text\":null,\"sender\":7,\"timestamp\":\"never\"}]", "true", 1, false);
        row("\"[{\\\"text\\\":\\\"x\\\",\\\"sender\\\":\\\"bot\\\"}]\"", "true", 1, false);
    }
    void transcriptsOfOtherKinds() {
        QFETCH(QByteArray, written);
        QFETCH(QString, has);
        QFETCH(int, turns);
        QFETCH(bool, isNoted);
        const Call call = only("\"transcript\":" + written);
        QCOMPARE(triState(call.hasTranscript), has);
        QCOMPARE(noted(call), isNoted ? QStringList{u"transcript"_s} : QStringList());
        QCOMPARE(static_cast<int>(m_autocalls->details(account(), call).transcript.size()), turns);
    }

    void absentIsNotEmpty() {
        const Call bare = only({});
        QVERIFY(!bare.hasTranscript && !bare.hasRecording && bare.fieldErrors.empty());
        const auto idOnly = m_autocalls->parseCall(account(), R"({"id":5})");
        QCOMPARE(noted(*idOnly), QStringList{u"status"_s});
        const Call wrong = only(R"("recording_url":17)");
        QVERIFY(!wrong.hasRecording && !wrong.recordingUrl && noted(wrong) == QStringList{u"recording_url"_s});
    }

    void evaluationsOfOtherKinds() {
        const Call odd = only(R"("evaluation":[{"name":"Next Action","value":"write"},{"value":1},7,{"name":" "}])");
        QCOMPARE(noted(odd), QStringList{u"evaluation"_s});
        QVERIFY(odd.nextAction == u"write");
        QCOMPARE(m_autocalls->details(account(), odd).metrics.size(), std::size_t{1});
        QCOMPARE(noted(only(R"("evaluation":"good","variables":"x")")), (QStringList{u"evaluation"_s, u"variables"_s}));
        const Call numbers = only(R"("evaluation":{"summary":5,"outcome":true,"sentiment":null,"Summary ":"late"})");
        QVERIFY(numbers.summary == u"late" && !numbers.disposition && !numbers.sentiment);
        QVERIFY(numbers.fieldErrors.empty());
        const Call twice = only(R"("evaluation":{"a":1,"b":2,"a":3})");
        const auto metrics = m_autocalls->details(account(), twice).metrics;
        QVERIFY(metrics.size() == 2 && metrics[0].name == u"a" && metrics[0].value == u"3");
        QVERIFY(only(R"("evaluation":[])").fieldErrors.empty() && only(R"("evaluation":{})").fieldErrors.empty());
        QVERIFY(only(R"("variables":[{"name":"x"}])").fieldErrors.size() == 1);
    }

    void words_data() {
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("common");
        QTest::addColumn<QString>("end");
        const auto row = [](const char* status, const char* common, const char* end) {
            QTest::newRow(status) << QString::fromLatin1(status) << QString::fromLatin1(common)
                                  << QString::fromLatin1(end);
        };
        row("initiated", "queued", "unknown");
        row("ringing", "ringing", "unknown");
        row("in-progress", "in_progress", "unknown");
        row("in_progress", "in_progress", "unknown");
        row("ended", "completed", "unknown");
        row(" Completed", "completed", "unknown");
        row("ended_by_customer", "completed", "customer");
        row("ended-by-assistant", "completed", "agent");
        row("no-answer", "no_answer", "not_answered");
        row("busy", "busy", "not_answered");
        row("failed", "failed", "unknown");
        row("scheduled", "unknown", "unknown");
        row("", "unknown", "unknown");
    }
    void words() {
        QFETCH(QString, status);
        QFETCH(QString, common);
        QFETCH(QString, end);
        const auto call = m_autocalls->parseCall(account(), "{\"id\":1,\"status\":\"" + status.toUtf8() + "\"}");
        QCOMPARE(word(call->status), common);
        QCOMPARE(word(call->endReason), end);
        QCOMPARE(*call->statusRaw, status);
        QVERIFY(only(R"("type":"whatsapp")").direction == Direction::Unknown);
    }

    void zonelessTimes() {
        Account berlin = account();
        berlin.assumedZone = u"Europe/Berlin"_s;
        const auto call = m_autocalls->parseCall(
            berlin, rowWith(R"("created_at":"2026-04-18 14:37:02","updated_at":"2026-04-18T14:40:00.000000Z")"));
        QCOMPARE(toIsoText(*call->createdTime), u"2026-04-18T12:37:02.000Z"_s);
        QCOMPARE(toIsoText(*call->updatedTime), u"2026-04-18T14:40:00.000Z"_s);
        QCOMPARE(call->zoneAssumed, QStringList{u"created_at"_s});
    }

    void paging_data() {
        QTest::addColumn<QByteArray>("rest");
        QTest::addColumn<QString>("more");
        QTest::addColumn<qint64>("total");
        QTest::addColumn<int>("size");
        const auto row = [](const char* rest, const char* more, qint64 total, int size) {
            QTest::newRow(rest) << QByteArray(rest) << QString::fromLatin1(more) << total << size;
        };
        row(R"("current_page":1,"last_page":10,"per_page":15,"total":150)", "true", 150, 15);
        row(R"("current_page":"10","last_page":"10","per_page":"15","total":"150")", "false", 150, 15);
        row(R"("current_page":4,"last_page":2,"next_page_url":"elsewhere.test")", "false", -1, -1);
        row(R"("next_page_url":"elsewhere.test/?page=2")", "true", -1, -1);
        row(R"("next_page_url":null,"total":-1)", "false", -1, -1);
        row(R"("current_page":null,"last_page":1,"total":3.7)", "unknown", -1, -1);
        row(R"("per_page":0)", "unknown", -1, -1);
    }
    void paging() {
        QFETCH(QByteArray, rest);
        QFETCH(QString, more);
        QFETCH(qint64, total);
        QFETCH(int, size);
        const auto page = m_autocalls->parsePage(account(), R"({"data":[)" + rowWith({}) + "]," + rest + '}');
        QVERIFY(page && page->calls.size() == 1);
        QCOMPARE(triState(page->hasMore), more);
        QCOMPARE(page->total.value_or(-1), total);
        QCOMPARE(page->pageSize.value_or(-1), size);
    }

    void answersThatAreNoPage() {
        QVERIFY(m_autocalls->parsePage(account(), fixture("sign_in.html")).error().kind == ErrorKind::NotTheApi);
        QVERIFY(m_autocalls->parseTest(account(), fixture("sign_in.html")).error().kind == ErrorKind::NotTheApi);
        for (const char* body : {"[]", "null", "{\"message\":\"Unauthenticated.\"}", "{\"data\":null}"}) {
            QVERIFY2(m_autocalls->parsePage(account(), body).error().kind == ErrorKind::BadAnswer, body);
            QVERIFY2(m_autocalls->parseCall(account(), body).error().kind == ErrorKind::BadAnswer, body);
        }
        const QByteArray good = fixture("autocalls_page.json").trimmed();
        for (qsizetype length = 0; length < good.size(); length += 11) {
            QVERIFY(!m_autocalls->parsePage(account(), good.left(length)).has_value());
        }
    }

    void listsOfAScope() {
        const Moment now = at("2026-04-20T10:00:00Z");
        const auto whole = m_autocalls->lists(account(), {}, {}, now);
        QVERIFY(whole.size() == 1 && whole[0].id.isEmpty() && whole[0].label.isEmpty());
        QCOMPARE(m_autocalls->callsPageUrl(account(), whole[0], 3).toEncoded(),
                 QByteArray("https://portal.example.test/api/user/calls?page=3&per_page=100"));

        CallScope scope;
        scope.campaigns = {u"31"_s, u"32"_s, u"31"_s};
        scope.agents = {u"7"_s, u"8"_s};
        const auto pairs = m_autocalls->lists(account(), scope, {{u"31"_s, u"Spring"_s, {}, {}}}, now);
        QStringList ids;
        QStringList asked;
        for (const CallList& list : pairs) {
            ids += list.id + u'|' + list.label;
            const QUrl url = m_autocalls->callsPageUrl(account(), list, 1);
            asked += query(url, "campaign_id") + u'-' + query(url, "assistant_id");
        }
        QCOMPARE(ids, (QStringList{u"campaigns=31&agents=7|Spring"_s, u"campaigns=31&agents=8|Spring"_s,
                                   u"campaigns=32&agents=7|"_s, u"campaigns=32&agents=8|"_s}));
        QCOMPARE(asked, (QStringList{u"31-7"_s, u"31-8"_s, u"32-7"_s, u"32-8"_s}));
    }

    void daysAreAskedWider() {
        CallScope scope;
        scope.since = at("2026-03-01T00:30:00Z");
        scope.until = at("2026-12-31T23:59:59Z");
        const auto list = m_autocalls->lists(account(), scope, {}, {}).at(0);
        QVERIFY(list.since == scope.since && list.until == scope.until && list.id.isEmpty());
        const QUrl url = m_autocalls->callsPageUrl(account(), list, 1);
        QCOMPARE(query(url, "date_from"), u"2026-02-28"_s);
        QCOMPARE(query(url, "date_to"), u"2027-01-01"_s);
        QVERIFY(!m_autocalls->serverFilters().dates && m_autocalls->serverFilters().campaigns);
        scope.until = at("9999-12-31T23:59:59Z");
        const auto far = m_autocalls->lists(account(), scope, {}, {}).at(0);
        QVERIFY(!QUrlQuery(m_autocalls->callsPageUrl(account(), far, 1)).hasQueryItem(u"date_to"_s));
    }

    void typesAreAskedOneAtATime() {
        CallScope scope;
        scope.sources = {u"web"_s};
        const auto one = m_autocalls->lists(account(), scope, {}, {}).at(0);
        QCOMPARE(query(m_autocalls->callsPageUrl(account(), one, 1), "type"), u"web"_s);
        scope.sources = {u"web"_s, u"inbound"_s};
        const auto several = m_autocalls->lists(account(), scope, {}, {});
        QVERIFY(several.size() == 1 && several[0].sources == scope.sources);
        QVERIFY(!m_autocalls->callsPageUrl(account(), several[0], 1).query().contains(u"type"));
        QVERIFY(!m_autocalls->serverFilters().sources);
    }

    void addresses() {
        const Account main = account();
        QCOMPARE(m_autocalls->callUrl(main, u"480901"_s).toEncoded(),
                 QByteArray("https://portal.example.test/api/user/calls/480901"));
        QVERIFY(m_autocalls->callUrl(main, u".."_s).isEmpty());
        QCOMPARE(m_autocalls->campaignsUrl(main, 1).toEncoded(),
                 QByteArray("https://portal.example.test/api/user/campaigns"));
        QCOMPARE(m_autocalls->campaignsUrl(main, 2).query(), u"page=2"_s);
        QCOMPARE(m_autocalls->agentsUrl(main, 1).path(), u"/api/user/assistants"_s);
        QCOMPARE(m_autocalls->testUrl(main).path(), u"/api/user/me"_s);
        QVERIFY(m_autocalls->recordingUrl(main, u"1"_s).isEmpty());
        QVERIFY(m_autocalls->recordingRoute() == RecordingRoute::Link);
        QVERIFY(!m_autocalls->rowsMoveByThemselves() && !m_autocalls->detailsAreApart());
    }

    void namesInTheirShapes() {
        const QByteArray bare = R"([{"id":31,"name":"Spring","status":"active"},{"id":9007199254740993}])";
        const QList<QByteArray> shapes{bare, R"({"campaigns":)" + bare + '}', R"({"data":)" + bare + '}'};
        for (const QByteArray& body : shapes) {
            const auto campaigns = m_autocalls->parseCampaigns(account(), body);
            QVERIFY(campaigns && campaigns->entries.size() == 2 && !campaigns->hasMore);
            QVERIFY(campaigns->entries[0].id == u"31" && campaigns->entries[0].name == u"Spring");
            QVERIFY(campaigns->entries[0].status == u"active" && campaigns->entries[1].id == u"9007199254740993");
        }
        const auto paged =
            m_autocalls->parseCampaigns(account(), R"({"current_page":1,"last_page":2,"data":)" + bare + '}');
        QVERIFY(paged && paged->hasMore);
        QVERIFY(m_autocalls->parseAgents(account(), R"([{"id":7,"name":"Desk"}])")->entries[0].name == u"Desk");
        QVERIFY(m_autocalls->parseAgents(account(), R"({"message":"x"})").error().kind == ErrorKind::BadAnswer);
    }

    void whoTheKeyBelongsTo() {
        const auto who = [this](const char* body) { return m_autocalls->parseTest(account(), body); };
        QCOMPARE(*who(R"({"id":17,"name":"Desk","email":"desk@example.test"})"), u"Desk, desk@example.test"_s);
        QCOMPARE(*who(R"({"data":{"name":"Desk"}})"), u"Desk"_s);
        QCOMPARE(*who(R"({"id":17})"), QString());
        QVERIFY(who(R"({"message":"Unauthenticated."})").error().kind == ErrorKind::BadAnswer);
        QVERIFY(who("[]").error().kind == ErrorKind::BadAnswer);
    }

    void errors_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("message");
        const auto row = [](int status, const char* body, const char* kind, const char* message) {
            QTest::newRow(body) << status << QByteArray(body) << QString::fromLatin1(kind)
                                << QString::fromLatin1(message);
        };
        row(401, "{\"message\":\"Unauthenticated.\"}", "unauthorized", "Unauthenticated.");
        row(404, "{\"message\":\"Call not found\"}", "not_found", "Call not found");
        row(404, "{\"error\":\"gone\"}", "not_found", "gone");
        row(422, "{\"message\":\"The given data was invalid.\",\"errors\":{\"per_page\":[\"Too large.\",\"b\"]}}",
            "refused", "The given data was invalid.; per_page: Too large.");
        row(422, "{\"message\":\"Too large.\",\"errors\":{\"per_page\":[\"Too large.\"]}}", "refused",
            "per_page: Too large.");
        row(422, "{\"errors\":{\"type\":\"wrong\"}}", "refused", "type: wrong");
        row(400, "{\"success\":false,\"error_code\":\"no_credit\"}", "refused", "no_credit");
        row(429, "{\"message\":\"Too Many Attempts.\"}", "rate_limited", "Too Many Attempts.");
        row(500, "<html>x</html>", "server_trouble", "");
        row(302, "", "not_the_api", "");
    }
    void errors() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, kind);
        QFETCH(QString, message);
        const Error error = m_autocalls->parseError(status, body);
        QCOMPARE(errorKindWord(error.kind), kind);
        QCOMPARE(error.message, message);
    }
};

QTEST_GUILESS_MAIN(TestAutocallsDialect)
#include "tst_autocallsdialect.moc"
