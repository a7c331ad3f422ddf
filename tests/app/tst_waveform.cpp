// waveform: the real program against a provider on loopback, on recordings whose every sample and turn is known, and on
// the real dialogues where they are at hand.
#include <sys/resource.h>

#include <QDir>
#include <QScopeGuard>
#include <cmath>

#include "app/profile.h"
#include "tests/app/program.h"
#include "tests/audio/soundfixture.h"
#include "tests/audio/spokensound.h"
#include "tests/audio/voices.h"
#include "tests/support/yotelserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kKey = "yt_test_CANARYKEY"_ba;

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString sharedAudio() {
    return QString::fromUtf8(EARMARK_SHARED_DIR) + u"/data/audio/"_s;
}

/// Stretches of at least 300 ms in which every 10 ms of every channel lie below -48 dB, computed another way than the
/// program does: begin and end in ms.
QList<QPair<double, double>> quietStretches(const std::vector<fixture::Track>& channels, int rate) {
    const std::size_t step = static_cast<std::size_t>(rate) / 100;
    QList<QPair<double, double>> found;
    double begin = -1;
    std::size_t at = 0;
    for (; at + step <= channels.front().size(); at += step) {
        bool isQuiet = true;
        for (const fixture::Track& track : channels) {
            double energy = 0;
            for (std::size_t i = at; i < at + step; ++i) {
                energy += track[i] * track[i];
            }
            isQuiet = isQuiet && std::sqrt(energy / static_cast<double>(step)) < 32768 * std::pow(10, -48 / 20.0);
        }
        const double ms = static_cast<double>(at) * 1000 / rate;
        if (isQuiet && begin < 0) {
            begin = ms;
        } else if (!isQuiet && begin >= 0) {
            found.append({begin, ms});
            begin = -1;
        }
    }
    if (begin >= 0) {
        found.append({begin, static_cast<double>(at) * 1000 / rate});
    }
    found.removeIf([](const auto& each) { return each.second - each.first < 300; });
    return found;
}

}  // namespace

class TestWaveform : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void shapeAndPeaksAreExact();
    void silenceAndSkipsKeepToTheTurns();
    void ofMonoSharesAreNotMeasurable();
    void worksFromTheCacheWithoutNetwork();
    void aHangingDownloadHoldsNobodyUp();
    void whatIsHereNeedsNoKeyNoLockAndNoSpace();
    void aDamagedOneSaysFromWhere();
    void wrongUsage_data();
    void wrongUsage();
    void whatCannotBeDrawnSaysWhy();
    void realDialogues_data();
    void realDialogues();

 private:
    void addRecording(const QString& id, const QByteArray& bytes);
    [[nodiscard]] Ran waveform(const QString& id, const QStringList& more = {}) const {
        return m_program->run(QStringList{u"waveform"_s, u"main/"_s + id, u"--json"_s} + more);
    }

    std::unique_ptr<YotelServer> m_server;
    std::unique_ptr<Program> m_program;
    fixture::SpokenCall m_call;
};

void TestWaveform::addRecording(const QString& id, const QByteArray& bytes) {
    const QString path = u"/sound/"_s + id + u".wav"_s;
    m_server->on(path.toUtf8(), Reply::bytes(bytes, "audio/wav"_ba));
    m_server->addCall(yotelCall(id, u"c1"_s, {{u"recording_url"_s, m_server->url(path).toString()}}));
}

void TestWaveform::initTestCase() {
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    m_server = std::make_unique<YotelServer>(kKey);
    m_server->addCampaign(u"c1"_s, u"Campaign"_s);
    fixture::SpokenForm form;
    form.seconds = 20.0137;  // no whole number of anything
    m_call = fixture::spokenCall(form);
    addRecording(u"stereo"_s, fixture::wav(m_call.samples, 8000, 2));
    addRecording(u"mono"_s, fixture::wav(m_call.mixed(), 8000, 1));
    addRecording(u"page"_s, "<html><body>Sign in</body></html>"_ba);
    m_server->addCall(
        yotelCall(u"none"_s, u"c1"_s, {{u"recording_url"_s, QJsonValue::Null}, {u"has_recording"_s, false}}));
    for (const QString& name :
         QDir(sharedAudio()).entryList({u"*.wav"_s, u"*.mp3"_s, u"*.m4a"_s, u"*.ogg"_s, u"*.flac"_s})) {
        addRecording(name.section(u'.', 0, 0), contents(sharedAudio() + name));
    }
    const QByteArray whole = fixture::wav(m_call.mixed(), 8000, 1);
    addRecording(u"damaged"_s, whole.left(whole.size() / 2));  // as long as the server says, not as its head does
    addRecording(u"kept"_s, fixture::wav(m_call.mixed(), 8000, 1));
    addRecording(u"hangs"_s, fixture::wav(m_call.mixed(), 8000, 1));
    Reply hanging = Reply::bytes(fixture::wav(m_call.mixed(), 8000, 1), "audio/wav"_ba);
    hanging.fault = Fault::HangWithinBody;
    m_server->on("/sound/hangs.wav", hanging);
    m_program = std::make_unique<Program>();
    m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromUtf8(kKey));
    QCOMPARE(m_program
                 ->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                        m_server->account().baseUrl.toString()})
                 .exitCode,
             0);
    const Ran pulled = m_program->run({u"pull"_s});
    QVERIFY2(pulled.exitCode == 0, pulled.err.constData());
}

