// What the dialects of Atoms, Vatel and Autocalls ask for, answered by their test servers: filters, names, the test of
// a key, recordings, refusals. The servers ignore what is spelt otherwise than documented, so a wrong name shows as too
// many calls.
#include <QTest>

#include "models/providers/readdialect.h"
#include "models/providers/timeparser.h"
#include "tests/support/atomsserver.h"
#include "tests/support/autocallsserver.h"
#include "tests/support/vatelserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

struct Line {
    ProviderServer& server;
    Account account;
    std::shared_ptr<const ReadDialect> dialect;

    explicit Line(ProviderServer& asked)
        : server(asked), account(asked.account(u"main"_s)), dialect(readDialectFor(account.provider)) {}

    [[nodiscard]] Reply ask(const QUrl& url) const {
        const QByteArray query = url.query(QUrl::FullyEncoded).toLatin1();
        return server.ask(url.path(QUrl::FullyEncoded).toLatin1() + (query.isEmpty() ? QByteArray() : '?' + query));
    }
    /// The ids of the first page of each list of the scope.
    [[nodiscard]] QList<QStringList> idsOf(const CallScope& scope) const {
        QList<QStringList> all;
        for (const CallList& list : dialect->lists(account, scope, {}, {})) {
            const Reply reply = ask(dialect->callsPageUrl(account, list, 1));
            const auto page = dialect->parsePage(account, reply.body);
            QStringList ids;
            for (const Call& call : page ? page->calls : std::vector<Call>()) {
                ids += call.key.remoteId;
            }
            all += ids;
        }
        return all;
    }
};

Moment at(const char* text) {
    return parseTime(QString::fromLatin1(text), AssumedZone(u"UTC"_s))->at;
}

}  // namespace

