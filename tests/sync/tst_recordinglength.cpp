// Does a file that came without an announced length end where it should? Every form that can be made here, whole and
// cut everywhere; the demo's and the shared recordings.
#include <fcntl.h>
#include <unistd.h>

#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>
#include <random>

#include "models/containers/recordinglength.h"
#include "models/sync/recordingfile.h"
#include "tests/audio/audioencoder.h"
#include "tests/audio/soundfixture.h"
#include "tests/audio/voices.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

LengthProof proof(const QString& path) {
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    const LengthProof found = provenLength(file, audioContainer(contents(path).left(512)));
    ::close(file);
    return found;
}

/// As a download without an announced length leaves it.
Result<FetchedRecording> fetched(const QString& folder, const QByteArray& bytes, qint64 announced = -1) {
    auto part = PartFile::create(folder, u"stem"_s);
    if (!part) {
        return failure(part.error());
    }
    if (const Done written = (*part)->write(bytes); !written) {
        return failure(written.error());
    }
    return (*part)->finish(announced);
}

}  // namespace

class TestRecordingLength : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyForm_data();
    void everyForm();
    void heads_data();
    void heads();
    void demoAndSharedRecordings();
    void changedBytesAreBounded();

 private:
    [[nodiscard]] QByteArray made(const fixture::AudioForm& form) const;

    QTemporaryDir m_folder;
    const fixture::Voices m_voices = fixture::demoVoices();
};

QByteArray TestRecordingLength::made(const fixture::AudioForm& form) const {
    const QString path = m_folder.filePath(u"made"_s);
    const QString trouble = fixture::encode(form, m_voices.at(form.rate).samples(form.channels), path);
    return trouble.isEmpty() ? contents(path) : QByteArray();
}

void TestRecordingLength::everyForm_data() {
    QTest::addColumn<int>("index");
    QTest::addColumn<bool>("tellsLength");
    int index = 0;
    for (const fixture::AudioForm& form : fixture::audioForms()) {
        // MPEG frames without a head in front: the file ends where the frames end, and that is all there is to know.
        QTest::newRow(form.name) << index++ << (QByteArray(form.name) != "mp2");
    }
}

void TestRecordingLength::everyForm() {
    QFETCH(int, index);
    QFETCH(bool, tellsLength);
    const QByteArray whole = made(fixture::audioForms()[static_cast<std::size_t>(index)]);
    QVERIFY(whole.size() > 2000);
    const QString folder = m_folder.filePath(u"cache"_s);
    const auto kept = fetched(folder, whole);
    QVERIFY2(kept.has_value(), "a whole file must be kept");
    QCOMPARE(kept->lengthUnknown, !tellsLength);
    int cuts = 0;
    int unknown = 0;
    for (qsizetype size = 600; size < whole.size(); size += std::max<qsizetype>(1, whole.size() / 97), ++cuts) {
        const auto cut = fetched(folder, whole.first(size));
        if (cut) {
            QVERIFY2(cut->lengthUnknown, qPrintable(u"%1 of %2 bytes pass as whole"_s.arg(size).arg(whole.size())));
            ++unknown;
        } else {
            QCOMPARE(cut.error().kind, ErrorKind::BadAnswer);
            QCOMPARE(cut.error().message, u"The recording broke off."_s);
        }
    }
    QVERIFY2(!fetched(folder, whole.chopped(1)).has_value(), "one byte is missing");
    QVERIFY2(unknown <= cuts / 50 + (tellsLength ? 0 : 2), qPrintable(u"%1 of %2"_s.arg(unknown).arg(cuts)));
    // An announced length is believed: then the storage itself has a cut file, and what exists can be heard.
    const auto announced = fetched(folder, whole.first(whole.size() / 2), whole.size() / 2);
    QVERIFY(announced.has_value());
    QVERIFY2(announced->endMissing || !tellsLength, "a cut file of the storage is said to be one");
    QVERIFY(!kept->endMissing);
    QVERIFY(!fetched(folder, whole.first(whole.size() / 2), whole.size()).has_value());
}

