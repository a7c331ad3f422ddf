// The sound map: peaks at every zoom, silence and its edges, what is a tone and what a voice, figures, and the file
// that keeps it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <random>

#include "models/audio/callfigures.h"
#include "models/audio/skipplan.h"
#include "tests/audio/soundfixture.h"
#include "tests/audio/spokensound.h"
#include "tests/support/processortime.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

using MapPtr = std::shared_ptr<const SoundMap>;

MapPtr mapOf(std::span<const std::int16_t> samples, PcmFormat format) {
    SoundMapper mapper(format);
    mapper.push(samples);
    return mapper.finish();
}

MapPtr mapOf(const fixture::SpokenCall& call) {
    return mapOf(call.samples, {call.rate, 2});
}

TimeSpan span(int begin, int end) {
    return {milliseconds(begin), milliseconds(end)};
}

milliseconds inside(const TimeSpans& spans, const TimeSpan& stretch) {
    milliseconds sum{};
    for (const TimeSpan& each : spans) {
        sum += std::max(milliseconds(0), std::min(each.end, stretch.end) - std::max(each.begin, stretch.begin));
    }
    return sum;
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool same(const SoundMap& a, const SoundMap& b) {
    return a.format == b.format && a.frames == b.frames && a.peaks == b.peaks && a.speech == b.speech &&
           a.silence == b.silence && a.tones == b.tones && a.beeps == b.beeps;
}

/// A call whose first turn begins late, with room for tones before it.
fixture::SpokenCall callAfter(double firstTurn, int rate = 8000) {
    fixture::SpokenForm form;
    form.rate = rate;
    form.seconds = firstTurn + 8;
    form.firstTurn = firstTurn;
    form.seed = 11;
    return fixture::spokenCall(form);
}

}  // namespace

class TestSoundMap : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void peaksAreExactAtEveryZoom_data();
    void peaksAreExactAtEveryZoom();
    void piecesMakeNoDifference();
    void nothingIsAMapToo();
    void silenceHasItsEdges_data();
    void silenceHasItsEdges();
    void aSilentChannelSaysNothing();
    void steadyNoiseIsNoVoice_data();
    void steadyNoiseIsNoVoice();
    void theOtherSidesEchoIsNoVoice();
    void ringbackIsKnownByItsCadence_data();
    void ringbackIsKnownByItsCadence();
    void ringingAfterTheAnswerStays();
    void otherTonesAreHeardAndNoVoice_data();
    void otherTonesAreHeardAndNoVoice();
    void holdIsMusicOrALongTone_data();
    void holdIsMusicOrALongTone();
    void toldTurnsAreNeverLeftOut();
    void placesAreThoseThatAreHeard();
    void figuresAreCounted();
    void ofMonoNothingIsMeasuredPerVoice();
    void theFileKeepsEverything();
    void otherFilesAreRefused();
};

