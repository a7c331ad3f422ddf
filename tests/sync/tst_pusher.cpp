// The sender against a receiver that misbehaves: every verdict, every way to lose an answer, order, pauses, leases.
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/sync/pushrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestPusher final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void whatBelongsTogetherTravelsTogether();
    void everyVerdict_data();
    void everyVerdict();
    void conflictKeepsBothTexts();
    void lostAnswersAreRepeated_data();
    void lostAnswersAreRepeated();
    void aHangIsGivenUpAsUnclear();
    void nobodyThereIsAStateAndNoError();
    void oneFailingDeliveryHoldsNobodyUp();
    void manyCallsFewAtOnce();
    void nothingOvertakesWithinACall();
    void anEditDuringSendingSurvives();
    void anEditBetweenComposingAndSendingSurvives();
    void restsAfterTheLastEdit();
    void disabledAccountsAndManualTargetsSendWhenAsked();
    void withoutATargetNothingIsSent();

 private:
    [[nodiscard]] static QJsonObject bodyOf(const TargetServer& server, size_t index) {
        return QJsonDocument::fromJson(server.applied().at(index).body).object();
    }
};

void TestPusher::whatBelongsTogetherTravelsTogether() {
    TargetServer server;
    PushRig rig(server);
    rig.dispose(u"one"_s);
    rig.edit(u"one"_s, ReviewField::Notes, u"call back on Monday"_s);
    const PushReport report = rig.send();
    QCOMPARE(report.sent, 2);
    QCOMPARE(report.requests, 1);
    QCOMPARE(report.waiting, 0);
    QVERIFY(!report.error);
    QCOMPARE(outcomeOf(report), PushOutcome::Complete);
    QCOMPARE(server.count(), 1);
    QCOMPARE(server.appliedCount(), 1);
    const QJsonObject changes = bodyOf(server, 0).value(u"changes"_s).toObject();
    QCOMPARE(changes.value(u"disposition"_s).toObject().value(u"to"_s).toString(), u"CALLBACK"_s);
    QCOMPARE(changes.value(u"notes"_s).toObject().value(u"to"_s).toString(), u"call back on Monday"_s);
    QCOMPARE(rig.count(EditState::Sent), 2);
    QCOMPARE(rig.pendingOf(u"one"_s).delivery.toLatin1(), server.applied()[0].key);
    // and nothing of it is sent again
    QCOMPARE(rig.send().sent, 0);
    QCOMPARE(server.count(), 1);
}

void TestPusher::everyVerdict_data() {
    QTest::addColumn<Mishap>("mishap");
    QTest::addColumn<EditState>("state");
    QTest::addColumn<bool>("failed");
    QTest::newRow("200") << Mishap::None << EditState::Sent << false;
    QTest::newRow("400") << Mishap::BadRequest << EditState::Refused << false;
    QTest::newRow("401") << Mishap::Unauthorized << EditState::Refused << true;
    QTest::newRow("403") << Mishap::Forbidden << EditState::Refused << true;
    QTest::newRow("404") << Mishap::NotFound << EditState::Refused << false;
    QTest::newRow("409") << Mishap::Conflict << EditState::Conflict << false;
    QTest::newRow("422") << Mishap::Unprocessable << EditState::Refused << false;
    QTest::newRow("500") << Mishap::InternalError << EditState::Waiting << true;
    QTest::newRow("503") << Mishap::Unavailable << EditState::Waiting << true;
}

