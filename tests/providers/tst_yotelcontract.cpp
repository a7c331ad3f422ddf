// Yotel's reading against the shared collection of good, odd and broken answers and what is known to be in them.
// Skipped, and said so, where the collection is not beside the source.
#include <QDirIterator>
#include <QSet>
#include <QTest>

#include "models/domain/timings.h"
#include "models/providers/yotelfields.h"
#include "tests/providers/sharedanswers.h"

using namespace earmark;
using namespace earmark::test;

class TestYotelContract : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_yotel = readDialectFor(Provider::Yotel);
    Account m_account;
    QJsonObject m_truth;
    std::vector<Call> m_calls;

    CallPage anomaly(const char* name) const {
        const auto page =
            m_yotel->parsePage(m_account, contents(QStringLiteral("anomalies/yotel/") + QString::fromLatin1(name)));
        return page ? *page : CallPage{};
    }

    const Call* find(const QString& id) const { return findCall(m_calls, id); }

 private Q_SLOTS:
    void initTestCase() {
        if (!hasSharedAnswers()) {
            QSKIP("The shared collection of answers is not beside the source: contract tests are skipped.");
        }
        m_account.name = QStringLiteral("main");
        m_truth = truthOf(Provider::Yotel);
        QDirIterator pages(sharedData() + QStringLiteral("pages/yotel/campaigns"), {QStringLiteral("*.json")},
                           QDir::Files, QDirIterator::Subdirectories);
        while (pages.hasNext()) {
            QFile file(pages.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto page = m_yotel->parsePage(m_account, file.readAll());
            QVERIFY2(page.has_value(), qPrintable(file.fileName()));
            QCOMPARE(page->rejectedRows, 0);
            QVERIFY(page->total && page->page && page->pageSize);
            m_calls.insert(m_calls.end(), page->calls.begin(), page->calls.end());
        }
        const QDir singles(sharedData() + QStringLiteral("pages/yotel/calls"));
        for (const QString& name : singles.entryList({QStringLiteral("*.json")}, QDir::Files)) {
            const auto call = m_yotel->parseCall(m_account, contents(QStringLiteral("pages/yotel/calls/") + name));
            QVERIFY2(call.has_value(), qPrintable(name));
            m_calls.push_back(*call);
        }
    }

    void allCallsAreThere() {
        QCOMPARE(static_cast<int>(m_calls.size()), m_truth.value(QStringLiteral("rows")).toInt());
        QStringList ids;
        for (const Call& call : m_calls) {
            ids += call.key.remoteId;
            QVERIFY(call.fieldErrors.empty());
            QVERIFY(call.zoneAssumed.isEmpty());
            QVERIFY(QJsonDocument::fromJson(call.raw).isObject());
        }
        QStringList known;
        for (const auto& id : m_truth.value(QStringLiteral("order")).toArray()) {
            known += id.toString();
        }
        ids.sort();
        known.sort();
        QCOMPARE(ids, known);
    }

    void sums() {
        double ring = 0;
        double talk = 0;
        double total = 0;
        int recordings = 0;
        for (const Call& call : m_calls) {
            ring += call.ringSeconds.value_or(0);
            talk += call.talkSeconds.value_or(0);
            total += call.totalSeconds.value_or(0);
            recordings += call.hasRecording.value_or(false) ? 1 : 0;
        }
        QCOMPARE(ring, m_truth.value(QStringLiteral("sum_ring_duration_s")).toDouble());
        QCOMPARE(talk, m_truth.value(QStringLiteral("sum_talk_duration_s")).toDouble());
        QCOMPARE(total, m_truth.value(QStringLiteral("sum_total_duration_s")).toDouble());
        QCOMPARE(recordings, m_truth.value(QStringLiteral("has_recording")).toInt());
        QVERIFY(ring > 0 && talk > 0 && total > 0 && recordings > 0);
    }

    void nullsPerField() {
        const QJsonObject nulls = m_truth.value(QStringLiteral("nulls")).toObject();
        QVERIFY(!nulls.isEmpty());
        int seen = 0;
        for (const CallField& field : yotelFields()) {
            const auto count =
                std::count_if(m_calls.begin(), m_calls.end(), [&](const Call& call) { return isNull(field, call); });
            const QJsonValue known = nulls.value(QLatin1StringView(field.name));
            seen += known.isUndefined() ? 0 : 1;
            QVERIFY2(count == known.toInt(0), field.name);
        }
        QCOMPARE(seen, static_cast<int>(nulls.size()));
    }

    void countsPerWord() {
        const auto known = [this](const char* name) { return m_truth.value(QLatin1StringView(name)).toObject(); };
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.statusRaw); }), known("status"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.typeRaw); }), known("direction"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.disposition); }), known("disposition"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.sentiment); }), known("ai_sentiment"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.hangupCause); }), known("hangup_cause"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.campaignId); }), known("per_campaign"));
    }

    void commonWordsFollowFromTheRawOnes() {
        const QJsonObject raw = m_truth.value(QStringLiteral("status")).toObject();
        const QJsonObject common = counted(m_calls, [](const Call& call) { return word(call.status); });
        QCOMPARE(common.value(QStringLiteral("completed")), raw.value(QStringLiteral("completed")));
        QCOMPARE(common.value(QStringLiteral("ringing")), raw.value(QStringLiteral("ringing")));
        QCOMPARE(common.value(QStringLiteral("dialing")), raw.value(QStringLiteral("dialing")));
        QCOMPARE(common.value(QStringLiteral("in_progress")).toInt(),
                 raw.value(QStringLiteral("answered")).toInt() + raw.value(QStringLiteral("agent_connected")).toInt());
        int notCome = 0;
        for (const char* word : {"failed", "no_answer", "busy", "cancelled"}) {
            notCome += common.value(QLatin1StringView(word)).toInt();
        }
        QCOMPARE(notCome, raw.value(QStringLiteral("failed")).toInt());
        QVERIFY(common.value(QStringLiteral("no_answer")).toInt() > 0 &&
                common.value(QStringLiteral("busy")).toInt() > 0);
        for (const Call& call : m_calls) {
            const bool isKnown = call.typeRaw == u"inbound" || call.typeRaw == u"outbound";
            QCOMPARE(call.direction != Direction::Unknown, isKnown);
            if (call.status == CallStatus::NoAnswer) {
                QVERIFY(call.endReason == EndReason::NotAnswered);
            }
        }
    }

    void unknownWordsAreKept() {
        int checked = 0;
        for (const auto& entry : json(QStringLiteral("truth.json")).value(QStringLiteral("unknown_values")).toArray()) {
            if (entry.toObject().value(QStringLiteral("provider")).toString() != u"yotel") {
                continue;
            }
            const Call* call = find(entry.toObject().value(QStringLiteral("id")).toString());
            QVERIFY(call);
            const QJsonObject raw = QJsonDocument::fromJson(call->raw).object();
            const QJsonObject fields = entry.toObject().value(QStringLiteral("fields")).toObject();
            for (const QString& name : fields.keys()) {
                QCOMPARE(raw.value(name), fields.value(name));
                for (const CallField& field : yotelFields()) {
                    if (name == QLatin1StringView(field.name)) {
                        QCOMPARE(call->*std::get<std::optional<QString> Call::*>(field.member),
                                 fields.value(name).toString());
                    }
                }
                if (name == u"status") {
                    QVERIFY(call->status == CallStatus::Unknown);
                }
                ++checked;
            }
        }
        QVERIFY(checked >= 7);
    }

    void timesOfTheDialogues() {
        int checked = 0;
        for (const auto& entry : json(QStringLiteral("truth.json")).value(QStringLiteral("calls")).toArray()) {
            const QJsonObject known = entry.toObject();
            const Call* call =
                find(known.value(QStringLiteral("ids")).toObject().value(QStringLiteral("yotel")).toString());
            QVERIFY(call);
            const auto same = [&](const std::optional<Moment>& time, const char* name) {
                return time && toIsoText(*time) == known.value(QLatin1StringView(name))
                                                       .toString()
                                                       .replace(QStringLiteral("Z"), QStringLiteral(".000Z"));
            };
            QVERIFY(same(call->dialTime, "dial") && same(call->ringTime, "ring") && same(call->answerTime, "answer"));
            QVERIFY(same(call->agentConnectTime, "agent_connect") && same(call->endTime, "end"));
            QCOMPARE(*call->ringSeconds, known.value(QStringLiteral("ring_s")).toDouble());
            QCOMPARE(*call->talkSeconds, known.value(QStringLiteral("talk_s")).toDouble());
            QCOMPARE(*call->totalSeconds, known.value(QStringLiteral("total_s")).toDouble());
            QCOMPARE(timingsOf(*call).problems, QStringList());
            ++checked;
        }
        QCOMPARE(checked, 20);
    }

    void emptyPageAndErrorBody() {
        const auto empty = m_yotel->parsePage(m_account, contents(QStringLiteral("pages/yotel/empty.json")));
        QVERIFY(empty && empty->calls.empty() && empty->rejectedRows == 0 && empty->total == 0);
        const Error error = m_yotel->parseError(404, contents(QStringLiteral("pages/yotel/error_404.json")));
        QVERIFY(error.kind == ErrorKind::NotFound);
        QCOMPARE(error.message, QStringLiteral("Campaign not found"));
    }

    void everyOddAnswerIsReadInFull() {
        // Rows and distinct ids as announced; the two without numbers have tests of their own.
        int checked = 0;
        for (const auto& entry :
             json(QStringLiteral("anomalies/cases.json")).value(QStringLiteral("cases")).toArray()) {
            const QJsonObject known = entry.toObject();
            const QString file = known.value(QStringLiteral("file")).toString();
            if (!file.startsWith(u"yotel/")) {
                continue;
            }
            const auto page = m_yotel->parsePage(m_account, contents(QStringLiteral("anomalies/") + file));
            QVERIFY2(page.has_value(), qPrintable(file));
            ++checked;
            if (known.value(QStringLiteral("rows")).isDouble()) {
                const int rows = static_cast<int>(page->calls.size()) + page->rejectedRows;
                QVERIFY2(rows == known.value(QStringLiteral("rows")).toInt(), qPrintable(file));
            }
        }
        QCOMPARE(checked, QDir(sharedData() + QStringLiteral("anomalies/yotel")).entryList(QDir::Files).size());
    }

    void brokenBodies_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("outcome");
        for (const auto& [file, outcome] : test::brokenBodies(true)) {
            QTest::newRow(qPrintable(file)) << file << outcome;
        }
    }
    void brokenBodies() {
        QFETCH(QString, file);
        QFETCH(QString, outcome);
        const auto page = m_yotel->parsePage(m_account, contents(QStringLiteral("anomalies/malformed/") + file));
        QCOMPARE(page ? QStringLiteral("read") : errorKindWord(page.error().kind), outcome);
        if (page) {
            QVERIFY(!page->calls.empty() && page->rejectedRows == 0);
        }
    }

    void noBrokenBodyIsForgotten() {
        const QDir folder(sharedData() + QStringLiteral("anomalies/malformed"));
        QCOMPARE(folder.entryList(QDir::Files).size(), 17);
        const auto twice = m_yotel->parsePage(m_account, contents(QStringLiteral("anomalies/malformed/dup_keys.json")));
        QCOMPARE(twice->calls.front().key.remoteId, QStringLiteral("k2"));
        QVERIFY(twice->total == 1);
        const auto half =
            m_yotel->parsePage(m_account, contents(QStringLiteral("anomalies/malformed/lone_surrogate.json")));
        QCOMPARE(*half->calls.front().notes, QStringLiteral("half \ufffd pair"));
    }

    void idsOfOtherTypes() {
        const CallPage page = anomaly("id_types.json");
        QStringList ids;
        for (const Call& call : page.calls) {
            ids += call.key.remoteId;
        }
        QStringList known;
        for (const auto& id : oddAnswer(Provider::Yotel, "id_types.json").value(QStringLiteral("ids")).toArray()) {
            known += id.toString();
        }
        QCOMPARE(known.size(), 4);
        QCOMPARE(ids, known);
    }

    void missingAndNullFields() {
        const CallPage nulls = anomaly("all_nulls.json");
        QCOMPARE(nulls.calls.size(), std::size_t{3});
        for (const Call& call : nulls.calls) {
            QVERIFY(call.fieldErrors.empty());
            QVERIFY(!call.dialTime && !call.talkSeconds && !call.summary && !call.recordingUrl &&
                    call.hasRecording == true);
        }
        const CallPage missing = anomaly("missing_fields.json");
        QCOMPARE(missing.calls.size(), std::size_t{3});
        QCOMPARE(missing.rejections, QStringList{QStringLiteral("row 4: no id")});
        QVERIFY(missing.calls[0].fieldErrors.empty());
        QCOMPARE(noted(missing.calls[2]), (QStringList{QStringLiteral("fs_uuid"), QStringLiteral("direction"),
                                                       QStringLiteral("status"), QStringLiteral("has_recording")}));
        QVERIFY(!missing.calls[2].hasRecording);
    }

    void summariesOfOtherTypes() {
        const CallPage page = anomaly("empty_transcript.json");
        QCOMPARE(page.calls.size(), std::size_t{6});
        const QList<bool> isNoted{true, false, true, false, false, false};
        for (std::size_t i = 0; i < 6; ++i) {
            QCOMPARE(noted(page.calls[i]),
                     isNoted[static_cast<qsizetype>(i)] ? QStringList{QStringLiteral("ai_summary")} : QStringList());
        }
        QVERIFY(!page.calls[0].summary && !page.calls[1].summary && !page.calls[2].summary && !page.calls[4].summary);
        QVERIFY(page.calls[3].summary == QString());
        QVERIFY(page.calls[5].summary == u"just a string");
    }

    void hostileTextsComeThroughUnchanged() {
        const QJsonArray known =
            oddAnswer(Provider::Yotel, "html_script.json").value(QStringLiteral("texts")).toArray();
        const CallPage page = anomaly("html_script.json");
        QCOMPARE(static_cast<qsizetype>(page.calls.size()), known.size());
        for (qsizetype i = 0; i < known.size(); ++i) {
            QVERIFY(page.calls[static_cast<std::size_t>(i)].notes == known.at(i).toString());
        }
    }

    void longTextsAreWhole() {
        const CallPage page = anomaly("long_text.json");
        QCOMPARE(page.calls.size(), std::size_t{4});
        const QJsonArray raw =
            json(QStringLiteral("anomalies/yotel/long_text.json")).value(QStringLiteral("items")).toArray();
        for (std::size_t i = 0; i < 4; ++i) {
            QVERIFY(page.calls[i].notes ==
                    raw.at(static_cast<qsizetype>(i)).toObject().value(QStringLiteral("notes")).toString());
            QVERIFY(page.calls[i].fieldErrors.empty());
        }
    }

    void timesInManyForms() {
        const CallPage page = anomaly("timestamps.json");
        QCOMPARE(timesRead(page.calls, &Call::dialTime, QStringLiteral("dial_time")), test::timesInManyForms());
    }

    void durationsInManyForms() {
        const CallPage page = anomaly("durations.json");
        QCOMPARE(durationsRead(page.calls, QStringLiteral("talk_duration_s")).mid(0, 10), test::durationsInManyForms());
        const CallTimings backwards = timingsOf(page.calls.back());
        QVERIFY(!backwards.problems.isEmpty());
        QVERIFY(backwards.marks.back().outOfOrder);
        QVERIFY(timingsOf(page.calls.front()).problems.contains(QStringLiteral("Talk time is negative")));
    }

    void statusWordsInManyForms() {
        const CallPage page = anomaly("status_values.json");
        QStringList common;
        for (const Call& call : page.calls) {
            common += word(call.status);
        }
        const QString none = QStringLiteral("unknown");
        QCOMPARE(common, (QStringList{QStringLiteral("completed"), QStringLiteral("completed"), none, none, none, none,
                                      none, none, none, none, none}));
        QVERIFY(page.calls[1].statusRaw == u" completed ");
        QVERIFY(page.calls[2].statusRaw == QString() && page.calls[2].fieldErrors.empty());
        QVERIFY(!page.calls[3].statusRaw && noted(page.calls[3]) == QStringList{QStringLiteral("status")});
        QVERIFY(!page.calls[8].statusRaw && noted(page.calls[8]) == QStringList{QStringLiteral("status")});
        QVERIFY(!page.calls[9].statusRaw && noted(page.calls[9]) == QStringList{QStringLiteral("status")});
        QVERIFY(page.calls[10].statusRaw->size() >= 300);
    }

    void recordingAddresses() {
        const CallPage page = anomaly("recording_urls.json");
        QCOMPARE(page.calls.size(), std::size_t{19});
        QVERIFY(page.calls[0].hasRecording == true && !page.calls[0].recordingUrl);
        QVERIFY(page.calls[1].hasRecording == true && !page.calls[1].recordingUrl);
        QVERIFY(page.calls[4].hasRecording == false && page.calls[4].recordingUrl == u"/recordings/a.wav");
        QVERIFY(page.calls[16].recordingUrl == u"http://127.0.0.1:8099/audio/edge/zero_bytes.wav");
        QVERIFY(!page.calls[18].recordingUrl && noted(page.calls[18]) == QStringList{QStringLiteral("recording_url")});
    }

    void pagingFieldsThatLie() {
        QVERIFY(anomaly("total_too_big.json").total == 99);
        QVERIFY(anomaly("total_zero.json").total == 0);
        const CallPage text = anomaly("total_string.json");
        QVERIFY(!text.total && !text.page && text.calls.size() == 5);
        const CallPage none = anomaly("no_pagination.json");
        QVERIFY(!none.total && !none.page && !none.pageSize && none.calls.size() == 5);
        const CallPage endless = anomaly("endless_next.json");
        QVERIFY(endless.calls.empty() && endless.total == 500 && endless.page == 4 && endless.pageSize == 10);
    }

    void rowsInOtherForms() {
        const CallPage mixed = anomaly("rows_mixed.json");
        QCOMPARE(mixed.calls.size(), std::size_t{1});
        QCOMPARE(mixed.rejectedRows, 4);
        const CallPage object = anomaly("rows_as_object.json");
        QVERIFY(object.calls.size() >= 2);
        QCOMPARE(object.rejectedRows, 0);
        QVERIFY(object.calls[0].key.remoteId.endsWith(u"240") && object.calls[1].key.remoteId.endsWith(u"241"));
    }

    void sameCallOnTwoPages() {
        const CallPage first = anomaly("dup_page_1.json");
        const CallPage second = anomaly("dup_page_2.json");
        const QString changed =
            oddAnswer(Provider::Yotel, "dup_page_2.json").value(QStringLiteral("changed_id")).toString();
        QSet<QString> ids;
        QStringList notes;
        for (const CallPage* page : {&first, &second}) {
            for (const Call& call : page->calls) {
                ids += call.key.remoteId;
                if (call.key.remoteId == changed) {
                    notes += orNull(call.notes);
                }
            }
        }
        QCOMPARE(static_cast<int>(ids.size()),
                 oddAnswer(Provider::Yotel, "dup_page_2.json").value(QStringLiteral("unique_over_both")).toInt());
        QCOMPARE(notes.size(), 2);
        QVERIFY(notes[0] != notes[1]);
    }

    void providersSamples() {
        const auto sample = [](const char* name) {
            QFile file(QStringLiteral(EARMARK_SHARED_DIR "/providers/samples/") + QString::fromLatin1(name));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        if (sample("yotel-call.json").isEmpty()) {
            QSKIP("The providers' samples are not beside the source.");
        }
        QVERIFY(m_yotel->parseCall(m_account, sample("yotel-call.json"))->fieldErrors.empty());
        QCOMPARE(m_yotel->parsePage(m_account, sample("yotel-calls-list.json"))->calls.size(), std::size_t{3});
        QVERIFY(m_yotel->parseCampaigns(m_account, sample("yotel-campaigns-list.json"))->entries.size() >= 1);
        QCOMPARE(m_yotel->parseError(401, sample("yotel-error-401.json")).message, QStringLiteral("Invalid API key"));
        QVERIFY(m_yotel->parseError(422, sample("yotel-error-422.json")).message.startsWith(u"query.page_size: "));
    }
};

QTEST_GUILESS_MAIN(TestYotelContract)
#include "tst_yotelcontract.moc"
