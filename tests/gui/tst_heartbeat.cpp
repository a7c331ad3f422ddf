// The window stays alive: no turn of its event loop takes longer than 50 ms of processor time and no event handler
// makes a call that may block, whatever the provider, the disk and the hands do.
#include <QAbstractButton>
#include <QEventLoop>
#include <QFile>
#include <QJsonObject>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QThreadPool>
#include <QTimer>
#include <thread>

#include <sqlite3.h>
#include <unistd.h>

#include "tests/gui/busydesk.h"
#include "tests/support/heartbeat.h"
#include "ui/accounts/accountsdialog.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/longtextview.h"
#include "ui/filter/filteredit.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// QtTest cuts long messages; the whole of it goes to the log.
#define VERIFY_ALIVE()                                                   \
    do {                                                                 \
        if (!Heartbeat::faults().isEmpty()) {                            \
            std::fputs(qPrintable(Heartbeat::report()), stderr);         \
        }                                                                \
        QVERIFY2(Heartbeat::faults().isEmpty(), "see the report above"); \
    } while (false)

class HeartbeatTest final : public QObject {
    Q_OBJECT

 private:
    static void burn(std::chrono::milliseconds time) {
        timespec begin = {};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
        const auto used = [&] {
            timespec now = {};
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
            return std::chrono::seconds(now.tv_sec - begin.tv_sec) +
                   std::chrono::nanoseconds(now.tv_nsec - begin.tv_nsec);
        };
        while (used() < time) {
        }
    }
    /// What the heartbeat says about a slot that does this.
    static QString found(const std::function<void()>& slot, const QString& profile = {}) {
        const Heartbeat heartbeat(profile);
        bool done = false;
        QTimer::singleShot(0, [&] {
            slot();
            done = true;
        });
        if (!QTest::qWaitFor([&] { return done; })) {
            return u"never ran"_s;
        }
        return Heartbeat::faults().join(u'\n');
    }

    void watch(const BusyDesk& busy) {
        m_watched.reset();
        m_watched = std::make_unique<Heartbeat>(busy.folder.path());
    }

