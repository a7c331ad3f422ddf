// Where turns are heard: told times as they are, hidden ones found again from who speaks when.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>
#include <algorithm>
#include <numeric>

#include "models/audio/turnplaces.h"
#include "tests/support/processortime.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr int kRate = 8'000;

Turn said(Speaker speaker, const QString& text, std::optional<milliseconds> offset = std::nullopt,
          std::optional<milliseconds> duration = std::nullopt) {
    Turn turn;
    turn.speaker = speaker;
    turn.text = text;
    turn.offset = offset;
    turn.duration = duration;
    return turn;
}

Turn toolCall() {
    Turn turn = said(Speaker::Tool, u"look_up"_s);
    turn.kind = TurnKind::ToolCall;
    turn.tool = ToolUse{u"look_up"_s, u"{}"_s, {}, {}, {}};
    return turn;
}

struct Conversation {
    std::vector<Turn> turns;  ///< with their true times
    SoundMap map;

    [[nodiscard]] std::vector<Turn> withoutTimes() const {
        std::vector<Turn> hidden = turns;
        for (Turn& turn : hidden) {
            turn.offset.reset();
            turn.duration.reset();
        }
        return hidden;
    }
};

/// The map that is heard of turns whose times are known: pauses between words divide a turn, edges are some tens of
/// milliseconds off.
SoundMap mapOf(const std::vector<Turn>& turns, milliseconds duration, QRandomGenerator* random, int channels = 2,
               bool isSwapped = false) {
    SoundMap map;
    map.format = {kRate, channels};
    map.frames = duration.count() * kRate / 1000;
    map.speech.resize(size_t(channels));
    const auto jitter = [&] { return milliseconds(random != nullptr ? random->bounded(-50, 51) : 0); };
    for (const Turn& turn : turns) {
        if (turn.kind != TurnKind::Message || !turn.offset) {
            continue;
        }
        const size_t channel = channels == 1 ? 0 : (turn.speaker == Speaker::Agent) != isSwapped ? 0 : 1;
        milliseconds at = std::max(0ms, *turn.offset + jitter());
        const milliseconds end = std::min(duration, *turn.offset + *turn.duration + jitter());
        while (at < end) {
            const milliseconds part = random != nullptr ? milliseconds(random->bounded(700, 3'000)) : end - at;
            map.speech[channel].push_back({at, std::min(end, at + part)});
            at += part + milliseconds(random != nullptr ? random->bounded(80, 600) : 0);
        }
    }
    for (TimeSpans& spans : map.speech) {
        std::sort(spans.begin(), spans.end(), [](const TimeSpan& a, const TimeSpan& b) { return a.begin < b.begin; });
        TimeSpans apart;
        for (const TimeSpan& span : spans) {
            if (!apart.empty() && span.begin <= apart.back().end) {
                apart.back().end = std::max(apart.back().end, span.end);
            } else {
                apart.push_back(span);
            }
        }
        spans = std::move(apart);
    }
    return map;
}

/// Two people who speak at different speeds, answer after a breath, sometimes go on after a pause, sometimes too early.
Conversation conversation(quint32 seed, int count, int channels = 2, bool isSwapped = false) {
    QRandomGenerator random(seed);
    Conversation made;
    milliseconds at = milliseconds(random.bounded(300, 4'000));
    Speaker speaker = Speaker::Agent;
    for (int i = 0; i < count; ++i) {
        const int words = random.bounded(4) == 0 ? random.bounded(1, 3) : random.bounded(4, 30);
        QStringList text;
        for (int word = 0; word < words; ++word) {
            text << QString(random.bounded(2, 9), u'a');
        }
        const double perLetter = (speaker == Speaker::Agent ? 62 : 78) * (0.8 + 0.4 * random.generateDouble());
        const auto length = milliseconds(int(250 + perLetter * double(text.join(QString()).size())));
        made.turns.push_back(said(speaker, text.join(u' '), at, length));
        at += length + milliseconds(random.bounded(-150, 1'800));
        if (random.bounded(5) != 0) {
            speaker = speaker == Speaker::Agent ? Speaker::Customer : Speaker::Agent;
        } else {
            at += 500ms;
        }
    }
    made.map = mapOf(made.turns, at + 3s, &random, channels, isSwapped);
    return made;
}

std::vector<double> errorsOf(const std::vector<Turn>& truth, const std::vector<TurnPlace>& places) {
    std::vector<double> errors;
    for (const TurnPlace& place : places) {
        errors.push_back(std::abs(double((place.span.begin - *truth[size_t(place.turn)].offset).count())));
    }
    std::sort(errors.begin(), errors.end());
    return errors;
}

double quantile(const std::vector<double>& sorted, double share) {
    return sorted.empty() ? 0 : sorted[std::min(sorted.size() - 1, size_t(share * double(sorted.size())))];
}

}  // namespace

class TurnPlacesTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void toldTimesAreTakenAsTheyAre() {
        std::vector<Turn> turns{said(Speaker::Agent, u"hello"_s, 1'234ms, 800ms),
                                said(Speaker::Customer, u"good morning to you"_s, 2'501ms),
                                said(Speaker::Agent, u"what can I do"_s, 5s)};
        turns[1].isEstimated = true;  // computed by the one who read the answer
        const auto alone = placeTurns(turns, nullptr, ChannelOrder::AgentFirst);
        QCOMPARE(alone.size(), size_t(3));
        QCOMPARE(alone[0].span, (TimeSpan{1'234ms, 2'034ms}));
        QCOMPARE(alone[1].span, (TimeSpan{2'501ms, 5s}));
        QCOMPARE(alone[2].span.begin, 5s);
        QVERIFY(alone[2].span.end > 5s && !alone[0].isEstimated && alone[1].isEstimated && !alone[2].isEstimated);
        // With the sound, an end that is not told is where the speech ends.
        SoundMap map;
        map.format = {kRate, 2};
        map.frames = 10 * kRate;
        map.speech = {{{1'200ms, 2'050ms}, {5s, 6'400ms}}, {{2'450ms, 3'900ms}}};
        const auto heard = placeTurns(turns, &map, ChannelOrder::AgentFirst);
        QCOMPARE(heard[0].span, (TimeSpan{1'234ms, 2'034ms}));
        QCOMPARE(heard[1].span, (TimeSpan{2'501ms, 3'900ms}));
        QCOMPARE(heard[2].span, (TimeSpan{5s, 6'400ms}));
    }

    void withoutTimesAndWithoutSoundThereIsNoPlace() {
        const Conversation made = conversation(1, 6);
        QVERIFY(placeTurns(made.withoutTimes(), nullptr, ChannelOrder::AgentFirst).empty());
        SoundMap mute = made.map;
        mute.speech = {{}, {}};
        QVERIFY(placeTurns(made.withoutTimes(), &mute, ChannelOrder::AgentFirst).empty());
        QVERIFY(placeTurns({}, &made.map, ChannelOrder::AgentFirst).empty());
        SoundMap nothing;
        QVERIFY(placeTurns(made.withoutTimes(), &nothing, ChannelOrder::AgentFirst).empty());
    }

    void impossibleTimesGetNoPlace() {
        SoundMap map;
        map.format = {kRate, 2};
        map.frames = 10 * kRate;
        map.speech = {{}, {}};
        const std::vector<Turn> turns{said(Speaker::Agent, u"a"_s, 11s), said(Speaker::Agent, u"b"_s, 9s, 60s),
                                      said(Speaker::Agent, u"c"_s, -5s), said(Speaker::Agent, u"d"_s, 3s)};
        const auto places = placeTurns(turns, &map, ChannelOrder::AgentFirst);
        QCOMPARE(places.size(), size_t(2));
        QCOMPARE(places[0].turn, 1);
        QCOMPARE(places[0].span, (TimeSpan{9s, 10s}));
        QCOMPARE(places[1].span.begin, 3s);  // out of order, as it was told
        QVERIFY(places[1].span.end <= 10s && places[1].span.end > 3s);
    }

    void toolsComeAfterTheTurnBefore() {
        Conversation made;
        made.turns = {said(Speaker::Agent, u"let me look that up for you"_s, 1s, 2s), toolCall(),
                      said(Speaker::Customer, u"thank you very much indeed"_s, 5s, 2s)};
        made.map = mapOf(made.turns, 9s, nullptr);
        const auto places = placeTurns(made.withoutTimes(), &made.map, ChannelOrder::AgentFirst);
        QCOMPARE(places.size(), size_t(3));
        QCOMPARE(places[1].kind, TurnKind::ToolCall);
        QCOMPARE(places[1].span.begin, 3s);
        QVERIFY(places[1].isEstimated && places[1].span.end <= 5s && places[1].span.end > 3s);
        QCOMPARE(places[2].span, (TimeSpan{5s, 7s}));
    }

    void someToldTimesHoldTheOthers() {
        Conversation made = conversation(11, 40);
        std::vector<Turn> turns = made.withoutTimes();
        for (size_t i = 0; i < turns.size(); i += 5) {
            turns[i].offset = made.turns[i].offset;
        }
        const auto places = placeTurns(turns, &made.map, ChannelOrder::AgentFirst);
        QVERIFY(places.size() >= 38);
        for (const TurnPlace& place : places) {
            QCOMPARE(place.isEstimated, place.turn % 5 != 0);
            if (place.turn % 5 == 0) {
                QCOMPARE(place.span.begin, *made.turns[size_t(place.turn)].offset);
            }
        }
        const auto errors = errorsOf(made.turns, places);
        QVERIFY2(quantile(errors, 0.9) < 400, qPrintable(QString::number(quantile(errors, 0.9))));
    }

    void hiddenTimesAreFound_data() {
        QTest::addColumn<int>("channels");
        QTest::addColumn<bool>("isSwapped");
        QTest::addColumn<double>("median");
        QTest::addColumn<double>("worst");
        QTest::newRow("a voice on each side") << 2 << false << 60.0 << 400.0;
        QTest::newRow("the other way round") << 2 << true << 60.0 << 400.0;
        QTest::newRow("both on one channel") << 1 << false << 700.0 << 3'500.0;
    }
    void hiddenTimesAreFound() {
        QFETCH(int, channels);
        QFETCH(bool, isSwapped);
        QFETCH(double, median);
        QFETCH(double, worst);
        std::vector<double> all;
        size_t turns = 0;
        for (quint32 seed = 1; seed <= 40; ++seed) {
            const Conversation made = conversation(seed, 10 + int(seed) * 2, channels, isSwapped);
            const auto places = placeTurns(made.withoutTimes(), &made.map,
                                           isSwapped ? ChannelOrder::CustomerFirst : ChannelOrder::AgentFirst);
            turns += made.turns.size();
            for (size_t i = 0; i < places.size(); ++i) {
                QVERIFY(places[i].isEstimated);
                QVERIFY(places[i].span.begin >= 0ms && places[i].span.begin < places[i].span.end);
                QVERIFY(places[i].span.end <= milliseconds(made.map.frames * 1000 / kRate));
                QVERIFY(i == 0 ||
                        (places[i].turn > places[i - 1].turn && places[i].span.begin >= places[i - 1].span.begin));
            }
            const auto errors = errorsOf(made.turns, places);
            all.insert(all.end(), errors.begin(), errors.end());
        }
        std::sort(all.begin(), all.end());
        qInfo("%zu of %zu turns placed; begin off by %.0f ms (median), %.0f ms (p90)", all.size(), turns,
              quantile(all, 0.5), quantile(all, 0.9));
        QVERIFY(double(all.size()) >= 0.97 * double(turns));
        QVERIFY(quantile(all, 0.5) <= median);
        QVERIFY(quantile(all, 0.9) <= worst);
    }

    void aLongCallIsPlacedAtOnce() {
        const Conversation made = conversation(5, 3'000);  // more than three hours
        const std::vector<Turn> hidden = made.withoutTimes();
        const ProcessorTime used;
        const auto places = placeTurns(hidden, &made.map, ChannelOrder::AgentFirst);
        qInfo("%zu turns in %.0f ms, begin off by %.0f ms (p90)", places.size(), used.ms(),
              quantile(errorsOf(made.turns, places), 0.9));
        QVERIFY(used.ms() < 2'000);
        QVERIFY(quantile(errorsOf(made.turns, places), 0.9) < 1'000);
    }

    /// Real dialogues whose times are known.
    void hiddenTimesOfTheCorpus() {
        QFile file(QStringLiteral(EARMARK_SHARED_DIR "/data/truth.json"));
        if (!file.open(QIODevice::ReadOnly)) {
            QSKIP("the shared data is not here");
        }
        const QJsonArray calls = QJsonDocument::fromJson(file.readAll()).object().value(u"calls"_s).toArray();
        std::vector<double> stereo;
        std::vector<double> mono;
        size_t turns = 0;
        QRandomGenerator random(9);
        for (const auto& value : calls) {
            const QJsonObject call = value.toObject();
            Conversation made;
            for (const auto& one : call.value(u"turns"_s).toArray()) {
                const QJsonArray turn = one.toArray();
                made.turns.push_back(said(turn[2].toString() == "agent"_L1 ? Speaker::Agent : Speaker::Customer,
                                          turn[3].toString(), milliseconds(turn[0].toInt()),
                                          milliseconds(std::max(1, turn[1].toInt()))));
            }
            turns += made.turns.size();
            const milliseconds duration(call.value(u"duration_ms"_s).toInt());
            for (const int channels : {2, 1}) {
                made.map = mapOf(made.turns, duration, &random, channels);
                const auto errors =
                    errorsOf(made.turns, placeTurns(made.withoutTimes(), &made.map, ChannelOrder::AgentFirst));
                auto& all = channels == 2 ? stereo : mono;
                all.insert(all.end(), errors.begin(), errors.end());
            }
        }
        std::sort(stereo.begin(), stereo.end());
        std::sort(mono.begin(), mono.end());
        qInfo("%zu turns; stereo: %zu placed, off by %.0f ms (median), %.0f ms (p90); mono: %zu placed, %.0f, %.0f ms",
              turns, stereo.size(), quantile(stereo, 0.5), quantile(stereo, 0.9), mono.size(), quantile(mono, 0.5),
              quantile(mono, 0.9));
        QVERIFY(turns > 100 && double(stereo.size()) > 0.95 * double(turns));
        QVERIFY(quantile(stereo, 0.5) < 100 && quantile(stereo, 0.9) < 800);
        QVERIFY(quantile(mono, 0.5) < 1'000);
    }
};

QTEST_GUILESS_MAIN(TurnPlacesTest)
#include "tst_turnplaces.moc"
