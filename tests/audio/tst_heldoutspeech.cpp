// Skip-silence on speech and lines that the detector was not made with: other voices, whisper, breaths, swallowed
// endings, telephone codecs, every kind of line noise. What was said is known from the clean voices. The seed is
// printed; EARMARK_HELDOUT_SEED takes another one, EARMARK_HELDOUT_CALLS=n makes n calls of each kind.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>

#include "models/audio/audiodecoder.h"
#include "models/audio/skipplan.h"
#include "tests/audio/audioencoder.h"
#include "tests/audio/heldoutcalls.h"

using namespace earmark;
using namespace earmark::fixture;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

using enum LineNoise;

constexpr std::array kForms{
    LineForm{"clean"},
    LineForm{"clean, mono", 1},
    LineForm{"mu-law", 2, -18, 0, White, -62, 0, -200, Extra::None, true},
    LineForm{"mu-law, quiet voices", 2, -34, 0, White, -66, 0, -200, Extra::None, true},
    LineForm{"quiet voices", 2, -36, 0, White, -70},
    LineForm{"loud voices", 2, -6, 0, White, -50},
    LineForm{"loud and quiet side", 2, -30, 22, White, -65},
    LineForm{"loud and quiet side, mono", 1, -30, 18, White, -65},
    LineForm{"white -50", 2, -16, 0, White, -50},
    LineForm{"white -40", 2, -14, 0, White, -40},
    LineForm{"white -30", 2, -8, 0, White, -30},
    LineForm{"pink -50", 2, -18, 0, Pink, -50},
    LineForm{"pink -36", 2, -12, 0, Pink, -36},
    LineForm{"hum 50 Hz -40", 2, -18, 0, Hum50, -40},
    LineForm{"hum 50 Hz -30", 2, -18, 0, Hum50, -30},
    LineForm{"hum 100 Hz -36", 2, -18, 0, Hum100, -36},
    LineForm{"babble -50", 2, -18, 0, Babble, -50},
    LineForm{"babble -36", 2, -14, 0, Babble, -36},
    LineForm{"comfort noise that switches", 2, -20, 0, Switching, -52},
    LineForm{"comfort noise, mono", 1, -14, 0, Switching, -46},
    LineForm{"offset", 2, -20, 0, White, -64, 0.08},
    LineForm{"echo", 2, -16, 0, White, -60, 0, -24},
    LineForm{"echo, quiet side", 2, -30, 16, White, -66, 0, -30},
    LineForm{"keys", 2, -18, 0, White, -62, 0, -200, Extra::Keys},
    LineForm{"ring-back first", 2, -18, 0, White, -60, 0, -200, Extra::RingBack},
    LineForm{"ring-back first, mono", 1, -18, 0, White, -60, 0, -200, Extra::RingBack},
    LineForm{"music first", 2, -18, 0, White, -60, 0, -200, Extra::Music},
    LineForm{"music first, mono", 1, -18, 0, White, -60, 0, -200, Extra::Music},
    LineForm{"as a-law", 2, -18, 0, Pink, -60, 0, -200, Extra::None, false, "wav a-law"},
    LineForm{"as gsm", 1, -14, 0, White, -58, 0, -200, Extra::None, false, "wav gsm"},
    LineForm{"as mp3", 2, -20, 0, White, -58, 0, -200, Extra::None, false, "mp3 44.1 kHz"},
    LineForm{"as opus", 2, -20, 0, White, -58, 0, -200, Extra::None, false, "ogg opus"},
    LineForm{"as speex", 1, -16, 0, White, -58, 0, -200, Extra::None, false, "ogg speex"},
    LineForm{.name = "very quiet side", .voiceDb = -44, .sides = 34, .noise = White, .noiseDb = -72},
    LineForm{.name = "far side, mono", .channels = 1, .voiceDb = -26, .sides = 16},
    LineForm{.name = "far side, mono, white -66",
             .channels = 1,
             .voiceDb = -26,
             .sides = 16,
             .noise = White,
             .noiseDb = -66},
    LineForm{.name = "words between silences", .noise = White, .noiseDb = -60, .isSparse = true},
    LineForm{.name = "quiet words between silences",
             .voiceDb = -14,
             .sides = -24,
             .noise = White,
             .noiseDb = -58,
             .isSparse = true},
    LineForm{.name = "words between silences, mono",
             .channels = 1,
             .voiceDb = -12,
             .sides = -16,
             .noise = White,
             .noiseDb = -56,
             .isSparse = true},
    LineForm{
        .name = "words between silences, pink -40", .voiceDb = -16, .noise = Pink, .noiseDb = -40, .isSparse = true},
    LineForm{.name = "fading away", .noise = White, .noiseDb = -62, .fading = 30},
    LineForm{.name = "fading away, mono", .channels = 1, .voiceDb = -14, .noise = White, .noiseDb = -58, .fading = 24},
    LineForm{.name = "lost packets", .noise = White, .noiseDb = -58, .lostPackets = 0.06},
    LineForm{.name = "lost packets, mu-law",
             .voiceDb = -26,
             .noise = White,
             .noiseDb = -60,
             .isCompanded = true,
             .lostPackets = 0.1},
};

