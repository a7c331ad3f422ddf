// The view goes along with what is heard, yields to the hand, and only what was heard counts as heard.
#include <QTest>

#include "ui/soundstrip/playfollower.h"

using namespace earmark;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

class PlayFollowerTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void turnsThePage();
    void yieldsToTheHand();
    void jumpsEndTheYielding();
    void skipsAndLoopsAreNoJumps();
    void keepsWhatWasHeard();
    void joinsSpans();

 private:
    const TimeScale m_near = TimeScale({0ms, 600s}, 1000).zoomed(10, 0);  // one minute in sight
};

void PlayFollowerTest::turnsThePage() {
    PlayFollower follower;
    follower.begin(59'000ms);
    QVERIFY(!follower.moved(59'500ms, m_near, {}, {}));
    const std::optional<TimeScale> page = follower.moved(60'100ms, m_near, {}, {});
    QVERIFY(page);
    QVERIFY(page->shows(60'100ms));
    QVERIFY(page->xOf(60'100ms) < 200);  // most of the new page is still to come
    QCOMPARE(page->millisecondsPerPixel(), m_near.millisecondsPerPixel());
    QVERIFY(!follower.moved(60'200ms, *page, {}, {}));
    QVERIFY(!PlayFollower().moved(5ms, TimeScale(), {}, {}));
}

void PlayFollowerTest::yieldsToTheHand() {
    PlayFollower follower;
    follower.begin(10'000ms);
    const TimeScale away = m_near.scrolled(5000);
    follower.turnedByHand(away);
    QVERIFY(follower.yields());
    QVERIFY(!follower.moved(10'100ms, away, {}, {}));
    QVERIFY(follower.yields());
    // It comes into sight: from then on it is followed again.
    const TimeScale back = m_near;
    follower.turnedByHand(back);
    QVERIFY(!follower.yields());
    follower.turnedByHand(away);
    QVERIFY(follower.yields());
    QVERIFY(!follower.moved(10'500ms, back, {}, {}));
    QVERIFY(!follower.yields());
}

void PlayFollowerTest::jumpsEndTheYielding() {
    PlayFollower follower;
    follower.begin(10'000ms);
    const TimeScale away = m_near.scrolled(5000);
    follower.turnedByHand(away);
    const std::optional<TimeScale> page = follower.moved(100'000ms, away, {}, {});
    QVERIFY(page && page->shows(100'000ms));
    follower.turnedByHand(m_near.scrolled(5000));
    QVERIFY(follower.moved(20'000ms, away, {}, {}));  // and so does a jump back
}

void PlayFollowerTest::skipsAndLoopsAreNoJumps() {
    const SkipPlan skips{{{{20s, 30s}, SkipReason::Silence}, {{30'100ms, 40s}, SkipReason::Hold}}};
    QVERIFY(!isJump(10s, 10'150ms, {}, {}));
    QVERIFY(!isJump(10s, 9'980ms, {}, {}));
    QVERIFY(isJump(10s, 9s, {}, {}));
    QVERIFY(isJump(10s, 12s, {}, {}));
    QVERIFY(!isJump(19'950ms, 30'050ms, skips, {}));
    QVERIFY(!isJump(19'950ms, 40'050ms, skips, {}));  // two at once
    QVERIFY(isJump(19'950ms, 45s, skips, {}));
    QVERIFY(!isJump(14'950ms, 10'020ms, {}, TimeSpan{10s, 15s}));
    QVERIFY(isJump(14'950ms, 5s, {}, TimeSpan{10s, 15s}));
}

void PlayFollowerTest::keepsWhatWasHeard() {
    PlayFollower follower;
    follower.begin(1'000ms);
    QVERIFY(follower.heardUpTo(1'100ms));
    QVERIFY(follower.heardUpTo(1'200ms));
    QVERIFY(!follower.heardUpTo(9'000ms));  // jumped over
    QVERIFY(follower.heardUpTo(9'050ms));
    follower.passTo(3'000ms);  // seeks while it pauses
    QVERIFY(follower.heardUpTo(3'040ms));
    QVERIFY(!follower.heardUpTo(3'040ms));
    QCOMPARE(follower.heard(), (TimeSpans{{1'000ms, 1'200ms}, {3'000ms, 3'040ms}, {9'000ms, 9'050ms}}));
    follower.begin(0ms);
    QVERIFY(follower.heard().empty());
}

void PlayFollowerTest::joinsSpans() {
    QCOMPARE(withSpan({}, {1s, 2s}), (TimeSpans{{1s, 2s}}));
    QCOMPARE(withSpan({{1s, 2s}, {5s, 6s}}, {2s, 5s}), (TimeSpans{{1s, 6s}}));
    QCOMPARE(withSpan({{1s, 2s}, {5s, 6s}}, {3s, 4s}), (TimeSpans{{1s, 2s}, {3s, 4s}, {5s, 6s}}));
    QCOMPARE(withSpan({{5s, 6s}}, {1s, 2s}), (TimeSpans{{1s, 2s}, {5s, 6s}}));
}

QTEST_GUILESS_MAIN(PlayFollowerTest)
#include "tst_playfollower.moc"
