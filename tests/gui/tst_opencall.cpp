// A call that is named by its id: one that is here is gone to at once, another is fetched, and one that nobody knows is
// said to be so.
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>

#include "tests/gui/testdesk.h"
#include "tests/support/yotelserver.h"
#include "ui/calltable/calltable.h"
#include "ui/filter/filterline.h"
#include "ui/mainwindow/opencalldialog.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestOpenCall : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<YotelServer>();
        m_server->addCampaign(u"c"_s, u"Campaign"_s);
        m_server->addCall(yotelCall(u"far"_s, u"c"_s));
        m_desk = std::make_unique<TestDesk>(m_folder->path(), std::make_shared<MemorySettings>());
        m_desk->keys.keep(u"main"_s, m_server->key(), &m_desk->accounts, [](const Done&) {});
        QVERIFY(m_desk->start());
        QVERIFY(m_desk->addAccount(m_server->account().baseUrl));
        QVERIFY(m_desk->storeCalls({madeUpCall(1), madeUpCall(2)}));
        QTRY_COMPARE(m_desk->calls.rowCount(), 2);
    }
    void cleanup() {
        m_desk.reset();
        m_server.reset();
    }

    void oneThatIsHereIsGoneToAlsoWhenItIsFilteredOut() {
        const CallKey key = madeUpCall(1).key;
        m_desk->find<FilterLine>()->setText(u"id:nothing-has-this"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 0);
        ask(u"main/"_s + key.remoteId);
        QTRY_VERIFY(m_desk->find<CallTable>()->currentCall() == key);
        QTRY_VERIFY(m_desk->find<OpenCallDialog>() == nullptr);
        QCOMPARE(m_server->count(m_server->callPath(key.remoteId)), 0);  // nobody was asked
    }

    /// An id alone names what is here, whichever account happens to be chosen; a filter that goes is told of.
    void oneThatIsHereUnderAnotherAccountIsGoneTo() {
        Account other;
        other.name = u"other"_s;
        other.baseUrl = m_server->account().baseUrl;
        std::optional<bool> added;
        m_desk->accounts.add(other, &m_desk->accounts, [&](const Done& done) { added = done.has_value(); });
        QTRY_VERIFY(added.value_or(false));
        Call call = madeUpCall(7);
        call.key.account = u"other"_s;
        std::optional<bool> stored;
        m_desk->store.storePage({u"other"_s, {call}, std::nullopt}, &m_desk->accounts,
                                [&](const Result<PageOutcome>& answer) { stored = answer.has_value(); });
        QTRY_VERIFY(stored.value_or(false));
        QTRY_COMPARE(m_desk->calls.rowCount(), 3);
        m_desk->find<FilterLine>()->setText(u"account:main"_s);
        QTRY_COMPARE(m_desk->calls.rowCount(), 2);
        m_desk->find<CallTable>()->selectFirst();
        QVERIFY(m_desk->window->statusBar()->currentMessage().isEmpty());
        ask(call.key.remoteId);
        QTRY_VERIFY(m_desk->find<CallTable>()->currentCall() == call.key);
        QVERIFY2(m_desk->window->statusBar()->currentMessage().contains(u"filter"_s),
                 qPrintable(m_desk->window->statusBar()->currentMessage()));
        QCOMPARE(m_server->count(m_server->callPath(call.key.remoteId)), 0);  // nobody was asked
    }

    void oneThatIsNotHereIsFetched() {
        ask(u"https://app.example.test/calls/far"_s);
        QTRY_VERIFY(m_desk->find<CallTable>()->currentCall() == (CallKey{u"main"_s, u"far"_s}));
        QTRY_COMPARE(m_desk->calls.rowCount(), 3);
        QCOMPARE(m_server->count(m_server->callPath(u"far"_s)), 1);
    }

    void oneThatNobodyKnowsIsSaidToBeSo() {
        OpenCallDialog* const dialog = ask(u"gone"_s);
        QTRY_VERIFY2(words(dialog).contains(u"knows no call with this id"_s), qPrintable(words(dialog)));
        QVERIFY(dialog->findChild<QLineEdit*>()->isEnabled());
        QCOMPARE(m_desk->calls.rowCount(), 2);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(m_desk->find<OpenCallDialog>() == nullptr);
    }

 private:
    OpenCallDialog* ask(const QString& reference) {
        QTest::keyClick(m_desk->window.get(), Qt::Key_O, Qt::ControlModifier);
        auto* const dialog = m_desk->find<OpenCallDialog>();
        if (dialog == nullptr) {
            QTest::qFail("no dialog", __FILE__, __LINE__);
            return nullptr;
        }
        QTest::keyClicks(dialog->findChild<QLineEdit*>(), reference);
        QTest::keyClick(dialog, Qt::Key_Return);
        return dialog;
    }
    static QString words(const QWidget* dialog) {
        QStringList all;
        for (const QLabel* label : dialog->findChildren<QLabel*>()) {
            if (label->isVisible()) {
                all << label->text();
            }
        }
        return all.join(u'\n');
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<YotelServer> m_server;
    std::unique_ptr<TestDesk> m_desk;
};

QTEST_MAIN(TestOpenCall)
#include "tst_opencall.moc"
