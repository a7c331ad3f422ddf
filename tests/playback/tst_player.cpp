// Player on a real sound server that nobody hears: what comes out is recorded and compared with the recording.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "models/audio/audiodecoder.h"
#include "tests/audio/correlation.h"
#include "tests/audio/soundfixture.h"
#include "tests/playback/heardmain.h"
#include "tests/playback/nullsink.h"
#include "tests/support/patience.h"
#include "ui/playback/player.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRate = NullSink::kRate;
constexpr std::size_t kMs = kRate / 1000;

using Track = std::vector<double>;

Track part(const Track& track, std::size_t from, std::size_t count) {
    from = std::min(from, track.size());
    return {track.begin() + static_cast<std::ptrdiff_t>(from),
            track.begin() + static_cast<std::ptrdiff_t>(std::min(track.size(), from + count))};
}

double loudness(const Track& track) {
    double sum = 0;
    for (const double value : track) {
        sum += value * value;
    }
    return track.empty() ? 0 : std::sqrt(sum / static_cast<double>(track.size()));
}

double peak(const Track& track) {
    double most = 0;
    for (const double value : track) {
        most = std::max(most, std::abs(value));
    }
    return most;
}

/// Both channels of a file at the recorder's rate.
std::array<Track, 2> decoded(const QString& file) {
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(file, {});
    if (!info || info->format.channels != 2 || info->format.sampleRate % kRate != 0) {
        return {};
    }
    PcmStore store(info->format, "/nonexistent");
    const auto outcome = decoder->decodeInto(store, {});
    std::vector<std::int16_t> samples(outcome ? static_cast<std::size_t>(outcome->frames * 2) : 0);
    const std::int64_t frames = store.read(0, samples);
    samples.resize(static_cast<std::size_t>(frames * 2));
    const int factor = info->format.sampleRate / kRate;
    std::array<Track, 2> tracks{correlation::channel(samples, 2, 0), correlation::channel(samples, 2, 1)};
    for (Track& track : tracks) {
        track = factor == 1 ? track : correlation::decimated(track, factor);
    }
    return tracks;
}

int openFiles() {
    return static_cast<int>(QDir(u"/proc/self/fd"_s).entryList(QDir::Files | QDir::System).size());
}

}  // namespace

class TestPlayer : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void everyContainerIsHeard_data();
    void everyContainerIsHeard();
    void playPressedWhileOpeningIsHeardFromTheStart();
    void positionIsWhatIsHeard();
    void seekWhilePlayingLands();
    void manySeeksTheLastIsHeard();
    void pauseIsSilentAndGoesOnWhereItWas();
    void longPauseWakesTheDevice();
    void volumeZeroAndMuteAreSilent();
    void endsAndStartsAgain();
    void fiftySwitchesLeaveOneVoice();
    void closeIsSilent();

 private:
    void openNoise();
    [[nodiscard]] Track heard(int channel, std::size_t from = 0) const {
        const Track all = correlation::channel(m_sink.recorded(), 2, channel);
        return part(all, from, all.size());
    }
    [[nodiscard]] std::size_t recordedFrames() const { return static_cast<std::size_t>(m_sink.recordedFrames()); }

    QTemporaryDir m_folder;
    NullSink m_sink;
    std::unique_ptr<Player> m_player;
    CallKey m_key{u"a"_s, u"1"_s};
    QString m_noiseFile = m_folder.filePath(u"noise.wav"_s);
    std::array<Track, 2> m_noise;
};

#define RECORD_MORE(milliseconds)                                                                   \
    do {                                                                                            \
        const std::size_t wanted = recordedFrames() + static_cast<std::size_t>(milliseconds) * kMs; \
        QTRY_VERIFY_WITH_TIMEOUT(recordedFrames() >= wanted, (milliseconds) + 10000);               \
    } while (false)

void TestPlayer::initTestCase() {
    const QString missing = m_sink.start();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
    QVERIFY(fixture::writeFile(m_noiseFile, fixture::wav(fixture::noise(30 * kRate, 2), kRate, 2)));
    m_noise = decoded(m_noiseFile);
    QCOMPARE(m_noise[0].size(), 30U * kRate);
}

void TestPlayer::init() {
    m_player = std::make_unique<Player>();
    m_player->setAutoBack(0ms);
    QCOMPARE(m_sink.startRecording(), QString());
}

