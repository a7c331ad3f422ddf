// Skip-silence on speech and lines that the detector was not made with: other voices, whisper, breaths, swallowed
// endings, telephone codecs, every kind of line noise. What was said is known from the clean voices. The seed is
// printed; EARMARK_HELDOUT_SEED takes another one, EARMARK_HELDOUT_CALLS=n makes n calls of each kind.
#include <QTemporaryDir>
#include <QTest>
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
    int audible = 0;        ///< and above the line's noise, too
    double loudest = -200;  ///< dB against the sentence's loudest moment, of the audible ones
    int first = -1;
    int skippable = 0;  ///< frames that may go
    int gone = 0;
};

/// What is quieter drowns in the line's noise, is as quiet as the smallest steps of telephone sound, or is breath: it
/// is counted, too, but no word.
bool isAudible(const SaidFrame& said) {
    return said.level > said.noise + 3 && said.level > -69 && said.below > -34;
}

Loss lossOf(const SkipPlan& plan, const std::vector<SaidFrame>& said, milliseconds padding) {
    Loss loss;
    std::vector<bool> isLeftOut(said.size(), false);
    for (const SkippedSpan& skipped : plan.spans) {
        for (auto k = static_cast<std::size_t>((skipped.span.begin.count() + 9) / 10);
             k < std::min(said.size(), static_cast<std::size_t>(skipped.span.end.count() / 10)); ++k) {
            isLeftOut[k] = true;
        }
    }
    const int pad = static_cast<int>(padding.count() / 10);
    const int count = static_cast<int>(said.size());
    for (int from = 0, k = 0; k <= count; ++k) {
        if (k < count && said[static_cast<std::size_t>(k)].below < -100) {
            continue;
        }
        if (k - from >= 80) {
            for (int i = from == 0 ? 0 : from + pad; i < (k == count ? k : k - pad); ++i) {
                ++loss.skippable;
                loss.gone += isLeftOut[static_cast<std::size_t>(i)] ? 1 : 0;
            }
        }
        from = k + 1;
        if (k < count && isLeftOut[static_cast<std::size_t>(k)]) {
            const SaidFrame& frame = said[static_cast<std::size_t>(k)];
            ++loss.frames;
            if (isAudible(frame)) {
                ++loss.audible;
                loss.first = loss.first < 0 ? k : loss.first;
                loss.loudest = std::max(loss.loudest, frame.below);
            }
        }
    }
    return loss;
}

}  // namespace

class TestHeldOutSpeech : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void nothingAudibleIsLeftOut_data();
    void nothingAudibleIsLeftOut();

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
            Loss& sum = sums[mode == SkipMode::Gentle ? 0 : 1];
            sum.frames += loss.frames;
            sum.skippable += loss.skippable;
            sum.gone += loss.gone;
            QVERIFY2(loss.audible == 0,
                     qPrintable(u"seed %1: %2 ms of words are left out, the first at %3 ms, up to %4 dB"_s.arg(seed)
                                    .arg(loss.audible * 10)
                                    .arg(loss.first * 10)
                                    .arg(loss.loudest, 0, 'f', 0)));
        }
    }
    for (const Loss& sum : sums) {
        qInfo("left out: %d of %d ms without speech, %d ms of what cannot be heard", sum.gone * 10, sum.skippable * 10,
              sum.frames * 10);
    }
    if (line.isEasy()) {
        QVERIFY(sums[0].gone * 100 >= sums[0].skippable * 90);
    }
}

QTEST_GUILESS_MAIN(TestHeldOutSpeech)
#include "tst_heldoutspeech.moc"
