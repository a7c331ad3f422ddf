// Listening over a real sound server that nobody hears: speeds, left out stretches, voices, loops and scrubbing, as
// they come out of the device.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

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

constexpr int kRate = 8000;
constexpr int kRecorder = 48000;
constexpr std::ptrdiff_t kMs = kRecorder / 1000;

using Track = std::vector<double>;

Track part(const Track& track, std::ptrdiff_t from, std::ptrdiff_t count) {
    const auto size = static_cast<std::ptrdiff_t>(track.size());
    from = std::clamp<std::ptrdiff_t>(from, 0, size);
    return {track.begin() + from, track.begin() + std::min(size, from + count)};
}

double peak(const Track& track) {
    double most = 0;
    for (const double value : track) {
        most = std::max(most, std::abs(value));
    }
    return most;
}

/// From the first to the last moment that is not silent.
Track sounding(const Track& track) {
    const auto loud = [](double value) { return std::abs(value) > 200; };
    const auto first = std::find_if(track.begin(), track.end(), loud);
    const auto last = std::find_if(track.rbegin(), track.rend(), loud);
    return first == track.end() ? Track() : Track(first, last.base());
}

double frequency(const Track& track) {
    double first = -1;
    double last = -1;
    int periods = -1;
    for (std::size_t i = 1; i < track.size(); ++i) {
        if (track[i - 1] < 0 && track[i] >= 0) {
            last = static_cast<double>(i) - track[i] / (track[i] - track[i - 1]);
            first = first < 0 ? last : first;
            ++periods;
        }
    }
    return periods > 0 ? periods * kRecorder / (last - first) : 0;
}

double largestStep(const Track& track) {
    double most = 0;
    for (std::size_t i = 1; i < track.size(); ++i) {
        most = std::max(most, std::abs(track[i] - track[i - 1]));
    }
    return most;
}

}  // namespace

class TestListeningHeard : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void otherSpeedsKeepPitchAndLength_data();
    void otherSpeedsKeepPitchAndLength();
    void speedChangesWithoutClickOrGap();
    void positionIsWhatIsHeardAtTwiceTheSpeed();
    void leftOutStretchesAreNotHeard();
    void voicesComeFromTheirSides();
    void loopIsHeardAgain();
    void scrubbingSoundsWhileTheHandMoves();
    void endIsTold();

 private:
    [[nodiscard]] bool open(const QString& name, const std::vector<std::int16_t>& samples, int channels);
    [[nodiscard]] Track heard(int side) const { return correlation::channel(m_sink.recorded(), 2, side); }
    [[nodiscard]] bool recordMore(std::chrono::milliseconds time);

    QTemporaryDir m_folder;
    NullSink m_sink{kRecorder};
    std::unique_ptr<Player> m_player;
    CallKey m_key{u"a"_s, u"1"_s};
};

void TestListeningHeard::initTestCase() {
    const QString missing = m_sink.start();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
}

void TestListeningHeard::init() {
    m_player = std::make_unique<Player>();
    QCOMPARE(m_sink.startRecording(), QString());
}

void TestListeningHeard::cleanup() {
    m_player.reset();
    m_sink.stopRecording();
}

bool TestListeningHeard::open(const QString& name, const std::vector<std::int16_t>& samples, int channels) {
    const QString file = m_folder.filePath(name);
    if (!fixture::writeFile(file, fixture::wav(samples, kRate, channels))) {
        return false;
    }
    m_player->open(m_key, file);
    return QTest::qWaitFor([this] { return m_player->state() == PlayerState::Paused; }, test::kLivenessMs);
}

bool TestListeningHeard::recordMore(std::chrono::milliseconds time) {
    const std::int64_t wanted = m_sink.recordedFrames() + time.count() * kMs;
    return QTest::qWaitFor([&] { return m_sink.recordedFrames() >= wanted; }, int(time.count()) + test::kLivenessMs);
}

void TestListeningHeard::otherSpeedsKeepPitchAndLength_data() {
    QTest::addColumn<double>("tempo");
    QTest::newRow("0.8") << 0.8;
    QTest::newRow("2") << 2.0;
}