void TestPlayer::cleanup() {
    m_player.reset();
    m_sink.stopRecording();
}

void TestPlayer::openNoise() {
    m_player->open(m_key, m_noiseFile);
    QTRY_COMPARE(m_player->state(), PlayerState::Paused);
}

void TestPlayer::everyContainerIsHeard_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("channel");
    QTest::addColumn<int>("startMs");
    QFile json(QString::fromUtf8(EARMARK_SOURCE_DIR) + u"/resources/demo/dialogues.json"_s);
    QVERIFY(json.open(QIODevice::ReadOnly));
    const QStringList wanted{u"survey"_s, u"upgrade-offer"_s, u"payment-plan"_s, u"escalation"_s, u"refund"_s};
    for (const auto& call : QJsonDocument::fromJson(json.readAll()).array()) {
        if (wanted.contains(call[u"id"_s].toString())) {
            const auto turn = call[u"turns"_s][call[u"id"_s] == u"survey"_s ? 7 : 2].toObject();
            QTest::newRow(qPrintable(call[u"file"_s].toString()))
                << QString::fromUtf8(EARMARK_SOURCE_DIR) + u"/resources/demo/"_s + call[u"file"_s].toString()
                << (turn[u"speaker"_s] == u"agent"_s ? 0 : 1) << turn[u"start_ms"_s].toInt() + 50;
        }
    }
}

void TestPlayer::everyContainerIsHeard() {
    QFETCH(QString, file);
    QFETCH(int, channel);
    QFETCH(int, startMs);
    const auto source = decoded(file);
    QVERIFY(!source[0].empty());
    m_player->open(m_key, file, std::chrono::milliseconds(startMs));
    QTRY_COMPARE(m_player->state(), PlayerState::Paused);
    QCOMPARE(m_player->position(), std::chrono::milliseconds(startMs));
    m_player->play();
    QTRY_VERIFY(m_player->position() > std::chrono::milliseconds(startMs + 700));
    RECORD_MORE(100);
    const Track clip =
        part(source[static_cast<std::size_t>(channel)], static_cast<std::size_t>(startMs) * kMs, 500 * kMs);
    const auto fit = correlation::place(clip, heard(channel));
    QVERIFY2(fit.value > 0.9, qPrintable(u"fit %1"_s.arg(fit.value)));
    // Exactly the wanted place begins: nothing is heard before it, and its first 100 ms are there too.
    const auto first = static_cast<std::size_t>(fit.lag);
    QVERIFY(peak(part(heard(channel), first - 60 * kMs, 55 * kMs)) <= 3);
    const auto beginning = correlation::fitAt(part(clip, 0, 100 * kMs), part(heard(channel), first, 100 * kMs), 0);
    QVERIFY2(beginning > 0.85, qPrintable(u"the beginning fits %1"_s.arg(beginning)));
    const double other = loudness(part(heard(1 - channel), first, 300 * kMs));
    const double ours = loudness(part(heard(channel), first, 300 * kMs));
    QVERIFY2(ours > 8 * other, "the other speaker's channel must not carry this one");
}

void TestPlayer::playPressedWhileOpeningIsHeardFromTheStart() {
    m_player->open(m_key, m_noiseFile);
    QCOMPARE(m_player->state(), PlayerState::Loading);
    m_player->play();
    QVERIFY(m_player->isWaiting());
    QTRY_COMPARE(m_player->state(), PlayerState::Playing);
    QTRY_VERIFY(m_player->position() > 500ms);
    const auto fit = correlation::place(part(m_noise[0], 10 * kMs, 300 * kMs), heard(0));
    QVERIFY2(fit.value > 0.9, qPrintable(u"fit %1"_s.arg(fit.value)));
}

