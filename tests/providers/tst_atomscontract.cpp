// The reading of smallest.ai Atoms against the shared collection of good, odd and broken answers and what is known to
// be in them. Skipped, and said so, where the collection is not beside the source.
#include <QTest>

#include "models/domain/timings.h"
#include "models/providers/atomsfields.h"
#include "tests/providers/sharedanswers.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestAtomsContract : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_atoms = readDialectFor(Provider::Atoms);
    Account m_account;
    QJsonObject m_truth;
    std::vector<Call> m_rows;
    std::vector<Call> m_calls;  ///< the same with their details

    CallPage anomaly(const char* name) const {
        const auto page = m_atoms->parsePage(m_account, contents(u"anomalies/atoms/"_s + QString::fromLatin1(name)));
        return page ? *page : CallPage{};
    }
    QJsonObject known(const char* name) const { return m_truth.value(QLatin1StringView(name)).toObject(); }

 private Q_SLOTS:
    void initTestCase() {
        if (!hasSharedAnswers()) {
            QSKIP("The shared collection of answers is not beside the source: contract tests are skipped.");
        }
        m_account.name = u"main"_s;
        m_account.provider = Provider::Atoms;
        m_truth = truthOf(Provider::Atoms);
        for (int number = 1; number <= 6; ++number) {
            const auto page = m_atoms->parsePage(m_account, contents(u"pages/atoms/calls_page_%1.json"_s.arg(number)));
            QVERIFY(page.has_value());
            QVERIFY(page->rejectedRows == 0 && page->total == 60 && page->page == number && page->pageSize == 10);
            QVERIFY(page->hasMore == (number < 6));
            m_rows.insert(m_rows.end(), page->calls.begin(), page->calls.end());
        }
        for (const Call& row : m_rows) {
            const auto detail =
                m_atoms->parseCall(m_account, contents(u"pages/atoms/call/%1.json"_s.arg(row.key.remoteId)));
            QVERIFY2(detail.has_value(), qPrintable(row.key.remoteId));
            QVERIFY(detail->part == CallPart::Detail && detail->key == row.key);
            m_calls.push_back(mergedCall(row, *detail));
        }
    }

    void allCallsAreThereInOrder() {
        QCOMPARE(idsOf(m_rows), textsOf(m_truth.value(u"order"_s).toArray()));
        QCOMPARE(static_cast<int>(m_rows.size()), m_truth.value(u"rows"_s).toInt());
        for (const std::vector<Call>* calls : {&m_rows, &m_calls}) {
            for (const Call& call : *calls) {
                QVERIFY2(call.fieldErrors.empty() && call.zoneAssumed.isEmpty() && call.computed.isEmpty(),
                         qPrintable(call.key.remoteId));
                QVERIFY(call.hasRecording.has_value() && call.createdTime && call.costUnit == u"credits");
            }
        }
    }

    void sums() {
        double talk = 0;
        int messages = 0;
        for (const Call& call : m_calls) {
            talk += call.talkSeconds.value_or(0);
            const auto turns = m_atoms->details(m_account, call).transcript;
            messages += static_cast<int>(turns.size());
            QCOMPARE(call.hasTranscript, std::optional(!turns.empty()));
        }
        QCOMPARE(talk, m_truth.value(u"sum_duration"_s).toDouble());
        QCOMPARE(messages, m_truth.value(u"messages"_s).toInt());
        QVERIFY(talk > 0 && messages > 0);
    }

    void nullsPerField() {
        const QJsonObject nulls = known("nulls");
        for (const CallField& field : atomsFields()) {
            const QString name = QString::fromLatin1(field.name);
            if (name == u"from" || name == u"to" || name == u"recordingUrl") {
                continue;  // what they become depends on other members; see the tests of the dialect
            }
            const auto count =
                std::count_if(m_rows.begin(), m_rows.end(), [&](const Call& call) { return isNull(field, call); });
            QVERIFY2(count == nulls.value(name).toInt(0), field.name);
        }
        const auto without = [this](auto member) {
            return static_cast<int>(
                std::count_if(m_rows.begin(), m_rows.end(), [member](const Call& call) { return !(call.*member); }));
        };
        QCOMPARE(without(&Call::latencyMs), nulls.value(u"average_agent_latency"_s).toInt());
        QCOMPARE(without(&Call::summary), nulls.value(u"postCallAnalytics"_s).toInt());
        QCOMPARE(without(&Call::sentiment), nulls.value(u"postCallAnalytics"_s).toInt());
    }

    void countsPerWord() {
        QCOMPARE(counted(m_rows, [](const Call& call) { return orNull(call.statusRaw); }), known("status"));
        QCOMPARE(counted(m_rows, [](const Call& call) { return orNull(call.typeRaw); }), known("type"));
        QCOMPARE(counted(m_rows, [](const Call& call) { return orNull(call.endReasonRaw); }),
                 known("disconnectionReason"));
        QCOMPARE(counted(m_rows, [](const Call& call) { return word(call.status); }), known("status"));
        const QJsonObject directions = counted(m_rows, [](const Call& call) { return word(call.direction); });
        QCOMPARE(directions.value(u"inbound"_s), known("type").value(u"telephony_inbound"_s));
        QCOMPARE(directions.value(u"outbound"_s), known("type").value(u"telephony_outbound"_s));
        QCOMPARE(directions.value(u"web"_s), known("type").value(u"webcall"_s));
        const QJsonObject ends = counted(m_rows, [](const Call& call) { return word(call.endReason); });
        QCOMPARE(ends.value(u"agent"_s), known("disconnectionReason").value(u"agent_hangup"_s));
        QCOMPARE(ends.value(u"customer"_s), known("disconnectionReason").value(u"user_hangup"_s));
        QCOMPARE(ends.value(u"not_answered"_s), known("disconnectionReason").value(u"dial_no_answer"_s));
    }

    void unknownWordsAreKept() {
        const auto words = unknownWords(Provider::Atoms);
        QVERIFY(words.size() >= 3);
        for (auto entry = words.begin(); entry != words.end(); ++entry) {
            const Call* call = findCall(m_calls, entry.key());
            QVERIFY(call);
            const QJsonObject raw = QJsonDocument::fromJson(call->raw).object();
            for (const QString& name : entry->keys()) {
                QCOMPARE(raw.value(name), entry->value(name));
            }
        }
    }

    void numbersByDirection() {
        int checked = 0;
        for (const Call& call : m_rows) {
            const QJsonObject raw = QJsonDocument::fromJson(call.raw).object();
            const bool isInbound = call.direction == Direction::Inbound;
            if (call.direction == Direction::Web) {
                QVERIFY(!call.customerNumber && !call.ownNumber);
                continue;
            }
            QVERIFY(call.customerNumber == raw.value(isInbound ? u"from"_s : u"to"_s).toString());
            QVERIFY(call.ownNumber == raw.value(isInbound ? u"to"_s : u"from"_s).toString());
            ++checked;
        }
        QCOMPARE(checked, 59);
    }

    void dialogues() {
        int checked = 0;
        for (const auto& entry : test::dialogues()) {
            const QJsonObject dialogue = entry.toObject();
            const Call* call = findCall(m_calls, dialogue.value(u"ids"_s).toObject().value(u"atoms"_s).toString());
            QVERIFY(call);
            QVERIFY(toIsoText(*call->createdTime) == dialogue.value(u"dial"_s).toString().replace(u"Z"_s, u".000Z"_s));
            QCOMPARE(timingsOf(*call).problems, QStringList());
            QVERIFY(call->sentiment == dialogue.value(u"sentiment"_s).toString());
            QVERIFY(call->hasRecording == true && call->recordingUrl->contains(u"stereo"));
            QJsonArray spoken;
            for (const Turn& turn : m_atoms->details(m_account, *call).transcript) {
                QVERIFY(turn.at && !turn.offset);  // no event tells where the recording begins
                spoken += QJsonArray{word(turn.speaker), turn.text};
            }
            QJsonArray expected;
            for (const auto& turn : dialogue.value(u"turns"_s).toArray()) {
                expected += QJsonArray{turn.toArray().at(2), turn.toArray().at(3)};
            }
            QCOMPARE(spoken, expected);
            ++checked;
        }
        QCOMPARE(checked, 20);
    }

    void wordsThatAreSearchedFor() {
        const QJsonObject searches = known("search");
        QVERIFY(searches.size() >= 10);
        for (const QString& words : searches.keys()) {
            QStringList found;
            for (const Call& call : m_calls) {
                const QString text = call.transcriptText.value_or(QString()) + u'\n' + call.summary.value_or(QString());
                if (text.contains(words, Qt::CaseInsensitive)) {
                    found += call.key.remoteId;
                }
            }
            QStringList expected = textsOf(searches.value(words).toArray());
            found.sort();
            expected.sort();
            QCOMPARE(found, expected);
        }
    }

    void emptyPageAndErrorBody() {
        const auto empty = m_atoms->parsePage(m_account, contents(u"pages/atoms/empty.json"_s));
        QVERIFY(empty && empty->calls.empty() && empty->total == 0 && empty->hasMore == false);
        const QByteArray body = contents(u"pages/atoms/error_401.json"_s);
        const Error error = m_atoms->parseError(401, body);
        QVERIFY(error.kind == ErrorKind::Unauthorized && error.message == u"Unauthorized");
        QVERIFY(m_atoms->parsePage(m_account, body).error().message == u"Unauthorized");
    }

    void everyOddAnswerIsReadInFull() {
        const auto cases = oddAnswers(Provider::Atoms);
        QCOMPARE(cases.size(), QDir(sharedData() + u"anomalies/atoms"_s).entryList(QDir::Files).size());
        for (const QJsonObject& one : cases) {
            const QString file = one.value(u"file"_s).toString();
            const auto page = m_atoms->parsePage(m_account, contents(u"anomalies/"_s + file));
            QVERIFY2(page.has_value(), qPrintable(file));
            if (one.value(u"rows"_s).isDouble()) {
                const int rows = static_cast<int>(page->calls.size()) + page->rejectedRows;
                QVERIFY2(rows == one.value(u"rows"_s).toInt(), qPrintable(file));
            }
            for (const Call& call : page->calls) {
                (void)m_atoms->details(m_account, call);
            }
        }
    }

    void brokenBodies() {
        for (const auto& [file, outcome] : test::brokenBodies(false)) {
            const QByteArray body = contents(u"anomalies/malformed/"_s + file);
            const auto page = m_atoms->parsePage(m_account, body);
            QVERIFY2(!page && errorKindWord(page.error().kind) == outcome, qPrintable(file));
            QVERIFY2(!m_atoms->parseCall(m_account, body) && !m_atoms->parseAgents(m_account, body), qPrintable(file));
            QVERIFY2(!m_atoms->parseTest(m_account, body) && !m_atoms->parseRecordingLink(body), qPrintable(file));
        }
    }

    void idsOfOtherTypes() {
        QCOMPARE(idsOf(anomaly("id_types.json").calls),
                 textsOf(oddAnswer(Provider::Atoms, "id_types.json").value(u"ids"_s).toArray()));
    }

    void missingAndNullFields() {
        const CallPage nulls = anomaly("all_nulls.json");
        QCOMPARE(nulls.calls.size(), std::size_t{3});
        for (const Call& call : nulls.calls) {
            QVERIFY(call.fieldErrors.empty() && call.status == CallStatus::Completed);
            QVERIFY(!call.talkSeconds && !call.cost && !call.costUnit && !call.customerNumber && !call.summary);
            QVERIFY(call.hasRecording == false && !call.hasTranscript && call.direction == Direction::Unknown);
            QCOMPARE(call.computed, QStringList{u"created_time"_s});
            QVERIFY(m_atoms->details(m_account, call) == CallDetails{});
        }
        const CallPage missing = anomaly("missing_fields.json");
        QCOMPARE(missing.calls.size(), std::size_t{3});
        QCOMPARE(missing.rejections, QStringList{u"row 4: no id"_s});
        for (const Call& call : missing.calls) {
            QVERIFY(call.fieldErrors.empty());  // the document promises nothing
            QCOMPARE(toIsoText(*call.createdTime).left(19), u"2023-11-14T22:13:20"_s);
        }
    }

    void transcriptsOfOtherTypes() {
        const CallPage page = anomaly("empty_transcript.json");
        QCOMPARE(page.calls.size(), std::size_t{6});
        for (std::size_t i = 0; i < 5; ++i) {
            QVERIFY(page.calls[i].fieldErrors.empty() && !page.calls[i].hasTranscript);
            QVERIFY(!page.calls[i].transcriptText && page.calls[i].summary);
        }
        QCOMPARE(noted(page.calls[5]), QStringList{u"transcript"_s});
        QVERIFY(page.calls[5].transcriptText == u"just a string");
    }

    void transcriptsInDisorder() {
        const CallPage page = anomaly("transcript_disorder.json");
        QCOMPARE(page.calls.size(), std::size_t{1});
        QVERIFY(page.calls[0].fieldErrors.empty());
        QStringList turns;
        for (const Turn& turn : m_atoms->details(m_account, page.calls[0]).transcript) {
            turns += word(turn.speaker) + u' ' + turn.text;
        }
        QCOMPARE(turns, (QStringList{u"unknown no role"_s, u"unknown role absent"_s, u"unknown bare string"_s,
                                     u"tool {\"a\":1}"_s, u"agent other name of the agent"_s}));
    }

    void hostileTextsComeThroughUnchanged() {
        const QStringList texts = textsOf(oddAnswer(Provider::Atoms, "html_script.json").value(u"texts"_s).toArray());
        const CallPage page = anomaly("html_script.json");
        QCOMPARE(static_cast<qsizetype>(page.calls.size()), texts.size());
        for (qsizetype i = 0; i < texts.size(); ++i) {
            const Call& call = page.calls[static_cast<std::size_t>(i)];
            QCOMPARE(*call.summary, texts[i]);
            QCOMPARE(m_atoms->details(m_account, call).transcript.at(0).text, texts[i]);
        }
    }

    void scriptsAndLongTextsAreWhole() {
        for (const char* name : {"unicode.json", "long_text.json"}) {
            const CallPage page = anomaly(name);
            const QJsonArray raw = json(u"anomalies/atoms/"_s + QString::fromLatin1(name))
                                       .value(u"data"_s)
                                       .toObject()
                                       .value(u"logs"_s)
                                       .toArray();
            QVERIFY(raw.size() >= 2 && static_cast<qsizetype>(page.calls.size()) == raw.size());
            for (qsizetype i = 0; i < raw.size(); ++i) {
                const Call& call = page.calls[static_cast<std::size_t>(i)];
                QCOMPARE(*call.summary,
                         raw[i].toObject().value(u"postCallAnalytics"_s).toObject().value(u"summary"_s).toString());
                QVERIFY(call.fieldErrors.empty());
            }
        }
    }

    void timesAndDurationsInManyForms() {
        std::vector<Call> calls = anomaly("timestamps.json").calls;
        for (Call& call : calls) {
            if (call.computed.contains(u"created_time"_s)) {
                QVERIFY(toIsoText(*call.createdTime).startsWith(u"2023-11-14T22:13:20"));  // from its id
                call.createdTime.reset();
            }
        }
        QCOMPARE(timesRead(calls, &Call::createdTime, u"createdAt"_s), timesInManyForms());
        const CallPage page = anomaly("durations.json");
        QCOMPARE(durationsRead(page.calls, u"duration"_s).mid(0, 10), durationsInManyForms());
        QVERIFY(timingsOf(page.calls.front()).problems.contains(u"Talk time is negative"_s));
    }

    void statusWordsInManyForms() {
        const CallPage page = anomaly("status_values.json");
        QStringList common;
        for (const Call& call : page.calls) {
            common += word(call.status);
        }
        const QString none = u"unknown"_s;
        QCOMPARE(common, (QStringList{u"completed"_s, u"completed"_s, none, none, none, u"in_progress"_s,
                                      u"no_answer"_s, none, none, none, none}));
        QVERIFY(page.calls[1].statusRaw == u" completed ");
        QVERIFY(!page.calls[3].statusRaw && page.calls[3].fieldErrors.empty());
        QCOMPARE(noted(page.calls[8]), QStringList{u"status"_s});
        QCOMPARE(noted(page.calls[9]), QStringList{u"status"_s});
        QVERIFY(page.calls[10].statusRaw->size() >= 300);
    }

    void recordingAddresses() {
        const CallPage page = anomaly("recording_urls.json");
        QCOMPARE(page.calls.size(), std::size_t{19});
        QVERIFY(page.calls[0].hasRecording == false && !page.calls[0].recordingUrl);
        QVERIFY(page.calls[1].hasRecording == false && !page.calls[1].recordingUrl);
        QVERIFY(page.calls[4].recordingUrl == u"/recordings/a.wav");  // refused where it would be asked
        QVERIFY(page.calls[16].recordingUrl == u"http://127.0.0.1:8099/audio/edge/zero_bytes.wav");
        QVERIFY(!page.calls[18].recordingUrl && !page.calls[18].hasRecording);
        QCOMPARE(noted(page.calls[18]), (QStringList{u"recordingUrl"_s, u"recordingDualUrl"_s}));
        for (const Call& call : page.calls) {
            for (const OtherValue& other : m_atoms->details(m_account, call).others) {
                QVERIFY2(!other.name.startsWith(u"recording"), qPrintable(other.name));
            }
        }
    }

    void pagingFieldsThatLie() {
        QVERIFY(anomaly("total_too_big.json").total == 99 && anomaly("total_zero.json").total == 0);
        const CallPage text = anomaly("total_string.json");
        QVERIFY(!text.total && !text.page && text.calls.size() == 5);
        const CallPage none = anomaly("no_pagination.json");
        QVERIFY(!none.total && !none.page && !none.pageSize && !none.hasMore && none.calls.size() == 5);
        const CallPage endless = anomaly("endless_next.json");
        QVERIFY(endless.calls.empty() && endless.hasMore == true && endless.page == 4);
    }

    void rowsInOtherForms() {
        const CallPage mixed = anomaly("rows_mixed.json");
        QVERIFY(mixed.calls.size() == 1 && mixed.rejectedRows == 4);
        const CallPage object = anomaly("rows_as_object.json");
        QVERIFY(object.calls.size() >= 2 && object.rejectedRows == 0);
        QVERIFY(object.calls[0].key.remoteId.endsWith(u"0000f0") && object.calls[1].key.remoteId.endsWith(u"0000f1"));
    }

    void sameCallOnTwoPages() {
        const auto first = anomaly("dup_page_1.json").calls;
        const auto second = anomaly("dup_page_2.json").calls;
        const QJsonObject expected = oddAnswer(Provider::Atoms, "dup_page_2.json");
        QStringList ids = idsOf(first) + idsOf(second);
        QVERIFY(ids.removeDuplicates() == 3);
        QCOMPARE(static_cast<int>(ids.size()), expected.value(u"unique_over_both"_s).toInt());
        const QString changed = expected.value(u"changed_id"_s).toString();
        QVERIFY(findCall(first, changed)->summary != findCall(second, changed)->summary);
    }

    void providersSamples() {
        if (sample("atoms-conversation-get.json").isEmpty()) {
            QSKIP("The providers' samples are not beside the source.");
        }
        const auto detail = m_atoms->parseCall(m_account, sample("atoms-conversation-get.json"));
        QVERIFY(detail && detail->fieldErrors.empty() && detail->agentName == u"Renewals EN");
        QVERIFY(detail->latencyMs == 810 && detail->endReason == EndReason::Customer);
        const auto page = m_atoms->parsePage(m_account, sample("atoms-conversation-list.json"));
        QVERIFY(page->calls.size() == 3 && page->hasMore == true && page->total == 94);
        QCOMPARE(toIsoText(*page->calls[0].createdTime), u"2026-06-02T05:31:04.218Z"_s);
        const CallDetails details = m_atoms->details(m_account, mergedCall(page->calls[0], *detail));
        QVERIFY(details.transcript.size() == 2 && details.variables.size() == 3 && details.metrics.size() == 2);
        QVERIFY(details.metrics[0].type == u"ENUM" && details.metrics[1].type == u"boolean");
        QVERIFY(details.transcript[0].at && !details.transcript[0].offset);
        const auto legacy = m_atoms->parseCall(m_account, sample("atoms-conversation-get-legacy-transcript.json"));
        QVERIFY(legacy && legacy->fieldErrors.empty());
        QCOMPARE(*legacy->transcriptText, u"Hello, support line.\nI cannot log in."_s);
        QVERIFY(!legacy->createdTime || legacy->computed.contains(u"created_time"_s));
        const auto found = m_atoms->parseSearch(m_account, sample("atoms-conversation-search.json"));
        QVERIFY(found && found->calls.size() == 1 && found->calls[0].part == CallPart::Excerpt);
    }

    void providersOtherSamples() {
        if (sample("atoms-agents-list.json").isEmpty()) {
            QSKIP("The providers' samples are not beside the source.");
        }
        QVERIFY(m_atoms->parseAgents(m_account, sample("atoms-agents-list.json"))->entries[0].name == u"Renewals EN");
        const auto campaigns = m_atoms->parseCampaigns(m_account, sample("atoms-campaigns-list.json"));
        QVERIFY(campaigns->entries[0].name == u"June renewals" && !campaigns->hasMore);
        const auto link = m_atoms->parseRecordingLink(sample("atoms-recording-download-url.json"));
        QVERIFY(link && link->startsWith(u"https:") && link->contains(u"X-Amz-Signature="));
        QCOMPARE(m_atoms->parseError(400, sample("atoms-error-400.json")).message, u"Invalid call ID format"_s);
        QVERIFY(m_atoms->parseError(401, sample("atoms-error-401.json")).kind == ErrorKind::Unauthorized);
        const Error tooMany = m_atoms->parseError(429, sample("atoms-error-429.json"));
        QVERIFY(tooMany.kind == ErrorKind::RateLimited && tooMany.retryAfter == std::chrono::seconds(60));
        const QJsonArray ids =
            QJsonDocument::fromJson(sample("atoms-conversation-search-request.json")).object()[u"callIds"_s].toArray();
        const auto request = m_atoms->searchRequest(m_account, textsOf(ids));
        QCOMPARE(QJsonDocument::fromJson(request.body).object()[u"callIds"_s].toArray(), ids);
    }
};

QTEST_GUILESS_MAIN(TestAtomsContract)
#include "tst_atomscontract.moc"
