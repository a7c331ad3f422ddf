// The file target: what a record looks like, and that each delivery is in the file once, whatever ends the program or
// fills the disk.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <QUuid>

#include "models/targets/filedialect.h"
#include "models/targets/reviewrecord.h"
#include "models/targets/reviewtail.h"
#include "tests/support/filecalls.h"
#include "tests/support/smalldisk.h"
#include "tests/targets/answered.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(earmark::ExportFormat)

namespace {

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

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
    void init();
    void cleanup();
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
    void everyErrorLeavesNothingHalfWritten_data();
    void everyErrorLeavesNothingHalfWritten();
    void killedAtEveryCall_data();
    void killedAtEveryCall();
    void fullDisk();
    void readOnlyDisk();
    void changedByOthers_data();
    void changedByOthers();
    void twoProcesses();
    void testAsksOnly();
    void folders_data();
    void folders();

 private:
    static constexpr auto kFile = "earmark-main-2026-04.csv";

    [[nodiscard]] Account account(ExportFormat format) const {
        Account account;
        account.name = u"main"_s;
        account.target.kind = TargetKind::File;
        account.target.folder = m_folder;
        account.target.format = format;
        return account;
    }
    /// Number `n` of a row of deliveries whose notes have line breaks and quotes in them.
    [[nodiscard]] FileStep step(int n, ExportFormat format, const QString& salt = {}) const {
        OutgoingReview review = reviewOf({{ReviewField::Notes, {}, u"line 1\r\n\"line\" %1\n"_s.arg(n)}});
        review.delivery.id = QUuid::createUuidV5(QUuid(), salt + QString::number(n)).toString(QUuid::WithoutBraces);
        const Account here = account(format);
        const auto steps = m_dialect.push(here, review, m_dialect.compose(here, review).value(), {}, false, kEditedAt);
        return std::get<FileStep>(steps->first());
    }
    [[nodiscard]] QString path(const QString& name) const { return m_folder + u'/' + name; }
    /// "" when the file holds exactly these records and its manifest one right line for each.
    [[nodiscard]] QString whatIsWrong(const std::vector<FileStep>& steps) const;

    FileDialect m_dialect;
    std::unique_ptr<QTemporaryDir> m_parent;
    QString m_folder;
};

/// In memory where that is offered: thousands of fsync() on a disk would take minutes, and a kill is no power cut.
void TestFileTarget::init() {
    const QString memory = u"/dev/shm"_s;
    m_parent = std::make_unique<QTemporaryDir>(
        QFileInfo(memory).isWritable() ? memory + u"/earmark-test-XXXXXX"_s : QDir::tempPath() + u"/earmark-XXXXXX"_s);
    m_folder = m_parent->filePath(u"reviews"_s);
}

void TestFileTarget::cleanup() {
    filecalls::heal();
}

QString TestFileTarget::whatIsWrong(const std::vector<FileStep>& steps) const {
    QByteArray expected = steps.front().format == ExportFormat::Csv ? reviewCsvHeader() : QByteArray();
    QByteArray manifest;
    for (const FileStep& one : steps) {
        manifest +=
            manifestLine({one.delivery, one.file, expected.size(), one.record.size(), sha256(one.record)}, kEditedAt);
        expected += one.record;
    }
    const QString file = steps.front().file;
    if (contentOf(path(file)) != expected) {
        return u"the file is\n"_s + QString::fromUtf8(contentOf(path(file)));
    }
    const QByteArray found = contentOf(path(manifestName(file)));
    return found == manifest ? QString() : u"the manifest is\n"_s + QString::fromUtf8(found);
}

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
    QCOMPARE(m_dialect.compose(account(ExportFormat::Csv), review).value(),
             "0b5f3a52-6d0e-4f0a-9c3f-3d8a52c1e7aa,main,autocalls,510001,31,3,2026-04-18T14:37:20.125Z,"
             "disposition notes,OLD,,,\"a, \"\"b\"\"\"\r\n"_ba);
    QCOMPARE(reviewCsvHeader().count(','), 11);
}

void TestFileTarget::jsonLine() {
    const OutgoingReview review = reviewOf({{ReviewField::Notes, {}, u"a\nb\u2028c"_s}});
    const Account here = account(ExportFormat::JsonLines);
    const QByteArray line = m_dialect.compose(here, review).value();
    QCOMPARE(line, reviewJson(here, review) + '\n');
    QCOMPARE(line.count('\n'), 1);
}

