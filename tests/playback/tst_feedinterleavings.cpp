// Random orders to the feed against what they must mean: every frame that is heard is the one that is told, nothing
// that is left out is heard, nothing else is missed. The seed is printed; EARMARK_SEED repeats one.
#include <QTest>
#include <cmath>
#include <map>
#include <random>

#include "tests/support/seed.h"
#include "ui/playback/pcmfeed.h"

using namespace earmark;

// QVERIFY2 makes its sentence also when all is well, which would take most of the time here.
#define HOLDS(condition, sentence) \
    do {                           \
        if (!(condition)) {        \
            QFAIL(sentence);       \
        }                          \
    } while (false)

namespace {

constexpr int kRate = 8000;
constexpr int kFade = kRate * 6 / 1000;
constexpr std::int64_t kFrames = 60 * kRate;
constexpr int kRuns = 100;
/// What is set while it plays holds from the next samples that are read, which are so many ahead of what is heard.
constexpr std::int64_t kReadAhead = kRate / 20;
constexpr int kSteps = 60;

/// A ramp tells by its value which frame it is, up to whole periods.
constexpr int kPeriod = 20'000;
std::int16_t valueAt(std::int64_t frame) {
    return static_cast<std::int16_t>(frame % kPeriod - kPeriod / 2);
}

QAudioFormat device() {
    QAudioFormat format;
    format.setSampleRate(kRate);
    format.setChannelCount(1);
    format.setSampleFormat(QAudioFormat::Int16);
    return format;
}

template <typename Value>
std::shared_ptr<PcmStore> store(Value value) {
    auto result = std::make_shared<PcmStore>(PcmFormat{kRate, 1}, "/nonexistent");
    std::vector<std::int16_t> samples(kFrames);
    for (std::int64_t i = 0; i < kFrames; ++i) {
        samples[static_cast<std::size_t>(i)] = value(i);
    }
    if (!result->append(samples)) {
        return nullptr;
    }
    result->finish();
    return result;
}

class Dice final {
 public:
    explicit Dice(quint32 seed) : m_engine(seed) {}
    std::int64_t between(std::int64_t least, std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(least, most)(m_engine);
    }
    bool once(int in) { return between(1, in) == 1; }

 private:
    std::mt19937 m_engine;
};

std::vector<FrameSpan> someSkips(Dice& dice) {
    std::vector<FrameSpan> skips;
    for (std::int64_t at = dice.between(0, 4 * kRate); at < kFrames && skips.size() < 20;) {
        const std::int64_t end = std::min(kFrames, at + dice.between(1, 3 * kRate));
        skips.push_back({at, end});
        at = end + dice.between(1, 4 * kRate);
    }
    return skips;
}

std::optional<FrameSpan> someLoop(Dice& dice) {
    if (!dice.once(3)) {
        return std::nullopt;
    }
    const std::int64_t begin = dice.between(0, kFrames - kRate);
    return FrameSpan{begin, std::min(kFrames, begin + dice.between(kRate / 5, 5 * kRate))};
}

/// Over what is left out, or from the end of the loop to its begin; nothing else is missed.
bool isLawfulLeap(const PlaybackPath& path, const std::vector<FrameSpan>& skips, double from, double to) {
    if (to < from) {
        const auto loop = path.loop();
        return loop && std::abs(to - double(loop->begin)) <= kFade + 1;
    }
    return std::any_of(skips.begin(), skips.end(), [&](const FrameSpan& span) {
        return from + 1.5 > double(span.begin) && to < double(span.end) + 0.5;
    });
}

struct HeardFrame {
    std::int16_t sample = 0;
    SoundReport report;
};

/// The feed as a device pulls it, each frame with what is told about it.
class Puller final {
 public:
    explicit Puller(std::shared_ptr<const PcmStore> samples) : m_feed(device()) {
        m_feed.setSamples(std::move(samples));
    }
    PcmFeed& feed() { return m_feed; }
    std::vector<HeardFrame> pull(std::int64_t frames) {
        std::vector<std::int16_t> samples(static_cast<std::size_t>(frames));
        const std::int64_t from = m_feed.writtenFrames();
        if (m_feed.read(reinterpret_cast<char*>(samples.data()), frames * 2) != frames * 2) {
            return {};
        }
        std::vector<HeardFrame> heard;
        for (std::int64_t i = 0; i < frames; ++i) {
            heard.push_back({samples[static_cast<std::size_t>(i)], m_feed.heardAt(from + i, {})});
        }
        return heard;
    }

