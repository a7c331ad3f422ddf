// The long listening (tests/long/listening): every form for seven seconds on end, and after jumps to five
// places; says how well it fits, how far beside a jump lands and how long it takes until it is heard. Then whole
// recordings of 10 and 65 minutes: the position must not drift away from what is heard.
#include <QTest>
#include <numeric>

#include "tests/audio/audioencoder.h"
#include "tests/audio/correlation.h"
#include "tests/audio/soundfixture.h"
#include "tests/playback/listencheck.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kLength = 400ms;
constexpr auto kWhole = 7s;
constexpr int kRounds = 4;  // of both voices, changed over each time: 12 s

double share(std::vector<double> values, double part) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

}  // namespace

class LongListening : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void everyForm_data();
    void everyForm();
    void noDrift_data();
    void noDrift();
    void cleanupTestCase();

 private:
    [[nodiscard]] Listen hear(std::chrono::milliseconds from, std::chrono::milliseconds length,
                              const fixture::Voices& expected, const ListenLimits& limits);

    QTemporaryDir m_folder;
    NullSink m_sink{Listener::kRate};
    fixture::Voices m_voices;
    fixture::Voices m_expected;
    std::unique_ptr<Player> m_player;
    std::unique_ptr<Listener> m_listener;
    std::vector<double> m_beside;
    std::vector<double> m_delays;
};

void LongListening::initTestCase() {
    const QString missing = m_sink.start();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
    const fixture::Voices once = fixture::demoVoices();
    QCOMPARE(once.channels.size(), 2U);
    m_voices = {once.rate, {{}, {}}};
    for (int round = 0; round < kRounds; ++round) {
        for (std::size_t side = 0; side < 2; ++side) {
            // Each round speaks more slowly than the one before, so that no two places are the same.
            const fixture::Track& voice = once.channels[(side + static_cast<std::size_t>(round)) % 2];
            const fixture::Track slower = fixture::resampled(voice, 100, 100 + 9 * round);
            m_voices.channels[side].insert(m_voices.channels[side].end(), slower.begin(), slower.end());
        }
    }
    m_expected = m_voices.at(Listener::kRate);
    m_player = std::make_unique<Player>();
    m_listener = std::make_unique<Listener>(&m_sink, m_player.get());
}

Listen LongListening::hear(std::chrono::milliseconds from, std::chrono::milliseconds length,
                           const fixture::Voices& expected, const ListenLimits& limits) {
    return listenUntilRight(limits, [&] {
        if (const QString deaf = m_sink.startRecording(); !deaf.isEmpty()) {
            return Listen{deaf, {}};
        }
        const auto lead = std::chrono::milliseconds(static_cast<int>(limits.leadMs));
        const QString trouble = m_listener->playOn(from, length + lead);
        return trouble.isEmpty() ? m_listener->judge(expected, from, length) : Listen{trouble, {}};
    });
}

void LongListening::everyForm_data() {
    QTest::addColumn<int>("index");
    int index = 0;
    for (const fixture::AudioForm& form : fixture::audioForms()) {
        QTest::newRow(form.name) << index++;
    }
}

void LongListening::everyForm() {
    QFETCH(int, index);
    const fixture::AudioForm& form = fixture::audioForms()[static_cast<std::size_t>(index)];
    const QString file = m_folder.filePath(u"%1.%2"_s.arg(index).arg(QLatin1StringView(form.suffix)));
    QCOMPARE(fixture::encode(form, m_voices.at(form.rate).samples(form.channels), file), QString());
    fixture::Voices expected = m_expected;
    expected.channels.resize(static_cast<std::size_t>(form.channels));
    const ListenLimits limits{.leastFit = form.leastFit,
                              .mostDriftMs = form.leastFit < 0.9 ? 3.0 : 1.0,  // Speex: no sharp place to measure at
                              .leadMs = static_cast<double>(form.leadMs),
                              .mostLandingMs = 10,  // a place may begin softly
                              .gain = form.channels == 1 ? kMonoGain : 1};
    m_player->open({u"a"_s, file}, file);
    QTRY_COMPARE(m_player->state(), PlayerState::Paused);
    const auto first = loudPlace(expected, 0ms, kLength);
    const Listen whole = hear(first, kWhole, expected, limits);
    MUST_BE_RIGHT(whole, limits);
    std::vector<double> beside;
    std::vector<double> delays;
    for (const auto about : {9s, 2s, 7s, 4s, 5s}) {
        const auto place = loudPlace(expected, about, kLength);
        const Listen listen = hear(place, kLength, expected, limits);
        MUST_BE_RIGHT(listen, limits);
        beside.push_back(std::abs(listen.landingMs + limits.leadMs));
        delays.push_back(listen.delayMs);
    }
    qInfo().noquote() << u"whole: fit %1, drift %2 ms; jumps: land within %3 ms, heard after %4 ms (median)"_s
                             .arg(whole.sides[0].fit, 0, 'f', 4)
                             .arg(whole.driftMs, 0, 'f', 2)
                             .arg(share(beside, 1), 0, 'f', 1)
                             .arg(share(delays, 0.5), 0, 'f', 0);
    m_beside.insert(m_beside.end(), beside.begin(), beside.end());
    m_delays.insert(m_delays.end(), delays.begin(), delays.end());
}

