// The order in which frames are heard: left out spans, a loop, and both, for the clock; and what a reader gets by it.
#include <QTest>
#include <cmath>

#include "tests/audio/soundfixture.h"
#include "ui/playback/pathreader.h"
#include "ui/playback/playbackpath.h"

using namespace earmark;

namespace {

constexpr std::int64_t kFade = 48;

PlaybackPath path(std::vector<FrameSpan> skips, std::optional<FrameSpan> loop = {}, std::int64_t total = 100'000) {
    return PlaybackPath({std::move(skips), loop, kFade, total});
}

std::shared_ptr<PcmStore> store(const std::vector<std::int16_t>& samples) {
    auto result = std::make_shared<PcmStore>(PcmFormat{8000, 1}, "/nonexistent");
    if (!result->append(samples)) {
        return nullptr;
    }
    result->finish();
    return result;
}

struct Taken {
    std::vector<std::int16_t> samples;
    std::vector<std::int64_t> places;  ///< of each sample
};

Taken take(PathReader& reader, std::size_t frames, std::size_t step = 160) {
    Taken taken;
    while (taken.samples.size() < frames) {
        std::vector<std::int16_t> piece(std::min(step, frames - taken.samples.size()));
        const PathReader::Piece got = reader.read(piece);
        if (got.frames == 0) {
            break;
        }
        for (std::int64_t i = 0; i < got.frames; ++i) {
            taken.samples.push_back(piece[static_cast<std::size_t>(i)]);
            taken.places.push_back(got.from + i);
        }
    }
    return taken;
}

}  // namespace

class TestPlaybackPath : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void straight();
    void skipsAreLeftOutForwardAndBackward();
    void whoIsInASpanStaysThere();
    void loopGoesRound();
    void loopWithSkips();
    void readerGivesExactlyTheRest();
    void readerAndClockGoTheSameWay_data();
    void readerAndClockGoTheSameWay();
    void readerSpansShorterThanAFade();
    void readerLeavesOutTheEnd();
    void readerTakesAnotherPath();
};

void TestPlaybackPath::straight() {
    const PlaybackPath plain;
    QCOMPARE(plain.forward(10.5, 20), 30.5);
    QCOMPARE(plain.backward(10.5, 4), 6.5);
    QCOMPARE(plain.backward(10.5, 40), 0.0);
    QVERIFY(!plain.jointAfter(0));
}

void TestPlaybackPath::skipsAreLeftOutForwardAndBackward() {
    const auto way = path({{1000, 2000}, {3000, 8000}});
    QCOMPARE(way.forward(500, 400), 900.0);
    // The joint's own frames are heard within the span.
    QCOMPARE(way.forward(500, 500 + kFade / 2), 2000.0 - kFade / 2);
    QCOMPARE(way.forward(500, 500 + kFade + 100), 2100.0);
    QCOMPARE(way.forward(500, 500 + kFade + 1000 + kFade + 7), 8007.0);
    QCOMPARE(way.backward(8100, 200), 2900.0);
    QCOMPARE(way.backward(8100, 100), 8000.0);
    QCOMPARE(way.backward(8100, 1300), 800.0);
    QCOMPARE(way.onward(500, 500 + kFade + 100), 2100.0);
}

void TestPlaybackPath::whoIsInASpanStaysThere() {
    const auto way = path({{1000, 2000}, {3000, 8000}});
    QCOMPARE(way.forward(1000, 500), 1500.0);
    QCOMPARE(way.forward(1500, 700), 2200.0);
    QCOMPARE(way.forward(1500, 1500 + kFade), 8000.0);
    QCOMPARE(way.backward(1500, 700), 800.0);
    QVERIFY(way.skipAt(1000) && way.skipAt(1999.5));
    QVERIFY(!way.skipAt(999.9) && !way.skipAt(2000));
}

