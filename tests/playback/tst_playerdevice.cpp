// The sound server dies in the middle of a call and comes back: the position goes on, and so does the sound.
#include <QTest>

#include "tests/audio/correlation.h"
#include "tests/audio/soundfixture.h"
#include "tests/playback/heardmain.h"
#include "tests/playback/nullsink.h"
#include "tests/support/patience.h"
#include "ui/playback/player.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestPlayerDevice : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void serverDiesAndComesBack();

 private:
    QTemporaryDir m_folder;
    NullSink m_sink;
};

void TestPlayerDevice::initTestCase() {
    const QString missing = m_sink.start();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
}

void TestPlayerDevice::serverDiesAndComesBack() {
    const QString file = m_folder.filePath(u"noise.wav"_s);
    const auto noise = fixture::noise(60 * 8000, 2);
    QVERIFY(fixture::writeFile(file, fixture::wav(noise, 8000, 2)));
    Player player;
    player.open({u"a"_s, u"1"_s}, file);
    player.play();
    QTRY_VERIFY(player.position() > 500ms);
    QVERIFY(player.hasDevice());
    QVERIFY(!player.heard({u"a"_s, u"2"_s}));  // never open: nobody knows
    player.seek(20s);
    QTRY_VERIFY(player.position() > 20s + 300ms);
    QVERIFY2(player.heard({u"a"_s, u"1"_s}) > 600ms && player.heard({u"a"_s, u"1"_s}) < 15s, "a jump is not heard");
    player.seek(1s);

    m_sink.stop();
    QTRY_VERIFY(!player.hasDevice());
    QCOMPARE(player.state(), PlayerState::Playing);
    const auto lostAt = player.position();
    QVERIFY(lostAt >= 500ms && lostAt < 5s);
    QTRY_VERIFY(player.position() > lostAt + 500ms);

    QCOMPARE(m_sink.restart(), QString());
    QCOMPARE(m_sink.startRecording(), QString());
    QTRY_VERIFY_WITH_TIMEOUT(player.hasDevice(), 15000);
    const auto backAt = player.position();
    QVERIFY2(backAt > lostAt + 500ms, "the position must not fall back");
    QTRY_VERIFY(player.position() > backAt + 600ms);
    const auto heard = correlation::channel(m_sink.recorded(), 2, 0);
    const auto source = correlation::channel(noise, 2, 0);
    const auto from = static_cast<std::ptrdiff_t>(backAt.count() + 200) * 8;
    const auto fit = correlation::place({source.begin() + from, source.begin() + from + 1600}, heard);
    QVERIFY2(fit.value > 0.85, qPrintable(u"fit %1"_s.arg(fit.value)));
}

int main(int argc, char** argv) {
    return earmark::heardMain<QCoreApplication, TestPlayerDevice>(argc, argv);
}
#include "tst_playerdevice.moc"
