// Yotel's answers, addresses and errors, on fixtures of our own.
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QUrlQuery>

#include "models/providers/readdialect.h"

using namespace earmark;

namespace {

QByteArray fixture(const char* name) {
    QFile file(QStringLiteral(EARMARK_SOURCE_DIR "/tests/providers/fixtures/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Account account() {
    Account account;
    account.name = QStringLiteral("main");
    account.baseUrl = QUrl(QStringLiteral("https://api.example.test/api/v1"));
    return account;
}

const QByteArray kPaging = ",\"total\":1,\"page\":1,\"page_size\":25";

QByteArray pageOf(const QByteArray& rows, const QByteArray& rest = kPaging) {
    return "{\"items\":[" + rows + ']' + rest + '}';
}

QByteArray rowWith(const QByteArray& members) {
    return "{\"id\":\"1\",\"fs_uuid\":\"s\",\"direction\":\"inbound\",\"status\":\"completed\",\"has_recording\":true" +
           (members.isEmpty() ? QByteArray() : ',' + members) + '}';
}

CallList listOf(const char* campaignId) {
    CallList list;
    list.id = QString::fromLatin1(campaignId);
    list.campaignId = list.id;
    return list;
}

}  // namespace

class TestYotelDialect : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_yotel = readDialectFor(Provider::Yotel);

    Call only(const QByteArray& members) const {
        const auto page = m_yotel->parsePage(account(), pageOf(rowWith(members)));
        return page && page->calls.size() == 1 ? page->calls.front() : Call{};
    }

 private Q_SLOTS:
    void initTestCase() { QVERIFY(m_yotel); }

    void everyFieldOfACall() {
        const auto page = m_yotel->parsePage(account(), fixture("page.json"));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{3});
        QCOMPARE(page->rejectedRows, 0);
        QVERIFY(page->total == 3 && page->page == 1 && page->pageSize == 200);
        const Call& call = page->calls[0];
        QVERIFY((call.key == CallKey{QStringLiteral("main"), QStringLiteral("call-0001")}));
        QVERIFY(call.provider == Provider::Yotel);
        QCOMPARE(*call.campaignId, QStringLiteral("camp-a"));
        QCOMPARE(*call.leadId, QStringLiteral("lead-7"));
        QCOMPARE(*call.agentId, QStringLiteral("agent-3"));
        QCOMPARE(*call.switchId, QStringLiteral("sw-1"));
        QCOMPARE(*call.typeRaw, QStringLiteral("outbound"));
        QVERIFY(call.direction == Direction::Outbound);
        QCOMPARE(*call.statusRaw, QStringLiteral("completed"));
        QVERIFY(call.status == CallStatus::Completed);
        QCOMPARE(toIsoText(*call.dialTime), QStringLiteral("2026-04-18T14:37:02.419Z"));
        QCOMPARE(toIsoText(*call.ringTime), QStringLiteral("2026-04-18T14:37:05.000Z"));
        QCOMPARE(toIsoText(*call.answerTime), QStringLiteral("2026-04-18T14:37:12.000Z"));
        QCOMPARE(toIsoText(*call.agentConnectTime), QStringLiteral("2026-04-18T14:37:14.500Z"));
        QCOMPARE(toIsoText(*call.endTime), QStringLiteral("2026-04-18T14:40:16.000Z"));
        QCOMPARE(*call.ringSeconds, 7.0);
        QCOMPARE(*call.talkSeconds, 184.0);
        QCOMPARE(*call.totalSeconds, 193.6);
        QCOMPARE(*call.hangupCause, QStringLiteral("NORMAL_CLEARING"));
        QCOMPARE(*call.endReasonRaw, QStringLiteral("NORMAL_CLEARING"));
        QVERIFY(call.endReason == EndReason::Unknown);
        QVERIFY(call.hasRecording == true);
        QCOMPARE(*call.recordingUrl, QStringLiteral("https://storage.example.test/one.wav?sig=abc"));
        QCOMPARE(*call.disposition, QStringLiteral("INTERESTED"));
        QCOMPARE(*call.notes, QStringLiteral("Wants the <b>yearly</b> plan"));
        QCOMPARE(*call.summary, QStringLiteral("Asked for the price of the yearly plan."));
        QCOMPARE(*call.sentiment, QStringLiteral("positive"));
        QCOMPARE(*call.nextAction, QStringLiteral("Send the price list"));
        QVERIFY(call.fieldErrors.empty() && call.zoneAssumed.isEmpty());
    }

