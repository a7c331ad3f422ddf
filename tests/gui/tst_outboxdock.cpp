// The outbox in the window: opened by key and chip, remembered, every line leads to its call, and what can be done
// about an edit is done. A target that is down or refuses the secret is told calmly, without a box and without taking
// focus.
#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

#include "models/tables/outboxmodel.h"
#include "tests/gui/testdesk.h"
#include "tests/support/targetserver.h"
#include "ui/accounts/accountsdialog.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/dispositioninput.h"
#include "ui/detail/fatewords.h"
#include "ui/edits/outboxaccounts.h"
#include "ui/edits/outboxchip.h"
#include "ui/edits/outboxdock.h"
#include "ui/edits/outboxtable.h"
#include "ui/edits/outboxwords.h"
#include "ui/filter/filterline.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestOutbox : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<MemorySettings> m_settings;
    std::unique_ptr<TargetServer> m_target;
    std::unique_ptr<TestDesk> m_desk;

    [[nodiscard]] OutboxDock* dock() const { return m_desk->find<OutboxDock>(); }
    [[nodiscard]] OutboxTable* lines() const { return m_desk->find<OutboxTable>(); }
    [[nodiscard]] OutboxChip* chip() const { return m_desk->find<OutboxChip>(); }
    [[nodiscard]] OutboxModel* model() const { return m_desk->find<OutboxModel>(); }
    void key(Qt::Key code, Qt::KeyboardModifiers with = Qt::NoModifier) const {
        QWidget* const focus = m_desk->window->focusWidget();
        QTest::keyClick(focus == nullptr ? m_desk->window.get() : focus, code, with);
    }
    [[nodiscard]] QPushButton* button(const QString& text) const {
        for (QPushButton* one : dock()->findChildren<QPushButton*>()) {
            if (QString(one->text()).remove(u'&') == text) {
                return one;
            }
        }
        return nullptr;
    }
    [[nodiscard]] QString words() const {
        QStringList all;
        for (const QLabel* label : dock()->findChildren<QLabel*>()) {
            if (label->isVisible()) {
                all << label->text();
            }
        }
        return all.join(u'\n');
    }
    [[nodiscard]] bool edit(int call, const QString& code = u"WON"_s) {
        bool done = false;
        m_desk->store.commitEdit(
            {madeUpCall(call).key, ReviewField::Disposition, madeUpCall(call).disposition, code, u"desk"_s},
            m_desk->window.get(), [&done](const Result<Review>& review) { done = review.has_value(); });
        return QTest::qWaitFor([&done] { return done; }, 10'000);
    }
    [[nodiscard]] std::optional<LocalEdit> edited(int call) const {
        return m_desk->store.review(madeUpCall(call).key).disposition;
    }
    [[nodiscard]] bool aim(const QUrl& url) {
        Account account = m_desk->accounts.accounts().front();
        account.target.kind = TargetKind::Webhook;
        account.target.url = url;
        bool done = false;
        m_desk->accounts.changeTarget(account, WhatWaits::Send, m_desk->window.get(),
                                      [&done](const Done& changed) { done = changed.has_value(); });
        return QTest::qWaitFor([&done] { return done; }, 10'000);
    }
    void open() {
        m_desk->find<CallTable>()->setFocus();
        key(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(dock()->isVisible());
        QTRY_VERIFY(model()->isLoaded());
    }
    [[nodiscard]] bool startDesk() {
        m_desk = std::make_unique<TestDesk>(m_folder->path(), m_settings);
        m_desk->keys.keep(u"main"_s, m_target->secret(), &m_desk->accounts, [](const Done&) {});
        return m_desk->start();
    }

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_shared<MemorySettings>();
        m_target = std::make_unique<TargetServer>();
        QVERIFY(startDesk());
        QVERIFY(m_desk->addAccount(QUrl(u"http://127.0.0.1:1/api/v1"_s)));
        QVERIFY(m_desk->storeCalls({madeUpCall(1), madeUpCall(2), madeUpCall(3)}));
        QTRY_COMPARE(m_desk->calls.rowCount(), 3);
    }
    void cleanup() {
        m_desk.reset();
        m_target.reset();
    }

    void isClosedUntilAskedForAndIsRemembered() {
        QVERIFY(!dock()->isVisible());
        open();
        QVERIFY2(words().contains(u"Nothing was edited yet"_s), qPrintable(words()));
        key(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(!dock()->isVisible());
        QVERIFY(m_desk->hasFocus(m_desk->find<CallTable>()));
        open();
        m_desk->window->close();
        m_desk.reset();
        QVERIFY(startDesk());
        QTRY_VERIFY(dock()->isVisible());
    }

    void theChipTellsAndOpens() {
        QTRY_VERIFY(model()->isCounted());
        QVERIFY(!chip()->isVisible());  // nothing to say
        QVERIFY(edit(1));
        QTRY_COMPARE(chip()->text(), u"1 kept here"_s);
        QVERIFY(!chip()->icon().isNull());
        QCOMPARE(chip()->accessibleName(), u"Outbox: 1 kept here"_s);
        QVERIFY(!model()->isLoaded());  // the lines are not read for a chip
        chip()->click();
        QTRY_COMPARE(model()->rowCount(), 1);
        QVERIFY(dock()->isVisible());
    }

    void aLineLeadsToItsCallAndField() {
        QVERIFY(edit(1) && edit(2));
        open();
        QTRY_COMPARE(model()->rowCount(), 2);
        m_desk->find<FilterLine>()->setText(u"id:nothing-has-this"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 0);
        lines()->setFocus();
        lines()->setCurrentIndex(model()->index(1, 0));  // newest first
        key(Qt::Key_Return);
        QTRY_VERIFY(m_desk->find<CallTable>()->currentCall() == madeUpCall(1).key);
        QVERIFY(m_desk->hasFocus(m_desk->find<CallTable>()));
        lines()->setCurrentIndex(model()->index(0, 0));
        button(u"Edit"_s)->click();
        QTRY_VERIFY(m_desk->find<CallTable>()->currentCall() == madeUpCall(2).key);
        QTRY_VERIFY(m_desk->find<DispositionInput>()->isAncestorOf(m_desk->window->focusWidget()) ||
                    m_desk->window->focusWidget() == m_desk->find<DispositionInput>());
    }

    void whatWasRefusedIsSentAgain() {
        QVERIFY(aim(m_target->address()));
        m_target->misbehave({Mishap::Unprocessable});
        QVERIFY(edit(1));
        QTRY_COMPARE(chip()->text(), u"1 waiting"_s);
        m_desk->pusher.sendNow({u"main"_s});
        QTRY_COMPARE_WITH_TIMEOUT(chip()->text(), u"1 refused"_s, 15'000);
        chip()->click();  // opens where somebody is needed
        QTRY_COMPARE(model()->filter(), OutboxFilter::NeedsYou);
        QTRY_COMPARE(model()->rowCount(), 1);
        QCOMPARE(model()->index(0, int(OutboxColumn::State)).data().toString(), u"Refused"_s);
        QVERIFY(!model()->index(0, int(OutboxColumn::Why)).data().toString().isEmpty());
        QVERIFY(button(u"Send again"_s)->isEnabled());
        QVERIFY(!button(u"Solve conflict"_s)->isEnabled());
        button(u"Send again"_s)->setFocus();
        button(u"Send again"_s)->click();
        QTRY_COMPARE(edited(1)->state, EditState::Waiting);
        QTRY_VERIFY(!button(u"Send again"_s)->isEnabled());
        QVERIFY(!button(u"Keep here"_s)->hasFocus());  // Space would do something else now
        QVERIFY(lines()->hasFocus() || qobject_cast<QTabBar*>(m_desk->window->focusWidget()) != nullptr);
        m_desk->pusher.sendNow({u"main"_s});
        QTRY_COMPARE_WITH_TIMEOUT(chip()->text(), u"all sent"_s, 15'000);
        QCOMPARE(m_target->appliedCount(), 1);
        dock()->setFilter(OutboxFilter::Sent);
        QTRY_COMPARE(model()->rowCount(), 1);
        QVERIFY(!model()->index(0, int(OutboxColumn::SentAt)).data().toString().isEmpty());
        QVERIFY2(words().contains(u"accepted the last edit at"_s), qPrintable(words()));
    }

    void anEditIsKeptHereOrDropped() {
        QVERIFY(aim(m_target->address()));
        QVERIFY(edit(1) && edit(2));
        open();
        QTRY_COMPARE(model()->rowCount(), 2);
        lines()->setFocus();
        lines()->setCurrentIndex(model()->index(0, 0));
        button(u"Keep here"_s)->click();
        QTRY_COMPARE(edited(2)->state, EditState::Kept);
        QTRY_COMPARE(model()->index(0, int(OutboxColumn::State)).data().toString(), u"Kept here"_s);
        QTRY_VERIFY(!button(u"Keep here"_s)->isEnabled());
        lines()->setFocus();
        lines()->setCurrentIndex(model()->index(1, 0));
        key(Qt::Key_Delete);
        QTRY_VERIFY(!edited(1).has_value());
        QTRY_COMPARE(model()->rowCount(), 1);
        QCOMPARE(lines()->currentIndex().row(), 0);  // stays among the lines
        QTRY_COMPARE(chip()->text(), u"1 kept here"_s);
    }

    void aRefusedSecretIsToldOnceAndCalmly() {
        QVERIFY(aim(m_target->address()));
        m_target->misbehaveBy([](const Request&, int) { return Mishap::Unauthorized; });
        QVERIFY(edit(1));
        open();
        m_desk->find<CallTable>()->setFocus();
        m_desk->pusher.sendNow({u"main"_s});
        QTRY_VERIFY2_WITH_TIMEOUT(words().contains(u"sending is paused"_s), qPrintable(words()), 15'000);
        QVERIFY(m_desk->find<CallTable>()->hasFocus());
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        QPushButton* const enter = button(u"Enter the secret\u2026"_s);
        QVERIFY(enter->isVisible());
        enter->click();
        QTRY_VERIFY(m_desk->find<AccountsDialog>() != nullptr);
        QTRY_COMPARE(m_desk->find<AccountsDialog>()->focusWidget()->accessibleName(), u"Secret of the webhook"_s);
    }

    void aTargetThatIsDownIsToldCalmly() {
        QVERIFY(aim(QUrl(u"http://127.0.0.1:1/reviews"_s)));
        m_desk->pusher.startSendingByItself();
        QVERIFY(edit(1));
        open();
        lines()->setFocus();
        m_desk->pusher.sendNow({u"main"_s});
        QTRY_VERIFY2_WITH_TIMEOUT(words().contains(u"cannot be reached now; your edits are safe here"_s),
                                  qPrintable(words()), 30'000);
        QCOMPARE(chip()->text(), u"1 waiting"_s);
        QVERIFY(lines()->hasFocus());
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        m_desk->pusher.cancel();
    }

    void everythingHasAName() {
        open();
        for (const QWidget* one : dock()->findChildren<QWidget*>()) {
            if (one->focusPolicy() != Qt::NoFocus && one->isVisible()) {
                const auto* asButton = qobject_cast<const QAbstractButton*>(one);
                const bool named =
                    !one->accessibleName().isEmpty() || (asButton != nullptr && !asButton->text().isEmpty());
                QVERIFY2(named || one->inherits("QScrollBar") || one->inherits("QHeaderView"),
                         one->metaObject()->className());
            }
        }
    }

    void wordsOfEveryState_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("idle") << int(PushState::What::Idle) << u"edits go to"_s;
        QTest::newRow("sending") << int(PushState::What::Sending) << u"sending 3 to"_s;
        QTest::newRow("resting") << int(PushState::What::Resting) << u"in 23 s"_s;
        QTest::newRow("waiting") << int(PushState::What::Waiting) << u"It asks for a pause. Next try in 23 s."_s;
        QTest::newRow("offline") << int(PushState::What::Offline) << u"Next try in 23 s."_s;
        QTest::newRow("paused") << int(PushState::What::Paused) << u"secret is entered anew. It asks for a pause."_s;
    }
    void wordsOfEveryState() {
        QFETCH(int, what);
        QFETCH(QString, words);
        Account account;
        account.name = u"main"_s;
        account.target.kind = TargetKind::Webhook;
        account.target.url = QUrl(u"https://hooks.example.test/r?token=CANARY"_s);
        PushState state;
        state.what = PushState::What(what);
        state.underWay = 3;
        state.reason = u"It asks for a pause."_s;
        const Moment now = momentFromMs(1'776'000'000'000);
        state.until = now + std::chrono::milliseconds(22'100);
        const OutboxWord word = targetSentence(account, state, now);
        QVERIFY2(word.text.contains(words), qPrintable(word.text));
        QVERIFY(word.text.contains(u"hooks.example.test/r"_s) || PushState::What(what) == PushState::What::Paused);
        QVERIFY(!word.text.contains(u"CANARY"_s));
        QVERIFY(!word.icon.isEmpty());
    }

    void theFieldTellsWhereItIs() {
        const auto told = [](const Account* account, EditState state, const PushState& push = {}) {
            return fateSentence(ReviewField::Disposition, state, account, push)
                .remove(QChar(0x2068))
                .remove(QChar(0x2069));
        };
        Account account;
        account.name = u"main"_s;
        QCOMPARE(told(&account, EditState::Kept),
                 u"Yotel does not accept edits; what you write stays on this computer."_s);
        account.target.kind = TargetKind::Webhook;
        account.target.url = QUrl(u"https://hooks.example.test/r"_s);
        QCOMPARE(told(&account, EditState::Kept), u"Kept on this computer; it is not sent to hooks.example.test/r."_s);
        QCOMPARE(told(&account, EditState::Waiting), u"Waits for hooks.example.test/r."_s);
        PushState push;
        push.what = PushState::What::Offline;
        push.until = momentFromMs(1'776'000'000'000);
        QVERIFY(told(&account, EditState::Waiting, push).startsWith(u"Waits for hooks.example.test/r; next try at "_s));
        QCOMPARE(told(&account, EditState::Sent), u"Sent to hooks.example.test/r."_s);
        QVERIFY(told(&account, EditState::Refused).contains(u"the outbox says why"_s));
        QCOMPARE(told(nullptr, EditState::Kept), u"Kept on this computer."_s);
    }

    void theForewordFollowsTheTarget() {
        Account account;
        account.name = u"main"_s;
        const auto told = [&account] {
            return fateForeword(Provider::Yotel, &account).remove(QChar(0x2068)).remove(QChar(0x2069));
        };
        const QString none =
            u"Yotel does not accept edits; what you enter is kept on this computer and can be exported."_s;
        QCOMPARE(told(), none);
        QCOMPARE(fateForeword(Provider::Yotel, nullptr), none);
        account.target.kind = TargetKind::Webhook;
        account.target.url = QUrl(u"https://hooks.example.test/r"_s);
        account.target.sendsByItself = true;
        QCOMPARE(told(), u"What you enter is kept on this computer and sent to hooks.example.test/r."_s);
        account.target.sendsByItself = false;
        QVERIFY(told().endsWith(u"sent to hooks.example.test/r when you ask (F5)."_s));
        account.target.kind = TargetKind::AutocallsLead;
        QVERIFY2(told().endsWith(u"takes the disposition."_s), qPrintable(told()));
    }

    void theForewordIsTheShownCallsTarget() {
        const auto says = [this](const QString& words) {
            for (const QLabel* label : m_desk->window->findChildren<QLabel*>()) {
                if (label->text().contains(words)) {
                    return true;
                }
            }
            return false;
        };
        m_desk->find<CallTable>()->goTo(madeUpCall(1).key);
        QTRY_VERIFY(says(u"does not accept edits; what you enter"_s));
        QVERIFY(aim(m_target->address()));
        QTRY_VERIFY(says(u"What you enter is kept on this computer"_s));
        QVERIFY(!says(u"does not accept edits; what you enter"_s));
    }

    void theSummaryNamesWhatNeedsSomebodyFirst() {
        OutboxCounts counts;
        QVERIFY(outboxSummary(counts).text.isEmpty());
        counts.kept = 2;
        QCOMPARE(outboxSummary(counts).text, u"2 kept here"_s);
        counts.sent = 5;
        QCOMPARE(outboxSummary(counts).text, u"all sent, 2 kept here"_s);
        counts.waiting = 3;
        QCOMPARE(outboxSummary(counts).text, u"3 waiting"_s);
        counts.refused = 1;
        counts.conflicts = 2;
        QCOMPARE(outboxSummary(counts).text, u"2 conflicts, 1 refused, 3 waiting"_s);
        QCOMPARE(outboxSummary(counts).icon, u"warning"_s);
    }
};

QTEST_MAIN(TestOutbox)
#include "tst_outboxdock.moc"
