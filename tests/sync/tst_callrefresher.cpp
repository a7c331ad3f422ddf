// Single calls read again: shared answers, what a 404 does, and the ladder for a recording's link.
#include <QJsonDocument>
#include <QTest>

#include "models/sync/callrefresher.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestCallRefresher final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void cleanup();

    void changedCallIsStoredAndAnswered();
    void questionsShareOneRequest();
    void missingCallIsMarkedAndKept();
    void errorsAreAnsweredOnce_data();
    void errorsAreAnsweredOnce();
    void anotherCallsAnswerIsRefused();
    void deadAskersAreNotCalled();
    void refresherMayDieInTheMiddle();
    void runningWishIsNamed();
    void ladderEndsWhenTheLinkComes();
    void ladderGivesUp_data();
    void ladderGivesUp();
    void ladderOutlastsTrouble();

 private:
    [[nodiscard]] Result<Call> refreshed(const QString& id);
    std::unique_ptr<YotelServer> m_server;
    std::unique_ptr<SyncRig> m_rig;
    std::unique_ptr<CallRefresher> m_refresher;
};

void TestCallRefresher::init() {
    m_server = std::make_unique<YotelServer>();
    m_server->addCampaign(u"c"_s, u"C"_s);
    m_server->addCalls(u"c"_s, 3);
    m_rig = std::make_unique<SyncRig>(*m_server);
    QVERIFY(m_rig->pull({m_server->account()}).allOk());
    m_server->forgetRequests();
    m_refresher = std::make_unique<CallRefresher>(m_rig->store.get(), &m_rig->http, &m_rig->keys, m_rig->clock);
    m_refresher->setAccounts({m_server->account()});
    m_refresher->setPatience(quickPatience());
}

void TestCallRefresher::cleanup() {
    m_refresher.reset();
    m_rig.reset();
    m_server.reset();
}

Result<Call> TestCallRefresher::refreshed(const QString& id) {
    return awaited<Call>([&](auto done) { m_refresher->refresh({u"main"_s, id}, this, done); });
}

void TestCallRefresher::changedCallIsStoredAndAnswered() {
    m_server->changeCall(u"c-00001"_s, {{u"ai_summary"_s, u"New summary"_s}});
    QSignalSpy stored(m_rig->store.get(), &Store::callsStored);
    const Result<Call> call = refreshed(u"c-00001"_s);
    QVERIFY(call.has_value());
    QCOMPARE(call->summary.value_or(QString()), u"New summary"_s);
    QCOMPARE(stored.size(), 1);
    QCOMPARE(m_rig->call(u"c-00001"_s)->call.summary.value_or(QString()), u"New summary"_s);
    const auto requests = m_server->requests();
    QCOMPARE(requests.size(), size_t(1));
    QCOMPARE(requests[0].header("authorization"_ba), QByteArray("Bearer "_ba + m_server->key()));
}

void TestCallRefresher::questionsShareOneRequest() {
    int answers = 0;
    bool within = true;
    for (int i = 0; i < 5; ++i) {
        m_refresher->refresh({u"main"_s, u"c-00001"_s}, this, [&](const Result<Call>& call) {
            QVERIFY(call.has_value() && !within);
            ++answers;
        });
    }
    within = false;
    QTRY_COMPARE(answers, 5);
    QCOMPARE(m_server->count(), 1);
    QVERIFY(refreshed(u"c-00001"_s).has_value());  // and a later question asks anew
    QCOMPARE(m_server->count(), 2);
}

void TestCallRefresher::missingCallIsMarkedAndKept() {
    m_server->removeCall(u"c-00002"_s);
    const Result<Call> call = refreshed(u"c-00002"_s);
    QVERIFY(!call);
    QCOMPARE(call.error().kind, ErrorKind::NotFound);
    const auto kept = m_rig->call(u"c-00002"_s);
    QVERIFY(kept && kept->notFoundSince);
    m_server->addCall(yotelCall(u"c-00002"_s, u"c"_s));
    QVERIFY(refreshed(u"c-00002"_s).has_value());
    QVERIFY(!m_rig->call(u"c-00002"_s)->notFoundSince);
}

