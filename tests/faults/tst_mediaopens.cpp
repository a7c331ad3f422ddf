// What a recording's bytes or name point at is never opened and never contacted: the decoder runs under strace with
// playlists, references and tags of every kind. Needs strace and the right to trace.
#include <unistd.h>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

#include "models/audio/audiodecoder.h"
#include "tests/audio/audioencoder.h"
#include "tests/audio/soundfixture.h"
#include "tests/audio/voices.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kMarker = "/earmark-decoding-begins";

/// The traced half: decodes what it is given and says how many played.
int decodeAll(const QStringList& files) {
    (void)::access(kMarker, F_OK);
    int played = 0;
    for (const QString& file : files) {
        const auto decoder = makeAudioDecoder();
        if (const auto info = decoder->open(file, {})) {
            PcmStore store(info->format, "/nonexistent");
            played += decoder->decodeInto(store, {}).has_value() ? 1 : 0;
        }
    }
    std::printf("%d\n", played);
    return 0;
}

QByteArray box(const QByteArray& name, const QByteArray& content) {
    QByteArray size(4, '\0');
    size[2] = static_cast<char>((content.size() + 8) / 256);
    size[3] = static_cast<char>((content.size() + 8) % 256);
    return size + name + content;
}

QByteArray id3(const QByteArray& frame, const QByteArray& content) {
    const auto size = static_cast<char>(content.size());
    return "ID3\x03" + QByteArray(5, '\0') + char(content.size() + 10) + frame + QByteArray(3, '\0') + size +
           QByteArray(2, '\0') + content;
}

}  // namespace

class TestMediaOpens : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void nothingElseIsOpenedOrContacted();

 private:
    void write(const QByteArray& name, const QByteArray& bytes);
    void writePlaylists();
    void writeReferences();
    [[nodiscard]] QByteArray traced(const QStringList& arguments, QByteArray* output) const;

    QTemporaryDir m_folder;
    QStringList m_files;
    QByteArray m_target = "named-by-data";
    QByteArray m_url = "http://127.0.0.1:7799/named-by-data.ts";
};

void TestMediaOpens::write(const QByteArray& name, const QByteArray& bytes) {
    m_files << m_folder.filePath(QString::fromLatin1(name));
    QVERIFY(fixture::writeFile(m_files.back(), bytes));
}

void TestMediaOpens::initTestCase() {
    if (QStandardPaths::findExecutable(u"strace"_s).isEmpty()) {
        QSKIP("strace is not installed");
    }
    QByteArray output;
    if (!traced({u"--decode"_s}, &output).contains(kMarker)) {
        QSKIP("this machine does not allow a program to be traced");
    }
    QVERIFY(
        fixture::writeFile(m_folder.filePath(u"named-by-data.wav"_s), fixture::wav(fixture::noise(8000, 1), 8000, 1)));
    m_target = QFile::encodeName(m_folder.filePath(u"named-by-data.wav"_s));
    writePlaylists();
    writeReferences();
}

void TestMediaOpens::writePlaylists() {
    const QByteArray file = "file://" + m_target;
    const QList<QByteArray> lists{
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:5,\n" + m_url + "\n#EXTINF:5,\n" + file + "\n#EXTINF:5,\n" + m_target +
            "\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"" + file + "\"\n#EXT-X-MAP:URI=\"" + m_url +
            "\"\n#EXTINF:5,\nnamed-by-data.wav\n",
        "ffconcat version 1.0\nfile '" + m_target + "'\nfile 'named-by-data.wav'\n",
        "<smil><body><audio src='" + m_url + "'/><audio src='" + file + "'/></body></smil>",
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><BaseURL>" + m_url +
            "</BaseURL><Period><AdaptationSet><Representation id=\"1\"><BaseURL>" + file +
            "</BaseURL></Representation></AdaptationSet></Period></MPD>",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 7799 RTP/AVP 0\n",
        "[playlist]\nFile1=" + m_url + "\nFile2=" + file + "\nNumberOfEntries=2\n",
        "<asx version=\"3.0\"><entry><ref href=\"" + m_url + "\"/></entry></asx>",
        "[Reference]\nRef1=" + m_url + "\n",
        "SMIL_REDIRECT " + m_url,
    };
    const QByteArray tag = "ID3\x04" + QByteArray(6, '\0');
    int number = 0;
    for (const QByteArray& list : lists) {
        for (const char* suffix : {"wav", "mp3"}) {
            write(QString(u"list%1.%2"_s.arg(++number).arg(QLatin1StringView(suffix))).toLatin1(), list);
        }
        write(QString(u"tagged%1.mp3"_s.arg(number)).toLatin1(), tag + list);
        write(QString(u"riff%1.wav"_s.arg(number)).toLatin1(), "RIFF\xff\xff" + QByteArray(2, '\0') + "WAVE" + list);
        write(QString(u"type%1.m4a"_s.arg(number)).toLatin1(), box("ftyp", "isom" + QByteArray(4, '\0')) + list);
        write(QString(u"page%1.ogg"_s.arg(number)).toLatin1(), "OggS" + list);
    }
}

