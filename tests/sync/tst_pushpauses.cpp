// What holds the sender up, and what ends that: keys, wishes of the server, outages, other settings, other senders,
// stops and kills.
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include "models/sync/accountbook.h"
#include "tests/sync/pushrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestPushPauses final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aRefusedSecretIsShownOnce_data();
    void aRefusedSecretIsShownOnce();
    void aNewSecretSendsWhatWasRefused();
    void whatWasRefusedForAnotherReasonStaysSo();
    void aMissingSecretPauses();
    void retryAfterIsObeyedByAll();
    void retryAfterOutlivesTheProcess();
    void fewRequestsInAnOutageAndSoonDrained();
    void anotherTargetGetsWhatIsNotOnTheWire();
    void editsStayWithTheAccountTheyWereMadeFor();
    void stoppedSendingIsUnclear();
    void aKilledSenderIsTakenOver();
    void twoSendersSendEachOnce();
    void aDiskThatIsFullForgetsNothing();
    void filesAreWrittenOnce();
    void testsATarget();
    void accountsThatGoAndComeWhileSending();
};

void TestPushPauses::aRefusedSecretIsShownOnce_data() {
    QTest::addColumn<Mishap>("mishap");
    QTest::newRow("401") << Mishap::Unauthorized;
    QTest::newRow("403") << Mishap::Forbidden;
}

void TestPushPauses::aRefusedSecretIsShownOnce() {
    QFETCH(Mishap, mishap);
    TargetServer server;
    server.misbehaveBy([mishap](const Request&, int) { return mishap; });
    PushRig rig(server);
    rig.disposeMany(5);
    const auto pusher = rig.pusher();
    QSignalSpy told(pusher.get(), &Pusher::keyProblem);
    pusher->startSendingByItself();
    QTRY_COMPARE(pusher->state(u"main"_s).what, PushState::What::Paused);
    rig.dispose(u"another"_s);  // wakes it, and yet
    QTest::qWait(400);
    QCOMPARE(server.count(), 1);
    QCOMPARE(told.size(), 1);
    QCOMPARE(rig.count(EditState::Refused), 1);
    QCOMPARE(rig.count(EditState::Waiting), 5);
    // Somebody asks: once more, and not more than that.
    const PushReport refused = rig.send(*pusher);
    QCOMPARE(server.count(), 2);
    QCOMPARE(refused.refused, 1);
    QCOMPARE(refused.waiting, 5);
    QVERIFY(refused.error);
    QCOMPARE(outcomeOf(refused), PushOutcome::Failed);
    // It is taken again: everything goes, also what was refused.
    server.misbehaveBy({});
    QCOMPARE(rig.send(*pusher).sent, 6);
    QCOMPARE(rig.count(EditState::Sent), 6);
    QVERIFY(pusher->state(u"main"_s).what != PushState::What::Paused);
}

void TestPushPauses::aNewSecretSendsWhatWasRefused() {
    TargetServer server("the new secret"_ba);
    PushRig rig(server);
    rig.keys.set(targetSecretName(u"main"_s), "the old secret"_ba);
    rig.disposeMany(3);
    const auto pusher = rig.lively();
    QTRY_COMPARE(pusher->state(u"main"_s).what, PushState::What::Paused);
    QCOMPARE(server.forged(), 1);
    rig.keys.set(targetSecretName(u"main"_s), server.secret());
    pusher->noteSecretGiven(u"main"_s);
    QTRY_COMPARE(rig.count(EditState::Sent), 3);
    QCOMPARE(server.forged(), 1);
}

void TestPushPauses::whatWasRefusedForAnotherReasonStaysSo() {
    TargetServer server;
    server.misbehave({Mishap::Unprocessable});
    PushRig rig(server);
    rig.dispose(u"one"_s);
    const auto pusher = rig.lively();
    QTRY_COMPARE(rig.count(EditState::Refused), 1);
    QCOMPARE(rig.send(*pusher).refused, 0);
    pusher->noteSecretGiven(u"main"_s);
    QCOMPARE(rig.send(*pusher).sent, 0);
    QCOMPARE(server.count(), 1);
    // until somebody says so
    QVERIFY(awaited<void>(
        [&](auto done) { rig.store->sendAgain(u"main"_s, rig.pendingOf(u"one"_s).delivery, &rig.context, done); }));
    QTRY_COMPARE(rig.count(EditState::Sent), 1);
}

