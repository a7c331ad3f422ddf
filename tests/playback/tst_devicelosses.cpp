// The sound device goes and comes while the sound server lives: removed, suspended, not there at the start, another
// one made the default. The position runs on by the clock, the bar says so, sound comes back by itself, and the UI
// thread never waits.
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

#include "tests/audio/correlation.h"
#include "tests/audio/soundfixture.h"
#include "tests/playback/heldup.h"
#include "tests/playback/nullsink.h"
#include "tests/support/patience.h"
#include "ui/playback/player.h"
#include "ui/playback/playerbar.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRate = NullSink::kRate;
constexpr int kPatienceMs = 15000;

/// The longest time between two turns of the event loop, and how much of it the machine may have taken.
class Heartbeat final {
 public:
    Heartbeat() {
        m_last.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_longest = std::max(m_longest, m_last.restart());
            ++m_beats;
        });
        m_timer.start(10);
    }
    [[nodiscard]] qint64 longestMs() const { return std::max(m_longest, m_last.elapsed()); }
    [[nodiscard]] qint64 machineMs() const { return m_machine.longest().count(); }
    [[nodiscard]] int beats() const { return m_beats; }

 private:
    HeldUp m_machine;
    QTimer m_timer;
    QElapsedTimer m_last;
    qint64 m_longest = 0;
    int m_beats = 0;
};

/// A sound server that is asked while it is gone could hold a thread for seconds. The machine's own part does not
/// count.
constexpr qint64 kLongestBeatMs = 700;

}  // namespace

class TestDeviceLosses : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void noneAtTheStart();
    void removedAndAnotherComes();
    void suspendedAndResumed();
    void anotherBecomesTheDefault();
    void chosenDeviceIsUsedLostAndFoundAgain();
    void goneDuringALongPause();
    void endsWhilePlaying();
    void twentyLossesInARow();

 private:
    [[nodiscard]] bool barSaysNoDevice() const;
    [[nodiscard]] double fitFrom(std::chrono::milliseconds position) const;
    void open();

    QTemporaryDir m_folder;
    NullSink m_sink;
    std::vector<double> m_source;
    std::unique_ptr<Player> m_player;
    std::unique_ptr<PlayerBar> m_bar;
    std::unique_ptr<Heartbeat> m_heartbeat;
};

void TestDeviceLosses::initTestCase() {
    const QString missing = m_sink.startWithoutSink();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
    auto noise = fixture::noise(120 * kRate, 2, 0.9);
    for (std::size_t i = noise.size(); i-- > 12;) {  // smooth: half a sample of delay must not matter
        noise[i] = static_cast<std::int16_t>((noise[i] + noise[i - 2] + noise[i - 4] + noise[i - 6]) / 4);
    }
    QVERIFY(fixture::writeFile(m_folder.filePath(u"noise.wav"_s), fixture::wav(noise, kRate, 2)));
    m_source = correlation::channel(noise, 2, 0);
}

void TestDeviceLosses::init() {
    m_player = std::make_unique<Player>();
    m_bar = std::make_unique<PlayerBar>(m_player.get(), nullptr);
    m_heartbeat = std::make_unique<Heartbeat>();
}

void TestDeviceLosses::cleanup() {
    const qint64 longest = m_heartbeat->longestMs();
    const qint64 machine = m_heartbeat->machineMs();
    const int beats = m_heartbeat->beats();
    m_sink.stopRecording();
    m_heartbeat.reset();
    m_bar.reset();
    m_player.reset();
    for (const QString& name : {u"one"_s, u"two"_s}) {
        if (m_sink.hasSink(name)) {
            QVERIFY(m_sink.removeSink(name));
        }
    }
    qInfo().noquote()
        << u"%1 turns of the event loop, the longest after %2 ms; the machine held up a thread for %3 ms"_s.arg(beats)
               .arg(longest)
               .arg(machine);
    QVERIFY2(longest - machine < kLongestBeatMs, "the UI thread was held up");
}

bool TestDeviceLosses::barSaysNoDevice() const {
    const auto labels = m_bar->findChildren<QWidget*>();
    return std::any_of(labels.begin(), labels.end(), [](const QWidget* label) {
        return label->property("text").toString().contains(u"No sound device"_s) ||
               label->accessibleName().contains(u"No sound device"_s);
    });
}

/// How well a piece of the source is found in what was recorded.
double TestDeviceLosses::fitFrom(std::chrono::milliseconds position) const {
    const auto from = m_source.begin() + static_cast<std::ptrdiff_t>(position.count()) * kRate / 1000;
    const auto heard = correlation::channel(m_sink.recorded(), 2, 0);
    return correlation::place({from, from + 200 * kRate / 1000}, heard).value;
}

