// Autocalls' reading against the shared collection of good, odd and broken answers and what is known to be in them.
// Skipped, and said so, where the collection is not beside the source.
#include <QTest>

#include "models/providers/autocallsfields.h"
#include "tests/providers/sharedanswers.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestAutocallsContract : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_autocalls = readDialectFor(Provider::Autocalls);
    Account m_account;
    QJsonObject m_truth;
    std::vector<Call> m_calls;

    CallPage anomaly(const char* name) const {
        const auto page =
            m_autocalls->parsePage(m_account, contents(u"anomalies/autocalls/"_s + QString::fromLatin1(name)));
        return page ? *page : CallPage{};
    }
    QJsonObject known(const char* name) const { return m_truth.value(QLatin1StringView(name)).toObject(); }

 private Q_SLOTS:
    void initTestCase() {
        if (!hasSharedAnswers()) {
            QSKIP("The shared collection of answers is not beside the source: contract tests are skipped.");
        }
        m_account.name = u"main"_s;
        m_account.provider = Provider::Autocalls;
        m_truth = truthOf(Provider::Autocalls);
        for (int number = 1; number <= 4; ++number) {
            const auto page =
                m_autocalls->parsePage(m_account, contents(u"pages/autocalls/calls_page_%1.json"_s.arg(number)));
            QVERIFY(page.has_value());
            QVERIFY(page->rejectedRows == 0 && page->total == 60 && page->page == number && page->pageSize == 15);
            QVERIFY(page->hasMore == (number < 4));
            m_calls.insert(m_calls.end(), page->calls.begin(), page->calls.end());
        }
    }

    void allCallsAreThereInOrder() {
        QCOMPARE(idsOf(m_calls), textsOf(m_truth.value(u"order"_s).toArray()));
        for (const Call& call : m_calls) {
            QVERIFY2(call.fieldErrors.empty() && call.zoneAssumed.isEmpty(), qPrintable(call.key.remoteId));
            QVERIFY(call.createdTime && call.updatedTime && call.cost && call.carrierCost);
        }
    }

    void sumsAndNulls() {
        double talk = 0;
        for (const Call& call : m_calls) {
            talk += call.talkSeconds.value_or(0);
        }
        QCOMPARE(talk, m_truth.value(u"sum_duration"_s).toDouble());
        const QJsonObject nulls = known("nulls");
        int seen = 0;
        for (const CallField& field : autocallsFields()) {
            const auto count =
                std::count_if(m_calls.begin(), m_calls.end(), [&](const Call& call) { return isNull(field, call); });
            const QJsonValue expected = nulls.value(QLatin1StringView(field.name));
            seen += expected.isUndefined() ? 0 : 1;
            QVERIFY2(count == expected.toInt(0), field.name);
        }
        const auto without = [this](auto has) {
            return static_cast<int>(std::count_if(m_calls.begin(), m_calls.end(), [&](const Call& call) {
                return !has(call, m_autocalls->details(m_account, call));
            }));
        };
        QCOMPARE(without([](const Call&, const CallDetails& details) { return details.webhookAnswer.has_value(); }),
                 nulls.value(u"webhook_response"_s).toInt());
        QCOMPARE(without([](const Call&, const CallDetails& details) { return !details.metrics.empty(); }),
                 nulls.value(u"evaluation"_s).toInt());
        QCOMPARE(without([](const Call& call, const CallDetails& details) {
                     return call.hasTranscript == true && !details.transcript.empty();
                 }),
                 nulls.value(u"transcript"_s).toInt());
        QCOMPARE(without([](const Call& call, const CallDetails&) { return call.hasRecording == true; }),
                 nulls.value(u"recording_url"_s).toInt());
        QCOMPARE(without([](const Call& call, const CallDetails&) { return call.summary && call.disposition; }),
                 nulls.value(u"evaluation"_s).toInt());
        QCOMPARE(seen + 3, static_cast<int>(nulls.size()));
    }

    void countsPerWord() {
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.statusRaw); }), known("status"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.typeRaw); }), known("type"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.answeredBy); }), known("answered_by"));
        const auto raw = [this](const char* name) { return known("status").value(QLatin1StringView(name)).toInt(); };
        const QJsonObject common = counted(m_calls, [](const Call& call) { return word(call.status); });
        QCOMPARE(common.value(u"completed"_s).toInt(),
                 raw("ended") + raw("completed") + raw("ended_by_customer") + raw("ended_by_assistant"));
        QCOMPARE(common.value(u"no_answer"_s).toInt(), raw("no-answer"));
        QCOMPARE(common.value(u"in_progress"_s).toInt(), raw("in-progress"));
        QCOMPARE(common.value(u"unknown"_s).toInt(), raw("scheduled"));
        const QJsonObject ends = counted(m_calls, [](const Call& call) { return word(call.endReason); });
        QCOMPARE(ends.value(u"customer"_s).toInt(), raw("ended_by_customer"));
        QCOMPARE(ends.value(u"agent"_s).toInt(), raw("ended_by_assistant"));
        QCOMPARE(ends.value(u"not_answered"_s).toInt(), raw("no-answer") + raw("busy"));
    }

    void unknownWordsAreKept() {
        const auto words = unknownWords(Provider::Autocalls);
        QCOMPARE(words.size(), 3);
        for (auto entry = words.begin(); entry != words.end(); ++entry) {
            const Call* call = findCall(m_calls, entry.key());
            QVERIFY(call);
            const QJsonObject raw = QJsonDocument::fromJson(call->raw).object();
            for (const QString& name : entry->keys()) {
                QCOMPARE(raw.value(name), entry->value(name));
            }
        }
        QVERIFY(findCall(m_calls, u"1389396"_s)->status == CallStatus::Unknown);
        QVERIFY(findCall(m_calls, u"1509693"_s)->answeredBy == u"fax");
        const Call* call = findCall(m_calls, u"851499"_s);
        QVERIFY(call->direction == Direction::Unknown && call->typeRaw == u"whatsapp");
        const std::vector<OtherValue> others{{u"lead_id"_s, u"91"_s}, {u"recording_status"_s, u"processing"_s}};
        QVERIFY(m_autocalls->details(m_account, *call).others == others);
    }

    void dialogues() {
        int checked = 0;
        for (const auto& entry : test::dialogues()) {
            const QJsonObject dialogue = entry.toObject();
            const QString id = dialogue.value(u"ids"_s).toObject().value(u"autocalls"_s).toVariant().toString();
            const Call* call = findCall(m_calls, id);
            QVERIFY(call);
            QCOMPARE(toIsoText(*call->createdTime), dialogue.value(u"dial"_s).toString().replace(u"Z"_s, u".000Z"_s));
            QVERIFY(call->sentiment == dialogue.value(u"sentiment"_s).toString());
            QVERIFY(call->disposition == dialogue.value(u"disposition"_s).toString());
            QVERIFY(call->agentName == dialogue.value(u"agent"_s).toString());
            QStringList spoken;
            for (const Turn& turn : m_autocalls->details(m_account, *call).transcript) {
                QVERIFY(!turn.at && !turn.offset);
                spoken += word(turn.speaker) + u": "_s + turn.text;
            }
            QStringList expected;
            for (const auto& turn : dialogue.value(u"turns"_s).toArray()) {
                expected += turn.toArray().at(2).toString() + u": "_s + turn.toArray().at(3).toString();
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
        const auto empty = m_autocalls->parsePage(m_account, contents(u"pages/autocalls/empty.json"_s));
        QVERIFY(empty && empty->calls.empty() && empty->total == 0 && empty->hasMore == false);
        const Error error = m_autocalls->parseError(401, contents(u"pages/autocalls/error_401.json"_s));
        QVERIFY(error.kind == ErrorKind::Unauthorized && error.message == u"Unauthenticated.");
    }

    void everyOddAnswerIsReadInFull() {
        const auto cases = oddAnswers(Provider::Autocalls);
        QCOMPARE(cases.size(), QDir(sharedData() + u"anomalies/autocalls"_s).entryList(QDir::Files).size());
        for (const QJsonObject& one : cases) {
            const QString file = one.value(u"file"_s).toString();
            const auto page = m_autocalls->parsePage(m_account, contents(u"anomalies/"_s + file));
            QVERIFY2(page.has_value(), qPrintable(file));
            if (one.value(u"rows"_s).isDouble()) {
                const int rows = static_cast<int>(page->calls.size()) + page->rejectedRows;
                QVERIFY2(rows == one.value(u"rows"_s).toInt(), qPrintable(file));
            }
            for (const Call& call : page->calls) {
                (void)m_autocalls->details(m_account, call);
            }
        }
    }

    void brokenBodies() {
        for (const auto& [file, outcome] : test::brokenBodies(false)) {
            const auto page = m_autocalls->parsePage(m_account, contents(u"anomalies/malformed/"_s + file));
            QVERIFY2(!page && errorKindWord(page.error().kind) == outcome, qPrintable(file));
        }
    }

    void idsOfOtherTypes() {
        const CallPage page = anomaly("id_types.json");
        QStringList expected = textsOf(oddAnswer(Provider::Autocalls, "id_types.json").value(u"ids"_s).toArray());
        QCOMPARE(expected.removeAll(QString()), 1);  // an empty id is none
        QCOMPARE(idsOf(page.calls), expected);
        QCOMPARE(page.rejections, QStringList{u"row 2: no id"_s});
    }

    void missingAndNullFields() {
        const CallPage nulls = anomaly("all_nulls.json");
        QCOMPARE(nulls.calls.size(), std::size_t{3});
        for (const Call& call : nulls.calls) {
            QVERIFY(call.fieldErrors.empty() && call.status == CallStatus::Completed && !call.talkSeconds);
            QVERIFY(call.hasTranscript == false && call.hasRecording == false && !call.cost && !call.createdTime);
            QVERIFY(m_autocalls->details(m_account, call) == CallDetails{});
        }
        const CallPage missing = anomaly("missing_fields.json");
        QCOMPARE(missing.calls.size(), std::size_t{3});
        QCOMPARE(missing.rejections, QStringList{u"row 4: no id"_s});
        QVERIFY(missing.calls[0].fieldErrors.empty() && !missing.calls[0].hasRecording);
        QVERIFY(!missing.calls[0].hasTranscript);
        QCOMPARE(noted(missing.calls[2]), QStringList{u"status"_s});
    }

    void transcriptsOfOtherTypes() {
        const CallPage page = anomaly("empty_transcript.json");
        QCOMPARE(page.calls.size(), std::size_t{6});
        const QList<std::optional<bool>> has{false, false, false, false, std::nullopt, true};
        for (std::size_t i = 0; i < 6; ++i) {
            QVERIFY(page.calls[i].hasTranscript == has[static_cast<qsizetype>(i)]);
            QVERIFY(page.calls[i].fieldErrors.empty());
        }
        const auto turns = m_autocalls->details(m_account, page.calls[5]).transcript;
        QVERIFY(turns.size() == 1 && turns[0].speaker == Speaker::Unknown && turns[0].text == u"just a string");
    }

    void hostileTextsComeThroughUnchanged() {
        const QStringList texts =
            textsOf(oddAnswer(Provider::Autocalls, "html_script.json").value(u"texts"_s).toArray());
        const CallPage page = anomaly("html_script.json");
        QCOMPARE(static_cast<qsizetype>(page.calls.size()), texts.size());
        for (qsizetype i = 0; i < texts.size(); ++i) {
            const Call& call = page.calls[static_cast<std::size_t>(i)];
            QCOMPARE(*call.agentName, texts[i]);
            QCOMPARE(*call.transcriptText, texts[i]);
        }
    }

    void scriptsAndLongTextsAreWhole() {
        for (const char* name : {"unicode.json", "long_text.json"}) {
            const CallPage page = anomaly(name);
            const QJsonArray raw =
                json(u"anomalies/autocalls/"_s + QString::fromLatin1(name)).value(u"data"_s).toArray();
            QVERIFY(raw.size() >= 2 && static_cast<qsizetype>(page.calls.size()) == raw.size());
            for (qsizetype i = 0; i < raw.size(); ++i) {
                const Call& call = page.calls[static_cast<std::size_t>(i)];
                QCOMPARE(*call.transcriptText, raw[i].toObject().value(u"transcript"_s).toString());
                QVERIFY(call.fieldErrors.empty());
            }
        }
    }

    void timesAndDurationsInManyForms() {
        QCOMPARE(timesRead(anomaly("timestamps.json").calls, &Call::createdTime, u"created_at"_s), timesInManyForms());
        QCOMPARE(durationsRead(anomaly("durations.json").calls, u"duration"_s).mid(0, 10), durationsInManyForms());
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
        for (const std::size_t wrong : {3U, 8U, 9U}) {
            QCOMPARE(noted(page.calls[wrong]), QStringList{u"status"_s});
            QVERIFY(!page.calls[wrong].statusRaw);
        }
        QVERIFY(page.calls[10].statusRaw->size() >= 300);
    }

    void recordingAddresses() {
        const CallPage page = anomaly("recording_urls.json");
        QCOMPARE(page.calls.size(), std::size_t{19});
        QVERIFY(page.calls[0].hasRecording == false && page.calls[1].hasRecording == false);
        QVERIFY(page.calls[3].hasRecording == true && page.calls[3].recordingUrl == u"file:///etc/passwd");
        QVERIFY(page.calls[16].recordingUrl == u"http://127.0.0.1:8099/audio/edge/zero_bytes.wav");
        QVERIFY(!page.calls[18].hasRecording && !page.calls[18].recordingUrl);
        QCOMPARE(noted(page.calls[18]), QStringList{u"recording_url"_s});
    }

    void pagingFieldsThatLie() {
        QVERIFY(anomaly("total_too_big.json").total == 99 && anomaly("total_zero.json").total == 0);
        const CallPage text = anomaly("total_string.json");
        QVERIFY(text.total == 5 && !text.page && !text.hasMore && text.calls.size() == 5);
        const CallPage none = anomaly("no_pagination.json");
        QVERIFY(!none.total && !none.page && !none.pageSize && !none.hasMore && none.calls.size() == 5);
        const CallPage endless = anomaly("endless_next.json");
        QVERIFY(endless.calls.empty() && endless.hasMore == false && endless.page == 4 && endless.total == 500);
    }

    void rowsInOtherForms() {
        const CallPage mixed = anomaly("rows_mixed.json");
        QVERIFY(mixed.calls.size() == 1 && mixed.rejectedRows == 4);
        const CallPage object = anomaly("rows_as_object.json");
        QCOMPARE(idsOf(object.calls), (QStringList{u"990240"_s, u"990241"_s, u"990242"_s}));
    }

    void sameCallOnTwoPages() {
        const auto first = anomaly("dup_page_1.json").calls;
        const auto second = anomaly("dup_page_2.json").calls;
        const QJsonObject expected = oddAnswer(Provider::Autocalls, "dup_page_2.json");
        QStringList ids = idsOf(first) + idsOf(second);
        QVERIFY(ids.removeDuplicates() == 3);
        QCOMPARE(static_cast<int>(ids.size()), expected.value(u"unique_over_both"_s).toInt());
        const QString changed = expected.value(u"changed_id"_s).toVariant().toString();
        QVERIFY(findCall(first, changed)->raw != findCall(second, changed)->raw);
    }

    void providersSamples() {
        if (sample("autocalls-call.json").isEmpty()) {
            QSKIP("The providers' samples are not beside the source.");
        }
        const auto call = m_autocalls->parseCall(m_account, sample("autocalls-call.json"));
        QVERIFY(call && call->fieldErrors.empty() && call->disposition == u"qualified_lead");
        QCOMPARE(call->zoneAssumed, (QStringList{u"created_at"_s, u"updated_at"_s}));
        QCOMPARE(m_autocalls->details(m_account, *call).transcript.size(), std::size_t{3});
        const auto page = m_autocalls->parsePage(m_account, sample("autocalls-calls-list.json"));
        QVERIFY(page->calls.size() == 2 && page->hasMore == true && page->total == 150);
        const auto structured = m_autocalls->parsePage(m_account, sample("autocalls-calls-list-structured.json"));
        const Call& white = structured->calls.at(0);
        QVERIFY(white.fieldErrors.empty() && white.cost == 0.12 && white.carrierCost == 0.08);
        QVERIFY(white.summary == u"Asked about the invoice." && white.endReason == EndReason::Customer);
        QVERIFY(m_autocalls->details(m_account, white).transcript.at(1).at.has_value());
        const QByteArray assistants = sample("autocalls-assistants-list.json");
        QVERIFY(m_autocalls->parseAgents(m_account, assistants)->entries[0].name == u"Renewals");
        const auto campaigns = m_autocalls->parseCampaigns(m_account, '[' + sample("autocalls-campaign.json") + ']');
        QVERIFY(campaigns->entries[0].id == u"12" && campaigns->entries[0].status == u"active");
        const auto error = [this](int status, const char* name) {
            return m_autocalls->parseError(status, sample(name)).message;
        };
        QCOMPARE(error(401, "autocalls-error-401.json"), u"Unauthenticated."_s);
        QCOMPARE(error(404, "autocalls-error-404.json"), u"Lead not found"_s);
        QVERIFY(error(422, "autocalls-error-422.json").endsWith(u"must not be greater than 100."));
    }
};

QTEST_GUILESS_MAIN(TestAutocallsContract)
#include "tst_autocallscontract.moc"