void TestPushPauses::aMissingSecretPauses() {
    TargetServer server;
    PushRig rig(server);
    QVERIFY(awaited<void>([&](auto done) { rig.keys.forget(targetSecretName(u"main"_s), &rig.context, done); }));
    const auto pusher = rig.lively();
    QTest::qWait(200);
    QCOMPARE(pusher->state(u"main"_s).what, PushState::What::Idle);  // nothing to send: nobody is bothered
    rig.dispose(u"one"_s);
    QTRY_COMPARE(pusher->state(u"main"_s).what, PushState::What::Paused);
    const PushReport report = rig.send(*pusher);
    QCOMPARE(report.error->kind, ErrorKind::NoKey);
    QCOMPARE(report.waiting, 1);
    QCOMPARE(server.count(), 0);
    QCOMPARE(rig.pendingOf(u"one"_s).state, EditState::Waiting);
    rig.keys.set(targetSecretName(u"main"_s), server.secret());
    pusher->noteSecretGiven(u"main"_s);
    QTRY_COMPARE(rig.count(EditState::Sent), 1);
}

void TestPushPauses::retryAfterIsObeyedByAll() {
    TargetServer server;
    server.setRetryAfter("1"_ba);
    server.misbehave({Mishap::TooMany});
    PushRig rig(server);
    rig.disposeMany(5);
    const auto pusher = rig.lively();
    QTRY_COMPARE(server.count(), 1);
    QElapsedTimer since;
    since.start();
    QTRY_COMPARE(pusher->state(u"main"_s).what, PushState::What::Waiting);
    // Asking does not help against a running wish, and the answer names it.
    const PushReport report = rig.send(*pusher);
    QCOMPARE(report.sent, 0);
    QCOMPARE(report.error->kind, ErrorKind::RateLimited);
    QVERIFY2(report.error->message.contains(u"asks to wait until"_s), qPrintable(report.error->message));
    QCOMPARE(server.count(), 1);
    QTRY_COMPARE(rig.count(EditState::Sent), 5);
    QVERIFY2(since.elapsed() >= 900, qPrintable(QString::number(since.elapsed())));
    QCOMPARE(server.count(), 6);
}

void TestPushPauses::retryAfterOutlivesTheProcess() {
    TargetServer server;
    server.setRetryAfter("3600"_ba);
    server.misbehave({Mishap::TooMany});
    PushRig rig(server);
    rig.disposeMany(2);
    QCOMPARE(rig.send().waiting, 2);
    QTest::qWait(100);  // the wish is written down by itself
    // Another process has another client.
    HttpClient http(rig.clock);
    Pusher pusher(rig.store.get(), &http, &rig.keys, rig.clock, quickPush());
    pusher.begin();
    pusher.setAccounts({rig.account});
    const PushReport report = rig.send(pusher);
    QCOMPARE(report.error->kind, ErrorKind::RateLimited);
    QVERIFY(report.error->retryAfter > 3500s);
    QCOMPARE(server.count(), 1);
}