/// A repeat in the next month must meet its first attempt.
void TestFileTarget::fileIsNamedAfterTheEdit() {
    const Account here = account(ExportFormat::Csv);
    const OutgoingReview review = reviewOf({{ReviewField::Notes, {}, u"x"_s}});
    for (const auto days : {0, 40, 400}) {
        const auto steps = m_dialect.push(here, review, "x"_ba, {}, true, kEditedAt + std::chrono::days(days));
        QCOMPARE(std::get<FileStep>(steps->first()).file, QString::fromLatin1(kFile));
    }
}

void TestFileTarget::formatOfTheFirstAttemptStays() {
    const OutgoingReview review = reviewOf({{ReviewField::Notes, {}, u"x"_s}});
    const QByteArray frozen = m_dialect.compose(account(ExportFormat::Csv), review).value();
    const auto steps = m_dialect.push(account(ExportFormat::JsonLines), review, frozen, {}, true, kEditedAt);
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
        steps.push_back(step(i, format));
        for (int attempt = 0; attempt < 3; ++attempt) {
            const StepAnswer answer = appendDurably(steps[size_t(i / 2)], kEditedAt);
            QVERIFY(!answer.error);
            QVERIFY(!appendDurably(steps.back(), kEditedAt).error);
            QCOMPARE(answer.place, steps.back().file);
        }
        QCOMPARE(whatIsWrong(steps), QString());
    }
}

void TestFileTarget::folderIsMadeInsideItsParentOnly() {
    m_folder = m_parent->filePath(u"gone/reviews"_s);
    const StepAnswer answer = appendDurably(step(1, ExportFormat::Csv), kEditedAt);
    QCOMPARE(answer.error->kind, ErrorKind::NotFoundHere);
    QVERIFY(!QFileInfo::exists(m_parent->filePath(u"gone"_s)));
    const auto steps = m_dialect.push(account(ExportFormat::Csv), reviewOf({}), "x"_ba, {}, false, kEditedAt);
    (void)steps->first();
    const PushVerdict verdict = verdictOf(steps->next(answer));
    QCOMPARE(verdict.end, PushEnd::Waiting);
    QVERIFY2(verdict.reason.contains(u"gone/reviews"_s), qPrintable(verdict.reason));
}

void TestFileTarget::modes() {
    const mode_t before = ::umask(0);
    const StepAnswer answer = appendDurably(step(1, ExportFormat::Csv), kEditedAt);
    ::umask(before);
    QVERIFY(!answer.error);
    QCOMPARE(modeOf(m_folder), mode_t(0700));
    QCOMPARE(modeOf(path(answer.place)), mode_t(0600));
    QCOMPARE(modeOf(path(manifestName(answer.place))), mode_t(0600));
}

void TestFileTarget::linksAndFoldersAreNotWrittenTo() {
    QVERIFY(QDir().mkpath(m_folder));
    const FileStep one = step(1, ExportFormat::Csv);
    const QString elsewhere = m_parent->filePath(u"elsewhere"_s);
    for (const QString& name : {one.file, manifestName(one.file)}) {
        write(elsewhere, "precious"_ba);
        QFile::remove(path(name));
        QVERIFY(QFile::link(elsewhere, path(name)));
        QCOMPARE(appendDurably(one, kEditedAt).error->kind, ErrorKind::Storage);
        QCOMPARE(contentOf(elsewhere), "precious"_ba);
        QVERIFY(QFile::remove(path(name)));
        QVERIFY(QDir().mkpath(path(name)));
        QCOMPARE(appendDurably(one, kEditedAt).error->kind, ErrorKind::Storage);
        QVERIFY(QDir().rmdir(path(name)));
    }
    QVERIFY(!appendDurably(one, kEditedAt).error);
}

void TestFileTarget::everyErrorLeavesNothingHalfWritten_data() {
    QTest::addColumn<int>("error");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("full") << ENOSPC << ErrorKind::DiskFull;
    QTest::newRow("quota") << EDQUOT << ErrorKind::DiskFull;
    QTest::newRow("read only") << EROFS << ErrorKind::ReadOnly;
    QTest::newRow("broken") << EIO << ErrorKind::Storage;
}

