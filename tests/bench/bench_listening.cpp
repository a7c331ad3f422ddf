// What listening costs: the processor while it plays (normal and twice the speed, beside the same program at rest), the
// time from the key to the first sound of the next call (prepared, only cached, and beside them the device's own delay:
// a recording that is open already; by the player alone and through the whole window), and memory over many calls. Over
// a sound server that nobody hears. bench_listening [CALLS] [memory | sound]
#include <sys/resource.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstdio>

#include "tests/audio/audioencoder.h"
#include "tests/audio/soundfixture.h"
#include "tests/audio/voices.h"
#include "tests/bench/windowsound.h"
#include "tests/playback/nullsink.h"
#include "ui/playback/player.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRecorder = 48000;
constexpr int kPatienceMs = 20000;
constexpr int kRounds = 20;
constexpr int kCallsInTheTable = 100'000;

double processorSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

qint64 memoryKb() {
    QFile status(u"/proc/self/status"_s);
    if (status.open(QIODevice::ReadOnly)) {
        for (const QByteArray& line : status.readAll().split('\n')) {
            if (line.startsWith("VmRSS:")) {
                return line.mid(6).trimmed().split(' ').first().toLongLong();
            }
        }
    }
    return 0;
}

double share(std::vector<double> values, double part) {
    std::sort(values.begin(), values.end());
    return values.empty() ? -1 : values[std::size_t(part * double(values.size() - 1))];
}

void printDelays(const char* words, std::vector<double> delays) {
    std::erase_if(delays, [](double delay) { return delay < 0; });  // nothing was heard
    std::printf("key to first sound, %-32s p50 %3.0f ms, p95 %3.0f ms, most %3.0f ms (%zu of %d)\n", words,
                share(delays, 0.5), share(delays, 0.95), share(delays, 1), delays.size(), kRounds);
}

class Bench final {
 public:
    [[nodiscard]] QString start() { return m_sink.start(); }
    void processor(const char* what, const QString& file);
    void firstSound();
    void firstSoundThroughTheWindow();
    void memory(int calls);
    QString make(const QString& name, int seconds);
    QString makeCoded(const QString& name);

 private:
    enum class How { Open, Cached, Prepared };
    [[nodiscard]] double delay(How how, const QString& file, int round);
    [[nodiscard]] bool openAll(const QString& file);

    QTemporaryDir m_folder;
    NullSink m_sink{kRecorder};
    Player m_player;
    int m_opened = 0;
};

QString Bench::make(const QString& name, int seconds) {
    const QString file = m_folder.filePath(name);
    const auto samples = fixture::noise(seconds * 8000, 2);
    return fixture::writeFile(file, fixture::wav(samples, 8000, 2)) &&
                   QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner)
               ? file
               : QString();
}

/// Ten minutes of MP3, 44.1 kHz stereo.
QString Bench::makeCoded(const QString& name) {
    const QString file = m_folder.filePath(name);
    for (const fixture::AudioForm& form : fixture::audioForms()) {
        if (QLatin1StringView(form.name) == u"mp3 44.1 kHz") {
            const auto noise = fixture::noise(600 * form.rate, form.channels);
            return fixture::encode(form, noise, file).isEmpty() ? file : QString();
        }
    }
    return {};
}

bool Bench::openAll(const QString& file) {
    m_player.open({u"bench"_s, QString::number(++m_opened)}, file);
    return QTest::qWaitFor([this] { return m_player.map() != nullptr; }, kPatienceMs);
}

void Bench::processor(const char* what, const QString& file) {
    if (!openAll(file)) {
        std::printf("%s: not opened\n", what);
        return;
    }
    const auto during = [](int milliseconds) {
        const double before = processorSeconds();
        QTest::qWait(milliseconds);
        return (processorSeconds() - before) * 100'000 / milliseconds;
    };
    const double atRest = during(2000);
    std::printf("processor, %-28s at rest %.1f %%", what, atRest);
    for (const double tempo : {1.0, 2.0, 3.0, 0.5}) {
        m_player.setTempo(tempo);
        m_player.seek(1s);
        m_player.play();
        QTest::qWait(500);
        std::printf("; %.1fx %.1f %%", tempo, during(4000));
        m_player.pause();
    }
    m_player.setTempo(1);
    std::printf(" of one core\n");
}

