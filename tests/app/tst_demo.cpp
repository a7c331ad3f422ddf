// The demo provider: documented answers over real HTTP, calls that move on, links that end.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>

#include "app/demo/demodata.h"
#include "app/demo/demoserver.h"
#include "app/settings.h"
#include "models/domain/timings.h"
#include "models/providers/readdialect.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

class MovableClock final : public Clock {
 public:
    [[nodiscard]] Moment now() const override { return momentFromMs(m_ms); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
    void advanceSeconds(qint64 seconds) { m_ms += seconds * 1000; }

 private:
    std::atomic<qint64> m_ms{1776523022419};
};

struct Got {
    int status = 0;
    QByteArray body;
    QHash<QByteArray, QByteArray> headers;
};

}  // namespace

class TestDemo : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        m_clock = std::make_shared<MovableClock>();
        m_server = std::make_unique<DemoServer>(m_clock);
        QVERIFY(m_server->start(0).has_value());
        m_account.name = u"demo"_s;
        m_account.baseUrl = m_server->baseUrl(Provider::Yotel);
    }
    void cleanup() { m_server.reset(); }

    void listensOnLoopbackOnly() {
        QCOMPARE(m_account.baseUrl.host(), u"127.0.0.1"_s);
        QVERIFY(m_account.baseUrl.port() > 0);
        QCOMPARE(m_account.baseUrl.path(), u"/api/v1"_s);
    }

    void aTakenPortIsSaid() {
        DemoServer second(m_clock);
        const Done started = second.start(quint16(m_account.baseUrl.port()));
        QVERIFY(!started.has_value());
        QVERIFY(started.error().message.contains(QString::number(m_account.baseUrl.port())));
    }

    /// Edits that wait belong to the account at its address.
    void aSecondStartHasTheSameAddresses() {
        QTemporaryDir folder;
        Settings settings(folder.filePath(u"settings.json"_s));
        const auto addresses = [](const DemoServer& server) {
            QList<QUrl> all;
            for (const Provider provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
                all << server.baseUrl(provider);
            }
            return all;
        };
        auto first = std::make_unique<DemoServer>(m_clock);
        QVERIFY(first->startAgain(&settings).has_value());
        const QList<QUrl> before = addresses(*first);
        {
            DemoServer meanwhile(m_clock);  // the port is taken: any other will do, and is the one from now on
            Settings others(folder.filePath(u"others.json"_s));
            others.setValue(u"demo/port"_s, before.first().port());
            QVERIFY(meanwhile.startAgain(&others).has_value());
            QVERIFY(meanwhile.baseUrl(Provider::Yotel).port() != before.first().port());
            QCOMPARE(others.value(u"demo/port"_s, 0).toInt(), meanwhile.baseUrl(Provider::Yotel).port());
        }
        m_account.baseUrl = before.first();
        QCOMPARE(api(u"/campaigns"_s).status, 200);  // a connection that the server ends, as at a real restart
        first.reset();
        DemoServer second(m_clock);
        QVERIFY(second.startAgain(&settings).has_value());
        QCOMPARE(addresses(second), before);
        QCOMPARE(api(u"/campaigns"_s).status, 200);
    }

    void keysAreAsked_data() {
        QTest::addColumn<QByteArray>("authorization");
        QTest::addColumn<int>("status");
        QTest::newRow("none") << QByteArray() << 401;
        QTest::newRow("no bearer") << QByteArray("Basic yt_test_x") << 401;
        QTest::newRow("live") << QByteArray("Bearer yt_live_x") << 401;
        QTest::newRow("other") << QByteArray("Bearer sk_x") << 401;
        QTest::newRow("test") << QByteArray("Bearer yt_test_anything") << 200;
        QTest::newRow("demo") << "Bearer " + demoKey() << 200;
    }
    void keysAreAsked() {
        QFETCH(QByteArray, authorization);
        QFETCH(int, status);
        const Got got = get(m_account.baseUrl.toString() + u"/campaigns"_s, authorization);
        QCOMPARE(got.status, status);
        QCOMPARE(QJsonDocument::fromJson(got.body).object().value(u"detail"_s).isString(), status == 401);
        QCOMPARE(got.headers.contains("x-ratelimit-limit"), status == 200);
    }

    void errorsAreAsDocumented() {
        QCOMPARE(detail(u"/campaigns/none/calls"_s, 404), u"Campaign not found"_s);
        QCOMPARE(detail(u"/calls/none"_s, 404), u"Call not found"_s);
        QCOMPARE(detail(u"/nothing"_s, 404), u"Not Found"_s);
        for (const auto& query : {u"page_size=201"_s, u"page_size=0"_s, u"page_size=x"_s, u"page=0"_s}) {
            const Got got = api(u"/campaigns/"_s + campaigns().first().id + u"/calls?"_s + query);
            QCOMPARE(got.status, 422);
            const QJsonObject problem =
                QJsonDocument::fromJson(got.body).object().value(u"detail"_s).toArray().at(0).toObject();
            QCOMPARE(problem.value(u"loc"_s).toArray().at(1).toString(), query.section(u'=', 0, 0));
        }
    }

    void theCallsAreRichEnough() {
        const std::vector<Call> calls = allCalls(200);
        QVERIFY(calls.size() >= 24);
        QCOMPARE(campaigns().size(), 3);
        QSet<QString> ids;
        QSet<CallStatus> statuses;
        int recorded = 0;
        int impossible = 0;
        for (const Call& call : calls) {
            ids.insert(call.key.remoteId);
            statuses.insert(call.status);
            recorded += call.recordingUrl ? 1 : 0;
            impossible += timingsOf(call).problems.isEmpty() ? 0 : 1;
            QVERIFY2(call.fieldErrors.empty(), qPrintable(call.key.remoteId));
        }
        QCOMPARE(size_t(ids.size()), calls.size());
        for (const CallStatus status :
             {CallStatus::Dialing, CallStatus::Ringing, CallStatus::Completed, CallStatus::NoAnswer, CallStatus::Busy,
              CallStatus::Failed, CallStatus::Cancelled, CallStatus::Unknown}) {
            QVERIFY2(statuses.contains(status), qPrintable(word(status)));
        }
        QVERIFY(recorded >= 12);
        QVERIFY(impossible >= 2);
        const auto some = [&](auto has) { return std::any_of(calls.begin(), calls.end(), has); };
        QVERIFY(some([](const Call& call) { return call.summary.has_value(); }) &&
                some([](const Call& call) { return !call.summary; }));
        QVERIFY(some([](const Call& call) { return !call.leadId; }) &&
                some([](const Call& call) { return !call.dialTime; }));
        QVERIFY(some([](const Call& call) { return call.talkSeconds == 0.0; }) &&
                some([](const Call& call) { return call.direction == Direction::Inbound; }));
    }

    void objectsHaveYotelsFieldsAndNoOthers() {
        const Got got = api(u"/campaigns/"_s + campaigns().first().id + u"/calls"_s);
        const QJsonObject page = QJsonDocument::fromJson(got.body).object();
        QCOMPARE(page.keys(), QStringList({u"items"_s, u"page"_s, u"page_size"_s, u"total"_s}));
        QCOMPARE(page.value(u"page_size"_s).toInt(), 25);
        QStringList fields =
            u"id campaign_id lead_id agent_id fs_uuid direction status dial_time ring_time answer_time "
            u"agent_connect_time end_time ring_duration_s "
            "talk_duration_s total_duration_s hangup_cause has_recording recording_url disposition notes ai_summary ai_sentiment ai_next_action"_s
                .split(u' ');
        fields.sort();
        const QJsonArray items = page.value(u"items"_s).toArray();
        QVERIFY(!items.isEmpty());
        for (const auto& item : items) {
            QCOMPARE(item.toObject().keys(), fields);
        }
    }

    void pagesAndFiltersAddUp() {
        QCOMPARE(allCalls(3).size(), allCalls(200).size());
        qint64 completed = 0;
        for (const Call& call : allCalls(200)) {
            completed += call.statusRaw == u"completed"_s ? 1 : 0;
        }
        qint64 filtered = 0;
        for (const NamedEntry& campaign : campaigns()) {
            const Got got = api(u"/campaigns/"_s + campaign.id + u"/calls?page_size=200&status=completed"_s);
            filtered += QJsonDocument::fromJson(got.body).object().value(u"total"_s).toInteger();
        }
        QCOMPARE(filtered, completed);
    }

    void recordingsArePlayableFiles() {
        int fetched = 0;
        for (const Call& call : allCalls(200)) {
            if (!call.recordingUrl) {
                continue;
            }
            const Got got = get(*call.recordingUrl, {});  // a signed link takes no key
            QCOMPARE(got.status, 200);
            QVERIFY(got.body.size() > 20000);
            const bool known = got.body.startsWith("RIFF") || got.body.startsWith("OggS") ||
                               got.body.startsWith("fLaC") || got.body.startsWith("ID3") ||
                               got.body.mid(4, 4) == "ftyp" || static_cast<unsigned char>(got.body.at(0)) == 0xff;
            QVERIFY(known);
            ++fetched;
        }
        QVERIFY(fetched >= 12);
    }

    void linksAreSignedAndEnd() {
        const Call call = recordedCall();
        const QString link = *call.recordingUrl;
        QVERIFY(link.contains(u"X-Goog-Signature="_s));
        QCOMPARE(get(link.section(u'?', 0, 0), {}).status, 403);
        QString forged = link;
        forged.replace(forged.size() - 1, 1, forged.endsWith(u'0') ? u"1"_s : u"0"_s);
        QCOMPARE(get(forged, {}).status, 403);
        QCOMPARE(recordedCall().recordingUrl, call.recordingUrl);  // a re-read changes nothing while it is fresh
        m_clock->advanceSeconds(11 * 60);
        QCOMPARE(get(link, {}).status, 403);
        const QString renewed = *recordedCall().recordingUrl;
        QVERIFY(renewed != link);
        QCOMPARE(get(renewed, {}).status, 200);
    }

    void rangesAreServed() {
        const QString link = *recordedCall().recordingUrl;
        const QByteArray whole = get(link, {}).body;
        const Got part = get(link, {}, "bytes=100-199");
        QCOMPARE(part.status, 206);
        QCOMPARE(part.body, whole.mid(100, 100));
        QCOMPARE(part.headers.value("content-range"), "bytes 100-199/" + QByteArray::number(whole.size()));
        QCOMPARE(get(link, {}, "bytes=99999999-").status, 200);
    }

    void callsMoveOn() {
        const auto countOf = [this](const QString& raw) {
            qint64 count = 0;
            for (const Call& call : allCalls(200)) {
                count += call.statusRaw == raw ? 1 : 0;
            }
            return count;
        };
        const qint64 completed = countOf(u"completed"_s);
        QVERIFY(countOf(u"dialing"_s) > 0);
        m_clock->advanceSeconds(30);
        QCOMPARE(countOf(u"dialing"_s), 0);
        QVERIFY(countOf(u"agent_connected"_s) > 0);
        m_clock->advanceSeconds(300);
        QCOMPARE(countOf(u"agent_connected"_s), 0);
        QCOMPARE(countOf(u"ringing"_s), 0);
        QVERIFY(countOf(u"completed"_s) >= completed + 2);
        for (const Call& call : allCalls(200)) {
            if (hasEnded(call.status) && call.dialTime && !call.endTime) {
                QVERIFY2(!call.talkSeconds, qPrintable(call.key.remoteId));
            }
        }
    }

    void oneLinkComesLater() {
        const auto waiting = [this] {
            int count = 0;
            for (const Call& call : allCalls(200)) {
                count += call.hasRecording == true && !call.recordingUrl ? 1 : 0;
            }
            return count;
        };
        QCOMPARE(waiting(), 1);
        m_clock->advanceSeconds(20);
        QCOMPARE(waiting(), 0);
    }

    void theFilesAreInTheProgram() {
        QVERIFY(demoFile(u"calls.json"_s).size() > 1000);
        QVERIFY(demoFile(u"dialogues.json"_s).size() > 1000);
        QVERIFY(demoFile(u"none"_s).isEmpty());
    }

    void pathsStayInsideTheRecordings() {
        const QString link = *recordedCall().recordingUrl;
        const QString query = link.section(u'?', 1);
        for (const auto& path : {u"..%2Fcalls.json"_s, u"%2e%2e"_s, u"a%00b"_s}) {
            const Got got =
                get(m_account.baseUrl.toString(QUrl::RemovePath) + u"/recordings/"_s + path + u'?' + query, {});
            QVERIFY2(got.status == 403 || got.status == 404, qPrintable(path));
        }
    }

 private:
    Got get(const QString& url, const QByteArray& authorization, const QByteArray& range = {}) {
        QNetworkRequest request{QUrl(url)};
        if (!authorization.isEmpty()) {
            request.setRawHeader("Authorization", authorization);
        }
        if (!range.isEmpty()) {
            request.setRawHeader("Range", range);
        }
        std::unique_ptr<QNetworkReply> reply(m_network.get(request));
        QSignalSpy finished(reply.get(), &QNetworkReply::finished);
        if (!reply->isFinished() && !finished.wait(10000)) {
            return {};
        }
        Got got{reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll(), {}};
        for (const auto& header : reply->rawHeaderPairs()) {
            got.headers.insert(header.first.toLower(), header.second);
        }
        return got;
    }
    Got api(const QString& path) { return get(m_account.baseUrl.toString() + path, "Bearer " + demoKey()); }
    QString detail(const QString& path, int status) {
        const Got got = api(path);
        return got.status == status ? QJsonDocument::fromJson(got.body).object().value(u"detail"_s).toString()
                                    : u"status %1"_s.arg(got.status);
    }
    QList<NamedEntry> campaigns() {
        const auto heads = m_dialect->parseCampaigns(m_account, api(u"/campaigns"_s).body);
        return heads ? QList<NamedEntry>(heads->entries.begin(), heads->entries.end()) : QList<NamedEntry>();
    }
    std::vector<Call> allCalls(int pageSize) {
        std::vector<Call> calls;
        for (const NamedEntry& campaign : campaigns()) {
            for (int page = 1; page < 1000; ++page) {
                const Got got =
                    api(u"/campaigns/%1/calls?page=%2&page_size=%3"_s.arg(campaign.id).arg(page).arg(pageSize));
                auto parsed = m_dialect->parsePage(m_account, got.body);
                if (!parsed || parsed->rejectedRows > 0 || parsed->calls.empty()) {
                    break;
                }
                calls.insert(calls.end(), parsed->calls.begin(), parsed->calls.end());
            }
        }
        return calls;
    }
    Call recordedCall() {
        for (const Call& call : allCalls(200)) {
            if (call.recordingUrl) {
                return call;
            }
        }
        return {};
    }

    std::shared_ptr<MovableClock> m_clock;
    std::unique_ptr<DemoServer> m_server;
    Account m_account;
    QNetworkAccessManager m_network;
    std::shared_ptr<const ReadDialect> m_dialect = readDialectFor(Provider::Yotel);
};

QTEST_GUILESS_MAIN(TestDemo)
#include "tst_demo.moc"