/// Each call about files fails in turn, once and then for good: an error is told, what was there stays whole, and the
/// next attempt leaves each record in the file once.
void TestFileTarget::everyErrorLeavesNothingHalfWritten() {
    QFETCH(int, error);
    QFETCH(ErrorKind, kind);
    using filecalls::Lasting;
    int failures = 0;
    for (const ExportFormat format : {ExportFormat::Csv, ExportFormat::JsonLines}) {
        for (const Lasting lasting : {Lasting::Once, Lasting::FromThenOn}) {
            for (const bool isFirst : {true, false}) {
                for (int n = 0; n < 100; ++n) {
                    QVERIFY(QDir(m_folder).removeRecursively());
                    std::vector<FileStep> steps;
                    if (!isFirst) {
                        steps.push_back(step(0, format));
                        QVERIFY(!appendDurably(steps[0], kEditedAt).error);
                    }
                    const QByteArray before = isFirst ? QByteArray() : contentOf(path(step(1, format).file));
                    steps.push_back(step(1, format));
                    filecalls::failAt(n, error, lasting);
                    const StepAnswer answer = appendDurably(steps.back(), kEditedAt);
                    const bool hasFailed = filecalls::hasFailed();
                    filecalls::heal();
                    QCOMPARE(answer.error.has_value(), hasFailed);
                    if (hasFailed) {
                        ++failures;
                        QCOMPARE(answer.error->kind, kind);
                        const QByteArray now = contentOf(path(steps.back().file));
                        QVERIFY(lasting == Lasting::FromThenOn || now == before || now == "(no file)");
                        QVERIFY(!appendDurably(steps.back(), kEditedAt).error);
                    }
                    QVERIFY2(whatIsWrong(steps).isEmpty(), qPrintable(u"call %1: "_s.arg(n) + whatIsWrong(steps)));
                    if (!hasFailed) {
                        break;
                    }
                }
            }
        }
    }
    QVERIFY2(failures > 40, qPrintable(QString::number(failures)));
}

void TestFileTarget::killedAtEveryCall_data() {
    appendsAndRepeats_data();
}

void TestFileTarget::killedAtEveryCall() {
    QFETCH(ExportFormat, format);
    int kills = 0;
    for (const auto how : {filecalls::Death::Before, filecalls::Death::Torn}) {
        for (const bool isFirst : {true, false}) {
            for (int n = 0; n < 100; ++n) {
                QVERIFY(QDir(m_folder).removeRecursively());
                std::vector<FileStep> steps;
                if (!isFirst) {
                    steps.push_back(step(0, format));
                    QVERIFY(!appendDurably(steps[0], kEditedAt).error);
                }
                const FileStep killed = step(1, format);
                const pid_t child = ::fork();
                QVERIFY(child >= 0);
                if (child == 0) {
                    filecalls::killAt(n, how);
                    ::_exit(appendDurably(killed, kEditedAt).error ? 1 : 0);
                }
                int status = 0;
                QCOMPARE(::waitpid(child, &status, 0), child);
                const bool wasKilled = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
                QVERIFY(wasKilled || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
                kills += wasKilled ? 1 : 0;
                // First another delivery, as after a start at which others wait too, then the one that was killed.
                const FileStep other = step(2, format);
                QVERIFY(!appendDurably(other, kEditedAt).error);
                const bool wasThere = contentOf(path(killed.file)).contains(killed.delivery.toLatin1());
                QVERIFY(!appendDurably(killed, kEditedAt).error);
                steps.insert(steps.end(), wasThere ? std::initializer_list<FileStep>{killed, other}
                                                   : std::initializer_list<FileStep>{other, killed});
                QVERIFY2(whatIsWrong(steps).isEmpty(), qPrintable(u"call %1: "_s.arg(n) + whatIsWrong(steps)));
                if (!wasKilled) {
                    break;
                }
            }
        }
    }
    QVERIFY2(kills > 20, qPrintable(QString::number(kills)));
    qInfo("killed at %d calls", kills);
}

void TestFileTarget::fullDisk() {
    QVERIFY(QDir().mkpath(m_folder));
    const SmallDisk disk(m_folder, "size=64k");
    if (!disk.mounted()) {
        QSKIP("no right to mount a small disk here");
    }
    std::vector<FileStep> steps;
    StepAnswer answer;
    while (!answer.error && steps.size() < 2000) {
        steps.push_back(step(int(steps.size()), ExportFormat::Csv));
        answer = appendDurably(steps.back(), kEditedAt);
    }
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, ErrorKind::DiskFull);
    const FileStep waits = steps.back();
    steps.pop_back();
    QCOMPARE(whatIsWrong(steps), QString());
    QVERIFY(disk.remount(0, "size=1m"));
    QVERIFY(!appendDurably(waits, kEditedAt).error);
    steps.push_back(waits);
    QCOMPARE(whatIsWrong(steps), QString());
}

