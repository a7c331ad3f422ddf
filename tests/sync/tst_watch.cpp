// Looking for news with a clock that the test moves: what is asked, what is found, and what is left alone.
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include "models/sync/callrefresher.h"
#include "models/sync/watch.h"
#include "tests/support/asking.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestWatch final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void cleanup();

    void newsIsFoundWithFewRequests();
    void readsOnUntilTwoQuietPages();
    void whatBreaksOffIsGoneOnWith();
    void newCallsAtTheEndAreFoundByTheTotal();
    void openAndLateCallsComeFirst();
    void oldOpenCallsAreAskedSeldom();
    void leavesTheWalkAlone();
    void onlyWhatMayBeWatched_data();
    void onlyWhatMayBeWatched();
    void refusedKeyIsShownOnce_data();
    void refusedKeyIsShownOnce();
    void oneBadAccountDoesNotHoldUpTheOthers();
    void anOutageOfTenMinutesCostsFewRequests_data();
    void anOutageOfTenMinutesCostsFewRequests();
    void askedToWaitItWaits_data();
    void askedToWaitItWaits();
    void campaignsTakeTurns();
    void wholeListsOnceADayWhenNobodyIsThere();
    void noLookWhileAPullRuns();
    void diesInTheMiddle();

 private:
    void makeWatch();
    void pullOnce();
    [[nodiscard]] bool look(std::chrono::milliseconds after = 60s);
    [[nodiscard]] QStringList asked() const;
    [[nodiscard]] WatchState state() const { return m_watch->states().front(); }

    std::unique_ptr<YotelServer> m_server;
    std::shared_ptr<FakeClock> m_clock;
    std::unique_ptr<SyncRig> m_rig;
    std::unique_ptr<Puller> m_puller;
    std::unique_ptr<Watch> m_watch;
    std::vector<CallKey> m_new;
    QList<std::pair<QString, Error>> m_keyProblems;
    Account m_account;
};

void TestWatch::init() {
    m_server = std::make_unique<YotelServer>();
    m_server->addCampaign(u"c"_s, u"C"_s);
    m_server->addCalls(u"c"_s, 1000);
    m_clock = std::make_shared<FakeClock>();
    m_clock->setNow(momentFromMs(1'776'600'000'000));  // a day after the calls of the test server
    m_rig = std::make_unique<SyncRig>(m_server->key(), m_clock);
    m_account = m_server->account();
    m_new.clear();
    m_keyProblems.clear();
    makeWatch();
}

void TestWatch::cleanup() {
    m_watch.reset();
    m_puller.reset();
    m_rig.reset();
    m_server.reset();
}

void TestWatch::makeWatch() {
    m_watch.reset();
    m_puller = m_rig->puller();
    m_watch =
        std::make_unique<Watch>(Watch::Means{m_rig->store.get(), &m_rig->http, &m_rig->keys, m_puller.get(), m_clock});
    connect(m_watch.get(), &Watch::newCalls, this,
            [this](const std::vector<CallKey>& keys) { m_new.insert(m_new.end(), keys.begin(), keys.end()); });
    connect(m_watch.get(), &Watch::keyProblem, this, [this](const QString& account, const Error& error) {
        m_keyProblems.append({account, error});
    });
    m_watch->setAccounts({m_account});
    m_watch->start(0ms);
}

void TestWatch::pullOnce() {
    QVERIFY(SyncRig::finished(*m_puller, {m_account}).allOk());
    QTRY_VERIFY(m_watch->isKnown());
    QVERIFY(look());  // the first one may have names to ask for
    m_new.clear();
    m_server->forgetRequests();
}