void TestPlayer::positionIsWhatIsHeard() {
    openNoise();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 800ms);
    std::vector<double> beside;
    for (int i = 0; i < 5; ++i) {
        RECORD_MORE(300);
        const std::size_t frames = recordedFrames();
        const double told = static_cast<double>(m_player->position().count());
        const Track clip = part(heard(0), frames - 200 * kMs, 200 * kMs);
        const auto from = static_cast<std::size_t>(std::max(0.0, told - 900)) * kMs;
        const auto fit = correlation::place(clip, part(m_noise[0], from, 1500 * kMs));
        QVERIFY2(fit.value > 0.85, qPrintable(u"fit %1"_s.arg(fit.value)));
        const double reallyHeard = static_cast<double>(from + static_cast<std::size_t>(fit.lag)) / kMs + 200;
        beside.push_back(std::abs(told - reallyHeard));
        qInfo("position %.0f ms, heard %.1f ms", told, reallyHeard);
    }
    // The middle one: on a busy machine the recorder itself falls behind at times.
    std::sort(beside.begin(), beside.end());
    QVERIFY2(beside[2] < 35, qPrintable(u"the position is %1 ms beside what is heard"_s.arg(beside[2])));
}

void TestPlayer::seekWhilePlayingLands() {
    openNoise();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 500ms);
    for (const int target : {10000, 2500, 20000}) {
        const std::size_t asked = recordedFrames();
        m_player->seek(std::chrono::milliseconds(target));
        QVERIFY(m_player->position() >= std::chrono::milliseconds(target));
        QTRY_VERIFY(m_player->position() > std::chrono::milliseconds(target + 450));
        RECORD_MORE(50);
        const Track after = heard(0, asked);
        const auto fit =
            correlation::place(part(m_noise[0], static_cast<std::size_t>(target + 7) * kMs, 300 * kMs), after);
        QVERIFY2(fit.value > 0.9, qPrintable(u"to %1: fit %2"_s.arg(target).arg(fit.value)));
        const int latency = fit.lag / static_cast<int>(kMs) - 7;
        qInfo("heard %d ms after the jump was asked for", latency);
        QVERIFY2(latency < 350, qPrintable(QString::number(latency)));
        // Right before it is still the old place or the soft edge, right after it no other place.
        const auto later = correlation::fitAt(part(m_noise[0], static_cast<std::size_t>(target + 307) * kMs, 100 * kMs),
                                              part(after, static_cast<std::size_t>(fit.lag) + 300 * kMs, 100 * kMs), 0);
        QVERIFY2(later > 0.85, "the sound has a gap after the jump");
    }
}

void TestPlayer::manySeeksTheLastIsHeard() {
    openNoise();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 200ms);
    for (int i = 0; i < 40; ++i) {
        m_player->seek(std::chrono::milliseconds(i * 500));
    }
    const std::size_t asked = recordedFrames();
    m_player->seek(15s);
    QTRY_VERIFY(m_player->position() > 15500ms);
    QVERIFY(m_player->position() < 17s);
    const auto fit = correlation::place(part(m_noise[0], 15020 * kMs, 300 * kMs), heard(0, asked));
    QVERIFY2(fit.value > 0.9, qPrintable(u"fit %1"_s.arg(fit.value)));
}

void TestPlayer::pauseIsSilentAndGoesOnWhereItWas() {
    openNoise();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 700ms);
    m_player->pause();
    QCOMPARE(m_player->state(), PlayerState::Paused);
    const auto stood = m_player->position();
    RECORD_MORE(300);
    const std::size_t silentFrom = recordedFrames();
    RECORD_MORE(400);
    QCOMPARE(m_player->position(), stood);
    QVERIFY2(peak(heard(0, silentFrom)) <= 2 && peak(heard(1, silentFrom)) <= 2, "a pause must be silent");
    const std::size_t asked = recordedFrames();
    m_player->play();
    QTRY_VERIFY(m_player->position() > stood + 400ms);
    const auto fit = correlation::place(part(m_noise[0], static_cast<std::size_t>(stood.count() + 10) * kMs, 300 * kMs),
                                        heard(0, asked));
    QVERIFY2(fit.value > 0.9, qPrintable(u"fit %1"_s.arg(fit.value)));
}

void TestPlayer::longPauseWakesTheDevice() {
    openNoise();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 300ms);
    m_player->pause();
    RECORD_MORE(4500);  // the device is given a rest after three seconds of silence
    m_player->seek(12s);
    const std::size_t asked = recordedFrames();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 12500ms);
    QVERIFY(m_player->hasDevice());
    const auto fit = correlation::place(part(m_noise[0], 12010 * kMs, 300 * kMs), heard(0, asked));
    QVERIFY2(fit.value > 0.9, qPrintable(u"fit %1"_s.arg(fit.value)));
}