void TestFileTarget::readOnlyDisk() {
    QVERIFY(QDir().mkpath(m_folder));
    const SmallDisk disk(m_folder, "size=256k");
    if (!disk.mounted()) {
        QSKIP("no right to mount a small disk here");
    }
    const std::vector steps{step(0, ExportFormat::Csv), step(1, ExportFormat::Csv)};
    QVERIFY(!appendDurably(steps[0], kEditedAt).error);
    QVERIFY(disk.remount(MS_RDONLY, "size=256k"));
    QCOMPARE(appendDurably(steps[1], kEditedAt).error->kind, ErrorKind::ReadOnly);
    QCOMPARE(whatIsWrong({steps[0]}), QString());
    QVERIFY(disk.remount(0, "size=256k"));
    QVERIFY(!appendDurably(steps[1], kEditedAt).error);
    QCOMPARE(whatIsWrong(steps), QString());
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
    const FileStep one = step(1, ExportFormat::Csv);
    const FileStep two = step(2, ExportFormat::Csv);
    QVERIFY(!appendDurably(one, kEditedAt).error);
    const QByteArray theirs = instead.replace("(as it was)", contentOf(path(one.file)));
    write(path(one.file), theirs);
    QVERIFY(!appendDurably(one, kEditedAt).error);
    QCOMPARE(contentOf(path(one.file)), theirs);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(!appendDurably(two, kEditedAt).error);
        const QByteArray now = contentOf(path(one.file));
        QVERIFY(now.startsWith(theirs));
        QVERIFY2(now.endsWith(QByteArray("\n" + two.record)), now.constData());
        QCOMPARE(now.count(two.record), 1);
        QVERIFY(now.size() <= theirs.size() + two.record.size() + std::max(qsizetype(2), reviewCsvHeader().size()));
    }
}

void TestFileTarget::twoProcesses() {
    constexpr int kEach = 500;
    QElapsedTimer timer;
    timer.start();
    std::vector<pid_t> children;
    for (const QString& salt : {u"one "_s, u"two "_s}) {
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            for (int i = 0; i < kEach; ++i) {
                if (appendDurably(step(i, ExportFormat::Csv, salt), kEditedAt).error) {
                    ::_exit(1);
                }
            }
            ::_exit(0);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = -1;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    qInfo("%d appends of two processes in %lld ms", 2 * kEach, timer.elapsed());
    const ReviewTail all = readTail(contentOf(path(QString::fromLatin1(kFile))), ExportFormat::Csv, true);
    QVERIFY(!all.tornAt);
    QSet<QString> deliveries;
    QByteArray manifest;
    for (const ReviewTail::Record& record : all.records) {
        deliveries.insert(record.delivery);
        manifest += manifestLine(
            {record.delivery, QString::fromLatin1(kFile), record.offset, record.bytes.size(), sha256(record.bytes)},
            kEditedAt);
    }
    QCOMPARE(all.records.size(), size_t(2 * kEach));
    QCOMPARE(deliveries.size(), 2 * kEach);
    QCOMPARE(contentOf(path(manifestName(QString::fromLatin1(kFile)))), manifest);
}

void TestFileTarget::testAsksOnly() {
    const Account here = account(ExportFormat::Csv);
    QCOMPARE(carriedOut(*m_dialect.test(here, {}, kEditedAt)).end, PushEnd::Accepted);
    QVERIFY(!QFileInfo::exists(m_folder));
    m_folder = m_parent->filePath(u"gone/reviews"_s);
    QCOMPARE(carriedOut(*m_dialect.test(account(ExportFormat::Csv), {}, kEditedAt)).end, PushEnd::Waiting);
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
    m_folder = folder;
    const Account here = account(ExportFormat::Csv);
    QCOMPARE(checkTarget(here, here.target).has_value(), isGood);
}

QTEST_GUILESS_MAIN(TestFileTarget)
#include "tst_filetarget.moc"
