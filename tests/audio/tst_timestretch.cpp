// Speech faster and slower at the same pitch: frequency, length, place, soft changes.
#include <QElapsedTimer>
#include <QTest>
#include <cmath>

#include "models/audio/timestretch.h"
#include "tests/audio/correlation.h"
#include "tests/audio/soundfixture.h"
#include "tests/audio/voices.h"

using namespace earmark;

namespace {

using Samples = std::vector<std::int16_t>;

/// Takes all that is ready.
void drain(TimeStretch& stretch, int channels, Samples& into) {
    Samples piece(static_cast<std::size_t>(stretch.framesReady() * channels));
    const auto frames = stretch.take(piece);
    into.insert(into.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(frames * channels));
}

Samples stretched(const Samples& source, PcmFormat format, double tempo) {
    TimeStretch stretch;
    stretch.configure(format);
    stretch.setTempo(tempo);
    Samples result;
    const auto step = static_cast<std::size_t>(format.sampleRate / 50 * format.channels);
    for (std::size_t at = 0; at < source.size(); at += step) {
        stretch.push(std::span(source).subspan(at, std::min(step, source.size() - at)));
        drain(stretch, format.channels, result);
    }
    stretch.pushEnd();
    drain(stretch, format.channels, result);
    return result;
}

/// By upward crossings of zero, between their places, so that a short sound tells it finely.
double frequency(const Samples& samples, int channels, int rate) {
    double first = -1;
    double last = -1;
    int periods = -1;
    const auto step = static_cast<std::size_t>(channels);
    for (std::size_t i = step; i < samples.size(); i += step) {
        const double before = samples[i - step];
        const double after = samples[i];
        if (before < 0 && after >= 0) {
            last = static_cast<double>(i / step) - after / (after - before);
            first = first < 0 ? last : first;
            ++periods;
        }
    }
    return periods > 0 ? periods * rate / (last - first) : 0;
}

int largestStep(const Samples& samples) {
    int largest = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        largest = std::max(largest, std::abs(samples[i] - samples[i - 1]));
    }
    return largest;
}

}  // namespace

class TestTimeStretch : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void normalSpeedIsUntouched();
    void keepsPitchAndLength_data();
    void keepsPitchAndLength();
    void tempoIsKeptWithinBounds();
    void changesWithoutClick();
    void tellsThePlaceOfSpeech_data();
    void tellsThePlaceOfSpeech();
    void shortSoundsAreKept_data();
    void shortSoundsAreKept();
    void placeOfWhatWasMadeBeforeAChange();
    void placeDoesNotDrift();
    void restartForgets();
    void shortAndEmpty();
};

void TestTimeStretch::normalSpeedIsUntouched() {
    const Samples source = fixture::noise(20000, 2);
    QVERIFY(stretched(source, {8000, 2}, 1) == source);
}

void TestTimeStretch::keepsPitchAndLength_data() {
    QTest::addColumn<int>("rate");
    QTest::addColumn<int>("channels");
    QTest::addColumn<double>("tempo");
    for (const auto& [rate, channels] : {std::pair{8000, 1}, std::pair{16000, 2}, std::pair{44100, 2}}) {
        for (const double tempo : {0.5, 0.8, 1.25, 1.5, 2.0, 3.0}) {
            QTest::addRow("%d Hz, %d, %.2f", rate, channels, tempo) << rate << channels << tempo;
        }
    }
}

void TestTimeStretch::keepsPitchAndLength() {
    QFETCH(int, rate);
    QFETCH(int, channels);
    QFETCH(double, tempo);
    const auto source = fixture::sines(rate, 10 * rate, std::vector<double>(static_cast<std::size_t>(channels), 440));
    const auto result = stretched(source, {rate, channels}, tempo);
    const double heard = frequency(result, channels, rate);
    QVERIFY2(std::abs(heard / 440 - 1) < 0.01, qPrintable(QString::number(heard)));
    const double length = static_cast<double>(result.size()) / channels / rate;
    QVERIFY2(std::abs(length * tempo / 10 - 1) < 0.001, qPrintable(QString::number(length)));
}

void TestTimeStretch::tempoIsKeptWithinBounds() {
    TimeStretch stretch;
    stretch.setTempo(9);
    QCOMPARE(stretch.tempo(), kFastest);
    stretch.setTempo(0);
    QCOMPARE(stretch.tempo(), kSlowest);
}

