// A pull that fails for want of a key that works: the strip says so and takes one, once, without anything in the way.
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/gui/testdesk.h"
#include "tests/support/yotelserver.h"
#include "ui/accounts/keydialog.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/parts.h"
#include "ui/mainwindow/messagestrip.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestKeyNeeded : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<YotelServer>("yt_test_rightkey");
        m_server->addCampaign(u"c"_s, u"Campaign"_s);
        m_server->addCalls(u"c"_s, 5);
        m_desk = std::make_unique<TestDesk>(m_folder->path(), std::make_shared<MemorySettings>());
        QVERIFY(m_desk->start());
        QVERIFY(m_desk->addAccount(m_server->account().baseUrl));
    }
    void cleanup() {
        m_desk.reset();
        m_server.reset();
    }

    void aRefusedKeyIsReplacedInTheWindow() {
        pull();
        auto* strip = m_desk->find<MessageStrip>();
        QCOMPARE(strip->count(), 1);  // one question for one bad key
        const int asked = m_server->count();
        enterKey()->click();
        auto* dialog = m_desk->find<KeyDialog>();
        QVERIFY(dialog != nullptr);
        QVERIFY2(said(dialog).contains(u"Invalid API key"_s), qPrintable(said(dialog)));
        // A second question for the same account is the first one.
        QCOMPARE(KeyDialog::ask(&m_desk->keys, u"main"_s, said(dialog), m_desk->window.get()), dialog);
        auto* line = dialog->findChild<QLineEdit*>();
        QCOMPARE(line->echoMode(), QLineEdit::Password);
        auto* use = button(dialog, u"Use this key"_s);
        QVERIFY(!use->isEnabled());
        QTest::keyClicks(line, u"two words"_s);
        QVERIFY(!use->isEnabled());
        line->clear();
        QTest::keyClicks(line, u" yt_test_rightkey "_s);
        QVERIFY(use->isEnabled());
        QCOMPARE(m_server->count(), asked);  // nothing was sent with the bad key in the meantime
        QSignalSpy finished(&m_desk->puller, &Puller::finished);
        use->click();
        QCOMPARE(line->text(), QString());  // not kept in a widget
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 15'000);
        QTRY_COMPARE(m_desk->calls.rowCount(), 5);
        QCOMPARE(strip->count(), 0);
        QTRY_VERIFY(m_desk->find<KeyDialog>() == nullptr);
    }

    /// Everything that can be read off the screen, by ear or from the clipboard: neither key nor signature.
    void nothingSecretIsShown() {
        m_desk->keys.keep(u"main"_s, "yt_test_rightkey", m_desk->window.get(), [](const Done&) {});
        m_server->addCall(
            yotelCall(u"signed"_s, u"c"_s,
                      QJsonObject{{u"has_recording"_s, true},
                                  {u"recording_url"_s, u"https://s.example/r.wav?Signature=SIGCANARY"_s}}));
        QSignalSpy finished(&m_desk->puller, &Puller::finished);
        QTest::keyClick(m_desk->window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 15'000);
        QTRY_COMPARE(m_desk->calls.rowCount(), 6);
        auto* table = m_desk->find<CallTable>();
        table->setFocus();
        QGuiApplication::clipboard()->clear();
        for (int row = 0; row < 6; ++row) {
            table->setCurrentIndex(m_desk->calls.index(row, 0));
            QTRY_COMPARE(m_desk->find<DetailPane>()->call(), m_desk->calls.keyAt(row));
            QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
            const QString shown = everythingShown();
            QVERIFY(shown.size() > 500);
            QVERIFY(!shown.contains(u"SIGCANARY"_s) && !shown.contains(u"rightkey"_s));
        }
        QVERIFY(!QGuiApplication::clipboard()->text().isEmpty());
    }

    void cancellingChangesNothing() {
        pull();
        enterKey()->click();
        auto* dialog = m_desk->find<KeyDialog>();
        QTest::keyClicks(dialog->findChild<QLineEdit*>(), u"yt_test_rightkey"_s);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(m_desk->find<KeyDialog>() == nullptr);
        QVERIFY(!m_desk->puller.isRunning());
        pull();
        QCOMPARE(m_desk->find<MessageStrip>()->count(), 1);
    }

 private:
    void pull() {
        QSignalSpy finished(&m_desk->puller, &Puller::finished);
        m_desk->window->activateWindow();  // offscreen nobody gives it back after a dialog
        QVERIFY(QTest::qWaitForWindowActive(m_desk->window.get()));
        QTest::keyClick(m_desk->window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 15'000);
        QVERIFY(!finished.first().first().value<PullReport>().allOk());
    }
    QString everythingShown() {
        QString all = QGuiApplication::clipboard()->text();
        QWidgetList widgets = m_desk->window->findChildren<QWidget*>();
        widgets.append(m_desk->window.get());
        for (const QWidget* widget : std::as_const(widgets)) {
            all += widget->windowTitle() + widget->toolTip() + widget->accessibleName() +
                   widget->accessibleDescription() + widget->statusTip() + widget->whatsThis();
            for (const char* property : {"text", "plainText", "placeholderText", "currentText"}) {
                all += widget->property(property).toString();
            }
        }
        for (int row = 0; row < m_desk->calls.rowCount(); ++row) {
            for (int column = 0; column < m_desk->calls.columnCount(); ++column) {
                for (const int role : {Qt::DisplayRole, Qt::ToolTipRole, Qt::AccessibleTextRole, Qt::EditRole}) {
                    all += m_desk->calls.index(row, column).data(role).toString();
                }
            }
        }
        return all;
    }
    static QPushButton* button(QWidget* in, const QString& text) {
        const auto all = in->findChildren<QPushButton*>();
        const auto at = std::find_if(all.begin(), all.end(), [&](const auto* each) { return each->text() == text; });
        return at == all.end() ? nullptr : *at;
    }
    /// What the dialog says of the key that there was.
    static QString said(const KeyDialog* dialog) {
        for (const IconLine* line : dialog->findChildren<IconLine*>()) {
            if (line->isVisible()) {
                return line->text();
            }
        }
        return {};
    }
    QPushButton* enterKey() {
        auto* found = button(m_desk->find<MessageStrip>(), u"Enter key"_s);
        if (found == nullptr) {
            qFatal("the strip asks for no key");
        }
        return found;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<YotelServer> m_server;
    std::unique_ptr<TestDesk> m_desk;
};

QTEST_MAIN(TestKeyNeeded)
#include "tst_keyneeded.moc"