std::shared_ptr<const SoundMap> mapOf(std::span<const std::int16_t> samples, PcmFormat format) {
    SoundMapper mapper(format);
    mapper.push(samples);
    return mapper.finish();
}

/// As it comes back out of a file of that kind; nullptr when it cannot be made here.
std::shared_ptr<const SoundMap> mapOfFile(const HeldOutCall& call, const char* encoding, const QString& directory) {
    const auto forms = audioForms();
    const auto form = std::find_if(forms.begin(), forms.end(),
                                   [&](const AudioForm& each) { return qstrcmp(each.name, encoding) == 0; });
    if (form == forms.end() || form->channels != call.channels) {
        return nullptr;
    }
    std::vector<std::int16_t> samples;
    std::vector<Track> tracks(static_cast<std::size_t>(call.channels));
    for (std::size_t i = 0; i < call.samples.size(); ++i) {
        tracks[i % tracks.size()].push_back(call.samples[i]);
    }
    samples = Voices{call.rate, std::move(tracks)}.at(form->rate).samples(call.channels);
    const QString file = directory + u"/call."_s + QString::fromUtf8(form->suffix);
    if (!encode(*form, samples, file).isEmpty()) {
        return nullptr;
    }
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(file, {});
    if (!info) {
        return nullptr;
    }
    PcmStore store(info->format, "/nonexistent");
    return decoder->decodeInto(store, {}) ? mapSound(store, {}) : nullptr;
}

/// What of the speech a plan leaves out.
struct Loss {
    int frames = 0;         ///< of 10 ms, at least -50 dB against the sentence's loudest moment
    int audible = 0;        ///< and such that a listener can make it out
    double loudest = -200;  ///< dB against the sentence's loudest moment, of the audible ones
    int first = -1;
    int skippable = 0;  ///< frames that may go
    int gone = 0;
    int unpadded = 0;  ///< frames of words that nothing but the padding keeps

    void add(const Loss& other) {
        frames += other.frames;
        audible += other.audible;
        loudest = std::max(loudest, other.loudest);
        first = first < 0 ? other.first : first;
        skippable += other.skippable;
        gone += other.gone;
        unpadded += other.unpadded;
    }
};

Loss lossOf(const SkipPlan& plan, const std::vector<SaidFrame>& said, SkipPadding padding) {
    Loss loss;
    std::vector<bool> isLeftOut(said.size(), false);
    for (const SkippedSpan& skipped : plan.spans) {
        for (auto k = static_cast<std::size_t>((skipped.span.begin.count() + 9) / 10);
             k < std::min(said.size(), static_cast<std::size_t>(skipped.span.end.count() / 10)); ++k) {
            isLeftOut[k] = true;
        }
    }
    const int before = static_cast<int>(padding.before.count() / 10);
    const int after = static_cast<int>(padding.after.count() / 10);
    for (const SkippedSpan& skipped : plan.spans) {
        const int begin = static_cast<int>((skipped.span.begin.count() + 9) / 10);
        const int end = static_cast<int>(skipped.span.end.count() / 10);
        for (int k = std::max(0, begin - after); k < std::min<int>(static_cast<int>(said.size()), end + before); ++k) {
            const bool isOutside = (k < begin && begin > 0) || (k >= end && end < static_cast<int>(said.size()));
            loss.unpadded += isOutside && said[static_cast<std::size_t>(k)].isAudible ? 1 : 0;
        }
    }
    const int count = static_cast<int>(said.size());
    for (int from = 0, k = 0; k <= count; ++k) {
        if (k < count && said[static_cast<std::size_t>(k)].below < -100) {
            continue;
        }
        if (k - from >= 80) {
            for (int i = from == 0 ? 0 : from + after; i < (k == count ? k : k - before); ++i) {
                ++loss.skippable;
                loss.gone += isLeftOut[static_cast<std::size_t>(i)] ? 1 : 0;
            }
        }
        from = k + 1;
        if (k < count && isLeftOut[static_cast<std::size_t>(k)]) {
            const SaidFrame& frame = said[static_cast<std::size_t>(k)];
            ++loss.frames;
            if (frame.isAudible) {
                ++loss.audible;
                loss.first = loss.first < 0 ? k : loss.first;
                loss.loudest = std::max(loss.loudest, frame.below);
            }
        }
    }
    return loss;
}

