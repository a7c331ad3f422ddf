// The file target: what a record looks like, which file it goes to, and what becomes of files that others touched.
#include <sys/stat.h>

#include <QTest>

#include "tests/targets/reviewfolder.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(earmark::ExportFormat)

namespace {

void write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

mode_t modeOf(const QString& path) {
    struct stat info {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode & 07777 : 0;
}

}  // namespace

class TestFileTarget final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { m_folder = std::make_unique<ReviewFolder>(); }
    void cells_data();
    void cells();
    void csvRecord();
    void jsonLine();
    void fileIsNamedAfterTheEdit();
    void formatOfTheFirstAttemptStays();
    void appendsAndRepeats_data();
    void appendsAndRepeats();
    void folderIsMadeInsideItsParentOnly();
    void modes();
    void linksAndFoldersAreNotWrittenTo();
    void changedByOthers_data();
    void changedByOthers();
    void testAsksOnly();
    void folders_data();
    void folders();

 private:
    static constexpr auto kFile = "earmark-main-2026-04.csv";
    FileDialect m_dialect;
    std::unique_ptr<ReviewFolder> m_folder;
};

void TestFileTarget::cells_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("cell");
    QTest::newRow("plain") << u"CALLBACK"_s << "CALLBACK"_ba;
    QTest::newRow("empty") << QString() << QByteArray();
    QTest::newRow("comma") << u"a,b"_s << "\"a,b\""_ba;
    QTest::newRow("quotes") << u"say \"no\""_s << "\"say \"\"no\"\"\""_ba;
    QTest::newRow("lines") << u"a\r\nb"_s << "\"a\r\nb\""_ba;
    QTest::newRow("number") << u"+15550100123"_s << "+15550100123"_ba;
    QTest::newRow("formula") << u"=1+1"_s << "'=1+1"_ba;
    QTest::newRow("command") << u"=cmd|' /C calc'!A0"_s << "'=cmd|' /C calc'!A0"_ba;
    QTest::newRow("sum") << u"+1+1"_s << "'+1+1"_ba;
    QTest::newRow("number with dashes") << u"+1-555-0100"_s << "'+1-555-0100"_ba;
    QTest::newRow("plus alone") << u"+"_s << "'+"_ba;
    QTest::newRow("minus") << u"-2"_s << "'-2"_ba;
    QTest::newRow("at") << u"@SUM(A1)"_s << "'@SUM(A1)"_ba;
    QTest::newRow("behind blanks") << u"  =1"_s << "'  =1"_ba;
    QTest::newRow("behind a hard blank") << u"\u00a0=1"_s << "'\u00a0=1"_ba;
    QTest::newRow("behind a mark") << u"\ufeff=1"_s << "'\ufeff=1"_ba;
    QTest::newRow("behind a tab") << u"\t=1"_s << "'\t=1"_ba;
    QTest::newRow("behind a line") << u"\n=1"_s << "\"'\n=1\""_ba;
    QTest::newRow("wide") << u"\uff1d1"_s << "'\uff1d1"_ba;
    QTest::newRow("blanks") << u" a "_s << "\" a \""_ba;
    QTest::newRow("within") << u"a=b"_s << "a=b"_ba;
    QTest::newRow("nothing") << (u"a"_s + QChar(u'\0') + u"b"_s) << "a\u2400b"_ba;
}

void TestFileTarget::cells() {
    QFETCH(QString, text);
    QFETCH(QByteArray, cell);
    QCOMPARE(csvCell(text), cell);
}

void TestFileTarget::csvRecord() {
    OutgoingReview review =
        reviewOf({{ReviewField::Disposition, u"OLD"_s, std::nullopt}, {ReviewField::Notes, {}, u"a, \"b\""_s}});
    review.campaignId = u"31"_s;
    QCOMPARE(m_dialect.compose(m_folder->account(ExportFormat::Csv), review).value(),
             "0b5f3a52-6d0e-4f0a-9c3f-3d8a52c1e7aa,main,autocalls,510001,31,3,2026-04-18T14:37:20.125Z,"
             "disposition notes,OLD,,,\"a, \"\"b\"\"\"\r\n"_ba);
    QCOMPARE(reviewCsvHeader().count(','), 11);
}

