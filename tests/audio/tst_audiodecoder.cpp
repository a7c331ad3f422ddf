// The decoder on files that the test makes itself and on the recordings of the demo, whole and damaged.
#include <netinet/in.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <random>

#include "models/audio/audiodecoder.h"
#include "models/audio/audiofile.h"
#include "tests/audio/soundfixture.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

struct Decoded {
    RecordingInfo info;
    DecodeOutcome outcome;
    std::vector<std::int16_t> samples;
    std::int64_t memoryBytes = 0;
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
    if (store.read(0, samples) != outcome->frames || !store.isFinished()) {
        return failure(ErrorKind::Internal, u"the store holds other than the outcome says"_s);
    }
    return Decoded{*info, *outcome, std::move(samples), store.memoryBytes()};
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// How loud one frequency is in one channel, 1 = full scale.
double levelOf(const std::vector<std::int16_t>& samples, int channels, int channel, int rate, double frequency) {
    double sine = 0;
    double cosine = 0;
    const int frames = static_cast<int>(samples.size()) / channels;
    for (int i = 0; i < frames; ++i) {
        const double value = samples[static_cast<std::size_t>(i * channels + channel)] / 32768.0;
        sine += value * std::sin(2 * std::numbers::pi * frequency * i / rate);
        cosine += value * std::cos(2 * std::numbers::pi * frequency * i / rate);
    }
    return 2 * std::hypot(sine, cosine) / frames;
}

}  // namespace

class TestAudioDecoder : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void decodesSamplesExactly();
    void keepsSpeakersApart();
    void mixesManyChannelsDownToTwo();
    void decodesMuLaw();
    void lengthClaimsAreNotBelieved_data();
    void lengthClaimsAreNotBelieved();
    void cutWavIsCalledDamaged();
    void refusesWhatIsNoRecording_data();
    void refusesWhatIsNoRecording();
    void playlistsLeadNowhere();
    void linksPipesAndFoldersAreNotOpened();
    void stopsWhenAsked();
    void fullDiskKeepsWhatIsThere();
    void threeHoursStayBounded();
    void decodesEveryDemoRecording_data();
    void decodesEveryDemoRecording();
    void cutFilesPlayWhatExists_data();
    void cutFilesPlayWhatExists();
    void lostOggPageBecomesSilence();
    void unreadableMiddleIsPassed_data();
    void unreadableMiddleIsPassed();
    void flacBehindTagIsFlac();
    void changedBytesNeverCrash_data();
    void changedBytesNeverCrash();

 private:
    [[nodiscard]] QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    [[nodiscard]] QString demo(const char* name) const { return m_demo.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_folder;
    QDir m_demo{QString::fromUtf8(EARMARK_SOURCE_DIR) + u"/resources/demo/recordings"_s};
};

void TestAudioDecoder::initTestCase() {
    QVERIFY(m_folder.isValid());
    QVERIFY(m_demo.exists());
}

void TestAudioDecoder::decodesSamplesExactly() {
    const auto source = fixture::noise(8000 * 3 + 17, 2);
    QVERIFY(fixture::writeFile(path("noise.wav"), fixture::wav(source, 8000, 2)));
    const auto decoded = decode(path("noise.wav"));
    QVERIFY(decoded.has_value());
    QCOMPARE(decoded->info.container, u"wav"_s);
    QCOMPARE(decoded->info.format, (PcmFormat{8000, 2}));
    QCOMPARE(decoded->info.estimatedFrames, std::optional<std::int64_t>(8000 * 3 + 17));
    QCOMPARE(decoded->outcome.frames, 8000 * 3 + 17);
    QVERIFY(decoded->samples == source);
    QVERIFY(!decoded->outcome.damagedFrom);
}

