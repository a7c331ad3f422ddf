// A sound device goes away at the two moments at which Qt 6.4.2 hangs for ever on PulseAudio: after it was asked for
// its format and before its stream is ready, and between asking how much it takes and the write. Each is made to happen
// here, not waited for. The one after it must be opened and heard by the same thread.
#include <QAudioSink>
#include <QMediaDevices>
#include <QTest>
#include <QThread>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <optional>
#include <thread>

#include "tests/playback/nullsink.h"
#include "ui/playback/pulsemends.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 10000;
/// A test waits a few times at most; more is a hang.
constexpr std::chrono::seconds kMostOfOneTest{60};
/// Of the steady clock: when the test that runs began.
std::atomic<std::chrono::steady_clock::rep> s_watchedSince;

/// Silence without end, and once a thing is done in the middle of a pull.
class Silence final : public QIODevice {
 public:
    explicit Silence(std::function<void()> inAPull = {}) : m_inAPull(std::move(inAPull)) { open(ReadOnly); }
    [[nodiscard]] std::int64_t pulled() const { return m_pulled; }
    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] qint64 bytesAvailable() const override { return 1 << 20; }

 protected:
    qint64 readData(char* data, qint64 most) override {
        std::fill(data, data + most, '\0');
        m_pulled += most;
        if (m_inAPull && m_pulled > 40000) {
            std::exchange(m_inAPull, {})();
        }
        return most;
    }
    qint64 writeData(const char* /*data*/, qint64 /*size*/) override { return -1; }

 private:
    std::function<void()> m_inAPull;
    std::int64_t m_pulled = 0;
};

std::optional<QAudioDevice> deviceNamed(const QByteArray& name) {
    for (const QAudioDevice& device : QMediaDevices::audioOutputs()) {
        if (device.id() == name) {
            return device;
        }
    }
    return std::nullopt;
}

/// From another thread, for this one is inside of Qt.
bool removeNow(const QString& module) {
    const bool done = std::async(std::launch::async, [module] {
                          return QProcess::execute(u"pactl"_s, {u"unload-module"_s, module}) == 0;
                      }).get();
    QThread::msleep(50);  // the server's word that the stream is dead comes to the library's own thread
    return done;
}

}  // namespace

class TestPulseMends : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void goneBeforeItIsOpened();
    void goneInTheMiddleOfAWrite();
    void goneWhileItRests();

 private:
    [[nodiscard]] bool anotherPlays();

    NullSink m_sink;
};

void TestPulseMends::initTestCase() {
    const QString missing = m_sink.startWithoutSink();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
    mendPulse();
    QVERIFY2(pulseIsMended(), "Qt's calls do not pass through the program's functions");
}

void TestPulseMends::init() {
    s_watchedSince = std::chrono::steady_clock::now().time_since_epoch().count();
}

/// A new stream is opened and fed, so the library's lock is free and its thread is alive. The server would move streams
/// of a lost device to another one, so that one comes only now.
bool TestPulseMends::anotherPlays() {
    if (!m_sink.addSink(u"another"_s) ||
        !QTest::qWaitFor([] { return deviceNamed("another").has_value(); }, kPatienceMs)) {
        return false;
    }
    const auto device = deviceNamed("another");
    QAudioSink sink(*device, device->preferredFormat());
    Silence silence;
    sink.start(&silence);
    const bool good =
        sink.error() == QAudio::NoError && QTest::qWaitFor([&] { return silence.pulled() > 100'000; }, kPatienceMs);
    sink.stop();
    return m_sink.removeSink(u"another"_s) && good;
}

void TestPulseMends::goneBeforeItIsOpened() {
    QVERIFY(m_sink.addSink(u"gone"_s));
    QTRY_VERIFY_WITH_TIMEOUT(deviceNamed("gone").has_value(), kPatienceMs);
    const QAudioDevice gone = *deviceNamed("gone");
    QVERIFY(m_sink.removeSink(u"gone"_s));
    QAudioSink sink(gone, gone.preferredFormat());
    Silence silence;
    sink.start(&silence);
    QCOMPARE(sink.error(), QAudio::OpenError);
    QVERIFY(anotherPlays());
}

void TestPulseMends::goneInTheMiddleOfAWrite() {
    QVERIFY(m_sink.addSink(u"brief"_s));
    QTRY_VERIFY_WITH_TIMEOUT(deviceNamed("brief").has_value(), kPatienceMs);
    bool removed = false;
    Silence silence([&] { removed = removeNow(m_sink.moduleOf(u"brief"_s)); });
    QAudioSink sink(*deviceNamed("brief"), deviceNamed("brief")->preferredFormat());
    sink.setBufferSize(sink.format().bytesForDuration(100'000));
    sink.start(&silence);
    QTRY_VERIFY_WITH_TIMEOUT(removed, kPatienceMs);
    sink.stop();
    QVERIFY(anotherPlays());
}

/// The library ends a program that asks for an operation that there is not.
void TestPulseMends::goneWhileItRests() {
    QVERIFY(m_sink.addSink(u"resting"_s));
    QTRY_VERIFY_WITH_TIMEOUT(deviceNamed("resting").has_value(), kPatienceMs);
    Silence silence;
    QAudioSink sink(*deviceNamed("resting"), deviceNamed("resting")->preferredFormat());
    sink.start(&silence);
    QTRY_VERIFY_WITH_TIMEOUT(silence.pulled() > 40'000, kPatienceMs);
    sink.suspend();
    QVERIFY(m_sink.removeSink(u"resting"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!deviceNamed("resting").has_value(), kPatienceMs);
    sink.resume();
    QCOMPARE(sink.state(), QAudio::ActiveState);  // Qt does not know
    sink.stop();
    QVERIFY(anotherPlays());
}

int main(int argc, char** argv) {
    // Without the mends this thread would hang here, and the end of the process with it.
    s_watchedSince = std::chrono::steady_clock::now().time_since_epoch().count();
    std::thread([] {
        using Clock = std::chrono::steady_clock;
        while (Clock::now().time_since_epoch() - Clock::duration(s_watchedSince.load()) < kMostOfOneTest) {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
        std::fputs("FAIL!  : the sound library hangs\n", stderr);
        std::_Exit(2);
    }).detach();
    QCoreApplication application(argc, argv);
    TestPulseMends test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_pulsemends.moc"
