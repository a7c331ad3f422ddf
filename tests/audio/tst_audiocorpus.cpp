// Real recordings in all their forms: every file of the shared data is decoded and compared with what is known about
// it.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "models/audio/audiodecoder.h"
#include "tests/audio/correlation.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kClipFrames = 12 * 8000;

struct Decoded {
    RecordingInfo info;
    DecodeOutcome outcome;
    std::vector<std::int16_t> samples;
};

Result<Decoded> decode(const QString& file) {
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(file, {});
    if (!info) {
        return failure(info.error());
    }
    PcmStore store(info->format, "/nonexistent");
    const auto outcome = decoder->decodeInto(store, {});
    if (!outcome) {
        return failure(outcome.error());
    }
    std::vector<std::int16_t> samples(static_cast<std::size_t>(outcome->frames * info->format.channels));
    const std::int64_t read = store.read(0, samples);
    if (read != outcome->frames || !store.isFinished()) {
        return failure(ErrorKind::Internal, u"the store holds other than the outcome says"_s);
    }
    return Decoded{*info, *outcome, std::move(samples)};
}

double milliseconds(const Decoded& decoded) {
    return static_cast<double>(decoded.outcome.frames) * 1000 / decoded.info.format.sampleRate;
}

}  // namespace

class TestAudioCorpus : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void everyCall_data();
    void everyCall();
    void allFormsOfOneCallLieOnEachOther_data();
    void allFormsOfOneCallLieOnEachOther();
    void edgeCases_data();
    void edgeCases();

 private:
    [[nodiscard]] QJsonObject json(const QString& name) const;

    QDir m_folder{QString::fromUtf8(EARMARK_SHARED_DIR) + u"/data"_s};
    std::vector<double> m_agent;  // of the call that exists in all forms, at 8 kHz
    std::vector<double> m_customer;
};

QJsonObject TestAudioCorpus::json(const QString& name) const {
    QFile file(m_folder.filePath(name));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

void TestAudioCorpus::initTestCase() {
    if (!m_folder.exists(u"audio_index.json"_s)) {
        QSKIP("the shared call recordings are not on this machine");
    }
    const auto reference = decode(m_folder.filePath(u"audio/010d38f5ada54e0d_wav_pcm16_8k_stereo.wav"_s));
    QVERIFY(reference.has_value());
    m_agent = correlation::channel(reference->samples, 2, 0);
    m_customer = correlation::channel(reference->samples, 2, 1);
    m_agent.resize(kClipFrames);
    m_customer.resize(kClipFrames);
}

void TestAudioCorpus::everyCall_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("form");
    QTest::addColumn<int>("rate");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("durationMs");
    for (const auto& call : json(u"truth.json"_s)[u"calls"_s].toArray()) {
        for (const auto& file : call[u"files"_s].toArray()) {
            const QString name = file[u"file"_s].toString();
            QTest::newRow(qPrintable(name)) << name << file[u"format"_s].toString() << file[u"sample_rate"_s].toInt()
                                            << file[u"channels"_s].toInt() << call[u"duration_ms"_s].toInt();
        }
    }
}

void TestAudioCorpus::everyCall() {
    QFETCH(QString, file);
    QFETCH(QString, form);
    QFETCH(int, rate);
    QFETCH(int, channels);
    QFETCH(int, durationMs);
    const auto decoded = decode(m_folder.filePath(u"audio/"_s + file));
    QVERIFY2(decoded.has_value(), decoded ? "" : qPrintable(decoded.error().message + decoded.error().detail));
    QCOMPARE(decoded->info.format.channels, channels);
    QCOMPARE(decoded->info.format.sampleRate, form.contains(u"opus") ? 48000 : rate);  // Opus always decodes at 48 kHz
    QVERIFY(!decoded->outcome.damagedFrom && !decoded->outcome.stoppedBy);
    if (form.contains(u"gsm")) {
        // GSM comes in blocks of 320 samples and cannot say where in the last one the sound ends.
        QVERIFY(milliseconds(*decoded) >= durationMs && milliseconds(*decoded) < durationMs + 40);
        return;
    }
    QCOMPARE(milliseconds(*decoded), double(durationMs));
}

void TestAudioCorpus::allFormsOfOneCallLieOnEachOther_data() {
    QTest::addColumn<QString>("file");
    for (const auto& file : json(u"audio_index.json"_s)[u"calls"_s][u"010d38f5ada54e0d"_s][u"files"_s].toArray()) {
        QTest::newRow(qPrintable(file[u"format"_s].toString())) << file[u"file"_s].toString();
    }
    QTest::newRow("vbr_no_xing") << u"edge/vbr_no_xing.mp3"_s;
    QTest::newRow("id3_unicode") << u"edge/id3_unicode.mp3"_s;
    QTest::newRow("mp3_named") << u"edge/mp3_named.wav"_s;
    QTest::newRow("wav_named") << u"edge/wav_named.mp3"_s;
}