void TestAudioDecoder::keepsSpeakersApart() {
    QVERIFY(fixture::writeFile(path("sines.wav"), fixture::wav(fixture::sines(16000, 16000, {440, 700}), 16000, 2)));
    const auto decoded = decode(path("sines.wav"));
    QVERIFY(decoded.has_value());
    QVERIFY(levelOf(decoded->samples, 2, 0, 16000, 440) > 0.49);
    QVERIFY(levelOf(decoded->samples, 2, 1, 16000, 700) > 0.49);
    QVERIFY(levelOf(decoded->samples, 2, 0, 16000, 700) < 0.001);
    QVERIFY(levelOf(decoded->samples, 2, 1, 16000, 440) < 0.001);
}

void TestAudioDecoder::mixesManyChannelsDownToTwo() {
    QVERIFY(
        fixture::writeFile(path("four.wav"), fixture::wav(fixture::sines(8000, 8000, {400, 600, 800, 1000}), 8000, 4)));
    const auto decoded = decode(path("four.wav"));
    QVERIFY(decoded.has_value());
    QCOMPARE(decoded->info.sourceChannels, 4);
    QCOMPARE(decoded->info.format.channels, 2);
    QCOMPARE(decoded->outcome.frames, 8000);
    for (const double frequency : {400.0, 600.0, 800.0, 1000.0}) {
        const double heard =
            levelOf(decoded->samples, 2, 0, 8000, frequency) + levelOf(decoded->samples, 2, 1, 8000, frequency);
        QVERIFY2(heard > 0.05, qPrintable(u"%1 Hz is lost"_s.arg(frequency)));
    }
}

void TestAudioDecoder::decodesMuLaw() {
    QByteArray bytes = fixture::wavHead({8000, 1, 7, 8, 36 + 8000, 8000});
    for (int i = 0; i < 8000; ++i) {
        bytes.append(i % 2 == 0 ? '\x80' : '\x00');  // the largest positive and negative value of G.711
    }
    QVERIFY(fixture::writeFile(path("mulaw.wav"), bytes));
    const auto decoded = decode(path("mulaw.wav"));
    QVERIFY(decoded.has_value());
    QCOMPARE(decoded->outcome.frames, 8000);
    QCOMPARE(decoded->samples[0], 32124);
    QCOMPARE(decoded->samples[1], -32124);
}

void TestAudioDecoder::lengthClaimsAreNotBelieved_data() {
    QTest::addColumn<quint32>("riff");
    QTest::addColumn<quint32>("data");
    QTest::newRow("streamed") << 0xffffffffU << 0xffffffffU;
    QTest::newRow("almost 4 GiB") << 0xfffffff0U << 0xffffffccU;
    QTest::newRow("2 GiB") << 0x7fffffffU << 0x7fffffffU;
    QTest::newRow("nothing") << 0U << 0U;
    QTest::newRow("riff only") << 0U << 32000U;
}

void TestAudioDecoder::lengthClaimsAreNotBelieved() {
    QFETCH(quint32, riff);
    QFETCH(quint32, data);
    const auto source = fixture::noise(16000, 1);
    const QByteArray bytes = fixture::wavHead({8000, 1, 1, 16, riff, data}) + fixture::wav(source, 8000, 1).mid(44);
    QVERIFY(fixture::writeFile(path("claim.wav"), bytes));
    const auto decoded = decode(path("claim.wav"));
    QVERIFY2(decoded.has_value(), decoded ? "" : qPrintable(decoded.error().message + decoded.error().detail));
    QCOMPARE(decoded->outcome.frames, 16000);
    QVERIFY(decoded->samples == source);
    QVERIFY(!decoded->outcome.damagedFrom);
    QVERIFY2(decoded->info.estimatedFrames.value_or(0) <= 16100, "the bar would show hours");
    QVERIFY(decoded->memoryBytes <= PcmStore::kBlockSamples * 2);
}

