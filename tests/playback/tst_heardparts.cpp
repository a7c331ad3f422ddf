// How much of a recording was heard and which parts were played: runs count, each time; jumps, other calls and calls
// never opened do not; what is remembered from before counts once.
#include <QTest>

#include "ui/playback/heardparts.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kLook = 500ms;  ///< can have sounded since the last look

}  // namespace

class TestHeardParts : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void countsWhatRan();
    void keepsWhatWasPlayed();
    void aSlowLookIsNoJumpAndAShortJumpIsOne();
    void goesOnFromBefore();
    void staysBounded();

 private:
    const CallKey m_one{u"main"_s, u"1"_s};
    const CallKey m_two{u"main"_s, u"2"_s};
};

void TestHeardParts::countsWhatRan() {
    HeardParts heard;
    heard.heard(500ms);  // nothing is open
    QVERIFY(!heard.of(m_one));
    heard.opened(m_one);
    QVERIFY(heard.of(m_one) == 0ms);
    heard.heard(500ms);
    heard.heard(300ms);  // again
    heard.heard(0ms);
    heard.heard(-500ms);
    QVERIFY(heard.of(m_one) == 800ms);
    heard.opened(m_two);
    heard.heard(40ms);
    heard.closed();
    heard.heard(50ms);
    QVERIFY(heard.of(m_two) == 40ms);
    heard.opened(m_one);  // comes back: it goes on
    heard.heard(200ms);
    QVERIFY(heard.of(m_one) == 1s);
}

void TestHeardParts::keepsWhatWasPlayed() {
    HeardParts heard;
    QVERIFY(!heard.played(0ms, 50ms, kLook));  // nothing is open
    heard.opened(m_one);
    QVERIFY(heard.played(1'000ms, 1'100ms, kLook));
    QVERIFY(heard.played(1'101ms, 1'200ms, kLook));   // a moment passes between two looks
    QVERIFY(!heard.played(1'200ms, 9'000ms, kLook));  // jumped over
    QVERIFY(!heard.played(9'000ms, 8'000ms, kLook));  // jumped back
    QVERIFY(!heard.played(9'000ms, 9'000ms, kLook));
    QVERIFY(heard.played(9'000ms, 9'050ms, kLook));
    QVERIFY(heard.played(3'000ms, 3'040ms, kLook));
    QCOMPARE(heard.parts(m_one), (TimeSpans{{1'000ms, 1'200ms}, {3'000ms, 3'040ms}, {9'000ms, 9'050ms}}));
    heard.opened(m_two);
    QVERIFY(heard.parts(m_two).empty());
    heard.opened(m_one);  // comes back: it is still there
    QCOMPARE(heard.parts(m_one).size(), size_t(3));
}

void TestHeardParts::aSlowLookIsNoJumpAndAShortJumpIsOne() {
    HeardParts heard;
    heard.opened(m_one);
    QVERIFY(heard.played(0ms, 3'000ms, 3'000ms));  // a second at threefold speed, while the window was held up
    QVERIFY(heard.played(3'000ms, 3'050ms, 50ms));
    QVERIFY(!heard.played(3'050ms, 3'500ms, 50ms));  // a silence left out
    QVERIFY(heard.played(3'500ms, 3'550ms, 50ms));
    QCOMPARE(heard.parts(m_one), (TimeSpans{{0ms, 3'050ms}, {3'500ms, 3'550ms}}));
}

void TestHeardParts::goesOnFromBefore() {
    HeardParts heard;
    const ListeningProgress before{7s, 12s, {{0ms, 5s}, {6s, 7s}}};
    heard.remember(m_one, before);
    QVERIFY(heard.of(m_one) == 12s);  // also before it is opened
    heard.opened(m_one);
    heard.heard(500ms);
    heard.played(4'900ms, 5'400ms, kLook);
    heard.remember(m_one, before);  // told again: no second time
    QVERIFY(heard.of(m_one) == 12'500ms);
    QCOMPARE(heard.parts(m_one), (TimeSpans{{0ms, 5'400ms}, {6s, 7s}}));

    heard.opened(m_two);  // told late
    heard.heard(1s);
    heard.played(100ms, 200ms, kLook);
    heard.remember(m_two, {0ms, 2s, {{150ms, 300ms}}});
    QVERIFY(heard.of(m_two) == 3s);
    QCOMPARE(heard.parts(m_two), (TimeSpans{{100ms, 300ms}}));
}

void TestHeardParts::staysBounded() {
    HeardParts heard;
    heard.opened(m_one);
    for (int i = 0; i < 2'000; ++i) {
        QVERIFY(heard.played(i * 1s, i * 1s + 300ms, kLook));
    }
    const TimeSpans parts = heard.parts(m_one);
    QVERIFY(parts.size() <= kMostPlayedParts);
    QVERIFY(parts.front().begin == 0ms && parts.back().end == 1'999'300ms);
}

QTEST_GUILESS_MAIN(TestHeardParts)

#include "tst_heardparts.moc"
