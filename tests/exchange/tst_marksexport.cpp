// Marks as files for other programs: read back by a reader of each format that was written after its specification, not
// after our writer; and the file itself: whole, private, never over another one.
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <optional>

#include "models/exchange/exportfile.h"
#include "models/exchange/marksexport.h"
#include "tests/support/smalldisk.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

struct Label {
    milliseconds begin{};
    milliseconds end{};
    QString text;

    friend bool operator==(const Label&, const Label&) = default;
};

/// As Audacity reads a label track: lines of two times and a text, apart by tabs; nullopt: it would refuse a line.
std::optional<std::vector<Label>> readAudacity(const QByteArray& file) {
    if (QString::fromUtf8(file).contains(QChar::ReplacementCharacter)) {
        return std::nullopt;
    }
    static const QRegularExpression line(u"^(\\d+\\.\\d{6})\t(\\d+\\.\\d{6})\t([^\t]*)$"_s);
    std::vector<Label> labels;
    QStringList lines = QString::fromUtf8(file).split(u'\n');
    if (!lines.isEmpty() && lines.takeLast() != QString()) {
        return std::nullopt;  // the last line has an end too
    }
    for (const QString& one : lines) {
        const auto match = line.match(one);
        if (!match.hasMatch()) {
            return std::nullopt;
        }
        labels.push_back({milliseconds(qRound64(match.captured(1).toDouble() * 1000)),
                          milliseconds(qRound64(match.captured(2).toDouble() * 1000)), match.captured(3)});
    }
    return labels;
}

std::optional<milliseconds> readVttTime(const QString& text) {
    static const QRegularExpression time(u"^(?:(\\d{2,}):)?([0-5]\\d):([0-5]\\d)\\.(\\d{3})$"_s);
    const auto match = time.match(text);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    return milliseconds(
        ((match.captured(1).toLongLong() * 60 + match.captured(2).toLongLong()) * 60 + match.captured(3).toLongLong()) *
            1000 +
        match.captured(4).toLongLong());
}

/// As the WebVTT parser of the specification walks: blocks apart by blank lines, an arrow makes a cue of a block.
std::optional<std::vector<Label>> readVtt(const QByteArray& file) {
    const QString text = QString::fromUtf8(file);
    if (!text.startsWith(u"WEBVTT\n"_s) || text.contains(QChar(0))) {
        return std::nullopt;
    }
    std::vector<Label> cues;
    QStringList blocks = text.mid(7).split(QRegularExpression(u"\n{2,}|\r"_s), Qt::SkipEmptyParts);
    milliseconds before{};
    for (QString& block : blocks) {
        QStringList lines = block.split(u'\n', Qt::SkipEmptyParts);
        if (lines.size() > 1 && !lines[0].contains(u"-->"_s)) {
            lines.removeFirst();  // the cue's name
        }
        if (lines.isEmpty() || lines.size() != 2) {
            return std::nullopt;
        }
        const QStringList times = lines[0].split(u" --> "_s);
        const auto begin = readVttTime(times.value(0));
        const auto end = readVttTime(times.value(1));
        if (!begin || !end || *end <= *begin || *begin < before || lines[1].contains(u"-->"_s) ||
            lines[1].contains(u'<')) {
            return std::nullopt;
        }
        before = *begin;
        QString said = lines[1];
        said.replace(u"&lt;"_s, u"<"_s).replace(u"&gt;"_s, u">"_s).replace(u"&amp;"_s, u"&"_s);
        cues.push_back({*begin, *end, said});
    }
    return cues;
}

CallMark markOf(qint64 at, const QString& text, const QString& kind = {}) {
    return {u"id"_s, {u"main"_s, u"call"_s}, milliseconds(at), text, kind, {}};
}

}  // namespace

class MarksExportTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void literalFiles() {
        const CallMarks marks{markOf(3'723'007, u"Says <price> & \"ends\" --> here"_s, u"compliance"_s),
                              markOf(700, u"greets"_s), markOf(1'000, {})};
        QCOMPARE(marksText(marks, MarksFormat::AudacityLabels),
                 "0.700000\t0.700000\tgreets\n1.000000\t1.000000\tMark 2\n"
                 "3723.007000\t3723.007000\t[compliance] Says <price> & \"ends\" --> here\n"_ba);
        QCOMPARE(marksText(marks, MarksFormat::WebVtt),
                 "WEBVTT\n\n1\n00:00:00.700 --> 00:00:02.700\ngreets\n\n2\n00:00:01.000 --> 00:00:03.000\nMark 2\n\n3\n"
                 "01:02:03.007 --> 01:02:05.007\n[compliance] Says &lt;price&gt; &amp; \"ends\" --&gt; here\n"_ba);
        QCOMPARE(marksText({}, MarksFormat::WebVtt), "WEBVTT\n"_ba);
        QCOMPARE(marksText({}, MarksFormat::AudacityLabels), QByteArray());
    }

    void readBackWhatWasWritten_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("read");
        QTest::newRow("plain") << u"hello"_s << u"hello"_s;
        QTest::newRow("entities") << u"&lt; &amp; <b>x</b> & -->"_s << u"&lt; &amp; <b>x</b> & -->"_s;
        QTest::newRow("what ends a line")
            << u"a\tb\nc\r\nd\u2028e\u2029f"_s + QChar(0) + u"g\u0085h"_s << u"a b c  d e f g h"_s;
        QTest::newRow("a cue of its own")
            << u"x\n\n5\n00:00:01.000 --> 00:00:02.000\ny"_s << u"x  5 00:00:01.000 --> 00:00:02.000 y"_s;
        QTest::newRow("right to left") << u"שלום \u202e עולם"_s << u"שלום \u202e עולם"_s;
        QTest::newRow("beyond the plane") << u"\U0001F600 good"_s << u"\U0001F600 good"_s;
        QTest::newRow("NOTE") << u"NOTE this"_s << u"NOTE this"_s;
        QTest::newRow("long") << QString(100'000, u'w') << QString(100'000, u'w');
    }
    void readBackWhatWasWritten() {
        QFETCH(QString, text);
        QFETCH(QString, read);
        const CallMarks marks{markOf(0, text), markOf(59'999, text), markOf(360'000'001, text)};
        const auto labels = readAudacity(marksText(marks, MarksFormat::AudacityLabels));
        QVERIFY(labels);
        QCOMPARE(labels->size(), size_t(3));
        const auto cues = readVtt(marksText(marks, MarksFormat::WebVtt));
        QVERIFY(cues);
        QCOMPARE(cues->size(), size_t(3));
        for (size_t i = 0; i < 3; ++i) {
            QCOMPARE((*labels)[i], (Label{marks[i].at, marks[i].at, read}));
            QCOMPARE((*cues)[i], (Label{marks[i].at, marks[i].at + milliseconds(2000), read}));
        }
    }

    void anyTextInAnyLocale() {
        QLocale::setDefault(QLocale(QLocale::German));  // a decimal comma would break every reader
        QRandomGenerator random(3);
        for (int round = 0; round < 300; ++round) {
            CallMarks marks;
            for (int i = 0; i < 4; ++i) {
                QString text;
                for (int c = 0; c < 12; ++c) {
                    const int which = random.bounded(4);
                    text += which == 0   ? QChar(random.bounded(0x20))
                            : which == 1 ? u"<>&-\t\n"_s.at(random.bounded(6))
                                         : QChar(random.bounded(0x20, 0xd800));
                }
                marks.push_back(markOf(random.bounded(100'000'000), text, round % 2 == 0 ? text.left(3) : QString()));
            }
            const auto labels = readAudacity(marksText(marks, MarksFormat::AudacityLabels));
            const auto cues = readVtt(marksText(marks, MarksFormat::WebVtt));
            QVERIFY(labels && labels->size() == 4);
            QVERIFY2(cues && cues->size() == 4, marksText(marks, MarksFormat::WebVtt).constData());
        }
        QLocale::setDefault(QLocale::c());
    }

    void writesWholePrivateFiles() {
        const QString name = m_folder->filePath(u"märks.txt"_s);
        const mode_t before = ::umask(0);
        QVERIFY(writeExport(name, "first"_ba, WhenThere::Refuse));
        ::umask(before);
        QCOMPARE(bytesOf(name), "first"_ba);
        QCOMPARE(
            QFile::permissions(name) & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
            QFile::Permissions());
        QCOMPARE(names(), QStringList{u"märks.txt"_s});  // nothing is left aside
    }

    void neverOverAnotherUnlessTold() {
        const QString name = m_folder->filePath(u"marks.txt"_s);
        QVERIFY(writeExport(name, "first"_ba, WhenThere::Refuse));
        const auto refused = writeExport(name, "second"_ba, WhenThere::Refuse);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QCOMPARE(bytesOf(name), "first"_ba);
        QVERIFY(writeExport(name, "second"_ba, WhenThere::Replace));
        QCOMPARE(bytesOf(name), "second"_ba);
        // A link: neither followed nor written through.
        const QString other = m_folder->filePath(u"other"_s);
        QVERIFY(writeExport(other, "precious"_ba, WhenThere::Refuse));
        const QString link = m_folder->filePath(u"link.txt"_s);
        QVERIFY(QFile::link(other, link));
        QVERIFY(!writeExport(link, "x"_ba, WhenThere::Refuse));
        QVERIFY(writeExport(link, "x"_ba, WhenThere::Replace));
        QCOMPARE(bytesOf(other), "precious"_ba);
        QVERIFY(!QFileInfo(link).isSymLink());
        // A folder of that name is never replaced.
        QVERIFY(QDir(m_folder->path()).mkdir(u"folder"_s));
        QVERIFY(!writeExport(m_folder->filePath(u"folder"_s), "x"_ba, WhenThere::Replace));
        QVERIFY(!writeExport(m_folder->filePath(u"folder"_s), "x"_ba, WhenThere::Refuse));
        QCOMPARE(names(), (QStringList{u"folder"_s, u"link.txt"_s, u"marks.txt"_s, u"other"_s}));
    }

    void saysWhyItCannot() {
        QCOMPARE(writeExport(m_folder->filePath(u"no/such/folder.txt"_s), "x"_ba, WhenThere::Refuse).error().kind,
                 ErrorKind::Storage);
        const test::SmallDisk disk(m_folder->path(), "size=64k,mode=700");
        if (!disk.mounted()) {
            QSKIP("mounting a small tmpfs is not permitted here");
        }
        const QString name = m_folder->filePath(u"marks.txt"_s);
        QVERIFY(writeExport(name, "first"_ba, WhenThere::Refuse));
        const auto full = writeExport(name, QByteArray(200'000, 'x'), WhenThere::Replace);
        QVERIFY(!full);
        QCOMPARE(full.error().kind, ErrorKind::DiskFull);
        QCOMPARE(bytesOf(name), "first"_ba);
        QCOMPARE(names(), QStringList{u"marks.txt"_s});
    }

 private:
    static QByteArray bytesOf(const QString& name) {
        QFile file(name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QStringList names() const {
        return QDir(m_folder->path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(MarksExportTest)
#include "tst_marksexport.moc"