void TestPusher::everyVerdict() {
    QFETCH(Mishap, mishap);
    QFETCH(EditState, state);
    QFETCH(bool, failed);
    TargetServer server;
    server.misbehaveBy([mishap](const Request&, int) { return mishap; });
    PushRig rig(server);
    rig.dispose(u"one"_s);
    const PushReport report = rig.send();
    const PendingEdit edit = rig.pendingOf(u"one"_s);
    QCOMPARE(edit.state, state);
    QCOMPARE(report.sent, state == EditState::Sent ? 1 : 0);
    QCOMPARE(report.refused, state == EditState::Refused ? 1 : 0);
    QCOMPARE(report.conflicts, state == EditState::Conflict ? 1 : 0);
    QCOMPARE(report.waiting, state == EditState::Waiting ? 1 : 0);
    QCOMPARE(report.error.has_value(), failed);
    QCOMPARE(report.requests, server.count());
    QCOMPARE(edit.reason.isEmpty(), state == EditState::Sent);
    QVERIFY2(!edit.reason.contains(QString::fromLatin1(server.secret())), qPrintable(edit.reason));
    if (state != EditState::Waiting) {
        QCOMPARE(server.count(), 1);
    } else {
        QVERIFY(server.count() > 1);  // somebody asked: it is worth a few tries
        QCOMPARE(edit.attempts, server.count());
        QVERIFY(edit.nextTry);
    }
}

void TestPusher::conflictKeepsBothTexts() {
    TargetServer server;
    server.setCurrent({{u"disposition"_s, u"SALE"_s}});
    server.misbehave({Mishap::Conflict});
    PushRig rig(server);
    rig.dispose(u"one"_s);
    QCOMPARE(rig.send().conflicts, 1);
    const auto conflicts = awaited<std::vector<ReviewConflict>>([&](auto done) {
        rig.store->loadConflicts({u"main"_s, u"one"_s}, &rig.context, done);
    });
    QVERIFY(conflicts);
    QCOMPARE(conflicts->size(), size_t(1));
    QCOMPARE(conflicts->front().mine, std::optional(u"CALLBACK"_s));
    QCOMPARE(conflicts->front().theirs, std::optional(u"SALE"_s));
    QCOMPARE(conflicts->front().foundWith, u"webhook"_s);
}

void TestPusher::lostAnswersAreRepeated_data() {
    QTest::addColumn<Mishap>("mishap");
    QTest::newRow("answer lost") << Mishap::AnswerLost;
    QTest::newRow("answer cut") << Mishap::AnswerCut;
    QTest::newRow("applied, then 500") << Mishap::AppliedThen500;
    QTest::newRow("reset") << Mishap::ResetBeforeAnswer;
    QTest::newRow("closed") << Mishap::CloseBeforeAnswer;
}

void TestPusher::lostAnswersAreRepeated() {
    QFETCH(Mishap, mishap);
    TargetServer server;
    server.misbehave({mishap, mishap});
    PushRig rig(server);
    rig.dispose(u"one"_s);
    const PushReport report = rig.send();
    QCOMPARE(report.sent, 1);
    QCOMPARE(report.requests, 3);
    QCOMPARE(server.count(), 3);  // one on the wire per attempt
    QCOMPARE(server.appliedCount(), 1);
    QCOMPARE(server.applied()[0].requests, 3);
    QCOMPARE(server.otherBodies(), 0);
    QCOMPARE(rig.pendingOf(u"one"_s).state, EditState::Sent);
    QCOMPARE(rig.pendingOf(u"one"_s).attempts, 3);
}

void TestPusher::aHangIsGivenUpAsUnclear() {
    TargetServer server;
    server.misbehave({Mishap::AppliedThenHangs});
    PushRig rig(server);
    rig.dispose(u"one"_s);
    PushMeans means = quickPush();
    means.longestWaitWhenAsked = 3s;
    const auto pusher = rig.pusher(means);
    const PushReport report = rig.send(*pusher);
    QCOMPARE(report.sent, 1);
    QCOMPARE(server.count(), 2);
    QCOMPARE(server.appliedCount(), 1);
    QCOMPARE(server.otherBodies(), 0);
}