void TestListeningHeard::otherSpeedsKeepPitchAndLength() {
    QFETCH(double, tempo);
    m_player->setTempo(tempo);
    QVERIFY(open(u"tone.wav"_s, fixture::sines(kRate, 3 * kRate, {440, 440}), 2));
    double length = 0;
    double pitch = 0;
    for (int attempt = 0; attempt < 3; ++attempt) {  // a machine that is held up tears any sound
        QCOMPARE(m_sink.startRecording(), QString());
        m_player->play();
        QTRY_COMPARE(m_player->state(), PlayerState::Ended);
        QVERIFY(recordMore(150ms));
        const Track tone = sounding(heard(0));
        length = double(tone.size()) / kRecorder * tempo / 3;
        pitch = frequency(tone) / 440;
        qInfo("%.1f: %.2f Hz, %.3f of the length", tempo, pitch * 440, length);
        if (std::abs(length - 1) < 0.01 && std::abs(pitch - 1) < 0.01) {
            break;
        }
    }
    QVERIFY(std::abs(length - 1) < 0.01);
    QVERIFY(std::abs(pitch - 1) < 0.01);
}

void TestListeningHeard::speedChangesWithoutClickOrGap() {
    QVERIFY(open(u"low.wav"_s, fixture::sines(kRate, 30 * kRate, {200, 200}), 2));
    double step = 0;
    double gap = 1;
    for (int attempt = 0; attempt < 3; ++attempt) {
        QCOMPARE(m_sink.startRecording(), QString());
        m_player->seek(0ms);
        m_player->play();
        QTRY_VERIFY(m_player->position() > 200ms);
        for (const double tempo : {1.1, 2.0, 3.0, 0.5, 1.0, 1.5}) {
            m_player->setTempo(tempo);
            QVERIFY(recordMore(200ms));
        }
        const Track tone = sounding(part(heard(0), 0, m_sink.recordedFrames()));
        m_player->pause();
        const double natural = 0.5 * 32767 * 2 * M_PI * 200 / kRecorder;
        step = largestStep(tone) / natural;
        gap = 1;
        for (std::ptrdiff_t at = 20 * kMs; at + 20 * kMs < std::ptrdiff_t(tone.size()); at += 5 * kMs) {
            gap = std::min(gap, peak(part(tone, at, 10 * kMs)) / 16384);
        }
        qInfo("the largest step is %.2f of the tone's own, the quietest 10 ms have %.2f of its height", step, gap);
        if (step < 1.4 && gap > 0.5) {
            break;
        }
    }
    QVERIFY(step < 1.4);
    QVERIFY(gap > 0.5);
}

/// A burst every 500 ms of the recording: when it is heard, the position must be at it.
void TestListeningHeard::positionIsWhatIsHeardAtTwiceTheSpeed() {
    std::vector<std::int16_t> samples(30 * kRate * 2);
    const auto burst = fixture::noise(kRate / 20, 2);
    for (int at = 0; at < 60; ++at) {
        std::copy(burst.begin(), burst.end(), samples.begin() + at * kRate);
    }
    m_player->setTempo(2);
    QVERIFY(open(u"bursts.wav"_s, samples, 2));
    m_player->play();
    QTRY_VERIFY(m_player->position() > 2s);
    const auto heardBefore = *m_player->heard(m_key);
    const std::int64_t framesBefore = m_sink.recordedFrames();
    std::vector<double> beside;
    for (int i = 0; i < 5; ++i) {
        QVERIFY(recordMore(300ms));
        const Track all = heard(0);
        const double told = double(m_player->position().count());
        std::ptrdiff_t onset = -1;
        std::ptrdiff_t loud = -1000 * kMs;
        for (std::ptrdiff_t frame = 0; frame < std::ptrdiff_t(all.size()); ++frame) {
            if (std::abs(all[std::size_t(frame)]) > 500) {
                onset = frame - loud > 60 * kMs ? frame : onset;
                loud = frame;
            }
        }
        QVERIFY(onset > 0);
        const double since = double(std::ptrdiff_t(all.size()) - onset) / kMs * 2;
        const double place = told - since;
        beside.push_back(std::abs(place - std::round(place / 500) * 500));
    }
    const double played = double((*m_player->heard(m_key) - heardBefore).count());
    const double recorded = double(m_sink.recordedFrames() - framesBefore) / kMs;
    std::sort(beside.begin(), beside.end());
    qInfo("the position is %.0f ms beside what is heard; %.0f ms of the recording heard in %.0f ms", beside[2], played,
          recorded);
    QVERIFY(beside[2] < 60);
    QVERIFY2(std::abs(played / recorded / 2 - 1) < 0.05, "at twice the speed twice as much is heard");
}