void TestWaveform::shapeAndPeaksAreExact() {
    const Ran ran = waveform(u"stereo"_s, {u"--buckets"_s, u"317"_s});
    QVERIFY2(ran.exitCode == 0, ran.err.constData());
    qsizetype at = 0;
    for (const char* name : {"channels", "sample_rate", "duration_ms", "buckets", "peaks", "speech", "silence",
                             "skippable", "talk_share", "overlap_ms"}) {
        const qsizetype here = ran.out.indexOf(QByteArray('"' + QByteArray(name) + '"'), at);
        QVERIFY2(here >= at, name);
        at = here;
    }
    const QJsonObject shape = ran.object();
    QCOMPARE(shape.size(), 10);
    QCOMPARE(shape[u"channels"_s].toInt(), 2);
    QCOMPARE(shape[u"sample_rate"_s].toInt(), 8000);
    QCOMPARE(shape[u"duration_ms"_s].toDouble(), static_cast<double>(m_call.frames()) / 8);
    QCOMPARE(shape[u"buckets"_s].toInt(), 317);
    QCOMPARE(shape[u"peaks"_s].toArray().size(), 2);
    for (int channel = 0; channel < 2; ++channel) {
        const QJsonArray peaks = shape[u"peaks"_s][channel].toArray();
        QCOMPARE(peaks.size(), 317);
        for (int i = 0; i < 317; ++i) {
            std::int16_t low = INT16_MAX;
            std::int16_t high = INT16_MIN;
            for (std::int64_t k = i * m_call.frames() / 317; k < (i + 1) * m_call.frames() / 317; ++k) {
                low = std::min(low, m_call.samples[static_cast<std::size_t>(2 * k + channel)]);
                high = std::max(high, m_call.samples[static_cast<std::size_t>(2 * k + channel)]);
            }
            QCOMPARE(std::lround(peaks[i][0].toDouble() * 32768), low);
            QCOMPARE(std::lround(peaks[i][1].toDouble() * 32768), high);
        }
    }
    const QJsonArray shares = shape[u"talk_share"_s].toArray();
    QCOMPARE(shares.size(), 2);
    QVERIFY(std::abs(shares[0].toDouble() + shares[1].toDouble() - 1) < 1e-4);
    QVERIFY(shape[u"overlap_ms"_s].isDouble());
    // Without a number of buckets, and for people.
    QCOMPARE(waveform(u"stereo"_s).object()[u"peaks"_s][1].toArray().size(), 1000);
    const Ran text = m_program->run({u"waveform"_s, u"main/stereo"_s});
    QCOMPARE(text.exitCode, 0);
    QVERIFY(text.out.contains("Length 0:20.0") && text.out.contains("longest monologue"));
}

void TestWaveform::silenceAndSkipsKeepToTheTurns() {
    const QJsonObject shape = waveform(u"stereo"_s).object();
    TimeSpans turns = m_call.allTurns();
    double talked[2] = {};
    for (int channel = 0; channel < 2; ++channel) {
        for (const TimeSpan& turn : m_call.turns[static_cast<std::size_t>(channel)]) {
            talked[channel] += static_cast<double>(turn.length().count());
        }
    }
    QVERIFY(std::abs(shape[u"talk_share"_s][0].toDouble() - talked[0] / (talked[0] + talked[1])) < 0.05);
    QVERIFY(!shape[u"skippable"_s].toArray().isEmpty());
    for (const auto& value : shape[u"skippable"_s].toArray()) {
        QCOMPARE(value[2].toString(), u"silence"_s);
        for (const TimeSpan& turn : turns) {
            QVERIFY(value[1].toInt() <= turn.begin.count() || value[0].toInt() >= turn.end.count());
        }
    }
    // Between turns that are apart lies silence with its edges at theirs.
    for (std::size_t i = 1; i < turns.size(); ++i) {
        if (turns[i].begin - turns[i - 1].end < std::chrono::milliseconds(700)) {
            continue;
        }
        bool isFound = false;
        for (const auto& value : shape[u"silence"_s].toArray()) {
            isFound = isFound || (std::abs(value[0].toInt() - turns[i - 1].end.count()) <= 160 &&
                                  std::abs(value[1].toInt() - turns[i].begin.count()) <= 160);
        }
        QVERIFY2(isFound,
                 qPrintable(u"no silence from %1 to %2"_s.arg(turns[i - 1].end.count()).arg(turns[i].begin.count())));
    }
}

