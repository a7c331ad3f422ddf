// A click on a turn of the transcript, and what is heard then: the sample that sounds first lies where the turn begins
// in the source. Made-up conversations with every turn known, over a sound server that nobody hears.
#include <QTest>

#include "tests/audio/audioencoder.h"
#include "tests/audio/correlation.h"
#include "tests/audio/spokensound.h"
#include "tests/audio/voices.h"
#include "tests/detail/desk.h"
#include "tests/playback/heldup.h"
#include "tests/playback/nullsink.h"
#include "ui/detail/transcriptdesk.h"
#include "ui/detail/transcriptview.h"
#include "ui/playback/callsound.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr int kRate = NullSink::kRate;
constexpr std::ptrdiff_t kMs = kRate / 1000;
constexpr int kPatienceMs = 15000;
constexpr double kMostBesideMs = 50;  // of truth
constexpr auto kHeard = 500ms;
constexpr int kTurns = 4;

using Track = std::vector<double>;

struct KnownTurn {
    int channel = 0;
    milliseconds begin{};
};

/// Where what was heard first lies beside the turn's begin.
struct Landing {
    QString trouble;
    double besideMs = 0;
    double fit = 0;
};

Track part(const Track& track, std::ptrdiff_t from, std::ptrdiff_t to) {
    const auto size = std::ptrdiff_t(track.size());
    return {track.begin() + std::clamp<std::ptrdiff_t>(from, 0, size),
            track.begin() + std::clamp<std::ptrdiff_t>(to, 0, size)};
}

std::vector<KnownTurn> turnsOf(const fixture::SpokenCall& spoken) {
    std::vector<KnownTurn> turns;
    for (int channel = 0; channel < 2; ++channel) {
        for (const TimeSpan& span : spoken.turns[std::size_t(channel)]) {
            if (span.end - span.begin > kHeard + 100ms) {
                turns.push_back({channel, span.begin});
            }
        }
    }
    std::sort(turns.begin(), turns.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
    return turns;
}

}  // namespace

class TurnHeardTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void soundsFirstWhereTheTurnBegins_data();
    void soundsFirstWhereTheTurnBegins();

 private:
    [[nodiscard]] Landing click(TranscriptView& view, Player& player, int row, const KnownTurn& turn);

    NullSink m_sink;
    fixture::SpokenCall m_spoken;
    std::array<Track, 2> m_source;
    std::vector<KnownTurn> m_turns;
};

void TurnHeardTest::initTestCase() {
    const QString missing = m_sink.start();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
    m_spoken = fixture::spokenCall({.rate = kRate, .seconds = 40, .seed = 11});
    m_turns = turnsOf(m_spoken);
    QVERIFY(m_turns.size() >= kTurns);
    for (int channel = 0; channel < 2; ++channel) {
        m_source[std::size_t(channel)] = correlation::channel(m_spoken.samples, 2, channel);
    }
}

/// The player rests when it is clicked, so the first sample that is not silence is the first of the turn's sound: the
/// line's own noise is there from the first moment on.
Landing TurnHeardTest::click(TranscriptView& view, Player& player, int row, const KnownTurn& turn) {
    if (const QString deaf = m_sink.startRecording(); !deaf.isEmpty()) {
        return {deaf};
    }
    const QModelIndex index = view.turns()->model()->index(row, 0);
    view.turns()->scrollTo(index);
    const QRect place = view.turns()->visualRect(index);
    const std::int64_t before = m_sink.recordedFrames();
    QTest::mouseClick(view.turns()->viewport(), Qt::LeftButton, {}, place.topLeft() + QPoint(90, 10));
    const bool plays = QTest::qWaitFor(
        [&] {
            return player.state() == PlayerState::Playing && player.position() > turn.begin + kHeard &&
                   player.position() < turn.begin + kHeard + 2s;
        },
        kPatienceMs);
    const bool isRecorded = QTest::qWaitFor(
        [&, from = m_sink.recordedFrames()] { return m_sink.recordedFrames() > from + 150 * kMs; }, kPatienceMs);
    player.pause();
    if (!plays || !isRecorded) {
        return {u"it does not play"_s};
    }
    const Track heard = correlation::channel(m_sink.recorded(), 2, turn.channel);
    const auto first =
        std::find_if(heard.begin() + before, heard.end(), [](double value) { return std::abs(value) > 4; });
    const std::ptrdiff_t began = first - heard.begin();
    const Track clip = part(heard, began + 15 * kMs, began + 315 * kMs);  // behind the fade
    const std::ptrdiff_t from = std::max<std::ptrdiff_t>(0, (turn.begin - 400ms).count() * kMs);
    const auto found = correlation::place(clip, part(m_source[std::size_t(turn.channel)], from, from + 1200 * kMs));
    const double source = double(from + found.lag - 15 * kMs) / kMs;
    return {{}, source - double(turn.begin.count()), found.value};
}