void TestFileTarget::jsonLine() {
    const OutgoingReview review = reviewOf({{ReviewField::Notes, {}, u"a\nb\u2028c"_s}});
    const Account here = m_folder->account(ExportFormat::JsonLines);
    const QByteArray line = m_dialect.compose(here, review).value();
    QCOMPARE(line, reviewJson(here, review) + '\n');
    QCOMPARE(line.count('\n'), 1);
}

/// A repeat in the next month must meet its first attempt.
void TestFileTarget::fileIsNamedAfterTheEdit() {
    const Account here = m_folder->account(ExportFormat::Csv);
    const OutgoingReview review = reviewOf({{ReviewField::Notes, {}, u"x"_s}});
    for (const auto days : {0, 40, 400}) {
        const auto steps = m_dialect.push(here, review, "x"_ba, {}, true, kEditedAt + std::chrono::days(days));
        QCOMPARE(std::get<FileStep>(steps->first()).file, QString::fromLatin1(kFile));
    }
}

void TestFileTarget::formatOfTheFirstAttemptStays() {
    const OutgoingReview review = reviewOf({{ReviewField::Notes, {}, u"x"_s}});
    const QByteArray frozen = m_dialect.compose(m_folder->account(ExportFormat::Csv), review).value();
    const auto steps = m_dialect.push(m_folder->account(ExportFormat::JsonLines), review, frozen, {}, true, kEditedAt);
    QCOMPARE(std::get<FileStep>(steps->first()).file, QString::fromLatin1(kFile));
    QCOMPARE(std::get<FileStep>(steps->first()).format, ExportFormat::Csv);
}

void TestFileTarget::appendsAndRepeats_data() {
    QTest::addColumn<ExportFormat>("format");
    QTest::newRow("csv") << ExportFormat::Csv;
    QTest::newRow("jsonl") << ExportFormat::JsonLines;
}

void TestFileTarget::appendsAndRepeats() {
    QFETCH(ExportFormat, format);
    std::vector<FileStep> steps;
    for (int i = 0; i < 5; ++i) {
        steps.push_back(m_folder->step(i, format));
        for (int attempt = 0; attempt < 3; ++attempt) {
            const StepAnswer answer = appendDurably(steps[size_t(i / 2)], kEditedAt);
            QVERIFY(!answer.error);
            QVERIFY(!appendDurably(steps.back(), kEditedAt).error);
            QCOMPARE(answer.place, steps.back().file);
        }
        QCOMPARE(m_folder->whatIsWrong(steps), QString());
    }
}

void TestFileTarget::folderIsMadeInsideItsParentOnly() {
    const Account gone = ReviewFolder::accountFor(m_folder->beside(u"gone/reviews"_s), ExportFormat::Csv);
    const StepAnswer answer = appendDurably(ReviewFolder::stepFor(gone, 1), kEditedAt);
    QCOMPARE(answer.error->kind, ErrorKind::NotFoundHere);
    QVERIFY(!QFileInfo::exists(m_folder->beside(u"gone"_s)));
    const auto steps = m_dialect.push(gone, reviewOf({}), "x"_ba, {}, false, kEditedAt);
    (void)steps->first();
    const PushVerdict verdict = verdictOf(steps->next(answer));
    QCOMPARE(verdict.end, PushEnd::Waiting);
    QVERIFY2(verdict.reason.contains(u"gone/reviews"_s), qPrintable(verdict.reason));
}

void TestFileTarget::modes() {
    const mode_t before = ::umask(0);
    const StepAnswer answer = appendDurably(m_folder->step(1, ExportFormat::Csv), kEditedAt);
    ::umask(before);
    QVERIFY(!answer.error);
    QCOMPARE(modeOf(m_folder->folder()), mode_t(0700));
    QCOMPARE(modeOf(m_folder->path(answer.place)), mode_t(0600));
    QCOMPARE(modeOf(m_folder->path(manifestName(answer.place))), mode_t(0600));
}

