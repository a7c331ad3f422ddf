// Sums over samples are exact, whatever the samples, the length of the stretch and what follows it.
#include <QTest>
#include <random>
#include <vector>

#include "models/audio/samplesums.h"

using namespace earmark;

namespace {

using Samples = std::vector<std::int16_t>;

SampleSums oneByOne(const Samples& samples, std::size_t count) {
    SampleSums sums;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t sample = samples[i];
        sums.sum += sample;
        sums.square += sample * sample;
        sums.next += i + 1 < count ? sample * samples[i + 1] : 0;
        sums.second += i + 2 < count ? sample * samples[i + 2] : 0;
    }
    return sums;
}

Samples randomSamples(std::size_t count) {
    std::mt19937 random(3);
    Samples samples(count);
    for (std::int16_t& sample : samples) {
        sample = static_cast<std::int16_t>(random());
    }
    return samples;
}

}  // namespace

class TestSampleSums : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void exact_data() {
        QTest::addColumn<Samples>("samples");
        constexpr std::size_t kLength = 200;
        Samples alternating(kLength);
        for (std::size_t i = 0; i < kLength; ++i) {
            alternating[i] = i % 2 == 0 ? INT16_MIN : INT16_MAX;
        }
        QTest::newRow("any") << randomSamples(kLength);
        QTest::newRow("lowest: two products just do not fit") << Samples(kLength, INT16_MIN);
        QTest::newRow("highest") << Samples(kLength, INT16_MAX);
        QTest::newRow("from end to end") << alternating;
        QTest::newRow("nothing") << Samples(kLength, 0);
    }
    void exact() {
        QFETCH(const Samples, samples);
        for (std::size_t count = 0; count <= 100; ++count) {
            const SampleSums expected = oneByOne(samples, count);
            for (const std::size_t behind : {0, 1, 2, 50}) {
                // Nothing beyond what is said to follow may be read: the memory ends there.
                const Samples part(samples.begin(), samples.begin() + std::ptrdiff_t(count + behind));
                const SampleSums found = sumsOf(std::span(part).first(count), behind);
                QCOMPARE(found.sum, expected.sum);
                QCOMPARE(found.square, expected.square);
                QCOMPARE(found.next, expected.next);
                QCOMPARE(found.second, expected.second);
                const SampleSums loudness = loudnessSumsOf(std::span(part).first(count), behind);
                QCOMPARE(loudness.sum, expected.sum);
                QCOMPARE(loudness.square, expected.square);
                QCOMPARE(loudness.next, expected.next);
            }
            std::int64_t product = 0;
            for (std::size_t i = 0; i < count; ++i) {
                product += std::int64_t{samples[i]} * samples[i + 3];
            }
            QCOMPARE(productSum(std::span(samples).first(count), samples.data() + 3), product);
        }
    }
};

QTEST_GUILESS_MAIN(TestSampleSums)
#include "tst_samplesums.moc"
