// What runs out or is forbidden: disk, file size, write permission, descriptors, address space. The text stays, what is
// not saved is said, what was saved stays, and the work goes on as soon as it can.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <cerrno>

#include "models/edits/fieldeditor.h"
#include "models/store/callsdatabase.h"
#include "models/store/reviewsdatabase.h"
#include "tests/app/program.h"
#include "tests/store/samplecalls.h"
#include "tests/support/smalldisk.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using sample::kNow;

namespace {

constexpr uid_t kSomebody = 65534;
const QString kKey = u"main/call-000001"_s;

CallKey keyOf(int number) {
    return sample::wholeCall(number).key;
}

EditToCommit notes(int number, const QString& text) {
    return {keyOf(number), ReviewField::Notes, std::nullopt, text, u"desk"_s};
}

/// Until there is no room for another byte.
void fill(const QString& path) {
    const int file = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const QByteArray bytes(64 * 1024, 'f');
    for (size_t size = size_t(bytes.size()); size > 0;) {
        if (::write(file, bytes.constData(), size) <= 0) {
            size /= 2;
        }
    }
    ::close(file);
}

/// A profile with three calls and two edits of the first.
void makeProfile(const QString& folder) {
    const auto calls = CallsDatabase::open(folder + u"/calls.db"_s, CallsDatabase::Access::ReadWrite);
    QVERIFY(calls &&
            (*calls)->storePage(
                {u"main"_s, {sample::wholeCall(1), sample::wholeCall(2), sample::wholeCall(3)}, std::nullopt}, kNow));
    const auto reviews = ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(reviews && (*reviews)->commitEdit(notes(1, u"kept"_s), kNow));
    QVERIFY((*reviews)->commitEdit({keyOf(1), ReviewField::Disposition, u"CALLBACK"_s, u"KEPT"_s, u"desk"_s}, kNow));
}

std::function<void()> limited(__rlimit_resource what, rlim_t value) {
    return [what, value] {
        const rlimit limit{value, value};
        ::setrlimit(what, &limit);
    };
}

QString dispositionOf(const Program& program) {
    return program.run({u"show"_s, kKey, u"--format"_s, u"json"_s}).object().value(u"disposition"_s).toString();
}

}  // namespace

class TestScarcity : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aFullDiskKeepsTheTextAndSavesItLater();
    void aFullDiskStopsNoReading();
    void aFileSizeLimit();
    void aReadOnlyDisk();
    void aReadOnlyWindow();
    void aFolderOfSomebodyElse();
    void fewDescriptors();
    void noDescriptorLeft();
    void littleMemory();
};