void TestWaveform::ofMonoSharesAreNotMeasurable() {
    const QJsonObject shape = waveform(u"mono"_s).object();
    QCOMPARE(shape[u"channels"_s].toInt(), 1);
    QVERIFY(shape.contains(u"talk_share"_s) && shape[u"talk_share"_s].isNull());
    QVERIFY(shape.contains(u"overlap_ms"_s) && shape[u"overlap_ms"_s].isNull());
    QCOMPARE(shape[u"speech"_s].toArray().size(), 1);
    QVERIFY(m_program->run({u"waveform"_s, u"main/mono"_s}).out.contains("not measurable"));
}

void TestWaveform::worksFromTheCacheWithoutNetwork() {
    const Ran first = waveform(u"stereo"_s);
    const int asked = m_server->count("/sound/stereo.wav"_ba);
    const QDir cache(m_program->profile() + u"/recordings"_s);
    const QStringList maps = cache.entryList({u"*.map"_s}, QDir::Files);
    QVERIFY(!maps.isEmpty());
    for (const QString& name : maps) {
        const QString path = cache.filePath(name);
        QVERIFY(QFile::exists(path.chopped(4)));
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup),
                 QFile::Permissions());
        QVERIFY(fixture::writeFile(path, "EARMAP\r\nnot a map"_ba));  // is made anew
    }
    m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString());
    const Ran again = waveform(u"stereo"_s);
    m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromUtf8(kKey));
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(again.out, first.out);
    QCOMPARE(waveform(u"stereo"_s).out, first.out);
    QCOMPARE(m_server->count("/sound/stereo.wav"_ba), asked);
}

/// Meanwhile others may write; what a kill leaves is swept by the next download, and what lives is not.
void TestWaveform::aHangingDownloadHoldsNobodyUp() {
    const auto folders = [this] {
        return QDir(m_program->profile()).entryList({u"fetch-??????"_s}, QDir::Dirs | QDir::NoDotAndDotDot);
    };
    const auto download = m_program->start({u"recording"_s, u"main/hangs"_s});
    QTRY_VERIFY_WITH_TIMEOUT(m_server->count("/sound/hangs.wav"_ba) > 0, 20000);
    QCOMPARE(folders().size(), 1);
    const QString alive = folders().constFirst();
    const Ran edited = m_program->run({u"edit"_s, u"main/mono"_s, u"--disposition"_s, u"BUSY"_s});
    QVERIFY2(edited.exitCode == 0, edited.err.constData());
    const Ran pulled = m_program->run({u"pull"_s});
    QVERIFY2(pulled.exitCode == 0, pulled.err.constData());
    QCOMPARE(m_program->run({u"recording"_s, u"main/mono"_s}).exitCode, 0);
    QCOMPARE(folders(), QStringList{alive});
    download->kill();
    QVERIFY(download->waitForFinished());
    QCOMPARE(folders(), QStringList{alive});
    QCOMPARE(m_program->run({u"recording"_s, u"main/stereo"_s}).exitCode, 0);
    QCOMPARE(folders(), QStringList());
}

void TestWaveform::whatIsHereNeedsNoKeyNoLockAndNoSpace() {
    QVERIFY(waveform(u"kept"_s).exitCode == 0);
    const QStringList maps = QDir(m_program->profile() + u"/recordings"_s).entryList({u"*.map"_s});
    for (const QString& map : maps) {
        QVERIFY(QFile::remove(m_program->profile() + u"/recordings/"_s + map));
    }
    const auto lock = ProfileLock::take(Profile(m_program->profile()));
    QVERIFY(lock.has_value());
    m_program->removeEnvironment(u"EARMARK_KEY_MAIN"_s);
    const auto putBack = qScopeGuard([this] {
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromUtf8(kKey));
        m_program->setBeforeStart({});
    });
    const int before = m_server->count("/sound/kept.wav"_ba);
    m_program->setBeforeStart([] {
        const rlimit none{0, 0};  // as a full disk: not one byte more
        setrlimit(RLIMIT_FSIZE, &none);
    });
    for (const char* command : {"recording", "waveform"}) {
        const Ran ran = m_program->run({QString::fromLatin1(command), u"main/kept"_s, u"--key-stdin"_s});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
    }
    QVERIFY(QDir(m_program->profile() + u"/recordings"_s).entryList({u"*.map"_s}).isEmpty());
    QCOMPARE(m_server->count("/sound/kept.wav"_ba), before);
    // Where it is not here, the key is asked for.
    m_program->setBeforeStart({});
    QCOMPARE(m_program->run({u"recording"_s, u"main/page"_s, u"--key-stdin"_s}).exitCode, 1);
}