// A thousandth of the real times.
void TestPushPauses::fewRequestsInAnOutageAndSoonDrained() {
    TargetServer server;
    server.misbehaveBy([](const Request&, int) { return Mishap::InternalError; });
    PushRig rig(server);
    rig.disposeMany(40);
    PushMeans means = quickPush();
    const RetryPolicy real = PushMeans().patience.retry;
    means.patience.retry = {real.base / 200, real.cap / 200};
    const auto pusher = rig.lively(means);
    QElapsedTimer since;
    QTRY_VERIFY(server.count() > 0);
    since.start();
    QVERIFY(QTest::qWaitFor([&] { return since.elapsed() >= 3000; }, 10'000));  // ten minutes
    QVERIFY2(server.count() <= 20, qPrintable(QString::number(server.count())));
    QVERIFY2(server.count() >= 8, qPrintable(QString::number(server.count())));
    QCOMPARE(rig.count(EditState::Sent), 0);
    server.misbehaveBy({});
    since.restart();
    QTRY_COMPARE(server.appliedCount(), 40);
    // A minute, and what forty real requests take.
    QVERIFY2(since.elapsed() < 300 + 2000, qPrintable(QString::number(since.elapsed())));
    QTRY_COMPARE(rig.count(EditState::Sent), 40);
}

void TestPushPauses::anotherTargetGetsWhatIsNotOnTheWire() {
    TargetServer first;
    TargetServer second(first.secret());
    first.setSlowness(300ms);
    first.misbehave({Mishap::Slow});
    PushRig rig(first);
    rig.disposeMany(3);
    const auto pusher = rig.lively();
    QTRY_COMPARE(first.count(), 1);
    Account other = rig.account;
    other.target.url = second.address();
    QVERIFY(awaited<void>([&](auto done) { rig.store->changeTarget(other, WhatWaits::Send, &rig.context, done); }));
    pusher->setAccounts({other});
    QTRY_COMPARE(rig.count(EditState::Sent), 3);
    QCOMPARE(first.appliedCount(), 1);  // what was on the wire came to its end there
    QCOMPARE(first.count(), 1);
    QCOMPARE(second.appliedCount(), 3);  // and is told to the new one, too
    const PendingEdit there = rig.pendingOf(u"call-0"_s);
    QVERIFY2(there.destination.contains(QString::number(second.port())), qPrintable(there.destination));
}

// D23, C12: the name is the same, the account is another one.
void TestPushPauses::editsStayWithTheAccountTheyWereMadeFor() {
    TargetServer server;
    PushRig rig(server);
    rig.dispose(u"one"_s);
    rig.account.baseUrl = QUrl(u"http://127.0.0.1:2"_s);
    rig.save();
    rig.dispose(u"two"_s);
    const auto pusher = rig.lively();
    QTRY_COMPARE(rig.pendingOf(u"two"_s).state, EditState::Sent);
    const PushReport report = rig.send(*pusher);
    QCOMPARE(report.sent, 0);
    QCOMPARE(server.count(), 1);
    QCOMPARE(rig.pendingOf(u"one"_s).state, EditState::Waiting);
    rig.account.baseUrl = QUrl(u"http://127.0.0.1:1"_s);
    rig.save();
    pusher->setAccounts({rig.account});
    QTRY_COMPARE(rig.pendingOf(u"one"_s).state, EditState::Sent);
}

void TestPushPauses::stoppedSendingIsUnclear() {
    TargetServer server;
    server.setSlowness(2s);
    server.misbehave({Mishap::Slow});
    PushRig rig(server);
    rig.disposeMany(3);
    PushMeans means = quickPush();
    means.attemptDeadline = 10s;
    const auto pusher = rig.pusher(means);
    std::vector<PushReport> reports;
    connect(pusher.get(), &Pusher::finished, this, [&](const auto& all) { reports = all; });
    pusher->sendNow({u"main"_s});
    QTRY_COMPARE(server.count(), 1);
    QVERIFY(pusher->isSendingNow());
    pusher->cancel();
    QTRY_COMPARE(reports.size(), size_t(1));
    QVERIFY(!pusher->isSendingNow());
    QCOMPARE(reports[0].error->kind, ErrorKind::Cancelled);
    QCOMPARE(reports[0].waiting, 3);
    QCOMPARE(rig.send(*pusher).sent, 3);
    QCOMPARE(server.appliedCount(), 3);
    QCOMPARE(server.applied()[0].requests, 2);
    QCOMPARE(server.otherBodies(), 0);
}

// P04 in one process: the sender ends without a word while the server has applied it.
void TestPushPauses::aKilledSenderIsTakenOver() {
    TargetServer server;
    server.misbehave({Mishap::AppliedThenHangs});
    PushRig rig(server);
    rig.dispose(u"one"_s, u"FIRST"_s);
    PushMeans means = quickPush();
    means.attemptDeadline = 10s;
    auto pusher = rig.lively(means);
    QTRY_COMPARE(server.appliedCount(), 1);
    pusher.reset();
    QCOMPARE(rig.pendingOf(u"one"_s).state, EditState::Sending);
    rig.dispose(u"one"_s, u"SECOND"_s);
    pusher = rig.lively();
    QTRY_COMPARE(server.appliedCount(), 2);
    QTRY_COMPARE(rig.count(EditState::Sent), 1);
    QCOMPARE(server.applied()[0].requests, 2);
    QCOMPARE(server.otherBodies(), 0);
    QCOMPARE(server.valueOf(u"one"_s, u"disposition"_s).toString(), u"SECOND"_s);
}

// C04: the lease decides, where nothing else keeps two senders apart.
void TestPushPauses::twoSendersSendEachOnce() {
    TargetServer server;
    PushRig rig(server);
    rig.disposeMany(60);
    Store otherStore({rig.folder.path(), rig.clock, {}, false});
    QVERIFY(awaited<void>([&](auto done) { otherStore.open(&rig.context, done); }));
    HttpClient otherHttp(rig.clock);
    Pusher other(&otherStore, &otherHttp, &rig.keys, rig.clock, quickPush());
    const auto pusher = rig.pusher();
    other.begin();
    other.setAccounts({rig.account});
    QTRY_VERIFY(!rig.pending().empty());
    pusher->startSendingByItself();
    other.startSendingByItself();
    QTRY_COMPARE_WITH_TIMEOUT(server.appliedCount(), 60, 20'000);
    QTRY_COMPARE(rig.count(EditState::Sent), 60);
    QTest::qWait(100);
    QCOMPARE(server.count(), 60);
    QVERIFY(pusher->state(u"main"_s).lastAccepted);
    QVERIFY(other.state(u"main"_s).lastAccepted);  // both had their share
}

void TestPushPauses::aDiskThatIsFullForgetsNothing() {
    TargetServer server;
    PushRig rig(server);
    rig.dispose(u"one"_s);
    rig.store.reset();
    const auto isFull = std::make_shared<std::atomic<bool>>(false);
    rig.store = std::make_unique<Store>(Store::Options{
        rig.folder.path(), rig.clock,
        [isFull](const char* sql) { return *isFull && QByteArray(sql).contains("settled_at = ") ? 13 : 0; }, false});
    QVERIFY(awaited<void>([&](auto done) { rig.store->open(&rig.context, done); }));
    *isFull = true;
    const auto pusher = rig.lively();
    QTRY_COMPARE(server.appliedCount(), 1);
    QTest::qWait(100);
    QCOMPARE(rig.pendingOf(u"one"_s).state, EditState::Sending);
    *isFull = false;
    QTRY_COMPARE(rig.pendingOf(u"one"_s).state, EditState::Sent);
    QCOMPARE(server.count(), 1);
}

void TestPushPauses::filesAreWrittenOnce() {
    TargetServer server;
    PushRig rig(server);
    const QString folder = rig.folder.filePath(u"edits"_s);
    rig.account.target = {};
    rig.account.target.kind = TargetKind::File;
    rig.account.target.format = ExportFormat::JsonLines;
    rig.account.target.folder = folder;
    rig.save();
    rig.disposeMany(5);
    const auto pusher = rig.lively();
    QTRY_COMPARE(rig.count(EditState::Sent), 5);
    QVERIFY(!pusher->state(u"main"_s).lastPlace.isEmpty());
    QFile file(folder + u'/' + pusher->state(u"main"_s).lastPlace);
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
    QCOMPARE(file.readAll().count('\n'), 5);
    // A folder that cannot be written is waited for.
    QVERIFY(QFile::setPermissions(folder, QFile::ReadOwner | QFile::ExeOwner));
    if (QFileInfo(folder).isWritable()) {
        QVERIFY(QDir(folder).removeRecursively());  // root may write anywhere; a file in its place cannot be a folder
        QFile wall(folder);
        QVERIFY(wall.open(QIODevice::WriteOnly));
    }
    rig.dispose(u"one more"_s);
    QTRY_COMPARE(pusher->state(u"main"_s).what, PushState::What::Waiting);
    QVERIFY(!pusher->state(u"main"_s).reason.isEmpty());
    if (!QFileInfo(folder).isDir()) {
        QVERIFY(QFile::remove(folder));
    } else {
        QVERIFY(QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    QTRY_COMPARE(rig.count(EditState::Sent), 6);
    QCOMPARE(server.count(), 0);
}

void TestPushPauses::testsATarget() {
    TargetServer server;
    PushRig rig(server);
    const auto pusher = rig.pusher();
    const auto verdictOf = [&](const Account& account, std::optional<QByteArray> secret) {
        std::optional<PushVerdict> got;
        pusher->test(account, std::move(secret), this, [&got](const PushVerdict& verdict) { got = verdict; });
        return QTest::qWaitFor([&got] { return got.has_value(); }, 10'000) ? *got : PushVerdict();
    };
    QCOMPARE(verdictOf(rig.account, std::nullopt).end, PushEnd::Accepted);
    QCOMPARE(server.tests(), 1);
    const PushVerdict wrong = verdictOf(rig.account, "another secret"_ba);
    QCOMPARE(wrong.end, PushEnd::Refused);
    QCOMPARE(wrong.error->kind, ErrorKind::Unauthorized);
    Account away = rig.account;
    away.target = {};
    QCOMPARE(verdictOf(away, std::nullopt).end, PushEnd::Refused);
    server.stop();
    QCOMPARE(verdictOf(rig.account, std::nullopt).error->kind, ErrorKind::Offline);
    QCOMPARE(server.appliedCount(), 0);
}

void TestPushPauses::accountsThatGoAndComeWhileSending() {
    TargetServer server;
    server.setSlowness(100ms);
    server.misbehaveBy([](const Request&, int) { return Mishap::Slow; });
    PushRig rig(server);
    rig.disposeMany(4);
    const auto pusher = rig.pusher();
    QSignalSpy finished(pusher.get(), &Pusher::finished);
    pusher->sendNow({u"main"_s, u"nobody"_s});
    QTRY_VERIFY(server.count() > 0);
    pusher->setAccounts({});  // the question about it is still answered
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(pusher->states().empty());
    pusher->begin();
    pusher->setAccounts({rig.account});
    // Its lease is still held: another start of the program would free it.
    Pusher next(rig.store.get(), &rig.http, &rig.keys, rig.clock, quickPush());
    next.begin();
    next.setAccounts({rig.account});
    QCOMPARE(rig.send(next).waiting, 0);
    QCOMPARE(server.appliedCount(), 4);
}

QTEST_GUILESS_MAIN(TestPushPauses)
#include "tst_pushpauses.moc"
