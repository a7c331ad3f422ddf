// How much of a recording was heard: runs count, each time; jumps, other calls and calls never opened do not.
#include <QTest>

#include "ui/playback/heardtime.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestHeardTime : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void countsWhatRan();
};

void TestHeardTime::countsWhatRan() {
    const CallKey one{u"main"_s, u"1"_s};
    const CallKey two{u"main"_s, u"2"_s};
    HeardTime heard;
    heard.heard(500ms);  // nothing is open
    QVERIFY(!heard.of(one));
    heard.opened(one);
    QVERIFY(heard.of(one) == 0ms);
    heard.heard(500ms);
    heard.heard(300ms);  // again
    heard.heard(0ms);
    heard.heard(-500ms);
    QVERIFY(heard.of(one) == 800ms);
    heard.opened(two);
    heard.heard(40ms);
    heard.closed();
    heard.heard(50ms);
    QVERIFY(heard.of(two) == 40ms);
    heard.opened(one);  // comes back: it goes on
    heard.heard(200ms);
    QVERIFY(heard.of(one) == 1s);
}

QTEST_GUILESS_MAIN(TestHeardTime)

#include "tst_heardtime.moc"
