// What a device would get while one listens: other speeds, left out spans, loops, voices, pieces; and whether the place
// that is told is the one that is heard. Pulled by hand, faster than real time.
#include <QTest>
#include <cmath>

#include "tests/audio/soundfixture.h"
#include "ui/playback/pcmfeed.h"

using namespace earmark;

namespace {

constexpr int kRate = 8000;
constexpr int kDevice = 48000;
constexpr std::int64_t kJoint = 48;

QAudioFormat device(int rate = kDevice, int channels = 2) {
    QAudioFormat format;
    format.setSampleRate(rate);
    format.setChannelCount(channels);
    format.setSampleFormat(QAudioFormat::Int16);
    return format;
}

std::shared_ptr<PcmStore> store(const std::vector<std::int16_t>& samples, int channels = 1) {
    auto result = std::make_shared<PcmStore>(PcmFormat{kRate, channels}, "/nonexistent");
    if (!result->append(samples)) {
        return nullptr;
    }
    result->finish();
    return result;
}

PlaybackPath path(std::vector<FrameSpan> skips, std::optional<FrameSpan> loop, std::int64_t total) {
    return PlaybackPath({std::move(skips), loop, kJoint, total});
}

std::vector<std::int16_t> pull(PcmFeed& feed, int frames, int channels = 2) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(frames * channels));
    const qint64 bytes = feed.read(reinterpret_cast<char*>(samples.data()), static_cast<qint64>(samples.size() * 2));
    samples.resize(static_cast<std::size_t>(bytes) / 2);
    return samples;
}

std::vector<std::int16_t> side(const std::vector<std::int16_t>& stereo, std::size_t which) {
    std::vector<std::int16_t> values;
    for (std::size_t i = which; i < stereo.size(); i += 2) {
        values.push_back(stereo[i]);
    }
    return values;
}

/// All up to the end of the recording, in steps as a device takes them.
std::vector<std::int16_t> pullAll(PcmFeed& feed) {
    std::vector<std::int16_t> heard;
    while (feed.heardAt(feed.writtenFrames(), {}).phase != SoundPhase::Ended && heard.size() < 400'000'000) {
        const auto piece = pull(feed, 960);
        heard.insert(heard.end(), piece.begin(), piece.end());
    }
    while (!heard.empty() && heard.back() == 0) {
        heard.pop_back();
    }
    return heard;
}

double frequency(const std::vector<std::int16_t>& samples, int rate) {
    double first = -1;
    double last = -1;
    int periods = -1;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        if (samples[i - 1] < 0 && samples[i] >= 0) {
            last = static_cast<double>(i) - double(samples[i]) / (samples[i] - samples[i - 1]);
            first = first < 0 ? last : first;
            ++periods;
        }
    }
    return periods > 0 ? periods * rate / (last - first) : 0;
}

int largestStep(const std::vector<std::int16_t>& samples) {
    int largest = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        largest = std::max(largest, std::abs(samples[i] - samples[i - 1]));
    }
    return largest;
}

double loudness(const std::vector<std::int16_t>& samples) {
    double sum = 0;
    for (const std::int16_t value : samples) {
        sum += double(value) * value;
    }
    return std::sqrt(sum / double(std::max<std::size_t>(1, samples.size())));
}

/// Silence with a short burst every so many seconds: where one is heard, the place is known.
std::vector<std::int16_t> bursts(int seconds, int every) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(seconds) * kRate);
    const auto burst = fixture::noise(kRate / 10, 1);
    for (int at = 1; at < seconds; at += every) {
        std::copy(burst.begin(), burst.end(), samples.begin() + static_cast<std::ptrdiff_t>(at) * kRate);
    }
    return samples;
}

struct Drift {
    int bursts = 0;
    double worstMs = 0;
};

/// Plays to the end and compares the place that is told when a burst begins with the burst's own.
Drift drift(PcmFeed& feed, int every, const std::function<void(int)>& beforeBlock) {
    constexpr int kBlock = 220;  // 20 ms at 11025
    Drift result;
    bool wasLoud = false;
    int quiet = 1000;
    for (int block = 0;; ++block) {
        beforeBlock(block);
        const std::int64_t from = feed.writtenFrames();
        const auto piece = pull(feed, kBlock, 1);
        for (std::size_t i = 0; i < piece.size(); ++i) {
            const bool isLoud = std::abs(piece[i]) > 1000;
            quiet = isLoud ? 0 : quiet + 1;
            if (isLoud && !wasLoud) {
                const double told = feed.heardAt(from + std::int64_t(i), {}).frame / kRate;
                const double truth = std::round((told - 1) / every) * every + 1;
                result.worstMs = std::max(result.worstMs, std::abs(told - truth) * 1000);
                ++result.bursts;
            }
            wasLoud = isLoud || (wasLoud && quiet < 4000);
        }
        if (feed.heardAt(feed.writtenFrames(), {}).phase == SoundPhase::Ended) {
            return result;
        }
    }
}

}  // namespace