void TestListeningHeard::leftOutStretchesAreNotHeard() {
    const auto samples = fixture::noise(20 * kRate, 2);
    QVERIFY(open(u"noise.wav"_s, samples, 2));
    m_player->setSkips({{{{1s, 6s}, SkipReason::Silence}, {{7s, 15s}, SkipReason::Hold}}});
    m_player->seek(500ms);
    m_player->play();
    QTRY_VERIFY(m_player->position() > 15500ms);
    const auto played = m_player->heard(m_key);
    m_player->pause();
    QVERIFY2(played > 1700ms && played < 2600ms, qPrintable(QString::number(played->count())));
    QVERIFY(recordMore(150ms));
    const Track source = correlation::channel(samples, 2, 0);
    const Track all = correlation::decimated(heard(0), kRecorder / kRate);
    const auto lagOf = [&](int fromMs) {
        const auto fit = correlation::place(part(source, fromMs * 8, 400 * 8), all);
        return fit.value > 0.8 ? fit.lag / 8.0 : -1e9;
    };
    const double first = lagOf(590);
    QVERIFY(first > 0);
    // 6 ms of joint lie between what is before a left out stretch and what is after it.
    QVERIFY2(std::abs(lagOf(6010) - first - (410 + 6 + 10)) < 3, qPrintable(QString::number(lagOf(6010) - first)));
    QVERIFY2(std::abs(lagOf(6590) - first - (410 + 6 + 590)) < 3, qPrintable(QString::number(lagOf(6590) - first)));
    QVERIFY2(std::abs(lagOf(15010) - first - (410 + 6 + 1000 + 6 + 10)) < 3, "the second stretch");
}

void TestListeningHeard::voicesComeFromTheirSides() {
    const auto samples = fixture::noise(60 * kRate, 2);
    QVERIFY(open(u"voices.wav"_s, samples, 2));
    const std::array<Track, 2> voices{correlation::channel(samples, 2, 0), correlation::channel(samples, 2, 1)};
    m_player->play();
    QTRY_VERIFY(m_player->position() > 300ms);
    struct Row {
        VoiceMix mix;
        std::array<int, 2> sides;  ///< which voice is on it; -1: none
    };
    const std::vector<Row> rows{{{}, {0, 1}},
                                {{{true, false}}, {-1, 1}},
                                {{{false, true}}, {0, -1}},
                                {{{false, false}, 0, true}, {1, 0}},
                                {{{false, false}, -1}, {0, -1}},
                                {{{true, false}, 0, false, true}, {1, 1}}};
    QString wrong;
    /// The last 150 ms that were recorded.
    const auto sidesAre = [&](const std::array<int, 2>& wanted) {
        const double place = double(m_player->position().count());
        for (std::size_t side = 0; side < 2; ++side) {
            const Track all = heard(int(side));
            const Track clip = correlation::decimated(part(all, std::ptrdiff_t(all.size()) - 150 * kMs, 120 * kMs), 6);
            const auto from = std::ptrdiff_t(std::max(0.0, place - 600)) * 8;
            const auto fit = [&](int voice) {
                return correlation::place(clip, part(voices[std::size_t(voice)], from, 900 * 8)).value;
            };
            wrong = u"side %1: peak %2, fits %3, %4"_s.arg(side).arg(peak(clip)).arg(fit(0)).arg(fit(1));
            const int voice = wanted[side];
            if ((peak(clip) < 50) != (voice < 0) || (voice >= 0 && (fit(voice) <= 0.8 || fit(1 - voice) >= 0.4))) {
                return false;
            }
        }
        return true;
    };
    for (const Row& row : rows) {
        m_player->setVoices(row.mix);
        // What lies ready in the device is heard first, and a busy machine tears some of it.
        bool isRight = false;
        for (int i = 0; i < 20 && !isRight; ++i) {
            QVERIFY(recordMore(i == 0 ? 550ms : 200ms));
            isRight = sidesAre(row.sides);
        }
        QVERIFY2(isRight, qPrintable(wrong));
    }
}