void TestWaveform::aDamagedOneSaysFromWhere() {
    const Ran ran = waveform(u"damaged"_s);
    QVERIFY2(ran.exitCode == 0, ran.err.constData());
    const double from = ran.object()[u"damaged_from_ms"_s].toDouble(-1);
    QVERIFY2(from > 9000 && from < 11000, ran.err.constData());
    QVERIFY(ran.err.contains("damaged after"));
    QVERIFY(!waveform(u"mono"_s).object().contains(u"damaged_from_ms"_s));
    const Ran unknown = m_program->run({u"waveform"_s, u"main/nowhere"_s});
    QCOMPARE(unknown.exitCode, 1);
    QCOMPARE(unknown.err.count("fetch"), 1);  // one advice
}

void TestWaveform::wrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no key") << QStringList{u"waveform"_s};
    QTest::newRow("two keys") << QStringList{u"waveform"_s, u"main/a"_s, u"main/b"_s};
    QTest::newRow("no id") << QStringList{u"waveform"_s, u"main/"_s, u"--json"_s};
    for (const QString& number : {u"0"_s, u"-5"_s, u"many"_s, u"1000001"_s, u""_s, u"2.5"_s}) {
        QTest::addRow("buckets %s", qPrintable(number))
            << QStringList{u"waveform"_s, u"main/stereo"_s, u"--json"_s, u"--buckets="_s + number};
    }
    QTest::newRow("no number") << QStringList{u"waveform"_s, u"main/stereo"_s, u"--buckets"_s};
    QTest::newRow("unknown option") << QStringList{u"waveform"_s, u"main/stereo"_s, u"--peaks"_s};
}

void TestWaveform::wrongUsage() {
    QFETCH(QStringList, arguments);
    const Ran ran = m_program->run(arguments);
    QCOMPARE(ran.exitCode, 2);
    QVERIFY(ran.out.isEmpty());
    QVERIFY(ran.err.contains("waveform KEY"));
}

void TestWaveform::whatCannotBeDrawnSaysWhy() {
    for (const QString& id : {u"none"_s, u"page"_s, u"unknown"_s}) {
        const Ran ran = waveform(id);
        QCOMPARE(ran.exitCode, 1);
        QVERIFY(ran.out.isEmpty());
        QVERIFY(!ran.err.isEmpty());
        QVERIFY(!ran.err.contains(kKey));
    }
}

void TestWaveform::realDialogues_data() {
    const QJsonArray calls =
        QJsonDocument::fromJson(contents(QString::fromUtf8(EARMARK_SHARED_DIR) + u"/data/truth.json"_s))
            .object()[u"calls"_s]
            .toArray();
    if (calls.isEmpty()) {
        QSKIP("no real dialogues here");
    }
    QTest::addColumn<QString>("file");
    QTest::addColumn<double>("durationMs");
    for (const auto& call : calls) {
        for (const auto& file : call[u"files"_s].toArray()) {
            // All forms of one dialogue, and each PCM file.
            const QString name = file[u"file"_s].toString();
            if (name.startsWith(u"010d38"_s) || name.contains(u"pcm16"_s)) {
                QTest::addRow("%s", qPrintable(name)) << name << call[u"duration_ms"_s].toDouble();
            }
        }
    }
}

void TestWaveform::realDialogues() {
    QFETCH(QString, file);
    QFETCH(double, durationMs);
    const Ran ran = waveform(file.section(u'.', 0, 0));
    QVERIFY2(ran.exitCode == 0, ran.err.constData());
    const QJsonObject shape = ran.object();
    const bool isPcm = file.contains(u"pcm16"_s) || file.contains(u"law"_s);
    QVERIFY(std::abs(shape[u"duration_ms"_s].toDouble() - durationMs) < (isPcm ? 0.125 : 100));
    if (!file.contains(u"pcm16"_s)) {
        return;
    }
    const auto voices = fixture::readPcmWav(sharedAudio() + file);
    const auto expected = quietStretches(voices.channels, voices.rate);
    const QJsonArray silence = shape[u"silence"_s].toArray();
    for (const auto& each : expected) {
        const bool isFound = std::any_of(silence.begin(), silence.end(), [&each](const QJsonValue& value) {
            return std::abs(value[0].toDouble() - each.first) <= 60 &&
                   std::abs(value[1].toDouble() - each.second) <= 60;
        });
        QVERIFY2(isFound || each.second - each.first < 400,
                 qPrintable(u"no silence from %1 to %2"_s.arg(each.first).arg(each.second)));
    }
    QVERIFY(std::abs(silence.size() - expected.size()) <= 1);
}

QTEST_GUILESS_MAIN(TestWaveform)
#include "tst_waveform.moc"