void TestAudioDecoder::cutWavIsCalledDamaged() {
    const auto source = fixture::noise(16000, 2);
    QVERIFY(fixture::writeFile(path("cut.wav"), fixture::wav(source, 8000, 2).first(44 + 4 * 10000 + 3)));
    const auto decoded = decode(path("cut.wav"));
    QVERIFY(decoded.has_value());
    QCOMPARE(decoded->outcome.frames, 10000);
    QCOMPARE(decoded->outcome.damagedFrom, std::optional<std::int64_t>(10000));
    QVERIFY(!decoded->outcome.soundAfterDamage);
}

void TestAudioDecoder::refusesWhatIsNoRecording_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* name, const QByteArray& bytes, ErrorKind kind) {
        QTest::newRow(name) << bytes << static_cast<int>(kind);
    };
    row("empty", {}, ErrorKind::NotAudio);
    row("one byte", "R", ErrorKind::NotAudio);
    row("web page", "<!DOCTYPE html><html><body>Sign in</body></html>", ErrorKind::NotAudio);
    row("HLS", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", ErrorKind::NotAudio);
    row("ffconcat", "ffconcat version 1.0\nfile '/etc/passwd'\n", ErrorKind::NotAudio);
    row("SMIL", "<smil><body><audio src=\"file:///etc/passwd\"/></body></smil>", ErrorKind::NotAudio);
    row("DASH", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>", ErrorKind::NotAudio);
    row("SDP", "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n", ErrorKind::NotAudio);
    row("picture", QByteArray::fromHex("89504e470d0a1a0a0000000d49484452"), ErrorKind::NotAudio);
    row("RIFF that is video", "RIFF\x10\0\0\0AVI LIST", ErrorKind::NotAudio);
    row("wave without sound", fixture::wavHead({8000, 1, 1, 16, 36 + 8000, 8000}), ErrorKind::Playback);
    row("wave of an unknown kind", fixture::wavHead({8000, 1, 0x4243, 16, 36 + 8000, 8000}) + QByteArray(8000, 'x'),
        ErrorKind::Playback);
    row("absurd rate", fixture::wavHead({2000000000, 1, 1, 16, 36 + 8000, 8000}) + QByteArray(8000, 'x'),
        ErrorKind::Playback);
    row("ftyp and nothing", QByteArray::fromHex("0000001c66747970") + "isom\0\0\2\0isomiso2mp41", ErrorKind::Playback);
    row("OggS and noise", "OggS" + QByteArray(5000, 'z'), ErrorKind::Playback);
    row("fLaC and noise", "fLaC" + QByteArray(5000, 'z'), ErrorKind::Playback);
}

void TestAudioDecoder::refusesWhatIsNoRecording() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, kind);
    QVERIFY(fixture::writeFile(path("odd.wav"), bytes));
    const auto decoded = decode(path("odd.wav"));
    QVERIFY(!decoded.has_value());
    QCOMPARE(errorKindWord(decoded.error().kind), errorKindWord(static_cast<ErrorKind>(kind)));
    QVERIFY(!decoded.error().message.isEmpty());
}