void TestDeviceLosses::open() {
    m_player->open({u"a"_s, u"1"_s}, m_folder.filePath(u"noise.wav"_s));
    m_player->play();
}

void TestDeviceLosses::noneAtTheStart() {
    open();
    QTRY_VERIFY(!m_player->hasDevice() && m_player->state() == PlayerState::Playing);
    QVERIFY(barSaysNoDevice());
    QElapsedTimer clock;
    clock.start();
    const auto from = m_player->position();
    QTRY_VERIFY(m_player->position() > from + 600ms);
    const qint64 apart = std::abs((m_player->position() - from).count() - clock.elapsed());
    QVERIFY2(apart - m_heartbeat->machineMs() < 120, "the position runs by the clock");
    QVERIFY(m_sink.addSink(u"one"_s));
    QTRY_VERIFY_WITH_TIMEOUT(m_player->hasDevice(), kPatienceMs);
    QVERIFY(!barSaysNoDevice());
    QCOMPARE(m_sink.startRecording(u"one"_s), QString());
    const auto back = m_player->position();
    QTRY_VERIFY(m_player->position() > back + 600ms);
    QVERIFY2(fitFrom(back + 200ms) > 0.85, "nothing is heard from the device that came");
}

void TestDeviceLosses::removedAndAnotherComes() {
    QVERIFY(m_sink.addSink(u"one"_s));
    open();
    QTRY_VERIFY(m_player->position() > 400ms);
    QVERIFY(m_player->hasDevice());
    QElapsedTimer clock;
    const auto before = m_player->position();
    clock.start();
    QVERIFY(m_sink.removeSink(u"one"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!m_player->hasDevice(), kPatienceMs);
    const qint64 noticed = clock.elapsed();
    QVERIFY(barSaysNoDevice());
    QCOMPARE(m_player->state(), PlayerState::Playing);
    const auto lost = m_player->position();
    QVERIFY2(lost >= before - 60ms, "the position must not fall back");
    QTRY_VERIFY(m_player->position() > lost + 400ms);
    QVERIFY(m_sink.addSink(u"two"_s));
    clock.restart();
    QTRY_VERIFY_WITH_TIMEOUT(m_player->hasDevice(), kPatienceMs);
    qInfo().noquote() << u"loss said after %1 ms, sound back after %2 ms"_s.arg(noticed).arg(clock.elapsed());
    QVERIFY(!barSaysNoDevice());
    QCOMPARE(m_sink.startRecording(u"two"_s), QString());
    const auto back = m_player->position();
    QTRY_VERIFY(m_player->position() > back + 600ms);
    QVERIFY(fitFrom(back + 200ms) > 0.85);
}

void TestDeviceLosses::suspendedAndResumed() {
    QVERIFY(m_sink.addSink(u"one"_s));
    open();
    QTRY_VERIFY(m_player->position() > 400ms);
    QVERIFY(m_sink.suspendSink(u"one"_s, true));
    QTRY_VERIFY_WITH_TIMEOUT(!m_player->hasDevice(), kPatienceMs);
    QVERIFY(barSaysNoDevice());
    const auto lost = m_player->position();
    QTRY_VERIFY(m_player->position() > lost + 400ms);
    QVERIFY(m_sink.suspendSink(u"one"_s, false));
    QTRY_VERIFY_WITH_TIMEOUT(m_player->hasDevice(), kPatienceMs);
    QCOMPARE(m_sink.startRecording(u"one"_s), QString());
    const auto back = m_player->position();
    QTRY_VERIFY_WITH_TIMEOUT(m_player->position() > back + 600ms, kPatienceMs);
    QVERIFY(fitFrom(back + 200ms) > 0.85);
}

void TestDeviceLosses::anotherBecomesTheDefault() {
    QVERIFY(m_sink.addSink(u"one"_s));
    QVERIFY(m_sink.setDefaultSink(u"one"_s));
    QVERIFY(m_sink.addSink(u"two"_s));
    open();
    QTRY_VERIFY(m_player->position() > 400ms);
    QCOMPARE(m_sink.startRecording(u"two"_s), QString());
    QVERIFY(m_sink.setDefaultSink(u"two"_s));
    const auto changed = m_player->position();
    QTRY_VERIFY_WITH_TIMEOUT(m_player->position() > changed + 2500ms, kPatienceMs);
    QVERIFY(m_player->hasDevice());
    QVERIFY2(fitFrom(m_player->position() - 500ms) > 0.85, "the sound must follow the default device");
}

void TestDeviceLosses::chosenDeviceIsUsedLostAndFoundAgain() {
    QVERIFY(m_sink.addSink(u"one"_s));
    QVERIFY(m_sink.setDefaultSink(u"one"_s));
    QVERIFY(m_sink.addSink(u"two"_s));
    open();
    QTRY_VERIFY(m_player->position() > 400ms);
    QTRY_COMPARE(m_player->outputDevices().size(), 2);
    const auto devices = m_player->outputDevices();
    QCOMPARE(std::count_if(devices.begin(), devices.end(), [](const OutputDevice& device) { return device.isDefault; }),
             1);
    const auto heardFrom = [this](const QString& sink) {
        if (!m_sink.startRecording(sink).isEmpty()) {
            return false;
        }
        const auto from = m_player->position();
        return QTest::qWaitFor([&] { return m_player->position() > from + 900ms; }, kPatienceMs) &&
               fitFrom(m_player->position() - 400ms) > 0.85;
    };
    QVERIFY(heardFrom(u"one"_s));
    m_player->setOutputDevice("two");
    QCOMPARE(m_player->outputDevice(), "two");
    QVERIFY(heardFrom(u"two"_s));
    QCOMPARE(m_player->state(), PlayerState::Playing);
    QVERIFY(m_player->hasDevice());

    QVERIFY(m_sink.removeSink(u"two"_s));
    QTRY_COMPARE(m_player->outputDevices().size(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(m_player->hasDevice(), kPatienceMs);
    QVERIFY2(heardFrom(u"one"_s), "the system's device takes its place");
    QCOMPARE(m_player->outputDevice(), "two");

    QVERIFY(m_sink.addSink(u"two"_s));
    QTRY_COMPARE(m_player->outputDevices().size(), 2);
    QVERIFY2(heardFrom(u"two"_s), "it came back");
    const auto before = m_player->position();
    m_player->setOutputDevice({});
    QVERIFY(heardFrom(u"one"_s));
    QVERIFY(m_player->position() < before + 4s);
    m_player->pause();
    m_player->setOutputDevice("two");  // while nothing plays
    m_player->play();
    QVERIFY(heardFrom(u"two"_s));
}

/// After three seconds of pause the device is given a rest, and then it is taken away.
void TestDeviceLosses::goneDuringALongPause() {
    QVERIFY(m_sink.addSink(u"one"_s));
    open();
    QTRY_VERIFY(m_player->position() > 200ms);
    m_player->pause();
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(clock.elapsed() > 3600, kPatienceMs);
    QVERIFY(m_sink.removeSink(u"one"_s));
    QVERIFY(m_sink.addSink(u"two"_s));
    QCOMPARE(m_sink.startRecording(u"two"_s), QString());
    const auto stood = m_player->position();
    m_player->play();
    QTRY_VERIFY_WITH_TIMEOUT(m_player->position() > stood + 1500ms && m_player->hasDevice(), kPatienceMs);
    QVERIFY2(fitFrom(m_player->position() - 500ms) > 0.85, "nothing is heard from the new device");
}

/// The player goes away while it plays, as when the window is closed: the sound library must have nothing left to feed.
void TestDeviceLosses::endsWhilePlaying() {
    QVERIFY(m_sink.addSink(u"one"_s));
    for (int i = 0; i < 25; ++i) {
        Player player;
        player.open({u"a"_s, u"1"_s}, m_folder.filePath(u"noise.wav"_s));
        player.play();
        QTRY_VERIFY_WITH_TIMEOUT(player.position() > std::chrono::milliseconds(5 + i), kPatienceMs);
    }
}

void TestDeviceLosses::twentyLossesInARow() {
    QVERIFY(m_sink.addSink(u"one"_s));
    open();
    QTRY_VERIFY(m_player->position() > 200ms);
    QElapsedTimer clock;
    clock.start();
    const auto from = m_player->position();
    for (int i = 0; i < 20; ++i) {
        QVERIFY(m_sink.removeSink(u"one"_s));
        QTRY_VERIFY_WITH_TIMEOUT(!m_player->hasDevice(), kPatienceMs);
        QVERIFY(m_sink.addSink(u"one"_s));
        QTRY_VERIFY_WITH_TIMEOUT(m_player->hasDevice(), kPatienceMs);
        QCOMPARE(m_player->state(), PlayerState::Playing);
    }
    const qint64 behind = clock.elapsed() - (m_player->position() - from).count();
    qInfo().noquote()
        << u"20 losses in %1 ms, the position is %2 ms behind the clock"_s.arg(clock.elapsed()).arg(behind);
    QCOMPARE(m_sink.startRecording(u"one"_s), QString());
    const auto back = m_player->position();
    QTRY_VERIFY_WITH_TIMEOUT(m_player->position() > back + 600ms, kPatienceMs);
    QVERIFY(fitFrom(back + 200ms) > 0.85);
}

QTEST_MAIN(TestDeviceLosses)
#include "tst_devicelosses.moc"