/// A loud sentence before every vowel that is held, so many dB below, on the first channel.
HeldOutCall callOfHeldVowels(int channels, const Track& sentence, std::span<const Track> vowels, double below,
                             std::mt19937 random) {
    HeldOutCall call{8000, channels, {}, {}};
    Track sound;
    const auto pause = [&sound] { sound.resize(sound.size() + 12'000, 0.0); };
    for (const Track& held : vowels) {
        sound.insert(sound.end(), sentence.begin(), sentence.end());
        pause();
        call.said.resize(sound.size() / 80);
        std::transform(held.begin(), held.end(), std::back_inserter(sound),
                       [gain = std::pow(10, -below / 20)](double value) { return value * gain; });
        call.said.resize(sound.size() / 80, {0, -18 - below, 40, true});
        pause();
    }
    call.said.resize(sound.size() / 80);
    std::normal_distribution<double> noise(0, 4);
    for (const double value : sound) {
        for (int channel = 0; channel < channels; ++channel) {
            const double heard = (channel == 0 ? value * 0.12 * 32767 : 0) + noise(random);
            call.samples.push_back(static_cast<std::int16_t>(std::lround(std::clamp(heard, -32767.0, 32767.0))));
        }
    }
    return call;
}

}  // namespace

class TestHeldOutSpeech : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void nothingAudibleIsLeftOut_data();
    void nothingAudibleIsLeftOut();
    void heldVowelsAreHeard_data();
    void heldVowelsAreHeard();

 private:
    QTemporaryDir m_directory;
    std::vector<Track> m_espeak;
    unsigned m_seed = 0;
    int m_calls = 1;
};

void TestHeldOutSpeech::initTestCase() {
    bool isGiven = false;
    m_seed = qEnvironmentVariable("EARMARK_HELDOUT_SEED").toUInt(&isGiven);
    m_seed = isGiven ? m_seed : 472'446;
    m_calls = std::max(1, qEnvironmentVariableIntValue("EARMARK_HELDOUT_CALLS"));
    m_espeak = espeakSentences(8000, m_directory.path());
    qInfo("seed %u, %d sentences of espeak-ng", m_seed, static_cast<int>(m_espeak.size()));
}

void TestHeldOutSpeech::nothingAudibleIsLeftOut_data() {
    QTest::addColumn<int>("form");
    QTest::addColumn<bool>("isEspeak");
    for (int i = 0; i < static_cast<int>(kForms.size()); ++i) {
        QTest::addRow("%s", kForms[static_cast<std::size_t>(i)].name) << i << false;
        if (i % 4 == 0 || m_calls > 1) {
            QTest::addRow("%s, espeak-ng", kForms[static_cast<std::size_t>(i)].name) << i << true;
        }
    }
}

