// calls.db where a call is told in parts: rows and details merge, words of transcripts, agents' names, sound that was
// asked for, what a cursor was asked for, whole passes over an account, and a database from before all that.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "models/store/callsdatabase.h"
#include "models/store/databasefile.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::kNow;

namespace {

Call rowPart(int number) {
    Call row = sample::bareCall(number);
    row.provider = Provider::Atoms;
    row.part = CallPart::Row;
    row.statusRaw = u"completed"_s;
    row.status = CallStatus::Completed;
    row.createdTime = kNow;
    row.talkSeconds = 61.5;
    row.raw = R"({"callId":"c","createdAt":"2026-01-01T00:00:00Z"})";
    return row;
}

Call detailPart(int number) {
    Call detail = sample::bareCall(number);
    detail.provider = Provider::Atoms;
    detail.part = CallPart::Detail;
    detail.agentId = u"a-1"_s;
    detail.hasTranscript = true;
    detail.transcriptText = u"Good morning\nI lost my card"_s;
    detail.summary = u"Card lost"_s;
    detail.raw.clear();
    detail.rawDetail = R"({"callId":"c","transcript":[{"role":"agent","content":"Good morning"}]})";
    return detail;
}

}  // namespace

class TestCallParts : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_database =
            std::move(*CallsDatabase::open(m_folder->filePath(u"calls.db"_s), CallsDatabase::Access::ReadWrite));
    }

    void anExcerptTakesNothingAway() {
        Call row = rowPart(1);
        row.ownNumber = u"+4930"_s;
        QCOMPARE(store(row).added, 1);
        Call excerpt = rowPart(1);
        excerpt.part = CallPart::Excerpt;
        excerpt.talkSeconds = 70;
        excerpt.raw = R"({"callId":"c"})";
        QCOMPARE(store(excerpt).changed, 1);
        const Call merged = stored(1);
        QCOMPARE(*merged.talkSeconds, 70.0);
        QVERIFY(merged.ownNumber == u"+4930" && merged.raw.contains("createdAt"));
        QCOMPARE(store(excerpt).unchanged, 1);
    }

    void detailIsMergedIntoTheRow() {
        QCOMPARE(store(rowPart(1)).added, 1);
        QCOMPARE(store(detailPart(1)).changed, 1);
        const Call merged = stored(1);
        QCOMPARE(merged.talkSeconds, std::optional(61.5));  // only the row knows it
        QVERIFY(merged.createdTime && merged.status == CallStatus::Completed);
        QCOMPARE(*merged.summary, u"Card lost"_s);
        QVERIFY(merged.raw.contains("createdAt") && merged.rawDetail.contains("transcript"));
        QCOMPARE(words(1), u"Good morning\nI lost my card"_s);
        // Told again, nothing has changed; a row after it takes nothing away.
        QCOMPARE(store(detailPart(1)).unchanged, 1);
        QCOMPARE(store(rowPart(1)).unchanged, 1);
        Call later = rowPart(1);
        later.talkSeconds = 62;
        QCOMPARE(store(later).changed, 1);
        QCOMPARE(*stored(1).talkSeconds, 62.0);
        QCOMPARE(*stored(1).summary, u"Card lost"_s);
        QVERIFY(stored(1).hasTranscript == true);
        QCOMPARE(words(1), u"Good morning\nI lost my card"_s);
    }

    void aDetailMayComeFirst() {
        QCOMPARE(store(detailPart(1)).added, 1);
        QVERIFY(!stored(1).createdTime);
        QCOMPARE(store(rowPart(1)).changed, 1);
        QVERIFY(stored(1).createdTime && stored(1).hasTranscript == true);
    }

    void aRowWithoutDetailReplaces() {
        Call row = rowPart(1);
        row.summary = u"early"_s;
        store(row);
        QCOMPARE(store(rowPart(1)).changed, 1);
        QVERIFY(!stored(1).summary);  // the provider has taken it back
    }

    void aWholeCallTakesItsTranscriptAway() {
        Call whole = sample::bareCall(1);
        whole.transcriptText = u"words"_s;
        whole.raw = R"({"id":"1","transcript":"words"})";
        store(whole);
        QCOMPARE(words(1), u"words"_s);
        whole.transcriptText.reset();
        whole.raw = R"({"id":"1"})";
        store(whole);
        QVERIFY(words(1).isNull());
    }

    void fieldErrorsOfTheOtherPartStay() {
        Call row = rowPart(1);
        row.raw = R"({"callId":"c","duration":"x"})";
        row.fieldErrors = {{u"duration"_s, u"unexpected"_s}};
        store(row);
        Call detail = detailPart(1);
        detail.fieldErrors = {{u"transcript"_s, u"a number"_s}};
        store(detail);
        QCOMPARE(stored(1).fieldErrors.size(), size_t(2));
        store(rowPart(1));
        QCOMPARE(stored(1).fieldErrors.size(), size_t(2));  // silent about the duration, so nothing is judged anew
        Call sound = rowPart(1);
        sound.raw = R"({"callId":"c","duration":61.5})";
        store(sound);
        QCOMPARE(stored(1).fieldErrors.size(), size_t(1));
    }

    void agentsNamesAreJoined() {
        Call call = sample::bareCall(1);
        call.agentId = u"a-1"_s;
        Call named = sample::bareCall(2);
        named.agentId = u"a-1"_s;
        named.agentName = u"Told by the call"_s;
        store(call);
        store(named);
        QVERIFY(!stored(1).agentName);
        auto renamed = m_database->saveAgents(u"main"_s, {{u"a-1"_s, u"Asha"_s, "{}"}, {u"a-2"_s, u"Noor"_s, "{}"}});
        QVERIFY(renamed);
        QCOMPARE(renamed->size(), size_t(2));
        QCOMPARE(*stored(1).agentName, u"Asha"_s);
        QCOMPARE(*stored(2).agentName, u"Told by the call"_s);
        QVERIFY(m_database->saveAgents(u"main"_s, {{u"a-1"_s, u"Asha"_s, "{}"}})->empty());  // no news
        Call other = sample::bareCall(3);
        other.agentId = u"a-2"_s;
        QCOMPARE(*store(other).rows.front().call.call.agentName, u"Noor"_s);
        QCOMPARE(m_database->agents(u"main"_s)->size(), size_t(2));
        QVERIFY(m_database->removeAccount(u"main"_s));
        QVERIFY(m_database->agents(u"main"_s)->empty());
    }

    void soundThatWasAskedForIsRemembered() {
        Call call = sample::bareCall(1);
        store(call);
        QVERIFY(!stored(1).hasRecording);
        QCOMPARE(m_database->noteRecordingFound(call.key, true)->call.call.hasRecording, std::optional(true));
        QCOMPARE(stored(1).hasRecording, std::optional(true));
        call.tags = {u"vip"_s};  // the row changes and still does not say
        const PageOutcome outcome = store(call);
        QCOMPARE(outcome.rows.front().call.call.hasRecording, std::optional(true));
        QCOMPARE(stored(1).hasRecording, std::optional(true));
        QVERIFY(m_database->noteRecordingFound(call.key, false)->call.call.hasRecording == false);
        call.hasRecording = true;  // what the provider says counts before what we found
        store(call);
        QCOMPARE(stored(1).hasRecording, std::optional(true));
        QCOMPARE(m_database->noteRecordingFound({u"main"_s, u"none"_s}, true).error().kind, ErrorKind::NotFoundHere);
    }

    void aCursorRemembersItsQuestion() {
        PullCursor cursor{u"main"_s, u""_s, 3, false, 90, std::nullopt, u""_s, u"size=100 days=30"_s};
        QVERIFY(m_database->saveCursor(cursor));
        QCOMPARE(m_database->cursors(u"main"_s)->front().asked, cursor.asked);
    }

    void aPassOverAnAccountIsJudgedByItsTimes() {
        std::vector<Call> calls;
        for (int i = 0; i < 4; ++i) {
            calls.push_back(sample::bareCall(i));
            calls.back().campaignId = i % 2 == 0 ? std::optional(u"camp-0"_s) : std::nullopt;
            if (i < 3) {
                calls.back().createdTime = kNow - std::chrono::hours(24 * i);
            }
        }
        PageToStore page{u"main"_s, calls, std::nullopt};
        page.isOfAList = true;
        QVERIFY(m_database->storePage(page, kNow));
        const ListCoverage lately{u"main"_s, std::nullopt, kNow - 36h, kNow};
        QCOMPARE(m_database->markUnlisted(lately, kNow + 1h, kNow + 2h)->size(), size_t(2));
        QVERIFY(!m_database->call(calls[2].key)->value().unlistedSince);  // before the range
        QVERIFY(!m_database->call(calls[3].key)->value().unlistedSince);  // no time: not judged
        QCOMPARE(m_database->markUnlisted({u"main"_s}, kNow + 1h, kNow + 2h)->size(), size_t(2));
    }

    void aDatabaseFromBeforeIsTakenOver() {
        const QString file = m_folder->filePath(u"old.db"_s);
        const QString steps = m_folder->filePath(u"steps"_s);
        QVERIFY(QDir().mkpath(steps) && QFile::copy(u":/sql/calls/001_begin.sql"_s, steps + u"/001_begin.sql"_s));
        {
            const auto old =
                openDatabase(file, Connection::Access::ReadWrite, {steps, Connection::Durability::Normal, false});
            QVERIFY(old);
            QVERIFY((*old)->run("INSERT INTO accounts VALUES (1, 'main')"));
            QVERIFY((*old)->run("INSERT INTO cursors VALUES (1, 'camp-0', 4, 0, 900, NULL, '')"));
            QVERIFY((*old)->run(
                "INSERT INTO calls (call_row, account_row, remote_id, content_hash, refreshed_at, texts_present,"
                " provider, status, direction, end_reason) VALUES (1, 1, 'x', 5, 6, 0, 0, 5, 1, 0)"));
            QVERIFY((*old)->run("INSERT INTO call_texts (call_row, raw) VALUES (1, x'7b7d')"));
        }
        const auto now = CallsDatabase::open(file, CallsDatabase::Access::ReadWrite);
        QVERIFY(now && (*now)->notices().isEmpty());
        QVERIFY((*now)->call({u"main"_s, u"x"_s})->has_value());
        QCOMPARE((*now)->cursors(u"main"_s)->front().nextPage, 4);
        QVERIFY((*now)->check()->isEmpty());
    }

 private:
    PageOutcome store(const Call& call) {
        auto outcome = m_database->storePage({u"main"_s, {call}, std::nullopt}, kNow);
        return outcome ? std::move(*outcome) : PageOutcome{-1, -1, -1, {}};
    }
    Call stored(int number) {
        const auto call = m_database->call(sample::bareCall(number).key);
        return call && *call ? (*call)->call : Call();
    }
    QString words(int number) {
        const qint64 row = m_database->call(sample::bareCall(number).key)->value().callRow;
        QString words;
        const auto read = m_database->forEachTexts([&](CallTexts&& texts) {
            if (texts.callRow == row) {
                words = texts.transcript.value_or(QString());
            }
            return true;
        });
        return read ? words : u"failed"_s;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<CallsDatabase> m_database;
};

QTEST_GUILESS_MAIN(TestCallParts)
#include "tst_callparts.moc"