class TestDialectQueries final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void atomsFilters() {
        AtomsServer server;
        server.addCampaign(u"june"_s, u"June"_s);
        server.addCalls(4);
        server.putIntoCampaign(atomsId(1), u"june"_s);
        server.changeCall(atomsId(2), {{u"agentId"_s, u"other"_s}});
        server.changeCall(atomsId(3), {{u"type"_s, u"webcall"_s}});
        server.changeCall(atomsId(4), {{u"type"_s, u"telephony_inbound"_s}});
        const Line line(server);
        const auto ids = [&line](const CallScope& scope) {
            QStringList found = line.idsOf(scope).value(0);
            found.sort();
            return found;
        };
        QCOMPARE(ids({}).size(), 4);
        CallScope scope;
        scope.campaigns = {u"none"_s, u"june"_s};
        QCOMPARE(ids(scope), QStringList{atomsId(1)});
        scope = {};
        scope.agents = {u"other"_s, u"third"_s};
        QCOMPARE(ids(scope), QStringList{atomsId(2)});
        scope = {};
        scope.sources = {u"webcall"_s, u"telephony_inbound"_s};
        QCOMPARE(ids(scope), (QStringList{atomsId(3), atomsId(4)}));
        scope = {};
        scope.since = at("2030-01-01T00:00:00Z");  // never asked for: the provider warns of a full scan
        QCOMPARE(ids(scope).size(), 4);
    }

    void atomsPartsNamesAndLinks() {
        AtomsServer server;
        server.addCalls(2);
        server.addRecording(atomsId(1), "RIFF"_ba);
        const Line line(server);
        const auto& dialect = *line.dialect;
        const auto call = dialect.parseCall(line.account, line.ask(dialect.callUrl(line.account, atomsId(1))).body);
        QVERIFY(call && call->fieldErrors.empty() && call->hasTranscript == true);
        QVERIFY(call->computed == QStringList{u"created_time"_s});  // the detail does not tell
        const auto agents = dialect.parseAgents(line.account, line.ask(dialect.agentsUrl(line.account, 1)).body);
        QVERIFY(agents && agents->entries.at(0).id == call->agentId && !agents->hasMore);
        QVERIFY(agents->entries[0].name == call->agentName);
        QVERIFY(dialect.parseCampaigns(line.account, line.ask(dialect.campaignsUrl(line.account, 1)).body).has_value());
        QCOMPARE(*dialect.parseTest(line.account, line.ask(dialect.testUrl(line.account)).body),
                 u"Test Desk, desk@example.com"_s);
        const auto link = dialect.parseRecordingLink(line.ask(dialect.recordingUrl(line.account, atomsId(1))).body);
        QVERIFY(link && QUrl(*link).path().toLatin1() == AtomsServer::presignedPath(atomsId(1)));
        const Reply none = line.ask(dialect.recordingUrl(line.account, atomsId(2)));
        const Error error = dialect.parseError(none.status, none.body);
        QVERIFY(error.kind == ErrorKind::NotFound && error.message == u"Recording not found");
    }

    void vatelFilters() {
        VatelServer server;
        server.addCalls(4);
        server.changeCall(vatelId(1), {{u"source"_s, u"sip"_s}});
        server.changeCall(vatelId(2), {{u"agent_id"_s, u"other"_s}});
        server.changeCall(vatelId(4), {{u"created_at"_s, u"2026-05-01T00:00:00Z"_s}});
        const Line line(server);
        const auto ids = [&line](const CallScope& scope) { return line.idsOf(scope).value(0); };
        QCOMPARE(ids({}).size(), 4);
        CallScope scope;
        scope.sources = {u"sip"_s};
        QCOMPARE(ids(scope), QStringList{vatelId(1)});
        scope = {};
        scope.agents = {u"other"_s, u"third"_s};
        QCOMPARE(ids(scope), QStringList{vatelId(2)});
        scope = {};
        scope.since = at("2026-05-01T00:00:00Z");
        QCOMPARE(ids(scope), QStringList{vatelId(4)});
        scope.until = scope.since;
        QCOMPARE(ids(scope), QStringList{vatelId(4)});
        scope.since.reset();
        scope.until = at("2026-04-30T23:59:59Z");
        QCOMPARE(ids(scope).size(), 3);
        scope = {};
        scope.sources = {u"webrtc"_s};  // the server would refuse the word: it is cut here
        QCOMPARE(ids(scope).size(), 4);
    }

    void vatelNamesAndSound() {
        VatelServer server;
        server.addCalls(1);
        server.addRecording(vatelId(1), "RIFF"_ba);
        const Line line(server);
        const auto agents =
            line.dialect->parseAgents(line.account, line.ask(line.dialect->agentsUrl(line.account, 1)).body);
        const auto call =
            line.dialect->parseCall(line.account, line.ask(line.dialect->callUrl(line.account, vatelId(1))).body);
        QVERIFY(agents && call && call->agentId == agents->entries.at(0).id);
        QCOMPARE(agents->entries[0].name, u"Renewal desk"_s);
        QCOMPARE(*line.dialect->parseTest(line.account, line.ask(line.dialect->testUrl(line.account)).body),
                 u"Test Desk"_s);
        QCOMPARE(line.ask(line.dialect->recordingUrl(line.account, vatelId(1))).body, "RIFF"_ba);
        const Reply gone = line.ask(line.dialect->callUrl(line.account, u"no-such"_s));
        QVERIFY(line.dialect->parseError(gone.status, gone.body).kind == ErrorKind::NotFound);
    }

    void autocallsFilters() {
        AutocallsServer server;
        server.addCampaign(32, u"Autumn"_s);
        server.addAssistant(72, u"Second desk"_s);
        server.addCalls(4);
        server.changeCall(autocallsId(1), {{u"campaign_name"_s, u"Autumn"_s}});
        server.changeCall(autocallsId(2), {{u"assistant_name"_s, u"Second desk"_s}, {u"type"_s, u"inbound"_s}});
        server.changeCall(autocallsId(4), {{u"created_at"_s, u"2026-05-01 00:30:00"_s}});
        const Line line(server);
        QCOMPARE(line.idsOf({}).value(0).size(), 4);
        CallScope scope;
        scope.campaigns = {u"31"_s, u"32"_s};
        QCOMPARE(line.idsOf(scope),
                 (QList<QStringList>{{autocallsId(2), autocallsId(3), autocallsId(4)}, {autocallsId(1)}}));
        scope = {};
        scope.agents = {u"72"_s};
        QCOMPARE(line.idsOf(scope), QList<QStringList>{{autocallsId(2)}});
        scope.sources = {u"outbound"_s};
        QCOMPARE(line.idsOf(scope), QList<QStringList>{{}});
        scope = {};
        scope.since = at("2026-05-01T23:00:00Z");  // a day earlier is asked for: its zone is the server's secret
        QCOMPARE(line.idsOf(scope), QList<QStringList>{{autocallsId(4)}});
        scope.since = at("2026-05-03T00:00:00Z");
        QCOMPARE(line.idsOf(scope), QList<QStringList>{{}});
    }

    void autocallsNames() {
        AutocallsServer server;
        const Line line(server);
        using Shape = AutocallsServer::CampaignShape;
        for (const Shape shape : {Shape::BareArray, Shape::InCampaigns, Shape::InData}) {
            server.setCampaignShape(shape);
            const auto campaigns =
                line.dialect->parseCampaigns(line.account, line.ask(line.dialect->campaignsUrl(line.account, 1)).body);
            QVERIFY(campaigns && campaigns->entries.size() == 1 && !campaigns->hasMore);
            QVERIFY(campaigns->entries[0].id == u"31" && campaigns->entries[0].name == u"Spring renewals");
        }
        const auto assistants =
            line.dialect->parseAgents(line.account, line.ask(line.dialect->agentsUrl(line.account, 1)).body);
        QVERIFY(assistants && assistants->entries.at(0).name == u"Renewal desk");
        QCOMPARE(*line.dialect->parseTest(line.account, line.ask(line.dialect->testUrl(line.account)).body),
                 u"Test Desk, desk@example.com"_s);
        const Reply gone = line.ask(line.dialect->callUrl(line.account, u"1"_s));
        const Error error = line.dialect->parseError(gone.status, gone.body);
        QVERIFY(error.kind == ErrorKind::NotFound && error.message == u"Call not found");
    }

    void bothShapesOfAutocallsAreOneCall() {
        AutocallsServer server;
        server.addCall(autocallsCall(autocallsId(1)));
        server.addCall(autocallsStructuredCall(autocallsId(2)));
        const Line line(server);
        const auto read = [&line](int number) {
            const Reply reply = line.ask(line.dialect->callUrl(line.account, autocallsId(number)));
            return line.dialect->parseCall(line.account, reply.body).value_or(Call{});
        };
        const Call plain = read(1);
        const Call structured = read(2);
        QVERIFY(plain.fieldErrors.empty() && structured.fieldErrors.empty());
        QVERIFY(plain.createdTime == structured.createdTime && plain.cost == structured.cost);
        QVERIFY(plain.transcriptText && plain.transcriptText == structured.transcriptText);
        QVERIFY(plain.summary && plain.summary == structured.summary);
        QVERIFY(plain.carrierCost == structured.carrierCost && plain.customerNumber == structured.customerNumber);
    }
};

QTEST_GUILESS_MAIN(TestDialectQueries)
#include "tst_dialectqueries.moc"
