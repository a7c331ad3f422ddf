// Hostile data in every field of calls, campaigns, errors and settings: shown as the text it is, everywhere, and
// nothing that it names is opened or asked.
#include <QAbstractButton>
#include <QAccessible>
#include <QHeaderView>
#include <QHelpEvent>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSignalSpy>
#include <QToolTip>

#include "models/tables/outboxmodel.h"
#include "tests/gui/busydesk.h"
#include "tests/gui/plaintextwalk.h"
#include "tests/support/heartbeat.h"
#include "ui/accounts/accountsdialog.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/aiblock.h"
#include "ui/detail/callheader.h"
#include "ui/detail/detailblocks.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/dispositioninput.h"
#include "ui/detail/findline.h"
#include "ui/detail/historylist.h"
#include "ui/detail/longtextview.h"
#include "ui/detail/notesinput.h"
#include "ui/detail/parts.h"
#include "ui/detail/rawview.h"
#include "ui/detail/transcriptview.h"
#include "ui/edits/outboxdock.h"
#include "ui/filter/filteredit.h"
#include "ui/mainwindow/messagestrip.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class PlainTextTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<Outside> m_outside;
    std::unique_ptr<BusyDesk> m_busy;

    [[nodiscard]] QString hostile(const QString& field) const {
        return u"<img src='file://"_s + canary() + u"'><b>"_s + field +
               u"</b>&Save %1 %2 \u202Egnirts\u202C \u2069\u2066 \u200B\u0000\u001B[31mred\u001B[0m\r\n<a href='http://127.0.0.1:1/canary'>x</a>"_s;
    }
    [[nodiscard]] QString canary() const { return m_busy->folder.filePath(u"canary.png"_s); }

    [[nodiscard]] QJsonObject hostileCall(const QString& id, bool recording) const {
        QJsonObject changes;
        for (const QString& field :
             {u"lead_id"_s, u"agent_id"_s, u"fs_uuid"_s, u"direction"_s, u"status"_s, u"hangup_cause"_s,
              u"disposition"_s, u"notes"_s, u"ai_summary"_s, u"ai_sentiment"_s, u"ai_next_action"_s, u"ring_time"_s,
              u"talk_duration_s"_s, u"end_time"_s}) {
            changes.insert(field, hostile(field));
        }
        changes.insert(u"<i>more</i> & %1"_s, hostile(u"more"_s));
        if (recording) {
            changes.insert(u"has_recording"_s, true);
            changes.insert(u"recording_url"_s, m_busy->server.url(u"/page.html"_s).toString());
        }
        return yotelCall(id, u"camp<b>"_s, changes);
    }

    void pull() {
        QSignalSpy finished(&m_busy->desk->puller, &Puller::finished);
        m_busy->desk->find<CallTable>()->setFocus();
        m_busy->key(Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30'000);
    }

    /// What the whole of it says, and that nothing of it was followed.
    static QString said() {
        QStringList all;
        for (const SaidText& text : everythingSaid()) {
            all << text.text;
        }
        return all.join(u'\n');
    }
    /// Fields whose hostile text stands nowhere as it is, with its control characters made visible.
    static QStringList fieldsNotSaid() {
        const QString all = said();
        QStringList missing;
        for (const QString& field :
             {u"campaign"_s, u"lead_id"_s, u"agent_id"_s, u"status"_s, u"hangup_cause"_s, u"disposition"_s, u"notes"_s,
              u"ai_summary"_s, u"ai_sentiment"_s, u"ai_next_action"_s}) {
            if (!all.contains(u"'><b>"_s + field + u"</b>&Save %1 %2 <U+202E>gnirts<U+202C>"_s)) {
                missing << field;
            }
        }
        return missing;
    }
    void verifyPlain() {
        const QStringList unlawful = unlawfulTexts();
        QVERIFY2(unlawful.isEmpty(), qPrintable(u"\n"_s + unlawful.mid(0, 12).join(u'\n')));
        for (QWidget* window : QApplication::topLevelWidgets()) {
            if (window->isVisible()) {
                window->grab();
            }
        }
        QCOMPARE(Outside::opened(), QStringList());
        const QString allowed = u"127.0.0.1:%1"_s.arg(m_busy->server.port());
        for (const QString& address : Outside::connected()) {
            QCOMPARE(address, allowed);
        }
    }
    void showTips(QWidget* of) {
        for (QWidget* widget : of->findChildren<QWidget*>()) {
            if (widget->isVisible() && !widget->toolTip().isEmpty()) {
                QHelpEvent event(QEvent::ToolTip, QPoint(2, 2), widget->mapToGlobal(QPoint(2, 2)));
                QCoreApplication::sendEvent(widget, &event);
                QTest::qWait(1);
            }
        }
    }

 private Q_SLOTS:
    void init() {
        QAccessible::setActive(true);
        m_busy = std::make_unique<BusyDesk>();
        QFile file(canary());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        m_outside = std::make_unique<Outside>("canary");
    }
    void cleanup() {
        m_busy.reset();
        m_outside.reset();
        QAccessible::setActive(false);
    }

    void theInstrumentSeesMarkup() {
        QLabel guesses(hostile(u"label"_s));
        QVERIFY(unlawfulTexts().join(u' ').contains(u"guesses its format"_s));
        guesses.show();
        (void)guesses.grab();
        QVERIFY(!Outside::opened().isEmpty());  // that is what Qt does with it
        guesses.setTextFormat(Qt::PlainText);
        guesses.setText(u"plain"_s);
        QVERIFY2(unlawfulTexts().isEmpty(), qPrintable(unlawfulTexts().join(u'\n')));
        guesses.setToolTip(hostile(u"tip"_s));
        QVERIFY(unlawfulTexts().join(u' ').contains(u"tip is markup"_s));
        guesses.setToolTip({});
        guesses.setText(u"right-to-left \u202E override"_s);
        QVERIFY(unlawfulTexts().join(u' ').contains(u"holds U+202e"_s));
    }

    void dataOfCallsIsShownAsItIs() {
        BusyDesk& busy = *m_busy;
        QVERIFY(busy.prepare(3));
        busy.server.addCampaign(u"camp<b>"_s, hostile(u"campaign"_s));
        busy.server.addCall(hostileCall(u"<b>id</b>&%1 \u202Ex"_s, false));
        busy.server.addCall(hostileCall(u"with-sound"_s, true));
        busy.server.on("/page.html", Reply::html("<html><script>canary</script></html>"));
        QVERIFY(busy.open());
        pull();
        auto* table = busy.desk->find<CallTable>();
        auto* pane = busy.desk->find<DetailPane>();
        table->setFocus();
        for (int column = 0; column < busy.desk->calls.columnCount(); ++column) {
            table->setColumnHidden(column, false);
        }
        int hostileRows = 0;
        for (int row = 0; row < busy.desk->calls.rowCount(); ++row) {
            table->setCurrentIndex(busy.desk->calls.index(row, 0));
            QTRY_COMPARE(pane->call(), busy.desk->calls.keyAt(row));
            const bool isHostile = !pane->call()->remoteId.startsWith(u"call-"_s);
            hostileRows += isHostile ? 1 : 0;
            if (!isHostile) {
                continue;
            }
            for (Disclosure* section : pane->findChildren<Disclosure*>()) {
                section->setOpen(true);
            }
            pane->showTab(DetailTab::Raw);
            QTRY_VERIFY(pane->findChild<RawView*>()->lines()->model()->rowCount() > 20);
            pane->showTab(DetailTab::Call);
            // An edit, so that the provider's value stands beside ours and history has lines.
            busy.key(Qt::Key_D);
            auto* disposition = busy.desk->find<DispositionInput>();
            QTRY_VERIFY(disposition->hasFocus() && disposition->currentText().startsWith(u"<img"_s));
            QTest::keyClicks(disposition, u"<b>%1&amp;</b>"_s + QChar(u'a' + row));  // one that no list knows
            busy.key(Qt::Key_S, Qt::ControlModifier);
            table->setFocus();
            busy.key(Qt::Key_Space);  // a recording that is a page
            QTRY_VERIFY(pane->findChild<HistoryList*>()->count() > 0);
            QTRY_COMPARE(fieldsNotSaid(), QStringList());
            showTips(busy.desk->window.get());
            verifyPlain();
        }
        QCOMPARE(hostileRows, 2);
        // The same edits in the outbox.
        busy.desk->find<OutboxDock>()->show();
        QTRY_COMPARE(busy.desk->find<OutboxModel>()->rowCount(), 2);
        QTRY_VERIFY(said().contains(u"<b>%1&amp;</b>"_s));
        verifyPlain();
        // The tips of cells are real ones.
        table->scrollToTop();
        for (int row = 0; row < busy.desk->calls.rowCount(); ++row) {
            for (int column = 0; column < busy.desk->calls.columnCount(); ++column) {
                const QPoint at = table->visualRect(busy.desk->calls.index(row, column)).center();
                QHelpEvent event(QEvent::ToolTip, at, table->viewport()->mapToGlobal(at));
                QCoreApplication::sendEvent(table->viewport(), &event);
            }
            QTest::qWait(1);
        }
        verifyPlain();
    }

    /// What stands beyond the row: turns, tools, metrics, variables, feedback, answers, the provider's object.
    void detailsOfCallsAreShownAsTheyAre() {
        const QString bad = hostile(u"detail"_s);
        auto details = std::make_shared<CallDetails>();
        for (const TurnKind kind :
             {TurnKind::Message, TurnKind::ToolCall, TurnKind::ToolOutput, TurnKind::Interruption}) {
            earmark::Turn turn;
            turn.kind = kind;
            turn.text = bad;
            turn.speakerRaw = bad;
            if (kind == TurnKind::ToolCall) {
                turn.tool = ToolUse{bad, bad, bad};
            }
            details->transcript.push_back(turn);
        }
        details->metrics = {{bad, bad, bad, 0.5, bad}};
        details->variables = {{bad, bad, bad, bad, bad}};
        details->latency = {{bad, 5, 1}};
        details->feedback = Feedback{9, bad};
        details->webhookAnswer = bad.toUtf8();
        details->others = {{bad, bad}};
        Call call;
        call.provider = Provider::Vatel;
        call.tags = {bad};
        call.costUnit = bad;
        call.cost = 1;
        call.endReasonRaw = bad;
        ReviewedCall reviewed;
        reviewed.call = call;
        CallHeader header;
        header.setCall(reviewed);
        AiBlock ai;
        ai.setCall(call);
        DetailBlocks blocks;
        blocks.setCall(call, details, false);
        TranscriptView transcript;
        transcript.setCall(call, details, false);
        RawView raw;
        raw.setText(bad, Provider::Vatel, true);
        for (QWidget* part :
             {static_cast<QWidget*>(&header), static_cast<QWidget*>(&ai), static_cast<QWidget*>(&blocks),
              static_cast<QWidget*>(&transcript), static_cast<QWidget*>(&raw)}) {
            part->resize(400, 600);
            part->show();
            for (Disclosure* section : part->findChildren<Disclosure*>()) {
                section->setOpen(true);
            }
        }
        QTRY_VERIFY(raw.lines()->model()->rowCount() > 0);
        for (int row = 0; row < transcript.turns()->model()->rowCount(); ++row) {
            Q_EMIT transcript.turns()->rowReadWanted(row);
            QTest::qWait(5);
            verifyPlain();
        }
        QVERIFY(said().contains(u"<b>detail</b>&Save %1 %2 <U+202E>gnirts<U+202C>"_s));
        transcript.findLine()->open();
        transcript.findLine()->input()->setText(u"<b>detail"_s);
        QTRY_VERIFY(transcript.findLine()->countText().startsWith(u"1 of "_s));
        verifyPlain();
    }

    void namesInTheFilterLineStayText() {
        BusyDesk& busy = *m_busy;
        QVERIFY(busy.prepare(1));
        busy.server.addCampaign(u"camp<b>"_s, hostile(u"campaign"_s));
        busy.server.addCall(hostileCall(u"a"_s, false));
        busy.settings->setValue(u"filter/history"_s, QStringList{hostile(u"history"_s)});
        QVERIFY(busy.open());
        pull();
        auto* filter = busy.desk->find<FilterEdit>();
        for (const QString& typed : {u"campaign:"_s, u"agent:"_s, u"disposition:"_s,
                                     u"status:\"<img src='file:///canary'>"_s, u"\u202E%1 <b>"_s, u"talk:<b>%1"_s}) {
            filter->setFocus();
            filter->selectAll();
            QTest::keyClick(filter, Qt::Key_Delete);
            filter->insert(typed);  // as a paste does
            QTest::keyClick(filter, Qt::Key_Space, Qt::ControlModifier);
            QTest::qWait(100);  // the filter is asked 80 ms after the last key
            verifyPlain();
            QTest::keyClick(filter, Qt::Key_Escape);
        }
        QTest::keyClick(filter, Qt::Key_Escape);
        QTest::keyClick(filter, Qt::Key_Up);
        QTest::qWait(20);
        verifyPlain();
    }

    void wordsOfServersInMessagesStayText() {
        BusyDesk& busy = *m_busy;
        QVERIFY(busy.prepare(2));
        const QByteArray words = QJsonDocument(QJsonObject{{u"detail"_s, hostile(u"error"_s)}}).toJson();
        QVERIFY(busy.open());
        for (const int status : {400, 403, 404, 422}) {
            busy.server.on("/api/v1/campaigns", Reply::json(words, status));
            pull();
            QTRY_VERIFY(busy.desk->find<MessageStrip>()->count() > 0);
            verifyPlain();
        }
        QVERIFY(!said().isEmpty());
    }

    void dialogsAndMenusAreOfOneMind() {
        BusyDesk& busy = *m_busy;
        busy.settings->setValue(u"dispositions/list"_s, QStringList{hostile(u"setting"_s), u"%1"_s});
        busy.settings->setValue(u"window/theme"_s, hostile(u"theme"_s));
        busy.settings->setValue(u"window/details"_s, u"%1%n%s"_s);
        QVERIFY(busy.prepare(2));
        QVERIFY(busy.open());
        for (QAction* action : busy.desk->window->actions()) {
            if (action->text().contains(u"About"_s) || action->text().contains(u"Keys"_s) ||
                action->text().contains(u"account"_s) || action->text().contains(u"Outbox"_s)) {
                action->trigger();
            }
        }
        QTRY_VERIFY(busy.desk->window->findChild<AccountsDialog*>() != nullptr);
        auto* dialog = busy.desk->window->findChild<AccountsDialog*>();
        for (QLineEdit* line : dialog->findChildren<QLineEdit*>()) {
            QTest::keyClicks(line, u"<b>%1</b>&\"'"_s);
        }
        for (QMenu* menu : busy.desk->window->findChildren<QMenu*>()) {
            Q_EMIT menu->aboutToShow();
        }
        showTips(busy.desk->window.get());
        verifyPlain();
    }

    /// Notes and summaries are text to read and to copy; nothing in them can be clicked open.
    void linksInNotesAreOnlyText() {
        BusyDesk& busy = *m_busy;
        QVERIFY(busy.prepare(0));
        const QString link = u"see http://127.0.0.1:1/canary and file:///canary.png or mailto:a@b.c"_s;
        busy.server.addCall(yotelCall(u"a"_s, u"camp-1"_s, {{u"notes"_s, link}, {u"ai_summary"_s, link}}));
        QVERIFY(busy.open());
        pull();
        auto* pane = busy.desk->find<DetailPane>();
        QTRY_VERIFY(pane->call().has_value());
        QTRY_COMPARE(busy.desk->find<NotesInput>()->toPlainText(), link);
        for (QPlainTextEdit* text : pane->findChildren<QPlainTextEdit*>()) {
            QVERIFY(!text->textInteractionFlags().testFlag(Qt::LinksAccessibleByMouse));
            QVERIFY(!text->textInteractionFlags().testFlag(Qt::LinksAccessibleByKeyboard));
            for (int x = 4; x < text->viewport()->width(); x += 12) {
                const QPoint at(x, 8);
                QVERIFY(text->anchorAt(at).isEmpty());
                QTest::mouseClick(text->viewport(), Qt::LeftButton, Qt::ControlModifier, at);
            }
        }
        for (QLabel* label : busy.desk->window->findChildren<QLabel*>()) {
            QVERIFY2(!label->openExternalLinks() && label->textFormat() == Qt::PlainText, qPrintable(label->text()));
        }
        verifyPlain();
    }
};

EARMARK_HEARTBEAT_MAIN(PlainTextTest)
#include "tst_plaintext.moc"
