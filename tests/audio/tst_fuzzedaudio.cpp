// Recordings with changed bytes: decoder and sound map end, in bounded time and memory, with sound or a sentence. Every
// form that can be made here; the changes are the same in every run. EARMARK_FUZZED_FILES makes it longer (tests/long).
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "models/audio/audiodecoder.h"
#include "models/audio/soundmap.h"
#include "tests/audio/audioencoder.h"
#include "tests/audio/soundfixture.h"
#include "tests/audio/voices.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kFilesOfTheSuite = 312;      // twelve of every form
constexpr qint64 kMostMs = 5000;           // of one file; typical are some milliseconds
constexpr qint64 kMostGrowthKb = 300'000;  // the samples' 96 MiB, libav's largest single block, and some air
constexpr int kMostSeconds = 600;          // that a file of one second may unfold into

// The address sanitizer keeps freed memory aside for a while. Each compiler has its own word for it.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeepsFreedMemory = true;
#elif defined(__has_feature)
constexpr bool kKeepsFreedMemory = __has_feature(address_sanitizer);
#else
constexpr bool kKeepsFreedMemory = false;
#endif

qint64 statusKb(const char* name) {
    QFile status(u"/proc/self/status"_s);
    if (status.open(QIODevice::ReadOnly)) {
        for (const QByteArray& line : status.readAll().split('\n')) {
            if (line.startsWith(name)) {
                return line.mid(qstrlen(name) + 1).trimmed().split(' ').first().toLongLong();
            }
        }
    }
    return 0;
}

QByteArray changed(const QByteArray& whole, unsigned seed) {
    std::mt19937 random(seed);
    QByteArray bytes = whole;
    const auto any = [&random](qsizetype size) {
        return static_cast<qsizetype>(random() % static_cast<unsigned>(size));
    };
    switch (seed % 6) {
        case 0:  // bits everywhere, as many as zzuf changes with -r 0.004
            for (qsizetype i = bytes.size() * 8 * 4 / 1000; i > 0; --i) {
                const qsizetype at = any(bytes.size());
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
            }
            break;
        case 1:  // the head decides most
            for (int i = 0; i < 4; ++i) {
                bytes[any(std::min<qsizetype>(bytes.size(), 200))] = static_cast<char>(random());
            }
            break;
        case 2:  // a length or count at its limit
            bytes.replace(any(std::min<qsizetype>(bytes.size(), 600) - 4), 4,
                          QByteArray(4, seed % 4 == 0   ? '\xff'
                                        : seed % 4 == 1 ? '\x7f'
                                                        : '\0'));
            break;
        case 3:
            bytes.truncate(any(bytes.size()));
            break;
        case 4: {  // a piece twice, or torn out
            const qsizetype at = any(bytes.size() - 1);
            const qsizetype length = std::min<qsizetype>(bytes.size() - at, 1 + any(3000));
            seed % 4 == 0 ? bytes.insert(any(bytes.size()), bytes.mid(at, length)) : bytes.remove(at, length);
            break;
        }
        default: {  // a stretch of noise or of one byte
            const qsizetype at = any(bytes.size());
            for (qsizetype i = at; i < std::min<qsizetype>(bytes.size(), at + 500); ++i) {
                bytes[i] = static_cast<char>(seed % 4 == 1 ? random() : seed);
            }
        }
    }
    return bytes;
}

/// Asks the decoder to stop when a file takes too long, as leaving the call does.
class Deadline final {
 public:
    explicit Deadline(std::stop_source stop)
        : m_thread([this, stop](std::stop_token ended) mutable {
              std::unique_lock lock(m_mutex);
              if (!m_wake.wait_for(lock, ended, std::chrono::milliseconds(kMostMs),
                                   [&] { return ended.stop_requested(); })) {
                  stop.request_stop();
              }
          }) {}
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline() {
        m_thread.request_stop();
        m_wake.notify_all();
    }

 private:
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread;
};

}  // namespace

class TestFuzzedAudio : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyForm_data();
    void everyForm();
    void cutOnesSayThatTheEndIsMissing_data();
    void cutOnesSayThatTheEndIsMissing();
    void cleanupTestCase();

 private:
    void decode(const QString& file, int rate);

    QTemporaryDir m_folder;
    const fixture::Voices m_voices = fixture::demoVoices();
    const qint64 m_beforeKb = statusKb("VmRSS");
    int m_files = 0;
    int m_played = 0;
    int m_refused = 0;
    qint64 m_longestMs = 0;
    double m_mostSeconds = 0;
};

void TestFuzzedAudio::everyForm_data() {
    QTest::addColumn<int>("index");
    int index = 0;
    for (const fixture::AudioForm& form : fixture::audioForms()) {
        QTest::newRow(form.name) << index++;
    }
}