void TestPlayer::volumeZeroAndMuteAreSilent() {
    openNoise();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 300ms);
    RECORD_MORE(100);
    const double full = loudness(part(heard(0), recordedFrames() - 100 * kMs, 100 * kMs));
    m_player->setVolume(0.5);
    RECORD_MORE(600);
    const double half = loudness(part(heard(0), recordedFrames() - 200 * kMs, 200 * kMs));
    QVERIFY2(half > 0.1 * full && half < 0.16 * full, qPrintable(u"%1 of %2"_s.arg(half).arg(full)));
    m_player->setVolume(0);
    RECORD_MORE(600);
    QVERIFY(peak(part(heard(0), recordedFrames() - 200 * kMs, 200 * kMs)) <= 2);
    m_player->setVolume(1);
    RECORD_MORE(600);
    QVERIFY(loudness(part(heard(0), recordedFrames() - 100 * kMs, 100 * kMs)) > 0.8 * full);
    m_player->setMuted(true);
    RECORD_MORE(600);
    QVERIFY(peak(part(heard(0), recordedFrames() - 200 * kMs, 200 * kMs)) <= 2);
    QCOMPARE(m_player->state(), PlayerState::Playing);
}

void TestPlayer::endsAndStartsAgain() {
    openNoise();
    QCOMPARE(m_player->duration(), 30000ms);
    m_player->seek(29500ms);
    const std::size_t asked = recordedFrames();
    m_player->play();
    QTRY_COMPARE(m_player->state(), PlayerState::Ended);
    QCOMPARE(m_player->position(), 30000ms);
    RECORD_MORE(100);
    // The very last samples are heard before the state says so.
    const auto fit = correlation::place(part(m_noise[0], 29700 * kMs, 300 * kMs), heard(0, asked));
    QVERIFY2(fit.value > 0.9, qPrintable(u"fit %1"_s.arg(fit.value)));
    const std::size_t again = recordedFrames();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 400ms && m_player->position() < 5s);
    QVERIFY(correlation::place(part(m_noise[0], 10 * kMs, 300 * kMs), heard(0, again)).value > 0.9);
}

void TestPlayer::fiftySwitchesLeaveOneVoice() {
    const QString low = m_folder.filePath(u"low.wav"_s);
    const QString high = m_folder.filePath(u"high.wav"_s);
    QVERIFY(fixture::writeFile(low, fixture::wav(fixture::sines(16000, 16000 * 20, {300, 500}), 16000, 2)));
    QVERIFY(fixture::writeFile(high, fixture::wav(fixture::sines(kRate, kRate * 20, {800, 900}), kRate, 2)));
    openNoise();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 200ms);
    const int before = openFiles();
    for (int i = 0; i < 50; ++i) {
        m_player->open({u"a"_s, QString::number(i)}, i % 2 == 0 ? low : high);
        m_player->play();
        if (i % 3 == 0) {
            QTRY_VERIFY(i % 4 == 0 || m_player->state() == PlayerState::Playing);
        }
    }
    m_player->open(m_key, m_noiseFile, 5s);
    m_player->play();
    QCOMPARE(m_player->call(), std::optional(m_key));
    QTRY_VERIFY(m_player->state() == PlayerState::Playing && m_player->position() > 5600ms);
    RECORD_MORE(50);
    const auto fit = correlation::place(part(m_noise[0], 5150 * kMs, 300 * kMs), heard(0));
    QVERIFY2(fit.value > 0.9, qPrintable(u"fit %1: another voice is mixed in"_s.arg(fit.value)));
    QVERIFY2(openFiles() <= before, "recordings are still open");
}

void TestPlayer::closeIsSilent() {
    openNoise();
    m_player->play();
    QTRY_VERIFY(m_player->position() > 300ms);
    m_player->close();
    QCOMPARE(m_player->state(), PlayerState::Empty);
    QVERIFY(!m_player->call());
    RECORD_MORE(300);
    const std::size_t from = recordedFrames();
    RECORD_MORE(200);
    QVERIFY(peak(heard(0, from)) <= 2);
}

int main(int argc, char** argv) {
    return earmark::heardMain<QCoreApplication, TestPlayer>(argc, argv);
}
#include "tst_player.moc"