void TestRecordingLength::heads_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("expected");
    const auto row = [](const char* name, const QByteArray& bytes, LengthProof expected) {
        QTest::newRow(name) << bytes << static_cast<int>(expected);
    };
    const QByteArray sound(8000, 'x');
    row("both sizes unknown", fixture::wavHead({8000, 1, 1, 16, 0xffffffff, 0xffffffff}) + sound, LengthProof::Unknown);
    row("both sizes 0", fixture::wavHead({8000, 1, 1, 16, 0, 0}) + sound, LengthProof::Unknown);
    row("size 0, data told", fixture::wavHead({8000, 1, 1, 16, 0, 8000}) + sound, LengthProof::Whole);
    row("size 0, data cut", fixture::wavHead({8000, 1, 1, 16, 0, 8002}) + sound, LengthProof::Cut);
    QByteArray large = "RF64" + QByteArray(4, '\xff') + "WAVEds64" + QByteArray::fromHex("1c000000");
    large += QByteArray::fromHex("681f000000000000") + QByteArray::fromHex("401f000000000000") + QByteArray(12, '\0');
    large += fixture::wavHead({8000, 1, 1, 16, 0, 0xffffffff}).mid(12) + sound;
    row("64 bit sizes", large, LengthProof::Whole);
    row("64 bit sizes, cut", large.chopped(2), LengthProof::Cut);
    const QByteArray type = QByteArray::fromHex("0000001066747970") + "isom" + QByteArray(4, '\0');
    const auto box = [](const char* name, int size) -> QByteArray {
        return QByteArray(2, '\0') + char(size / 256) + char(size % 256) + name + QByteArray(size - 8, 'b');
    };
    row("mp4 without sound", type + box("moov", 100), LengthProof::Cut);
    row("mp4 without head", type + box("mdat", 1000), LengthProof::Cut);
    row("mp4", type + box("mdat", 1000) + box("moov", 100), LengthProof::Whole);
    row("mp4 in pieces", type + box("moov", 100) + box("moof", 60) + box("mdat", 1000), LengthProof::Unknown);
    row("mp4 to the end", type + box("moov", 100) + QByteArray(4, '\0') + "mdat" + sound, LengthProof::Unknown);
    row("tag alone", "ID3\x04" + QByteArray(4, '\0') + "\x20\x20" + QByteArray(900, 'x'), LengthProof::Cut);
}

void TestRecordingLength::heads() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, expected);
    QVERIFY(fixture::writeFile(m_folder.filePath(u"head"_s), bytes));
    QCOMPARE(static_cast<int>(proof(m_folder.filePath(u"head"_s))), expected);
}

/// Recordings of other programs' making: none that is whole is called cut.
void TestRecordingLength::demoAndSharedRecordings() {
    int files = 0;
    for (const QString& folder : QStringList{QString::fromUtf8(EARMARK_SOURCE_DIR) + u"/resources/demo/recordings"_s,
                                             QString::fromUtf8(EARMARK_SHARED_DIR) + u"/data/audio"_s}) {
        for (const QFileInfo& file : QDir(folder).entryInfoList(QDir::Files)) {
            QVERIFY2(proof(file.filePath()) == LengthProof::Whole, qPrintable(file.fileName()));
            ++files;
        }
    }
    qInfo() << files << "recordings";
    const QDir edge(QString::fromUtf8(EARMARK_SHARED_DIR) + u"/data/audio/edge"_s);
    if (!edge.exists()) {
        QSKIP("the shared call recordings are not on this machine: only the demo's were looked at");
    }
    for (const char* name : {"truncated.wav", "truncated.mp3", "header_only.wav"}) {
        QVERIFY2(proof(edge.filePath(QLatin1StringView(name))) == LengthProof::Cut, name);
    }
    for (const char* name : {"data_size_ffffffff.wav", "riff_size_zero.wav", "vbr_no_xing.mp3", "id3_unicode.mp3",
                             "long_10min.mp3", "mp3_named.wav", "wav_named.mp3", "one_channel_silent.wav"}) {
        QVERIFY2(proof(edge.filePath(QLatin1StringView(name))) != LengthProof::Cut, name);
    }
}

void TestRecordingLength::changedBytesAreBounded() {
    for (const fixture::AudioForm& form : fixture::audioForms()) {
        const QByteArray whole = made(form);
        for (unsigned round = 0; round < 40; ++round) {
            std::mt19937 random(round);
            QByteArray bytes = whole;
            const auto reach = static_cast<unsigned>(round % 2 == 0 ? 100 : bytes.size());
            for (int i = 0; i < 20; ++i) {
                bytes[static_cast<qsizetype>(random() % reach)] = static_cast<char>(random());
            }
            QVERIFY(fixture::writeFile(m_folder.filePath(u"changed"_s), bytes));
            (void)proof(m_folder.filePath(u"changed"_s));
        }
    }
}

QTEST_GUILESS_MAIN(TestRecordingLength)
#include "tst_recordinglength.moc"
