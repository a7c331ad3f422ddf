// Each delivery is in the review file once, whatever ends the program or fills the disk.
#include <sys/wait.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

#include "tests/support/filecalls.h"
#include "tests/support/smalldisk.h"
#include "tests/targets/reviewfolder.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(earmark::ExportFormat)

class TestReviewFile final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { m_folder = std::make_unique<ReviewFolder>(); }
    void cleanup() { filecalls::heal(); }
    void everyErrorLeavesNothingHalfWritten_data();
    void everyErrorLeavesNothingHalfWritten();
    void killedAtEveryCall_data();
    void killedAtEveryCall();
    void fullDisk();
    void readOnlyDisk();
    void twoProcesses();
    void doneIsSaidAfterTheDiskHasIt();

 private:
    static constexpr auto kFile = "earmark-main-2026-04.csv";
    std::unique_ptr<ReviewFolder> m_folder;
};

void TestReviewFile::everyErrorLeavesNothingHalfWritten_data() {
    QTest::addColumn<int>("error");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("full") << ENOSPC << ErrorKind::DiskFull;
    QTest::newRow("quota") << EDQUOT << ErrorKind::DiskFull;
    QTest::newRow("read only") << EROFS << ErrorKind::ReadOnly;
    QTest::newRow("broken") << EIO << ErrorKind::Storage;
}

/// Each call about files fails in turn, once and then for good: an error is told, what was there stays whole, and the
/// next attempt leaves each record in the file once.
void TestReviewFile::everyErrorLeavesNothingHalfWritten() {
    QFETCH(int, error);
    QFETCH(ErrorKind, kind);
    using filecalls::Lasting;
    int failures = 0;
    for (const ExportFormat format : {ExportFormat::Csv, ExportFormat::JsonLines}) {
        for (const Lasting lasting : {Lasting::Once, Lasting::FromThenOn}) {
            for (const bool isFirst : {true, false}) {
                for (int n = 0; n < 100; ++n) {
                    QVERIFY(QDir(m_folder->folder()).removeRecursively());
                    std::vector<FileStep> steps;
                    if (!isFirst) {
                        steps.push_back(m_folder->step(0, format));
                        QVERIFY(!appendDurably(steps[0], kEditedAt).error);
                    }
                    const QByteArray before =
                        isFirst ? QByteArray() : contentOf(m_folder->path(m_folder->step(1, format).file));
                    steps.push_back(m_folder->step(1, format));
                    filecalls::failAt(n, error, lasting);
                    const StepAnswer answer = appendDurably(steps.back(), kEditedAt);
                    const bool hasFailed = filecalls::hasFailed();
                    filecalls::heal();
                    QCOMPARE(answer.error.has_value(), hasFailed);
                    if (hasFailed) {
                        ++failures;
                        QCOMPARE(answer.error->kind, kind);
                        const QByteArray now = contentOf(m_folder->path(steps.back().file));
                        QVERIFY(lasting == Lasting::FromThenOn || now == before || now == "(no file)");
                        QVERIFY(!appendDurably(steps.back(), kEditedAt).error);
                    }
                    QVERIFY2(m_folder->whatIsWrong(steps).isEmpty(),
                             qPrintable(u"call %1: "_s.arg(n) + m_folder->whatIsWrong(steps)));
                    if (!hasFailed) {
                        break;
                    }
                }
            }
        }
    }
    QVERIFY2(failures > 40, qPrintable(QString::number(failures)));
}

void TestReviewFile::killedAtEveryCall_data() {
    QTest::addColumn<ExportFormat>("format");
    QTest::newRow("csv") << ExportFormat::Csv;
    QTest::newRow("jsonl") << ExportFormat::JsonLines;
}

void TestReviewFile::killedAtEveryCall() {
    QFETCH(ExportFormat, format);
    int kills = 0;
    for (const auto how : {filecalls::Death::Before, filecalls::Death::Torn}) {
        for (const bool isFirst : {true, false}) {
            for (int n = 0; n < 100; ++n) {
                QVERIFY(QDir(m_folder->folder()).removeRecursively());
                std::vector<FileStep> steps;
                if (!isFirst) {
                    steps.push_back(m_folder->step(0, format));
                    QVERIFY(!appendDurably(steps[0], kEditedAt).error);
                }
                const FileStep killed = m_folder->step(1, format);
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
                const FileStep other = m_folder->step(2, format);
                QVERIFY(!appendDurably(other, kEditedAt).error);
                const bool wasThere = contentOf(m_folder->path(killed.file)).contains(killed.delivery.toLatin1());
                QVERIFY(!appendDurably(killed, kEditedAt).error);
                steps.insert(steps.end(), wasThere ? std::initializer_list<FileStep>{killed, other}
                                                   : std::initializer_list<FileStep>{other, killed});
                QVERIFY2(m_folder->whatIsWrong(steps).isEmpty(),
                         qPrintable(u"call %1: "_s.arg(n) + m_folder->whatIsWrong(steps)));
                if (!wasKilled) {
                    break;
                }
            }
        }
    }
    QVERIFY2(kills > 20, qPrintable(QString::number(kills)));
    qInfo("killed at %d calls", kills);
}