/// Playlists are refused before any other file or host is touched, also where a tag hides them.
void TestAudioDecoder::playlistsLeadNowhere() {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    QVERIFY(::bind(server, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(server, 5) == 0);
    QVERIFY(::getsockname(server, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    QVERIFY(fixture::writeFile(path("target.wav"), fixture::wav(fixture::noise(8000, 1), 8000, 1)));
    const int watch = ::inotify_init1(IN_NONBLOCK);
    QVERIFY(::inotify_add_watch(watch, QFile::encodeName(path("target.wav")).constData(), IN_OPEN) >= 0);

    const QByteArray url = "http://127.0.0.1:" + QByteArray::number(ntohs(address.sin_port)) + "/a.ts";
    const QByteArray target = QFile::encodeName(path("target.wav"));
    const QByteArray tag = "ID3\x04" + QByteArray(6, '\0');
    const std::array<QByteArray, 6> lists{
        QByteArray("#EXTM3U\n#EXTINF:5,\n" + url + "\n#EXTINF:5,\nfile://" + target + "\n#EXT-X-ENDLIST\n"),
        QByteArray("ffconcat version 1.0\nfile '" + target + "'\n"),
        QByteArray("<smil><body><audio src='" + url + "'/><audio src='file://" + target + "'/></body></smil>"),
        QByteArray(tag + "#EXTM3U\n#EXTINF:5,\n" + url + "\n"),
        QByteArray(tag + "ffconcat version 1.0\nfile 'target.wav'\n"),
        QByteArray("RIFF\xff\xff\0\0WAVE#EXTM3U\n" + url + "\n"),
    };
    for (const char* name : {"list.wav", "list.mp3", "list.m3u8", "list.ogg"}) {
        for (const QByteArray& list : lists) {
            QVERIFY(fixture::writeFile(path(name), list));
            QVERIFY(!decode(path(name)).has_value());
        }
    }
    std::array<char, 512> events{};
    QVERIFY2(::read(watch, events.data(), events.size()) < 0, "a file named in a playlist was opened");
    QVERIFY2(::accept(server, nullptr, nullptr) < 0, "a host named in a playlist was contacted");
    ::close(watch);
    ::close(server);
}

void TestAudioDecoder::linksPipesAndFoldersAreNotOpened() {
    QVERIFY(fixture::writeFile(path("real.wav"), fixture::wav(fixture::noise(800, 1), 8000, 1)));
    QVERIFY(QFile::link(path("real.wav"), path("link.wav")));
    QVERIFY(::mkfifo(QFile::encodeName(path("pipe.wav")).constData(), 0600) == 0);
    for (const QString& name : {path("link.wav"), path("pipe.wav"), m_folder.path()}) {
        const auto decoded = decode(name);
        QVERIFY(!decoded.has_value());
        QCOMPARE(decoded.error().kind, ErrorKind::Storage);
    }
    const auto missing = decode(path("missing.wav"));
    QCOMPARE(missing.error().kind, ErrorKind::NotFoundHere);
    QVERIFY(decode(path("real.wav")).has_value());
}

void TestAudioDecoder::stopsWhenAsked() {
    std::stop_source stopped;
    stopped.request_stop();
    const auto never = makeAudioDecoder();
    QCOMPARE(never->open(demo("survey.ogg"), stopped.get_token()).error().kind, ErrorKind::Cancelled);

    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(demo("survey.ogg"), {});
    QVERIFY(info.has_value());
    PcmStore store(info->format, "/nonexistent");
    QCOMPARE(decoder->decodeInto(store, stopped.get_token()).error().kind, ErrorKind::Cancelled);
    QVERIFY(!store.isFinished());
    QVERIFY(store.framesAvailable() < 48000);
}

void TestAudioDecoder::fullDiskKeepsWhatIsThere() {
    const auto source = fixture::noise(PcmStore::kBlockSamples * 2, 1);
    QVERIFY(fixture::writeFile(path("long.wav"), fixture::wav(source, 8000, 1)));
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(path("long.wav"), {});
    QVERIFY(info.has_value());
    PcmStore store(info->format, "/nonexistent", {PcmStore::kBlockSamples * 2, PcmStore::kTotalLimit});
    const auto outcome = decoder->decodeInto(store, {});
    QVERIFY(outcome.has_value());
    QVERIFY(outcome->stoppedBy.has_value());
    QVERIFY(store.isFinished());
    QCOMPARE(outcome->frames, PcmStore::kBlockSamples);
}

void TestAudioDecoder::threeHoursStayBounded() {
    constexpr std::int64_t kFrames = 3LL * 3600 * 8000;
    const QString file = path("hours.wav");
    constexpr auto kBytes = static_cast<std::uint32_t>(kFrames * 4);
    QVERIFY(fixture::writeFile(file, fixture::wavHead({8000, 2, 1, 16, kBytes + 36, kBytes})));
    QVERIFY(QFile::resize(file, 44 + kFrames * 4));  // a hole: no disk is used
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(file, {});
    QVERIFY(info.has_value());
    PcmStore store(info->format, QFile::encodeName(m_folder.path()).toStdString());
    const auto outcome = decoder->decodeInto(store, {});
    QVERIFY(outcome.has_value() && !outcome->stoppedBy);
    QCOMPARE(outcome->frames, kFrames);
    QVERIFY(store.memoryBytes() <= PcmStore::kMemoryLimit);
    QVERIFY(store.spilledBytes() > 200'000'000);
    std::vector<std::int16_t> last(2, 7);
    QCOMPARE(store.read(kFrames - 1, last), 1);
    QCOMPARE(last, std::vector<std::int16_t>(2, 0));
    QVERIFY(QFile::remove(file));
}

void TestAudioDecoder::decodesEveryDemoRecording_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("durationMs");
    const auto calls = QJsonDocument::fromJson(contents(m_demo.filePath(u"../dialogues.json"_s))).array();
    QVERIFY(calls.size() >= 12);
    for (const auto& call : calls) {
        QTest::newRow(qPrintable(call[u"id"_s].toString()))
            << call[u"file"_s].toString() << call[u"duration_ms"_s].toInt();
    }
}

void TestAudioDecoder::decodesEveryDemoRecording() {
    QFETCH(QString, file);
    QFETCH(int, durationMs);
    const auto decoded = decode(m_demo.filePath(u"../"_s + file));
    QVERIFY2(decoded.has_value(), decoded ? "" : qPrintable(decoded.error().message + decoded.error().detail));
    QVERIFY(!decoded->outcome.damagedFrom);
    QCOMPARE(decoded->info.format.channels, 2);
    const double milliseconds = static_cast<double>(decoded->outcome.frames) * 1000 / decoded->info.format.sampleRate;
    QVERIFY2(std::abs(milliseconds - durationMs) <= 1, qPrintable(QString::number(milliseconds)));
    for (const int channel : {0, 1}) {
        double energy = 0;
        for (auto i = static_cast<std::size_t>(channel); i < decoded->samples.size(); i += 2) {
            energy += decoded->samples[i] * double(decoded->samples[i]);
        }
        QVERIFY2(std::sqrt(energy / static_cast<double>(decoded->outcome.frames)) > 300, "a speaker is silent");
    }
}

void TestAudioDecoder::cutFilesPlayWhatExists_data() {
    QTest::addColumn<QString>("file");
    for (const char* file : {"survey.ogg", "upgrade-offer.mp3", "payment-plan.m4a", "escalation.flac", "refund.wav"}) {
        QTest::newRow(file) << QString::fromLatin1(file);
    }
}

void TestAudioDecoder::cutFilesPlayWhatExists() {
    QFETCH(QString, file);
    const QByteArray whole = contents(m_demo.filePath(file));
    const auto original = decode(m_demo.filePath(file));
    QVERIFY(original.has_value());
    QVERIFY(fixture::writeFile(path("cut"), whole.first(whole.size() * 6 / 10)));
    const auto decoded = decode(path("cut"));
    QVERIFY2(decoded.has_value(), decoded ? "" : qPrintable(decoded.error().message + decoded.error().detail));
    const double share = static_cast<double>(decoded->outcome.frames) / static_cast<double>(original->outcome.frames);
    QVERIFY2(share > 0.5 && share < 0.7, qPrintable(QString::number(share)));
    QVERIFY2(decoded->outcome.damagedFrom.has_value(), "the listener must be told that the end is missing");
    QVERIFY(*decoded->outcome.damagedFrom > original->outcome.frames / 2);
}

void TestAudioDecoder::lostOggPageBecomesSilence() {
    const QByteArray whole = contents(demo("survey.ogg"));
    const auto original = decode(demo("survey.ogg"));
    const qsizetype page = whole.indexOf("OggS", whole.size() / 2);
    const qsizetype next = whole.indexOf("OggS", page + 4);
    QVERIFY(page > 0 && next > page);
    QVERIFY(fixture::writeFile(path("hole.ogg"), whole.first(page) + whole.mid(next)));
    const auto decoded = decode(path("hole.ogg"));
    QVERIFY(decoded.has_value());
    QVERIFY2(std::abs(decoded->outcome.frames - original->outcome.frames) < 4800,
             "what comes after the hole has moved");
    QVERIFY(decoded->outcome.damagedFrom.has_value());
    QVERIFY(decoded->outcome.soundAfterDamage);
}

void TestAudioDecoder::unreadableMiddleIsPassed_data() {
    cutFilesPlayWhatExists_data();
}

void TestAudioDecoder::unreadableMiddleIsPassed() {
    QFETCH(QString, file);
    QByteArray bytes = contents(m_demo.filePath(file));
    const auto original = decode(m_demo.filePath(file));
    const qsizetype length = bytes.size() / 50;
    bytes.replace(bytes.size() / 2, length, QByteArray(length, '\x55'));
    QVERIFY(fixture::writeFile(path("middle"), bytes));
    const auto decoded = decode(path("middle"));
    QVERIFY2(decoded.has_value(), decoded ? "" : qPrintable(decoded.error().message + decoded.error().detail));
    const double share = static_cast<double>(decoded->outcome.frames) / static_cast<double>(original->outcome.frames);
    QVERIFY2(share > 0.95 && share < 1.02, qPrintable(QString::number(share)));
}

void TestAudioDecoder::flacBehindTagIsFlac() {
    const QByteArray tag = "ID3\x04" + QByteArray(5, '\0') + QByteArray(1, '\x10') + QByteArray(16, '\0');
    QVERIFY(fixture::writeFile(path("tagged"), tag + contents(demo("escalation.flac"))));
    const auto decoded = decode(path("tagged"));
    QVERIFY2(decoded.has_value(), decoded ? "" : qPrintable(decoded.error().message + decoded.error().detail));
    QCOMPARE(decoded->info.container, u"flac"_s);
}

void TestAudioDecoder::changedBytesNeverCrash_data() {
    cutFilesPlayWhatExists_data();
}

/// A short fuzz run with fixed seeds; EARMARK_FUZZ_ROUNDS makes it longer.
void TestAudioDecoder::changedBytesNeverCrash() {
    QFETCH(QString, file);
    const QByteArray whole = contents(m_demo.filePath(file)).first(40000);
    const int rounds =
        qEnvironmentVariableIsSet("EARMARK_FUZZ_ROUNDS") ? qEnvironmentVariableIntValue("EARMARK_FUZZ_ROUNDS") : 150;
    for (int round = 0; round < rounds; ++round) {
        std::mt19937 random(static_cast<unsigned>(round));
        QByteArray bytes = whole;
        const int changes = round % 3 == 0 ? 3 : 80;
        const auto reach = static_cast<unsigned>(round % 2 == 0 ? 200 : bytes.size());  // the head decides most
        for (int i = 0; i < changes; ++i) {
            bytes[static_cast<qsizetype>(random() % reach)] = static_cast<char>(random());
        }
        QVERIFY(fixture::writeFile(path("fuzz"), bytes));
        const auto decoded = decode(path("fuzz"));
        if (decoded) {
            QVERIFY2(decoded->outcome.frames < 48000LL * 600, qPrintable(u"round %1 made hours of sound"_s.arg(round)));
        } else {
            QVERIFY(!decoded.error().message.isEmpty());
        }
    }
}

QTEST_GUILESS_MAIN(TestAudioDecoder)
#include "tst_audiodecoder.moc"