void TestTimeStretch::changesWithoutClick() {
    constexpr int kRate = 8000;
    const auto source = fixture::sines(kRate, 30 * kRate, {200});
    TimeStretch stretch;
    stretch.configure({kRate, 1});
    Samples heard;
    double expected = 0;
    int step = 0;
    const std::vector<double> tempos{1, 1.1, 2, 3, 0.5, 1, 0.8, 1, 1.5};
    for (std::size_t at = 0; at < source.size(); at += 160) {
        if (step % 20 == 0) {
            stretch.setTempo(tempos[static_cast<std::size_t>(step / 20) % tempos.size()]);
        }
        ++step;
        stretch.push(std::span(source).subspan(at, 160));
        expected += 160 / stretch.tempo();
        drain(stretch, 1, heard);
    }
    stretch.pushEnd();
    drain(stretch, 1, heard);
    QVERIFY(std::abs(stretch.framesTaken() - static_cast<double>(source.size())) < 4);
    QVERIFY2(std::abs(static_cast<double>(heard.size()) / expected - 1) < 0.02,
             qPrintable(QStringLiteral("%1 of %2").arg(heard.size()).arg(expected)));
    const int natural = largestStep(source);
    QVERIFY2(largestStep(heard) <= natural * 5 / 4,
             qPrintable(QStringLiteral("a step of %1, the sound's own are %2").arg(largestStep(heard)).arg(natural)));
    // No gap either: in no 15 ms is it quiet.
    for (std::size_t at = 0; at + 120 < heard.size(); at += 60) {
        int most = 0;
        for (std::size_t i = at; i < at + 120; ++i) {
            most = std::max(most, std::abs(heard[i]));
        }
        QVERIFY2(most > 8000, qPrintable(QString::number(at)));
    }
}

void TestTimeStretch::tellsThePlaceOfSpeech_data() {
    QTest::addColumn<double>("tempo");
    for (const double tempo : {0.5, 0.8, 1.0, 1.3, 2.0, 3.0}) {
        QTest::addRow("%.1f", tempo) << tempo;
    }
}

/// Pieces of what comes out are found again in the speech, and their middle lies where framesTaken() says, within half
/// a window.
void TestTimeStretch::tellsThePlaceOfSpeech() {
    QFETCH(double, tempo);
    constexpr int kPiece = 160;  // 20 ms
    const auto voices = fixture::demoVoices();
    QCOMPARE(voices.channels.size(), 2U);
    Samples source = voices.samples(1);
    for (const auto& more : std::vector(2, source)) {
        source.insert(source.end(), more.begin(), more.end());
    }
    TimeStretch stretch;
    stretch.configure({8000, 1});
    stretch.setTempo(tempo);
    const auto speech = correlation::channel(source, 1, 0);
    std::vector<double> beside;
    for (std::size_t at = 0; at + 160 <= source.size(); at += 160) {
        stretch.push(std::span(source).subspan(at, 160));
        while (stretch.framesReady() >= kPiece) {
            const double before = stretch.framesTaken();
            Samples piece(kPiece);
            QCOMPARE(stretch.take(piece), kPiece);
            const double told = (before + stretch.framesTaken() - kPiece) / 2;
            const auto from = static_cast<std::ptrdiff_t>(std::max(0.0, told - 800));
            const auto to = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(speech.size()), from + 2000);
            const auto fit =
                correlation::place(correlation::channel(piece, 1, 0), {speech.begin() + from, speech.begin() + to});
            if (fit.value > 0.95) {
                beside.push_back(static_cast<double>(from) + fit.lag - told);
            }
        }
    }
    QVERIFY2(beside.size() >= 15, qPrintable(QString::number(beside.size())));
    std::sort(beside.begin(), beside.end());
    const double median = beside[beside.size() / 2] / 8;
    qInfo("%zu pieces lie %.1f ms beside what is told, from %.1f to %.1f", beside.size(), median, beside.front() / 8,
          beside.back() / 8);
    QVERIFY(std::abs(median) <= 15);
    QVERIFY(beside[beside.size() / 10] / 8 >= -30 && beside[beside.size() * 9 / 10] / 8 <= 30);
}

void TestTimeStretch::shortSoundsAreKept_data() {
    QTest::addColumn<double>("tempo");
    QTest::addColumn<int>("shortestMs");
    // What is left out in one piece, and the room in which the stretcher looks for the next period.
    QTest::addRow("1.3") << 1.3 << 23;
    QTest::addRow("1.5") << 1.5 << 23;
    QTest::addRow("2.0") << 2.0 << 23;
    QTest::addRow("3.0") << 3.0 << 31;
}

/// A consonant is as short as these bursts, and a word without it is another word: at every speed each is heard.
void TestTimeStretch::shortSoundsAreKept() {
    QFETCH(double, tempo);
    QFETCH(int, shortestMs);
    constexpr int kRate = 8000;
    constexpr int kBursts = 400;
    const auto noise = fixture::noise(kRate, 1);
    // Between them a quiet low voice, whose periods the stretcher joins.
    Samples source = fixture::sines(kRate, kBursts * kRate / 4, {110});
    for (auto& value : source) {
        value = static_cast<std::int16_t>(value / 20);
    }
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < kBursts; ++i) {
        begins.push_back(i * kRate / 4 + 400 + i * 37 % 1000);
        std::copy_n(noise.begin() + static_cast<std::ptrdiff_t>(i * 11), shortestMs * kRate / 1000,
                    source.begin() + static_cast<std::ptrdiff_t>(begins.back()));
    }
    const Samples heard = stretched(source, {kRate, 1}, tempo);
    const auto loudest = [](const Samples& samples, double from, double to) {
        int most = 0;
        const auto end = std::min(samples.size(), static_cast<std::size_t>(to));
        for (auto i = static_cast<std::size_t>(std::max(0.0, from)); i < end; ++i) {
            most = std::max(most, std::abs(samples[i]));
        }
        return most;
    };
    int missing = 0;
    for (const std::size_t begin : begins) {
        const double place = static_cast<double>(begin) / tempo;
        const int there = loudest(source, double(begin), double(begin) + shortestMs * 8);
        const int found = loudest(heard, place - 40 * 8, place + 40 * 8);
        missing += found * 3 < there ? 1 : 0;
    }
    qInfo("%d of %d short sounds are missing", missing, kBursts);
    QCOMPARE(missing, 0);
}

