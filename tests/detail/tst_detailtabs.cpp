// The pane's tabs on a real store: details that a provider tells only when asked for one call, tabs over several calls,
// the provider's object of the call that is shown and of no other.
#include "tests/detail/desk.h"
#include "ui/detail/detailblocks.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/rawview.h"
#include "ui/detail/transcriptview.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

Call atomsRow(const QString& id) {
    Call call = Desk::call(id);
    call.provider = Provider::Atoms;
    call.part = CallPart::Row;
    call.raw = "{\"callId\":\"" + id.toUtf8() + "\",\"status\":\"completed\",\"only_in_row\":1.50}";
    return call;
}

void speakAtoms(Desk& desk) {
    Account account;
    account.name = u"main"_s;
    account.provider = Provider::Atoms;
    account.baseUrl = desk.server.url(u"/atoms/v1"_s);
    desk.refresher->setAccounts({account});
}

bool show(DetailPane& pane, const QString& id) {
    pane.resize(420, 800);
    pane.show();
    pane.showCall(CallKey{u"main"_s, id});
    return QTest::qWaitFor([&] { return pane.findChild<DetailBlocks*>()->isVisible(); }, 10'000);
}

}  // namespace

class DetailTabsTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void detailsAreFetchedWhenLookedAt() {
        Desk desk;
        speakAtoms(desk);
        QVERIFY(desk.open());
        QVERIFY(desk.put(atomsRow(u"c-1"_s)));
        desk.server.on("/atoms/v1/conversation/c-1",
                       Reply::json("{\"status\":true,\"data\":{\"callId\":\"c-1\",\"status\":\"completed\","
                                   "\"transcript\":[{\"role\":\"agent\",\"content\":\"Good morning\"},"
                                   "{\"role\":\"user\",\"content\":\"Hello\"}]}}"));
        DetailPane pane(desk.services());
        QVERIFY(show(pane, u"c-1"_s));
        const auto* transcript = pane.findChild<TranscriptView*>();
        pane.showTab(DetailTab::Transcript);
        QTRY_COMPARE(transcript->turns()->model()->rowCount(), 2);
        QCOMPARE(transcript->absenceText(), QString());
        pane.showTab(DetailTab::Raw);
        const auto* lines = pane.findChild<RawView*>()->lines();
        QTRY_VERIFY(lines->model()->rowCount() > 5);
        QString text;
        for (int row = 0; row < lines->model()->rowCount(); ++row) {
            text += lines->model()->index(row, 0).data().toString();
        }
        QVERIFY2(text.contains(u"\"only_in_row\": 1.50"_s), qPrintable(text));  // of the row, as it came
        QVERIFY(text.contains(u"Good morning"_s));                              // of the detail
    }

    void whatCannotBeFetchedIsSaid() {
        Desk desk;
        speakAtoms(desk);
        QVERIFY(desk.open());
        QVERIFY(desk.put(atomsRow(u"c-1"_s)));
        desk.server.on("/atoms/v1/conversation/c-1", Reply::json("{\"error\":\"busy\"}", 400));
        DetailPane pane(desk.services());
        QVERIFY(show(pane, u"c-1"_s));
        pane.showTab(DetailTab::Transcript);
        const auto* transcript = pane.findChild<TranscriptView*>();
        QTRY_VERIFY(transcript->absenceText().startsWith(u"The transcript was not fetched yet. "_s) &&
                    transcript->absenceText().size() > 40);
        QVERIFY(pane.findChild<DetailBlocks*>()->absenceText().startsWith(u"More comes with"_s));
    }

    void theTabStaysAndShowsTheCallThatIsShown() {
        Desk desk;
        QVERIFY(desk.open());
        for (const QString& id : {u"a"_s, u"b"_s}) {
            QVERIFY(desk.put(Desk::call(id)));
        }
        DetailPane pane(desk.services());
        QVERIFY(show(pane, u"a"_s));
        QCOMPARE(pane.findChild<TranscriptView*>()->absenceText(), u"Yotel does not offer transcripts."_s);
        pane.showTab(DetailTab::Raw);
        const auto* model = pane.findChild<RawView*>()->lines()->model();
        QTRY_COMPARE(model->index(1, 0).data().toString(), u"  \"id\": \"a\""_s);
        pane.showCall(CallKey{u"main"_s, u"b"_s});
        QTRY_COMPARE(model->index(1, 0).data().toString(), u"  \"id\": \"b\""_s);
        QCOMPARE(pane.tab(), DetailTab::Raw);
        pane.focusNotes();
        QCOMPARE(pane.tab(), DetailTab::Call);
    }

    void aTabWithoutACallTakesNoFocus() {
        Desk desk;
        QVERIFY(desk.open());
        DetailPane pane(desk.services());
        QWidget other;
        other.setFocusPolicy(Qt::StrongFocus);
        other.show();
        other.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&other));
        other.setFocus();
        pane.showTab(DetailTab::Transcript);
        QVERIFY(other.hasFocus());
        QCOMPARE(pane.tab(), DetailTab::Transcript);
    }
};

QTEST_MAIN(DetailTabsTest)
#include "tst_detailtabs.moc"