void TestHeldOutSpeech::nothingAudibleIsLeftOut() {
    QFETCH(int, form);
    QFETCH(bool, isEspeak);
    if (isEspeak && m_espeak.empty()) {
        QSKIP("espeak-ng is not installed");
    }
    const LineForm& line = kForms[static_cast<std::size_t>(form)];
    Loss sums[2];
    for (int round = 0; round < m_calls; ++round) {
        const unsigned seed = m_seed + 7919U * static_cast<unsigned>(round) + static_cast<unsigned>(form);
        const HeldOutCall call = heldOutCall(line, isEspeak ? m_espeak : std::vector<Track>(), seed);
        const auto map = line.encoding ? mapOfFile(call, line.encoding, m_directory.path())
                                       : mapOf(call.samples, {call.rate, call.channels});
        QVERIFY(map);
        for (const SkipMode mode : {SkipMode::Gentle, SkipMode::Strong}) {
            const Loss loss = lossOf(planSkips(*map, {mode, {}, {}}), call.said,
                                     mode == SkipMode::Gentle ? kGentlePadding : kStrongPadding);
            sums[mode == SkipMode::Gentle ? 0 : 1].add(loss);
            if (loss.audible > 0) {
                qWarning("seed %u, %s: %d ms of words are left out, the first at %d ms, up to %.0f dB", seed,
                         mode == SkipMode::Gentle ? "gentle" : "strong", loss.audible * 10, loss.first * 10,
                         loss.loudest);
            }
        }
    }
    for (const Loss& sum : sums) {
        qInfo(
            "%s: %d ms of words, %d of %d ms without speech (%d %%), %d ms of what cannot be made out; %d ms of words "
            "are kept by the padding",
            &sum == sums ? "gentle" : "strong", sum.audible * 10, sum.gone * 10, sum.skippable * 10,
            sum.skippable > 0 ? sum.gone * 100 / sum.skippable : 100, (sum.frames - sum.audible) * 10,
            sum.unpadded * 10);
    }
    QCOMPARE(sums[0].audible, 0);
    QCOMPARE(sums[1].audible, 0);
    if (line.isEasy()) {
        QVERIFY(sums[0].gone * 100 >= sums[0].skippable * 90);
    }
}

void TestHeldOutSpeech::heldVowelsAreHeard_data() {
    QTest::addColumn<int>("channels");
    QTest::addColumn<double>("pitch");
    QTest::addColumn<double>("tract");
    QTest::addColumn<double>("unsteady");
    struct Voice {
        const char* name;
        double pitch;
        double tract;
    };
    for (const int channels : {1, 2}) {
        for (const Voice voice : {Voice{"low man", 88, 1}, Voice{"man", 125, 1}, Voice{"woman", 207, 1.15}}) {
            for (const double unsteady : {0.0, 0.015}) {
                QTest::addRow("%s, %s, %s", voice.name, channels == 1 ? "mono" : "stereo",
                              unsteady > 0 ? "alive" : "machine")
                    << channels << voice.pitch << voice.tract << unsteady;
            }
        }
    }
}

/// A vowel that is held is as steady as a line's noise.
void TestHeldOutSpeech::heldVowelsAreHeard() {
    QFETCH(int, channels);
    QFETCH(double, pitch);
    QFETCH(double, tract);
    QFETCH(double, unsteady);
    Talker talker;
    talker.pitch = pitch;
    talker.tract = tract;
    std::mt19937 random(m_seed);
    const Track sentence = spokenSentence({}, 2.5, 8000, random);
    std::vector<Track> vowels;
    for (int vowel = 0; vowel < kHeldVowels; ++vowel) {
        vowels.push_back(heldVowel(talker, vowel, 2, unsteady, 8000, random));
    }
    for (const double below : {12.0, 14.0, 17.0, 20.0}) {
        const HeldOutCall call = callOfHeldVowels(channels, sentence, vowels, below, random);
        const auto map = mapOf(call.samples, {call.rate, call.channels});
        for (const SkipMode mode : {SkipMode::Gentle, SkipMode::Strong}) {
            const Loss loss = lossOf(planSkips(*map, {mode, {}, {}}), call.said,
                                     mode == SkipMode::Gentle ? kGentlePadding : kStrongPadding);
            QVERIFY2(loss.audible == 0,
                     qPrintable(u"%1 dB below, %2: %3 ms are left out, the first at %4 ms"_s.arg(below)
                                    .arg(mode == SkipMode::Gentle ? u"gentle"_s : u"strong"_s)
                                    .arg(loss.audible * 10)
                                    .arg(loss.first * 10)));
        }
    }
}

QTEST_GUILESS_MAIN(TestHeldOutSpeech)
#include "tst_heldoutspeech.moc"