void TestPusher::nobodyThereIsAStateAndNoError() {
    auto server = std::make_unique<TargetServer>();
    PushRig rig(*server);
    server->stop();
    rig.dispose(u"one"_s);
    const auto pusher = rig.lively();
    QTRY_COMPARE(pusher->state(u"main"_s).what, PushState::What::Offline);
    QTRY_VERIFY(pusher->state(u"main"_s).until);
    QVERIFY2(pusher->state(u"main"_s).reason.contains(u"cannot be reached"_s),
             qPrintable(pusher->state(u"main"_s).reason));
    const PendingEdit edit = rig.pendingOf(u"one"_s);
    QCOMPARE(edit.state, EditState::Waiting);
    // Nothing has left: what is edited now still travels with it.
    rig.edit(u"one"_s, ReviewField::Notes, u"later"_s);
    QCOMPARE(rig.pendingOf(u"one"_s, ReviewField::Notes).delivery, edit.delivery);
    const PushReport report = rig.send(*pusher);
    QCOMPARE(report.waiting, 2);
    QCOMPARE(report.error->kind, ErrorKind::Offline);
}

void TestPusher::oneFailingDeliveryHoldsNobodyUp() {
    TargetServer server;
    server.misbehaveBy([](const Request& request, int) {
        return request.body.contains("\"call-0\"") ? Mishap::InternalError : Mishap::None;
    });
    PushRig rig(server);
    rig.disposeMany(6);
    PushMeans means = quickPush();
    means.patience.retry = {200ms, 1s};
    const auto pusher = rig.lively(means);
    QTRY_COMPARE(rig.count(EditState::Sent), 5);
    QTRY_COMPARE(rig.pendingOf(u"call-0"_s).state, EditState::Waiting);  // unless it is just being tried again
}

void TestPusher::manyCallsFewAtOnce() {
    TargetServer server;
    server.setSlowness(15ms);
    server.misbehaveBy([](const Request&, int) { return Mishap::Slow; });
    PushRig rig(server);
    rig.disposeMany(100);
    const PushReport report = rig.send();
    QCOMPARE(report.sent, 100);
    QCOMPARE(report.requests, 100);
    QCOMPARE(server.appliedCount(), 100);
    QVERIFY(server.highestConcurrency() <= 4);
    QVERIFY(server.highestConcurrency() > 1);
}

void TestPusher::nothingOvertakesWithinACall() {
    TargetServer server;
    server.misbehave({Mishap::AnswerLost, Mishap::AnswerLost});
    PushRig rig(server);
    rig.dispose(u"one"_s, u"FIRST"_s);
    PushMeans means = quickPush();
    means.longestWaitWhenAsked = 0ms;  // one try
    means.patience.retry.base = means.patience.retry.cap = 1s;
    const auto pusher = rig.pusher(means);
    QCOMPARE(rig.send(*pusher).waiting, 1);
    rig.dispose(u"one"_s, u"SECOND"_s);      // the first may have arrived: a delivery of its own
    QCOMPARE(rig.send(*pusher).waiting, 1);  // of one field only its newest edit is counted
    QCOMPARE(rig.send(*pusher).sent, 2);
    const auto applied = server.applied();
    QCOMPARE(applied.size(), size_t(2));
    QVERIFY(applied[0].body.contains("FIRST"));
    QVERIFY(applied[1].body.contains("SECOND"));
    QCOMPARE(applied[0].requests, 3);
    QCOMPARE(applied[1].requests, 1);
    QCOMPARE(server.valueOf(u"one"_s, u"disposition"_s).toString(), u"SECOND"_s);
    const QJsonObject changes = bodyOf(server, 1).value(u"changes"_s).toObject();
    QCOMPARE(changes.value(u"disposition"_s).toObject().value(u"from"_s).toString(), u"FIRST"_s);
    QCOMPARE(bodyOf(server, 1).value(u"revision"_s).toInt(), 2);
}