void TestCallRefresher::errorsAreAnsweredOnce_data() {
    QTest::addColumn<Reply>("reply");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("401") << Reply::code(401) << ErrorKind::Unauthorized;
    QTest::newRow("500") << Reply::code(500) << ErrorKind::ServerTrouble;
    QTest::newRow("429") << Reply::tooMany("30"_ba) << ErrorKind::RateLimited;
    QTest::newRow("html") << Reply::html("<html></html>"_ba) << ErrorKind::NotTheApi;
    QTest::newRow("cut") << Reply::broken(Fault::CutChunked) << ErrorKind::BadAnswer;
}

void TestCallRefresher::errorsAreAnsweredOnce() {
    QFETCH(Reply, reply);
    QFETCH(ErrorKind, kind);
    m_server->on(m_server->callPath(u"c-00001"_s), reply);
    int answers = 0;
    m_refresher->refresh({u"main"_s, u"c-00001"_s}, this, [&](const Result<Call>& call) {
        ++answers;
        QVERIFY(!call);
        QCOMPARE(errorKindWord(call.error().kind), errorKindWord(kind));
    });
    QTRY_COMPARE(answers, 1);
    QTest::qWait(30);
    QCOMPARE(answers, 1);
    QVERIFY(!m_rig->call(u"c-00001"_s)->notFoundSince);
}

void TestCallRefresher::anotherCallsAnswerIsRefused() {
    m_server->on(m_server->callPath(u"c-00001"_s), Reply::json("{\"id\": \"somebody-else\"}"_ba));
    const Result<Call> call = refreshed(u"c-00001"_s);
    QVERIFY(!call);
    QCOMPARE(call.error().kind, ErrorKind::BadAnswer);
    QVERIFY(!m_rig->call(u"somebody-else"_s));
}

void TestCallRefresher::deadAskersAreNotCalled() {
    auto asker = std::make_unique<QObject>();
    bool called = false;
    m_refresher->refresh({u"main"_s, u"c-00001"_s}, asker.get(), [&](const Result<Call>&) { called = true; });
    asker.reset();
    QVERIFY(refreshed(u"c-00001"_s).has_value());
    QVERIFY(!called);
    QCOMPARE(refreshed(u"no-such"_s).error().kind, ErrorKind::NotFound);
    const Result<Call> stranger = awaited<Call>([&](auto done) {
        m_refresher->refresh({u"other"_s, u"x"_s}, this, done);
    });
    QCOMPARE(stranger.error().kind, ErrorKind::NotFoundHere);
}

void TestCallRefresher::refresherMayDieInTheMiddle() {
    const QByteArray path = m_server->callPath(u"c-00001"_s);
    for (int requests = 0; requests <= 1; ++requests) {
        m_server->forgetRequests();
        m_server->on(path, Reply::broken(Fault::Hang));
        auto refresher = std::make_unique<CallRefresher>(m_rig->store.get(), &m_rig->http, &m_rig->keys, m_rig->clock);
        refresher->setAccounts({m_server->account()});
        bool called = false;
        refresher->refresh({u"main"_s, u"c-00001"_s}, this, [&](const Result<Call>&) { called = true; });
        QTRY_VERIFY(m_server->count() >= requests);
        refresher.reset();
        QTest::qWait(40);
        QVERIFY(!called);
    }
    // and from within its own answer
    m_server->on(path, [this](const Request& request) { return m_server->answer(request); });
    bool called = false;
    m_refresher->refresh({u"main"_s, u"c-00001"_s}, this, [&](const Result<Call>&) {
        called = true;
        m_refresher.reset();
    });
    QTRY_VERIFY(called);
}