    static std::vector<Reply> badReplies() {
        std::vector<Reply> replies;
        for (const Fault fault : {Fault::CloseBeforeAnswer, Fault::ResetBeforeAnswer, Fault::ResetWithinBody,
                                  Fault::ResetAfterAnswer, Fault::CloseAfterAnswer, Fault::Hang, Fault::HangWithinBody,
                                  Fault::Drip, Fault::ShortContentLength, Fault::CutChunked, Fault::CloseDelimited,
                                  Fault::CloseDelimitedCut, Fault::EndlessBody, Fault::GzipBomb, Fault::RedirectLoop}) {
            replies.push_back(Reply::broken(fault));
        }
        for (const int status :
             {201, 204, 301, 400, 401, 402, 403, 404, 408, 409, 410, 412, 413, 418, 422, 500, 502, 503, 504, 599}) {
            replies.push_back(Reply::code(status));
        }
        for (const char* wait : {"7", "", "-1", "1e9", "soon"}) {
            replies.push_back(Reply::tooMany(wait));
        }
        replies.push_back(Reply::html("<html><body><h1>Welcome to the hotel</h1></body></html>"));
        replies.push_back(Reply::redirect("http://evil.test/"));
        replies.push_back(Reply::json(QByteArray(100'000, '[')));
        replies.push_back(Reply::json(""));
        replies.push_back(Reply::json("{\"items\": [" + QByteArray("{},").repeated(200'000) + "{}]}"));
        replies.push_back(Reply::broken(Fault::HugeHeader));  // last: it keeps Qt's network thread busy for a while
        return replies;
    }

    static QList<QJsonObject> hostileCalls() {
        const QStringList texts{
            u"<img src='file:///canary.png'><b>x</b> & %1 %2 %n"_s,
            u"\u202Egnirts\u202C \u2066iso\u2069 \u200B\u200D\uFEFF"_s,
            u"a"_s + QString(2'000, QChar(0x0301)) + u" b"_s,
            QString(100'000, u'W'),
            u"\u0000\u001B[31mred\u001B[0m\r\n\u2028"_s,
            u"\u0627\u0644\u0639\u0631\u0628\u064A\u0629 \u05E2\u05D1\u05E8\u05D9\u05EA "_s.repeated(3'000),
            u"\U0001F469\u200D\U0001F469\u200D\U0001F467"_s.repeated(4'000),
            u"\u0E33\u0E49\u0915\u094D\u0937\u093F"_s.repeated(4'000),
            QString(QChar(0xd800)) + u"lone"_s,
        };
        QList<QJsonObject> calls;
        for (const QString& text : texts) {
            QJsonObject changes;
            for (const QString& field :
                 {u"lead_id"_s, u"agent_id"_s, u"fs_uuid"_s, u"direction"_s, u"status"_s, u"hangup_cause"_s,
                  u"disposition"_s, u"notes"_s, u"ai_summary"_s, u"ai_sentiment"_s, u"ai_next_action"_s}) {
                changes.insert(field, text);
            }
            calls << yotelCall(u"hostile-%1"_s.arg(calls.size()), u"camp-1"_s, changes);
        }
        return calls;
    }

    std::unique_ptr<Heartbeat> m_watched;

 private Q_SLOTS:
    // --- the instrument

    void noticesATurnThatIsTooLong() {
        const QString said = found([] { burn(kTurnLimit + 30ms); });
        QVERIFY2(said.contains(u"a turn of"_s) && said.contains(u"noticesATurnThatIsTooLong"_s), qPrintable(said));
        // Two events of one turn count together.
        const Heartbeat heartbeat;
        int done = 0;
        for (int i = 0; i < 2; ++i) {
            QMetaObject::invokeMethod(
                this,
                [&] {
                    burn(kTurnLimit * 6 / 10);
                    ++done;
                },
                Qt::QueuedConnection);
        }
        QTRY_COMPARE(done, 2);
        QCOMPARE(Heartbeat::faults().size(), 1);
    }
    void leavesAShortTurnAndTheTestAlone() {
        const Heartbeat heartbeat;
        burn(kTurnLimit + 30ms);           // the test's own work
        std::this_thread::sleep_for(1ms);  // and its own waits
        QCOMPARE(found([] { burn(kTurnLimit / 5); }), QString());
    }
    void noticesACallThatMayBlock_data() {
        QTest::addColumn<QString>("call");
        for (const char* call : {"fsync()", "nanosleep()", "poll()", "pthread_cond_wait()", "pthread_join()",
                                 "sqlite3_step()", "sqlite3_open_v2()", "open"}) {
            QTest::newRow(call) << QString::fromLatin1(call);
        }
    }
    void noticesACallThatMayBlock() {
        QFETCH(QString, call);
        const QTemporaryDir folder;
        const QString said = found(
            [&] {
                if (call == u"fsync()"_s) {
                    (void)fsync(-1);
                } else if (call == u"nanosleep()"_s) {
                    const timespec moment{0, 1000};
                    nanosleep(&moment, nullptr);
                } else if (call == u"poll()"_s) {
                    QEventLoop nested;
                    QTimer::singleShot(1, &nested, &QEventLoop::quit);
                    nested.exec();
                } else if (call == u"pthread_cond_wait()"_s) {
                    QThreadPool pool;
                    pool.start([] { std::this_thread::sleep_for(5ms); });
                    pool.waitForDone();
                } else if (call == u"pthread_join()"_s) {
                    std::thread([] {}).join();
                } else if (call == u"open"_s) {
                    QFile file(folder.filePath(u"reviews.db"_s));
                    (void)file.open(QIODevice::WriteOnly);
                } else {
                    sqlite3* database = nullptr;
                    (void)sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE, nullptr);
                    sqlite3_stmt* statement = nullptr;
                    (void)sqlite3_prepare_v2(database, "SELECT 1", -1, &statement, nullptr);
                    (void)sqlite3_step(statement);
                    (void)sqlite3_finalize(statement);
                    (void)sqlite3_close(database);
                }
            },
            folder.path());
        QVERIFY2(said.contains(call) && said.contains(u"in an event handler"_s), qPrintable(said));
    }
    void noticesOpenedFilesAndConnections() {
        const QTemporaryDir folder;
        const Outside outside("canary");
        QFile file(folder.filePath(u"canary.png"_s));
        QVERIFY(!file.open(QIODevice::ReadOnly));
        QCOMPARE(Outside::opened(), QStringList{file.fileName()});
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, 9);
        QTRY_COMPARE(Outside::connected(), QStringList{u"127.0.0.1:9"_s});
    }

    // --- the desk

    void cleanup() {
        if (m_watched) {
            qInfo("longest turn %lld ms of %zu", static_cast<long long>(Heartbeat::longestTurn().count()),
                  Heartbeat::turns().size());
            m_watched.reset();
        }
    }

    void startsWithManyCalls() {
        BusyDesk busy;
        QVERIFY(busy.prepare(30'000));
        watch(busy);
        QVERIFY(busy.open());
        QTRY_COMPARE(busy.desk->calls.rowCount(), 30'000);
        QTRY_VERIFY(busy.desk->find<DetailPane>()->call().has_value());
        busy.oneRound(0);
        busy.oneRound(1);
        VERIFY_ALIVE();
    }

    void worksDuringAPull() {
        BusyDesk busy;
        QVERIFY(busy.prepare(10'000));
        busy.serve(10'000);
        QVERIFY(busy.open());
        watch(busy);
        QVERIFY(busy.workDuringAPull());
        QTRY_COMPARE(busy.desk->calls.totalCalls(), qint64(20'000));
        QVERIFY(Heartbeat::turns().size() > 100);
        VERIFY_ALIVE();
    }

    void playsWhileWorking() {
        BusyDesk busy;
        QVERIFY(busy.prepare(10));
        busy.serve(400);
        QVERIFY(busy.open());
        QVERIFY(busy.workDuringAPull());
        watch(busy);
        auto* table = busy.desk->find<CallTable>();
        auto* filter = busy.desk->find<FilterEdit>();
        filter->setText(u"has:recording"_s);
        QTRY_COMPARE(busy.desk->calls.rowCount(), 40);
        table->setFocus();
        table->selectFirst();
        QTRY_COMPARE(busy.desk->find<DetailPane>()->call(), table->currentCall());
        busy.key(Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(busy.desk->player.state(), PlayerState::Playing, 10'000);
        for (int i = 0; i < 5; ++i) {
            busy.key(Qt::Key_L);
            busy.key(Qt::Key_J);
        }
        busy.key(Qt::Key_E);
        for (const char letter : QByteArrayView("typed while it speaks, and it speaks on")) {
            QTest::keyClick(QApplication::focusWidget(), letter);
            QTest::qWait(5);
        }
        QCOMPARE(busy.desk->player.state(), PlayerState::Playing);
        VERIFY_ALIVE();
    }

    /// Every way in which a server misbehaves, at the first request and at a page; each pull is cancelled by its key.
    void staysAliveWhateverTheServerAnswers() {
        BusyDesk busy;
        QVERIFY(busy.prepare(500));
        busy.serve(300);
        QVERIFY(busy.open());
        watch(busy);
        const std::vector<Reply> replies = badReplies();
        QVERIFY(replies.size() >= 40);
        const QByteArray page = busy.server.pagePath(u"camp-1"_s);
        int number = 0;
        bool asksToWait = false;
        for (const Reply& reply : replies) {
            const QByteArray at = ++number % 4 == 0 ? QByteArrayLiteral("/api/v1/campaigns") : page;
            busy.server.on(page, [&busy](const Request& request) { return busy.server.answer(request); });
            busy.server.on("/api/v1/campaigns",
                           [&busy](const Request& request) { return busy.server.answer(request); });
            busy.server.on(at, reply);
            if (busy.server.count() > 0 && asksToWait) {
                QVERIFY(busy.open());  // the desk before obeys, and asks nothing for an hour
            }
            asksToWait = reply.status == 429;
            busy.server.forgetRequests();
            QSignalSpy finished(&busy.desk->puller, &Puller::finished);
            busy.desk->find<CallTable>()->setFocus();
            busy.key(Qt::Key_F5);
            QTRY_VERIFY_WITH_TIMEOUT(busy.server.count(at) > 0 || !finished.isEmpty(), 20'000);
            busy.key(Qt::Key_Down);
            QTest::qWait(60);  // what comes of it: an error, a wait for another try, or silence
            busy.key(Qt::Key_F5, Qt::ShiftModifier);
            QTRY_VERIFY2_WITH_TIMEOUT(!finished.isEmpty(), qPrintable(u"fault %1"_s.arg(number)), 10'000);
            QVERIFY2(QApplication::activeModalWidget() == nullptr, "a box in the way");
            VERIFY_ALIVE();
        }
        QVERIFY(busy.desk->calls.totalCalls() >= 500);
    }

    void staysAliveWithHostileData() {
        BusyDesk busy;
        QVERIFY(busy.prepare(10));
        for (const QJsonObject& call : hostileCalls()) {
            busy.server.addCall(call);
        }
        QVERIFY(busy.open());
        watch(busy);
        QVERIFY(busy.workDuringAPull());
        auto* table = busy.desk->find<CallTable>();
        auto* pane = busy.desk->find<DetailPane>();
        busy.desk->find<FilterEdit>()->clear();
        QTRY_COMPARE(busy.desk->calls.rowCount(), 10 + int(hostileCalls().size()));
        table->setFocus();
        VERIFY_ALIVE();
        // The most hostile texts come near the limit, and a busy machine spends more processor time on the same work
        // (and a font is loaded once): a turn is too long when it is so three times.
        for (int row = 0; row < busy.desk->calls.rowCount(); ++row) {
            for (int attempt = 1; attempt <= 3; ++attempt) {
                watch(busy);
                table->setCurrentIndex({});
                QTRY_VERIFY(!pane->call().has_value());
                table->setCurrentIndex(busy.desk->calls.index(row, 0));
                QTRY_COMPARE(pane->call(), busy.desk->calls.keyAt(row));
                QTest::qWait(40);
                if (Heartbeat::faults().isEmpty()) {
                    break;
                }
            }
            VERIFY_ALIVE();
        }
    }

    void opensACallWithTenMegabytesOfText() {
        BusyDesk busy;
        QVERIFY(busy.prepare(0));
        busy.server.addCall(
            yotelCall(u"huge"_s, u"camp-1"_s,
                      {{u"ai_summary"_s, u"word "_s.repeated(2'000'000)}, {u"notes"_s, u"x"_s.repeated(10'000'000)}}));
        busy.server.addCall(yotelCall(u"lines"_s, u"camp-1"_s,
                                      {{u"ai_summary"_s, u"A: yes\n"_s.repeated(100'000)},
                                       {u"ai_next_action"_s, u"\u0301"_s.repeated(1'000'000)}}));
        QVERIFY(busy.open());
        watch(busy);
        QSignalSpy finished(&busy.desk->puller, &Puller::finished);
        busy.key(Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30'000);
        QTRY_COMPARE(busy.desk->calls.rowCount(), 2);
        auto* table = busy.desk->find<CallTable>();
        auto* pane = busy.desk->find<DetailPane>();
        table->setFocus();
        for (const int row : {0, 1, 0}) {
            table->setCurrentIndex(busy.desk->calls.index(row, 0));
            QTRY_COMPARE(pane->call(), busy.desk->calls.keyAt(row));
            QTRY_VERIFY([&] {
                const QList<LongTextView*> texts = pane->findChildren<LongTextView*>();
                return std::any_of(texts.begin(), texts.end(),
                                   [](const LongTextView* text) { return text->text().size() >= 600'000; });
            }());
            for (QAbstractButton* button : pane->findChildren<QAbstractButton*>()) {
                if (button->text() == u"All fields"_s && button->isVisible() && row == 0) {
                    QTest::mouseClick(button, Qt::LeftButton);
                }
            }
            QTest::qWait(50);
            for (int column = 0; column < busy.desk->calls.columnCount(); ++column) {
                QVERIFY(busy.desk->calls.index(row, column).data().toString().size() <= 512);
            }
        }
        busy.key(Qt::Key_E);
        QTest::keyClicks(QApplication::focusWidget(), u"and more"_s);
        busy.key(Qt::Key_S, Qt::ControlModifier);
        QTest::qWait(100);
        VERIFY_ALIVE();
    }

    void startsWithDamagedDatabases() {
        BusyDesk busy;
        QVERIFY(busy.prepare(2'000));
        for (const QString& name : {u"/calls.db"_s, u"/reviews.db"_s}) {
            QFile file(busy.folder.path() + name);
            QVERIFY(file.open(QIODevice::ReadWrite));
            for (qint64 at = 4096; at + 512 < file.size(); at += 8192) {
                QVERIFY(file.seek(at) && file.write(QByteArray(512, 'x')) == 512);
            }
        }
        busy.serve(300);
        watch(busy);
        (void)busy.open();  // with or without the calls of before, but alive
        busy.desk->find<CallTable>()->setFocus();
        busy.oneRound(0);
        VERIFY_ALIVE();
    }

    void testsAnAccountAgainstASilentServer() {
        BusyDesk busy;
        QVERIFY(busy.prepare(100));
        busy.server.onAnythingElse([](const Request&) { return Reply::broken(Fault::Hang); });
        QVERIFY(busy.open());
        watch(busy);
        busy.key(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(busy.desk->window->findChild<AccountsDialog*>() != nullptr);
        auto* dialog = busy.desk->window->findChild<AccountsDialog*>();
        for (QLineEdit* line : dialog->findChildren<QLineEdit*>()) {
            if (line->accessibleName() == u"Address"_s || line->accessibleName() == u"API key"_s) {
                line->setFocus();
                line->selectAll();
                QTest::keyClicks(line, line->accessibleName() == u"API key"_s
                                           ? u"yt_test_key"_s
                                           : busy.server.account().baseUrl.toString());
            }
        }
        busy.server.forgetRequests();
        for (QPushButton* button : dialog->findChildren<QPushButton*>()) {
            if (button->text() == u"Test"_s) {
                QTRY_VERIFY(button->isEnabled());
                QTest::mouseClick(button, Qt::LeftButton);
            }
        }
        QTRY_VERIFY(busy.server.count() > 0);
        QTest::qWait(300);  // it hangs
        QTest::keyClick(dialog, Qt::Key_Escape);
        for (QPushButton* button : dialog->findChildren<QPushButton*>()) {
            if (button->text() == u"Discard it"_s) {
                QTRY_VERIFY(button->isVisible());  // the typed key is asked about
                QTest::mouseClick(button, Qt::LeftButton);
                break;
            }
        }
        QTRY_VERIFY(busy.desk->window->findChild<AccountsDialog*>() == nullptr);
        busy.desk->find<CallTable>()->setFocus();
        busy.key(Qt::Key_Down);
        VERIFY_ALIVE();
    }
};

EARMARK_HEARTBEAT_MAIN(HeartbeatTest)
#include "tst_heartbeat.moc"