void TestPusher::anEditDuringSendingSurvives() {
    TargetServer server;
    server.setSlowness(150ms);
    server.misbehave({Mishap::Slow});
    PushRig rig(server);
    rig.dispose(u"one"_s, u"FIRST"_s);
    const auto pusher = rig.lively();
    QTRY_COMPARE(server.count(), 1);
    QCOMPARE(pusher->state(u"main"_s).what, PushState::What::Sending);
    QCOMPARE(pusher->state(u"main"_s).underWay, 1);
    rig.dispose(u"one"_s, u"SECOND"_s);
    rig.edit(u"one"_s, ReviewField::Notes, u"and a note"_s);
    QTRY_COMPARE(server.appliedCount(), 2);
    QTRY_COMPARE(rig.count(EditState::Sent), 2);
    QCOMPARE(server.valueOf(u"one"_s, u"disposition"_s).toString(), u"SECOND"_s);
    QCOMPARE(server.valueOf(u"one"_s, u"notes"_s).toString(), u"and a note"_s);
    QVERIFY(server.applied()[0].body.contains("FIRST"));
}

void TestPusher::anEditBetweenComposingAndSendingSurvives() {
    TargetServer server;
    PushRig rig(server);
    rig.dispose(u"one"_s, u"FIRST"_s);
    const auto due = awaited<std::vector<Delivery>>(
        [&](auto done) { rig.store->loadDueDeliveries(rig.account, std::nullopt, 10, &rig.context, done); });
    QCOMPARE(due->size(), size_t(1));
    rig.dispose(u"one"_s, u"SECOND"_s);  // joins: nothing has left yet
    const auto taken = awaited<bool>([&](auto done) {
        rig.store->takeForSending(due->front(), u"somebody"_s, rig.clock->now() + 1min, "{}"_ba, u"there"_s,
                                  &rig.context, done);
    });
    QVERIFY(taken && !*taken);
    QCOMPARE(rig.send().sent, 1);
    QCOMPARE(server.valueOf(u"one"_s, u"disposition"_s).toString(), u"SECOND"_s);
}

void TestPusher::restsAfterTheLastEdit() {
    TargetServer server;
    PushRig rig(server);
    PushMeans means = quickPush();
    means.restAfterEdit = 500ms;
    const auto pusher = rig.lively(means);
    rig.dispose(u"one"_s);
    QTRY_COMPARE(pusher->state(u"main"_s).what, PushState::What::Resting);
    QElapsedTimer since;
    rig.edit(u"one"_s, ReviewField::Notes, u"a note"_s);
    since.start();
    QTRY_COMPARE(server.appliedCount(), 1);
    QVERIFY2(since.elapsed() >= 400, qPrintable(QString::number(since.elapsed())));
    QCOMPARE(bodyOf(server, 0).value(u"changes"_s).toObject().size(), 2);
    QTRY_COMPARE(rig.count(EditState::Sent), 2);
    // Somebody who asks does not wait for it.
    rig.dispose(u"two"_s);
    since.restart();
    QCOMPARE(rig.send(*pusher).sent, 1);
    QVERIFY2(since.elapsed() < 400, qPrintable(QString::number(since.elapsed())));
}

void TestPusher::disabledAccountsAndManualTargetsSendWhenAsked() {
    for (const bool isManual : {false, true}) {
        TargetServer server;
        PushRig rig(server);
        rig.account.isEnabled = isManual;
        rig.account.target.sendsByItself = !isManual;
        rig.save();
        const auto pusher = rig.lively();
        rig.dispose(u"one"_s);
        QTest::qWait(400);  // that nothing happens can only be waited for
        QCOMPARE(server.count(), 0);
        QCOMPARE(pusher->state(u"main"_s).what, PushState::What::Idle);
        QCOMPARE(rig.send(*pusher).sent, 1);
    }
}

void TestPusher::withoutATargetNothingIsSent() {
    TargetServer server;
    PushRig rig(server);
    rig.account.target = {};
    rig.save();
    rig.dispose(u"one"_s);
    const PushReport report = rig.send();
    QCOMPARE(report.target, TargetKind::None);
    QCOMPARE(report.sent + report.waiting + report.refused, 0);
    QVERIFY(!report.error);
    QCOMPARE(rig.pendingOf(u"one"_s).state, EditState::Kept);
    QCOMPARE(server.count(), 0);
}

QTEST_GUILESS_MAIN(TestPusher)
#include "tst_pusher.moc"