void TestListeningHeard::loopIsHeardAgain() {
    const auto samples = fixture::noise(20 * kRate, 2);
    QVERIFY(open(u"loop.wav"_s, samples, 2));
    m_player->setLoop(TimeSpan{3s, 3600ms});
    m_player->play();
    QTRY_VERIFY(m_player->position() > 3200ms);
    QVERIFY(recordMore(2000ms));
    QCOMPARE(m_player->state(), PlayerState::Playing);
    QVERIFY(m_player->position() >= 2990ms && m_player->position() <= 3610ms);
    m_player->pause();
    const Track all = correlation::decimated(heard(0), kRecorder / kRate);
    const Track clip = part(correlation::channel(samples, 2, 0), 3100 * 8, 300 * 8);
    const auto first = correlation::place(clip, part(all, 0, std::ptrdiff_t(all.size()) / 2));
    QVERIFY(first.value > 0.8);
    const auto again = correlation::fitAt(clip, all, first.lag + 606 * 8);
    const auto near = std::max(correlation::fitAt(clip, all, first.lag + 606 * 8 + 1),
                               correlation::fitAt(clip, all, first.lag + 606 * 8 - 1));
    QVERIFY2(std::max(again, near) > 0.8, qPrintable(QString::number(again)));
}

void TestListeningHeard::scrubbingSoundsWhileTheHandMoves() {
    QVERIFY(open(u"scrub.wav"_s, fixture::sines(kRate, 30 * kRate, {200, 200}), 2));
    m_player->scrub(1s);
    for (int i = 1; i < 20; ++i) {
        QVERIFY(recordMore(20ms));
        m_player->scrub(1s + i * 130ms);
    }
    QCOMPARE(m_player->position(), 1s + 19 * 130ms);
    QVERIFY(recordMore(450ms));
    const Track moved = sounding(heard(0));
    QVERIFY2(moved.size() > std::size_t(250 * kMs) && moved.size() < std::size_t(900 * kMs),
             qPrintable(QString::number(moved.size() / kMs)));
    const double natural = 0.5 * 32767 * 2 * M_PI * 200 / kRecorder;
    QVERIFY2(largestStep(moved) < natural * 1.5, qPrintable(QString::number(largestStep(moved) / natural)));
    const std::int64_t rested = m_sink.recordedFrames();
    QVERIFY(recordMore(200ms));
    QVERIFY2(peak(part(heard(0), rested, 1000 * kMs)) < 50, "the hand rests and it still sounds");
    m_player->endScrub();
    QCOMPARE(m_player->state(), PlayerState::Paused);
    m_player->play();
    QTRY_VERIFY(m_player->position() > 4s);
    QVERIFY(m_player->position() < 5s);
    m_player->scrub(10s);
    m_player->endScrub();
    QCOMPARE(m_player->state(), PlayerState::Playing);
    QTRY_VERIFY(m_player->position() > 10200ms);
}

void TestListeningHeard::endIsTold() {
    int told = 0;
    connect(m_player.get(), &Player::ended, this, [&told] { ++told; });
    QVERIFY(open(u"end.wav"_s, fixture::noise(kRate, 2), 2));
    m_player->seek(1s);
    QCOMPARE(m_player->state(), PlayerState::Ended);
    QCOMPARE(told, 0);
    m_player->seek(700ms);
    m_player->play();
    QTRY_COMPARE(m_player->state(), PlayerState::Ended);
    QCOMPARE(told, 1);
}

int main(int argc, char** argv) {
    return earmark::heardMain<QCoreApplication, TestListeningHeard>(argc, argv);
}
#include "tst_listeningheard.moc"
