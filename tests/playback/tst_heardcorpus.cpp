// The shared recordings, played by the Player and heard back: one real call in all its forms, and the broken and odd
// files, each of which plays what exists or says why not.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/playback/listencheck.h"
#include "tests/support/patience.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const QString kCall = u"010d38f5ada54e0d"_s;

struct Stretch {
    std::chrono::milliseconds from{};
    std::chrono::milliseconds length{};
};

/// The shortest stretch after `after` in which both of them speak.
Stretch bothSpeak(const fixture::Voices& call, std::chrono::milliseconds after) {
    Stretch both{after, 400ms};
    for (; both.length < 3s && both.from <= after; both.length += 50ms) {
        both.from = loudPlace(call, after, both.length + 50ms);
    }
    return both;
}

}  // namespace

class TestHeardCorpus : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void allFormsOfOneCall_data();
    void allFormsOfOneCall();
    void landingsAreExact();
    void oddFilesPlayWhatExists_data();
    void oddFilesPlayWhatExists();
    void brokenFilesSayWhy_data();
    void brokenFilesSayWhy();

 private:
    [[nodiscard]] QJsonObject index() const;
    [[nodiscard]] Listen hear(const QString& file, const fixture::Voices& expected, Stretch stretch,
                              const ListenLimits& limits, bool agentAlone = false);

    QDir m_folder{QString::fromUtf8(EARMARK_SHARED_DIR) + u"/data/audio"_s};
    NullSink m_sink{Listener::kRate};
    fixture::Voices m_stereo;  ///< the call's first seconds, at the recorder's rate
    fixture::Voices m_mono;
    Stretch m_both;   ///< agent and customer speak
    Stretch m_early;  ///< the agent speaks, within the first seconds
    Stretch m_late;   ///< and much later
    std::vector<double> m_landings;
    std::unique_ptr<Player> m_player;
};

QJsonObject TestHeardCorpus::index() const {
    QFile file(m_folder.filePath(u"../audio_index.json"_s));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

void TestHeardCorpus::initTestCase() {
    if (!m_folder.exists()) {
        QSKIP("the shared call recordings are not on this machine");
    }
    const QString missing = m_sink.start();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
    fixture::Voices call = fixture::readPcmWav(m_folder.filePath(kCall + u"_wav_pcm16_8k_stereo.wav"_s));
    QCOMPARE(call.channels.size(), 2U);
    QCOMPARE(call.rate, 8000);
    m_both = bothSpeak(call, 400ms);
    QVERIFY(m_both.from > 400ms);
    m_early = {loudPlace({8000, {call.channels[0]}}, 400ms, 450ms), 450ms};
    QVERIFY(m_early.from > 400ms && m_early.from < 4s);
    m_late = {loudPlace({8000, {call.channels[0]}}, 18s, 450ms), 450ms};
    QVERIFY(m_late.from > 18s && m_late.from > m_both.from + m_both.length);
    for (fixture::Track& track : call.channels) {
        track.resize(static_cast<std::size_t>((m_late.from + m_late.length + 500ms).count()) * 8);
    }
    m_stereo = call.at(Listener::kRate);
    m_mono = {Listener::kRate, {m_stereo.channels[0]}};
    std::transform(m_mono.channels[0].begin(), m_mono.channels[0].end(), m_stereo.channels[1].begin(),
                   m_mono.channels[0].begin(), [](double agent, double customer) { return (agent + customer) / 2; });
    m_player = std::make_unique<Player>();
    qInfo() << "both speak from" << m_both.from.count() << "ms for" << m_both.length.count() << "ms";
}

Listen TestHeardCorpus::hear(const QString& file, const fixture::Voices& expected, Stretch stretch,
                             const ListenLimits& limits, bool agentAlone) {
    Listener listener(&m_sink, m_player.get());
    return listenUntilRight(limits, [&] {
        if (const QString deaf = m_sink.startRecording(); !deaf.isEmpty()) {
            return Listen{deaf, {}};
        }
        const auto lead = std::chrono::milliseconds(static_cast<int>(limits.leadMs));
        const QString trouble = listener.play(m_folder.filePath(file), stretch.from, stretch.length + lead);
        Listen listen =
            trouble.isEmpty() ? listener.judge(expected, stretch.from, stretch.length) : Listen{trouble, {}};
        listen.sides.resize(agentAlone ? std::min<std::size_t>(1, listen.sides.size()) : listen.sides.size());
        return listen;
    });
}

void TestHeardCorpus::allFormsOfOneCall_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("channels");
    QTest::addColumn<double>("leastFit");
    for (const auto& file : index()[u"calls"_s][kCall][u"files"_s].toArray()) {
        const QString form = file[u"format"_s].toString();
        QTest::newRow(qPrintable(form)) << file[u"file"_s].toString() << file[u"channels"_s].toInt()
                                        << (form.contains(u"pcm") || form.contains(u"flac") ? 0.99 : 0.9);
    }
}

