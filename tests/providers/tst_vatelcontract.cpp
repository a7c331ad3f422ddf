// Vatel's reading against the shared collection of good, odd and broken answers and what is known to be in them.
// Skipped, and said so, where the collection is not beside the source.
#include <QTest>

#include "models/domain/timings.h"
#include "models/providers/vatelfields.h"
#include "tests/providers/sharedanswers.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestVatelContract : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_vatel = readDialectFor(Provider::Vatel);
    Account m_account;
    QJsonObject m_truth;
    std::vector<Call> m_calls;

    CallPage anomaly(const char* name) const {
        const auto page = m_vatel->parsePage(m_account, contents(u"anomalies/vatel/"_s + QString::fromLatin1(name)));
        return page ? *page : CallPage{};
    }
    QJsonObject known(const char* name) const { return m_truth.value(QLatin1StringView(name)).toObject(); }

 private Q_SLOTS:
    void initTestCase() {
        if (!hasSharedAnswers()) {
            QSKIP("The shared collection of answers is not beside the source: contract tests are skipped.");
        }
        m_account.name = u"main"_s;
        m_account.provider = Provider::Vatel;
        m_truth = truthOf(Provider::Vatel);
        for (int number = 1; number <= 3; ++number) {
            const auto page = m_vatel->parsePage(m_account, contents(u"pages/vatel/calls_page_%1.json"_s.arg(number)));
            QVERIFY(page.has_value());
            QVERIFY(page->rejectedRows == 0 && page->total == 60 && page->page == number && page->pageSize == 20);
            QVERIFY(page->hasMore == (number < 3));
            m_calls.insert(m_calls.end(), page->calls.begin(), page->calls.end());
        }
    }

    void allCallsAreThereInOrder() {
        QCOMPARE(idsOf(m_calls), textsOf(m_truth.value(u"order"_s).toArray()));
        QCOMPARE(static_cast<int>(m_calls.size()), m_truth.value(u"rows"_s).toInt());
        for (const Call& call : m_calls) {
            QVERIFY2(call.fieldErrors.empty() && call.zoneAssumed.isEmpty(), qPrintable(call.key.remoteId));
            QVERIFY(!call.hasRecording && call.cost && call.direction != Direction::Unknown);
        }
    }

    void sums() {
        double talk = 0;
        int entries = 0;
        int tools = 0;
        for (const Call& call : m_calls) {
            talk += call.talkSeconds.value_or(0);
            const auto turns = m_vatel->details(m_account, call).transcript;
            entries += static_cast<int>(turns.size());
            tools += static_cast<int>(std::count_if(turns.begin(), turns.end(),
                                                    [](const Turn& turn) { return turn.kind == TurnKind::ToolCall; }));
            QCOMPARE(call.hasTranscript, std::optional(!turns.empty()));
        }
        QCOMPARE(talk, m_truth.value(u"sum_duration_seconds"_s).toDouble());
        QCOMPARE(entries, m_truth.value(u"entries"_s).toInt());
        QCOMPARE(tools, m_truth.value(u"tool_calls"_s).toInt());
        QVERIFY(talk > 0 && entries > 0 && tools > 0);
    }

    void nullsPerField() {
        const QJsonObject nulls = known("nulls");
        int seen = 0;
        for (const CallField& field : vatelFields()) {
            const auto count =
                std::count_if(m_calls.begin(), m_calls.end(), [&](const Call& call) { return isNull(field, call); });
            const QJsonValue expected = nulls.value(QLatin1StringView(field.name));
            seen += expected.isUndefined() ? 0 : 1;
            QVERIFY2(count == expected.toInt(0), field.name);
        }
        QCOMPARE(seen, static_cast<int>(nulls.size()) - 1);  // connected_at has no field of its own
        const auto connected = std::count_if(m_calls.begin(), m_calls.end(), [this](const Call& call) {
            const auto others = m_vatel->details(m_account, call).others;
            return std::any_of(others.begin(), others.end(),
                               [](const OtherValue& other) { return other.name == u"connected_at"; });
        });
        QCOMPARE(60 - static_cast<int>(connected), nulls.value(u"connected_at"_s).toInt());
    }

    void countsPerWord() {
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.statusRaw); }), known("status"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.source); }), known("source"));
        QCOMPARE(counted(m_calls, [](const Call& call) { return orNull(call.endReasonRaw); }),
                 known("termination_reason"));
        const QJsonObject common = counted(m_calls, [](const Call& call) { return word(call.status); });
        QCOMPARE(common.value(u"completed"_s), known("status").value(u"ended"_s));
        QCOMPARE(common.value(u"dialing"_s), known("status").value(u"connected"_s));
        QCOMPARE(common.value(u"failed"_s), known("status").value(u"auth_failed"_s));
        QCOMPARE(common.value(u"in_progress"_s).toInt(),
                 known("status").value(u"started"_s).toInt() + known("status").value(u"in_progress"_s).toInt());
        const QJsonObject ends = counted(m_calls, [](const Call& call) { return word(call.endReason); });
        QCOMPARE(ends.value(u"agent"_s), known("termination_reason").value(u"ended_by_agent"_s));
        QCOMPARE(ends.value(u"customer"_s), known("termination_reason").value(u"ended_by_user"_s));
    }

    void unknownWordsAreKept() {
        const auto words = unknownWords(Provider::Vatel);
        QCOMPARE(words.size(), 3);
        for (auto entry = words.begin(); entry != words.end(); ++entry) {
            const Call* call = findCall(m_calls, entry.key());
            QVERIFY(call);
            const QJsonObject raw = QJsonDocument::fromJson(call->raw).object();
            for (const QString& name : entry->keys()) {
                QCOMPARE(raw.value(name), entry->value(name));
            }
        }
        const Call* odd = findCall(m_calls, u"47f2c97e-5b11-526f-b05e-2807a8fc1292"_s);
        QVERIFY(odd->endReason == EndReason::Unknown && odd->endReasonRaw == u"voicemail_detected");
        const auto others = m_vatel->details(m_account, *odd).others;
        QVERIFY(std::find(others.begin(), others.end(), OtherValue{u"sentiment_score"_s, u"-0.25"_s}) != others.end());
        QVERIFY(std::find(others.begin(), others.end(), OtherValue{u"metrics"_s, u"{\"barge_in\":3}"_s}) !=
                others.end());
    }

    void dialogues() {
        int checked = 0;
        for (const auto& entry : test::dialogues()) {
            const QJsonObject dialogue = entry.toObject();
            const Call* call = findCall(m_calls, dialogue.value(u"ids"_s).toObject().value(u"vatel"_s).toString());
            QVERIFY(call);
            const auto same = [&](const std::optional<Moment>& time, const char* name) {
                return time && toIsoText(*time) ==
                                   dialogue.value(QLatin1StringView(name)).toString().replace(u"Z"_s, u".000Z"_s);
            };
            QVERIFY(same(call->createdTime, "dial") && same(call->answerTime, "agent_connect"));
            QVERIFY(same(call->endTime, "end"));
            QCOMPARE(timingsOf(*call).problems, QStringList());
            QJsonArray spoken;
            for (const Turn& turn : m_vatel->details(m_account, *call).transcript) {
                if (turn.kind == TurnKind::Message) {
                    QVERIFY(turn.offset && turn.duration && turn.at);
                    spoken += QJsonArray{static_cast<qint64>(turn.offset->count()),
                                         static_cast<qint64>(turn.duration->count()), word(turn.speaker), turn.text};
                }
            }
            QCOMPARE(spoken, dialogue.value(u"turns"_s).toArray());
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
        const auto empty = m_vatel->parsePage(m_account, contents(u"pages/vatel/empty.json"_s));
        QVERIFY(empty && empty->calls.empty() && empty->total == 0 && empty->hasMore == false);
        const Error error = m_vatel->parseError(401, contents(u"pages/vatel/error_401.json"_s));
        QVERIFY(error.kind == ErrorKind::Unauthorized && error.message == u"unauthorized");
    }

    void everyOddAnswerIsReadInFull() {
        const auto cases = oddAnswers(Provider::Vatel);
        QCOMPARE(cases.size(), QDir(sharedData() + u"anomalies/vatel"_s).entryList(QDir::Files).size());
        for (const QJsonObject& one : cases) {
            const QString file = one.value(u"file"_s).toString();
            const auto page = m_vatel->parsePage(m_account, contents(u"anomalies/"_s + file));
            QVERIFY2(page.has_value(), qPrintable(file));
            if (one.value(u"rows"_s).isDouble()) {
                const int rows = static_cast<int>(page->calls.size()) + page->rejectedRows;
                QVERIFY2(rows == one.value(u"rows"_s).toInt(), qPrintable(file));
            }
            for (const Call& call : page->calls) {
                (void)m_vatel->details(m_account, call);
            }
        }
    }

    void brokenBodies() {
        for (const auto& [file, outcome] : test::brokenBodies(false)) {
            const auto page = m_vatel->parsePage(m_account, contents(u"anomalies/malformed/"_s + file));
            QVERIFY2(!page && errorKindWord(page.error().kind) == outcome, qPrintable(file));
            QVERIFY2(!m_vatel->parseAgents(m_account, contents(u"anomalies/malformed/"_s + file)) ||
                         file == u"top_array.json",
                     qPrintable(file));
        }
    }

    void idsOfOtherTypes() {
        QCOMPARE(idsOf(anomaly("id_types.json").calls),
                 textsOf(oddAnswer(Provider::Vatel, "id_types.json").value(u"ids"_s).toArray()));
    }

    void missingAndNullFields() {
        const CallPage nulls = anomaly("all_nulls.json");
        QCOMPARE(nulls.calls.size(), std::size_t{3});
        for (const Call& call : nulls.calls) {
            QVERIFY(call.fieldErrors.empty() && call.status == CallStatus::Completed);
            QVERIFY(!call.createdTime && !call.talkSeconds && !call.cost && call.tags.isEmpty());
            QVERIFY(call.hasTranscript == false && call.direction == Direction::Unknown);
            QVERIFY(m_vatel->details(m_account, call) == CallDetails{});
        }
        const CallPage missing = anomaly("missing_fields.json");
        QCOMPARE(missing.calls.size(), std::size_t{3});
        QCOMPARE(missing.rejections, QStringList{u"row 4: no id"_s});
        for (const Call& call : missing.calls) {
            QVERIFY(call.fieldErrors.empty());  // the document promises nothing but the id
        }
    }

    void transcriptsOfOtherTypes() {
        const CallPage page = anomaly("empty_transcript.json");
        QCOMPARE(page.calls.size(), std::size_t{6});
        const QList<bool> isNoted{false, false, false, true, false, true};
        for (std::size_t i = 0; i < 6; ++i) {
            const bool is = isNoted[static_cast<qsizetype>(i)];
            QCOMPARE(noted(page.calls[i]), is ? QStringList{u"transcript"_s} : QStringList());
            QVERIFY(page.calls[i].hasTranscript == (is ? std::nullopt : std::optional(false)));
            QVERIFY(!page.calls[i].transcriptText && page.calls[i].summary);
        }
    }

    void transcriptsInDisorder() {
        const CallPage page = anomaly("transcript_disorder.json");
        QCOMPARE(page.calls.size(), std::size_t{3});
        const auto turns = m_vatel->details(m_account, page.calls[0]).transcript;
        QCOMPARE(turns.size(), std::size_t{10});
        QVERIFY(turns[0].text.startsWith(u"hello this is") &&
                turns[9].text == u"thank you for calling have a great day");
        QVERIFY(turns[9].speaker == Speaker::System);
        QVERIFY(turns[6].text == u"is there anything else i can help you with" &&
                turns[7].text == u"no that was everything");
        QVERIFY(!turns[1].duration && !turns[4].at && !turns[4].offset);
        QVERIFY(turns[2].kind == TurnKind::Message && turns[8].kind == TurnKind::ToolCall);
        QVERIFY(turns[8].tool->name.isEmpty() && !turns[8].tool->output.isEmpty());
        QVERIFY(page.calls[1].hasTranscript == false);
        QCOMPARE(m_vatel->details(m_account, page.calls[2]).transcript.size(), std::size_t{5000});
        for (const Call& call : page.calls) {
            QVERIFY(call.fieldErrors.empty());
        }
    }

    void hostileTextsComeThroughUnchanged() {
        const QStringList texts = textsOf(oddAnswer(Provider::Vatel, "html_script.json").value(u"texts"_s).toArray());
        const CallPage page = anomaly("html_script.json");
        QCOMPARE(static_cast<qsizetype>(page.calls.size()), texts.size());
        for (qsizetype i = 0; i < texts.size(); ++i) {
            const Call& call = page.calls[static_cast<std::size_t>(i)];
            QCOMPARE(*call.summary, texts[i]);
            QVERIFY(call.tags.contains(texts[i]));
            QCOMPARE(m_vatel->details(m_account, call).transcript.at(0).text, texts[i]);
        }
    }

    void scriptsAndLongTextsAreWhole() {
        for (const char* name : {"unicode.json", "long_text.json"}) {
            const CallPage page = anomaly(name);
            const QJsonArray raw = json(u"anomalies/vatel/"_s + QString::fromLatin1(name)).value(u"calls"_s).toArray();
            QVERIFY(raw.size() >= 2 && static_cast<qsizetype>(page.calls.size()) == raw.size());
            for (qsizetype i = 0; i < raw.size(); ++i) {
                const Call& call = page.calls[static_cast<std::size_t>(i)];
                QCOMPARE(*call.summary, raw[i].toObject().value(u"summary"_s).toString());
                QVERIFY(call.fieldErrors.empty());
            }
        }
    }

    void timesAndDurationsInManyForms() {
        QCOMPARE(timesRead(anomaly("timestamps.json").calls, &Call::createdTime, u"created_at"_s), timesInManyForms());
        const CallPage page = anomaly("durations.json");
        QCOMPARE(durationsRead(page.calls, u"duration_seconds"_s).mid(0, 10), durationsInManyForms());
        QVERIFY(!timingsOf(page.calls.back()).problems.isEmpty());
    }

    void statusWordsInManyForms() {
        const CallPage page = anomaly("status_values.json");
        QCOMPARE(page.calls.size(), std::size_t{11});
        QStringList common;
        for (const Call& call : page.calls) {
            common += word(call.status);
        }
        const QString none = u"unknown"_s;
        QCOMPARE(common, (QStringList{none, none, none, none, none, u"in_progress"_s, none, none, none, none, none}));
        QVERIFY(!page.calls[3].statusRaw && page.calls[3].fieldErrors.empty());
        QCOMPARE(noted(page.calls[8]), QStringList{u"status"_s});
        QCOMPARE(noted(page.calls[9]), QStringList{u"status"_s});
        QVERIFY(page.calls[10].statusRaw->size() >= 300);
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
        QVERIFY(object.calls.size() == 3 && object.rejectedRows == 0);
        QVERIFY(object.calls[0].key.remoteId.endsWith(u"240") && object.calls[2].key.remoteId.endsWith(u"242"));
    }

    void sameCallOnTwoPages() {
        const auto first = anomaly("dup_page_1.json").calls;
        const auto second = anomaly("dup_page_2.json").calls;
        const QJsonObject expected = oddAnswer(Provider::Vatel, "dup_page_2.json");
        QStringList ids = idsOf(first) + idsOf(second);
        QVERIFY(ids.removeDuplicates() == 3);
        QCOMPARE(static_cast<int>(ids.size()), expected.value(u"unique_over_both"_s).toInt());
        const QString changed = expected.value(u"changed_id"_s).toString();
        QVERIFY(findCall(first, changed)->summary != findCall(second, changed)->summary);
    }

    void providersSamples() {
        if (sample("vatel-call.json").isEmpty()) {
            QSKIP("The providers' samples are not beside the source.");
        }
        const auto call = m_vatel->parseCall(m_account, sample("vatel-call.json"));
        QVERIFY(call && call->fieldErrors.empty() && call->endReason == EndReason::Customer);
        const CallDetails details = m_vatel->details(m_account, *call);
        QVERIFY(details.transcript.size() == 5 && details.variables.size() == 2 && details.feedback->stars == 4.0);
        QVERIFY(details.variables[1].value == u"4" && details.others.size() == 3);
        const auto page = m_vatel->parsePage(m_account, sample("vatel-calls-list.json"));
        QVERIFY(page->calls.size() == 2 && page->hasMore == true && page->calls[1].fieldErrors.empty());
        QVERIFY(m_vatel->parseAgents(m_account, sample("vatel-agents-list.json"))->entries[0].name == u"Bookings");
        QCOMPARE(*m_vatel->parseTest(m_account, sample("vatel-organization.json")), u"Example Diner"_s);
        QCOMPARE(m_vatel->parseError(400, sample("vatel-error.json")).message, u"invalid status filter"_s);
    }
};

QTEST_GUILESS_MAIN(TestVatelContract)
#include "tst_vatelcontract.moc"