    void whatYotelDoesNotOfferStaysUnknown() {
        const auto page = m_yotel->parsePage(account(), fixture("page.json"));
        for (const Call& call : page->calls) {
            QVERIFY(!call.source && !call.campaignName && !call.leadName && !call.agentName && !call.customerNumber);
            QVERIFY(!call.ownNumber && !call.createdTime && !call.updatedTime && !call.answeredBy &&
                    !call.hasTranscript);
            QVERIFY(!call.cost && !call.costUnit && !call.carrierCost && call.tags.isEmpty());
        }
    }

    void unansweredAndUnfinishedCalls() {
        const auto page = m_yotel->parsePage(account(), fixture("page.json"));
        const Call& unanswered = page->calls[1];
        QVERIFY(unanswered.status == CallStatus::NoAnswer);
        QVERIFY(unanswered.endReason == EndReason::NotAnswered);
        QVERIFY(!unanswered.answerTime && !unanswered.talkSeconds && !unanswered.notes);
        QVERIFY(unanswered.hasRecording == false);
        const Call& ringing = page->calls[2];
        QVERIFY(ringing.status == CallStatus::Ringing);
        QVERIFY(!ringing.endTime && !ringing.totalSeconds && !ringing.hangupCause && !ringing.endReasonRaw);
        QVERIFY(ringing.fieldErrors.empty());
    }

    void rawKeepsTheObjectAsItCame() {
        const auto page = m_yotel->parsePage(account(), fixture("page.json"));
        const QByteArray raw = page->calls[2].raw;
        QVERIFY(raw.startsWith("{\"id\":\"call-0003\",\"campaign_id\":\"camp-a\","));
        QVERIFY(raw.endsWith("\"region\":\"south\",\"nested\":{\"b\":1.50,\"a\":[12345678901234567890]}}"));
        QCOMPARE(QJsonDocument::fromJson(raw).object().size(), 25);
    }

    void singleCall() {
        const auto call = m_yotel->parseCall(account(), rowWith("\"notes\":\"\""));
        QVERIFY(call.has_value());
        QCOMPARE(call->key.remoteId, QStringLiteral("1"));
        QCOMPARE(*call->notes, QString());  // empty is not null
        for (const char* body :
             {"[]", "{}", "{\"detail\":\"no\"}", "{\"id\":\"\"}", "{\"id\":null}", "[{\"id\":\"1\"}]"}) {
            const auto none = m_yotel->parseCall(account(), body);
            QVERIFY2(!none.has_value(), body);
            QVERIFY2(none.error().kind == ErrorKind::BadAnswer, body);
        }
        QVERIFY(m_yotel->parseCall(account(), fixture("sign_in.html")).error().kind == ErrorKind::NotTheApi);
    }