void TestReviewFile::fullDisk() {
    QVERIFY(QDir().mkpath(m_folder->folder()));
    const SmallDisk disk(m_folder->folder(), "size=64k");
    if (!disk.mounted()) {
        QSKIP("no right to mount a small disk here");
    }
    std::vector<FileStep> steps;
    StepAnswer answer;
    while (!answer.error && steps.size() < 2000) {
        steps.push_back(m_folder->step(int(steps.size()), ExportFormat::Csv));
        answer = appendDurably(steps.back(), kEditedAt);
    }
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, ErrorKind::DiskFull);
    const FileStep waits = steps.back();
    steps.pop_back();
    QCOMPARE(m_folder->whatIsWrong(steps), QString());
    QVERIFY(disk.remount(0, "size=1m"));
    QVERIFY(!appendDurably(waits, kEditedAt).error);
    steps.push_back(waits);
    QCOMPARE(m_folder->whatIsWrong(steps), QString());
}

void TestReviewFile::readOnlyDisk() {
    QVERIFY(QDir().mkpath(m_folder->folder()));
    const SmallDisk disk(m_folder->folder(), "size=256k");
    if (!disk.mounted()) {
        QSKIP("no right to mount a small disk here");
    }
    const std::vector steps{m_folder->step(0, ExportFormat::Csv), m_folder->step(1, ExportFormat::Csv)};
    QVERIFY(!appendDurably(steps[0], kEditedAt).error);
    QVERIFY(disk.remount(MS_RDONLY, "size=256k"));
    QCOMPARE(appendDurably(steps[1], kEditedAt).error->kind, ErrorKind::ReadOnly);
    QCOMPARE(m_folder->whatIsWrong({steps[0]}), QString());
    QVERIFY(disk.remount(0, "size=256k"));
    QVERIFY(!appendDurably(steps[1], kEditedAt).error);
    QCOMPARE(m_folder->whatIsWrong(steps), QString());
}

void TestReviewFile::twoProcesses() {
    constexpr int kEach = 500;
    QElapsedTimer timer;
    timer.start();
    std::vector<pid_t> children;
    for (const QString& salt : {u"one "_s, u"two "_s}) {
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            for (int i = 0; i < kEach; ++i) {
                if (appendDurably(m_folder->step(i, ExportFormat::Csv, salt), kEditedAt).error) {
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
    const ReviewTail all = readTail(contentOf(m_folder->path(QString::fromLatin1(kFile))), ExportFormat::Csv, true);
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
    QCOMPARE(contentOf(m_folder->path(manifestName(QString::fromLatin1(kFile)))), manifest);
}

/// Record, manifest and folder are each waited for, also where a repeat only finds what is there; the parent where the
/// folder is new.
void TestReviewFile::doneIsSaidAfterTheDiskHasIt() {
    const FileStep one = m_folder->step(1, ExportFormat::Csv);
    const auto waits = [&one] {
        int count = 0;
        for (;; ++count) {
            filecalls::failAt(count, EIO, filecalls::Lasting::Once, {"fsync"_ba});
            const StepAnswer answer = appendDurably(one, kEditedAt);
            if (!filecalls::hasFailed()) {
                return answer.error ? -1 : count;
            }
            if (!answer.error) {
                return -2;
            }
        }
    };
    QCOMPARE(waits(), 3);  // the parent's failed one left the folder made
    QCOMPARE(waits(), 3);
    QVERIFY(QDir(m_folder->folder()).removeRecursively());
    filecalls::failAt(3, EIO, filecalls::Lasting::Once, {"fsync"_ba});
    QVERIFY(appendDurably(one, kEditedAt).error);
    filecalls::heal();
    QVERIFY(!appendDurably(one, kEditedAt).error);
    QVERIFY2(m_folder->whatIsWrong({one}).isEmpty(), qPrintable(m_folder->whatIsWrong({one})));
}

QTEST_GUILESS_MAIN(TestReviewFile)
#include "tst_reviewfile.moc"
