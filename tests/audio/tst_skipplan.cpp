// Skip-silence never eats words and yet leaves out what may go: on conversations whose every turn is known, at several
// rates, over quiet and noisy lines, with echo and overlap; and on real dialogues where they are at hand.
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "models/audio/audiodecoder.h"
#include "models/audio/skipplan.h"
#include "tests/audio/spokensound.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

std::shared_ptr<const SoundMap> mapOf(std::span<const std::int16_t> samples, PcmFormat format) {
    SoundMapper mapper(format);
    mapper.push(samples);
    return mapper.finish();
}

/// What is left out of these spans.
milliseconds cutFrom(const SkipPlan& plan, const TimeSpans& spans) {
    milliseconds cut{};
    for (const SkippedSpan& skipped : plan.spans) {
        for (const TimeSpan& span : spans) {
            cut += std::max(milliseconds(0),
                            std::min(skipped.span.end, span.end) - std::max(skipped.span.begin, span.begin));
        }
    }
    return cut;
}

/// Stretches of at least 0.8 s without speech, less the padding on the sides where speech is.
TimeSpans skippable(const TimeSpans& turns, milliseconds end, SkipPadding padding) {
    TimeSpans result;
    milliseconds from{};
    const auto add = [&](milliseconds to) {
        const TimeSpan inner{from.count() == 0 ? from : from + padding.after, to == end ? to : to - padding.before};
        if (to - from >= milliseconds(800) && inner.length() > milliseconds(0)) {
            result.push_back(inner);
        }
    };
    for (const TimeSpan& turn : turns) {
        add(turn.begin);
        from = turn.end;
    }
    add(end);
    return result;
}

milliseconds lengthOf(const TimeSpans& spans) {
    milliseconds sum{};
    for (const TimeSpan& span : spans) {
        sum += span.length();
    }
    return sum;
}

QString described(const TimeSpans& spans) {
    QString text;
    for (const TimeSpan& span : spans) {
        text += u" %1-%2"_s.arg(span.begin.count()).arg(span.end.count());
    }
    return text;
}

QString described(const SkipPlan& plan) {
    TimeSpans spans;
    for (const SkippedSpan& skipped : plan.spans) {
        spans.push_back(skipped.span);
    }
    return described(spans);
}

}  // namespace

class TestSkipPlan : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void noWordIsEaten_data();
    void noWordIsEaten();
    void realDialoguesKeepTheirWords_data();
    void realDialoguesKeepTheirWords();
    void cleanupTestCase();

 private:
    milliseconds m_skippable{};
    milliseconds m_gone{};
    milliseconds m_gentle{};  // of the real dialogues
    milliseconds m_strong{};
    milliseconds m_heard{};
};

void TestSkipPlan::noWordIsEaten_data() {
    QTest::addColumn<int>("rate");
    QTest::addColumn<int>("noise");
    QTest::addColumn<int>("echo");
    QTest::addColumn<bool>("isMono");
    unsigned seed = 0;
    for (const int rate : {8000, 16000, 44100}) {
        for (const int noise : {-120, -60, -50, -42, -35}) {
            for (const int echo : {-200, -26}) {
                QTest::addRow("%d Hz, noise %d dB%s", rate, noise, echo > -100 ? ", echo" : "")
                    << rate << noise << echo << (++seed % 5 == 0);
            }
        }
    }
}

void TestSkipPlan::noWordIsEaten() {
    QFETCH(int, rate);
    QFETCH(int, noise);
    QFETCH(int, echo);
    QFETCH(bool, isMono);
    for (const unsigned seed : {1U, 2U}) {
        fixture::SpokenForm form;
        form.rate = rate;
        form.noiseDb = noise;
        form.echoDb = echo;
        form.seed = seed * 7919U + static_cast<unsigned>(rate - noise);
        const auto call = fixture::spokenCall(form);
        const auto map = isMono ? mapOf(call.mixed(), {rate, 1}) : mapOf(call.samples, {rate, 2});
        const TimeSpans turns = call.allTurns();
        for (const SkipMode mode : {SkipMode::Gentle, SkipMode::Strong}) {
            const SkipPlan plan = planSkips(*map, {mode, {}, {}});
            const TimeSpans wanted =
                skippable(turns, map->duration(), mode == SkipMode::Gentle ? kGentlePadding : kStrongPadding);
            const milliseconds cut = cutFrom(plan, turns);
            const milliseconds gone = cutFrom(plan, wanted);
            QVERIFY2(cut.count() == 0, qPrintable(u"%1 ms of speech are left out: turns%2, plan%3"_s.arg(cut.count())
                                                      .arg(described(turns), described(plan))));
            QVERIFY2(gone.count() * 100 >= lengthOf(wanted).count() * 95,
                     qPrintable(u"only %1 of %2 ms are gone: turns%3, plan%4, speech%5 |%6"_s.arg(gone.count())
                                    .arg(lengthOf(wanted).count())
                                    .arg(described(turns), described(plan), described(map->speech.front()),
                                         described(map->speech.back()))));
            m_skippable += lengthOf(wanted);
            m_gone += gone;
        }
    }
}

