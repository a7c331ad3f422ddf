// What a device would get, pulled by hand: places to the sample, soft edges, silence, the end.
#include <QTest>
#include <cstring>

#include "tests/audio/soundfixture.h"
#include "ui/playback/pcmfeed.h"

using namespace earmark;

namespace {

constexpr int kRate = 8000;
constexpr int kFade = kRate * 6 / 1000;

QAudioFormat device(int rate = kRate, int channels = 1, QAudioFormat::SampleFormat sample = QAudioFormat::Int16) {
    QAudioFormat format;
    format.setSampleRate(rate);
    format.setChannelCount(channels);
    format.setSampleFormat(sample);
    return format;
}

std::shared_ptr<PcmStore> store(const std::vector<std::int16_t>& samples, int channels = 1, bool finished = true) {
    auto result = std::make_shared<PcmStore>(PcmFormat{kRate, channels}, "/nonexistent");
    if (!result->append(samples)) {
        return nullptr;
    }
    if (finished) {
        result->finish();
    }
    return result;
}

std::vector<std::int16_t> pull(PcmFeed& feed, int frames, int channels = 1) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(frames * channels));
    const qint64 bytes = feed.read(reinterpret_cast<char*>(samples.data()), static_cast<qint64>(samples.size() * 2));
    samples.resize(static_cast<std::size_t>(bytes) / 2);
    return samples;
}

bool isSilent(const std::vector<std::int16_t>& samples) {
    return std::all_of(samples.begin(), samples.end(), [](std::int16_t value) { return value == 0; });
}

/// Largest step between neighbours: a click is a step that the sound itself does not have.
int largestStep(const std::vector<std::int16_t>& samples) {
    int largest = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        largest = std::max(largest, std::abs(samples[i] - samples[i - 1]));
    }
    return largest;
}

}  // namespace

class TestPcmFeed : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void isSilentUntilPlayed();
    void givesTheSamplesFromThePlace();
    void jumpsWithoutClick();
    void haltsWithoutClickAndStaysSilent();
    void manyOrdersTheLastCounts();
    void tellsWhatIsHeard();
    void endStaysTheLastWord();
    void silenceWhereSamplesAreMissing();
    void anotherRecordingIsNeverMixedIn();
    void volumeMovesSoftly();
    void resamplesAndKeepsChannelsApart();
    void otherSampleForms();
};

void TestPcmFeed::isSilentUntilPlayed() {
    PcmFeed feed(device());
    QVERIFY(isSilent(pull(feed, 500)));
    feed.setSamples(store(fixture::noise(kRate, 1)));
    QVERIFY(isSilent(pull(feed, 500)));
    QCOMPARE(feed.writtenFrames(), 1000);
    QCOMPARE(feed.silentFrames(), 1000);
    QCOMPARE(feed.heardAt(1000, {}).phase, SoundPhase::Silent);
}

void TestPcmFeed::givesTheSamplesFromThePlace() {
    const auto source = fixture::noise(4 * kRate, 1);
    PcmFeed feed(device());
    feed.setSamples(store(source));
    feed.play({12345, 1});
    std::vector<std::int16_t> heard;
    for (const int frames : {1, 160, 7, 1000, 333, 4000}) {
        const auto piece = pull(feed, frames);
        QCOMPARE(static_cast<int>(piece.size()), frames);
        heard.insert(heard.end(), piece.begin(), piece.end());
    }
    for (std::size_t i = kFade; i < heard.size(); ++i) {
        QVERIFY2(std::abs(heard[i] - source[12345 + i]) <= 1, qPrintable(QString::number(i)));
    }
    QVERIFY2(std::abs(heard[0]) < 800, "the beginning fades in");
}

void TestPcmFeed::jumpsWithoutClick() {
    const auto source = fixture::sines(kRate, 4 * kRate, {200});
    PcmFeed feed(device());
    feed.setSamples(store(source));
    feed.play({0, 1});
    auto heard = pull(feed, 1003);
    feed.play({2 * kRate + 29, 2});
    const auto after = pull(feed, 1000);
    heard.insert(heard.end(), after.begin(), after.end());
    const int natural = largestStep(source);
    QVERIFY2(largestStep(heard) <= natural + natural / 4, qPrintable(QString::number(largestStep(heard))));
    for (std::size_t i = 2 * kFade + 2; i < after.size(); ++i) {
        const std::size_t place = 2 * kRate + 29 + i - kFade;
        QVERIFY2(std::abs(after[i] - source[place]) <= 1, qPrintable(QString::number(i)));
    }
}