class TestListeningFeed : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void otherSpeedsKeepPitchAndLength_data();
    void otherSpeedsKeepPitchAndLength();
    void speedChangesWithoutClickOrGap();
    void skipsLeaveExactlyTheRest();
    void skipsAndLoopHaveNoClick();
    void loopIsHeardAgainAndAgain();
    void againSlowerEndsWhereItBegan();
    void pieceIsShortAndSoft();
    void voices_data();
    void voices();
    void voicesChangeWithoutClick();
    void placeIsRightAcrossSkipsAndSpeeds();
    void noDriftInTenMinutes();
    void noDriftInSixtyFiveMinutes();
    void gapOfTheDecoderKeepsThePlace();
};

void TestListeningFeed::otherSpeedsKeepPitchAndLength_data() {
    QTest::addColumn<double>("tempo");
    for (const double tempo : {0.5, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0}) {
        QTest::addRow("%.2f", tempo) << tempo;
    }
}

void TestListeningFeed::otherSpeedsKeepPitchAndLength() {
    QFETCH(double, tempo);
    PcmFeed feed(device());
    feed.setSamples(store(fixture::sines(kRate, 12 * kRate, {440, 440}), 2));
    feed.setTempo(tempo);
    feed.play({0, 1});
    const auto heard = side(pullAll(feed), 0);
    const double length = double(heard.size()) / kDevice;
    QVERIFY2(std::abs(length * tempo / 12 - 1) < 0.01, qPrintable(QString::number(length)));
    const double pitch = frequency(heard, kDevice);
    QVERIFY2(std::abs(pitch / 440 - 1) < 0.01, qPrintable(QString::number(pitch)));
    qInfo("%.2f: %.2f Hz, %.3f s", tempo, pitch, length);
}

void TestListeningFeed::speedChangesWithoutClickOrGap() {
    const auto source = fixture::sines(kRate, 40 * kRate, {220});
    PcmFeed feed(device(kDevice, 1));
    feed.setSamples(store(source));
    feed.play({0, 1});
    QVERIFY(!pull(feed, 960, 1).empty());
    std::vector<std::int16_t> heard;
    for (int i = 0; i < 60; ++i) {
        feed.setTempo(0.5 + 0.1 * (i * 7 % 26));
        const auto piece = pull(feed, 9600, 1);
        heard.insert(heard.end(), piece.begin(), piece.end());
    }
    const double natural = 0.5 * 32767 * 2 * M_PI * 220 / kDevice;
    QVERIFY2(largestStep(heard) < natural * 1.3, qPrintable(QString::number(largestStep(heard) / natural)));
    for (std::size_t at = 0; at + 480 < heard.size(); at += 240) {
        const auto most =
            *std::max_element(heard.begin() + std::ptrdiff_t(at), heard.begin() + std::ptrdiff_t(at) + 480);
        QVERIFY2(most > 8000, "a gap");
    }
    QVERIFY(std::abs(frequency(heard, kDevice) / 220 - 1) < 0.01);
}