/// One look, to its end.
bool TestWatch::look(std::chrono::milliseconds after) {
    m_clock->advance(after);
    m_watch->tick();
    return QTest::qWaitFor([this] { return !m_watch->isLooking() && !m_puller->isRunning(); }, 20'000);
}

/// "campaigns", "c 1", "call x", in their order.
QStringList TestWatch::asked() const {
    QStringList all;
    for (const Request& request : m_server->requests()) {
        const QString path = QString::fromLatin1(request.path);
        if (path.endsWith(u"/calls"_s)) {
            all << path.section(u'/', -2, -2) + u' ' + QString::fromLatin1(request.queryItem("page"_ba));
        } else if (path.contains(u"/calls/"_s)) {
            all << u"call "_s + path.section(u'/', -1);
        } else {
            all << path.section(u'/', -1);
        }
    }
    return all;
}

void TestWatch::newsIsFoundWithFewRequests() {
    pullOnce();
    QVERIFY(look());
    QCOMPARE(asked(), (QStringList{u"campaigns"_s, u"c 1"_s, u"c 2"_s}));  // 5 pages; two quiet ones suffice
    QVERIFY(m_new.empty());
    m_server->addCallAtTop(yotelCall(u"new"_s, u"c"_s));
    m_server->changeCall(u"c-00150"_s, {{u"disposition"_s, u"SOLD"_s}});
    m_server->forgetRequests();
    QVERIFY(look(59s));
    QCOMPARE(m_server->count(), 0);  // not due yet
    QVERIFY(look(1s));
    QCOMPARE(asked(), (QStringList{u"campaigns"_s, u"c 1"_s, u"c 2"_s, u"c 3"_s}));
    QCOMPARE(m_new, (std::vector<CallKey>{{u"main"_s, u"new"_s}}));
    QCOMPARE(m_rig->call(u"c-00150"_s)->call.disposition.value_or(QString()), u"SOLD"_s);
    QVERIFY(state().newsAt == m_clock->now() && !state().problem);
}

void TestWatch::readsOnUntilTwoQuietPages() {
    pullOnce();
    for (int i = 0; i < 450; ++i) {
        m_server->addCallAtTop(yotelCall(u"n-%1"_s.arg(i), u"c"_s));
    }
    QVERIFY(look());
    QCOMPARE(m_server->pagesAsked(u"c"_s), (QList<int>{1, 2, 3, 4, 5}));
    QCOMPARE(m_new.size(), size_t(450));
}

// The pages stored before the trouble are quiet the next time, though what lies behind them is not here.
void TestWatch::whatBreaksOffIsGoneOnWith() {
    pullOnce();
    for (int i = 0; i < 900; ++i) {
        m_server->addCallAtTop(yotelCall(u"n-%1"_s.arg(i), u"c"_s));
    }
    m_server->on(m_server->pagePath(u"c"_s), [this](const Request& request) {
        return request.queryItem("page"_ba) == "4" ? Reply::code(500) : m_server->answer(request);
    });
    QVERIFY(look());
    QVERIFY(state().problem.has_value());
    QCOMPARE(m_new.size(), size_t(600));
    m_server->on(m_server->pagePath(u"c"_s), [this](const Request& request) { return m_server->answer(request); });
    QVERIFY(look());
    QVERIFY(!state().problem.has_value());
    QCOMPARE(m_new.size(), size_t(900));
}

void TestWatch::newCallsAtTheEndAreFoundByTheTotal() {
    pullOnce();
    for (int i = 0; i < 10; ++i) {
        m_server->addCall(yotelCall(u"n-%1"_s.arg(i), u"c"_s));
    }
    QVERIFY(look());
    QCOMPARE(asked(), (QStringList{u"campaigns"_s, u"c 1"_s, u"c 2"_s, u"c 6"_s, u"c 5"_s, u"c 4"_s}));
    QCOMPARE(m_new.size(), size_t(10));
    m_server->forgetRequests();
    QVERIFY(look());
    QCOMPARE(asked(), (QStringList{u"campaigns"_s, u"c 1"_s, u"c 2"_s}));
}

void TestWatch::openAndLateCallsComeFirst() {
    const Moment now = m_clock->now();
    m_server->changeCall(u"c-00900"_s, {{u"status"_s, u"agent_connected"_s},
                                        {u"dial_time"_s, toIsoText(now - 1min)},
                                        {u"ring_time"_s, QJsonValue()},
                                        {u"answer_time"_s, QJsonValue()},
                                        {u"agent_connect_time"_s, QJsonValue()},
                                        {u"end_time"_s, QJsonValue()}});
    m_server->changeCall(u"c-00901"_s, {{u"end_time"_s, toIsoText(now)}, {u"ai_summary"_s, QJsonValue()}});
    pullOnce();
    m_server->changeCall(u"c-00900"_s, {{u"status"_s, u"completed"_s}, {u"end_time"_s, toIsoText(now)}});
    m_server->changeCall(u"c-00901"_s, {{u"ai_summary"_s, u"It came late."_s}, {u"has_recording"_s, true}});
    QVERIFY(look());
    QCOMPARE(asked().size(), 5);
    QCOMPARE(asked().mid(2), (QStringList{u"campaigns"_s, u"c 1"_s, u"c 2"_s}));
    const QStringList first = asked().mid(0, 2);
    QCOMPARE(QSet<QString>(first.begin(), first.end()), (QSet<QString>{u"call c-00900"_s, u"call c-00901"_s}));
    QCOMPARE(m_rig->call(u"c-00900"_s)->call.status, CallStatus::Completed);
    QCOMPARE(m_rig->call(u"c-00901"_s)->call.summary.value_or(QString()), u"It came late."_s);
    QVERIFY(m_new.empty());
}

void TestWatch::oldOpenCallsAreAskedSeldom() {
    m_server->changeCall(u"c-00900"_s, {{u"status"_s, u"ringing"_s}});  // for ever, since a day
    pullOnce();
    for (int i = 0; i < 5; ++i) {
        QVERIFY(look());
    }
    QVERIFY2(!asked().contains(u"call c-00900"_s), qPrintable(asked().join(u'\n')));
    QVERIFY(look(12h));
    QVERIFY2(asked().contains(u"call c-00900"_s), qPrintable(asked().join(u'\n')));
}

void TestWatch::leavesTheWalkAlone() {
    pullOnce();
    const std::vector<PullCursor> before = m_rig->cursors();
    m_server->removeCall(u"c-00003"_s);
    m_server->addCallAtTop(yotelCall(u"new"_s, u"c"_s));
    QVERIFY(look());
    const std::vector<PullCursor> after = m_rig->cursors();
    QCOMPARE(after.size(), before.size());
    QVERIFY(after[0].complete && after[0].completedAt == before[0].completedAt);
    QCOMPARE(after[0].nextPage, before[0].nextPage);
    QVERIFY(!m_rig->call(u"c-00003"_s)->unlistedSince);
}

void TestWatch::onlyWhatMayBeWatched_data() {
    QTest::addColumn<bool>("pulled");
    QTest::addColumn<bool>("enabled");
    QTest::addColumn<int>("every");
    QTest::addColumn<bool>("open");
    QTest::addColumn<bool>("asks");
    QTest::newRow("pulled, enabled, open") << true << true << 60 << true << true;
    QTest::newRow("never pulled") << false << true << 60 << true << false;
    QTest::newRow("disabled") << true << false << 60 << true << false;
    QTest::newRow("never") << true << true << 0 << true << false;
    QTest::newRow("window closed") << true << true << 60 << false << false;
    QTest::newRow("seldom") << true << true << 600 << true << false;
}

void TestWatch::onlyWhatMayBeWatched() {
    QFETCH(bool, pulled);
    QFETCH(bool, enabled);
    QFETCH(int, every);
    QFETCH(bool, open);
    QFETCH(bool, asks);
    if (pulled) {
        QVERIFY(SyncRig::finished(*m_puller, {m_account}).allOk());
    }
    m_account.isEnabled = enabled;
    m_account.watchEvery = std::chrono::seconds(every);
    m_watch->setAccounts({m_account});
    QTRY_VERIFY(m_watch->isKnown());
    QVERIFY(look(1s));  // a look at once, so that what came while nobody looked is here
    m_server->forgetRequests();
    if (!open) {
        m_watch->stop();
    }
    QVERIFY(look(120s));
    QCOMPARE(m_server->count() > 0, asks);
}

void TestWatch::refusedKeyIsShownOnce_data() {
    QTest::addColumn<int>("status");
    QTest::newRow("401") << 401;
    QTest::newRow("403") << 403;
}

void TestWatch::refusedKeyIsShownOnce() {
    QFETCH(int, status);
    pullOnce();
    m_server->onAnythingElse([status](const Request&) { return Reply::json("{\"detail\": \"no\"}"_ba, status); });
    for (int i = 0; i < 20; ++i) {
        QVERIFY(look());
    }
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(m_keyProblems.size(), 1);
    QVERIFY(!state().watched);
    // Nobody else who acts by himself shows it again.
    CallRefresher refresher(m_rig->store.get(), &m_rig->http, &m_rig->keys, m_clock);
    refresher.setAccounts({m_account});
    const Result<Call> call = awaited<Call>([&](auto done) {
        refresher.refresh({u"main"_s, u"c-00001"_s}, &m_rig->context, done);
    });
    QVERIFY(!call && (call.error().kind == ErrorKind::Unauthorized || call.error().kind == ErrorKind::Forbidden));
    PullOptions byItself;
    byItself.askedByItself = true;
    QVERIFY(!SyncRig::finished(*m_puller, {m_account}, byItself).allOk());
    QCOMPARE(m_server->count(), 1);
    // A person who pulls is answered, and from then on it is looked again.
    m_server->onAnythingElse([this](const Request& request) { return m_server->answer(request); });
    QVERIFY(SyncRig::finished(*m_puller, {m_account}).allOk());
    m_server->forgetRequests();
    QVERIFY(look());
    QVERIFY(m_server->count() > 0 && state().watched);
    QCOMPARE(m_keyProblems.size(), 1);
}

void TestWatch::oneBadAccountDoesNotHoldUpTheOthers() {
    YotelServer bad;
    bad.addCampaign(u"b"_s, u"B"_s);
    bad.addCalls(u"b"_s, 3);
    const Account other = bad.account(u"other"_s);
    m_rig->keys.set(u"other"_s, bad.key());
    QVERIFY(SyncRig::finished(*m_puller, {m_account, other}).allOk());
    bad.onAnythingElse([](const Request&) { return Reply::broken(Fault::Hang); });
    m_watch->setAccounts({m_account, other});
    QTRY_VERIFY(m_watch->isKnown());
    m_server->addCallAtTop(yotelCall(u"new"_s, u"c"_s));
    m_clock->advance(60s);
    m_watch->tick();
    QTRY_COMPARE(m_new.size(), size_t(1));
    QTRY_VERIFY(bad.count() > 0);
    QVERIFY(m_watch->isLooking());  // still, at the bad one
    m_server->addCallAtTop(yotelCall(u"newer"_s, u"c"_s));
    m_clock->advance(60s);
    m_watch->tick();
    QTRY_COMPARE(m_new.size(), size_t(2));
}

void TestWatch::anOutageOfTenMinutesCostsFewRequests_data() {
    QTest::addColumn<double>("random");
    QTest::newRow("longest waits") << 1.0;
    QTest::newRow("shortest waits") << 0.0;
}

void TestWatch::anOutageOfTenMinutesCostsFewRequests() {
    QFETCH(double, random);
    pullOnce();
    m_watch->setPatience(Patience{RetryPolicy(), [random] { return random; }});
    m_server->onAnythingElse([](const Request&) { return Reply::code(503); });
    for (auto passed = 0ms; passed < 10min; passed += 1s) {
        QVERIFY(look(1s));
    }
    QVERIFY2(m_server->count() <= 20, qPrintable(QString::number(m_server->count())));
    QVERIFY2(m_server->count() >= 10, "nobody would learn that the server is back");
    QVERIFY(state().problem.has_value() && state().watched);
    qInfo("%d requests in ten minutes", m_server->count());
    m_server->addCallAtTop(yotelCall(u"new"_s, u"c"_s));
    m_server->onAnythingElse([this](const Request& request) { return m_server->answer(request); });
    auto passed = 0s;
    while (m_new.empty() && passed <= 70s) {
        QVERIFY(look(1s));
        passed += 1s;
    }
    QVERIFY2(passed <= 60s, qPrintable(QString::number(passed.count())));
    QVERIFY(!state().problem.has_value());
}

void TestWatch::askedToWaitItWaits_data() {
    QTest::addColumn<bool>("asDate");
    QTest::newRow("seconds") << false;
    QTest::newRow("date") << true;
}

void TestWatch::askedToWaitItWaits() {
    QFETCH(bool, asDate);
    pullOnce();
    const QDateTime until = QDateTime::fromMSecsSinceEpoch(toMs(m_clock->now() + 60s + 300s), Qt::UTC);
    const QByteArray wish =
        asDate ? QLocale::c().toString(until, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1() : "300"_ba;
    m_server->on("/api/v1/campaigns"_ba, Reply::tooMany(wish));
    QVERIFY(look());
    QCOMPARE(m_server->count(), 1);
    m_server->on("/api/v1/campaigns"_ba, [this](const Request& request) { return m_server->answer(request); });
    for (int i = 0; i < 29; ++i) {
        QVERIFY(look(10s));
    }
    QCOMPARE(m_server->count(), 1);
    for (int i = 0; i < 8; ++i) {
        QVERIFY(look(10s));
    }
    QVERIFY(m_server->count() > 1 && !state().problem);
}

// Thirty campaigns: few requests a round, the running ones in each, and every other one gets its turn.
void TestWatch::campaignsTakeTurns() {
    QJsonArray list;
    for (int i = 0; i < 30; ++i) {
        const QString id = u"x%1"_s.arg(i, 2, 10, QChar(u'0'));
        m_server->addCampaign(id, id);
        m_server->addCalls(id, 2);
        list.append(QJsonObject{{u"id"_s, id}, {u"name"_s, id}, {u"status"_s, i < 3 ? u"running"_s : u"paused"_s}});
    }
    m_server->on("/api/v1/campaigns"_ba, Reply::json(QJsonDocument(QJsonObject{{u"items"_s, list}}).toJson()));
    pullOnce();
    QSet<QString> seen;
    for (int round = 0; round < 2; ++round) {
        m_server->forgetRequests();
        QVERIFY(look());
        const QStringList all = asked();
        QVERIFY2(all.size() <= 21, qPrintable(all.join(u'\n')));
        for (const QString& running : {u"x00 1"_s, u"x01 1"_s, u"x02 1"_s}) {
            QVERIFY2(all.mid(1, 3).contains(running), qPrintable(all.join(u'\n')));
        }
        seen += QSet<QString>(all.begin(), all.end());
    }
    QCOMPARE(seen.size(), 31);
}

void TestWatch::wholeListsOnceADayWhenNobodyIsThere() {
    pullOnce();
    const auto before = state().fullAt;
    m_watch->noteActivity();
    QVERIFY(look(24h));
    QVERIFY(state().fullAt > before);  // nobody had been there for a day
    const auto second = state().fullAt;
    for (int i = 0; i < 24; ++i) {
        m_watch->noteActivity();
        QVERIFY(look(60min - 1s));
        m_watch->noteActivity();
        QVERIFY(look(1s));
    }
    QCOMPARE(state().fullAt, second);  // somebody is there
    m_watch->setPlaying(true);
    QVERIFY(look(10min));
    QCOMPARE(state().fullAt, second);  // and listens
    m_watch->setPlaying(false);
    QVERIFY(look(4min));
    QCOMPARE(state().fullAt, second);
    m_server->forgetRequests();
    QVERIFY(look(2min));
    QVERIFY(state().fullAt > second);
    QCOMPARE(m_server->pagesAsked(u"c"_s), (QList<int>{1, 2, 3, 4, 5}));
}

void TestWatch::noLookWhileAPullRuns() {
    pullOnce();
    m_server->on(m_server->pagePath(u"c"_s), [this](const Request& request) {
        Reply reply = m_server->answer(request);
        reply.pause = 100ms;
        return reply;
    });
    QSignalSpy finished(m_puller.get(), &Puller::finished);
    QVERIFY(m_puller->start({m_account}, {}).has_value());
    m_clock->advance(120s);
    m_watch->tick();
    QVERIFY(!m_watch->isLooking());
    QVERIFY(finished.wait(20'000));
}

void TestWatch::diesInTheMiddle() {
    pullOnce();
    m_server->on(m_server->pagePath(u"c"_s), Reply::broken(Fault::Hang));
    m_clock->advance(60s);
    m_watch->tick();
    QTRY_VERIFY(m_server->count(m_server->pagePath(u"c"_s)) > 0);
    m_watch->setAccounts({});
    QVERIFY(!m_watch->isLooking());
    m_watch->setAccounts({m_account});
    QTRY_VERIFY(m_watch->isKnown());
    m_watch->tick();
    QVERIFY(m_watch->isLooking());
    m_watch.reset();
    QTest::qWait(30);
}

QTEST_GUILESS_MAIN(TestWatch)
#include "tst_watch.moc"
