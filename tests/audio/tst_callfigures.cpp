// Figures of a conversation against what was really said, also where one side is heard on the other's line, as on most
// telephone lines: an echo is no overlap and interrupts nobody.
#include <QTest>
#include <cmath>

#include "models/audio/callfigures.h"
#include "tests/audio/spokensound.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

CallFigures measured(const fixture::SpokenCall& call) {
    SoundMapper mapper({call.rate, 2});
    mapper.push(call.samples);
    return figuresOf(*mapper.finish());
}

CallFigures told(const fixture::SpokenCall& call) {
    SoundMap map;
    map.format = {call.rate, 2};
    map.frames = call.frames();
    map.speech = call.turns;
    return figuresOf(map);
}

/// The first side comes back on the second side's line, so much weaker and later.
void addEcho(fixture::SpokenCall& call, double db, milliseconds delay) {
    const double gain = std::pow(10.0, db / 20);
    const auto later = static_cast<std::size_t>(delay.count() * call.rate / 1000);
    for (std::size_t i = later; i < call.samples.size() / 2; ++i) {
        const double sum = call.samples[2 * i + 1] + gain * call.samples[2 * (i - later)];
        call.samples[2 * i + 1] = static_cast<std::int16_t>(std::lround(std::clamp(sum, -32768.0, 32767.0)));
    }
}

int interruptionsOf(const CallFigures& figures) {
    return figures.voices->each[0].interruptions + figures.voices->each[1].interruptions;
}

}  // namespace

class TestCallFigures : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void figuresAreThoseOfTheConversation_data();
    void figuresAreThoseOfTheConversation();
};

void TestCallFigures::figuresAreThoseOfTheConversation_data() {
    QTest::addColumn<double>("noise");
    QTest::addColumn<double>("echo");
    QTest::addColumn<int>("delay");
    QTest::addColumn<double>("overlap");
    for (const double overlap : {0.0, 0.3}) {
        for (const double noise : {-120.0, -60.0, -45.0}) {
            QTest::addRow("noise %.0f, overlap %.1f", noise, overlap) << noise << -200.0 << 0 << overlap;
        }
        for (const double echo : {-20.0, -25.0, -30.0, -35.0}) {
            for (const int delay : {5, 40, 120, 250}) {
                QTest::addRow("echo %.0f dB after %d ms, overlap %.1f", echo, delay, overlap)
                    << -62.0 << echo << delay << overlap;
            }
        }
    }
}

void TestCallFigures::figuresAreThoseOfTheConversation() {
    QFETCH(double, noise);
    QFETCH(double, echo);
    QFETCH(int, delay);
    QFETCH(double, overlap);
    fixture::SpokenForm form;
    form.seconds = 90;
    form.noiseDb = noise;
    form.overlap = overlap;
    form.seed = 31U;
    fixture::SpokenCall call = fixture::spokenCall(form);
    const CallFigures right = told(call);
    addEcho(call, echo, milliseconds(delay));
    const CallFigures found = measured(call);
    const auto seconds = [](milliseconds time) { return static_cast<double>(time.count()) / 1000; };
    const double share = found.voices->each[0].share - right.voices->each[0].share;
    const milliseconds overlapped = found.voices->overlap - right.voices->overlap;
    const milliseconds silent = found.silence - right.silence;
    milliseconds monologue{};
    for (std::size_t who = 0; who < 2; ++who) {
        const milliseconds difference =
            found.voices->each[who].longestMonologue - right.voices->each[who].longestMonologue;
        monologue = std::max(monologue, std::chrono::abs(difference));
    }
    const int interruptions = interruptionsOf(found) - interruptionsOf(right);
    qInfo(
        "talk share %+.1f %%, longest monologue %.1f s, silence %+.1f of %.1f s, overlap %+.1f of %.1f s, "
        "interruptions %+d of %d",
        100 * share, seconds(monologue), seconds(silent), seconds(right.silence), seconds(overlapped),
        seconds(right.voices->overlap), interruptions, interruptionsOf(right));
    QVERIFY(std::abs(share) <= 0.02);
    QVERIFY(monologue <= milliseconds(300));
    QVERIFY(std::chrono::abs(silent) * 100 <= right.silence * (noise > -50 ? 18 : 14));
    QVERIFY(std::chrono::abs(overlapped) <= milliseconds(400));
    QVERIFY(std::abs(interruptions) <= 1);
}

QTEST_GUILESS_MAIN(TestCallFigures)
#include "tst_callfigures.moc"
