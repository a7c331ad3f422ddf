// Vatel's answers, addresses and errors, on fixtures of our own.
#include <QFile>
#include <QTest>
#include <QUrlQuery>

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
    account.provider = Provider::Vatel;
    account.baseUrl = QUrl(u"https://api.example.test/v1"_s);
    return account;
}

QByteArray rowWith(const QByteArray& members) {
    return R"({"id":"1")" + (members.isEmpty() ? QByteArray() : ',' + members) + '}';
}

QByteArray pageOf(const QByteArray& rows, const QByteArray& pagination) {
    return R"({"calls":[)" + rows + R"(],"pagination":)" + pagination + '}';
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

}  // namespace

class TestVatelDialect : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_vatel = readDialectFor(Provider::Vatel);

    Call only(const QByteArray& members) const {
        const auto call = m_vatel->parseCall(account(), rowWith(members));
        return call ? *call : Call{};
    }
    CallPage odd(const Account& main = account()) const {
        const auto page = m_vatel->parsePage(main, fixture("vatel_odd_transcripts.json"));
        return page ? *page : CallPage{};
    }
    std::vector<Turn> oddTurns(std::size_t call) const {
        return m_vatel->details(account(), odd().calls.at(call)).transcript;
    }

 private Q_SLOTS:
    void initTestCase() { QVERIFY(m_vatel); }

    void everyFieldOfACall() {
        const auto page = m_vatel->parsePage(account(), fixture("vatel_page.json"));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{3});
        QVERIFY(page->rejectedRows == 0 && page->total == 3 && page->page == 1 && page->pageSize == 100);
        QVERIFY(page->hasMore == false);
        const Call& call = page->calls[0];
        QVERIFY((call.key == CallKey{u"main"_s, u"b2f0c1d4-0000-4000-8000-000000000001"_s}));
        QVERIFY(call.provider == Provider::Vatel && call.part == CallPart::Whole);
        QVERIFY(call.agentId == u"ag-renewals" && call.customerNumber == u"+4930555010");
        QVERIFY(call.statusRaw == u"ended" && call.status == CallStatus::Completed);
        QVERIFY(call.source == u"twilio" && call.direction == Direction::Outbound);
        QVERIFY(call.endReasonRaw == u"ended_by_user" && call.endReason == EndReason::Customer);
        QVERIFY(call.campaignId == u"run-44" && call.leadId == u"contact-3");
        QVERIFY(call.createdTime == at("2026-04-18T14:37:02Z") && call.answerTime == at("2026-04-18T14:37:11Z"));
        QVERIFY(call.endTime == at("2026-04-18T14:40:15.5Z"));
        QVERIFY(call.talkSeconds == 184.0 && call.cost == 0.29 && call.summary == u"Asked about the yearly plan.");
        QCOMPARE(call.tags, (QStringList{u"renewal"_s, u"call back"_s}));
        QVERIFY(call.hasTranscript == true);
        QCOMPARE(*call.transcriptText,
                 u"Hello, this is the renewal desk.\nWhat does the yearly plan cost?\nfind_plan {\"term\":\"year\"}\n"
                 "{\"price\":384}"_s);
        QVERIFY(call.fieldErrors.empty() && call.zoneAssumed.isEmpty());
        QVERIFY(call.raw.startsWith(R"({"id":"b2f0c1d4-0000-4000-8000-000000000001","agent_id":)"));
    }

    void whatVatelDoesNotTellStaysUnknown() {
        const auto page = m_vatel->parsePage(account(), fixture("vatel_page.json"));
        for (const Call& call : page->calls) {
            QVERIFY(!call.typeRaw && !call.campaignName && !call.leadName && !call.agentName && !call.ownNumber);
            QVERIFY(!call.switchId && !call.dialTime && !call.ringTime && !call.agentConnectTime && !call.updatedTime);
            QVERIFY(!call.ringSeconds && !call.totalSeconds && !call.hangupCause && !call.answeredBy);
            QVERIFY(!call.disposition && !call.notes && !call.sentiment && !call.nextAction);
            QVERIFY(!call.hasRecording && !call.recordingUrl && !call.costUnit && !call.carrierCost);
        }
        const Call& refused = page->calls[1];
        QVERIFY(refused.status == CallStatus::Failed && refused.direction == Direction::Inbound && refused.cost == 0.0);
        QVERIFY(!refused.answerTime && !refused.talkSeconds && refused.hasTranscript == false);
        QVERIFY(refused.fieldErrors.empty() && refused.endReason == EndReason::Unknown);
        const Call& neverTalked = page->calls[2];
        QVERIFY(neverTalked.status == CallStatus::Completed && !neverTalked.answerTime);
        QVERIFY(neverTalked.hasTranscript == false && !neverTalked.transcriptText);
    }

    void details() {
        const auto page = m_vatel->parsePage(account(), fixture("vatel_page.json"));
        const CallDetails details = m_vatel->details(account(), page->calls[0]);
        QCOMPARE(details.variables.size(), std::size_t{4});
        QVERIFY((details.variables[0] ==
                 Variable{u"plan"_s, u"yearly"_s, u"extracted, string"_s, u"Which plan"_s, u"Named in turn 2"_s}));
        QVERIFY((details.variables[1] ==
                 Variable{u"seats"_s, u"9007199254740993"_s, u"input, number"_s, std::nullopt, std::nullopt}));
        QCOMPARE(*details.variables[2].value, u"[1.50,{\"b\":1,\"a\":2}]"_s);
        QVERIFY(!details.variables[3].value && details.variables[3].type.isEmpty());
        QVERIFY((details.feedback == Feedback{4.0, u"Friendly"_s}));
        const std::vector<OtherValue> others{{u"graph_version_id"_s, u"gv-12"_s},
                                             {u"organization_id"_s, u"org-7"_s},
                                             {u"connected_at"_s, u"2026-04-18T14:37:10Z"_s},
                                             {u"sentiment_score"_s, u"-0.25"_s}};
        QVERIFY(details.others == others);
        QVERIFY(details.metrics.empty() && details.latency.empty() && !details.webhookAnswer);
        QVERIFY(m_vatel->details(account(), page->calls[2]) == CallDetails{});
    }

    void transcriptInOrderWithToolsAndInterruptions() {
        const auto page = m_vatel->parsePage(account(), fixture("vatel_page.json"));
        const auto turns = m_vatel->details(account(), page->calls[0]).transcript;
        QCOMPARE(turns.size(), std::size_t{5});
        QVERIFY(turns[0].speaker == Speaker::Agent && turns[0].speakerRaw == u"assistant");
        QVERIFY(turns[0].kind == TurnKind::Message && turns[0].at == at("2026-04-18T14:37:12.250Z"));
        QVERIFY(turns[0].offset == std::chrono::milliseconds(1250) && turns[0].isEstimated);
        QVERIFY(turns[0].duration == std::chrono::milliseconds(1900) && !turns[0].tool);
        QVERIFY(turns[1].speaker == Speaker::Customer && turns[1].text == u"What does the yearly plan cost?");
        QVERIFY(turns[2].kind == TurnKind::ToolCall && turns[2].speaker == Speaker::Tool);
        QVERIFY((turns[2].tool == ToolUse{u"find_plan"_s, u"{\"term\":\"year\"}"_s, QString(),
                                          at("2026-04-18T14:37:20Z"), at("2026-04-18T14:37:21Z")}));
        QCOMPARE(turns[2].text, u"find_plan {\"term\":\"year\"}"_s);
        QVERIFY(turns[3].kind == TurnKind::ToolOutput && turns[3].text == u"{\"price\":384}");
        QVERIFY(turns[4].kind == TurnKind::Interruption && turns[4].speaker == Speaker::Unknown);
        QVERIFY(turns[4].text.isEmpty() && turns[4].duration == std::chrono::milliseconds(0));
    }

    void oddEntriesAreKeptInOrder() {
        const auto odd = oddTurns(0);
        QCOMPARE(odd.size(), std::size_t{5});
        QStringList texts;
        for (const Turn& turn : odd) {
            texts += turn.text;
        }
        QCOMPARE(texts, (QStringList{u"12345"_s, u"b"_s, u"c"_s, u"last"_s, u"after the last"_s}));
        QVERIFY(odd[0].speaker == Speaker::Unknown && odd[0].speakerRaw.isEmpty());
        QVERIFY(odd[1].at && !odd[1].offset && !odd[1].isEstimated && !odd[1].duration);  // before the recording
        QVERIFY(odd[2].speaker == Speaker::System && !odd[2].at && !odd[2].duration);
        QVERIFY(odd[3].kind == TurnKind::Message && odd[3].speaker == Speaker::Unknown &&
                odd[3].speakerRaw == u"robot");
    }

    void toolCallsThatTellTheirOutput() {
        const auto both = oddTurns(1);
        QCOMPARE(both.size(), std::size_t{3});
        QVERIFY(both[0].tool->arguments == u"{\"day\":1}" && both[0].tool->output == u"{\"ok\":true}");
        QVERIFY(both[0].speakerRaw == u"assistant" && both[0].speaker == Speaker::Tool);
        QVERIFY(both[1].tool->name.isEmpty() && both[1].tool->output == u"{\"ok\":1}");
        QVERIFY(both[2].tool && *both[2].tool == ToolUse{});
    }

    void timesOfTurnsNeedTheBeginning() {
        const auto turns = oddTurns(2);
        QVERIFY(turns.size() == 1 && turns[0].at && !turns[0].offset && !turns[0].isEstimated);
    }

    void zonelessTimes() {
        Account indian = account();
        indian.assumedZone = u"Asia/Kolkata"_s;
        const Call call = odd(indian).calls.at(3);
        QCOMPARE(toIsoText(*call.createdTime), u"2026-04-18T14:37:02.000Z"_s);
        QCOMPARE(call.zoneAssumed, (QStringList{u"created_at"_s, u"started_at"_s}));
        QVERIFY(m_vatel->details(indian, call).transcript[0].offset == std::chrono::seconds(1));
    }

    void transcriptThatIsNone_data() {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QString>("has");
        QTest::addColumn<bool>("isNoted");
        const auto row = [](const char* written, const char* has, bool isNoted) {
            QTest::newRow(written) << QByteArray(written) << QString::fromLatin1(has) << isNoted;
        };
        row("null", "false", false);
        row("{}", "false", false);
        row("[]", "false", false);
        row(R"({"entries":null})", "false", false);
        row(R"({"entries":[]})", "false", false);
        row(R"({"entries":"x"})", "unknown", true);
        row(R"({"entries":{"0":{}}})", "unknown", true);
        row(R"("")", "unknown", true);
        row(R"("just text")", "unknown", true);
        row("[1]", "unknown", true);
        row("17", "unknown", true);
        row(R"({"entries":[5,null]})", "false", true);
        row(R"({"entries":[5,{"message":"x"}]})", "true", true);
        row(R"({"entries":[{}]})", "true", false);
    }
    void transcriptThatIsNone() {
        QFETCH(QByteArray, written);
        QFETCH(QString, has);
        QFETCH(bool, isNoted);
        const Call call = only("\"transcript\":" + written);
        const QString found = call.hasTranscript ? (*call.hasTranscript ? u"true"_s : u"false"_s) : u"unknown"_s;
        QCOMPARE(found, has);
        QCOMPARE(noted(call).size(), isNoted ? 1 : 0);
        QVERIFY(!isNoted || noted(call).first().startsWith(u"transcript"));
        (void)m_vatel->details(account(), call);
    }

    void flagsAndPartsOfOtherKinds() {
        QVERIFY(only(R"("outbound":"true")").direction == Direction::Outbound);
        QCOMPARE(noted(only(R"("outbound":"true")")), QStringList{u"outbound"_s});
        QVERIFY(only(R"("outbound":"perhaps")").direction == Direction::Unknown);
        QVERIFY(only(R"("outbound":null)").direction == Direction::Unknown && only("").direction == Direction::Unknown);
        QCOMPARE(noted(only(R"("tags":"vip","extracted_variables":7,"feedback":"good")")),
                 (QStringList{u"tags"_s, u"extracted_variables"_s, u"feedback"_s}));
        const Call mixed = only(R"("tags":["a",5,null,"b \ud83d"])");
        QCOMPARE(mixed.tags, (QStringList{u"a"_s, u"b \ufffd"_s}));
        QCOMPARE(noted(mixed), QStringList{u"tags"_s});
        QVERIFY(only(R"("cost":"0.25")").cost == 0.25 && noted(only(R"("cost":"0.25")")).isEmpty());
        QVERIFY(only(R"("party_number":15550100002)").customerNumber == u"15550100002");
        const CallDetails empty = m_vatel->details(account(), only(R"("feedback":{"stars":null,"notes":""})"));
        QVERIFY(!empty.feedback);
        QVERIFY(m_vatel->details(account(), only(R"("feedback":{"stars":"3.5"})")).feedback->stars == 3.5);
    }

    void words_data() {
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("common");
        const auto row = [](const char* status, const char* common) {
            QTest::newRow(status) << QString::fromLatin1(status) << QString::fromLatin1(common);
        };
        row("connected", "dialing");
        row("started", "in_progress");
        row("in_progress", "in_progress");
        row("In-Progress ", "in_progress");
        row("ended", "completed");
        row("auth_failed", "failed");
        row("completed", "unknown");
        row("", "unknown");
    }
    void words() {
        QFETCH(QString, status);
        QFETCH(QString, common);
        const Call call = only("\"status\":\"" + status.toUtf8() + '"');
        QCOMPARE(word(call.status), common);
        QCOMPARE(*call.statusRaw, status);
    }

    void endReasons() {
        const auto reason = [this](const char* text) {
            return only(QByteArray("\"termination_reason\":\"") + text + '"').endReason;
        };
        QVERIFY(reason("user_hangup") == EndReason::Customer && reason("ended_by_agent") == EndReason::Agent);
        QVERIFY(reason("transferred") == EndReason::Transferred && reason("Timeout") == EndReason::Timeout);
        QVERIFY(reason("voicemail_detected") == EndReason::Unknown);
        QVERIFY(only(R"("termination_reason":"voicemail_detected")").endReasonRaw == u"voicemail_detected");
    }

    void paging_data() {
        QTest::addColumn<QByteArray>("pagination");
        QTest::addColumn<QString>("more");
        QTest::addColumn<qint64>("total");
        const auto row = [](const char* pagination, const char* more, qint64 total) {
            QTest::newRow(pagination) << QByteArray(pagination) << QString::fromLatin1(more) << total;
        };
        row(R"({"page":1,"page_size":20,"total":312,"total_pages":16,"has_next":true})", "true", 312);
        row(R"({"page":16,"total_pages":16,"has_next":false,"total":0})", "false", 0);
        row(R"({"page":2,"total_pages":3})", "true", -1);
        row(R"({"page":3,"total_pages":3,"has_next":null})", "false", -1);
        row(R"({"has_next":"true","total":"5"})", "true", -1);
        row(R"({"page":0,"page_size":-1,"has_next":[]})", "unknown", -1);
        row("null", "unknown", -1);
        row("[]", "unknown", -1);
    }
    void paging() {
        QFETCH(QByteArray, pagination);
        QFETCH(QString, more);
        QFETCH(qint64, total);
        const auto page = m_vatel->parsePage(account(), pageOf(rowWith({}), pagination));
        QVERIFY(page && page->calls.size() == 1);
        QCOMPARE(page->hasMore ? (*page->hasMore ? u"true"_s : u"false"_s) : u"unknown"_s, more);
        QCOMPARE(page->total.value_or(-1), total);
    }

    void answersThatAreNoPage_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("kind");
        const auto row = [](const char* name, const QByteArray& body, const char* kind) {
            QTest::newRow(name) << body << QString::fromLatin1(kind);
        };
        row("web page", fixture("sign_in.html"), "not_the_api");
        row("nothing", "", "not_the_api");
        row("error with 200", R"({"error":"x"})", "bad_answer");
        row("array", "[]", "bad_answer");
        row("calls null", R"({"calls":null})", "bad_answer");
        row("cut", fixture("vatel_page.json").left(2000), "bad_answer");
    }
    void answersThatAreNoPage() {
        QFETCH(QByteArray, body);
        QFETCH(QString, kind);
        const auto page = m_vatel->parsePage(account(), body);
        QVERIFY(!page);
        QCOMPARE(errorKindWord(page.error().kind), kind);
        QVERIFY(!m_vatel->parseCall(account(), body));
    }

    void listsOfAScope() {
        const Moment now = at("2026-04-20T00:00:00Z");
        const auto whole = m_vatel->lists(account(), {}, {}, now);
        QCOMPARE(whole.size(), std::size_t{1});
        QVERIFY(whole[0].id.isEmpty() && !whole[0].since && !whole[0].until);
        QCOMPARE(m_vatel->callsPageUrl(account(), whole[0], 2).toEncoded(),
                 QByteArray("https://api.example.test/v1/calls?page=2&page_size=100"));

        CallScope scope;
        scope.lastDays = 2;
        scope.since = at("2020-01-01");
        scope.campaigns = {u"run-44"_s};
        scope.agents = {u"b"_s, u"a"_s};
        scope.sources = {u"sip"_s};
        const auto cut = m_vatel->lists(account(), scope, {}, now);
        QCOMPARE(cut.size(), std::size_t{1});
        QVERIFY(cut[0].since == at("2026-04-18T00:00:00Z") && !cut[0].until);
        QCOMPARE(cut[0].id, u"campaigns=run-44&agents=a,b&sources=sip"_s);
        const QUrl url = m_vatel->callsPageUrl(account(), cut[0], 1);
        QCOMPARE(query(url, "agent_ids"), u"b,a"_s);
        QCOMPARE(query(url, "source"), u"sip"_s);
        QCOMPARE(query(url, "date_from"), u"2026-04-18T00:00:00.000Z"_s);
        QVERIFY(!QUrlQuery(url).hasQueryItem(u"date_to"_s) && !QUrlQuery(url).hasQueryItem(u"organization_id"_s));
        QVERIFY(!url.query().contains(u"run-44"));
    }

    void whatTheServerCannotFilterIsNotAsked() {
        CallScope scope;
        scope.sources = {u"sip"_s, u"api"_s};
        const auto several = m_vatel->lists(account(), scope, {}, {});
        QVERIFY(several.size() == 1 && several[0].sources == scope.sources);
        QVERIFY(!m_vatel->callsPageUrl(account(), several[0], 1).query().contains(u"source"));
        scope.sources = {u"webrtc"_s};  // the server would answer 400
        QVERIFY(!m_vatel->callsPageUrl(account(), m_vatel->lists(account(), scope, {}, {})[0], 1)
                     .query()
                     .contains(u"source"));
        const ServerFilters filters = m_vatel->serverFilters();
        QVERIFY(filters.dates && filters.agents && !filters.campaigns && !filters.sources);
    }

    void addresses() {
        Account main = account();
        main.organizationId = u"org 7"_s;
        main.pageSize = 500;
        const QUrl page = m_vatel->callsPageUrl(main, {}, 0);
        QCOMPARE(page.toEncoded(),
                 QByteArray("https://api.example.test/v1/calls?page=1&page_size=100&organization_id=org%207"));
        QCOMPARE(m_vatel->callUrl(main, u"a/b"_s).toEncoded(), QByteArray("https://api.example.test/v1/calls/a%2Fb"));
        QCOMPARE(m_vatel->recordingUrl(main, u"x1"_s).toEncoded(),
                 QByteArray("https://api.example.test/v1/calls/x1/recording"));
        QVERIFY(m_vatel->recordingUrl(main, u".."_s).isEmpty() && m_vatel->callUrl(main, {}).isEmpty());
        QVERIFY(m_vatel->recordingRoute() == RecordingRoute::BehindTheKey);
        QCOMPARE(m_vatel->agentsUrl(main, 1).path(), u"/v1/agents"_s);
        QVERIFY(m_vatel->agentsUrl(main, 2).isEmpty() && m_vatel->campaignsUrl(main, 1).isEmpty());
        QCOMPARE(m_vatel->testUrl(main).path(), u"/v1/organization"_s);
        QVERIFY(m_vatel->searchRequest(main, {u"x"_s}).url.isEmpty() && m_vatel->mostIdsPerSearch() == 0);
        QVERIFY(!m_vatel->rowsMoveByThemselves() && !m_vatel->detailsAreApart());
    }

    void agentsAndOrganisation() {
        const auto agents = m_vatel->parseAgents(
            account(), R"([{"id":"a1","name":"Renewals","status":"active"},{"name":"no id"},{"id":"a2","name":null}])");
        QVERIFY(agents && agents->entries.size() == 2 && agents->rejectedRows == 1 && !agents->hasMore);
        QVERIFY(agents->entries[0].name == u"Renewals" && agents->entries[1].name.isEmpty());
        QVERIFY(m_vatel->parseAgents(account(), "[]")->entries.empty());
        QVERIFY(m_vatel->parseAgents(account(), R"({"error":"x"})").error().kind == ErrorKind::BadAnswer);
        QVERIFY(m_vatel->parseCampaigns(account(), "[]").error().kind == ErrorKind::NotSupported);
        QCOMPARE(*m_vatel->parseTest(account(), R"({"id":"o","name":" Acme Desk "})"), u"Acme Desk"_s);
        QCOMPARE(*m_vatel->parseTest(account(), R"({"id":"o"})"), QString());
        QVERIFY(m_vatel->parseTest(account(), R"({"error":"x"})").error().kind == ErrorKind::BadAnswer);
        QVERIFY(m_vatel->parseTest(account(), fixture("sign_in.html")).error().kind == ErrorKind::NotTheApi);
    }

    void errors() {
        const Error refused = m_vatel->parseError(400, R"({"error":"invalid status filter"})");
        QVERIFY(refused.kind == ErrorKind::Refused && refused.message == u"invalid status filter");
        QCOMPARE(refused.code, u"http_400"_s);
        QVERIFY(m_vatel->parseError(401, "").kind == ErrorKind::Unauthorized);
        QVERIFY(m_vatel->parseError(404, R"({"error":"call not found"})").kind == ErrorKind::NotFound);
        QVERIFY(m_vatel->parseError(429, "{}").kind == ErrorKind::RateLimited);
        QVERIFY(m_vatel->parseError(503, fixture("sign_in.html")).kind == ErrorKind::ServerTrouble);
        QCOMPARE(m_vatel->parseError(400, R"({"error":{"code":7}})").message, u"{\"code\":7}"_s);
    }

    void everyCutIsRefused() {
        const QByteArray good = fixture("vatel_page.json").trimmed();
        for (qsizetype length = 0; length < good.size(); length += 11) {
            QVERIFY(!m_vatel->parsePage(account(), good.left(length)).has_value());
        }
    }

    void aHundredThousandEntries() {
        QByteArray entries;
        for (int i = 0; i < 100'000; ++i) {
            entries += (i > 0 ? ",{\"index\":" : "{\"index\":") + QByteArray::number(99'999 - i) +
                       R"(,"role":"user","message":"word","type":"message"})";
        }
        const Call call = only(R"("transcript":{"entries":[)" + entries + "]}");
        QVERIFY(call.hasTranscript == true && call.fieldErrors.empty());
        QCOMPARE(call.transcriptText->size(), qsizetype{499'999});
        QCOMPARE(m_vatel->details(account(), call).transcript.size(), std::size_t{100'000});
    }
};

QTEST_GUILESS_MAIN(TestVatelDialect)
#include "tst_vateldialect.moc"