/// What is ready when the speed changes was made at the speed of before.
void TestTimeStretch::placeOfWhatWasMadeBeforeAChange() {
    TimeStretch stretch;
    stretch.configure({8000, 1});
    stretch.setTempo(2);
    stretch.push(fixture::noise(8000, 1));
    stretch.setTempo(0.5);
    const auto ready = stretch.framesReady();
    QVERIFY(ready > 2000);
    Samples all(static_cast<std::size_t>(ready));
    QCOMPARE(stretch.take(all), ready);
    QCOMPARE(stretch.framesTaken(), 2.0 * static_cast<double>(ready));
}

/// 65 minutes with the speed changed every few seconds: at the end the place is still the right one.
void TestTimeStretch::placeDoesNotDrift() {
    constexpr int kRate = 8000;
    const auto piece = fixture::noise(kRate, 1);
    TimeStretch stretch;
    stretch.configure({kRate, 1});
    QElapsedTimer clock;
    clock.start();
    Samples heard;
    std::int64_t given = 0;
    Samples last;
    for (int second = 0; second < 65 * 60; ++second) {
        stretch.setTempo(0.5 + 0.1 * (second / 7 % 26));
        // Each second is told from the others by where it is loud.
        Samples loud(kRate);
        const auto at = static_cast<std::size_t>(second * 37 % 70 * 100);
        std::copy_n(piece.begin(), 800, loud.begin() + static_cast<std::ptrdiff_t>(at));
        stretch.push(loud);
        given += kRate;
        last = loud;
        if (second < 65 * 60 - 1) {
            heard.clear();
            drain(stretch, 1, heard);
        }
    }
    const double before = stretch.framesTaken();
    QVERIFY2(static_cast<double>(given) - before < 1.2 * kRate, "more than the last second is still inside");
    stretch.pushEnd();
    // The last second's burst: where it begins in what comes out, told in frames of what went in.
    const auto burst = static_cast<double>(given - kRate) + ((65 * 60 - 1) * 37 % 70) * 100;
    double found = -1;
    while (found < 0 && stretch.framesReady() > 0) {
        const double told = stretch.framesTaken();
        Samples frames(40);
        const auto got = stretch.take(frames);
        QVERIFY(got > 0);
        if (told > static_cast<double>(given - kRate) - 200 &&
            std::any_of(frames.begin(), frames.end(), [](std::int16_t value) { return std::abs(value) > 3000; })) {
            found = told;
        }
    }
    qInfo("after 65 minutes the burst lies %.1f ms beside what is told; %lld ms for all", (found - burst) / 8,
          static_cast<long long>(clock.elapsed()));
    QVERIFY(std::abs(found - burst) / 8 < 30);
}

void TestTimeStretch::restartForgets() {
    TimeStretch stretch;
    stretch.configure({8000, 1});
    stretch.setTempo(2);
    stretch.push(fixture::noise(8000, 1));
    stretch.restart();
    QCOMPARE(stretch.framesReady(), 0);
    QCOMPARE(stretch.framesTaken(), 0.0);
    const auto source = fixture::sines(8000, 8000, {300});
    stretch.push(source);
    Samples heard;
    drain(stretch, 1, heard);
    // The new place alone, from its first sample on: noise would step otherwise than the sine does.
    QCOMPARE(heard.front(), source.front());
    heard.resize(400);
    QVERIFY2(largestStep(heard) <= largestStep(source) * 11 / 10, "what was inside before is heard");
    QVERIFY(std::abs(frequency(heard, 1, 8000) - 300) < 3);
}

void TestTimeStretch::shortAndEmpty() {
    for (const double tempo : {0.5, 1.0, 3.0}) {
        QVERIFY(stretched({}, {8000, 2}, tempo).empty());
        const auto frames = stretched(fixture::noise(30, 2), {8000, 2}, tempo).size() / 2;
        QVERIFY(std::abs(static_cast<double>(frames) - 30 / tempo) <= 1);
    }
}

QTEST_GUILESS_MAIN(TestTimeStretch)
#include "tst_timestretch.moc"