void TestSoundMap::peaksAreExactAtEveryZoom_data() {
    QTest::addColumn<int>("frames");
    QTest::addColumn<int>("channels");
    for (const int frames : {1, 63, 64, 65, 1000, 4096 * 64, 4096 * 64 + 1, 300'000}) {
        QTest::addRow("%d mono", frames) << frames << 1;
        QTest::addRow("%d stereo", frames) << frames << 2;
    }
}

void TestSoundMap::peaksAreExactAtEveryZoom() {
    QFETCH(int, frames);
    QFETCH(int, channels);
    const auto samples = fixture::noise(frames, channels, 0.9);
    const MapPtr map = mapOf(samples, {8000, channels});
    QCOMPARE(map->frames, frames);
    for (const auto& levels : map->peaks) {
        QCOMPARE(levels.front().size(), static_cast<std::size_t>((frames + 63) / 64));
        QVERIFY(levels.back().size() <= 512);
        for (std::size_t i = 1; i < levels.size(); ++i) {
            QCOMPARE(levels[i].size(), (levels[i - 1].size() + 3) / 4);
        }
    }
    std::mt19937 random(5);
    for (int round = 0; round < 300; ++round) {
        const int buckets = (frames + 63) / 64;
        const int from = static_cast<int>(random() % static_cast<unsigned>(buckets));
        const int to = from + 1 + static_cast<int>(random() % static_cast<unsigned>(buckets - from));
        for (int channel = 0; channel < channels; ++channel) {
            Peak expected{INT16_MAX, INT16_MIN};
            for (int i = from * 64; i < std::min(to * 64, frames); ++i) {
                const std::int16_t sample = samples[static_cast<std::size_t>(i * channels + channel)];
                expected = {std::min(expected.lowest, sample), std::max(expected.highest, sample)};
            }
            QVERIFY(map->peak(channel, from * 64, std::min(to * 64, frames)) == expected);
            QVERIFY(map->peak(channel, from * 64, std::int64_t(to) * 64) == expected);
        }
    }
    QVERIFY(map->peak(0, 10, 10) == Peak());
    QVERIFY(map->peak(0, frames, frames + 10) == Peak());
    QVERIFY(map->peak(channels, 0, 10) == Peak());
    QVERIFY(map->peak(-1, 0, 10) == Peak());
}

void TestSoundMap::piecesMakeNoDifference() {
    const auto call = callAfter(1, 11025);
    const MapPtr whole = mapOf(call);
    std::mt19937 random(3);
    SoundMapper mapper({11025, 2});
    for (std::size_t at = 0; at < call.samples.size();) {
        const std::size_t count = std::min<std::size_t>(2 * (random() % 700), call.samples.size() - at);
        mapper.push(std::span(call.samples).subspan(at, count));
        at += count;
    }
    QVERIFY(same(*mapper.finish(), *whole));
    PcmStore store({11025, 2}, "/nonexistent");
    QVERIFY(store.append(call.samples));
    store.finish();
    QVERIFY(same(*mapSound(store, {}), *whole));
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(!mapSound(store, stop.get_token()));
}

void TestSoundMap::nothingIsAMapToo() {
    for (const int rate : {8000, 192000, 4000}) {
        const MapPtr map = mapOf({}, {rate, 2});
        QCOMPARE(map->frames, 0);
        QCOMPARE(map->speech.size(), 2U);
        QVERIFY(planSkips(*map, {SkipMode::Gentle, {}, {}}).spans.empty());
        QCOMPARE(figuresOf(*map).duration.count(), 0);
    }
}

void TestSoundMap::silenceHasItsEdges_data() {
    QTest::addColumn<int>("rate");
    QTest::addColumn<int>("noise");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("hum");
    QTest::newRow("clean") << 8000 << -120 << 0 << -200;
    QTest::newRow("quiet line") << 16000 << -60 << 0 << -200;
    QTest::newRow("noisy line") << 8000 << -42 << 0 << -200;
    QTest::newRow("offset") << 8000 << -120 << 900 << -200;
    QTest::newRow("hum") << 44100 << -70 << 0 << -52;
}

/// Two bursts of noise on one channel and one on the other, with what a line does besides.
void TestSoundMap::silenceHasItsEdges() {
    QFETCH(int, rate);
    QFETCH(int, noise);
    QFETCH(int, offset);
    QFETCH(int, hum);
    fixture::SpokenForm form;
    form.rate = rate;
    form.seconds = 8;
    form.noiseDb = noise;
    form.firstTurn = 100;  // nobody
    auto call = fixture::spokenCall(form);
    const auto burst = fixture::noise(rate * 8, 1, 0.2);
    const auto put = [&](int channel, const TimeSpan& where) {
        for (std::int64_t i = where.begin.count() * rate / 1000; i < where.end.count() * rate / 1000; ++i) {
            call.samples[static_cast<std::size_t>(2 * i + channel)] = burst[static_cast<std::size_t>(i)];
        }
    };
    put(0, span(1000, 2500));
    put(1, span(3100, 4000));
    put(0, span(4200, 5000));  // 200 ms are no silence
    put(1, span(5310, 6000));
    for (int channel = 0; hum > -100 && channel < 2; ++channel) {
        fixture::addTone(call, channel, span(0, 8000), {50}, hum);
    }
    for (std::int16_t& sample : call.samples) {
        sample = static_cast<std::int16_t>(std::clamp(sample + offset, -32768, 32767));
    }
    const TimeSpans expected{span(0, 1000), span(2500, 3100), span(5000, 5310), span(6000, 8000)};
    const TimeSpans found = mapOf(call)->silence;
    QCOMPARE(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        QVERIFY(std::abs((found[i].begin - expected[i].begin).count()) <= 20);
        QVERIFY(std::abs((found[i].end - expected[i].end).count()) <= 20);
    }
}

void TestSoundMap::aSilentChannelSaysNothing() {
    auto call = callAfter(1);
    for (std::size_t i = 1; i < call.samples.size(); i += 2) {
        call.samples[i] = 0;
    }
    const MapPtr map = mapOf(call);
    QVERIFY(map->speech[1].empty());
    QVERIFY(!map->speech[0].empty());
    const CallFigures figures = figuresOf(*map);
    QCOMPARE(figures.voices->each[0].share, 1.0);
    QCOMPARE(figures.voices->each[1].share, 0.0);
}

void TestSoundMap::steadyNoiseIsNoVoice_data() {
    QTest::addColumn<int>("noise");
    for (const int noise : {-120, -70, -55, -45, -35}) {
        QTest::addRow("%d dB", noise) << noise;
    }
}

void TestSoundMap::steadyNoiseIsNoVoice() {
    QFETCH(int, noise);
    fixture::SpokenForm form;
    form.seconds = 20;
    form.noiseDb = noise;
    form.firstTurn = 100;
    const MapPtr map = mapOf(fixture::spokenCall(form));
    QVERIFY(map->speech[0].empty() && map->speech[1].empty());
    QVERIFY(map->tones.empty() && map->beeps.empty());
    const SkipPlan plan = planSkips(*map, {SkipMode::Strong, {}, {}});
    QCOMPARE(plan.spans.size(), 1U);
    QCOMPARE(plan.saved().count(), 20'000);
}

void TestSoundMap::theOtherSidesEchoIsNoVoice() {
    fixture::SpokenForm form;
    form.seconds = 60;
    form.noiseDb = -65;
    form.echoDb = -24;
    form.overlap = 0;
    const auto call = fixture::spokenCall(form);
    const MapPtr map = mapOf(call);
    for (std::size_t who = 0; who < 2; ++who) {
        milliseconds others{};
        for (const TimeSpan& turn : call.turns[1 - who]) {
            others += inside(map->speech[who], turn);
        }
        QVERIFY2(others < milliseconds(1500), qPrintable(QString::number(others.count())));
        for (const TimeSpan& turn : call.turns[who]) {
            QVERIFY(inside(map->speech[who], turn).count() * 2 > turn.length().count());
        }
    }
}

void TestSoundMap::ringbackIsKnownByItsCadence_data() {
    QTest::addColumn<QList<double>>("hertz");
    QTest::addColumn<QList<int>>("cadence");  // on, off, on, off in ms
    QTest::addColumn<bool>("isRinging");
    QTest::newRow("United Kingdom") << QList<double>{400, 450} << QList{400, 200, 400, 2000} << true;
    QTest::newRow("North America") << QList<double>{440, 480} << QList{2000, 4000} << true;
    QTest::newRow("Europe") << QList<double>{425} << QList{1000, 4000} << true;
    QTest::newRow("China") << QList<double>{450} << QList{1000, 4000} << true;
    QTest::newRow("Spain") << QList<double>{425} << QList{1500, 3000} << true;
    QTest::newRow("France") << QList<double>{440} << QList{1500, 3500} << true;
    QTest::newRow("Finland") << QList<double>{425} << QList{1000, 3000} << true;
    QTest::newRow("short and long") << QList<double>{425} << QList{670, 3000} << true;
    QTest::newRow("busy") << QList<double>{425} << QList{500, 500} << false;
    QTest::newRow("congestion") << QList<double>{425} << QList{250, 250} << false;
    QTest::newRow("another tone") << QList<double>{950} << QList{1000, 3000} << false;
}

void TestSoundMap::ringbackIsKnownByItsCadence() {
    QFETCH(QList<double>, hertz);
    QFETCH(QList<int>, cadence);
    QFETCH(bool, isRinging);
    for (const int rate : {8000, hertz.size() == 2 ? 44'100 : 16'000}) {
        auto call = callAfter(16, rate);
        int end = 0;
        for (int at = 700, i = 0; at < 13'000; ++i) {
            const int length = cadence[i % cadence.size()];
            if (i % 2 == 0) {
                fixture::addTone(call, 1, span(at, at + length), {hertz.begin(), hertz.end()}, -18);
                end = at + length;
            }
            at += length;
        }
        const MapPtr map = mapOf(call);
        QVERIFY(inside(map->speech[0], span(0, 15'500)) == milliseconds(0));
        QVERIFY2(inside(map->speech[1], span(0, 15'500)) == milliseconds(0), "a tone is taken for a voice");
        const SkipPlan plan = planSkips(*map, {SkipMode::Gentle, {}, {}});
        if (!isRinging) {
            QVERIFY(map->tones.empty());
            QVERIFY(!map->beeps.empty());
            continue;
        }
        QCOMPARE(map->tones.size(), 1U);
        QVERIFY(map->tones[0].kind == ToneKind::Ringback && !map->tones[0].onAllChannels);
        QVERIFY(std::abs(map->tones[0].span.begin.count() - 700) <= 60);
        QVERIFY(std::abs(map->tones[0].span.end.count() - end) <= 60);
        QVERIFY(plan.spans[0].reason == SkipReason::Ringback);
        QVERIFY(plan.spans[0].span.begin.count() == 0 && plan.spans[0].span.end >= milliseconds(15'400));
    }
}

void TestSoundMap::ringingAfterTheAnswerStays() {
    auto call = callAfter(16);
    auto onBoth = call;
    for (const int at : {1000, 6000, 11'000}) {
        fixture::addTone(call, 0, span(at, at + 1000), {425}, -18);
        fixture::addTone(onBoth, 0, span(at, at + 1000), {425}, -18);
        fixture::addTone(onBoth, 1, span(at, at + 1000), {425}, -24);
    }
    const MapPtr map = mapOf(call);
    const SkipPlan before = planSkips(*map, {SkipMode::Gentle, {}, milliseconds(15'000)});
    QVERIFY(before.spans[0].reason == SkipReason::Ringback);
    const SkipPlan after = planSkips(*map, {SkipMode::Gentle, {}, milliseconds(500)});
    for (const SkippedSpan& skipped : after.spans) {
        QVERIFY(skipped.span.end.count() <= 1000 || skipped.span.begin.count() >= 12'000);
    }
    const MapPtr bothMap = mapOf(onBoth);
    QCOMPARE(bothMap->tones.size(), 1U);
    QVERIFY(bothMap->tones[0].onAllChannels);
    QVERIFY(planSkips(*bothMap, {SkipMode::Gentle, {}, milliseconds(500)}).spans[0].reason == SkipReason::Ringback);
}

void TestSoundMap::otherTonesAreHeardAndNoVoice_data() {
    QTest::addColumn<QList<double>>("hertz");
    QTest::addColumn<int>("length");
    QTest::newRow("beep") << QList<double>{1000} << 400;
    QTest::newRow("short beep") << QList<double>{1400} << 120;
    QTest::newRow("key 1") << QList<double>{697, 1209} << 120;
    QTest::newRow("key 0") << QList<double>{941, 1336} << 100;
    QTest::newRow("one ring") << QList<double>{425} << 1000;
}

void TestSoundMap::otherTonesAreHeardAndNoVoice() {
    QFETCH(QList<double>, hertz);
    QFETCH(int, length);
    auto call = callAfter(10);
    fixture::addTone(call, 0, span(4000, 4000 + length), {hertz.begin(), hertz.end()}, -15);
    const MapPtr map = mapOf(call);
    QCOMPARE(inside(map->speech[0], span(0, 9500)).count(), 0);
    QCOMPARE(map->beeps.size(), 1U);
    for (const SkippedSpan& skipped : planSkips(*map, {SkipMode::Strong, {}, {}}).spans) {
        QVERIFY(skipped.span.end.count() <= 4000 || skipped.span.begin.count() >= 4000 + length);
    }
}

void TestSoundMap::holdIsMusicOrALongTone_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<bool>("isHold");
    QTest::newRow("dial tone") << u"dial"_s << true;
    QTest::newRow("music") << u"music"_s << true;
    QTest::newRow("music, the other speaks") << u"spoken"_s << false;
}

void TestSoundMap::holdIsMusicOrALongTone() {
    QFETCH(QString, what);
    QFETCH(bool, isHold);
    auto call = callAfter(what == u"spoken"_s ? 2 : 16);
    if (what == u"dial"_s) {
        fixture::addTone(call, 1, span(2000, 12'000), {350, 440}, -20);
    } else {
        static constexpr double kNotes[] = {262, 330, 392, 349, 294, 440, 330, 392};
        for (int i = 0; i < 24; ++i) {
            const double note = kNotes[i % 8];
            fixture::addTone(call, 1, span(2000 + 420 * i, 2000 + 420 * (i + 1)),
                             {note, 2 * note, 1.5 * note, 3 * note}, i % 4 == 0 ? -19 : -22);
        }
    }
    const MapPtr map = mapOf(call);
    if (!isHold) {
        for (const SkippedSpan& skipped : planSkips(*map, {SkipMode::Gentle, {}, {}}).spans) {
            QVERIFY(skipped.reason != SkipReason::Hold);
        }
        return;
    }
    milliseconds held{};
    for (const ToneSpan& tone : map->tones) {
        QVERIFY(tone.kind == ToneKind::Hold);
        held += tone.span.length();
    }
    QVERIFY2(held >= milliseconds(9000), qPrintable(QString::number(held.count())));
    QVERIFY(planSkips(*map, {SkipMode::Gentle, {}, {}}).spans[0].reason == SkipReason::Hold);
}

void TestSoundMap::toldTurnsAreNeverLeftOut() {
    fixture::SpokenForm form;
    form.seconds = 30;
    form.firstTurn = 100;
    const MapPtr map = mapOf(fixture::spokenCall(form));  // silence, says the sound
    const TimeSpans told{span(5000, 7000), span(12'000, 12'400)};
    const SkipPlan plan = planSkips(*map, {SkipMode::Gentle, told, {}});
    QCOMPARE(plan.spans.size(), 3U);
    QVERIFY(plan.spans[0].span == span(0, 4700));
    QVERIFY(plan.spans[1].span == span(7400, 11'700));
    QVERIFY(plan.spans[2].span == span(12'800, 30'000));
    QVERIFY(planSkips(*map, {SkipMode::Off, told, {}}).spans.empty());
    QCOMPARE(planSkips(*map, {SkipMode::Strong, told, {}}).spans[0].span.end.count(), 4820);
}

void TestSoundMap::placesAreThoseThatAreHeard() {
    SkipPlan plan;
    plan.spans = {{span(1000, 2000), SkipReason::Silence}, {span(5000, 9000), SkipReason::Hold}};
    QCOMPARE(plan.saved().count(), 5000);
    const QList<QPair<int, int>> rows{{0, 0},       {999, 999},   {1000, 2000}, {1999, 2000},
                                      {2000, 2000}, {6000, 9000}, {9000, 9000}, {12'000, 12'000}};
    for (const auto& [at, heard] : rows) {
        QCOMPARE(plan.heardPlace(milliseconds(at)).count(), heard);
    }
}

void TestSoundMap::figuresAreCounted() {
    SoundMap map;
    map.format = {8000, 2};
    map.frames = 60 * 8000;
    // The agent speaks, pauses, goes on; the customer falls in twice, once only to agree.
    map.speech = {{span(0, 4000), span(5000, 9000), span(20'000, 26'000)},
                  {span(2000, 2500), span(8500, 11'000), span(12'600, 15'000), span(30'000, 31'000)}};
    const CallFigures figures = figuresOf(map);
    QCOMPARE(figures.duration.count(), 60'000);
    QCOMPARE(figures.voices->each[0].talk.count(), 14'000);
    QCOMPARE(figures.voices->each[1].talk.count(), 6400);
    QCOMPARE(figures.voices->each[0].share, 14'000 / 20'400.0);
    QCOMPARE(figures.voices->overlap.count(), 1000);
    QCOMPARE(figures.silence.count(), 60'000 - 20'400 + 1000);
    QCOMPARE(figures.voices->each[0].longestMonologue.count(), 6000);
    QCOMPARE(figures.voices->each[1].longestMonologue.count(), 2400);
    QCOMPARE(figures.voices->each[1].interruptions, 1);
    QCOMPARE(figures.voices->each[0].interruptions, 0);
}

void TestSoundMap::ofMonoNothingIsMeasuredPerVoice() {
    const auto call = callAfter(2);
    const CallFigures figures = figuresOf(*mapOf(call.mixed(), {8000, 1}));
    QVERIFY(!figures.voices);
    QVERIFY(figures.silence > milliseconds(2000) && figures.silence < figures.duration);
}

void TestSoundMap::theFileKeepsEverything() {
    const QTemporaryDir folder;
    const QString recording = folder.filePath(u"a.wav"_s);
    auto call = callAfter(16);
    for (const int at : {1000, 6000, 11'000}) {
        fixture::addTone(call, 0, span(at, at + 1000), {425}, -18);
    }
    fixture::addTone(call, 1, span(3000, 3400), {1000}, -18);
    const MapPtr map = mapOf(call);
    QVERIFY(!map->tones.empty() && !map->beeps.empty());
    QVERIFY(!saveSoundMap(recording, *map).has_value());  // no such recording
    QVERIFY(fixture::writeFile(recording, fixture::wav(call.samples, 8000, 2)));
    QVERIFY(!loadSoundMap(recording));
    QVERIFY(saveSoundMap(recording, *map).has_value());
    const MapPtr loaded = loadSoundMap(recording);
    QVERIFY(loaded && same(*loaded, *map));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList({u"a.wav"_s, u"a.wav.map"_s}));
    struct stat status {};
    QCOMPARE(::stat(QFile::encodeName(recording + u".map"_s).constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    const QString mono = folder.filePath(u"b.wav"_s);
    QVERIFY(fixture::writeFile(mono, "x"_ba));
    const MapPtr empty = mapOf({}, {8000, 1});
    QVERIFY(saveSoundMap(mono, *empty).has_value());
    QVERIFY(same(*loadSoundMap(mono), *empty));
}

void TestSoundMap::otherFilesAreRefused() {
    const QTemporaryDir folder;
    const QString recording = folder.filePath(u"a.wav"_s);
    const QString file = recording + u".map"_s;
    const auto call = callAfter(1);
    QVERIFY(fixture::writeFile(recording, "recording"_ba));
    QVERIFY(saveSoundMap(recording, *mapOf(call)).has_value());
    const QByteArray whole = contents(file);
    std::mt19937 random(9);
    for (qsizetype size = 0; size < whole.size(); size += 1 + static_cast<qsizetype>(random() % 499)) {
        QVERIFY(fixture::writeFile(file, whole.first(size)));
        QVERIFY(!loadSoundMap(recording));
    }
    for (int round = 0; round < 1000; ++round) {
        QByteArray torn = whole;
        const auto at = round < 200 ? round % 56 : static_cast<int>(random() % static_cast<unsigned>(whole.size()));
        torn[at] = static_cast<char>(torn[at] ^ (1 << (random() % 8)));
        QVERIFY(fixture::writeFile(file, torn));
        QVERIFY(!loadSoundMap(recording));
    }
    QVERIFY(fixture::writeFile(file, whole + "x"));
    QVERIFY(!loadSoundMap(recording));
    // A head that promises years of sound is not believed, and costs no memory: the file is a hole of 4 GB.
    QByteArray huge = whole.first(56);
    const std::int64_t frames = 2'000'000'000;
    const std::int64_t payload = frames / 64 * 2 * 4;
    memcpy(huge.data() + 32, &payload, sizeof payload);
    memcpy(huge.data() + 40, &frames, sizeof frames);
    QVERIFY(fixture::writeFile(file, huge));
    QVERIFY(!loadSoundMap(recording));
    QCOMPARE(::truncate(QFile::encodeName(file).constData(), 4'000'000'000), 0);
    const ProcessorTime used;
    QVERIFY(!loadSoundMap(recording));
    QVERIFY(used.ms() < 1000);
    // A link is not followed, a folder is no map.
    const QString elsewhere = folder.filePath(u"elsewhere"_s);
    QVERIFY(fixture::writeFile(elsewhere, whole));
    QVERIFY(QFile::remove(file) && QFile::link(elsewhere, file));
    QVERIFY(!loadSoundMap(recording));
    QVERIFY(QFile::remove(file) && QDir().mkdir(file));
    QVERIFY(!loadSoundMap(recording));
    QVERIFY(!saveSoundMap(recording, *mapOf(call)).has_value());
    QVERIFY(QDir().rmdir(file));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList({u"a.wav"_s, u"elsewhere"_s}));
    // The recording's bytes were exchanged, same size, another time.
    QVERIFY(fixture::writeFile(file, whole) && loadSoundMap(recording));
    const timespec later[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, {.tv_sec = 1'000'000'000, .tv_nsec = 0}};
    QCOMPARE(::utimensat(AT_FDCWD, QFile::encodeName(recording).constData(), later, 0), 0);
    QVERIFY(!loadSoundMap(recording));
}

QTEST_GUILESS_MAIN(TestSoundMap)
#include "tst_soundmap.moc"
