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

QTEST_GUILESS_MAIN(PlayFollowerTest)
#include "tst_playfollower.moc"