void TestSkipPlan::realDialoguesKeepTheirWords_data() {
    QFile file(QString::fromUtf8(EARMARK_SHARED_DIR) + u"/data/truth.json"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        QSKIP("the shared call recordings are not on this machine");
    }
    QTest::addColumn<QString>("path");
    QTest::addColumn<QJsonArray>("told");
    for (const auto& call : QJsonDocument::fromJson(file.readAll()).object()[u"calls"_s].toArray()) {
        for (const auto& each : call[u"files"_s].toArray()) {
            const QString name = each[u"file"_s].toString();
            QTest::addRow("%s", qPrintable(name))
                << QFileInfo(file).absolutePath() + u"/audio/"_s + name << call[u"turns"_s].toArray();
        }
    }
}

/// In every form. The transcript's turns protect themselves; without them nothing of a turn goes but what is silent in
/// the recording, too (some turns are told longer than they sound).
void TestSkipPlan::realDialoguesKeepTheirWords() {
    QFETCH(QString, path);
    QFETCH(QJsonArray, told);
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(path, {});
    QVERIFY(info.has_value());
    PcmStore samples(info->format, "/nonexistent");
    QVERIFY(decoder->decodeInto(samples, {}).has_value());
    const auto map = mapSound(samples, {});
    TimeSpans turns;
    for (const auto& turn : told) {
        turns.push_back({milliseconds(turn[0].toInt()), milliseconds(turn[0].toInt() + turn[1].toInt())});
    }
    milliseconds spoken{};
    for (const SkipMode mode : {SkipMode::Gentle, SkipMode::Strong}) {
        QCOMPARE(cutFrom(planSkips(*map, {mode, turns, {}}), turns).count(), 0);
        const SkipPlan unaided = planSkips(*map, {mode, {}, {}});
        TimeSpans silentParts;
        for (const TimeSpan& turn : turns) {
            for (const TimeSpan& silence : map->silence) {
                const TimeSpan both{std::max(turn.begin, silence.begin), std::min(turn.end, silence.end)};
                if (both.begin < both.end) {
                    silentParts.push_back(both);
                }
            }
        }
        spoken += cutFrom(unaided, turns) - cutFrom(unaided, silentParts);
        QVERIFY(unaided.saved() > map->duration() / 20);
        (mode == SkipMode::Gentle ? m_gentle : m_strong) += unaided.saved();
        QVERIFY(std::all_of(unaided.spans.begin(), unaided.spans.end(),
                            [](const SkippedSpan& skipped) { return skipped.reason == SkipReason::Silence; }));
    }
    m_heard += map->duration();
    QCOMPARE(spoken.count(), 0);
}

void TestSkipPlan::cleanupTestCase() {
    if (m_skippable.count() > 0) {
        qInfo().noquote() << u"%1 of %2 s that may go are left out (%3 %)"_s.arg(m_gone.count() / 1000)
                                 .arg(m_skippable.count() / 1000)
                                 .arg(100.0 * static_cast<double>(m_gone.count()) /
                                          static_cast<double>(m_skippable.count()),
                                      0, 'f', 1);
    }
    if (m_heard.count() > 0) {
        qInfo("real dialogues: gentle leaves out %.1f %%, strong %.1f %%",
              100.0 * static_cast<double>(m_gentle.count()) / static_cast<double>(m_heard.count()),
              100.0 * static_cast<double>(m_strong.count()) / static_cast<double>(m_heard.count()));
    }
}

QTEST_GUILESS_MAIN(TestSkipPlan)
#include "tst_skipplan.moc"
