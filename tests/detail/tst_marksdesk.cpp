// Marks in the window: where they fall, that they are durable before they are called saved, their words, a way back,
// and their export.
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

#include "tests/audio/soundfixture.h"
#include "tests/detail/desk.h"
#include "ui/detail/marksdesk.h"
#include "ui/detail/markspanel.h"
#include "ui/playback/callsound.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// A window with a call whose recording is open.
struct Rig {
    Rig() {
        static_cast<void>(desk.open());
        file = desk.folder.filePath(u"noise.wav"_s);
        static_cast<void>(fixture::writeFile(file, fixture::wav(fixture::noise(60 * 8000, 2), 8000, 2)));
        sound = std::make_unique<CallSound>(desk.player.get(), desk.accounts.get(), &desk.settings);
        panel = new MarksPanel;
        elsewhere = new QLineEdit;
        auto* column = new QVBoxLayout(&window);
        column->addWidget(elsewhere);
        column->addWidget(panel);
        DeskServices services = desk.services();
        services.sound = sound.get();
        marks = std::make_unique<MarksDesk>(services, panel);
        window.resize(420, 500);
        window.show();
        window.activateWindow();
    }
    void showCall(const QString& id) {
        sound->setCall(Desk::call(id), nullptr);
        desk.player->open(Desk::call(id).key, file);
    }
    [[nodiscard]] bool seek(milliseconds at) {
        desk.player->seek(at);
        return QTest::qWaitFor([&] { return desk.player->duration() > 0ms && desk.player->position() == at; }, 10'000);
    }
    [[nodiscard]] CallMarks stored(const QString& id) {
        CallMarks found;
        bool answered = false;
        desk.store->loadMarks(Desk::call(id).key, &desk, [&](const Result<CallMarks>& answer) {
            found = answer.value_or(CallMarks());
            answered = true;
        });
        static_cast<void>(QTest::qWaitFor([&] { return answered; }, 10'000));
        return found;
    }
    [[nodiscard]] QString line(int row) const { return panel->list()->item(row)->text(); }

    Desk desk;
    QString file;
    std::unique_ptr<CallSound> sound;
    QWidget window;
    MarksPanel* panel = nullptr;
    QLineEdit* elsewhere = nullptr;
    std::unique_ptr<MarksDesk> marks;
};

}  // namespace

class MarksDeskTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void theReactionIsTakenOff() {
        QCOMPARE(markPlace(10s, 700ms, 1.0), 9'300ms);
        QCOMPARE(markPlace(10s, 700ms, 2.0), 8'600ms);  // twice as much was heard meanwhile
        QCOMPARE(markPlace(10s, 700ms, 0.5), 9'650ms);
        QCOMPARE(markPlace(500ms, 700ms, 1.0), 0ms);
        QCOMPARE(markPlace(10s, 0ms, 3.0), 10s);
        QCOMPARE(markPlace(10s, 90s, 1.0), 7s);  // 3 s at most
        QCOMPARE(markPlace(10s, -5s, 1.0), 10s);
    }

    void aMarkIsDurableAndShown() {
        Rig rig;
        QVERIFY(!rig.marks->markHere(MarksDesk::Words::None));  // nothing is shown
        QVERIFY(!rig.panel->isVisible());
        rig.showCall(u"one"_s);
        QVERIFY(rig.seek(20s));
        QVERIFY(rig.marks->markHere(MarksDesk::Words::None));
        QTRY_COMPARE(rig.stored(u"one"_s).size(), size_t(1));
        QCOMPARE(rig.stored(u"one"_s)[0].at, 20s);  // at a standstill nobody has to react
        QTRY_VERIFY(!rig.marks->hasUnsaved());
        QVERIFY(rig.panel->isVisible());
        QCOMPARE(rig.line(0), u"0:20"_s);
        QCOMPARE(rig.sound->marks().size(), size_t(1));
        // While it plays, fast: what was heard during the reaction is taken off.
        rig.desk.settings.setValue(u"marks/reaction"_s, 1000);
        rig.desk.player->setTempo(2.0);
        rig.desk.player->seek(30s);
        rig.desk.player->play();
        QTRY_VERIFY(rig.desk.player->state() == PlayerState::Playing && rig.desk.player->position() > 30s);
        const milliseconds before = rig.desk.player->position();
        QVERIFY(rig.marks->markHere(MarksDesk::Words::None));
        const milliseconds after = rig.desk.player->position();
        rig.desk.player->pause();
        QTRY_COMPARE(rig.stored(u"one"_s).size(), size_t(2));
        const milliseconds at = rig.stored(u"one"_s)[1].at;
        QVERIFY2(at >= before - 2s && at <= after - 2s, qPrintable(QString::number(at.count())));
        // Another call has its own.
        rig.showCall(u"two"_s);
        QTRY_VERIFY(!rig.panel->isVisible());
        QVERIFY(rig.sound->marks().empty());
        rig.showCall(u"one"_s);
        QTRY_COMPARE(rig.panel->list()->count(), 2);
    }

    void wordsAreWrittenWhileItGoesOn() {
        Rig rig;
        QVERIFY(QTest::qWaitForWindowActive(&rig.window));
        rig.showCall(u"one"_s);
        QVERIFY(rig.seek(65s - 10s));
        rig.elsewhere->setFocus();
        QVERIFY(rig.marks->markHere(MarksDesk::Words::Wanted));
        QTRY_COMPARE(rig.stored(u"one"_s).size(), size_t(1));  // it is there before a word is
        QVERIFY(rig.panel->textInput()->hasFocus());
        QTest::keyClicks(rig.panel->textInput(), u"promises <b>all</b>"_s);
        rig.panel->kindInput()->setEditText(u"compliance"_s);
        QTest::keyClick(rig.panel->textInput(), Qt::Key_Return);
        QVERIFY(!rig.panel->isEditing());
        QVERIFY(rig.elsewhere->hasFocus());
        QTRY_COMPARE(rig.stored(u"one"_s)[0].text, u"promises <b>all</b>"_s);
        QCOMPARE(rig.stored(u"one"_s)[0].kind, u"compliance"_s);
        QVERIFY2(rig.line(0).contains(u"compliance"_s) && rig.line(0).contains(u"<b>all</b>"_s),
                 qPrintable(rig.line(0)));
        QCOMPARE(rig.panel->kindInput()->itemText(0), u"compliance"_s);  // offered for the next
        // Escape leaves the words as they were.
        rig.panel->list()->setFocus();
        QTest::keyClick(rig.panel->list(), Qt::Key_F2);
        QVERIFY(rig.panel->isEditing());
        rig.panel->textInput()->setText(u"other"_s);
        QTest::keyClick(rig.panel->textInput(), Qt::Key_Escape);
        QVERIFY(!rig.panel->isEditing());
        // Going to another call keeps what was typed.
        QTest::keyClick(rig.panel->list(), Qt::Key_F2);
        rig.panel->textInput()->setText(u"typed last"_s);
        rig.showCall(u"two"_s);
        QVERIFY(!rig.panel->isEditing());
        QTRY_COMPARE(rig.stored(u"one"_s)[0].text, u"typed last"_s);
        QVERIFY(rig.stored(u"two"_s).empty());
    }

    void enterAndAClickPlayFromThere() {
        Rig rig;
        QVERIFY(QTest::qWaitForWindowActive(&rig.window));
        rig.showCall(u"one"_s);
        for (const milliseconds at : {40s, 10s}) {
            QVERIFY(rig.seek(at));
            QVERIFY(rig.marks->markHere(MarksDesk::Words::None));
        }
        QTRY_COMPARE(rig.panel->list()->count(), 2);
        QCOMPARE(rig.line(0), u"0:10"_s);  // in the order of the recording
        QSignalSpy wanted(rig.panel, &MarksPanel::playWanted);
        rig.panel->list()->setFocus();
        rig.panel->list()->setCurrentRow(1);
        QTest::keyClick(rig.panel->list(), Qt::Key_Return);
        QCOMPARE(wanted.takeFirst().at(0).value<milliseconds>(), 40s);
        const QRect place = rig.panel->list()->visualItemRect(rig.panel->list()->item(0));
        QTest::mouseClick(rig.panel->list()->viewport(), Qt::LeftButton, {}, place.center());
        QCOMPARE(wanted.takeFirst().at(0).value<milliseconds>(), 10s);
    }

    void whatIsRemovedComesBack() {
        Rig rig;
        QVERIFY(QTest::qWaitForWindowActive(&rig.window));
        rig.showCall(u"one"_s);
        QVERIFY(rig.seek(12s));
        QVERIFY(rig.marks->markHere(MarksDesk::Words::None));
        QTRY_COMPARE(rig.stored(u"one"_s).size(), size_t(1));
        const CallMarks before = rig.stored(u"one"_s);
        rig.panel->list()->setFocus();
        QTest::keyClick(rig.panel->list(), Qt::Key_Delete);
        QTRY_VERIFY(rig.panel->bringBackButton()->isVisible());
        QVERIFY(rig.stored(u"one"_s).empty());
        QVERIFY(rig.sound->marks().empty());
        QTest::mouseClick(rig.panel->bringBackButton(), Qt::LeftButton);
        QTRY_COMPARE(rig.stored(u"one"_s), before);
        QVERIFY(!rig.panel->bringBackButton()->isVisible());
        QCOMPARE(rig.panel->list()->count(), 1);
    }

    void yieldsToTheCall() {
        Rig rig;
        rig.showCall(u"one"_s);
        for (int i = 0; i < 8; ++i) {
            QVERIFY(rig.seek(std::chrono::seconds(5 * i)));
            QVERIFY(rig.marks->markHere(MarksDesk::Words::None));
        }
        QTRY_COMPARE(rig.panel->list()->count(), 8);
        QTRY_VERIFY(!rig.marks->hasUnsaved());
        rig.window.resize(420, 900);
        const auto height = [&] { return rig.panel->sizeHint().height(); };
        QTRY_VERIFY(rig.window.height() == 900 && height() > 120);
        const int roomy = height();
        rig.window.resize(420, 300);
        QTRY_VERIFY2(height() <= 100, qPrintable(QString::number(height())));
        QVERIFY(roomy > height());
        QTest::mouseClick(rig.panel->heading(), Qt::LeftButton);
        QVERIFY(rig.panel->isFolded() && !rig.panel->list()->isVisible() && rig.panel->isVisible());
        QVERIFY(rig.desk.settings.value(u"marks/folded"_s, false).toBool());
        QTest::keyClick(rig.panel->heading(), Qt::Key_Space);
        QVERIFY(rig.panel->list()->isVisible());
        for (const QToolButton* one : rig.panel->findChildren<QToolButton*>()) {
            QVERIFY(!one->toolTip().isEmpty() && !one->accessibleName().isEmpty());
        }
    }

    void whatWasDoneIsTakenBackInItsOrder() {
        Rig rig;
        QVERIFY(QTest::qWaitForWindowActive(&rig.window));
        QSignalSpy said(rig.marks.get(), &MarksDesk::said);
        QVERIFY(!rig.marks->revert(Revert::Undo));
        rig.showCall(u"one"_s);
        QVERIFY(rig.seek(18s));
        QVERIFY(rig.marks->markHere(MarksDesk::Words::None));
        QTRY_COMPARE(said.size(), 1);
        QCOMPARE(said.takeFirst().at(0).toString(), u"Marked at 0:18."_s);
        rig.panel->list()->setFocus();
        QTest::keyClick(rig.panel->list(), Qt::Key_F2);
        rig.panel->textInput()->setText(u"promise"_s);
        QTest::keyClick(rig.panel->textInput(), Qt::Key_Return);
        QTRY_COMPARE(rig.stored(u"one"_s)[0].text, u"promise"_s);
        const CallMarks written = rig.stored(u"one"_s);
        QTest::keyClick(rig.panel->list(), Qt::Key_Delete);
        QTRY_VERIFY(rig.panel->bringBackButton()->isVisible());
        rig.showCall(u"two"_s);  // also from another call
        QCOMPARE(rig.marks->revert(Revert::Undo), std::optional(Desk::call(u"one"_s).key));
        QTRY_COMPARE(rig.stored(u"one"_s), written);
        QTRY_COMPARE(said.size(), 1);
        QCOMPARE(said.takeFirst().at(0).toString(), u"Mark at 0:18 is back."_s);
        rig.showCall(u"one"_s);
        QTRY_COMPARE(rig.panel->list()->count(), 1);
        QVERIFY(!rig.panel->bringBackButton()->isVisible());
        QVERIFY(rig.marks->revert(Revert::Undo));
        QTRY_COMPARE(rig.stored(u"one"_s)[0].text, QString());
        QVERIFY(rig.marks->revert(Revert::Redo));
        QTRY_COMPARE(rig.stored(u"one"_s), written);
        QVERIFY(rig.marks->revert(Revert::Redo));  // removed again
        QTRY_VERIFY(rig.stored(u"one"_s).empty());
        QVERIFY(!rig.marks->revert(Revert::Redo));
        for (int i = 0; i < 3; ++i) {
            QVERIFY(rig.marks->revert(Revert::Undo));
        }
        QTRY_VERIFY(rig.stored(u"one"_s).empty());  // it was never made
        QVERIFY(!rig.marks->revert(Revert::Undo));
        QTRY_COMPARE(rig.panel->list()->count(), 0);
    }

    void whatCannotBeSavedIsKeptAndTriedAgain() {
        Rig rig;
        rig.showCall(u"one"_s);
        QVERIFY(rig.seek(12s));
        rig.desk.gate->failWith = 13;  // SQLITE_FULL
        QVERIFY(rig.marks->markHere(MarksDesk::Words::None));
        QTRY_VERIFY(rig.panel->problemText().startsWith(u"Not saved"_s));
        QVERIFY(rig.marks->hasUnsaved());
        QCOMPARE(rig.panel->list()->count(), 1);  // it is shown, and said not to be saved
        QVERIFY(rig.stored(u"one"_s).empty());
        rig.showCall(u"two"_s);  // also while another call is shown
        rig.desk.gate->failWith = 0;
        QTRY_COMPARE_WITH_TIMEOUT(rig.stored(u"one"_s).size(), size_t(1), 10'000);
        QTRY_VERIFY(!rig.marks->hasUnsaved());
        QCOMPARE(rig.panel->problemText(), QString());
    }

    void exportsAndNeverOverAnotherUnasked() {
        Rig rig;
        QVERIFY(!rig.marks->exportAll());
        rig.showCall(u"a/b"_s);
        QVERIFY(rig.seek(12s));
        QVERIFY(rig.marks->markHere(MarksDesk::Words::None));
        QTRY_COMPARE(rig.panel->list()->count(), 1);
        const auto choose = [&](const QString& name) {
            QVERIFY(rig.marks->exportAll());
            auto* dialog = rig.window.findChild<QFileDialog*>();
            QVERIFY(dialog != nullptr);
            QVERIFY(dialog->testOption(QFileDialog::DontConfirmOverwrite));
            Q_EMIT dialog->fileSelected(name);
            dialog->close();
            QTRY_VERIFY(rig.window.findChild<QFileDialog*>() == nullptr);
        };
        const auto bytes = [](const QString& name) {
            QFile read(name);
            return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
        };
        QSignalSpy said(rig.marks.get(), &MarksDesk::said);
        const QString labels = rig.desk.folder.filePath(u"marks.txt"_s);
        QTRY_COMPARE(said.size(), 1);  // that it was marked
        choose(labels);
        QTRY_COMPARE(said.size(), 2);
        QCOMPARE(bytes(labels), "12.000000\t12.000000\tMark 1\n"_ba);
        const QString vtt = rig.desk.folder.filePath(u"marks.vtt"_s);
        QFile precious(vtt);
        QVERIFY(precious.open(QIODevice::WriteOnly) && precious.write("precious") == 8);
        precious.close();
        choose(vtt);
        QTRY_VERIFY(rig.window.findChild<QMessageBox*>() != nullptr);
        QCOMPARE(bytes(vtt), "precious"_ba);
        rig.window.findChild<QMessageBox*>()->reject();
        QTRY_VERIFY(rig.window.findChild<QMessageBox*>() == nullptr);
        QCOMPARE(bytes(vtt), "precious"_ba);
        choose(vtt);
        QTRY_VERIFY(rig.window.findChild<QMessageBox*>() != nullptr);
        for (QAbstractButton* button : rig.window.findChild<QMessageBox*>()->buttons()) {
            if (button->text() == "Replace"_L1) {
                button->click();
                break;
            }
        }
        QTRY_VERIFY(bytes(vtt).startsWith("WEBVTT\n\n1\n00:00:12.000 --> 00:00:14.000\n"));
        QTRY_COMPARE(said.size(), 3);
    }
};

QTEST_MAIN(MarksDeskTest)
#include "tst_marksdesk.moc"