void TestPlaybackPath::loopGoesRound() {
    const auto way = path({}, FrameSpan{1000, 3000});
    QCOMPARE(way.forward(1500, 1400), 2900.0);
    QCOMPARE(way.forward(1500, 1500 + kFade), 1000.0);
    QCOMPARE(way.forward(1500, 1500 + kFade + 5 * (2000 + kFade) + 10), 1010.0);
    QCOMPARE(way.forward(4000, 100), 4100.0);
    // At the recording's own ends there is nothing to fade with outside of the loop.
    const auto whole = path({}, FrameSpan{0, 10'000}, 10'000);
    QCOMPARE(whole.forward(9000, 1000 - kFade - 1), 10'000.0 - kFade - 1);
    QCOMPARE(whole.forward(9000, 1000), double(kFade));
}

void TestPlaybackPath::loopWithSkips() {
    const auto inside = path({{1500, 2000}}, FrameSpan{1000, 3000});
    QCOMPARE(inside.forward(1000, 500 + kFade + 1000 + kFade + 3), 1003.0);
    const auto atTheEnd = path({{2500, 5000}}, FrameSpan{1000, 3000});
    QCOMPARE(atTheEnd.forward(2000, 500 + kFade + 3), 1003.0);
    // Nearly all of the loop would be left out: then nothing is.
    const auto silence = path({{500, 5000}}, FrameSpan{1000, 3000});
    QCOMPARE(silence.forward(1000, 1500), 2500.0);
}

void TestPlaybackPath::readerGivesExactlyTheRest() {
    const auto source = fixture::noise(10'000, 1);
    const std::vector<FrameSpan> skips{{1000, 2000}, {2500, 2600}, {4000, 9000}};
    PathReader reader;
    reader.setSamples(store(source));
    reader.start(0, path(skips));
    const Taken taken = take(reader, 100'000, 77);
    // Every sample outside of the spans, in order, each as it is.
    std::vector<std::int64_t> expected;
    for (std::int64_t i = 0; i < 10'000; ++i) {
        const bool isSkipped =
            std::any_of(skips.begin(), skips.end(), [i](const FrameSpan& span) { return span.holds(double(i)); });
        if (!isSkipped) {
            expected.push_back(i);
        }
    }
    std::vector<std::int64_t> outside;
    for (std::size_t i = 0; i < taken.samples.size(); ++i) {
        const std::int64_t place = taken.places[i];
        const bool isSkipped = std::any_of(skips.begin(), skips.end(),
                                           [place](const FrameSpan& span) { return span.holds(double(place)); });
        if (!isSkipped) {
            outside.push_back(place);
            QCOMPARE(taken.samples[i], source[static_cast<std::size_t>(place)]);
        }
    }
    QVERIFY(outside == expected);
    QCOMPARE(taken.samples.size(), expected.size() + 3 * kFade);
    QVERIFY(reader.isAtEnd());
}

void TestPlaybackPath::readerAndClockGoTheSameWay_data() {
    QTest::addColumn<PlaybackPath>("way");
    QTest::addColumn<int>("from");
    QTest::newRow("straight") << PlaybackPath() << 5;
    QTest::newRow("skips") << path({{1000, 2000}, {2001, 2010}, {3000, 8000}}) << 0;
    QTest::newRow("from within") << path({{1000, 2000}, {3000, 8000}}) << 1500;
    QTest::newRow("loop") << path({}, FrameSpan{1000, 3000}, 10'000) << 1100;
    QTest::newRow("whole") << path({}, FrameSpan{0, 10'000}, 10'000) << 0;
    QTest::newRow("both") << path({{1500, 2000}, {2900, 5000}}, FrameSpan{1000, 3000}, 10'000) << 200;
}

void TestPlaybackPath::readerAndClockGoTheSameWay() {
    QFETCH(PlaybackPath, way);
    QFETCH(int, from);
    PathReader reader;
    reader.setSamples(store(fixture::noise(10'000, 1)));
    reader.start(from, way);
    const Taken taken = take(reader, 9000, 63);
    for (std::size_t i = 0; i < taken.places.size(); ++i) {
        if (double(taken.places[i]) != way.forward(from, double(i))) {
            QFAIL(qPrintable(
                QStringLiteral("after %1: %2, not %3").arg(i).arg(taken.places[i]).arg(way.forward(from, double(i)))));
        }
    }
    QVERIFY(taken.places.size() > 3000);
}

void TestPlaybackPath::readerSpansShorterThanAFade() {
    const auto source = fixture::noise(1000, 1);
    PathReader reader;
    reader.setSamples(store(source));
    reader.start(0, path({{100, 110}}));
    const Taken taken = take(reader, 5000);
    QCOMPARE(taken.samples.size(), 1000U);
    QCOMPARE(taken.samples[99], source[99]);
    QCOMPARE(taken.samples[110], source[110]);
}

void TestPlaybackPath::readerLeavesOutTheEnd() {
    const auto source = fixture::sines(8000, 1000, {200});
    PathReader reader;
    reader.setSamples(store(source));
    reader.start(0, path({{600, 1000}}, {}, 1000));
    const Taken taken = take(reader, 5000);
    QCOMPARE(taken.samples.size(), 600U + kFade);
    QVERIFY(reader.isAtEnd());
}

void TestPlaybackPath::readerTakesAnotherPath() {
    const auto source = fixture::noise(10'000, 1);
    PathReader reader;
    reader.setSamples(store(source));
    reader.start(0, {});
    QCOMPARE(take(reader, 500).places.back(), 499);
    reader.setPath(path({{100, 400}, {450, 800}, {1000, 5000}}));
    const Taken taken = take(reader, 1000);
    QCOMPARE(taken.places.front(), 500);  // already within a span that it did not know of
    QCOMPARE(taken.places[499], 999);
    QCOMPARE(taken.places.back(), 5000 + 500 - kFade - 1);
}

QTEST_GUILESS_MAIN(TestPlaybackPath)
#include "tst_playbackpath.moc"