double Bench::delay(How how, const QString& file, int round) {
    const CallKey key{u"bench"_s, QString::number(++m_opened)};
    if (how == How::Prepared) {
        m_player.prepare(key, file);
        QTest::qWait(400);  // the hand is busy with the call before
    } else if (how == How::Open) {
        m_player.open(key, file);
        if (!QTest::qWaitFor([this] { return m_player.map() != nullptr; }, kPatienceMs)) {
            return -1;
        }
    }
    // The call before plays, and falls silent by the key.
    if (!m_sink.startRecording().isEmpty()) {
        return -1;
    }
    QTest::qWait(150 + round % 7 * 5);
    const std::int64_t pressed = m_sink.recordedFrames();
    if (how != How::Open) {
        m_player.open(key, file);
    }
    m_player.play();
    if (!QTest::qWaitFor([this] { return m_player.position() > 400ms; }, kPatienceMs)) {
        return -1;
    }
    m_player.pause();
    const auto samples = m_sink.recorded();
    for (std::size_t i = std::size_t(pressed) * 2; i < samples.size(); ++i) {
        if (std::abs(samples[i]) > 100) {
            return double(std::int64_t(i / 2) - pressed) * 1000 / kRecorder;
        }
    }
    return -1;
}

void Bench::firstSound() {
    m_player.setAutoBack(0ms);
    for (const auto& [how, words] :
         {std::pair{How::Open, "open already (the device alone)"}, std::pair{How::Prepared, "prepared"},
          std::pair{How::Cached, "cached, not prepared"}}) {
        std::vector<double> delays;
        for (int round = 0; round < kRounds; ++round) {
            const QString file = make(u"next%1.wav"_s.arg(round % 5), 60 + round);
            delays.push_back(delay(how, file, round));
            QTest::qWait(250);
        }
        printDelays(words, delays);
    }
}

void Bench::firstSoundThroughTheWindow() {
    m_player.close();
    WindowSound window(m_sink);
    if (!window.open(kCallsInTheTable, kRounds)) {
        std::printf("the window does not open\n");
        return;
    }
    printDelays("the window, prepared", window.delays(true));
    printDelays("the window, cached, not prepared", window.delays(false));
}

void Bench::memory(int calls) {
    for (int i = 0; i < 8; ++i) {
        if (make(u"call%1.wav"_s.arg(i), 120 + i * 30).isEmpty()) {
            return;
        }
    }
    std::vector<qint64> sizes;
    for (int call = 0; call < calls; ++call) {
        const QString file = m_folder.filePath(u"call%1.wav"_s.arg(call % 8));
        const QString next = m_folder.filePath(u"call%1.wav"_s.arg((call + 1) % 8));
        m_player.prepare({u"bench"_s, u"next"_s}, next);
        if (!openAll(file)) {
            std::printf("call %d was not opened\n", call);
            return;
        }
        m_player.setTempo(call % 2 == 0 ? 2 : 1);
        m_player.play();
        if (!QTest::qWaitFor([this] { return m_player.position() > 50ms; }, kPatienceMs)) {
            std::printf("call %d does not play\n", call);
            return;
        }
        sizes.push_back(memoryKb());
    }
    m_player.close();
    const auto largest = [&sizes](std::size_t from, std::size_t to) {
        return *std::max_element(sizes.begin() + std::ptrdiff_t(from), sizes.begin() + std::ptrdiff_t(to)) / 1024;
    };
    const std::size_t quarter = sizes.size() / 4;
    std::printf("memory over %d calls: at most %lld MB in the first quarter, %lld MB in the last\n", calls,
                static_cast<long long>(largest(0, quarter)),
                static_cast<long long>(largest(sizes.size() - quarter, sizes.size())));
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    Bench bench;
    if (const QString missing = bench.start(); !missing.isEmpty()) {
        std::printf("skipped: %s\n", qPrintable(missing));
        return 0;
    }
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const QByteArray part = argc > 2 ? argv[2] : "";
    if (part == "memory") {
        bench.memory(QByteArray(argv[1]).toInt());
        return 0;
    }
    if (part == "sound") {
        bench.firstSound();
        bench.firstSoundThroughTheWindow();
        return 0;
    }
    bench.processor("8 kHz stereo", bench.make(u"plain.wav"_s, 120));
    bench.processor("44.1 kHz stereo", bench.makeCoded(u"coded.mp3"_s));
    bench.firstSound();
    bench.firstSoundThroughTheWindow();
    bench.memory(argc > 1 ? QByteArray(argv[1]).toInt() : 200);
    return 0;
}