void LongListening::noDrift_data() {
    QTest::addColumn<int>("minutes");
    QTest::addColumn<double>("tempo");
    QTest::newRow("10 minutes") << 10 << 1.0;
    QTest::newRow("10 minutes, twice as fast") << 10 << 2.0;
    QTest::newRow("65 minutes, three times as fast") << 65 << 3.0;
}

/// A burst every second of the recording: how far the position is beside the one that is heard, in the beginning and
/// at the end.
void LongListening::noDrift() {
    QFETCH(int, minutes);
    QFETCH(double, tempo);
    constexpr int kRate = 8000;
    constexpr std::ptrdiff_t kMs = Listener::kRate / 1000;
    std::vector<std::int16_t> samples(static_cast<std::size_t>(minutes) * 60 * kRate);
    const auto burst = fixture::noise(kRate / 10, 1);
    for (std::size_t at = 0; at + burst.size() <= samples.size(); at += kRate) {
        std::copy(burst.begin(), burst.end(), samples.begin() + static_cast<std::ptrdiff_t>(at));
    }
    const QString file = m_folder.filePath(u"drift%1.wav"_s.arg(minutes));
    QVERIFY(fixture::writeFile(file, fixture::wav(samples, kRate, 1)));
    m_player->setTempo(tempo);
    m_player->open({u"a"_s, file}, file);
    QTRY_COMPARE(m_player->state(), PlayerState::Paused);
    m_player->play();
    std::vector<double> beside;
    const auto end = std::chrono::minutes(minutes) - 5s;
    for (auto next = std::chrono::milliseconds(3s); next < end; next += std::chrono::seconds(minutes)) {
        QVERIFY(QTest::qWaitFor([&] { return m_player->position() > next; }, 300'000));
        QCOMPARE(m_sink.startRecording(), QString());
        const std::int64_t wanted = 1500 * kMs;
        QVERIFY(QTest::qWaitFor([&] { return m_sink.recordedFrames() >= wanted; }, 20'000));
        const auto told = static_cast<double>(m_player->position().count());
        const auto heard = correlation::channel(m_sink.recorded(), 2, 0);
        std::ptrdiff_t onset = -1;
        std::ptrdiff_t loud = 0;
        for (std::ptrdiff_t frame = 0; frame < static_cast<std::ptrdiff_t>(heard.size()); ++frame) {
            if (std::abs(heard[static_cast<std::size_t>(frame)]) > 500) {
                onset = frame - loud > 100 * kMs ? frame : onset;
                loud = frame;
            }
        }
        if (onset >= 0) {
            const double place =
                told - static_cast<double>(static_cast<std::ptrdiff_t>(heard.size()) - onset) / kMs * tempo;
            beside.push_back(place - std::round(place / 1000) * 1000);
        }
    }
    m_player->close();
    m_player->setTempo(1);
    QVERIFY2(beside.size() >= 20, qPrintable(QString::number(beside.size())));
    const auto quarter = static_cast<std::ptrdiff_t>(beside.size() / 4);
    const double first = share({beside.begin(), beside.begin() + quarter}, 0.5);
    const double last = share({beside.end() - quarter, beside.end()}, 0.5);
    qInfo().noquote()
        << u"the position is %1 ms beside what is heard in the first quarter, %2 ms in the last (%3 looks)"_s
               .arg(first, 0, 'f', 1)
               .arg(last, 0, 'f', 1)
               .arg(beside.size());
    QVERIFY(std::abs(last - first) < 50);
    QVERIFY(std::abs(last) < 100);
}

void LongListening::cleanupTestCase() {
    if (m_beside.empty()) {
        return;
    }
    qInfo().noquote()
        << u"%1 jumps: landing p50 %2 ms, p95 %3 ms, most %4 ms; heard after p50 %5 ms, p95 %6 ms, most %7 ms"_s
               .arg(m_beside.size())
               .arg(share(m_beside, 0.5), 0, 'f', 1)
               .arg(share(m_beside, 0.95), 0, 'f', 1)
               .arg(share(m_beside, 1), 0, 'f', 1)
               .arg(share(m_delays, 0.5), 0, 'f', 0)
               .arg(share(m_delays, 0.95), 0, 'f', 0)
               .arg(share(m_delays, 1), 0, 'f', 0);
}

QTEST_GUILESS_MAIN(LongListening)
#include "long_listening.moc"