void TestPcmFeed::haltsWithoutClickAndStaysSilent() {
    const auto source = fixture::sines(kRate, 4 * kRate, {200});
    PcmFeed feed(device());
    feed.setSamples(store(source));
    feed.play({0, 1});
    auto heard = pull(feed, 1010);
    feed.halt();
    const auto after = pull(feed, 400);
    heard.insert(heard.end(), after.begin(), after.end());
    const int natural = largestStep(source);
    QVERIFY(largestStep(heard) <= natural + natural / 4);
    QVERIFY(isSilent({after.begin() + kFade + 1, after.end()}));
    QVERIFY(isSilent(pull(feed, 4000)));
}

void TestPcmFeed::manyOrdersTheLastCounts() {
    const auto source = fixture::noise(8 * kRate, 1);
    PcmFeed feed(device());
    feed.setSamples(store(source));
    feed.play({0, 1});
    QCOMPARE(pull(feed, 100).size(), 100U);
    for (int i = 2; i < 20; ++i) {
        feed.play({i * 3000, static_cast<quint64>(i)});
        feed.halt();
    }
    feed.play({40000, 20});
    const auto heard = pull(feed, 2000);
    for (std::size_t i = 2 * kFade + 2; i < heard.size(); ++i) {
        QVERIFY(std::abs(heard[i] - source[40000 + i - kFade]) <= 1);
    }
    QCOMPARE(feed.heardAt(2100, {}).order, 20U);
}

void TestPcmFeed::tellsWhatIsHeard() {
    PcmFeed feed(device(48000, 2));
    feed.setSamples(store(fixture::noise(4 * kRate, 1)));
    QVERIFY(!pull(feed, 480, 2).empty());
    feed.play({8000, 7});
    QVERIFY(!pull(feed, 4800, 2).empty());
    feed.play({16000, 8});
    QVERIFY(!pull(feed, 4800, 2).empty());
    QCOMPARE(feed.heardAt(479, {}).phase, SoundPhase::Silent);
    const auto first = feed.heardAt(480 + 600, {});
    QCOMPARE(first.phase, SoundPhase::Sounding);
    QCOMPARE(first.order, 7U);
    QCOMPARE(first.frame, 8100.0);
    const auto fade = feed.heardAt(480 + 4800 + 100, {});
    QCOMPARE(fade.order, 7U);  // the old place is still fading out
    const auto second = feed.heardAt(480 + 4800 + 288 + 600, {});
    QCOMPARE(second.order, 8U);
    QVERIFY(std::abs(second.frame - 16100) <= 2);
}

void TestPcmFeed::endStaysTheLastWord() {
    const auto source = fixture::noise(1000, 1);
    PcmFeed feed(device());
    feed.setSamples(store(source));
    feed.play({0, 3});
    const auto heard = pull(feed, 3000);
    QVERIFY(!isSilent({heard.begin() + 900, heard.begin() + 1000}));
    QVERIFY(isSilent({heard.begin() + 1100, heard.end()}));
    QVERIFY(isSilent(pull(feed, 3000)));
    QCOMPARE(feed.heardAt(500, {}).phase, SoundPhase::Sounding);
    QCOMPARE(feed.heardAt(6000, {}).phase, SoundPhase::Ended);
    QCOMPARE(feed.heardAt(6000, {}).order, 3U);
    feed.play({0, 4});
    QVERIFY(!isSilent(pull(feed, 500)));
    QCOMPARE(feed.heardAt(6300, {}).phase, SoundPhase::Sounding);
}