void TestScarcity::aFullDiskKeepsTheTextAndSavesItLater() {
    const QTemporaryDir folder;
    const SmallDisk disk(folder.path(), "size=2m,mode=700");
    if (!disk.mounted()) {
        QSKIP("mounting a small disk is not permitted here");
    }
    Store store({folder.path(), nullptr, {}});
    bool open = false;
    store.open(&store, [&](const Done& done) { open = done.has_value(); });
    QTRY_VERIFY(open);
    FieldEditor editor(&store, ReviewField::Notes);
    ReviewedCall call;
    call.call = sample::wholeCall(1);
    editor.setCall(call, std::nullopt);
    fill(folder.filePath(u"ballast"_s));
    const QString text(30'000, u'w');
    editor.setText(text);
    editor.commit();
    QTRY_COMPARE(editor.state(), SaveState::NotSaved);
    QVERIFY2(editor.problem().contains(u"full"_s), qPrintable(editor.problem()));
    QCOMPARE(editor.text(), text);
    QVERIFY(editor.hasUnsavedText());
    // Keys typed while the disk is full are in it, too.
    editor.setText(text + u" and more"_s);
    editor.commit();
    QTRY_COMPARE(editor.state(), SaveState::NotSaved);
    QVERIFY(QFile::remove(folder.filePath(u"ballast"_s)));
    QElapsedTimer freed;
    freed.start();
    QTRY_COMPARE_WITH_TIMEOUT(editor.state(), SaveState::Saved, 5'000);
    qInfo("saved %lld ms after space came free", freed.elapsed());
    QCOMPARE(editor.text(), text + u" and more"_s);
    QVERIFY(!editor.hasUnsavedText());
    QVERIFY(store.review(keyOf(1)).notes->value == text + u" and more"_s);
}

void TestScarcity::aFullDiskStopsNoReading() {
    const QTemporaryDir folder;
    const SmallDisk disk(folder.path(), "size=6m,mode=700");
    if (!disk.mounted()) {
        QSKIP("mounting a small disk is not permitted here");
    }
    const QString file = folder.filePath(u"reviews.db"_s);
    auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database);
    constexpr int kEdits = 60;
    for (int i = 0; i < kEdits; ++i) {
        QVERIFY((*database)->commitEdit(notes(i, u"%1 "_s.arg(i) + QString(6'000, u'n')), kNow));
    }
    fill(folder.filePath(u"ballast"_s));
    // Everything stands in the log, and writing it back needs room that is not there.
    QCOMPARE((*database)->checkpoint().error().kind, ErrorKind::DiskFull);
    QCOMPARE((*database)->allReviews()->size(), kEdits);
    QVERIFY((*database)->check()->isEmpty());
    database = Result<std::unique_ptr<ReviewsDatabase>>();
    database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadOnly);
    if (database) {  // the shared memory of the log may need room of its own
        QCOMPARE((*database)->allReviews()->size(), kEdits);
    } else {
        QCOMPARE(database.error().kind, ErrorKind::DiskFull);
    }
    QVERIFY(QFile::remove(folder.filePath(u"ballast"_s)));
    database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database && (*database)->notices().isEmpty());
    QVERIFY((*database)->checkpoint());
    QCOMPARE((*database)->allReviews()->size(), kEdits);
    QVERIFY((*database)->check()->isEmpty());
    database = Result<std::unique_ptr<ReviewsDatabase>>();
}

void TestScarcity::aFileSizeLimit() {
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    Program program;
    QVERIFY(QDir().mkpath(program.profile()));
    makeProfile(program.profile());
    QString saved = u"KEPT"_s;
    int refused = 0;
    for (const rlim_t limit : {100'000, 65'536, 40'000, 33'000, 20'000, 8'192, 4'096, 100}) {
        program.setBeforeStart(limited(RLIMIT_FSIZE, limit));
        const QString code = u"AT_%1"_s.arg(limit);
        const Ran ran =
            program.run({u"edit"_s, kKey, u"--disposition"_s, code, u"--notes"_s, QString(20'000, u'n') + code});
        QVERIFY2(!ran.crashed, qPrintable(u"limit %1"_s.arg(limit)));  // SIGXFSZ is no end of the program
        if (ran.exitCode != 0) {
            ++refused;
            QVERIFY2(!ran.err.isEmpty(), "nothing was said");
        }
        if (ran.out.contains(code.toUtf8())) {
            saved = code;
        }
        program.setBeforeStart({});
        QCOMPARE(dispositionOf(program), saved);
    }
    QVERIFY(refused > 0);
    QCOMPARE(program.run({u"edit"_s, kKey, u"--disposition"_s, u"FREE"_s}).exitCode, 0);
    QCOMPARE(dispositionOf(program), u"FREE"_s);
}

void TestScarcity::aReadOnlyDisk() {
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    Program program;
    QVERIFY(QDir().mkpath(program.profile()));
    const SmallDisk disk(program.profile(), "size=8m,mode=700");
    if (!disk.mounted()) {
        QSKIP("mounting a small disk is not permitted here");
    }
    makeProfile(program.profile());
    QVERIFY(disk.remount(MS_RDONLY, "size=8m"));
    QCOMPARE(program.run({u"count"_s}).out.trimmed(), QByteArray("3"));
    QCOMPARE(dispositionOf(program), u"KEPT"_s);
    const Ran edit = program.run({u"edit"_s, kKey, u"--disposition"_s, u"NO"_s});
    QCOMPARE(edit.exitCode, 1);
    QVERIFY2(edit.err.contains("cannot be written"), edit.err.constData());
    const Ran doctor = program.run({u"doctor"_s});
    QVERIFY2(doctor.out.contains("cannot be written"), doctor.out.constData());
    QVERIFY(disk.remount(0, "size=8m"));
    QCOMPARE(dispositionOf(program), u"KEPT"_s);
    QCOMPARE(program.run({u"edit"_s, kKey, u"--disposition"_s, u"YES"_s}).exitCode, 0);
}

void TestScarcity::aReadOnlyWindow() {
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    Program program;
    QVERIFY(QDir().mkpath(program.profile()));
    const SmallDisk disk(program.profile(), "size=8m,mode=700");
    if (!disk.mounted()) {
        QSKIP("mounting a small disk is not permitted here");
    }
    makeProfile(program.profile());
    QVERIFY(disk.remount(MS_RDONLY, "size=8m"));
    program.setEnvironment(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    program.setEnvironment(u"EARMARK_STARTUP_FIGURES"_s, u"1"_s);
    const auto window = program.start({});
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT(
        (said += window->readAllStandardError()).contains("usable after") || window->state() == QProcess::NotRunning,
        20'000);
    QVERIFY2(window->state() == QProcess::Running, said.constData());
    window->terminate();
    QVERIFY(window->waitForFinished(10'000));
    QCOMPARE(window->exitStatus(), QProcess::NormalExit);
}

void TestScarcity::aFolderOfSomebodyElse() {
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    Program program;
    QVERIFY(QDir().mkpath(program.profile()));
    makeProfile(program.profile());
    QFile::remove(program.profile() + u"/earmark.lock"_s);
    const QByteArray folder = QFile::encodeName(program.profile());
    // Root may do everything, so there the program runs as somebody else, who can reach the folder and not write it.
    const bool isRoot = ::geteuid() == 0;
    if (isRoot) {
        ::chmod(QFile::encodeName(program.home()).constData(), 0755);
        program.setBeforeStart([] {
            if (::setgid(kSomebody) != 0 || ::setuid(kSomebody) != 0) {
                ::_exit(77);
            }
        });
        if (program.run({u"--version"_s}).exitCode != 0) {
            QSKIP("the program cannot be run as another user here");
        }
    }
    const auto restrict = [&](mode_t folderMode, mode_t fileMode) {
        for (const auto& name : {u"/reviews.db"_s, u"/calls.db"_s}) {
            QVERIFY(::chmod(QFile::encodeName(program.profile() + name).constData(), fileMode) == 0);
        }
        QVERIFY(::chmod(folder.constData(), folderMode) == 0);
    };
    QFile before(program.profile() + u"/reviews.db"_s);
    QVERIFY(before.open(QIODevice::ReadOnly));
    const QByteArray bytes = before.readAll();
    for (const auto& [folderMode, fileMode] : {std::pair<mode_t, mode_t>{0555, 0444}, {0000, 0444}, {0555, 0000}}) {
        restrict(folderMode, fileMode);
        const Ran edit = program.run({u"edit"_s, kKey, u"--disposition"_s, u"NO"_s});
        QVERIFY(!edit.crashed && edit.exitCode == 1);
        QVERIFY2(edit.err.trimmed().size() > 20, edit.err.constData());
        const Ran shown = program.run({u"show"_s, kKey, u"--format"_s, u"json"_s});
        QVERIFY(!shown.crashed);
        if (fileMode == 0444 && folderMode == 0555) {
            QCOMPARE(shown.object().value(u"disposition"_s).toString(), u"KEPT"_s);  // it may be read, so it is
        } else {
            QCOMPARE(shown.exitCode, 1);
            QVERIFY(!shown.err.isEmpty());
            // What cannot be read is not called empty.
            for (const QStringList& question : {QStringList{u"count"_s}, {u"list"_s}, {u"pending"_s, u"--json"_s}}) {
                const Ran ran = program.run(question);
                QCOMPARE(ran.exitCode, 1);
                QVERIFY2(ran.err.contains("cannot be read"), ran.err.constData());
            }
        }
        restrict(0700, 0600);
        before.seek(0);
        QCOMPARE(before.readAll(), bytes);  // nothing was overwritten
    }
    program.setBeforeStart({});
    QCOMPARE(program.run({u"edit"_s, kKey, u"--disposition"_s, u"YES"_s}).exitCode, 0);
    QCOMPARE(dispositionOf(program), u"YES"_s);
}

void TestScarcity::fewDescriptors() {
#ifdef __SANITIZE_ADDRESS__
    QSKIP("the address sanitizer itself needs more descriptors");
#endif
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    Program program;
    QVERIFY(QDir().mkpath(program.profile()));
    makeProfile(program.profile());
    QString saved = u"KEPT"_s;
    for (const rlim_t limit : {4, 5, 6, 7, 8, 10, 12, 16, 32}) {
        program.setBeforeStart(limited(RLIMIT_NOFILE, limit));
        const QString code = u"WITH_%1"_s.arg(limit);
        const Ran ran = program.run({u"edit"_s, kKey, u"--disposition"_s, code});
        QVERIFY2(!ran.crashed, qPrintable(u"limit %1"_s.arg(limit)));
        QVERIFY(ran.exitCode == 0 || !ran.err.isEmpty());
        if (ran.out.contains(code.toUtf8())) {
            saved = code;
        }
        if (limit == 32) {
            QCOMPARE(ran.exitCode, 0);  // what an edit needs is less than that
            const Ran pull = program.run({u"pull"_s});
            QVERIFY(!pull.crashed);
        }
        program.setBeforeStart({});
        QCOMPARE(dispositionOf(program), saved);
    }
}

void TestScarcity::noDescriptorLeft() {
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"reviews.db"_s);
    auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database && (*database)->commitEdit(notes(1, u"before"_s), kNow));
    std::vector<int> taken;
    rlimit former{};
    QVERIFY(::getrlimit(RLIMIT_NOFILE, &former) == 0);
    const rlimit few{256, former.rlim_max};
    QVERIFY(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    for (int one = ::dup(0); one >= 0; one = ::dup(0)) {
        taken.push_back(one);
    }
    const bool exhausted = errno == EMFILE;
    const auto edited = (*database)->commitEdit(notes(1, u"without a descriptor"_s), kNow);
    const auto another = ReviewsDatabase::open(folder.filePath(u"other.db"_s), ReviewsDatabase::Access::ReadWrite);
    for (const int one : taken) {
        ::close(one);
    }
    ::setrlimit(RLIMIT_NOFILE, &former);
    QVERIFY(exhausted);
    QVERIFY2(edited, qPrintable(edited ? QString() : edited.error().detail));  // what is open stays usable
    QVERIFY(!another);
    QVERIFY(!errorText(another.error()).isEmpty());
    database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
    QVERIFY((*database)->review(keyOf(1))->notes->value == u"without a descriptor"_s);
}

void TestScarcity::littleMemory() {
#ifdef __SANITIZE_ADDRESS__
    QSKIP("the address sanitizer itself needs more address space");
#endif
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    Program program;
    QVERIFY(QDir().mkpath(program.profile()));
    makeProfile(program.profile());
    QString saved = u"KEPT"_s;
    int worked = 0;
    constexpr rlim_t kMegabyte = 1024 * 1024;
    for (rlim_t limit = 60; limit <= 900; limit += limit < 300 ? 40 : 150) {
        program.setBeforeStart(limited(RLIMIT_AS, limit * kMegabyte));
        const QString code = u"IN_%1_MB"_s.arg(limit);
        // It may well end at once, for want of memory; what it has called saved is there all the same.
        const Ran ran = program.run({u"edit"_s, kKey, u"--disposition"_s, code, u"--notes"_s, QString(100'000, u'n')});
        if (ran.out.contains(code.toUtf8())) {
            saved = code;
            ++worked;
        }
        program.setBeforeStart({});
        const QString now = dispositionOf(program);
        QVERIFY2(now == saved || now == code, qPrintable(now));
        saved = now;
    }
    QVERIFY(worked > 0);
    QVERIFY(program.run({u"doctor"_s}).out.contains("reviews.db"));
}

QTEST_GUILESS_MAIN(TestScarcity)
#include "tst_scarcity.moc"
