// The transcript in step with the sound: the turn that is heard is lit and nothing moves, a click or Enter plays from
// exactly there, it follows, yields to the hand and comes back.
#include <QAccessible>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "models/audio/turnsteps.h"
#include "tests/audio/soundfixture.h"
#include "tests/detail/desk.h"
#include "tests/detail/manyturns.h"
#include "ui/detail/transcriptdesk.h"
#include "ui/detail/transcriptview.h"
#include "ui/detail/turnfollower.h"
#include "ui/detail/turnreader.h"
#include "ui/playback/callsound.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

Call vatelCall(const QString& id = u"one"_s) {
    Call call = Desk::call(id);
    call.provider = Provider::Vatel;
    return call;
}

/// Turn i begins at i * 4.2 s, as in manyTurns().
std::vector<TurnPlace> placesOf(const std::shared_ptr<CallDetails>& details) {
    std::vector<TurnPlace> places;
    for (int i = 0; i < int(details->transcript.size()); ++i) {
        const Turn& turn = details->transcript[size_t(i)];
        const milliseconds begin(i * 4'200);
        places.push_back({i, turn.speaker, turn.kind, {begin, begin + 3s}, !turn.offset.has_value()});
    }
    return places;
}

struct Shown {
    explicit Shown(const std::shared_ptr<CallDetails>& turns) : details(turns) {
        view.resize(400, 600);
        view.setCall(vatelCall(), details, false);
        view.show();
        view.activateWindow();
        view.setPlaces(placesOf(details));
    }
    [[nodiscard]] TurnsList* list() const { return view.turns(); }
    [[nodiscard]] QRect place(int row) const { return list()->visualRect(list()->model()->index(row, 0)); }
    [[nodiscard]] bool isSeen(int row) const {
        return place(row).top() >= 0 && place(row).bottom() <= list()->viewport()->height();
    }
    void click(int row, Qt::KeyboardModifiers with = Qt::NoModifier) const {
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, with, place(row).topLeft() + QPoint(90, 10));
    }

    std::shared_ptr<CallDetails> details;
    TranscriptView view;
};

TurnPlace placeAt(int turn, milliseconds begin, TurnKind kind = TurnKind::Message) {
    return {turn, Speaker::Agent, kind, {begin, begin + 500ms}, false};
}

}  // namespace

class TranscriptStepTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void fromTurnToTurn() {
        const TurnSteps steps({placeAt(0, 1s), placeAt(1, 4s), placeAt(2, 5s, TurnKind::ToolCall), placeAt(3, 9s),
                               placeAt(4, 7s), placeAt(6, 12s)});  // told out of order; turn 5 has no place
        QVERIFY(!steps.turnAt(999ms));
        QCOMPARE(steps.turnAt(1s), 0);
        QCOMPARE(steps.turnAt(3'999ms), 0);
        QCOMPARE(steps.turnAt(5s), 2);
        QCOMPARE(steps.turnAt(8s), 4);
        QCOMPARE(steps.turnAt(11s), 3);
        QCOMPARE(steps.turnAt(90s), 6);
        QCOMPARE(steps.previous(4s + 1'501ms), 4s);  // well into it: its own begin, whatever tool came meanwhile
        QCOMPARE(steps.previous(4s + 1'500ms), 1s);
        QCOMPARE(steps.previous(1s), 1s);
        QVERIFY(!steps.previous(500ms));
        QCOMPARE(steps.next(0s), 1s);
        QCOMPARE(steps.next(1s), 4s);
        QCOMPARE(steps.next(3'950ms), 7s);  // a seek to 4 s that is told a little early does not go there again
        QVERIFY(!steps.next(12s));
        QVERIFY(!steps.beginOf(5) && !steps.beginOf(99) && !steps.beginOf(-1));
        QCOMPARE(steps.beginOf(3), 9s);
        // A tool that works while somebody speaks does not take the light from the words.
        const TurnSteps within({{0, Speaker::Agent, TurnKind::Message, {1s, 6s}, false},
                                {1, Speaker::Tool, TurnKind::ToolCall, {2s, 2s}, false},
                                {2, Speaker::Tool, TurnKind::ToolOutput, {3s, 3s}, false}});
        QCOMPARE(within.turnAt(2'500ms), 0);
        QCOMPARE(within.turnAt(5s), 0);
        QCOMPARE(within.turnAt(6s), 2);
        const TurnSteps none;
        QVERIFY(!none.turnAt(1s) && !none.previous(1s) && !none.next(1s));
    }

    void withoutATranscriptByTheVoices() {
        SoundMap sound;
        sound.speech = {{{1s, 3s}, {3'500ms, 5s}, {12s, 14s}}, {{5'200ms, 8s}, {8'600ms, 9s}, {12'200ms, 13s}}};
        const TurnSteps steps(sound);
        QVERIFY(!steps.isEmpty());
        QCOMPARE(steps.next(0s), 1s);
        QCOMPARE(steps.next(1s), 5'200ms);  // a breath of 0.5 s begins none
        QCOMPARE(steps.next(5'200ms), 8'600ms);
        QCOMPARE(steps.next(8'600ms), 12s);
        QVERIFY(!steps.next(12s));  // both at once are one place
        QCOMPARE(steps.previous(13s), 8'600ms);
        QCOMPARE(steps.previous(14s), 12s);
        QVERIFY(!steps.turnAt(6s));
        QVERIFY(TurnSteps(SoundMap()).isEmpty());
    }

    void theHeardTurnIsLitAndNothingMoves() {
        Shown shown(manyTurns(40));
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        std::vector<QRect> before;
        for (int row = 0; row < 4; ++row) {
            before.push_back(shown.place(row));
        }
        const QImage dark = shown.list()->viewport()->grab().toImage();
        shown.view.setPosition(4'200ms + 10ms);
        QCOMPARE(shown.list()->litRow(), 1);
        QCOMPARE(shown.list()->verticalScrollBar()->value(), 0);
        for (int row = 0; row < 4; ++row) {
            QCOMPARE(shown.place(row), before[size_t(row)]);
        }
        // Its ground and a bar at the edge, and only there.
        const QImage lit = shown.list()->viewport()->grab().toImage();
        const auto changed = [&](int row, int x) {
            const QPoint at(x, shown.place(row).center().y());
            return dark.pixel(at) != lit.pixel(at);
        };
        const int edge = shown.list()->viewport()->width() - 2;
        QVERIFY(changed(1, edge) && changed(1, 3) && !changed(0, edge) && !changed(2, edge));
        const QModelIndex row = shown.list()->model()->index(1, 0);
        QVERIFY(row.data(Qt::AccessibleTextRole).toString().contains(u"heard now"_s));
        shown.view.setPosition(8'400ms);
        QCOMPARE(shown.list()->litRow(), 2);
        QVERIFY(!row.data(Qt::AccessibleTextRole).toString().contains(u"heard now"_s));
        shown.view.setPosition(std::nullopt);
        QCOMPARE(shown.list()->litRow(), -1);
        QCOMPARE(shown.list()->viewport()->grab().toImage(), dark);
    }

    void aClickOrEnterPlaysFromThere() {
        Shown shown(manyTurns(40));
        QVERIFY(QTest::qWaitForWindowActive(&shown.view));
        QSignalSpy wanted(&shown.view, &TranscriptView::playFromWanted);
        const auto* reader = shown.view.findChild<TurnReader*>();
        shown.click(2);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.takeFirst().at(0).value<milliseconds>(), 8'400ms);
        QVERIFY(!reader->isVisible());
        shown.click(4, Qt::ShiftModifier);  // selects, to copy
        QCOMPARE(wanted.size(), 0);
        QCOMPARE(shown.list()->selectionModel()->selectedRows().size(), 3);
        QTest::keyClick(shown.list(), Qt::Key_Home);
        QTest::keyClick(shown.list(), Qt::Key_Down);
        QCOMPARE(wanted.size(), 0);  // walking plays nothing
        QTest::keyClick(shown.list(), Qt::Key_Return);
        QTest::keyClick(shown.list(), Qt::Key_Enter, Qt::KeypadModifier);
        QCOMPARE(wanted.size(), 2);
        QCOMPARE(wanted.takeFirst().at(0).value<milliseconds>(), 4'200ms);
        wanted.clear();
        QTest::keyClick(shown.list(), Qt::Key_O);
        QVERIFY(reader->isVisible());
        QTest::keyClick(shown.list(), Qt::Key_O);
        QVERIFY(!reader->isVisible());
        QTest::keyClick(shown.list(), Qt::Key_Return, Qt::AltModifier);
        QVERIFY(reader->isVisible());
        QTest::keyClick(shown.list(), Qt::Key_Escape);
        shown.list()->setCurrentIndex(shown.list()->model()->index(17, 0));  // a tool
        QTest::keyClick(shown.list(), Qt::Key_Return);
        QVERIFY(reader->isVisible());
        QCOMPARE(wanted.size(), 0);
        // Without a place there is nothing to play, and Enter reads.
        QTest::keyClick(shown.list(), Qt::Key_Escape);
        shown.view.setPlaces({});
        shown.list()->setCurrentIndex(shown.list()->model()->index(1, 0));
        QTest::keyClick(shown.list(), Qt::Key_Return);
        QVERIFY(reader->isVisible());
        QCOMPARE(wanted.size(), 0);
    }

    void followsYieldsAndComesBack() {
        Shown shown(manyTurns(200));
        QVERIFY(QTest::qWaitForWindowActive(&shown.view));
        TurnFollower* follower = shown.view.follower();
        for (int row = 0; row < 30; ++row) {
            shown.view.setPosition(milliseconds(row * 4'200));
            QTRY_VERIFY2(shown.isSeen(row), qPrintable(QString::number(row)));
        }
        shown.view.setPosition(150 * 4'200ms);  // a jump
        QTRY_VERIFY(shown.isSeen(150));
        QVERIFY(!follower->wayBack()->isVisible());
        // The wheel wins.
        const int before = shown.list()->verticalScrollBar()->value();
        shown.list()->verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepSub);
        QVERIFY(shown.list()->verticalScrollBar()->value() < before);
        QVERIFY(follower->isYielding() && follower->wayBack()->isVisible());
        QCOMPARE(follower->wayBack()->text(), u"Back to 10:30"_s);
        // Where a search brings words under it, it gives way.
        int rows = 0;
        for (int row = 0; row < 200; ++row) {
            if (!shown.isSeen(row)) {
                continue;
            }
            ++rows;
            shown.list()->selectionModel()->setCurrentIndex(shown.list()->model()->index(row, 0),
                                                            QItemSelectionModel::ClearAndSelect);
            Q_EMIT shown.list()->movedByHand();
            const QRect words = shown.place(row).translated(shown.list()->viewport()->pos());
            QVERIFY2(!words.intersects(follower->wayBack()->geometry()), qPrintable(QString::number(row)));
            QVERIFY(shown.list()->rect().contains(follower->wayBack()->geometry()));
        }
        QVERIFY(rows > 3);
        const int read = shown.list()->verticalScrollBar()->value();
        shown.view.setPosition(160 * 4'200ms);
        QTest::qWait(250);  // longer than the way there would take
        QCOMPARE(shown.list()->verticalScrollBar()->value(), read);
        QCOMPARE(follower->wayBack()->text(), u"Back to ≈ 11:12"_s);
        QTest::mouseClick(follower->wayBack(), Qt::LeftButton);
        QTRY_VERIFY(shown.isSeen(160));
        QVERIFY(!follower->isYielding() && !follower->wayBack()->isVisible());
        // Keys that walk yield too; the key for it comes back, and pressed again it stays.
        QTest::keyClick(shown.list(), Qt::Key_Home);
        QVERIFY(follower->isYielding());
        follower->toggle();
        QTRY_VERIFY(shown.isSeen(160));
        QVERIFY(follower->isFollowing() && !follower->isYielding());
        follower->toggle();
        QVERIFY(!follower->isFollowing());
        shown.view.setPosition(5 * 4'200ms);
        QTest::qWait(250);
        QVERIFY(shown.isSeen(160) && !shown.isSeen(5));
        QCOMPARE(shown.list()->litRow(), 5);  // lit all the same
        QTest::keyClick(shown.list(), Qt::Key_End);
        QVERIFY(!follower->isYielding());  // what does not follow need not yield
        // Playing from a turn is looking at it.
        follower->setFollowing(true);
        QTest::keyClick(shown.list(), Qt::Key_Home);
        QVERIFY(follower->isYielding());
        QTest::keyClick(shown.list(), Qt::Key_Return);
        QVERIFY(!follower->isYielding());
    }

    void estimatedTimesSayThatTheyAre() {
        const auto details = manyTurns(30);
        for (Turn& turn : details->transcript) {
            turn.offset.reset();
            turn.isEstimated = false;
        }
        Shown shown(details);
        QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
        const QModelIndex row = shown.list()->model()->index(15, 0);
        QVERIFY2(row.data(Qt::AccessibleTextRole).toString().startsWith(u"Customer, 1:03, estimated"_s),
                 qPrintable(row.data(Qt::AccessibleTextRole).toString()));
        const auto said = [&] {
            QStringList texts;
            for (const auto* label : shown.view.findChildren<ToneLabel*>()) {
                texts << (label->isVisible() ? label->text() : QString());
            }
            return texts.join(u' ');
        };
        QVERIFY(said().contains(u"estimated here from the sound"_s));
        shown.view.setPosition(63s + 1ms);
        QCOMPARE(shown.list()->litRow(), 15);
        shown.view.setPlaces({});
        QVERIFY(!said().contains(u"estimated"_s));
        QCOMPARE(shown.list()->litRow(), -1);
        QVERIFY(row.data(Qt::AccessibleTextRole).toString().startsWith(u"Customer: "_s));
    }

    void keysOfTheDeskAreLeftToIt() {
        Shown shown(manyTurns(10));
        QVERIFY(QTest::qWaitForWindowActive(&shown.view));
        for (const auto& [key, with] : {std::pair{Qt::Key_Space, Qt::NoModifier},
                                        {Qt::Key_T, Qt::NoModifier},
                                        {Qt::Key_M, Qt::NoModifier},
                                        {Qt::Key_J, Qt::NoModifier},
                                        {Qt::Key_Left, Qt::NoModifier},
                                        {Qt::Key_Right, Qt::ShiftModifier},
                                        {Qt::Key_Return, Qt::ControlModifier},
                                        {Qt::Key_Escape, Qt::NoModifier},
                                        {Qt::Key_1, Qt::NoModifier}}) {
            QKeyEvent event(QEvent::ShortcutOverride, key, with);
            event.ignore();  // as the platform sends it
            QCoreApplication::sendEvent(shown.list(), &event);
            QVERIFY2(!event.isAccepted(), qPrintable(QKeySequence(key).toString()));
        }
    }

    /// The real player: the place asked for is where it is, exactly; a recording that is not open yet is opened first.
    void thePlayerGoesExactlyThere() {
        Desk desk;
        QVERIFY(desk.open());
        const QString file = desk.folder.filePath(u"noise.wav"_s);
        QVERIFY(fixture::writeFile(file, fixture::wav(fixture::noise(120 * 8000, 2), 8000, 2)));
        CallSound sound(desk.player.get(), desk.accounts.get(), &desk.settings);
        DeskServices services = desk.services();
        services.sound = &sound;
        TranscriptView view;
        view.resize(400, 600);
        view.show();
        const Call call = vatelCall();
        int opened = 0;
        const TranscriptDesk transcript(services, &view, [&] {
            ++opened;
            desk.player->open(call.key, file, 60s);
            desk.player->play();
        });
        auto& steps = const_cast<TranscriptDesk&>(transcript);
        const auto details = manyTurns(20);
        for (Turn& turn : details->transcript) {
            *turn.offset += 137ms;
        }
        view.setCall(call, details, false);
        sound.setCall(call, details);
        view.turns()->setCurrentIndex(view.turns()->model()->index(3, 0));
        QVERIFY(!steps.nextTurn());  // nothing is open
        QTest::keyClick(view.turns(), Qt::Key_Return);
        QCOMPARE(opened, 1);
        const auto isAt = [&](milliseconds at) {
            const milliseconds now = desk.player->position();
            return desk.player->call() == call.key && now >= at && now < at + 2s;
        };
        QTRY_VERIFY(desk.player->state() == PlayerState::Playing && isAt(3 * 4'200ms + 137ms));
        QTRY_COMPARE(view.turns()->litRow(), 3);
        desk.player->pause();
        QTRY_COMPARE(desk.player->state(), PlayerState::Paused);
        for (const int row : {7, 2, 11}) {
            desk.player->pause();
            view.turns()->setCurrentIndex(view.turns()->model()->index(row, 0));
            QSignalSpy moved(desk.player.get(), &Player::positionChanged);
            QTest::keyClick(view.turns(), Qt::Key_Return);
            QTRY_VERIFY(isAt(milliseconds(row * 4'200 + 137)));
            QCOMPARE(opened, 1);
            QTRY_COMPARE(view.turns()->litRow(), row);
        }
        desk.player->pause();
        QVERIFY(steps.previousTurn());
        QTRY_VERIFY(isAt(10 * 4'200ms + 137ms));
        desk.player->pause();
        QVERIFY(steps.nextTurn());
        QTRY_VERIFY(isAt(11 * 4'200ms + 137ms));
        // Another call: nothing is lit for it by the sound of the first.
        desk.player->pause();
        const Call other = vatelCall(u"two"_s);
        view.setCall(other, details, false);
        sound.setCall(other, details);
        QTRY_COMPARE(view.turns()->litRow(), -1);
        steps.toggleFollowing();
        QVERIFY(!steps.isFollowing());
        QCOMPARE(desk.settings.value(u"transcript/follow"_s).toBool(), false);
        TranscriptView again;
        const TranscriptDesk remembered(services, &again, [] {});
        QVERIFY(!remembered.isFollowing());
    }
};

QTEST_MAIN(TranscriptStepTest)
#include "tst_transcriptstep.moc"