/// Real recordings whose containers can point elsewhere.
void TestMediaOpens::writeReferences() {
    const fixture::Voices voices = fixture::demoVoices();
    for (const fixture::AudioForm& form : fixture::audioForms()) {
        const QString file = m_folder.filePath(u"made"_s);
        QCOMPARE(fixture::encode(form, voices.at(form.rate).samples(form.channels), file), QString());
        QFile made(file);
        QVERIFY(made.open(QIODevice::ReadOnly));
        const QByteArray bytes = made.readAll();
        const QByteArray name = QByteArray(form.name).replace(' ', '-') + '.';
        write(name + form.suffix, bytes);
        if (QByteArray(form.suffix) == "mp3") {
            write(name + "picture.mp3",
                  id3("APIC", QByteArray(1, '\0') + "-->" + QByteArray(1, '\0') + '\3' + QByteArray(1, '\0') + m_url) +
                      bytes);
            write(name + "link.mp3", id3("WXXX", QByteArray(2, '\0') + m_url) + bytes);
        } else if (bytes.contains("dref")) {
            // The samples are said to lie in another file: "alis" and "url " that are not this file.
            const qsizetype at = bytes.indexOf("dref") + 12;
            QVERIFY(bytes.mid(at + 4, 4) == "url ");
            write(name + "elsewhere.m4a",
                  QByteArray(bytes).replace(at + 4, 4, "alis").replace(at + 11, 1, QByteArray(1, '\0')));
            write(name + "url.m4a", QByteArray(bytes).replace(at + 11, 1, QByteArray(1, '\0')));
        }
    }
    write("img%03d.wav", QByteArray("P5\n2 2\n255\n1234"));
    write("img001.wav", fixture::wav(fixture::noise(8000, 1), 8000, 1));
    const QString target = QString::fromLocal8Bit(m_target);
    m_files << m_folder.filePath(u"img%03d.wav"_s) << u"concat:"_s + target << u"file://"_s + target
            << u"file:"_s + target << u"subfile,,start,0,end,0,,:"_s + target << u"async:"_s + target
            << u"cache:"_s + target << QString::fromLatin1(m_url) << u"tcp://127.0.0.1:7799"_s
            << u"udp://127.0.0.1:7799"_s << u"rtp://127.0.0.1:7799"_s << u"data:audio/wav;base64,UklGRg=="_s
            << u"qrc:/named-by-data"_s << u"javascript:1"_s << u"smb://127.0.0.1/named-by-data"_s
            << u"\\\\127.0.0.1\\named-by-data"_s;
}

QByteArray TestMediaOpens::traced(const QStringList& arguments, QByteArray* output) const {
    const QString log = m_folder.filePath(u"trace"_s);
    QProcess strace;
    // The leak sanitizer traces, too, and cannot do so under strace.
    strace.start(u"strace"_s, QStringList{u"-E"_s, u"ASAN_OPTIONS=exitcode=97:detect_leaks=0"_s, u"-f"_s, u"-s"_s,
                                          u"4096"_s, u"-e"_s, u"trace=%file,%network"_s, u"-o"_s, log,
                                          QCoreApplication::applicationFilePath()} +
                                  arguments);
    if (!strace.waitForFinished(60000)) {
        strace.kill();
        strace.waitForFinished();
    }
    *output = strace.readAllStandardOutput();
    QFile file(log);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestMediaOpens::nothingElseIsOpenedOrContacted() {
    QByteArray output;
    const QByteArray trace = traced(QStringList{u"--decode"_s} + m_files, &output);
    const qsizetype begin = trace.indexOf(kMarker);
    QVERIFY(begin > 0);
    QVERIFY2(output.trimmed().toInt() >= static_cast<int>(fixture::audioForms().size()), "the sound ones must play");
    int opens = 0;
    for (const QByteArray& line : trace.mid(begin).split('\n')) {
        QVERIFY2(!line.contains("connect(") && !line.contains("sendto(") && !line.contains("socket("),
                 line.constData());
        if (!line.contains("open") && !line.contains("stat") && !line.contains("access(")) {
            continue;
        }
        const qsizetype from = line.indexOf('"') + 1;
        QByteArray name = line.mid(from, line.indexOf('"', from) - from);
        if (from <= 0 || line.contains("exit_group")) {
            continue;
        }
        // What the listener's own program asks for by that very name is no other file; all else must be libraries.
        if (m_files.contains(QString::fromLocal8Bit(name.replace("\\\\", "\\")))) {
            ++opens;
            continue;
        }
        QVERIFY2(!name.contains("named-by-data") && !name.contains("img"), line.constData());
    }
    QVERIFY2(opens >= m_files.size() - 2, qPrintable(u"%1 of %2 were tried"_s.arg(opens).arg(m_files.size())));
    qInfo() << m_files.size() << "files and names," << output.trimmed() << "played, 0 other opens, 0 connects";
}

int main(int count, char** arguments) {
    if (count > 1 && qstrcmp(arguments[1], "--decode") == 0) {
        QStringList files;
        for (int i = 2; i < count; ++i) {
            files << QString::fromLocal8Bit(arguments[i]);
        }
        return decodeAll(files);
    }
    QCoreApplication application(count, arguments);
    TestMediaOpens test;
    return QTest::qExec(&test, count, arguments);
}

#include "tst_mediaopens.moc"