void TestFileTarget::linksAndFoldersAreNotWrittenTo() {
    QVERIFY(QDir().mkpath(m_folder->folder()));
    const FileStep one = m_folder->step(1, ExportFormat::Csv);
    const QString elsewhere = m_folder->beside(u"elsewhere"_s);
    for (const QString& name : {one.file, manifestName(one.file)}) {
        write(elsewhere, "precious"_ba);
        QFile::remove(m_folder->path(name));
        QVERIFY(QFile::link(elsewhere, m_folder->path(name)));
        QCOMPARE(appendDurably(one, kEditedAt).error->kind, ErrorKind::Storage);
        QCOMPARE(contentOf(elsewhere), "precious"_ba);
        QVERIFY(QFile::remove(m_folder->path(name)));
        QVERIFY(QDir().mkpath(m_folder->path(name)));
        QCOMPARE(appendDurably(one, kEditedAt).error->kind, ErrorKind::Storage);
        QVERIFY(QDir().rmdir(m_folder->path(name)));
    }
    QVERIFY(!appendDurably(one, kEditedAt).error);
}

void TestFileTarget::changedByOthers_data() {
    QTest::addColumn<QByteArray>("instead");
    const QByteArray header = reviewCsvHeader();
    QTest::newRow("a line more") << "(as it was)my own remark\r\n"_ba;
    QTest::newRow("an unfinished line more") << "(as it was)my own remark"_ba;
    QTest::newRow("an unfinished quote more") << "(as it was)my own \"remark\r\n"_ba;
    QTest::newRow("saved with other line ends") << header.chopped(2) + "\n1,2,3\n";
    QTest::newRow("another text") << "nothing of ours"_ba;
    QTest::newRow("emptied") << QByteArray();
}

/// What others wrote is kept byte for byte, and what was sent is not sent again.
void TestFileTarget::changedByOthers() {
    QFETCH(QByteArray, instead);
    const FileStep one = m_folder->step(1, ExportFormat::Csv);
    const FileStep two = m_folder->step(2, ExportFormat::Csv);
    QVERIFY(!appendDurably(one, kEditedAt).error);
    const QByteArray theirs = instead.replace("(as it was)", contentOf(m_folder->path(one.file)));
    write(m_folder->path(one.file), theirs);
    QVERIFY(!appendDurably(one, kEditedAt).error);
    QCOMPARE(contentOf(m_folder->path(one.file)), theirs);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(!appendDurably(two, kEditedAt).error);
        const QByteArray now = contentOf(m_folder->path(one.file));
        QVERIFY(now.startsWith(theirs));
        QVERIFY2(now.endsWith(QByteArray("\n" + two.record)), now.constData());
        QCOMPARE(now.count(two.record), 1);
        QVERIFY(now.size() <= theirs.size() + two.record.size() + std::max(qsizetype(2), reviewCsvHeader().size()));
    }
}

void TestFileTarget::testAsksOnly() {
    const Account here = m_folder->account(ExportFormat::Csv);
    QCOMPARE(carriedOut(*m_dialect.test(here, {}, kEditedAt)).end, PushEnd::Accepted);
    QVERIFY(!QFileInfo::exists(m_folder->folder()));
    const Account gone = ReviewFolder::accountFor(m_folder->beside(u"gone/reviews"_s), ExportFormat::Csv);
    QCOMPARE(carriedOut(*m_dialect.test(gone, {}, kEditedAt)).end, PushEnd::Waiting);
}

void TestFileTarget::folders_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("absolute") << u"/home/me/reviews"_s << true;
    QTest::newRow("relative") << u"reviews"_s << false;
    QTest::newRow("home sign") << u"~/reviews"_s << false;
    QTest::newRow("resource") << u":/reviews"_s << false;
    QTest::newRow("nothing") << QString() << false;
    QTest::newRow("hidden end") << (u"/tmp/a"_s + QChar(u'\0') + u"b"_s) << false;
}

void TestFileTarget::folders() {
    QFETCH(QString, folder);
    QFETCH(bool, isGood);
    const Account here = ReviewFolder::accountFor(folder, ExportFormat::Csv);
    QCOMPARE(checkTarget(here, here.target).has_value(), isGood);
}

QTEST_GUILESS_MAIN(TestFileTarget)
#include "tst_filetarget.moc"