 private:
    PcmFeed m_feed;
};

}  // namespace

class FeedInterleavingsTest final : public QObject {
    Q_OBJECT

    quint32 m_seed = 0;
    QString where(int run, int step, std::int64_t frame) const {
        return QStringLiteral("EARMARK_SEED=%1 run %2 step %3 device frame %4")
            .arg(m_seed)
            .arg(run)
            .arg(step)
            .arg(frame);
    }

 private Q_SLOTS:
    void initTestCase() { m_seed = test::testSeed(); }

    /// At normal speed every frame tells which one it is.
    void whatIsToldIsWhatIsHeard() {
        const auto samples = store(valueAt);
        std::int64_t judged = 0;
        for (int run = 0; run < kRuns; ++run) {
            Dice dice(m_seed + static_cast<quint32>(run));
            Puller puller(samples);
            PlaybackPath path;
            std::vector<FrameSpan> skips;
            quint64 order = 0;
            std::int64_t soughtInto = -1;     // a span that begins before the place that was sought
            std::int64_t quietUntil = kFade;  // device frames in which fades and joints are not judged
            std::int64_t device = 0;
            std::int64_t pathSetAt = -kRate;
            double last = -1;
            quint64 lastOrder = 0;
            bool played = false;
            for (int step = 0; step < kSteps; ++step) {
                switch (dice.between(0, 5)) {
                    case 0:
                    case 1: {
                        const std::int64_t place = dice.between(0, kFrames - 1);
                        puller.feed().play({place, ++order});
                        soughtInto = place;
                        quietUntil = device + 3 * kFade;
                        last = -1;
                        played = true;
                        break;
                    }
                    case 2: {
                        skips = dice.once(4) ? std::vector<FrameSpan>() : someSkips(dice);
                        path = PlaybackPath({skips, someLoop(dice), kFade, kFrames});
                        puller.feed().setPath(path);
                        if (last >= 0 && lastOrder == order) {  // else the place that was sought is still to come
                            soughtInto = static_cast<std::int64_t>(last);
                        }
                        pathSetAt = device;
                        quietUntil = device + 2 * kFade + kRate / 10;  // a joint may be under way
                        break;
                    }
                    case 3:
                        if (dice.once(4)) {
                            puller.feed().halt();
                            quietUntil = device + 2 * kFade;
                            last = -1;
                        }
                        break;
                    default:
                        break;
                }
                const auto heard = puller.pull(dice.between(1, kRate));
                QVERIFY(!heard.empty());
                for (const HeardFrame& one : heard) {
                    const std::int64_t now = device++;
                    if (one.report.phase != SoundPhase::Sounding) {
                        HOLDS(std::abs(one.sample) < kPeriod / 2 + 1, qPrintable(where(run, step, now)));
                        last = -1;
                        continue;
                    }
                    HOLDS(played, qPrintable(where(run, step, now)));
                    const double frame = one.report.frame;
                    HOLDS(frame >= 0 && frame < double(kFrames), qPrintable(where(run, step, now)));
                    if (last >= 0 && lastOrder == one.report.order && std::abs(frame - last - 1) > 1e-6) {
                        quietUntil = std::max(quietUntil, now + 2 * kFade);  // a joint
                        const bool isSettled = now >= pathSetAt + kReadAhead;
                        HOLDS(
                            !isSettled || isLawfulLeap(path, skips, last, frame),
                            qPrintable(where(run, step, now) + QStringLiteral(": from %1 to %2").arg(last).arg(frame)));
                        if (now < pathSetAt + kReadAhead && one.report.order == order) {
                            soughtInto = static_cast<std::int64_t>(frame);  // it was under way to this place already
                        }
                    }
                    last = frame;
                    lastOrder = one.report.order;
                    const bool wraps = std::llround(frame) % kPeriod < 3 || std::llround(frame) % kPeriod > kPeriod - 3;
                    if (now < quietUntil || wraps) {
                        continue;
                    }
                    ++judged;
                    const int expected = valueAt(std::llround(frame));
                    HOLDS(std::abs(one.sample - expected) <= 2,
                          qPrintable(where(run, step, now) + QStringLiteral(": told frame %1, heard %2, expected %3")
                                                                 .arg(frame)
                                                                 .arg(one.sample)
                                                                 .arg(expected)));
                    for (const FrameSpan& span : skips) {
                        // Whoever sought a place within it, or was in it when it came to be left out, hears it to its
                        // end.
                        // So does who loops from within it.
                        const bool isLoop =
                            path.loop() && path.loop()->begin > span.begin && path.loop()->begin < span.end;
                        const bool isWanted = isLoop || (soughtInto + kReadAhead > span.begin && soughtInto < span.end);
                        const bool isInside =
                            frame > double(span.begin + 2 * kFade) && frame < double(span.end - 2 * kFade);
                        const bool stillPlays = path.skipAt(frame).has_value();
                        HOLDS(!isInside || isWanted || !stillPlays || order == 0,
                              qPrintable(where(run, step, now) +
                                         QStringLiteral(": frame %1 is left out (%2..%3), sought %4")
                                             .arg(frame)
                                             .arg(span.begin)
                                             .arg(span.end)
                                             .arg(soughtInto)));
                    }
                }
            }
        }
        HOLDS(judged > 500'000, qPrintable(QString::number(judged)));
    }

    /// At any speed: short tones at known places are told where they are, whatever is done to the speed, and each that
    /// lies on the way is heard.
    void tonesAreWhereTheyAreToldAtAnySpeed() {
        constexpr std::int64_t kEvery = kRate;     // a tone each second ...
        constexpr std::int64_t kTone = kRate / 8;  // ... of 125 ms
        constexpr double kNear = 0.03 * kRate;     // of what is heard: at 3x the stretcher leaves out 64 of 96 ms    //
                                                   // window of the stretcher, and the tone's soft edge
        const auto samples = store([](std::int64_t frame) {
            const std::int64_t at = frame % kEvery;
            const double edge = std::min({1.0, double(at) / 40, double(kTone - at) / 40});
            return at < kTone ? static_cast<std::int16_t>(std::lround(edge * 12'000 * std::sin(double(at) * 0.7)))
                              : std::int16_t{0};
        });
        for (int run = 0; run < kRuns / 5; ++run) {
            Dice dice(m_seed + 7'000 + static_cast<quint32>(run));
            Puller puller(samples);
            puller.feed().play({kEvery / 2, 1});
            std::map<std::int64_t, int> onsets;  // by tone
            bool inTone = false;
            double fastest = 1;  // of the last moments
            std::int64_t fastestAt = 0;
            std::int64_t silentFor = kRate;
            double last = double(kEvery) / 2;
            std::int64_t device = 0;
            for (int step = 0; step < kSteps && last < double(kFrames - 3 * kEvery); ++step) {
                puller.feed().setTempo(double(dice.between(5, 30)) / 10);
                for (const HeardFrame& one : puller.pull(dice.between(1, kRate))) {
                    const std::int64_t now = device++;
                    HOLDS(one.report.phase == SoundPhase::Sounding, qPrintable(where(run, step, now)));
                    // Never backwards by more than a rounding, never a leap.
                    HOLDS(one.report.frame >= last - 1 && one.report.frame < last + 0.06 * kRate + 4,
                          qPrintable(where(run, step, now) +
                                     QStringLiteral(": from %1 to %2").arg(last).arg(one.report.frame)));
                    last = one.report.frame;
                    if (one.report.tempo >= fastest || now - fastestAt > kRate / 8) {
                        fastest = std::max(1.0, one.report.tempo);
                        fastestAt = now;
                    }
                    const bool isLoud = std::abs(one.sample) > 1'500;
                    silentFor = isLoud ? 0 : silentFor + 1;
                    if (isLoud && !inTone) {
                        inTone = true;
                        const std::int64_t tone = std::llround(one.report.frame / double(kEvery));
                        const double error = one.report.frame - double(tone * kEvery);
                        HOLDS(std::abs(error) < kNear * fastest,
                              qPrintable(where(run, step, now) + QStringLiteral(": a tone is told %1 ms off, at %2x")
                                                                     .arg(error * 1000 / kRate)
                                                                     .arg(one.report.tempo)));
                        ++onsets[tone];
                    } else if (silentFor > kRate / 30) {
                        inTone = false;
                    }
                }
            }
            for (std::int64_t tone = 1; tone < std::int64_t(last) / kEvery; ++tone) {
                HOLDS(onsets[tone] == 1,
                      qPrintable(where(run, 0, 0) +
                                 QStringLiteral(": tone %1 was heard %2 times").arg(tone).arg(onsets[tone])));
            }
        }
    }
};

QTEST_APPLESS_MAIN(FeedInterleavingsTest)
#include "tst_feedinterleavings.moc"