void TestAudioCorpus::allFormsOfOneCallLieOnEachOther() {
    QFETCH(QString, file);
    const auto decoded = decode(m_folder.filePath(u"audio/"_s + file));
    QVERIFY(decoded.has_value());
    const int channels = decoded->info.format.channels;
    const int rate = decoded->info.format.sampleRate;
    QVERIFY(rate % 8000 == 0);
    for (int i = 0; i < channels; ++i) {
        const auto heard = correlation::decimated(correlation::channel(decoded->samples, channels, i), rate / 8000);
        std::vector<double> expected = i == 0 ? m_agent : m_customer;
        if (channels == 1) {
            std::transform(m_agent.begin(), m_agent.end(), m_customer.begin(), expected.begin(), std::plus<>());
        }
        const bool headless = file.contains(u"vbr_no_xing");
        const auto fit = correlation::bestLag(expected, heard, headless ? 1200 : 100);
        QVERIFY2(fit.value > 0.8, qPrintable(u"channel %1: fit %2 at %3"_s.arg(i).arg(fit.value).arg(fit.lag)));
        // Without a head nobody knows the encoder's delay: 1,105 samples with the most common one.
        const int tolerance = headless ? 1110 : 8;
        QVERIFY2(std::abs(fit.lag) <= tolerance, qPrintable(u"channel %1 lies %2 samples off"_s.arg(i).arg(fit.lag)));
    }
}

void TestAudioCorpus::edgeCases_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("error");  // ErrorKind, or -1: plays
    QTest::addColumn<int>("leastMs");
    QTest::addColumn<int>("mostMs");
    QTest::addColumn<bool>("damaged");
    const auto plays = [](const char* file, int leastMs, int mostMs, bool damaged = false) {
        QTest::newRow(file) << QString::fromLatin1(file) << -1 << leastMs << mostMs << damaged;
    };
    const auto fails = [](const char* file, ErrorKind kind) {
        QTest::newRow(file) << QString::fromLatin1(file) << static_cast<int>(kind) << 0 << 0 << false;
    };
    plays("data_size_ffffffff.wav", 35420, 35420);
    plays("riff_size_zero.wav", 35420, 35420);
    plays("truncated.wav", 5000, 5000, true);
    plays("truncated.mp3", 8000, 16000, true);
    plays("vbr_no_xing.mp3", 35420, 35600);
    plays("id3_unicode.mp3", 35420, 35420);
    plays("long_10min.mp3", 600000, 600000);
    plays("mp3_named.wav", 35420, 35420);
    plays("wav_named.mp3", 35420, 35420);
    plays("one_channel_silent.wav", 35420, 35420);
    fails("zero_bytes.wav", ErrorKind::NotAudio);
    fails("html_login.mp3", ErrorKind::NotAudio);
    fails("expired_link.wav", ErrorKind::NotAudio);
    fails("random_bytes.ogg", ErrorKind::NotAudio);
    fails("raw.g722", ErrorKind::NotAudio);
    fails("raw.gsm", ErrorKind::NotAudio);
    fails("header_only.wav", ErrorKind::Playback);
}

void TestAudioCorpus::edgeCases() {
    QFETCH(QString, file);
    QFETCH(int, error);
    QFETCH(int, leastMs);
    QFETCH(int, mostMs);
    QFETCH(bool, damaged);
    const auto decoded = decode(m_folder.filePath(u"audio/edge/"_s + file));
    if (error >= 0) {
        QVERIFY(!decoded.has_value());
        QCOMPARE(static_cast<int>(decoded.error().kind), error);
        QVERIFY2(!decoded.error().message.isEmpty(), "an error must say what happened");
        return;
    }
    QVERIFY2(decoded.has_value(), decoded ? "" : qPrintable(decoded.error().message + decoded.error().detail));
    QVERIFY2(milliseconds(*decoded) >= leastMs && milliseconds(*decoded) <= mostMs,
             qPrintable(QString::number(milliseconds(*decoded))));
    QCOMPARE(decoded->outcome.damagedFrom.has_value(), damaged);
    if (damaged) {
        QCOMPARE(*decoded->outcome.damagedFrom, decoded->outcome.frames);
    }
}

QTEST_GUILESS_MAIN(TestAudioCorpus)
#include "tst_audiocorpus.moc"