void TestFuzzedAudio::everyForm() {
    QFETCH(int, index);
    const auto& form = fixture::audioForms()[static_cast<std::size_t>(index)];
    auto samples = m_voices.at(form.rate).samples(form.channels);
    samples.resize(static_cast<std::size_t>(form.rate * form.channels));  // one second
    const QString file = m_folder.filePath(u"fuzzed"_s);
    QCOMPARE(fixture::encode(form, samples, file), QString());
    QFile made(file);
    QVERIFY(made.open(QIODevice::ReadOnly));
    const QByteArray whole = made.readAll();
    bool given = false;
    const int wanted = qEnvironmentVariableIntValue("EARMARK_FUZZED_FILES", &given);
    const int forms = static_cast<int>(fixture::audioForms().size());
    const int rounds = ((given ? wanted : kFilesOfTheSuite) + forms - 1) / forms;
    for (int round = 0; round < rounds; ++round) {
        const auto seed = static_cast<unsigned>(round * forms + index);
        QVERIFY(fixture::writeFile(file, changed(whole, seed)));
        decode(file, form.rate);
        if (QTest::currentTestFailed()) {
            qInfo() << "seed" << seed;
            return;
        }
    }
}

void TestFuzzedAudio::cutOnesSayThatTheEndIsMissing_data() {
    everyForm_data();
}

/// Cut at any byte, a recording plays what exists and tells that something is missing.
void TestFuzzedAudio::cutOnesSayThatTheEndIsMissing() {
    QFETCH(int, index);
    const auto& form = fixture::audioForms()[static_cast<std::size_t>(index)];
    const QString file = m_folder.filePath(u"cut"_s);
    QCOMPARE(fixture::encode(form, m_voices.at(form.rate).samples(form.channels), file), QString());
    QFile made(file);
    QVERIFY(made.open(QIODevice::ReadOnly));
    const QByteArray whole = made.readAll();
    int silent = 0;
    for (int part = 50; part < 95; part += 3) {
        QVERIFY(fixture::writeFile(file, whole.first(whole.size() * part / 100)));
        const auto decoder = makeAudioDecoder();
        const auto info = decoder->open(file, {});
        if (!info) {
            QVERIFY2(QByteArray(form.container) == "ipod" || QByteArray(form.container) == "mp4",
                     qPrintable(info.error().message));  // their index stands at the end
            continue;
        }
        PcmStore store(info->format, "/nonexistent");
        const auto outcome = decoder->decodeInto(store, {});
        QVERIFY(outcome.has_value() && outcome->frames > 0);
        silent += outcome->damagedFrom ? 0 : 1;
    }
    QVERIFY2(silent <= 1, qPrintable(u"%1 of 15 cut files pass as whole"_s.arg(silent)));
}

void TestFuzzedAudio::decode(const QString& file, int rate) {
    ++m_files;
    QElapsedTimer clock;
    clock.start();
    std::stop_source stop;
    const Deadline deadline(stop);
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(file, stop.get_token());
    if (!info) {
        QVERIFY2(info.error().kind != ErrorKind::Cancelled, "opening does not end");
        QVERIFY(!info.error().message.isEmpty());
        ++m_refused;
    } else {
        PcmStore store(info->format, "/nonexistent");
        const auto outcome = decoder->decodeInto(store, stop.get_token());
        QVERIFY2(outcome.has_value(), "decoding does not end");
        QCOMPARE(store.framesAvailable(), outcome->frames);
        const double seconds = static_cast<double>(outcome->frames) / std::min(rate, info->format.sampleRate);
        QVERIFY2(seconds < kMostSeconds, qPrintable(u"%1 s of sound"_s.arg(seconds)));
        m_mostSeconds = std::max(m_mostSeconds, seconds);
        const auto map = mapSound(store, stop.get_token());
        QVERIFY2(map != nullptr, "mapping does not end");
        QCOMPARE(map->frames, outcome->frames);
        ++m_played;
    }
    m_longestMs = std::max(m_longestMs, clock.elapsed());
}

void TestFuzzedAudio::cleanupTestCase() {
    const qint64 growth = statusKb("VmHWM") - m_beforeKb;
    qInfo().noquote()
        << u"%1 files: %2 played, %3 refused; the slowest took %4 ms, the longest sound is %5 s, memory grew by at "
           "most %6 MB"_s.arg(m_files)
               .arg(m_played)
               .arg(m_refused)
               .arg(m_longestMs)
               .arg(m_mostSeconds, 0, 'f', 1)
               .arg(growth / 1000);
    QVERIFY2(kKeepsFreedMemory || growth < kMostGrowthKb, "too much memory");
}

QTEST_GUILESS_MAIN(TestFuzzedAudio)
#include "tst_fuzzedaudio.moc"