void TestHeardCorpus::allFormsOfOneCall() {
    QFETCH(QString, file);
    QFETCH(int, channels);
    QFETCH(double, leastFit);
    const ListenLimits limits{.leastFit = leastFit, .gain = channels == 1 ? kMonoGain : 1.0};
    const Listen listen = channels == 1 ? hear(file, m_mono, m_early, limits) : hear(file, m_stereo, m_both, limits);
    qInfo().noquote() << described(listen);
    MUST_BE_RIGHT(listen, limits);
    QVERIFY(m_player->notice().isEmpty() && m_player->hasDevice());
    const Listen late = hear(file, channels == 1 ? m_mono : m_stereo, m_late, limits, true);
    qInfo().noquote() << described(late);
    MUST_BE_RIGHT(late, limits);
    for (const double landing : {listen.landingMs, late.landingMs}) {
        m_landings.push_back(std::abs(landing));
    }
}

void TestHeardCorpus::landingsAreExact() {
    if (m_landings.size() < 10) {
        QSKIP("only some of the forms were heard");
    }
    std::sort(m_landings.begin(), m_landings.end());
    const double p95 = m_landings[m_landings.size() * 95 / 100];
    qInfo("%zu landings: p95 %.1f ms beside the wanted place, at most %.1f ms", m_landings.size(), p95,
          m_landings.back());
    QVERIFY(p95 <= 30);
}

void TestHeardCorpus::oddFilesPlayWhatExists_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("leastMs");
    QTest::addColumn<int>("mostMs");
    QTest::addColumn<int>("leadMs");
    QTest::addColumn<QString>("notice");
    const auto row = [](const char* file, int leastMs, int mostMs, int leadMs = 0, const QString& notice = {}) {
        QTest::newRow(file) << QString::fromLatin1(file) << leastMs << mostMs << leadMs << notice;
    };
    row("data_size_ffffffff.wav", 35420, 35420);
    row("riff_size_zero.wav", 35420, 35420);
    row("truncated.wav", 5000, 5000, 0, u"Damaged after 0:05; what exists is played."_s);
    row("truncated.mp3", 11600, 11700, 0, u"Damaged after 0:11; what exists is played."_s);
    row("vbr_no_xing.mp3", 35420, 35600, 137);  // without a head nobody knows the encoder's lead
    row("id3_unicode.mp3", 35420, 35420);
    row("long_10min.mp3", 600000, 600000);
    row("mp3_named.wav", 35420, 35420);
    row("wav_named.mp3", 35420, 35420);
    row("one_channel_silent.wav", 35420, 35420);
}

void TestHeardCorpus::oddFilesPlayWhatExists() {
    QFETCH(QString, file);
    QFETCH(int, leastMs);
    QFETCH(int, mostMs);
    QFETCH(int, leadMs);
    QFETCH(QString, notice);
    fixture::Voices expected = m_mono;
    ListenLimits limits{.leadMs = static_cast<double>(leadMs), .gain = kMonoGain};
    if (file.startsWith(u"one_channel") || file == u"truncated.wav") {
        expected = m_stereo;
        limits.gain = 1;
    }
    if (file.startsWith(u"one_channel")) {
        std::fill(expected.channels[1].begin(), expected.channels[1].end(), 0.0);
    }
    const Listen listen = hear(u"edge/"_s + file, expected, m_early, limits);
    qInfo().noquote() << described(listen);
    MUST_BE_RIGHT(listen, limits);
    if (leadMs > 0) {
        // How much the encoder put before the sound nobody knows; every place lies beside its time by the same.
        const Listen late = hear(u"edge/"_s + file, expected, m_late, limits);
        MUST_BE_RIGHT(late, limits);
        const double apart = std::abs(late.landingMs - listen.landingMs);
        qInfo("two landings, 14 s and more apart, lie %.1f ms apart beside their places", apart);
        QVERIFY(apart <= 30);
    }
    QTRY_COMPARE(m_player->notice(), notice);  // when all of it is decoded
    QTRY_VERIFY(m_player->duration().count() >= leastMs && m_player->duration().count() <= mostMs);
}

void TestHeardCorpus::brokenFilesSayWhy_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("text");
    const QString again = u" Fetch it again; if it lasts, tell the provider."_s;
    const QString noRecording = u"The file is not a recording: it is none of WAV, MP3, Ogg, FLAC or MP4."_s + again;
    QTest::newRow("zero_bytes") << u"zero_bytes.wav"_s << u"The recording's file is empty."_s + again;
    for (const char* file : {"html_login.mp3", "expired_link.wav", "random_bytes.ogg", "raw.g722", "raw.gsm"}) {
        QTest::newRow(file) << QString::fromLatin1(file) << noRecording;
    }
    QTest::newRow("header_only")
        << u"header_only.wav"_s
        << u"The recording holds no sound. If other recordings play, tell the provider about this one."_s;
}

void TestHeardCorpus::brokenFilesSayWhy() {
    QFETCH(QString, file);
    QFETCH(QString, text);
    m_player->open({u"a"_s, file}, m_folder.filePath(u"edge/"_s + file));
    m_player->play();
    QTRY_COMPARE(m_player->state(), PlayerState::Failed);
    QVERIFY(m_player->problem().has_value());
    QCOMPARE(errorText(*m_player->problem()), text);
    QVERIFY(!m_player->isWaiting());
}

QTEST_GUILESS_MAIN(TestHeardCorpus)
#include "tst_heardcorpus.moc"
