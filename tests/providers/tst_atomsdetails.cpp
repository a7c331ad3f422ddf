// What smallest.ai Atoms tells beyond a row: details, searches, transcripts, metrics; on fixtures of our own.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>
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

QString written(const Turn& turn) {
    return word(turn.speaker) + u'|' + turn.speakerRaw + u'|' + turn.text;
}

QString written(const Metric& metric) {
    return metric.name + u'|' + metric.value.value_or(u"null"_s) + u'|' + metric.type + u'|' +
           (metric.confidence ? QString::number(*metric.confidence) : u"null"_s) + u'|' +
           metric.reason.value_or(u"null"_s);
}

QString written(const Latency& latency) {
    return latency.part + u'|' + QString::number(latency.ms) +
           (latency.turn ? u'|' + QString::number(*latency.turn) : QString());
}

template <typename T>
QStringList allWritten(const std::vector<T>& entries) {
    QStringList texts;
    for (const T& entry : entries) {
        texts += written(entry);
    }
    return texts;
}

QStringList noted(const Call& call) {
    QStringList names;
    for (const FieldError& error : call.fieldErrors) {
        names += error.path;
    }
    return names;
}

}  // namespace

class TestAtomsDetails : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_atoms = readDialectFor(Provider::Atoms);

    Call row(const QByteArray& members) const {
        const auto page = m_atoms->parsePage(account(), pageOf(objectWith(members)));
        return page && page->calls.size() == 1 ? page->calls.front() : Call{};
    }
    Call detail(const QByteArray& members) const {
        const auto call = m_atoms->parseCall(account(), "{\"status\":true,\"data\":" + objectWith(members) + '}');
        return call ? *call : Call{};
    }

 private Q_SLOTS:
    void initTestCase() { QVERIFY(m_atoms); }

    void aDetailIsAPartOfItsCall() {
        const auto part = m_atoms->parseCall(account(), fixture("atoms_call.json"));
        QVERIFY(part.has_value());
        QVERIFY(part->part == CallPart::Detail && part->raw.isEmpty() && !part->rawDetail.isEmpty());
        QVERIFY(part->agentId == u"66d0a1000000000000000a01" && part->agentName == u"Renewal desk");
        QVERIFY(part->hasTranscript == true && !part->hasRecording.has_value());
        QCOMPARE(
            *part->transcriptText,
            u"Hello, this is the renewal desk.\nWhat does the\nyearly plan cost?\n{\"price\":12.5}\nTake over.\nbare "
            u"words"_s);
        QVERIFY(part->latencyMs == 480);
        QCOMPARE(part->computed, QStringList{u"created_time"_s});
        QVERIFY2(part->fieldErrors.empty(), qPrintable(noted(*part).join(u',')));

        const Call known = m_atoms->parsePage(account(), fixture("atoms_page.json"))->calls[0];
        const Call whole = mergedCall(known, *part);
        QCOMPARE(toIsoText(*whole.createdTime), u"2026-04-18T14:37:02.400Z"_s);
        QVERIFY(whole.computed.isEmpty());
        QVERIFY(whole.raw == known.raw && whole.rawDetail == part->rawDetail);
        QVERIFY(whole.hasRecording == true && whole.recordingUrl == known.recordingUrl);
        QVERIFY(whole.endReason == EndReason::Customer && whole.sentiment == u"positive");
        QCOMPARE(*whole.summary, u"Asked for the price."_s);
        const Call again = mergedCall(whole, known);
        QVERIFY(again.hasTranscript == true && again.agentName == u"Renewal desk" && again.computed.isEmpty());
        QVERIFY(again.rawDetail == part->rawDetail);
    }

    void aSearchAnswersExcerpts() {
        const auto found =
            m_atoms->parseSearch(account(), R"({"status":true,"data":{"logs":[)" + objectWith(R"("status":"failed")") +
                                                R"(],"total":1,"requestedCount":2}})");
        QVERIFY(found.has_value());
        QVERIFY(found->calls.at(0).part == CallPart::Excerpt);
        const Call known = m_atoms->parsePage(account(), fixture("atoms_page.json"))->calls[0];
        const Call whole = mergedCall(known, found->calls.at(0));
        QVERIFY(whole.status == CallStatus::Failed && whole.raw == known.raw);
        QCOMPARE(toIsoText(*whole.createdTime), u"2026-04-18T14:37:02.400Z"_s);
        Call empty;
        QVERIFY(!mergedCall(empty, found->calls.at(0)).raw.isEmpty());
    }

    void transcripts_data() {
        QTest::addColumn<QByteArray>("transcript");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isNoted");
        QTest::newRow("plain texts") << R"(["Hello.","I cannot log in."])"_ba << u"Hello.\nI cannot log in."_s << false;
        QTest::newRow("null") << "null"_ba << QString() << false;
        QTest::newRow("empty list") << "[]"_ba << QString() << false;
        QTest::newRow("empty object") << "{}"_ba << QString() << false;
        QTest::newRow("empty text") << "\"\""_ba << QString() << false;
        QTest::newRow("text") << "\"just a text\""_ba << u"just a text"_s << true;
        QTest::newRow("number") << "17"_ba << QString() << true;
        QTest::newRow("nothing but silence") << R"([{"role":"user","content":" "},null,{}])"_ba << QString() << false;
    }
    void transcripts() {
        QFETCH(QByteArray, transcript);
        QFETCH(QString, text);
        QFETCH(bool, isNoted);
        const Call call = detail("\"transcript\":" + transcript);
        QCOMPARE(call.transcriptText.value_or(QString()), text);
        QCOMPARE(noted(call), isNoted ? QStringList{u"transcript"_s} : QStringList());
        QVERIFY(isNoted || call.hasTranscript == !text.isEmpty());
        const Call inRow = row("\"transcript\":" + transcript);
        QVERIFY(inRow.hasTranscript == (text.isEmpty() ? std::nullopt : std::optional(true)));
        QVERIFY(!row({}).hasTranscript.has_value());
        QVERIFY(detail({}).hasTranscript == false);
    }

    void turnsOfADetail() {
        const Call call = *m_atoms->parseCall(account(), fixture("atoms_call.json"));
        const CallDetails details = m_atoms->details(account(), call);
        QCOMPARE(allWritten(details.transcript),
                 (QStringList{u"agent|agent|Hello, this is the renewal desk."_s,
                              u"customer|user|What does the\nyearly plan cost?"_s, u"tool|tool|{\"price\":12.5}"_s,
                              u"unknown|supervisor|Take over."_s, u"unknown||bare words"_s}));
        const Turn& first = details.transcript[0];
        QCOMPARE(toIsoText(*first.at), u"2026-04-18T14:37:11.419Z"_s);
        // Nothing tells where the recording begins: the event "call_started" does not.
        QVERIFY(!first.offset && !first.isEstimated);
        QVERIFY(!details.transcript[2].at && !details.transcript[2].offset && !details.transcript[3].at);
    }

    void detailsOfRowAndDetailTogether() {
        const Call known = m_atoms->parsePage(account(), fixture("atoms_page.json"))->calls[0];
        const Call whole = mergedCall(known, *m_atoms->parseCall(account(), fixture("atoms_call.json")));
        const CallDetails details = m_atoms->details(account(), whole);
        QCOMPARE(allWritten(details.metrics),
                 (QStringList{u"wants_callback|true|boolean|1|null"_s, u"interest|high|ENUM|0.5|null"_s,
                              u"Sentiment|positive||0.8|null"_s, u"Next action|Call on Monday||null|null"_s,
                              u"mood_later|calm||null|null"_s}));
        QStringList variables;
        for (const Variable& one : details.variables) {
            variables += one.name + u'=' + one.value.value_or(u"null"_s);
        }
        QCOMPARE(variables, (QStringList{u"zone=Europe/Berlin"_s, u"age=41"_s, u"address={\"city\":\"Köln\"}"_s,
                                         u"empty="_s, u"none=null"_s}));
        QCOMPARE(allWritten(details.latency),
                 (QStringList{u"transcriber|250"_s, u"agent|480"_s, u"synthesizer|139"_s}));
        QCOMPARE(allWritten(m_atoms->details(account(), known).latency),
                 (QStringList{u"turn_average|760"_s, u"turn|720|1"_s, u"turn|610.5|2"_s}));
        QStringList others;
        for (const OtherValue& one : details.others) {
            others += one.name;
            QVERIFY2(!one.value.contains(u"sig="), qPrintable(one.name));
        }
        for (const char* name : {"_id", "events", "voiceConfigUsed", "slmModelUsed", "agent.workflowType",
                                 "versionNumber", "isTest", "retryCount", "turnLatencyMetrics.medianLatency"}) {
            QVERIFY2(others.contains(QLatin1StringView(name)), name);
        }
        QVERIFY(!others.contains(u"status") && !others.contains(u"transcript") && !others.contains(u"from"));
        QCOMPARE(static_cast<qsizetype>(QSet<QString>(others.begin(), others.end()).size()), others.size());
        QVERIFY(m_atoms->details(account(), Call{}) == CallDetails{});
    }

    void wrongFormsAreNotedWhereTheyStand() {
        const Call call = row(
            R"("agent":"a","postCallAnalytics":{"summary":[1],"dispositionMetrics":"x"},"turnLatencyMetrics":{"avgLatency":{}},)"
            R"("average_agent_latency":true,"recordingDualUrl":5,"callFailureReason":{})");
        QCOMPARE(noted(call), (QStringList{u"agent"_s, u"recordingDualUrl"_s, u"callFailureReason"_s,
                                           u"postCallAnalytics.summary"_s, u"postCallAnalytics.dispositionMetrics"_s,
                                           u"turnLatencyMetrics.avgLatency"_s, u"average_agent_latency"_s}));
        QVERIFY(!call.summary && !call.latencyMs && !call.agentId && !call.agentName);
    }
};

QTEST_GUILESS_MAIN(TestAtomsDetails)
#include "tst_atomsdetails.moc"