/// At the device's own rate nothing is resampled: what is heard is the rest, sample by sample.
void TestListeningFeed::skipsLeaveExactlyTheRest() {
    const auto source = fixture::noise(6 * kRate, 1);
    PcmFeed feed(device(kRate, 1));
    feed.setSamples(store(source));
    const std::vector<FrameSpan> skips{{8000, 16'000}, {20'000, 21'000}, {30'000, 40'001}};
    feed.setPath(path(skips, {}, 6 * kRate));
    feed.play({0, 1});
    std::vector<std::int16_t> heard;
    for (int i = 0; i < 400; ++i) {
        const auto piece = pull(feed, 133, 1);
        heard.insert(heard.end(), piece.begin(), piece.end());
    }
    std::size_t at = 0;
    std::int64_t from = 0;
    for (std::size_t i = 0; i <= skips.size(); ++i) {
        const std::int64_t to = i < skips.size() ? skips[i].begin : 6 * kRate;
        for (std::int64_t frame = from; frame < to; ++frame, ++at) {
            if (frame >= 48 && std::abs(heard[at] - source[std::size_t(frame)]) > 1) {
                QFAIL(qPrintable(QStringLiteral("frame %1 is not heard as it is").arg(frame)));
            }
        }
        at += kJoint;
        from = i < skips.size() ? skips[i].end : 0;
    }
    QVERIFY(
        std::all_of(heard.begin() + std::ptrdiff_t(at - kJoint), heard.end(), [](int value) { return value == 0; }));
}

void TestListeningFeed::skipsAndLoopHaveNoClick() {
    const auto source = fixture::sines(kRate, 6 * kRate, {150});
    for (const auto& way :
         {path({{8000, 16'027}, {20'000, 21'013}}, {}, 6 * kRate), path({}, FrameSpan{8000, 9777}, 6 * kRate),
          path({}, FrameSpan{0, 2013}, 6 * kRate), path({}, FrameSpan{6 * kRate - 4013, 6 * kRate}, 6 * kRate)}) {
        for (const double tempo : {1.0, 2.0}) {
            PcmFeed feed(device(kRate, 1));
            feed.setSamples(store(source));
            feed.setPath(way);
            feed.setTempo(tempo);
            feed.play({way.loop() ? way.loop()->begin : 0, 1});
            const auto heard = pull(feed, 15'000, 1);
            const int natural = largestStep(source);
            QVERIFY2(largestStep(heard) < natural * 3 / 2, qPrintable(QString::number(largestStep(heard))));
        }
    }
}

void TestListeningFeed::loopIsHeardAgainAndAgain() {
    const auto source = fixture::noise(6 * kRate, 1);
    PcmFeed feed(device(kRate, 1));
    feed.setSamples(store(source));
    feed.setPath(path({}, FrameSpan{10'000, 12'000}, 6 * kRate));
    feed.play({10'500, 1});
    const auto heard = pull(feed, 1500 + 10 * (2000 + int(kJoint)), 1);
    for (std::size_t round = 0; round < 9; ++round) {
        for (std::size_t i = 0; i < 2000; ++i) {
            QVERIFY(std::abs(heard[1500 + kJoint + round * (2000 + kJoint) + i] - source[10'000 + i]) <= 1);
        }
    }
    QCOMPARE(feed.heardAt(1500 + kJoint + 3 * (2000 + kJoint) + 700, {}).frame, 10'700.0);
    feed.setPath({});
    QVERIFY(!pull(feed, 6 * kRate, 1).empty());
    QCOMPARE(feed.heardAt(feed.writtenFrames(), {}).phase, SoundPhase::Ended);
}

/// 2 s at half speed take 4 s, then it goes on at the speed of before. Where the speed changes is as fine as the
/// stretcher's window: 30 ms more at half speed are 60 ms less at the end.
void TestListeningFeed::againSlowerEndsWhereItBegan() {
    PcmFeed feed(device(kRate, 1));
    feed.setSamples(store(bursts(30, 1)));
    feed.setTempo(1.5);
    feed.play({4 * kRate, 1, SoundOrder::Slower{0.5, 6 * kRate}});
    QVERIFY(!pull(feed, 4 * kRate, 1).empty());
    const auto before = feed.heardAt(4 * kRate - 800, {});
    QCOMPARE(before.tempo, 0.5);
    QVERIFY2(std::abs(before.frame - (4 + 1.95) * kRate) < 200, qPrintable(QString::number(before.frame)));
    QVERIFY(!pull(feed, 2 * kRate, 1).empty());
    const auto after = feed.heardAt(6 * kRate, {});
    QCOMPARE(after.tempo, 1.5);
    QVERIFY2(std::abs(after.frame - 9 * kRate) < 600, qPrintable(QString::number(after.frame)));
}

void TestListeningFeed::pieceIsShortAndSoft() {
    const auto source = fixture::sines(kRate, 6 * kRate, {200});
    PcmFeed feed(device(kRate, 1));
    feed.setSamples(store(source));
    feed.setTempo(3);
    feed.setPath(path({{8100, 16'000}}, {}, 6 * kRate));
    std::vector<std::int16_t> heard;
    for (quint64 i = 0; i < 5; ++i) {
        SoundOrder order{std::int64_t(8000 + i * 3333), i + 1};
        order.piece = 560;
        feed.play(order);
        const auto piece = pull(feed, i == 4 ? 2000 : 560, 1);
        heard.insert(heard.end(), piece.begin(), piece.end());
    }
    const int natural = largestStep(source);
    QVERIFY2(largestStep(heard) <= natural * 5 / 4, qPrintable(QString::number(largestStep(heard))));
    QVERIFY(loudness({heard.begin() + 100, heard.begin() + 400}) > 8000);
    QVERIFY2(std::all_of(heard.begin() + 4 * 560 + 620, heard.end(), [](int value) { return value == 0; }),
             "the hand rests and it still sounds");
    QCOMPARE(feed.heardAt(feed.writtenFrames(), {}).phase, SoundPhase::Silent);
    feed.play({8000, 9});  // as set again: three times as fast, and what is left out is left out
    QVERIFY(!pull(feed, 800, 1).empty());
    QCOMPARE(feed.heardAt(feed.writtenFrames() - 1, {}).tempo, 3.0);
    QVERIFY(feed.heardAt(feed.writtenFrames() - 1, {}).frame > 16'000);
}

void TestListeningFeed::voices_data() {
    QTest::addColumn<bool>("firstMuted");
    QTest::addColumn<bool>("secondMuted");
    QTest::addColumn<double>("balance");
    QTest::addColumn<bool>("swapped");
    QTest::addColumn<bool>("together");
    QTest::addColumn<double>("firstLeft");
    QTest::addColumn<double>("secondLeft");
    QTest::addColumn<double>("firstRight");
    QTest::addColumn<double>("secondRight");
    const double half = 1 / std::sqrt(2.0);
    QTest::newRow("as recorded") << false << false << 0.0 << false << false << 1.0 << 0.0 << 0.0 << 1.0;
    QTest::newRow("first alone") << false << true << 0.0 << false << false << 1.0 << 0.0 << 0.0 << 0.0;
    QTest::newRow("second alone") << true << false << 0.0 << false << false << 0.0 << 0.0 << 0.0 << 1.0;
    QTest::newRow("none") << true << true << 0.0 << false << true << 0.0 << 0.0 << 0.0 << 0.0;
    QTest::newRow("swapped") << false << false << 0.0 << true << false << 0.0 << 1.0 << 1.0 << 0.0;
    QTest::newRow("first alone, swapped") << false << true << 0.0 << true << false << 0.0 << 0.0 << 1.0 << 0.0;
    QTest::newRow("more of the first") << false << false << -0.75 << false << false << 1.0 << 0.0 << 0.0 << 0.25;
    QTest::newRow("only the second") << false << false << 1.0 << false << false << 0.0 << 0.0 << 0.0 << 1.0;
    QTest::newRow("together") << false << false << 0.0 << false << true << half << half << half << half;
    QTest::newRow("second alone, together") << true << false << 0.0 << true << true << 0.0 << half << 0.0 << half;
}

void TestListeningFeed::voices() {
    QFETCH(bool, firstMuted);
    QFETCH(bool, secondMuted);
    QFETCH(double, balance);
    QFETCH(bool, swapped);
    QFETCH(bool, together);
    QFETCH(double, firstLeft);
    QFETCH(double, secondLeft);
    QFETCH(double, firstRight);
    QFETCH(double, secondRight);
    const auto source = fixture::noise(2 * kRate, 2);
    PcmFeed feed(device(kRate, 2));
    feed.setSamples(store(source, 2));
    feed.setVoices({{firstMuted, secondMuted}, balance, swapped, together});
    feed.play({0, 1});
    const auto heard = pull(feed, 4000);
    for (std::size_t i = 200; i < heard.size(); i += 2) {
        const double left = firstLeft * source[i] + secondLeft * source[i + 1];
        const double right = firstRight * source[i] + secondRight * source[i + 1];
        QVERIFY2(std::abs(heard[i] - left) <= 2 && std::abs(heard[i + 1] - right) <= 2, qPrintable(QString::number(i)));
    }
    PcmFeed mono(device(kRate, 1));
    mono.setSamples(store(source, 1));
    mono.setVoices({{true, true}, 1, true, true});
    mono.play({0, 1});
    const auto all = pull(mono, 1000, 1);
    QVERIFY2(std::abs(all[500] - source[500]) <= 1, "a mono recording has no voices to choose from");
}

void TestListeningFeed::voicesChangeWithoutClick() {
    const std::vector<std::int16_t> constant(8 * kRate, 16000);
    PcmFeed feed(device(kRate, 2));
    feed.setSamples(store(constant, 2));
    feed.play({0, 1});
    QVERIFY(!pull(feed, 500).empty());
    for (const VoiceMix& mix :
         {VoiceMix{{true, false}}, VoiceMix{{false, true}}, VoiceMix{{false, false}, 0, true},
          VoiceMix{{false, false}, -1, false}, VoiceMix{{false, true}, 0, false, true}, VoiceMix{}}) {
        feed.setVoices(mix);
        const auto heard = pull(feed, 1000);
        QVERIFY(std::max(largestStep(side(heard, 0)), largestStep(side(heard, 1))) <= 16000 / 48 * 2 + 4);
    }
}

void TestListeningFeed::placeIsRightAcrossSkipsAndSpeeds() {
    PcmFeed feed(device(11025, 1));
    const auto source = bursts(300, 5);
    feed.setSamples(store(source));
    std::vector<FrameSpan> skips;
    for (int at = 3; at + 2 < 300; at += 5) {  // two of every five seconds, and none with a burst in it
        skips.push_back({at * kRate, (at + 2) * kRate});
    }
    feed.setPath(path(skips, {}, std::int64_t(source.size())));
    feed.play({0, 1});
    // Half of the stretcher's window at twice the speed is 40 ms of the recording.
    const Drift result = drift(feed, 5, [&feed](int block) { feed.setTempo(0.5 + 0.1 * (block / 40 % 16)); });
    qInfo("%d bursts, the worst told %.1f ms beside", result.bursts, result.worstMs);
    QCOMPARE(result.bursts, 60);
    QVERIFY(result.worstMs < 50);
    const double heard = double(feed.writtenFrames()) / 11025;
    QVERIFY2(heard < 300 * 0.6, "what is left out was heard");
}

void TestListeningFeed::noDriftInTenMinutes() {
    PcmFeed feed(device(11025, 1));
    feed.setSamples(store(bursts(600, 10)));
    feed.play({0, 1});
    const Drift result = drift(feed, 10, [](int) {});
    qInfo("normal speed: %d bursts, the worst told %.1f ms beside", result.bursts, result.worstMs);
    QCOMPARE(result.bursts, 60);
    QVERIFY(result.worstMs < 10);
}

void TestListeningFeed::noDriftInSixtyFiveMinutes() {
    PcmFeed feed(device(11025, 1));
    feed.setSamples(store(bursts(65 * 60, 20)));
    feed.setTempo(2);
    feed.play({0, 1});
    const Drift result = drift(feed, 20, [&feed](int block) { feed.setTempo(block % 3000 < 2000 ? 2 : 1.3); });
    qInfo("%d bursts, the worst told %.1f ms beside", result.bursts, result.worstMs);
    QCOMPARE(result.bursts, 195);
    QVERIFY(result.worstMs < 50);
}

/// The decoder falls behind while it plays faster: silence, and then the place goes on where it stood.
void TestListeningFeed::gapOfTheDecoderKeepsThePlace() {
    const auto source = bursts(20, 1);
    auto growing = std::make_shared<PcmStore>(PcmFormat{kRate, 1}, "/nonexistent");
    QVERIFY(growing->append(std::span(source).first(4 * kRate)).has_value());
    PcmFeed feed(device(kDevice, 1));
    feed.setSamples(growing);
    feed.setTempo(2);
    feed.play({0, 1});
    QVERIFY(!pull(feed, 3 * kDevice, 1).empty());
    const auto stands = feed.heardAt(feed.writtenFrames() - 1, {});
    QCOMPARE(stands.phase, SoundPhase::Silent);
    QVERIFY(growing->append(std::span(source).subspan(4 * kRate)).has_value());
    growing->finish();
    const Drift result = drift(feed, 1, [](int) {});
    qInfo("%d bursts, the worst told %.1f ms beside", result.bursts, result.worstMs);
    QVERIFY(result.bursts >= 15);
    QVERIFY(result.worstMs < 50);
}

QTEST_GUILESS_MAIN(TestListeningFeed)
#include "tst_listeningfeed.moc"
