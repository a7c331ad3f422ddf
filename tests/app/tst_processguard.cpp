// What the process does first: private files, and, where users run it, a memory that nobody else can look into.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "app/processguard.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

/// Exit code of a child that does this: the guard changes its process for good.
int inAChild(const std::function<bool()>& works) {
    const pid_t child = fork();
    if (child == 0) {
        _exit(works() ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

}  // namespace

class TestProcessGuard : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void theMemoryIsClosed() {
        QCOMPARE(inAChild([] {
                     closeMemory();
                     rlimit cores = {1, 1};
                     QFile limits(u"/proc/self/limits"_s);
                     const bool isOpen = limits.open(QIODevice::ReadOnly);
                     const QByteArray text = limits.readAll();
                     const qsizetype at = text.indexOf("Max core file size");
                     const QByteArray line = text.mid(at, text.indexOf('\n', at) - at).simplified();
                     return prctl(PR_GET_DUMPABLE) == 0 && getrlimit(RLIMIT_CORE, &cores) == 0 && cores.rlim_cur == 0 &&
                            cores.rlim_max == 0 && isOpen && line == "Max core file size 0 0 bytes";
                 }),
                 0);
    }

    void othersCannotReadIt() {
        // Not dumpable: its files in /proc belong to root, so that another program of the same user cannot open them.
        QCOMPARE(inAChild([] {
                     if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
                         return false;
                     }
                     prctl(PR_SET_DUMPABLE, 1);  // changing the user has closed it already
                     struct stat before = {};
                     struct stat after = {};
                     const bool first = stat("/proc/self/environ", &before) == 0;
                     closeMemory();
                     return first && stat("/proc/self/environ", &after) == 0 && before.st_uid == geteuid() &&
                            after.st_uid == 0;
                 }),
                 0);
    }

    void nothingDiesOfALimitOrAClosedPipe() {
        const QTemporaryDir folder;
        const QByteArray path = QFile::encodeName(folder.filePath(u"file"_s));
        QCOMPARE(inAChild([&path] {
                     guardProcess();
                     const rlimit small = {100, 100};
                     setrlimit(RLIMIT_FSIZE, &small);
                     FILE* file = fopen(path.constData(), "w");
                     const QByteArray much(4096, 'x');
                     const bool refused =
                         file != nullptr && (fwrite(much.constData(), 1, 4096, file) < 4096 || fflush(file) != 0);
                     int ends[2] = {-1, -1};
                     const bool piped = pipe(ends) == 0 && close(ends[0]) == 0 && write(ends[1], "x", 1) == -1;
                     struct stat status = {};
                     return refused && piped && stat(path.constData(), &status) == 0 && (status.st_mode & 077) == 0;
                 }),
                 0);
    }
};

QTEST_GUILESS_MAIN(TestProcessGuard)
#include "tst_processguard.moc"
