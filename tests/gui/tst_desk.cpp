// The whole way with keys: pull from the demo provider, filter, open, listen, edit, close, start again.
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/gui/testdesk.h"
#include "ui/calltable/calltable.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/dispositioninput.h"
#include "ui/detail/notesinput.h"
#include "ui/filter/filteredit.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class DeskTest final : public QObject {
    Q_OBJECT

 private:
    static void key(Qt::Key code, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QVERIFY(QApplication::focusWidget() != nullptr);
        QTest::keyClick(QApplication::focusWidget(), code, modifiers);
    }

 private Q_SLOTS:
    void fromThePullToTheEditThatIsKept() {
        const QTemporaryDir folder;
        const auto settings = std::make_shared<MemorySettings>();
        const QString filter = u"status:completed has:recording talk:>20"_s;
        DemoServer server(std::make_shared<SystemClock>());
        QVERIFY(server.start(0).has_value());
        CallKey edited;
        std::optional<QString> provider;
        {
            TestDesk desk(folder.path(), settings);
            QVERIFY(desk.start());
            QVERIFY(desk.addAccount(server.baseUrl(Provider::Yotel)));
            auto* table = desk.find<CallTable>();
            auto* filterEdit = desk.find<FilterEdit>();
            auto* pane = desk.find<DetailPane>();

            QSignalSpy pulled(&desk.puller, &Puller::finished);
            key(Qt::Key_F5);
            QTRY_COMPARE_WITH_TIMEOUT(pulled.size(), 1, 30'000);
            QVERIFY(pulled.first().first().value<PullReport>().allOk());
            QTRY_VERIFY(desk.calls.rowCount() >= 24);
            const int all = desk.calls.rowCount();

            // Filter; Enter goes to the first row of this filter.
            key(Qt::Key_F, Qt::ControlModifier);
            QVERIFY(desk.hasFocus(filterEdit));
            QTest::keyClicks(filterEdit, filter);
            key(Qt::Key_Return);
            QVERIFY(desk.hasFocus(table));
            QVERIFY(desk.calls.rowCount() > 0 && desk.calls.rowCount() < all);
            QCOMPARE(table->currentIndex().row(), 0);

            // Open the second one and hear it.
            key(Qt::Key_Down);
            QTRY_COMPARE(pane->call(), desk.calls.keyAt(1));
            edited = *pane->call();
            key(Qt::Key_Space);
            QTRY_COMPARE_WITH_TIMEOUT(desk.player.state(), PlayerState::Playing, 15'000);
            QCOMPARE(desk.player.call(), std::optional(edited));
            QVERIFY(desk.player.duration() > 15s);
            QTRY_VERIFY(desk.player.position() > 300ms);
            const auto before = desk.player.position();
            key(Qt::Key_L);
            QTRY_VERIFY(desk.player.position() >= before + 9s);
            key(Qt::Key_Left);
            QTRY_VERIFY(desk.player.position() < before + 9s);
            key(Qt::Key_Space);
            QTRY_COMPARE(desk.player.state(), PlayerState::Paused);

            // Decide and write.
            const Review none = desk.calls.reviewOf(edited);
            QVERIFY(!none.disposition && !none.notes);
            key(Qt::Key_D);
            auto* disposition = desk.find<DispositionInput>();
            QVERIFY(desk.hasFocus(disposition));
            provider = disposition->currentText();
            disposition->lineEdit()->selectAll();
            QTest::keyClicks(disposition, u"SECOND_LOOK"_s);
            key(Qt::Key_S, Qt::ControlModifier);
            QTRY_VERIFY(desk.calls.reviewOf(edited).disposition.has_value());
            QTest::keyClick(disposition, Qt::Key_Escape);
            if (disposition->hasFocus()) {
                QTest::keyClick(disposition, Qt::Key_Escape);
            }
            QVERIFY(desk.hasFocus(table));
            key(Qt::Key_E);
            auto* notes = desk.find<NotesInput>();
            QVERIFY(desk.hasFocus(notes));
            QTest::keyClicks(notes, u"Promised a call on Friday."_s);
            desk.window->close();
            QTRY_VERIFY(!desk.window->isVisible());
        }
        {
            TestDesk desk(folder.path(), settings);
            QVERIFY(desk.start());
            auto* table = desk.find<CallTable>();
            auto* pane = desk.find<DetailPane>();
            QCOMPARE(desk.find<FilterEdit>()->text(), filter);
            QTRY_VERIFY(desk.calls.rowOf(edited) >= 0);
            const int row = desk.calls.rowOf(edited);
            QCOMPARE(desk.calls.index(row, int(CallColumn::Disposition)).data().toString(), u"SECOND_LOOK"_s);
            QCOMPARE(desk.calls.index(row, 0).data(CallTableModel::EditStateRole).toInt(), int(EditState::Kept));
            table->setFocus();
            while (table->currentIndex().row() < row) {
                key(Qt::Key_Down);
            }
            QTRY_COMPARE(pane->call(), std::optional(edited));
            QTRY_COMPARE(desk.find<NotesInput>()->toPlainText(), u"Promised a call on Friday."_s);
            QTRY_COMPARE(desk.find<DispositionInput>()->currentText(), u"SECOND_LOOK"_s);
            // What the provider says stays beside it.
            const Review review = desk.calls.reviewOf(edited);
            QCOMPARE(review.disposition->base.value_or(QString()), provider.value_or(QString()));
        }
    }
};

QTEST_MAIN(DeskTest)
#include "tst_desk.moc"