void TestCallRefresher::runningWishIsNamed() {
    m_server->on(m_server->callPath(u"c-00001"_s), Reply::tooMany("30"_ba));
    QCOMPARE(refreshed(u"c-00001"_s).error().kind, ErrorKind::RateLimited);
    m_server->forgetRequests();
    const Result<Call> next = refreshed(u"c-00002"_s);
    QVERIFY(!next);
    QCOMPARE(next.error().kind, ErrorKind::RateLimited);
    QVERIFY(next.error().retryAfter && *next.error().retryAfter > 25s);
    QCOMPARE(m_server->count(), 0);
}

void TestCallRefresher::ladderEndsWhenTheLinkComes() {
    m_server->changeCall(u"c-00001"_s, {{u"has_recording"_s, true}});
    auto asked = std::make_shared<std::atomic<int>>(0);
    m_server->on(m_server->callPath(u"c-00001"_s), [this, asked](const Request& request) {
        if (++*asked == 3) {
            m_server->changeCall(u"c-00001"_s, {{u"recording_url"_s, u"https://storage.example/a.wav?sig=1"_s}});
        }
        return m_server->answer(request);
    });
    m_refresher->setLadder({20ms, 60ms, 120ms, 200ms});
    QSignalSpy arrived(m_refresher.get(), &CallRefresher::recordingLinkArrived);
    QSignalSpy givenUp(m_refresher.get(), &CallRefresher::recordingGivenUp);
    const CallKey key{u"main"_s, u"c-00001"_s};
    m_refresher->watchForRecording(key);
    m_refresher->watchForRecording(key);  // one ladder, not two
    QVERIFY(arrived.wait(5000));
    QCOMPARE(arrived.first().first().value<CallKey>(), key);
    QTest::qWait(250);
    QCOMPARE(arrived.size(), 1);
    QCOMPARE(givenUp.size(), 0);
    QCOMPARE(int(*asked), 3);
}

void TestCallRefresher::ladderGivesUp_data() {
    QTest::addColumn<bool>("hasRecording");
    QTest::addColumn<int>("requests");
    QTest::newRow("never comes") << true << 3;
    QTest::newRow("was none after all") << false << 1;
}

void TestCallRefresher::ladderGivesUp() {
    QFETCH(bool, hasRecording);
    QFETCH(int, requests);
    m_server->changeCall(u"c-00001"_s, {{u"has_recording"_s, hasRecording}});
    m_refresher->setLadder({10ms, 30ms, 60ms});
    QSignalSpy givenUp(m_refresher.get(), &CallRefresher::recordingGivenUp);
    m_refresher->watchForRecording({u"main"_s, u"c-00001"_s});
    QVERIFY(givenUp.wait(5000));
    QTest::qWait(100);
    QCOMPARE(givenUp.size(), 1);
    QCOMPARE(m_server->count(), requests);
}

void TestCallRefresher::ladderOutlastsTrouble() {
    m_server->changeCall(u"c-00001"_s,
                         {{u"has_recording"_s, true}, {u"recording_url"_s, u"https://storage.example/a"_s}});
    const Reply whole = Reply::json(
        QJsonDocument(yotelCall(u"c-00001"_s, u"c"_s,
                                {{u"has_recording"_s, true}, {u"recording_url"_s, u"https://storage.example/a"_s}}))
            .toJson());
    m_server->onSequence(m_server->callPath(u"c-00001"_s), {Reply::code(500), Reply::code(502), whole});
    m_refresher->setLadder({10ms, 30ms, 60ms});
    QSignalSpy arrived(m_refresher.get(), &CallRefresher::recordingLinkArrived);
    m_refresher->watchForRecording({u"main"_s, u"c-00001"_s});
    QVERIFY(arrived.wait(5000));
}

QTEST_GUILESS_MAIN(TestCallRefresher)
#include "tst_callrefresher.moc"