void TurnHeardTest::soundsFirstWhereTheTurnBegins_data() {
    QTest::addColumn<QString>("form");
    QTest::addColumn<double>("leastFit");
    QTest::newRow("WAV") << u"wav pcm 16 bit stereo"_s << 0.95;
    QTest::newRow("MP3") << u"mp3 44.1 kHz"_s << 0.9;
}

void TurnHeardTest::soundsFirstWhereTheTurnBegins() {
    QFETCH(QString, form);
    QFETCH(double, leastFit);
    Desk desk;
    QVERIFY(desk.open());
    const auto forms = fixture::audioForms();
    const auto found = std::find_if(forms.begin(), forms.end(),
                                    [&form](const auto& each) { return form == QLatin1StringView(each.name); });
    QVERIFY(found != forms.end() && found->channels == 2);
    fixture::Voices voices{kRate, {m_source[0], m_source[1]}};
    const QString file = desk.folder.filePath(u"call."_s + QLatin1StringView(found->suffix));
    QCOMPARE(fixture::encode(*found, voices.at(found->rate).samples(2), file), QString());

    auto details = std::make_shared<CallDetails>();
    for (const KnownTurn& turn : m_turns) {
        Turn told;
        told.speaker = turn.channel == 0 ? Speaker::Agent : Speaker::Customer;
        told.text = u"Said at %1"_s.arg(turn.begin.count());
        told.offset = turn.begin;
        details->transcript.push_back(std::move(told));
    }
    CallSound sound(desk.player.get(), desk.accounts.get(), &desk.settings);
    DeskServices services = desk.services();
    services.sound = &sound;
    TranscriptView view;
    view.resize(400, 600);
    Call call = Desk::call(u"one"_s);
    call.provider = Provider::Vatel;
    const TranscriptDesk transcript(services, &view, [&] {
        desk.player->open(call.key, file);
        desk.player->play();
    });
    view.setCall(call, details, false);
    sound.setCall(call, details);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));

    double most = 0;
    for (int i = 0; i < kTurns; ++i) {
        // Back and forth; the first click finds the recording not open yet.
        const int row = i % 2 == 0 ? int(m_turns.size()) / 2 + i : i;
        Landing landing;
        for (int attempt = 0, unexcused = 0; attempt < 10 && unexcused < 3; ++attempt) {
            const HeldUp heldUp;  // a machine that is held up tears any sound
            landing = click(view, *desk.player, row, m_turns[std::size_t(row)]);
            if (landing.trouble.isEmpty() && landing.fit > leastFit && std::abs(landing.besideMs) <= kMostBesideMs) {
                break;
            }
            unexcused += heldUp.isHarmless() ? 1 : 0;
            qInfo("turn %d: fit %.2f, %.1f ms beside its begin | held up for %lld ms", row, landing.fit,
                  landing.besideMs, static_cast<long long>(heldUp.longest().count()));
        }
        QCOMPARE(landing.trouble, QString());
        QVERIFY2(landing.fit > leastFit, qPrintable(u"turn %1: fit %2"_s.arg(row).arg(landing.fit)));
        QVERIFY2(std::abs(landing.besideMs) <= kMostBesideMs,
                 qPrintable(u"turn %1: %2 ms beside its begin"_s.arg(row).arg(landing.besideMs)));
        most = std::max(most, std::abs(landing.besideMs));
    }
    qInfo("%d turns: what sounds first is at most %.1f ms beside the turn's begin", kTurns, most);
}

QTEST_MAIN(TurnHeardTest)
#include "tst_turnheard.moc"