    void idsKeepTheirDigits_data() {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QString>("id");
        const auto row = [](const char* written, const char* id) {
            QTest::newRow(written) << QByteArray(written) << QString::fromUtf8(id);
        };
        row("42", "42");
        row("0", "0");
        row("-7", "-7");
        row("9007199254740993", "9007199254740993");
        row("9223372036854775808", "9223372036854775808");
        row("123456789012345678901234567890", "123456789012345678901234567890");
        row("\"007\"", "007");
        row("\"a/b ..%\\u0000\\u00e9\"", "a/b ..%");
        row("\" x \"", " x ");
        row("\"..\"", "..");
    }
    void idsKeepTheirDigits() {
        QFETCH(QByteArray, written);
        QFETCH(QString, id);
        const auto page = m_yotel->parsePage(account(), pageOf("{\"status\":\"x\",\"id\":" + written + '}'));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{1});
        if (written.contains("u0000")) {
            id += QString(QChar(0)) + QChar(0xe9);
        }
        QCOMPARE(page->calls.front().key.remoteId, id);
        QVERIFY(callKeyFromText(toText(page->calls.front().key)).value() == page->calls.front().key);
    }

    void referencesKeepTheirDigitsToo() {
        const Call call = only("\"campaign_id\":12345678901234567890,\"lead_id\":0,\"agent_id\":9007199254740993");
        QCOMPARE(*call.campaignId, QStringLiteral("12345678901234567890"));
        QCOMPARE(*call.leadId, QStringLiteral("0"));
        QCOMPARE(*call.agentId, QStringLiteral("9007199254740993"));
        QVERIFY(call.fieldErrors.empty());
    }

    void rowsThatAreNoCallsAreCounted() {
        const auto page = m_yotel->parsePage(
            account(),
            pageOf("null,5,\"x\",[],{},{\"id\":null},{\"id\":\"\"},{\"id\":\"  \"},{\"id\":true},{\"id\":[1]}," +
                   rowWith({})));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{1});
        QCOMPARE(page->rejectedRows, 10);
        QCOMPARE(page->rejections.size(), 10);
        QCOMPARE(page->rejections[0], QStringLiteral("row 1: no object"));
        QCOMPARE(page->rejections[4], QStringLiteral("row 5: no id"));

        QByteArray many = "0";
        for (int i = 0; i < 99; ++i) {
            many += ",0";
        }
        const auto bad = m_yotel->parsePage(account(), pageOf(many));
        QCOMPARE(bad->rejectedRows, 100);
        QCOMPARE(bad->rejections.size(), 20);
    }

    void pageIsWholeOrNothing_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        const QByteArray good = pageOf(rowWith({}) + ',' + rowWith({}));
        const auto row = [](const char* name, const QByteArray& body, ErrorKind kind) {
            QTest::newRow(name) << body << static_cast<int>(kind);
        };
        row("cut", good.chopped(1), ErrorKind::BadAnswer);
        row("cut early", good.left(20), ErrorKind::BadAnswer);
        row("last row wrong", QByteArray(good).replace("]", ",{\"id\":}]"), ErrorKind::BadAnswer);
        row("array", "[]", ErrorKind::BadAnswer);
        row("null", "null", ErrorKind::BadAnswer);
        row("no items", "{\"total\":0}", ErrorKind::BadAnswer);
        row("items null", "{\"items\":null}", ErrorKind::BadAnswer);
        row("items text", "{\"items\":\"\"}", ErrorKind::BadAnswer);
        row("error with 200", "{\"detail\":\"Invalid API key\"}", ErrorKind::BadAnswer);
        row("web page", fixture("sign_in.html"), ErrorKind::NotTheApi);
        row("nothing", "", ErrorKind::NotTheApi);
    }
    void pageIsWholeOrNothing() {
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        const auto page = m_yotel->parsePage(account(), body);
        QVERIFY(!page.has_value());
        QCOMPARE(static_cast<int>(page.error().kind), kind);
        QVERIFY(!page.error().detail.contains(QStringLiteral("9f8e7d6c")));  // the sign-in page's session
    }

    void everyCutOfAPageIsRefused() {
        const QByteArray good = fixture("page.json").trimmed();
        for (qsizetype length = 0; length < good.size(); length += 7) {
            QVERIFY(!m_yotel->parsePage(account(), good.left(length)).has_value());
        }
        QVERIFY(m_yotel->parsePage(account(), good).has_value());
        QVERIFY(m_yotel->parsePage(account(), "\xef\xbb\xbf" + good).has_value());
    }

    void pagingNumbers_data() {
        QTest::addColumn<QByteArray>("rest");
        QTest::addColumn<qint64>("total");  // -1: unknown
        QTest::addColumn<int>("size");
        const auto row = [](const char* rest, qint64 total, int size) {
            QTest::newRow(rest) << QByteArray(rest) << total << size;
        };
        row(",\"total\":99,\"page_size\":25", 99, 25);
        row(",\"total\":0,\"page_size\":0", 0, -1);
        row(",\"total\":\"5\",\"page_size\":\"25\"", -1, -1);
        row(",\"total\":-1,\"page_size\":-1", -1, -1);
        row(",\"total\":null,\"page_size\":null", -1, -1);
        row(",\"total\":9223372036854775808,\"page_size\":4294967297", -1, -1);
        row(",\"total\":3.7,\"page_size\":3.7", -1, -1);
        row(",\"total\":true,\"page_size\":[]", -1, -1);
        row(",\"total\":1e308", -1, -1);
        row("", -1, -1);
    }
    void pagingNumbers() {
        QFETCH(QByteArray, rest);
        QFETCH(qint64, total);
        QFETCH(int, size);
        const auto page = m_yotel->parsePage(account(), pageOf(rowWith({}), rest));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{1});
        QCOMPARE(page->total.value_or(-1), total);
        QCOMPARE(page->pageSize.value_or(-1), size);
    }

    void tooManyRowsAreRefused() {
        QByteArray rows = "{\"id\":\"1\"}";
        rows.reserve(200'000);
        for (int i = 1; i < 10'000; ++i) {
            rows += ",{\"id\":\"1\"}";
        }
        QCOMPARE(m_yotel->parsePage(account(), pageOf(rows))->calls.size(), std::size_t{10'000});
        const auto page = m_yotel->parsePage(account(), pageOf(rows + ",{\"id\":\"1\"}"));
        QVERIFY(!page.has_value() && page.error().kind == ErrorKind::TooLarge);
    }

    void hugeTextIsCutAndSaid() {
        const QByteArray huge(3 * 1024 * 1024, 'x');
        const Call call = only("\"notes\":\"" + huge + "\",\"ai_summary\":\"" + huge.left(1000) + '"');
        QCOMPARE(call.notes->size(), qsizetype{2 * 1024 * 1024});
        QCOMPARE(call.summary->size(), qsizetype{1000});
        QCOMPARE(call.fieldErrors.size(), std::size_t{1});
        QCOMPARE(call.fieldErrors.front().path, QStringLiteral("notes"));
        QVERIFY(call.fieldErrors.front().problem.size() <= 200);
    }

    void loneHalvesBecomeReplacementMarks() {
        const Call call = only("\"notes\":\"half \\ud83d pair \\ude00 whole \\ud83d\\ude00\"");
        QCOMPARE(*call.notes, QStringLiteral("half \ufffd pair \ufffd whole \U0001f600"));
        QCOMPARE(QString::fromUtf8(call.notes->toUtf8()), *call.notes);
        QVERIFY(call.raw.contains("half \\ud83d pair"));
    }

    void nulAndControlsSurvive() {
        const Call call = only("\"notes\":\"a\\u0000b\\tc\\u0007\"");
        QCOMPARE(*call.notes, QString(QLatin1StringView("a\0b\tc\a", 6)));
    }

    void repeatedNamesLastWins() {
        const Call call = only("\"notes\":\"old\",\"notes\":\"new\",\"lead_id\":1,\"lead_id\":22222222222222222222");
        QCOMPARE(*call.notes, QStringLiteral("new"));
        QCOMPARE(*call.leadId, QStringLiteral("22222222222222222222"));
    }

    void zonelessTimesAreMarked() {
        Account indian = account();
        indian.assumedZone = QStringLiteral("Asia/Kolkata");
        const auto page = m_yotel->parsePage(
            indian, pageOf(rowWith("\"dial_time\":\"2026-04-18 "
                                   "20:07:02\",\"end_time\":\"2026-04-18T14:40:00Z\",\"ring_time\":\"2026-04-18\"")));
        const Call& call = page->calls.front();
        QCOMPARE(toIsoText(*call.dialTime), QStringLiteral("2026-04-18T14:37:02.000Z"));
        QCOMPARE(toIsoText(*call.endTime), QStringLiteral("2026-04-18T14:40:00.000Z"));
        QCOMPARE(call.zoneAssumed, (QStringList{QStringLiteral("dial_time"), QStringLiteral("ring_time")}));
        QVERIFY(call.fieldErrors.empty());
    }

    void recordingFlagAndAddressAreTwoThings() {
        const auto row = [this](const QByteArray& flag, const QByteArray& url) {
            return *m_yotel->parseCall(account(),
                                       "{\"id\":\"1\",\"has_recording\":" + flag + ",\"recording_url\":" + url + '}');
        };
        const Call notIssued = row("true", "null");
        QVERIFY(notIssued.hasRecording == true && !notIssued.recordingUrl);
        const Call empty = row("true", "\"\"");
        QVERIFY(empty.hasRecording == true && !empty.recordingUrl &&
                empty.fieldErrors.size() == notIssued.fieldErrors.size());
        const Call blank = row("true", "\"  \"");
        QVERIFY(!blank.recordingUrl);
        const Call contradicting = row("false", "\"https://x.test/a\"");
        QVERIFY(contradicting.hasRecording == false && contradicting.recordingUrl == u"https://x.test/a");
        const Call padded = row("true", "\"  https://x.test/a b?s=%2F  \"");
        QCOMPARE(*padded.recordingUrl, QStringLiteral("https://x.test/a b?s=%2F"));
        const Call unsaid = row("null", "null");
        QVERIFY(!unsaid.hasRecording);
        const Call wrong = row("\"maybe\"", "null");
        QVERIFY(!wrong.hasRecording);
    }

    void addressesNeverReachAProblemText() {
        const Call call = only("\"recording_url\":[\"https://x.test/a?sig=topsecret\"]");
        QCOMPARE(call.fieldErrors.size(), std::size_t{1});
        QVERIFY(!call.fieldErrors.front().problem.contains(QStringLiteral("topsecret")));
    }

    void campaigns() {
        const QByteArray bare = fixture("campaigns.json");
        const QList<QByteArray> bodies{bare, "{\"items\":" + bare + '}', "{\"campaigns\":" + bare + '}',
                                       "{\"total\":3,\"data\":" + bare + '}'};
        for (const QByteArray& body : bodies) {
            const auto campaigns = m_yotel->parseCampaigns(account(), body);
            QVERIFY(campaigns.has_value());
            QCOMPARE(campaigns->entries.size(), std::size_t{3});
            QCOMPARE(campaigns->entries[0].id, QStringLiteral("camp-a"));
            QCOMPARE(campaigns->entries[0].name, QStringLiteral("Spring renewals"));
            QCOMPARE(*campaigns->entries[0].status, QStringLiteral("running"));
            QVERIFY(campaigns->entries[0].raw.contains("\"dial_mode\":\"progressive\""));
            QCOMPARE(campaigns->entries[1].id, QStringLiteral("9007199254740993"));
            QVERIFY(!campaigns->entries[1].status);
            QCOMPARE(campaigns->entries[2].name, QString());
        }
        QCOMPARE(m_yotel->parseCampaigns(account(), "[]")->entries.size(), std::size_t{0});
        QCOMPARE(m_yotel->parseCampaigns(account(), "{\"items\":[]}")->entries.size(), std::size_t{0});
    }

    void campaignRowsWithoutIdAreLeftOut() {
        const auto list = m_yotel->parseCampaigns(
            account(), "[{\"id\":\"a\"}, {\"name\":\"no id\"}, 7, {\"id\":\" \"}, {\"id\":\"b\"}]");
        QVERIFY(list.has_value());
        QCOMPARE(list->entries.size(), std::size_t{2});
        QCOMPARE(list->entries[1].id, QStringLiteral("b"));
        QCOMPARE(list->rejectedRows, 3);
        QCOMPARE(list->rejections, (QStringList{QStringLiteral("row 2: no id"), QStringLiteral("row 3: no object"),
                                                QStringLiteral("row 4: no id")}));
    }

    void campaignAnswersThatAreNone() {
        for (const char* body : {"{}", "null", "{\"items\":null}", "{\"detail\":\"x\"}", "[{}]", "[{\"name\":\"x\"}]",
                                 "[5]", "[{\"id\":\"\"}]", "[{\"id\":\"a\"}"}) {
            const auto campaigns = m_yotel->parseCampaigns(account(), body);
            QVERIFY2(!campaigns.has_value(), body);
            QVERIFY2(campaigns.error().kind == ErrorKind::BadAnswer, body);
        }
        QVERIFY(m_yotel->parseCampaigns(account(), "").error().kind == ErrorKind::NotTheApi);
    }

    void addresses() {
        const Account main = account();
        QCOMPARE(m_yotel->campaignsUrl(main, 1).toEncoded(), QByteArray("https://api.example.test/api/v1/campaigns"));
        QCOMPARE(m_yotel->callUrl(main, QStringLiteral("7d0c")).toEncoded(),
                 QByteArray("https://api.example.test/api/v1/calls/7d0c"));
        QCOMPARE(m_yotel->callsPageUrl(main, listOf("camp-a"), 3).toEncoded(),
                 QByteArray("https://api.example.test/api/v1/campaigns/camp-a/calls?page=3&page_size=200"));
    }

    void addressesOfOddBases() {
        for (const char* base : {"https://x.test", "https://x.test/", "https://x.test//"}) {
            Account odd = account();
            odd.baseUrl = QUrl(QString::fromLatin1(base));
            QCOMPARE(m_yotel->campaignsUrl(odd, 1).toEncoded(), QByteArray("https://x.test/campaigns"));
        }
        Account odd = account();
        odd.baseUrl = QUrl(QStringLiteral("http://[::1]:8099/a%2Fb/?key=1#x"));
        QCOMPARE(m_yotel->callUrl(odd, QStringLiteral("1")).toEncoded(), QByteArray("http://[::1]:8099/a%2Fb/calls/1"));
    }

    void pageSizeIsWithinTheDocument_data() {
        QTest::addColumn<int>("set");
        QTest::addColumn<QString>("sent");
        QTest::newRow("zero") << 0 << QStringLiteral("1");
        QTest::newRow("negative") << -5 << QStringLiteral("1");
        QTest::newRow("lawful") << 25 << QStringLiteral("25");
        QTest::newRow("largest") << 200 << QStringLiteral("200");
        QTest::newRow("too large") << 10'000 << QStringLiteral("200");
    }
    void pageSizeIsWithinTheDocument() {
        QFETCH(int, set);
        QFETCH(QString, sent);
        Account sized = account();
        sized.pageSize = set;
        const QUrlQuery query(m_yotel->callsPageUrl(sized, listOf("c"), -2));
        QCOMPARE(query.queryItemValue(QStringLiteral("page_size")), sent);
        QCOMPARE(query.queryItemValue(QStringLiteral("page")), QStringLiteral("1"));
    }

    void anIdIsOnePathSegment_data() {
        QTest::addColumn<QString>("id");
        for (const QString& id : {QStringLiteral("a/b"),
                                  QStringLiteral("../../admin"),
                                  QStringLiteral("..%2f..%2fadmin"),
                                  QStringLiteral("50%"),
                                  QStringLiteral("a?page=9"),
                                  QStringLiteral("a#b"),
                                  QStringLiteral("a&b=c"),
                                  QStringLiteral("a b"),
                                  QStringLiteral("@evil.test"),
                                  QStringLiteral("//evil.test/"),
                                  QStringLiteral("\\evil"),
                                  QStringLiteral("é😀"),
                                  QString(QChar(0)),
                                  QStringLiteral("x\r\nHost: evil.test"),
                                  QStringLiteral("..."),
                                  QStringLiteral("%2e%2e"),
                                  QStringLiteral(";a=1"),
                                  QString(4096, u'x'),
                                  QStringLiteral(":80"),
                                  QStringLiteral("*'()!~$,+=")}) {
            QTest::addRow("%s", id.left(20).toUtf8().toPercentEncoding().constData()) << id;
        }
    }
    void anIdIsOnePathSegment() {
        QFETCH(QString, id);
        const QUrl url = m_yotel->callUrl(account(), id);
        QVERIFY(url.isValid());
        QCOMPARE(url.host(), QStringLiteral("api.example.test"));
        QVERIFY(!url.hasQuery() && !url.hasFragment() && url.userInfo().isEmpty());
        const QByteArray wire = url.toEncoded();
        QVERIFY(wire.startsWith("https://api.example.test/api/v1/calls/"));
        const QByteArray segment = wire.mid(qstrlen("https://api.example.test/api/v1/calls/"));
        QVERIFY2(!segment.contains('/'), segment.constData());
        QVERIFY(segment != "." && segment != ".." && !segment.contains('\r') && !segment.contains('\n'));
        // What a server decodes is the id, byte for byte.
        QCOMPARE(QString::fromUtf8(QByteArray::fromPercentEncoding(segment)), id);
        // Resolving, as network code may do, changes nothing.
        QCOMPARE(url.adjusted(QUrl::NormalizePathSegments).toEncoded(), wire);
    }

    void idsThatCannotBeASegmentHaveNoAddress() {
        for (const char* id : {"", ".", ".."}) {
            QVERIFY(m_yotel->callUrl(account(), QString::fromLatin1(id)).isEmpty());
            QVERIFY(m_yotel->callsPageUrl(account(), listOf(id), 1).isEmpty());
        }
    }

    void errors_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("message");
        const auto row = [](int status, const char* body, ErrorKind kind, const char* message) {
            QTest::addRow("%d %.20s", status, body)
                << status << QByteArray(body) << static_cast<int>(kind) << QString::fromUtf8(message);
        };
        row(401, "{\"detail\":\"Invalid API key\"}", ErrorKind::Unauthorized, "Invalid API key");
        row(403, "{\"detail\":\"Scope 'calls:read' required\"}", ErrorKind::Forbidden, "Scope 'calls:read' required");
        row(404, "{\"detail\":\"Call not found\"}", ErrorKind::NotFound, "Call not found");
        row(410, "", ErrorKind::NotFound, "");
        row(400, "{\"detail\":\"bad\"}", ErrorKind::Refused, "bad");
        row(409, "{\"detail\":\"x\"}", ErrorKind::Conflict, "x");
        row(412, "{}", ErrorKind::Conflict, "");
        row(429, "{\"detail\":\"Rate limit exceeded\"}", ErrorKind::RateLimited, "Rate limit exceeded");
        row(408, "", ErrorKind::ServerTrouble, "");
        row(500, "Internal Server Error", ErrorKind::ServerTrouble, "");
        row(502, "<html><body>Bad Gateway</body></html>", ErrorKind::ServerTrouble, "");
        row(503, "null", ErrorKind::ServerTrouble, "");
        row(302, "", ErrorKind::NotTheApi, "");
        row(418, "{\"detail\":17}", ErrorKind::Refused, "");
        row(422, "{\"detail\":[\"a\",{\"msg\":\"b\"},5,null]}", ErrorKind::Refused, "a; b");
        row(422, "{\"detail\":{\"loc\":[\"x\"],\"msg\":\"b\"}}", ErrorKind::Refused, "x: b");
        row(401, "{\"detail\":\"key yt_live_0123456789abcdef is unknown\"}", ErrorKind::Unauthorized,
            "key yt_live_... is unknown");
        row(404, "{\"detail\":\"line one\\nline <b>two</b>\"}", ErrorKind::NotFound, "line one line <b>two</b>");
    }
    void errors() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, message);
        const Error error = m_yotel->parseError(status, body);
        QCOMPARE(static_cast<int>(error.kind), kind);
        QCOMPARE(error.message, message);
        QCOMPARE(error.code, QStringLiteral("http_%1").arg(status));
        QVERIFY(!errorText(error).isEmpty());
    }

    void validationErrorsNameThePlace() {
        const Error error = m_yotel->parseError(422, fixture("error_422.json"));
        QCOMPARE(error.message, QStringLiteral("query.page_size: must be 200 or less; body.rows.3: too many"));
    }

    void longErrorTextsAreCut() {
        const Error error = m_yotel->parseError(500, "{\"detail\":\"" + QByteArray(100'000, 'x') + "\"}");
        QCOMPARE(error.message.size(), qsizetype{200});
        QVERIFY(error.detail.size() <= 200);
        QVERIFY(m_yotel->parseError(500, QByteArray(100'000, 'y')).detail.size() <= 200);
    }
};

QTEST_GUILESS_MAIN(TestYotelDialect)
#include "tst_yoteldialect.moc"
