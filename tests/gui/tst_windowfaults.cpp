// Faults as the window meets them: no network, answers that come late or never, rows that change under the hands, text
// left by a killed program, midnight. Driven by keys.
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <unistd.h>

#include "tests/gui/busydesk.h"
#include "tests/support/asking.h"
#include "ui/accounts/accountsdialog.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/dispositioninput.h"
#include "ui/detail/notesinput.h"
#include "ui/filter/filteredit.h"
#include "ui/mainwindow/messagestrip.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class WindowFaultsTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<BusyDesk> m_busy;

    [[nodiscard]] TestDesk& desk() const { return *m_busy->desk; }
    [[nodiscard]] CallTable* table() const { return desk().find<CallTable>(); }
    [[nodiscard]] DetailPane* pane() const { return desk().find<DetailPane>(); }
    [[nodiscard]] NotesInput* notes() const { return desk().find<NotesInput>(); }
    [[nodiscard]] QString messages() const {
        QString said;
        for (const QLabel* label : desk().find<MessageStrip>()->findChildren<QLabel*>()) {
            said += label->text() + u'\n';
        }
        return said;
    }
    [[nodiscard]] bool reachesTheStripByTab() const {
        const auto* strip = desk().find<MessageStrip>();
        const auto walk = [&](Qt::KeyboardModifiers modifiers, int most) {
            table()->setFocus();
            for (int i = 0; i < most; ++i) {
                QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab, modifiers);
                if (qobject_cast<QPushButton*>(QApplication::focusWidget()) != nullptr &&
                    strip->isAncestorOf(QApplication::focusWidget())) {
                    return true;
                }
            }
            return false;
        };
        return desk().hasFocus(table()) && walk(Qt::NoModifier, 60) && walk(Qt::ShiftModifier, 8);
    }
    [[nodiscard]] bool draftLineIsSeen() const {
        for (const QLabel* label : pane()->findChildren<QLabel*>()) {
            if (label->text().contains(u"Draft kept"_s) && label->isVisible() &&
                label->visibleRegion().boundingRect() == label->rect()) {
                return true;
            }
        }
        return false;
    }
    void openWith(int calls) {
        QVERIFY(m_busy->prepare(calls));
        QVERIFY(m_busy->open());
        table()->setFocus();
        QTRY_COMPARE(desk().calls.rowCount(), calls);
    }
    void goTo(int row) {
        table()->setFocus();
        QVERIFY(desk().hasFocus(table()));
        table()->setCurrentIndex(desk().calls.index(row, 0));
        QTRY_COMPARE(pane()->call(), desk().calls.keyAt(row));
        QTRY_VERIFY(!notes()->isReadOnly() && notes()->isVisible());
    }
    [[nodiscard]] bool store(const Call& call) {
        std::optional<bool> stored;
        desk().store.storeCall(call, this, [&](const Result<PageOutcome>& answer) { stored = answer.has_value(); });
        return QTest::qWaitFor([&] { return stored.has_value(); }) && *stored;
    }
    [[nodiscard]] static qint64 residentKb() {
        QFile file(u"/proc/self/statm"_s);
        return file.open(QIODevice::ReadOnly)
                   ? file.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE) / 1024
                   : 0;
    }

 private Q_SLOTS:
    void init() { m_busy = std::make_unique<BusyDesk>(); }
    void cleanup() { m_busy.reset(); }

    /// Nobody listens: said within a second, nothing in the way, and all work goes on.
    void withoutANetworkTheDeskWorks() {
        openWith(20);
        m_busy->server.stop();
        QElapsedTimer timer;
        timer.start();
        m_busy->key(Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(
            desk().find<QLabel>(u"pullStatus"_s)->text().contains(u"reach"_s) || messages().contains(u"reach"_s),
            1'000);
        QVERIFY2(timer.elapsed() <= 1'000, qPrintable(QString::number(timer.elapsed())));
        goTo(3);
        const CallKey edited = *pane()->call();
        m_busy->key(Qt::Key_E);
        QVERIFY(desk().hasFocus(notes()));
        QTest::keyClicks(notes(), u"written offline"_s);
        m_busy->key(Qt::Key_S, Qt::ControlModifier);
        QTRY_COMPARE(desk().store.review(edited).notes.value_or(LocalEdit()).value,
                     std::optional(u"written offline"_s));
        m_busy->key(Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(desk().find<FilterEdit>(), u"disposition:SALE"_s);
        m_busy->key(Qt::Key_Return);
        QTRY_COMPARE(desk().calls.rowCount(), 10);
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        QVERIFY(desk().window->findChildren<QMessageBox*>().isEmpty());
    }

    void aRefreshNeverTouchesWhatIsTyped() {
        openWith(5);
        goTo(1);
        const CallKey key = *pane()->call();
        Call newer = madeUpCall(3);
        for (int i = 0; i < 5; ++i) {
            newer = madeUpCall(i);
            if (newer.key == key) {
                break;
            }
        }
        m_busy->key(Qt::Key_E);
        QVERIFY(desk().hasFocus(notes()));
        QTest::keyClicks(notes(), u"half a sen"_s);
        notes()->moveCursor(QTextCursor::Left);
        const int cursor = notes()->textCursor().position();
        newer.notes = u"the provider's new words"_s;
        newer.status = CallStatus::Failed;
        QVERIFY(store(newer));
        const auto saysSo = [this] {
            for (const QLabel* label : pane()->findChildren<QLabel*>()) {
                if (label->text().contains(u"changed its value while you were editing"_s)) {
                    return true;
                }
            }
            return false;
        };
        QTRY_VERIFY(saysSo());
        QCOMPARE(notes()->toPlainText(), u"half a sen"_s);
        QCOMPARE(notes()->textCursor().position(), cursor);
        QVERIFY(notes()->hasFocus());
    }

    void anEditedRowThatLeavesTheFilterStays() {
        openWith(6);
        m_busy->key(Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(desk().find<FilterEdit>(), u"disposition:SALE"_s);
        m_busy->key(Qt::Key_Return);
        QTRY_COMPARE(desk().calls.rowCount(), 3);
        goTo(1);
        const CallKey key = *pane()->call();
        m_busy->key(Qt::Key_E);
        QVERIFY(desk().hasFocus(notes()));
        QTest::keyClicks(notes(), u"still typing"_s);
        Call changed;
        for (int i = 0; i < 6; ++i) {
            if (madeUpCall(i).key == key) {
                changed = madeUpCall(i);
            }
        }
        changed.disposition = u"GONE"_s;  // it no longer matches
        QVERIFY(store(changed));
        std::optional<bool> marked;
        desk().store.markNotFound(key, this,
                                  [&](const Done& done) { marked = done.has_value(); });  // and is deleted there
        QTRY_VERIFY(marked.value_or(false));
        QTRY_COMPARE(pane()->call(), std::optional(key));
        QCOMPARE(notes()->toPlainText(), u"still typing"_s);
        m_busy->key(Qt::Key_S, Qt::ControlModifier);
        QTRY_COMPARE(desk().store.review(key).notes.value_or(LocalEdit()).value, std::optional(u"still typing"_s));
        const auto saysGone = [this] {
            for (const QLabel* label : pane()->findChildren<QLabel*>()) {
                if (label->isVisible() && label->text().contains(u"Not found at"_s)) {
                    return true;
                }
            }
            return false;
        };
        QTRY_VERIFY(saysGone());
    }

    void restoresByKeys() {
        openWith(3);
        goTo(0);
        const CallKey key = *pane()->call();
        m_busy->key(Qt::Key_E);
        QVERIFY(desk().hasFocus(notes()));
        QTest::keyClicks(notes(), u"mine"_s);
        m_busy->key(Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY(desk().store.review(key).notes.has_value());
        QPushButton* restore = nullptr;
        const auto found = [&] {
            for (QPushButton* button : pane()->findChildren<QPushButton*>()) {
                if (button->isVisible() && button->isEnabled() && button->accessibleName().contains(u"Notes"_s)) {
                    restore = button;
                }
            }
            return restore != nullptr;
        };
        QTRY_VERIFY(found());
        for (int i = 0; i < 8 && !restore->hasFocus(); ++i) {
            m_busy->key(Qt::Key_Tab);
        }
        QVERIFY(restore->hasFocus());
        m_busy->key(Qt::Key_Space);
        QTRY_VERIFY(!desk().store.review(key).notes.has_value());
        QTRY_COMPARE(notes()->toPlainText(), QString());
    }

    void aPullIsCancelledByKeys() {
        m_busy->serve(2'000);
        openWith(3);
        m_busy->server.on(m_busy->server.pagePath(u"camp-1"_s), Reply::broken(Fault::Hang));
        QSignalSpy finished(&desk().puller, &Puller::finished);
        m_busy->key(Qt::Key_F5);
        QTRY_VERIFY(m_busy->server.count(m_busy->server.pagePath(u"camp-1"_s)) > 0);
        m_busy->key(Qt::Key_Escape);  // is for the table, not for the pull
        QVERIFY(desk().puller.isRunning());
        QElapsedTimer timer;
        timer.start();
        m_busy->key(Qt::Key_F5, Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 1'000);
        QTRY_VERIFY(desk().find<QLabel>(u"pullStatus"_s)->text().contains(u"cancelled"_s));
        QCOMPARE(desk().find<QPushButton>(u"pullButton"_s)->text(), u"Pull"_s);
        QVERIFY(!desk().find<MessageStrip>()->isVisible());  // what one asked for is no problem to be told
    }

    void draftsOfAKilledProgramAreAnnounced() {
        openWith(8);
        for (const int number : {2, 5}) {
            std::optional<bool> saved;
            Draft draft;
            draft.key = madeUpCall(number).key;
            draft.text = u"typed when it was killed, %1"_s.arg(number);
            desk().store.saveDraft(draft, this, [&](const Done& done) { saved = done.has_value(); });
            QTRY_VERIFY(saved.value_or(false));
        }
        m_busy->settings->setValue(u"filter/text"_s, u"lead:lead-2"_s);  // one of them is filtered out
        m_busy->desk.reset();
        QVERIFY(m_busy->open());
        QTRY_VERIFY(messages().contains(u"2 calls"_s));
        QVERIFY2(reachesTheStripByTab(), "Tab never came to the strip's button");
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        QSet<QString> seen;
        for (int i = 0; i < 2; ++i) {
            QPushButton* go = nullptr;
            const auto offered = [&] {
                go = nullptr;
                for (QPushButton* button : desk().find<MessageStrip>()->findChildren<QPushButton*>()) {
                    if (button->isVisible() && button->text().startsWith(u"Go to"_s)) {
                        go = button;
                    }
                }
                return go != nullptr;
            };
            QTRY_VERIFY(offered());
            if (i == 1) {  // named as people know it, never by the provider's id
                QVERIFY2(messages().contains(u"lead-"_s) && messages().contains(u"camp-1"_s) &&
                             messages().contains(u"discard"_s) && !messages().contains(u"call-000"_s),
                         qPrintable(messages()));
            }
            table()->setFocus();
            QVERIFY(desk().hasFocus(table()));
            const QImage plain = go->grab().toImage();
            go->setFocus(Qt::TabFocusReason);
            QVERIFY(desk().hasFocus(go));
            QVERIFY(go->grab().toImage() != plain);  // one sees where the keys go
            QTest::keyClick(go, Qt::Key_Space);
            QTRY_VERIFY(notes()->toPlainText().startsWith(u"typed when it was killed"_s) &&
                        !seen.contains(notes()->toPlainText()));
            seen.insert(notes()->toPlainText());
            QVERIFY(notes()->hasFocus());
            QTRY_VERIFY(draftLineIsSeen());
        }
        QTRY_VERIFY(!desk().find<MessageStrip>()->isVisible());
        m_busy->key(Qt::Key_Escape);  // discards, as the strip says
        QTRY_COMPARE(notes()->toPlainText(), QString());
        QVERIFY(notes()->hasFocus());
        m_busy->key(Qt::Key_Escape);
        QVERIFY(desk().hasFocus(table()));
        QVERIFY(!desk().calls.reviewOf(*table()->currentCall()).notes);
    }

    void aDraftIsWalkedPastAndStaysADraft() {
        openWith(5);
        std::optional<bool> saved;
        Draft draft;
        draft.key = madeUpCall(2).key;
        draft.text = u"typed when it was killed"_s;
        desk().store.saveDraft(draft, this, [&](const Done& done) { saved = done.has_value(); });
        QTRY_VERIFY(saved.value_or(false));
        m_busy->desk.reset();
        QVERIFY(m_busy->open());
        QTRY_VERIFY(messages().contains(u"not saved when Earmark ended"_s));
        for (int round = 0; round < 2; ++round) {
            table()->goTo(draft.key);
            QTRY_COMPARE(notes()->toPlainText(), draft.text);
            notes()->setFocus();
            table()->setFocus();  // the focus leaves the field
            table()->goTo(madeUpCall(round == 0 ? 3 : 1).key);
            QTRY_VERIFY(!notes()->isReadOnly() && notes()->toPlainText().isEmpty());
        }
        std::optional<std::vector<Draft>> kept;
        desk().store.loadDrafts(this, [&](const Result<std::vector<Draft>>& drafts) { kept = drafts.value(); });
        QTRY_VERIFY(kept.has_value());
        QCOMPARE(kept->size(), size_t(1));
        QVERIFY(!desk().store.review(draft.key).notes);
        QVERIFY(messages().contains(u"not saved when Earmark ended"_s));
        table()->goTo(draft.key);
        QTRY_COMPARE(notes()->toPlainText(), draft.text);
        m_busy->key(Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY(desk().store.review(draft.key).notes.has_value());
        QCOMPARE(desk().store.review(draft.key).notes->value, draft.text);
        QTRY_VERIFY(!desk().find<MessageStrip>()->isVisible());
    }

    /// The accounts were lost with their file, the calls were not.
    void callsOfALostAccountAreSaidOnce() {
        openWith(4);
        std::optional<bool> removed;
        desk().store.removeAccount(u"main"_s, this, [&](const Done& done) { removed = done.has_value(); });
        QTRY_VERIFY(removed.value_or(false));
        std::vector<Call> calls{madeUpCall(0), madeUpCall(1), madeUpCall(2)};
        calls[0].status = CallStatus::InProgress;  // asked for again when it is shown
        QVERIFY(desk().storeCalls(calls));
        m_busy->desk.reset();
        QVERIFY(m_busy->open());
        QTRY_COMPARE(desk().calls.rowCount(), 3);
        QTRY_VERIFY2(messages().contains(u"No account for 3 calls"_s), qPrintable(messages()));
        QVERIFY(messages().contains(u"main"_s));
        m_busy->key(Qt::Key_F5);
        QTRY_VERIFY2(messages().contains(u"no account to pull"_s), qPrintable(messages()));
        QVERIFY(!desk().find<QLabel>(u"pullStatus"_s)->text().contains(u"received"_s));
        for (int row = 0; row < 3; ++row) {
            goTo(row);
        }
        const auto paneSays = [this] {
            QString said;
            for (const QLabel* label : pane()->findChildren<QLabel*>()) {
                said += label->text();
            }
            return said;
        };
        QVERIFY2(!paneSays().contains(u"spelling"_s), qPrintable(paneSays()));
        for (QPushButton* button : desk().find<MessageStrip>()->findChildren<QPushButton*>()) {
            if (button->isVisible() && button->parentWidget()->accessibleName().contains(u"No account for"_s)) {
                button->click();
                break;
            }
        }
        auto* dialog = desk().find<AccountsDialog>();
        QVERIFY(dialog != nullptr);
        bool named = false;
        for (const QLineEdit* line : dialog->findChildren<QLineEdit*>()) {
            named = named || line->text() == u"main"_s;
        }
        QVERIFY(named);  // else the calls would not belong to it
        dialog->reject();
        QVERIFY(desk().addAccount(m_busy->server.account().baseUrl));
        QTRY_VERIFY(!messages().contains(u"No account for"_s));
    }

    void todayMovesOnAtMidnight() {
        const QTemporaryDir folder;
        const auto clock = std::make_shared<FakeClock>();
        const QDateTime midnight(QDate(2026, 4, 19), QTime(0, 0), QTimeZone::systemTimeZone());
        clock->setNow(momentFromMs(midnight.toMSecsSinceEpoch() - 300));
        const auto settings = std::make_shared<MemorySettings>();
        settings->setValue(u"filter/text"_s, u"date:today"_s);
        TestDesk quiet(folder.path(), settings, {}, clock);
        QVERIFY(quiet.start());
        Call yesterday = madeUpCall(1);
        yesterday.dialTime = momentFromMs(midnight.toMSecsSinceEpoch() - 3'600'000);
        Call today = madeUpCall(2);
        today.dialTime = momentFromMs(midnight.toMSecsSinceEpoch() + 60'000);
        QVERIFY(quiet.storeCalls({yesterday, today}));
        QTRY_COMPARE(quiet.calls.rowCount(), 1);
        QCOMPARE(quiet.calls.keyAt(0), std::optional(yesterday.key));
        clock->advance(1s);
        QTRY_COMPARE(quiet.calls.keyAt(0), std::optional(today.key));
        QCOMPARE(quiet.calls.rowCount(), 1);
        QCOMPARE(quiet.find<FilterEdit>()->text(), u"date:today"_s);
    }

    /// 500 times another call in the pane, and the pane itself made and taken down: memory stays where it is.
    void panesComeAndGo() {
        openWith(50);
        DeskServices services;
        services.store = &desk().store;
        services.accounts = &desk().accounts;
        services.calls = &desk().calls;
        services.puller = &desk().puller;
        services.refresher = &desk().refresher;
        services.recordings = &desk().recordings;
        services.player = &desk().player;
        services.keys = &desk().keys;
        services.http = &desk().http;
        services.settings = m_busy->settings.get();
        services.clock = desk().clock;
        const auto round = [&](int number) {
            DetailPane one(services);
            one.resize(400, 700);
            one.show();
            const std::optional<CallKey> key = desk().calls.keyAt(number % 50);
            one.showCall(key);
            for (int step = 0; step < 4 + number % 5; ++step) {
                QCoreApplication::processEvents();  // some end while answers are still on their way
            }
        };
        const int rounds = std::max(500, qEnvironmentVariableIntValue("EARMARK_PANES"));
        for (int i = 0; i < rounds / 5; ++i) {
            round(i);
        }
        const qint64 before = residentKb();
        for (int i = 0; i < rounds; ++i) {
            round(i);
        }
        const qint64 grown = residentKb() - before;
        qInfo("%d panes: %lld kB more than %lld kB", rounds, static_cast<long long>(grown),
              static_cast<long long>(before));
        QVERIFY(before > 10'000);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        QVERIFY2(grown < 4'096 + rounds, qPrintable(QString::number(grown)));  // less than 1 kB a pane
#endif
    }

    /// The window goes while a pull, a download, a re-read, a query and texts are under way.
    void answersThatComeAfterTheWindow() {
        m_busy->serve(300);
        m_busy->server.on("/sound.wav", Reply::slow(50ms, "not a sound"));
        QVERIFY(m_busy->prepare(200));
        for (int i = 0; i < 6; ++i) {
            QVERIFY(m_busy->open());
            table()->setFocus();
            m_busy->key(Qt::Key_F5);
            QTest::keyClicks(desk().find<FilterEdit>(), u"plan"_s);
            m_busy->key(Qt::Key_End);
            m_busy->key(Qt::Key_Space);
            QTest::qWait(7 * i);
            desk().window.reset();
            for (int turn = 0; turn < 20; ++turn) {
                QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
            }
            m_busy->desk.reset();
        }
    }

    /// Fifty calls in a row while each recording is being fetched: the last one is heard, no other, and nothing is
    /// left.
    void fiftyFastSwitches() {
        m_busy->serve(600);
        m_busy->server.on("/sound.wav", [](const Request&) {
            Reply reply = Reply::bytes(soundFile(5), "audio/wav");
            reply.pause = 10ms;
            return reply;
        });
        openWith(1);
        QSignalSpy finished(&desk().puller, &Puller::finished);
        m_busy->key(Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30'000);
        desk().find<FilterEdit>()->setText(u"has:recording"_s);
        QTRY_COMPARE(desk().calls.rowCount(), 60);
        goTo(0);
        for (int i = 0; i < 50; ++i) {
            QTest::keyClick(table(), Qt::Key_Down);
            if (i % 3 == 0) {
                QTest::qWait(i % 2 == 0 ? 20 : 160);  // long enough for some to be opened, too short to be heard
            }
            QTest::keyClick(table(), Qt::Key_Space);
        }
        QTRY_COMPARE(pane()->call(), table()->currentCall());
        QTRY_COMPARE_WITH_TIMEOUT(desk().player.call(), table()->currentCall(), 15'000);
        QTRY_VERIFY_WITH_TIMEOUT(
            desk().player.state() == PlayerState::Playing || desk().player.state() == PlayerState::Paused, 15'000);
        QTRY_COMPARE_WITH_TIMEOUT(
            QDir(m_busy->folder.filePath(u"recordings"_s)).entryList({u"*.part"_s}, QDir::Files | QDir::Hidden).size(),
            0, 10'000);
    }

    void aServerThatHangsOnMedia() {
        m_busy->serve(10);
        m_busy->server.on("/sound.wav", Reply::broken(Fault::Hang));
        openWith(1);
        QSignalSpy finished(&desk().puller, &Puller::finished);
        m_busy->key(Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30'000);
        desk().find<FilterEdit>()->setText(u"has:recording"_s);
        QTRY_COMPARE(desk().calls.rowCount(), 1);
        goTo(0);
        m_busy->key(Qt::Key_Space);
        QTRY_VERIFY(m_busy->server.count("/sound.wav") > 0);
        m_busy->key(Qt::Key_E);
        QVERIFY(desk().hasFocus(notes()));
        const QString before = notes()->toPlainText();
        QTest::keyClicks(notes(), u"while it hangs"_s);
        QVERIFY(notes()->toPlainText().contains(u"while it hangs"_s));
        m_busy->key(Qt::Key_Escape);
        m_busy->key(Qt::Key_Escape);
        QTRY_VERIFY(table()->hasFocus());
        desk().find<FilterEdit>()->setText(QString());
        QTRY_COMPARE(desk().calls.rowCount(), 11);
        QVERIFY(desk().player.state() != PlayerState::Playing);
    }
};

QTEST_MAIN(WindowFaultsTest)
#include "tst_windowfaults.moc"