void TestPcmFeed::silenceWhereSamplesAreMissing() {
    const auto source = fixture::noise(4000, 1);
    const auto growing = store({source.begin(), source.begin() + 1000}, 1, false);
    PcmFeed feed(device());
    feed.setSamples(growing);
    feed.play({2000, 1});
    QVERIFY(isSilent(pull(feed, 500)));
    QVERIFY(growing->append(std::span(source).subspan(1000)).has_value());
    const auto heard = pull(feed, 1000);
    for (std::size_t i = kFade; i < heard.size(); ++i) {
        QVERIFY(std::abs(heard[i] - source[2000 + i]) <= 1);
    }
    QCOMPARE(feed.heardAt(600, {}).phase, SoundPhase::Sounding);
    QCOMPARE(feed.heardAt(600, {}).frame, 2100.0);
    QVERIFY(!pull(feed, 3000).empty());
    QCOMPARE(feed.heardAt(4500, {}).phase, SoundPhase::Silent);  // not finished, so not the end
    growing->finish();
    QVERIFY(!pull(feed, 100).empty());
    QCOMPARE(feed.heardAt(4600, {}).phase, SoundPhase::Ended);
}

void TestPcmFeed::anotherRecordingIsNeverMixedIn() {
    PcmFeed feed(device());
    auto first = store(fixture::noise(kRate, 1));
    const std::weak_ptr<PcmStore> held = first;
    feed.setSamples(first);
    feed.play({0, 1});
    QVERIFY(!isSilent(pull(feed, 500)));
    first.reset();
    feed.setSamples(nullptr);
    QVERIFY(held.expired());
    QVERIFY(isSilent(pull(feed, 500)));
    feed.play({0, 2});
    QVERIFY(isSilent(pull(feed, 500)));
    const auto source = fixture::sines(kRate, kRate, {300});
    feed.setSamples(store(source));
    feed.play({0, 3});
    const auto heard = pull(feed, 500);
    for (std::size_t i = kFade; i < heard.size(); ++i) {
        QVERIFY(std::abs(heard[i] - source[i]) <= 1);
    }
}

void TestPcmFeed::volumeMovesSoftly() {
    const std::vector<std::int16_t> constant(4 * kRate, 16000);
    PcmFeed feed(device());
    feed.setGain(1);
    feed.setSamples(store(constant));
    feed.play({0, 1});
    QVERIFY(!pull(feed, 500).empty());
    feed.setGain(0.25);
    const auto heard = pull(feed, 500);
    QVERIFY(largestStep(heard) <= 16000 / kFade + 2);
    QCOMPARE(heard.back(), 4000);
    feed.setGain(0);
    QVERIFY(!pull(feed, 100).empty());
    QVERIFY(isSilent(pull(feed, 500)));
}

void TestPcmFeed::resamplesAndKeepsChannelsApart() {
    PcmFeed feed(device(48000, 2));
    feed.setSamples(store(fixture::sines(kRate, 2 * kRate, {500, 1000}), 2));
    feed.play({0, 1});
    QVERIFY(!pull(feed, 4800, 2).empty());
    const auto heard = pull(feed, 48000, 2);
    const auto crossings = [&heard](int channel) {
        int count = 0;
        for (std::size_t i = 2 + static_cast<std::size_t>(channel); i < heard.size(); i += 2) {
            count += (heard[i] >= 0) != (heard[i - 2] >= 0) ? 1 : 0;
        }
        return count;
    };
    QVERIFY(std::abs(crossings(0) - 1000) <= 2);
    QVERIFY(std::abs(crossings(1) - 2000) <= 2);
}

void TestPcmFeed::otherSampleForms() {
    const auto source = fixture::sines(kRate, kRate, {300});
    PcmFeed feed(device(kRate, 1, QAudioFormat::Float));
    feed.setSamples(store(source));
    feed.play({0, 1});
    std::vector<float> heard(500);
    QCOMPARE(feed.read(reinterpret_cast<char*>(heard.data()), 2000), 2000);
    for (std::size_t i = kFade; i < heard.size(); ++i) {
        QVERIFY(std::abs(heard[i] - static_cast<float>(source[i]) / 32768.0F) < 0.0001F);
    }
    PcmFeed wide(device(kRate, 1, QAudioFormat::Int32));
    wide.setSamples(store(source));
    wide.play({0, 1});
    std::vector<std::int32_t> values(500);
    QCOMPARE(wide.read(reinterpret_cast<char*>(values.data()), 2000), 2000);
    for (std::size_t i = kFade; i < values.size(); ++i) {
        QVERIFY(std::abs(values[i] / 65536 - source[i]) <= 1);
    }
}

QTEST_GUILESS_MAIN(TestPcmFeed)
#include "tst_pcmfeed.moc"
